//! Values that whoever pasted the text has hidden: `[FILTERED]`, `***`, `<secret>`, `xxxx`, `9b1f...f9b5`, an ellipsis.
//!
//! Such a value was there and was not shown. Masked characters take its place before anything else is read, so that no
//! check takes the hiding for the value: [`MASK`] is a character of which nothing is known.

use std::{borrow::Cow, sync::OnceLock};

use aho_corasick::{AhoCorasick, MatchKind};

use crate::oauth::{
    params::{Params, char_boundary},
    secret::MASK,
};

/// The names whose values are hidden in the wild, in the spellings of requests and of settings.
const NAMES: [&str; 13] = [
    "client_secret",
    "clientSecret",
    "client_id",
    "clientId",
    "code",
    "code_verifier",
    "codeVerifier",
    "state",
    "redirect_uri",
    "refresh_token",
    "access_token",
    "device_code",
    "authorization",
];

/// Longer than this, a value is no mark of hiding.
const LONGEST: usize = 200;

/// A hidden value is as long as a good one: its length is not known, and must not be held against it.
const SECRET: usize = 40;
const CODE: usize = 20;

fn names() -> &'static AhoCorasick {
    static FOUND: OnceLock<AhoCorasick> = OnceLock::new();
    FOUND.get_or_init(|| {
        let built = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(NAMES);
        built.unwrap_or_else(|error| panic!("too many names: {error}"))
    })
}

/// The text with masked characters in the place of each hidden value.
pub(crate) fn masked(text: &str) -> Cow<'_, str> {
    let mut seen = Edgeless::default();
    // A name that counts is a whole word, so that no other one begins inside of it.
    let found: Vec<(usize, usize, String)> = names()
        .find_iter(text)
        .filter_map(|hit| {
            let name = NAMES[hit.pattern().as_usize()];
            hidden_value(text, name, hit.start(), hit.end(), &mut seen)
        })
        .collect();
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut at = 0;
    for (start, end, instead) in found {
        if start >= at {
            shown.push_str(&text[at..start]);
            shown.push_str(&instead);
            at = end;
        }
    }
    shown.push_str(&text[at..]);
    Cow::Owned(shown)
}

/// The value behind a name, where it is hidden: where it is, and what takes its place.
fn hidden_value(
    text: &str,
    name: &str,
    at: usize,
    end: usize,
    seen: &mut Edgeless,
) -> Option<(usize, usize, String)> {
    let part_of_a_word = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    if text[..at].chars().next_back().is_some_and(part_of_a_word) {
        return None;
    }
    let rest = &text[end..];
    let behind_name = rest.trim_start_matches(['"', '\'', '\\']);
    let behind_name = behind_name.trim_start_matches([' ', '\t']);
    let value = behind_name
        .strip_prefix("=>")
        .or_else(|| behind_name.strip_prefix(['=', ':']))?
        .trim_start_matches([' ', '\t'])
        .trim_start_matches(['"', '\'', '\\']);
    let value = match name {
        "authorization" => value
            .strip_prefix("Basic ")
            .or_else(|| value.strip_prefix("Bearer "))
            .unwrap_or(value),
        _ => value,
    };
    let start = text.len() - value.len();
    let length = seen.length_of(text, start)?;
    let instead = stand_in(name, &value[..length])?;
    Some((start, start + length, instead))
}

/// Up to where a text was seen to have no edge of a value, so that names which follow each other without one are looked at
/// once.
#[derive(Default)]
struct Edgeless {
    up_to: usize,
}

impl Edgeless {
    /// The length of the value that begins at a place: up to the bracket that closes it, else up to what cannot be part of it.
    fn length_of(&mut self, text: &str, start: usize) -> Option<usize> {
        let end = char_boundary(text, start + LONGEST + 1);
        let closing = match text[start..].chars().next()? {
            '[' => Some(']'),
            '<' => Some('>'),
            '(' => Some(')'),
            _ => None,
        };
        let length = if let Some(closing) = closing {
            let inside = &text[start..end];
            let inner = inside.find([closing, '&', '\n', '"', '\''])?;
            inside[inner..].starts_with(closing).then_some(inner + 1)?
        } else {
            let from = self.up_to.max(start).min(end);
            let edge = text[from..end].find(is_edge).map(|found| from + found);
            self.up_to = edge.unwrap_or(end);
            self.up_to - start
        };
        (1..=LONGEST).contains(&length).then_some(length)
    }
}

/// True for what cannot be part of a value.
fn is_edge(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '&' | '"' | '\'' | '`' | ',' | ';' | '<' | '>' | '[' | ']' | '(' | ')' | '{' | '}' | '\\'
        )
}

