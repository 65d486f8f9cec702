//! Bodies of token responses: by themselves, as a string in a log, or with other text around them.

use serde_json::Value;

use crate::{
    oauth::{
        params::Params,
        token::{BodyEncoding, is_answer, read_body},
    },
    providers::error_table::is_known,
    sources::pasted::redirect::is_code_like,
};

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

/// The page that a text begins with, with other words before it in its first line or not: a proxy's, a login's, GitHub's
/// 404. It is not searched: what it quotes is not the answer.
pub(crate) fn page(text: &str) -> Option<(String, usize)> {
    let line = text.lines().next().unwrap_or_default();
    let start = line
        .find("<!")
        .or_else(|| line.find("<html"))
        .or_else(|| line.find("<?xml"))?;
    let from = &text[start..];
    // `<` alone is not enough, a log may begin with `<info>`.
    if !looks_like_a_page(from) || from.starts_with("<?xml") && from.contains("<OAuth>") {
        return None;
    }
    let end = ["</html>", "</HTML>"]
        .iter()
        .find_map(|tag| Some(from.find(tag)? + tag.len()))
        .unwrap_or(from.len());
    Some((from[..end].to_owned(), start + end))
}

/// The text as a document of another kind: JSON or XML that is not a token response, as the diagnosis then says.
pub(crate) fn document(text: &str) -> Option<String> {
    let is_document = match read_body(text).encoding {
        BodyEncoding::Json | BodyEncoding::Xml => true,
        _ => text.starts_with('[') && serde_json::from_str::<Value>(text).is_ok_and(|value| value.is_array()),
    };
    is_document.then(|| text.to_owned())
}

fn looks_like_a_page(text: &str) -> bool {
    let start: String = text.chars().take(200).collect::<String>().to_ascii_lowercase();
    ["<!doctype", "<html", "<head", "<body", "<?xml", "<title"]
        .iter()
        .any(|tag| start.contains(tag))
}

/// An object as JSON, also where its quotation marks are escaped or line breaks were put into it.
pub(crate) fn json(text: &str) -> Option<Value> {
    let read = |text: &str| match serde_json::from_str(text) {
        Ok(value @ Value::Object(_)) => Some(value),
        _ => None,
    };
    read(text)
        .or_else(|| {
            let joined: String = text.split(['\n', '\r']).collect();
            (joined.len() < text.len()).then(|| read(&joined))?
        })
        .or_else(|| {
            let escaped = text.contains("\\\"");
            escaped.then(|| read(&text.replace("\\\"", "\"").replace("\\\\", "\\")))?
        })
}

/// The end of the object that begins at `start`; braces inside strings do not count.
pub(crate) fn closing_brace(bytes: &[u8], start: usize) -> Option<usize> {
    let (mut depth, mut in_string, mut at) = (0_usize, false, start);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if in_string => at += 1,
            b'"' => in_string = !in_string,
            b'{' if !in_string => depth += 1,
            b'}' if !in_string => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// GitHub's XML at the beginning of a text, and its length.
pub(crate) fn xml(text: &str) -> Option<(String, usize)> {
    let end = text.find("</OAuth>")? + "</OAuth>".len();
    is_answer(&text[..end]).then(|| (text[..end].to_owned(), end))
}

/// A form that is an answer: with an error that is known or explained, or with a token.
pub(crate) fn form(word: &str) -> Option<String> {
    if !is_answer(word) {
        return None;
    }
    let params = Params::decode(word);
    let told = params.get("error").is_none_or(|error| {
        is_known(error) || (is_code_like(error) && params.get("error_description").is_some())
    });
    told.then(|| word.to_owned())
}
