//! The writers.

use oauthlens::{
    diagnosis::context::Facts,
    flow::redaction::Redactor,
    oauth::{
        http::HttpRequest,
        params::Params,
        secret::Secret,
        token::{AuthorizationCode, ClientAuthentication, TokenRequest},
    },
    render::{
        explanation::{Style, explain},
        reports::{curl, har, json, markdown, text},
    },
    text::catalog::{Language, Messages},
};
use serde_json::Value;

use crate::{EN, findings, stories};

#[test]
fn the_json_document_has_the_members_of_its_description() {
    let transcript = stories::find("secret_with_newline");
    let facts = Facts::of(&transcript);
    let document: Value = serde_json::from_str(&json::write(&facts, &findings(), &EN)).unwrap();
    let members: Vec<&str> = document.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        members,
        ["schema", "outcome", "error", "findings", "token", "transcript"]
    );
    assert_eq!(document["schema"], 1);
    assert_eq!(document["outcome"], "refused");
    assert_eq!(document["error"]["error"], "incorrect_client_credentials");
    let error_uri = document["error"]["error_uri"].as_str().unwrap();
    assert!(error_uri.starts_with("https://docs.github.com/"), "{error_uri}");
    let finding = &document["findings"][0];
    assert_eq!(finding["code"], "credentials_refused");
    assert_eq!(finding["certainty"], "observed");
    assert_eq!(
        finding["evidence"][1],
        serde_json::json!({ "what": "status", "value": "200" })
    );
    assert_eq!(finding["remedies"][0]["code"], "edit_client_secret");
    assert_eq!(document["token"], Value::Null);
}

#[test]
fn the_json_document_of_a_token_tells_all_but_the_token() {
    let transcript = stories::find("token");
    let facts = Facts::of(&transcript);
    let document: Value = serde_json::from_str(&json::write(&facts, &[], &EN)).unwrap();
    assert_eq!(document["outcome"], "token");
    assert_eq!(document["error"], Value::Null);
    let token = &document["token"];
    assert_eq!(token["token_type"], "bearer");
    assert_eq!(token["prefix"], "gho_");
    assert_eq!(
        token["scope_requested"],
        serde_json::json!(["repo", "user", "user:email"])
    );
    assert_eq!(token["scope_granted"], serde_json::json!(["repo", "user"]));
    assert_eq!(token["login"], "octocat");
}

#[test]
fn no_writer_lets_a_secret_out() {
    for (name, transcript) in stories::all()
        .into_iter()
        .filter(|(name, _)| *name != "many_exchanges")
    {
        let facts = Facts::of(&transcript);
        let redactor = Redactor::of(&transcript);
        let explanation = explain(&facts, &findings(), &EN, Style::of_width(80));
        let mut written = vec![
            json::write(&facts, &findings(), &EN),
            markdown::write(&facts, &findings(), &EN),
            har::write(&facts),
            text::explanation(&explanation, true),
        ];
        let exchanges = facts
            .token_exchanges
            .iter()
            .map(|e| &e.exchange)
            .chain(&facts.other_exchanges);
        written.extend(
            exchanges
                .filter_map(|e| e.request)
                .map(|request| curl::command(request, &redactor, &EN)),
        );
        for out in written {
            for secret in [stories::SECRET, stories::TOKEN] {
                assert!(!out.contains(&secret[8..32]), "{name}: {out}");
            }
            assert!(
                !out.replace("\u{1b}[", "")
                    .contains(|c: char| c.is_control() && c != '\n'),
                "{name}"
            );
        }
    }
}

#[test]
fn colour_changes_nothing_but_the_colour() {
    let transcript = stories::find("secret_with_newline");
    let facts = Facts::of(&transcript);
    let explanation = explain(&facts, &findings(), &EN, Style::of_width(80));
    let (plain, coloured) = (
        text::explanation(&explanation, false),
        text::explanation(&explanation, true),
    );
    let mut stripped = String::new();
    let mut rest = coloured.as_str();
    while let Some(at) = rest.find('\u{1b}') {
        stripped.push_str(&rest[..at]);
        rest = &rest[at..];
        rest = &rest[rest.find('m').unwrap() + 1..];
    }
    stripped.push_str(rest);
    let trimmed: Vec<&str> = stripped.lines().map(str::trim_end).collect();
    assert_eq!(trimmed, plain.lines().collect::<Vec<_>>());
    assert!(coloured.len() > plain.len());
}

fn token_request(authentication: ClientAuthentication) -> HttpRequest {
    TokenRequest {
        endpoint: "https://github.com/login/oauth/access_token".into(),
        client_id: stories::ID.into(),
        client_secret: Some(Secret::new(stories::SECRET)),
        grant: AuthorizationCode {
            code: "it's\u{1b}[31m".into(),
            ..AuthorizationCode::default()
        },
        authentication,
        accept: Some("application/json".into()),
    }
    .to_http()
}

