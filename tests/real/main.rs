//! Clients that others wrote, against `oauthlens simulate`: each logs in and makes each of the three errors. What the
//! program then has on standard error goes to `oauthlens explain`, which names the cause.
//!
//! `tests/real/install && cargo test --features real-clients --test real`; with `OAUTHLENS_REAL_SAID=folder` what each
//! program said is kept there.

mod client;
mod oauth2_crate;
mod person;
#[expect(dead_code, reason = "the tests in a browser use the rest of it")]
#[path = "../browser/program.rs"]
mod program;

use std::fs;

use client::{Client, Said, Slip};
use program::Program;

/// What `explain` names first for each slip; `None` where the client cannot make it. Three clients drop GitHub's answer,
/// so no reader of their log can know more than that it was dropped.
struct Named {
    wrong_secret: &'static str,
    mismatch: Option<&'static str>,
    spent: Option<&'static str>,
}

/// The codes of the findings that `explain` makes of this.
fn explained(said: &str) -> (Vec<String>, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("said.txt");
    fs::write(&file, said).expect("written");
    let path = file.to_str().expect("a path");
    let (_, document) = Program::start(&["explain", "--json", path], None).end();
    let parsed: serde_json::Value = serde_json::from_str(&document).expect("a JSON document");
    let codes = parsed["findings"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|finding| finding["code"].as_str().map(str::to_owned))
        .collect();
    (codes, document)
}

fn keep(client: &str, slip: Slip, said: &Said) {
    if let Ok(folder) = std::env::var("OAUTHLENS_REAL_SAID") {
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(format!("{folder}/{client}-{slip:?}.txt"), &said.log).expect("written");
    }
}

#[track_caller]
fn logs_in_and_errs(name: &str, client: &Client, named: &Named) {
    let good = client.run(Slip::None);
    keep(name, Slip::None, &good);
    assert_eq!(good.login.as_deref(), Some("octocat"), "{name}:\n{}", good.log);

    let mut wrong = Vec::new();
    for (slip, code) in [
        (Slip::WrongSecret, Some(named.wrong_secret)),
        (Slip::Mismatch, named.mismatch),
        (Slip::Spent, named.spent),
    ] {
        let Some(code) = code else { continue };
        let said = client.run(slip);
        keep(name, slip, &said);
        assert_eq!(said.login, None, "{name}, {slip:?}: logged in all the same");
        let (codes, document) = explained(&said.log);
        if codes.first().map(String::as_str) != Some(code) {
            wrong.push(format!(
                "{slip:?}: {code} expected, explained as {codes:?}\n{}\n{document}",
                said.log
            ));
        }
    }
    assert!(wrong.is_empty(), "{name}\n{}", wrong.join("\n"));
}

#[test]
fn octokit_oauth_app() {
    logs_in_and_errs(
        "octokit-oauth-app",
        &Client::Program(&["node", "octokit-oauth-app.js"]),
        &Named {
            wrong_secret: "credentials_refused",
            mismatch: Some("redirect_uri_refused"),
            spent: Some("code_refused"),
        },
    );
}

#[test]
fn passport_github2() {
    logs_in_and_errs(
        "passport-github2",
        &Client::Program(&["node", "passport-github2.js"]),
        &Named {
            wrong_secret: "library_hides_the_answer",
            mismatch: Some("library_hides_the_answer"),
            spent: Some("library_hides_the_answer"),
        },
    );
}

#[test]
fn authjs() {
    logs_in_and_errs(
        "authjs",
        &Client::Program(&["node", "authjs.js"]),
        &Named {
            wrong_secret: "credentials_refused",
            mismatch: Some("redirect_uri_refused"),
            spent: Some("code_refused"),
        },
    );
}

#[test]
fn requests_oauthlib() {
    logs_in_and_errs(
        "requests-oauthlib",
        &Client::Program(&["venv/bin/python", "requests_oauthlib_client.py"]),
        &Named {
            wrong_secret: "credentials_refused",
            mismatch: Some("redirect_uri_refused"),
            spent: Some("code_refused"),
        },
    );
}

#[test]
fn authlib() {
    logs_in_and_errs(
        "authlib",
        &Client::Program(&["venv/bin/python", "authlib_client.py"]),
        &Named {
            wrong_secret: "credentials_refused",
            mismatch: Some("redirect_uri_refused"),
            spent: Some("code_refused"),
        },
    );
}

#[test]
fn x_oauth2() {
    logs_in_and_errs(
        "x-oauth2",
        &Client::Program(&["./x-oauth2"]),
        &Named {
            wrong_secret: "library_hides_the_answer",
            mismatch: Some("library_hides_the_answer"),
            spent: Some("library_hides_the_answer"),
        },
    );
}

#[test]
fn crate_oauth2() {
    logs_in_and_errs(
        "crate-oauth2",
        &Client::Crate,
        &Named {
            wrong_secret: "credentials_refused",
            mismatch: Some("redirect_uri_refused"),
            spent: Some("code_refused"),
        },
    );
}

/// Its redirect URI is its own and its code is sent once, so it can only have the wrong secret.
#[test]
fn git_credential_oauth() {
    logs_in_and_errs(
        "git-credential-oauth",
        &Client::GitCredential,
        &Named {
            wrong_secret: "library_hides_the_answer",
            mismatch: None,
            spent: None,
        },
    );
}
