//! Settings as the commands take them: files, profiles, pairs, and what is wrong with them.

use crate::{err, json, oauthlens, out, run, status, with_settings};

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
