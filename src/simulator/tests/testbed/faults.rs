//! Faults: what each does, and when it happens.

use crate::simulator::{
    testbed::{endpoint::Endpoint, fault::FAULTS, wrong::told},
    tests::testbed::*,
};

#[test]
fn a_request_asks_for_a_fault_by_its_header_and_the_next_one_is_as_before() {
    let mut testbed = testbed();
    for (fault, error) in [
        ("code_expired", "bad_verification_code"),
        ("code_redeemed_elsewhere", "bad_verification_code"),
        ("client_secret_rotated", "incorrect_client_credentials"),
        ("client_deleted", "Not Found"),
        ("redirect_uri_mismatch", "redirect_uri_mismatch"),
        ("email_unverified", "unverified_user_email"),
        ("code_verifier_refused", "invalid_grant"),
        ("unsupported_grant_type", "unsupported_grant_type"),
    ] {
        let right = exchange(&mut testbed).to_http();
        let before = testbed.simulator().options().clone();
        let refused = answer(&mut testbed, &with_fault(right.clone(), fault));
        assert_eq!(outcome(&refused), error, "{fault}");
        assert_eq!(refused.header(FAULTS_HEADER), Some(fault));
        assert_eq!(*testbed.simulator().options(), before, "{fault}");
        let good = answer(&mut testbed, &right);
        assert_eq!(outcome(&good), "token", "{fault} leaves the code as it was");
        assert_eq!(good.header(FAULTS_HEADER), None);
    }
}

#[test]
fn a_redirect_brings_something_else() {
    let mut testbed = testbed();
    for (fault, name, brought) in [
        ("state_tampered", "state", Some("tampered")),
        ("state_missing", "state", None),
        (
            "issuer_differs",
            "iss",
            Some("https://elsewhere.example/login/oauth"),
        ),
        ("issuer_missing", "iss", None),
        ("code_missing", "code", None),
        ("user_denies", "error", Some("access_denied")),
        ("app_suspended", "error", Some("application_suspended")),
    ] {
        let request = with_fault(authorization(&mut testbed), fault);
        let redirect = answer(&mut testbed, &request);
        let params = params_of(redirect.header("location").unwrap());
        assert_eq!(params.get(name), brought, "{fault}");
        assert_eq!(redirect.header(FAULTS_HEADER), Some(fault));
    }
    let request = with_fault(authorization(&mut testbed), "state_repeated");
    let redirect = answer(&mut testbed, &request);
    assert_eq!(params_of(redirect.header("location").unwrap()).count("state"), 2);
    let request = with_fault(authorization(&mut testbed), "redirect_uri_not_registered");
    let request = HttpRequest {
        url: format!("{}&redirect_uri={CALLBACK}", request.url),
        ..request
    };
    assert_eq!(answer(&mut testbed, &request).status, 400);
}

#[test]
fn the_last_scope_is_withheld() {
    let mut testbed = testbed();
    let request = with_fault(authorization(&mut testbed), "scopes_narrowed");
    let redirect = answer(&mut testbed, &request);
    let code = params_of(redirect.header("location").unwrap())
        .get("code")
        .unwrap()
        .to_owned();
    let mut exchange = exchange_of(testbed.simulator(), &code);
    exchange.grant.redirect_uri = None;
    let answer = answer(&mut testbed, &exchange.to_http());
    assert!(answer.text().contains("\"scope\":\"repo\""), "{}", answer.text());
}

#[test]
fn answers_come_damaged_late_or_not_at_all() {
    let mut testbed = testbed();
    let right = exchange(&mut testbed).to_http();
    let ask = |testbed: &mut Testbed, fault| testbed.respond(&with_fault(right.clone(), fault), NOW);
    for (fault, delivery) in [
        ("no_answer", Delivery::Never),
        ("connection_closed", Delivery::Closed),
        ("slow_answer", Delivery::After(3_000)),
    ] {
        let mut testbed = testbed.clone();
        assert_eq!(ask(&mut testbed, fault).delivery, delivery, "{fault}");
    }
    for (fault, status, holds, lacks) in [
        ("html_answer", 502, "<html", "access_token"),
        ("rate_limited", 429, "", "access_token"),
        ("server_error", 500, "", "access_token"),
        ("unavailable", 503, "", "access_token"),
        ("redirecting_endpoint", 307, "", "access_token"),
        ("token_type_missing", 200, "access_token", "token_type"),
        ("access_token_missing", 200, "token_type", "access_token"),
        ("form_encoded_answer", 200, "access_token=gho_", "{"),
        ("answer_cut_short", 200, "{", "}"),
        ("answer_empty", 200, "", "access_token"),
    ] {
        let mut testbed = testbed.clone();
        let answer = ask(&mut testbed, fault).response;
        let text = answer.text();
        assert_eq!(answer.status, status, "{fault}");
        assert!(text.contains(holds) && !text.contains(lacks), "{fault}: {text}");
    }
}

