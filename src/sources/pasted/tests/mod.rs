mod requests;

use proptest::prelude::*;
use requests::observations;

use crate::{
    flow::transcript::{Channel, Disposition, STATUS_NOT_SEEN, Source},
    oauth::{
        http::HttpRequest,
        time::Moment,
        token::{TokenAnswer, read_answer},
    },
    sources::{pasted::*, read},
};

const JSON: &str =
    r#"{"error":"bad_verification_code","error_description":"The code passed is incorrect or expired."}"#;
const FORM: &str = "error=bad_verification_code&error_description=The+code+passed+is+incorrect+or+expired.";
const XML: &str = "<OAuth><error>bad_verification_code</error></OAuth>";

fn observation(text: &[u8]) -> Observation {
    let transcript = read(text, Moment(7)).unwrap_or_else(|refusal| panic!("{refusal:?}"));
    assert_eq!(transcript.source, Source::Pasted);
    transcript.entries.into_iter().next().unwrap().observation
}

fn response(text: &[u8]) -> HttpResponse {
    match observation(text) {
        Observation::ResponseReceived { response, .. } => response,
        other => panic!("{other:?}"),
    }
}

fn error_in(text: &str) -> String {
    match read_answer(&response(text.as_bytes())).answer {
        TokenAnswer::Error(error) => error.error,
        other => panic!("{text}\n{other:?}"),
    }
}

