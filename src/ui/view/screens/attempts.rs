//! The list of attempts, and what differs between two of them.

use crate::{
    diagnosis::{attempts::time_of_day, context::Facts, outcome::Outcome},
    flow::transcript::AttemptId,
    render::{
        drawings::run_comparison::{self, Names},
        explanation::findings::title,
        text::{
            layout,
            line::{Line, Tone, clean},
        },
    },
    text::{catalog::Messages, template::filled},
    ui::{
        model::{
            Model,
            attempts::{AttemptList, Compared, Row},
        },
        view::{
            body::Body,
            field::{self, Look},
        },
    },
};

/// The list.
pub(super) fn list(model: &Model, list: &AttemptList, messages: &Messages, width: usize) -> Body {
    let words = &messages.screens().attempts;
    let mut body = Body::default();
    body.text(&words.about, Tone::Dim, width);
    body.gap();
    if list.earlier > 0 {
        let count = list.earlier.to_string();
        body.text(&filled(&words.earlier, &[("count", &count)]), Tone::Dim, width);
    }
    let numbers = layout::widest(
        list.rows
            .iter()
            .map(|row| row.attempt.to_string())
            .collect::<Vec<_>>()
            .iter()
            .map(String::as_str),
    );
    let timed = list.rows.iter().any(|row| row.began.is_some());
    for (place, row) in list.rows.iter().enumerate() {
        let first = body.lines.len();
        let is_chosen = place == list.chosen;
        let (mark, tone) = if is_chosen {
            ("▸ ", Tone::Accent)
        } else {
            ("  ", Tone::Plain)
        };
        let is_marked = list.marked.contains(&row.attempt);
        let (sign, sign_tone) = sign(row.outcome);
        let mut label = Line::new(mark, Tone::Accent)
            .then(if is_marked { "* " } else { "  " }, Tone::Accent)
            .then(format!("{:>numbers$}  ", row.attempt), tone);
        if timed {
            let time = row.began.map(time_of_day).unwrap_or_default();
            label = label.then(format!("{time:8}  "), Tone::Dim);
        }
        label = label.then(sign, sign_tone);
        let indent = label.width() + 1;
        if let Some(name) = list.naming.as_ref().filter(|_| is_chosen) {
            let drawn = field::draw(name, Look::Words, true, width.saturating_sub(indent));
            body.cursor = Some((body.lines.len(), indent + drawn.cursor));
            label = label.then(" ", Tone::Plain);
            label.0.extend(drawn.line.0);
            body.push(label);
        } else {
            let text = described(model, list, row, messages);
            body.extend(layout::hanging(label, &text, tone, indent, width));
        }
        if is_chosen {
            body.focus = Some((first, body.lines.len()));
        }
    }
    body
}

fn sign(outcome: Outcome) -> (&'static str, Tone) {
    match outcome {
        Outcome::Token | Outcome::Done => ("✓", Tone::Good),
        Outcome::Refused => ("✗", Tone::Bad),
        Outcome::Unrecognised => ("!", Tone::Warn),
        Outcome::Unanswered => ("·", Tone::Dim),
    }
}

/// Its name, what was found in it, and whether it is the one on show.
fn described(model: &Model, list: &AttemptList, row: &Row, messages: &Messages) -> String {
    let words = &messages.screens().attempts;
    let found = match &row.finding {
        Some(finding) => title(finding, messages),
        None => words.nothing_found.clone(),
    };
    let mut text = match model.names.get(&row.attempt) {
        Some(name) => format!("{} · {found}", clean(name)),
        None => found,
    };
    if row.attempt == list.shown {
        text = format!("{text} {}", words.on_show);
    }
    text
}

/// What an attempt is called.
fn name(model: &Model, attempt: AttemptId, messages: &Messages) -> String {
    model.names.get(&attempt).map_or_else(
        || {
            filled(
                &messages.screens().attempts.number,
                &[("number", &attempt.to_string())],
            )
        },
        |name| clean(name).chars().take(LONGEST_NAME).collect(),
    )
}

/// So much of a name stands beside the values.
const LONGEST_NAME: usize = 20;

/// What differs between two attempts.
pub(super) fn compared(model: &Model, compared: &Compared, messages: &Messages, width: usize) -> Body {
    let words = &messages.screens().attempts;
    let mut body = Body::default();
    let (one, other) = (compared.one.present_attempt(), compared.other.present_attempt());
    for attempt in [one, other] {
        let Some(row) = compared.list.rows.iter().find(|row| row.attempt == attempt) else {
            continue;
        };
        let (sign, tone) = sign(row.outcome);
        let number = filled(&words.number, &[("number", &attempt.to_string())]);
        let text = format!("{number}: {}", described(model, &compared.list, row, messages));
        body.item(sign, tone, &text, width);
    }
    body.gap();
    let (one, other) = (name(model, one, messages), name(model, other, messages));
    let only = |name: &str| filled(&words.only, &[("name", name)]);
    let (only_one, only_other) = (only(&one), only(&other));
    let names = Names {
        one: &one,
        other: &other,
        only_one: &only_one,
        only_other: &only_other,
    };
    let facts = [&compared.one, &compared.other].map(Facts::of);
    body.extend(run_comparison::draw(&facts[0], &facts[1], names, messages, width));
    body
}
