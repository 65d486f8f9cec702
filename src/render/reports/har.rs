//! A HAR 1.2 file of the exchanges, secrets masked, for the tools that read one.

use serde_json::{Value, json};

use crate::{
    diagnosis::context::Facts,
    flow::{
        redaction::Redactor,
        transcript::{Exchange, Observation, Transcript},
    },
    oauth::{
        http::{Header, HttpRequest, HttpResponse, reason_phrase},
        params::Params,
        time::Moment,
    },
    render::text::line::harmless_json,
    text::time::rfc3339,
};

/// Writes the file: each authorization request with the page at which the browser stopped, where one was seen, and the
/// exchanges. An exchange without a request (a pasted answer) has no place in a HAR file and is left out.
pub fn write(facts: &Facts<'_>) -> String {
    let redactor = facts.redactor();
    let mut all: Vec<&Exchange<'_>> = facts
        .token_exchanges
        .iter()
        .map(|e| &e.exchange)
        .chain(&facts.other_exchanges)
        .collect();
    all.sort_by_key(|exchange| (exchange.sent_at, exchange.number));
    let started = facts.transcript.started;
    let mut entries = authorizations(facts.transcript, redactor);
    entries.extend(all.into_iter().filter_map(|exchange| {
        let entry = entry(exchange, started, redactor)?;
        Some((exchange.sent_at, entry))
    }));
    entries.sort_by_key(|(at, _)| *at);
    let entries: Vec<Value> = entries.into_iter().map(|(_, entry)| entry).collect();
    let har = json!({
        "log": {
            "version": "1.2",
            "creator": { "name": "oauthlens", "version": env!("CARGO_PKG_VERSION") },
            "entries": entries,
        }
    });
    let mut text = harmless_json(&format!("{har:#}")).into_owned();
    text.push('\n');
    text
}

/// Each authorization request that the browser was sent with, and when. What the browser got is known where it stopped at a
/// page; the rest of the journey was its own.
fn authorizations(transcript: &Transcript, redactor: &Redactor) -> Vec<(u64, Value)> {
    let mut found: Vec<(u64, Value)> = Vec::new();
    for entry in &transcript.entries {
        match &entry.observation {
            Observation::AuthorizationStarted { request: asked, .. } => {
                let sent = redactor.request(&HttpRequest::get(asked.url()));
                let value = json!({
                    "startedDateTime": rfc3339(transcript.started.plus(entry.at).0),
                    "time": 0,
                    "request": request(&sent, 0),
                    "response": response(&HttpResponse::default(), 0),
                    "cache": {},
                    "timings": { "send": 0, "wait": 0, "receive": 0 },
                });
                found.push((entry.at, value));
            }
            Observation::PageSeen { status, text } => {
                let page = HttpResponse {
                    status: *status,
                    body: text.clone().into_bytes(),
                    ..HttpResponse::default()
                };
                if let Some((at, value)) = found.last_mut() {
                    let millis = entry.at.saturating_sub(*at);
                    value["time"] = json!(millis);
                    value["timings"]["wait"] = json!(millis);
                    value["response"] = response(&redactor.response(&page), page.body.len());
                }
            }
            _ => {}
        }
    }
    found
}

fn entry(exchange: &Exchange<'_>, started: Moment, redactor: &Redactor) -> Option<Value> {
    let sent = redactor.request(exchange.request?);
    let millis = exchange.millis.unwrap_or(0);
    let response = match exchange.response {
        Some(received) => response(&redactor.response(received), received.body.len()),
        // HAR's own way of saying that there was none.
        None => response(&HttpResponse::default(), 0),
    };
    let mut entry = json!({
        "startedDateTime": rfc3339(started.plus(exchange.sent_at).0),
        "time": millis,
        "request": request(&sent, exchange.request?.body.len()),
        "response": response,
        "cache": {},
        "timings": { "send": 0, "wait": millis, "receive": 0 },
    });
    if let Some(failure) = exchange.failure {
        entry["response"]["_error"] = json!(redactor.redact(&failure.detail));
    }
    Some(entry)
}

fn request(request: &HttpRequest, size: usize) -> Value {
    let mut value = json!({
        "method": request.method,
        "url": request.url,
        "httpVersion": "",
        "cookies": [],
        "headers": headers(&request.headers),
        "queryString": pairs(&Params::decode(request.query().unwrap_or_default())),
        "headersSize": -1,
        "bodySize": size,
    });
    if !request.body.is_empty() {
        let text = String::from_utf8_lossy(&request.body);
        let media_type = request.header("content-type").unwrap_or_default();
        value["postData"] = json!({ "mimeType": media_type, "text": text });
        if media_type.starts_with("application/x-www-form-urlencoded") {
            value["postData"]["params"] = pairs(&Params::decode(&text));
        }
    }
    value
}

fn response(response: &HttpResponse, size: usize) -> Value {
    json!({
        "status": response.status,
        "statusText": reason_phrase(response.status),
        "httpVersion": "",
        "cookies": [],
        "headers": headers(&response.headers),
        "content": {
            "size": size,
            "mimeType": response.header("content-type").unwrap_or("x-unknown"),
            "text": response.text(),
        },
        "redirectURL": response.header("location").unwrap_or_default(),
        "headersSize": -1,
        "bodySize": size,
    })
}

fn headers(headers: &[Header]) -> Value {
    headers
        .iter()
        .map(|(name, value)| json!({ "name": name, "value": value }))
        .collect()
}

fn pairs(params: &Params) -> Value {
    params
        .iter()
        .map(|(name, value)| json!({ "name": name, "value": value }))
        .collect()
}
