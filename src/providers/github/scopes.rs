//! Scopes of OAuth apps: which there are, which contain others, and how a list of them is normalised (docs/github.md §4).

use crate::oauth::params::split_scope;

/// Opts a single sign-in into expiring tokens. It is not tracked as a scope and never asked about (docs/github.md §4).
pub const OFFLINE_ACCESS: &str = "offline_access";

/// Each scope with those it contains. The order is that of the consent page.
const SCOPES: &[(&str, &[&str])] = &[
    (
        "repo",
        &[
            "repo:status",
            "repo_deployment",
            "public_repo",
            "repo:invite",
            "security_events",
        ],
    ),
    ("repo:status", &[]),
    ("repo_deployment", &[]),
    ("public_repo", &[]),
    ("repo:invite", &[]),
    ("security_events", &[]),
    ("admin:repo_hook", &["write:repo_hook", "read:repo_hook"]),
    ("write:repo_hook", &["read:repo_hook"]),
    ("read:repo_hook", &[]),
    ("admin:org", &["write:org", "read:org"]),
    ("write:org", &["read:org"]),
    ("read:org", &[]),
    ("admin:org_hook", &[]),
    ("admin:public_key", &["write:public_key", "read:public_key"]),
    ("write:public_key", &["read:public_key"]),
    ("read:public_key", &[]),
    ("admin:gpg_key", &["write:gpg_key", "read:gpg_key"]),
    ("write:gpg_key", &["read:gpg_key"]),
    ("read:gpg_key", &[]),
    ("gist", &[]),
    ("notifications", &[]),
    ("user", &["read:user", "user:email", "user:follow"]),
    ("read:user", &[]),
    ("user:email", &[]),
    ("user:follow", &[]),
    ("project", &["read:project"]),
    ("read:project", &[]),
    ("delete_repo", &[]),
    ("write:packages", &["read:packages"]),
    ("read:packages", &[]),
    ("delete:packages", &[]),
    ("codespace", &[]),
    ("workflow", &[]),
    ("read:audit_log", &[]),
];

/// A requested scope list, sorted out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requested {
    /// Known scopes in the order asked for, without repeats and without those that another one contains.
    pub scopes: Vec<String>,
    /// Words that are not scopes. They are dropped, as an authorization server may (RFC 6749 §3.3).
    pub unknown: Vec<String>,
    /// `offline_access` was among them.
    pub offline: bool,
}

/// Reads a `scope` parameter: separated by spaces as the RFC has it, or by commas as some clients do (docs/github.md §1).
pub fn read(scope: &str) -> Requested {
    let words = split_scope(scope);
    let (known, mut unknown): (Vec<_>, Vec<_>) = words
        .into_iter()
        .filter(|word| word != OFFLINE_ACCESS)
        .partition(|word| contained_in(word).is_some());
    unknown.dedup();
    Requested {
        scopes: normalised(&known),
        unknown,
        offline: split_scope(scope).iter().any(|word| word == OFFLINE_ACCESS),
    }
}

/// Drops repeats and what another scope of the list contains: `user,gist,user:email` becomes `user`, `gist`.
pub fn normalised(scopes: &[String]) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for scope in scopes {
        let contained = scopes
            .iter()
            .any(|other| contained_in(other).is_some_and(|inner| inner.contains(&scope.as_str())));
        if !contained && !kept.contains(scope) {
            kept.push(scope.clone());
        }
    }
    kept
}

/// The scopes that a scope contains; `None` if it is not a known scope.
pub fn contained_in(scope: &str) -> Option<&'static [&'static str]> {
    SCOPES
        .iter()
        .find(|(name, _)| *name == scope)
        .map(|(_, inner)| *inner)
}

/// The scope of `all` that contains `scope`, where one does.
pub fn container<'s>(scope: &str, all: &'s [String]) -> Option<&'s str> {
    all.iter()
        .find(|other| contained_in(other).is_some_and(|inner| inner.contains(&scope)))
        .map(String::as_str)
}

/// True for a scope that GitHub documents, `offline_access` included.
pub fn is_known(scope: &str) -> bool {
    scope == OFFLINE_ACCESS || contained_in(scope).is_some()
}

/// Every scope there is.
pub fn all() -> impl Iterator<Item = &'static str> {
    SCOPES.iter().map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use crate::providers::github::scopes::*;

    #[test]
    fn lists_are_normalised() {
        for (sent, scopes) in [
            ("user,gist,user:email", "user gist"),
            ("repo gist", "repo gist"),
            ("read:org admin:org", "admin:org"),
            ("gist gist", "gist"),
            ("repo offline_access", "repo"),
            ("nonsense gist", "gist"),
            ("", ""),
        ] {
            assert_eq!(read(sent).scopes.join(" "), scopes, "{sent}");
        }
        assert!(read("offline_access").offline);
        assert_eq!(read("nonsense gist").unknown, ["nonsense"]);
    }

    #[test]
    fn what_a_scope_contains_is_itself_a_scope() {
        for (name, inner) in SCOPES {
            assert!(inner.iter().all(|scope| contained_in(scope).is_some()), "{name}");
        }
    }
}
