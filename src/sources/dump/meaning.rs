//! What the objects of a dump are: a response, a request, the members of either.

use serde_json::{Map, Value as Json};

use crate::{
    flow::{failure::Failure, transcript::STATUS_NOT_SEEN},
    oauth::{
        http::{HttpRequest, HttpResponse},
        token::is_answer,
    },
    providers::error_table,
    sources::{
        dump::{
            Object, Value,
            message::{console, form_of, json_value, request, response},
        },
        exchange::{Came, Exchange},
        pasted::prose,
    },
};

/// The requests and answers in a dump, in the order in which they end.
pub(crate) fn exchanges_in(object: &Object) -> Vec<Exchange> {
    let mut found = Found::default();
    found.walk(object);
    found.exchanges
}

/// The requests and answers of all dumps in a text, in the order in which they end.
#[cfg(test)]
pub(crate) fn exchanges(text: &str) -> Vec<Exchange> {
    if !may_hold(text) {
        return Vec::new();
    }
    let mut found = Found::default();
    for object in &crate::sources::dump::read(text) {
        found.walk(object);
    }
    found.exchanges
}

/// The body of the first token answer in the dumps of a text.
pub(crate) fn answer(text: &str) -> Option<String> {
    if !may_hold(text) {
        return None;
    }
    crate::sources::dump::read(text).iter().find_map(answer_in)
}

/// A look that saves reading a text in which no dump can hold anything.
fn may_hold(text: &str) -> bool {
    text.contains(['{', '[', '(']) && NAMES.iter().any(|name| text.contains(name))
}

/// Names without which nothing here is worth reading.
const NAMES: [&str; 7] = [
    "error",
    "access_token",
    "client_id",
    "code",
    "user_code",
    "Error",
    "oauth",
];

fn answer_in(object: &Object) -> Option<String> {
    plain_answer(object).or_else(|| object.nested().find_map(answer_in))
}

#[derive(Default)]
struct Found {
    exchanges: Vec<Exchange>,
}

impl Found {
    fn walk(&mut self, object: &Object) {
        if let Some(Exchange { request, came, .. }) = console(object) {
            if let Some(request) = request {
                self.asked(request);
            }
            if let Some(came) = came {
                self.came(came);
            }
            return;
        }
        let inner = |names: &[&str]| object.get(names).and_then(Value::object);
        // An error that carries both, or a request and the system's word for why it failed.
        if let Some(request) = inner(&ASKED).and_then(request) {
            let came = match inner(&["response", "res"]).and_then(response) {
                Some(response) => Some(Came::Response(response)),
                None => failure(object).map(Came::Failure),
            };
            if let Some(came) = came {
                self.asked(request);
                return self.came(came);
            }
        }
        // A request inside of a response, and the other way round, is that of the same exchange.
        if let Some(response) = response(object) {
            if let Some(request) = inner(&ASKED).and_then(request) {
                self.asked(request);
            }
            return self.came(Came::Response(response));
        }
        if let Some(request) = request(object) {
            self.asked(request);
            if let Some(response) = inner(&["response", "res"]).and_then(response) {
                self.came(Came::Response(response));
            }
            return;
        }
        if let Some(body) = plain_answer(object) {
            return self.came(Came::Response(HttpResponse {
                body: body.into_bytes(),
                ..HttpResponse::default()
            }));
        }
        if let Some(request) = plain_request(object) {
            return self.asked(request);
        }
        let mut last: Vec<&Object> = Vec::new();
        for inner in object.nested() {
            // An error that quotes an answer says it again in words of its own.
            if inner.name.is_empty() && last.contains(&inner) {
                continue;
            }
            self.walk(inner);
            last.push(inner);
            last.truncate(4);
        }
    }

    fn asked(&mut self, request: HttpRequest) {
        let same = |known: &HttpRequest| known.url == request.url && known.body == request.body;
        let known = self
            .exchanges
            .iter_mut()
            .rev()
            .find_map(|exchange| exchange.request.as_mut());
        match known {
            // A library prints its request more than once, of which one print may show more.
            Some(known) if same(known) => {
                if known.headers.len() < request.headers.len() {
                    *known = request;
                }
            }
            _ => self.exchanges.push(Exchange::asked(request)),
        }
    }

    fn came(&mut self, came: Came) {
        let Came::Response(response) = came else {
            if let Some(open) = self.exchanges.last_mut() {
                open.came.get_or_insert(came);
            }
            return;
        };
        if response.status == STATUS_NOT_SEEN
            && self.exchanges.iter().any(|known| says_the_same(known, &response))
        {
            return;
        }
        match self.exchanges.last_mut() {
            Some(open) if open.came.is_none() => open.came = Some(Came::Response(response)),
            // A program prints the head of an answer and its body one after the other.
            Some(Exchange {
                came: Some(Came::Response(head)),
                ..
            }) if head.body_cut_at == Some(0) && response.status == STATUS_NOT_SEEN => {
                head.body = response.body;
                head.body_cut_at = None;
            }
            _ => self.exchanges.push(Exchange::answered(response)),
        }
    }
}

