//! Walkthrough files of a team: what is read, and what is refused with which words at which line.

use std::{collections::BTreeSet, path::Path};

use oauthlens::{
    cli::commands::read_walkthrough,
    diagnosis::{context::Facts, finding::Picture},
    lab::{
        dry_run::{Stage, rehearse},
        faults::Fault,
        walkthrough::{
            error::Reason,
            script::{Script, Show, Until},
        },
    },
    render,
    text::catalog::{Language, Messages},
};

/// The files in `tests/bad_walkthroughs`. The first line of each says what is expected:
/// `# LINE: REASON: WORDS|THAT|STAND|IN|THE|SENTENCE`.
fn bad_files() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad_walkthroughs");
    let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.to_str().unwrap().to_owned(), std::fs::read(&path).unwrap()))
        .collect();
    files.sort();
    files
}

#[test]
fn every_bad_file_is_refused_at_its_line_with_its_reason_in_both_languages() {
    let mut seen = BTreeSet::new();
    for (path, bytes) in bad_files() {
        let refusal = Script::of_a_team(&bytes).expect_err(&path);
        let text = String::from_utf8_lossy(&bytes);
        let mut expected = text
            .lines()
            .next()
            .unwrap()
            .trim_start_matches("# ")
            .splitn(3, ": ");
        let line = expected.next().unwrap();
        let reason = serde_json::to_value(refusal.reason).unwrap();
        assert_eq!(
            (refusal.line.to_string().as_str(), reason.as_str()),
            (line, expected.next()),
            "{path}: {refusal:?}"
        );
        assert_eq!(
            Some(refusal.excerpt.as_str()),
            text.lines().nth(refusal.line - 1).or(Some("")),
            "{path}"
        );
        let words = expected.next().unwrap_or_default();
        for language in Language::ALL {
            let messages = Messages::new(language);
            let error = read_walkthrough(Some(&path), &messages).unwrap_err();
            let said = error.text(messages.command_line());
            // The file's own lines may hold braces; the sentence before them may not keep a placeholder.
            let sentence = said.split("\n\n").next().unwrap();
            assert!(sentence.contains(line), "{path}: {said}");
            let filled = !["{key}", "{value}", "{expected}", "{step}", "{choice}", "{run}"]
                .iter()
                .any(|name| sentence.contains(name));
            assert!(filled, "{path}: {said}");
            for word in words.split('|') {
                assert!(sentence.contains(word), "{path}: {word:?} is not in {said}");
            }
        }
        seen.insert(refusal.reason);
    }
    let missing: Vec<&Reason> = Reason::ALL
        .iter()
        .filter(|reason| !seen.contains(reason))
        .collect();
    assert!(missing.is_empty(), "no bad file for {missing:?}");
}

#[test]
fn what_a_flow_comes_to_is_drawn_and_what_it_does_not_come_to_is_not() {
    let messages = Messages::new(Language::English);
    let flows = Fault::ALL.iter().copied().map(Some).chain([None]);
    for fault in flows {
        let name = fault.map_or("good", Fault::name);
        let transcript = rehearse(&Stage::default(), fault);
        let facts = Facts::of(&transcript);
        let token = render::drawings::token::draw(&facts, &messages, 76, false);
        let shown = Show::Token.is_reached(fault, Until::End);
        assert_eq!(!token.is_empty(), shown, "token of {name}");
        if Show::CodeLife.is_reached(fault, Until::End) {
            let life = render::draw(Picture::CodeLife, &facts, &messages, 76, false);
            assert!(!life.is_empty(), "code_life of {name}");
        }
    }
}

#[test]
fn a_team_gets_its_provider_and_a_last_word() {
    let path = concat!(env!("CARGO_TARGET_TMPDIR"), "/team.toml");
    let text = r#"
        format = 1
        name = "team"
        title = "Ours"
        [provider]
        name = "Our service"
        answers = "rfc6749"
        base_url = "https://id.example.com/"
        token_endpoint = "https://api.example.com/oauth/token"
        redirect_uri = "https://app.example.com/callback"
        scopes = ["openid", "profile"]
        [[step]]
        title = "The request"
        text = "What the browser carries."
        run = "good"
        show = ["sequence"]
    "#;
    std::fs::write(path, text).unwrap();
    let messages = Messages::new(Language::English);
    let script = read_walkthrough(Some(path), &messages).unwrap();
    assert_eq!(script.steps.len(), 2, "the last says that it is over");
    let last = script.steps.last().unwrap().text.in_language(Language::English);
    assert!(last.contains("“Ours”") && last.contains("F3"), "{last}");
    assert_eq!(script.stage.base_url, "https://id.example.com");
    assert_eq!(
        script.stage.authorization_endpoint,
        "https://id.example.com/authorize"
    );
    let transcript = rehearse(&script.stage, None);
    let facts = Facts::of(&transcript);
    let drawn = render::drawings::sequence::draw(&facts, &messages, 100);
    let drawn: String = drawn.iter().map(render::text::line::Line::text).collect();
    assert!(
        drawn.contains("Our service") && !drawn.contains("GitHub"),
        "{drawn}"
    );
    let request = facts.authorization.unwrap().2;
    assert_eq!(request.params.get("scope"), Some("openid profile"));
    assert_eq!(request.endpoint, "https://id.example.com/authorize");
    let granted = facts.current().unwrap().token().unwrap().scope.clone();
    assert_eq!(granted.unwrap(), ["openid", "profile"]);
}
