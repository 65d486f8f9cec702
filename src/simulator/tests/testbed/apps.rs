//! Several apps and accounts, and what a file says.

use crate::simulator::tests::testbed::*;

const TWO: &str = r#"
approve = "yes"

[[app]]
client_id = "first"
client_secret = "one"
redirect_uris = ["http://127.0.0.1/callback"]

[[app]]
client_id = "second"
client_secret = "two"
kind = "github-app"
redirect_uris = [
  { uri = "https://app.example/exact", wildcard = false },
  { uri = "https://app.example/below", wildcard = true },
]

[[user]]
login = "ada"

[[user]]
login = "grace"
email = "grace@navy.test"
id = 77
"#;

/// The location to which an authorization request leads.
fn led_to(testbed: &mut Testbed, query: &str) -> String {
    let request = HttpRequest::get(format!("/login/oauth/authorize?{query}"));
    let redirect = answer(testbed, &request);
    redirect.header("location").unwrap_or_default().to_owned()
}

fn exchanged(testbed: &mut Testbed, client: (&str, &str), location: &str) -> HttpResponse {
    let request = HttpRequest {
        method: "POST".into(),
        url: "/login/oauth/access_token".into(),
        headers: vec![("Accept".into(), "application/json".into())],
        body: format!(
            "client_id={}&client_secret={}&code={}&redirect_uri={}",
            client.0,
            client.1,
            params_of(location).get("code").unwrap(),
            location.split_once('?').unwrap().0,
        )
        .into(),
    };
    answer(testbed, &request)
}

fn login(testbed: &mut Testbed, answer_with_token: &HttpResponse) -> String {
    let token = crate::simulator::tests::token(answer_with_token);
    let request = HttpRequest::get("/user")
        .with_header("Authorization", format!("Bearer {}", token.access_token.reveal()));
    let told: Value = serde_json::from_slice(&answer(testbed, &request).body).unwrap();
    told["login"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn each_app_has_its_secret_and_each_person_their_token() {
    let mut testbed = testbed_of(TWO);
    let before = testbed.simulator().options().clone();
    let of_first = led_to(&mut testbed, "client_id=first&scope=repo&login=grace");
    let of_second = led_to(
        &mut testbed,
        "client_id=second&redirect_uri=https://app.example/below/it",
    );
    assert!(
        of_second.starts_with("https://app.example/below/it?code="),
        "{of_second}"
    );
    let crossed = exchanged(&mut testbed, ("second", "two"), &of_first);
    assert_eq!(
        outcome(&crossed),
        "redirect_uri_mismatch",
        "its redirect URI is of the other app"
    );
    let wrong = exchanged(&mut testbed, ("first", "two"), &of_first);
    assert_eq!(outcome(&wrong), "incorrect_client_credentials");
    let first = exchanged(&mut testbed, ("first", "one"), &of_first);
    let second = exchanged(&mut testbed, ("second", "two"), &of_second);
    assert_eq!(login(&mut testbed, &first), "grace");
    assert_eq!(login(&mut testbed, &second), "ada");
    assert!(first.text().contains("\"gho_") && !first.text().contains("refresh_token"));
    for part in ["\"ghu_", "\"ghr_", "\"expires_in\":28800", "\"scope\":\"\""] {
        assert!(second.text().contains(part), "{part}: {}", second.text());
    }
    assert_eq!(
        *testbed.simulator().options(),
        before,
        "each is in its place again"
    );
}

#[test]
fn each_redirect_uri_has_its_own_wildcard_switch() {
    let mut testbed = testbed_of(TWO);
    for (path, leads) in [("exact", true), ("exact/below", false), ("below/more", true)] {
        let query = format!("client_id=second&redirect_uri=https://app.example/{path}");
        let location = led_to(&mut testbed, &query);
        assert_eq!(
            location.starts_with("https://app.example/"),
            leads,
            "{path}: {location}"
        );
    }
}

#[test]
fn an_app_has_ten_redirect_uris_and_not_eleven() {
    let with = |count: usize| {
        let uris: Vec<_> = (0..count).map(|n| format!("\"https://a.example/{n}\"")).collect();
        let file = format!(
            "[[app]]\nclient_id = \"a\"\nredirect_uris = [{}]\n",
            uris.join(", ")
        );
        toml::from_str::<TestbedFile>(&file)
    };
    assert!(with(10).is_ok());
    let error = with(11).unwrap_err();
    let told = crate::simulator::testbed::sentence(error.message(), "en");
    assert_eq!(told, "An app can have 10 redirect URIs registered, not 11.");
    assert_eq!(
        error.span().map(|span| span.start),
        Some(40),
        "where the list begins"
    );
}

#[test]
fn what_is_wrong_with_a_file_is_said_in_both_languages() {
    for (file, en, zh) in [
        (
            "[[fault]]\nname = \"code_expird\"",
            "There is no fault “code_expird”; did you mean “code_expired”?",
            "没有名为“code_expird”的故障；是不是想写“code_expired”？",
        ),
        (
            "clock = \"noon\"",
            "“noon” is not a time in the form of RFC 3339, such as 2026-08-20T12:00:00Z.",
            "“noon”不是 RFC 3339 格式的时间，例如 2026-08-20T12:00:00Z。",
        ),
    ] {
        let error = toml::from_str::<TestbedFile>(file).unwrap_err();
        let told = |language| crate::simulator::testbed::sentence(error.message(), language);
        assert_eq!((told("en").as_str(), told("zh-CN").as_str()), (en, zh));
    }
    let unknown = toml::from_str::<TestbedFile>("aprove = \"yes\"").unwrap_err();
    assert!(unknown.message().contains("aprove"), "{}", unknown.message());
}

#[test]
fn equal_seeds_give_equal_runs() {
    let file = "seed = \"a\"\napprove = \"yes\"\n";
    let run = |file: &str| {
        let mut testbed = testbed_of(file);
        let request = authorization(&mut testbed);
        (
            testbed.simulator().options().app.clone(),
            answer(&mut testbed, &request),
        )
    };
    assert_eq!(run(file), run(file));
    assert_ne!(run(file), run("seed = \"b\"\napprove = \"yes\"\n"));
}

#[test]
fn more_codes_than_are_remembered_push_out_the_oldest() {
    let mut testbed = testbed_of("approve = \"yes\"\nremember = 2\n");
    let exchanges: Vec<_> = (0..3).map(|_| exchange(&mut testbed).to_http()).collect();
    let ends: Vec<_> = exchanges
        .iter()
        .map(|request| outcome(&answer(&mut testbed, request)))
        .collect();
    assert_eq!(ends, ["bad_verification_code", "token", "token"]);
}

#[test]
fn who_signs_in_is_who_the_token_is_for() {
    let mut testbed = testbed_of(&TWO.replace("approve = \"yes\"", ""));
    let simulator = testbed.simulator();
    let url = format!("{BASE}/login/oauth/authorize?client_id=first&scope=repo&login=grace");
    let now = NOW;
    let redirect = simulator
        .decide(&url, crate::simulator::Decision::Approve, now)
        .unwrap();
    let token = exchanged(&mut testbed, ("first", "one"), &redirect);
    assert_eq!(login(&mut testbed, &token), "grace");
    let registered = &testbed.simulator().options().app.registered;
    let uri = "http://127.0.0.1/callback".into();
    assert_eq!(*registered, [Registered { uri, wildcard: true }]);
}
