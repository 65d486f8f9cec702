//! What damages a value on the way from a settings page to a program: white space, quotes, invisible characters, an encoding,
//! a word that was never replaced by the value (docs/github.md §8.1).

use serde::{Deserialize, Serialize};

use crate::text::bytes::all_bytes;

/// Stands for one hidden character of a secret.
pub const MASK: char = '•';

/// Damage done to a value before it reached the request. Positions count characters from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DefectKind {
    /// No character at all.
    Empty,
    /// A word that stands for a value: `undefined`, `null`, `your_client_secret`, `${VAR}`, `<secret>`.
    Placeholder,
    /// A line feed or carriage return.
    Newline,
    /// A space, tab or no-break space.
    Space,
    /// A quote at the start or end.
    Quote,
    /// A character with no width: zero-width space, byte order mark, a bidirectional mark, another control character.
    Invisible,
    /// `%0A`, `%20`, `%3D`…: the value is percent-encoded already.
    PercentEncoded,
    /// A letter outside ASCII, for example a Cyrillic `а` or a full-width digit.
    NonAscii,
}

/// One piece of damage and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Defect {
    /// What it is.
    pub kind: DefectKind,
    /// The character it begins at, counted from 1; 0 for an empty value.
    pub at: usize,
}

/// Finds all damage in a value, in order of position. An undamaged value gives an empty list.
pub fn defects(text: &str) -> Vec<Defect> {
    if text.is_empty() {
        return vec![Defect {
            kind: DefectKind::Empty,
            at: 0,
        }];
    }
    if is_placeholder(text) {
        return vec![Defect {
            kind: DefectKind::Placeholder,
            at: 1,
        }];
    }
    let mut found = Vec::new();
    if all_bytes(text, |byte| byte.is_ascii_alphanumeric()) {
        return found;
    }
    let count = text.chars().count();
    for (index, (start, c)) in text.char_indices().enumerate() {
        if c.is_ascii_alphanumeric() {
            continue;
        }
        let at = index + 1;
        let kind = match c {
            '\n' | '\r' => Some(DefectKind::Newline),
            c if is_invisible(c) => Some(DefectKind::Invisible),
            c if c.is_whitespace() => Some(DefectKind::Space),
            c if QUOTES.contains(&c) && (at == 1 || at == count) => Some(DefectKind::Quote),
            '%' if is_percent_triplet(&text[start..]) => Some(DefectKind::PercentEncoded),
            c if !c.is_ascii() && c != MASK => Some(DefectKind::NonAscii),
            _ => None,
        };
        found.extend(kind.map(|kind| Defect { kind, at }));
    }
    found
}

/// Quotes that are copied along with a value.
pub const QUOTES: [char; 7] = ['"', '\'', '`', '“', '”', '‘', '’'];

/// The value without the damage that can be undone: white space, invisible characters and quotes around it.
pub fn without_defects(text: &str) -> String {
    let stays = |c: &char| !c.is_whitespace() && !is_invisible(*c);
    if all_bytes(text, |byte| byte.is_ascii_graphic()) || text.chars().all(|c| stays(&c)) {
        return text.trim_matches(QUOTES).to_owned();
    }
    let trimmed: String = text.chars().filter(stays).collect();
    trimmed.trim_matches(QUOTES).to_owned()
}

fn is_percent_triplet(text: &str) -> bool {
    matches!(text.as_bytes(), [b'%', a, b, ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit())
}

/// True for characters that a terminal does not show, that reorder what it shows, or that change how wide the character
/// before them is drawn.
#[inline]
pub fn is_invisible(c: char) -> bool {
    if matches!(c, ' '..='~') {
        return false;
    }
    (c.is_control() && !c.is_whitespace())
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{ad}' | '\u{61c}' | '\u{b}' | '\u{c}')
        // The joiner of graphemes, the Mongolian separators, variation selectors, interlinear marks, tags.
        || matches!(c, '\u{34f}' | '\u{180b}'..='\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// What has more bytes stands for itself.
const LONGEST_PLACEHOLDER: usize = 512;

/// True for a word that stands where a value should: an unset variable, a template, a sample from a README.
pub fn is_placeholder(text: &str) -> bool {
    let plain = text.trim().trim_matches(['"', '\'']);
    if plain.len() > LONGEST_PLACEHOLDER {
        return false;
    }
    // Nearly all values are none, which their first character tells.
    let may_begin = |first: &u8| b"$*.<[cefimnprstuxy{".contains(&first.to_ascii_lowercase());
    if !plain.as_bytes().first().is_some_and(may_begin) {
        return false;
    }
    let plain = plain.to_ascii_lowercase();
    let words = [
        "undefined",
        "null",
        "none",
        "nil",
        "nan",
        "false",
        "true",
        "changeme",
        "change_me",
        "change-me",
        "todo",
        "secret",
        "client_secret",
        "client_id",
        "[object object]",
        "redacted",
        "***",
    ];
    let around = [("${", "}"), ("{{", "}}"), ("<", ">"), ("$(", ")"), ("[", "]")];
    words.contains(&plain.as_str())
        || around
            .iter()
            .any(|(open, close)| plain.starts_with(open) && plain.ends_with(close))
        || (plain.starts_with('$')
            && plain.len() > 1
            && plain[1..].bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'))
        || [
            "your_",
            "your-",
            "your ",
            "my_client",
            "my-client",
            "xxx",
            "example_",
            "insert_",
            "replace_",
        ]
        .iter()
        .any(|start| plain.starts_with(start))
        || (plain.len() > 2 && plain.bytes().all(|b| b == b'x' || b == b'*' || b == b'.'))
        || (plain.starts_with("process.env.") || plain.starts_with("env."))
}

/// True for a placeholder that may be a name: a server that lets people name their clients has clients called `my-client`.
pub fn may_be_a_name(text: &str) -> bool {
    let plain = text.trim().to_ascii_lowercase();
    let is_name = plain
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    is_name
        && ["my_client", "my-client", "example_"]
            .iter()
            .any(|start| plain.starts_with(start))
}

#[cfg(test)]
mod tests {
    use crate::text::defects::*;

    #[test]
    fn damage_is_found_where_it_stands() {
        for (text, kind, at) in [
            ("", DefectKind::Empty, 0),
            ("undefined", DefectKind::Placeholder, 1),
            ("${GITHUB_CLIENT_SECRET}", DefectKind::Placeholder, 1),
            ("$GITHUB_CLIENT_SECRET", DefectKind::Placeholder, 1),
            ("your_client_secret", DefectKind::Placeholder, 1),
            ("a1b2\n", DefectKind::Newline, 5),
            (" a1b2", DefectKind::Space, 1),
            ("\"a1b2", DefectKind::Quote, 1),
            ("a1\u{200b}b2", DefectKind::Invisible, 3),
            ("a1b2%0A", DefectKind::PercentEncoded, 5),
            ("a1b\u{430}", DefectKind::NonAscii, 4),
        ] {
            assert_eq!(defects(text).first(), Some(&Defect { kind, at }), "{text:?}");
        }
        assert_eq!(defects("a1b2c3d4e5f60718293a4b5c6d7e8f9012349f0e"), []);
        assert_eq!(without_defects(" \"a1b2\"\r\n"), "a1b2");
    }
}
