//! What libraries say: the tables, the page about them, and what becomes of a message that is saved and read again.

use std::{fmt::Write as _, path::Path};

use oauthlens::{
    diagnosis::{
        examine,
        libraries::{Kind, Library, libraries},
        rule::Code,
        rules::library,
    },
    flow::transcript::{Observation, Transcript},
    oauth::time::Moment,
    sources,
    text::catalog::{Language, Messages},
};

const NOW: Moment = Moment(1_795_435_200_000);

fn read(text: &str) -> Transcript {
    sources::read(text.as_bytes(), NOW).unwrap_or_else(|_| panic!("{text}"))
}

fn first(text: &str) -> Code {
    examine(&read(text)).remove(0).code
}

#[test]
fn what_a_word_stands_for_is_known_as_an_answer() {
    assert_eq!(library::unknown_meanings(), [""; 0]);
}

#[test]
fn every_nuance_has_words_in_both_languages() {
    for language in Language::ALL {
        let messages = Messages::new(language);
        let values = &messages.findings().value;
        for library in libraries() {
            for row in library.message.iter().filter(|row| !row.more.is_empty()) {
                let what = match row.is {
                    Kind::HidesTheAnswer => "hidden_answer",
                    Kind::Word => "word_for",
                    Kind::RefusesAGoodAnswer => "good_answer",
                    Kind::StateCheck => "state_check",
                    Kind::NotPassedOn => "not_passed_on",
                    _ => panic!("{}: nothing is said of `{}`", row.name, row.more),
                };
                assert!(values[what].contains_key(&row.more), "{}: {}", row.name, row.more);
            }
            if let Some(repeats) = &library.wire.repeats {
                assert!(values["repeats"].contains_key(repeats), "{}", library.name);
            }
        }
    }
}

#[test]
fn a_message_that_was_saved_is_told_the_same() {
    let transcript = read("RPError: state mismatch, expected one, got: another");
    let saved = serde_json::to_string(&transcript).unwrap();
    let again: Transcript = serde_json::from_str(&saved).unwrap();
    assert!(saved.contains("library_said"), "{saved}");
    assert_eq!(again, transcript);
    assert_eq!(examine(&again), examine(&transcript));
}

#[test]
fn a_row_of_another_version_says_nothing_and_breaks_nothing() {
    let mut transcript = read("TypeError: no access token provided");
    for entry in &mut transcript.entries {
        if let Observation::LibrarySaid { message } = &mut entry.observation {
            message.row = "of_tomorrow".into();
        }
    }
    assert_eq!(examine(&transcript), []);
}

#[test]
fn the_answer_decides_where_it_stands_beside_the_message() {
    for (answer, code) in [
        (
            r#"{"error":"incorrect_client_credentials"}"#,
            Code::CredentialsRefused,
        ),
        ("error=redirect_uri_mismatch", Code::RedirectUriRefused),
        ("{ error: 'bad_verification_code' }", Code::CodeRefused),
    ] {
        let text = format!("ClientError: invalid response encountered\n  body: {answer}\n");
        let findings = examine(&read(&text));
        assert_eq!(findings[0].code, code, "{answer}");
        assert!(
            findings
                .iter()
                .all(|finding| finding.code != Code::LibraryHidesAnswer),
            "{answer}: it is not hidden"
        );
    }
}

