//! Files in which API clients keep requests: Postman's collections, Bruno's `.bru`, `.http` files of editors, Burp's items, and
//! the form that Firefox copies line by line.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;

use crate::{
    oauth::{
        http::{HttpRequest, HttpResponse},
        params::Params,
        secret::MASK,
    },
    sources::{
        Source,
        exchange::{self, Came, Exchange},
        wire::stream::{requests, responses},
    },
};

/// How many characters stand for the value of a variable that the file does not hold.
const UNSEEN: usize = 40;
/// How deep folders of requests are looked into.
const DEEPEST: usize = 16;

/// A collection of Postman, format 2.
pub(crate) const POSTMAN: Source = Source {
    name: "postman",
    recognises: |input| {
        input.text.starts_with('{') && input.text.contains("\"item\"") && input.text.contains("\"request\"")
    },
    read: |input| {
        let document: Value = serde_json::from_str(&input.text).ok()?;
        let variables = document.get("variable").and_then(Value::as_array);
        let pairs = variables
            .into_iter()
            .flatten()
            .map(|v| (text(v, "key").to_owned(), text(v, "value").to_owned()));
        let mut found = Vec::new();
        items(&document, &pairs.collect(), 0, &mut found);
        Some(exchange::seen(found))
    },
};

/// A request of Bruno.
pub(crate) const BRUNO: Source = Source {
    name: "bruno",
    recognises: |input| input.text.starts_with("meta {") || input.text.contains("\nbody:form-urlencoded {"),
    read: |input| Some(exchange::seen(bruno(&input.text))),
};

/// A `.http` or `.rest` file.
pub(crate) const HTTP_FILE: Source = Source {
    name: "http_file",
    recognises: |input| {
        let begins = |line: &str| {
            line.starts_with("###")
                || line.starts_with("# @")
                || (line.starts_with('@') && line.contains('='))
        };
        input.text.lines().any(begins) && input.text.lines().any(is_request)
    },
    read: |input| Some(exchange::seen(http_file(&input.text))),
};

/// The items that Burp saves, and everything else that keeps whole messages in such elements.
pub(crate) const BURP: Source = Source {
    name: "burp",
    recognises: |input| input.text.starts_with('<') && input.text.contains("<request base64="),
    read: |input| Some(exchange::seen(burp(&input.text))),
};

/// A form as Firefox copies it: a decoded parameter a line.
pub(crate) const FORM_LINES: Source = Source {
    name: "form_lines",
    recognises: |input| {
        let mut lines = input.text.lines();
        let is_parameter = |line: &str| {
            let (name, _) = line.split_once('=').unwrap_or_default();
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
        };
        input.text.contains('\n') && lines.all(is_parameter)
    },
    read: |input| {
        let params: Params = input
            .text
            .lines()
            .filter_map(|line| line.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.trim_end().to_owned()))
            .collect();
        let grant = ["code", "grant_type", "refresh_token", "device_code"]
            .iter()
            .any(|name| params.get(name).is_some());
        (grant && params.get("client_id").is_some()).then(|| {
            exchange::seen([Exchange::asked(HttpRequest {
                method: "POST".to_owned(),
                body: params.encode().into_bytes(),
                ..HttpRequest::default()
            })])
        })
    },
};

type Variables = Vec<(String, String)>;

