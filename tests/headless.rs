//! The real binary without a terminal: exit status, streams, JSON, secrets.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, Command, Output, Stdio},
};

use oauthlens::{
    lab::faults::{Expected, Fault},
    render::reports::REPORTS,
};
use serde_json::Value;

/// The three answers of the mission's source, as GitHub's documentation prints them (docs/github.md §3).
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

/// What is recognised ends well, whatever it says; what is not, does not.
#[test]
fn what_was_recognised_is_exit_0() {
    for (text, exit, outcome) in [
        ("HTTP/2 429\nretry-after: 60\n\n", 0, "refused"),
        ("HTTP/2 403\n\n<html></html>", 0, "refused"),
        ("HTTP/2 404\n\n<html></html>", 0, "refused"),
        ("HTTP/1.1 407 Proxy\n\n<html></html>", 0, "unanswered"),
        (
            "HTTP/1.1 502 Bad\n\n<html><title>502 Bad Gateway</title></html>",
            0,
            "unanswered",
        ),
        (
            "HTTP/1.1 401 No\nWWW-Authenticate: Basic realm=\"x\"\n\n",
            0,
            "refused",
        ),
        ("curl: (6) Could not resolve host: github.com", 0, "unanswered"),
        ("client_id=i&client_secret=undefined&code=c", 0, "unanswered"),
        (
            "https://github.com/login/oauth/authorize?client_id=undefined",
            0,
            "unanswered",
        ),
        ("http://localhost/cb?code=c&state=s", 0, "unanswered"),
        (
            r#"{"add_scopes":["repo"],"note":"admin script"}"#,
            4,
            "unrecognised",
        ),
        ("<html><title>Welcome</title></html>", 4, "unrecognised"),
    ] {
        let output = explain(&["--json"], text);
        assert_eq!(status(&output), exit, "{text}");
        assert_eq!(json(&output)["outcome"], outcome, "{text}");
    }
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
        text.contains(&address) && text.contains("--redirect-uri http://127.0.0.1/callback"),
        "{text}"
    );
    // The option that chose the port is the one to change.
    let tunnelled = [
        "--redirect-uri",
        "http://127.0.0.1:1/callback",
        "--listen",
        &address,
    ];
    let output = run(&[&["run", "--demo", "--approve"], &tunnelled[..]].concat());
    assert_eq!(status(&output), 2);
    let text = err(&output);
    assert!(text.contains("--listen 127.0.0.1:PORT"), "{text}");
}

/// As `nohup` starts it: the simulator goes on when the terminal is closed.
#[cfg(target_os = "linux")]
#[test]
fn a_simulator_that_ignores_the_hang_up_outlives_it() {
    let script = format!("trap '' HUP; exec {} simulate", env!("CARGO_BIN_EXE_oauthlens"));
    let mut child = Command::new("sh")
        .args(["-c", &script])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("a shell");
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let base = lines.next().expect("a line").expect("readable");
    let address = base
        .strip_prefix("base_url=http://")
        .expect("its address")
        .to_owned();
    let asks = || {
        let mut stream = TcpStream::connect(&address).expect("it listens");
        let request = "GET /meta HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        answer
    };
    let signal = |name: &str| {
        let id = child.id().to_string();
        let sent = Command::new("kill").args([name, &id]).status();
        assert!(sent.expect("kill").success(), "{name}");
    };
    // Once it answers it listens for its signals; whether for this one too, the system tells.
    assert!(asks().starts_with("HTTP/1.1 "));
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).expect("its status");
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = u64::from_str_radix(ignored.expect("a mask").trim(), 16).expect("a number");
    assert_eq!(ignored & 1, 1, "SIGHUP is still ignored");
    signal("-HUP");
    assert!(asks().starts_with("HTTP/1.1 "));
    signal("-TERM");
    let ended = child.wait().expect("it ends");
    assert_eq!(ended.code(), Some(0), "by what asks it to: {ended}");
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
    fn start(arguments: &[&str], values: usize) -> Self {
        let mut command = oauthlens(&[&["simulate"], arguments].concat());
        let mut child = command.env("S", "my-secret").spawn().expect("the binary runs");
        let lines = BufReader::new(child.stdout.take().expect("a pipe"))
            .lines()
            .take(values);
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
        "--registered-redirect-uri",
        "https://app.example/cb",
    ];
    let simulated = Simulated::start(&arguments, 5);
    let names: Vec<&str> = simulated.values.iter().map(|(name, _)| name.as_str()).collect();
    let redirect_uris = ["redirect_uri", "redirect_uri"];
    assert_eq!(names[..3], ["base_url", "client_id", "client_secret"]);
    assert_eq!(names[3..], redirect_uris);
    assert_eq!(simulated.values[4].1, "https://app.example/cb");
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

