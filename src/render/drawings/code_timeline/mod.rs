//! `bad_verification_code`: the life of the authorization code on a time line, its shape and what it is bound to.

pub(crate) mod events;

use std::borrow::Cow;

use crate::{
    diagnosis::{context::Facts, rule::Code},
    flow::redaction::Redactor,
    oauth::pkce,
    providers::github::formats::CodeShape,
    render::{
        drawings::{
            Size,
            code_timeline::events::{Event, Fate, code_of, events, received_code},
        },
        duration,
        text::{
            cells::{cells, value_lines},
            layout::{self, hanging, paragraph, widest},
            line::{Line, Tone, clean},
        },
    },
    text::{catalog::Messages, defects::defects, template::filled},
};

/// How many events are drawn. The middle of a longer history is replaced by a count.
const LISTED: usize = 9;

/// The time line is no longer than this, however wide the screen.
const LONGEST: usize = 120;

/// Draws the life of the code.
pub fn draw(facts: &Facts<'_>, messages: &Messages, width: usize, reveal: bool) -> Vec<Line> {
    let width = width.max(layout::NARROWEST);
    let prose = &messages.pictures().life;
    let events = events(facts, messages);
    let events = drawn(&events, facts.transcript.missing_exchanges());
    let mut lines = Vec::new();
    if events.len() > 1 {
        lines.extend(time_line(&events, messages, width));
        lines.push(Line::default());
        lines.extend(list(&events, messages, width));
    } else {
        let why = if facts.is_tapped() {
            &prose.not_issued_here
        } else {
            &prose.no_times
        };
        lines.extend(paragraph(why, Tone::Dim, width));
    }
    lines.push(Line::default());
    lines.extend(the_code(facts, messages, width, reveal));
    lines.extend(bindings(facts, messages, width));
    lines
}

/// How many events a brief drawing names.
const BRIEFLY_LISTED: usize = 3;

/// Draws what went wrong: the time line, the latest that happened to the code, and what is damaged or differs.
pub(crate) fn draw_brief(
    facts: &Facts<'_>,
    messages: &Messages,
    width: usize,
    reveal: bool,
    size: Size,
) -> Vec<Line> {
    let width = width.max(layout::NARROWEST);
    let is_wrong = |line: &Line| {
        line.0
            .iter()
            .any(|span| matches!(span.tone, Tone::Bad | Tone::Mark))
    };
    let mut lines = Vec::new();
    let events = events(facts, messages);
    let drawn = drawn(&events, facts.transcript.missing_exchanges());
    let code = the_code(facts, messages, width, reveal);
    let code_is_wrong = code.iter().any(is_wrong);
    if drawn.len() > 1 && (size == Size::Brief || !code_is_wrong) {
        lines.extend(time_line(&drawn, messages, width));
        let told: Vec<(&Event, usize)> = drawn
            .iter()
            .filter(|(event, _)| event.fate != Fate::Neutral)
            .map(|(event, _)| (*event, 0))
            .collect();
        let from = told.len().saturating_sub(BRIEFLY_LISTED);
        lines.extend(list(&told[from..], messages, width));
    }
    if code_is_wrong || lines.is_empty() {
        lines.extend(code);
    }
    lines.extend(bindings(facts, messages, width).into_iter().filter(is_wrong));
    lines
}

/// The events that are drawn: of many the first, the last and the end of the code's time. The number of those left out
/// behind each is given with it; `missing` more are, where the transcript is an excerpt.
fn drawn(events: &[Event], mut missing: usize) -> Vec<(&Event, usize)> {
    let last = events.len();
    let mut kept: Vec<(&Event, usize)> = Vec::new();
    for (at, event) in events.iter().enumerate() {
        let is_drawn =
            last <= LISTED || at < LISTED / 2 || at + LISTED / 2 >= last || event.fate == Fate::End;
        if is_drawn {
            kept.push((event, 0));
        } else if let Some(before) = kept.last_mut() {
            before.1 += 1 + std::mem::take(&mut missing);
        }
    }
    kept
}

