//! The real binary without a terminal: exit status, streams, JSON, secrets.

mod device;
mod explain;
mod run;
mod settings;
mod simulate;
mod token;
mod usage;

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, Command, Output, Stdio},
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
