//! Turns the tables under `assets/locales` and `assets/providers` from TOML, in which people write them, into JSON, which is
//! read several times as fast. A table that is no TOML stops the build, with its name, line and column.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

const FOLDERS: [&str; 2] = ["assets/locales", "assets/providers"];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo names a folder for what is built"));
    for folder in FOLDERS {
        println!("cargo::rerun-if-changed={folder}");
        convert(Path::new(folder), &out);
    }
}

/// Converts every table in a folder and those below it; each keeps its place and its name.
fn convert(folder: &Path, out: &Path) {
    let there = out.join(folder.strip_prefix("assets").unwrap_or(folder));
    fs::create_dir_all(&there).unwrap_or_else(|error| panic!("{}: {error}", there.display()));
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for path in entries.map(|entry| entry.expect("a folder can be listed").path()) {
        if path.is_dir() {
            convert(&path, out);
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            let name = path.with_extension("json");
            let name = name.file_name().expect("a file has a name");
            fs::write(there.join(name), json(&path))
                .unwrap_or_else(|error| panic!("{}: {error}", there.display()));
        }
    }
}

fn json(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let table: toml::Table = text
        .parse()
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::to_string(&table).expect("a table of texts and numbers is JSON as well")
}
