//! What an answer does to the authorization code that was sent. RFC 6749 leaves it open, and servers differ: after the same
//! refusal some redeem the code and some do not. Each profile says what is known of its server.

use serde::Deserialize;

use crate::{diagnosis::rule::Code, providers::provider::Provider};

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

/// At every server: answers that come before anybody looks at the code, and those that end its life.
const ANYWHERE: [(Code, CodeAfter); 8] = [
    (Code::RateLimited, CodeAfter::Kept),
    (Code::Blocked, CodeAfter::Kept),
    (Code::ProxyRefused, CodeAfter::Kept),
    (Code::EndpointNotFound, CodeAfter::Kept),
    (Code::TokenEndpointRedirects, CodeAfter::Kept),
    (Code::TokenRequestNotPost, CodeAfter::Kept),
    (Code::TokenObtained, CodeAfter::Spent),
    (Code::CodeRefused, CodeAfter::Spent),
];

/// The built-in simulator keeps a code until it is redeemed or refused.
const SIMULATOR: [(Code, CodeAfter); 3] = [
    (Code::CredentialsRefused, CodeAfter::Kept),
    (Code::RedirectUriRefused, CodeAfter::Kept),
    (Code::PkceRefused, CodeAfter::Kept),
];

/// What an answer of this meaning does to the code at this server; [`CodeAfter::MayBeSpent`] where its profile does not say.
pub fn code_after(provider: &Provider, meaning: Code) -> CodeAfter {
    let own = if provider.simulated {
        &SIMULATOR
    } else {
        provider.profile.code_after
    };
    own.iter()
        .chain(&ANYWHERE)
        .find(|(known, _)| *known == meaning)
        .map_or(CodeAfter::MayBeSpent, |(_, after)| *after)
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
        let page = |provider: &Provider| provider.settings_page();
        assert_eq!(
            page(&Provider::default()).as_deref(),
            Some("https://github.com/settings/developers")
        );
        assert_eq!(
            page(&crate::providers::github::at("git.example.test")).as_deref(),
            Some("https://git.example.test/settings/developers")
        );
        assert_eq!(page(&Provider::simulator("http://127.0.0.1:1")), None);
        assert_eq!(
            page(&Provider::custom("https://a.test/a", "https://a.test/t", "")),
            None
        );
    }
}
