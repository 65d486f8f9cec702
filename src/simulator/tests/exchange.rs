//! The token endpoint: ways to ask, order of checks, encodings.

use crate::{
    oauth::{
        pkce,
        secret::Secret,
        token::{BodyEncoding, ClientAuthentication},
    },
    simulator::{UnknownClientAnswer, tests::*},
};

pub(super) const TOKEN_PATH: &str = "/login/oauth/access_token";
const QUERY: &str = "redirect_uri=http://127.0.0.1:8914/callback&scope=repo,gist+repo:status&state=s";

#[test]
fn every_way_of_asking_gets_a_token() {
    type Way<'w> = &'w dyn Fn(&str) -> HttpRequest;
    let base = simulator();
    let (id, secret) = {
        let app = &base.options().app;
        (app.client_id.clone(), app.client_secret.reveal().to_owned())
    };
    let json = |code: &str| HttpRequest {
        method: "POST".into(),
        url: TOKEN_PATH.into(),
        headers: vec![("Content-Type".into(), "application/json; charset=utf-8".into())],
        body: serde_json::json!({"client_id": id, "client_secret": secret, "code": code})
            .to_string()
            .into_bytes(),
    };
    let query = |code: &str| HttpRequest {
        method: "POST".into(),
        url: format!("{TOKEN_PATH}?client_id={id}&client_secret={secret}&code={code}"),
        ..HttpRequest::default()
    };
    let minimal = |code: &str| {
        post_form(
            TOKEN_PATH,
            &[("client_id", &id), ("client_secret", &secret), ("code", code)],
        )
    };
    let with_state = |code: &str| {
        let pairs = [
            ("client_id", id.as_str()),
            ("client_secret", &secret),
            ("code", code),
            ("state", "other"),
        ];
        post_form(TOKEN_PATH, &pairs)
    };
    let basic = |code: &str| {
        TokenRequest {
            authentication: ClientAuthentication::ClientSecretBasic,
            ..exchange_of(&base, code)
        }
        .to_http()
    };
    let form = |code: &str| exchange_of(&base, code).to_http();
    let ways: [(&str, Way); 6] = [
        ("form", &form),
        ("basic", &basic),
        ("json", &json),
        ("query", &query),
        ("no grant_type, no redirect_uri", &minimal),
        ("with state", &with_state),
    ];
    for (way, request) in ways {
        let mut simulator = base.clone();
        let code = code_for(&mut simulator, QUERY);
        let response = simulator.respond(&request(&code), NOW);
        assert_eq!(
            (response.status, outcome(&response).as_str()),
            (200, "token"),
            "{way}"
        );
        let again = simulator.respond(&request(&code), NOW);
        assert_eq!(outcome(&again), "bad_verification_code", "{way}: single use");
    }
}

#[test]
fn a_token_has_githubs_shape_in_each_encoding() {
    for (accept, content_type, encoding, start) in [
        (
            None,
            "application/x-www-form-urlencoded; charset=utf-8",
            BodyEncoding::Form,
            "access_token=gho_",
        ),
        (
            Some("application/json"),
            "application/json; charset=utf-8",
            BodyEncoding::Json,
            "{\"access_token\":\"gho_",
        ),
        (
            Some("application/xml"),
            "application/xml; charset=utf-8",
            BodyEncoding::Xml,
            "<OAuth><token_type>bearer</token_type><scope>repo,gist</scope><access_token>gho_",
        ),
    ] {
        let mut simulator = simulator();
        let code = code_for(&mut simulator, QUERY);
        let request = TokenRequest {
            accept: accept.map(str::to_owned),
            ..exchange_of(&simulator, &code)
        };
        let response = simulator.respond(&request.to_http(), NOW);
        assert_eq!(response.header("content-type"), Some(content_type));
        assert!(response.text().starts_with(start), "{}", response.text());
        let reading = read_answer(&response);
        assert_eq!(reading.encoding, encoding);
        assert_eq!(reading.members.get("scope"), Some("repo,gist"));
        let token = token(&response);
        assert_eq!(token.access_token.reveal().len(), 40);
        assert_eq!(token.token_type, "bearer");
        assert_eq!(token.expires_in, None);
    }
}

