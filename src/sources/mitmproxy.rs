//! What mitmproxy prints (`mitmdump` with any `flow_detail`) and keeps (flow files, which are tnetstrings).

use crate::{
    flow::failure::{Failure, FailureKind},
    oauth::{
        http::{Header, HttpRequest, HttpResponse},
        params::Params,
        secret::MASK,
    },
    sources::{
        Source,
        exchange::{self, Came, Exchange, without_body},
        pasted::prose,
    },
};

/// The text that `mitmdump` prints.
pub(crate) const TEXT: Source = Source {
    name: "mitmdump",
    recognises: |input| {
        input
            .text
            .lines()
            .any(|line| line.trim_start().starts_with("<< "))
            && input.text.lines().any(|line| asked(line).is_some())
    },
    read: |input| Some(exchange::seen(printed(&input.text))),
};

/// A flow file.
pub(crate) const FLOWS: Source = Source {
    name: "mitmproxy_flows",
    recognises: |input| {
        let length = input
            .bytes
            .iter()
            .take(12)
            .take_while(|b| b.is_ascii_digit())
            .count();
        length > 0
            && input.bytes.get(length) == Some(&b':')
            && input
                .bytes
                .windows(10)
                .take(4096)
                .any(|part| part == b"8:response" || part == b"7:request;")
    },
    read: |input| Some(exchange::seen(kept(input.bytes))),
};

/// How many characters stand for what an ellipsis left out of a value.
const UNSEEN: usize = 16;
/// Deeper than this a flow is not looked into.
const DEEPEST: usize = 16;

/// `127.0.0.1:44210: POST http://…`: method and address.
fn asked(line: &str) -> Option<(&str, &str)> {
    let (client, rest) = line.split_once(": ")?;
    let port = client.rsplit_once(':')?.1;
    let (method, url) = rest.split_once(' ')?;
    // HTTP/2 is said of both messages.
    let url = url.split(" HTTP/").next().unwrap_or(url);
    let is_method = method.len() > 2 && method.bytes().all(|b| b.is_ascii_uppercase());
    (port.bytes().all(|b| b.is_ascii_digit()) && is_method && url.contains("://"))
        .then_some((method, url.trim()))
}

/// The address, with masked characters where the line was cut: the rest of it is not known, its parameters neither.
fn uncut(url: &str) -> String {
    match url.strip_suffix('…') {
        None => url.to_owned(),
        Some(shown) => {
            let unseen = MASK.to_string().repeat(UNSEEN);
            let state = if shown.contains("state=") { "" } else { "&state=" };
            let rest = if state.is_empty() {
                String::new()
            } else {
                format!("{state}{unseen}")
            };
            format!("{shown}{unseen}{rest}")
        }
    }
}

fn printed(text: &str) -> Vec<Exchange> {
    let mut found: Vec<Exchange> = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some((method, url)) = asked(line) {
            let cut = url.ends_with('…');
            let (headers, body) = message(&mut lines);
            let body = form(&body);
            let hidden = method == "POST" && body.is_empty();
            let mut request = HttpRequest {
                method: method.to_owned(),
                url: uncut(url),
                headers,
                body: body.into_bytes(),
            };
            // Of an authorization request that was cut nothing can be said.
            if cut && request.url.contains("client_id=") {
                request.url.clear();
            }
            let told = !request.url.is_empty() && (!hidden || exchange::asks_for_a_token(&request));
            found.push(Exchange {
                request: told.then_some(request),
                ..Exchange::default()
            });
        } else if let Some(answer) = line.trim_start().strip_prefix("<< ")
            && let Some(open) = found.last_mut()
        {
            let mut words = answer.split(' ').skip_while(|word| word.starts_with("HTTP/"));
            let status = words.next().and_then(|status| status.parse().ok());
            open.came = Some(match status {
                Some(status) => {
                    let (headers, body) = message(&mut lines);
                    let mut response = without_body(status);
                    if !body.trim().is_empty() {
                        response.body = body.trim().as_bytes().to_vec();
                        response.body_cut_at = None;
                    }
                    Came::Response(HttpResponse { headers, ..response })
                }
                None => Came::Failure(failure(answer)),
            });
        }
    }
    // What came of something that is not told says nothing.
    found.retain(|exchange| exchange.request.is_some());
    found
}