/// `{{name}}` replaced by its value; by masked characters where the file does not hold it.
fn filled(text: &str, variables: &Variables) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("{{") {
        filled.push_str(before);
        let Some((name, behind)) = behind.split_once("}}") else {
            filled.push_str("{{");
            rest = behind;
            continue;
        };
        match variables
            .iter()
            .find(|(known, value)| known == name.trim() && !value.is_empty())
        {
            Some((_, value)) => filled.push_str(value),
            None => filled.extend(std::iter::repeat_n(MASK, UNSEEN)),
        }
        rest = behind;
    }
    filled.push_str(rest);
    filled
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The requests of a collection, with the answers that were saved as examples.
fn items(folder: &Value, variables: &Variables, depth: usize, found: &mut Vec<Exchange>) {
    let list = folder.get("item").and_then(Value::as_array);
    for item in list.into_iter().flatten() {
        if depth < DEEPEST {
            items(item, variables, depth + 1, found);
        }
        let Some(request) = item
            .get("request")
            .and_then(|request| postman(request, variables))
        else {
            continue;
        };
        let saved = item.get("response").and_then(Value::as_array);
        let came = saved.and_then(|list| list.last()).map(|saved| {
            let status = saved.get("code").and_then(Value::as_u64).unwrap_or_default();
            Came::Response(HttpResponse {
                status: u16::try_from(status).unwrap_or_default(),
                headers: fields(saved.get("header"), variables),
                body: text(saved, "body").as_bytes().to_vec(),
                ..HttpResponse::default()
            })
        });
        found.push(Exchange {
            request: Some(request),
            came,
            ..Exchange::default()
        });
    }
}

fn fields(list: Option<&Value>, variables: &Variables) -> Vec<(String, String)> {
    let list = list.and_then(Value::as_array).into_iter().flatten();
    let enabled = list.filter(|field| field.get("disabled").and_then(Value::as_bool) != Some(true));
    enabled
        .map(|field| {
            (
                text(field, "key").to_owned(),
                filled(text(field, "value"), variables),
            )
        })
        .collect()
}

fn postman(request: &Value, variables: &Variables) -> Option<HttpRequest> {
    let url = match request.get("url")? {
        Value::String(url) => url.as_str(),
        url => text(url, "raw"),
    };
    let body = request.get("body").unwrap_or(&Value::Null);
    let body = match text(body, "mode") {
        "urlencoded" => fields(body.get("urlencoded"), variables)
            .into_iter()
            .collect::<Params>()
            .encode(),
        "formdata" => fields(body.get("formdata"), variables)
            .into_iter()
            .collect::<Params>()
            .encode(),
        _ => filled(text(body, "raw"), variables),
    };
    let mut found = HttpRequest {
        method: text(request, "method").to_owned(),
        url: filled(url, variables),
        headers: fields(request.get("header"), variables),
        body: body.into_bytes(),
    };
    let auth = request.get("auth").unwrap_or(&Value::Null);
    if text(auth, "type") == "basic" {
        let pairs = fields(auth.get("basic"), variables);
        let of = |name: &str| {
            pairs
                .iter()
                .find(|(key, _)| key == name)
                .map_or("", |(_, value)| value)
        };
        found = found.with_header(
            "Authorization",
            format!(
                "Basic {}",
                STANDARD.encode(format!("{}:{}", of("username"), of("password")))
            ),
        );
    }
    Some(found)
}

/// The request of a `.bru` file: blocks of lines in braces.
fn bruno(text: &str) -> Vec<Exchange> {
    let mut request = HttpRequest::default();
    let (mut params, mut raw, mut basic) = (Params::default(), String::new(), Params::default());
    let mut block = String::new();
    for line in text.lines() {
        if line == "}" {
            block.clear();
            continue;
        }
        if let Some(name) = line.strip_suffix(" {").filter(|_| block.is_empty()) {
            name.clone_into(&mut block);
            continue;
        }
        let line = line.trim();
        let (name, value) = line
            .split_once(':')
            .map_or((line, ""), |(name, value)| (name, value.trim()));
        // A `~` switches a line off.
        if name.starts_with('~') {
            continue;
        }
        let value = filled(value, &Variables::new());
        match block.as_str() {
            "get" | "post" | "put" if name == "url" => {
                request.method = block.to_ascii_uppercase();
                request.url = value;
            }
            "headers" => request = request.with_header(name, value),
            "body:form-urlencoded" | "body:multipart-form" => params.push(name, value),
            "auth:basic" => basic.push(name, value),
            "body:json" | "body:text" | "body" => raw.push_str(&filled(line, &Variables::new())),
            _ => {}
        }
    }
    if let (Some(name), Some(password)) = (basic.get("username"), basic.get("password")) {
        let pair = STANDARD.encode(format!("{name}:{password}"));
        request = request.with_header("Authorization", format!("Basic {pair}"));
    }
    request.body = if params.is_empty() { raw } else { params.encode() }.into_bytes();
    (!request.url.is_empty())
        .then(|| Exchange::asked(request))
        .into_iter()
        .collect()
}

