//! What a text of several lines is read as. Each test is a kind of text that people have.

use crate::{
    diagnosis::{Diagnosis, context::Facts, examine_facts, finding::Certainty, rule::Code},
    flow::transcript::{FailureKind, Observation, Transcript},
    oauth::{
        time::Moment,
        token::{TokenAnswer, read_answer},
    },
    render::explanation::{Style, explain},
    sources::{attempts, read},
    text::catalog::{Language, Messages},
};

fn transcript(text: &str) -> Transcript {
    read(text.as_bytes(), Moment(0)).unwrap_or_else(|refusal| panic!("{text}\n{refusal:?}"))
}

/// What was seen, in a word each: `authorize`, `redirect`, `request`, `token`, `failed`, `page`, an error code.
fn seen(text: &str) -> String {
    words(&transcript(text))
}

fn words(transcript: &Transcript) -> String {
    let words: Vec<String> = transcript
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

/// A callback or authorization line never hides what follows it.
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

/// What was put around the lines of a text is taken off.
#[test]
fn lines_lose_what_others_put_around_them() {
    let request = "client_id=a&client_secret=b&code=0123456789";
    let lines = [
        "HTTP/1.1 400 Bad Request",
        "Content-Type: application/json",
        "",
        "{\"error\":\"invalid_grant\"}",
    ];
    let dressed = |dress: &dyn Fn(&str) -> String| {
        let all = std::iter::once(request).chain(lines);
        all.map(dress).collect::<Vec<_>>().join("\n")
    };
    for text in [
        dressed(&|line| format!("web-1  | {line}")),
        dressed(&|line| format!("[pod/web-7f9c/app] {line}")),
        dressed(&|line| format!("2026-09-02T10:11:12.1234567Z stdout F {line}")),
        dressed(&|line| format!("Sep 02 10:11:12 host web[123]: {line}")),
        dressed(&|line| format!("09-02 10:11:12.131 12-34/? D/Http: {line}")),
        dressed(&|line| format!("2026-09-02T10:11:12Z {line}")),
        dressed(&|line| format!("    {line}")),
        dressed(&|line| format!(">{}{line}", if line.is_empty() { "" } else { " " })),
        dressed(&|line| format!("\u{1b}[32m{line}\u{1b}[0m\r")),
    ] {
        assert_eq!(seen(&text), "request invalid_grant", "{text}");
        let transcript = transcript(&text);
        let Observation::ResponseReceived { response, .. } = &transcript.entries[1].observation else {
            panic!("{text}")
        };
        assert_eq!((response.status, response.headers.len()), (400, 1), "{text}");
    }
}

const WRAPPED: &str = "open https://github.com/login/oauth/authorize?client_id=Ov23liAAAAAAAAAAAAAA&redire\nct_uri=http%3A%2F%2Flocalhost%2Fcallback&state=abc";

#[test]
fn what_a_terminal_wrapped_is_put_together() {
    for (text, word) in [
        (
            "{\"error\":\"incorrect_client_cre\ndentials\",\"error_description\":\"x y\"}",
            "incorrect_client_credentials",
        ),
        (
            "error=redirect_uri_mismatch&error_descripti\non=The+redirect_uri+MUST+match",
            "redirect_uri_mismatch",
        ),
        (WRAPPED, "authorize"),
    ] {
        assert_eq!(seen(text), word, "{text}");
    }
    let Observation::AuthorizationStarted { request, .. } = &transcript(WRAPPED).entries[0].observation
    else {
        panic!()
    };
    assert_eq!(request.params.get("state"), Some("abc"));
    // Lines of the same length are not one line.
    assert_eq!(seen(&format!("{CALLBACK}\n{CALLBACK}")), "redirect redirect");
}

#[test]
fn a_body_ends_where_its_framing_says() {
    let token = "{\"access_token\":\"gho_x123456\"}";
    let text = format!(
        "HTTP/1.1 200 OK\nContent-Length: {}\n\n{token}\n{{\"error\":\"invalid_grant\"}}",
        token.len()
    );
    assert_eq!(all(&text), ["token", "invalid_grant"]);
    let chunked =
        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n10\n{\"error\":\"invali\n8\nd_grant\"\n1\n}\n0\n\n";
    assert_eq!(seen(chunked), "invalid_grant");
}

/// What each attempt of a text holds.
fn all(text: &str) -> Vec<String> {
    let attempts =
        attempts(text.as_bytes(), Moment(0)).unwrap_or_else(|refusal| panic!("{text}\n{refusal:?}"));
    attempts.transcripts.iter().map(words).collect()
}

const TOKEN: &str = "{\"access_token\":\"gho_0123456789\",\"token_type\":\"bearer\"}";
const REFUSED: &str = "{\"error\":\"bad_verification_code\",\"error_description\":\"The code passed is incorrect or expired.\"}";
const EXCHANGE: &str = "client_id=Ov23liAAAAAAAAAAAAAA&client_secret=0123456789abcdef0123456789abcdef01234567&code=0123456789abcdef0123";

#[test]
fn a_code_that_is_exchanged_again_is_reused() {
    let text = format!("10:00:01 {EXCHANGE}\n10:00:02 {TOKEN}\n10:00:05 {EXCHANGE}\n10:00:06 {REFUSED}");
    assert_eq!(all(&text), ["request token request bad_verification_code"]);
    let read_again = transcript(&text);
    let finding = Diagnosis::of(&read_again).findings.remove(0);
    let between = finding
        .evidence
        .iter()
        .find(|evidence| evidence.what == "time_between");
    assert_eq!(first_finding(&text), "code_reused");
    assert_eq!(finding.certainty, Certainty::Observed);
    assert_eq!(between.map(|evidence| evidence.value.as_str()), Some("4000"));
    // The answer to the first request is not shown: it may have been another one.
    let unseen = format!("{EXCHANGE}\nsomething else\n{EXCHANGE}\n{REFUSED}");
    assert_eq!(first_finding(&unseen), "code_reused");
    assert_eq!(
        Diagnosis::of(&transcript(&unseen)).findings[0].certainty,
        Certainty::Likely
    );
    // Another code is another matter.
    let other = format!(
        "{EXCHANGE}\n{TOKEN}\n{}\n{REFUSED}",
        EXCHANGE.replace("code=0", "code=f")
    );
    assert_eq!(all(&other).len(), 2);
    assert_ne!(first_finding(&other), "code_reused");
}

#[test]
fn a_time_that_the_text_does_not_tell_is_not_told() {
    let between = |text: &str| {
        let read = transcript(text);
        let mut evidence = Diagnosis::of(&read).findings.remove(0).evidence;
        evidence.retain(|evidence| evidence.what == "time_between");
        evidence.pop().map(|evidence| evidence.value)
    };
    let twice = format!("{EXCHANGE}\n{TOKEN}\n{EXCHANGE}\n{REFUSED}");
    assert_eq!(between(&twice).as_deref(), Some("untold"));
    // The attempt before the first time has none of its own.
    let text = format!("{{\"error\":\"invalid_client\"}}\n10:05:44 {REFUSED}");
    let times = attempts(text.as_bytes(), Moment(0)).unwrap().times;
    let told: Vec<bool> = times.iter().map(Option::is_some).collect();
    assert_eq!(told, [false, true]);
}

#[test]
fn who_sees_a_code_sent_twice_does_not_say_that_another_request_was_not_seen() {
    let text = format!("{EXCHANGE}\n{{\"error\":\"invalid_client\"}}\n{EXCHANGE}\n{REFUSED}");
    let read = transcript(&text);
    let findings = Diagnosis::of(&read).findings;
    let has = |code| findings.iter().any(|finding| finding.code == code);
    assert!(
        has(Code::CodeSpentByRefusedExchange) && !has(Code::CodeReused),
        "{findings:?}"
    );
}

#[test]
fn two_redirects_with_one_code_are_told() {
    let text = format!("10:00:01.000 {CALLBACK}\n10:00:01.040 {CALLBACK}\n10:00:01.300 {REFUSED}");
    assert_eq!(first_finding(&text), "code_redirected_twice");
}

#[test]
fn attempts_are_told_apart_by_state_code_and_time() {
    // An error that was mended, and another one.
    let text = format!("10:00:01 {{\"error\":\"invalid_client\"}}\n10:05:44 {REFUSED}");
    assert_eq!(all(&text), ["invalid_client", "bad_verification_code"]);
    assert_eq!(seen(&text), "bad_verification_code");
    // Two users at the same time.
    let other = CALLBACK.replace("s1s2", "t1t2").replace("code=0", "code=f");
    let text = format!(
        "{AUTHORIZE}\n{}\n{other}\n{CALLBACK}\n{EXCHANGE}\n{REFUSED}",
        AUTHORIZE.replace("s1s2", "t1t2")
    );
    assert_eq!(
        all(&text),
        [
            "authorize redirect request bad_verification_code",
            "authorize redirect"
        ]
    );
    assert_eq!(seen(&text), "authorize redirect request bad_verification_code");
    // What went well later does not hide what failed before.
    let text = format!("10:00:01 {REFUSED}\n10:09:00 {TOKEN}");
    assert_eq!(all(&text), ["bad_verification_code", "token"]);
    assert_eq!(seen(&text), "bad_verification_code");
    // A device asks until it is refused: one attempt.
    let pending = "{\"error\":\"authorization_pending\"}";
    let text = format!("10:00:01 {pending}\n10:00:06 {pending}\n10:00:11 {{\"error\":\"access_denied\"}}");
    assert_eq!(
        all(&text),
        ["authorization_pending authorization_pending access_denied"]
    );
}

#[test]
fn a_request_alone_is_not_called_an_answer_and_nothing_is_awaited() {
    let transcript = transcript(
        "2026-11-20T10:14:02Z POST https://id.example/token\n\
         2026-11-20T10:14:02Z grant_type=authorization_code&code=a9f1&client_id=shop",
    );
    let facts = Facts::of(&transcript);
    let messages = Messages::new(Language::English);
    let explanation = explain(&facts, &examine_facts(&facts), &messages, Style::of_width(76));
    let headings: Vec<&str> = explanation.sections.iter().map(|s| s.heading.as_str()).collect();
    assert!(
        headings.contains(&"The request") && !headings.contains(&"The answer"),
        "{headings:?}"
    );
    let mut lines = explanation.sections.iter().flat_map(|section| &section.lines);
    assert!(
        lines.all(|line| !line.text().contains("waiting")),
        "{explanation:#?}"
    );
}
