//! The exported curl command runs in real shells: a stand-in `curl` prints the arguments that it got, and nothing else runs.

#![cfg(unix)]

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Command, Stdio},
};

use oauthlens::{
    flow::redaction::Redactor,
    oauth::{
        http::HttpRequest,
        params::{Params, encode_value},
        token::USER_AGENT,
    },
    render::reports::curl,
    text::catalog::{Language, Messages},
};
use proptest::prelude::*;

/// What is a POSIX shell on every system, and those that people paste into.
const SHELLS: [&str; 4] = ["sh", "bash", "zsh", "dash"];

/// A directory with a `curl` that prints its arguments, a NUL behind each.
fn stand_in() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("curl");
    fs::write(&path, "#!/bin/sh\nprintf '%s\\0' \"$@\"\n").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    directory
}

/// What the stand-in was given; `None` where there is no such shell.
fn run(shell: &str, directory: &Path, command: &str) -> Option<Vec<String>> {
    // Nothing but the stand-in can be found: a command that broke out of its quotes fails, and says so.
    let ran = Command::new(
        ["/bin/", "/usr/bin/"]
            .into_iter()
            .map(|room| format!("{room}{shell}"))
            .find(|path| Path::new(path).exists())?,
    )
    .arg("-c")
    .arg(command)
    .current_dir(directory)
    .env_clear()
    .env("PATH", directory)
    .env("CLIENT_SECRET", "the secret")
    .stdin(Stdio::null())
    .output()
    .unwrap();
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(
        ran.status.success() && said.is_empty(),
        "{shell}: {said}\n{command}"
    );
    let out = String::from_utf8(ran.stdout).unwrap();
    Some(out.split_terminator('\0').map(str::to_owned).collect())
}

/// The pairs that curl would send for these arguments, read as its manual has it.
fn sent(arguments: &[String]) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for window in arguments.windows(2) {
        let (name, value) = window[1].split_once('=').unwrap_or_default();
        let decoded = |text: &str| Params::decode(&format!("={text}")).0.swap_remove(0).1;
        match window[0].as_str() {
            "--data-urlencode" => pairs.push((decoded(name), value.to_owned())),
            "--data-raw" => pairs.push((decoded(name), decoded(value))),
            _ => {}
        }
    }
    pairs
}

fn holds(directory: &Path, header: &str, query: &str, pairs: &[(String, String)]) {
    let body: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encode_value(name), encode_value(value)))
        .collect();
    let url = format!("https://id.example/token?q={query}");
    let request = HttpRequest {
        method: "POST".into(),
        url: url.clone(),
        headers: vec![
            ("User-Agent".into(), USER_AGENT.into()),
            ("X-Odd".into(), header.into()),
        ],
        body: body.join("&").into_bytes(),
    }
    .with_header("Content-Type", "application/x-www-form-urlencoded");
    let messages = Messages::new(Language::English);
    let command = curl::command(&request, &Redactor::default(), &messages);
    assert!(
        !command.contains(|c: char| c != '\n' && c.is_control()),
        "a terminal would obey this: {command:?}"
    );
    for shell in SHELLS {
        let Some(arguments) = run(shell, directory, &command) else {
            continue;
        };
        assert_eq!(arguments[..3], ["-i", "-X", "POST"], "{shell}: {command}");
        assert!(arguments.contains(&url.replace('\0', "")), "{shell}: {command}");
        let field = if header.is_empty() {
            "X-Odd;".to_owned()
        } else {
            format!("X-Odd: {header}")
        };
        assert!(arguments.contains(&field.replace('\0', "")), "{shell}: {command}");
        assert_eq!(sent(&arguments), pairs, "{shell}: {command}");
    }
}

#[test]
fn a_code_with_a_line_break_and_a_quote_runs_nothing() {
    let directory = stand_in();
    for code in [
        "x\n';echo broken out;'",
        "x\r\n'; touch broken #",
        "$(echo x)`echo y`\\'\"!!",
        "\u{9b}31m\u{202e}\u{1b}]0;x\u{7}\n\n",
        "\0",
        "=ls",
        "@/etc/passwd",
        "-o",
    ] {
        let pairs = [
            ("code".to_owned(), code.to_owned()),
            ("=ls".to_owned(), String::new()),
        ];
        holds(directory.path(), code, code, &pairs);
    }
}

#[test]
fn a_secret_is_read_from_its_variable() {
    let directory = stand_in();
    let request = HttpRequest {
        method: "POST".into(),
        url: "https://id.example/token".into(),
        headers: vec![],
        body: b"Client-Secret=a1b2c3d4e5f6%0A&code=x".to_vec(),
    }
    .with_header("Content-Type", "application/x-www-form-urlencoded");
    let messages = Messages::new(Language::English);
    let command = curl::command(&request, &Redactor::default(), &messages);
    assert!(!command.contains("a1b2c3d4e5f6"), "{command}");
    let arguments = run("sh", directory.path(), &command).unwrap();
    assert_eq!(sent(&arguments)[0], ("Client-Secret".into(), "the secret".into()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_shell_hands_over_what_was_sent(
        header in "[ -~\\t\\x00-\\x1f\\u{7f}-\\u{ff}\\u{202a}-\\u{202e}é端]{0,20}",
        query in "[ -~\\n\\r\\u{80}-\\u{9f}']{0,20}",
        pairs in prop::collection::vec(("[a-z'$=@ \\n]{1,6}", "[ -~\\n\\r\\t\\u{0}-\\u{1f}'\"$`\\\\é\\u{202e}]{0,24}"), 1..4),
    ) {
        holds(stand_in().path(), &header, &query, &pairs);
    }
}
