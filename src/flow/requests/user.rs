//! The resource owner's profile, read with the token: the proof that the token works.

use crate::{
    oauth::{
        http::HttpRequest,
        token::{TokenResponse, USER_AGENT},
    },
    providers::Provider,
};

/// The request; `None` where no API of the provider is known.
pub fn request(provider: &Provider, token: &TokenResponse) -> Option<HttpRequest> {
    let request = HttpRequest::get(provider.user_endpoint()?)
        .with_header("User-Agent", USER_AGENT)
        .with_header("Accept", "application/json")
        .with_header("Authorization", format!("Bearer {}", token.access_token.reveal()));
    Some(request)
}
