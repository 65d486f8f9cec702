//! Which room may use which. One table for our own modules, one for crates and the parts of `std` that reach outside;
//! whatever is not allowed here is forbidden, so that a new folder has to be entered before it compiles green.

mod circles;
mod imports;
mod sizes;

use std::{collections::BTreeSet, fs, path::Path};

use crate::imports::{paths, without_comments_and_texts};

/// What each room under `src/` may import of ours, from the core outwards. A longer path speaks for what lies below it.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("oauth", &["providers", "text"]),
    ("providers", &["oauth", "flow", "diagnosis", "text"]),
    ("flow", &["oauth", "providers", "lab", "text"]),
    ("simulator", &["oauth", "providers", "text"]),
    ("diagnosis", &["text", "oauth", "providers", "flow"]),
    ("diagnosis/libraries", &["text", "oauth", "flow"]),
    // The words by which a pasted text is recognised are the diagnosis's tables.
    (
        "sources",
        &["text", "oauth", "providers", "flow", "diagnosis", "render"],
    ),
    (
        "render",
        &[
            "text",
            "oauth",
            "providers",
            "flow",
            "diagnosis",
            "sources",
            "lab",
        ],
    ),
    (
        "lab",
        &[
            "text",
            "oauth",
            "flow",
            "simulator",
            "diagnosis",
            "cli",
            "providers",
        ],
    ),
    (
        "ui",
        &[
            "text",
            "oauth",
            "providers",
            "flow",
            "diagnosis",
            "sources",
            "render",
            "simulator",
            "lab",
        ],
    ),
    (
        "ui/terminal",
        &[
            "text",
            "oauth",
            "providers",
            "flow",
            "diagnosis",
            "sources",
            "render",
            "simulator",
            "lab",
            "io",
        ],
    ),
    (
        "io",
        &[
            "text",
            "oauth",
            "providers",
            "flow",
            "sources",
            "render",
            "simulator",
            "lab",
        ],
    ),
    (
        "cli",
        &[
            "text",
            "oauth",
            "providers",
            "flow",
            "diagnosis",
            "sources",
            "render",
            "simulator",
            "lab",
            "io",
            "ui",
        ],
    ),
    ("main", &["text", "cli", "render", "ui", "io"]),
    ("lib", &[]),
];

/// Crates and parts of `std`, and the only places that may use them.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("ratatui", &["ui/view", "ui/terminal"]),
    ("crossterm", &["ui/view", "ui/terminal"]),
    ("tokio", &["io", "ui/terminal", "cli/commands", "main"]),
    ("futures_util", &["io", "ui/terminal"]),
    ("reqwest", &["io"]),
    ("hyper", &["io"]),
    ("hyper_util", &["io"]),
    ("http_body_util", &["io"]),
    ("rustls", &["io"]),
    ("hyper_rustls", &["io/tap"]),
    ("rustls_platform_verifier", &["io/tls"]),
    ("tokio_rustls", &["io/tap"]),
    ("rcgen", &["io/tap"]),
    ("rustls_native_certs", &["io/tap"]),
    ("tracing", &["io", "cli/commands", "ui/terminal", "main"]),
    ("tracing_subscriber", &["io/log"]),
    ("tempfile", &["io"]),
    ("flate2", &["sources/tap"]),
    ("brotli_decompressor", &["sources/tap"]),
    ("open::that", &["io"]),
    ("open::that_detached", &["io"]),
    ("open::commands", &["io"]),
    ("getrandom", &["io"]),
    ("clap", &["cli", "main"]),
    ("sys_locale", &["main"]),
    ("etcetera", &["io", "cli/commands"]),
    ("anyhow", &["main", "io"]),
    ("std::fs", &["io"]),
    ("std::env", &["io"]),
    ("std::process", &["io", "main"]),
    ("std::thread", &["io", "cli/commands"]),
    ("std::time::Instant", &["io"]),
    ("std::time::SystemTime", &["io"]),
    ("std::net::TcpListener", &["io"]),
    ("std::net::TcpStream", &["io"]),
    ("std::net::UdpSocket", &["io"]),
    ("std::io::stdout", &["io", "ui/terminal", "cli/commands", "main"]),
    ("std::io::stdin", &["io", "cli/commands", "main"]),
];

