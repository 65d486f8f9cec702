//! What is explained and replayed, and in which forms.

use oauthlens::render::reports::REPORTS;
use serde_json::Value;

use crate::{SEED, err, explain, json, oauthlens, out, run, status};

#[test]
fn a_transcript_of_another_form_is_refused_by_name() {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("form-3.json");
    // What else is in it need not be readable to this version.
    std::fs::write(&path, r#"{"schema":3,"entries":{}}"#).unwrap();
    let path = path.to_str().unwrap();
    for language in ["en", "zh-CN"] {
        let output = run(&["replay", "--lang", language, path]);
        assert_eq!(status(&output), 2);
        let said = err(&output);
        assert!(
            said.contains(path) && said.contains('3') && said.contains('2'),
            "{said}"
        );
        assert_eq!(said.contains("reads forms 1 to 2"), language == "en", "{said}");
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
fn of_a_large_file_is_said_how_much_was_looked_into() {
    let long = format!("{}/too-long.txt", env!("CARGO_TARGET_TMPDIR"));
    let (_, answer) = SEED[0];
    for (told, exit, places) in [("", 4, "authorization: 0."), (answer, 0, "authorization: 1.")] {
        let line = "a line of another program\n";
        let lines = line.repeat((17 << 20) / line.len());
        std::fs::write(&long, format!("{lines}{told}\n{line}")).expect("a file");
        let output = run(&["explain", &long]);
        assert_eq!(status(&output), exit, "{}", out(&output));
        assert!(err(&output).contains(places), "{}", err(&output));
        let found = out(&output).contains("incorrect_client_credentials");
        assert_eq!(found, !told.is_empty(), "{}", out(&output));
    }
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