#[test]
fn a_library_s_word_is_not_taken_for_another_servers_code() {
    assert_eq!(
        first("https://app.example/api/auth/error?error=invalid_code"),
        Code::LibraryWord
    );
    assert_eq!(first(r#"{"ok":false,"error":"invalid_code"}"#), Code::CodeRefused);
}

#[test]
fn a_quoted_beginning_leaves_what_begins_so() {
    for (begun, stands_for) in [
        ("error=bad_", "bad_verification_code"),
        ("error=inco", "incorrect_client_credentials"),
        ("error=redi", "redirect_uri_mismatch"),
    ] {
        let text = format!(r#"SyntaxError: Unexpected token 'e', "{begun}"... is not valid JSON"#);
        let findings = examine(&read(&text));
        assert_eq!(findings[0].value("stands_for"), Some(stands_for), "{begun}");
    }
}

/// `docs/libraries.md` is written from the tables: `WRITE_DOCS=1 cargo test --test libraries`.
#[test]
fn the_page_about_libraries_is_that_of_the_tables() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/libraries.md");
    let page = page();
    if std::env::var_os("WRITE_DOCS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        there == page,
        "docs/libraries.md is not up to date: WRITE_DOCS=1 cargo test --test libraries"
    );
}

fn page() -> String {
    let mut page = String::from(INTRODUCTION);
    let mut from = "";
    let mut known: Vec<&Library> = libraries().collect();
    known.sort_by_key(|library| (library.from.to_lowercase(), library.name.to_lowercase()));
    for library in known {
        if library.from != from {
            from = &library.from;
            let _ = write!(page, "\n## {from}\n");
        }
        let _ = write!(page, "\n### {}\n\n", library.name);
        if !library.versions.is_empty() {
            let _ = writeln!(page, "Versions: {}.", library.versions);
        }
        if let Some(wire) = on_the_wire(library) {
            let _ = writeln!(page, "{wire}");
        }
        if !library.shows.is_empty() {
            let _ = write!(page, "\n```text\n{}\n```\n", library.shows);
        }
        if !library.message.is_empty() {
            page.push_str("\n| Message | Finding |\n|---|---|\n");
        }
        for row in &library.message {
            let patterns: Vec<String> = row
                .pattern
                .iter()
                .map(|pattern| format!("`{}`", pattern.replace('|', "\\|")))
                .collect();
            let mut finding = format!("`{}`", finding(row.is));
            if !row.more.is_empty() {
                let _ = write!(finding, ", {}", row.more.replace('_', " "));
            }
            if !row.means.is_empty() {
                let _ = write!(finding, ": {}", row.means.join(", "));
            }
            let _ = writeln!(page, "| {} | {finding} |", patterns.join("<br>"));
        }
    }
    page
}

fn on_the_wire(library: &Library) -> Option<String> {
    let wire = &library.wire;
    let mut said = Vec::new();
    if !wire.user_agent.is_empty() {
        said.push(format!(
            "its User-Agent begins with `{}`",
            wire.user_agent.join("` or `")
        ));
    }
    match wire.accept.as_str() {
        "json" => said.push("it asks for JSON".into()),
        "none" => said.push("it does not ask for JSON, so GitHub answers with a form".into()),
        _ => {}
    }
    match (wire.credentials.as_str(), wire.basic.as_str()) {
        ("body", _) => said.push("id and secret stand in the body".into()),
        ("basic", "raw") => said.push("id and secret stand in a Basic header, not encoded before".into()),
        ("basic", _) => said.push("id and secret stand in a Basic header, form-encoded before".into()),
        _ => {}
    }
    if wire.without_redirect_uri {
        said.push("it leaves `redirect_uri` out".into());
    }
    match wire.repeats.as_deref() {
        Some("basic_then_body") => {
            said.push("refused, it sends the code once more with the credentials in the body".into());
        }
        Some("as_documented") => said.push("used as its documentation shows, it sends the code twice".into()),
        Some("on_failure") => said.push("it sends the code again after 429 and 5xx".into()),
        _ => {}
    }
    (!said.is_empty()).then(|| format!("At the token endpoint {}.", said.join("; ")))
}

fn finding(kind: Kind) -> &'static str {
    match kind {
        Kind::HidesTheAnswer => "library_hides_the_answer",
        Kind::Word | Kind::PassesOn => "library_word",
        Kind::RefusesAGoodAnswer => "library_refuses_a_good_answer",
        Kind::RefusesIss => "library_refuses_iss",
        Kind::StateCheck => "library_state_check",
        Kind::ReturnsTheErrorAsToken => "library_returns_the_error_as_token",
        Kind::NotPassedOn => "redirect_not_passed_on",
        Kind::HoldsTooLittle => "log_holds_too_little",
    }
}

const INTRODUCTION: &str = "\
# What libraries say

Written from the tables in [assets/libraries](../assets/libraries); a test holds the two together.

When a flow fails inside a library, its message is often all there is, and it is no answer of a server: it may hide the
answer, or put a word of the library's own in its place. `oauthlens explain` knows these messages and says what can be told
from each, never more; where the answer stands in the same text, the answer decides. Under each library stands a line that
makes it show the answer.

In a message `*` stands for any text and `{name}` for a text that is kept; a quotation mark may be single or escaped.
Libraries without versions are known by their wording only.
";
