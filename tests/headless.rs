//! The real binary without a terminal: exit status, streams, JSON, secrets.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, Command, Output, Stdio},
};

use oauthlens::faults::{Expected, Fault};
use serde_json::Value;

/// The three answers of the mission's source, as GitHub's documentation prints them (facts §3).
const SEED: [(&str, &str); 3] = [
    (
        "incorrect_client_credentials",
        r#"{"error":"incorrect_client_credentials","error_description":"The client_id and/or client_secret passed are incorrect.","error_uri":"/apps/managing-oauth-apps/troubleshooting-oauth-app-access-token-request-errors/#incorrect-client-credentials"}"#,
    ),
    (
        "redirect_uri_mismatch",
        r#"{"error":"redirect_uri_mismatch","error_description":"The redirect_uri MUST match the registered callback URL for this application.","error_uri":"/apps/managing-oauth-apps/troubleshooting-authorization-request-errors/#redirect-uri-mismatch2"}"#,
    ),
    (
        "bad_verification_code",
        r#"{"error":"bad_verification_code","error_description":"The code passed is incorrect or expired.","error_uri":"/apps/managing-oauth-apps/troubleshooting-oauth-app-access-token-request-errors/#bad-verification-code"}"#,
    ),
];

/// The binary in an empty environment: no settings file, no variables, English.
fn oauthlens(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_oauthlens"));
    command
        .args(arguments)
        .env_clear()
        .env("HOME", env!("CARGO_TARGET_TMPDIR"))
        .env("LANG", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn run(arguments: &[&str]) -> Output {
    oauthlens(arguments).output().expect("the binary runs")
}

fn explain(arguments: &[&str], text: &str) -> Output {
    let mut command = oauthlens(&[&["explain"], arguments].concat());
    let mut child = command.stdin(Stdio::piped()).spawn().expect("the binary runs");
    child
        .stdin
        .take()
        .expect("a pipe")
        .write_all(text.as_bytes())
        .expect("it reads");
    child.wait_with_output().expect("it ends")
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn status(output: &Output) -> i32 {
    output.status.code().expect("an exit status")
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", out(output)))
}

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
    let output = run(&["run", "--demo", "--approve", "--json"]);
    let text = out(&output) + &err(&output);
    let token = text
        .split("gho_")
        .skip(1)
        .find(|rest| rest.chars().take(8).all(|c| c.is_ascii_alphanumeric()));
    assert!(token.is_none(), "a token: gho_{}", token.unwrap_or_default());
}

#[test]
fn a_transcript_of_another_form_is_refused_by_name() {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("form-2.json");
    // What else is in it need not be readable to this version.
    std::fs::write(&path, r#"{"schema":2,"entries":{}}"#).unwrap();
    let path = path.to_str().unwrap();
    for language in ["en", "zh-CN"] {
        let output = run(&["replay", "--lang", language, path]);
        assert_eq!(status(&output), 2);
        let said = err(&output);
        assert!(
            said.contains(path) && said.contains('2') && said.contains('1'),
            "{said}"
        );
        assert_eq!(said.contains("reads form 1"), language == "en", "{said}");
    }
}

#[test]
fn the_errors_of_the_mission_are_explained_in_every_form() {
    for (error, text) in SEED {
        let members: Value = serde_json::from_str(text).expect("JSON");
        let member = |name: &str| members[name].as_str().expect("a text").to_owned();
        let form: String = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("error", error)
            .append_pair("error_description", &member("error_description"))
            .append_pair("error_uri", &member("error_uri"))
            .finish();
        let xml = format!(
            "<OAuth><error>{error}</error><error_description>{}</error_description><error_uri>{}</error_uri></OAuth>",
            member("error_description"),
            member("error_uri")
        );
        let with_head =
            format!("HTTP/2 200\r\ncontent-type: application/json; charset=utf-8\r\n\r\n{text}\n");
        for form in [text, &form, &xml, &with_head] {
            let output = explain(&["--json"], form);
            assert_eq!(status(&output), 0, "{form}\n{}", err(&output));
            let document = json(&output);
            assert_eq!(document["outcome"], "refused", "{form}");
            assert_eq!(document["error"]["error"], error, "{form}");
            let uri = document["error"]["error_uri"].as_str().expect("a URI");
            assert!(
                uri.starts_with("https://docs.github.com/apps/"),
                "absolute: {uri}"
            );
        }
        let output = explain(&["-"], text);
        assert!(out(&output).contains(error), "{}", out(&output));
    }
}

#[test]
fn a_redirect_and_a_token_are_recognised_and_nonsense_is_not() {
    for text in [
        "http://127.0.0.1:8914/callback?code=35e0ea2e9115f650b742&state=x",
        "?error=access_denied&error_description=The+user+has+denied+your+application+access.&state=x",
        "access_token=gho_16C7e42F292c6912E7710c838347Ae178B4a&scope=repo%2Cgist&token_type=bearer",
    ] {
        let output = explain(&[], text);
        assert_eq!(status(&output), 0, "{text}\n{}", out(&output));
        assert!(!out(&output).contains("16C7e42F292c6912"), "{}", out(&output));
    }
    for text in ["", "banana", r#"{"add_scopes":["repo"],"note":"admin script"}"#] {
        for format in [&[][..], &["--json"]] {
            let output = explain(format, text);
            assert_eq!(status(&output), 4, "{text}\n{}", out(&output));
        }
    }
    let document = json(&explain(&["--json"], "banana"));
    assert_eq!(document["outcome"], "unrecognised");
}

#[test]
fn wrong_usage_is_exit_2_and_says_what_to_do() {
    for (arguments, word) in [
        (&["run"][..], "--client-id"),
        (&["run", "--client-id", "x"], "--client-secret-env"),
        (&["run", "--demo", "--fault", "code_reusd"], "code_reused"),
        (
            &["run", "--demo", "--redirect-uri", "localhost/cb"],
            "localhost/cb",
        ),
        (&["run", "--demo", "--listen", "0.0.0.0:80"], "loopback"),
        (
            &["run", "--demo", "--ca-file", "/nonexistent.pem"],
            "/nonexistent.pem",
        ),
        (&["run", "--approve"], "--demo"),
        (&["explain", "/nonexistent"], "/nonexistent"),
        (&["simulate", "--listen", "0.0.0.0:80"], "loopback"),
        (&["frobnicate"], "frobnicate"),
        (&[], "oauthlens run"),
        (&["demo"], "oauthlens run"),
    ] {
        let output = run(arguments);
        assert_eq!(status(&output), 2, "{arguments:?}");
        assert!(err(&output).contains(word), "{arguments:?}: {}", err(&output));
        assert!(out(&output).is_empty(), "{arguments:?}");
    }
    for arguments in [
        &["--client-secret", "hunter2hunter2"][..],
        &["run", "--client-secret=hunter2hunter2"],
        &["run", "--client-secrt=hunter2hunter2"],
        &["simulate", "--client-secret", "hunter2hunter2"],
        &[
            "run",
            "--client-secret-env",
            "a1b2c3d4e5f60718293a4b5c6d7e8f9012349f0e",
        ],
    ] {
        let output = run(arguments);
        assert_eq!(status(&output), 2, "{arguments:?}");
        let text = err(&output);
        assert!(text.contains("--client-secret"), "{text}");
        assert!(!text.contains("hunter2") && !text.contains("c3d4e5f6"), "{text}");
    }
}

#[test]
fn errors_are_said_in_the_language_that_was_chosen() {
    let output = run(&["run", "--lang", "zh-CN"]);
    assert!(err(&output).contains("缺少 client_id"), "{}", err(&output));
    let output = run(&["run", "--lang", "fr"]);
    assert_eq!(status(&output), 2);
}

#[test]
fn a_taken_port_is_named_with_a_way_out() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let uri = format!("http://{address}/callback");
    let output = run(&["run", "--demo", "--approve", "--redirect-uri", &uri]);
    assert_eq!(status(&output), 2);
    let text = err(&output);
    assert!(
        text.contains(&address) && text.contains("http://127.0.0.1/callback"),
        "{text}"
    );
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

/// A running `oauthlens simulate`; killed when the test ends.
struct Simulated {
    child: Child,
    values: Vec<(String, String)>,
}

impl Simulated {
    fn start(arguments: &[&str]) -> Self {
        let mut command = oauthlens(&[&["simulate"], arguments].concat());
        let mut child = command.env("S", "my-secret").spawn().expect("the binary runs");
        let lines = BufReader::new(child.stdout.take().expect("a pipe"))
            .lines()
            .take(4);
        let values = lines
            .map(|line| line.expect("a line"))
            .map(|line| {
                line.split_once('=')
                    .map(|(a, b)| (a.to_owned(), b.to_owned()))
                    .expect("name=value")
            })
            .collect();
        Self { child, values }
    }

    fn value(&self, name: &str) -> &str {
        let found = self.values.iter().find(|(n, _)| n == name);
        &found.expect(name).1
    }
}

impl Drop for Simulated {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_simulator_serves_any_client() {
    let arguments = [
        "--client-id",
        "my-app",
        "--client-secret-env",
        "S",
        "--registered-redirect-uri",
        "http://localhost/cb",
    ];
    let simulated = Simulated::start(&arguments);
    let names: Vec<&str> = simulated.values.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["base_url", "client_id", "client_secret", "redirect_uri"]);
    assert_eq!(simulated.value("client_id"), "my-app");
    assert_eq!(simulated.value("client_secret"), "my-secret");
    assert_eq!(simulated.value("redirect_uri"), "http://localhost/cb");

    let address = simulated.value("base_url").strip_prefix("http://").expect("http");
    let body = "client_id=my-app&client_secret=my-secret&code=35e0ea2e9115f650b742";
    let mut stream = TcpStream::connect(address).expect("it listens");
    write!(
        stream,
        "POST /login/oauth/access_token HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("error=bad_verification_code"), "{answer}");
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
    let simulated = Simulated::start(&["simulate", "--listen", "127.0.0.1:0"][1..]);
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
