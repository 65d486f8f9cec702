//! Requests and responses among the objects of a dump, with their headers, credentials and bodies.

use serde_json::{Map, Value as Json, json};

use crate::{
    flow::transcript::STATUS_NOT_SEEN,
    oauth::{
        http::{Header, HttpRequest, HttpResponse, header},
        params::Params,
        secret::MASK,
    },
    sources::{
        dump::{Object, Value, same_name},
        exchange::{Came, Exchange, without_body},
    },
};

/// Where a response keeps its status.
const STATUS: [&str; 7] = [
    "status",
    "statusCode",
    "httpStatus",
    "statusCodeValue",
    "responseStatus",
    "responseCode",
    "httpCode",
];
/// Where it keeps its body, the text before what a program made of it.
const ANSWER: [&str; 12] = [
    "body",
    "data",
    "text",
    "responseBody",
    "responseText",
    "rawBody",
    "_content",
    "content",
    "bodyText",
    "_data",
    "parsed",
    "json",
];
/// Where a request keeps its address.
const ADDRESS: [&str; 7] = [
    "url",
    "uri",
    "requestUri",
    "fullUrl",
    "endpoint",
    "requestUrl",
    "href",
];
/// Where it keeps its body.
const CONTENT: [&str; 11] = [
    "body",
    "data",
    "form",
    "formData",
    "json",
    "content",
    "payload",
    "postData",
    "formParams",
    "requestBody",
    "body_params",
];
/// How many characters stand for what is not shown of a cut value.
const UNSEEN: usize = 8;

/// A response: something with a status, and with headers or a body.
pub(super) fn response(object: &Object) -> Option<HttpResponse> {
    let status: u16 = object.get(&STATUS)?.text().and_then(status_code)?;
    let headers = object
        .get(&["headers", "header", "responseHeaders"])
        .map(fields)
        .unwrap_or_default();
    let body = object.get(&ANSWER);
    let named = object.name.to_ascii_lowercase().ends_with("response");
    if headers.is_empty() && body.is_none() && !named {
        return None;
    }
    let mut response = match body.and_then(|body| body_of(body, object.unquoted)) {
        Some(Body::Whole(body)) => HttpResponse {
            status,
            body: body.into_bytes(),
            ..HttpResponse::default()
        },
        Some(Body::Cut(body)) => HttpResponse {
            status,
            body_cut_at: Some(body.len()),
            body: body.into_bytes(),
            ..HttpResponse::default()
        },
        None => without_body(status),
    };
    response.headers = headers;
    Some(response)
}

/// A request and its answer side by side in one object, as Postman's console copies them.
pub(super) fn console(object: &Object) -> Option<Exchange> {
    let headers = |name: &str| object.get(&[name]).map(fields).unwrap_or_default();
    let status = object
        .get(&["responseCode", "status"])
        .and_then(Value::text)
        .and_then(status_code);
    let answer = object.get(&["responseBody"]);
    let sent = object.get(&["requestBody"]);
    if object.get(&["requestHeaders"]).is_none() || sent.is_none() && answer.is_none() {
        return None;
    }
    // `POST https://…: {`
    let words = || object.name.trim_end_matches(':').split_whitespace();
    let url = words().find(|word| crate::oauth::http::is_url(word));
    let method = words().find(|word| word.len() > 2 && word.bytes().all(|b| b.is_ascii_uppercase()));
    let body = match sent {
        Some(Value::Object(form)) if is_form(form) => Some(Body::Whole(form_of(form))),
        Some(other) => body_of(other, false),
        None => None,
    };
    let request = match (url, body) {
        (Some(url), Some(Body::Whole(body))) => Some(HttpRequest {
            method: method.unwrap_or("POST").to_owned(),
            url: url.to_owned(),
            headers: headers("requestHeaders"),
            body: body.into_bytes(),
        }),
        _ => None,
    };
    let came = match answer.and_then(|answer| body_of(answer, false)) {
        Some(Body::Whole(body)) => HttpResponse {
            status: status.unwrap_or(STATUS_NOT_SEEN),
            body: body.into_bytes(),
            ..HttpResponse::default()
        },
        _ => without_body(status?),
    };
    Some(Exchange {
        request,
        came: Some(Came::Response(HttpResponse {
            headers: headers("responseHeaders"),
            ..came
        })),
        ..Exchange::default()
    })
}

