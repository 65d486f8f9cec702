//! An authorization server as data: where its endpoints are and which habits it has.

use serde::{Deserialize, Serialize};

/// How a provider words its refusals and holds redirect URIs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dialect {
    /// GitHub's: errors with status 200, form encoding by default, its own error codes (docs/github.md §3).
    #[default]
    GitHub,
    /// RFC 6749 as it stands.
    Rfc6749,
}

/// An authorization server and its API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provider {
    /// What a person calls it: `GitHub`, a host name, `simulator`.
    pub name: String,
    /// RFC 6749 §3.1.
    pub authorization_endpoint: String,
    /// RFC 6749 §3.2.
    pub token_endpoint: String,
    /// Base of the API at which the token is tried; `/user` is appended. Empty where there is none.
    pub api_url: String,
    /// The issuer identifier expected in `iss` (RFC 9207), where it is known.
    pub issuer: Option<String>,
    /// Its habits.
    pub dialect: Dialect,
    /// Lifetime of an authorization code in seconds: 600 at GitHub (docs/github.md §4); RFC 6749 §4.1.2 asks for 600 at
    /// most.
    pub code_lifetime: u64,
    /// True for the built-in simulator. Shown wherever the provider is.
    #[serde(default)]
    pub simulated: bool,
}

impl Default for Provider {
    fn default() -> Self {
        Self::github("github.com")
    }
}

impl Provider {
    /// GitHub on a host: github.com, GitHub Enterprise Cloud with data residency (`SUB.ghe.com`), or else a GitHub
    /// Enterprise Server (docs/github.md §7).
    pub fn github(host: &str) -> Self {
        let host = host.trim_end_matches('/');
        let api_url = if host == "github.com" || host.ends_with(".ghe.com") {
            format!("https://api.{host}")
        } else {
            format!("https://{host}/api/v3")
        };
        Self {
            name: if host == "github.com" {
                "GitHub".into()
            } else {
                host.into()
            },
            authorization_endpoint: format!("https://{host}/login/oauth/authorize"),
            token_endpoint: format!("https://{host}/login/oauth/access_token"),
            api_url,
            issuer: (host == "github.com").then(|| "https://github.com/login/oauth".into()),
            dialect: Dialect::GitHub,
            code_lifetime: 600,
            simulated: false,
        }
    }

    /// A provider by its endpoints, named by the host that is asked for tokens. `api_url` may be empty.
    pub fn custom(authorization_endpoint: &str, token_endpoint: &str, api_url: &str) -> Self {
        Self {
            name: host_of(token_endpoint),
            authorization_endpoint: authorization_endpoint.to_owned(),
            token_endpoint: token_endpoint.to_owned(),
            api_url: api_url.to_owned(),
            issuer: None,
            dialect: Dialect::Rfc6749,
            code_lifetime: 600,
            simulated: false,
        }
    }

    /// The host that a person is sent to, with its port where that is not the scheme's.
    pub fn host(&self) -> String {
        host_of(&self.authorization_endpoint)
    }

    /// The built-in simulator, served below `base_url` (no trailing slash).
    pub fn simulator(base_url: &str) -> Self {
        Self {
            name: "GitHub".into(),
            authorization_endpoint: format!("{base_url}/login/oauth/authorize"),
            token_endpoint: format!("{base_url}/login/oauth/access_token"),
            api_url: base_url.to_owned(),
            issuer: Some(format!("{base_url}/login/oauth")),
            dialect: Dialect::GitHub,
            code_lifetime: 600,
            simulated: true,
        }
    }

    /// Where its owner changes the registration of an app, where that is known.
    pub fn settings_page(&self) -> Option<String> {
        let endpoint = url::Url::parse(&self.authorization_endpoint).ok()?;
        let known = self.dialect == Dialect::GitHub && !self.simulated;
        known.then(|| format!("{}/settings/developers", endpoint.origin().ascii_serialization()))
    }

    /// Where the resource owner's profile is read, the proof that a token works; `None` where no API is known.
    pub fn user_endpoint(&self) -> Option<String> {
        (!self.api_url.is_empty()).then(|| format!("{}/user", self.api_url.trim_end_matches('/')))
    }
}

fn host_of(url: &str) -> String {
    let Ok(url) = url::Url::parse(url) else {
        return String::new();
    };
    let host = url.host_str().unwrap_or_default();
    url.port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

#[cfg(test)]
mod tests {
    use crate::oauth::provider::*;

    #[test]
    fn endpoints_by_host() {
        for (host, api) in [
            ("github.com", "https://api.github.com"),
            ("octo.ghe.com", "https://api.octo.ghe.com"),
            ("git.example.test", "https://git.example.test/api/v3"),
            ("git.example.test:8443", "https://git.example.test:8443/api/v3"),
        ] {
            let provider = Provider::github(host);
            assert_eq!(provider.host(), host);
            assert_eq!(provider.api_url, api);
            assert_eq!(
                provider.token_endpoint,
                format!("https://{host}/login/oauth/access_token")
            );
        }
    }
}
