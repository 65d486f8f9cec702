//! Whether a redirect URI matches what is registered: exactly, or by GitHub's wildcard.

use serde::{Deserialize, Serialize};

use crate::oauth::redirect_uri::{Component, RedirectUri, is_ip_address};

/// A redirect URI as the app has it registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    /// The URI as registered.
    pub uri: String,
    /// GitHub's per-URI wildcard switch: sub-domains and sub-paths match too (docs/github.md §2; on for apps from before
    /// 2026-08-03).
    pub wildcard: bool,
}

/// How one component of a sent redirect URI compares with the registered one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Equal.
    Same,
    /// Not equal, but the port of a loopback redirect is free (RFC 8252 §7.3).
    LoopbackPort,
    /// Not equal, but a sub-domain of the registered host, and the wildcard switch is on.
    SubDomain,
    /// Not equal, but below the registered path, and the wildcard switch is on.
    SubPath,
    /// Not the same text; the wildcard switch is off and would have let it pass.
    WildcardOff,
    /// Not equal.
    Differs,
}

impl Verdict {
    /// True when this component does not stand in the way of a match.
    pub fn is_match(self) -> bool {
        !matches!(self, Self::Differs | Self::WildcardOff)
    }
}

/// Holds each component of `sent` against `registered`, in the order of [`Component::ALL`].
///
/// With the wildcard switch off the value must match exactly (docs/github.md §2), so a default port that is written out,
/// the case of a host and the slash of an empty path count as well. Only a loopback port is free either way.
pub fn compare(registered: &RedirectUri, wildcard: bool, sent: &RedirectUri) -> [(Component, Verdict); 5] {
    Component::ALL.map(|component| {
        let verdict = with_wildcard(component, registered, sent);
        let exact = match component {
            Component::Port => registered.port == sent.port,
            Component::Query => registered.query == sent.query,
            _ => registered.component(component) == sent.component(component),
        };
        let verdict = match verdict {
            Verdict::LoopbackPort | Verdict::Differs => verdict,
            _ if !wildcard && !exact => Verdict::WildcardOff,
            _ => verdict,
        };
        (component, verdict)
    })
}

/// How one component compares with the wildcard switch on.
fn with_wildcard(component: Component, registered: &RedirectUri, sent: &RedirectUri) -> Verdict {
    let held = |same: bool, otherwise: Option<Verdict>| {
        if same {
            Verdict::Same
        } else {
            otherwise.unwrap_or(Verdict::Differs)
        }
    };
    match component {
        Component::Scheme => held(registered.is_scheme(&sent.scheme), None),
        Component::Host => {
            let (base, host) = (
                registered.host.to_ascii_lowercase(),
                sent.host.to_ascii_lowercase(),
            );
            let below = !is_ip_address(&base) && !base.is_empty() && host.ends_with(&format!(".{base}"));
            held(base == host, below.then_some(Verdict::SubDomain))
        }
        Component::Port => {
            // Where neither writes a port, a difference is the scheme's.
            let same = registered.port == sent.port || registered.effective_port() == sent.effective_port();
            let free = registered.is_loopback() && sent.is_loopback();
            if free && registered.port != sent.port {
                Verdict::LoopbackPort
            } else {
                held(same, None)
            }
        }
        Component::Path => {
            let (base, path) = (registered.effective_path(), sent.effective_path());
            let below =
                !has_dot_segment(path) && path.starts_with(&format!("{}/", base.trim_end_matches('/')));
            held(base == path, below.then_some(Verdict::SubPath))
        }
        Component::Query => held(registered.query == sent.query, None),
    }
}

fn has_dot_segment(path: &str) -> bool {
    path.split('/').any(|segment| {
        let decoded = segment.to_ascii_lowercase().replace("%2e", ".");
        decoded == ".." || decoded == "."
    })
}

/// True when `sent` matches `registered`. Texts that are not redirect URIs match only themselves.
pub fn matches(registered: &Registered, sent: &str) -> bool {
    match (RedirectUri::parse(&registered.uri), RedirectUri::parse(sent)) {
        (Ok(base), Ok(uri)) => compare(&base, registered.wildcard, &uri)
            .iter()
            .all(|(_, v)| v.is_match()),
        _ => registered.uri == sent,
    }
}

