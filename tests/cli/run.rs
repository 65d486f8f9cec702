//! Whole runs without a screen: how they end, and what they print.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    process::{Command, Output, Stdio},
};

use oauthlens::lab::faults::{Expected, Fault};
use serde_json::Value;

use crate::{Simulated, err, explain, json, oauthlens, out, run, status};

#[test]
fn a_demo_ends_with_a_token_and_says_so() {
    let output = run(&["run", "--demo", "--approve"]);
    assert_eq!(status(&output), 0, "{}", err(&output));
    assert!(out(&output).contains("octocat") && err(&output).contains("SIMULATED"));
    let alone: Vec<String> = err(&output)
        .lines()
        .filter(|line| line.starts_with("http"))
        .map(str::to_owned)
        .collect();
    assert_eq!(
        alone.len(),
        1,
        "the authorization URL stands alone on one line: {alone:?}"
    );
    assert!(alone[0].contains("/login/oauth/authorize?client_id=") && !alone[0].contains(' '));
    assert!(!out(&output).contains('\u{1b}'), "no colour in a pipe");
}

#[test]
fn the_log_tells_what_was_sent_and_answered_and_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let (log, save) = (at("log"), at("t.json"));
    let flow = ["run", "--demo", "--approve", "--save", &save, "--with-secrets"];
    for arguments in [
        [&flow[..], &["--log", &log]].concat(),
        [&["--log", &log], &flow[..]].concat(),
    ] {
        let output = run(&arguments);
        assert_eq!(status(&output), 0, "{}", err(&output));
        let text = std::fs::read_to_string(&log).unwrap();
        for told in [
            "effect=\"listen\"",
            "event=\"request_arrived\"",
            "effect=\"send_request\"",
            "/login/oauth/access_token",
            "event=\"response\"",
            "status=200",
            "simulator=\"served\"",
            "exit=Good",
        ] {
            assert!(text.contains(told), "{told} in\n{text}");
        }
        assert_eq!(
            text.matches("version=").count(),
            1,
            "an earlier log is gone: {text}"
        );
        let saved = std::fs::read_to_string(&save).unwrap();
        let token = &saved[saved.find("gho_").expect("a token")..][..40];
        assert!(
            text.contains("access_token") && !text.contains(&token[4..]),
            "{text}"
        );
        for verifier in saved.split("code_verifier=").skip(1) {
            assert!(!text.contains(&verifier[..43]), "{text}");
        }
        std::fs::write(&log, "version=").unwrap();
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&log).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let output = run(&["demo", "--log", &at("no/log")]);
    assert_eq!(status(&output), 2);
    assert!(err(&output).contains(&at("no/log")), "{}", err(&output));
}

#[test]
fn json_is_one_document() {
    let output = run(&["run", "--demo", "--approve", "--json", "--scope", "repo gist"]);
    let document = json(&output);
    assert_eq!(document["schema"], 1);
    assert_eq!(document["outcome"], "token");
    assert_eq!(document["error"], Value::Null);
    assert_eq!(document["token"]["prefix"], "gho_");
    assert_eq!(
        document["token"]["scope_requested"],
        serde_json::json!(["repo", "gist"])
    );
    assert_eq!(document["transcript"]["source"], "simulator");
}

#[test]
fn each_fault_has_its_exit_status_and_its_error() {
    for fault in Fault::ALL {
        let name = fault.name();
        let output = run(&["run", "--demo", "--approve", "--json", "--fault", name]);
        let document = json(&output);
        let (exit, error) = match fault.expected() {
            Expected::Token => (0, Value::Null),
            Expected::TokenError(error) | Expected::RedirectError(error) => (1, error.into()),
            Expected::Page(_) | Expected::RedirectRefused(_) => (1, Value::Null),
            Expected::NotATokenResponse if *fault == Fault::RateLimited => (1, Value::Null),
            Expected::NotATokenResponse | Expected::Failure(_) => (3, Value::Null),
        };
        assert_eq!(status(&output), exit, "{name}: {}", err(&output));
        assert_eq!(
            document["error"].get("error").cloned().unwrap_or_default(),
            error,
            "{name}"
        );
    }
}

