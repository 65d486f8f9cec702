//! Every fault of the laboratory is found out.

use std::fmt::Write as _;

use oauthlens::{
    diagnosis::{examine, finding::Certainty},
    lab::{
        dry_run::{Stage, rehearse},
        faults::Fault,
    },
};

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
