//! A server that takes its time: what is waited for is said, and how to stop.

use super::*;

fn waiting() -> Person {
    let mut person = Person::at_the_demo();
    person.on_a_screen_of(80, 24).types("<enter>a<enter>");
    person.slow = true;
    person.types("<enter>");
    person
}

#[test]
fn what_is_waited_for_is_said_after_half_a_second() {
    for language in Language::ALL {
        let mut person = waiting().reading(language);
        person.waits_millis(400).sees_not("◌");
        person.waits_millis(200).sees("◌").sees("0.6");
        person.waits(3).sees("3.6");
        person.answers_arrive().ended(Outcome::Token).sees_not("3.6");
    }
}

#[test]
fn who_stops_waiting_has_a_result_and_a_late_answer_changes_nothing() {
    let mut person = waiting();
    person
        .waits(2)
        .sees("Esc stops waiting")
        .types("<esc>")
        .is_at(Step::Result);
    person.ended(Outcome::Unanswered).sees("you stopped waiting");
    let entries = person.model.flow.transcript.entries.len();
    person.answers_arrive().ended(Outcome::Unanswered);
    assert_eq!(person.model.flow.transcript.entries.len(), entries);
    assert!(!person.model.is_moving());
}

#[test]
fn a_probe_is_waited_for_and_stopped_like_any_request() {
    let mut person = Person::at_the_demo();
    person
        .types("<enter>a<enter>")
        .fills("client_secret", "0123456789abcdef0123456789abcdef01234567")
        .types("<enter>");
    person.mends(|mend| matches!(mend, Mend::Probe(_)));
    person.slow = true;
    person
        .types("<enter>")
        .waits_millis(700)
        .sees("Esc stops waiting");
    assert!(person.model.is_moving());
    person
        .types("<esc>")
        .is_at(Step::Result)
        .sees_not("Esc stops waiting");
    let findings = person.model.findings.clone();
    person.answers_arrive();
    assert_eq!(person.model.findings, findings);
    // The next Esc goes a step back again.
    person.types("<esc>").is_at(Step::Exchange);
}
