//! Redirects: a whole text that is one, and one with other text around it.

use std::borrow::Cow;

use crate::{
    diagnosis::context::response_params,
    flow::{
        grants::authorization_code::redirect::is_target,
        transcript::{Channel, Disposition, Observation},
    },
    oauth::{
        authorization::AuthorizationResponse,
        http::{HttpRequest, HttpResponse, is_url},
        params::holds_white_space,
    },
    providers::error_table::is_known,
    sources::pasted::request::TELLING,
};

/// An authorization server's own redirect, as `curl -i` shows it: its `Location` is the authorization response.
pub(crate) fn in_location(response: &HttpResponse) -> Option<Observation> {
    if !(300..400).contains(&response.status) {
        return None;
    }
    whole(response.header("location")?.trim())
}

/// The text in one line, without the breaks that a terminal put inside and the white space around them. `None` where a line
/// begins something of its own.
pub(crate) fn without_line_breaks(text: &str) -> Option<Cow<'_, str>> {
    let mut lines = text.trim().lines();
    let first = lines.next().unwrap_or_default();
    let mut before = first;
    for line in lines.clone() {
        let line = line.trim_start();
        let name = line.split('=').next().unwrap_or_default();
        let begins_anew = is_url(line)
            || (name.len() < line.len()
                && TELLING.contains(&name)
                && !before.trim_end().ends_with(['&', '?']));
        if line.is_empty() || line.starts_with(['{', '[', '<', '"', '\'']) || begins_anew {
            return None;
        }
        before = line;
    }
    Some(if lines.clone().next().is_some() {
        Cow::Owned(std::iter::once(first).chain(lines).map(str::trim).collect())
    } else {
        Cow::Borrowed(first.trim())
    })
}

/// Reads a redirect: a whole URL, a request target, or a query; line breaks that a terminal put inside do not count.
pub(crate) fn whole(text: &str) -> Option<Observation> {
    let joined = without_line_breaks(text)?;
    if joined.starts_with(['{', '<', '"']) || holds_white_space(&joined) {
        return None;
    }
    let is_target = is_target(&joined);
    let url = if is_target {
        joined.into_owned()
    } else {
        format!("?{joined}")
    };
    let request = HttpRequest::get(url);
    let params = response_params(&request);
    let response = AuthorizationResponse::from_params(&params);
    let speaks_for_a_redirect = is_target || response.code.is_some() || only_on_a_redirect(&response);
    let known = response.is_present() || response.state.is_some() || response.iss.is_some();
    if !known || !speaks_for_a_redirect || params.get("access_token").is_some() {
        return None;
    }
    let repeated = ["state", "code", "error"]
        .iter()
        .any(|name| params.count(name) > 1);
    let disposition = if repeated {
        Disposition::ParameterRepeated
    } else if response.error.is_some() {
        Disposition::ErrorResponse
    } else if response.code.is_some() {
        Disposition::AcceptedUnchecked
    } else {
        Disposition::NoParameters
    };
    Some(Observation::RedirectReceived {
        channel: Channel::Pasted,
        request,
        disposition,
    })
}

/// Reads one word of a longer text: of many addresses with a `code` or an `error` few are redirects.
pub(crate) fn word(word: &str) -> Option<Observation> {
    let found = whole(word)?;
    let Observation::RedirectReceived { request, .. } = &found else {
        return None;
    };
    if !request.url.contains(['?', '#']) {
        return None;
    }
    let response = AuthorizationResponse::from_params(&response_params(request));
    let certain = response.state.is_some() || response.iss.is_some();
    let likely = certain || leads_to_a_callback(request.path());
    let is_redirect = match (&response.error, &response.code) {
        (Some(error), _) => is_known(error) || (likely && is_code_like(error)),
        (None, Some(code)) => certain || (likely && !is_number(code)),
        (None, None) => false,
    };
    is_redirect.then_some(found)
}

/// True for a path that people give their redirect URIs.
fn leads_to_a_callback(path: &str) -> bool {
    const PARTS: [&str; 9] = [
        "callback", "oauth", "auth", "redirect", "return", "login", "signin", "sign-in", "connect",
    ];
    let path = path.to_ascii_lowercase();
    let mut segments = path.split('/').filter(|segment| !segment.is_empty());
    let is_file = segments.clone().next_back().is_some_and(|last| {
        [".js", ".css", ".map", ".png", ".svg", ".ico"]
            .iter()
            .any(|end| last.ends_with(end))
    });
    !is_file && segments.any(|segment| segment == "cb" || PARTS.iter().any(|part| segment.contains(part)))
}

/// A status, an exit code or an error number, and no authorization code.
fn is_number(code: &str) -> bool {
    code.len() < 5 && code.bytes().all(|b| b.is_ascii_digit())
}

/// True for what an error code looks like (RFC 6749 §4.1.2.1), a sentence or a number is none.
pub(crate) fn is_code_like(error: &str) -> bool {
    const NO_CODES: [&str; 10] = [
        "error",
        "none",
        "null",
        "true",
        "false",
        "undefined",
        "err",
        "e",
        "nil",
        "exc",
    ];
    let bytes = error.as_bytes();
    bytes.first().is_some_and(u8::is_ascii_alphabetic)
        && bytes.len() <= 64
        && bytes
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(b))
        && !NO_CODES.contains(&error.to_ascii_lowercase().as_str())
}

/// A bare query with an error might be a form-encoded answer of the token endpoint as well. What only an authorization
/// response has decides: `state`, `iss`, or an error of RFC 6749 §4.1.2.1 or GitHub's authorization page (docs/github.md
/// §1).
fn only_on_a_redirect(response: &AuthorizationResponse) -> bool {
    let errors = [
        "access_denied",
        "application_suspended",
        "unsupported_response_type",
        "server_error",
        "temporarily_unavailable",
    ];
    response.state.is_some()
        || response.iss.is_some()
        || response
            .error
            .as_deref()
            .is_some_and(|error| errors.contains(&error))
}
