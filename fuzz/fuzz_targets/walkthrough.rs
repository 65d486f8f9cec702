//! Walkthrough files: read, refused with a line that is there, or rehearsed and drawn.

#![no_main]

use libfuzzer_sys::fuzz_target;
use oauthlens::{lab::{dry_run::rehearse, walkthrough::script::Script}, text::catalog::Language};
use oauthlens_fuzz::reports;

fuzz_target!(|text: &str| {
    match Script::read(text) {
        Ok(script) => {
            assert!(!script.name.is_empty() && !script.steps.is_empty());
            // A flow takes a millisecond; the first few steps stand for all.
            for step in script.steps.iter().take(2) {
                for language in [Language::English, Language::SimplifiedChinese] {
                    let _ = step.title.in_language(language);
                }
                if let Some(question) = &step.question {
                    assert_eq!(question.choices.iter().filter(|choice| choice.right).count(), 1);
                }
                let transcript = rehearse(&script.stage, step.fault);
                reports(&transcript, 56);
            }
        }
        Err(refusal) => {
            let line = text.lines().nth(refusal.line - 1).unwrap_or_default();
            assert_eq!(refusal.excerpt, line, "line {} of {text:?}", refusal.line);
        }
    }
});
