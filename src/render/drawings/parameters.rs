//! The authorization request taken apart: one parameter a row, what it is for, what happens without it.

use crate::{
    oauth::{authorization::AuthorizationRequest, secret::mask},
    providers::github::formats::may_be_secret,
    render::text::{
        layout::{self, Column, hanging, labelled, paragraph, row, side_by_side, widest},
        line::{Line, Tone, clean},
    },
    text::catalog::Messages,
};

/// From this width on, purpose and consequence are beside the value instead of under it.
const SIDE_BY_SIDE: usize = 110;

/// So many parameters are drawn; how many more there are is said.
const DRAWN_PARAMETERS: usize = 60;

/// The parameters an authorization request can have (docs/github.md §1), in the order of GitHub's table.
const KNOWN: [&str; 10] = [
    "client_id",
    "response_type",
    "redirect_uri",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
    "login",
    "allow_signup",
    "prompt",
];

/// Draws the request: the endpoint, each parameter that is sent, and the names of those that could be and are not.
pub fn draw(request: &AuthorizationRequest, messages: &Messages, width: usize) -> Vec<Line> {
    let width = width.max(layout::NARROWEST);
    let prose = &messages.pictures().parameters;
    let mut lines = hanging(
        Line::new("GET", Tone::Label),
        &clean(&request.endpoint),
        Tone::Value,
        4,
        width,
    );
    let names = widest(KNOWN) + 2;
    for (name, value) in request.params.iter().take(DRAWN_PARAMETERS) {
        lines.push(Line::default());
        let known = messages.pictures().parameter.get(name);
        let purpose = known.map_or(&prose.unknown, |words| &words.purpose);
        let without = known.map_or(&prose.unknown_without, |words| &words.without);
        let repeated = request.params.count(name) > 1;
        let (shown, tone) = match (value.is_empty(), known.is_some() && !repeated) {
            (true, _) => (prose.empty.clone(), Tone::Dim),
            (false, true) => (shown_value(name, value), Tone::Value),
            (false, false) => (shown_value(name, value), Tone::Warn),
        };
        let name = if known.is_some() {
            clean(name)
        } else {
            format!("! {}", clean(name))
        };
        if width >= SIDE_BY_SIDE {
            lines.extend(beside(
                &name,
                &shown,
                tone,
                [(&prose.purpose, purpose), (&prose.without, without)],
                names,
                width,
            ));
        } else {
            lines.extend(hanging(Line::new(name, Tone::Label), &shown, tone, names, width));
            for (label, text, tone) in [
                (&prose.purpose, purpose, Tone::Plain),
                (&prose.without, without, Tone::Dim),
            ] {
                lines.extend(explained(label, text, tone, 2, width));
            }
        }
        if repeated {
            lines.extend(paragraph(&format!("  ✗ {}", prose.repeated), Tone::Bad, width));
        }
    }
    let more = request.params.0.len().saturating_sub(DRAWN_PARAMETERS);
    if more > 0 {
        lines.push(Line::new(format!("… +{more}"), Tone::Dim));
    }
    let absent: Vec<&str> = KNOWN
        .into_iter()
        .filter(|name| request.params.count(name) == 0)
        .collect();
    if !absent.is_empty() {
        lines.push(Line::default());
        let list = absent.join(&messages.pictures().units.names);
        lines.extend(labelled(
            Line::new(&prose.absent, Tone::Dim),
            &list,
            Tone::Dim,
            width,
        ));
    }
    lines
}

/// The value; masked where a secret is in the id's place.
fn shown_value(name: &str, value: &str) -> String {
    if name == "client_id" && may_be_secret(value) {
        clean(&mask(value))
    } else {
        clean(value)
    }
}

/// `label: text`, wrapped under the text's own beginning.
fn explained(label: &str, text: &str, tone: Tone, indent: usize, width: usize) -> Vec<Line> {
    let label = Line::new(" ".repeat(indent), Tone::Plain).then(label, Tone::Dim);
    labelled(label, text, tone, width)
}

fn beside(
    name: &str,
    value: &str,
    tone: Tone,
    [purpose, without]: [(&String, &String); 2],
    names: usize,
    width: usize,
) -> Vec<Line> {
    let values = (width - names) * 2 / 5;
    let rest = width - names - values - 4;
    let left = row(&[
        Column {
            text: name.to_owned(),
            tone: Tone::Label,
            width: names,
        },
        Column {
            text: value.to_owned(),
            tone,
            width: values,
        },
    ]);
    let mut right = explained(purpose.0, purpose.1, Tone::Plain, 0, rest);
    right.extend(explained(without.0, without.1, Tone::Dim, 0, rest));
    let start = names + values + 4;
    side_by_side(left, layout::indented(right, start), start)
}
