//! Probes, and transcripts that are saved and read back.

use super::*;

#[test]
fn a_probe_asks_first_and_changes_no_step() {
    let mut person = with_a_code();
    person
        .fills("client_secret", "a1b2c3d4e5f60718293a4b5c6d7e8f9012349f0e")
        .types("<enter>")
        .ended(Outcome::Refused);
    let exchanges = person.model.flow.transcript.last_number();
    let probe = |mend: &Mend| matches!(mend, Mend::Probe(_));
    person
        .mends(probe)
        .sees("Send a probe?")
        .types("<esc>")
        .sees_not("Send a probe?");
    assert_eq!(person.model.flow.transcript.last_number(), exchanges);
    person.mends(probe).types("<enter>").is_at(Step::Result);
    person.sees("The answer to the probe: incorrect_client_credentials.");
    assert_eq!(person.model.flow.transcript.last_number(), exchanges + 1);
}

#[test]
fn a_probe_is_asked_for_first_and_its_answer_joins_the_evidence() {
    let mut person = Person::at_the_demo();
    person
        .types("<enter>a<enter>")
        .fills("client_secret", "a1b2c3d4e5f60718293a4b5c6d7e8f9012349f0e");
    person.types("<enter>").ended(Outcome::Refused);
    let before = person.model.flow.transcript.last_number();
    person
        .mends(|action| matches!(action, Mend::Probe(_)))
        .sees("Send a probe?");
    assert_eq!(
        person.model.flow.transcript.last_number(),
        before,
        "nothing is sent before it is confirmed"
    );
    person.types("<enter>").is_at(Step::Result);
    let probe = person.model.flow.transcript.exchange(before + 1).unwrap();
    assert!(probe.response.is_some() && probe.purpose != Purpose::Token);
    assert_eq!(person.model.findings, examine(&person.model.flow.transcript));
}

#[test]
fn a_saved_transcript_holds_no_secret_and_opens_again_without_sending() {
    let mut person = Person::at_the_demo();
    person
        .types("<enter>a<enter>")
        .fills("redirect_uri", "http://localhost:8914/callback")
        .types("<enter><ctrl-s>");
    person.sees("Saved as oauthlens-transcript-1.json");
    let text = person.saved[0].clone();
    let secret = person.world.configuration.client_secret.clone().unwrap();
    assert!(!text.contains(secret.reveal()));
    let first = person.model.findings[0].code;
    let mut reader = Person::at_the_demo();
    show_replay(&mut reader.model, serde_json::from_str(&text).unwrap());
    reader.types("<home>").is_at(Step::Result).ended(Outcome::Refused);
    assert_eq!(reader.model.findings[0].code, first);
    let sent = reader.model.flow.transcript.last_number();
    reader.types("1").sees("nothing is sent from it").types("<f5>");
    assert_eq!(reader.model.flow.transcript.last_number(), sent);
    reader
        .types("<alt-3>")
        .is_at(Step::Callback)
        .sees("20 hexadecimal characters");
}

/// Long after its code was good: nothing is sent, and no step is lost.
#[test]
fn a_replay_keeps_its_steps_whatever_is_pressed() {
    let mut person = with_a_code();
    person.fills("client_secret", "hunter2").types("<enter><ctrl-s>");
    let transcript = serde_json::from_str(&person.saved[0]).unwrap();
    let mut reader = Person::at_the_demo();
    show_replay(&mut reader.model, transcript);
    reader.waits(3600).sees("REPLAY");
    let before = reader.model.flow.clone();
    for keys in [
        "r",
        "<f5>",
        "1",
        "l",
        "<alt-1><enter>",
        "<alt-2>a",
        "<alt-2>d",
        "<alt-2><enter>",
        "<alt-4>r",
    ] {
        reader.types(keys);
        assert_eq!(reader.model.flow, before, "{keys} changes nothing");
        reader.types("<alt-5>").is_at(Step::Result);
    }
    reader.sees_not("fix [1]").sees_not("r again").sees("steps");
}

#[test]
fn a_replayed_flow_shows_where_it_ended() {
    for (file, states) in [
        ("no_redirect", "✓✗○○✗"),
        ("access_denied", "✓✓✗○✗"),
        ("port_in_use", "✓✗○○✗"),
        ("secret_newline", "✓✓✓✗✗"),
        ("good", "✓✓✓✓✓"),
    ] {
        let text = std::fs::read_to_string(format!("tests/scenarios/{file}.toml")).unwrap();
        let mut reader = Person::at_the_demo();
        show_replay(&mut reader.model, Scenario::read(&text).unwrap().transcript);
        let steps = reader.model.flow.steps().iter();
        let shown: String = steps
            .map(|step| match reader.model.step_state(*step) {
                StepState::Ahead => '○',
                StepState::Active => '●',
                StepState::Done => '✓',
                StepState::Failed => '✗',
            })
            .collect();
        assert_eq!(shown, states, "{file}");
    }
}

#[test]
fn a_probe_that_was_not_sent_has_not_failed_to_help() {
    let mut person = with_a_code();
    person
        .fills("client_secret", &"a".repeat(40))
        .types("<enter>")
        .mends(|mend| matches!(mend, Mend::Probe(_)))
        .types("<esc>")
        .sees_not("Still refused");
    person
        .mends(|mend| matches!(mend, Mend::OpenPage(_)))
        .sees_not("Still refused");
}

#[test]
fn repeated_refusals_are_counted_before_a_probe() {
    let mut person = with_a_code();
    person.fills("client_secret", &"a".repeat(40)).types("<enter>");
    person.types("r<enter>").ended(Outcome::Refused);
    person
        .mends(|mend| matches!(mend, Mend::Probe(Purpose::ProbeCredentials)))
        .sees("refused in a row so far: 2");
}

#[test]
fn a_replay_says_what_was_not_sent_and_not_what_comes_first() {
    let text = std::fs::read_to_string("tests/scenarios/no_redirect.toml").unwrap();
    let mut reader = Person::at_the_demo();
    show_replay(&mut reader.model, Scenario::read(&text).unwrap().transcript);
    reader.model.reached = Step::Result;
    reader
        .types("<alt-4>")
        .sees("No token request was sent in this flow.")
        .sees_not("come first");
}

#[test]
fn the_answer_of_a_probe_says_what_is_known_now() {
    let mut person = with_a_code();
    person
        .fills("client_secret", &"a".repeat(40))
        .types("<enter>")
        .mends(|mend| matches!(mend, Mend::Probe(_)))
        .types("<enter>")
        .sees("the pair is wrong for certain");
}

#[test]
fn the_end_of_waiting_is_said_once() {
    let mut person = Person::at_the_demo();
    person
        .types("<enter><enter><esc>")
        .sees("The waiting was stopped");
    person
        .sees_not("Nothing is lost")
        .types("<esc>")
        .is_at(Step::Authorize);
    let screen = person.screen();
    assert_eq!(screen.matches("topped").count(), 1, "{screen}");
}

#[test]
fn the_list_of_keys_says_what_enter_does_here() {
    let mut person = Person::at_the_demo();
    person
        .types("<enter>?")
        .sees("Listen, open browser.")
        .types("<esc>");
    person.types("<enter>?").sees("Open again.");
}