#[test]
fn no_secret_is_ever_printed() {
    let secret = "a1b2c3d4e5f60718293a4b5c6d7e8f9012349f0e";
    let saved = format!("{}/transcript.json", env!("CARGO_TARGET_TMPDIR"));
    for format in [&[][..], &["--json"], &["--plain"]] {
        let arguments = [
            "run",
            "--demo",
            "--approve",
            "--client-secret-env",
            "S",
            "--save",
            &saved,
        ];
        let mut command = oauthlens(&[&arguments, format].concat());
        let output = command.env("S", secret).output().expect("the binary runs");
        assert_eq!(status(&output), 1);
        let text = out(&output) + &err(&output) + &std::fs::read_to_string(&saved).expect("it was saved");
        assert!(!text.contains(&secret[4..36]), "{text}");
    }
    let odd = r#"{"error":"gho_16C7e42F292c6912E7710c838347Ae178B4a"}"#;
    for format in [&[][..], &["--json"], &["--plain"]] {
        let text = out(&explain(format, odd));
        assert!(!text.contains("16C7e42F292c6912"), "{text}");
    }
    let output = run(&["run", "--demo", "--approve", "--json"]);
    let text = out(&output) + &err(&output);
    let token = text
        .split("gho_")
        .skip(1)
        .find(|rest| rest.chars().take(8).all(|c| c.is_ascii_alphanumeric()));
    assert!(token.is_none(), "a token: gho_{}", token.unwrap_or_default());
}

#[test]
fn nobody_answering_is_exit_3() {
    let output = run(&["run", "--demo", "--no-browser", "--callback-timeout", "0"]);
    assert_eq!(status(&output), 3, "{}", err(&output));
}

