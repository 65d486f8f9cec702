//! The pages, the session and the routes.

use crate::simulator::tests::*;

fn open(simulator: &mut Simulator, query: &str) -> HttpResponse {
    let url = authorize_url(simulator, query);
    simulator.respond(&HttpRequest::get(url), NOW)
}

fn cookie(response: &HttpResponse) -> String {
    let set = response.header("set-cookie").unwrap();
    set.split(';').next().unwrap().to_owned()
}

fn authenticity_token(page: &str) -> String {
    let (_, after) = page.split_once("name=\"authenticity_token\" value=\"").unwrap();
    after[..40].to_owned()
}

/// The consent page of a fresh browser, with its cookie.
fn consent(simulator: &mut Simulator, query: &str) -> (HttpResponse, String) {
    let page = open(simulator, query);
    let target = authorize_url(simulator, query).split_off(BASE.len());
    let sign_in = post_form(
        "/session",
        &[
            ("authenticity_token", &authenticity_token(&page.text())),
            ("return_to", &target),
            ("login", "octocat"),
        ],
    )
    .with_header("Cookie", cookie(&page));
    let signed_in = simulator.respond(&sign_in, NOW);
    assert_eq!(
        (signed_in.status, signed_in.header("location")),
        (302, Some(target.as_str()))
    );
    let cookie = cookie(&signed_in);
    let request = HttpRequest::get(target).with_header("Cookie", &cookie);
    (simulator.respond(&request, NOW), cookie)
}

#[test]
fn pages_carry_their_protection() {
    let mut simulator = simulator();
    let query = format!("redirect_uri={CALLBACK}");
    let (consent, _) = consent(&mut simulator, &query);
    let sign_in = open(&mut simulator, &query);
    for page in [&consent, &sign_in] {
        assert_eq!(page.status, 200);
        let policy = page.header("content-security-policy").unwrap();
        assert!(
            policy.starts_with("default-src 'none'; style-src 'sha256-"),
            "{policy}"
        );
        assert!(
            policy.contains("form-action 'self' http://127.0.0.1:8914;"),
            "{policy}"
        );
        assert_eq!(page.header("cache-control"), Some("no-store"));
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(page.header("x-frame-options"), Some("DENY"));
        let text = page.text();
        for loaded in ["<script", "src=", "@import", "url(", "onclick", "style=\""] {
            assert!(!text.contains(loaded), "{loaded}");
        }
        assert!(!text.contains("{{"), "an unfilled slot");
    }
    let set = sign_in.header("set-cookie").unwrap();
    assert!(set.ends_with("; Path=/; HttpOnly; SameSite=Lax"), "{set}");
    assert!(set.starts_with("oauthlens_simulator_9000="), "{set}");
}

#[test]
fn pages_say_what_they_are_and_can_be_used_by_keyboard_and_ear() {
    let mut simulator = simulator();
    let query = format!("redirect_uri={CALLBACK}&scope=repo+nonsense");
    let sign_in = open(&mut simulator, &query).text();
    assert!(sign_in.contains("SIMULATED"));
    assert!(sign_in.contains("Any password is accepted"));
    assert!(sign_in.contains("name=\"login\" value=\"octocat\""));
    for field in ["login", "password"] {
        assert!(sign_in.contains(&format!("<label for=\"{field}\"")));
        assert!(sign_in.contains(&format!("id=\"{field}\"")));
    }
    let consent = consent(&mut simulator, &query).0.text();
    for said in [
        "SIMULATED",
        "oauthlens demo",
        "Ov23liSimulatedDemo1",
        "octocat",
        CALLBACK,
        "Read and write all repositories",
        "<code>repo</code>",
        "No such scope, so it is left out: nonsense",
    ] {
        assert!(consent.contains(said), "{said}");
    }
    let (authorize, cancel) = (
        consent.find(">Authorize</button>"),
        consent.find(">Cancel</button>"),
    );
    assert!(authorize.is_some() && authorize < cancel, "Authorize comes first");
    for page in [&sign_in, &consent] {
        for landmark in [
            "<html lang=\"en\">",
            "<header>",
            "<main>",
            "<footer>",
            "<h1 id=\"heading\">",
            "autofocus",
        ] {
            assert_eq!(page.matches(landmark).count(), 1, "{landmark}");
        }
    }
}

