//! What went over the wire, one direction after the other, taken apart into requests and responses.

use crate::{
    oauth::http::{Header, HttpRequest, HttpResponse, header},
    oauth::params::char_boundary,
    sources::exchange::{Came, Exchange, asks_for_a_token, without_body},
};

/// A part of what went over the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// True for what the client sent.
    pub(crate) sent: bool,
    /// The text of it.
    pub(crate) text: String,
}

/// The exchanges in what went over the wire, parts of one direction joined.
pub(crate) fn exchanges(pieces: Vec<Piece>) -> Vec<Exchange> {
    let mut joined: Vec<Piece> = Vec::new();
    for piece in pieces {
        match joined.last_mut() {
            Some(last) if last.sent == piece.sent => last.text.push_str(&piece.text),
            _ => joined.push(piece),
        }
    }
    let mut found: Vec<Exchange> = Vec::new();
    for piece in joined {
        if piece.sent {
            found.extend(requests(&piece.text));
        } else {
            for response in responses(&piece.text) {
                match found.iter_mut().find(|exchange| exchange.came.is_none()) {
                    Some(open) => open.came = Some(Came::Response(response)),
                    None => found.push(Exchange::answered(response)),
                }
            }
        }
    }
    // A token request of which the body is not shown says nothing, and its answer does.
    for exchange in &mut found {
        let hidden = |request: &HttpRequest| request.method == "POST" && request.body.is_empty();
        if exchange
            .request
            .as_ref()
            .is_some_and(|r| hidden(r) && announces_a_body(&r.headers))
        {
            let request = exchange.request.take();
            exchange.came = exchange
                .came
                .take()
                .filter(|_| request.as_ref().is_some_and(asks_for_a_token));
        }
    }
    found
}

fn announces_a_body(headers: &[Header]) -> bool {
    header(headers, "content-length") != Some("0")
}

/// The messages of one direction, each with its body.
pub(crate) fn requests(text: &str) -> Vec<Exchange> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((line, headers, behind)) = head(rest, is_request_line) {
        let mut words = line.split_whitespace();
        let method = words.next().unwrap_or_default().to_owned();
        let target = words.next().unwrap_or_default();
        let length: Option<usize> =
            header(&headers, "content-length").and_then(|length| length.trim().parse().ok());
        let next = next_head(behind, is_request_line);
        let (body, after) = match length {
            Some(length) if length <= behind.len() => behind.split_at(char_boundary(behind, length)),
            _ => behind.split_at(next),
        };
        rest = after;
        if method == "CONNECT" {
            continue;
        }
        let url = absolute(target, &headers);
        found.push(Exchange::asked(HttpRequest {
            method,
            url,
            body: body.trim().as_bytes().to_vec(),
            headers,
        }));
    }
    found
}

/// The address of a request: names that only this machine knows are asked without TLS.
fn absolute(target: &str, headers: &[Header]) -> String {
    match header(headers, "host") {
        Some(host) if target.starts_with('/') => {
            let local = ["localhost", "127.", "[::1]", "10.", "192.168."]
                .iter()
                .any(|start| host.starts_with(start));
            let scheme = if local && !host.ends_with(":443") {
                "http"
            } else {
                "https"
            };
            format!("{scheme}://{host}{target}")
        }
        _ => target.to_owned(),
    }
}

/// The responses of one direction, interim ones and those of a proxy left out.
pub(crate) fn responses(text: &str) -> Vec<HttpResponse> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((line, headers, behind)) = head(rest, is_status_line) {
        let status = status(line).unwrap_or_default();
        let next = next_head(behind, is_status_line);
        let of_a_proxy = status == 200 && line.to_ascii_lowercase().contains("connection established");
        if (100..200).contains(&status) || of_a_proxy {
            rest = &behind[next..];
            continue;
        }
        let (response, length) = body(status, headers, &behind[..next]);
        found.push(response);
        rest = &behind[length.min(next)..];
    }
    found
}

