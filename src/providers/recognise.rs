//! Which kind of server a pasted request or answer is of. Each clue asks the profiles that have marks of their own; what
//! none of them claims is of a server that is not known.

use crate::{
    oauth::{http::HttpRequest, token::ErrorResponse},
    providers::{
        DEFAULT,
        github::formats::{ClientIdShape, CodeShape},
        profile::{Marks, ProviderProfile},
        profiles,
        provider::Provider,
        rfc6749::RFC6749,
    },
    text::defects::is_placeholder,
};

fn by_mark(has: impl Fn(&Marks) -> bool) -> &'static ProviderProfile {
    profiles()
        .find(|profile| profile.marks.is_some_and(&has))
        .unwrap_or(&RFC6749)
}

/// The paths by which authorization endpoints are recognised.
pub fn authorization_paths() -> impl Iterator<Item = &'static str> {
    let marked = profiles().filter_map(|profile| Some((profile.family, profile.marks?)));
    let mut family = "";
    marked.filter_map(move |(of, marks)| {
        (std::mem::replace(&mut family, of) != of).then_some(marks.authorization_path)
    })
}

/// True for the path of an authorization endpoint that is recognised by it.
pub fn is_authorization_path(path: &str) -> bool {
    by_mark(|marks| path.ends_with(marks.authorization_path))
        .marks
        .is_some()
}

/// True for the path of a token endpoint that is recognised by it.
pub fn is_token_path(path: &str) -> bool {
    by_mark(|marks| path.ends_with(marks.token_path)).marks.is_some()
}

/// Whose words an answer is in.
pub fn by_error(error: &ErrorResponse) -> &'static ProviderProfile {
    by_mark(|marks| (marks.error)(error))
}

/// Whose issuer identifier it is.
pub fn by_issuer(issuer: &str) -> &'static ProviderProfile {
    by_mark(|marks| issuer.ends_with(marks.issuer))
}

/// Whose best known host the request goes to, where nobody else can be there.
pub fn by_main_host(url: &str) -> Option<&'static ProviderProfile> {
    let (_, rest) = url.split_once("://")?;
    let host = rest.split(['/', '?', '#', ':']).next()?;
    profiles().find(|profile| profile.main_host == Some(host))
}

/// Whose token endpoint the request goes to.
pub fn by_token_request(request: &HttpRequest) -> &'static ProviderProfile {
    by_mark(|marks| request.path() == marks.token_path)
}

/// Whose values they look like. Nothing that tells leaves the default.
pub fn by_values(client_id: Option<&str>, code: Option<&str>) -> &'static ProviderProfile {
    let said = |value: &&str| !value.is_empty() && !is_placeholder(value);
    let Some(id) = client_id.filter(said) else {
        return DEFAULT;
    };
    let fits = |profile: &&'static ProviderProfile| {
        let id = profile.client_id_shape(id.trim());
        let code = code.filter(said).and_then(|code| profile.code_shape(code));
        id.is_some_and(|shape| shape != ClientIdShape::Unknown) || code == Some(CodeShape::TwentyHex)
    };
    profiles().find(fits).unwrap_or(&RFC6749)
}

/// The authorization server of an authorization request, as far as its address and the client id tell. `path` is the path of
/// the address.
pub fn by_authorization_request(endpoint: &str, path: &str, client_id: Option<&str>) -> Provider {
    let host = endpoint
        .split_once("://")
        .map_or("", |(_, rest)| rest.split('/').next().unwrap_or_default());
    let marked = by_mark(|marks| path.ends_with(marks.authorization_path));
    if marked.marks.is_some() && !host.is_empty() {
        return Provider {
            authorization_endpoint: endpoint.to_owned(),
            ..marked.at(host)
        };
    }
    let profile = if host.is_empty() && marked.marks.is_none() {
        by_values(client_id, None)
    } else {
        marked
    };
    Provider {
        name: host.to_owned(),
        authorization_endpoint: endpoint.to_owned(),
        token_endpoint: String::new(),
        device_authorization_endpoint: String::new(),
        api_url: String::new(),
        issuer: None,
        profile,
        ..Provider::default()
    }
}
