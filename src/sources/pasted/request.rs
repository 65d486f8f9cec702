//! Requests of a client: the address of an authorization request, and a token request as a body, a URL, a message or a
//! command line.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::{
    flow::{
        configuration::{Configuration, Origins},
        transcript::{Observation, Purpose},
    },
    oauth::{
        authorization::AuthorizationRequest,
        http::HttpRequest,
        params::{Params, holds_white_space},
        token::{params_by, request_params},
    },
    providers::recognise::{self, is_authorization_path, is_token_path},
    sources::pasted::{body, http_message, redirect::without_line_breaks},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Authorization,
    Token,
}

/// Reads a whole text that is one request: an address, a query, a form, a JSON body.
pub(crate) fn whole(text: &str) -> Option<Observation> {
    let joined = without_line_breaks(text)?;
    if joined.starts_with(['"', '{', '<']) || holds_white_space(&joined) {
        return None;
    }
    word(&joined)
}

/// Reads one word: a URL, a request target, a query or a form.
pub(crate) fn word(text: &str) -> Option<Observation> {
    let text = if text.contains("&amp;") {
        Cow::Owned(text.replace("&amp;", "&"))
    } else {
        Cow::Borrowed(text)
    };
    let is_url = text.contains("://")
        && text.split("://").next().is_some_and(|scheme| {
            !scheme.is_empty()
                && scheme
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
        });
    if is_url || text.starts_with('/') {
        return observed(HttpRequest::get(text));
    }
    let form = text.trim_start_matches('?');
    let params = Params::decode_named(form, &TELLING);
    match kind(&params, "")? {
        Kind::Authorization => observed(HttpRequest::get(format!("?{form}"))),
        Kind::Token => observed(HttpRequest {
            method: "POST".into(),
            body: form.as_bytes().to_vec(),
            ..HttpRequest::default()
        }),
    }
}

/// True where an object may be a request: a look that saves reading others.
pub(crate) fn has_a_telling_name(members: &Map<String, Value>) -> bool {
    ["client_id", "client_secret", "grant_type"]
        .iter()
        .any(|name| members.contains_key(*name))
}

/// The JSON body of a token request.
pub(crate) fn object(text: &str) -> Option<Observation> {
    let request = HttpRequest {
        method: "POST".into(),
        body: text.as_bytes().to_vec(),
        ..HttpRequest::default()
    };
    (!request_params(&request).is_empty()).then(|| observed(request))?
}

/// A request as it travels: a request line, headers, an empty line, a body. And where it ends.
pub(crate) fn message(text: &str) -> Option<(HttpRequest, usize)> {
    let (line, mut rest) = http_message::split_line(text);
    let mut words = line.trim_end().split(' ');
    let (method, target, version) = (words.next()?, words.next()?, words.next()?);
    if !matches!(method, "GET" | "POST") || !version.starts_with("HTTP/") || words.next().is_some() {
        return None;
    }
    let mut request = HttpRequest {
        method: method.to_owned(),
        url: target.to_owned(),
        ..HttpRequest::default()
    };
    loop {
        let (line, behind) = http_message::split_line(rest);
        rest = behind;
        match line.split_once(':') {
            Some((name, value)) if !line.is_empty() => {
                request = request.with_header(name.trim(), value.trim());
            }
            _ if line.is_empty() => break,
            _ => return None,
        }
    }
    if let Some(host) = request.header("host").filter(|_| target.starts_with('/')) {
        request.url = format!("https://{host}{target}");
    }
    let head = text.len() - rest.len();
    if method == "GET" {
        return Some((request, head));
    }
    let start = rest.len() - rest.trim_start().len();
    let body = &rest[start..];
    if body.starts_with("HTTP/") {
        return Some((request, head));
    }
    let end = if body.starts_with('{') {
        body::closing_brace(body.as_bytes(), 0).unwrap_or(body.len())
    } else {
        // A form is one line.
        body.find(['\n', '{']).unwrap_or(body.len())
    };
    let shown = body[..end].trim();
    // Another line of a log: the body is not shown.
    if !shown.starts_with('{') && (holds_white_space(shown) || !shown.contains('=')) {
        return Some((request, head));
    }
    request.body = shown.as_bytes().to_vec();
    Some((request, head + start + end))
}

