//! What findings show, and what they leave out.

use std::fmt::Write as _;

use oauthlens::{
    diagnosis::{
        examine,
        finding::{Action, Certainty, Code, Finding},
    },
    flow::{
        configuration::Field,
        transcript::{Observation, Transcript},
    },
    lab::{
        dry_run::{Stage, rehearse},
        faults::Fault,
    },
    sources::scenario::Scenario,
};

use crate::scenarios;

#[test]
fn the_page_that_the_answer_names_is_the_last_remedy() {
    let (_, scenario) = scenarios()
        .into_iter()
        .find(|(name, _)| name == "code_reused")
        .unwrap();
    let first = examine(&scenario.transcript).remove(0);
    assert!(
        matches!(&first.remedies.last().unwrap().action, Some(Action::OpenPage(page)) if page.ends_with("#bad-verification-code"))
    );
}

#[test]
fn no_finding_shows_a_secret() {
    for (name, scenario) in scenarios() {
        for finding in examine(&scenario.transcript) {
            for evidence in &finding.evidence {
                assert!(
                    !evidence.value.contains("7c1f0a9d3be84526a1c0")
                        && !evidence.value.contains("16C7e42F292c69"),
                    "{name}: {} shows {}",
                    finding.code.name(),
                    evidence.value
                );
            }
        }
    }
}

#[test]
fn a_redirect_uri_is_cleared_by_the_registered_one_that_it_matches() {
    let text = r#"
        about = "The second of two registered URIs is sent, and the exchange is refused all the same"
        cite = "docs/github.md §3"
        [expect]
        first = "redirect_uri_refused"
        certainty = "observed"
        [app]
        redirect_uri = "http://127.0.0.1:8914/callback"
        registered = ["https://example.com/callback", "http://127.0.0.1/callback"]
        [[step]]
        do = "authorize"
        [[step]]
        do = "redirect"
        [[step]]
        do = "exchange"
        answer = "redirect_uri_mismatch"
    "#;
    let findings = examine(&Scenario::read(text).unwrap().transcript);
    let cleared = findings.iter().find(|finding| {
        finding.code == Code::RedirectUriNotRegistered && finding.certainty == Certainty::RuledOut
    });
    let proof = cleared.unwrap().evidence.iter().find(|one| one.what == "proof");
    assert_eq!(proof.unwrap().value, "http://127.0.0.1/callback");
}

#[test]
fn an_answer_that_was_cut_is_said_to_be_cut() {
    let (_, mut scenario) = scenarios()
        .into_iter()
        .find(|(name, _)| name == "not_a_token_response")
        .unwrap();
    for entry in &mut scenario.transcript.entries {
        if let Observation::ResponseReceived { response, .. } = &mut entry.observation {
            response.body_cut_at = Some(response.body.len());
        }
    }
    assert_eq!(examine(&scenario.transcript)[0].code, Code::AnswerCut);
}

#[test]
fn a_body_that_is_no_text_or_no_json_is_told_as_what_it_is() {
    let of = |body: &[u8]| {
        let (_, mut scenario) = scenarios()
            .into_iter()
            .find(|(name, _)| name == "not_a_token_response")
            .unwrap();
        for entry in &mut scenario.transcript.entries {
            if let Observation::ResponseReceived { response, .. } = &mut entry.observation {
                response.body = body.to_vec();
            }
        }
        examine(&scenario.transcript).remove(0)
    };
    let utf16 = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    for (body, what, value) in [
        (
            b"\x1f\x8b\x08\x00\x00\x00\x00\x00rest".to_vec(),
            "body_form",
            "gzip",
        ),
        (utf16("\u{feff}{\"access_token\":\"x\"}"), "body_form", "UTF-16LE"),
        (utf16("{\"access_token\":\"x\"}"), "body_form", "UTF-16LE"),
        (
            br#"{"access_token":"x","expires_in":1e400}"#.to_vec(),
            "json_error",
            "number out of range at line 1 column 38",
        ),
        (
            br#"{"access_token":"x""#.to_vec(),
            "json_error",
            "EOF while parsing an object at line 1 column 19",
        ),
    ] {
        let first = of(&body);
        assert_eq!(first.code, Code::NotATokenResponse, "{value}");
        assert_eq!(first.value(what), Some(value));
    }
}

/// A request for which no connection was ever made cannot have spent the code.
#[test]
fn what_never_reached_the_server_has_not_spent_the_code() {
    use oauthlens::flow::transcript::FailureKind as Kind;
    for kind in [
        Kind::Dns,
        Kind::Connect,
        Kind::CertificateExpired,
        Kind::CertificateNotYetValid,
        Kind::CertificateOtherName,
        Kind::CertificateUnknownAuthority,
        Kind::TlsVersion,
        Kind::NotTls,
        Kind::Tls,
        Kind::ProxyUnreachable,
        Kind::ProxyRefused,
        Kind::ProxySignIn,
        Kind::BadUrl,
        Kind::TimedOut,
        Kind::Interrupted,
        Kind::NotHttp,
    ] {
        let (_, mut scenario) = scenarios()
            .into_iter()
            .find(|(name, _)| name == "code_after_timeout")
            .unwrap();
        for entry in &mut scenario.transcript.entries {
            if let Observation::RequestFailed { failure, .. } = &mut entry.observation {
                failure.kind = kind;
            }
        }
        let may_be_spent = examine(&scenario.transcript)
            .iter()
            .any(|finding| finding.code == Code::CodeSpentByUnansweredExchange);
        assert_eq!(may_be_spent, kind.may_have_reached_the_server(), "{kind:?}");
    }
}

