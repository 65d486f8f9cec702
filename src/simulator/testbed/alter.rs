//! How requests, redirects and answers are altered.

use serde_json::{Value, json};

use crate::{
    oauth::{
        http::{HttpRequest, HttpResponse},
        params::Params,
    },
    simulator::server::response,
};

/// Changes the form in the body of a request.
pub(super) fn form(request: &mut HttpRequest, change: impl FnOnce(&mut Params)) {
    let mut form = Params::decode(&String::from_utf8_lossy(&request.body));
    change(&mut form);
    request.body = form.encode().into_bytes();
}

/// Gives a parameter another value, or takes it away.
pub(super) fn set(params: &mut Params, name: &str, value: Option<&str>) {
    params.0.retain(|(known, _)| known != name);
    if let Some(value) = value {
        params.push(name, value);
    }
}

/// Changes what a redirect carries.
pub(super) fn redirect(answer: &mut HttpResponse, change: impl FnOnce(&mut Params)) {
    let location = answer
        .headers
        .iter_mut()
        .find(|(name, _)| name.eq_ignore_ascii_case("location"));
    if let Some((_, location)) = location
        && let Some((base, query)) = location.split_once('?')
    {
        let mut params = Params::decode(query);
        change(&mut params);
        *location = format!("{base}?{}", params.encode());
    }
}

/// Gives a member of a token response another value, or takes it away, whichever way the response is encoded.
pub(super) fn member(answer: &mut HttpResponse, name: &str, value: Option<&str>) {
    if let Ok(Value::Object(mut members)) = serde_json::from_slice(&answer.body) {
        match value {
            Some(value) => members.insert(name.into(), value.into()),
            None => members.shift_remove(name),
        };
        answer.body = Value::Object(members).to_string().into_bytes();
    } else {
        let mut members = Params::decode(&answer.text());
        set(&mut members, name, value);
        answer.body = members.encode().into_bytes();
    }
}

/// Writes a JSON answer as a form.
pub(super) fn to_form(answer: &mut HttpResponse) {
    let Ok(Value::Object(members)) = serde_json::from_slice(&answer.body) else {
        return;
    };
    let mut form = Params::default();
    for (name, value) in members {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        form.push(&name, text);
    }
    let content_type = "application/x-www-form-urlencoded; charset=utf-8";
    *answer = response::answer(answer.status, content_type, form.encode());
}

/// An answer with challenges (RFC 6750 §3).
pub(super) fn challenge(status: u16, challenges: &[&str]) -> HttpResponse {
    let mut answer = response::json(status, &json!({ "message": "Bad credentials" }));
    for challenge in challenges {
        let header = ("WWW-Authenticate".into(), (*challenge).into());
        answer.headers.push(header);
    }
    answer
}

/// A server that has a fault of its own.
pub(super) fn failure(status: u16) -> HttpResponse {
    let mut answer = response::answer(status, "text/plain; charset=utf-8", "");
    if status == 503 {
        answer.headers.push(("Retry-After".into(), "1".into()));
    }
    answer
}
