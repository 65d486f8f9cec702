//! Tokens after they were issued: rotation and reuse, the token API, introspection, revocation.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    oauth::{params::encode_value, token::TokenResponse},
    simulator::{
        Dialect,
        server::tokens::{INTROSPECT, REVOKE},
        tests::*,
    },
};

fn handed_out(simulator: &mut Simulator, expiring: bool) -> TokenResponse {
    simulator.hand_out(&["repo", "gist"], expiring, NOW).unwrap()
}

fn refresh(simulator: &mut Simulator, refresh_token: &str, more: &[(&str, &str)]) -> HttpResponse {
    let app = simulator.options().app.clone();
    let mut params = vec![
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token),
        ("client_id", app.client_id.as_str()),
        ("client_secret", app.client_secret.reveal()),
    ];
    params.extend(more);
    let request = post_form("/login/oauth/access_token", &params).with_header("Accept", "application/json");
    simulator.respond(&request, NOW)
}

fn managed(simulator: &mut Simulator, method: &str, what: &str, token: &str) -> HttpResponse {
    let app = simulator.options().app.clone();
    let pair = STANDARD.encode(format!("{}:{}", app.client_id, app.client_secret.reveal()));
    let request = HttpRequest {
        method: method.into(),
        url: format!("/applications/{}/{what}", app.client_id),
        body: format!(r#"{{"access_token":"{token}"}}"#).into_bytes(),
        ..HttpRequest::default()
    };
    simulator.respond(
        &request.with_header("Authorization", format!("Basic {pair}")),
        NOW,
    )
}

fn asked(simulator: &mut Simulator, path: &str, token: &str, secret: &str) -> HttpResponse {
    let id = simulator.options().app.client_id.clone();
    let body = format!(
        "token={}&client_id={id}&client_secret={secret}",
        encode_value(token)
    );
    let request = HttpRequest {
        method: "POST".into(),
        url: path.into(),
        body: body.into_bytes(),
        ..HttpRequest::default()
    };
    simulator.respond(&request, NOW)
}

fn is_alive(simulator: &mut Simulator, token: &TokenResponse) -> bool {
    let request = HttpRequest::get("/user")
        .with_header("Authorization", format!("Bearer {}", token.access_token.reveal()));
    simulator.respond(&request, NOW).status == 200
}

#[test]
fn a_refresh_token_is_good_once_and_its_reuse_may_end_what_came_of_it() {
    for (ends, alive) in [(false, true), (true, false)] {
        let mut simulator = simulator();
        simulator.options_mut().habits.tokens.reuse_ends_the_family = ends;
        let first = handed_out(&mut simulator, true);
        let old = first.refresh_token.clone().unwrap();
        let second = token(&refresh(&mut simulator, old.reveal(), &[]));
        assert!(!is_alive(&mut simulator, &first) && is_alive(&mut simulator, &second));
        assert_eq!(
            outcome(&refresh(&mut simulator, old.reveal(), &[])),
            "bad_refresh_token"
        );
        assert_eq!(is_alive(&mut simulator, &second), alive, "{ends}");
        let newest = second.refresh_token.unwrap();
        let expected = if alive { "token" } else { "bad_refresh_token" };
        assert_eq!(outcome(&refresh(&mut simulator, newest.reveal(), &[])), expected);
    }
}

#[test]
fn without_rotation_the_refresh_token_goes_on() {
    let mut simulator = simulator();
    simulator.options_mut().habits.tokens.rotates = false;
    let first = handed_out(&mut simulator, true);
    let kept = first.refresh_token.clone().unwrap();
    for _ in 0..2 {
        let next = token(&refresh(&mut simulator, kept.reveal(), &[]));
        assert_eq!(next.refresh_token, None);
        assert!(is_alive(&mut simulator, &next));
    }
    assert!(!is_alive(&mut simulator, &first));
}

#[test]
fn by_the_rfc_fewer_scopes_may_be_asked_for_and_not_more() {
    let mut simulator = simulator();
    simulator.options_mut().habits.dialect = Dialect::Rfc6749;
    let first = handed_out(&mut simulator, true);
    let old = first.refresh_token.unwrap();
    let refused = refresh(&mut simulator, old.reveal(), &[("scope", "repo admin:org")]);
    assert_eq!((refused.status, outcome(&refused)), (400, "invalid_scope".into()));
    let narrowed = token(&refresh(&mut simulator, old.reveal(), &[("scope", "gist")]));
    assert_eq!(narrowed.scope, Some(vec!["gist".into()]));
}

#[test]
fn the_token_api_checks_resets_and_revokes() {
    let mut simulator = simulator();
    let first = handed_out(&mut simulator, false);
    let name = first.access_token.reveal().to_owned();
    let checked = managed(&mut simulator, "POST", "token", &name);
    let said: serde_json::Value = serde_json::from_slice(&checked.body).unwrap();
    assert_eq!(checked.status, 200);
    assert_eq!(said["user"]["login"], "octocat");
    assert_eq!(said["token_last_eight"], name[name.len() - 8..]);
    let reset = managed(&mut simulator, "PATCH", "token", &name);
    let said: serde_json::Value = serde_json::from_slice(&reset.body).unwrap();
    let fresh = said["token"].as_str().unwrap().to_owned();
    assert_ne!(fresh, name);
    assert_eq!(managed(&mut simulator, "POST", "token", &name).status, 404);
    assert_eq!(managed(&mut simulator, "DELETE", "token", &name).status, 422);
    assert_eq!(managed(&mut simulator, "DELETE", "token", &fresh).status, 204);
    assert_eq!(managed(&mut simulator, "POST", "token", &fresh).status, 404);
    let (one, other) = (
        handed_out(&mut simulator, false),
        handed_out(&mut simulator, true),
    );
    assert_eq!(
        managed(&mut simulator, "DELETE", "grant", one.access_token.reveal()).status,
        204
    );
    assert!(!is_alive(&mut simulator, &one) && !is_alive(&mut simulator, &other));
}

#[test]
fn the_token_api_wants_the_app_itself_and_its_own_tokens() {
    let mut simulator = simulator();
    let ours = handed_out(&mut simulator, false);
    let name = ours.access_token.reveal().to_owned();
    let bare = HttpRequest {
        method: "POST".into(),
        url: format!("/applications/{}/token", simulator.options().app.client_id),
        body: format!(r#"{{"access_token":"{name}"}}"#).into_bytes(),
        ..HttpRequest::default()
    };
    assert_eq!(simulator.respond(&bare, NOW).status, 401);
    assert_eq!(managed(&mut simulator, "POST", "token", "").status, 422);
    simulator.give_to_another_app(&ours, "Ov23liAnotherAppXyz9");
    assert_eq!(managed(&mut simulator, "POST", "token", &name).status, 404);
}

#[test]
fn introspection_tells_of_a_good_token_and_of_no_other() {
    let mut simulator = simulator();
    simulator.options_mut().habits.dialect = Dialect::Rfc6749;
    let secret = simulator.options().app.client_secret.reveal().to_owned();
    let good = handed_out(&mut simulator, true);
    let name = good.access_token.reveal().to_owned();
    let said = asked(&mut simulator, INTROSPECT, &name, &secret).text();
    assert!(
        said.contains(r#""active":true"#) && said.contains("repo gist"),
        "{said}"
    );
    let said = asked(
        &mut simulator,
        INTROSPECT,
        good.refresh_token.unwrap().reveal(),
        &secret,
    )
    .text();
    assert!(said.contains(r#""active":true"#), "{said}");
    assert_eq!(
        asked(&mut simulator, INTROSPECT, "nonsense", &secret).text(),
        r#"{"active":false}"#
    );
    assert_eq!(asked(&mut simulator, INTROSPECT, &name, "wrong").status, 400);
    assert_eq!(asked(&mut simulator, INTROSPECT, "", &secret).status, 400);
}

#[test]
fn revocation_says_200_to_what_it_does_not_know_and_ends_the_family_of_a_refresh_token() {
    let mut simulator = simulator();
    simulator.options_mut().habits.dialect = Dialect::Rfc6749;
    let secret = simulator.options().app.client_secret.reveal().to_owned();
    assert_eq!(asked(&mut simulator, REVOKE, "nonsense", &secret).status, 200);
    let token = handed_out(&mut simulator, true);
    let refresh_token = token.refresh_token.clone().unwrap();
    simulator.options_mut().habits.tokens.revokes_refresh_tokens = false;
    let refused = asked(&mut simulator, REVOKE, refresh_token.reveal(), &secret);
    assert_eq!(outcome(&refused), "unsupported_token_type");
    simulator.options_mut().habits.tokens.revokes_refresh_tokens = true;
    assert!(is_alive(&mut simulator, &token));
    assert_eq!(
        asked(&mut simulator, REVOKE, refresh_token.reveal(), &secret).status,
        200
    );
    assert!(!is_alive(&mut simulator, &token));
    let others = handed_out(&mut simulator, true);
    simulator.give_to_another_app(&others, "another");
    let refused = asked(&mut simulator, REVOKE, others.access_token.reveal(), &secret);
    assert_eq!(refused.status, 400);
    assert!(!simulator.is_by_the_rfc() || is_alive(&mut simulator, &others));
}

#[test]
fn a_github_has_neither_introspection_nor_revocation() {
    let mut simulator = simulator();
    let secret = simulator.options().app.client_secret.reveal().to_owned();
    for path in [INTROSPECT, REVOKE] {
        assert_eq!(asked(&mut simulator, path, "x", &secret).status, 404, "{path}");
    }
}
