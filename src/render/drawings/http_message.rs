//! An HTTP request or response as it travelled, and below it what its body says.

use unicode_width::UnicodeWidthChar as _;

use crate::{
    flow::{redaction::Redactor, transcript::Exchange},
    oauth::{
        http::{BodyEnd, Header, HttpRequest, HttpResponse, as_text},
        params::Params,
        token::{BodyEncoding, TokenAnswer, read_answer, read_members},
    },
    render::{
        drawings::sequence::status_words,
        text::{
            cells::{cells, cut},
            layout::{self, hanging, paragraph, widest},
            line::{self, Line, Tone, bounded, clean},
        },
    },
    text::{catalog::Messages, template::filled},
};

/// How many bytes of a body are drawn; the rest are counted.
const DRAWN_BYTES: usize = 8 * 1024;
/// The length of the longest registered method, `UPDATEREDIRECTREF` (RFC 4437).
const LONGEST_METHOD: usize = 17;
/// How many members of a body are listed.
const DRAWN_MEMBERS: usize = 60;

/// Draws an exchange: the request, then the response, or why there is none.
pub fn exchange(
    exchange: &Exchange<'_>,
    redactor: &Redactor,
    messages: &Messages,
    width: usize,
    reveal: bool,
) -> Vec<Line> {
    let prose = &messages.pictures().message;
    let mut lines = Vec::new();
    if let Some(sent) = exchange.request {
        lines.extend(request(sent, redactor, messages, width, reveal));
        lines.push(Line::default());
    }
    match (exchange.response, exchange.failure) {
        (Some(received), _) => {
            lines.extend(response(
                received,
                exchange.millis,
                redactor,
                messages,
                width,
                reveal,
            ));
        }
        (None, Some(failure)) => {
            let reason = messages.pictures().failure.of(&failure.kind);
            let text = format!("✗ {}", filled(&prose.failed, &[("reason", reason)]));
            lines.extend(paragraph(&text, Tone::Bad, width));
            lines.extend(paragraph(
                &clean(&redactor.redact(&failure.detail)),
                Tone::Dim,
                width,
            ));
        }
        (None, None) => lines.extend(paragraph(&prose.waiting, Tone::Dim, width)),
    }
    lines
}

/// Draws a request byte for byte, then its parameters one a row. Secrets are masked unless `reveal`.
pub fn request(
    request: &HttpRequest,
    redactor: &Redactor,
    messages: &Messages,
    width: usize,
    reveal: bool,
) -> Vec<Line> {
    let width = width.max(layout::NARROWEST);
    let shown = if reveal {
        request.clone()
    } else {
        redactor.request(request)
    };
    let method = format!("{} ", method(&shown.method));
    let indent = line::width(&method);
    let room = width.saturating_sub(indent);
    let mut lines = Vec::new();
    for (nth, piece) in chunks(&clean(&bounded(&shown.url)), room).into_iter().enumerate() {
        let start = if nth == 0 {
            method.clone()
        } else {
            " ".repeat(indent)
        };
        lines.push(Line::new(start, Tone::Accent).then(piece, Tone::Value));
    }
    lines.extend(headers(&shown.headers, width));
    let text = as_text(&shown.body).into_owned();
    if !text.is_empty() {
        lines.push(Line::default());
        lines.extend(body(&text, messages, width));
    }
    let form = !text.trim_start().starts_with('{');
    if text.is_empty() {
        let query = Params::decode(shown.query().unwrap_or_default());
        lines.extend(members(&query, BodyEncoding::Form, messages, width));
    } else if form {
        lines.extend(members(
            &Params::decode(&text),
            BodyEncoding::Form,
            messages,
            width,
        ));
    } else {
        lines.extend(members(&read_members(&text), BodyEncoding::Json, messages, width));
    }
    lines
}

/// The method of a request, the middle left out of one that is too long to be one.
fn method(method: &str) -> String {
    cut(&cells(method, &[]), LONGEST_METHOD)
        .iter()
        .map(|cell| cell.c)
        .collect()
}

