//! What can be wrong with what a test tells the simulator, and how it travels through a reader of TOML or JSON to whoever
//! puts it into words.

use std::collections::BTreeMap;

use crate::text::template::fill;

/// Marks a message as one of ours, and parts its values. Neither comes up in a message that is meant to be read.
const MARK: char = '\u{1e}';
const PART: char = '\u{1f}';

/// Something that is wrong: a key of the sentences, and the values that they name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The sentence.
    pub key: String,
    /// `{value}`
    pub value: String,
    /// `{expected}`
    pub expected: String,
}

impl Wrong {
    /// Something wrong with a value, and what was expected.
    pub fn new(key: &str, value: impl Into<String>, expected: impl Into<String>) -> Self {
        Self {
            key: key.to_owned(),
            value: value.into().replace([MARK, PART], ""),
            expected: expected.into(),
        }
    }

    /// What a reader's message says, if it is one of ours.
    fn read(message: &str) -> Option<Self> {
        let (_, rest) = message.split_once(MARK)?;
        let (own, _) = rest.split_once(MARK)?;
        let mut parts = own.split(PART);
        Some(Self {
            key: parts.next()?.to_owned(),
            value: parts.next()?.to_owned(),
            expected: parts.next()?.to_owned(),
        })
    }

    /// The sentence.
    pub fn told(&self, sentences: &BTreeMap<String, String>) -> String {
        let template = sentences.get(&self.key).map_or("", String::as_str);
        fill(template, |name| match name {
            "value" => Some(self.value.as_str()),
            "expected" => Some(self.expected.as_str()),
            _ => None,
        })
    }
}

impl std::fmt::Display for Wrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { key, value, expected } = self;
        write!(f, "{MARK}{key}{PART}{value}{PART}{expected}{MARK}")
    }
}

/// What a reader of TOML or JSON said, with ours put into words.
pub fn told(message: &str, sentences: &BTreeMap<String, String>) -> String {
    Wrong::read(message).map_or_else(
        || message.trim().replace('\n', " "),
        |wrong| wrong.told(sentences),
    )
}
