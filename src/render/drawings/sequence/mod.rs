//! The messages of the latest attempt in order, between the browser, the client and the authorization server.

mod lanes;
mod list;
mod requests;
mod steps;

pub use crate::render::drawings::sequence::{
    list::{Drawn, bytes, draw_whole, row},
    steps::drawn_entries,
};

pub(crate) use crate::render::drawings::sequence::requests::request_words;
pub(crate) use crate::render::drawings::sequence::steps::status_words;
pub(crate) use crate::render::drawings::sequence::steps::{Fate, Lane, Part, Step, steps};
use crate::{
    diagnosis::context::Facts,
    render::{
        drawings::sequence::{lanes::Lanes, steps::note},
        text::{
            layout::{self, paragraph},
            line::{Line, Tone},
        },
    },
    text::{catalog::Messages, template::filled},
};

use Lane::{Browser, Client, Server};

/// The drawing is no wider than this, however wide the screen.
const WIDEST: usize = 110;

/// Draws the sequence.
pub fn draw(facts: &Facts<'_>, messages: &Messages, width: usize) -> Vec<Line> {
    draw_below(facts, "", messages, width)
}

/// Draws the sequence below a text: the error that it quotes is not quoted again.
pub fn draw_below(facts: &Facts<'_>, text: &str, messages: &Messages, width: usize) -> Vec<Line> {
    draw_steps(
        facts,
        &steps(facts, Part::Whole, text, messages),
        messages,
        width,
        100,
    )
}

/// Draws what the browser carries of it: the authorization request and the redirects.
pub fn draw_front_channel(facts: &Facts<'_>, messages: &Messages, width: usize) -> Vec<Line> {
    draw_steps(
        facts,
        &steps(facts, Part::FrontChannel, "", messages),
        messages,
        width,
        100,
    )
}

/// Draws the sequence while its last message has come so many hundredths of its way.
pub fn draw_travelling(facts: &Facts<'_>, messages: &Messages, width: usize, percent: usize) -> Vec<Line> {
    draw_steps(
        facts,
        &steps(facts, Part::Whole, "", messages),
        messages,
        width,
        percent,
    )
}

fn draw_steps(
    facts: &Facts<'_>,
    steps: &[Step],
    messages: &Messages,
    width: usize,
    percent: usize,
) -> Vec<Line> {
    let width = width.clamp(layout::NARROWEST, WIDEST);
    if steps.is_empty() {
        return paragraph(&messages.pictures().sequence.nothing, Tone::Dim, width);
    }
    let columns = Lanes::of(width);
    let mut lines = columns.header(facts, messages);
    let under_way = steps
        .iter()
        .rposition(|step| !step.path.is_empty() && step.fate != Fate::Awaited);
    for (at, step) in steps.iter().enumerate() {
        if step.path.is_empty() {
            lines.extend(columns.note(step, messages));
        } else if Some(at) == under_way {
            lines.extend(columns.message_on_its_way(step, messages, percent));
        } else {
            lines.extend(columns.message(step, messages));
        }
    }
    lines
}

/// Draws the message that failed, or the last one, with the one before it, below a text: where there is no room for
/// [`draw_below`].
pub fn draw_short(facts: &Facts<'_>, text: &str, messages: &Messages, width: usize) -> Vec<Line> {
    let width = width.clamp(layout::NARROWEST, WIDEST);
    let steps = steps(facts, Part::Whole, text, messages);
    let Some(last) = steps
        .iter()
        .rposition(|step| step.fate == Fate::Bad)
        .or(steps.len().checked_sub(1))
    else {
        return paragraph(&messages.pictures().sequence.nothing, Tone::Dim, width);
    };
    let first = last.saturating_sub(1);
    let columns = Lanes::of(width);
    let mut lines = columns.header(facts, messages);
    // The names alone: the roles are in the long drawing.
    lines.truncate(1);
    if first > 0 {
        let prose = &messages.pictures().sequence;
        let text = filled(&prose.left_out, &[("n", &first.to_string())]);
        lines.extend(columns.note(&note(None, text, Fate::Awaited), messages));
    }
    for step in &steps[first..=last] {
        lines.extend(if step.path.is_empty() {
            columns.note(step, messages)
        } else {
            columns.message(step, messages)
        });
    }
    lines
}

/// Draws what will happen, dotted: before anything was observed.
pub fn draw_plan(provider: &str, messages: &Messages, width: usize) -> Vec<Line> {
    let width = width.clamp(layout::NARROWEST, WIDEST);
    let prose = &messages.pictures().sequence;
    let columns = Lanes::of(width);
    let mut lines = columns.names([&prose.oauthlens, provider], messages);
    let plan: [(&'static [Lane], &String); 4] = [
        (&[Browser, Server], &prose.authorization_request),
        (&[Server, Browser, Client], &prose.redirect_code),
        (&[Client, Server], &prose.token_request),
        (&[Server, Client], &prose.planned_answer),
    ];
    for (path, label) in plan {
        let step = Step {
            at: None,
            path,
            label: label.clone(),
            fate: Fate::Awaited,
        };
        lines.extend(columns.message(&step, messages));
    }
    lines
}

#[cfg(test)]
mod tests {
    use crate::render::drawings::sequence::*;
    use crate::{
        flow::{
            configuration::Origins,
            transcript::{Observation, Purpose, Source, Transcript},
        },
        oauth::{http::HttpRequest, time::Moment},
        text::catalog::Language,
    };

    /// An authorization that was started and no more.
    fn just_begun() -> Transcript {
        let mut transcript = Transcript::new(Source::Live, Moment(0));
        transcript.record(
            Moment(0),
            Observation::AuthorizationStarted {
                configuration: Box::default(),
                request: crate::oauth::authorization::AuthorizationRequest::default(),
            },
        );
        transcript
    }

    #[test]
    fn no_exchange_changes_what_the_browser_carried() {
        let messages = Messages::new(Language::English);
        let mut transcript = just_begun();
        let draw = |transcript: &Transcript| {
            let facts = Facts::of(transcript);
            (
                draw(&facts, &messages, 80).len(),
                draw_front_channel(&facts, &messages, 80),
            )
        };
        let (whole, front) = draw(&transcript);
        assert_eq!(whole, front.len());
        assert!(
            front.last().unwrap().text().contains('╌'),
            "the redirect is awaited"
        );
        for exchange in 1..=3 {
            transcript.record(
                Moment(10),
                Observation::RequestSent {
                    exchange,
                    purpose: Purpose::Token,
                    request: HttpRequest::get("https://h/token"),
                    origins: Origins::default(),
                },
            );
        }
        let (longer, same) = draw(&transcript);
        assert!(longer > whole);
        assert_eq!(same, front);
    }

    #[test]
    fn a_message_on_its_way_takes_the_room_of_one_that_has_come() {
        let messages = Messages::new(Language::English);
        let transcript = just_begun();
        let facts = Facts::of(&transcript);
        let arrow = |percent: usize| -> String {
            let lines = draw_travelling(&facts, &messages, 80, percent);
            lines
                .iter()
                .map(Line::text)
                .find(|line| line.contains('├'))
                .unwrap()
        };
        let whole = arrow(100);
        let mut before = 0;
        for percent in [0, 30, 60, 99, 100] {
            let line = arrow(percent);
            assert_eq!(line.chars().count(), whole.chars().count());
            let come = line.chars().filter(|c| "─►┼".contains(*c)).count();
            assert!(come >= before && (percent == 0) == (come == 0), "{line}");
            before = come;
        }
    }
}