/// `POST https://…`, a version behind it or not.
fn is_request(line: &str) -> bool {
    let mut words = line.split_whitespace();
    matches!(words.next(), Some("GET" | "POST"))
        && words
            .next()
            .is_some_and(|url| url.contains("://") || url.starts_with(['/', '{']))
}

/// The requests of a `.http` file. What a response handler or another file would add is not in it.
fn http_file(text: &str) -> Vec<Exchange> {
    let mut variables = Variables::new();
    let mut found = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some((name, value)) = line.strip_prefix('@').and_then(|line| line.split_once('=')) {
            variables.push((name.trim().to_owned(), filled(value.trim(), &variables)));
        }
        if !is_request(line) {
            continue;
        }
        let mut words = line.split_whitespace();
        let mut request = HttpRequest {
            method: words.next().unwrap_or_default().to_owned(),
            url: filled(words.next().unwrap_or_default(), &variables),
            ..HttpRequest::default()
        };
        while let Some(query) =
            lines.next_if(|line| line.trim_start().starts_with(['?', '&']) && line.starts_with(' '))
        {
            request.url.push_str(&filled(query.trim(), &variables));
        }
        while let Some(field) = lines.next_if(|line| !line.trim().is_empty() && !line.starts_with("###")) {
            if let Some((name, value)) = field.split_once(':') {
                request = request.with_header(name.trim(), filled(value.trim(), &variables));
            }
        }
        let mut body = String::new();
        let mut elsewhere = false;
        let begins = |line: &str| line.starts_with("###") || line.starts_with("> {%") || is_request(line);
        let ends = |line: &str| begins(line) || line.starts_with("HTTP/");
        while let Some(line) = lines.next_if(|line| !ends(line)) {
            elsewhere |= line.starts_with("< ");
            // A form may go on over several lines, with spaces around its ampersands.
            body.push_str(line.trim());
        }
        request.body = filled(&body.replace(" &", "&").replace("& ", "&"), &variables).into_bytes();
        // The answer, where somebody pasted it behind the request.
        let mut answer = String::new();
        while let Some(line) = lines.next_if(|line| !begins(line)) {
            answer.push_str(line);
            answer.push('\n');
        }
        if !elsewhere {
            found.push(Exchange {
                came: responses(&answer).pop().map(Came::Response),
                ..Exchange::asked(request)
            });
        }
    }
    found
}

/// The messages in Burp's items.
fn burp(text: &str) -> Vec<Exchange> {
    text.split("<item>")
        .skip(1)
        .filter_map(|item| {
            let request = element(item, "request")?;
            let mut exchange = requests(&request).into_iter().next()?;
            if let (Some(sent), Some(url)) = (&mut exchange.request, element(item, "url")) {
                sent.url = url;
            }
            exchange.came = element(item, "response")
                .and_then(|answer| responses(&answer).pop())
                .map(Came::Response);
            Some(exchange)
        })
        .collect()
}

/// The content of an element: in a CDATA section or not, in base64 or not.
fn element(item: &str, name: &str) -> Option<String> {
    let start = item.find(&format!("<{name}"))?;
    let (attributes, content) = item[start..].split_once('>')?;
    let (content, _) = content.split_once(&format!("</{name}>"))?;
    let content = content.trim();
    let content = content
        .strip_prefix("<![CDATA[")
        .and_then(|inner| inner.strip_suffix("]]>"))
        .map_or_else(
            || {
                content
                    .replace("&lt;", "<")
                    .replace("&gt;", ">")
                    .replace("&quot;", "\"")
                    .replace("&amp;", "&")
            },
            str::to_owned,
        );
    if attributes.contains("base64=\"true\"") {
        let bytes = STANDARD.decode(content.trim()).ok()?;
        return Some(String::from_utf8_lossy(&bytes).into_owned());
    }
    Some(content)
}