/// A line from the first event to the last. The scale is logarithmic, so that tenths of a second and ten minutes both
/// find room; events that would fall on the same cell stand side by side.
fn time_line(events: &[(&Event, usize)], messages: &Messages, width: usize) -> Vec<Line> {
    let length = width.min(LONGEST);
    let shown = positions(events, length);
    let expired_at = shown
        .iter()
        .find(|(_, event)| event.fate == Fate::End)
        .map_or(length, |(at, _)| *at);
    let mut times = Line::default();
    for (at, event) in &shown {
        let time = duration(event.at, messages);
        let label = Line::new(&time, Tone::Dim).width();
        let start = (*at).min(length.saturating_sub(label));
        if times.width() == 0 && start == 0 {
            times = times.then(time, Tone::Dim);
        } else if start > times.width() + 1 {
            times = times.pad_to(start).then(time, Tone::Dim);
        }
    }
    let mut axis = Line::default();
    for (at, event) in &shown {
        let gap = at - axis.width();
        let dashes = if axis.width() >= expired_at { "╌" } else { "─" };
        axis = axis
            .then(dashes.repeat(gap), Tone::Dim)
            .then(event.fate.symbol().to_string(), event.fate.tone());
    }
    vec![times, axis]
}

/// A cell for each event, in order, no two on one.
fn positions<'e>(events: &[(&'e Event, usize)], length: usize) -> Vec<(usize, &'e Event)> {
    let last = events.last().map_or(0, |(event, _)| event.at);
    let count = events.len();
    let mut next = 0;
    let mut placed = Vec::with_capacity(count);
    for (nth, (event, _)) in events.iter().enumerate() {
        let room_behind = length.saturating_sub(count - nth);
        let at = scaled(event.at, last, length - 1).clamp(next, room_behind.max(next));
        placed.push((at, *event));
        next = at + 1;
    }
    placed
}

/// `log(1 + at) / log(1 + last)` of `length`, in seconds, rounded down.
fn scaled(at: u64, last: u64, length: usize) -> usize {
    let (at, last) = (logarithm_of_seconds(at), logarithm_of_seconds(last));
    let cells = u64::try_from(length).unwrap_or(u64::MAX);
    at.saturating_mul(cells)
        .checked_div(last)
        .and_then(|place| usize::try_from(place).ok())
        .unwrap_or(0)
}

/// `log2(seconds + 1) × 1024`, linear between powers of two. That is exact enough for a place on the screen, and
/// floating-point logarithms would have a library loaded at every start.
fn logarithm_of_seconds(millis: u64) -> u64 {
    const SECOND: u64 = 1000;
    let log = |value: u64| {
        let whole = value.ilog2();
        let behind = ((u128::from(value) << 10) >> whole) - 1024;
        u64::from(whole) * 1024 + u64::try_from(behind).unwrap_or(0)
    };
    log(SECOND.saturating_add(millis)) - log(SECOND)
}

/// The events one by one.
fn list(events: &[(&Event, usize)], messages: &Messages, width: usize) -> Vec<Line> {
    let prose = &messages.pictures().life;
    let times: Vec<String> = events
        .iter()
        .map(|(event, _)| duration(event.at, messages))
        .collect();
    let column = widest(times.iter().map(String::as_str)) + 2;
    let mut lines = Vec::new();
    for ((event, left_out), time) in events.iter().zip(&times) {
        let pad = column - 2 - Line::new(time, Tone::Dim).width();
        let label = Line::new(format!("{}{time}", " ".repeat(pad)), Tone::Dim);
        let text = format!("{} {}", event.fate.symbol(), event.what);
        lines.extend(hanging(label, &text, event.fate.tone(), column, width));
        if *left_out > 0 {
            let text = filled(&prose.left_out, &[("n", &left_out.to_string())]);
            lines.extend(hanging(
                Line::default(),
                &format!("⋮ {text}"),
                Tone::Dim,
                column,
                width,
            ));
        }
    }
    lines.extend(paragraph(&prose.scale, Tone::Dim, width));
    lines
}