fn failure(words: &str) -> Failure {
    prose::complaint(words)
        .unwrap_or_else(|| Failure::new(FailureKind::Other, format!("{}.", words.trim_end_matches('.'))))
}

/// The lines behind, indented by four: fields, an empty line, a body.
fn message(lines: &mut std::iter::Peekable<std::str::Lines<'_>>) -> (Vec<Header>, String) {
    let mut headers = Vec::new();
    while let Some(line) =
        lines.next_if(|line| line.starts_with("    ") && !line.trim_start().starts_with("<< "))
    {
        if let Some((name, value)) = line.trim().split_once(": ") {
            headers.push((name.to_owned(), value.to_owned()));
        }
    }
    let mut body = String::new();
    if !headers.is_empty() && lines.next_if(|line| line.trim().is_empty()).is_some() {
        let of_a_body = |line: &&str| line.starts_with("    ") && !line.trim_start().starts_with("<< ");
        // A line break at the end of a value makes an empty line.
        let goes_on = |lines: &std::iter::Peekable<std::str::Lines<'_>>| {
            let mut ahead = lines.clone();
            match ahead.next() {
                Some("") => ahead.peek().is_some_and(of_a_body),
                Some(line) => of_a_body(&line),
                None => false,
            }
        };
        while goes_on(lines)
            && let Some(line) = lines.next()
        {
            body.push_str(line.get(4..).unwrap_or_default());
            body.push('\n');
        }
    }
    (headers, body)
}

/// A body of a request: mitmproxy shows a form as aligned lines, decoded.
fn form(body: &str) -> String {
    let pair = |line: &str| {
        let (name, value) = line.split_once(':')?;
        let is_name = !name.is_empty()
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b));
        is_name.then(|| (name.to_owned(), value.trim().to_owned()))
    };
    let mut pairs: Option<Vec<(String, String)>> = Some(Vec::new());
    for line in body.lines() {
        match (pairs.as_mut().and_then(|pairs| pairs.last_mut()), line) {
            (Some((_, value)), "") => value.push('\n'),
            _ => match (pair(line), &mut pairs) {
                (Some(pair), Some(pairs)) => pairs.push(pair),
                _ => pairs = None,
            },
        }
    }
    match pairs {
        Some(pairs) if !pairs.is_empty() => pairs.into_iter().collect::<Params>().encode(),
        _ => body.trim().to_owned(),
    }
}

/// A value of a tnetstring.
enum Net<'b> {
    Bytes(&'b [u8]),
    Number(i64),
    List(Vec<Net<'b>>),
    Map(Vec<(Net<'b>, Net<'b>)>),
    Nothing,
}

impl<'b> Net<'b> {
    fn get(&self, name: &str) -> Option<&Self> {
        let Self::Map(pairs) = self else {
            return None;
        };
        pairs
            .iter()
            .find(|(key, _)| key.text() == name)
            .map(|(_, value)| value)
    }

    fn text(&self) -> String {
        match self {
            Self::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            Self::Number(number) => number.to_string(),
            _ => String::new(),
        }
    }

    fn bytes(&self) -> &'b [u8] {
        match self {
            Self::Bytes(bytes) => bytes,
            _ => &[],
        }
    }
}

