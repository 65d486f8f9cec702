//! The profiles that are written as a table, `assets/providers/profiles.toml`. It is read when a name is looked for that no
//! profile in Rust has.

use std::{collections::BTreeMap, sync::OnceLock};

use serde::Deserialize;

use crate::{
    diagnosis::rule::Code,
    oauth::token::ClientAuthentication,
    providers::{
        profile::{Grade, Known, ProviderProfile, Scope},
        rfc6749::NEUTRAL,
        server_table::CodeAfter,
    },
    text::embedded::built_in,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    name: String,
    host: Option<String>,
    #[serde(default)]
    self_hosted: bool,
    #[serde(default)]
    authorization_endpoint: String,
    #[serde(default)]
    token_endpoint: String,
    #[serde(default)]
    device_authorization_endpoint: String,
    #[serde(default)]
    introspection_endpoint: String,
    #[serde(default)]
    revocation_endpoint: String,
    #[serde(default)]
    asks_devices_for_secret: bool,
    #[serde(default)]
    api: String,
    #[serde(default)]
    user: String,
    issuer: Option<String>,
    #[serde(default)]
    settings: String,
    env_prefix: Option<String>,
    #[serde(default)]
    authentication: Vec<ClientAuthentication>,
    #[serde(default)]
    scopes: Vec<String>,
    grade: Grade,
    date: String,
    from: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    code_after: BTreeMap<Code, CodeAfter>,
}

#[derive(Deserialize)]
struct Sentence {
    en: String,
    #[serde(rename = "zh-CN")]
    zh_cn: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    scope: BTreeMap<String, Sentence>,
    provider: Vec<Row>,
}

/// The table is read once and kept until the program ends, as what is compiled in is.
fn kept<T>(list: Vec<T>) -> &'static [T] {
    Box::leak(list.into_boxed_slice())
}

fn text(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

impl Row {
    fn profile(self, scopes: &BTreeMap<String, Sentence>) -> ProviderProfile {
        let id = text(self.id);
        let named = self.scopes.into_iter().map(|name| {
            let sentence = scopes.get(&name);
            Scope {
                en: text(sentence.map_or_else(String::new, |s| s.en.clone())),
                zh_cn: text(sentence.map_or_else(String::new, |s| s.zh_cn.clone())),
                name: text(name),
            }
        });
        ProviderProfile {
            id,
            family: id,
            name: text(self.name),
            host: self.host.map(text),
            self_hosted: self.self_hosted,
            authorization_endpoint: text(self.authorization_endpoint),
            token_endpoint: text(self.token_endpoint),
            device_authorization_endpoint: text(self.device_authorization_endpoint),
            introspection_endpoint: text(self.introspection_endpoint),
            revocation_endpoint: text(self.revocation_endpoint),
            asks_devices_for_secret: self.asks_devices_for_secret,
            api_url: text(self.api),
            user_path: if self.user.is_empty() {
                NEUTRAL.user_path
            } else {
                text(self.user)
            },
            issuer: self.issuer.map(text),
            settings: text(self.settings),
            env_prefix: self.env_prefix.map(text),
            authentication: kept(self.authentication),
            named_scopes: kept(named.collect()),
            known: Known {
                grade: self.grade,
                date: text(self.date),
                from: text(self.from),
                note: text(self.note),
            },
            code_after: kept(self.code_after.into_iter().collect()),
            ..NEUTRAL
        }
    }
}

/// The profiles of the table, in its order.
pub fn presets() -> &'static [ProviderProfile] {
    static PRESETS: OnceLock<Vec<ProviderProfile>> = OnceLock::new();
    PRESETS.get_or_init(|| {
        let table: Table = built_in!("providers/profiles");
        let rows = table.provider.into_iter();
        rows.map(|row| row.profile(&table.scope)).collect()
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::providers::{Provider, by_name, presets::*, profiles, server_table::code_after};

    #[test]
    fn every_row_is_whole() {
        let ids: BTreeSet<&str> = profiles().map(|profile| profile.id).collect();
        assert_eq!(ids.len(), profiles().count(), "two profiles have one name");
        for profile in presets() {
            let id = profile.id;
            assert!(profile.host.is_some() || profile.self_hosted, "{id}");
            for scope in profile.named_scopes {
                assert!(
                    !scope.en.is_empty() && !scope.zh_cn.is_empty(),
                    "{id}: {}",
                    scope.name
                );
            }
            assert_eq!(
                profile.known.grade == Grade::Run,
                !profile.code_after.is_empty(),
                "{id}: what a refusal does to a code is known where the server was run"
            );
            if profile.is_neutral() {
                assert!(profile.token_endpoint.is_empty(), "{id}");
                continue;
            }
            let provider = profile.at(profile.host.unwrap_or("id.example.com"));
            let endpoints = [&provider.authorization_endpoint, &provider.token_endpoint];
            for url in endpoints.into_iter().chain(&provider.issuer) {
                let https = url::Url::parse(url).is_ok_and(|url| url.scheme() == "https" && url.has_host());
                assert!(https && !url.contains(['{', ' ']), "{id}: {url}");
            }
        }
    }

    #[test]
    fn a_refusal_spends_the_code_where_the_server_was_seen_to_do_so() {
        let at = |name: &str| Provider {
            profile: by_name(name).expect(name),
            ..Provider::custom("https://a.test/authorize", "https://a.test/token", "")
        };
        for (name, meaning, after) in [
            ("oidc-provider", Code::CredentialsRefused, CodeAfter::Kept),
            ("node-oauth2-server", Code::CredentialsRefused, CodeAfter::Kept),
            ("node-oauth2-server", Code::RedirectUriRefused, CodeAfter::Spent),
            ("better-auth", Code::CredentialsRefused, CodeAfter::Spent),
            ("gitlab", Code::CredentialsRefused, CodeAfter::MayBeSpent),
            ("better-auth", Code::CodeRefused, CodeAfter::Spent),
        ] {
            assert_eq!(code_after(&at(name), meaning), after, "{name} {meaning:?}");
        }
    }

    #[test]
    fn a_saved_profile_is_read_again_and_an_unknown_one_says_nothing() {
        for (saved, read) in [
            ("git_hub", "github"),
            ("rfc6749", "custom"),
            ("better-auth", "better-auth"),
            ("of-tomorrow", "custom"),
        ] {
            let json = serde_json::to_string(saved).unwrap();
            let profile: &'static ProviderProfile = serde_json::from_str(&json).unwrap();
            assert_eq!(profile.id, read, "{saved}");
            let written = serde_json::to_string(&profile).unwrap();
            assert_eq!(written, format!("{read:?}"));
        }
    }
}
