//! One entry of a HAR: what its writer made of a request and of what came.

use std::{borrow::Cow, collections::BTreeMap};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    flow::{
        failure::{Failure, FailureKind},
        transcript::STATUS_NOT_SEEN,
    },
    oauth::{
        http::{Header, HttpRequest, HttpResponse, header},
        params::{Params, encode_value},
        time::Moment,
    },
    sources::{
        exchange::{Came, Exchange, asks_for_a_token, without_body},
        pasted::prose,
    },
    text::time::read_rfc3339,
};

/// The bodies that lie beside a HAR, by name.
pub(super) type Attached = BTreeMap<String, Vec<u8>>;

/// An entry, untyped: fields are missing or of another type where a request failed.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Entry {
    started_date_time: Value,
    request: Value,
    response: Value,
}

impl Entry {
    /// False for what certainly is no part of an authorization: scripts, pictures, styles.
    pub(super) fn may_matter(&self) -> bool {
        let location = headers(&self.response);
        let location = header(&location, "location").unwrap_or_default();
        concerns(
            text(&self.request, "method"),
            text(&self.request, "url"),
            location,
        )
    }

    fn is_preflight(&self) -> bool {
        text(&self.request, "method") == "OPTIONS"
    }

    fn url(&self) -> &str {
        text(&self.request, "url")
    }
}

/// What [`may_matter`] looks at.
#[derive(Deserialize)]
struct Glance<'e> {
    #[serde(borrow, default)]
    request: Asked<'e>,
    #[serde(borrow, default)]
    response: Answered<'e>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked<'e> {
    #[serde(borrow)]
    method: Cow<'e, str>,
    #[serde(borrow)]
    url: Cow<'e, str>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Answered<'e> {
    #[serde(borrow)]
    headers: Vec<Field<'e>>,
}

#[derive(Deserialize)]
struct Field<'e> {
    #[serde(borrow)]
    name: Cow<'e, str>,
    #[serde(borrow)]
    value: Cow<'e, str>,
}

/// A look at an entry as it stands in the file. One with an unusual form is read whole.
pub(crate) fn may_matter(entry: &[u8]) -> bool {
    match serde_json::from_slice::<Glance<'_>>(entry) {
        Ok(glance) => {
            let mut fields = glance.response.headers.iter();
            let location = fields.find(|field| field.name.eq_ignore_ascii_case("location"));
            let location = location.map_or("", |field| &field.value);
            concerns(&glance.request.method, &glance.request.url, location)
        }
        Err(_) => serde_json::from_slice::<Entry>(entry).is_ok_and(|entry| entry.may_matter()),
    }
}

fn concerns(method: &str, url: &str, location: &str) -> bool {
    let marks = ["code=", "error=", "client_id=", "state=", "oauth", "authorize"];
    matches!(method, "POST" | "OPTIONS")
        || marks
            .iter()
            .any(|mark| url.contains(mark) || location.contains(mark))
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn headers(message: &Value) -> Vec<Header> {
    let Some(Value::Array(list)) = message.get("headers") else {
        return Vec::new();
    };
    let pair = |field: &Value| (text(field, "name").to_owned(), text(field, "value").to_owned());
    // HTTP/2's own fields stand first and are no header fields.
    list.iter()
        .map(pair)
        .filter(|(name, _)| !name.starts_with(':'))
        .collect()
}

/// The exchanges, with what a browser did to them.
pub(super) fn exchanges(entries: &[Entry], attached: &Attached) -> Vec<Exchange> {
    let mut found: Vec<Exchange> = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        if entry.is_preflight() {
            // Some writers list the refused preflight only, and none the request that it was for.
            let listed = |other: &Entry| other.url() == entry.url() && !other.is_preflight();
            if !entries.iter().any(listed) && refuses(entry) {
                found.extend(kept_back(entry));
            }
            continue;
        }
        let refused = |other: &&Entry| other.is_preflight() && other.url() == entry.url() && refuses(other);
        // A preflight stands beside its request, before or behind it.
        let near = &entries[index.saturating_sub(2)..entries.len().min(index + 3)];
        found.push(exchange(entry, near.iter().find(refused), attached));
    }
    found
}

/// True for the answer to a preflight that lets no request through.
fn refuses(preflight: &Entry) -> bool {
    let status = preflight
        .response
        .get("status")
        .and_then(Value::as_i64)
        .unwrap_or_default();
    let allowed = header(&headers(&preflight.response), "access-control-allow-origin").is_some();
    !(200..300).contains(&status) || !allowed
}

/// The request of which only the preflight is listed.
fn kept_back(preflight: &Entry) -> Option<Exchange> {
    let sent = headers(&preflight.request);
    let method = header(&sent, "access-control-request-method")?;
    let request = HttpRequest {
        method: method.to_owned(),
        url: preflight.url().to_owned(),
        ..HttpRequest::default()
    };
    Some(Exchange {
        at: at(preflight),
        request: Some(request),
        came: Some(Came::Failure(blocked("CORS preflight refused"))),
    })
}

fn blocked(reason: &str) -> Failure {
    Failure::new(FailureKind::Cors, format!("{reason}."))
}

fn at(entry: &Entry) -> Option<Moment> {
    entry
        .started_date_time
        .as_str()
        .and_then(read_rfc3339)
        .map(Moment)
}