/// `400`, `400 Bad Request`.
fn status_code(text: &str) -> Option<u16> {
    let digits = text.trim().split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok().filter(|status| (100..600).contains(status))
}

/// A body, as far as it is shown.
enum Body {
    Whole(String),
    Cut(String),
}

fn body_of(value: &Value, unquoted: bool) -> Option<Body> {
    match value {
        Value::Text(text) => Some(Body::Whole(text.clone())),
        Value::Cut(text) => Some(Body::Cut(text.clone())),
        Value::Bare(text) if unquoted && text.contains(['=', '{']) => Some(Body::Whole(text.clone())),
        // What is read from it is not in the print.
        Value::Object(object) if object.name.ends_with("Stream") || object.name.ends_with("Promise") => None,
        Value::Object(object) => match object.bytes() {
            Some(bytes) if object.whole => Some(Body::Whole(bytes)),
            Some(bytes) => Some(Body::Cut(bytes)),
            None if object.get(&["mimeType"]).is_some() => match object.get(&["text"]) {
                Some(text @ (Value::Text(_) | Value::Cut(_))) => body_of(text, false),
                _ => None,
            },
            None if object.members.is_empty() => match object.items.as_slice() {
                // Go's reader of a body, a type around a string.
                [one] => body_of(one, unquoted),
                _ => None,
            },
            None if is_reader(object) => body_of(&object.members[0].1, true),
            None if object.whole => Some(Body::Whole(json_of(object, 0).to_string())),
            None => Some(Body::Cut(json_of(object, 0).to_string())),
        },
        Value::Bare(_) | Value::Nothing => None,
    }
}

/// True for the reader of a body in Go, of which a print shows what it holds or nothing.
fn is_reader(object: &Object) -> bool {
    let readers = ["Reader", "src", "r", "s", "buf"];
    object.unquoted
        && object
            .members
            .first()
            .is_some_and(|(name, _)| readers.contains(&name.as_str()))
}

/// The members as JSON, as a server would have sent them.
fn json_of(object: &Object, depth: usize) -> Json {
    if object.members.is_empty() {
        let items = object.items.iter().filter_map(|item| json_value(item, depth));
        return Json::Array(items.collect());
    }
    let members = object.members.iter();
    let values = members.filter_map(|(key, value)| Some((key.clone(), json_value(value, depth)?)));
    Json::Object(values.collect::<Map<_, _>>())
}

pub(super) fn json_value(value: &Value, depth: usize) -> Option<Json> {
    match value {
        Value::Text(text) => Some(json!(text)),
        Value::Bare(text) => Some(match text.as_str() {
            "true" | "True" => json!(true),
            "false" | "False" => json!(false),
            _ => text
                .parse::<u64>()
                .map_or_else(|_| json!(text), |number| json!(number)),
        }),
        Value::Cut(text) => Some(json!(cut(text))),
        Value::Nothing => Some(Json::Null),
        Value::Object(object) if depth < 8 => Some(json_of(object, depth + 1)),
        Value::Object(_) => None,
    }
}

/// The beginning of a value whose rest is not shown.
fn cut(text: &str) -> String {
    format!("{text}{}", MASK.to_string().repeat(UNSEEN))
}

/// A request: something with an address, and with a method, headers or a body.
pub(super) fn request(object: &Object) -> Option<HttpRequest> {
    let address = object.get(&ADDRESS).and_then(address_of)?;
    let method = object
        .get(&["method", "requestMethod", "httpMethod"])
        .and_then(Value::text);
    let content = object.get(&CONTENT);
    let headers = object.get(&["headers", "header", "requestHeaders"]);
    if method.is_none() && content.is_none() && headers.is_none() {
        return None;
    }
    let mut url = address.to_owned();
    if url.starts_with('/')
        && let Some(base) = object
            .get(&["baseURL", "base_url", "origin", "baseUrl"])
            .and_then(Value::text)
    {
        url = format!("{}{url}", base.trim_end_matches('/'));
    }
    let mut request = HttpRequest {
        url,
        headers: headers.map(fields).unwrap_or_default(),
        ..HttpRequest::default()
    };
    if request.url.starts_with('/')
        && let Some(host) =
            header(&request.headers, "host").or_else(|| object.get(&["host"]).and_then(Value::text))
    {
        request.url = format!("https://{host}{}", request.url);
    }
    for name in CONTENT {
        let Some(value) = object.get(&[name]) else {
            continue;
        };
        let body = match value {
            Value::Object(form) if !form.members.is_empty() && same_name(name, "json") => {
                json_of(form, 0).to_string()
            }
            Value::Object(form) if form.bytes().is_none() && is_form(form) => form_of(form),
            other => match body_of(other, object.unquoted) {
                Some(Body::Whole(body)) => body,
                Some(Body::Cut(_)) => return None,
                None => continue,
            },
        };
        request.body = body.into_bytes();
        break;
    }
    if let Some(credentials) = object
        .get(&["auth", "basicAuth", "authentication"])
        .and_then(credentials)
    {
        use base64::{Engine as _, engine::general_purpose::STANDARD};
        if header(&request.headers, "authorization").is_none() {
            request = request.with_header("Authorization", format!("Basic {}", STANDARD.encode(credentials)));
        }
    }
    request.method = match method {
        Some(method) => method.to_ascii_uppercase(),
        None if request.body.is_empty() => "GET".to_owned(),
        None => "POST".to_owned(),
    };
    Some(request)
}