#[test]
fn the_browsers_language_is_spoken() {
    let mut simulator = simulator();
    let url = authorize_url(&simulator, "");
    let request = HttpRequest::get(url).with_header("Accept-Language", "zh-CN,zh;q=0.9,en;q=0.8");
    let page = simulator.respond(&request, NOW).text();
    assert!(page.contains("<html lang=\"zh-CN\">") && page.contains(">登录</button>"));
    assert!(page.contains("SIMULATED"));
    let url = authorize_url(&simulator, "redirect_uri=http://elsewhere.test/");
    let request = HttpRequest::get(url).with_header("Accept-Language", "zh-CN");
    let page = simulator.respond(&request, NOW).text();
    assert!(
        page.contains("<h1 id=\"heading\" lang=\"en\">Be careful!"),
        "GitHub's words stay: {page}"
    );
}

#[test]
fn nothing_from_outside_becomes_markup() {
    let mut simulator = simulator();
    let nasty = "%22%3E%3Cimg%20src%3Dx%3E%7B%7Bstyle%7D%7D";
    simulator.options_mut().app.name = "<img src=x>".into();
    let queries = [
        format!("redirect_uri={CALLBACK}&login={nasty}&state={nasty}&scope={nasty}"),
        format!("redirect_uri=http://evil.test/{nasty}"),
        format!("redirect_uri={CALLBACK}/%3Cimg&x=\"><img"),
    ];
    for query in &queries {
        let page = open(&mut simulator, query).text();
        assert!(!page.contains("<img"), "{query}");
    }
    let unknown = format!("{BASE}/login/oauth/authorize?client_id={nasty}");
    let page = simulator.respond(&HttpRequest::get(unknown), NOW).text();
    assert!(!page.contains("<img") && page.contains("&lt;img"));
    let page = consent(&mut simulator, &queries[0]).0.text();
    assert!(!page.contains("<img") && page.contains("Authorize &lt;img"));
}

#[test]
fn a_form_of_another_session_decides_nothing() {
    let mut simulator = simulator();
    let query = format!("redirect_uri={CALLBACK}");
    let (page, cookie) = consent(&mut simulator, &query);
    let token = authenticity_token(&page.text());
    let url = authorize_url(&simulator, &query);
    let decision = |token: &str| post_form(&url, &[("authenticity_token", token), ("authorize", "1")]);
    for (name, request) in [
        ("no cookie", decision(&token)),
        ("no token", decision("").with_header("Cookie", &cookie)),
        (
            "wrong token",
            decision(&"0".repeat(40)).with_header("Cookie", &cookie),
        ),
        (
            "made-up session",
            decision(&token).with_header("Cookie", "oauthlens_simulator_9000=0"),
        ),
    ] {
        let response = simulator.respond(&request, NOW);
        assert_eq!(
            (response.status, response.header("location")),
            (422, None),
            "{name}"
        );
    }
    assert_eq!(simulator.codes.iter().count(), 0);
    let other = decision(&token).with_header("Cookie", format!("theme=dark; {cookie}"));
    assert_eq!(simulator.respond(&other, NOW).status, 302);
}

