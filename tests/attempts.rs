//! The attempts of a transcript: what is found in each, and what a file keeps of them.

use std::fmt::Write as _;

use oauthlens::{
    diagnosis::history::{Examined, History},
    flow::{
        redaction::Redactor,
        transcript::{AttemptId, Transcript},
    },
    sources::scenario::Scenario,
};
use proptest::prelude::*;
use serde_json::Value;

/// What may happen in a sitting. Later attempts are explained by some of it: a code that was used, a state of another tab, a
/// pair that was accepted, refusals in a row.
const STEPS: [&str; 20] = [
    "do = \"authorize\"",
    "do = \"authorize\"\nparams = { client_id = \"Ov23liAnother0000000\" }",
    "do = \"redirect\"",
    "do = \"redirect\"",
    "do = \"redirect\"\nquery = \"code={code}&state=kV3nQx8ZpR1tLw6yHs0uDf5gJb2mCe7aXi4oTq9rNzE\"",
    "do = \"exchange\"\nanswer = \"token\"",
    "do = \"exchange\"\nanswer = \"bad_verification_code\"",
    "do = \"exchange\"\nanswer = \"bad_verification_code\"\ncode = \"35e0ea2e9115f650b742\"",
    "do = \"exchange\"\nanswer = \"incorrect_client_credentials\"",
    "do = \"exchange\"\nanswer = \"incorrect_client_credentials\"",
    "do = \"exchange\"\nanswer = \"redirect_uri_mismatch\"",
    "do = \"exchange\"\nfails = \"timed_out\"",
    "do = \"exchange\"\nanswer = \"token\"\naccept = \"application/xml\"",
    "do = \"probe_credentials\"\nanswer = \"incorrect_client_credentials\"",
    "do = \"probe_credentials\"\nanswer = \"bad_verification_code\"",
    "do = \"user\"\nstatus = 401\nbody = \"{}\"",
    "do = \"bind_failed\"\nin_use = true",
    "do = \"page\"\nstatus = 404",
    "do = \"report\"\nshows = \"not_found\"",
    "do = \"cancel\"",
];

fn sitting(steps: &[usize]) -> Transcript {
    let mut text = String::from(
        "about = \"a sitting\"\ncite = \"-\"\n[expect]\nfirst = \"-\"\ncertainty = \"-\"\n[[step]]\ndo = \"authorize\"\n",
    );
    for step in steps {
        let _ = writeln!(text, "[[step]]\n{}", STEPS[*step]);
    }
    Scenario::read(&text).expect("the steps are steps").transcript
}

/// The same, as it was when so many entries were there.
fn until(transcript: &Transcript, entries: usize) -> Transcript {
    let mut part = transcript.clone();
    part.entries.truncate(entries);
    part
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// What is looked up of earlier attempts is all that the checks ask of them.
    #[test]
    fn an_attempt_is_explained_as_by_the_whole_history(steps in prop::collection::vec(0..STEPS.len(), 1..18)) {
        let whole = sitting(&steps);
        let mut history = History::default();
        for entries in 1..=whole.entries.len() {
            let part = until(&whole, entries);
            let latest = part.present_attempt();
            prop_assert_eq!(history.of(&part, latest), Some(&Examined::of(&part)), "{} entries", entries);
        }
        // The earlier ones too, as they were left.
        for attempt in whole.attempts() {
            prop_assert_eq!(history.of(&whole, attempt), Some(&Examined::of(&whole.of_attempt(attempt))));
        }
        prop_assert_eq!(history.attempts().collect::<Vec<_>>(), whole.attempts());
    }
}

fn saved(transcript: &Transcript) -> Value {
    serde_json::to_value(Redactor::of(transcript).transcript(transcript)).unwrap()
}

/// A form 1 file is what was saved before entries had attempts.
fn as_form_1(transcript: &Transcript) -> String {
    let mut document = saved(transcript);
    document["schema"] = 1.into();
    for entry in document["entries"].as_array_mut().unwrap() {
        entry.as_object_mut().unwrap().remove("attempt");
    }
    document.to_string()
}

#[test]
fn a_saved_sitting_has_its_attempts_whichever_form_it_has() {
    let whole = sitting(&[2, 8, 0, 2, 5, 16, 0, 4]);
    assert_eq!(whole.attempts(), [1, 2, 3].map(AttemptId));
    for text in [saved(&whole).to_string(), as_form_1(&whole)] {
        let read: Transcript = serde_json::from_str(&text).unwrap();
        assert_eq!(read.attempts(), whole.attempts());
        let mut history = History::default();
        let mut open = History::default();
        for attempt in whole.attempts() {
            let (read, whole) = (history.of(&read, attempt), open.of(&whole, attempt));
            assert_eq!(
                read.map(|read| (read.outcome, read.findings.first().map(|finding| finding.code))),
                whole.map(|whole| (whole.outcome, whole.findings.first().map(|finding| finding.code)))
            );
        }
    }
}

#[test]
fn what_was_saved_of_secrets_is_found_for_each_exchange() {
    let long = sitting(&[5, 8].repeat(200));
    let masked: Transcript = serde_json::from_value(saved(&long)).unwrap();
    let examined = Examined::of(&masked);
    let codes = |examined: &Examined| examined.findings.iter().map(|f| f.code).collect::<Vec<_>>();
    assert_eq!(codes(&examined), codes(&Examined::of(&long)));
}
