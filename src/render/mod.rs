//! Drawings of a transcript as lines of toned text: the TUI colours the tones, the text report leaves them out.
//!
//! Each drawing fits into the width it is given, from 56 to 200 columns, and reads well without any colour: `✓`, `✗` and
//! `!` say what the tones say, and `^` is under the characters that matter.

pub mod drawings;
pub mod explanation;
pub mod reports;
pub mod sentences;
pub mod text;
pub mod words;

use crate::{
    diagnosis::{context::Facts, finding::Picture},
    flow::redaction::Redactor,
    render::{
        drawings::{Size, code_timeline, credential_ruler, redirect_comparison, refresh_lanes},
        text::line::{Line, clean},
    },
    text::{
        catalog::Messages,
        template::{fill, filled},
    },
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
        Picture::CodeLife => code_timeline::draw(facts, messages, width, reveal),
        Picture::RefreshLanes => refresh_lanes::draw(facts, messages, width),
    }
}

/// The same in a few lines, for a screen that has no room for all of it: what is wrong, and what it is held against.
pub fn draw_brief(
    picture: Picture,
    facts: &Facts<'_>,
    messages: &Messages,
    width: usize,
    reveal: bool,
    size: Size,
) -> Vec<Line> {
    match picture {
        Picture::CredentialRuler => credential_ruler::draw_brief(facts, messages, width, reveal, size),
        Picture::RedirectComparison => redirect_comparison::draw_brief(facts, messages, width, size),
        Picture::CodeLife => code_timeline::draw_brief(facts, messages, width, reveal, size),
        Picture::RefreshLanes => refresh_lanes::draw(facts, messages, width),
    }
}

/// The same while a person is asked what is wrong in it: what was sent, with no mark and no word on what is wrong. What is in
/// order, and what was not sent at all, is said.
pub fn draw_unjudged(picture: Picture, facts: &Facts<'_>, messages: &Messages, width: usize) -> Vec<Line> {
    match picture {
        Picture::CredentialRuler => credential_ruler::draw_unjudged(facts, messages, width),
        Picture::RedirectComparison => redirect_comparison::draw_unjudged(facts, messages, width),
        // It shows when things happened and contains no judgement.
        Picture::CodeLife => code_timeline::draw(facts, messages, width, false),
        Picture::RefreshLanes => refresh_lanes::draw(facts, messages, width),
    }
}

/// A text from outside in a sentence or a label: harmless characters, not too many of them, and a token masked wherever in
/// it it stands.
fn told(text: &str) -> String {
    // Masked before it is cut: of a token that is cut in half nothing tells that it is one.
    shortened(&Redactor::default().redact(text))
}

/// How many characters of a value are shown; a longer one keeps its beginning and its end.
const MOST_SHOWN: usize = 240;

/// A value with harmless characters, the middle of a long one left out.
fn shortened(value: &str) -> String {
    let count = value.chars().count();
    if count <= MOST_SHOWN {
        return clean(value);
    }
    let place = |nth: usize| value.char_indices().nth(nth).map_or(value.len(), |(at, _)| at);
    let beginning = clean(&value[..place(MOST_SHOWN * 3 / 4)]);
    let behind = value.char_indices().nth_back(MOST_SHOWN / 4 - 1);
    let end = clean(&value[behind.map_or(0, |(at, _)| at)..]);
    format!("{beginning}… +{} …{end}", count - MOST_SHOWN)
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

/// A length of time as prose says it: `250 ms`, `4.1 s`, `42 s`, `11 min 5 s`, `2 h 3 min`, `3 days`, units in the reader's language.
pub fn span(millis: u64, messages: &Messages) -> String {
    let units = &messages.pictures().units;
    let seconds = millis / 1000;
    let one = |template: &str, n: u64| filled(template, &[("n", &n.to_string())]);
    let two =
        |template: &str, n: u64, m: u64| filled(template, &[("n", &n.to_string()), ("m", &m.to_string())]);
    match seconds {
        0 => one(&units.milliseconds, millis),
        1..=9 => {
            let tenths = format!("{seconds}.{}", millis % 1000 / 100);
            filled(&units.seconds, &[("n", &tenths)])
        }
        10..=59 => one(&units.seconds, seconds),
        60..=3599 if seconds.is_multiple_of(60) => one(&units.minutes, seconds / 60),
        60..=3599 => two(&units.minutes_and_seconds, seconds / 60, seconds % 60),
        172_800.. => one(&units.days, seconds / 86_400),
        _ if seconds % 3600 < 60 => one(&units.hours, seconds / 3600),
        _ => two(&units.hours_and_minutes, seconds / 3600, seconds % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use crate::render::*;
    use crate::text::catalog::Language;

    #[test]
    fn spans_are_short_and_in_the_language_of_the_reader() {
        let (english, chinese) = (
            Messages::new(Language::English),
            Messages::new(Language::SimplifiedChinese),
        );
        for (millis, one, other) in [
            (250, "250 ms", "250 毫秒"),
            (4_180, "4.1 s", "4.1 秒"),
            (42_000, "42 s", "42 秒"),
            (600_000, "10 min", "10 分钟"),
            (665_000, "11 min 5 s", "11 分 5 秒"),
            (28_800_000, "8 h", "8 小时"),
            (7_380_000, "2 h 3 min", "2 小时 3 分"),
            (260_000_000, "3 days", "3 天"),
        ] {
            assert_eq!(span(millis, &english), one);
            assert_eq!(span(millis, &chinese), other);
        }
    }
}
