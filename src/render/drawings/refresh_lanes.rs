//! The refreshes of a transcript, a time line for each below the other, so that it is seen which of them were under way at once
//! and which used the same refresh token.

use serde::Deserialize;

use crate::{
    diagnosis::context::{Facts, TokenExchange},
    oauth::{
        secret::{MASK, mask},
        token::TokenAnswer,
    },
    render::{
        drawings::sequence::status_words,
        duration,
        text::{
            layout::{labelled, paragraph},
            line::{Line, Tone, clean},
        },
    },
    text::{catalog::Messages, template::filled},
};

/// The words of it, in the locale files.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefreshesProse {
    /// Name of a line; `{n}`.
    pub lane: String,
    /// What is said of one; `{token}`, `{since}`, `{took}`, `{fate}`.
    pub told: String,
    /// A token and a new refresh token came.
    pub rotated: String,
    /// A token came, and no refresh token.
    pub token: String,
    /// An error came; which one is said above.
    pub refused: String,
    /// No answer has come.
    pub waiting: String,
    /// There is nothing to draw.
    pub none: String,
}

/// So many are drawn, the latest.
const MOST: usize = 6;
/// Cells of a time line.
const LONGEST: usize = 48;

/// The latest refreshes, oldest first.
fn refreshes<'f, 't>(facts: &'f Facts<'t>) -> Vec<&'f TokenExchange<'t>> {
    let all: Vec<_> = facts
        .token_exchanges
        .iter()
        .filter(|exchange| exchange.is_refresh() && exchange.exchange.request.is_some())
        .collect();
    all[all.len().saturating_sub(MOST)..].to_vec()
}

/// When a refresh ended, in milliseconds; the moment of its sending where it was not answered.
fn end_of(exchange: &TokenExchange<'_>) -> u64 {
    exchange
        .exchange
        .sent_at
        .saturating_add(exchange.exchange.millis.unwrap_or(0))
}

/// What became of a refresh: its symbol, its tone, and the words.
fn fate(exchange: &TokenExchange<'_>, messages: &Messages) -> (&'static str, Tone, String) {
    let words = messages.pictures();
    if let Some(failure) = exchange.exchange.failure {
        return ("✗", Tone::Bad, words.failure.of(&failure.kind).to_owned());
    }
    let Some(response) = exchange.exchange.response else {
        return ("…", Tone::Accent, words.refreshes.waiting.clone());
    };
    match exchange.reading.as_ref().map(|reading| &reading.answer) {
        Some(TokenAnswer::Token(token)) if token.refresh_token.is_some() => {
            ("✓", Tone::Good, words.refreshes.rotated.clone())
        }
        Some(TokenAnswer::Token(_)) => ("✓", Tone::Good, words.refreshes.token.clone()),
        Some(TokenAnswer::Error(_)) => ("✗", Tone::Bad, words.refreshes.refused.clone()),
        _ => ("✗", Tone::Bad, status_words(response.status, messages)),
    }
}

/// A token by its ends: enough to see which of them are the same.
fn short(token: &str) -> String {
    if token.is_empty() {
        return "-".into();
    }
    let masked = mask(token);
    let is_shown = |c: &char| *c != MASK;
    let start: String = masked.chars().take_while(is_shown).collect();
    let end: String = masked.chars().skip_while(is_shown).filter(is_shown).collect();
    format!("{start}…{end}")
}

/// What is said of each: its number, the token that it used, when it was sent and what became of it.
fn told_of(facts: &Facts<'_>, messages: &Messages) -> Vec<(String, String)> {
    let prose = &messages.pictures().refreshes;
    let refreshes = refreshes(facts);
    let first = refreshes.first().map_or(0, |first| first.exchange.sent_at);
    let numbered = refreshes.iter().enumerate();
    numbered
        .map(|(at, exchange)| {
            let token = exchange.sent.get("refresh_token").unwrap_or_default();
            let (_, _, fate) = fate(exchange, messages);
            let since = duration(exchange.exchange.sent_at.saturating_sub(first), messages);
            let took = duration(exchange.exchange.millis.unwrap_or(0), messages);
            let text = filled(
                &prose.told,
                &[
                    ("token", &clean(&short(token))),
                    ("since", &since),
                    ("took", &took),
                    ("fate", &fate),
                ],
            );
            (filled(&prose.lane, &[("n", &(at + 1).to_string())]), text)
        })
        .collect()
}

/// Draws them.
pub fn draw(facts: &Facts<'_>, messages: &Messages, width: usize) -> Vec<Line> {
    let refreshes = refreshes(facts);
    let Some(first) = refreshes.first().map(|first| first.exchange.sent_at) else {
        return paragraph(&messages.pictures().refreshes.none, Tone::Dim, width);
    };
    let last = refreshes
        .iter()
        .map(|exchange| end_of(exchange))
        .max()
        .unwrap_or(first);
    let room = LONGEST.min(width.saturating_sub(4)).max(8);
    let whole = last.saturating_sub(first).max(1);
    let place = |at: u64| {
        let cells = u64::try_from(room - 1).unwrap_or(0);
        usize::try_from(at.saturating_sub(first).saturating_mul(cells) / whole).unwrap_or(0)
    };
    let mut lines = Vec::new();
    for (exchange, (label, text)) in refreshes.iter().zip(told_of(facts, messages)) {
        let (symbol, tone, _) = fate(exchange, messages);
        let (from, to) = (place(exchange.exchange.sent_at), place(end_of(exchange)));
        // The end stands behind the beginning, however short the time was.
        let to = to.max(from + 1);
        let bar = Line::new(" ".repeat(from + 1), Tone::Plain)
            .then("●", Tone::Accent)
            .then("━".repeat(to - from - 1), tone)
            .then(symbol, tone);
        lines.push(bar);
        lines.extend(labelled(
            Line::new(format!(" {label}"), Tone::Label),
            &text,
            Tone::Plain,
            width,
        ));
    }
    lines
}

/// The same as a sentence.
pub fn sentence(facts: &Facts<'_>, messages: &Messages) -> String {
    let plain = &messages.pictures().plain;
    let all: Vec<String> = told_of(facts, messages)
        .into_iter()
        .map(|(label, text)| format!("{label} {text}"))
        .collect();
    if all.is_empty() {
        return messages.pictures().refreshes.none.clone();
    }
    filled(&plain.sentence, &[("words", &all.join(&plain.separator))])
}