/// Draws what a request says, name by name, without the bytes that carry it.
pub fn request_values(request: &HttpRequest, redactor: &Redactor, width: usize) -> Vec<Line> {
    let shown = redactor.request(request);
    let (address, query) = shown.url.split_once('?').unwrap_or((&shown.url, ""));
    let method = Line::new(method(&shown.method), Tone::Accent);
    let indent = method.width() + 1;
    let mut lines = hanging(method, &clean(address), Tone::Value, indent, width);
    let body = String::from_utf8_lossy(&shown.body);
    let values = match body.trim_start().as_bytes().first() {
        None => Params::decode(query),
        Some(b'{') => read_members(&body),
        Some(_) => Params::decode(&body),
    };
    lines.extend(rows(&values, width));
    lines
}

/// The same of a response, its status first.
pub fn response_values(
    response: &HttpResponse,
    redactor: &Redactor,
    messages: &Messages,
    width: usize,
) -> Vec<Line> {
    let shown = redactor.response(response);
    let reading = read_answer(&shown);
    let tone = status_tone(shown.status, &reading.answer);
    let mut lines = vec![Line::new(status_words(shown.status, messages), tone)];
    lines.extend(rows(&reading.members, width));
    lines
}

/// Draws a response byte for byte, what its numbers mean, then its body decoded. Secrets are masked unless `reveal`.
pub fn response(
    response: &HttpResponse,
    millis: Option<u64>,
    redactor: &Redactor,
    messages: &Messages,
    width: usize,
    reveal: bool,
) -> Vec<Line> {
    let width = width.max(layout::NARROWEST);
    let words = messages.pictures();
    let prose = &words.message;
    let reading = read_answer(response);
    let shown = if reveal {
        response.clone()
    } else {
        redactor.response(response)
    };
    let tone = status_tone(shown.status, &reading.answer);
    let bytes = filled(&words.units.bytes, &[("n", &response.body.len().to_string())]);
    // A text that shows nothing of a body does not say that there was none.
    let not_shown = response.shows_no_body();
    let mut facts = if not_shown {
        vec![prose.not_shown.clone()]
    } else {
        vec![
            words.encoding.of(&reading.encoding).to_owned(),
            filled(&prose.size, &[("bytes", &bytes)]),
        ]
    };
    if let Some(millis) = millis {
        let duration = filled(&words.units.milliseconds, &[("n", &millis.to_string())]);
        facts.push(filled(&prose.took, &[("duration", &duration)]));
    }
    let status = Line::new(status_words(shown.status, messages), tone);
    let start = status.width() + 3;
    let mut lines = hanging(status, &facts.join(&words.units.list), Tone::Dim, start, width);
    if let Some(media_type) = response
        .media_type()
        .filter(|m| !not_shown && contradicts(m, reading.encoding))
    {
        let text = filled(
            &prose.other_encoding,
            &[
                ("media_type", &clean(&media_type)),
                ("encoding", words.encoding.of(&reading.encoding)),
            ],
        );
        lines.extend(paragraph(&format!("! {text}"), Tone::Warn, width));
    }
    lines.extend(headers(&shown.headers, width));
    lines.push(Line::default());
    let broken = match shown.body_end {
        BodyEnd::Complete => None,
        BodyEnd::Interrupted => Some(&prose.body_interrupted),
        BodyEnd::TimedOut => Some(&prose.body_stalled),
    };
    let broken = broken.map(|text| paragraph(&format!("! {text}"), Tone::Warn, width));
    let text = as_text(&shown.body).into_owned();
    if not_shown {
        lines.pop();
        return lines;
    }
    if text.is_empty() {
        lines.extend(paragraph(&prose.no_body, Tone::Dim, width));
        lines.extend(broken.into_iter().flatten());
        return lines;
    }
    if std::str::from_utf8(&response.body).is_err() {
        lines.extend(paragraph(&format!("! {}", prose.not_text), Tone::Warn, width));
    }
    lines.extend(body(&text, messages, width));
    if let Some(cap) = shown.body_cut_at {
        let bytes = filled(&words.units.bytes, &[("n", &cap.to_string())]);
        let text = filled(&prose.cut, &[("bytes", &bytes)]);
        lines.extend(paragraph(&format!("! {text}"), Tone::Warn, width));
    }
    lines.extend(broken.into_iter().flatten());
    lines.extend(members(&read_members(&text), reading.encoding, messages, width));
    lines
}

/// A status of success does not count if the body says otherwise (docs/github.md §3).
fn status_tone(status: u16, answer: &TokenAnswer) -> Tone {
    match status {
        200..300 if matches!(answer, TokenAnswer::Error(_)) => Tone::Warn,
        200..300 => Tone::Good,
        400.. => Tone::Bad,
        _ => Tone::Warn,
    }
}