/// Reads one value, and what follows it.
fn net(bytes: &[u8], depth: usize) -> Option<(Net<'_>, &[u8])> {
    let colon = bytes.iter().take(12).position(|b| *b == b':')?;
    let length: usize = std::str::from_utf8(&bytes[..colon]).ok()?.parse().ok()?;
    let content = bytes.get(colon + 1..)?.get(..length)?;
    let (kind, rest) = bytes[colon + 1 + length..].split_first()?;
    let value = match kind {
        b',' | b';' => Net::Bytes(content),
        b'#' => Net::Number(std::str::from_utf8(content).ok()?.parse().ok()?),
        b']' | b'}' if depth < DEEPEST => {
            let mut values = Vec::new();
            let mut inner = content;
            while !inner.is_empty() {
                let (value, behind) = net(inner, depth + 1)?;
                values.push(value);
                inner = behind;
            }
            if *kind == b']' {
                Net::List(values)
            } else {
                let mut pairs = Vec::new();
                let mut values = values.into_iter();
                while let (Some(key), Some(value)) = (values.next(), values.next()) {
                    pairs.push((key, value));
                }
                Net::Map(pairs)
            }
        }
        _ => Net::Nothing,
    };
    Some((value, rest))
}

fn kept(bytes: &[u8]) -> Vec<Exchange> {
    let mut found = Vec::new();
    let mut rest = bytes;
    while let Some((flow, behind)) = net(rest, 0) {
        rest = behind;
        let Some(request) = flow.get("request") else {
            continue;
        };
        let of = |name: &str| request.get(name).map(Net::text).unwrap_or_default();
        let (scheme, port) = (of("scheme"), of("port"));
        let usual = matches!(
            (scheme.as_str(), port.as_str()),
            ("http", "80") | ("https", "443")
        );
        let port = if usual { String::new() } else { format!(":{port}") };
        let came = match flow.get("response") {
            Some(response @ Net::Map(_)) => Some(Came::Response(HttpResponse {
                status: response
                    .get("status_code")
                    .and_then(|status| status.text().parse().ok())
                    .unwrap_or_default(),
                headers: fields(response),
                body: response
                    .get("content")
                    .map(Net::bytes)
                    .unwrap_or_default()
                    .to_vec(),
                ..HttpResponse::default()
            })),
            _ => flow
                .get("error")
                .and_then(|error| error.get("msg"))
                .map(|words| Came::Failure(failure(&words.text()))),
        };
        found.push(Exchange {
            request: Some(HttpRequest {
                method: of("method"),
                url: format!("{scheme}://{}{port}{}", of("host"), of("path")),
                headers: fields(request),
                body: request
                    .get("content")
                    .map(Net::bytes)
                    .unwrap_or_default()
                    .to_vec(),
            }),
            came,
            ..Exchange::default()
        });
    }
    // The file is written as flows end.
    found
}

