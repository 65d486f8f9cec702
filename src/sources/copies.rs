//! What the developer tools of a browser put on the clipboard: commands for cmd.exe and PowerShell, `fetch`, and what a person
//! selects in their panes.

use crate::{
    oauth::{http::HttpRequest, params::Params},
    sources::{
        Input, Seen, Source,
        dump::{Value, read},
        exchange::{self, Came, Exchange, asks_for_a_token, without_body},
        pasted,
    },
};

/// A command for cmd.exe: every special character behind a caret.
pub(crate) const CMD: Source = Source {
    name: "cmd",
    recognises: |input| {
        let text = &input.text;
        // Older versions put quotes without a caret around text with carets.
        let older = || text.contains("^&") && text.lines().any(|line| line.trim_end().ends_with(" ^"));
        text.contains("curl") && (text.contains("^\"") || older())
    },
    read: |input| {
        let copied = Input {
            text: without_carets(&input.text),
            bytes: input.bytes,
        };
        (pasted::SOURCE.read)(&copied)
    },
};

/// The request with which a browser asks a token endpoint whether a page may, as a command.
pub(crate) const PREFLIGHT: Source = Source {
    name: "preflight",
    recognises: |input| {
        let text = &input.text;
        let method =
            text.contains("-X OPTIONS") || text.contains("-X ^\"OPTIONS") || text.contains("-X 'OPTIONS'");
        method && text.contains("Access-Control-Request-Method") && text.matches("curl").count() < 3
    },
    read: |input| {
        let at = input.text.find("://")?;
        let start = input.text[..at]
            .rfind(|c: char| !c.is_ascii_alphabetic())
            .map_or(0, |edge| edge + 1);
        let rest = &input.text[start..];
        let end = rest
            .find(|c: char| c.is_whitespace() || "'\"^".contains(c))
            .unwrap_or(rest.len());
        Some(seen(vec![Exchange::asked(HttpRequest {
            method: "OPTIONS".to_owned(),
            url: rest[..end].to_owned(),
            ..HttpRequest::default()
        })]))
    },
};

/// `fetch(…)` and `Invoke-WebRequest`.
pub(crate) const SCRIPTS: Source = Source {
    name: "scripts",
    recognises: |input| {
        let text = &input.text;
        text.contains("fetch(\"")
            || text.contains("fetch('")
            || text.contains("Invoke-WebRequest")
            || text.contains("Invoke-RestMethod")
    },
    read: |input| {
        let mut found = fetches(&input.text);
        found.extend(web_requests(&input.text));
        Some(seen(found))
    },
};

/// Lines selected in a pane: a name and its value on alternate lines, or `name: value`.
pub(crate) const PANES: Source = Source {
    name: "panes",
    recognises: |input| {
        let text = &input.text;
        let mut lines = text.lines().map(|line| line.trim().trim_end_matches(':'));
        lines.any(|line| line.eq_ignore_ascii_case("request url") || line == "client_id")
            || text.lines().any(|line| line.starts_with("Request URL: "))
    },
    read: |input| Some(seen(pane(&input.text)?)),
};

/// What copied requests say; one that a browser makes before a request stands for that.
fn seen(found: Vec<Exchange>) -> Vec<Seen> {
    exchange::seen(found.into_iter().map(|mut exchange| {
        if exchange
            .request
            .as_ref()
            .is_some_and(|r| r.method == "OPTIONS" && asks_for_a_token(r))
        {
            // The browser asks the token endpoint whether a page may: nothing is known of an answer.
            let request = exchange.request.take().unwrap_or_default();
            exchange.request = Some(HttpRequest {
                method: "POST".to_owned(),
                ..request
            });
            exchange.came = Some(Came::Failure(exchange::asked_first()));
        }
        exchange
    }))
}

/// The text of a command as a shell of another kind would have it.
fn without_carets(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '^' {
            // cmd.exe gives no meaning to it, and other shells do.
            if matches!(c, '$' | '`') {
                plain.push('\\');
            }
            plain.push(c);
            continue;
        }
        chars.next_if_eq(&'\r');
        match chars.next() {
            // The end of a line is taken away, and a second one stands for itself.
            Some('\n') => {
                let breaks = chars.clone().take_while(|c| matches!(c, '\r' | '\n')).count();
                if breaks > 0 {
                    plain.push('\n');
                    chars.nth(breaks - 1);
                } else {
                    plain.push_str("\\\n");
                }
            }
            Some(escaped) => plain.push(escaped),
            None => {}
        }
    }
    plain
}