#[test]
fn a_session_that_did_not_sign_in_is_asked_to_and_decides_nothing() {
    let mut simulator = simulator();
    let query = format!("redirect_uri={CALLBACK}");
    // A returning user: with a signed-in session nobody would be asked anything.
    code_for(&mut simulator, &query);
    let issued = simulator.codes.iter().count();
    let page = open(&mut simulator, &query);
    let url = authorize_url(&simulator, &query);
    let again = HttpRequest::get(&url).with_header("Cookie", cookie(&page));
    let response = simulator.respond(&again, NOW);
    assert_eq!((response.status, response.header("location")), (200, None));
    assert!(response.text().contains("name=\"password\""));
    let token = authenticity_token(&page.text());
    let decision = post_form(&url, &[("authenticity_token", &token), ("authorize", "1")]);
    let response = simulator.respond(&decision.with_header("Cookie", cookie(&page)), NOW);
    assert_eq!(response.status, 422);
    assert_eq!(simulator.codes.iter().count(), issued);
}

#[test]
fn signing_in_takes_the_account_a_fresh_session_and_only_leads_back() {
    let mut simulator = simulator();
    let page = open(&mut simulator, &format!("redirect_uri={CALLBACK}"));
    let (cookie, token) = (cookie(&page), authenticity_token(&page.text()));
    let target = "/login/oauth/authorize?client_id=x";
    let attempt = |login: &str, token: &str, return_to: &str| {
        let pairs = [
            ("authenticity_token", token),
            ("return_to", return_to),
            ("login", login),
            ("password", "x"),
        ];
        post_form("/session", &pairs).with_header("Cookie", &cookie)
    };
    for (login, token, return_to, status) in [
        ("nobody", token.as_str(), target, 422),
        ("octocat", "wrong", target, 422),
        ("octocat", &token, "https://evil.test/", 404),
        ("octocat", &token, "/login/oauth/authorize.evil", 404),
        ("Octocat@example.test", &token, target, 302),
        ("octocat", &token, target, 422),
    ] {
        let response = simulator.respond(&attempt(login, token, return_to), NOW);
        assert_eq!(response.status, status, "{login} {return_to}");
        if status == 302 {
            assert!(
                !response.header("set-cookie").unwrap().starts_with(&cookie),
                "a new session id"
            );
        }
    }
}

#[test]
fn everything_else_is_404_and_head_is_get_without_a_body() {
    let mut simulator = simulator();
    for (method, path) in [
        ("GET", "/"),
        ("GET", "/robots.txt"),
        ("GET", "/favicon.ico"),
        ("GET", "/login/oauth/access_token"),
        ("HEAD", "/login/oauth/access_token"),
        ("OPTIONS", "/login/oauth/access_token"),
        ("POST", "/login/device/code"),
        ("GET", "/session"),
        ("DELETE", "/user"),
        ("GET", "/api/v3/repos"),
        ("GET", "/login/oauth/authorize/"),
        ("GET", "/.well-known/oauth-authorization-server"),
    ] {
        let request = HttpRequest {
            method: method.into(),
            url: path.into(),
            ..HttpRequest::default()
        };
        let response = simulator.respond(&request, NOW);
        assert_eq!(response.status, 404, "{method} {path}");
        assert_eq!(response.body.is_empty(), method == "HEAD");
    }
    let request = HttpRequest {
        method: "HEAD".into(),
        ..HttpRequest::get(authorize_url(&simulator, ""))
    };
    let response = simulator.respond(&request, NOW);
    assert_eq!((response.status, response.body.len()), (200, 0));
    assert_eq!(response.media_type().as_deref(), Some("text/html"));
}

#[test]
fn the_discovery_document_names_the_endpoints() {
    let mut simulator = simulator();
    let request = HttpRequest::get("/.well-known/oauth-authorization-server/login/oauth");
    let response = simulator.respond(&request, NOW);
    let document: serde_json::Value = serde_json::from_slice(&response.body).unwrap();
    assert_eq!(document["issuer"], "http://127.0.0.1:9000/login/oauth");
    assert_eq!(
        document["token_endpoint"],
        "http://127.0.0.1:9000/login/oauth/access_token"
    );
    assert_eq!(document["code_challenge_methods_supported"][0], "S256");
    simulator.options_mut().habits.pkce = false;
    let text = simulator.respond(&request, NOW).text();
    assert!(!text.contains("code_challenge"), "{text}");
}