#[test]
fn every_room_keeps_to_its_table() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut breaches = Vec::new();
    let mut seen = BTreeSet::new();
    for file in rust_files(&root) {
        let relative = file.strip_prefix(&root).unwrap();
        let module = relative
            .components()
            .next()
            .unwrap()
            .as_os_str()
            .to_str()
            .unwrap()
            .trim_end_matches(".rs");
        seen.insert(module.to_owned());
        // Tests may reach for what they compare with.
        if relative
            .components()
            .any(|part| matches!(part.as_os_str().to_str(), Some("tests" | "tests.rs")))
        {
            continue;
        }
        let source = fs::read_to_string(&file).unwrap();
        for breach in breaches_in(relative, &source) {
            breaches.push(format!("{}: {breach}", relative.display()));
        }
    }
    for (module, _) in MAY_IMPORT.iter().filter(|(module, _)| !module.contains('/')) {
        assert!(
            seen.contains(*module),
            "{module} stands in the table but not in src/"
        );
    }
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn the_source_has_fourteen_entries() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let entries = fs::read_dir(src).unwrap().map(|entry| entry.unwrap().file_name());
    let mut entries: Vec<_> = entries.map(|name| name.into_string().unwrap()).collect();
    entries.sort();
    assert_eq!(
        entries.join(" "),
        "cli diagnosis flow io lab lib.rs main.rs oauth providers render simulator sources text ui"
    );
}

/// A provider is data: what is said of one by name is said in its profile, and the simulator plays it. Elsewhere stand names
/// of findings, faults and parameters, which are saved and documented.
#[test]
fn no_provider_is_named_outside_its_profile() {
    const NAMES: [&str; 6] = [
        // A finding, a fault, and words of theirs.
        "token_of_github_app",
        "client_id_of_github_app",
        "Iv23liGitHubAppXyz12",
        // A path that a fault puts into a redirect URI, and the name of a variable that holds a secret.
        "{}/github",
        "githubtoken",
        // In the table of prefixes by which secrets of any provider are hidden.
        "github_pat_",
    ];
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut named = Vec::new();
    for file in rust_files(&root) {
        let relative = file.strip_prefix(&root).unwrap();
        if ["providers/github", "simulator"]
            .iter()
            .any(|room| is_in(relative, room))
            || relative
                .components()
                .any(|part| matches!(part.as_os_str().to_str(), Some("tests" | "tests.rs")))
        {
            continue;
        }
        let source = fs::read_to_string(&file).unwrap();
        let code = source.split("#[cfg(test)]\nmod tests").next().unwrap_or(&source);
        let texts = texts(code);
        for text in texts.filter(|text| !NAMES.contains(text)) {
            if text.to_ascii_lowercase().contains("github") {
                named.push(format!("{}: {text:?}", relative.display()));
            }
        }
        if code.contains("is_github(") {
            named.push(format!("{}: is_github()", relative.display()));
        }
    }
    assert!(named.is_empty(), "{}", named.join("\n"));
}

/// `ui::update` is the only writer of the model: what draws it reads it.
#[test]
fn drawing_writes_nothing() {
    let view = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ui/view");
    for file in rust_files(&view) {
        let source = fs::read_to_string(&file).unwrap();
        let code = source.split("#[cfg(test)]\nmod tests").next().unwrap_or(&source);
        for writing in ["&mut Model", "RefCell", "OnceCell", "Cell::new"] {
            assert!(!code.contains(writing), "{}: {writing}", file.display());
        }
    }
}

/// The string literals of a source, as far as a line holds them.
fn texts(source: &str) -> impl Iterator<Item = &str> {
    let lines = source.lines().map(str::trim_start);
    let code = lines.filter(|line| !line.starts_with("//"));
    code.flat_map(|line| line.split('"').skip(1).step_by(2))
}

