//! Redirect URIs taken apart, and the rule by which GitHub holds one to its registration (docs/github.md §2).
//!
//! One matcher serves the simulator, the diagnosis, the picture and the suggestion of the nearest value that would match.

use serde::{Deserialize, Serialize};

use crate::oauth::secret::MASK;

/// A redirect URI split into components exactly as it was written: nothing is normalised, since a slash is evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedirectUri {
    /// The scheme as written, without `:`.
    pub scheme: String,
    /// The host as written, with brackets around an IPv6 address; empty where a private-use scheme has none
    /// (`com.example.app:/callback`, RFC 8252 §7.1).
    pub host: String,
    /// The port, where one was written.
    pub port: Option<u16>,
    /// The path as written; empty where none was.
    pub path: String,
    /// The query without `?`.
    pub query: Option<String>,
}

/// Why a text is not a usable redirect URI (RFC 6749 §3.1.2: absolute, no fragment).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RedirectUriDefect {
    /// There is no text.
    Empty,
    /// A character that no URI holds: see [`is_forbidden`].
    ForbiddenCharacter,
    /// The text is itself percent-encoded (`http%3A%2F%2F…`).
    EncodedTwice,
    /// There is no `scheme://`, nor the `scheme:/` of a private-use scheme.
    NotAbsolute,
    /// The host is missing.
    NoHost,
    /// The port is not a number from 1 to 65535.
    BadPort,
    /// There is a `#fragment`.
    Fragment,
}

impl RedirectUri {
    /// Splits a text.
    ///
    /// # Errors
    /// The first defect that makes it no absolute URI without fragment.
    pub fn parse(text: &str) -> Result<Self, RedirectUriDefect> {
        if text.is_empty() {
            return Err(RedirectUriDefect::Empty);
        }
        // What a mask stands for was allowed.
        let forbids = |part: &str| part.bytes().any(|byte| !ALLOWED[usize::from(byte)]);
        if text.split(MASK).any(forbids) {
            return Err(RedirectUriDefect::ForbiddenCharacter);
        }
        let (scheme, has_authority, rest) = split_scheme(text)?;
        if rest.contains('#') {
            return Err(RedirectUriDefect::Fragment);
        }
        let (before_query, query) = match rest.split_once('?') {
            Some((before, query)) => (before, Some(query.to_owned())),
            None => (rest, None),
        };
        let (authority, path) = match before_query.find('/') {
            _ if !has_authority => ("", before_query),
            Some(slash) => before_query.split_at(slash),
            None => (before_query, ""),
        };
        let (host, port) = split_port(authority)?;
        if has_authority && !is_host(host) {
            return Err(RedirectUriDefect::NoHost);
        }
        Ok(Self {
            scheme: scheme.into(),
            host: host.into(),
            port,
            path: path.into(),
            query,
        })
    }

    /// True when the scheme is that one; letter case does not count (RFC 3986 §3.1).
    pub fn is_scheme(&self, scheme: &str) -> bool {
        self.scheme.eq_ignore_ascii_case(scheme)
    }

    /// True for `localhost`, `127.0.0.0/8` and `[::1]` (RFC 8252 §7.3 and §8.3).
    pub fn is_loopback(&self) -> bool {
        let host = self.host.to_ascii_lowercase();
        host == "localhost"
            || host == "[::1]"
            || host
                .parse::<std::net::Ipv4Addr>()
                .is_ok_and(|address| address.is_loopback())
    }

    /// The port that a connection would use: the written one, else 80 or 443 by scheme.
    pub fn effective_port(&self) -> Option<u16> {
        self.port.or(match self.scheme.to_ascii_lowercase().as_str() {
            "http" => Some(80),
            "https" => Some(443),
            _ => None,
        })
    }

    /// The path a server sees: `/` where none was written.
    pub fn effective_path(&self) -> &str {
        if self.path.is_empty() { "/" } else { &self.path }
    }

    /// One component as text, empty where it is absent.
    pub fn component(&self, component: Component) -> String {
        match component {
            Component::Scheme => self.scheme.clone(),
            Component::Host => self.host.clone(),
            Component::Port => self.port.map(|port| port.to_string()).unwrap_or_default(),
            Component::Path => self.path.clone(),
            Component::Query => self.query.clone().unwrap_or_default(),
        }
    }
}

impl std::fmt::Display for RedirectUri {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let slashes = if self.host.is_empty() { "" } else { "//" };
        write!(f, "{}:{slashes}{}", self.scheme, self.host)?;
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        f.write_str(&self.path)?;
        if let Some(query) = &self.query {
            write!(f, "?{query}")?;
        }
        Ok(())
    }
}

/// The bytes of a URI: visible ASCII without a few signs.
const ALLOWED: [bool; 256] = {
    let mut allowed = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        allowed[byte as usize] = matches!(
            byte,
            b'!' | b'#'..=b';' | b'=' | b'?'..=b'[' | b']' | b'_' | b'a'..=b'z' | b'~'
        );
        byte += 1;
    }
    allowed
};