/// The binary with this settings file.
fn with_settings(name: &str, settings: &str, arguments: &[&str]) -> Command {
    let folder = format!("{}/{name}", env!("CARGO_TARGET_TMPDIR"));
    std::fs::create_dir_all(format!("{folder}/oauthlens")).expect("a folder");
    std::fs::write(format!("{folder}/oauthlens/settings.toml"), settings).expect("a file");
    let mut command = oauthlens(arguments);
    command.env("HOME", &folder).env("XDG_CONFIG_HOME", &folder);
    command
}

#[test]
fn help_and_refusals_are_said_in_the_language_that_was_chosen() {
    for command in ["", "demo", "walkthrough", "run", "explain", "replay", "simulate"] {
        let mut arguments = vec!["--lang", "zh-CN", command, "--help"];
        arguments.retain(|argument| !argument.is_empty());
        let output = run(&arguments);
        assert_eq!(status(&output), 0);
        let text = out(&output);
        assert!(
            text.contains("用法：oauthlens") && text.contains("显示帮助"),
            "{text}"
        );
        assert!(
            !text.contains("Usage") && !text.contains("Print") && !text.contains("The "),
            "{text}"
        );
    }
    for arguments in [
        &["run", "--bogus", "--lang", "zh-CN"][..],
        &["--lang=zh-CN", "run", "--bogus"],
    ] {
        let output = run(arguments);
        assert_eq!(status(&output), 2);
        assert!(err(&output).contains("不认识参数“--bogus”"), "{}", err(&output));
        assert!(!err(&output).contains("error"), "{}", err(&output));
    }
    let chinese = oauthlens(&["run", "--bogus"]).env("LANG", "zh_CN.UTF-8").output();
    assert!(err(&chinese.expect("the binary runs")).contains("不认识参数"));
    let output = run(&["run", "--bogus"]);
    assert!(
        err(&output).contains("unexpected argument '--bogus'"),
        "{}",
        err(&output)
    );
    let version = format!("oauthlens {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(out(&run(&["-V"])), version);
    let output = run(&["--version"]);
    assert_eq!(status(&output), 0);
    let built_in = out(&output).strip_prefix(&version).map(str::to_owned);
    assert!(
        built_in.is_some_and(|text| text.contains("languages: en, zh-CN\n")),
        "{}",
        out(&output)
    );
}

#[test]
fn language_and_colours_may_stand_before_the_command_and_are_checked_everywhere() {
    let output = run(&["--lang", "zh-CN", "--theme", "dark", "run", "--demo", "--approve"]);
    assert_eq!(status(&output), 0, "{}", err(&output));
    assert!(err(&output).contains("模拟"), "{}", err(&output));
    for command in ["run", "explain", "demo"] {
        let output = run(&[command, "--theme", "pink"]);
        assert_eq!(status(&output), 2, "{command}");
        assert!(err(&output).contains("--theme pink"), "{}", err(&output));
    }
    let output = run(&["--client-id", "x", "run", "--demo", "--approve"]);
    assert_eq!(status(&output), 2);
    assert!(
        err(&output).contains("--client-id cannot come before"),
        "{}",
        err(&output)
    );
    for arguments in [
        &["demo", "--json"][..],
        &["demo", "--host", "x"],
        &["walkthrough", "--json"],
    ] {
        assert_eq!(status(&run(arguments)), 2, "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_result_that_cannot_be_written_is_an_error_and_a_closed_pipe_is_none() {
    let scenario = format!("{}/tests/scenarios/good.toml", env!("CARGO_MANIFEST_DIR"));
    for arguments in [
        &["run", "--demo", "--approve"][..],
        &["run", "--demo", "--approve", "--json"],
        &["replay", &scenario, "--format", "har"],
        &["explain"],
        &["simulate"],
        &["--help"],
    ] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
        let output = oauthlens(arguments)
            .stdout(full.expect("/dev/full"))
            .output()
            .expect("the binary runs");
        assert_eq!(status(&output), 2, "{arguments:?}");
        assert!(err(&output).contains("standard output"), "{}", err(&output));
    }
    let mut child = oauthlens(&["run", "--demo", "--approve"])
        .spawn()
        .expect("the binary runs");
    drop(child.stdout.take());
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

#[test]
fn a_secret_that_is_empty_is_no_secret() {
    let folder = env!("CARGO_TARGET_TMPDIR");
    let empty = format!("{folder}/empty-secret");
    std::fs::write(&empty, "").expect("a file");
    for (secret, word) in [
        (["--client-secret-file", "-"], "standard input was empty"),
        (["--client-secret-file", &empty], "empty-secret is empty"),
        (["--client-secret-env", "EMPTY"], "EMPTY is set, but empty"),
    ] {
        let mut command = oauthlens(&[&["run", "--client-id", "x"], &secret[..]].concat());
        let output = command.env("EMPTY", "").output().expect("the binary runs");
        assert_eq!(status(&output), 2, "{secret:?}");
        assert!(err(&output).contains(word), "{}", err(&output));
    }
}

#[test]
fn what_is_registered_is_checked_and_in_a_demo_it_is_what_the_simulator_knows() {
    for arguments in [
        &["run", "--demo", "--registered-redirect-uri", "zzz"][..],
        &["simulate", "--registered-redirect-uri", "zzz"],
    ] {
        let output = run(arguments);
        assert_eq!(status(&output), 2, "{arguments:?}");
        assert!(
            err(&output).contains("--registered-redirect-uri: \"zzz\""),
            "{}",
            err(&output)
        );
    }
    let elsewhere = ["--registered-redirect-uri", "https://app.example/callback"];
    let output = run(&[&["run", "--demo", "--approve"], &elsewhere[..]].concat());
    assert_eq!(status(&output), 1, "{}", out(&output));
    assert!(
        out(&output).contains("https://app.example/callback"),
        "{}",
        out(&output)
    );
}

#[test]
fn a_taken_port_of_the_simulator_is_named_with_its_own_option() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let output = run(&["simulate", "--listen", &address]);
    assert_eq!(status(&output), 2);
    let text = err(&output);
    assert!(
        text.contains(&address) && text.contains("--listen 127.0.0.1:0"),
        "{text}"
    );
    assert!(!text.contains("--redirect-uri"), "{text}");
}

#[test]
fn everything_that_is_wrong_with_a_settings_file_is_said_at_once() {
    let file = "clientid = 'x'\nscope = 1\n\n[profile.work]\nclient-secret = 'hunter2hunter2'\n";
    let output = with_settings("unchecked", file, &["config", "check"])
        .output()
        .expect("the binary runs");
    assert_eq!(status(&output), 2);
    let text = out(&output);
    for part in [
        "settings.toml:1:1: ",
        "Expected: client-id",
        "settings.toml:2:1: ",
        "settings.toml:5:1: ",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("hunter2"), "{text}");
}

#[test]
fn a_profile_is_an_app_with_its_secret_elsewhere() {
    let file = "client-id = 'common'\n[profile.work]\nhost = 'git.example.com:1'\nclient-id = 'of-work'\n\
                client-secret = 'command:printf of-a-vault'\nredirect-uri = 'http://127.0.0.1/callback'\n";
    let arguments = [
        "run",
        "--profile",
        "work",
        "--no-browser",
        "--callback-timeout",
        "0",
    ];
    let output = with_settings("profiles", file, &arguments)
        .output()
        .expect("the binary runs");
    let text = err(&output);
    assert!(
        text.contains("https://git.example.com:1/login/oauth/authorize?client_id=of-work&"),
        "{text}"
    );
    assert!(!text.contains("of-a-vault"), "{text}");
    let output = with_settings("profiles", file, &["run", "--profile", "wor"])
        .output()
        .expect("the binary runs");
    assert_eq!(status(&output), 2);
    assert!(err(&output).contains("Expected: work"), "{}", err(&output));
}

#[test]
fn a_broken_settings_file_stops_only_what_needs_it() {
    let broken = "# mine\nclient-id = 5\n";
    let output = with_settings("broken", broken, &["run"])
        .output()
        .expect("the binary runs");
    assert_eq!(status(&output), 2);
    let text = err(&output);
    assert!(
        text.contains("settings.toml:2:1: ") && text.contains("client-id"),
        "{text}"
    );
    let scenario = format!("{}/tests/scenarios/good.toml", env!("CARGO_MANIFEST_DIR"));
    for (arguments, expected) in [
        (&["explain"][..], 4),
        (&["run", "--demo", "--approve"], 0),
        (&["replay", &scenario], 0),
    ] {
        let output = with_settings("broken", broken, arguments)
            .output()
            .expect("the binary runs");
        assert_eq!(status(&output), expected, "{arguments:?}: {}", err(&output));
    }
}

#[test]
fn an_empty_scope_asks_for_none() {
    let document = json(&run(&["run", "--demo", "--approve", "--json", "--scope", ""]));
    assert_eq!(document["outcome"], "token");
    assert_eq!(document["token"]["scope_requested"], serde_json::json!([]));
}

#[test]
fn a_pair_from_two_prefixes_is_remarked_on() {
    let mut command = oauthlens(&[
        "run",
        "--no-browser",
        "--callback-timeout",
        "0",
        "--redirect-uri",
        "http://127.0.0.1/callback",
    ]);
    let output = command
        .env("OAUTHLENS_CLIENT_ID", "Ov23liAAAAAAAAAAAAAA")
        .env("GITHUB_CLIENT_SECRET", "a1b2c3d4e5f60718293a4b5c6d7e8f9012349f0e")
        .output()
        .expect("the binary runs");
    let text = err(&output);
    assert!(
        text.contains("OAUTHLENS_CLIENT_ID") && text.contains("GITHUB_CLIENT_SECRET"),
        "{text}"
    );
}

#[test]
fn too_long_a_file_is_refused_with_the_limit() {
    let long = format!("{}/too-long.txt", env!("CARGO_TARGET_TMPDIR"));
    std::fs::write(&long, "a".repeat(17 << 20)).expect("a file");
    let output = run(&["explain", &long]);
    assert_eq!(status(&output), 2);
    assert!(err(&output).contains("16 MiB"), "{}", err(&output));
}

#[test]
fn the_page_about_an_error_can_be_copied_from_a_report() {
    let (_, answer) = SEED[0];
    let text = out(&explain(&[], answer));
    let whole = text.lines().any(|line| {
        line.starts_with("https://docs.github.com/apps/") && line.ends_with("#incorrect-client-credentials")
    });
    assert!(whole, "{text}");
    for language in ["en", "zh-CN"] {
        let text = out(&explain(&["--plain", "--lang", language], answer));
        assert!(!text.contains("..") && !text.contains("。。"), "{text}");
    }
}

#[test]
fn a_transcript_is_replayed_in_every_form() {
    let secret = "a1b2c3d4e5f60718293a4b5c6d7e8f9012349f0e";
    let saved = format!("{}/with-secrets.json", env!("CARGO_TARGET_TMPDIR"));
    let mut command = oauthlens(&[
        "run",
        "--demo",
        "--approve",
        "--client-secret-env",
        "S",
        "--save",
        &saved,
        "--with-secrets",
    ]);
    assert_eq!(
        status(&command.env("S", secret).output().expect("the binary runs")),
        1
    );
    for (format, beginning) in [
        ("text", "The built-in simulator"),
        ("json", "{"),
        ("markdown", "# "),
        ("har", "{"),
        ("curl", "# "),
    ] {
        let output = run(&["replay", &saved, "--format", format]);
        assert_eq!(status(&output), 1, "{format}: {}", err(&output));
        let text = out(&output);
        assert!(
            text.starts_with(beginning) || format == "text",
            "{format}: {text}"
        );
        assert!(!text.contains(&secret[4..36]), "{format}: {text}");
    }
    let har = json(&run(&["replay", &saved, "--format", "har"]));
    assert_eq!(har["log"]["version"], "1.2");
    let curl = out(&run(&["replay", &saved, "--format", "curl"]));
    assert!(
        curl.contains("curl -i -X POST ") && curl.contains("\"$CLIENT_SECRET\""),
        "{curl}"
    );
    let short = json(&run(&["replay", &saved, "--json"]));
    assert_eq!(short, json(&run(&["replay", &saved, "--format", "json"])));
    assert_eq!(status(&run(&["replay", &saved, "--json", "--format", "text"])), 2);
}

#[test]
fn run_and_explain_write_every_form_that_replay_writes() {
    for report in REPORTS {
        let flow = run(&[
            "run",
            "--demo",
            "--approve",
            "--fault",
            "wrong_client_secret",
            "--format",
            report.name,
        ]);
        assert_eq!(status(&flow), 1, "{}: {}", report.name, err(&flow));
        let explained = explain(&["--format", report.name], SEED[0].1);
        assert_eq!(status(&explained), 0, "{}: {}", report.name, err(&explained));
        for output in [flow, explained] {
            let text = out(&output);
            let holds = match report.name {
                "text" => text.contains("incorrect_client_credentials"),
                "json" => json(&output)["error"]["error"] == "incorrect_client_credentials",
                "markdown" | "curl" => text.starts_with("# "),
                "svg" => text.starts_with("<svg ") && text.contains("incorrect_client_credentials"),
                "har" => json(&output)["log"]["version"] == "1.2",
                other => panic!("{other} is not looked at here"),
            };
            assert!(holds, "{}: {text}", report.name);
        }
    }
    let unknown = run(&["run", "--demo", "--approve", "--format", "yaml"]);
    assert_eq!(status(&unknown), 2);
    assert!(err(&unknown).contains("yaml"), "{}", err(&unknown));
    for conflict in ["--json", "--plain"] {
        let refused = run(&["run", "--demo", "--approve", "--format", "har", conflict]);
        assert_eq!(status(&refused), 2, "{conflict}");
    }
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
