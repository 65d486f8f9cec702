//! What a text of several lines is read as. Each test is a kind of text that people have.

use crate::{
    diagnosis::Diagnosis,
    flow::transcript::{FailureKind, Observation, Transcript},
    oauth::{
        time::Moment,
        token::{TokenAnswer, read_answer},
    },
    sources::read,
};

fn transcript(text: &str) -> Transcript {
    read(text.as_bytes(), Moment(0)).unwrap_or_else(|refusal| panic!("{text}\n{refusal:?}"))
}

/// What was seen, in a word each: `authorize`, `redirect`, `request`, `token`, `failed`, `page`, an error code.
fn seen(text: &str) -> String {
    let words: Vec<String> = transcript(text)
        .entries
        .iter()
        .filter_map(|entry| match &entry.observation {
            Observation::AuthorizationStarted { .. } => Some("authorize".into()),
            Observation::RedirectReceived { .. } => Some("redirect".into()),
            Observation::RequestSent { .. } => Some("request".into()),
            Observation::ResponseReceived { response, .. } => Some(match read_answer(response).answer {
                TokenAnswer::Token(_) => "token".into(),
                TokenAnswer::Error(error) => error.error,
                TokenAnswer::NotATokenResponse => "nothing".into(),
            }),
            Observation::RequestFailed { failure, .. } => Some(match failure.kind {
                FailureKind::Dns => "dns".into(),
                _ => "failed".into(),
            }),
            Observation::PageSeen { .. } => Some("page".into()),
            _ => None,
        })
        .collect();
    words.join(" ")
}

fn first_finding(text: &str) -> String {
    let transcript = transcript(text);
    let findings = Diagnosis::of(&transcript).findings;
    serde_json::to_value(findings[0].code)
        .unwrap()
        .as_str()
        .unwrap()
        .to_owned()
}

const AUTHORIZE: &str =
    "GET https://github.com/login/oauth/authorize?client_id=Ov23liAAAAAAAAAAAAAA&state=s1s2s3s4s5 302";
const CALLBACK: &str = "GET /auth/callback?code=0123456789abcdef0123&state=s1s2s3s4s5 500";

/// A callback or authorization line never hides what stands behind it.
#[test]
fn an_error_behind_a_callback_line_is_seen() {
    for (error, word) in [
        (
            r#"{"error":"invalid_grant","error_description":"Code not valid"}"#,
            "invalid_grant",
        ),
        (
            "error=bad_verification_code&error_description=The+code+passed+is+incorrect+or+expired.",
            "bad_verification_code",
        ),
        (
            "SomeError: bad_verification_code: The code passed is incorrect or expired.",
            "bad_verification_code",
        ),
        (
            "Login failed: The client_id and/or client_secret passed are incorrect.",
            "incorrect_client_credentials",
        ),
        ("(invalid_client) Client authentication failed", "invalid_client"),
        (
            "{'error': 'invalid_grant', 'error_description': 'x y'}",
            "invalid_grant",
        ),
        (
            "{\n  error: 'invalid_grant',\n  error_description: 'x y'\n}",
            "invalid_grant",
        ),
        ("Error: getaddrinfo ENOTFOUND github.com", "dns"),
    ] {
        assert_eq!(seen(error), word, "{error}");
        assert_eq!(seen(&format!("{CALLBACK}\n{error}")), format!("redirect {word}"));
        assert_eq!(
            seen(&format!("{AUTHORIZE}\n{error}")),
            format!("authorize {word}")
        );
        assert_eq!(
            seen(&format!("{AUTHORIZE}\n{CALLBACK}\n{error}\n")),
            format!("authorize redirect {word}")
        );
    }
}

