//! What is wrong away from the client: at the authorization server, in the browser, or with the time.

use crate::{
    flow::configuration::Configuration,
    lab::faults::{Fault, OTHER_CLIENT_ID},
    oauth::{params::Params, redirect_matching::Registered, redirect_uri::RedirectUri, secret::Secret},
    simulator::{Decision, Options},
};

const ELEVEN_MINUTES: u64 = 11 * 60 * 1000;

/// The scope that the person does not grant.
const WITHHELD: &str = "gist";

/// The secret that has taken the place of the one in use.
const NEW_SECRET: &str = "5ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2";

impl Fault {
    /// True when it needs the simulator: what goes wrong is on the server's side, in the browser, or in the passing of time.
    pub fn needs_simulator(self) -> bool {
        self.public_address().is_some()
            || matches!(
                self,
                Self::ClientSecretRotated
                    | Self::TokenEndpointOnOtherHost
                    | Self::RedirectUriOmitted
                    | Self::RedirectUriNotRegistered
                    | Self::RedirectUriWildcardOff
                    | Self::CodeRedirectedTwice
                    | Self::CodePasted
                    | Self::CodeAfterCancel
                    | Self::CodeExpired
                    | Self::CodeOfAnotherClient
                    | Self::StateTampered
                    | Self::StateMissing
                    | Self::StateRepeated
                    | Self::IssuerDiffers
                    | Self::UserDenies
                    | Self::ScopesNarrowed
                    | Self::AppSuspended
                    | Self::EmailUnverified
                    | Self::RateLimited
                    | Self::HtmlAnswer
                    | Self::TokenEndpointSilent
                    | Self::TokenEndpointWithoutTls
            )
    }

    /// What is set wrong before the authorization: in the client's values, or in the simulator's.
    pub fn prepare(self, configuration: &mut Configuration, simulator: &mut Options) {
        let registered = &mut simulator.app.registered;
        match self {
            Self::RedirectUriNotRegistered => {
                let uri = elsewhere(&configuration.redirect_uri);
                *registered = vec![Registered { uri, wildcard: true }];
            }
            Self::RedirectUriOmitted => {
                let uri = elsewhere(registered.first().map_or("", |first| &first.uri));
                registered.insert(0, Registered { uri, wildcard: true });
            }
            Self::RedirectUriWildcardOff => {
                for registered in registered {
                    registered.wildcard = false;
                }
            }
            // A returning user who is asked for no scope gets no consent page, so there is nothing to cancel
            // (docs/github.md §1).
            Self::UserDenies | Self::CodeAfterCancel if configuration.scopes.is_empty() => {
                configuration.scopes.push("read:user".into());
            }
            Self::ScopesNarrowed => {
                if !configuration.scopes.iter().any(|scope| scope == WITHHELD) {
                    configuration.scopes.push(WITHHELD.into());
                }
                simulator.account.withholds = vec![WITHHELD.into()];
            }
            Self::AppSuspended => simulator.app.suspended = true,
            Self::EmailUnverified => simulator.account.email_verified = false,
            Self::RateLimited => simulator.habits.rate_limited = true,
            Self::HtmlAnswer => simulator.habits.html_answer = true,
            _ => {
                if let Some((_, uri)) = self.public_address() {
                    *registered = vec![Registered {
                        uri: uri.into(),
                        wildcard: true,
                    }];
                }
            }
        }
        configuration
            .registration
            .redirect_uris
            .clone_from(&simulator.app.registered);
        self.alter_configuration(configuration);
    }

    /// Of a fault with a public redirect URI: what is sent and what is registered. Such a redirect never arrives at a
    /// loopback listener, and need not: the server stops at its page before.
    pub(crate) fn public_address(self) -> Option<(&'static str, &'static str)> {
        Some(match self {
            Self::RedirectUriBehindTlsProxy => (
                "http://app.example/auth/callback",
                "https://app.example/auth/callback",
            ),
            Self::RedirectUriOnPreviewHost => (
                "https://app-pr-17.preview.example/auth/callback",
                "https://app.example/auth/callback",
            ),
            Self::RedirectUriWithoutWww => (
                "https://app.example/auth/callback",
                "https://www.app.example/auth/callback",
            ),
            Self::RedirectUriPublicPort => (
                "https://app.example:8443/auth/callback",
                "https://app.example/auth/callback",
            ),
            _ => return None,
        })
    }

