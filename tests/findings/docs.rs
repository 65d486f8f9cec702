//! `docs/causes.md` is written from the rules, the scenarios and the faults: `WRITE_DOCS=1 cargo test --test findings`.

use std::{collections::BTreeSet, fmt::Write as _, path::Path};

use oauthlens::{
    diagnosis::{
        examine,
        finding::{Certainty, Code, Finding, Topic},
        root_cause::RootCause,
    },
    lab::{
        device,
        dry_run::{Stage, rehearse},
        faults::{Expected, Fault},
        token,
    },
};

use crate::scenarios;

/// Every name with the codes that are found under it, proven or likely for faults, not ruled out for scenarios.
type Found = Vec<(String, BTreeSet<Code>)>;

fn codes(findings: &[Finding], least: Certainty) -> BTreeSet<Code> {
    let found = findings.iter().filter(|finding| finding.certainty <= least);
    found.map(|finding| finding.code).collect()
}

fn by_faults() -> Found {
    let stage = Stage::default();
    let found = |fault: &Fault| codes(&examine(&rehearse(&stage, Some(*fault))), Certainty::Likely);
    Fault::ALL
        .iter()
        .map(|fault| (fault.name().to_owned(), found(fault)))
        .collect()
}

/// The scenarios twice: with what is found first in each, then with all that is found.
fn in_scenarios() -> Found {
    let mut first = Found::new();
    let mut all = Found::new();
    for (name, scenario) in scenarios() {
        let findings = examine(&scenario.transcript);
        let leading = &findings[..findings.len().min(1)];
        first.push((name.clone(), codes(leading, Certainty::Possible)));
        all.push((name, codes(&findings, Certainty::Possible)));
    }
    first.extend(all);
    first
}

fn those_with<'f>(found: &'f Found, codes: &[Code]) -> Vec<&'f str> {
    let holds = |(_, there): &&(String, BTreeSet<Code>)| codes.iter().any(|code| there.contains(code));
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in found.iter().filter(holds) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    names
}

fn signs_of(cause: RootCause) -> Vec<Code> {
    let codes = Code::ALL.iter().copied();
    codes.filter(|code| code.root_causes().contains(&cause)).collect()
}

fn quoted<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let quoted: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    if quoted.is_empty() {
        "–".into()
    } else {
        quoted.join(", ")
    }
}

fn page() -> String {
    let faults = by_faults();
    let mut page = String::from(INTRODUCTION);
    let mut section = "";
    for (cause, from, text) in RootCause::ALL {
        if *from != section {
            section = from;
            let title = SECTIONS.iter().find(|(name, _)| name == from).unwrap().1;
            let _ = write!(
                page,
                "\n## {from} `{title}`\n\n| Cause | Findings | Provoked by the fault |\n|---|---|---|\n"
            );
        }
        let signs = signs_of(*cause);
        let _ = writeln!(
            page,
            "| {text} | {} | {} |",
            quoted(signs.iter().map(|code| code.name())),
            quoted(those_with(&faults, &signs).into_iter()),
        );
    }
    page.push_str(NOT_PROVOKED);
    for fault in device::FAULTS {
        let findings = examine(&device::rehearse(Some(fault)));
        let first = findings.first().map(|first| first.code.name());
        let _ = writeln!(page, "| `{}` | {} |", fault.name, quoted(first.into_iter()));
    }
    page.push_str(OF_TOKENS);
    for fault in token::FAULTS {
        let findings = examine(&token::rehearse(fault.action, Some(fault)));
        let first = findings.first().map(|first| first.code.name());
        let _ = writeln!(page, "| `{}` | {} |", fault.name, quoted(first.into_iter()));
    }
    page.push_str(ALL_FINDINGS);
    let scenarios = in_scenarios();
    for topic in TOPICS {
        let heading = match topic {
            Topic::Credentials => "Client id and secret",
            Topic::RedirectUri => "Redirect URI",
            Topic::Code => "Authorization code",
            Topic::Redirect => "Redirect",
            Topic::Transport => "Getting an answer at all",
            Topic::Answer => "The answer",
            Topic::Refresh => "Refreshing",
            Topic::Token => "The token",
        };
        let _ = write!(
            page,
            "\n### {heading}\n\n| Finding | The fact | Scenarios |\n|---|---|---|\n"
        );
        for code in Code::ALL.iter().filter(|code| code.topic() == topic) {
            let found_in = those_with(&scenarios, &[*code]);
            let more = if found_in.len() > MOST_NAMED { " …" } else { "" };
            let named = found_in[..found_in.len().min(MOST_NAMED)].join(", ");
            let named = if named.is_empty() { "–" } else { &named };
            let _ = writeln!(page, "| `{}` | {} | {named}{more} |", code.name(), code.about());
        }
    }
    page
}

