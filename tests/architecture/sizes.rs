//! Files stay short enough to be read at once.

use std::{fs, path::Path};

use crate::rust_files;

/// The most lines of a source, and of a file of tests.
const SOURCE: usize = 400;
const TESTS: usize = 500;

/// Files that are longer, with the most that each may have: tables, and what is still to be split along its ideas. A number
/// may fall; none is added but for a table.
const LONGER: &[(&str, usize)] = &[
    ("src/cli/commands/runner.rs", 475),
    ("src/cli/mod.rs", 525),
    ("src/cli/settings/mod.rs", 425),
    ("src/diagnosis/context.rs", 650),
    ("src/flow/configuration.rs", 425),
    ("src/flow/secret_scan.rs", 475),
    ("src/flow/transcript.rs", 550),
    ("src/io/redirect_listener.rs", 500),
    ("src/lab/dry_run.rs", 450),
    ("src/lab/walkthrough/script.rs", 500),
    ("src/oauth/token/response.rs", 450),
    ("src/providers/error_table.rs", 450),
    ("src/render/drawings/sequence/steps.rs", 550),
    ("src/render/words/drawings.rs", 750),
    ("src/simulator/server/pages.rs", 475),
    ("src/sources/copies.rs", 450),
    ("src/sources/dump/scan.rs", 475),
    ("src/sources/mitmproxy.rs", 450),
    ("src/sources/request_files.rs", 450),
    ("src/sources/scenario.rs", 775),
    ("src/ui/model/configure_form.rs", 500),
    ("src/ui/model/field_hints.rs", 550),
    ("src/ui/model/mod.rs", 525),
    ("src/ui/terminal/event_loop.rs", 500),
    ("src/ui/update/mod.rs", 475),
    ("src/ui/view/screens/mod.rs", 600),
    ("tests/support/person.rs", 550),
];

#[test]
fn no_file_is_longer_than_can_be_read_at_once() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut too_long = Vec::new();
    for folder in ["src", "tests", "benches"] {
        for file in rust_files(&root.join(folder)) {
            let name = file
                .strip_prefix(root)
                .unwrap()
                .to_string_lossy()
                .replace('\\', "/");
            let is_test =
                name.starts_with("tests/") || name.contains("/tests/") || name.ends_with("/tests.rs");
            let most = LONGER
                .iter()
                .find(|(longer, _)| *longer == name)
                .map_or(if is_test { TESTS } else { SOURCE }, |(_, most)| *most);
            let lines = fs::read_to_string(&file).unwrap().lines().count();
            if lines > most {
                too_long.push(format!("{name}: {lines} lines, at most {most}"));
            }
        }
    }
    assert!(too_long.is_empty(), "{}", too_long.join("\n"));
}

#[test]
fn what_is_listed_as_longer_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (name, _) in LONGER {
        assert!(root.join(name).exists(), "{name}");
    }
}
