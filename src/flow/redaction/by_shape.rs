//! Tokens that give themselves away by how they begin, whether they were seen before or not.

use std::{borrow::Cow, sync::OnceLock};

use aho_corasick::{AhoCorasick, Input, MatchKind};

use crate::{oauth::secret::mask, providers::github::formats::TOKEN_PREFIXES};

/// A token has at least so many characters behind its prefix; a shorter word is a mention of the prefix.
const SHORTEST_TOKEN: usize = 16;

/// How a kind of token begins.
struct Prefix {
    text: &'static str,
    /// What it holds beside letters, digits and `_`.
    also: &'static str,
    /// True where the prefix may stand in the middle of a word: it is like no other.
    inside: bool,
}

const fn prefix(text: &'static str) -> Prefix {
    Prefix {
        text,
        also: "-",
        inside: false,
    }
}

const fn unmistakable(text: &'static str) -> Prefix {
    Prefix {
        text,
        also: "",
        inside: true,
    }
}

/// `{"` in base64url begins a JSON Web Token (RFC 7519), whose parts are divided by dots.
const JWT: &str = "eyJ";

/// By these, beside GitHub's, secret scanners such as gitleaks know the tokens and secrets of many providers.
const OTHERS: [Prefix; 27] = [
    Prefix {
        text: JWT,
        also: "-.",
        inside: true,
    },
    // GitLab.
    prefix("glpat-"),
    prefix("gloas-"),
    prefix("gldt-"),
    prefix("glrt-"),
    // Google.
    Prefix {
        text: "ya29.",
        also: "-.",
        inside: false,
    },
    prefix("GOCSPX-"),
    prefix("AIza"),
    // Slack.
    prefix("xoxa-"),
    prefix("xoxb-"),
    prefix("xoxe-"),
    prefix("xoxp-"),
    prefix("xoxr-"),
    prefix("xoxs-"),
    prefix("xapp-"),
    // Stripe.
    prefix("sk_live_"),
    prefix("sk_test_"),
    prefix("rk_live_"),
    prefix("rk_test_"),
    // Amazon Web Services.
    prefix("AKIA"),
    prefix("ASIA"),
    // Others.
    prefix("EAA"),
    prefix("npm_"),
    prefix("pypi-"),
    prefix("doo_v1_"),
    prefix("dop_v1_"),
    prefix("shpat_"),
];

/// Some prefixes begin ordinary names too, which go on without digits.
fn is_plain_word(word: &str) -> bool {
    !word.bytes().any(|byte| byte.is_ascii_digit())
}

/// The automaton that finds the beginnings, and what they are, in its order.
struct Beginnings {
    automaton: AhoCorasick,
    prefixes: Vec<Prefix>,
}

fn beginnings() -> Option<&'static Beginnings> {
    static BEGINNINGS: OnceLock<Option<Beginnings>> = OnceLock::new();
    let made = BEGINNINGS.get_or_init(|| {
        let known = TOKEN_PREFIXES.into_iter().map(unmistakable);
        let prefixes: Vec<Prefix> = known.chain(OTHERS).collect();
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(prefixes.iter().map(|prefix| prefix.text))
            .ok()?;
        Some(Beginnings { automaton, prefixes })
    });
    made.as_ref()
}

/// Masks whatever begins as a token does, wherever it stands.
pub(super) fn mask_tokens(text: &str) -> Cow<'_, str> {
    let Some(beginnings) = beginnings() else {
        return Cow::Borrowed(text);
    };
    let bytes = text.as_bytes();
    let mut out = String::new();
    let mut done = 0;
    let mut from = 0;
    // Up to here nothing has digits.
    let mut plain_up_to = 0;
    while let Some(found) = beginnings.automaton.find(Input::new(text).span(from..text.len())) {
        let start = found.start();
        from = start + 1;
        let prefix = &beginnings.prefixes[found.pattern().as_usize()];
        let follows_a_word =
            start > 0 && (bytes[start - 1].is_ascii_alphanumeric() || bytes[start - 1] == b'_');
        if !prefix.inside && (follows_a_word || start < plain_up_to) {
            continue;
        }
        let in_token = |byte: &u8| {
            byte.is_ascii_alphanumeric() || *byte == b'_' || prefix.also.as_bytes().contains(byte)
        };
        let length = bytes[start..].iter().take_while(|byte| in_token(byte)).count();
        let word = &text[start..start + length];
        let is_jwt = prefix.text == JWT;
        let fits = if is_jwt {
            word.contains('.')
        } else {
            prefix.inside || !is_plain_word(&word[length.min(prefix.text.len())..])
        };
        if length >= prefix.text.len() + SHORTEST_TOKEN && fits {
            out.push_str(&text[done..start]);
            out.push_str(&mask(word));
            done = start + length;
            from = done;
        } else if is_jwt {
            // None of what was looked at begins another one that would be told differently.
            from = start + length;
        } else if !fits {
            plain_up_to = start + length;
        }
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use crate::flow::redaction::by_shape::*;

    #[test]
    fn a_token_is_known_by_how_it_begins() {
        for prefix in &beginnings().unwrap().prefixes {
            let token = format!("{}q7Zk2Lm9Xw4Rt8Vb.3Nc6Hd5Jf1Gs0PaYe", prefix.text);
            for text in [token.clone(), format!("see \"{token}\","), format!("a={token}&b")] {
                assert!(!mask_tokens(&text).contains("Lm9Xw4Rt8"), "{text}");
            }
        }
    }

    #[test]
    fn a_word_or_a_mention_is_no_token() {
        for text in [
            "gho_ and ghp_short, npm_config_registry_of_a_project",
            "EAAABBBBCCCCDDDDEEEEFFFF",
            "a eyJ without dots_0123456789_0123456789",
            "talked to maxoxb-1234567890123456789",
        ] {
            assert_eq!(mask_tokens(text), text);
        }
    }
}