/// What takes the place of a value that is hidden; `None` for one that is not.
fn stand_in(name: &str, value: &str) -> Option<String> {
    let whole = if name.ends_with("secret") || name.ends_with("Secret") || name == "authorization" {
        SECRET
    } else {
        CODE
    };
    let decoded = Params::decode(&format!("v={}", value.replace('+', " ")));
    let decoded = decoded.get("v").unwrap_or(value).trim();
    if is_hidden(decoded) {
        return Some(MASK.to_string().repeat(whole));
    }
    let (start, end) = around_a_gap(decoded)?;
    let gap = whole
        .saturating_sub(start.chars().count() + end.chars().count())
        .max(1);
    Some(format!("{start}{}{end}", MASK.to_string().repeat(gap)))
}

/// True for a value of which nothing is shown.
fn is_hidden(value: &str) -> bool {
    const WORDS: [&str; 17] = [
        "filtered",
        "redacted",
        "removed",
        "hidden",
        "masked",
        "censored",
        "omitted",
        "sanitized",
        "sanitised",
        "stripped",
        "snip",
        "snipped",
        "obfuscated",
        "scrubbed",
        "private",
        "confidential",
        "elided",
    ];
    let lower = value.to_ascii_lowercase();
    let bare = lower.trim_matches(|c: char| !c.is_alphanumeric());
    if WORDS.contains(&bare) {
        return true;
    }
    // `<client secret removed>`: in angle brackets people write what they left out.
    let in_angles = lower.starts_with('<') && lower.ends_with('>');
    let asks_for_it = ["your", "insert", "replace", "enter"];
    if in_angles && !asks_for_it.iter().any(|word| bare.starts_with(word)) {
        return !bare.is_empty();
    }
    if lower.starts_with(['[', '(']) && WORDS.iter().any(|word| bare.contains(word)) {
        return true;
    }
    // A run of one character that stands for all others.
    let blots = value.chars().filter(|c| is_blot(*c)).count();
    let only_blots = value.chars().all(|c| is_blot(c) || c == '-' || c == '_');
    (blots > 2 && only_blots) || value == "…"
}

fn is_blot(c: char) -> bool {
    matches!(
        c,
        '*' | 'x' | 'X' | '.' | '…' | '#' | '█' | '▒' | '■' | '●' | '∙' | '·'
    )
}

/// What is shown on both sides of a gap: `9b1f...f9b5`, `9b1f****`, `****f9b5`, `9b1f…`.
fn around_a_gap(value: &str) -> Option<(&str, &str)> {
    let gaps = ["...", "…", "***", "xxxxx", "XXXXX", "###", "██", "[...]", "<...>"];
    let at = gaps.iter().filter_map(|gap| value.find(gap)).min()?;
    let end = value[at..].trim_start_matches(|c| is_blot(c) || "[]<>".contains(c));
    Some((&value[..at], end))
}

#[cfg(test)]
mod tests {
    use crate::sources::pasted::hidden::*;

    #[test]
    fn what_somebody_hid_is_masked_and_nothing_else_is() {
        for hidden in [
            "[FILTERED]",
            "%5BFILTERED%5D",
            "REDACTED",
            "***",
            "<secret>",
            "xxxx",
            "...",
            "removed",
            "…",
            "<client+secret+removed>",
            "[secret redacted]",
            "(hidden)",
            "********-****",
        ] {
            for text in [
                format!("client_id=i&client_secret={hidden}&code=c"),
                format!("{{\"client_secret\": \"{hidden}\", \"code\": \"c\"}}"),
                format!("{{'client_secret': '{hidden}'}}"),
                format!("\"client_secret\"=>\"{hidden}\""),
            ] {
                let masked = masked(&text);
                assert!(masked.contains(&MASK.to_string().repeat(40)), "{text}\n{masked}");
                assert!(!masked.contains(hidden), "{text}\n{masked}");
            }
        }
        for shown in [
            "undefined",
            "your_client_secret",
            "<your-secret>",
            "[object Object]",
            "${SECRET}",
            "",
            "secret",
            "a1b2c3d4e5f60718293a4b5c6d7e8f9012349f0e",
            "xx",
            "null",
        ] {
            let text = format!("client_id=i&client_secret={shown}&code=c");
            assert_eq!(masked(&text), text);
        }
    }

    #[test]
    fn what_is_shown_of_a_hidden_value_stays() {
        let gap = |count| MASK.to_string().repeat(count);
        for (value, shown) in [
            ("9b1f...f9b5", format!("9b1f{}f9b5", gap(12))),
            ("9b1f****", format!("9b1f{}", gap(16))),
            ("****f9b5", format!("{}f9b5", gap(16))),
            ("4e7a1c9d…", format!("4e7a1c9d{}", gap(12))),
        ] {
            assert_eq!(
                masked(&format!("?code={value}&state=s")),
                format!("?code={shown}&state=s")
            );
        }
        assert_eq!(
            masked("error_code=*** exit-code: ***"),
            "error_code=*** exit-code: ***"
        );
    }
}
