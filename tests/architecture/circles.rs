//! No circle of files: what two files need of each other is in a third, or one is the other's child.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use crate::{
    imports::{paths, without_comments_and_texts},
    rust_files,
};

/// A module by its path under `src`, and those it names.
type Graph = BTreeMap<String, BTreeSet<String>>;

/// The circles that are left, each by its first member and its size. A circle that is undone leaves this list; none is added.
const LEFT: &[(&str, usize)] = &[
    ("diagnosis::rules::redirect_uri", 2),
    ("flow::configuration", 10),
    ("io::tap::forward", 2),
    ("lab::walkthrough::provider", 3),
    ("sources::pasted::body", 4),
    ("sources::pasted::marks", 2),
    ("sources::pasted::record", 2),
];

#[test]
fn no_circle_of_files_is_larger_than_a_file_and_its_children() {
    let circles = circles(&graph());
    let found: Vec<(&str, usize)> = circles
        .iter()
        .map(|circle| (circle[0].as_str(), circle.len()))
        .collect();
    let new: Vec<&Vec<String>> = circles
        .iter()
        .filter(|circle| {
            let known = LEFT.iter().find(|(first, _)| *first == circle[0]);
            known.is_none_or(|(_, size)| circle.len() > *size)
        })
        .collect();
    assert!(new.is_empty(), "{new:#?}");
    let gone: Vec<_> = LEFT.iter().filter(|left| !found.contains(left)).collect();
    assert!(
        gone.is_empty(),
        "undone or smaller, so the list is to say so: {gone:?}"
    );
}

#[test]
fn a_circle_is_seen() {
    let graph = |edges: &[(&str, &str)]| {
        let mut graph = Graph::new();
        for (from, to) in edges {
            graph.entry((*from).into()).or_default().insert((*to).into());
            graph.entry((*to).into()).or_default();
        }
        graph
    };
    let wide = circles(&graph(&[("a::x", "b::y"), ("b::y", "c"), ("c", "a::x")]));
    assert_eq!(wide, [["a::x", "b::y", "c"]]);
    assert!(circles(&graph(&[("a", "a::x"), ("a::x", "a"), ("a::x", "b")])).is_empty());
    assert!(circles(&graph(&[("a", "b"), ("b", "c")])).is_empty());
}

/// The circles that are more than a file and its children, members in order.
fn circles(graph: &Graph) -> Vec<Vec<String>> {
    let reach: BTreeMap<&str, BTreeSet<&str>> = graph
        .keys()
        .map(|from| (from.as_str(), reachable(graph, from)))
        .collect();
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for from in graph.keys().map(String::as_str) {
        let back = |to: &&str| reach.get(to).is_some_and(|there| there.contains(from));
        let circle: BTreeSet<&str> = reach[from].iter().copied().filter(back).collect();
        if circle.len() < 2 || !seen.insert(circle.clone()) {
            continue;
        }
        let is_parent_of = |parent: &str, child: &str| {
            child == parent
                || child
                    .strip_prefix(parent)
                    .is_some_and(|rest| rest.starts_with("::"))
        };
        let is_family = circle
            .iter()
            .any(|parent| circle.iter().all(|child| is_parent_of(parent, child)));
        if !is_family {
            found.push(circle.into_iter().map(str::to_owned).collect());
        }
    }
    found
}

fn reachable<'g>(graph: &'g Graph, from: &str) -> BTreeSet<&'g str> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&str> = graph[from].iter().map(String::as_str).collect();
    while let Some(next) = open.pop() {
        if reached.insert(next) {
            open.extend(graph.get(next).into_iter().flatten().map(String::as_str));
        }
    }
    reached
}

fn graph() -> Graph {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources: BTreeMap<String, String> = BTreeMap::new();
    for file in rust_files(&root) {
        let relative = file.strip_prefix(&root).unwrap().with_extension("");
        let mut parts: Vec<&str> = relative.iter().map(|part| part.to_str().unwrap()).collect();
        if parts.contains(&"tests") || parts == ["lib"] || parts == ["main"] {
            continue;
        }
        if parts.last() == Some(&"mod") {
            parts.pop();
        }
        sources.insert(parts.join("::"), fs::read_to_string(&file).unwrap());
    }
    let named = |module: &str, source: &str| {
        let code = without_comments_and_texts(source);
        let code = code.split("#[cfg(test)]\nmod tests").next().unwrap_or(&code);
        let all = paths(code).into_iter();
        all.filter_map(|path| module_of(&path, module, &sources))
            .filter(|to| to != module)
            .collect()
    };
    sources
        .iter()
        .map(|(module, source)| (module.clone(), named(module, source)))
        .collect()
}

/// The module of ours that a path leads into.
fn module_of(path: &str, from: &str, modules: &BTreeMap<String, String>) -> Option<String> {
    let mut parts: Vec<&str> = path.split("::").collect();
    match parts[0] {
        "crate" => {
            parts.remove(0);
        }
        "super" => {
            let ups = parts.iter().take_while(|part| **part == "super").count();
            let mut base: Vec<&str> = from.split("::").collect();
            base.truncate(base.len().saturating_sub(ups));
            base.extend(&parts[ups..]);
            parts = base;
        }
        _ => return None,
    }
    (1..=parts.len())
        .rev()
        .map(|length| parts[..length].join("::"))
        .find(|module| modules.contains_key(module))
}
