//! Redirect URIs taken apart, and the rule by which GitHub holds one to its registration (docs/github.md §2).
//!
//! One matcher serves the simulator, the diagnosis, the picture and the suggestion of the nearest value that would match.

use serde::{Deserialize, Serialize};

use crate::{oauth::secret::MASK, text::bytes::all_bytes};

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
        let allows = |part: &str| all_bytes(part, |byte| ALLOWED[usize::from(byte)]);
        if !text.split(MASK).all(allows) {
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
pub(super) fn is_ip_address(host: &str) -> bool {
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

#[cfg(test)]
mod tests {
    use crate::oauth::redirect_uri::*;

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
