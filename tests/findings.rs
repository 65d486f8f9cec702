//! Every scenario's first finding is right, and no finding, remedy or piece of prose is without its counterpart.

use std::{collections::BTreeSet, fmt::Write as _, path::Path};

use oauthlens::{
    diagnosis::{
        checks, examine,
        finding::{Action, Certainty, Code, Finding, RemedyCode},
    },
    flow::transcript::{Observation, Source, Transcript},
    lab::{
        dry_run::{Stage, rehearse},
        faults::Fault,
    },
    oauth::time::Moment,
    render::words::findings::FindingsProse,
    sources::scenario::Scenario,
    text::catalog::{Language, Messages},
};

fn scenarios() -> Vec<(String, Scenario)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let mut read: Vec<(String, Scenario)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            let mut scenario = Scenario::read(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            if let Some(pasted) = &scenario.pasted {
                scenario.transcript = oauthlens::sources::read(pasted.as_bytes(), Moment(1_795_435_200_000))
                    .unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"));
            }
            (name, scenario)
        })
        .collect();
    read.sort_by(|(one, _), (other, _)| one.cmp(other));
    read
}

fn certainty(finding: &Finding) -> String {
    serde_json::to_value(finding.certainty)
        .unwrap()
        .as_str()
        .unwrap()
        .to_owned()
}

/// What is wrong with the findings of a scenario, if anything is.
fn misses(scenario: &Scenario, findings: &[Finding]) -> Vec<String> {
    let expect = &scenario.expect;
    let mut wrong = Vec::new();
    match findings.first() {
        Some(first) if first.code.name() == expect.first && certainty(first) == expect.certainty => {}
        Some(first) => wrong.push(format!("first is {} {}", first.code.name(), certainty(first))),
        None => wrong.push("nothing was found".into()),
    }
    let is_there = |name: &str, ruled_out: bool| {
        findings
            .iter()
            .any(|f| f.code.name() == name && (f.certainty == Certainty::RuledOut) == ruled_out)
    };
    for name in &expect.also {
        if !is_there(name, false) {
            wrong.push(format!("{name} is not found"));
        }
    }
    for name in &expect.ruled_out {
        if !is_there(name, true) {
            wrong.push(format!("{name} is not ruled out"));
        }
    }
    for finding in findings {
        let name = finding.code.name();
        if matches!(finding.certainty, Certainty::Observed | Certainty::RuledOut)
            && finding.evidence.is_empty()
        {
            wrong.push(format!("{name} is {} without evidence", certainty(finding)));
        }
        if finding.certainty != Certainty::RuledOut && finding.remedies.is_empty() {
            wrong.push(format!("{name} has no remedy"));
        }
        for evidence in &finding.evidence {
            let length = evidence.value.chars().count();
            if evidence.marks.iter().any(|(from, to)| from > to || *to > length) {
                wrong.push(format!("{name}: the marks of {} are outside", evidence.what));
            }
        }
    }
    wrong
}

#[expect(
    clippy::print_stdout,
    reason = "the table is what a person runs this test with --nocapture for"
)]
#[test]
fn the_first_finding_of_every_scenario_is_right() {
    let mut table = String::new();
    let mut failed = String::new();
    let scenarios = scenarios();
    assert!(scenarios.len() >= 90, "{} scenarios", scenarios.len());
    for (name, scenario) in &scenarios {
        let findings = examine(&scenario.transcript);
        let first = findings.first().map_or_else(
            || "-".to_owned(),
            |f| format!("{:<40} {}", f.code.name(), certainty(f)),
        );
        let _ = writeln!(table, "{name:<34} {first}");
        for miss in misses(scenario, &findings) {
            let _ = writeln!(failed, "{name}: {miss}");
        }
    }
    println!("{table}");
    assert!(failed.is_empty(), "\n{failed}");
}

