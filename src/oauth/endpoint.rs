//! What a host and an endpoint look like, checked before anything is sent there.

use url::{Host, Url};

use crate::text::defects::is_invisible;

/// True for a host by itself, with a port if need be: what may stand between `https://` and the path.
pub fn is_host(text: &str) -> bool {
    let only_a_host = |url: Url| url.path() == "/" && url.username().is_empty() && url.query().is_none();
    text.chars().all(|c| c.is_alphanumeric() || "-.:[]_".contains(c))
        && Url::parse(&format!("https://{text}/")).is_ok_and(only_a_host)
}

/// Scheme, host and port of a URL, as they stand; nothing where it has no host.
pub fn origin(url: &str) -> &str {
    let Some((scheme, rest)) = url.split_once("://") else {
        return "";
    };
    let host = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    &url[..scheme.len() + 3 + host]
}

/// Host and port of a URL, as they stand.
pub fn authority(url: &str) -> Option<&str> {
    Some(origin(url).split_once("://")?.1)
}

/// True for an absolute `http` or `https` URL that is asked as it is read.
pub fn is_endpoint(text: &str) -> bool {
    // The parser drops line breaks and white space, so that another URL would be asked than was read.
    let is_read_otherwise = text.contains(|c: char| c.is_whitespace() || c.is_control() || is_invisible(c));
    // It takes a backslash for a slash as well, and passes over slashes too many, so that a path would become a host.
    let host_follows = text
        .split_once("://")
        .is_some_and(|(_, rest)| !rest.starts_with('/') && !text.contains('\\'));
    !is_read_otherwise
        && host_follows
        && Url::parse(text).is_ok_and(|url| {
            matches!(url.scheme(), "http" | "https")
                && url.has_host()
                // Neither is sent: whatever stands there is a mistake, or meant to look like another host.
                && url.username().is_empty()
                && url.password().is_none()
        })
}

/// True where everybody on the way can read what is sent: plain `http` to another machine.
pub fn is_in_the_clear(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| url.scheme() == "http" && url.has_host() && !is_loopback(&url))
}

/// True for a URL of this machine.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::oauth::endpoint::*;

    #[test]
    fn a_host_is_a_host_and_nothing_else() {
        for (text, good) in [
            ("github.com", true),
            ("git.example.test:8443", true),
            ("[::1]:8443", true),
            ("m\u{fc}nchen.example", true),
            ("evil.test#github.com", false),
            ("evil.test/github.com", false),
            ("evil.test?github.com", false),
            ("user@github.com", false),
            ("https://github.com", false),
            ("github.com\n.evil.test", false),
            ("github .com", false),
            ("", false),
        ] {
            assert_eq!(is_host(text), good, "{text:?}");
        }
    }

    #[test]
    fn an_endpoint_is_asked_as_it_is_read() {
        for (text, good) in [
            ("https://id.example/token?tenant=1", true),
            ("http://127.0.0.1:8914/token", true),
            ("https://user:pass@id.example/token", false),
            ("https://github.com@id.example/token", false),
            ("https://id.example/to\nken", false),
            ("https://id.exa\u{200b}mple/", false),
            ("https://id.example/\u{202e}", false),
            ("https:///id.example/", false),
            ("https:id.example/", false),
            ("https:\\\\id.example\\token", false),
            ("https://github.com\\@id.example/", false),
            ("ftp://id.example/", false),
            ("id.example/token", false),
        ] {
            assert_eq!(is_endpoint(text), good, "{text:?}");
        }
    }

    #[test]
    fn plain_http_to_another_machine_is_in_the_clear() {
        for (text, clear) in [
            ("http://id.example/token", true),
            ("HTTP://192.0.2.1/token", true),
            ("https://id.example/token", false),
            ("http://localhost:1/token", false),
            ("http://[::1]:1/token", false),
            ("no URL", false),
        ] {
            assert_eq!(is_in_the_clear(text), clear, "{text}");
        }
    }

    #[test]
    fn this_machine_is_recognised() {
        for (url, loopback) in [
            ("http://127.0.0.1:8914/", true),
            ("http://127.9.9.9/", true),
            ("http://[::1]:1/", true),
            ("http://localhost/", true),
            ("https://LOCALHOST/", true),
            ("http://app.localhost/", true),
            ("https://github.com/", false),
            ("https://localhost.example.com/", false),
        ] {
            assert_eq!(is_loopback(&Url::parse(url).unwrap()), loopback, "{url}");
        }
    }
}