/// The requests of `fetch("url", { … })`.
fn fetches(text: &str) -> Vec<Exchange> {
    let calls = read(text)
        .into_iter()
        .filter(|call| call.bracket == '(' && call.name.ends_with("fetch"));
    calls
        .filter_map(|call| {
            let (Some(Value::Text(url)), options) = (call.items.first(), call.items.get(1)) else {
                return None;
            };
            let mut request = HttpRequest::get(url.clone());
            if let Some(options) = options.and_then(Value::object) {
                if let Some(method) = options.get(&["method"]).and_then(Value::text) {
                    request.method = method.to_ascii_uppercase();
                }
                if let Some(headers) = options.get(&["headers"]).and_then(Value::object) {
                    let fields = headers.members.iter();
                    request.headers = fields
                        .filter_map(|(name, value)| Some((name.clone(), value.text()?.to_owned())))
                        .collect();
                }
                match options.get(&["body"]) {
                    Some(Value::Text(body)) => request.body = body.as_bytes().to_vec(),
                    Some(Value::Nothing) | None => {}
                    // What a variable holds was not copied.
                    Some(_) => return None,
                }
            }
            Some(Exchange::asked(request))
        })
        .collect()
}

/// The requests of PowerShell's `Invoke-WebRequest`.
fn web_requests(text: &str) -> Vec<Exchange> {
    let starts: Vec<usize> = ["Invoke-WebRequest", "Invoke-RestMethod"]
        .iter()
        .flat_map(|name| text.match_indices(name).map(|(at, _)| at))
        .collect();
    let end = |at: usize| {
        starts
            .iter()
            .copied()
            .filter(|next| *next > at)
            .min()
            .unwrap_or(text.len())
    };
    let mut sorted = starts.clone();
    sorted.sort_unstable();
    sorted
        .into_iter()
        .filter_map(|at| {
            let command = &text[at..end(at)];
            let mut request = HttpRequest::get(argument(command, "-Uri")?);
            if let Some(method) = argument(command, "-Method") {
                request.method = method.to_ascii_uppercase();
            }
            if let Some(body) = argument(command, "-Body") {
                request.body = body.into_bytes();
            }
            if let Some(kind) = argument(command, "-ContentType") {
                request = request.with_header("Content-Type", kind);
            }
            if let Some(start) = command.find("-Headers @{") {
                for line in command[start..]
                    .lines()
                    .skip(1)
                    .take_while(|line| !line.trim_start().starts_with('}'))
                {
                    if let Some((name, value)) = line.trim().split_once("\"=\"") {
                        let value = value.trim_end_matches('"').replace("`\"", "\"");
                        request = request.with_header(name.trim_start_matches('"'), value);
                    }
                }
            }
            Some(Exchange::asked(request))
        })
        .collect()
}

/// The string behind a parameter of PowerShell; a backtick escapes.
fn argument(command: &str, name: &str) -> Option<String> {
    let at = command.find(&format!("{name} "))? + name.len() + 1;
    let rest = command[at..].trim_start();
    let quote = rest.chars().next()?;
    if quote != '"' && quote != '\'' {
        return rest.split_whitespace().next().map(str::to_owned);
    }
    let mut value = String::new();
    let mut chars = rest.chars().skip(1);
    while let Some(c) = chars.next() {
        match c {
            '`' if quote == '"' => value.extend(chars.next().map(|c| match c {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                other => other,
            })),
            c if c == quote => return Some(value),
            c => value.push(c),
        }
    }
    None
}

/// The names that a pane shows and that matter here.
const OF_A_BODY: [&str; 9] = [
    "client_id",
    "client_secret",
    "code",
    "grant_type",
    "redirect_uri",
    "code_verifier",
    "refresh_token",
    "device_code",
    "scope",
];

/// A request out of the lines of a pane. What the selection leaves out is not known.
fn pane(text: &str) -> Option<Vec<Exchange>> {
    let mut lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .peekable();
    let (mut url, mut method, mut status) = (None, None, None);
    let mut params = Params::default();
    while let Some(line) = lines.next() {
        let (name, inline) = match line.split_once(':') {
            Some((name, value)) if !name.is_empty() && !value.starts_with("//") => (name, value.trim()),
            _ => (line, ""),
        };
        let wanted = ["request url", "request method", "status code"];
        let lower = name.to_ascii_lowercase();
        let parameter = OF_A_BODY.contains(&name);
        if !parameter && !wanted.contains(&lower.as_str()) {
            continue;
        }
        let value = if inline.is_empty() {
            lines.next_if(|next| !OF_A_BODY.contains(next))
        } else {
            Some(inline)
        };
        let Some(value) = value else {
            continue;
        };
        match lower.as_str() {
            "request url" => url = Some(value),
            "request method" => method = Some(value),
            "status code" => {
                let mut numbers = value.split(|c: char| !c.is_ascii_digit());
                status = numbers.find(|part| part.len() == 3);
            }
            _ if params.get(name).is_none() => params.push(name, value),
            _ => {}
        }
    }
    let status: Option<u16> = status.and_then(|status| status.parse().ok());
    let came = status.map(|status| Came::Response(without_body(status)));
    if params.is_empty() {
        let request = HttpRequest {
            method: method?.to_owned(),
            ..HttpRequest::get(url?)
        };
        let hides_its_body = request.method == "POST";
        return Some(vec![Exchange {
            request: (!hides_its_body).then(|| request.clone()),
            came: came.filter(|_| !hides_its_body || asks_for_a_token(&request)),
            ..Exchange::default()
        }]);
    }
    let request = HttpRequest {
        method: method.unwrap_or("POST").to_owned(),
        url: url.unwrap_or_default().to_owned(),
        body: params.encode().into_bytes(),
        ..HttpRequest::default()
    };
    Some(vec![Exchange {
        request: Some(request),
        came,
        ..Exchange::default()
    }])
}