#[test]
fn a_number_behind_code_is_no_authorization_code_without_a_redirect_around_it() {
    for text in [
        "see https://example.org/help?code=404 for help",
        "GET /status?code=200 HTTP/1.1",
        "at https://app.example.org/main.js?code=abcdef:1:200",
        "more at https://sts.example.org/error?code=7000215",
    ] {
        assert!(read(text.as_bytes(), Moment(0)).is_err(), "{text}");
    }
    for text in [
        "GET /x?code=0123456789abcdef0123&state=s HTTP/1.1",
        "GET /x?code=0123456789abcdef0123&iss=https%3A%2F%2Fid.example.test HTTP/1.1",
        "redirected to http://localhost:3000/auth/callback?code=0123456789abcdef0123",
        "GET /?error=redirect_uri_mismatch&error_description=x HTTP/1.1",
    ] {
        assert_eq!(seen(text), "redirect", "{text}");
    }
}

/// `error` is read for what it is: a code, a sentence with a code in it, a flag, a status, or part of a program.
#[test]
fn an_error_that_is_no_error_code_is_read_for_what_it_is() {
    for (text, word) in [
        (
            r#"{"error":true,"message":"bad_verification_code: it is expired"}"#,
            "bad_verification_code",
        ),
        (
            r#"{"error":"Internal Server Error","message":"(invalid_client) it is unknown","statusCode":500}"#,
            "invalid_client",
        ),
        (
            r#"{"level":"error","msg":"exchange failed","error":"oauth2: \"invalid_grant\" \"Code not valid\""}"#,
            "invalid_grant",
        ),
        (
            r#"{"message":"login","error":{"error":"invalid_grant","error_description":"no"}}"#,
            "invalid_grant",
        ),
        (
            r#"{"log":"{\"msg\":\"{\\\"error\\\":\\\"invalid_grant\\\"}\"}"}"#,
            "invalid_grant",
        ),
        (
            "    raise Refused(error=error)\nRefused: invalid_client",
            "invalid_client",
        ),
        (
            "done error=none code=0\nlater: error=invalid_scope",
            "invalid_scope",
        ),
    ] {
        assert_eq!(seen(text), word, "{text}");
    }
    let Observation::ResponseReceived { response, .. } =
        &transcript("oauth2: \"invalid_grant\" \"Code not valid\" (a.go:1)").entries[0].observation
    else {
        panic!()
    };
    let TokenAnswer::Error(error) = read_answer(response).answer else {
        panic!()
    };
    assert_eq!(error.error_description.as_deref(), Some("Code not valid"));
}

/// One answer is told as often as a program logs it, and counts once.
#[test]
fn an_answer_and_the_exception_made_of_it_are_one_event() {
    for text in [
        "Error: The code passed is incorrect or expired. (bad_verification_code, https://x)\n  data: {\n    error: 'bad_verification_code',\n    error_description: 'The code passed is incorrect or expired.'\n  }",
        "content {\"error\":\"bad_verification_code\"}.\nlib.Error: (bad_verification_code) The code passed is incorrect or expired.",
    ] {
        assert_eq!(seen(text), "bad_verification_code", "{text}");
    }
    // The message of a library about it does not count as another failure.
    assert_eq!(
        seen("{\"error\":\"invalid_grant\"}\nread ECONNRESET"),
        "invalid_grant"
    );
}

#[test]
fn a_form_and_the_json_behind_it_are_two_things() {
    let text = "client_id=a&client_secret=b&code=c\n{\"error\":\"invalid_grant\"}";
    assert_eq!(seen(text), "request invalid_grant");
    let answer_first = "{\"error\":\"invalid_grant\"}\n\nclient_id=a&client_secret=b&code=undefined";
    assert_eq!(seen(answer_first), "request invalid_grant");
    assert_eq!(first_finding(answer_first), "code_is_placeholder");
}

/// The complaint of a JSON reader is a library's word, not an answer of a server.
#[test]
fn no_answer_is_made_up_of_the_complaint_of_a_json_reader() {
    let text = "SyntaxError: Unexpected token 'e', \"error=bad_\"... is not valid JSON";
    assert_eq!(seen(text), "");
    assert_eq!(first_finding(text), "library_hides_the_answer");
}
