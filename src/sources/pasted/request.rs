//! Requests of a client: the address of an authorization request, and a token request as a body, a URL, a message or a
//! command line.

use std::borrow::Cow;

use crate::{
    flow::{
        configuration::{Configuration, Origins},
        transcript::{Observation, Purpose},
    },
    oauth::{
        authorization::AuthorizationRequest,
        http::HttpRequest,
        params::{Params, holds_white_space},
        token::request_params,
    },
    providers::recognise::{self, is_authorization_path, is_token_path},
    sources::pasted::{body, curl_command, http_message},
};

/// How often the text around a name is read.
const TRIES: usize = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Authorization,
    Token,
}

/// The requests in a text, and the part of it in which their answer may stand.
pub(crate) fn read(text: &str) -> (Vec<Observation>, &str) {
    if let Some((request, rest)) = curl_command::read(text)
        && let Some(observation) = observed(request)
    {
        return (vec![observation], rest);
    }
    if let Some((request, rest)) = message(text)
        && let Some(observation) = observed(request)
    {
        return (vec![observation], rest);
    }
    if text.starts_with('<') {
        return (Vec::new(), text);
    }
    if let Some(observation) = whole(text) {
        return (vec![observation], "");
    }
    // Behind a status line stands an answer.
    let before = http_message::first_status_line(text).map_or(text, |at| &text[..at]);
    (within(before), text)
}

fn whole(text: &str) -> Option<Observation> {
    if text.starts_with('{') {
        // A look that saves reading a large answer twice.
        let names = ["\"client_id\"", "\"client_secret\"", "\"grant_type\""];
        if !names.iter().any(|name| text.contains(name)) {
            return None;
        }
        let request = HttpRequest {
            method: "POST".into(),
            body: text.as_bytes().to_vec(),
            ..HttpRequest::default()
        };
        return (!request_params(&request).is_empty()).then(|| observed(request))?;
    }
    let joined = crate::sources::pasted::without_line_breaks(text);
    if joined.starts_with('"') || holds_white_space(&joined) {
        return None;
    }
    word(&joined)
}

/// Reads one word: a URL, a request target, a query or a form.
fn word(text: &str) -> Option<Observation> {
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

/// Requests with other text around them: the first authorization request and the first token request.
fn within(text: &str) -> Vec<Observation> {
    let edge = |c: char| c.is_whitespace() || "\"'<>()[]{}`".contains(c);
    let mut authorization = None;
    let mut token = None;
    let mut read = 0..0;
    let marks = ["client_id=", "client_secret=", "grant_type="].into_iter();
    for mark in marks.chain(recognise::authorization_paths()) {
        for (at, _) in text.match_indices(mark).take(TRIES) {
            if read.contains(&at) {
                continue;
            }
            let start = text[..at].rfind(edge).map_or(0, |found| {
                found + text[found..].chars().next().map_or(1, char::len_utf8)
            });
            let end = text[at..].find(edge).map_or(text.len(), |found| at + found);
            read = start..end;
            match word(&text[start..end]) {
                Some(found @ Observation::AuthorizationStarted { .. }) => {
                    authorization.get_or_insert(found);
                }
                Some(found) => {
                    token.get_or_insert(found);
                }
                None => {}
            }
        }
    }
    if token.is_none() {
        let is_request = |object: &str| whole(object).is_some();
        token = ["\"client_secret\"", "\"grant_type\""]
            .into_iter()
            .find_map(|name| body::object_around(text, name, is_request))
            .and_then(|object| whole(&object));
    }
    authorization.into_iter().chain(token).collect()
}

/// A request as it travels: a request line, headers, an empty line, a body. And what follows it.
fn message(text: &str) -> Option<(HttpRequest, &str)> {
    let (line, mut rest) = http_message::split_line(text);
    let mut words = line.split(' ');
    let (method, target, version) = (words.next()?, words.next()?, words.next()?);
    if !matches!(method, "GET" | "POST") || !version.starts_with("HTTP/") {
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
    let end = http_message::first_status_line(rest).unwrap_or(rest.len());
    let (body, answer) = rest.split_at(end);
    // Behind a form of one line an answer may follow.
    let (body, answer) = match body.trim().split_once('\n') {
        Some((form, behind)) if !form.starts_with('{') => {
            (form, if answer.is_empty() { behind } else { answer })
        }
        _ => (body.trim(), answer),
    };
    request.body = body.trim().as_bytes().to_vec();
    Some((request, answer))
}

/// The parameters by which [`kind`] tells one request from the other.
const TELLING: [&str; 12] = [
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

/// What a request is, where it is an authorization request or a token request.
pub(crate) fn observed(request: HttpRequest) -> Option<Observation> {
    if let Some(inner) = behind_sign_in(&request) {
        return observed(HttpRequest::get(inner));
    }
    // The message of a redirect to `/callback?code=…` has no parameter that a client's request needs.
    match kind(&request_params(&request), request.path())? {
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