#[test]
fn every_code_has_one_check_a_scenario_and_a_line_in_the_docs() {
    let mut checked: Vec<Code> = checks().map(|check| check.code).collect();
    checked.sort_unstable();
    assert_eq!(checked, Code::ALL, "a code has no check, or two");
    let found: BTreeSet<Code> = scenarios()
        .iter()
        .flat_map(|(_, scenario)| examine(&scenario.transcript))
        .filter(|finding| finding.certainty != Certainty::RuledOut)
        .map(|finding| finding.code)
        .collect();
    let docs = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/causes.md")).unwrap();
    // A body that was cut cannot be written down in a scenario; it has a test of its own below.
    let missing: Vec<&str> = Code::ALL
        .iter()
        .filter(|code| !found.contains(code) && **code != Code::AnswerCut)
        .map(|code| code.name())
        .collect();
    assert!(missing.is_empty(), "without a scenario: {missing:?}");
    let undocumented: Vec<&str> = Code::ALL
        .iter()
        .map(|code| code.name())
        .filter(|name| !docs.contains(&format!("`{name}`")))
        .collect();
    assert!(undocumented.is_empty(), "not in docs/causes.md: {undocumented:?}");
}

#[test]
fn every_remedy_is_given_by_some_finding() {
    let given: BTreeSet<RemedyCode> = scenarios()
        .iter()
        .flat_map(|(_, scenario)| examine(&scenario.transcript))
        .flat_map(|finding| finding.remedies)
        .map(|remedy| remedy.code)
        .collect();
    let unused: Vec<&str> = RemedyCode::ALL
        .iter()
        .filter(|code| !given.contains(code))
        .map(|code| code.name())
        .collect();
    assert!(unused.is_empty(), "{unused:?}");
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split('}').next())
        .collect()
}

fn prose(language: Language, check: impl Fn(&FindingsProse)) {
    check(Messages::new(language).findings());
}

#[test]
fn prose_refers_only_to_evidence_that_is_there() {
    for language in Language::ALL {
        prose(language, |prose| {
            for (name, scenario) in scenarios() {
                for finding in examine(&scenario.transcript) {
                    let text = &prose.finding[&finding.code];
                    let said = if finding.certainty == Certainty::RuledOut {
                        text.ruled_out
                            .clone()
                            .unwrap_or_else(|| panic!("{} can be ruled out", finding.code.name()))
                    } else {
                        format!("{} {}", text.title, text.text(&finding))
                    };
                    for placeholder in placeholders(&said) {
                        assert!(
                            finding.value(placeholder).is_some(),
                            "{name}: {} says {{{placeholder}}} and has no such evidence",
                            finding.code.name()
                        );
                    }
                    for evidence in &finding.evidence {
                        assert!(
                            prose.evidence.contains_key(&evidence.what),
                            "{} has no label in {language:?}",
                            evidence.what
                        );
                    }
                }
            }
        });
    }
}

#[test]
fn both_languages_say_the_same() {
    let (english, chinese) = (
        Messages::new(Language::English),
        Messages::new(Language::SimplifiedChinese),
    );
    let (english, chinese) = (english.findings(), chinese.findings());
    assert!(english.evidence.keys().eq(chinese.evidence.keys()));
    assert!(english.certainty.keys().eq(chinese.certainty.keys()));
    for code in Code::ALL {
        let (one, other) = (&english.finding[code], &chinese.finding[code]);
        let name = code.name();
        assert_eq!(placeholders(&one.title), placeholders(&other.title), "{name}");
        assert_eq!(
            placeholders(&one.explanation),
            placeholders(&other.explanation),
            "{name}"
        );
        for (one, other) in [
            (&one.ruled_out, &other.ruled_out),
            (&one.said, &other.said),
            (&one.unseen, &other.unseen),
        ] {
            assert_eq!(
                one.as_deref().map(placeholders),
                other.as_deref().map(placeholders),
                "{name}"
            );
        }
    }
    let keys = |prose: &FindingsProse| -> Vec<(String, Vec<String>)> {
        prose
            .value
            .iter()
            .map(|(what, words)| (what.clone(), words.keys().cloned().collect()))
            .collect()
    };
    assert_eq!(keys(english), keys(chinese));
}

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

#[test]
fn an_empty_transcript_gives_no_finding() {
    for source in [Source::Live, Source::Simulator, Source::Pasted] {
        assert_eq!(examine(&Transcript::new(source, Moment(0))), []);
    }
}

#[test]
fn every_fault_that_breaks_a_value_stands_in_the_docs_and_no_other_does() {
    use oauthlens::lab::faults::Group;
    let docs = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/causes.md")).unwrap();
    let rows = docs.lines().filter(|line| line.matches(" | ").count() == 2);
    let named: BTreeSet<&str> = rows
        .take_while(|row| !row.starts_with("| Finding |"))
        .filter(|row| !row.starts_with("| Cause |"))
        .flat_map(|row| row.rsplit(" | ").next().unwrap().split('`').skip(1).step_by(2))
        .collect();
    let faults: BTreeSet<&str> = Fault::ALL
        .iter()
        .filter(|fault| fault.group() != Group::Around || **fault == Fault::FormEncodedAnswer)
        .map(|fault| fault.name())
        .collect();
    assert_eq!(named, faults);
}

