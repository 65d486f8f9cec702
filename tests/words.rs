//! What is said, and how: the wording of both languages, and words that depend on what happened.

use std::path::Path;

use oauthlens::{
    diagnosis::{
        context::Facts,
        examine,
        finding::{Picture, RemedyCode, offered},
    },
    oauth::time::Moment,
    render::{
        explanation::{SectionKind, Style, explain, findings::remedy_sentence},
        reports, sentences,
        text::line::{Line, Tone},
    },
    sources::{self, scenario::Scenario},
    text::catalog::{CODE, Language, Messages},
};

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn scenario(name: &str) -> Scenario {
    Scenario::read(&read(&format!("tests/scenarios/{name}.toml"))).unwrap()
}

/// Every text of a language with the file that it is in: the locale files, and that language's part of the walkthrough.
fn texts(language: &str) -> Vec<(String, String)> {
    fn gather(value: &toml::Value, into: &mut Vec<String>) {
        match value {
            toml::Value::String(text) => into.push(text.clone()),
            toml::Value::Table(table) => table.values().for_each(|value| gather(value, into)),
            toml::Value::Array(list) => list.iter().for_each(|value| gather(value, into)),
            _ => {}
        }
    }
    fn walkthrough(value: &toml::Value, language: &str, into: &mut Vec<String>) {
        match value {
            toml::Value::Table(table) => {
                for (key, value) in table {
                    if key == language {
                        gather(value, into);
                    } else {
                        walkthrough(value, language, into);
                    }
                }
            }
            toml::Value::Array(list) => list.iter().for_each(|value| walkthrough(value, language, into)),
            _ => {}
        }
    }
    let folder = format!("assets/locales/{language}");
    let mut all = Vec::new();
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(&folder)).unwrap() {
        let file = format!("{folder}/{}", entry.unwrap().file_name().to_string_lossy());
        let mut found = Vec::new();
        gather(&toml::from_str(&read(&file)).unwrap(), &mut found);
        all.extend(found.into_iter().map(|text| (file.clone(), text)));
    }
    let file = "assets/walkthrough.toml";
    let mut found = Vec::new();
    walkthrough(&toml::from_str(&read(file)).unwrap(), language, &mut found);
    all.extend(found.into_iter().map(|text| (file.to_owned(), text)));
    all
}

/// English that nobody writes who thinks in it, and one name for one thing.
#[test]
fn nothing_stands_anywhere_and_the_user_is_the_user() {
    const UNWANTED: &[&str] = &[
        " stands",
        " stand ",
        " stood",
        "on record",
        "let go",
        "weighed",
        "not taken",
        "was taken",
        "the person",
        "a person",
        "behind it",
        "behind the",
        " mended",
        " mends",
        "come of it",
        "comes of it",
        "holds a ",
        "holds characters",
        "line break stand",
    ];
    // A proxy is something that an app can be behind.
    const FINE: &[&str] = &["behind a tls proxy", "behind the proxy"];
    let texts = texts("en");
    assert!(texts.len() > 1000, "{}", texts.len());
    for (file, text) in texts {
        let lower = FINE
            .iter()
            .fold(text.to_lowercase(), |text, fine| text.replace(fine, ""));
        for word in UNWANTED {
            assert!(!lower.contains(word), "{file}: “{word}” in “{text}”");
        }
    }
}

#[test]
fn chinese_calls_a_secret_a_key_or_a_sensitive_value() {
    let texts = texts("zh-CN");
    assert!(texts.len() > 1000, "{}", texts.len());
    for (file, text) in texts {
        assert!(!text.contains("机密"), "{file}: {text}");
    }
}

#[test]
fn a_remedy_names_the_damage_that_it_undoes() {
    let cases = [
        ("secret_newline", "Use the secret without the newline"),
        ("secret_quoted", "Use the secret without the quotes"),
        ("secret_upper_case", "Use the secret in lower case"),
        (
            "id_newline_at_authorize",
            "Use the client_id without the stray characters",
        ),
    ];
    let messages = Messages::new(Language::English);
    for (name, expected) in cases {
        let findings = examine(&scenario(name).transcript);
        let sentences: Vec<String> = offered(&findings)
            .into_iter()
            .map(|(finding, remedy)| remedy_sentence(remedy, finding, &messages))
            .collect();
        assert!(
            sentences.iter().any(|sentence| sentence == expected),
            "{name}: {sentences:?}"
        );
    }
}

/// No sentence of a remedy has a hole, whatever scenario offers it.
#[test]
fn every_repair_has_words() {
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios")).unwrap() {
        let path = entry.unwrap().path();
        let scenario = Scenario::read(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let transcript = scenario
            .pasted
            .as_ref()
            .map_or(scenario.transcript.clone(), |pasted| {
                sources::read(pasted.as_bytes(), Moment(0)).unwrap()
            });
        let findings = examine(&transcript);
        for language in Language::ALL {
            let messages = Messages::new(language);
            for (finding, remedy) in offered(&findings) {
                let sentence = remedy_sentence(remedy, finding, &messages);
                assert!(!sentence.contains('{'), "{}: {sentence}", path.display());
            }
        }
    }
}

#[test]
fn a_placeholder_is_blamed_as_a_word_and_not_for_its_first_letter() {
    for name in ["secret_undefined", "id_undefined_at_authorize"] {
        let findings = examine(&scenario(name).transcript);
        let first = &findings[0];
        assert!(
            first.code.name().ends_with("is_placeholder"),
            "{name}: {}",
            first.code.name()
        );
        assert_eq!(first.value("position"), None, "{name}");
        assert_eq!(first.value("character"), None, "{name}");
    }
}