#[cfg(test)]
mod tests {
    use crate::{
        flow::transcript::{FailureKind, Observation},
        oauth::token::request_params,
        sources::{Input, copies::*},
    };

    fn sent(source: &Source, text: &str) -> HttpRequest {
        let input = Input::new(text.as_bytes());
        assert!((source.recognises)(&input), "{text}");
        let seen = (source.read)(&input).expect(text);
        let found = seen.into_iter().find_map(|seen| match seen.observation {
            Observation::RequestSent { request, .. } => Some(request),
            _ => None,
        });
        found.unwrap_or_else(|| panic!("no request in {text}"))
    }

    #[test]
    fn every_copy_of_a_request_is_read_alike() {
        for (source, text) in [
            (
                &CMD,
                "curl.exe ^\"https://h.example/login/oauth/access_token^\" ^\r\n  -X POST ^\r\n  -H ^\"User-Agent: x ^(y^) ^\\^\"z^\\^\"^\" ^\r\n  --data-raw ^\"client_id=i^&client_secret=s^&code=c^&redirect_uri=http^%^3A^%^2F^%^2Flocalhost^\"",
            ),
            (
                &SCRIPTS,
                "fetch(\"https://h.example/login/oauth/access_token\", {\n  \"headers\": {\n    \"accept\": \"*/*\"\n  },\n  \"body\": \"client_id=i&client_secret=s&code=c&redirect_uri=http%3A%2F%2Flocalhost\",\n  \"method\": \"POST\"\n});",
            ),
            (
                &SCRIPTS,
                "await fetch('https://h.example/login/oauth/access_token', { method: 'POST', body: '{\"client_id\":\"i\",\"client_secret\":\"s\",\"code\":\"c\",\"redirect_uri\":\"http://localhost\"}' })",
            ),
            (
                &SCRIPTS,
                "$session = New-Object X\nInvoke-WebRequest -UseBasicParsing -Uri \"https://h.example/login/oauth/access_token\" `\n-Method \"POST\" `\n-Headers @{\n\"accept\"=\"*/*\"\n  \"x\"=\"`\"y`\"\"\n} `\n-Body \"client_id=i&client_secret=s&code=c&redirect_uri=http%3A%2F%2Flocalhost\"",
            ),
            (
                &PANES,
                "Request URL\nhttps://h.example/login/oauth/access_token\nRequest method\nPOST\nStatus code\n200 OK\nclient_id\ni\nclient_secret\ns\ncode\nc\nredirect_uri\nhttp://localhost\n",
            ),
            (
                &PANES,
                "Request URL:\nhttps://h.example/login/oauth/access_token\nRequest Method:\nPOST\nclient_id: i\nclient_secret: s\ncode: c\nredirect_uri: http://localhost",
            ),
        ] {
            let request = sent(source, text);
            assert_eq!(request.method, "POST", "{text}");
            assert_eq!(
                request.url, "https://h.example/login/oauth/access_token",
                "{text}"
            );
            let params = request_params(&request);
            for (name, value) in [
                ("client_id", "i"),
                ("client_secret", "s"),
                ("code", "c"),
                ("redirect_uri", "http://localhost"),
            ] {
                assert_eq!(params.get(name), Some(value), "{text}");
            }
        }
    }

    #[test]
    fn what_a_selection_leaves_out_is_not_known() {
        let text = "Request URL\nhttps://h.example/login/oauth/access_token\nRequest method\nPOST\nStatus code\n200 OK\naccept\n*/*";
        let seen = (PANES.read)(&Input::new(text.as_bytes())).expect("lines of a pane");
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

    #[test]
    fn a_preflight_stands_for_the_request_of_a_page() {
        for (source, text) in [
            (
                &SCRIPTS,
                "fetch(\"https://h.example/login/oauth/access_token\", { \"body\": null, \"method\": \"OPTIONS\", \"mode\": \"cors\" });",
            ),
            (
                &PREFLIGHT,
                "curl 'https://h.example/login/oauth/access_token' \\\n  -X OPTIONS \\\n  -H 'Access-Control-Request-Method: POST'",
            ),
        ] {
            let input = Input::new(text.as_bytes());
            assert!((source.recognises)(&input), "{text}");
            let seen = (source.read)(&input).expect("a request");
            let failed = seen.iter().any(|seen| matches!(&seen.observation, Observation::RequestFailed { failure, .. } if failure.kind == FailureKind::Cors));
            assert!(failed, "{seen:?}");
        }
    }
}
