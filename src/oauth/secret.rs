//! The one type that holds a secret, and the one way to mask one.

use std::fmt::Write as _;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

pub use crate::text::defects::MASK;
use crate::{
    providers::github::formats::is_open,
    text::{
        bytes::all_bytes,
        defects::{QUOTES, is_invisible},
    },
};

/// A client secret, token or code verifier.
///
/// `Debug`, `Display` and serialisation give the masked form; the memory is zeroed on drop; [`Secret::reveal`] is the
/// only way to the characters.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a secret in, character for character: nothing is trimmed, since a stray newline is evidence.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The characters themselves. Call it to send or to measure, never to print.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// True when there is no character at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The masked form, as [`mask`] gives it.
    pub fn masked(&self) -> String {
        mask(&self.0)
    }
}

/// Replaces each hidden character with a `•`, so that the length stays the same.
///
/// The first and last four remain when at least sixteen are hidden between them, otherwise none does. What cannot be part of
/// a good secret stands as it is, since it is what explains a refusal: white space and invisible characters anywhere, quotes
/// at the ends. The four characters are those of the secret itself, not of white space or quotes around it, so that it
/// looks the same with and without its damage. A word such as `undefined` hides nothing.
pub fn mask(text: &str) -> String {
    if is_open(text) {
        return text.to_owned();
    }
    let clings = |c: char| damages(c) || QUOTES.contains(&c);
    // Nearly all secrets are of visible ASCII characters, and of those only the number counts.
    if all_bytes(text, |byte| byte.is_ascii_graphic()) && !text.starts_with(clings) && !text.ends_with(clings)
    {
        let shown = if text.len() >= 24 { 4 } else { 0 };
        let hidden = masks(text.len() - 2 * shown);
        return [&text[..shown], &hidden, &text[text.len() - shown..]].concat();
    }
    let before = text.chars().take_while(|c| clings(*c)).count();
    let proper = text.trim_matches(clings);
    let after = before + proper.chars().count();
    // Damage hides nothing, so it does not count among what is hidden.
    let count = proper.chars().filter(|c| !damages(*c)).count();
    text.chars()
        .enumerate()
        .map(|(at, c)| {
            let inside = (before..after).contains(&at);
            let at_an_edge = at < before + 4 || at + 4 >= after;
            let shown = count >= 24 && at_an_edge && c.is_ascii_graphic();
            if !inside || shown || damages(c) { c } else { MASK }
        })
        .collect()
}

/// The same for a text in an encoding: `encode` writes one character in it. `decoded` is the text without it.
pub fn mask_encoded(decoded: &str, encode: impl Fn(char, &mut String)) -> String {
    let masked = mask(decoded);
    let mut out = String::with_capacity(masked.len());
    let mut rest = masked.as_str();
    while !rest.is_empty() {
        let hidden = rest.as_bytes().chunks_exact(MASK.len_utf8());
        let count = hidden.take_while(|bytes| *bytes == "•".as_bytes()).count();
        let (hidden, behind) = rest.split_at(count * MASK.len_utf8());
        out.push_str(hidden);
        let mut chars = behind.chars();
        if let Some(c) = chars.next() {
            encode(c, &mut out);
        }
        rest = chars.as_str();
    }
    out
}

fn masks(count: usize) -> String {
    MASK.to_string().repeat(count)
}

fn damages(c: char) -> bool {
    c.is_whitespace() || is_invisible(c)
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secret({self})")
    }
}

impl std::fmt::Display for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // What damages a secret must not move the cursor of a terminal.
        let shown = |c: char| if c != ' ' && damages(c) { '·' } else { c };
        self.masked().chars().try_for_each(|c| f.write_char(shown(c)))
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.masked())
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

#[cfg(test)]
mod tests {
    use crate::oauth::secret::*;

    #[test]
    fn only_reveal_gives_the_characters() {
        let secret = Secret::new("a1b2c3d4e5f60718293a4b5c6d7e8f9012349f0e");
        let masked = "a1b2••••••••••••••••••••••••••••••••9f0e";
        assert_eq!(secret.to_string(), masked);
        assert_eq!(format!("{secret:?}"), format!("Secret({masked})"));
        assert_eq!(serde_json::to_string(&secret).unwrap(), format!("\"{masked}\""));
        assert_eq!(secret.reveal().len(), 40);
    }

    #[test]
    fn a_short_secret_shows_only_its_length() {
        assert_eq!(mask("hunter2"), "•••••••");
        assert_eq!(mask("twenty-three-characters"), "•".repeat(23));
        assert_eq!(mask(""), "");
    }

    #[test]
    fn damage_is_shown_and_changes_nothing_about_the_rest() {
        let hidden = "•".repeat(32);
        for (before, after) in [("", "\n"), (" ", ""), ("\"", "\""), ("\u{feff}", " \r\n")] {
            let secret = format!("{before}a1b2c3d4e5f60718293a4b5c6d7e8f9012349f0e{after}");
            assert_eq!(mask(&secret), format!("{before}a1b2{hidden}9f0e{after}"));
        }
        assert_eq!(mask("hun ter\"2"), "••• •••••");
        assert_eq!(Secret::new("hunter2\n").to_string(), "•••••••·");
    }
}