#[test]
fn bodies_by_themselves_with_a_head_and_with_text_around_them() {
    let escaped = JSON.replace('"', "\\\"");
    for text in [
        JSON.to_owned(),
        FORM.to_owned(),
        XML.to_owned(),
        format!("\n\n  {JSON}\n"),
        format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{JSON}"),
        format!("HTTP/2 200 \ncontent-type: application/x-www-form-urlencoded\n\n{FORM}\n"),
        format!("$ curl -i https://github.com/login/oauth/access_token\nHTTP/2 200\n\n{XML}"),
        format!("2026-02-25 12:00:00 ERROR token exchange failed: {JSON} (attempt 1)"),
        format!("ERROR body={{\"at\": 1}} answer={JSON}}} trailing"),
        format!("level=error msg=\"exchange failed\" body=\"{escaped}\""),
        format!("\"{escaped}\""),
        format!(r#"{{"level":"error","response":{JSON}}}"#),
        format!(r#"{{"level":"error","response":"{escaped}"}}"#),
        format!("the server said {FORM} and that was that"),
        format!("warning: got {XML}."),
        "{'error': 'bad_verification_code', 'error_description': 'The code passed is incorrect.'}".to_owned(),
        "Error: {\n  error: 'bad_verification_code',\n  error_description: 'The code passed'\n}".to_owned(),
        r#"{"error"=>"bad_verification_code", "error_uri"=>"/x"}"#.to_owned(),
        r#"{:error=>"bad_verification_code"}"#.to_owned(),
    ] {
        assert_eq!(error_in(&text), "bad_verification_code", "{text}");
    }
}

#[test]
fn arguments_in_lines_of_code_are_no_message() {
    for code in [
        "    raise CustomError(error=error, **kwargs)\n",
        "  File \"errors.py\", line 9, in parse\n    return Refused(error=problem)\n",
        "    raise_from_error(parameters, error=error)\n",
        "    session.fetch_token(TOKEN, client_secret=SECRET, code=code)\n    fetch(client_secret=SECRET)\n",
    ] {
        let text = format!("{code}refused: (redirect_uri_mismatch) Not that one.");
        assert_eq!(error_in(&text), "redirect_uri_mismatch", "{text}");
        assert_eq!(observations(&text).len(), 1, "{text}");
    }
    assert_eq!(
        error_in("refused (error=redirect_uri_mismatch)"),
        "redirect_uri_mismatch"
    );
}

#[test]
fn of_several_heads_the_last_counts() {
    let text = format!(
        "HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\nServer: x\r\nDate: y\r\n\r\n{JSON}"
    );
    let response = response(text.as_bytes());
    assert_eq!(response.status, 404);
    assert_eq!(response.header("server"), Some("x"));
    assert_eq!(response.text(), JSON);
}

#[test]
fn the_marks_of_curl_v_are_taken_off() {
    let text = format!(
        "*   Trying 140.82.121.3:443...\n* Connected to github.com\n> POST /login/oauth/access_token HTTP/2\n> Host: github.com\n> \n{{ [5 bytes data]\n< HTTP/2 200 \n< content-type: application/json; charset=utf-8\n< \n{JSON}* Connection #0 to host github.com left intact\n"
    );
    let response = response(text.as_bytes());
    assert_eq!(response.status, 200);
    assert_eq!(response.media_type().as_deref(), Some("application/json"));
    assert_eq!(response.text(), JSON);
}

#[test]
fn a_status_that_was_not_pasted_is_not_made_up() {
    assert_eq!(response(JSON.as_bytes()).status, STATUS_NOT_SEEN);
    let head_only = response(b"HTTP/2 429\r\nretry-after: 60\r\n");
    assert_eq!((head_only.status, head_only.body.len()), (429, 0));
}

#[test]
fn byte_order_marks_are_obeyed() {
    let mut little = vec![0xff, 0xfe];
    let mut big = vec![0xfe, 0xff];
    for unit in JSON.encode_utf16() {
        little.extend(unit.to_le_bytes());
        big.extend(unit.to_be_bytes());
    }
    let mut utf8 = vec![0xef, 0xbb, 0xbf];
    utf8.extend(JSON.bytes());
    for bytes in [little, big, utf8] {
        assert_eq!(response(&bytes).text(), JSON);
    }
}

#[test]
fn redirects_in_every_dress() {
    for (text, url, disposition) in [
        (
            "http://127.0.0.1:8914/callback?code=c&state=s",
            "http://127.0.0.1:8914/callback?code=c&state=s",
            Disposition::AcceptedUnchecked,
        ),
        ("?code=c", "?code=c", Disposition::AcceptedUnchecked),
        (
            "127.0.0.1:8914/callback?code=c&state=s",
            "127.0.0.1:8914/callback?code=c&state=s",
            Disposition::AcceptedUnchecked,
        ),
        (
            "code=c&state=s&iss=https://github.com/login/oauth",
            "?code=c&state=s&iss=https://github.com/login/oauth",
            Disposition::AcceptedUnchecked,
        ),
        (
            "code=c&state=s\n",
            "?code=c&state=s",
            Disposition::AcceptedUnchecked,
        ),
        (
            "/callback?code=c&sta\n  te=s",
            "/callback?code=c&state=s",
            Disposition::AcceptedUnchecked,
        ),
        (
            "error=access_denied",
            "?error=access_denied",
            Disposition::ErrorResponse,
        ),
        (
            "?error=redirect_uri_mismatch&error_uri=x",
            "?error=redirect_uri_mismatch&error_uri=x",
            Disposition::ErrorResponse,
        ),
        (
            "https://example.com/cb?state=s&iss=x",
            "https://example.com/cb?state=s&iss=x",
            Disposition::NoParameters,
        ),
        ("?code=a&code=b", "?code=a&code=b", Disposition::ParameterRepeated),
        (
            "127.0.0.1 - - [25/Feb/2026] \"GET /callback?code=c&state=s HTTP/1.1\" 200 -",
            "/callback?code=c&state=s",
            Disposition::AcceptedUnchecked,
        ),
        (
            "HTTP/2 302\nlocation: http://localhost:3000/cb?error=access_denied&state=s\n\n",
            "http://localhost:3000/cb?error=access_denied&state=s",
            Disposition::ErrorResponse,
        ),
        (
            "myapp://callback?code=c",
            "myapp://callback?code=c",
            Disposition::AcceptedUnchecked,
        ),
    ] {
        let expected = Observation::RedirectReceived {
            channel: Channel::Pasted,
            request: HttpRequest::get(url),
            disposition,
        };
        assert_eq!(observation(text.as_bytes()), expected, "{text}");
    }
}

#[test]
fn a_bare_query_with_an_error_of_the_token_endpoint_is_an_answer() {
    for error in [
        "bad_verification_code",
        "redirect_uri_mismatch",
        "incorrect_client_credentials",
    ] {
        assert_eq!(error_in(&format!("error={error}&error_uri=x")), error);
    }
}

#[test]
fn a_document_that_is_no_token_response_is_still_an_answer() {
    for text in [
        r#"{"add_scopes":["repo"],"note":"admin script"}"#,
        "[1,2]",
        "<!DOCTYPE html><html><body>Not Found {\"error\":\"x\"}</body></html>",
        "<Error><Message>no</Message></Error>",
        "<OAuth><other>1</other></OAuth>",
    ] {
        match read(text.as_bytes(), Moment(0)) {
            Ok(transcript) => {
                let Observation::ResponseReceived { response, .. } = &transcript.entries[0].observation
                else {
                    panic!("{text}")
                };
                assert_eq!(
                    read_answer(response).answer,
                    TokenAnswer::NotATokenResponse,
                    "{text}"
                );
                assert_eq!(response.text(), text);
            }
            Err(refusal) => assert!(text.starts_with("<Error>"), "{refusal:?}"),
        }
    }
}

#[test]
fn what_is_none_of_these_is_refused_with_its_beginning_and_without_its_secret() {
    let refusal = read(
        b" hello a1b2c3d4e5f60718293a4b5c6d7e8f9012349f0e \x1b[31m",
        Moment(0),
    )
    .unwrap_err();
    assert!(refusal.beginning.starts_with("hello a1b2•"), "{refusal:?}");
    assert!(!refusal.beginning.contains(char::is_control), "{refusal:?}");
    assert_eq!(refusal.looked_for.len(), 5);
    for text in [
        "",
        " \n",
        "35e0ea2e9115f650b742",
        "42",
        "true",
        "<info> log",
        "https://github.com/",
    ] {
        let refusal = read(text.as_bytes(), Moment(0)).unwrap_err();
        assert_eq!(refusal.length, text.trim().chars().count(), "{text}");
    }
}

/// Costs are compared, not clocks: ten times the text may cost some ten times the time, never a hundred times.
#[test]
fn no_text_costs_more_than_linear_time() {
    let texts: [fn(usize) -> String; 13] = [
        |n| "{".repeat(n),
        |n| "\"error\"".repeat(n / 7),
        |n| "{\"error\":".repeat(n / 9),
        |n| "error=".repeat(n / 6),
        |n| "{error:'".repeat(n / 8),
        |n| "HTTP/1.1 200 OK\n\n".repeat(n / 17),
        |n| format!("< HTTP/1.1 200 OK\n{}", "< a: b\n".repeat(n / 7)),
        |n| format!(r#"{{"error":"x","pad":"{}"}}"#, "y".repeat(n)),
        |n| format!("curl {}", "-d 'a ".repeat(n / 6)),
        |n| "client_id=".repeat(n / 10),
        |n| "\"client_secret\" ".repeat(n / 16),
        |n| "<script ".repeat(n / 8),
        |n| "word_of_a_log ".repeat(n / 14),
    ];
    for make in texts {
        let cost = |n: usize| {
            let text = make(n);
            (0..3)
                .map(|_| {
                    let start = std::time::Instant::now();
                    let _ = read(text.as_bytes(), Moment(0));
                    start.elapsed()
                })
                .min()
                .unwrap()
        };
        let (small, large) = (cost(50_000), cost(500_000));
        let floor = std::time::Duration::from_millis(5);
        assert!(
            large <= small.max(floor) * 40,
            "{:?} {small:?} {large:?}",
            &make(40)
        );
    }
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes, Moment(0));
    }

    #[test]
    fn no_text_of_the_right_letters_panics(text in r#"(HTTP/1.1 |200|error|access_token|code|state|=|&|\?|\{|\}|"|'|\\|:|,|<|>|OAuth|/|\n|\r| |\* |é|•){0,60}"#) {
        let _ = read(text.as_bytes(), Moment(0));
    }

    #[test]
    fn an_error_is_found_in_any_log_line(before in "[a-zA-Z0-9 :.,/-]{0,40}", after in "[a-zA-Z0-9 :.,/-]{0,40}") {
        let text = format!("{before} {JSON} {after}");
        prop_assert_eq!(error_in(&text), "bad_verification_code");
    }
}
