//! A curl command line, as a request that it would send.

use crate::oauth::{http::HttpRequest, params::encode_value, secret::MASK};

/// A value that the shell puts in is not seen; that many masked characters stand for it, the length of a secret.
const UNSEEN: usize = 40;

/// The short options that take a value.
const WITH_VALUE: &str = "dHXuAbeFomxTcKwECDPQrtyYz";

/// Reads the curl command that begins in the first line of a text, a prompt before it or not: its request, and where the
/// command ends.
pub(crate) fn read(text: &str, line: usize) -> Option<(HttpRequest, usize)> {
    let command = text[..line].trim_start_matches(|c: char| c.is_whitespace() || "$%#>".contains(c));
    if !command.starts_with("curl ") && !command.starts_with("curl.exe ") {
        return None;
    }
    let start = line - command.len();
    let (words, end) = shell_words(&text[start..]);
    let request = request(words)?;
    Some((request, start + end))
}

/// The words of a shell command up to its end, and where that is.
fn shell_words(text: &str) -> (Vec<String>, usize) {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '\'' => {
                let word = word.get_or_insert_default();
                word.extend(chars.by_ref().map(|(_, c)| c).take_while(|c| *c != '\''));
            }
            '"' => {
                let word = word.get_or_insert_default();
                while let Some((_, c)) = chars.next() {
                    match c {
                        '"' => break,
                        '\\' => word.extend(chars.next().map(|(_, c)| c)),
                        '$' => expand(word, &mut chars),
                        c => word.push(c),
                    }
                }
            }
            '$' if chars.peek().is_some_and(|(_, c)| *c == '\'') => {
                chars.next();
                let word = word.get_or_insert_default();
                while let Some((_, c)) = chars.next() {
                    match c {
                        '\'' => break,
                        '\\' => word.extend(chars.next().map(|(_, c)| match c {
                            'n' => '\n',
                            'r' => '\r',
                            't' => '\t',
                            c => c,
                        })),
                        c => word.push(c),
                    }
                }
            }
            '$' => expand(word.get_or_insert_default(), &mut chars),
            // A line that goes on: in a shell, in cmd.exe and in PowerShell.
            '\\' | '^' | '`' if chars.peek().is_some_and(|(_, c)| matches!(c, '\n' | '\r')) => {
                while chars.next_if(|(_, c)| matches!(c, '\n' | '\r')).is_some() {}
            }
            '\\' => word.get_or_insert_default().extend(chars.next().map(|(_, c)| c)),
            '\n' | '|' | ';' => {
                words.extend(word.take());
                return (words, at);
            }
            c if c.is_whitespace() => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    (words, text.len())
}

/// Takes the name of a variable, or a command in brackets, for whose value the shell stands.
fn expand(word: &mut String, chars: &mut std::iter::Peekable<std::str::CharIndices<'_>>) {
    match chars.peek() {
        Some((_, '{' | '(')) => {
            chars.by_ref().find(|(_, c)| matches!(c, '}' | ')'));
        }
        Some((_, c)) if c.is_ascii_alphabetic() || *c == '_' => {
            while chars
                .next_if(|(_, c)| c.is_ascii_alphanumeric() || *c == '_')
                .is_some()
            {}
        }
        _ => {
            word.push('$');
            return;
        }
    }
    word.extend(std::iter::repeat_n(MASK, UNSEEN));
}

/// Options and values, in order.
fn options(words: Vec<String>) -> Vec<(String, String)> {
    let mut options = Vec::new();
    let mut words = words.into_iter().skip(1);
    while let Some(word) = words.next() {
        if let Some(name) = word.strip_prefix("--") {
            let takes_value = name.starts_with("data")
                || [
                    "request",
                    "header",
                    "user",
                    "url",
                    "json",
                    "form",
                    "user-agent",
                    "output",
                    "proxy",
                    "max-time",
                ]
                .contains(&name);
            let value = if takes_value { words.next() } else { None };
            options.push((name.to_owned(), value.unwrap_or_default()));
        } else if let Some(cluster) = word.strip_prefix('-').filter(|cluster| !cluster.is_empty()) {
            match cluster.find(|c| WITH_VALUE.contains(c)) {
                Some(at) => {
                    let name = &cluster[at..=at];
                    let glued = &cluster[at + 1..];
                    let value = if glued.is_empty() {
                        words.next().unwrap_or_default()
                    } else {
                        glued.to_owned()
                    };
                    options.push((name.to_owned(), value));
                }
                None => options.extend(cluster.chars().map(|c| (c.to_string(), String::new()))),
            }
        } else {
            options.push(("url".to_owned(), word));
        }
    }
    options
}

fn request(words: Vec<String>) -> Option<HttpRequest> {
    let mut request = HttpRequest::default();
    let mut data: Vec<String> = Vec::new();
    let (mut method, mut in_query) = (None, false);
    for (name, value) in options(words) {
        match name.as_str() {
            "d" | "data" | "data-ascii" | "data-binary" | "data-raw" | "json" | "F" | "form" => {
                // What a file holds was not pasted.
                if value.starts_with('@') && name != "data-raw" {
                    return None;
                }
                if name == "json" {
                    request = request.with_header("Content-Type", "application/json");
                }
                data.push(value);
            }
            "data-urlencode" => data.push(match value.split_once('=') {
                Some((name, value)) => format!("{name}={}", encode_value(value)),
                None => encode_value(&value),
            }),
            "H" | "header" => {
                if let Some((name, value)) = value.split_once(':') {
                    request = request.with_header(name.trim(), value.trim());
                }
            }
            "u" | "user" => {
                use base64::{Engine as _, engine::general_purpose::STANDARD};
                request = request.with_header("Authorization", format!("Basic {}", STANDARD.encode(value)));
            }
            "X" | "request" => method = Some(value),
            "G" | "get" => in_query = true,
            "url" if request.url.is_empty() && value.contains(['/', '.', ':']) => request.url = value,
            _ => {}
        }
    }
    if request.url.is_empty() {
        return None;
    }
    let data = data.join("&");
    request.method = method.unwrap_or_else(|| {
        let posts = !data.is_empty() && !in_query;
        if posts { "POST" } else { "GET" }.to_owned()
    });
    if in_query && !data.is_empty() {
        let separator = if request.url.contains('?') { '&' } else { '?' };
        request.url = format!("{}{separator}{data}", request.url);
    } else {
        request.body = data.into_bytes();
    }
    Some(request)
}