/// The address in the line before a body, `POST https://…`, as programs log what they send.
pub(crate) fn posted_to(before: &str) -> Option<&str> {
    /// An address is on a line that is no longer than this.
    const LONGEST: usize = 2_000;
    let from = before.len().saturating_sub(LONGEST);
    let from = (from..=before.len()).find(|at| before.is_char_boundary(*at))?;
    let line = before[from..]
        .lines()
        .rev()
        .find(|line| !line.trim().is_empty())?;
    let (_, target) = line.rsplit_once("POST ")?;
    let url = target.split_whitespace().next()?;
    let is_url = url.starts_with("https://") || url.starts_with("http://");
    is_url.then(|| url.trim_end_matches(['"', '\'', ',', ';']))
}

/// The parameters by which [`kind`] tells one request from the other.
pub(crate) const TELLING: [&str; 12] = [
    "access_token",
    "error",
    "user_code",
    "code",
    "refresh_token",
    "device_code",
    "client_secret",
    "client_id",
    "grant_type",
    "response_type",
    "redirect_uri",
    "code_challenge",
];

/// What a client's request is, by its parameters and its path; `None` where it is neither, or an answer.
fn kind(params: &Params, path: &str) -> Option<Kind> {
    let has = |name: &str| params.get(name).is_some();
    if has("access_token") || has("error") || has("user_code") {
        return None;
    }
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let goes_to_token_endpoint = is_token_path(path);
    let carries_a_grant = has("code") || has("refresh_token") || has("device_code");
    if has("client_secret")
        || (has("client_id") && carries_a_grant)
        || (has("grant_type") && (carries_a_grant || has("client_id")))
        || (goes_to_token_endpoint && !params.is_empty())
    {
        return Some(Kind::Token);
    }
    let asks = has("response_type") || has("redirect_uri") || has("code_challenge");
    let goes_to_authorization = matches!(last, "authorize" | "auth");
    let is_authorization = !has("code")
        && (is_authorization_path(path) || (has("client_id") && (asks || goes_to_authorization)));
    is_authorization.then_some(Kind::Authorization)
}

pub(crate) fn observed(request: HttpRequest) -> Option<Observation> {
    if let Some(inner) = behind_sign_in(&request) {
        return observed(HttpRequest::get(inner));
    }
    // The message of a redirect to `/callback?code=…` has no parameter that a client's request needs.
    match kind(&params_by(&request, Params::decode_names), request.path())? {
        Kind::Authorization => Some(authorization(&request)),
        Kind::Token => Some(Observation::RequestSent {
            exchange: 1,
            purpose: Purpose::Token,
            request,
            origins: Origins::default(),
        }),
    }
}

/// GitHub's sign-in page carries the authorization request in `return_to`.
fn behind_sign_in(request: &HttpRequest) -> Option<String> {
    let params = Params::decode(request.query()?);
    let inner = params
        .get("return_to")
        .filter(|inner| is_authorization_path(inner.split('?').next().unwrap_or_default()))?;
    let base = request.url.split("/login").next().unwrap_or_default();
    Some(format!("{base}{inner}"))
}

fn authorization(request: &HttpRequest) -> Observation {
    let params = Params::decode(request.query().unwrap_or_default());
    let endpoint = request.url.split(['?', '#']).next().unwrap_or_default();
    let value = |name: &str| params.get(name).unwrap_or_default().to_owned();
    let configuration = Configuration {
        provider: recognise::by_authorization_request(endpoint, request.path(), params.get("client_id")),
        client_id: value("client_id"),
        redirect_uri: value("redirect_uri"),
        scopes: crate::oauth::params::split_scope(&value("scope")),
        pkce: params.get("code_challenge").is_some(),
        ..Configuration::default()
    };
    Observation::AuthorizationStarted {
        configuration: Box::new(configuration),
        request: AuthorizationRequest {
            endpoint: endpoint.to_owned(),
            params,
        },
    }
}