/// True when a media type promises another encoding than the body has.
fn contradicts(media_type: &str, encoding: BodyEncoding) -> bool {
    match encoding {
        BodyEncoding::Form => !media_type.contains("urlencoded") && !media_type.starts_with("text/plain"),
        BodyEncoding::Json => !media_type.contains("json"),
        BodyEncoding::Xml => !media_type.contains("xml"),
        BodyEncoding::Html => !media_type.contains("html") && !media_type.contains("xml"),
        BodyEncoding::Empty | BodyEncoding::Unknown => false,
    }
}

fn headers(headers: &[Header], width: usize) -> Vec<Line> {
    let mut lines: Vec<Line> = headers
        .iter()
        .take(DRAWN_MEMBERS)
        .flat_map(|(name, value)| {
            let label = Line::new(format!("{}:", clean(&bounded(name))), Tone::Label);
            let indent = (label.width() + 1).min(24);
            hanging(label, &clean(&bounded(value)), Tone::Plain, indent, width)
        })
        .collect();
    let more = headers.len().saturating_sub(DRAWN_MEMBERS);
    if more > 0 {
        lines.push(Line::new(format!("… +{more}"), Tone::Dim));
    }
    lines
}

/// A body as it came: line ends drawn and obeyed, long lines broken at the edge.
fn body(text: &str, messages: &Messages, width: usize) -> Vec<Line> {
    let end = (0..=DRAWN_BYTES.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0);
    let mut lines: Vec<Line> = text[..end]
        .split_inclusive('\n')
        .flat_map(|line| chunks(&clean(line), width))
        .map(|piece| Line::new(piece, Tone::Value))
        .collect();
    if end < text.len() {
        let units = &messages.pictures().units;
        let bytes = filled(&units.bytes, &[("n", &end.to_string())]);
        let all = filled(&units.bytes, &[("n", &text.len().to_string())]);
        let note = filled(
            &messages.pictures().message.drawn,
            &[("bytes", &bytes), ("all", &all)],
        );
        lines.extend(paragraph(&note, Tone::Dim, width));
    }
    lines
}

/// Pieces of at most `room` cells, between two members where one ends behind the first quarter; nothing is dropped, not
/// even a space.
fn chunks(text: &str, room: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut piece = String::new();
    let mut used = 0;
    for c in text.chars() {
        let cell = c.width().unwrap_or(0);
        if used + cell > room && used > 0 {
            let at = end_of_member(&piece).unwrap_or(piece.len());
            let behind = piece.split_off(at);
            used = line::width(&behind);
            pieces.push(std::mem::replace(&mut piece, behind));
        }
        used += cell;
        piece.push(c);
    }
    pieces.push(piece);
    pieces
}

/// Where behind the first quarter of a text the last member of a form or a JSON object ends.
fn end_of_member(text: &str) -> Option<usize> {
    let comma = text.rfind(',').map(|at| at + 1);
    let end = comma.max(text.rfind('&'))?;
    (end > text.len() / 4 && end < text.len()).then_some(end)
}

/// The members of a body, one a row.
fn members(params: &Params, encoding: BodyEncoding, messages: &Messages, width: usize) -> Vec<Line> {
    if params.is_empty() {
        return Vec::new();
    }
    let words = messages.pictures();
    let heading = filled(
        &words.message.decoded,
        &[("encoding", words.encoding.of(&encoding))],
    );
    let mut lines = vec![Line::default()];
    lines.extend(paragraph(&heading, Tone::Dim, width));
    lines.extend(rows(params, width));
    lines
}

fn rows(params: &Params, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let names: Vec<String> = params
        .iter()
        .take(DRAWN_MEMBERS)
        .map(|(name, _)| clean(&bounded(name)))
        .collect();
    let indent = (widest(names.iter().map(String::as_str)) + 4).min(26);
    for ((_, value), name) in params.iter().zip(&names) {
        let name = chunks(name, width.saturating_sub(4)).swap_remove(0);
        let label = Line::new("  ", Tone::Plain).then(name, Tone::Label);
        lines.extend(hanging(
            label,
            &clean(&bounded(value)),
            Tone::Value,
            indent,
            width,
        ));
    }
    let more = params.0.len().saturating_sub(DRAWN_MEMBERS);
    if more > 0 {
        lines.push(Line::new(format!("  … +{more}"), Tone::Dim));
    }
    lines
}
