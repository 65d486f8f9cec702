use serde_json::{Value, json};

use crate::{
    flow::transcript::{BrowserShows, FailureKind, Observation},
    oauth::{params::Params, token::request_params},
    sources::{Input, SOURCES, Seen, har},
};

const TOKEN: &str = "https://github.com/login/oauth/access_token";
const CALLBACK: &str = "http://localhost:3000/callback?code=0123456789abcdef0123&state=s1";

fn read(entries: &Value) -> Vec<Seen> {
    let text = json!({ "log": { "creator": { "name": "any" }, "entries": entries } }).to_string();
    let input = Input::new(text.as_bytes());
    assert!((har::SOURCE.recognises)(&input));
    (har::SOURCE.read)(&input).expect("a HAR")
}

fn kinds(seen: &[Seen]) -> Vec<&'static str> {
    seen.iter()
        .map(|seen| match &seen.observation {
            Observation::AuthorizationStarted { .. } => "authorization",
            Observation::RedirectReceived { .. } => "redirect",
            Observation::BrowserReported {
                shows: BrowserShows::CannotConnect,
            } => "cannot connect",
            Observation::RequestSent { .. } => "request",
            Observation::ResponseReceived { response, .. } if response.body_cut_at == Some(0) => "head",
            Observation::ResponseReceived { .. } => "response",
            Observation::RequestFailed { failure, .. } if failure.kind == FailureKind::Cors => "cors",
            Observation::RequestFailed { .. } => "failure",
            Observation::PageSeen { .. } => "page",
            _ => "other",
        })
        .collect()
}

fn posted(post_data: &Value, response: &Value) -> Value {
    json!({
        "startedDateTime": "2026-03-01T12:00:00.000Z",
        "request": { "method": "POST", "url": TOKEN, "headers": [{ "name": ":path", "value": "/x" }], "postData": post_data, "bodySize": 40 },
        "response": response,
    })
}

fn answer(content: &Value) -> Value {
    json!({ "status": 200, "headers": [], "content": content })
}

#[test]
fn bodies_are_found_wherever_a_writer_puts_them() {
    let body = "client_id=i&client_secret=s&code=a%2Fb";
    let params = json!([
        { "name": "client_id", "value": "i" },
        { "name": "client_secret", "value": "s" },
        { "name": "code", "value": "a/b" },
    ]);
    let refusal = "{\"error\":\"bad_verification_code\"}";
    for post_data in [
        json!({ "text": body, "params": params }),
        json!({ "text": "", "params": params }),
        json!({ "params": params }),
        json!({ "mimeType": "application/json", "text": "{\"client_id\":\"i\",\"client_secret\":\"s\",\"code\":\"a/b\"}", "params": [] }),
    ] {
        for content in [
            json!({ "text": refusal, "size": 33 }),
            json!({ "text": "eyJlcnJvciI6ImJhZF92ZXJpZmljYXRpb25fY29kZSJ9", "encoding": "base64" }),
        ] {
            let seen = read(&json!([posted(&post_data, &answer(&content))]));
            assert_eq!(kinds(&seen), ["request", "response"], "{post_data}");
            let Observation::RequestSent { request, .. } = &seen[0].observation else {
                panic!();
            };
            assert_eq!(request_params(request).get("code"), Some("a/b"), "{post_data}");
            assert!(request.headers.is_empty());
            let Observation::ResponseReceived { response, .. } = &seen[1].observation else {
                panic!();
            };
            assert_eq!(response.text(), refusal);
            assert_eq!(seen[0].at.map(|at| at.0), Some(1_772_366_400_000));
        }
    }
}

#[test]
fn a_body_that_the_writer_left_out_is_not_empty() {
    let omitted = json!({ "mimeType": "application/x-www-form-urlencoded", "text": "", "params": [] });
    let seen = read(&json!([posted(&omitted, &answer(&json!({ "size": -1 })))]));
    assert_eq!(
        kinds(&seen),
        ["head"],
        "neither an empty request nor an empty answer"
    );
}

