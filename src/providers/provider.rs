//! An authorization server: where its endpoints are, and of which kind it is.

use serde::{Deserialize, Serialize};

use crate::providers::{DEFAULT, MOST_CODE_LIFETIME, profile::ProviderProfile, rfc6749::RFC6749};

/// An authorization server and its API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provider {
    /// What a person calls it: `GitHub`, a host name, `simulator`.
    pub name: String,
    /// RFC 6749 §3.1.
    pub authorization_endpoint: String,
    /// RFC 6749 §3.2.
    pub token_endpoint: String,
    /// RFC 8628 §3.1. Empty where there is none, or where it is not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub device_authorization_endpoint: String,
    /// RFC 7662 §2. Empty where there is none, or where it is not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub introspection_endpoint: String,
    /// RFC 7009 §2. Empty where there is none, or where it is not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub revocation_endpoint: String,
    /// Base of the API at which the token is tried; `/user` is appended. Empty where there is none.
    pub api_url: String,
    /// The issuer identifier expected in `iss` (RFC 9207), where it is known.
    pub issuer: Option<String>,
    /// What is known of this kind of server.
    #[serde(alias = "dialect")]
    pub profile: &'static ProviderProfile,
    /// Lifetime of an authorization code in seconds: 600 at GitHub (docs/github.md §4); RFC 6749 §4.1.2 asks for 600 at
    /// most.
    pub code_lifetime: u64,
    /// True for the built-in simulator. Shown wherever the provider is.
    #[serde(default)]
    pub simulated: bool,
}

impl Default for Provider {
    fn default() -> Self {
        DEFAULT.at(DEFAULT.host.unwrap_or_default())
    }
}

impl Provider {
    /// A provider by its endpoints, named by the host that is asked for tokens. `api_url` may be empty.
    pub fn custom(authorization_endpoint: &str, token_endpoint: &str, api_url: &str) -> Self {
        Self {
            name: host_of(token_endpoint),
            authorization_endpoint: authorization_endpoint.to_owned(),
            token_endpoint: token_endpoint.to_owned(),
            device_authorization_endpoint: String::new(),
            introspection_endpoint: String::new(),
            revocation_endpoint: String::new(),
            api_url: api_url.to_owned(),
            issuer: None,
            profile: &RFC6749,
            code_lifetime: MOST_CODE_LIFETIME,
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
            name: DEFAULT.name.into(),
            authorization_endpoint: format!("{base_url}/login/oauth/authorize"),
            token_endpoint: format!("{base_url}/login/oauth/access_token"),
            device_authorization_endpoint: format!("{base_url}/login/device/code"),
            introspection_endpoint: String::new(),
            revocation_endpoint: String::new(),
            api_url: base_url.to_owned(),
            issuer: Some(format!("{base_url}/login/oauth")),
            profile: DEFAULT,
            code_lifetime: MOST_CODE_LIFETIME,
            simulated: true,
        }
    }

    /// How long a code is good, in seconds, where that is known: by the profile, or since somebody set it. RFC 6749 only
    /// names the most.
    pub fn known_code_lifetime(&self) -> Option<u64> {
        let is_known = self.profile.code_lifetime.is_some() || self.code_lifetime != MOST_CODE_LIFETIME;
        is_known.then_some(self.code_lifetime)
    }

    /// Where its owner changes the registration of an app, where that is known.
    pub fn settings_page(&self) -> Option<String> {
        let settings = self.profile.settings;
        if self.simulated || settings.is_empty() {
            return None;
        }
        let endpoint = url::Url::parse(&self.authorization_endpoint).ok()?;
        Some(if settings.starts_with('/') {
            format!("{}{settings}", endpoint.origin().ascii_serialization())
        } else {
            settings.to_owned()
        })
    }

    /// Where the resource owner's profile is read, the proof that a token works; `None` where no API is known.
    pub fn user_endpoint(&self) -> Option<String> {
        (!self.api_url.is_empty())
            .then(|| format!("{}{}", self.api_url.trim_end_matches('/'), self.profile.user_path))
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