/// The code itself, with its length and shape. A token that was taken for a code is masked like any other.
fn the_code(facts: &Facts<'_>, messages: &Messages, width: usize, reveal: bool) -> Vec<Line> {
    let prose = messages.pictures();
    let indent = indent(messages);
    let label = Line::new(&prose.life.code, Tone::Label);
    let Some(code) = code_of(facts) else {
        return hanging(label, &prose.life.no_code, Tone::Dim, indent, width);
    };
    let damage = defects(code);
    let marks: Vec<(usize, usize)> = damage
        .iter()
        .filter(|d| d.at > 0)
        .map(|d| (d.at - 1, d.at))
        .collect();
    let by_prefix = Redactor::default();
    let shown = |code| {
        if reveal {
            Cow::Borrowed(code)
        } else {
            by_prefix.redact(code)
        }
    };
    let drawn = cells(&shown(code), &marks);
    let mut lines = if drawn.is_empty() {
        Vec::new()
    } else {
        value_lines(label.clone(), &drawn, Tone::Value, indent, width)
    };
    let count = code.chars().count();
    let template = if count == 1 {
        &prose.units.character
    } else {
        &prose.units.characters
    };
    let mut words = vec![filled(template, &[("n", &count.to_string())])];
    let shape = facts.profile().code_shape(code);
    if let Some(shape) = shape {
        words.push(prose.code_shape.of(&shape).to_owned());
    }
    words.extend(
        damage
            .iter()
            .take(3)
            .map(|d| filled(prose.defect.of(&d.kind), &[("at", &d.at.to_string())])),
    );
    // The right shape says nothing for a code that was refused, nor where no shape is known.
    let refused = facts
        .present_exchange()
        .is_some_and(|exchange| matches!(exchange.meaning(), Some(Code::CodeRefused | Code::GrantRefused)));
    let good = match damage.is_empty() && shape.is_none_or(|shape| shape == CodeShape::TwentyHex) {
        true if refused || shape.is_none() => None,
        good => Some(good),
    };
    let label = if lines.is_empty() { label } else { Line::default() };
    lines.extend(judged(label, &words.join(&prose.units.list), good, indent, width));
    if let Some(received) = received_code(facts).filter(|received| *received != code) {
        let text = filled(
            &prose.life.not_the_received,
            &[("received", &clean(&shown(received)))],
        );
        lines.extend(judged(Line::default(), &text, Some(false), indent, width));
    }
    lines
}

fn judged(label: Line, text: &str, good: Option<bool>, indent: usize, width: usize) -> Vec<Line> {
    let (symbol, tone) = match good {
        Some(true) => ("✓ ", Tone::Good),
        Some(false) => ("✗ ", Tone::Bad),
        None => ("", Tone::Dim),
    };
    hanging(label, &format!("{symbol}{text}"), tone, indent, width)
}

fn indent(messages: &Messages) -> usize {
    let prose = &messages.pictures().life;
    widest([prose.code.as_str(), "redirect_uri"]) + 2
}

/// The values a code is bound to (RFC 6749 §4.1.3, RFC 7636 §4.6): equal at both ends, or not.
fn bindings(facts: &Facts<'_>, messages: &Messages, width: usize) -> Vec<Line> {
    let prose = &messages.pictures().life;
    let indent = indent(messages);
    if facts.is_of_another_program() && facts.authorization.is_none() {
        return Vec::new();
    }
    let mut lines = paragraph(&prose.bound_to, Tone::Label, width);
    let sent = facts.present_exchange().filter(|e| e.exchange.request.is_some());
    for name in ["client_id", "redirect_uri"] {
        let label = Line::new(name, Tone::Plain);
        let authorize = facts.authorize_param(name);
        let exchange = sent.and_then(|e| e.sent.get(name));
        lines.extend(match (authorize, sent, exchange) {
            (Some(authorize), Some(_), Some(exchange)) if authorize == exchange => judged(
                label,
                &filled(&prose.same, &[("value", &clean(authorize))]),
                Some(true),
                indent,
                width,
            ),
            (authorize, Some(_), Some(exchange)) => {
                let authorize = clean(authorize.unwrap_or("-"));
                let text = filled(
                    &prose.differs,
                    &[("authorize", &authorize), ("exchange", &clean(exchange))],
                );
                judged(label, &text, Some(false), indent, width)
            }
            (_, Some(_), None) => hanging(
                label,
                &format!("! {}", prose.left_out_of_request),
                Tone::Warn,
                indent,
                width,
            ),
            _ => hanging(label, &prose.not_compared, Tone::Dim, indent, width),
        });
    }
    let label = Line::new("PKCE", Tone::Plain);
    let challenge = facts.authorize_param("code_challenge");
    let verifier = sent.and_then(|e| e.sent.get("code_verifier"));
    lines.extend(match (challenge, sent, verifier) {
        (_, None, _) => hanging(label, &prose.not_compared, Tone::Dim, indent, width),
        (Some(challenge), _, Some(verifier)) => {
            let fits = pkce::challenge(verifier) == challenge;
            let text = if fits {
                &prose.pkce_fits
            } else {
                &prose.pkce_differs
            };
            judged(label, text, Some(fits), indent, width)
        }
        (Some(_), _, None) => judged(label, &prose.pkce_no_verifier, Some(false), indent, width),
        (None, _, Some(_)) => hanging(
            label,
            &format!("! {}", prose.pkce_no_challenge),
            Tone::Warn,
            indent,
            width,
        ),
        (None, _, None) => hanging(label, &prose.pkce_unused, Tone::Dim, indent, width),
    });
    lines
}
