//! HTTP messages as plain data, kept byte for byte.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// A header field as it travelled: name and value, in order, repeats kept.
pub type Header = (String, String);

/// A request as it was sent or received. `Debug` tells only what holds no secret; `flow::redaction` makes the form that may
/// be shown.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HttpRequest {
    /// `GET`, `POST`, …
    pub method: String,
    /// The absolute URL where it is known; for a request that came to a listener, the request target (`/path?query`).
    pub url: String,
    /// Header fields in order.
    pub headers: Vec<Header>,
    /// The body, byte for byte.
    #[serde(default, with = "body")]
    pub body: Vec<u8>,
}

/// A response as it came. `Debug` as for a request.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HttpResponse {
    /// The status code.
    pub status: u16,
    /// Header fields in order.
    pub headers: Vec<Header>,
    /// The body, byte for byte, up to the cap.
    #[serde(default, with = "body")]
    pub body: Vec<u8>,
    /// Set when the body was longer than the cap and was cut there: the cap in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_cut_at: Option<usize>,
    /// How the body ended.
    #[serde(default, skip_serializing_if = "BodyEnd::is_complete")]
    pub body_end: BodyEnd,
}

/// How the body of a response ended, as far as it was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BodyEnd {
    /// Where its framing says that it ends, or nothing says otherwise.
    #[default]
    Complete,
    /// The connection ended before the length that was announced, or before the last chunk.
    Interrupted,
    /// The rest did not come in time.
    TimedOut,
}

impl BodyEnd {
    /// True when nothing is missing by the framing of the message.
    pub fn is_complete(&self) -> bool {
        *self == Self::Complete
    }
}

impl std::fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let open = self.url.split(['?', '#']).next().unwrap_or_default();
        write!(
            f,
            "HttpRequest({} {open}, {} bytes)",
            self.method,
            self.body.len()
        )
    }
}

impl std::fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HttpResponse({}, {} bytes)", self.status, self.body.len())
    }
}

/// The first value of a header field, its name compared without regard to case (RFC 9110 §5.1).
pub fn header<'h>(headers: &'h [Header], name: &str) -> Option<&'h str> {
    headers
        .iter()
        .find(|(n, _)| n.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}

impl HttpRequest {
    /// A `GET` without a body.
    pub fn get(url: impl Into<String>) -> Self {
        Self {
            method: "GET".into(),
            url: url.into(),
            ..Self::default()
        }
    }

    /// The first value of a header field.
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }

    /// The same request with one more header field.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The path of the URL or request target, without query and fragment.
    pub fn path(&self) -> &str {
        let target = self.url.split(['?', '#']).next().unwrap_or_default();
        match target.split_once("://") {
            Some((_, rest)) if is_url(target) => rest.find('/').map_or("/", |slash| &rest[slash..]),
            _ => target,
        }
    }

    /// The query of the URL or request target, raw, without the `?`.
    pub fn query(&self) -> Option<&str> {
        let before_fragment = self.url.split('#').next().unwrap_or(&self.url);
        before_fragment.split_once('?').map(|(_, query)| query)
    }

    /// The media type of the body, lower case, without parameters.
    pub fn media_type(&self) -> Option<String> {
        media_type(&self.headers)
    }
}

impl HttpResponse {
    /// The first value of a header field.
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }

    /// True where the text that it was read from shows nothing of its body.
    pub fn shows_no_body(&self) -> bool {
        self.body.is_empty() && self.body_cut_at.is_some()
    }

    /// The media type of the body, lower case, without parameters.
    pub fn media_type(&self) -> Option<String> {
        media_type(&self.headers)
    }

    /// What the first bytes of the body say it is, where that is not UTF-8 text: `gzip`, `UTF-16LE`, `UTF-16BE`.
    pub fn foreign_form(&self) -> Option<&'static str> {
        match self.body.as_slice() {
            [0x1f, 0x8b, ..] => Some("gzip"),
            [0xff, 0xfe, ..] | [b'{' | b'"' | b'<', 0, ..] => Some("UTF-16LE"),
            [0xfe, 0xff, ..] | [0, b'{' | b'"' | b'<', ..] => Some("UTF-16BE"),
            _ => None,
        }
    }

    /// The body as text; bytes that are not UTF-8 become U+FFFD.
    pub fn text(&self) -> String {
        as_text(&self.body).into_owned()
    }
}

/// Bytes as text; what is not UTF-8 becomes U+FFFD.
pub fn as_text(bytes: &[u8]) -> Cow<'_, str> {
    // Nearly all bodies are UTF-8, and telling that is far faster than looking for what is not.
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

fn media_type(headers: &[Header]) -> Option<String> {
    let value = header(headers, "content-type")?;
    Some(
        value
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase(),
    )
}

/// True when a text begins with `scheme://` (RFC 3986 §3.1). A request target or a query may hold a URL further on.
pub fn is_url(text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
    })
}

/// The standard reason phrase of a status code (RFC 9110 §15), empty where there is none.
pub fn reason_phrase(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        204 => "No Content",
        302 => "Found",
        303 => "See Other",
        304 => "Not Modified",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        421 => "Misdirected Request",
        422 => "Unprocessable Content",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "",
    }
}

/// Bodies are text in a transcript file where they are UTF-8, and `{"base64": …}` where they are not.
mod body {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

    #[derive(Serialize, Deserialize)]
    #[serde(untagged)]
    enum Stored {
        Text(String),
        Bytes { base64: String },
    }

    pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Stored::Text(text.into()),
            Err(_) => Stored::Bytes {
                base64: STANDARD.encode(bytes),
            },
        }
        .serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        match Stored::deserialize(deserializer)? {
            Stored::Text(text) => Ok(text.into_bytes()),
            Stored::Bytes { base64 } => STANDARD.decode(base64).map_err(D::Error::custom),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::oauth::http::*;

    #[test]
    fn path_and_query_of_urls_and_targets() {
        for (url, path, query) in [
            (
                "http://127.0.0.1:8914/callback?code=a&state=b",
                "/callback",
                Some("code=a&state=b"),
            ),
            ("/callback?code=a", "/callback", Some("code=a")),
            ("http://h?iss=https://x/y", "/", Some("iss=https://x/y")),
            ("http://h#a/b", "/", None),
            ("/callback?iss=https://h/x", "/callback", Some("iss=https://h/x")),
            ("https://github.com", "/", None),
            ("/a/b#f?x", "/a/b", None),
        ] {
            let request = HttpRequest::get(url);
            assert_eq!((request.path(), request.query()), (path, query), "{url}");
        }
    }

    #[test]
    fn a_body_survives_a_transcript_file_byte_for_byte() {
        for body in [b"{\"a\":1}".to_vec(), vec![0xff, 0x00, 0xfe]] {
            let response = HttpResponse {
                status: 200,
                body,
                ..HttpResponse::default()
            };
            let stored = serde_json::to_string(&response).unwrap();
            assert_eq!(serde_json::from_str::<HttpResponse>(&stored).unwrap(), response);
        }
    }
}