/// The registered URI that `sent` matches, where there is one.
pub fn matching<'r>(registered: &'r [Registered], sent: &str) -> Option<&'r Registered> {
    registered.iter().find(|candidate| matches(candidate, sent))
}

/// The registered URI that `sent` comes closest to: one that it matches, else by the number of components that stand in
/// the way.
pub fn closest<'r>(registered: &'r [Registered], sent: &str) -> Option<&'r Registered> {
    if let Some(matching) = matching(registered, sent) {
        return Some(matching);
    }
    let Ok(sent) = RedirectUri::parse(sent) else {
        return registered.first();
    };
    registered
        .iter()
        .min_by_key(|candidate| match RedirectUri::parse(&candidate.uri) {
            Ok(base) => compare(&base, candidate.wildcard, &sent)
                .iter()
                .filter(|(_, verdict)| !verdict.is_match())
                .count(),
            Err(_) => Component::ALL.len() + 1,
        })
}

/// The value nearest to `sent` that matches the registration: `sent` itself when it matches, else the closest registered
/// URI with every component kept that may stay (a loopback port, a sub-path, a sub-domain).
pub fn nearest_match(registered: &[Registered], sent: &str) -> Option<String> {
    if matching(registered, sent).is_some() {
        return Some(sent.to_owned());
    }
    let closest = closest(registered, sent)?;
    let (Ok(base), Ok(uri)) = (RedirectUri::parse(&closest.uri), RedirectUri::parse(sent)) else {
        return Some(closest.uri.clone());
    };
    let mut nearest = base.clone();
    let verdicts = compare(&base, closest.wildcard, &uri);
    let keep = |component: Component| verdicts.iter().any(|(c, v)| *c == component && v.is_match());
    if keep(Component::Host) {
        nearest.host.clone_from(&uri.host);
    }
    // A port that is not written is that of its scheme, and means another one under the scheme that is registered.
    let same_port = keep(Component::Port) && (uri.port.is_some() || keep(Component::Scheme));
    if base.is_loopback() && uri.is_loopback() && uri.port.is_some() || same_port {
        nearest.port = uri.port;
    }
    // Behind a scheme alone an empty path leaves nothing, and one that begins with `//` would be read as a host.
    let is_path_anywhere = uri.path.starts_with('/') && !uri.path.starts_with("//");
    if keep(Component::Path) && (is_path_anywhere || !nearest.host.is_empty()) {
        nearest.path.clone_from(&uri.path);
    }
    Some(nearest.to_string())
}

#[cfg(test)]
mod tests {
    use crate::oauth::redirect_matching::*;

    fn registered(uri: &str, wildcard: bool) -> Registered {
        Registered {
            uri: uri.into(),
            wildcard,
        }
    }

    #[test]
    fn githubs_own_table_of_examples() {
        let path = registered("https://example.com/path", true);
        for (sent, expected) in [
            ("https://example.com/path", true),
            ("https://example.com/path/subdir/other", true),
            ("https://oauth.example.com/path", true),
            ("https://oauth.example.com/path/subdir/other", true),
            ("https://example.com/bar", false),
            ("https://example.com/", false),
            ("https://example.com:8080/path", false),
            ("https://oauth.example.com:8080/path", false),
            ("https://example.org", false),
            // Seen in the wild, docs/github.md §2 and §8.2.
            ("http://example.com/path", false),
            ("https://example.com//path", false),
            ("https://example.com/pathology", false),
            ("https://example.com/path/../bar", false),
            ("https://example.com/path?code=1", false),
            ("https://notexample.com/path", false),
            ("example.com/path", false),
        ] {
            assert_eq!(matches(&path, sent), expected, "{sent}");
        }
    }

