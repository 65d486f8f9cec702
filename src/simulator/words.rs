//! The sentences on the simulator's pages, in the language that the browser asks for.
//!
//! What GitHub itself says (error codes and descriptions, the "Be careful!" text) is protocol and stays as it is.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;

use crate::{built_in::built_in, oauth::http::HttpRequest};

/// All sentences of one language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    pub(super) lang: String,
    pub(super) badge: String,
    pub(super) banner: String,
    pub(super) footer: String,
    pub(super) sign_in: SignIn,
    pub(super) consent: Consent,
    pub(super) not_found: NotFound,
    pub(super) be_careful: BeCareful,
    pub(super) stale: Stale,
    pub(super) rate_limited: RateLimited,
    /// What each scope lets an app do.
    pub(super) scopes: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SignIn {
    pub(super) title: String,
    pub(super) heading: String,
    pub(super) lead: String,
    pub(super) login: String,
    pub(super) password: String,
    pub(super) password_note: String,
    pub(super) submit: String,
    pub(super) unknown_login: String,
    pub(super) stale: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Consent {
    pub(super) title: String,
    pub(super) heading: String,
    pub(super) lead: String,
    pub(super) app: String,
    pub(super) account: String,
    pub(super) redirect: String,
    pub(super) scopes: String,
    pub(super) no_scopes: String,
    pub(super) unknown_scopes: String,
    pub(super) redirect_note: String,
    pub(super) authorize: String,
    pub(super) cancel: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NotFound {
    pub(super) title: String,
    pub(super) heading: String,
    pub(super) text: String,
    pub(super) unknown_client: String,
    pub(super) sent: String,
    pub(super) known: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BeCareful {
    pub(super) title: String,
    pub(super) explanation: String,
    pub(super) sent: String,
    pub(super) registered: String,
    pub(super) none: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Stale {
    pub(super) title: String,
    pub(super) heading: String,
    pub(super) text: String,
    pub(super) again: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RateLimited {
    pub(super) title: String,
    pub(super) heading: String,
    pub(super) text: String,
}

static ENGLISH: LazyLock<Words> = LazyLock::new(|| built_in!("locales/en/simulator"));
static CHINESE: LazyLock<Words> = LazyLock::new(|| built_in!("locales/zh-CN/simulator"));

impl Words {
    /// The language that `Accept-Language` (RFC 9110 §12.5.4) prefers among the two there are; English without one.
    pub(super) fn asked_for(request: &HttpRequest) -> &'static Self {
        let mut best: Option<(&'static LazyLock<Self>, f32)> = None;
        for range in request.header("accept-language").unwrap_or_default().split(',') {
            let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
            let primary = tag.trim().split('-').next().unwrap_or_default();
            let words = match primary.to_ascii_lowercase().as_str() {
                "zh" => &CHINESE,
                "en" => &ENGLISH,
                _ => continue,
            };
            let weight = parameters
                .trim()
                .strip_prefix("q=")
                .map_or(1.0, |weight| weight.parse().unwrap_or(0.0));
            if weight > 0.0 && best.is_none_or(|(_, greatest)| weight > greatest) {
                best = Some((words, weight));
            }
        }
        best.map_or(&ENGLISH, |(words, _)| words)
    }
}

/// Puts values in place of `{name}`. One pass: what a value contains is not looked at again.
pub(super) fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let slot = after
            .split_once('}')
            .and_then(|(name, after)| Some((values.iter().find(|(n, _)| *n == name)?.1, after)));
        let (value, after) = slot.unwrap_or(("{", after));
        filled.push_str(value);
        rest = after;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oauth::scope;

    #[test]
    fn accept_language_chooses() {
        for (header, lang) in [
            ("", "en"),
            ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
            ("zh", "zh-CN"),
            ("en-US,en;q=0.9,zh;q=0.8", "en"),
            ("fr-FR, zh;q=0.2, en;q=0.1", "zh-CN"),
            ("de", "en"),
        ] {
            let request = HttpRequest::get("/").with_header("Accept-Language", header);
            assert_eq!(Words::asked_for(&request).lang, lang, "{header}");
        }
    }

    #[test]
    fn every_scope_is_put_into_words_in_both_languages_and_no_word_is_idle() {
        let mut names: Vec<_> = scope::all().collect();
        names.sort_unstable();
        for words in [&ENGLISH, &CHINESE] {
            assert_eq!(words.scopes.keys().collect::<Vec<_>>(), names, "{}", words.lang);
        }
    }

    #[test]
    fn values_are_not_looked_at_again() {
        assert_eq!(fill("{a} {b} {", &[("a", "{b}"), ("b", "c")]), "{b} c {");
    }
}
