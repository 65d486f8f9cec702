use crate::{
    diagnosis::{Diagnosis, finding::Certainty, outcome::Outcome, rule::Code},
    flow::transcript::{Disposition, FailureKind, Observation},
    oauth::{http::HttpRequest, pkce, time::Moment},
    sources::tap::{kind::Kind, routes::Routes, *},
};

const SECRET: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f001122334";
const CALLBACK: &str = "http://127.0.0.1:3000/callback";

fn provider() -> Provider {
    Provider::simulator("http://127.0.0.1:8080")
}

fn recorder() -> Recorder {
    Recorder::new(provider(), Vec::new())
}

fn passed(at: u64, request: HttpRequest, status: u16, headers: &[(&str, &str)], body: &str) -> Passed {
    Passed {
        at: Moment(at),
        ended: Moment(at + 20),
        request,
        request_cut: false,
        origins: Origins::default(),
        answer: Ok(HttpResponse {
            status,
            headers: headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            body: body.as_bytes().to_vec(),
            ..HttpResponse::default()
        }),
    }
}

/// The browser asks for authorization.
fn authorize(at: u64, query: &str) -> Passed {
    let endpoint = provider().authorization_endpoint;
    passed(
        at,
        HttpRequest::get(format!("{endpoint}?{query}")),
        200,
        &[],
        "<p>Authorize</p>",
    )
}

/// The person consents, and the server sends the browser back.
fn consent(at: u64, location: &str) -> Passed {
    let request = HttpRequest {
        method: "POST".into(),
        url: provider().authorization_endpoint,
        ..HttpRequest::default()
    };
    passed(at, request, 302, &[("Location", location)], "")
}

fn exchange(at: u64, form: &str, answer: &str) -> Passed {
    let request = HttpRequest {
        method: "POST".into(),
        url: provider().token_endpoint,
        headers: vec![("Content-Type".into(), "application/x-www-form-urlencoded".into())],
        body: form.as_bytes().to_vec(),
    };
    passed(at, request, 200, &[("Content-Type", "application/json")], answer)
}

const REFUSED: &str =
    r#"{"error":"bad_verification_code","error_description":"The code passed is incorrect or expired."}"#;
const TOKEN: &str =
    r#"{"access_token":"gho_aB3dEfGh1jKlMn0pQrStUvWxYz0123456789","token_type":"bearer","scope":"repo"}"#;

fn query(state: &str) -> String {
    format!(
        "client_id=Ov23liAbCdEfGhIjKlMn&redirect_uri=http%3A%2F%2F127.0.0.1%3A3000%2Fcallback&state={state}"
    )
}

fn form(code: &str) -> String {
    format!("client_id=Ov23liAbCdEfGhIjKlMn&client_secret={SECRET}&code={code}")
}

