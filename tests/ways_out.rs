//! What leaves by way of other programs: what a browser and the program that prints a secret are given.

#![cfg(unix)]

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use oauthlens::flow::redaction::FORMS;

const SECRET: &str = "a1b2c3d4e5f60718293a4b5c6d7e8f9012349f0e";
/// Longer than any start takes.
const LIMIT: Duration = Duration::from_secs(60);

/// A program of that name that writes its arguments and its environment into a file, then does `more`.
fn telling(folder: &Path, name: &str, more: &str) {
    let told = folder.join("told");
    let (told, half) = (told.display(), told.with_extension("half"));
    let half = half.display();
    let script =
        format!("#!/bin/sh\n{{ printf '%s\\n' \"$@\"; env; }} > '{half}'\nmv '{half}' '{told}'\n{more}\n");
    let path = folder.join(name);
    fs::write(&path, script).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// What the program wrote down in the end.
fn told(folder: &Path) -> String {
    let started = Instant::now();
    loop {
        if let Ok(told) = fs::read_to_string(folder.join("told")) {
            return told;
        }
        assert!(started.elapsed() < LIMIT, "it was never started");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn oauthlens(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_oauthlens"));
    command
        .args(arguments)
        .env_clear()
        .env("PATH", format!("{}:/usr/bin:/bin", folder.display()))
        .env("HOME", folder)
        .env("XDG_CONFIG_HOME", folder)
        .env("LANG", "C")
        .env("DISPLAY", ":0")
        .env("KEPT", "yes")
        .env("OAUTHLENS_CLIENT_SECRET", SECRET)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

#[track_caller]
fn hides(told: &str) {
    assert!(
        told.contains("KEPT=yes"),
        "the rest of the environment is there: {told}"
    );
    for form in &FORMS {
        let written = (form.write)(SECRET);
        assert!(!told.contains(&written), "{}: {told}", form.name);
    }
    assert!(!told.contains("OAUTHLENS_"), "{told}");
}

#[test]
fn a_browser_is_told_the_address_and_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    for opener in ["xdg-open", "gio", "gnome-open", "kde-open", "wslview", "open"] {
        telling(folder.path(), opener, "");
    }
    let mut running = oauthlens(folder.path(), &["run", "--demo", "--callback-timeout", "60"])
        .env("GITHUB_TOKEN", SECRET)
        .env("MY_CLIENT_SECRET", SECRET)
        .env("SOMETHING_ELSE", SECRET)
        .spawn()
        .unwrap();
    let told = told(folder.path());
    running.kill().unwrap();
    running.wait().unwrap();
    assert!(told.contains("/login/oauth/authorize?client_id="), "{told}");
    hides(&told);
}

#[test]
fn a_program_that_prints_the_secret_is_given_none() {
    let folder = tempfile::tempdir().unwrap();
    telling(folder.path(), "vault", &format!("echo {SECRET}"));
    fs::create_dir_all(folder.path().join("oauthlens")).unwrap();
    fs::write(
        folder.path().join("oauthlens/settings.toml"),
        "[profile.app]\nclient-id = 'Ov23liAAAAAAAAAAAAAA'\nclient-secret = 'command:vault read app'\n\
         redirect-uri = 'http://127.0.0.1/callback'\n",
    )
    .unwrap();
    let mut running = oauthlens(folder.path(), &["run", "--profile", "app", "--no-browser"])
        .env_remove("OAUTHLENS_CLIENT_SECRET")
        .env("OAUTHLENS_OLD_SECRET", SECRET)
        .spawn()
        .unwrap();
    let told = told(folder.path());
    running.kill().unwrap();
    let output = running.wait_with_output().unwrap();
    assert!(told.starts_with("read\napp\n"), "{told}");
    hides(&told);
    let printed = [output.stdout, output.stderr].concat();
    let printed = String::from_utf8_lossy(&printed);
    assert!(!printed.contains(&SECRET[4..36]), "{printed}");
}
