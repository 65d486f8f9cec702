//! `docs/formats.md` and the table of sources say the same.

use std::{collections::BTreeSet, path::Path};

use oauthlens::sources::SOURCES;

#[test]
fn the_page_about_formats_has_a_row_for_each_source_and_no_other() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/formats.md");
    let page = std::fs::read_to_string(path).expect("docs/formats.md");
    let rows: Vec<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` |").map(|(name, _)| name))
        .collect();
    let table: Vec<&str> = SOURCES.iter().map(|source| source.name).collect();
    assert_eq!(rows, table, "docs/formats.md lists the sources in their order");
    assert_eq!(table.iter().collect::<BTreeSet<_>>().len(), table.len());
}