#[test]
fn one_attempt_is_joined_by_state_code_and_token() {
    let mut recorder = recorder();
    assert_eq!(recorder.record(authorize(0, &query("s1"))), Some(1));
    assert_eq!(recorder.record(authorize(5, &query("s2"))), Some(2));
    let back = |code: &str, state: &str| format!("{CALLBACK}?code={code}&state={state}");
    assert_eq!(
        recorder.record(consent(100, &back("c0ffee00c0ffee00c0f1", "s1"))),
        Some(1)
    );
    assert_eq!(
        recorder.record(consent(110, &back("c0ffee00c0ffee00c0f2", "s2"))),
        Some(2)
    );
    assert_eq!(
        recorder.record(exchange(200, &form("c0ffee00c0ffee00c0f1"), TOKEN)),
        Some(1)
    );
    assert_eq!(
        recorder.record(exchange(210, &form("c0ffee00c0ffee00c0f2"), REFUSED)),
        Some(2)
    );
    let user = HttpRequest::get("http://127.0.0.1:8080/user")
        .with_header("Authorization", "Bearer gho_aB3dEfGh1jKlMn0pQrStUvWxYz0123456789");
    assert_eq!(
        recorder.record(passed(300, user, 200, &[], r#"{"login":"mona"}"#)),
        Some(1)
    );
    let outcome = |number| Diagnosis::of(&recorder.attempt(number).unwrap().transcript).outcome;
    assert_eq!((outcome(1), outcome(2)), (Outcome::Token, Outcome::Refused));
    let dispositions: Vec<_> = recorder
        .attempts()
        .flat_map(|attempt| &attempt.transcript.entries)
        .filter_map(|entry| match entry.observation {
            Observation::RedirectReceived { disposition, .. } => Some(disposition),
            _ => None,
        })
        .collect();
    assert_eq!(dispositions, [Disposition::Accepted; 2]);
}

#[test]
fn a_redirect_without_state_is_taken_where_none_was_sent() {
    let disposition = |asked: &str, back: &str| {
        let mut recorder = recorder();
        recorder.record(authorize(0, asked));
        recorder.record(consent(100, &format!("{CALLBACK}?{back}")));
        let mut entries = recorder
            .attempts()
            .flat_map(|attempt| attempt.transcript.entries.clone());
        entries
            .find_map(|entry| match entry.observation {
                Observation::RedirectReceived { disposition, .. } => Some(disposition),
                _ => None,
            })
            .unwrap()
    };
    let (with, without) = (query("s1"), query("s1").replace("&state=s1", ""));
    assert_eq!(disposition(&without, "code=c"), Disposition::Accepted);
    assert_eq!(
        disposition(&without, "code=c&state=x"),
        Disposition::AcceptedUnchecked
    );
    assert_eq!(
        disposition(&without, "error=access_denied"),
        Disposition::ErrorResponse
    );
    assert_eq!(disposition(&with, "code=c&state=s1"), Disposition::Accepted);
    assert_eq!(disposition(&with, "code=c"), Disposition::StateMissing);
}

#[test]
fn a_code_that_is_exchanged_twice_is_one_attempt() {
    let mut recorder = recorder();
    recorder.record(exchange(0, &form("c0ffee00c0ffee00c0f1"), TOKEN));
    assert_eq!(
        recorder.record(exchange(97, &form("c0ffee00c0ffee00c0f1"), REFUSED)),
        Some(1)
    );
    let diagnosis = Diagnosis::of(&recorder.attempt(1).unwrap().transcript);
    let first = &diagnosis.findings[0];
    assert_eq!(
        (first.code, first.certainty),
        (Code::CodeReused, Certainty::Observed)
    );
    // The first of two that were under way at once may be told last.
    let mut recorder = self::recorder();
    recorder.record(exchange(50, &form("c0ffee00c0ffee00c0f1"), REFUSED));
    recorder.record(Passed {
        ended: Moment(300),
        ..exchange(0, &form("c0ffee00c0ffee00c0f1"), TOKEN)
    });
    let times: Vec<u64> = recorder
        .attempt(1)
        .unwrap()
        .transcript
        .entries
        .iter()
        .map(|entry| entry.at)
        .collect();
    assert!(times.is_sorted(), "{times:?}");
}

#[test]
fn without_a_redirect_pkce_joins_or_the_client_where_only_one_waits() {
    let challenged = |state: &str, verifier: &str| {
        format!(
            "{}&code_challenge={}&code_challenge_method=S256",
            query(state),
            pkce::challenge(verifier)
        )
    };
    let (one, two) = ("v".repeat(43), "w".repeat(43));
    let mut recorder = recorder();
    recorder.record(authorize(0, &challenged("s1", &one)));
    recorder.record(authorize(1, &challenged("s2", &two)));
    let sent = |verifier: &str| format!("{}&code_verifier={verifier}", form("c0ffee00c0ffee00c0f1"));
    assert_eq!(recorder.record(exchange(50, &sent(&one), TOKEN)), Some(1));

    let mut recorder = self::recorder();
    recorder.record(authorize(0, &query("s1")));
    assert_eq!(recorder.record(exchange(50, &form("c1"), REFUSED)), Some(1));

    // Two wait, and nothing says which of them it is.
    let mut recorder = self::recorder();
    recorder.record(authorize(0, &query("s1")));
    recorder.record(authorize(1, &query("s2")));
    assert_eq!(recorder.record(exchange(50, &form("c1"), REFUSED)), Some(3));

    // Nobody waits as long as that.
    let mut recorder = self::recorder();
    recorder.record(authorize(0, &query("s1")));
    assert_eq!(
        recorder.record(exchange(16 * 60 * 1000, &form("c1"), REFUSED)),
        Some(2)
    );
}

#[test]
fn an_authorization_request_that_comes_again_is_the_same_attempt() {
    let mut recorder = recorder();
    assert_eq!(recorder.record(authorize(0, &query("s1"))), Some(1));
    assert_eq!(recorder.record(authorize(5000, &query("s1"))), Some(1));
    assert_eq!(recorder.attempt(1).unwrap().transcript.entries.len(), 1);
}

#[test]
fn nothing_is_said_of_how_a_code_came_that_was_issued_elsewhere() {
    let mut recorder = recorder();
    recorder.record(exchange(0, &form("c0ffee00c0ffee00c0f1"), REFUSED));
    let diagnosis = Diagnosis::of(&recorder.attempt(1).unwrap().transcript);
    for finding in &diagnosis.findings {
        assert!(
            finding.certainty != Certainty::Observed
                || matches!(finding.code, Code::CodeRefused | Code::ErrorWithStatus200),
            "{finding:?}"
        );
    }
    assert!(
        diagnosis
            .findings
            .iter()
            .any(|finding| finding.code == Code::CodeExpired)
    );
}

#[test]
fn a_page_that_refuses_ends_an_attempt() {
    let mut recorder = recorder();
    let mut page = authorize(0, &query("s1"));
    page.answer = Ok(HttpResponse {
        status: 400,
        body: b"<h1>The redirect_uri is not associated with this application.</h1>".to_vec(),
        ..HttpResponse::default()
    });
    recorder.record(page);
    let attempt = recorder.attempt(1).unwrap();
    assert!(attempt.has_ended());
    assert_eq!(Diagnosis::of(&attempt.transcript).outcome, Outcome::Refused);
}

#[test]
fn what_was_cut_is_not_said_to_be_absent() {
    let mut recorder = recorder();
    recorder.record(Passed {
        request_cut: true,
        ..exchange(0, "client_id=x&padding=", REFUSED)
    });
    let transcript = &recorder.attempt(1).unwrap().transcript;
    let diagnosis = Diagnosis::of(transcript);
    assert!(transcript.exchanges()[0].request.is_none());
    assert!(
        diagnosis
            .findings
            .iter()
            .all(|finding| finding.certainty != Certainty::Observed
                || matches!(finding.code, Code::CodeRefused | Code::ErrorWithStatus200))
    );
}

#[test]
fn a_request_without_an_answer_ends_an_attempt_too() {
    let mut recorder = recorder();
    recorder.record(Passed {
        answer: Err(Failure::new(FailureKind::Connect, "connection refused")),
        ..exchange(0, &form("c1"), "")
    });
    let attempt = recorder.attempt(1).unwrap();
    assert!(attempt.has_ended());
    let diagnosis = Diagnosis::of(&attempt.transcript);
    assert_eq!(diagnosis.outcome, Outcome::Unanswered);
    assert_eq!(diagnosis.findings[0].code, Code::ConnectionFailed);
}

#[test]
fn memory_is_bounded_however_much_passes() {
    let mut recorder = recorder();
    let long = REFUSED.replace("incorrect", &"x".repeat(60_000));
    for n in 0..10_600_u64 {
        let answer = if n < 10_000 { REFUSED } else { &long };
        recorder.record(exchange(n, &form(&format!("{n:020x}")), answer));
        assert!(recorder.bytes() <= MOST_BYTES, "{n}: {}", recorder.bytes());
        assert!(recorder.attempts().len() <= MOST_ATTEMPTS);
    }
    let kept = recorder.attempts().len() as u64;
    assert!(kept < MOST_ATTEMPTS as u64, "the bytes count as well");
    assert_eq!((recorder.seen(), recorder.forgotten()), (10_600, 10_600 - kept));
    assert!(recorder.attempt(1).is_none() && recorder.attempt(10_600).is_some());
    // One attempt that never ends.
    let mut recorder = self::recorder();
    for n in 0..10_000 {
        assert_eq!(recorder.record(exchange(n, &form("c1"), REFUSED)), Some(1));
    }
    assert_eq!(
        recorder.attempt(1).unwrap().transcript.exchanges().len(),
        MOST_EXCHANGES as usize
    );
}

#[test]
fn what_a_request_is_shows_in_its_address() {
    let github = Provider::default();
    for (method, url, kind) in [
        (
            "GET",
            "https://github.com/login/oauth/authorize?client_id=x",
            Some(Kind::Authorization),
        ),
        (
            "POST",
            "https://github.com/login/oauth/authorize",
            Some(Kind::Browser),
        ),
        (
            "POST",
            "https://GitHub.com/login/oauth/access_token",
            Some(Kind::Token),
        ),
        (
            "GET",
            "https://github.com/login/oauth/access_token?code=x",
            Some(Kind::Token),
        ),
        ("OPTIONS", "https://github.com/login/oauth/access_token", None),
        ("GET", "https://api.github.com/user", Some(Kind::User)),
        ("GET", "https://api.github.com/user/emails", None),
        ("GET", "https://github.com/login", Some(Kind::Browser)),
        ("GET", "https://github.com.evil.test/login/oauth/authorize", None),
        ("GET", "https://objects.githubusercontent.com/x", None),
    ] {
        assert_eq!(kind::of(&github, method, url), kind, "{method} {url}");
    }
}

#[test]
fn a_path_tells_which_host_is_meant() {
    let github = Routes::of(&Provider::default());
    for (method, target, origin) in [
        ("GET", "/login/oauth/authorize?client_id=x", "https://github.com"),
        ("POST", "/login/oauth/access_token", "https://github.com"),
        ("POST", "/login/device/code", "https://github.com"),
        (
            "GET",
            "/.well-known/oauth-authorization-server/login/oauth",
            "https://github.com",
        ),
        ("GET", "/user", "https://api.github.com"),
        ("GET", "/loginx", "https://api.github.com"),
    ] {
        assert_eq!(github.origin(method, target), origin, "{method} {target}");
    }
    let three = Routes::of(&Provider::custom(
        "https://accounts.example/o/auth",
        "https://tokens.example/o/auth",
        "https://api.example/v3",
    ));
    assert_eq!(three.origin("GET", "/o/auth"), "https://accounts.example");
    assert_eq!(three.origin("POST", "/o/auth"), "https://tokens.example");
    assert_eq!(three.origin("GET", "/v3/user"), "https://api.example");
    let server = Routes::of(&crate::providers::github::at("git.example"));
    assert_eq!(
        server.to_set("http://127.0.0.1:1").map(Option::unwrap),
        [
            "http://127.0.0.1:1/login/oauth/authorize",
            "http://127.0.0.1:1/login/oauth/access_token",
            "http://127.0.0.1:1/api/v3"
        ]
    );
}

#[test]
fn only_addresses_of_the_provider_are_rewritten() {
    let routes = Routes::of(&provider());
    let own = "http://127.0.0.1:1";
    for (url, rewritten) in [
        (
            "http://127.0.0.1:8080/login?x=1",
            Some("http://127.0.0.1:1/login?x=1"),
        ),
        ("http://127.0.0.1:8080", Some("http://127.0.0.1:1")),
        ("http://127.0.0.1:80801/login", None),
        ("http://127.0.0.1:3000/callback?code=c", None),
        ("/login", None),
    ] {
        assert_eq!(routes.to_the_tap(url, own).as_deref(), rewritten, "{url}");
    }
    assert_eq!(routes.for_the_browser("GET", "/login/oauth/authorize?x=1"), None);
    let github = Routes::of(&Provider::default());
    assert_eq!(
        github
            .for_the_browser("GET", "/login/oauth/authorize?x=1")
            .as_deref(),
        Some("https://github.com/login/oauth/authorize?x=1")
    );
    assert_eq!(github.for_the_browser("GET", "/login"), None);
}
