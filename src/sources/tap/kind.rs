//! What a request is to the flow, by its method and URL alone: known before its body comes.

use crate::{
    oauth::endpoint::{self, origin},
    providers::Provider,
};

/// A request that belongs to a flow, or may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The browser asks the authorization endpoint.
    Authorization,
    /// The browser asks for something else at the authorization server. Only where it is sent from there counts.
    Browser,
    /// A token request.
    Token,
    /// The token is tried at the API.
    User,
}

impl Kind {
    /// True when the bodies of the request and of its answer are of use.
    pub fn needs_bodies(self) -> bool {
        self != Self::Browser
    }
}

/// What a request is; `None` when it has nothing to do with a flow. `url` is the provider's.
pub fn of(provider: &Provider, method: &str, url: &str) -> Option<Kind> {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let is = |endpoint: &str| !endpoint.is_empty() && same_address(url, endpoint);
    let of_a_browser = matches!(method, "GET" | "POST" | "HEAD");
    let authorization = is(&provider.authorization_endpoint);
    if method == "POST" && is(&provider.token_endpoint) && !authorization {
        return Some(Kind::Token);
    }
    if authorization {
        // Both endpoints may have one address; then the method tells.
        return match method {
            "GET" => Some(Kind::Authorization),
            "POST" if is(&provider.token_endpoint) => Some(Kind::Token),
            "POST" => Some(Kind::Browser),
            _ => None,
        };
    }
    if is(&provider.token_endpoint) {
        // A token request has to be a POST (RFC 6749 §3.2); one that is not fails, and that is to be seen.
        return (method == "GET").then_some(Kind::Token);
    }
    if method == "GET" && provider.user_endpoint().is_some_and(|user| is(&user)) {
        return Some(Kind::User);
    }
    let origin = origin(&provider.authorization_endpoint);
    let at_the_server =
        of_a_browser && !origin.is_empty() && endpoint::origin(url).eq_ignore_ascii_case(origin);
    let of_the_api = !provider.api_url.is_empty()
        && endpoint::origin(&provider.api_url) != origin
        && url.starts_with(provider.api_url.as_str());
    (at_the_server && !of_the_api).then_some(Kind::Browser)
}

/// Scheme and host are the same in either letter case, the path is not.
fn same_address(url: &str, endpoint: &str) -> bool {
    let endpoint = endpoint.split(['?', '#']).next().unwrap_or_default();
    let (at_url, at_endpoint) = (origin(url), origin(endpoint));
    at_url.eq_ignore_ascii_case(at_endpoint)
        && url[at_url.len()..].trim_end_matches('/') == endpoint[at_endpoint.len()..].trim_end_matches('/')
}
