//! What libraries and frameworks say when a flow fails in them, as data: the tables under `assets/libraries`.
//!
//! A library's message is not a server's answer. It often hides the answer, or puts a word of its own in the answer's
//! place; a row says what can be told from it, and how the answer is made visible. [`recognise`] is the one way in.

mod pattern;
mod table;

use std::{collections::BTreeMap, sync::OnceLock};

use aho_corasick::AhoCorasick;

use crate::diagnosis::libraries::pattern::{Fit, Pattern};
pub use crate::diagnosis::libraries::table::{Kind, Library, Row, Wire, libraries};
use crate::{flow::transcript::LibraryMessage, oauth::secret::mask};

/// Of a long text this much is looked at: its beginning, and its end, where the latest failure stands.
const BEGINNING: usize = 64 * 1024;
const END: usize = 256 * 1024;
/// How often a pattern is tried in one text.
const TRIES: usize = 16;
/// How many messages are kept, the latest ones.
const MOST: usize = 8;
/// How much of a message is kept, in characters.
const LONGEST: usize = 240;
/// A word of that length with a digit in it may be a secret.
const LONG_WORD: usize = 16;

/// The patterns of all rows, and what finds their anchors in one pass.
struct Matcher {
    patterns: Vec<(Pattern, &'static Library, &'static Row)>,
    anchors: AhoCorasick,
}

fn matcher() -> &'static Matcher {
    static MATCHER: OnceLock<Matcher> = OnceLock::new();
    MATCHER.get_or_init(|| {
        let patterns: Vec<_> = libraries()
            .flat_map(|library| library.message.iter().map(move |row| (library, row)))
            .flat_map(|(library, row)| {
                let patterns = row.pattern.iter().filter_map(|text| Pattern::read(text));
                patterns.map(move |pattern| (pattern, library, row))
            })
            .collect();
        let anchors = AhoCorasick::new(patterns.iter().map(|(pattern, ..)| pattern.anchor()));
        Matcher {
            anchors: anchors.unwrap_or_else(|error| panic!("the table of libraries is too large: {error}")),
            patterns,
        }
    })
}

/// The messages of libraries that are in a text, in their order. What is kept of them holds no secret.
pub fn recognise(text: &str) -> Vec<LibraryMessage> {
    recognise_at(text)
        .into_iter()
        .map(|(_, message)| message)
        .collect()
}

/// The same, each with the place of its first byte.
pub fn recognise_at(text: &str) -> Vec<(usize, LibraryMessage)> {
    if text.len() <= BEGINNING + END {
        return recognise_in(text);
    }
    let mut cut = (BEGINNING, text.len() - END);
    while !text.is_char_boundary(cut.0) {
        cut.0 -= 1;
    }
    while !text.is_char_boundary(cut.1) {
        cut.1 += 1;
    }
    let mut found = recognise_in(&text[..cut.0]);
    for (at, message) in recognise_in(&text[cut.1..]) {
        found.retain(|(_, earlier)| earlier.row != message.row);
        found.push((cut.1 + at, message));
    }
    found
}

fn recognise_in(text: &str) -> Vec<(usize, LibraryMessage)> {
    let matcher = matcher();
    let mut tries = vec![0_usize; matcher.patterns.len()];
    let mut fits: Vec<(Fit, usize)> = Vec::new();
    for hit in matcher.anchors.find_overlapping_iter(text) {
        let which = hit.pattern().as_usize();
        let (pattern, _, row) = &matcher.patterns[which];
        tries[which] += 1;
        if tries[which] > TRIES || !row.is_near(text) {
            continue;
        }
        if let Some(fit) = pattern.fit(text, hit.start())
            && !(row.is == Kind::NotPassedOn && text[fit.start..fit.end].contains('\n'))
        {
            fits.push((fit, which));
        }
    }
    // Of messages that overlap, the one that asks for more is the one that was written.
    fits.sort_by_key(|(_, which)| std::cmp::Reverse(matcher.patterns[*which].0.weight()));
    let mut kept: Vec<(Fit, usize)> = Vec::new();
    for (fit, which) in fits {
        let clear = |(other, _): &(Fit, usize)| fit.end <= other.start || other.end <= fit.start;
        if kept.len() < TRIES * MOST && kept.iter().all(clear) {
            kept.push((fit, which));
        }
    }
    kept.sort_by_key(|(fit, _)| fit.start);
    let mut messages: Vec<(usize, LibraryMessage)> = Vec::new();
    for (fit, which) in kept {
        let (_, library, row) = &matcher.patterns[which];
        messages.retain(|(_, earlier)| earlier.row != row.name);
        let message = LibraryMessage {
            row: row.name.clone(),
            library: library.name.clone(),
            words: harmless(line_of(text, &fit)),
            parts: kept_parts(fit.kept),
        };
        messages.push((fit.start, message));
    }
    let surplus = messages.len().saturating_sub(MOST);
    messages.drain(..surplus);
    messages
}

fn kept_parts(kept: BTreeMap<String, String>) -> BTreeMap<String, String> {
    kept.into_iter()
        .map(|(name, value)| (name, harmless(&value)))
        .collect()
}

/// What was matched, its white space and line breaks folded later; at least a few words around a short one are worth
/// reading, and they end with the line.
fn line_of<'t>(text: &'t str, fit: &Fit) -> &'t str {
    let line_end = text[fit.end..]
        .find(['\n', '\r'])
        .map_or(text.len(), |at| fit.end + at);
    let line_start = text[..fit.start].rfind(['\n', '\r']).map_or(0, |at| at + 1);
    // A line that is hardly longer than the message is shown whole, with the name of the exception before it.
    if line_end - line_start <= LONGEST && fit.end <= line_end {
        text[line_start..line_end].trim()
    } else {
        &text[fit.start..fit.end]
    }
}

/// A text that may be kept: words that may be secret are masked, white space is folded, control characters are gone.
fn harmless(text: &str) -> String {
    let mut kept = String::new();
    let cut: String = text.chars().take(LONGEST).collect();
    for word in cut.split_inclusive(|c: char| !c.is_alphanumeric() && c != '_' && c != '-') {
        let long = word.chars().take(LONG_WORD).count() == LONG_WORD;
        if long && word.contains(|c: char| c.is_ascii_digit()) {
            kept.push_str(&mask(word));
        } else {
            kept.push_str(word);
        }
    }
    let printable: String = kept
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    printable.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The row of that name; `None` for one of another version of oauthlens.
pub fn row(name: &str) -> Option<(&'static Library, &'static Row)> {
    libraries()
        .flat_map(|library| library.message.iter().map(move |row| (library, row)))
        .find(|(_, row)| row.name == name)
}

/// True for a line of a log, which tells of no failure.
pub fn is_a_log(message: &LibraryMessage) -> bool {
    row(&message.row).is_some_and(|(_, row)| row.is == Kind::HoldsTooLittle)
}

/// The library that sends with this `User-Agent` and repeats a refused token request by itself.
pub fn repeats(user_agent: &str) -> Option<&'static Library> {
    libraries().find(|library| {
        let wire = &library.wire;
        wire.repeats.is_some()
            && wire
                .user_agent
                .iter()
                .any(|begins| user_agent.starts_with(begins.as_str()))
    })
}

#[cfg(test)]
mod tests;