/// The faults of the laboratory, each rehearsed against the simulator: what the diagnosis says first, proven but for those of [`LIKELY`].
#[expect(
    clippy::print_stdout,
    reason = "the table is what a person runs this test with --nocapture for"
)]
#[test]
fn every_fault_is_found_out() {
    let mut table = String::new();
    let mut failed = String::new();
    for fault in Fault::ALL {
        let transcript = rehearse(&Stage::default(), Some(*fault));
        let findings = examine(&transcript);
        let first = findings
            .first()
            .map(|finding| (finding.code.name(), finding.certainty));
        let _ = writeln!(table, "{:<34} {first:?}", fault.name());
        let expected = FAULTS.iter().find(|(name, _)| *name == fault.name());
        let certainty = if LIKELY.contains(&fault.name()) {
            Certainty::Likely
        } else {
            Certainty::Observed
        };
        if first != expected.map(|(_, code)| (*code, certainty)) {
            let _ = writeln!(failed, "{}: {first:?}", fault.name());
        }
    }
    for (name, code, certainty) in FOUND_BESIDES {
        let transcript = rehearse(&Stage::default(), Fault::from_name(name));
        let found = examine(&transcript)
            .iter()
            .any(|finding| finding.code.name() == *code && finding.certainty == *certainty);
        if !found {
            let _ = writeln!(failed, "{name}: {code} is not {certainty:?}");
        }
    }
    println!("{table}");
    assert!(failed.is_empty(), "\n{failed}");
}

/// What the messages speak for and do not prove: who else used the code, or what the server has on record, was not seen.
const LIKELY: [&str; 3] = ["redirect_uri_omitted", "code_redirected_twice", "code_pasted"];

/// Fault by fault, what is found first.
const FAULTS: &[(&str, &str)] = &[
    ("wrong_client_secret", "client_secret_wrong"),
    ("client_secret_with_newline", "client_secret_has_newline"),
    ("client_secret_quoted", "client_secret_quoted"),
    ("client_secret_truncated", "client_secret_too_short"),
    ("client_secret_empty", "client_secret_empty"),
    ("client_secret_placeholder", "client_secret_is_placeholder"),
    ("client_secret_omitted", "client_secret_omitted"),
    ("client_id_as_secret", "client_secret_is_client_id"),
    ("client_id_and_secret_swapped", "client_id_and_secret_swapped"),
    ("wrong_client_id", "client_id_wrong"),
    ("client_id_numeric", "client_id_is_app_id"),
    ("client_id_of_github_app", "client_id_wrong"),
    ("unknown_client", "client_id_wrong"),
    (
        "redirect_uri_differs_at_exchange",
        "redirect_uri_differs_at_exchange",
    ),
    ("redirect_uri_not_registered", "redirect_uri_path_differs"),
    ("redirect_uri_scheme_differs", "redirect_uri_differs_at_exchange"),
    ("redirect_uri_port_differs", "redirect_uri_differs_at_exchange"),
    ("redirect_uri_path_differs", "redirect_uri_differs_at_exchange"),
    ("redirect_uri_trailing_slash", "redirect_uri_differs_at_exchange"),
    ("redirect_uri_with_query", "redirect_uri_has_query"),
    ("redirect_uri_encoded_twice", "redirect_uri_encoded_twice"),
    ("code_reused", "code_reused"),
    ("code_expired", "code_expired"),
    ("code_tampered", "code_tampered"),
    ("code_truncated", "code_truncated"),
    ("code_padded", "code_padded"),
    ("code_empty", "code_empty"),
    ("code_undefined", "code_is_placeholder"),
    ("code_of_another_client", "code_issued_to_another_client"),
    ("code_verifier_omitted", "pkce_verifier_missing"),
    ("code_verifier_wrong", "pkce_verifier_wrong"),
    ("state_tampered", "state_differs"),
    ("state_missing", "state_missing"),
    ("issuer_differs", "issuer_differs"),
    ("user_denies", "access_denied"),
    ("app_suspended", "application_suspended"),
    ("email_unverified", "user_email_unverified"),
    ("rate_limited", "rate_limited"),
    ("html_answer", "server_failed"),
    ("token_endpoint_unreachable", "connection_failed"),
    ("form_encoded_answer", "token_obtained"),
    ("client_secret_with_space", "client_secret_has_space"),
    ("client_secret_too_long", "client_secret_too_long"),
    ("client_secret_foreign_letter", "client_secret_has_foreign_letter"),
    ("client_secret_encoded_twice", "client_secret_percent_encoded"),
    ("client_secret_rotated", "credentials_no_longer_accepted"),
    ("basic_pair_with_colon", "basic_pair_has_colon"),
    ("basic_and_body", "client_authenticated_twice"),
    ("client_id_undefined", "client_id_is_placeholder"),
    ("client_id_with_newline", "client_id_damaged"),
    ("token_endpoint_on_other_host", "endpoints_on_different_hosts"),
    ("redirect_uri_double_slash", "redirect_uri_differs_at_exchange"),
    ("redirect_uri_without_scheme", "redirect_uri_has_no_scheme"),
    ("redirect_uri_omitted", "redirect_uri_omitted_at_exchange"),
    ("redirect_uri_wildcard_off", "redirect_uri_wildcard_off"),
    ("redirect_uri_behind_tls_proxy", "redirect_uri_scheme_differs"),
    ("redirect_uri_on_preview_host", "redirect_uri_host_differs"),
    ("redirect_uri_without_www", "redirect_uri_www_differs"),
    ("redirect_uri_public_port", "redirect_uri_port_differs"),
    ("code_redirected_twice", "code_redirected_twice"),
    ("code_after_unread_answer", "code_spent_by_unread_answer"),
    ("code_pasted", "code_pasted"),
    ("code_after_cancel", "code_after_error_redirect"),
    ("code_challenge_plain", "challenge_method_refused"),
    ("state_repeated", "parameter_repeated"),
    ("scopes_narrowed", "token_obtained"),
    ("token_endpoint_unknown_host", "dns_failed"),
    ("token_endpoint_silent", "request_timed_out"),
    ("token_endpoint_without_tls", "port_without_tls"),
];