#[test]
fn a_curl_command_leaves_secrets_to_variables_and_quotes_the_rest() {
    let post = curl::command(
        &token_request(ClientAuthentication::ClientSecretPost),
        &Redactor::default(),
        &EN,
    );
    let lines: Vec<&str> = post
        .lines()
        .map(|line| line.trim_end_matches(" \\").trim())
        .collect();
    assert!(
        lines[0].starts_with("# ") && lines[0].contains("CLIENT_SECRET"),
        "{post}"
    );
    assert_eq!(
        lines[1],
        "curl -i -X POST https://github.com/login/oauth/access_token"
    );
    assert!(
        lines.contains(&"--data-urlencode client_secret=\"$CLIENT_SECRET\""),
        "{post}"
    );
    assert!(lines.contains(&"--data-raw code=it%27s%1B%5B31m"), "{post}");
    assert!(lines.contains(&"-H 'Accept: application/json'"), "{post}");
    let basic = curl::command(
        &token_request(ClientAuthentication::ClientSecretBasic),
        &Redactor::default(),
        &EN,
    );
    assert!(
        basic.contains(&format!("-u {}:\"$CLIENT_SECRET\"", stories::ID)),
        "{basic}"
    );
    let user = HttpRequest::get("https://api.github.com/user")
        .with_header("Authorization", format!("Bearer {}", stories::TOKEN));
    let user = curl::command(&user, &Redactor::default(), &EN);
    assert!(
        user.contains("-H 'Authorization: Bearer '\"$ACCESS_TOKEN\""),
        "{user}"
    );
}

/// The shell itself says what the words of the command are.
#[cfg(unix)]
#[test]
fn a_shell_reads_the_curl_command_as_it_is_meant() {
    let command = curl::command(
        &token_request(ClientAuthentication::ClientSecretPost),
        &Redactor::default(),
        &EN,
    );
    let script = format!("CLIENT_SECRET=s3; curl() {{ printf '%s\\0' \"$@\"; }}\n{command}");
    let Ok(output) = std::process::Command::new("bash").args(["-c", &script]).output() else {
        return;
    };
    let words: Vec<String> = output
        .stdout
        .split(|byte| *byte == 0)
        .map(|word| String::from_utf8_lossy(word).into_owned())
        .collect();
    let sent: Params = Params(
        words
            .windows(2)
            .filter(|pair| pair[0] == "--data-urlencode")
            .filter_map(|pair| pair[1].split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
    );
    assert_eq!(sent.get("client_secret"), Some("s3"));
    // In its encoding, since a terminal would obey it.
    assert!(words.contains(&"code=it%27s%1B%5B31m".to_owned()), "{command}");
    assert_eq!(sent.get("client_id"), Some(stories::ID));
}

#[test]
fn a_har_file_has_the_members_that_the_format_demands() {
    let transcript = stories::find("token");
    let har: Value = serde_json::from_str(&har::write(&Facts::of(&transcript))).unwrap();
    assert_eq!(har["log"]["version"], "1.2");
    let entries = har["log"]["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 3);
    let authorization = &entries[0]["request"];
    assert!(
        authorization["url"]
            .as_str()
            .unwrap()
            .contains("/login/oauth/authorize?")
    );
    for entry in entries {
        for member in [
            "startedDateTime",
            "time",
            "request",
            "response",
            "cache",
            "timings",
        ] {
            assert!(entry.get(member).is_some(), "{member}");
        }
        for member in [
            "method",
            "url",
            "httpVersion",
            "cookies",
            "headers",
            "queryString",
            "headersSize",
            "bodySize",
        ] {
            assert!(entry["request"].get(member).is_some(), "request.{member}");
        }
        for member in [
            "status",
            "statusText",
            "httpVersion",
            "cookies",
            "headers",
            "content",
            "redirectURL",
            "headersSize",
            "bodySize",
        ] {
            assert!(entry["response"].get(member).is_some(), "response.{member}");
        }
    }
    assert_eq!(entries[1]["startedDateTime"], "2026-02-25T06:13:24.200Z");
    let params = entries[1]["request"]["postData"]["params"].as_array().unwrap();
    assert!(
        params
            .iter()
            .any(|param| param["name"] == "client_secret" && param["value"] != stories::SECRET)
    );
}

#[test]
fn a_markdown_report_cannot_be_broken_out_of() {
    let mut story = stories::Story::live();
    story.with_code().exchange(4_200, "", None).answer(
        4_300,
        200,
        "text/plain",
        "```\n<script>alert(1)</script>\n````\n[x](javascript:y)",
    );
    let transcript = story.told();
    for language in Language::ALL {
        let written = markdown::write(&Facts::of(&transcript), &findings(), &Messages::new(language));
        let mut fence: Option<&str> = None;
        for line in written.lines() {
            let ticks = &line[..line.len() - line.trim_start_matches('`').len()];
            match fence {
                None if ticks.len() >= 3 => fence = Some(ticks),
                Some(open) if line == open => fence = None,
                Some(_) => {}
                None => assert!(!line.contains("<script>"), "{line}"),
            }
        }
        assert_eq!(fence, None, "{written}");
    }
}