/// What a masked file says is compared with what the original says: code by code, certainty by certainty.
#[test]
fn a_masked_transcript_gets_the_diagnosis_of_the_original() {
    use oauthlens::flow::redaction::Redactor;
    let mut all: Vec<(String, Transcript)> = scenarios()
        .into_iter()
        .map(|(name, scenario)| (name, scenario.transcript))
        .collect();
    all.extend(Fault::ALL.iter().map(|fault| {
        (
            format!("fault {}", fault.name()),
            rehearse(&Stage::default(), Some(*fault)),
        )
    }));
    all.extend(odd_values());
    let mut differ = String::new();
    for (name, original) in all {
        let saved = serde_json::to_string(&Redactor::of(&original).transcript(&original)).unwrap();
        let masked: Transcript = serde_json::from_str(&saved).unwrap();
        let (open, findings) = (examine(&original), examine(&masked));
        let codes = |findings: &[Finding]| -> Vec<(Code, Certainty)> {
            findings.iter().map(|f| (f.code, f.certainty)).collect()
        };
        if codes(&open) != codes(&findings) {
            let _ = writeln!(
                differ,
                "{name}\n  open   {:?}\n  masked {:?}",
                codes(&open),
                codes(&findings)
            );
        }
        // A mask is nothing that could be sent.
        for remedy in findings.iter().flat_map(|finding| &finding.remedies) {
            if matches!(&remedy.action, Some(Action::Use(_, value)) if value.reveal().contains('•')) {
                let _ = writeln!(differ, "{name}\n  offers {remedy:?}");
            }
        }
    }
    assert!(differ.is_empty(), "\n{differ}");
}

/// Exchanges with values that are odd in every way that a check asks about, each refused in every way.
fn odd_values() -> Vec<(String, Transcript)> {
    let secret = "7c1f0a9d3be84526a1c07d9e5f3b2a8846d0e1f2";
    let ids = [
        "Ov23liBq7RkT2mXw9sYd".to_owned(),
        secret.to_owned(),
        format!("{secret}\\n"),
        format!(" {secret}"),
        "gho_16C7e42F292c6912E7710c838347Ae178B4a".to_owned(),
        "3141592".to_owned(),
    ];
    let secrets = [
        secret.to_owned(),
        secret.to_uppercase(),
        "Ov23liBq7RkT2mXw9sYd".to_owned(),
        "Ov23liBq7RkT2mXw9sYd ".to_owned(),
        "gho_16C7e42F292c6912E7710c838347Ae178B4a".to_owned(),
        "sw0rd+fish/that-has-forty-characters-in-it".to_owned(),
        format!("\\t{secret}"),
        secret[..31].to_owned(),
        format!("{}é{}", &secret[..19], &secret[20..]),
    ];
    let verifiers = [
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r+wW1gFWFOEj/k",
        "too-short",
    ];
    let (good_id, good_verifier) = (&ids[0], verifiers[0]);
    let pairs = ids
        .iter()
        .flat_map(|id| secrets.iter().map(move |secret| (id, secret, good_verifier)));
    let mut tried: Vec<_> = pairs
        .map(|values| ("incorrect_client_credentials", values))
        .collect();
    for answer in ["bad_verification_code", "invalid_grant"] {
        tried.extend(ids.iter().map(|id| (answer, (id, &secrets[0], good_verifier))));
        tried.extend(verifiers.map(|verifier| (answer, (good_id, &secrets[0], verifier))));
    }
    let story = |(answer, (id, secret, verifier)): (&str, (&String, &String, &str))| {
        let name = format!("{answer} {id} {secret} {verifier}");
        let story = format!(
            "about = \"odd\"\ncite = \"\"\n[expect]\nfirst = \"code_refused\"\ncertainty = \"observed\"\n\
             [[step]]\ndo = \"authorize\"\n[[step]]\ndo = \"redirect\"\n\
             [[step]]\ndo = \"exchange\"\nanswer = \"{answer}\"\nclient_id = \"{id}\"\n\
             client_secret = \"{secret}\"\ncode_verifier = \"{verifier}\"\n"
        );
        let scenario = Scenario::read(&story).unwrap_or_else(|e| panic!("{e}\n{story}"));
        (name, scenario.transcript)
    };
    tried.into_iter().map(story).collect()
}

#[test]
fn a_probe_is_quoted_as_it_was_answered() {
    for (name, answer) in [
        ("probe_says_redirect_uri", "redirect_uri_mismatch"),
        ("probe_accepts_pair", "bad_verification_code"),
    ] {
        let (_, scenario) = scenarios().into_iter().find(|(found, _)| found == name).unwrap();
        let findings = examine(&scenario.transcript);
        let cleared = findings
            .iter()
            .find(|finding| finding.code == Code::ClientSecretWrong)
            .unwrap();
        assert_eq!(cleared.value("proof"), Some(answer), "{name}");
    }
}

/// What a probe found right is not to be typed again: what is left is to send it once more.
#[test]
fn a_pair_that_a_probe_found_right_is_sent_again() {
    let all = scenarios();
    for name in ["probe_says_redirect_uri", "probe_accepts_pair"] {
        let (_, scenario) = all.iter().find(|(known, _)| known == name).unwrap();
        let findings = examine(&scenario.transcript);
        let offered: Vec<_> = oauthlens::diagnosis::finding::offered(&findings)
            .into_iter()
            .filter_map(|(_, remedy)| remedy.action.clone())
            .collect();
        assert_eq!(
            offered.first(),
            Some(&Action::ExchangeAgain),
            "{name}: {offered:?}"
        );
        let useless = |action: &Action| {
            matches!(
                action,
                Action::Probe(_) | Action::Edit(Field::ClientId | Field::ClientSecret)
            )
        };
        assert!(!offered.iter().any(useless), "{name}: {offered:?}");
    }
}
