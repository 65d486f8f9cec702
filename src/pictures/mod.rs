//! Drawings of a transcript as lines of toned text: the TUI colours the tones, the text report leaves them out.
//!
//! Each drawing fits into the width it is given, from 56 to 200 columns, and reads well without any colour: `✓`, `✗` and
//! `!` say what the tones say, and `^` stands under the characters that matter.

pub mod beside;
pub mod code_life;
pub mod credential_ruler;
pub mod explanation;
pub mod layout;
pub mod line;
pub mod message;
pub mod parameters;
pub mod plain;
pub mod probe;
pub mod redirect_comparison;
pub mod sequence;
pub mod token;

use line::Line;

use crate::{
    diagnosis::{
        facts::{Facts, TokenExchange},
        finding::Picture,
    },
    flow::transcript::Source,
    locale::{Messages, fill},
};

/// Draws a picture of the latest attempt. `reveal` shows secrets in full.
pub fn draw(
    picture: Picture,
    facts: &Facts<'_>,
    messages: &Messages,
    width: usize,
    reveal: bool,
) -> Vec<Line> {
    match picture {
        Picture::CredentialRuler => credential_ruler::draw(facts, messages, width, reveal),
        Picture::RedirectComparison => redirect_comparison::draw(facts, messages, width, reveal),
        Picture::CodeLife => code_life::draw(facts, messages, width, reveal),
    }
}

/// The latest token exchange, when it belongs to the latest authorization.
fn present_exchange<'f, 't>(facts: &'f Facts<'t>) -> Option<&'f TokenExchange<'t>> {
    let started = facts
        .authorization
        .map_or(0, |(index, ..)| facts.transcript.entries[index].at);
    facts
        .last()
        .filter(|last| facts.transcript.source == Source::Pasted || last.exchange.sent_at >= started)
}

/// A length of time as a person reads it: tenths of a second below 100 s, whole seconds below two hours, then hours.
pub fn duration(millis: u64, messages: &Messages) -> String {
    let units = &messages.pictures().units;
    let tenths = |value: u64, unit: u64| format!("{}.{}", value / unit, value % unit * 10 / unit);
    let (template, number) = match millis {
        0..100_000 => (&units.seconds, tenths(millis, 1000)),
        100_000..7_200_000 => (&units.seconds, (millis / 1000).to_string()),
        _ => (&units.hours, tenths(millis, 3_600_000)),
    };
    fill(template, |name| (name == "n").then_some(number.as_str()))
}

/// Fills a template from a list of names and values.
fn filled(template: &str, values: &[(&str, &str)]) -> String {
    fill(template, |name| {
        values.iter().find(|(n, _)| *n == name).map(|(_, value)| *value)
    })
}