#[test]
fn the_page_about_causes_is_that_of_the_rules() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/causes.md");
    let page = page();
    if std::env::var_os("WRITE_DOCS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        there == page,
        "docs/causes.md is not up to date: WRITE_DOCS=1 cargo test --test findings"
    );
}

/// A fault that makes the token endpoint refuse one of the three values provokes one of the root causes.
#[test]
fn every_fault_that_is_refused_provokes_a_root_cause() {
    let page = page();
    let table = page.split("## All findings").next().unwrap();
    let missing: Vec<&str> = Fault::ALL
        .iter()
        .filter(|fault| {
            matches!(
                fault.expected(),
                Expected::TokenError(
                    "incorrect_client_credentials" | "redirect_uri_mismatch" | "bad_verification_code"
                )
            )
        })
        .map(|fault| fault.name())
        .filter(|name| !table.contains(&format!("`{name}`")))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// How many scenarios are named of a finding.
const MOST_NAMED: usize = 4;

const TOPICS: [Topic; 8] = [
    Topic::Credentials,
    Topic::RedirectUri,
    Topic::Code,
    Topic::Redirect,
    Topic::Transport,
    Topic::Answer,
    Topic::Refresh,
    Topic::Token,
];

const SECTIONS: [(&str, &str); 3] = [
    ("8.1", "incorrect_client_credentials"),
    ("8.2", "redirect_uri_mismatch"),
    ("8.3", "bad_verification_code"),
];

const INTRODUCTION: &str = "\
# Causes and findings

<!-- Written from the rules by a test: WRITE_DOCS=1 cargo test --test findings -->

Every cause in [section 8 of what GitHub does](github.md#8-root-causes) with the findings that are a sign of it and the
faults under which one of them is found, proven or likely (`oauthlens run --demo --approve --fault NAME`); then every
finding with what it means and the scenarios in `tests/scenarios/` in which it is found. `cargo test --test findings --
--nocapture` prints the table scenario × first finding × certainty.

A finding is *observed* when the transcript proves it, *likely* when the transcript speaks for it, *possible* when nothing
speaks against it, *ruled out* when a fact disproves it. Order: proven causes; an answer that is its own explanation; likely
causes; what only repeats the server's answer, or is left when all else is excluded; possible causes; remarks; what is
ruled out.
";

const NOT_PROVOKED: &str = "
Some causes need another machine or somebody else's app, so no fault provokes them, and scenarios hold them: a stale
variable or file, an app on another GitHub host, the secret of one kind of app with the id of the other, an answer that was
lost on its way, a clock that is wrong (the simulator's clock is this machine's).

## The device flow (RFC 8628)

Provoked by `oauthlens device --demo --approve --fault NAME`.

| Fault | First finding |
|---|---|
";

const OF_TOKENS: &str = "
## What is done with a token

Provoked by `oauthlens token ACTION --demo --fault NAME`; the fault brings its action.

| Fault | First finding |
|---|---|
";

const ALL_FINDINGS: &str = "
## All findings

What libraries say, and which message means which finding: [libraries.md](libraries.md).
";
