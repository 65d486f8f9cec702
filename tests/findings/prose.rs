//! Every finding has its prose in both languages, and the prose names only evidence that is there.

use std::{collections::BTreeSet, fmt::Write as _, path::Path};

use oauthlens::{
    diagnosis::{
        examine,
        finding::{Certainty, Code},
    },
    render::words::findings::FindingsProse,
    text::catalog::{Language, Messages},
};

use crate::scenarios;

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split('}').next())
        .collect()
}

fn prose(language: Language, check: impl Fn(&FindingsProse)) {
    check(Messages::new(language).findings());
}

#[test]
fn prose_refers_only_to_evidence_that_is_there() {
    for language in Language::ALL {
        prose(language, |prose| {
            for (name, scenario) in scenarios() {
                for finding in examine(&scenario.transcript) {
                    let text = &prose.finding[&finding.code];
                    let said = if finding.certainty == Certainty::RuledOut {
                        text.ruled_out
                            .clone()
                            .unwrap_or_else(|| panic!("{} can be ruled out", finding.code.name()))
                    } else {
                        format!("{} {}", text.title, text.text(&finding))
                    };
                    for placeholder in placeholders(&said) {
                        assert!(
                            finding.value(placeholder).is_some(),
                            "{name}: {} says {{{placeholder}}} and has no such evidence",
                            finding.code.name()
                        );
                    }
                    for evidence in &finding.evidence {
                        assert!(
                            prose.evidence.contains_key(&evidence.what),
                            "{} has no label in {language:?}",
                            evidence.what
                        );
                    }
                }
            }
        });
    }
}

#[test]
fn both_languages_say_the_same() {
    let (english, chinese) = (
        Messages::new(Language::English),
        Messages::new(Language::SimplifiedChinese),
    );
    let (english, chinese) = (english.findings(), chinese.findings());
    assert!(english.evidence.keys().eq(chinese.evidence.keys()));
    assert!(english.certainty.keys().eq(chinese.certainty.keys()));
    for code in Code::ALL {
        let (one, other) = (&english.finding[code], &chinese.finding[code]);
        let name = code.name();
        assert_eq!(placeholders(&one.title), placeholders(&other.title), "{name}");
        assert_eq!(
            placeholders(&one.explanation),
            placeholders(&other.explanation),
            "{name}"
        );
        for (one, other) in [
            (&one.ruled_out, &other.ruled_out),
            (&one.said, &other.said),
            (&one.unseen, &other.unseen),
        ] {
            assert_eq!(
                one.as_deref().map(placeholders),
                other.as_deref().map(placeholders),
                "{name}"
            );
        }
    }
    let keys = |prose: &FindingsProse| -> Vec<(String, Vec<String>)> {
        prose
            .value
            .iter()
            .map(|(what, words)| (what.clone(), words.keys().cloned().collect()))
            .collect()
    };
    assert_eq!(keys(english), keys(chinese));
}

/// Evidence quotes what was observed: a rule that wrote a server's error code itself could quote one that nobody sent.
#[test]
fn no_rule_writes_an_error_code() {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/diagnosis");
    let written = [
        "bad_verification_code",
        "incorrect_client_credentials",
        "redirect_uri_mismatch",
        "invalid_grant",
        "invalid_client",
        "invalid_request",
        "access_denied",
    ];
    let mut found = String::new();
    let folders = [rules.clone(), rules.join("rules")];
    let files = folders
        .iter()
        .flat_map(|folder| std::fs::read_dir(folder).unwrap());
    for path in files.map(|entry| entry.unwrap().path()) {
        // `library.rs` names those that a message which was cut may stand for, and shows them as that, not as an answer.
        let names_them = path.ends_with("library.rs");
        if path.extension().is_none_or(|ext| ext != "rs") || names_them {
            continue;
        }
        for (number, line) in std::fs::read_to_string(&path).unwrap().lines().enumerate() {
            // The row of a rule may bear the name of an answer.
            let writes = |code: &str| {
                line.contains(&format!("\"{code}\"")) && !line.contains(&format!(" = \"{code}\": "))
            };
            if written.iter().any(|code| writes(code)) {
                let _ = writeln!(found, "{}:{}: {line}", path.display(), number + 1);
            }
        }
    }
    assert!(found.is_empty(), "\n{found}");
}
