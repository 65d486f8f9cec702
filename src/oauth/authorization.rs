//! The authorization request (RFC 6749 §4.1.1) and the authorization response that the browser brings back (§4.1.2).

use serde::{Deserialize, Serialize};

use crate::oauth::params::Params;

/// An authorization request: the URL that the browser is sent to, still in parts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationRequest {
    /// The authorization endpoint, without the parameters below. It may hold a query of its own.
    pub endpoint: String,
    /// The request parameters in the order in which they are sent.
    pub params: Params,
}

impl AuthorizationRequest {
    /// The whole URL.
    pub fn url(&self) -> String {
        let separator = if self.endpoint.contains('?') { '&' } else { '?' };
        format!("{}{separator}{}", self.endpoint, self.params.encode())
    }
}

/// What came back on the redirect, read by the names of RFC 6749 §4.1.2 and RFC 9207.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationResponse {
    /// The authorization code.
    pub code: Option<String>,
    /// The `state` that was echoed.
    pub state: Option<String>,
    /// The issuer (RFC 9207 §2).
    pub iss: Option<String>,
    /// The error code.
    pub error: Option<String>,
    /// The sentence beside the error.
    pub error_description: Option<String>,
    /// The page about the error, made absolute.
    pub error_uri: Option<String>,
}

impl AuthorizationResponse {
    /// Reads the parameters of a redirect. If a parameter is repeated, the first one counts.
    pub fn from_params(params: &Params) -> Self {
        let value = |name: &str| params.get(name).map(str::to_owned);
        Self {
            code: value("code"),
            state: value("state"),
            iss: value("iss"),
            error: value("error"),
            error_description: value("error_description"),
            error_uri: value("error_uri").map(|uri| absolute_error_uri(&uri)),
        }
    }

    /// True when there is a code or an error: what makes a request to the listener an authorization response at all.
    pub fn is_present(&self) -> bool {
        self.code.is_some() || self.error.is_some()
    }
}

/// Makes GitHub's relative `error_uri`, as its docs print it, absolute; leaves an absolute one alone (docs/github.md §3), and
/// a relative one that is not below the path of those docs, since another provider's leads elsewhere.
pub fn absolute_error_uri(uri: &str) -> String {
    if !uri.starts_with("/apps/") {
        return uri.to_owned();
    }
    let docs = url::Url::parse(crate::providers::github::errors::DOCS).ok();
    let is_absolute = url::Url::parse(uri).is_ok();
    match docs.and_then(|docs| docs.join(uri).ok()) {
        Some(resolved) if !is_absolute => resolved.into(),
        _ => uri.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::oauth::authorization::*;

    #[test]
    fn a_request_becomes_a_url() {
        let mut request = AuthorizationRequest {
            endpoint: "http://h/a".into(),
            ..Default::default()
        };
        request.params.push("scope", "repo user");
        assert_eq!(request.url(), "http://h/a?scope=repo+user");
        request.endpoint.push_str("?tenant=1");
        assert_eq!(request.url(), "http://h/a?tenant=1&scope=repo+user");
    }

    #[test]
    fn a_relative_error_uri_of_another_provider_is_left_alone() {
        for uri in [
            "/docs/errors#x",
            "errors/x",
            "//other.example/x",
            "https://h/apps/x",
        ] {
            assert_eq!(absolute_error_uri(uri), uri);
        }
    }

    #[test]
    fn a_relative_error_uri_becomes_absolute() {
        let response = AuthorizationResponse::from_params(&Params::decode(
            "error=access_denied&error_uri=%2Fapps%2Fx%23y",
        ));
        assert_eq!(
            response.error_uri.as_deref(),
            Some("https://docs.github.com/apps/x#y")
        );
        assert!(response.is_present());
        assert!(!AuthorizationResponse::from_params(&Params::decode("a=b")).is_present());
    }
}
