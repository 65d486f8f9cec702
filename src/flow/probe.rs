//! Probes: requests that decide what the evidence leaves open. Never sent without being asked for.

use super::{configuration::Configuration, transcript::Purpose};
use crate::oauth::{
    http::HttpRequest,
    params::encode_value,
    token::{ANYTHING, TokenRequest, USER_AGENT},
};

/// A code that no authorization server has issued: twenty zeros have the right shape and stand for nothing.
pub const JUNK_CODE: &str = "00000000000000000000";

/// The request of a probe.
///
/// A token request with a code that cannot be right is answered after the client and the redirect URI were checked (facts
/// §3); the authorization endpoint answers 404 to a client that it does not know (facts §1).
pub fn request(configuration: &Configuration, purpose: Purpose) -> HttpRequest {
    match purpose {
        Purpose::ProbeAuthorization => HttpRequest::get(format!(
            "{}?client_id={}",
            configuration.provider.authorization_endpoint,
            encode_value(&configuration.client_id)
        ))
        .with_header("User-Agent", USER_AGENT)
        .with_header("Accept", ANYTHING),
        _ => TokenRequest {
            code: JUNK_CODE.into(),
            ..configuration.token_request(&configuration.redirect_uri, None)
        }
        .to_http(),
    }
}
