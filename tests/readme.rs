//! The README cannot rot: its sample is what the program prints, and what it names exists.

use std::process::Command;

use oauthlens::{
    lab::{faults::Fault, walkthrough::script::Script},
    ui::keys::BINDINGS,
};

const README: &str = include_str!("../README.md");

/// The block behind a marker.
fn block<'r>(marker: &str, fence: &str) -> &'r str {
    let after = &README[README.find(marker).expect(marker)..];
    let start = after.find(fence).expect(fence) + fence.len();
    let body = &after[start..];
    &body[..body.find("```").expect("the end of the block")]
}

/// A line in which a masked secret stands: its visible characters are others in every run.
fn without_secrets(line: &str) -> String {
    if line.contains('•') {
        line.chars()
            .map(|c| if c.is_ascii_hexdigit() { '#' } else { c })
            .collect()
    } else {
        line.trim_end().to_owned()
    }
}

#[test]
fn the_sample_is_what_the_program_prints() {
    let output = Command::new(env!("CARGO_BIN_EXE_oauthlens"))
        .args([
            "run",
            "--demo",
            "--approve",
            "--lang",
            "en",
            "--fault",
            "client_secret_with_newline",
        ])
        .output()
        .unwrap();
    let printed: Vec<String> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(without_secrets)
        .collect();
    let sample: Vec<String> = block("<!-- sample", "```text\n")
        .lines()
        .map(without_secrets)
        .collect();
    assert!(sample.len() > 10);
    let found = printed.windows(sample.len()).any(|window| window == sample);
    assert!(
        found,
        "the sample is out of date; the program prints\n{}",
        printed.join("\n")
    );
}

#[test]
fn the_walkthrough_in_it_is_one() {
    let script = Script::read(block("## Writing a walkthrough", "```toml\n")).unwrap();
    assert_eq!(script.steps.len(), 2);
}

#[test]
fn what_it_says_of_faults_and_keys_holds() {
    let listed = README
        .split('`')
        .filter(|word| Fault::from_name(word).is_some())
        .count();
    assert!(listed >= 7);
    let words = README.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains(&format!("and {} more", Fault::ALL.len() - 7)));
    for key in ["F5", "F2", "F3", "F9", "F1"] {
        let bound = BINDINGS
            .iter()
            .any(|binding| binding.keys.iter().any(|press| press.to_string() == key));
        assert!(bound && README.contains(key), "{key}");
    }
}
