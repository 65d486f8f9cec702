//! Turns the tables under `assets/libraries`, `assets/locales`, `assets/providers` and `assets/tap` from TOML, in which people write them, into JSON, which is
//! read several times as fast; and the words that the first frame shows into Rust, which need not be read at all. A table that
//! is no TOML stops the build, with its name, line and column.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

const FOLDERS: [&str; 4] = [
    "assets/libraries",
    "assets/locales",
    "assets/providers",
    "assets/tap",
];

/// The table of each language that becomes Rust.
const OPENING: &str = "opening";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!(
        "cargo::rustc-env=OAUTHLENS_TARGET={}",
        env::var("TARGET").expect("cargo names the target")
    );
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
            let name = path.file_stem().expect("a file has a name");
            let table = read(&path);
            let (ending, converted) = if name == OPENING {
                ("rs", format!("{OPENING}! {{ {} }}", tokens(&table)))
            } else {
                let json = serde_json::to_string(&table);
                (
                    "json",
                    json.expect("a table of texts and numbers is JSON as well"),
                )
            };
            fs::write(there.join(name).with_extension(ending), converted)
                .unwrap_or_else(|error| panic!("{}: {error}", there.display()));
        }
    }
}

fn read(path: &Path) -> toml::Table {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.parse()
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A table as tokens for a macro, sorted by name: of each entry the name, the name as a variant is written, and its text in
/// quotes or its entries in braces.
fn tokens(table: &toml::Table) -> String {
    let mut tokens = String::new();
    for (name, value) in table {
        let variant = camel_case(name);
        let value = match value {
            toml::Value::String(text) => format!("{text:?}"),
            toml::Value::Table(entries) => format!("{{ {} }}", self::tokens(entries)),
            other => panic!("{name} is no text: {other}"),
        };
        tokens.extend(["(", name, " ", &variant, " ", &value, ")"]);
    }
    tokens
}

/// `client_id` as `ClientId`.
fn camel_case(name: &str) -> String {
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    name.split('_').map(capital).collect()
}
