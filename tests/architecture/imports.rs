//! Which paths a source names: its imports taken apart, and what it names through them.

/// Blanks out comments, string and character literals, so that only code is left.
pub(super) fn without_comments_and_texts(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        let skip = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(raw) = rest.strip_prefix("r#\"") {
            raw.find("\"#").map_or(rest.len(), |end| end + 5)
        } else if c == '"' {
            end_of_text(rest)
        } else if rest.starts_with("'\"'") || rest.starts_with("'{'") || rest.starts_with("'}'") {
            3
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        };
        out.push(' ');
        rest = &rest[skip..];
    }
    out
}

fn end_of_text(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '\\' if !escaped => escaped = true,
            '"' if !escaped => return at + 1,
            _ => escaped = false,
        }
    }
    text.len()
}

/// All paths in the code: `use a::{b, c::d}` taken apart into `a::b` and `a::c::d`, and paths that begin with an imported
/// name written out in full.
pub(super) fn paths(code: &str) -> Vec<String> {
    let mut imported: Vec<(String, String)> = Vec::new();
    let mut used = Vec::new();
    let mut rest = code;
    while let Some(start) = rest.find(|c: char| c.is_alphabetic() || c == '_') {
        rest = &rest[start..];
        let (read, path) = word(rest);
        rest = &rest[read..];
        if path == "use" {
            let end = rest.find(';').unwrap_or(rest.len());
            take_apart("", &rest[..end], &mut imported);
            rest = &rest[end..];
        } else {
            used.push(path);
        }
    }
    // An import may begin with an imported name as well.
    let resolve = |path: &str| {
        let (first, behind) = path.split_once("::").unwrap_or((path, ""));
        let full = imported.iter().find(|(name, full)| name == first && name != full);
        match full {
            Some((_, full)) if behind.is_empty() => full.clone(),
            Some((_, full)) => format!("{full}::{behind}"),
            None => path.to_owned(),
        }
    };
    let imports = imported
        .iter()
        .flat_map(|(_, full)| [full.clone(), resolve(full)]);
    imports.chain(used.iter().map(|path| resolve(path))).collect()
}

/// A path without braces at the start of the text, and how many bytes it is long.
fn word(text: &str) -> (usize, String) {
    let mut end = 0;
    loop {
        let ident = text[end..]
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(text.len() - end);
        end += ident;
        let more = text[end..]
            .strip_prefix("::")
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_alphabetic() || c == '_'));
        if !more {
            return (end, text[..end].to_owned());
        }
        end += 2;
    }
}

/// The names that a `use` brings into reach, each with its path.
fn take_apart(prefix: &str, tree: &str, found: &mut Vec<(String, String)>) {
    let mut depth = 0;
    let mut start = 0;
    let mut branches = Vec::new();
    for (at, c) in tree.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                branches.push(&tree[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    branches.push(&tree[start..]);
    for branch in branches
        .into_iter()
        .map(str::trim)
        .filter(|branch| !branch.is_empty())
    {
        if let Some((head, inner)) = branch.split_once('{') {
            let inner = inner.trim_end().trim_end_matches('}');
            // One closing brace too many may have been cut: put the balance back.
            let missing = inner.matches('{').count() - inner.matches('}').count();
            take_apart(
                &format!("{prefix}{}", head.trim()),
                &format!("{inner}{}", "}".repeat(missing)),
                found,
            );
        } else {
            let mut words = branch.split_whitespace();
            let path = format!("{prefix}{}", words.next().unwrap_or_default());
            let path = path.strip_suffix("::self").unwrap_or(&path);
            let own = path.rsplit("::").next().unwrap_or_default();
            // `path as name`
            let name = words.nth(1).unwrap_or(own);
            found.push((name.to_owned(), path.to_owned()));
        }
    }
}
