//! What is known of an authorization server beyond its endpoints: the table `assets/providers/servers.toml`.

use std::{collections::BTreeMap, sync::OnceLock};

use serde::Deserialize;

use crate::{
    diagnosis::rule::Code,
    oauth::provider::{Dialect, Provider},
    text::embedded::built_in,
};

/// What an answer has done to the authorization code that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeAfter {
    /// It can be sent again.
    Kept,
    /// Nobody knows: another exchange may be refused because of it.
    MayBeSpent,
    /// It will be refused.
    Spent,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Server {
    simulated: Option<bool>,
    dialect: Option<Dialect>,
    settings: String,
    code_after: BTreeMap<Code, CodeAfter>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    server: Vec<Server>,
    code_after: BTreeMap<Code, CodeAfter>,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| built_in!("providers/servers"))
}

fn server(provider: &Provider) -> Option<&'static Server> {
    table().server.iter().find(|server| {
        server
            .simulated
            .is_none_or(|simulated| simulated == provider.simulated)
            && server.dialect.is_none_or(|dialect| dialect == provider.dialect)
    })
}

/// What an answer of this meaning does to the code at this server; [`CodeAfter::MayBeSpent`] where the table does not say.
pub fn code_after(provider: &Provider, meaning: Code) -> CodeAfter {
    let own = server(provider).and_then(|server| server.code_after.get(&meaning));
    own.or_else(|| table().code_after.get(&meaning))
        .copied()
        .unwrap_or(CodeAfter::MayBeSpent)
}

/// The page on which the apps of this server are registered, where it is known.
pub fn settings_page(provider: &Provider) -> Option<String> {
    let template = &server(provider)?.settings;
    let host = provider.host();
    (!template.is_empty() && !host.is_empty()).then(|| template.replace("{host}", &host))
}

#[cfg(test)]
mod tests {
    use crate::providers::server_table::*;

    #[test]
    fn what_a_refusal_does_to_the_code_depends_on_the_server() {
        let simulator = Provider::simulator("http://127.0.0.1:1");
        let custom = Provider::custom("https://a.test/authorize", "https://a.test/token", "");
        for (provider, meaning, after) in [
            (&simulator, Code::CredentialsRefused, CodeAfter::Kept),
            (
                &Provider::default(),
                Code::CredentialsRefused,
                CodeAfter::MayBeSpent,
            ),
            (&custom, Code::RedirectUriRefused, CodeAfter::MayBeSpent),
            (&custom, Code::GrantRefused, CodeAfter::MayBeSpent),
            (&simulator, Code::GrantRefused, CodeAfter::MayBeSpent),
            (&Provider::default(), Code::CodeRefused, CodeAfter::Spent),
            (&custom, Code::CodeRefused, CodeAfter::Spent),
            (&custom, Code::TokenObtained, CodeAfter::Spent),
            (&custom, Code::RateLimited, CodeAfter::Kept),
        ] {
            assert_eq!(
                code_after(provider, meaning),
                after,
                "{} {meaning:?}",
                provider.name
            );
        }
    }

    #[test]
    fn the_settings_page_is_the_servers_own() {
        let page = |provider: &Provider| settings_page(provider);
        assert_eq!(
            page(&Provider::default()).as_deref(),
            Some("https://github.com/settings/developers")
        );
        assert_eq!(
            page(&Provider::github("git.example.test")).as_deref(),
            Some("https://git.example.test/settings/developers")
        );
        assert_eq!(page(&Provider::simulator("http://127.0.0.1:1")), None);
        assert_eq!(
            page(&Provider::custom("https://a.test/a", "https://a.test/t", "")),
            None
        );
    }
}
