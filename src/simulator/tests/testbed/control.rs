//! The control API and the recorded requests.

use crate::simulator::tests::testbed::*;

#[test]
fn what_was_asked_can_be_asserted_on() {
    let mut testbed = testbed();
    let right = exchange(&mut testbed).to_http();
    let refused = with_fault(right.clone(), "code_expired");
    for request in [&refused, &right] {
        answer(&mut testbed, request);
    }
    let (_, all) = control(&mut testbed, "GET", "/requests", "");
    let outcomes: Vec<_> = all
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["outcome"])
        .collect();
    assert_eq!(outcomes, ["redirect", "bad_verification_code", "token"]);
    for (query, count) in [
        ("?endpoint=token", 2),
        ("?endpoint=token&outcome=token", 1),
        ("?path=/login/oauth/authorize&method=GET", 1),
        ("?client_id=Ov23liSimulatedDemo1", 3),
        ("?client_id=another", 0),
        ("?fault=code_expired", 1),
        ("?after=2", 1),
    ] {
        let (status, told) = control(&mut testbed, "GET", &format!("/requests{query}"), "");
        assert_eq!((status, told.as_array().unwrap().len()), (200, count), "{query}");
    }
    let (status, told) = control(&mut testbed, "GET", "/requests?outcom=token", "");
    assert_eq!(status, 400);
    assert!(told["message"].as_str().unwrap().contains("outcome"), "{told}");
    assert_eq!(control(&mut testbed, "DELETE", "/requests", "").0, 204);
    let (_, none) = control(&mut testbed, "GET", "/requests", "");
    assert_eq!(none, Value::Array(Vec::new()));
}

#[test]
fn secrets_are_masked_until_they_are_asked_for() {
    let mut testbed = testbed();
    let right = exchange(&mut testbed).to_http();
    let answered = answer(&mut testbed, &right);
    let token = crate::simulator::tests::token(&answered);
    let secret = testbed.simulator().options().app.client_secret.clone();
    let user = HttpRequest::get("/user")
        .with_header("Authorization", format!("Bearer {}", token.access_token.reveal()));
    answer(&mut testbed, &user);
    let in_query = format!("/meta?client_secret={}", secret.reveal());
    answer(&mut testbed, &HttpRequest::get(in_query));
    let (_, masked) = control(&mut testbed, "GET", "/requests", "");
    for hidden in [secret.reveal(), token.access_token.reveal()] {
        assert!(!masked.to_string().contains(hidden), "{masked}");
    }
    let (_, plain) = control(&mut testbed, "GET", "/requests?secrets=plain", "");
    for shown in [secret.reveal(), token.access_token.reveal()] {
        assert!(plain.to_string().contains(shown));
    }
    assert_eq!(plain[1]["body"].as_str().unwrap().as_bytes(), right.body);
    assert_eq!(masked[1].get("body"), None);
    assert_eq!(
        (&plain[1]["grant"], &plain[2]["grant"]),
        (&Value::from(1), &Value::from(1)),
        "the token and what it opened are of one approval"
    );
}

