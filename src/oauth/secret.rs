//! The one type that holds a secret, and the one way to mask one.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

/// A client secret, token or code verifier.
///
/// `Debug`, `Display` and serialisation give the masked form; the memory is zeroed on drop; [`Secret::reveal`] is the
/// only way to the characters.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

/// Stands for one hidden character.
pub const MASK: char = '•';

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

/// Hides a text one for one: as many characters as before; the first and last four remain when at least sixteen are
/// hidden between them, otherwise none does. What is visible is cleaned of control and bidirectional characters.
pub fn mask(text: &str) -> String {
    let count = text.chars().count();
    text.chars()
        .enumerate()
        .map(|(at, c)| {
            let at_an_edge = at < 4 || at + 4 >= count;
            if count >= 24 && at_an_edge && c.is_ascii_graphic() {
                c
            } else {
                MASK
            }
        })
        .collect()
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secret({})", self.masked())
    }
}

impl std::fmt::Display for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.masked())
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
    use super::*;

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
}
