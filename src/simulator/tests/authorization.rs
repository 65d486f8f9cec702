//! The authorization endpoint: redirects, refusals, and who is asked.

use crate::{
    providers::github::formats::{
        ClientIdShape, ClientSecretShape, CodeShape, client_id_shape, client_secret_shape, code_shape,
    },
    simulator::{Habits, MismatchAnswer, tests::*},
};

const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

#[test]
fn the_demo_app_has_the_shapes_of_a_real_one_and_no_port_registered() {
    let simulator = simulator();
    let app = &simulator.options().app;
    assert_eq!(client_id_shape(&app.client_id), ClientIdShape::OAuthApp);
    assert_eq!(
        client_secret_shape(app.client_secret.reveal()),
        ClientSecretShape::FortyHex
    );
    assert_eq!(app.registered[0].uri, "http://127.0.0.1/callback");
    let hosted = Simulator::demo(BASE, "https://example.com:8443/cb", Entropy::from_seed([3; 32]));
    assert_eq!(
        hosted.options().app.registered[0].uri,
        "https://example.com:8443/cb"
    );
    assert!(!format!("{simulator:?}").contains(app.client_secret.reveal()));
}

#[test]
fn approval_brings_code_iss_and_state_in_alphabetical_order() {
    let mut simulator = simulator();
    let url = authorize_url(&simulator, &format!("state=a%26b+c&redirect_uri={CALLBACK}"));
    let redirect = simulator.decide(&url, Decision::Approve, NOW).unwrap();
    assert!(redirect.starts_with(&format!("{CALLBACK}?code=")));
    assert!(redirect.contains("&iss=http%3A%2F%2F127.0.0.1%3A9000%2Flogin%2Foauth&"));
    let params = params_of(&redirect);
    assert_eq!(names(&params), "code iss state");
    assert_eq!(params.get("state"), Some("a&b c"));
    assert_eq!(code_shape(params.get("code").unwrap()), CodeShape::TwentyHex);
}

#[test]
fn iss_and_state_are_left_out_where_they_have_no_place() {
    let mut simulator = simulator();
    simulator.options_mut().habits = Habits::enterprise_server();
    let url = authorize_url(&simulator, &format!("redirect_uri={CALLBACK}"));
    let redirect = simulator.decide(&url, Decision::Approve, NOW).unwrap();
    assert_eq!(names(&params_of(&redirect)), "code");
    let response = simulator.respond(&HttpRequest::get("/meta"), NOW);
    assert!(response.header("x-github-enterprise-version").is_some());
}

#[test]
fn refusals_ride_on_the_redirect_in_githubs_order() {
    type Change = fn(&mut Simulator);
    let unregistered = "redirect_uri=http://127.0.0.1:8914/other&state=s";
    let registered = "redirect_uri=http://127.0.0.1:8914/callback&state=s";
    let nothing: Change = |_| {};
    let suspend: Change = |simulator| simulator.options_mut().app.suspended = true;
    let classic: Change = |simulator| simulator.options_mut().habits.mismatch = MismatchAnswer::Redirect;
    for (change, query, target, error, description, anchor) in [
        (
            nothing,
            registered,
            CALLBACK,
            "access_denied",
            "The user has denied your application access.",
            "#access-denied",
        ),
        (
            suspend,
            registered,
            CALLBACK,
            "application_suspended",
            "Your application has been suspended. Contact support@github.com.",
            "#application-suspended",
        ),
        (
            suspend,
            unregistered,
            "http://127.0.0.1/callback",
            "application_suspended",
            "Your application has been suspended. Contact support@github.com.",
            "#application-suspended",
        ),
        (
            classic,
            unregistered,
            "http://127.0.0.1/callback",
            "redirect_uri_mismatch",
            "The redirect_uri MUST match the registered callback URL for this application.",
            "#redirect-uri-mismatch",
        ),
    ] {
        let mut simulator = simulator();
        change(&mut simulator);
        let url = authorize_url(&simulator, query);
        let redirect = simulator.decide(&url, Decision::Deny, NOW).unwrap();
        assert_eq!(redirect.split_once('?').unwrap().0, target);
        let params = params_of(&redirect);
        assert_eq!(names(&params), "error error_description error_uri state");
        assert_eq!(params.get("error"), Some(error));
        assert_eq!(params.get("error_description"), Some(description));
        let uri = params.get("error_uri").unwrap();
        assert!(
            uri.starts_with("https://docs.github.com/apps/") && uri.ends_with(anchor),
            "{uri}"
        );
    }
}

#[test]
fn an_error_without_state_carries_none() {
    let mut simulator = simulator();
    let url = authorize_url(&simulator, &format!("redirect_uri={CALLBACK}"));
    let redirect = simulator.decide(&url, Decision::Deny, NOW).unwrap();
    assert_eq!(names(&params_of(&redirect)), "error error_description error_uri");
}

#[test]
fn an_unknown_client_gets_a_404_page_and_no_redirect() {
    for id in ["", "undefined", "Ov23liAAAAAAAAAAAAAA", "Ov23liSimulatedDemo1%0A"] {
        let url = format!("{BASE}/login/oauth/authorize?client_id={id}&redirect_uri={CALLBACK}");
        let stuck = simulator().decide(&url, Decision::Approve, NOW).unwrap_err();
        assert_eq!(stuck.status, 404, "{id}");
        assert!(stuck.text.starts_with("404: page not found"), "{}", stuck.text);
        let page = simulator().respond(&HttpRequest::get(url), NOW);
        assert!(
            page.text().contains("<strong>SIMULATED</strong>"),
            "{}",
            page.text()
        );
    }
}

