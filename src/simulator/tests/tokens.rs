//! Tokens after the exchange: the API, expiry, refreshing, limits.

use crate::simulator::{
    server::{token::TOKEN_LIFETIME, tokens::REFRESH_TOKEN_LIFETIME},
    tests::*,
};

const QUERY: &str = "redirect_uri=http://127.0.0.1:8914/callback&scope=repo+gist";

fn obtain(simulator: &mut Simulator, query: &str, now: Moment) -> TokenResponse {
    let url = authorize_url(simulator, query);
    let redirect = simulator.decide(&url, Decision::Approve, now).unwrap();
    let code = params_of(&redirect).get("code").unwrap().to_owned();
    let request = exchange_of(simulator, &code).to_http();
    token(&simulator.respond(&request, now))
}

fn user(simulator: &mut Simulator, authorization: &str, now: Moment) -> HttpResponse {
    let request = HttpRequest::get("/user").with_header("Authorization", authorization);
    simulator.respond(&request, now)
}

fn is_alive(simulator: &mut Simulator, token: &TokenResponse, now: Moment) -> bool {
    let authorization = format!("Bearer {}", token.access_token.reveal());
    user(simulator, &authorization, now).status == 200
}

#[test]
fn the_user_is_told_under_both_paths_with_the_scope_headers() {
    let mut simulator = simulator();
    let token = obtain(&mut simulator, QUERY, NOW);
    for path in ["/user", "/api/v3/user"] {
        for scheme in ["Bearer", "token"] {
            let authorization = format!("{scheme} {}", token.access_token.reveal());
            let request = HttpRequest::get(path).with_header("Authorization", authorization);
            let response = simulator.respond(&request, NOW);
            assert_eq!(response.status, 200);
            assert_eq!(response.header("x-oauth-scopes"), Some("gist, repo"));
            assert_eq!(response.header("x-accepted-oauth-scopes"), Some(""));
            let body: serde_json::Value = serde_json::from_slice(&response.body).unwrap();
            assert_eq!(body["login"], "octocat");
        }
    }
}

#[test]
fn a_bad_token_is_401() {
    let mut simulator = simulator();
    for authorization in ["Bearer gho_nonsense", "Bearer ", "Basic gho_x"] {
        let response = user(&mut simulator, authorization, NOW);
        assert_eq!(
            (response.status, response.text().as_str()),
            (401, r#"{"message":"Bad credentials"}"#),
            "{authorization}"
        );
    }
    assert_eq!(simulator.respond(&HttpRequest::get("/user"), NOW).status, 401);
}

#[test]
fn meta_probes_the_pair() {
    let mut simulator = simulator();
    let app = simulator.options().app.clone();
    let basic = |secret: &str| {
        use base64::{Engine as _, engine::general_purpose::STANDARD};
        let pair = STANDARD.encode(format!("{}:{secret}", app.client_id));
        HttpRequest::get("/meta").with_header("Authorization", format!("Basic {pair}"))
    };
    assert_eq!(
        simulator.respond(&basic(app.client_secret.reveal()), NOW).status,
        200
    );
    assert_eq!(simulator.respond(&basic("wrong"), NOW).status, 401);
    assert_eq!(
        simulator.respond(&HttpRequest::get("/api/v3/meta"), NOW).status,
        200
    );
}

#[test]
fn scopes_of_a_returning_user_are_all_that_was_granted() {
    let mut simulator = simulator();
    let callback = "redirect_uri=http://127.0.0.1:8914/callback";
    for (query, scopes) in [
        ("", ""),
        ("&scope=gist", "gist"),
        ("&scope=user:email+nonsense", "user:email"),
        ("&scope=user", "user"),
        ("", "gist,user"),
    ] {
        let token = obtain(&mut simulator, &format!("{callback}{query}"), NOW);
        assert_eq!(token.scope.unwrap().join(","), scopes, "{query}");
    }
}

#[test]
fn expiring_tokens_die_after_eight_hours_and_are_refreshed_once() {
    let mut simulator = simulator();
    simulator.options_mut().habits.expiring_tokens = true;
    let old = obtain(&mut simulator, QUERY, NOW);
    let refresh_token = old.refresh_token.clone().unwrap();
    assert_eq!(old.expires_in, Some(TOKEN_LIFETIME));
    assert_eq!(old.refresh_token_expires_in, Some(REFRESH_TOKEN_LIFETIME));
    assert!(refresh_token.reveal().starts_with("ghr_") && refresh_token.reveal().len() == 80);
    assert!(is_alive(&mut simulator, &old, NOW.plus(28_799_999)));
    assert!(!is_alive(&mut simulator, &old, NOW.plus(28_800_000)));

    let app = simulator.options().app.clone();
    let refresh = |refresh_token: &str| {
        let pairs = [
            ("client_id", app.client_id.as_str()),
            ("client_secret", app.client_secret.reveal()),
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token),
            ("scope", "admin:org"),
        ];
        post_form("/login/oauth/access_token", &pairs)
    };
    let late = NOW.plus(REFRESH_TOKEN_LIFETIME * 1000);
    let response = simulator.clone().respond(&refresh(refresh_token.reveal()), late);
    assert_eq!(outcome(&response), "bad_refresh_token", "too late");

    let new = token(&simulator.respond(&refresh(refresh_token.reveal()), NOW));
    assert!(is_alive(&mut simulator, &new, NOW));
    assert!(!is_alive(&mut simulator, &old, NOW), "the old access token died");
    assert_eq!(new.scope, old.scope, "a refresh cannot change scopes");
    let again = simulator.respond(&refresh(refresh_token.reveal()), NOW);
    assert_eq!(
        (again.status, outcome(&again).as_str()),
        (200, "bad_refresh_token")
    );
    assert!(
        again
            .text()
            .contains("The+refresh+token+passed+is+incorrect+or+expired.")
    );
}

