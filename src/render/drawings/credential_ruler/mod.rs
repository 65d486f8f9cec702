//! `incorrect_client_credentials`: client id and secret on a ruler, a cell per character, damage and differences marked.

pub(crate) mod credential;

use crate::{
    diagnosis::context::Facts,
    flow::configuration::Origin,
    render::{
        drawings::{
            Size,
            credential_ruler::credential::{Credential, Value, credentials},
        },
        text::{
            cells::{value_lines, width_of},
            layout::{self, hanging, paragraph, side_by_side},
            line::{Line, Tone},
        },
    },
    text::{catalog::Messages, template::filled},
};

/// Where the values begin: behind the longer of the two names.
const INDENT: usize = 15;

/// From this width on, the judgement is beside the value instead of under it.
const WIDE: usize = 100;

/// A value no longer than this leaves room for its judgement beside it.
const BESIDE: usize = 42;

/// How many defects are named; the rest are counted.
const NAMED_DEFECTS: usize = 3;

/// Draws both credentials as the latest token request sent them, or as they are configured while none was sent.
pub fn draw(facts: &Facts<'_>, messages: &Messages, width: usize, reveal: bool) -> Vec<Line> {
    draw_all(credentials(facts, messages), facts, messages, width, reveal)
}

/// Draws both without a word on what is right or wrong with them.
pub(crate) fn draw_unjudged(facts: &Facts<'_>, messages: &Messages, width: usize) -> Vec<Line> {
    let unjudged = credentials(facts, messages).map(Credential::unjudged);
    draw_all(unjudged, facts, messages, width, false)
}

/// Draws what is wrong with either, and of the other no more than a line.
pub(crate) fn draw_brief(
    facts: &Facts<'_>,
    messages: &Messages,
    width: usize,
    reveal: bool,
    size: Size,
) -> Vec<Line> {
    let width = width.max(layout::NARROWEST);
    let credentials = credentials(facts, messages);
    let any_wrong = credentials
        .iter()
        .any(|credential| credential.good == Some(false));
    let shown = credentials.iter().filter(|credential| {
        let is_wrong = credential.good == Some(false);
        credential.value != Value::NotSeen && (size == Size::Brief || is_wrong || !any_wrong)
    });
    shown
        .flat_map(|credential| brief(credential, messages, width, reveal, size))
        .collect()
}

fn brief(
    credential: &Credential<'_>,
    messages: &Messages,
    width: usize,
    reveal: bool,
    size: Size,
) -> Vec<Line> {
    let label = Line::new(credential.name, Tone::Label);
    let (symbol, tone) = symbol(credential.good);
    let verdict = format!("{symbol}{}", verdict_line(credential, messages));
    let Value::Known(value) = credential.value else {
        return hanging(label, &verdict, tone, INDENT, width);
    };
    let all = credential.cells(value, reveal);
    let mut lines = value_lines(label, &all, Tone::Value, INDENT, width);
    let marked = credential.departs.first().is_some();
    if marked && size == Size::Brief && INDENT + width_of(&all) <= width {
        lines.push(ticks(all.len()));
    }
    let beside = lines.len() == 1 && lines[0].width() + 2 + Line::new(&verdict, tone).width() <= width;
    if beside {
        lines[0] = std::mem::take(&mut lines[0])
            .then("  ", Tone::Plain)
            .then(verdict, tone);
    } else if credential.good == Some(false) || credential.verdict.is_empty() {
        lines.extend(hanging(Line::default(), &verdict, tone, INDENT, width));
    } else if lines.len() == 1 && lines[0].width() + 2 <= width {
        lines[0] = std::mem::take(&mut lines[0])
            .then(" ", Tone::Plain)
            .then(symbol.trim_end(), tone);
    }
    lines
}