    #[test]
    fn without_the_wildcard_only_equal_values_match_and_the_loopback_port_stays_free() {
        let exact = registered("https://example.com/path", false);
        assert!(matches(&exact, "https://example.com/path"));
        assert!(!matches(&exact, "https://example.com/path/sub"));
        assert!(!matches(&exact, "https://oauth.example.com/path"));
        for (one, other) in [
            ("https://example.com/path", "https://example.com:443/path"),
            ("https://example.com/path", "https://EXAMPLE.com/path"),
            ("https://example.com/path", "HTTPS://example.com/path"),
            ("http://127.0.0.1", "http://127.0.0.1/"),
            ("https://example.com/path", "https://example.com/path?"),
        ] {
            assert!(!matches(&registered(one, false), other), "{other}");
            assert!(!matches(&registered(other, false), one), "{one}");
            assert!(matches(&registered(other, false), other), "{other}");
            assert_eq!(
                nearest_match(&[registered(one, false)], other).as_deref(),
                Some(one)
            );
        }
        let loopback = registered("http://127.0.0.1/callback", false);
        assert!(matches(&loopback, "http://127.0.0.1:8914/callback"));
        assert!(!matches(&loopback, "http://localhost:8914/callback"));
        assert!(!matches(&loopback, "http://127.0.0.1:8914/callback/sub"));
    }

    #[test]
    fn an_unwritten_port_is_no_difference_of_its_own() {
        let all = [
            registered("https://example.com/cb", true),
            registered("http://example.com/other", true),
        ];
        let sent = "http://example.com/cb";
        assert_eq!(closest(&all, sent), Some(&all[0]));
        let (base, uri) = (
            RedirectUri::parse(&all[0].uri).unwrap(),
            RedirectUri::parse(sent).unwrap(),
        );
        let wrong: Vec<Component> = compare(&base, true, &uri)
            .into_iter()
            .filter(|(_, verdict)| !verdict.is_match())
            .map(|(component, _)| component)
            .collect();
        assert_eq!(wrong, [Component::Scheme]);
        assert_eq!(nearest_match(&all, sent).unwrap(), "https://example.com/cb");
    }

    #[test]
    fn an_address_has_no_sub_domains() {
        assert!(!matches(
            &registered("http://127.0.0.1/", true),
            "http://x.127.0.0.1/"
        ));
        assert!(!matches(&registered("http://[::1]/", true), "http://x.[::1]/"));
    }

    #[test]
    fn a_private_use_scheme_needs_no_host() {
        let uri = RedirectUri::parse("com.example.app:/cb?x=1").unwrap();
        assert_eq!((uri.host.as_str(), uri.path.as_str()), ("", "/cb"));
        assert_eq!(uri.to_string(), "com.example.app:/cb?x=1");
        assert!(!uri.is_loopback());
        let all = [registered("com.example.app:/cb", true)];
        assert!(matches(&all[0], "com.example.app:/cb"));
        assert!(!matches(&all[0], "com.example.app://cb"));
        assert!(!matches(&all[0], "http://example.com/cb"));
        assert_eq!(
            nearest_match(&all, "com.example.app:/x").as_deref(),
            Some("com.example.app:/cb")
        );
    }

    #[test]
    fn the_nearest_match_keeps_what_may_stay_and_matches() {
        for (uri, wildcard, sent, nearest) in [
            (
                "http://127.0.0.1/callback",
                true,
                "http://localhost:8914/callback",
                "http://127.0.0.1:8914/callback",
            ),
            (
                "http://127.0.0.1/callback",
                true,
                "http://127.0.0.1:8914/cb",
                "http://127.0.0.1:8914/callback",
            ),
            (
                "https://example.com/path",
                true,
                "http://a.example.com/path/x",
                "https://a.example.com/path/x",
            ),
            (
                "https://example.com/path",
                false,
                "http://a.example.com/path/x",
                "https://example.com/path",
            ),
            (
                "https://example.com/path",
                true,
                "https://example.com:8080/path",
                "https://example.com/path",
            ),
            (
                "https://example.com/path",
                true,
                "nonsense",
                "https://example.com/path",
            ),
        ] {
            let all = [registered(uri, wildcard)];
            let found = nearest_match(&all, sent).unwrap();
            assert_eq!(found, nearest, "{sent}");
            assert!(matches(&all[0], &found), "{found}");
        }
    }
}