#[test]
fn checks_come_in_githubs_order_and_a_failed_one_spends_nothing() {
    type Change = fn(&mut TokenRequest);
    let wrong_secret: Change = |request| request.client_secret = Some(Secret::new("0".repeat(40)));
    let no_secret: Change = |request| request.client_secret = None;
    let newline: Change = |request| {
        let secret = request.client_secret.as_ref().unwrap().reveal().to_owned();
        request.client_secret = Some(Secret::new(secret + "\n"));
    };
    let wrong_id: Change = |request| request.client_id = "Ov23liAAAAAAAAAAAAAA".into();
    let unregistered: Change =
        |request| request.grant.redirect_uri = Some("http://localhost:8914/callback".into());
    let other_port: Change = |request| request.grant.redirect_uri = Some("http://127.0.0.1/callback".into());
    let no_uri: Change = |request| request.grant.redirect_uri = None;
    let junk: Change = |request| request.grant.code = "0".repeat(20);
    let empty: Change = |request| request.grant.code = String::new();
    let none: Change = |_| {};
    for (changes, error, anchor) in [
        (
            vec![wrong_secret],
            "incorrect_client_credentials",
            "#incorrect-client-credentials",
        ),
        (
            vec![no_secret],
            "incorrect_client_credentials",
            "#incorrect-client-credentials",
        ),
        (
            vec![newline],
            "incorrect_client_credentials",
            "#incorrect-client-credentials",
        ),
        (
            vec![wrong_secret, unregistered, junk],
            "incorrect_client_credentials",
            "#incorrect-client-credentials",
        ),
        (
            vec![unregistered],
            "redirect_uri_mismatch",
            "#redirect-uri-mismatch2",
        ),
        (
            vec![unregistered, junk],
            "redirect_uri_mismatch",
            "#redirect-uri-mismatch2",
        ),
        (
            vec![other_port],
            "redirect_uri_mismatch",
            "#redirect-uri-mismatch2",
        ),
        (vec![junk], "bad_verification_code", "#bad-verification-code"),
        (vec![empty], "bad_verification_code", "#bad-verification-code"),
        (
            vec![no_uri, junk],
            "bad_verification_code",
            "#bad-verification-code",
        ),
        (vec![wrong_id], "Not Found", ""),
        (vec![none, no_uri], "token", ""),
    ] {
        let mut simulator = simulator();
        let code = code_for(&mut simulator, QUERY);
        let right = exchange_of(&simulator, &code);
        let mut request = right.clone();
        for change in &changes {
            change(&mut request);
        }
        for accept in [None, Some("application/xml"), Some("application/json")] {
            request.accept = accept.map(str::to_owned);
            let response = simulator.respond(&request.to_http(), NOW);
            if error == "token" {
                assert_eq!(outcome(&response), "token");
                break;
            }
            assert_eq!(response.status, if error == "Not Found" { 404 } else { 200 });
            let TokenAnswer::Error(answer) = read_answer(&response).answer else {
                panic!("{}", response.text())
            };
            assert_eq!(answer.error, error);
            if !anchor.is_empty() {
                let uri = answer.error_uri.unwrap();
                assert!(
                    uri.starts_with("https://docs.github.com/apps/") && uri.ends_with(anchor),
                    "{uri}"
                );
                assert!(answer.error_description.is_some());
            }
        }
        if error != "token" {
            let retry = simulator.respond(&right.to_http(), NOW);
            assert_eq!(outcome(&retry), "token", "the code is unspent after {error}");
        }
    }
}

#[test]
fn a_code_is_good_for_ten_minutes_and_for_one_client() {
    for (millis, expected) in [(599_999, "token"), (600_000, "bad_verification_code")] {
        let mut simulator = simulator();
        let code = code_for(&mut simulator, QUERY);
        let request = exchange_of(&simulator, &code).to_http();
        assert_eq!(outcome(&simulator.respond(&request, NOW.plus(millis))), expected);
    }
    let mut simulator = simulator();
    let code = code_for(&mut simulator, QUERY);
    simulator.options_mut().app.client_id = "Ov23liAAAAAAAAAAAAAA".into();
    let request = exchange_of(&simulator, &code).to_http();
    assert_eq!(
        outcome(&simulator.respond(&request, NOW)),
        "bad_verification_code"
    );
}

