//! What `oauthlens replay` reads, a saved transcript or a scenario, drawn in every way.

#![no_main]

use libfuzzer_sys::fuzz_target;
use oauthlens::{flow::{redaction::Redactor, transcript::Transcript}, sources::scenario::Scenario};
use oauthlens_fuzz::{WIDTHS, reports};

fuzz_target!(|text: &str| {
    let transcript = if text.trim_start().starts_with('{') {
        let Ok(transcript) = serde_json::from_str::<Transcript>(text) else {
            return;
        };
        transcript
    } else {
        match Scenario::read(text) {
            Ok(scenario) => scenario.transcript,
            Err(error) => {
                assert!(!error.to_string().is_empty());
                return;
            }
        }
    };
    reports(&transcript, WIDTHS[text.len() % WIDTHS.len()]);
    // What is saved can be read back.
    let saved = serde_json::to_string(&Redactor::of(&transcript).transcript(&transcript)).unwrap();
    serde_json::from_str::<Transcript>(&saved).unwrap();
});
