//! The same fact is on a page once, and a server's words are.

use oauthlens::{
    diagnosis::{context::Facts, examine, finding::Certainty, outcome::Outcome},
    flow::transcript::Transcript,
    oauth::time::Moment,
    render::{
        explanation::{Explanation, Section, SectionKind, Style, explain, findings::title},
        text::line::Line,
    },
    sources::scenario::Scenario,
    text::catalog::{Language, Messages},
};

const NOW: Moment = Moment(1_795_435_200_000);

/// What every scenario tells, by its name.
fn scenarios() -> Vec<(String, Transcript)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/scenarios");
    let files = std::fs::read_dir(folder).unwrap();
    let told = files.map(|file| file.unwrap().path()).map(|path| {
        let scenario = Scenario::read(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let transcript = match &scenario.pasted {
            Some(pasted) => oauthlens::sources::read(pasted.as_bytes(), NOW).unwrap(),
            None => scenario.transcript,
        };
        (path.display().to_string(), transcript)
    });
    told.collect()
}

/// Parts of a page in one piece: however a line wraps, its words are found.
fn parts(explanation: &Explanation, among: impl Fn(SectionKind) -> bool) -> String {
    let sections = explanation.sections.iter().filter(|section| among(section.kind));
    let text = |section: &Section| section.lines.iter().map(Line::text).collect::<String>();
    squeezed(&sections.map(text).collect::<String>())
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// How often a word is in a text, as a word of its own.
fn count(text: &str, word: &str) -> usize {
    let inside = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.match_indices(word)
        .filter(|(at, _)| {
            let before = text[..*at].chars().next_back();
            let behind = text[at + word.len()..].chars().next();
            !before.is_some_and(inside) && !behind.is_some_and(inside)
        })
        .count()
}

#[test]
fn a_cause_and_the_words_of_a_server_are_on_a_page_once() {
    let mut twice = Vec::new();
    for (name, transcript) in scenarios() {
        let findings = examine(&transcript);
        let facts = Facts::of(&transcript);
        for (language, width) in [
            (Language::English, 76),
            (Language::English, 117),
            (Language::SimplifiedChinese, 76),
        ] {
            let messages = Messages::new(language);
            let explanation = explain(&facts, &findings, &messages, Style::of_width(width));
            let words = |kind| {
                matches!(
                    kind,
                    SectionKind::Sentence | SectionKind::Causes | SectionKind::RuledOut
                )
            };
            let prose = parts(&explanation, words);
            // The bytes of an answer are what they are.
            let page = parts(&explanation, |kind| {
                words(kind) || matches!(kind, SectionKind::Sequence | SectionKind::Picture(_))
            });
            let causes = findings
                .iter()
                .filter(|finding| finding.certainty != Certainty::RuledOut);
            for finding in causes {
                let title = title(finding, &messages);
                let title = squeezed(title.trim_end_matches(['.', '。']));
                if prose.matches(&title).count() > 1 {
                    twice.push(format!("{name} {language:?}: {title}"));
                }
            }
            // What a server or a library says may be the proof, and is quoted as such.
            let quoted = ["server_says", "library_says"];
            let is_proof = |words: &str| {
                let mut evidence = findings.iter().flat_map(|finding| &finding.evidence);
                evidence.any(|evidence| quoted.contains(&&*evidence.what) && evidence.value.contains(words))
            };
            let error = facts.error().filter(|_| Outcome::of(&facts) == Outcome::Refused);
            let said = error.into_iter().flat_map(|error| {
                let description = error.error_description.as_deref().unwrap_or_default();
                [error.error.as_str(), description]
            });
            for words in said.filter(|words| !words.is_empty() && !is_proof(words)) {
                if count(&page, &squeezed(words)) > 1 {
                    twice.push(format!("{name} {language:?}: {words}\n{page}"));
                }
            }
        }
    }
    assert!(
        twice.is_empty(),
        "{} said twice\n{}",
        twice.len(),
        twice.join("\n")
    );
}

#[test]
fn a_headline_says_404_once_and_what_it_most_likely_means() {
    for language in Language::ALL {
        let messages = Messages::new(language);
        let mut seen = 0;
        for (name, transcript) in scenarios() {
            let findings = examine(&transcript);
            let facts = Facts::of(&transcript);
            let explanation = explain(&facts, &findings, &messages, Style::of_width(117));
            let headline = parts(&explanation, |kind| kind == SectionKind::Sentence);
            assert!(headline.matches("404").count() <= 1, "{name}: {headline}");
            let meaning = squeezed(&messages.pictures().explanation.no_such_client);
            seen += usize::from(headline.contains("404") && headline.contains(&meaning));
        }
        assert!(seen >= 2, "{seen} pages in {language:?}");
    }
}