#[test]
fn an_unregistered_redirect_uri_gets_the_be_careful_page() {
    let mut simulator = simulator();
    for uri in [
        "http://localhost:8914/callback",
        "https://127.0.0.1:8914/callback",
        "http://127.0.0.1:8914/",
        "127.0.0.1",
    ] {
        let url = authorize_url(&simulator, &format!("redirect_uri={uri}"));
        let stuck = simulator.decide(&url, Decision::Approve, NOW).unwrap_err();
        assert!(
            stuck.text.contains(
                "Be careful! The redirect_uri is not associated with this application. The application might be misconfigured or could be trying to redirect you to a website you weren't expecting."
            ),
            "{}",
            stuck.text
        );
    }
    register(&mut simulator, &[]);
    let url = authorize_url(&simulator, "");
    assert!(simulator.decide(&url, Decision::Approve, NOW).is_err());
}

#[test]
fn redirect_uris_are_held_to_githubs_rule() {
    for (registered, wildcard, sent, passes) in [
        ("http://127.0.0.1/cb", true, "http://127.0.0.1:1234/cb", true),
        ("http://127.0.0.1/cb", false, "http://127.0.0.1:1234/cb", true),
        ("http://127.0.0.1/cb", true, "http://127.0.0.1:1234/cb/sub", true),
        (
            "https://example.com/path",
            true,
            "https://a.example.com/path/b",
            true,
        ),
        (
            "https://example.com/path",
            false,
            "https://a.example.com/path",
            false,
        ),
        (
            "https://example.com/path",
            false,
            "https://example.com/path/b",
            false,
        ),
        (
            "https://example.com/path",
            false,
            "https://example.com/path",
            true,
        ),
        (
            "https://example.com/path",
            true,
            "https://example.com:8080/path",
            false,
        ),
    ] {
        let mut simulator = simulator();
        register(&mut simulator, &[(registered, wildcard)]);
        let url = authorize_url(&simulator, &format!("redirect_uri={sent}"));
        let redirect = simulator.decide(&url, Decision::Approve, NOW);
        assert_eq!(redirect.is_ok(), passes, "{registered} {sent}");
        assert!(redirect.map_or(true, |target| target.starts_with(sent)));
    }
}

#[test]
fn the_first_registered_uri_is_the_default_and_a_query_of_its_own_stays() {
    let mut simulator = simulator();
    register(
        &mut simulator,
        &[
            ("https://example.com/a?tenant=1", true),
            ("https://example.com/b", true),
        ],
    );
    let url = authorize_url(&simulator, "");
    let redirect = simulator.decide(&url, Decision::Approve, NOW).unwrap();
    assert!(
        redirect.starts_with("https://example.com/a?tenant=1&code="),
        "{redirect}"
    );
}

#[test]
fn a_challenge_needs_its_method_and_the_method_is_s256() {
    for (query, good) in [
        (
            format!("code_challenge={CHALLENGE}&code_challenge_method=S256"),
            true,
        ),
        (String::new(), true),
        (
            format!("code_challenge={CHALLENGE}&code_challenge_method=plain"),
            false,
        ),
        (format!("code_challenge={CHALLENGE}"), false),
        ("code_challenge_method=S256".into(), false),
        ("code_challenge=short&code_challenge_method=S256".into(), false),
    ] {
        let mut simulator = simulator();
        let url = authorize_url(&simulator, &format!("redirect_uri={CALLBACK}&{query}"));
        let params = params_of(&simulator.decide(&url, Decision::Approve, NOW).unwrap());
        let expected = if good { None } else { Some("invalid_request") };
        assert_eq!(params.get("error"), expected, "{query}");
        simulator.options_mut().habits.pkce = false;
        let params = params_of(&simulator.decide(&url, Decision::Approve, NOW).unwrap());
        assert!(params.get("code").is_some(), "PKCE unknown: {query}");
    }
}

#[test]
fn a_returning_user_without_scope_is_not_asked_unless_something_says_so() {
    let mut simulator = simulator();
    let asked = |simulator: &mut Simulator, query: &str, now: Moment| {
        // Only where nobody is asked does Deny lead to a code.
        let url = authorize_url(simulator, &format!("redirect_uri={CALLBACK}&{query}"));
        let params = params_of(&simulator.decide(&url, Decision::Deny, now).unwrap());
        params.get("error").is_some()
    };
    assert!(asked(&mut simulator, "", NOW), "a new user is asked");
    code_for(&mut simulator, &format!("redirect_uri={CALLBACK}&scope=repo"));
    assert!(!asked(&mut simulator, "", NOW));
    assert!(asked(&mut simulator, "scope=repo", NOW));
    assert!(asked(&mut simulator, "prompt=select_account", NOW));
    for _ in 0..10 {
        code_for(&mut simulator, &format!("redirect_uri={CALLBACK}&scope=repo"));
    }
    assert!(asked(&mut simulator, "", NOW), "more than ten sign-ins an hour");
    assert!(!asked(&mut simulator, "", NOW.plus(3_600_000)));
}