    /// What the person at the simulator's consent page does.
    pub fn decision(self) -> Decision {
        match self {
            Self::UserDenies | Self::CodeAfterCancel => Decision::Deny,
            _ => Decision::Approve,
        }
    }

    /// How many times the browser brings the redirect.
    pub fn redirects(self) -> u32 {
        if self == Self::CodeRedirectedTwice { 2 } else { 1 }
    }

    /// What becomes of the redirect on its way from the authorization server.
    pub fn alter_redirect(self, redirect: &str) -> String {
        let (name, value) = match self {
            Self::StateTampered => ("state", Some("tampered")),
            Self::StateMissing => ("state", None),
            Self::IssuerDiffers => ("iss", Some("https://elsewhere.example/login/oauth")),
            Self::StateRepeated => return format!("{redirect}&state=of-another-tab"),
            // To the program that has the code first.
            Self::CodePasted => return redirect.replacen('?', "/of-a-library?", 1),
            _ => return redirect.to_owned(),
        };
        let Some((base, query)) = redirect.split_once('?') else {
            return redirect.to_owned();
        };
        let mut params = Params::decode(query);
        params.0.retain(|(n, _)| n != name);
        if let Some(value) = value {
            params.push(name, value);
        }
        format!("{base}?{}", params.encode())
    }

    /// Milliseconds that pass between the redirect and the exchange.
    pub fn millis_before_exchange(self) -> u64 {
        if self == Self::CodeExpired {
            ELEVEN_MINUTES
        } else {
            0
        }
    }

    /// What changes at the authorization server before the exchange of that number, counted from 1.
    pub fn before_exchange(self, number: u32, simulator: &mut Options) {
        match self {
            // The app that exchanges the code, or the one that is registered at the other host.
            Self::CodeOfAnotherClient | Self::TokenEndpointOnOtherHost => {
                simulator.app.client_id = OTHER_CLIENT_ID.into();
            }
            Self::CodeRedirectedTwice | Self::CodePasted => simulator.habits.redeemed_elsewhere = true,
            Self::ClientSecretRotated if number > 1 => {
                simulator.app.client_secret = Secret::new(NEW_SECRET);
            }
            _ => {}
        }
    }
}

/// The same redirect URI with another path, without its port where that is free.
fn elsewhere(redirect_uri: &str) -> String {
    match RedirectUri::parse(redirect_uri) {
        Ok(mut uri) => {
            if uri.is_loopback() {
                uri.port = None;
            }
            uri.path = "/auth/callback".into();
            uri.to_string()
        }
        Err(_) => "http://127.0.0.1/auth/callback".into(),
    }
}

#[cfg(test)]
mod tests {
    use crate::lab::faults::server::*;
    use crate::oauth::redirect_matching::matches;

    #[test]
    fn a_public_address_is_never_a_registered_one() {
        for fault in Fault::ALL {
            if let Some((sent, uri)) = fault.public_address() {
                let uri = uri.to_owned();
                assert!(
                    !matches(&Registered { uri, wildcard: true }, sent),
                    "{}",
                    fault.name()
                );
                assert!(fault.needs_simulator());
            }
        }
    }

    #[test]
    fn what_becomes_of_the_redirect() {
        let redirect = "http://127.0.0.1:1/cb?code=c&state=s";
        for (fault, brought) in [
            (
                Fault::StateRepeated,
                "http://127.0.0.1:1/cb?code=c&state=s&state=of-another-tab",
            ),
            (
                Fault::CodePasted,
                "http://127.0.0.1:1/cb/of-a-library?code=c&state=s",
            ),
            (Fault::StateMissing, "http://127.0.0.1:1/cb?code=c"),
            (Fault::CodeReused, redirect),
        ] {
            assert_eq!(fault.alter_redirect(redirect), brought);
        }
    }
}