/// The address in a value: text, or the text of an object that a URL is in some languages.
fn address_of(value: &Value) -> Option<&str> {
    let text = match value {
        Value::Object(object) => object
            .get(&["href", "url", "_url"])
            .or(object.items.first())
            .and_then(Value::text)?,
        other => other.text()?,
    };
    (text.starts_with('/') || crate::oauth::http::is_url(text)).then_some(text)
}

/// `auth: { username, password }` and `('id', 'secret')`, as the pair of a `Basic` header.
fn credentials(value: &Value) -> Option<String> {
    let object = value.object()?;
    let of = |names: &[&str]| object.get(names).and_then(Value::text);
    let pair = match (
        of(&["username", "user", "client_id"]),
        of(&["password", "pass", "client_secret"]),
    ) {
        (Some(name), Some(password)) => (name, password),
        _ => match object.items.as_slice() {
            [Value::Text(name), Value::Text(password)] => (name.as_str(), password.as_str()),
            _ => return None,
        },
    };
    Some(format!("{}:{}", pair.0, pair.1))
}

/// Header fields: members, or pairs in a list.
fn fields(value: &Value) -> Vec<Header> {
    const MOST: usize = 200;
    let Some(object) = value.object() else {
        return Vec::new();
    };
    let mut found: Vec<Header> = Vec::new();
    for (name, value) in &object.members {
        let list = value.object().filter(|list| list.members.is_empty());
        let values: Vec<&str> = match list {
            Some(list) => list.items.iter().filter_map(Value::text).collect(),
            None => value.text().into_iter().collect(),
        };
        found.extend(values.into_iter().map(|value| (name.clone(), value.to_owned())));
        // `Headers { headers: {...} }`, `CaseInsensitiveDict({...})`.
        if found.is_empty() && value.object().is_some_and(|inner| !inner.members.is_empty()) {
            found = fields(value);
        }
    }
    let mut flat: Vec<&str> = Vec::new();
    for item in &object.items {
        match item {
            Value::Object(pair) => match pair.items.as_slice() {
                [name, value] => found.extend(
                    name.text()
                        .zip(value.text())
                        .map(|(n, v)| (n.to_owned(), v.to_owned())),
                ),
                _ => found.extend(fields(item)),
            },
            Value::Text(text) => flat.push(text),
            _ => {}
        }
    }
    // Node's `rawHeaders`: names and values in turn.
    if flat.len().is_multiple_of(2) {
        found.extend(
            flat.chunks_exact(2)
                .map(|pair| (pair[0].to_owned(), pair[1].to_owned())),
        );
    }
    found.truncate(MOST);
    found
}

/// The names of a request's own parameters.
const OF_A_REQUEST: [&str; 8] = [
    "client_id",
    "client_secret",
    "code",
    "grant_type",
    "redirect_uri",
    "refresh_token",
    "device_code",
    "code_verifier",
];

fn is_form(object: &Object) -> bool {
    let mut names = object.members.iter().map(|(name, _)| name.as_str());
    names.any(|name| OF_A_REQUEST.contains(&name))
}

pub(super) fn form_of(object: &Object) -> String {
    let mut params = Params::default();
    for (name, value) in &object.members {
        match value {
            Value::Cut(text) => params.push(name, cut(text)),
            Value::Object(object) if object.looks_something_up() => params.push(name, cut("")),
            _ => {
                if let Some(text) = value.text() {
                    params.push(name, text);
                }
            }
        }
    }
    params.encode()
}
