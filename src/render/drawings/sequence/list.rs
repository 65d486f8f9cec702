//! The messages one by one: each can be chosen, and its bytes shown.

use Lane::Browser;

use crate::{
    diagnosis::context::Facts,
    flow::{
        redaction::Redactor,
        transcript::{Observation, Transcript},
    },
    oauth::http::HttpRequest,
    render::{
        drawings::{
            http_message,
            sequence::{
                Lane, WIDEST,
                lanes::Lanes,
                steps::{Step, step_of},
            },
        },
        duration,
        text::{
            cells::{cells, cut},
            layout::{self, paragraph},
            line::{Line, Tone, clean},
        },
    },
    text::catalog::Messages,
};

/// A drawing of messages, and which lines each of them has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drawn {
    /// The lines.
    pub lines: Vec<Line>,
    /// The first line of each message and the line behind its last.
    pub rows: Vec<(usize, usize)>,
}

/// Draws these entries between their lanes, none left out, below the names of the lanes. An error that `above` quotes is not
/// quoted again.
pub fn draw_whole(
    facts: &Facts<'_>,
    places: &[usize],
    above: &str,
    messages: &Messages,
    width: usize,
) -> Drawn {
    let transcript = facts.transcript;
    let width = width.clamp(layout::NARROWEST, WIDEST);
    let columns = Lanes::of(width);
    let mut drawn = Drawn::default();
    drawn
        .lines
        .extend(columns.header(facts, messages).into_iter().next());
    for place in places {
        let first = drawn.lines.len();
        if let Some(step) = step_of(transcript, *place, places[0], above, messages) {
            drawn.lines.extend(if step.path.is_empty() {
                columns.note(&step, messages)
            } else {
                columns.message(&step, messages)
            });
        }
        drawn.rows.push((first, drawn.lines.len()));
    }
    drawn
}

/// One entry on one line: when, counted from the entry `zero`, which way, what.
pub fn row(transcript: &Transcript, place: usize, zero: usize, messages: &Messages, width: usize) -> Line {
    let Some(step) = step_of(transcript, place, zero, "", messages) else {
        return Line::default();
    };
    let time = step.at.map(|at| duration(at, messages)).unwrap_or_default();
    let line = Line::new(time, Tone::Dim)
        .pad_to(8)
        .then(way(&step), Tone::Accent);
    let text = format!("{}{}", step.fate.symbol(), step.label);
    let room = width.saturating_sub(line.width());
    let text: String = cut(&cells(&text, &[]), room).iter().map(|cell| cell.c).collect();
    line.then(text, step.fate.tone())
}

/// `→` for what goes to the server, `←` for what comes from it, `·` for a note.
fn way(step: &Step) -> &'static str {
    match step.path {
        [] => "· ",
        [Browser | Lane::Client, ..] => "→ ",
        [Lane::Server, ..] => "← ",
    }
}

/// An entry byte for byte; where it was no message, what is known of it.
pub fn bytes(
    transcript: &Transcript,
    place: usize,
    redactor: &Redactor,
    messages: &Messages,
    width: usize,
    reveal: bool,
) -> Vec<Line> {
    let request = |request: &HttpRequest| http_message::request(request, redactor, messages, width, reveal);
    let Some(entry) = transcript.entries.get(place) else {
        return Vec::new();
    };
    match &entry.observation {
        Observation::AuthorizationStarted { request: sent, .. } => request(&HttpRequest::get(sent.url())),
        Observation::RedirectReceived { request: sent, .. }
        | Observation::RequestSent { request: sent, .. } => request(sent),
        Observation::SettingsRead { values, .. } => http_message::request_values(values, redactor, width),
        Observation::ResponseReceived { response, millis, .. } => http_message::response(
            response,
            transcript.took(*millis),
            redactor,
            messages,
            width,
            reveal,
        ),
        other => {
            let label =
                step_of(transcript, place, place, "", messages).map_or_else(String::new, |step| step.label);
            let mut lines = paragraph(&label, Tone::Plain, width);
            let detail = match other {
                Observation::RequestFailed { failure, .. } => failure.detail.as_str(),
                Observation::BrowserFailed { reason } => reason,
                Observation::PageSeen { text, .. } => text,
                Observation::LibrarySaid { message } => &message.words,
                _ => "",
            };
            let detail = redactor.redact(detail);
            for line in detail.lines() {
                lines.extend(paragraph(&clean(line), Tone::Value, width));
            }
            lines
        }
    }
}
