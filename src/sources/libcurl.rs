//! C source that asks libcurl for a request: what `curl --libcurl` writes, or a person after it.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    oauth::http::HttpRequest,
    sources::{
        Source,
        exchange::{self, Exchange},
    },
};

/// The calls of `curl_easy_setopt` that make a request.
pub(crate) const SOURCE: Source = Source {
    name: "libcurl",
    recognises: |input| input.text.contains("curl_easy_setopt(") && input.text.contains("CURLOPT_URL"),
    // A handle is cleaned up when its request was made.
    read: |input| {
        Some(exchange::seen(
            input.text.split("curl_easy_cleanup(").filter_map(asked),
        ))
    },
};

/// The request of one handle; `None` where its address or its body is a variable, whose value the source does not show.
fn asked(source: &str) -> Option<Exchange> {
    let option = |name: &str| {
        let start = source.find(&format!("{name},"))? + name.len() + 1;
        Some(literal(source[start..].trim_start()))
    };
    let url = option("CURLOPT_URL")??;
    let mut request = HttpRequest::get(url);
    for name in ["CURLOPT_POSTFIELDS", "CURLOPT_COPYPOSTFIELDS"] {
        if let Some(body) = option(name) {
            request.method = "POST".into();
            request.body = body?.into_bytes();
        }
    }
    if let Some(method) = option("CURLOPT_CUSTOMREQUEST") {
        request.method = method?;
    }
    for (at, call) in source.match_indices("curl_slist_append(") {
        let argument = source[at + call.len()..].split_once(',').map(|(_, rest)| rest);
        let field = argument.and_then(|rest| literal(rest.trim_start()));
        if let Some((name, value)) = field.as_deref().and_then(|field| field.split_once(':')) {
            request = request.with_header(name.trim(), value.trim());
        }
    }
    if let Some(pair) = option("CURLOPT_USERPWD") {
        request = request.with_header("Authorization", format!("Basic {}", STANDARD.encode(pair?)));
    }
    if let Some(Some(agent)) = option("CURLOPT_USERAGENT") {
        request = request.with_header("User-Agent", agent);
    }
    Some(Exchange::asked(request))
}

/// The string literal that a text begins with, and those that follow it without anything between.
fn literal(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.strip_prefix('"')?;
    loop {
        let mut chars = rest.char_indices();
        let end = loop {
            match chars.next()? {
                (at, '"') => break at,
                (_, '\\') => {
                    chars.next()?;
                }
                _ => {}
            }
        };
        unescape(&rest[..end], &mut bytes);
        match rest[end + 1..].trim_start().strip_prefix('"') {
            Some(next) => rest = next,
            None => return Some(String::from_utf8_lossy(&bytes).into_owned()),
        }
    }
}

/// C's escapes: letters, bytes in octal, and characters that stand for themselves.
fn unescape(text: &str, bytes: &mut Vec<u8>) {
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('\\') {
        bytes.extend(before.bytes());
        let octal = behind
            .bytes()
            .take(3)
            .take_while(|b| matches!(b, b'0'..=b'7'))
            .count();
        if octal > 0 {
            bytes.push(u8::from_str_radix(&behind[..octal], 8).unwrap_or(b'?'));
            rest = &behind[octal..];
            continue;
        }
        let escaped = behind.chars().next().unwrap_or('\\');
        let means = match escaped {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            other => other,
        };
        bytes.extend(means.encode_utf8(&mut [0; 4]).bytes());
        rest = &behind[escaped.len_utf8().min(behind.len())..];
    }
    bytes.extend(rest.bytes());
}

#[cfg(test)]
mod tests {
    use crate::{
        flow::transcript::Observation,
        oauth::token::request_params,
        sources::{Input, libcurl::*},
    };

    const WRITTEN: &str = r#"  slist1 = curl_slist_append(slist1, "Accept: application/json");
  hnd = curl_easy_init();
  curl_easy_setopt(hnd, CURLOPT_URL, "https://h.example/login/oauth/access_token");
  curl_easy_setopt(hnd, CURLOPT_USERPWD, "id:se\"c\?\303\244");
  curl_easy_setopt(hnd, CURLOPT_POSTFIELDS, "code=c&"
    "redirect_uri=http://localhost");
  curl_easy_setopt(hnd, CURLOPT_HTTPHEADER, slist1);
  curl_easy_cleanup(hnd);
"#;

    fn sent(text: &str) -> Option<HttpRequest> {
        let seen = (SOURCE.read)(&Input::new(text.as_bytes()))?;
        seen.into_iter().find_map(|seen| match seen.observation {
            Observation::RequestSent { request, .. } => Some(request),
            _ => None,
        })
    }

    #[test]
    fn what_is_asked_of_libcurl_is_a_request() {
        assert!((SOURCE.recognises)(&Input::new(WRITTEN.as_bytes())));
        let request = sent(WRITTEN).expect("a token request");
        assert_eq!(
            (request.method.as_str(), request.url.as_str()),
            ("POST", "https://h.example/login/oauth/access_token")
        );
        assert_eq!(request.header("accept"), Some("application/json"));
        let params = request_params(&request);
        for (name, value) in [
            ("client_id", "id"),
            ("client_secret", "se\"c?ä"),
            ("code", "c"),
            ("redirect_uri", "http://localhost"),
        ] {
            assert_eq!(params.get(name), Some(value), "{name}");
        }
    }

    #[test]
    fn the_value_of_a_variable_is_not_shown() {
        let variable = WRITTEN.replace("\"code=c&\"\n    \"redirect_uri=http://localhost\"", "fields");
        assert_ne!(variable, WRITTEN);
        assert_eq!(sent(&variable), None);
    }

    #[test]
    fn a_literal_that_was_cut_ends_nothing() {
        for text in ["\"abc", "\"abc\\", "\"a\\7", "\"", "\"\\8\"", ""] {
            let _ = literal(text);
        }
        assert_eq!(literal("\"abc"), None);
    }
}
