//! The sentences on the simulator's pages, in the language that the browser asks for.
//!
//! What GitHub itself says (error codes and descriptions, the "Be careful!" text) is protocol and stays as it is.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;

use crate::{oauth::http::HttpRequest, text::embedded::built_in};

/// All sentences of one language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Words {
    pub(crate) lang: String,
    pub(crate) badge: String,
    pub(crate) banner: String,
    pub(crate) footer: String,
    pub(crate) sign_in: SignIn,
    pub(crate) consent: Consent,
    pub(crate) device: Device,
    pub(crate) not_found: NotFound,
    pub(crate) be_careful: BeCareful,
    pub(crate) stale: Stale,
    pub(crate) rate_limited: RateLimited,
    /// What is wrong with what a test told the simulator.
    pub(crate) control: BTreeMap<String, String>,
    /// What each fault is.
    pub(crate) faults: BTreeMap<String, String>,
    /// What each scope lets an app do.
    pub(crate) scopes: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignIn {
    pub(crate) title: String,
    pub(crate) heading: String,
    pub(crate) lead: String,
    pub(crate) login: String,
    pub(crate) password: String,
    pub(crate) password_note: String,
    pub(crate) submit: String,
    pub(crate) unknown_login: String,
    pub(crate) stale: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Consent {
    pub(crate) title: String,
    pub(crate) heading: String,
    pub(crate) lead: String,
    pub(crate) app: String,
    pub(crate) account: String,
    pub(crate) redirect: String,
    pub(crate) scopes: String,
    pub(crate) no_scopes: String,
    pub(crate) unknown_scopes: String,
    pub(crate) redirect_note: String,
    pub(crate) authorize: String,
    pub(crate) cancel: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Device {
    pub(crate) title: String,
    pub(crate) heading: String,
    pub(crate) lead: String,
    pub(crate) code: String,
    pub(crate) submit: String,
    pub(crate) unknown: String,
    pub(crate) consent_lead: String,
    pub(crate) approved: String,
    pub(crate) approved_text: String,
    pub(crate) denied: String,
    pub(crate) denied_text: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NotFound {
    pub(crate) title: String,
    pub(crate) heading: String,
    pub(crate) text: String,
    pub(crate) unknown_client: String,
    pub(crate) sent: String,
    pub(crate) known: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BeCareful {
    pub(crate) title: String,
    pub(crate) explanation: String,
    pub(crate) sent: String,
    pub(crate) registered: String,
    pub(crate) none: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stale {
    pub(crate) title: String,
    pub(crate) heading: String,
    pub(crate) text: String,
    pub(crate) again: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RateLimited {
    pub(crate) title: String,
    pub(crate) heading: String,
    pub(crate) text: String,
}

static ENGLISH: LazyLock<Words> = LazyLock::new(|| built_in!("locales/en/simulator"));
static CHINESE: LazyLock<Words> = LazyLock::new(|| built_in!("locales/zh-CN/simulator"));

impl Words {
    /// The words of a language by its tag; English for one that there is not.
    pub(crate) fn of(tag: &str) -> &'static Self {
        if tag.starts_with("zh") { &CHINESE } else { &ENGLISH }
    }

    /// The language that `Accept-Language` (RFC 9110 §12.5.4) prefers among the two there are; English without one.
    pub(crate) fn asked_for(request: &HttpRequest) -> &'static Self {
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

#[cfg(test)]
mod tests {
    use crate::providers::github::scopes;
    use crate::simulator::server::texts::*;

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
        let mut names: Vec<_> = scopes::all().collect();
        names.sort_unstable();
        for words in [&ENGLISH, &CHINESE] {
            assert_eq!(words.scopes.keys().collect::<Vec<_>>(), names, "{}", words.lang);
        }
    }
}
