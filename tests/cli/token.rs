//! `oauthlens token`: exit status, streams, where the token comes from, and each of its faults.

use std::process::Output;

use oauthlens::lab::token::{FAULTS, TokenFault};

use super::{err, json, out, run, status};

fn token(arguments: &[&str]) -> Output {
    run(&[&["token"], arguments].concat())
}

fn verb(fault: &TokenFault) -> &'static str {
    fault.action.name()
}

#[test]
fn each_action_says_what_it_changes_and_does_it() {
    for (arguments, says) in [
        (&["refresh"][..], "token_obtained"),
        (&["check"], "token_checked"),
        (&["reset"], "token_reset"),
        (&["revoke"], "token_revoked"),
        (&["revoke", "--grant"], "grant_revoked"),
        (&["introspect"], "token_active"),
        (&["user"], "user_read"),
    ] {
        let output = token(&[arguments, &["--demo", "--json"]].concat());
        let err = err(&output);
        assert_eq!(status(&output), 0, "{arguments:?}: {err}");
        assert!(err.contains("To be sent: ") && err.contains("SIMULATED"), "{err}");
        assert_eq!(json(&output)["findings"][0]["code"], says, "{arguments:?}");
    }
}

#[test]
fn every_fault_is_told_and_has_the_exit_status_of_a_refusal() {
    for fault in FAULTS {
        let output = token(&[verb(fault), "--demo", "--fault", fault.name, "--json"]);
        assert_eq!(status(&output), 1, "{}: {}", fault.name, err(&output));
        let document = json(&output);
        let codes = document["findings"].as_array().unwrap().iter().take(2);
        let codes: Vec<&str> = codes.filter_map(|finding| finding["code"].as_str()).collect();
        assert!(codes.contains(&fault.says.name()), "{}: {codes:?}", fault.name);
    }
}

#[test]
fn two_racing_refreshes_are_drawn_on_two_time_lines() {
    let output = token(&["refresh", "--demo", "--fault", "refresh_race"]);
    let text = out(&output);
    assert!(text.contains("refresh 1") && text.contains("refresh 2"), "{text}");
    assert!(
        text.lines().filter(|line| line.contains("●━")).count() >= 2,
        "{text}"
    );
}

#[test]
fn what_is_missing_is_said_before_anything_is_sent() {
    for (arguments, said) in [
        (&["check"][..], "--client-id"),
        (&["check", "--client-id", "x"], "--token-env"),
        (&["check", "--client-id", "x", "--token", "gho_x"], "--token-file"),
        (
            &["check", "--client-id", "x", "--token-env", "OAUTHLENS_NONE"],
            "OAUTHLENS_NONE",
        ),
        (
            &["introspect", "--client-id", "x", "--token-file", "Cargo.toml"],
            "--introspection-endpoint",
        ),
        (
            &[
                "check",
                "--client-id",
                "x",
                "--token-file",
                "Cargo.toml",
                "--provider",
                "gitlab",
            ],
            "oauthlens token introspect",
        ),
        (
            &["reset", "--client-id", "x", "--token-file", "Cargo.toml"],
            "--yes",
        ),
        (
            &[
                "refresh",
                "--client-id",
                "x",
                "--flow",
                "tests/scenarios/good.toml",
            ],
            "--with-secrets",
        ),
        (&["refresh", "--demo", "--fault", "refresh_rase"], "refresh_race"),
        (&["user", "--fault", "user_expired"], "--demo"),
    ] {
        let output = token(arguments);
        let err = err(&output);
        assert_eq!(status(&output), 2, "{arguments:?}: {err}");
        assert!(err.contains(said), "{arguments:?}: {err}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        assert!(!err.contains("gho_x"), "{err}");
    }
}

#[test]
fn a_saved_race_is_told_again_without_its_secrets() {
    let path = format!("{}/race.json", env!("CARGO_TARGET_TMPDIR"));
    let first = token(&["refresh", "--demo", "--fault", "refresh_race", "--save", &path]);
    let saved = std::fs::read_to_string(&path).unwrap();
    let again = run(&["replay", &path, "--format", "text"]);
    let headline = |output: &Output| out(output).lines().next().unwrap_or_default().to_owned();
    assert_eq!(headline(&again), headline(&first));
    let in_clear = saved
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .any(|word| word.len() > 30 && (word.starts_with("gho_") || word.starts_with("ghr_")));
    assert!(!in_clear, "{saved}");
}