/// True for a character that no URI holds: white space, control characters, a few signs, and all that is not ASCII
/// (RFC 3986 §2; beyond ASCII only percent-encoded). The sign of a masked character stands for one that was allowed.
pub fn is_forbidden(c: char) -> bool {
    c != MASK && !u8::try_from(c).is_ok_and(|byte| ALLOWED[usize::from(byte)])
}

/// The scheme, whether an authority (`//`) follows it, and the rest.
fn split_scheme(text: &str) -> Result<(&str, bool, &str), RedirectUriDefect> {
    let is_scheme = |scheme: &str| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    };
    let split = text.split_once(':').filter(|(scheme, _)| is_scheme(scheme));
    if let Some((scheme, rest)) = split {
        if let Some(rest) = rest.strip_prefix("//") {
            return Ok((scheme, true, rest));
        }
        // `localhost:/callback` is a host that lost its scheme, and `http` needs a host.
        let needs_host = ["http", "https", "localhost"]
            .iter()
            .any(|name| scheme.eq_ignore_ascii_case(name));
        if rest.starts_with('/') && !needs_host {
            return Ok((scheme, false, rest));
        }
    }
    let encoded = !text.contains("://") && text.to_ascii_lowercase().contains("%3a%2f");
    Err(if encoded {
        RedirectUriDefect::EncodedTwice
    } else {
        RedirectUriDefect::NotAbsolute
    })
}

fn split_port(authority: &str) -> Result<(&str, Option<u16>), RedirectUriDefect> {
    let after_brackets = authority.rfind(']').map_or(0, |end| end + 1);
    match authority[after_brackets..].rfind(':') {
        // A bracket that is never closed: the colons behind it belong to no port.
        _ if authority.starts_with('[') && after_brackets == 0 => Ok((authority, None)),
        None => Ok((authority, None)),
        Some(colon) => {
            let (host, port) = authority.split_at(after_brackets + colon);
            let port = &port[1..];
            match port.parse() {
                // Only an address in brackets may contain a colon (RFC 3986 §3.2.2), so a second one cannot end the host.
                _ if host.contains(':') && after_brackets == 0 => Err(RedirectUriDefect::BadPort),
                // `parse` would read a sign too.
                Ok(number) if number != 0 && port.bytes().all(|b| b.is_ascii_digit()) => {
                    Ok((host, Some(number)))
                }
                _ => Err(RedirectUriDefect::BadPort),
            }
        }
    }
}

/// True unless the text is empty or has brackets that hold no IPv6 address.
fn is_host(host: &str) -> bool {
    match host.strip_prefix('[') {
        Some(rest) => rest
            .strip_suffix(']')
            .is_some_and(|address| address.parse::<std::net::Ipv6Addr>().is_ok()),
        None => !host.is_empty() && !host.contains(['[', ']']),
    }
}

/// True for an IP address as a URI writes it. It has no sub-domains.
fn is_ip_address(host: &str) -> bool {
    host.starts_with('[') || host.parse::<std::net::Ipv4Addr>().is_ok()
}

/// The parts that are compared one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Component {
    /// `http`, `https`, or an app's own scheme.
    Scheme,
    /// Host name or address.
    Host,
    /// Port number.
    Port,
    /// Path.
    Path,
    /// Query.
    Query,
}

impl Component {
    /// All components in the order in which they are in a URI.
    pub const ALL: [Self; 5] = [Self::Scheme, Self::Host, Self::Port, Self::Path, Self::Query];
}

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
    use crate::oauth::redirect_uri::*;

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

    #[test]
    fn each_defect_is_named() {
        for (text, defect) in [
            ("", RedirectUriDefect::Empty),
            (
                "http://127.0.0.1/callback\n",
                RedirectUriDefect::ForbiddenCharacter,
            ),
            (
                "http%3A%2F%2F127.0.0.1%2Fcallback",
                RedirectUriDefect::EncodedTwice,
            ),
            ("127.0.0.1:8914/callback", RedirectUriDefect::NotAbsolute),
            ("localhost:/callback", RedirectUriDefect::NotAbsolute),
            ("http:/callback", RedirectUriDefect::NotAbsolute),
            ("http:///callback", RedirectUriDefect::NoHost),
            ("http://[::1/x", RedirectUriDefect::NoHost),
            ("http://[::1:80/x", RedirectUriDefect::NoHost),
            ("http://[nonsense]/x", RedirectUriDefect::NoHost),
            ("http://h:+80/", RedirectUriDefect::BadPort),
            ("http://127.0.0.1/回调", RedirectUriDefect::ForbiddenCharacter),
            ("http://127.0.0.1/\u{200b}", RedirectUriDefect::ForbiddenCharacter),
            ("http://127.0.0.1:99999/callback", RedirectUriDefect::BadPort),
            ("http://127.0.0.1/callback#top", RedirectUriDefect::Fragment),
        ] {
            assert_eq!(RedirectUri::parse(text), Err(defect), "{text:?}");
        }
        assert!(RedirectUri::parse("http://127.0.0.1/%E5%9B%9E%E8%B0%83").is_ok());
        assert_eq!(RedirectUri::parse("http://[::1]:80/x").unwrap().port, Some(80));
        assert!(RedirectUri::parse("http://[::1]/x").unwrap().is_loopback());
    }
}