#[test]
fn the_clock_goes_forward_stands_still_and_is_set() {
    let mut testbed = testbed();
    let old = exchange(&mut testbed).to_http();
    let (_, clock) = control(&mut testbed, "POST", "/clock", r#"{"advance": 601}"#);
    assert_eq!(clock["now"], "2023-11-14T22:23:21.000Z");
    assert_eq!(outcome(&answer(&mut testbed, &old)), "bad_verification_code");
    let set = r#"{"set": "2026-08-20T12:00:00Z", "stopped": true}"#;
    let (_, clock) = control(&mut testbed, "POST", "/clock", set);
    assert_eq!(
        (&clock["now"], &clock["stopped"]),
        (&"2026-08-20T12:00:00.000Z".into(), &true.into())
    );
    let later = testbed.respond(&HttpRequest::get("/_control/clock"), NOW.plus(5_000));
    assert!(later.response.text().contains("12:00:00.000Z"));
    control(&mut testbed, "POST", "/clock", r#"{"stopped": false}"#);
    let later = testbed.respond(&HttpRequest::get("/_control/clock"), NOW.plus(5_000));
    assert!(
        later.response.text().contains("12:00:05.000Z"),
        "{}",
        later.response.text()
    );
    let (status, told) = control(&mut testbed, "POST", "/clock", r#"{"set": "noon"}"#);
    assert_eq!(status, 400);
    assert!(
        told["message"]
            .as_str()
            .unwrap()
            .starts_with("“noon” is not a time"),
        "{told}"
    );
}

#[test]
fn apps_users_and_faults_come_and_go_and_a_reset_brings_back_the_beginning() {
    let mut testbed = testbed();
    let (_, start) = control(&mut testbed, "GET", "", "");
    let app = r#"{"client_id": "added", "redirect_uris": ["http://127.0.0.1/a"]}"#;
    let (status, added) = control(&mut testbed, "POST", "/apps", app);
    assert_eq!(
        (status, added["client_secret"].as_str().unwrap().len()),
        (200, 40)
    );
    let (_, again) = control(&mut testbed, "POST", "/apps", app);
    assert_eq!(
        again["client_secret"], added["client_secret"],
        "it keeps its secret"
    );
    assert_eq!(
        control(&mut testbed, "POST", "/users", r#"{"login": "ada"}"#).1["id"],
        2
    );
    assert_eq!(control(&mut testbed, "DELETE", "/users/octocat", "").0, 204);
    assert_eq!(
        control(&mut testbed, "DELETE", "/users/ada", "").0,
        404,
        "one is always there"
    );
    let fault = r#"{"name": "code_expired", "nth": 1}"#;
    let (_, scheduled) = control(&mut testbed, "POST", "/faults", fault);
    assert_eq!(scheduled["number"], 1);
    let right = exchange(&mut testbed).to_http();
    assert_eq!(outcome(&answer(&mut testbed, &right)), "bad_verification_code");
    let (_, faults) = control(&mut testbed, "GET", "/faults", "");
    assert_eq!(
        (&faults[0]["met"], &faults[0]["happened"]),
        (&1.into(), &1.into())
    );
    assert_eq!(control(&mut testbed, "DELETE", "/faults/1", "").0, 204);
    assert_eq!(control(&mut testbed, "DELETE", "/faults/1", "").0, 404);
    assert_eq!(
        control(&mut testbed, "POST", "/approve", r#"{"approve": "no"}"#).0,
        200
    );
    let denied = authorization(&mut testbed);
    let denied = answer(&mut testbed, &denied);
    assert!(denied.header("location").unwrap().contains("error=access_denied"));
    control(&mut testbed, "POST", "/clock", r#"{"advance": 60}"#);
    assert_eq!(control(&mut testbed, "POST", "/reset", "").0, 204);
    assert_eq!(control(&mut testbed, "GET", "", "").1, start);
}

#[test]
fn what_is_wrong_is_said_in_json() {
    let mut testbed = testbed();
    for (method, path, body, status, word) in [
        (
            "POST",
            "/faults",
            r#"{"name": "code_expird"}"#,
            400,
            "code_expired",
        ),
        (
            "POST",
            "/faults",
            r#"{"name": "code_expired", "nht": 1}"#,
            400,
            "nth",
        ),
        (
            "POST",
            "/apps",
            r#"{"client_id": "a", "redirect_uris": ["zzz"]}"#,
            400,
            "“zzz”",
        ),
        ("POST", "/apps", "not JSON", 400, "line 1"),
        ("GET", "/nothing", "", 404, "GET /_control/nothing"),
        ("DELETE", "/apps/none", "", 404, "none"),
    ] {
        let (given, told) = control(&mut testbed, method, path, body);
        let message = told["message"].as_str().unwrap_or_default();
        assert_eq!(given, status, "{path}: {told}");
        assert!(message.contains(word), "{path}: {message}");
        assert!(!message.contains('\u{1e}'), "{message}");
    }
}

#[test]
fn a_page_of_another_site_does_not_control_it() {
    let mut testbed = testbed();
    let state = HttpRequest::get("/_control");
    for (name, value, status) in [
        ("Origin", "https://evil.example", 403),
        ("Origin", BASE, 200),
        ("Host", "evil.example:9000", 403),
        ("Host", "9000", 403),
        ("Host", "", 403),
        ("Host", "127.0.0.1:9000", 200),
        ("Host", "localhost:9000", 200),
        ("Host", "[::1]:9000", 200),
    ] {
        let request = state.clone().with_header(name, value);
        assert_eq!(answer(&mut testbed, &request).status, status, "{name}: {value}");
    }
    testbed.open_control(true);
    let request = state.with_header("Host", "auth:9000");
    assert_eq!(answer(&mut testbed, &request).status, 200);
}

#[test]
fn nobody_controls_one_that_is_not_opened() {
    let simulator = Simulator::demo(BASE, CALLBACK, Entropy::from_seed([3; 32]));
    let mut testbed = Testbed::new(simulator);
    assert_eq!(answer(&mut testbed, &HttpRequest::get("/_control")).status, 404);
    let request = with_fault(HttpRequest::get("/_health"), "banana");
    assert_eq!(answer(&mut testbed, &request).status, 200);
    let request = with_fault(HttpRequest::get("/meta"), "server_error");
    assert_eq!(
        answer(&mut testbed, &request).status,
        200,
        "its header is not read"
    );
}