fn draw_all(
    credentials: [Credential<'_>; 2],
    facts: &Facts<'_>,
    messages: &Messages,
    width: usize,
    reveal: bool,
) -> Vec<Line> {
    let width = width.max(layout::NARROWEST);
    let prose = &messages.pictures().ruler;
    let heading = match facts.present_exchange() {
        Some(exchange) if exchange.exchange.request.is_none() => &prose.not_seen,
        Some(_) => &prose.as_sent,
        None => &prose.as_configured,
    };
    let mut lines = paragraph(heading, Tone::Dim, width);
    for credential in credentials {
        if credential.value == Value::NotSeen {
            continue;
        }
        lines.push(Line::default());
        lines.extend(draw_one(&credential, messages, width, reveal));
    }
    lines
}

fn draw_one(credential: &Credential<'_>, messages: &Messages, width: usize, reveal: bool) -> Vec<Line> {
    let label = Line::new(credential.name, Tone::Label);
    let (symbol, tone) = symbol(credential.good);
    let verdict = format!("{symbol}{}", verdict_line(credential, messages));
    let Value::Known(value) = credential.value else {
        return hanging(label, &verdict, tone, INDENT, width);
    };
    let all = credential.cells(value, reveal);
    let beside = (width >= WIDE && width_of(&all) <= BESIDE).then_some(INDENT + BESIDE + 2);
    let mut left = if all.is_empty() {
        vec![
            label
                .pad_to(INDENT)
                .then(&messages.pictures().ruler.empty, Tone::Dim),
        ]
    } else {
        value_lines(label, &all, Tone::Value, INDENT, width)
    };
    let scale = all.len().max(credential.expected.unwrap_or(0));
    if !all.is_empty() && INDENT + scale.max(width_of(&all)) <= width {
        left.push(ticks(scale));
        left.extend(
            credential
                .expected
                .map(|count| expected_shape(credential.name, count, messages)),
        );
    }
    let start = beside.unwrap_or(INDENT);
    let mut right = if credential.verdict.is_empty() {
        Vec::new()
    } else {
        hanging(Line::default(), &verdict, tone, start, width)
    };
    // Nothing to say where it is not known.
    if credential.origin != Origin::Default {
        right.extend(hanging(
            Line::default(),
            &origin_line(&credential.origin, messages),
            Tone::Dim,
            start,
            width,
        ));
    }
    match beside {
        Some(start) => side_by_side(left, right, start),
        None => left.into_iter().chain(right).collect(),
    }
}

/// Length and judgement in one line of words.
pub(crate) fn verdict_line(credential: &Credential<'_>, messages: &Messages) -> String {
    let units = &messages.pictures().units;
    let mut words = Vec::new();
    if let Value::Known(value) = credential.value {
        let count = value.chars().count();
        let template = if count == 1 {
            &units.character
        } else {
            &units.characters
        };
        words.push(filled(template, &[("n", &count.to_string())]));
    }
    words.extend(credential.verdict.iter().cloned());
    words.join(&units.list)
}

/// Where a value came from, in words.
pub fn origin_line(origin: &Origin, messages: &Messages) -> String {
    let name = match origin {
        Origin::Environment(name) | Origin::File(name) | Origin::Command(name) => {
            crate::render::text::line::clean(name)
        }
        _ => String::new(),
    };
    let prose = &messages.opening().origin;
    let words = filled(prose.of(origin), &[("name", &name)]);
    filled(prose.from, &[("origin", &words)])
}

fn symbol(good: Option<bool>) -> (&'static str, Tone) {
    match good {
        Some(true) => ("✓ ", Tone::Good),
        Some(false) => ("✗ ", Tone::Bad),
        None => ("", Tone::Dim),
    }
}

/// `····5···10···15`: the last digit of each number is under the character that it counts.
fn ticks(count: usize) -> Line {
    let mut text = String::new();
    for at in (5..=count).step_by(5) {
        let number = at.to_string();
        text.push_str(&"·".repeat(5 - number.len().min(5)));
        text.push_str(&number);
    }
    text.push_str(&"·".repeat(count - count / 5 * 5));
    Line::new(" ".repeat(INDENT), Tone::Plain).then(text, Tone::Dim)
}

/// `└── 40 × 0-9 a-f ──┘`: how long the value should be and of what.
fn expected_shape(name: &str, count: usize, messages: &Messages) -> Line {
    let prose = &messages.pictures().ruler;
    let label = if name == "client_id" {
        &prose.expected_id
    } else {
        &prose.expected_secret
    };
    let label = format!(" {label} ");
    let dashes = (count - 2).saturating_sub(Line::new(&label, Tone::Dim).width());
    let text = format!(
        "└{}{label}{}┘",
        "─".repeat(dashes / 2),
        "─".repeat(dashes.div_ceil(2))
    );
    Line::new(" ".repeat(INDENT), Tone::Plain).then(text, Tone::Dim)
}