/// A response with the body at the beginning of a text, and how much of the text that is.
fn body(status: u16, headers: Vec<Header>, text: &str) -> (HttpResponse, usize) {
    let coding = header(&headers, "transfer-encoding")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let length: Option<usize> =
        header(&headers, "content-length").and_then(|length| length.trim().parse().ok());
    let decoded = header(&headers, "content-encoding").is_some();
    let mut response = without_body(status);
    response.headers = headers;
    let taken = if let (true, Some((body, taken))) = (coding.contains("chunked"), chunks(text)) {
        response.body = body.into_bytes();
        taken
    } else if let Some(length) = length.filter(|length| *length <= text.len() && !decoded) {
        let at = char_boundary(text, length);
        response.body = text.as_bytes()[..at].to_vec();
        at
    } else {
        response.body = without_chatter(text).trim().as_bytes().to_vec();
        text.len()
    };
    let said_to_be_empty = length == Some(0) || matches!(status, 204 | 304);
    response.body_cut_at = match length {
        _ if response.body.is_empty() => (!said_to_be_empty).then_some(0),
        // Less came into the text than the head announces.
        Some(length) if !decoded && length > text.len() => Some(response.body.len()),
        _ => None,
    };
    (response, taken)
}

/// A body without curl's own words behind it.
fn without_chatter(text: &str) -> &str {
    let words = [
        "* Connection #",
        "* Closing connection",
        "* shutting down connection",
        "* abort upload",
        "* we are done",
    ];
    let end = words.iter().filter_map(|words| text.find(words)).min();
    &text[..end.unwrap_or(text.len())]
}

/// A body in chunks (RFC 9112 §7.1), and the length of their framing and content.
fn chunks(text: &str) -> Option<(String, usize)> {
    let mut body = String::new();
    let mut at = text.len() - text.trim_start_matches(['\r', '\n']).len();
    loop {
        let line = text[at..].find('\n')? + at;
        let size = text[at..line].split(';').next().unwrap_or_default().trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        if size == 0 {
            return Some((body, line + 1));
        }
        body.push_str(text.get(line + 1..line + 1 + size)?);
        let behind = &text[line + 1 + size..];
        at = text.len() - behind.trim_start_matches(['\r', '\n']).len();
    }
}

/// The first head of a text: its first line, its fields, and what follows it.
fn head(text: &str, begins: fn(&str) -> bool) -> Option<(&str, Vec<Header>, &str)> {
    let start = next_head_from(text, 0, begins);
    if start == text.len() {
        return None;
    }
    let (line, mut rest) = split_line(&text[start..]);
    let mut headers = Vec::new();
    loop {
        let (field, behind) = split_line(rest);
        match field.split_once(':') {
            Some((name, value)) if is_field_name(name.trim()) => {
                headers.push((name.trim().to_owned(), value.trim().to_owned()));
                rest = behind;
            }
            _ if field.trim().is_empty() => return Some((line, headers, behind)),
            _ => return Some((line, headers, rest)),
        }
    }
}

fn split_line(text: &str) -> (&str, &str) {
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    (line.trim_end_matches('\r'), rest)
}

fn is_field_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
}

fn next_head(text: &str, begins: fn(&str) -> bool) -> usize {
    next_head_from(text, 0, begins)
}

/// Where the next line stands with which a message begins; the end of the text where there is none.
fn next_head_from(text: &str, from: usize, begins: fn(&str) -> bool) -> usize {
    let mut at = from;
    for line in text[from..].split_inclusive('\n') {
        if begins(line.trim_end()) {
            return at;
        }
        at += line.len();
    }
    text.len()
}

/// `POST /x HTTP/1.1`.
pub(crate) fn is_request_line(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let method = words.next().unwrap_or_default();
    let version = words.nth(1).unwrap_or_default();
    matches!(
        method,
        "GET" | "POST" | "PUT" | "OPTIONS" | "HEAD" | "CONNECT" | "PATCH" | "DELETE"
    ) && version.starts_with("HTTP/")
        && line.starts_with(method)
}

/// `HTTP/1.1 200 OK`.
pub(crate) fn is_status_line(line: &str) -> bool {
    status(line).is_some()
}

fn status(line: &str) -> Option<u16> {
    let (version, rest) = line.strip_prefix("HTTP/")?.split_once(' ')?;
    let digits = rest.trim_start().split(' ').next()?;
    let numbered = version.starts_with(|c: char| c.is_ascii_digit());
    digits
        .parse()
        .ok()
        .filter(|status| numbered && (100..1000).contains(status))
}
