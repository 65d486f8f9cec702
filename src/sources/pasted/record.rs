//! A value with members, as JSON or as a program prints it: an answer, a request, or a record of a log that holds them.

use serde_json::{Map, Value};

use crate::{
    oauth::{http::HttpResponse, token::is_answer},
    providers::error_table::is_known,
    sources::pasted::{
        event::{Answer, Found, Rank},
        redirect::is_code_like,
        request, scan,
    },
};

/// Texts in a record that are longer are not read.
const LONGEST: usize = 256 * 1024;

/// What a value holds, in order. `depth` says how many texts in texts are read.
pub(crate) fn read(value: Value, depth: u8) -> Vec<Found> {
    let mut found = Vec::new();
    walk(value, depth, &mut found);
    found
}

fn walk(value: Value, depth: u8, found: &mut Vec<Found>) {
    match value {
        Value::Object(members) => object(members, depth, found),
        Value::Array(values) => {
            for value in values {
                walk(value, depth, found);
            }
        }
        Value::String(text) => inner(&text, depth, found),
        _ => {}
    }
}

fn object(members: Map<String, Value>, depth: u8, found: &mut Vec<Found>) {
    if says_an_error(&members) || holds_an_answer(&members) {
        let text = Value::Object(members).to_string();
        if is_answer(&text) {
            found.push(Found::Answer(Answer::bare(text)));
        }
        return;
    }
    if request::has_a_telling_name(&members) {
        let text = Value::Object(members.clone()).to_string();
        if let Some(request) = request::object(&text) {
            found.push(Found::Request(request));
            return;
        }
    }
    let before = found.len();
    // An error that is an object (Facebook, Google) is an answer, unless something inside tells more.
    let generic = members
        .get("error")
        .is_some_and(Value::is_object)
        .then(|| Value::Object(members.clone()).to_string());
    for (_, value) in members {
        walk(value, depth, found);
    }
    if let Some(text) = generic
        && found.len() == before
        && is_answer(&text)
    {
        found.push(Found::Answer(Answer::bare(text)));
    }
}

/// The answers that the body of a program's own answer holds, where it is JSON.
pub(crate) fn in_body(response: &HttpResponse, depth: u8) -> Vec<Found> {
    let value = serde_json::from_str(&response.text()).ok();
    let found = value.map(|value: Value| read(value, depth)).unwrap_or_default();
    let told = |found: &Found| matches!(found, Found::Answer(answer) if answer.rank > Rank::Generic);
    found.into_iter().filter(told).collect()
}

/// The answer that a value is as it stands.
pub(crate) fn answer(value: &Value) -> Option<Answer> {
    let members = value.as_object()?;
    let text = (says_an_error(members) || holds_an_answer(members)).then(|| value.to_string())?;
    is_answer(&text).then(|| Answer::bare(text))
}

/// True for a body that is an answer as it stands: JSON that says an error code or holds a token, a form, XML.
pub(crate) fn is_an_answer(body: &str) -> bool {
    match serde_json::from_str(body) {
        Ok(Value::Object(members)) => says_an_error(&members) || holds_an_answer(&members),
        _ => true,
    }
}

/// The members of a record of a log.
const OF_A_LOG: [&str; 9] = [
    "level",
    "msg",
    "time",
    "timestamp",
    "ts",
    "severity",
    "logger",
    "stack",
    "message",
];

/// True for an object with an `error` that is an error code: a known one, or one that stands as in an answer. A sentence, a
/// number, `true` or another object is something else.
fn says_an_error(members: &Map<String, Value>) -> bool {
    let Some(Value::String(error)) = members.get("error") else {
        return false;
    };
    let logged = OF_A_LOG.iter().any(|name| members.contains_key(*name));
    is_known(error) || members.contains_key("error_description") || (is_code_like(error) && !logged)
}

fn holds_an_answer(members: &Map<String, Value>) -> bool {
    let text = |name: &str| members.get(name).is_some_and(Value::is_string);
    text("access_token") || (text("device_code") && text("user_code"))
}

/// A text within a record is read as a text of its own.
fn inner(text: &str, depth: u8, found: &mut Vec<Found>) {
    if depth == 0 || text.len() > LONGEST || text.len() < 4 {
        return;
    }
    found.extend(
        scan::scan(text, depth - 1, &[])
            .into_iter()
            .map(|event| event.found),
    );
}