#[test]
fn a_redirect_is_pasted_where_none_can_be_received() {
    // Behind a TLS proxy, say: nothing is listened to, the person brings the address.
    let arguments = [
        "run",
        "--demo",
        "--no-browser",
        "--json",
        "--redirect-uri",
        "https://app.example/callback",
    ];
    let mut child = oauthlens(&arguments)
        .stdin(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut remarks = BufReader::new(child.stderr.take().expect("a pipe"));
    let url = loop {
        let mut line = String::new();
        remarks.read_line(&mut line).expect("a line");
        if line.starts_with("http") {
            break line;
        }
    };
    let state = url
        .split("state=")
        .nth(1)
        .and_then(|rest| rest.split('&').next())
        .expect("a state");
    let pasted = format!("https://app.example/callback?code=35e0ea2e9115f650b742&state={state}\n");
    child
        .stdin
        .take()
        .expect("a pipe")
        .write_all(pasted.as_bytes())
        .expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(status(&output), 1);
    assert_eq!(json(&output)["error"]["error"], "bad_verification_code");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_waiting_run_with_exit_3() {
    let mut child = oauthlens(&["run", "--demo", "--no-browser", "--json"])
        .spawn()
        .expect("the binary runs");
    let mut remarks = BufReader::new(child.stderr.take().expect("a pipe")).lines();
    // The line behind the URL: it waits now.
    assert!(remarks.any(|line| line.expect("a line").starts_with("Waiting")));
    let interrupted = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(interrupted.expect("kill runs").success());
    let mut text = String::new();
    child
        .stdout
        .take()
        .expect("a pipe")
        .read_to_string(&mut text)
        .expect("text");
    assert_eq!(child.wait().expect("it ends").code(), Some(3), "{text}");
    assert!(text.contains("\"cancelled\""), "{text}");
}

#[cfg(unix)]
#[test]
fn the_browser_is_opened_by_the_systems_opener_or_the_failure_is_said() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = format!("{}/opener", env!("CARGO_TARGET_TMPDIR"));
    std::fs::create_dir_all(&folder).expect("a folder");
    let opener = format!("{folder}/xdg-open");
    std::fs::write(
        &opener,
        format!("#!/bin/sh\nprintf %s \"$1\" > {folder}/opened\n"),
    )
    .expect("a script");
    std::fs::set_permissions(&opener, std::fs::Permissions::from_mode(0o755)).expect("it may run");
    let arguments = ["run", "--demo", "--callback-timeout", "1"];
    let output = oauthlens(&arguments)
        .env("PATH", &folder)
        .output()
        .expect("the binary runs");
    assert_eq!(status(&output), 3);
    let address = std::fs::read_to_string(format!("{folder}/opened")).expect("it was opened");
    assert!(err(&output).lines().any(|line| line == address), "{address}");

    let output = oauthlens(&arguments)
        .env("PATH", "/nonexistent")
        .output()
        .expect("the binary runs");
    assert_eq!(status(&output), 3, "the flow goes on without a browser");
    assert!(
        err(&output).contains("No browser could be opened"),
        "{}",
        err(&output)
    );
}

/// A probe is sent only where something is open, says what it sends, and its answer heads the report.
#[test]
fn a_probe_decides_what_the_flow_left_open() {
    let simulated = Simulated::start(&["simulate", "--listen", "127.0.0.1:0"][1..], 1);
    let base = simulated.value("base_url");
    let (authorize, token) = (
        format!("{base}/login/oauth/authorize"),
        format!("{base}/login/oauth/access_token"),
    );
    let with = |id: &str, probe: bool| {
        let mut arguments = vec![
            "run",
            "--provider",
            "custom",
            "--authorization-endpoint",
            &authorize,
            "--token-endpoint",
            &token,
            "--client-id",
            id,
            "--client-secret-env",
            "S",
            "--redirect-uri",
            "http://127.0.0.1/callback",
            "--no-browser",
            "--callback-timeout",
            "1",
            "--json",
        ];
        arguments.extend(probe.then_some("--probe"));
        let mut command = oauthlens(&arguments);
        command.env("S", "a1b2c3d4e5f60718293a4b5c6d7e8f9012349f0e");
        command.output().expect("the binary runs")
    };
    let first = |output: &Output| {
        let finding = &json(output)["findings"][0];
        (finding["code"].clone(), finding["certainty"].clone())
    };
    let unasked = with("Ov23liNobodyKnowsIt1", false);
    assert!(!err(&unasked).contains("Sending a probe"));
    let asked = with("Ov23liNobodyKnowsIt1", true);
    assert!(err(&asked).contains("Sending a probe"), "{}", err(&asked));
    assert!(
        err(&asked).contains("with your client_id alone"),
        "{}",
        err(&asked)
    );
    assert_ne!(first(&asked), first(&unasked), "the answer counts");
    assert_eq!(first(&asked).1, "observed");
    // A cause that is proven leaves nothing to ask.
    let proven = run(&[
        "run",
        "--demo",
        "--approve",
        "--fault",
        "wrong_client_secret",
        "--probe",
    ]);
    assert!(
        err(&proven).contains("No probe would tell more"),
        "{}",
        err(&proven)
    );
    let good = run(&["run", "--demo", "--approve", "--probe"]);
    assert!(
        status(&good) == 0 && !err(&good).contains("probe"),
        "{}",
        err(&good)
    );
}

#[cfg(unix)]
#[test]
fn a_run_that_is_asked_to_end_prints_its_result() {
    for signal in ["-TERM", "-HUP"] {
        let mut child = oauthlens(&["run", "--demo", "--no-browser", "--json"])
            .spawn()
            .expect("the binary runs");
        let mut remarks = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        assert!(remarks.any(|line| line.expect("a line").starts_with("Waiting")));
        let sent = Command::new("kill")
            .args([signal, &child.id().to_string()])
            .status();
        assert!(sent.expect("kill runs").success());
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(status(&output), 3, "{signal}");
        assert_eq!(json(&output)["outcome"], "unanswered", "{signal}");
    }
}

#[test]
fn what_is_meant_for_this_machine_goes_by_no_proxy() {
    // Nothing listens at port 9 of this machine, so that whatever went by the proxy would fail.
    let mut command = oauthlens(&["run", "--demo", "--approve"]);
    for name in [
        "http_proxy",
        "HTTP_PROXY",
        "all_proxy",
        "ALL_PROXY",
        "https_proxy",
        "HTTPS_PROXY",
    ] {
        command.env(name, "http://127.0.0.1:9");
    }
    let output = command.output().expect("the binary runs");
    assert_eq!(status(&output), 0, "{}", err(&output));
    assert!(out(&output).contains("octocat"), "{}", out(&output));
}

#[test]
fn a_transcript_that_cannot_be_saved_is_said_and_ends_with_2() {
    #[cfg(unix)]
    {
        let device = run(&["run", "--demo", "--approve", "--save", "/dev/full"]);
        assert_eq!(status(&device), 2);
        assert!(err(&device).contains("not a regular file"), "{}", err(&device));
        assert!(out(&device).contains("gho_"), "the result is not lost");
    }
    let nowhere = format!("{}/no/such/folder/flow.json", env!("CARGO_TARGET_TMPDIR"));
    let output = run(&["run", "--demo", "--approve", "--save", &nowhere]);
    assert_eq!(status(&output), 2, "{}", err(&output));
    assert!(
        err(&output).contains(&format!("{nowhere} cannot be written")),
        "{}",
        err(&output)
    );
    assert!(
        out(&output).contains("octocat"),
        "the result is not lost: {}",
        out(&output)
    );
}
