//! The result on one screen, without scrolling: what went wrong, the mark on it, and the keys that mend it.

use std::{fmt::Write as _, path::Path};

use super::*;

/// Every scenario as it is opened from a file, with the keys that a live flow has.
fn stories() -> Vec<(String, Scenario)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let mut stories: Vec<(String, Scenario)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            (
                name,
                Scenario::read(&std::fs::read_to_string(&path).unwrap()).unwrap(),
            )
        })
        .filter(|(_, scenario)| scenario.pasted.is_none())
        .collect();
    stories.sort_by(|one, other| one.0.cmp(&other.0));
    stories
}

fn opened(scenario: &Scenario, language: Language, (columns, rows): (u16, u16)) -> Person {
    let mut person = Person::at_the_demo().reading(language);
    show_replay(&mut person.model, scenario.transcript.clone());
    person.model.replay = false;
    person.on_a_screen_of(columns, rows);
    person
}

/// The row of the screen on which a remedy's key stands, counted from 1.
fn row_of(screen: &str, number: usize) -> Option<usize> {
    let key = format!("[{number}] ");
    screen
        .lines()
        .position(|line| line.trim_start().starts_with(&key))
        .map(|row| row + 1)
}

#[test]
fn on_80_by_24_every_remedy_with_a_key_is_on_the_first_screen() {
    let mut failed = String::new();
    for language in Language::ALL {
        for (name, scenario) in stories() {
            let person = opened(&scenario, language, (80, 24));
            if person.model.step != Step::Result || person.model.outcome == Some(Outcome::Token) {
                continue;
            }
            let screen = person.screen();
            let remedies = person.model.remedies.iter().enumerate();
            for (at, _) in remedies.filter(|(_, remedy)| remedy.action.is_some()) {
                if row_of(&screen, at + 1).is_none_or(|row| row > 22) {
                    let _ = writeln!(failed, "{name} in {language:?}: [{}]\n{screen}", at + 1);
                    break;
                }
            }
        }
    }
    assert!(failed.is_empty(), "{failed}");
}

#[test]
fn on_60_by_16_the_verdict_the_mark_and_the_first_remedy_are_on_the_first_screen() {
    let mut failed = String::new();
    for language in Language::ALL {
        for (name, scenario) in stories() {
            let whole = opened(&scenario, language, (60, 200)).screen();
            let person = opened(&scenario, language, (60, 16));
            if person.model.step != Step::Result || person.model.outcome == Some(Outcome::Token) {
                continue;
            }
            let screen = person.screen();
            let first = person.model.remedies.first();
            let keyed = first.is_some_and(|remedy| remedy.action.is_some());
            // In the picture: behind the verdict and before the remedies.
            let is_verdict = |line: &str| line.starts_with(" ✗ ") || line.starts_with(" ! ");
            let marked = |screen: &str| {
                let behind = screen.lines().skip_while(|line| !is_verdict(line)).skip(1);
                let mut picture = behind.take_while(|line| !line.contains("[1]"));
                picture.any(|line| line.contains(['^', '✗']))
            };
            if keyed && row_of(&screen, 1).is_none() {
                let _ = writeln!(failed, "{name} in {language:?}: no [1]\n{screen}");
            }
            let leading = person.model.findings.first();
            let has_picture = leading.is_some_and(|finding| finding.code.topic().picture().is_some());
            if has_picture && marked(&whole) && !marked(&screen) {
                let _ = writeln!(failed, "{name} in {language:?}: no mark\n{screen}");
            }
        }
    }
    assert!(failed.is_empty(), "{failed}");
}

#[test]
fn what_is_folded_is_one_key_away_and_comes_into_view() {
    for language in Language::ALL {
        let (_, scenario) = stories()
            .into_iter()
            .find(|(name, _)| name == "secret_mistyped")
            .unwrap();
        for (key, text) in [("w", "client_secret"), ("f", "0.0"), ("b", "Content-Type")] {
            let mut person = opened(&scenario, language, (80, 24));
            let before = person.screen();
            person.types(key);
            let unfolded = person.screen();
            assert!(unfolded != before && unfolded.contains(text), "{key}\n{unfolded}");
            let heading = format!("[{key}] ");
            assert!(unfolded.contains(&heading), "{key}\n{unfolded}");
            person.types(key).types("<home>").on_a_screen_of(80, 24);
            assert_eq!(person.screen(), before, "{key}");
        }
    }
}