#[cfg(test)]
mod tests {
    use crate::{
        flow::transcript::Observation,
        oauth::token::request_params,
        sources::{Input, request_files::*},
    };

    const BODY: &str = "client_id=i&client_secret=s&code=c";

    #[test]
    fn a_request_is_read_from_every_file() {
        let message = format!(
            "POST /login/oauth/access_token HTTP/1.1\r\nHost: h.example\r\nContent-Length: {}\r\n\r\n{BODY}",
            BODY.len()
        );
        let base64 = STANDARD.encode(&message);
        let postman = r#"{"info":{},"variable":[{"key":"id","value":"i"}],"item":[{"name":"f","item":[{"name":"t","request":{"method":"POST","url":{"raw":"https://h.example/login/oauth/access_token"},"header":[{"key":"Accept","value":"application/json"}],"body":{"mode":"urlencoded","urlencoded":[{"key":"client_id","value":"{{id}}"},{"key":"client_secret","value":"s"},{"key":"code","value":"c"},{"key":"code","value":"off","disabled":true}]}},"response":[{"code":200,"body":"{\"error\":\"bad_verification_code\"}"}]}]}]}"#;
        for (source, text, answered) in [
            (&POSTMAN, postman.to_owned(), true),
            (&BRUNO, "meta {\n  name: t\n}\n\npost {\n  url: https://h.example/login/oauth/access_token\n  body: formUrlEncoded\n}\n\nheaders {\n  Accept: application/json\n}\n\nbody:form-urlencoded {\n  client_id: i\n  client_secret: s\n  code: c\n  ~code: off\n}\n".to_owned(), false),
            (&HTTP_FILE, "@id = i\n### token\nPOST https://h.example/login/oauth/access_token\nAccept: application/json\n\nclient_id={{id}} &\nclient_secret=s &\ncode=c\n\n### next\n".to_owned(), false),
            (&BURP, format!("<?xml version=\"1.0\"?><items><item><url><![CDATA[https://h.example/login/oauth/access_token]]></url><request base64=\"true\"><![CDATA[{base64}]]></request><response base64=\"false\"><![CDATA[HTTP/2 200 OK\r\n\r\n{{\"error\":\"bad_verification_code\"}}]]></response></item></items>"), true),
            (&FORM_LINES, BODY.replace('&', "\n"), false),
        ] {
            let input = Input::new(text.as_bytes());
            assert!((source.recognises)(&input), "{text}");
            let seen = (source.read)(&input).expect(&text);
            let Observation::RequestSent { request, .. } = &seen[0].observation else {
                panic!("{seen:?}");
            };
            assert_eq!(request.method, "POST");
            let params = request_params(request);
            assert_eq!((params.get("client_id"), params.get("client_secret")), (Some("i"), Some("s")), "{text}");
            assert_eq!((params.get("code"), params.count("code")), (Some("c"), 1), "{text}");
            assert_eq!(seen.len() == 2, answered, "{text}");
        }
    }

    #[test]
    fn a_variable_that_the_file_does_not_hold_is_not_its_name() {
        let text = "### t\nPOST https://h.example/login/oauth/access_token\n\nclient_id=i&client_secret={{secret}}&code=c\n";
        let seen = (HTTP_FILE.read)(&Input::new(text.as_bytes())).expect("a request");
        let Observation::RequestSent { request, .. } = &seen[0].observation else {
            panic!("{seen:?}");
        };
        assert_eq!(
            request_params(request).get("client_secret"),
            Some(MASK.to_string().repeat(UNSEEN).as_str())
        );
    }
}
