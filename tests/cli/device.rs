//! `oauthlens device` without a terminal: exit status, streams, and each of its faults.

use std::process::Output;

use oauthlens::lab::device::DeviceFault;

use super::{err, json, out, run, status};

fn device(arguments: &[&str]) -> Output {
    run(&[&["device"], arguments].concat())
}

#[test]
fn the_code_and_its_address_stand_alone_and_a_token_ends_it() {
    let output = device(&["--demo", "--approve"]);
    let (out, err) = (out(&output), err(&output));
    assert_eq!(status(&output), 0, "{err}");
    assert!(out.contains("octocat") && err.contains("SIMULATED"));
    let is_code = |line: &&str| line.len() == 9 && line.as_bytes()[4] == b'-' && line.is_ascii();
    assert_eq!(err.lines().filter(is_code).count(), 1, "{err}");
    assert!(err.lines().any(|line| line.ends_with("/login/device")), "{err}");
    assert!(err.contains('▄'), "a QR code: {err}");
}

#[test]
fn without_a_qr_code_it_is_short() {
    let with = device(&["--demo", "--approve"]);
    let without = device(&["--demo", "--approve", "--no-qr"]);
    let lines = |output: &Output| err(output).lines().count();
    assert!(lines(&without) + 10 < lines(&with));
}

#[test]
fn a_refusal_has_the_exit_status_of_one_and_names_its_finding() {
    for (name, expected) in [
        ("device_flow_disabled", 1),
        ("device_grant_type_short", 1),
        ("device_denied", 1),
    ] {
        let output = device(&["--demo", "--approve", "--fault", name, "--json"]);
        assert_eq!(status(&output), expected, "{name}: {}", err(&output));
        let document = json(&output);
        let first = document["findings"][0]["code"].as_str();
        let says = DeviceFault::from_name(name).unwrap().says;
        assert_eq!(first, Some(says.name()), "{document}");
    }
}

#[test]
fn what_is_missing_is_said_before_anything_is_sent() {
    for (arguments, said) in [
        (&["--no-browser"][..], "--client-id"),
        (
            &["--client-id", "x", "--provider", "gitlab"],
            "--device-authorization-endpoint",
        ),
        (
            &[
                "--client-id",
                "x",
                "--device-authorization-endpoint",
                "id.example/d",
            ],
            "--device-authorization-endpoint",
        ),
        (&["--demo", "--fault", "device_denid"], "device_denied"),
        (&["--approve"], "--demo"),
    ] {
        let output = device(arguments);
        let err = err(&output);
        assert_eq!(status(&output), 2, "{arguments:?}: {err}");
        assert!(err.contains(said), "{arguments:?}: {err}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_saved_flow_is_told_again_without_its_secrets() {
    let path = format!("{}/device.json", env!("CARGO_TARGET_TMPDIR"));
    let first = device(&[
        "--demo",
        "--approve",
        "--fault",
        "device_code_altered",
        "--save",
        &path,
    ]);
    let saved = std::fs::read_to_string(&path).unwrap();
    assert!(saved.contains("device_code") && !saved.contains("\"schema\": 0"));
    let again = run(&["replay", &path, "--format", "text"]);
    let headline = |output: &Output| out(output).lines().next().unwrap_or_default().to_owned();
    assert_eq!(headline(&again), headline(&first));
    // Forty characters of a device code in clear would be worth a token.
    let in_clear = saved
        .split(|c: char| !c.is_ascii_hexdigit())
        .any(|word| word.len() == 40);
    assert!(!in_clear, "{saved}");
}