#[test]
fn leaving_out_the_redirect_uri_means_the_first_registered_one() {
    for (went_to, expected) in [
        ("https://example.com/first", "token"),
        ("https://example.com/second", "redirect_uri_mismatch"),
    ] {
        let mut simulator = simulator();
        let uris = [
            ("https://example.com/first", false),
            ("https://example.com/second", false),
        ];
        register(&mut simulator, &uris);
        let code = code_for(&mut simulator, &format!("redirect_uri={went_to}"));
        let mut request = exchange_of(&simulator, &code);
        request.grant.redirect_uri = None;
        assert_eq!(outcome(&simulator.respond(&request.to_http(), NOW)), expected);
        request.grant.redirect_uri = Some(went_to.into());
        let named = outcome(&simulator.respond(&request.to_http(), NOW));
        assert_eq!(named == "token", expected != "token", "{went_to}: {named}");
    }
}

#[test]
fn pkce_comes_last_and_answers_400() {
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let query = format!(
        "{QUERY}&code_challenge={}&code_challenge_method=S256",
        pkce::challenge(verifier)
    );
    let wrong = "0".repeat(43);
    for (sent, pkce, status, expected) in [
        (Some(verifier), true, 200, "token"),
        (None, true, 400, "invalid_grant"),
        (Some(wrong.as_str()), true, 400, "invalid_grant"),
        (None, false, 200, "token"),
    ] {
        let mut simulator = simulator();
        simulator.options_mut().habits.pkce = pkce;
        let code = code_for(&mut simulator, &query);
        let mut request = exchange_of(&simulator, &code);
        request.grant.code_verifier = sent.map(Secret::new);
        let response = simulator.respond(&request.to_http(), NOW);
        assert_eq!(
            (response.status, outcome(&response).as_str()),
            (status, expected),
            "{sent:?}"
        );
        if expected == "invalid_grant" {
            assert_eq!(
                response.text().contains("A code_verifier was not included"),
                sent.is_none()
            );
            request.grant.code = "0".repeat(20);
            let junk = simulator.respond(&request.to_http(), NOW);
            assert_eq!(
                outcome(&junk),
                "bad_verification_code",
                "the code is checked first"
            );
        }
    }
}

#[test]
fn switches_of_the_token_endpoint() {
    let mut simulator = simulator();
    let code = code_for(&mut simulator, QUERY);
    let request = exchange_of(&simulator, &code);
    let unknown = TokenRequest {
        client_id: "nobody".into(),
        ..request.clone()
    };
    let response = simulator.respond(&unknown.to_http(), NOW);
    assert_eq!(
        (response.status, response.text().as_str()),
        (404, r#"{"error":"Not Found"}"#)
    );
    simulator.options_mut().habits.unknown_client = UnknownClientAnswer::IncorrectClientCredentials;
    let response = simulator.respond(&unknown.to_http(), NOW);
    assert_eq!(
        (response.status, outcome(&response).as_str()),
        (200, "incorrect_client_credentials")
    );

    simulator.options_mut().habits.rate_limited = true;
    let response = simulator.respond(&request.to_http(), NOW);
    assert_eq!(
        (response.status, response.header("retry-after")),
        (429, Some("60"))
    );
    simulator.options_mut().habits.html_answer = true;
    let response = simulator.respond(&request.to_http(), NOW);
    assert_eq!(
        (response.status, response.media_type().as_deref()),
        (502, Some("text/html"))
    );
    assert_eq!(read_answer(&response).encoding, BodyEncoding::Html);
    simulator.options_mut().habits.rate_limited = false;
    simulator.options_mut().habits.html_answer = false;

    simulator.options_mut().account.email_verified = false;
    let response = simulator.respond(&request.to_http(), NOW);
    assert_eq!(
        (response.status, outcome(&response).as_str()),
        (200, "unverified_user_email")
    );
    simulator.options_mut().account.email_verified = true;
    assert_eq!(outcome(&simulator.respond(&request.to_http(), NOW)), "token");
}

#[test]
fn grant_types() {
    for (grant_type, expected) in [
        ("authorization_code", "token"),
        ("", "token"),
        ("password", "unsupported_grant_type"),
        (
            "urn:ietf:params:oauth:grant-type:device_code",
            "incorrect_device_code",
        ),
        ("client_credentials", "token"),
        ("refresh_token", "bad_refresh_token"),
    ] {
        let mut simulator = simulator();
        let code = code_for(&mut simulator, QUERY);
        let app = simulator.options().app.clone();
        let pairs = [
            ("client_id", app.client_id.as_str()),
            ("client_secret", app.client_secret.reveal()),
            ("code", &code),
            ("grant_type", grant_type),
        ];
        let response = simulator.respond(&post_form(TOKEN_PATH, &pairs), NOW);
        assert_eq!(response.status, 200);
        assert_eq!(outcome(&response), expected, "{grant_type}");
    }
}
