//! `oauthlens device` without a terminal: exit status, streams, and each of its faults.

use std::process::{Command, Output, Stdio};

use oauthlens::lab::device::DeviceFault;

fn device(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_oauthlens"))
        .arg("device")
        .args(arguments)
        .env_clear()
        .env("HOME", env!("CARGO_TARGET_TMPDIR"))
        .env("LANG", "C")
        .stdin(Stdio::null())
        .output()
        .expect("the binary runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn the_code_and_its_address_stand_alone_and_a_token_ends_it() {
    let output = device(&["--demo", "--approve"]);
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{err}");
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
    let lines = |output: &Output| text(&output.stderr).lines().count();
    assert!(lines(&without) + 10 < lines(&with));
}

#[test]
fn a_refusal_has_the_exit_status_of_one_and_names_its_finding() {
    for (name, status) in [
        ("device_flow_disabled", 1),
        ("device_grant_type_short", 1),
        ("device_denied", 1),
    ] {
        let output = device(&["--demo", "--approve", "--fault", name, "--json"]);
        assert_eq!(
            output.status.code(),
            Some(status),
            "{name}: {}",
            text(&output.stderr)
        );
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
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
        let err = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {err}");
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
    let again = Command::new(env!("CARGO_BIN_EXE_oauthlens"))
        .args(["replay", &path, "--format", "text"])
        .env_clear()
        .env("HOME", env!("CARGO_TARGET_TMPDIR"))
        .env("LANG", "C")
        .output()
        .unwrap();
    let headline = |output: &Output| text(&output.stdout).lines().next().unwrap_or_default().to_owned();
    assert_eq!(headline(&again), headline(&first));
    // Forty characters of a device code in clear would be worth a token.
    let in_clear = saved
        .split(|c: char| !c.is_ascii_hexdigit())
        .any(|word| word.len() == 40);
    assert!(!in_clear, "{saved}");
}
