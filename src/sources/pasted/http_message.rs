//! HTTP heads as curl prints them: `-i` (several, where a proxy, `100 Continue` or a redirect came first) and `-v`.

use std::borrow::Cow;

use crate::{
    oauth::{
        http::HttpResponse,
        token::{BodyEncoding, read_body},
    },
    sources::pasted::body::closing_brace,
};

/// Reads the response whose status line a text begins with, and where it ends; no response for an interim one, a proxy's.
pub(crate) fn read(text: &str) -> Option<(Option<HttpResponse>, usize)> {
    status(text.trim_start().lines().next().unwrap_or_default().trim_end())?;
    let (mut response, rest) = one(text.trim_start())?;
    let head = text.len() - rest.len();
    // A further head follows only where this one had no body: an interim answer, a proxy's, a redirect's.
    let next = rest.trim_start();
    let another = status(next.lines().next().unwrap_or_default()).is_some();
    if another {
        let leads_on = (300..400).contains(&response.status);
        return Some((leads_on.then_some(response), head));
    }
    let (body, length) = framed(&response, rest);
    response.body = without_chatter(&body).as_bytes().to_vec();
    if response.body.is_empty() && !said_to_be_empty(&response) {
        response.body_cut_at = Some(0);
    }
    Some((Some(response), head + length))
}

/// The body at the beginning of a text, and its length there: by its chunks, by its `Content-Length`, by what it is, else up
/// to the next message.
fn framed<'t>(response: &HttpResponse, text: &'t str) -> (Cow<'t, str>, usize) {
    if response
        .header("transfer-encoding")
        .is_some_and(|coding| coding.to_ascii_lowercase().contains("chunked"))
        && let Some((body, length)) = chunks(text)
    {
        return (Cow::Owned(body), length);
    }
    let announced: Option<usize> = response
        .header("content-length")
        .and_then(|length| length.trim().parse().ok());
    if let Some(length) = announced.filter(|length| *length > 0 && text.is_char_boundary(*length))
        && length <= text.len()
        && ends_there(text, length)
    {
        return (Cow::Borrowed(&text[..length]), length);
    }
    let start = text.len() - text.trim_start().len();
    let rest = &text[start..];
    let end = match rest.chars().next() {
        Some('{') => closing_brace(rest.as_bytes(), 0),
        Some('<') => ["</html>", "</HTML>", "</OAuth>"]
            .iter()
            .find_map(|tag| Some(rest.find(tag)? + tag.len())),
        _ => rest
            .find('\n')
            .filter(|end| read_body(&rest[..*end]).encoding == BodyEncoding::Form),
    };
    let end = end.map_or_else(|| next_message(text), |end| start + end);
    (Cow::Borrowed(&text[..end]), end)
}

/// True where a body of that length is whole: it is not cut in the middle of a word.
fn ends_there(text: &str, length: usize) -> bool {
    let inside = text[..length].trim_end();
    let behind = text[length..].chars().next();
    behind.is_none_or(|c| c.is_whitespace() || inside.ends_with(['}', '>', ']']))
}

/// A body in chunks (RFC 9112 §7.1), without its framing.
fn chunks(text: &str) -> Option<(String, usize)> {
    let mut body = String::new();
    let mut rest = text;
    loop {
        let (line, behind) = split_line(rest);
        let size = line.split(';').next().unwrap_or_default().trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        if size == 0 {
            return Some((body, text.len() - behind.len()));
        }
        body.push_str(behind.get(..size)?);
        rest = behind[size..].trim_start_matches(['\r', '\n']);
    }
}

/// Where the next message or command begins.
fn next_message(text: &str) -> usize {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        let request = trimmed.contains(" HTTP/") && trimmed.starts_with(|c: char| c.is_ascii_uppercase());
        let command = trimmed.trim_start_matches(['$', ' ']).starts_with("curl ");
        if at > 0 && (request || command || status(trimmed).is_some()) {
            return at;
        }
        at += line.len();
    }
    text.len()
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

/// Takes the marks of `curl -v` off: what was received stays, without its `< `; what was sent and curl's own words go.
pub(crate) fn without_curl_marks(text: &str) -> Cow<'_, str> {
    let received = |line: &str| line.trim_end() == "<" || line.starts_with("< ");
    if !text
        .lines()
        .any(|line| line.strip_prefix("< ").is_some_and(|rest| status(rest).is_some()))
    {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        if received(line) {
            let content = line[1..].trim_start_matches(' ');
            kept.push_str(content);
        } else if line.starts_with("* ")
            || line.starts_with("> ")
            || line.trim_end() == ">"
            || line.starts_with("{ [")
            || line.starts_with("} [")
            || is_progress(line)
        {
            // curl's own words, and what was sent.
        } else {
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