#[test]
fn a_redirect_is_told_once_and_a_dead_port_is_told() {
    let authorize = "https://github.com/login/oauth/authorize?client_id=Ov23liAbCdEf01234567&state=s1&redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fcallback";
    let to_callback = json!({ "request": { "method": "GET", "url": authorize }, "response": { "status": 302, "headers": [{ "name": "Location", "value": CALLBACK }] } });
    for failed in [
        json!({ "status": 0, "headers": [], "_error": "net::ERR_CONNECTION_REFUSED", "content": { "size": 9, "text": "<html>" } }),
        json!({ "status": -1, "_failureText": "net::ERR_CONNECTION_REFUSED" }),
        json!({ "status": 0, "content": {} }),
        json!({ "status": 0, "_error": "[Errno 111] Connect call failed ('127.0.0.1', 3000)" }),
    ] {
        let callback = json!({ "request": { "method": "GET", "url": CALLBACK }, "response": failed });
        let script = json!({ "request": { "method": "GET", "url": "https://github.githubassets.com/x.js" }, "response": { "status": 200 } });
        let seen = read(&json!([to_callback, script, callback, callback]));
        assert_eq!(
            kinds(&seen),
            ["authorization", "redirect", "cannot connect"],
            "{failed}"
        );
    }
    let arrived = json!({ "request": { "method": "GET", "url": CALLBACK }, "response": { "status": 200 } });
    assert_eq!(
        kinds(&read(&json!([to_callback, arrived]))),
        ["authorization", "redirect"]
    );
}

#[test]
fn what_a_browser_keeps_from_a_page_is_told() {
    let origin = json!([{ "name": "Origin", "value": "http://localhost:3000" }, { "name": "Sec-Fetch-Mode", "value": "cors" }]);
    let body = json!({ "text": "client_id=i&client_secret=s&code=c" });
    let mut crossing = posted(&body, &json!({ "status": 0, "_error": "net::ERR_FAILED" }));
    crossing["request"]["headers"] = origin.clone();
    assert_eq!(kinds(&read(&json!([crossing]))), ["request", "cors"]);
    // The server answered, and did not allow the origin.
    crossing["response"] = answer(&json!({ "text": "{\"access_token\":\"x\"}" }));
    assert_eq!(kinds(&read(&json!([crossing]))), ["request", "cors"]);
    // It did allow it.
    crossing["response"]["headers"] = json!([{ "name": "access-control-allow-origin", "value": "*" }]);
    assert_eq!(kinds(&read(&json!([crossing]))), ["request", "response"]);
    // The preflight was refused: beside the request, and alone.
    let preflight = json!({
        "request": { "method": "OPTIONS", "url": TOKEN, "headers": [{ "name": "Access-Control-Request-Method", "value": "POST" }] },
        "response": { "status": 404, "headers": [{ "name": "x", "value": "y" }] },
    });
    let never_left = posted(&body, &json!({ "status": 0 }));
    assert_eq!(kinds(&read(&json!([never_left, preflight]))), ["request", "cors"]);
    assert_eq!(kinds(&read(&json!([preflight]))), ["cors"]);
}

#[test]
fn a_capture_that_ends_early_is_read_as_far_as_it_goes() {
    let callback = json!({ "request": { "method": "GET", "url": CALLBACK }, "response": { "status": 200 } });
    let whole = json!({ "log": { "entries": [callback, callback] } }).to_string();
    let input = Input::new(&whole.as_bytes()[..whole.len() - 30]);
    assert_eq!(
        kinds(&(har::SOURCE.read)(&input).unwrap_or_default()),
        ["redirect"]
    );
}

#[test]
fn a_zip_file_brings_the_bodies_with_it() {
    use std::io::{Cursor, Write};

    let body = "client_id=i&client_secret=s&code=c";
    let attached = json!({ "mimeType": "application/x-www-form-urlencoded", "text": "", "params": [], "_file": "1.dat" });
    let entries = json!([posted(&attached, &answer(&json!({ "_file": "2.json" })))]);
    let document = json!({ "log": { "entries": entries } }).to_string();
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in [
        ("1.dat", body),
        ("har.har", &document),
        ("2.json", "{\"error\":\"bad_verification_code\"}"),
    ] {
        let options =
            zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        zip.start_file(name, options).expect("a file begins");
        zip.write_all(content.as_bytes()).expect("it is written");
    }
    let bytes = zip.finish().expect("a zip file").into_inner();
    let input = Input::new(&bytes);
    let source = SOURCES
        .iter()
        .find(|source| (source.recognises)(&input))
        .expect("a source");
    let seen = (source.read)(&input).expect("a HAR");
    assert_eq!(kinds(&seen), ["request", "response"]);
    let Observation::RequestSent { request, .. } = &seen[0].observation else {
        panic!();
    };
    assert_eq!(Params::decode(body), request_params(request));
    assert!(
        (har::ZIPPED.read)(&Input::new(&bytes[..bytes.len() / 2])).is_none(),
        "a broken one is none"
    );
}
