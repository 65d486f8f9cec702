//! Every scenario's first finding is right, and no finding, remedy or piece of prose is without its counterpart.

mod docs;
mod evidence;
mod faults;
mod prose;

use std::{collections::BTreeSet, fmt::Write as _, path::Path};

use oauthlens::{
    diagnosis::{
        context::Facts,
        examine,
        finding::{Certainty, Code, Finding, RemedyCode},
    },
    flow::transcript::{Source, Transcript},
    oauth::time::Moment,
    sources::scenario::Scenario,
};

fn scenarios() -> Vec<(String, Scenario)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let mut read: Vec<(String, Scenario)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            let mut scenario = Scenario::read(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            if let Some(pasted) = &scenario.pasted {
                scenario.transcript = oauthlens::sources::read(pasted.as_bytes(), Moment(1_795_435_200_000))
                    .unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"));
            }
            (name, scenario)
        })
        .collect();
    read.sort_by(|(one, _), (other, _)| one.cmp(other));
    read
}

fn certainty(finding: &Finding) -> String {
    serde_json::to_value(finding.certainty)
        .unwrap()
        .as_str()
        .unwrap()
        .to_owned()
}

/// What is wrong with the findings of a scenario, if anything is.
fn misses(scenario: &Scenario, findings: &[Finding]) -> Vec<String> {
    let expect = &scenario.expect;
    let mut wrong = Vec::new();
    match findings.first() {
        Some(first) if first.code.name() == expect.first && certainty(first) == expect.certainty => {}
        Some(first) => wrong.push(format!("first is {} {}", first.code.name(), certainty(first))),
        None => wrong.push("nothing was found".into()),
    }
    let is_there = |name: &str, ruled_out: bool| {
        findings
            .iter()
            .any(|f| f.code.name() == name && (f.certainty == Certainty::RuledOut) == ruled_out)
    };
    for name in &expect.also {
        if !is_there(name, false) {
            wrong.push(format!("{name} is not found"));
        }
    }
    for name in &expect.ruled_out {
        if !is_there(name, true) {
            wrong.push(format!("{name} is not ruled out"));
        }
    }
    for finding in findings {
        let name = finding.code.name();
        if matches!(finding.certainty, Certainty::Observed | Certainty::RuledOut)
            && finding.evidence.is_empty()
        {
            wrong.push(format!("{name} is {} without evidence", certainty(finding)));
        }
        if finding.certainty != Certainty::RuledOut && finding.remedies.is_empty() {
            wrong.push(format!("{name} has no remedy"));
        }
        for evidence in &finding.evidence {
            let length = evidence.value.chars().count();
            if evidence.marks.iter().any(|(from, to)| from > to || *to > length) {
                wrong.push(format!("{name}: the marks of {} are outside", evidence.what));
            }
        }
    }
    wrong
}

#[expect(
    clippy::print_stdout,
    reason = "the table is what a person runs this test with --nocapture for"
)]
#[test]
fn the_first_finding_of_every_scenario_is_right() {
    let mut table = String::new();
    let mut failed = String::new();
    let scenarios = scenarios();
    assert!(scenarios.len() >= 90, "{} scenarios", scenarios.len());
    for (name, scenario) in &scenarios {
        let findings = examine(&scenario.transcript);
        let first = findings.first().map_or_else(
            || "-".to_owned(),
            |f| format!("{:<40} {}", f.code.name(), certainty(f)),
        );
        let _ = writeln!(table, "{name:<34} {first}");
        for miss in misses(scenario, &findings) {
            let _ = writeln!(failed, "{name}: {miss}");
        }
    }
    println!("{table}");
    assert!(failed.is_empty(), "\n{failed}");
}

#[test]
fn every_code_has_a_scenario() {
    let found: BTreeSet<Code> = scenarios()
        .iter()
        .flat_map(|(_, scenario)| examine(&scenario.transcript))
        .filter(|finding| finding.certainty != Certainty::RuledOut)
        .map(|finding| finding.code)
        .collect();
    // A body that was cut cannot be written down in a scenario; it has a test of its own below.
    let missing: Vec<&str> = Code::ALL
        .iter()
        .filter(|code| !found.contains(code) && **code != Code::AnswerCut)
        .map(|code| code.name())
        .collect();
    assert!(missing.is_empty(), "without a scenario: {missing:?}");
}

#[test]
fn every_remedy_is_given_by_some_finding() {
    let given: BTreeSet<RemedyCode> = scenarios()
        .iter()
        .flat_map(|(_, scenario)| examine(&scenario.transcript))
        .flat_map(|finding| finding.remedies)
        .map(|remedy| remedy.code)
        .collect();
    let unused: Vec<&str> = RemedyCode::ALL
        .iter()
        .filter(|code| !given.contains(code))
        .map(|code| code.name())
        .collect();
    assert!(unused.is_empty(), "{unused:?}");
}

/// A file is written; a variable is set where the program starts.
#[test]
fn a_stale_source_is_brought_up_to_date_as_what_it_is() {
    for (story, code, other) in [
        (
            "secret_stale_file",
            RemedyCode::UpdateSource,
            RemedyCode::LoadEnvironment,
        ),
        (
            "secret_stale_variable",
            RemedyCode::LoadEnvironment,
            RemedyCode::UpdateSource,
        ),
    ] {
        let (_, scenario) = scenarios().into_iter().find(|(name, _)| name == story).unwrap();
        let findings = examine(&scenario.transcript);
        let given = |code| findings.iter().flat_map(|f| &f.remedies).any(|r| r.code == code);
        assert!(given(code) && !given(other), "{story}: {findings:?}");
    }
}

/// A device has no authorization code that could be asked for anew.
#[test]
fn who_signs_in_on_a_device_is_not_sent_for_an_authorization_code() {
    let mut asked_anew = 0;
    for (name, scenario) in scenarios() {
        if !Facts::of(&scenario.transcript).is_device() {
            continue;
        }
        for finding in examine(&scenario.transcript) {
            let given = |code| finding.remedies.iter().any(|remedy| remedy.code == code);
            assert!(!given(RemedyCode::AuthorizeAgain), "{name}: {:?}", finding.code);
            asked_anew += usize::from(given(RemedyCode::AskForNewCodes));
        }
    }
    assert!(asked_anew > 0);
}

#[test]
fn an_empty_transcript_gives_no_finding() {
    for source in [Source::Live, Source::Simulator, Source::Pasted] {
        assert_eq!(examine(&Transcript::new(source, Moment(0))), []);
    }
}