/// What is found besides, where the first finding is the answer itself or does not tell the whole story.
const FOUND_BESIDES: &[(&str, &str, Certainty)] = &[
    ("basic_and_body", "client_secret_wrong", Certainty::Observed),
    (
        "basic_pair_with_colon",
        "client_secret_wrong_alphabet",
        Certainty::Observed,
    ),
    (
        "redirect_uri_omitted",
        "redirect_uri_omitted_at_exchange",
        Certainty::Likely,
    ),
    (
        "redirect_uri_double_slash",
        "redirect_uri_double_slash",
        Certainty::Observed,
    ),
    (
        "code_redirected_twice",
        "code_redirected_twice",
        Certainty::Likely,
    ),
    ("code_redirected_twice", "second_redirect", Certainty::Observed),
    ("code_after_unread_answer", "code_reused", Certainty::Observed),
    ("code_pasted", "code_pasted", Certainty::Likely),
    ("scopes_narrowed", "scopes_narrowed", Certainty::Observed),
];

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

/// Evidence quotes what was observed: a rule that wrote a server's error code itself could quote one that nobody sent.
#[test]
fn no_rule_writes_an_error_code() {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/diagnosis");
    let written = [
        "bad_verification_code",
        "incorrect_client_credentials",
        "redirect_uri_mismatch",
        "invalid_grant",
        "invalid_client",
        "invalid_request",
        "access_denied",
    ];
    let mut found = String::new();
    let folders = [rules.clone(), rules.join("rules")];
    let files = folders
        .iter()
        .flat_map(|folder| std::fs::read_dir(folder).unwrap());
    for path in files.map(|entry| entry.unwrap().path()) {
        // The table of finding codes names some of them after the answers; `library.rs` names those that a message which was
        // cut may stand for, and shows them as that, not as an answer.
        let names_them = path.ends_with("rule.rs") || path.ends_with("library.rs");
        if path.extension().is_none_or(|ext| ext != "rs") || names_them {
            continue;
        }
        for (number, line) in std::fs::read_to_string(&path).unwrap().lines().enumerate() {
            if written.iter().any(|code| line.contains(&format!("\"{code}\""))) {
                let _ = writeln!(found, "{}:{}: {line}", path.display(), number + 1);
            }
        }
    }
    assert!(found.is_empty(), "\n{found}");
}