fn fields(message: &Net<'_>) -> Vec<Header> {
    let Some(Net::List(list)) = message.get("headers") else {
        return Vec::new();
    };
    list.iter()
        .filter_map(|pair| match pair {
            Net::List(pair) => match pair.as_slice() {
                [name, value] => Some((name.text(), value.text())),
                _ => None,
            },
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::{
        flow::transcript::Observation,
        oauth::{secret::MASK, token::request_params},
        sources::{Input, Seen, Source, mitmproxy::*},
    };

    fn read(source: &Source, bytes: &[u8]) -> Vec<Seen> {
        let input = Input::new(bytes);
        assert!((source.recognises)(&input));
        (source.read)(&input).expect("flows")
    }

    #[test]
    fn what_is_printed_is_read_with_its_bodies() {
        let text = "127.0.0.1:1: POST https://h.example/login/oauth/access_token\n    Host: h.example\n    Content-Type: application/x-www-form-urlencoded\n\n    client_id:     i\n    client_secret: s\n    code:          a/b\n\n << 200 OK 34b\n    content-type: application/json\n\n    {\n        \"error\": \"bad_verification_code\"\n    }\n\n127.0.0.1:2: GET http://localhost:1/callback?code=abcdef…\n << [Errno 111] Connect call failed ('127.0.0.1', 1)\n";
        let seen = read(&TEXT, text.as_bytes());
        let Observation::RequestSent { request, .. } = &seen[0].observation else {
            panic!("{seen:?}");
        };
        assert_eq!(request_params(request).get("code"), Some("a/b"));
        let Observation::ResponseReceived { response, .. } = &seen[1].observation else {
            panic!("{seen:?}");
        };
        assert!(response.text().contains("bad_verification_code"));
        // The line was cut: nothing is known of what stood behind it.
        let Observation::RedirectReceived { request, .. } = &seen[2].observation else {
            panic!("{seen:?}");
        };
        assert!(
            request.url.contains(&format!("code=abcdef{MASK}"))
                && request.url.contains(&format!("state={MASK}")),
            "{}",
            request.url
        );
        assert!(matches!(seen[3].observation, Observation::BrowserReported { .. }));
    }

    #[test]
    fn over_http_2_and_with_a_line_break_in_a_value_it_is_the_same() {
        let text = "127.0.0.1:1: POST https://h.example/login/oauth/access_token HTTP/2.0\n    accept: a/b\n\n    client_secret: s\n\n    code:          c\n\n << HTTP/2.0 200 OK 34b\n    content-type: application/json\n\n    {\n        \"error\": \"bad_verification_code\"\n    }\n";
        let seen = read(&TEXT, text.as_bytes());
        let Observation::RequestSent { request, .. } = &seen[0].observation else {
            panic!("{seen:?}");
        };
        let params = request_params(request);
        assert_eq!(
            (params.get("client_secret"), params.get("code")),
            (Some("s\n"), Some("c"))
        );
        assert_eq!(request.url, "https://h.example/login/oauth/access_token");
        assert!(
            matches!(&seen[1].observation, Observation::ResponseReceived { response, .. } if response.status == 200),
            "{seen:?}"
        );
    }

    #[test]
    fn without_details_the_answer_is_not_shown() {
        let text =
            "127.0.0.1:1: POST https://h.example/login/oauth/access_token\n              << 200 OK 236b\n";
        let seen = read(&TEXT, text.as_bytes());
        let [
            Seen {
                observation: Observation::ResponseReceived { response, .. },
                ..
            },
        ] = seen.as_slice()
        else {
            panic!("{seen:?}");
        };
        assert_eq!((response.status, response.body_cut_at), (200, Some(0)));
    }

    fn string(text: &str) -> String {
        format!("{}:{text};", text.len())
    }

    fn map(pairs: &[(&str, String)]) -> String {
        let inner: String = pairs.iter().map(|(name, value)| string(name) + value).collect();
        format!("{}:{inner}}}", inner.len())
    }

    #[test]
    fn a_flow_file_is_read() {
        let bytes = |text: &str| format!("{}:{text},", text.len());
        let request = map(&[
            ("method", bytes("POST")),
            ("scheme", bytes("https")),
            ("host", string("h.example")),
            ("port", "3:443#".to_owned()),
            ("path", bytes("/login/oauth/access_token")),
            ("headers", "0:]".to_owned()),
            ("content", bytes("client_id=i&client_secret=s&code=c")),
        ]);
        let response = map(&[
            ("status_code", "3:200#".to_owned()),
            ("headers", "0:]".to_owned()),
            ("content", bytes("{\"error\":\"bad_verification_code\"}")),
        ]);
        let flow = map(&[("response", response), ("request", request)]);
        let seen = read(&FLOWS, (flow.clone() + &flow).as_bytes());
        assert_eq!(seen.len(), 4);
        let Observation::RequestSent { request, .. } = &seen[0].observation else {
            panic!("{seen:?}");
        };
        assert_eq!(request.url, "https://h.example/login/oauth/access_token");
        // Half a flow is none.
        assert!(kept(&flow.as_bytes()[..flow.len() / 2]).is_empty());
        let deep = (0..2000).fold(String::new(), |inner, _| format!("{}:{inner}]", inner.len()));
        kept(deep.as_bytes());
    }
}