#[test]
fn faults_happen_where_they_belong_and_nowhere_else() {
    let mut testbed = testbed();
    let request = with_fault(authorization(&mut testbed), "code_expired, rate_limited");
    let redirect = answer(&mut testbed, &request);
    assert_eq!(redirect.header(FAULTS_HEADER), None);
    let code = params_of(redirect.header("location").unwrap())
        .get("code")
        .unwrap()
        .to_owned();
    let token = {
        let mut exchange = exchange_of(testbed.simulator(), &code);
        exchange.grant.redirect_uri = None;
        let answer = answer(&mut testbed, &exchange.to_http());
        crate::simulator::tests::token(&answer)
    };
    let user = HttpRequest::get("/user")
        .with_header("Authorization", format!("Bearer {}", token.access_token.reveal()));
    for (fault, status) in [
        ("code_expired", 200),
        ("token_revoked", 401),
        ("several_challenges", 401),
        ("insufficient_scope", 403),
    ] {
        let answer = answer(&mut testbed, &with_fault(user.clone(), fault));
        assert_eq!(answer.status, status, "{fault}");
    }
}

#[test]
fn the_nth_every_nth_and_those_of_a_client() {
    for (occasion, faulty) in [
        ("", "1 2 3 4 5"),
        (",nth=2", "2"),
        (",every=2", "2 4"),
        (",nth=2,client=Ov23liSimulatedDemo1", "2"),
        (",client=Ov23liAnotherOne", ""),
    ] {
        let mut testbed = testbed();
        let scheduled = Scheduled::parse(&format!("client_secret_rotated{occasion}")).unwrap();
        testbed.schedule(scheduled).unwrap();
        let mut happened = Vec::new();
        for number in 1..=5 {
            let right = exchange(&mut testbed).to_http();
            if outcome(&answer(&mut testbed, &right)) != "token" {
                happened.push(number.to_string());
            }
        }
        assert_eq!(happened.join(" "), faulty, "{occasion}");
    }
    let slow = Scheduled::parse("slow_answer,ms=20").unwrap();
    let mut testbed = testbed();
    testbed.schedule(slow).unwrap();
    let served = testbed.respond(&HttpRequest::get("/meta"), NOW);
    assert_eq!(served.delivery, Delivery::After(20));
}

#[test]
fn a_fault_that_there_is_not_is_refused_with_the_name_that_was_meant() {
    let mut testbed = testbed();
    let request = with_fault(exchange(&mut testbed).to_http(), "code_expird");
    let refused = answer(&mut testbed, &request);
    assert_eq!(refused.status, 400);
    assert!(
        refused.text().contains("did you mean “code_expired”?"),
        "{}",
        refused.text()
    );
    let chinese = answer(&mut testbed, &request.with_header("Accept-Language", "zh-CN"));
    assert!(
        chinese.text().contains("是不是想写“code_expired”"),
        "{}",
        chinese.text()
    );
    for (text, key) in [
        ("code_expird", "fault_near"),
        ("banana", "fault"),
        ("code_expired,nth=0", "number"),
        ("code_expired,nth=two", "number"),
        ("code_expired,after=2", "occasion"),
    ] {
        assert_eq!(Scheduled::parse(text).unwrap_err().key, key, "{text}");
    }
}

#[test]
fn every_fault_has_its_words_in_both_languages_and_in_the_documentation() {
    let documented = include_str!("../../../../docs/simulator.md");
    let mut names: Vec<_> = FAULTS.iter().map(|fault| fault.name).collect();
    for name in &names {
        assert!(documented.contains(&format!("| `{name}` |")), "{name}");
    }
    names.sort_unstable();
    for language in ["en", "zh-CN"] {
        let words = crate::simulator::server::texts::Words::of(language);
        assert_eq!(words.faults.keys().collect::<Vec<_>>(), names, "{language}");
        assert!(!told("\u{1e}fault\u{1f}x\u{1f}\u{1e}", &words.control).is_empty());
    }
}

#[test]
fn no_fault_is_without_a_place() {
    for fault in FAULTS {
        let grants = [
            "",
            "refresh_token",
            "urn:ietf:params:oauth:grant-type:device_code",
        ];
        let concerned = grants.iter().any(|grant| {
            let mut sent = Params::default();
            sent.push("grant_type", *grant);
            [
                Endpoint::Authorize,
                Endpoint::SignIn,
                Endpoint::Token,
                Endpoint::DeviceCode,
                Endpoint::Api,
                Endpoint::Revoke,
            ]
            .into_iter()
            .any(|endpoint| fault.concerns(endpoint, &sent))
        });
        assert!(concerned, "{}", fault.name);
    }
}
