//! HTTP heads as curl prints them: `-i` (several, where a proxy, `100 Continue` or a redirect came first) and `-v`.

use std::borrow::Cow;

use crate::oauth::{http::HttpResponse, token::read_body};

/// Reads the last response in a text that holds at least one status line at the beginning of a line.
pub(crate) fn read(text: &str) -> Option<HttpResponse> {
    let text = without_curl_marks(text);
    let mut rest = &text[first_status_line(&text)?..];
    loop {
        let (mut response, body) = one(rest)?;
        // A further head follows only where this one had no body: an interim answer, a proxy's, a redirect's.
        let next = body.trim_start();
        if status(next.lines().next().unwrap_or_default()).is_some() {
            rest = next;
            continue;
        }
        response.body = without_chatter(body).as_bytes().to_vec();
        if response.body.is_empty() && !said_to_be_empty(&response) {
            response.body_cut_at = Some(0);
        }
        return Some(response);
    }
}

/// True where a head says that no body follows. Otherwise a body that is not there was not pasted.
fn said_to_be_empty(response: &HttpResponse) -> bool {
    matches!(response.status, 204 | 304) || response.header("content-length") == Some("0")
}

/// A status line, its headers, and what follows them.
fn one(text: &str) -> Option<(HttpResponse, &str)> {
    let (line, mut rest) = split_line(text);
    let mut response = HttpResponse {
        status: status(line)?,
        ..HttpResponse::default()
    };
    loop {
        let (line, behind) = split_line(rest);
        if line.is_empty() {
            return Some((response, behind));
        }
        match line.split_once(':') {
            Some((name, value)) if is_field_name(name) => {
                response.headers.push((name.to_owned(), value.trim().to_owned()));
                rest = behind;
            }
            // The empty line got lost on the way here: the body begins.
            _ => return Some((response, rest)),
        }
    }
}

pub(crate) fn split_line(text: &str) -> (&str, &str) {
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    (line.trim_end_matches('\r'), rest)
}

fn is_field_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_.!#$%&'*+^`|~".contains(&b))
}

/// The status code of `HTTP/1.1 200 OK`, `HTTP/2 200`.
fn status(line: &str) -> Option<u16> {
    let rest = line.strip_prefix("HTTP/")?;
    let (version, rest) = rest.split_once(' ')?;
    let code = rest.trim_start().split(' ').next()?.trim();
    let good_version = version.starts_with(|c: char| c.is_ascii_digit());
    code.parse()
        .ok()
        .filter(|code| good_version && (100..1000).contains(code))
}

pub(crate) fn first_status_line(text: &str) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_start();
        if status(trimmed.trim_end()).is_some() {
            return Some(at + line.len() - trimmed.len());
        }
        at += line.len();
    }
    None
}

/// Takes the marks of `curl -v` off: `< ` in front of what was received stays text, `> ` and `* ` lines go.
fn without_curl_marks(text: &str) -> Cow<'_, str> {
    let received = |line: &str| line.trim_end() == "<" || line.starts_with("< ");
    if !text
        .lines()
        .any(|line| line.strip_prefix("< ").is_some_and(|rest| status(rest).is_some()))
    {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    let mut in_body = false;
    for line in text.split_inclusive('\n') {
        if received(line) {
            let content = line[1..].trim_start_matches(' ');
            in_body = content.trim().is_empty();
            kept.push_str(content);
        } else if line.starts_with("* ")
            || line.starts_with("> ")
            || line.trim_end() == ">"
            || line.starts_with("{ [")
            || line.starts_with("} [")
            || is_progress(line)
        {
            // curl's own words, and what was sent.
        } else if in_body {
            kept.push_str(line);
        }
    }
    Cow::Owned(kept)
}

/// curl's progress meter, which `-v` mixes in when the output goes to a file.
fn is_progress(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("% Total")
        || line.starts_with("Dload")
        || (line.contains("--:--:--") && !line.contains('{'))
}

/// A body without the line of curl that is glued to it where it had no newline at its end.
fn without_chatter(body: &str) -> &str {
    let body = match body
        .find("* Connection #")
        .or_else(|| body.find("* Closing connection"))
    {
        Some(at) if read_body(&body[..at]).members.0.len() > read_body(body).members.0.len() => &body[..at],
        _ => body,
    };
    body.trim_end_matches(['\r', '\n'])
}
