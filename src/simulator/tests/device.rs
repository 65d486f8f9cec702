//! The device flow: the codes, the page, and what a client is told meanwhile.

use crate::simulator::tests::{exchange::TOKEN_PATH, *};

const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// The answer with the codes, read.
fn codes(simulator: &mut Simulator) -> serde_json::Value {
    let client_id = simulator.options().app.client_id.clone();
    let url = format!("{BASE}/login/device/code");
    let request = post_form(&url, &[("client_id", &client_id), ("scope", "repo gist")]);
    let response = simulator.respond(&request.with_header("Accept", "application/json"), NOW);
    serde_json::from_slice(&response.body).unwrap()
}

fn poll(simulator: &mut Simulator, device_code: &str, at: Moment) -> serde_json::Value {
    let client_id = simulator.options().app.client_id.clone();
    let pairs = [
        ("client_id", client_id.as_str()),
        ("device_code", device_code),
        ("grant_type", DEVICE_CODE),
    ];
    let request = post_form(TOKEN_PATH, &pairs).with_header("Accept", "application/json");
    serde_json::from_slice(&simulator.respond(&request, at).body).unwrap()
}

fn text<'j>(json: &'j serde_json::Value, name: &str) -> &'j str {
    json[name].as_str().unwrap_or_default()
}

#[test]
fn a_device_gets_its_token_without_a_secret_once_the_code_was_typed() {
    let mut simulator = simulator();
    let codes = codes(&mut simulator);
    let device_code = text(&codes, "device_code");
    assert_eq!(
        (&codes["expires_in"], &codes["interval"]),
        (&900.into(), &5.into())
    );
    assert_eq!(text(&codes, "verification_uri"), format!("{BASE}/login/device"));
    assert_eq!(codes.get("verification_uri_complete"), None);
    assert_eq!(
        text(&poll(&mut simulator, device_code, NOW), "error"),
        "authorization_pending"
    );
    // However it is typed.
    let typed = text(&codes, "user_code").to_ascii_lowercase().replace('-', " ");
    simulator.decide_device(&typed, Decision::Approve, NOW).unwrap();
    let token = poll(&mut simulator, device_code, NOW.plus(5000));
    assert!(text(&token, "access_token").starts_with("gho_"), "{token}");
    assert_eq!(text(&token, "scope"), "repo,gist");
    let again = poll(&mut simulator, device_code, NOW.plus(10_000));
    assert_eq!(text(&again, "error"), "incorrect_device_code");
}

#[test]
fn who_does_not_wait_has_to_wait_longer() {
    let mut simulator = simulator();
    let codes = codes(&mut simulator);
    let device_code = text(&codes, "device_code");
    let mut ask = |millis: u64| {
        let answer = poll(&mut simulator, device_code, NOW.plus(millis));
        (text(&answer, "error").to_owned(), answer["interval"].as_u64())
    };
    assert_eq!(ask(1000), ("authorization_pending".into(), None));
    assert_eq!(ask(5999), ("slow_down".into(), Some(10)));
    assert_eq!(ask(15_998), ("slow_down".into(), Some(15)));
    assert_eq!(ask(30_998), ("authorization_pending".into(), None));
    assert_eq!(ask(900_000), ("expired_token".into(), None));
}

#[test]
fn a_code_is_good_for_one_decision_in_its_time() {
    let mut simulator = simulator();
    let codes = codes(&mut simulator);
    let user_code = text(&codes, "user_code");
    let stuck = simulator.decide_device("AAAA-AAAA", Decision::Approve, NOW);
    assert_eq!(stuck.unwrap_err().status, 422);
    simulator.decide_device(user_code, Decision::Deny, NOW).unwrap();
    let answer = poll(&mut simulator, text(&codes, "device_code"), NOW);
    assert_eq!(text(&answer, "error"), "access_denied");
    let again = simulator.decide_device(user_code, Decision::Approve, NOW);
    assert_eq!(again.unwrap_err().status, 422);
    let late = self::codes(&mut simulator);
    let stuck = simulator.decide_device(text(&late, "user_code"), Decision::Approve, NOW.plus(900_000));
    assert_eq!(stuck.unwrap_err().status, 422);
}

#[test]
fn a_code_is_good_for_the_client_that_asked_for_it() {
    let mut simulator = simulator();
    let codes = codes(&mut simulator);
    simulator.options_mut().app.client_id = "Ov23liAAAAAAAAAAAAAA".into();
    let answer = poll(&mut simulator, text(&codes, "device_code"), NOW);
    assert_eq!(text(&answer, "error"), "incorrect_device_code");
}

#[test]
fn the_page_asks_who_is_there_and_shows_what_was_typed_as_text() {
    let mut simulator = simulator();
    let signed_out = simulator.respond(&HttpRequest::get("/login/device"), NOW);
    assert_eq!(signed_out.status, 200);
    assert!(signed_out.text().contains("action=\"/session\""));
    let form = [("user_code", "<b>"), ("authorize", "1")];
    let forged = simulator.respond(&post_form("/login/device", &form), NOW);
    assert_eq!(forged.status, 422, "a form of no session approves nothing");
    let stuck = simulator
        .decide_device("<b>\"", Decision::Approve, NOW)
        .unwrap_err();
    assert!(stuck.text.contains("“<b>\"”"), "{}", stuck.text);
}