#[test]
fn offline_access_opts_in_and_is_no_scope() {
    let mut simulator = simulator();
    let query = format!("{QUERY}+offline_access");
    let token = obtain(&mut simulator, &query, NOW);
    assert_eq!(token.expires_in, Some(TOKEN_LIFETIME));
    assert_eq!(token.scope.unwrap(), ["repo", "gist"]);
    simulator.options_mut().habits.offline_access = false;
    assert_eq!(obtain(&mut simulator, &query, NOW).expires_in, None);
}

#[test]
fn the_eleventh_token_revokes_one_by_githubs_order() {
    let minutes = |count: u64| NOW.plus(count * 60_000);
    let mut simulator = simulator();
    let ten: Vec<_> = (0..10)
        .map(|n| obtain(&mut simulator, QUERY, minutes(n)))
        .collect();
    assert!(is_alive(&mut simulator, &ten[0], minutes(10)));
    obtain(&mut simulator, QUERY, minutes(20));
    assert!(
        !is_alive(&mut simulator.clone(), &ten[1], minutes(20)),
        "the oldest unused one goes"
    );
    assert!(
        is_alive(&mut simulator.clone(), &ten[0], minutes(20)),
        "the used one stays"
    );

    let mut simulator = self::simulator();
    let ten: Vec<_> = (0..10).map(|_| obtain(&mut simulator, QUERY, NOW)).collect();
    for (at, token) in ten.iter().enumerate().skip(1) {
        assert!(is_alive(&mut simulator, token, NOW.plus(100 - at as u64)));
    }
    obtain(&mut simulator, QUERY, NOW.plus(200));
    assert!(
        !is_alive(&mut simulator, &ten[9], NOW.plus(200)),
        "else the least recently used"
    );

    let mut simulator = self::simulator();
    let ten: Vec<_> = (0..10).map(|_| obtain(&mut simulator, QUERY, NOW)).collect();
    obtain(
        &mut simulator,
        "redirect_uri=http://127.0.0.1:8914/callback&scope=repo",
        NOW,
    );
    assert!(
        is_alive(&mut simulator.clone(), &ten[0], NOW),
        "another scope set does not count"
    );
    obtain(&mut simulator, QUERY, NOW);
    assert!(!is_alive(&mut simulator, &ten[0], NOW), "else the oldest");
}

#[test]
fn what_it_remembers_is_bounded() {
    let mut simulator = simulator();
    simulator.remember(64);
    let first = code_for(&mut simulator, QUERY);
    for _ in 0..200 {
        code_for(&mut simulator, QUERY);
    }
    assert_eq!(simulator.codes.iter().count(), 64);
    assert_eq!(simulator.sessions.iter().count(), 64);
    assert_eq!(simulator.sign_ins.len(), 10);
    let request = exchange_of(&simulator, &first).to_http();
    assert_eq!(
        outcome(&simulator.respond(&request, NOW)),
        "bad_verification_code"
    );
}

#[test]
fn email_addresses_are_told_to_a_token_that_may_read_them() {
    let addresses = |scope: &str| {
        let mut simulator = simulator();
        let query = format!("redirect_uri=http://127.0.0.1:8914/callback&scope={scope}");
        let token = obtain(&mut simulator, &query, NOW);
        ["/user/emails", "/api/v3/user/emails"].map(|path| {
            let authorization = format!("Bearer {}", token.access_token.reveal());
            let request = HttpRequest::get(path).with_header("Authorization", authorization);
            let response = simulator.respond(&request, NOW);
            let body: serde_json::Value = serde_json::from_slice(&response.body).unwrap();
            (response.status, body)
        })
    };
    for scope in ["user:email", "user"] {
        for (status, body) in addresses(scope) {
            assert_eq!(status, 200, "{scope}");
            assert_eq!(body[0]["email"], "octocat@example.test");
            assert_eq!(
                (&body[0]["primary"], &body[0]["verified"]),
                (&true.into(), &true.into())
            );
        }
    }
    for (status, body) in addresses("read:user") {
        assert_eq!((status, &body["message"]), (404, &"Not Found".into()));
    }
    let unauthorized = simulator().respond(&HttpRequest::get("/user/emails"), NOW);
    assert_eq!(unauthorized.status, 401);
}

#[test]
fn the_device_flow_is_refused_in_githubs_own_word() {
    let mut simulator = simulator();
    simulator.options_mut().habits.device.enabled = false;
    let client_id = simulator.options().app.client_id.clone();
    let mut ask = |client_id: &str| {
        let url = format!("{BASE}/login/device/code");
        let request = post_form(&url, &[("client_id", client_id), ("scope", "repo")]);
        let response = simulator.respond(&request.with_header("Accept", "application/json"), NOW);
        (response.status, outcome(&response))
    };
    assert_eq!(ask(&client_id), (400, "device_flow_disabled".into()));
    assert_eq!(ask("Ov23liAAAAAAAAAAAAAA"), (404, "Not Found".into()));
}