#[test]
fn nothing_needs_to_be_done_only_where_nothing_else_is_offered() {
    let good = scenario("good").transcript;
    // Scopes that are joined by commas come with advice.
    let commas = sources::read(b"access_token=gho_0123456789&scope=gist%2Crepo", Moment(0)).unwrap();
    for (transcript, alone) in [(good, true), (commas, false)] {
        let findings = examine(&transcript);
        let codes: Vec<RemedyCode> = offered(&findings).iter().map(|(_, remedy)| remedy.code).collect();
        assert_eq!(codes == [RemedyCode::NothingToDo], alone, "{codes:?}");
        assert_eq!(codes.contains(&RemedyCode::NothingToDo), alone, "{codes:?}");
    }
}

#[test]
fn nobody_is_said_to_have_given_a_value_that_was_pasted() {
    let text = "client_id=Ov23liAbCdEfGhIjKlMn&client_secret=0123456789012345678901234567890123456789&code=0123456789abcdef0123";
    let transcript = sources::read(text.as_bytes(), Moment(0)).unwrap();
    for language in Language::ALL {
        let messages = Messages::new(language);
        let words = sentences::picture(Picture::CredentialRuler, &Facts::of(&transcript), &messages);
        let default = messages.opening().origin.default;
        assert!(
            words.contains("client_secret") && !words.contains(default),
            "{words}"
        );
    }
}

/// What is code in our own words has a style on screen, backticks where they mean something, and none where they do not.
#[test]
fn code_is_a_style_and_a_backtick_of_a_value_stays_one() {
    let transcript = scenario("secret_undefined").transcript;
    let (facts, findings) = (Facts::of(&transcript), examine(&transcript));
    for language in Language::ALL {
        let messages = Messages::new(language);
        for width in [40, 60, 80, 120, 200] {
            let explanation = explain(&facts, &findings, &messages, Style::of_width(width));
            let lines = explanation.lines();
            let spans = || lines.iter().flat_map(|line| &line.0);
            assert!(spans().any(|span| span.tone == Tone::Code), "{width}");
            assert!(!spans().any(|span| span.text.contains(CODE)), "{width}");
        }
    }
    let messages = Messages::new(Language::English);
    let text = reports::text::explanation(&explain(&facts, &findings, &messages, Style::of_width(80)), false);
    assert!(!text.contains('`'), "{text}");
    assert!(text.contains("The secret that was sent is undefined."), "{text}");
    let markdown = reports::markdown::write(&facts, &findings, &messages);
    assert!(
        markdown.contains("The secret that was sent is `undefined`."),
        "{markdown}"
    );
    let json = reports::json::write(&facts, &findings, &messages);
    assert!(
        json.contains("The secret that was sent is `undefined`."),
        "{json}"
    );
    for report in [&text, &markdown, &json] {
        assert!(!report.contains(CODE));
    }
}

#[test]
fn a_backtick_from_outside_is_shown() {
    let transcript = sources::read(b"{\"error\":\"odd`code\"}", Moment(0)).unwrap();
    let (facts, findings) = (Facts::of(&transcript), examine(&transcript));
    let messages = Messages::new(Language::English);
    let text = reports::text::explanation(&explain(&facts, &findings, &messages, Style::of_width(80)), false);
    assert!(text.contains("refused the token request (odd`code)"), "{text}");
    let markdown = reports::markdown::write(&facts, &findings, &messages);
    assert!(markdown.contains("| ``odd`code`` |"), "{markdown}");
}

/// Where no redirect came, what the browser was sent with and where it stopped are all that there is to pass on.
#[test]
fn a_har_file_of_a_flow_without_an_exchange_holds_the_authorization_and_its_page() {
    let transcript = scenario("page_be_careful").transcript;
    let har: serde_json::Value = serde_json::from_str(&reports::har::write(&Facts::of(&transcript))).unwrap();
    let entries = har["log"]["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 1, "{har:#}");
    let entry = &entries[0];
    assert_eq!(entry["request"]["method"], "GET");
    assert!(
        entry["request"]["url"]
            .as_str()
            .unwrap()
            .contains("redirect_uri="),
        "{entry:#}"
    );
    assert_eq!(entry["response"]["status"], 400);
    assert!(
        entry["response"]["content"]["text"]
            .as_str()
            .unwrap()
            .contains("Be careful!"),
        "{entry:#}"
    );
}

#[test]
fn a_value_of_thousands_of_characters_is_not_printed_in_full() {
    let error = "x".repeat(5000);
    let code = "y".repeat(5000);
    let pasted = [
        format!("{{\"error\":\"{error}\",\"error_description\":\"{error}\"}}"),
        format!("client_id=Ov23liAbCdEfGhIjKlMn&client_secret=undefined&code={code}"),
    ];
    for text in pasted {
        let transcript = sources::read(text.as_bytes(), Moment(0)).unwrap();
        let (facts, findings) = (Facts::of(&transcript), examine(&transcript));
        let messages = Messages::new(Language::English);
        let explanation = explain(&facts, &findings, &messages, Style::of_width(80));
        let told = reports::text::explanation(&explanation, false);
        assert!(told.contains('…'), "{told}");
        let causes = &explanation.section(SectionKind::Causes).unwrap().lines;
        let causes: String = causes.iter().map(Line::text).collect();
        let count = |c| causes.matches(c).count();
        assert!(count('x') + count('y') < 2_500, "{causes}");
        assert!(explanation.sentence.len() < 1_000, "{}", explanation.sentence);
    }
}
