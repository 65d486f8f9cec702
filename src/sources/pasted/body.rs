//! Bodies of token responses: by themselves, as a string in a log, or with other text around them.

use serde_json::Value;

use crate::{
    oauth::token::{BodyEncoding, is_answer, read_body},
    sources::dump,
};

/// Names that only a token response has. The first of them in a text leads to the object around it.
const NAMES: [&str; 4] = ["access_token", "error_description", "error", "user_code"];

/// How often the text around a name is read, so that a text made to be costly is given up.
const TRIES: usize = 8;

/// The text as a token response, when all of it is one; a JSON string that holds one counts.
pub(crate) fn whole(text: &str) -> Option<String> {
    if is_answer(text) {
        return Some(text.to_owned());
    }
    match serde_json::from_str(text) {
        Ok(Value::String(inner)) => is_answer(&inner).then_some(inner),
        _ => None,
    }
}

/// The text as a page: a proxy's, a login's, GitHub's 404. It is not searched: what it quotes is not the answer.
pub(crate) fn page(text: &str) -> Option<String> {
    // `<` alone is not enough, a log may begin with `<info>`.
    let is_page = text.starts_with('<') && looks_like_a_page(text) && !text.contains("<OAuth>");
    is_page.then(|| text.to_owned())
}

/// The text as a document of another kind: JSON or XML that is not a token response, as the diagnosis then says.
pub(crate) fn document(text: &str) -> Option<String> {
    let is_document = match read_body(text).encoding {
        BodyEncoding::Json | BodyEncoding::Xml => true,
        _ => text.starts_with('[') && serde_json::from_str::<Value>(text).is_ok_and(|value| value.is_array()),
    };
    is_document.then(|| text.to_owned())
}

/// A body within a text: JSON, JSON as an escaped string, a loosely written object, XML, a form.
pub(crate) fn within(text: &str) -> Option<String> {
    json_within(text)
        .or_else(|| {
            text.contains("\\\"")
                .then(|| json_within(&text.replace("\\\"", "\"")))?
        })
        .or_else(|| xml_within(text))
        .or_else(|| form_within(text))
        .or_else(|| dump::meaning::answer(text))
}

fn looks_like_a_page(text: &str) -> bool {
    let start: String = text.chars().take(200).collect::<String>().to_ascii_lowercase();
    ["<!doctype", "<html", "<head", "<body", "<?xml", "<title"]
        .iter()
        .any(|tag| start.contains(tag))
}

/// The object around a known name: from the brace that is open there to the one that closes it.
fn json_within(text: &str) -> Option<String> {
    NAMES
        .into_iter()
        .find_map(|name| object_around(text, &format!("\"{name}\""), is_answer))
}

/// The first object around a quoted name that is accepted.
pub(crate) fn object_around(text: &str, quoted: &str, accept: impl Fn(&str) -> bool) -> Option<String> {
    let bytes = text.as_bytes();
    text.match_indices(quoted).take(TRIES).find_map(|(at, _)| {
        let start = open_brace_before(bytes, at)?;
        let end = closing_brace(bytes, start)?;
        let object = &text[start..end];
        accept(object).then(|| object.to_owned())
    })
}

/// The nearest brace before `at` that is not closed before it.
fn open_brace_before(bytes: &[u8], at: usize) -> Option<usize> {
    let mut closed = 0_usize;
    for index in (0..at).rev() {
        match bytes[index] {
            b'}' => closed += 1,
            b'{' if closed == 0 => return Some(index),
            b'{' => closed -= 1,
            _ => {}
        }
    }
    None
}

/// The end of the object that begins at `start`; braces inside strings do not count.
fn closing_brace(bytes: &[u8], start: usize) -> Option<usize> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (index, byte) in bytes.iter().enumerate().skip(start) {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'{' => depth += 1,
            b'}' => {
                depth -= 1;
                if depth == 0 {
                    return Some(index + 1);
                }
            }
            _ => {}
        }
    }
    None
}

fn xml_within(text: &str) -> Option<String> {
    let start = text.find("<OAuth>")?;
    let end = start + text[start..].find("</OAuth>")? + "</OAuth>".len();
    let document = &text[start..end];
    is_answer(document).then(|| document.to_owned())
}

fn form_within(text: &str) -> Option<String> {
    let edge = |c: char| c.is_whitespace() || "\"'<>()[]{}`,;".contains(c);
    for name in NAMES {
        let assigned = format!("{name}=");
        for (at, _) in text.match_indices(&assigned).take(TRIES) {
            let start = text[..at].rfind(edge).map_or(0, |found| {
                found + text[found..].chars().next().map_or(1, char::len_utf8)
            });
            let end = text[at..].find(edge).map_or(text.len(), |found| at + found);
            let form = &text[start..end];
            // Of a URL this is the query of a redirect, which is read elsewhere.
            if !form.contains('?') && is_answer(form) {
                return Some(form.to_owned());
            }
        }
    }
    None
}