#[test]
fn the_table_bites() {
    for (module, source, breach) in [
        ("flow", "use crate::io::http_client;", true),
        ("flow", "use crate::{oauth::http, ui::{self, view}};", true),
        ("flow", "use crate::oauth::http;", false),
        ("oauth", "fn f() { crate::flow::event::f() }", true),
        ("flow", "use super::super::ui::update;", true),
        ("flow", "use super::event::Event;", false),
        ("ui/model", "use ratatui::style::Style;", true),
        ("ui/update", "use std::{fmt, fs::File};", true),
        ("ui/update", "let now = std::time::Instant::now();", true),
        ("diagnosis", "use std::time::{Duration, Instant};", true),
        ("flow", "use std::time; fn f() { time::SystemTime::now() }", true),
        ("flow", "use std::time as t; fn f() { t::Instant::now() }", true),
        ("flow", "use std as s; fn f() { s::fs::read() }", true),
        ("flow", "use std::time::*;", true),
        ("flow", "use std::io::{self, Read}; fn f() { io::stdin() }", true),
        (
            "flow",
            "use std::io::{self, Read}; fn f() -> io::Result<()> {}",
            false,
        ),
        ("flow", "use std::time; fn f(d: time::Duration) {}", false),
        ("flow", "use std::fmt::*;", false),
        ("io", "use std::io; fn f() { io::stdin() }", false),
        ("ui/update", "use crate::io::clock;", true),
        ("ui/terminal", "use crate::io::clock;", false),
        (
            "simulator",
            "// use tokio::net; as /* crate::ui::terminal */ text",
            false,
        ),
        (
            "simulator",
            "let text = \"use crate::ui::terminal::event_loop;\";",
            false,
        ),
        (
            "render",
            "#[cfg(test)]\nmod tests { use crate::io::http_client; }",
            false,
        ),
        ("newcomer", "use crate::oauth::http;", true),
    ] {
        let found = breaches_in(&Path::new(module).join("mod.rs"), source);
        assert_eq!(!found.is_empty(), breach, "{module}: {source}: {found:?}");
    }
}

fn rust_files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// Whether the file is the room or lies below it: `ui/view` speaks for `ui/view/theme.rs` and for `ui/view.rs`.
fn is_in(file: &Path, room: &str) -> bool {
    file.starts_with(room) || file.with_extension("") == Path::new(room)
}

fn breaches_in(file: &Path, source: &str) -> Vec<String> {
    let room = file.components().next().unwrap().as_os_str().to_string_lossy();
    let module = room.trim_end_matches(".rs");
    let code = without_comments_and_texts(source);
    let code = code.split("#[cfg(test)]\nmod tests").next().unwrap_or(&code);
    let speaks = MAY_IMPORT.iter().filter(|(name, _)| is_in(file, name));
    let Some((_, allowed)) = speaks.max_by_key(|(name, _)| name.len()) else {
        return vec![format!("{module} is not in the table of tests/architecture")];
    };
    // How deep the file's module lies under the crate root, for `super`.
    let is_folder_root = file.file_name().is_some_and(|name| name == "mod.rs");
    let depth = file.components().count() - usize::from(is_folder_root);
    let mut breaches = BTreeSet::new();
    for path in paths(code) {
        let parts: Vec<&str> = path.split("::").collect();
        let ups = parts.iter().take_while(|part| **part == "super").count();
        let ours = match parts[0] {
            "crate" | "oauthlens" => parts.get(1),
            "super" if ups >= depth => parts.get(ups),
            _ => None,
        };
        if let Some(target) = ours
            && *target != module
            && MAY_IMPORT.iter().any(|(name, _)| name == target)
            && !allowed.contains(target)
        {
            breaches.insert(format!("{module} may not import {target} (`{path}`)"));
        }
        for (outside, rooms) in ONLY_IN {
            // All of a module holds its parts too.
            let all = path.strip_suffix('*').filter(|all| all.ends_with("::"));
            let starts = path == *outside
                || path.starts_with(&format!("{outside}::"))
                || all.is_some_and(|all| outside.starts_with(all));
            if starts && !rooms.iter().any(|room| is_in(file, room)) {
                breaches.insert(format!("{outside} may only be used in {rooms:?} (`{path}`)"));
            }
        }
    }
    breaches.into_iter().collect()
}