fn exchange(entry: &Entry, refused: Option<&Entry>, attached: &Attached) -> Exchange {
    let sent = headers(&entry.request);
    let answered = headers(&entry.response);
    let response = response(entry, &answered, attached);
    let crosses = crosses_origins(entry.url(), &sent);
    let reason = reason(&entry.response);
    let came = match response {
        _ if refused.is_some() => Came::Failure(blocked("CORS preflight refused")),
        Some(response) if crosses && header(&answered, "access-control-allow-origin").is_none() => {
            // The server answered, and the browser kept the answer from the page.
            Came::Failure(blocked(&format!(
                "CORS: {} without Access-Control-Allow-Origin",
                response.status
            )))
        }
        Some(response) => Came::Response(response),
        None if crosses && matches!(reason, "" | "net::ERR_FAILED") => Came::Failure(blocked("CORS")),
        None => Came::Failure(failure(reason)),
    };
    let request = HttpRequest {
        method: text(&entry.request, "method").to_owned(),
        url: entry.url().to_owned(),
        headers: sent,
        body: Vec::new(),
    };
    match body_of_request(&entry.request, attached) {
        Some(body) => Exchange {
            at: at(entry),
            request: Some(HttpRequest { body, ..request }),
            came: Some(came),
        },
        // The capture leaves bodies out. What was sent is not known, and what came may be.
        None => Exchange {
            at: at(entry),
            request: None,
            came: Some(came).filter(|_| asks_for_a_token(&request)),
        },
    }
}

/// True for a script's request to another origin, whose answer the server must open to it.
fn crosses_origins(url: &str, sent: &[Header]) -> bool {
    let Some(origin) = header(sent, "origin").filter(|origin| *origin != "null") else {
        return false;
    };
    // A form that a page submits has an origin too, and its answer is not read by a script.
    if header(sent, "sec-fetch-mode").is_some_and(|mode| mode != "cors") {
        return false;
    }
    let navigates = header(sent, "upgrade-insecure-requests").is_some();
    !navigates && !url.starts_with(&format!("{}/", origin.trim_end_matches('/')))
}

/// The words of the writer for why nothing came.
fn reason(response: &Value) -> &str {
    ["_error", "_failureText", "_errorText", "comment"]
        .into_iter()
        .map(|name| text(response, name))
        .find(|reason| !reason.is_empty())
        .unwrap_or_default()
}

fn failure(reason: &str) -> Failure {
    let known = [
        ("NAME_NOT_RESOLVED", FailureKind::Dns),
        ("CONNECTION_REFUSED", FailureKind::Connect),
        ("ADDRESS_UNREACHABLE", FailureKind::Connect),
        ("Connect call failed", FailureKind::Connect),
        ("CERT_", FailureKind::Tls),
        ("SSL_", FailureKind::Tls),
        ("TIMED_OUT", FailureKind::TimedOut),
        ("CONNECTION_RESET", FailureKind::Interrupted),
        ("EMPTY_RESPONSE", FailureKind::Interrupted),
    ];
    let kind = known
        .iter()
        .find(|(mark, _)| reason.contains(mark))
        .map(|(_, kind)| *kind);
    match kind {
        Some(kind) => Failure::new(kind, format!("{reason}.")),
        None => prose::complaint(reason).unwrap_or_else(|| {
            let detail = if reason.is_empty() {
                "status 0.".to_owned()
            } else {
                format!("{reason}.")
            };
            Failure::new(FailureKind::Other, detail)
        }),
    }
}

/// The response, where there is one: a status of 0 or -1 stands for none, except where fields or a body came (Firefox).
fn response(entry: &Entry, answered: &[Header], attached: &Attached) -> Option<HttpResponse> {
    let response = &entry.response;
    let status = response.get("status").and_then(Value::as_i64).unwrap_or_default();
    let status = u16::try_from(status).ok().filter(|status| *status >= 100);
    if status.is_none() && answered.is_empty() {
        return None;
    }
    let status = status.unwrap_or(STATUS_NOT_SEEN);
    let mut found = match body_of_answer(response.get("content").unwrap_or(&Value::Null), attached) {
        Some(body) => HttpResponse {
            status,
            body,
            ..HttpResponse::default()
        },
        None if header(answered, "content-length") == Some("0") || matches!(status, 204 | 304) => {
            HttpResponse {
                status,
                ..HttpResponse::default()
            }
        }
        None => without_body(status),
    };
    found.headers = answered.to_vec();
    Some(found)
}

fn body_of_answer(content: &Value, attached: &Attached) -> Option<Vec<u8>> {
    let shown = text(content, "text");
    if !shown.is_empty() {
        let base64 = text(content, "encoding").eq_ignore_ascii_case("base64");
        return Some(match base64.then(|| STANDARD.decode(shown)) {
            Some(Ok(decoded)) => decoded,
            _ => shown.as_bytes().to_vec(),
        });
    }
    attached.get(text(content, "_file")).cloned()
}

/// The body of a request: its text, else its parameters, else the file beside it; `None` where one was sent and left out.
fn body_of_request(request: &Value, attached: &Attached) -> Option<Vec<u8>> {
    let posted = request.get("postData").unwrap_or(&Value::Null);
    let shown = text(posted, "text");
    if !shown.is_empty() {
        return Some(shown.as_bytes().to_vec());
    }
    if let Some(Value::Array(list)) = posted
        .get("params")
        .filter(|list| **list != Value::Array(Vec::new()))
    {
        let mut params = Params::default();
        for param in list {
            params.push(text(param, "name"), text(param, "value"));
        }
        let pairs = params
            .iter()
            .map(|(name, value)| format!("{}={}", encode_value(name), encode_value(value)));
        return Some(pairs.collect::<Vec<_>>().join("&").into_bytes());
    }
    if let Some(file) = attached.get(text(posted, "_file")) {
        return Some(file.clone());
    }
    let sent = headers(request);
    let length = header(&sent, "content-length").and_then(|length| length.parse::<i64>().ok());
    let size = length.or_else(|| request.get("bodySize").and_then(Value::as_i64));
    let left_out = size.is_some_and(|size| size > 0) || !posted.is_null();
    (!left_out).then(Vec::new)
}
