//! Lines of web servers and proxies: what was asked for, and with which status that was answered.

use crate::providers::recognise;

/// A line of an access log: `… "GET /callback?code=… HTTP/1.1" 302 …`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Line<'l> {
    method: &'l str,
    target: &'l str,
    status: u16,
    /// Where the request ends: behind it stand the status, the length and the page that it came from.
    pub behind: usize,
}

/// Reads a line of an access log.
pub(crate) fn line(text: &str) -> Option<Line<'_>> {
    let version = text.find(" HTTP/")?;
    let rest = &text[version + " HTTP/".len()..];
    let quote = rest.find('"').filter(|quote| *quote <= 3)?;
    let behind = version + " HTTP/".len() + quote + 1;
    let status = text[behind..].trim_start_matches(' ').get(..3)?.parse().ok()?;
    let start = text[..version].rfind('"')? + 1;
    let (method, target) = text[start..version].split_once(' ')?;
    let is_method = !method.is_empty() && method.bytes().all(|b| b.is_ascii_uppercase());
    is_method.then_some(Line {
        method,
        target,
        status,
        behind,
    })
}

impl Line<'_> {
    /// The status of a token endpoint's answer, in the log of the authorization server itself. The answer is not in there.
    pub fn answer(&self) -> Option<u16> {
        let path = self.target.split(['?', '#']).next().unwrap_or_default();
        (self.method == "POST" && recognise::is_token_path(path)).then_some(self.status)
    }
}

/// True for a complaint of a proxy about the program behind it. No token request failed with it, unless the proxy stands
/// before a token endpoint.
pub(crate) fn is_a_proxys(line: &str) -> bool {
    let Some((_, upstream)) = line.split_once("upstream: \"") else {
        return line.contains("while connecting to upstream");
    };
    let address = upstream.split(['"', '?']).next().unwrap_or_default();
    !recognise::is_token_path(address)
}

#[cfg(test)]
mod tests {
    use crate::sources::pasted::access_log::*;

    #[test]
    fn a_line_of_a_log_is_told_from_a_message() {
        let line_of = |text| line(text).map(|line| (line.method, line.target, line.status));
        assert_eq!(
            line_of(r#"10.0.0.1 - - [27/Nov/2026:10:00:00 +0000] "GET /cb?code=c HTTP/2.0" 302 0 "-" "x""#),
            Some(("GET", "/cb?code=c", 302))
        );
        for text in [
            "GET /cb?code=c HTTP/1.1",
            r#"send: b"GET /cb HTTP/1.1""#,
            "HTTP/1.1 200 OK",
        ] {
            assert_eq!(line_of(text), None, "{text}");
        }
    }

    #[test]
    fn a_proxy_complains_of_what_is_behind_it() {
        let refused = "connect() failed (111: Connection refused) while connecting to upstream";
        for (upstream, is) in [
            (", upstream: \"http://127.0.0.1:3000/cb?code=c\"", true),
            ("", true),
            (
                ", upstream: \"https://140.82.121.3/login/oauth/access_token\"",
                false,
            ),
        ] {
            assert_eq!(is_a_proxys(&format!("{refused}{upstream}")), is, "{upstream}");
        }
        assert!(!is_a_proxys("connect ECONNREFUSED 127.0.0.1:443"));
    }
}
