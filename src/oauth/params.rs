//! Request and response parameters: `application/x-www-form-urlencoded` (RFC 6749 appendix B), order and repeats kept.

use serde::{Deserialize, Serialize};

/// A list of named values, decoded. The order is the order on the wire; a name may be repeated.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Params(pub Vec<(String, String)>);

impl Params {
    /// Reads a query string or a form body. Never fails: a part without `=` becomes a name with an empty value.
    pub fn decode(text: &str) -> Self {
        let text = text.strip_prefix('?').unwrap_or(text);
        Self(
            pairs(text)
                .map(|(name, value)| (decoded(name), decoded(value)))
                .collect(),
        )
    }

    /// Reads as [`Params::decode`] does, and keeps only the pairs of those names: what is not kept costs next to nothing.
    pub fn decode_named(text: &str, names: &[&str]) -> Self {
        let text = text.strip_prefix('?').unwrap_or(text);
        Self(
            pairs(text)
                .filter(|(name, _)| names.contains(name) || name.contains(['%', '+']))
                .map(|(name, value)| (decoded(name), value))
                .filter(|(name, _)| names.contains(&name.as_str()))
                .map(|(name, value)| (name, decoded(value)))
                .collect(),
        )
    }

    /// Reads as [`Params::decode`] does, and keeps the names without their values.
    pub fn decode_names(text: &str) -> Self {
        let text = text.strip_prefix('?').unwrap_or(text);
        Self(
            pairs(text)
                .map(|(name, _)| (decoded(name), String::new()))
                .collect(),
        )
    }

    /// Writes a query string or a form body.
    pub fn encode(&self) -> String {
        url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(self.0.iter())
            .finish()
    }

    /// The first value of that name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }

    /// How often the name occurs; RFC 6749 §3.1 allows it once.
    pub fn count(&self, name: &str) -> usize {
        self.0.iter().filter(|(n, _)| n == name).count()
    }

    /// Appends a pair.
    pub fn push(&mut self, name: &str, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// True when there is no pair.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Names and values as they stand, still encoded.
fn pairs(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

/// A name or a value without its encoding. Most hold no `%`, and a body may hold very many.
fn decoded(encoded: &str) -> String {
    if !encoded.contains('%') && !encoded.contains('+') {
        return encoded.to_owned();
    }
    url::form_urlencoded::parse(format!("={encoded}").as_bytes())
        .next()
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

/// True for a text with white space in it, of whatever kind.
pub fn holds_white_space(text: &str) -> bool {
    // Nearly all texts are ASCII, which is looked through many bytes at a time.
    let in_ascii = |byte: u8| u8::from(byte.wrapping_sub(b'\t') < 5) | u8::from(byte == b' ');
    let found = |bytes: &[u8]| bytes.iter().fold(0, |found, byte| found | in_ascii(*byte)) != 0;
    text.as_bytes().chunks(64).any(found) || (!text.is_ascii() && text.contains(char::is_whitespace))
}

/// The last place at or before `at` between two characters of a text; its end where `at` is behind it.
pub fn char_boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}

impl FromIterator<(String, String)> for Params {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

/// Percent-encodes one value as it is in a form body or query.
pub fn encode_value(value: &str) -> String {
    url::form_urlencoded::byte_serialize(value.as_bytes()).collect()
}

/// A word of a scope list: GitHub answers `CommaSeparatedScope` where RFC 6749 §3.3 has spaces; both are read.
pub fn split_scope(scope: &str) -> Vec<String> {
    scope
        .split([' ', ','])
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::oauth::params::*;

    #[test]
    fn order_repeats_and_encoding_survive() {
        let params = Params::decode("?scope=repo%2Cgist&a=1&a=2&space=x+y");
        assert_eq!(params.get("scope"), Some("repo,gist"));
        assert_eq!(params.count("a"), 2);
        assert_eq!(params.get("space"), Some("x y"));
        assert_eq!(params.encode(), "scope=repo%2Cgist&a=1&a=2&space=x+y");
        assert_eq!(split_scope("repo, gist user"), ["repo", "gist", "user"]);
    }

    #[test]
    fn decoding_is_the_url_standards() {
        for text in [
            "",
            "?",
            "&&",
            "=",
            "a",
            "a==b",
            "%",
            "%4",
            "%41%c3%bc%ff=+%2b+%",
            "é=ü",
            "a=b#c?d",
            "%3d=%26",
        ] {
            let whole = url::form_urlencoded::parse(text.strip_prefix('?').unwrap_or(text).as_bytes());
            assert_eq!(
                Params::decode(text).0,
                whole.into_owned().collect::<Vec<_>>(),
                "{text}"
            );
        }
        for (text, holds) in [
            ("a", false),
            ("a b", true),
            ("a\u{b}", true),
            ("é", false),
            ("é\u{2028}", true),
        ] {
            assert_eq!(holds_white_space(text), holds, "{text:?}");
        }
    }

    #[test]
    fn named_pairs_are_those_of_the_whole() {
        let text = "?a=1&b&%61=x+y&ab=2&&=3&a";
        let mut all = Params::decode(text);
        all.0.retain(|(name, _)| name == "a" || name == "b");
        assert_eq!(all.0.len(), 4);
        assert_eq!(Params::decode_named(text, &["a", "b"]), all);
    }
}