/// Where an error keeps the request that it is about.
const ASKED: [&str; 5] = ["config", "request", "req", "options", "env"];

/// Why a request got no answer, by the code of the system that an error carries.
fn failure(object: &Object) -> Option<Failure> {
    let code = object.get(&["code", "errno", "syscall"])?.text()?;
    let message = object.get(&["message"]).and_then(Value::text).unwrap_or_default();
    prose::complaint(&format!("{code} {message}"))
}

/// True where an exchange has the answer already that a library repeats without its status.
fn says_the_same(known: &Exchange, response: &HttpResponse) -> bool {
    match &known.came {
        Some(Came::Response(seen)) => {
            let members = |response: &HttpResponse| crate::oauth::token::read_body(&response.text()).members;
            let (seen, this) = (members(seen), members(response));
            this.get("error").is_some() && seen.get("error") == this.get("error")
        }
        _ => false,
    }
}

/// The members of a token answer.
fn plain_answer(object: &Object) -> Option<String> {
    if let Some(body) = object.bytes() {
        return is_answer(&body).then_some(body);
    }
    let decides = ["error", "access_token", "user_code"];
    let found = object
        .members
        .iter()
        .find(|(key, _)| decides.contains(&key.as_str()));
    let named = ["error_code", "errorCode", "oauthError", "ErrorCode"];
    let (key, value) = match found {
        Some((key, value)) => (key.as_str(), value),
        None => (
            "error",
            object
                .get(&named)
                .filter(|value| value.text().is_some_and(is_known))?,
        ),
    };
    let speaks = match (key, value) {
        ("error", Value::Text(text)) => is_known(text) || is_word(text),
        ("error", Value::Bare(text)) => is_known(text),
        (_, Value::Text(text)) => !text.is_empty(),
        (_, Value::Bare(_)) => object.unquoted && object.bracket != '(',
        _ => false,
    };
    if !speaks {
        return None;
    }
    let described = object.members.iter().any(|(key, _)| key == "error_description");
    let mut members = Map::new();
    members.insert(key.to_owned(), json_value(value, 0)?);
    for (name, value) in &object.members {
        let name = match name.as_str() {
            "description" | "errorDescription" | "ErrorDescription" | "message"
                if key == "error" && !described =>
            {
                "error_description"
            }
            "errorUri" | "ErrorURI" | "uri" if key == "error" => "error_uri",
            other => other,
        };
        let text = matches!(
            value,
            Value::Text(_) | Value::Bare(_) | Value::Cut(_) | Value::Nothing
        );
        if text && !members.contains_key(name) {
            members.insert(name.to_owned(), json_value(value, 0)?);
        }
    }
    let body = Json::Object(members).to_string();
    is_answer(&body).then_some(body)
}

/// True for a code of a table; other bare words may be the name of a variable.
fn is_known(text: &str) -> bool {
    error_table::known_errors().any(|known| known == text)
}

/// True for one word, as codes are, that does not say that there is no error.
fn is_word(text: &str) -> bool {
    let none = ["none", "null", "nil", "undefined", "true", "false", "no", "ok"];
    text.bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b))
        && text.contains(|c: char| c.is_ascii_alphabetic())
        && !none.contains(&text.to_ascii_lowercase().as_str())
}

/// The members of a token request, or of a redirect that a framework took apart.
fn plain_request(object: &Object) -> Option<HttpRequest> {
    let has = |name: &str| {
        object
            .members
            .iter()
            .any(|(key, value)| key == name && is_value(value, object))
    };
    let grant = has("grant_type") || has("refresh_token") || has("device_code") || has("code_verifier");
    let client = has("client_id") || has("client_secret");
    if client && (has("code") || grant) {
        // What is not in a dump that ends early may stand in its rest.
        let tells_all = object.whole || (has("client_secret") && has("code"));
        return tells_all.then(|| HttpRequest {
            method: "POST".to_owned(),
            body: form_of(object).into_bytes(),
            ..HttpRequest::default()
        });
    }
    let of_a_redirect = has("state") && (has("code") || has("error"));
    (of_a_redirect && !client && !grant).then(|| HttpRequest::get(format!("?{}", form_of(object))))
}

fn is_value(value: &Value, object: &Object) -> bool {
    match value {
        Value::Text(_) | Value::Cut(_) => true,
        Value::Bare(_) => object.unquoted && object.bracket != '(',
        Value::Object(_) => value.text().is_some(),
        Value::Nothing => false,
    }
}
