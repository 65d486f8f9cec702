//! Reading what comes to the redirect listener, or is pasted in its place.

use subtle::ConstantTimeEq as _;
use url::Url;

use crate::{
    flow::transcript::{Channel, Disposition},
    oauth::{
        authorization::AuthorizationResponse,
        http::{HttpRequest, is_url},
        params::Params,
    },
};

/// What a redirect is held against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected<'e> {
    /// The redirect URI of the authorization request.
    pub redirect_uri: &'e str,
    /// The `state` that was sent.
    pub state: &'e str,
    /// The issuer, where it is known.
    pub issuer: Option<&'e str>,
    /// The address the listener is bound to, as `host:port`.
    pub listening: Option<&'e str>,
    /// True when a redirect was taken already.
    pub taken: bool,
}

/// Says what becomes of a request to the listener. The order is that of the questions a server asks: is it for me, is it
/// a redirect, is it mine, is it the first.
pub fn classify(expected: &Expected<'_>, channel: Channel, request: &HttpRequest) -> Disposition {
    if channel == Channel::Listener
        && let Some(elsewhere) = not_for_the_listener(expected, request)
    {
        return elsewhere;
    }
    let params = Params::decode(request.query().unwrap_or_default());
    let response = AuthorizationResponse::from_params(&params);
    if !response.is_present() {
        return Disposition::NoParameters;
    }
    if ["state", "code", "error"]
        .iter()
        .any(|name| params.count(name) > 1)
    {
        return Disposition::ParameterRepeated;
    }
    match &response.state {
        None => return Disposition::StateMissing,
        Some(state) if !bool::from(state.as_bytes().ct_eq(expected.state.as_bytes())) => {
            return Disposition::StateDiffers;
        }
        Some(_) => {}
    }
    if let (Some(iss), Some(issuer)) = (&response.iss, expected.issuer)
        && iss != issuer
    {
        return Disposition::IssuerDiffers;
    }
    if expected.taken {
        Disposition::SecondRedirect
    } else if response.error.is_some() {
        Disposition::ErrorResponse
    } else {
        Disposition::Accepted
    }
}

fn not_for_the_listener(expected: &Expected<'_>, request: &HttpRequest) -> Option<Disposition> {
    // Read as a browser reads it, since a browser has written the request.
    let uri = Url::parse(expected.redirect_uri).ok();
    if !host_is_ours(expected, uri.as_ref(), request.header("host")) {
        return Some(Disposition::OtherHost);
    }
    if as_a_browser_writes(request.path()) != uri.as_ref().map_or("/", Url::path) {
        let icon = request.path().starts_with("/favicon") || request.path().starts_with("/apple-touch-icon");
        return Some(if icon {
            Disposition::Favicon
        } else {
            Disposition::OtherPath
        });
    }
    (request.method != "GET").then_some(Disposition::OtherMethod)
}

/// A path without dot segments, percent-encoded where it has to be (WHATWG URL, path state).
fn as_a_browser_writes(path: &str) -> String {
    match Url::parse("http://localhost/") {
        Ok(mut url) => {
            url.set_path(path);
            url.path().to_owned()
        }
        Err(_) => path.to_owned(),
    }
}

/// Accepts the host of the redirect URI and loopback names with the listener's port; refuses everything else, so that a
/// page which rebinds its DNS name to this machine learns nothing. A port that is not written is the scheme's: a browser
/// leaves it out (RFC 9110 §7.2).
fn host_is_ours(expected: &Expected<'_>, uri: Option<&Url>, host: Option<&str>) -> bool {
    let Some(host) = host else { return false };
    // A proxy may forward what came by https, so the unwritten port is that of the redirect URI's scheme.
    let of_the_uri = uri.is_some_and(|uri| {
        Url::parse(&format!("{}://{host}/", uri.scheme())).is_ok_and(|sent| {
            sent.host_str() == uri.host_str() && sent.port_or_known_default() == uri.port_or_known_default()
        })
    });
    let of_the_listener = || {
        let listening = expected.listening?;
        let sent = Url::parse(&format!("http://{host}/")).ok()?;
        let own = Url::parse(&format!("http://{listening}/")).ok()?;
        let name = sent.host_str()?;
        let local = ["localhost", "127.0.0.1", "[::1]"].contains(&name) || own.host_str() == Some(name);
        Some(local && sent.port_or_known_default() == own.port_or_known_default())
    };
    let plain = !host.contains(['/', '?', '#', '@', '\\']);
    plain && (of_the_uri || of_the_listener().unwrap_or(false))
}

/// A pasted redirect: as the request that would have come, or as a bare code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pasted {
    /// A URL or query that holds parameters.
    Redirect(HttpRequest),
    /// A single word without parameters.
    BareCode(String),
    /// Several words: a message or a page's text, and no code.
    Prose,
    /// Nothing.
    Empty,
}

/// True for a text that has its query behind a `?`: a URL, a request target, or a URL without its scheme, as some address
/// bars show it. A query by itself may hold a URL too (`code=…&iss=https://…`).
pub fn is_target(text: &str) -> bool {
    let query_comes_first = match (text.find('?'), text.find('=')) {
        (Some(query), Some(parameter)) => query < parameter,
        _ => false,
    };
    is_url(text) || text.starts_with(['/', '?']) || query_comes_first
}

/// Reads a pasted redirect: a whole URL, a query with or without `?`, or a bare code. White space around it, and line
/// breaks that a terminal put inside it, do not count.
pub fn read_pasted(text: &str) -> Pasted {
    let joined: String = text.split_whitespace().collect();
    if joined.is_empty() {
        return Pasted::Empty;
    }
    let lines = text.trim().split(['\n', '\r']);
    let is_prose = lines
        .map(str::trim)
        .any(|line| line.contains(char::is_whitespace));
    if is_target(&joined) && !joined.starts_with('?') {
        return Pasted::Redirect(HttpRequest::get(joined));
    }
    if joined.contains('=') {
        return Pasted::Redirect(HttpRequest::get(format!("?{}", joined.trim_start_matches('?'))));
    }
    if is_prose {
        Pasted::Prose
    } else {
        Pasted::BareCode(joined)
    }
}

/// A bare code as the redirect that would have brought it.
pub fn of_bare_code(code: &str) -> HttpRequest {
    let mut params = Params::default();
    params.push("code", code);
    HttpRequest::get(format!("?{}", params.encode()))
}

#[cfg(test)]
mod tests {
    use crate::flow::grants::authorization_code::redirect::*;

    const EXPECTED: Expected<'static> = Expected {
        redirect_uri: "http://127.0.0.1:8914/callback",
        state: "s1",
        issuer: Some("https://github.com/login/oauth"),
        listening: Some("127.0.0.1:8914"),
        taken: false,
    };

    #[test]
    fn what_becomes_of_each_request() {
        for (method, host, target, disposition) in [
            (
                "GET",
                "127.0.0.1:8914",
                "/callback?code=c&state=s1",
                Disposition::Accepted,
            ),
            (
                "GET",
                "localhost:8914",
                "/callback?code=c&state=s1",
                Disposition::Accepted,
            ),
            (
                "GET",
                "127.0.0.1:8914",
                "/callback?code=c&iss=https%3A%2F%2Fgithub.com%2Flogin%2Foauth&state=s1",
                Disposition::Accepted,
            ),
            (
                "GET",
                "127.0.0.1:8914",
                "/callback?code=c&iss=https%3A%2F%2Fevil.test&state=s1",
                Disposition::IssuerDiffers,
            ),
            (
                "GET",
                "127.0.0.1:8914",
                "/callback?error=access_denied&state=s1",
                Disposition::ErrorResponse,
            ),
            (
                "GET",
                "127.0.0.1:8914",
                "/callback?code=c",
                Disposition::StateMissing,
            ),
            (
                "GET",
                "127.0.0.1:8914",
                "/callback?code=c&state=s2",
                Disposition::StateDiffers,
            ),
            (
                "GET",
                "127.0.0.1:8914",
                "/callback?code=c&state=s1&state=s2",
                Disposition::ParameterRepeated,
            ),
            (
                "GET",
                "127.0.0.1:8914",
                "/callback?code=c&code=d&state=s1",
                Disposition::ParameterRepeated,
            ),
            ("GET", "127.0.0.1:8914", "/callback", Disposition::NoParameters),
            (
                "HEAD",
                "127.0.0.1:8914",
                "/callback?code=c&state=s1",
                Disposition::OtherMethod,
            ),
            ("GET", "127.0.0.1:8914", "/favicon.ico", Disposition::Favicon),
            (
                "GET",
                "127.0.0.1:8914",
                "/callback/?code=c&state=s1",
                Disposition::OtherPath,
            ),
            (
                "GET",
                "evil.test:8914",
                "/callback?code=c&state=s1",
                Disposition::OtherHost,
            ),
        ] {
            let request = HttpRequest {
                method: method.into(),
                ..HttpRequest::get(target)
            }
            .with_header("Host", host);
            assert_eq!(
                classify(&EXPECTED, Channel::Listener, &request),
                disposition,
                "{method} {host} {target}"
            );
        }
        let again = Expected {
            taken: true,
            ..EXPECTED
        };
        let request = HttpRequest::get("/callback?code=c&state=s1").with_header("Host", "127.0.0.1:8914");
        assert_eq!(
            classify(&again, Channel::Listener, &request),
            Disposition::SecondRedirect
        );
    }

    fn of_a_listener(redirect_uri: &str, listening: &str, host: &str, path: &str) -> Disposition {
        let expected = Expected {
            redirect_uri,
            listening: Some(listening),
            ..EXPECTED
        };
        let request = HttpRequest::get(format!("{path}?code=c&state=s1")).with_header("Host", host);
        classify(&expected, Channel::Listener, &request)
    }

    #[test]
    fn a_host_is_read_with_the_port_that_a_browser_leaves_out() {
        let (own, public) = ("127.0.0.1:9", "https://example.com:443/cb");
        for (redirect_uri, listening, host, ours) in [
            ("http://localhost:80/cb", "127.0.0.1:80", "localhost", true),
            ("http://localhost/cb", "127.0.0.1:80", "127.0.0.1:80", true),
            ("http://[::1]:9/cb", "[::1]:9", "[::1]:9", true),
            (public, own, "example.com", true),
            (public, own, "EXAMPLE.com:443", true),
            (public, own, "example.com:80", false),
            (public, own, "localhost:9", true),
            (public, own, "localhost", false),
            (public, own, "x@example.com", false),
            (public, own, "example.com/", false),
            (public, own, "", false),
        ] {
            let expected = if ours {
                Disposition::Accepted
            } else {
                Disposition::OtherHost
            };
            let found = of_a_listener(redirect_uri, listening, host, "/cb");
            assert_eq!(found, expected, "{redirect_uri} {host}");
        }
    }

    #[test]
    fn a_path_is_read_as_a_browser_writes_it() {
        for (written, asked, ours) in [
            ("/回调", "/%E5%9B%9E%E8%B0%83", true),
            ("/a/../cb", "/cb", true),
            ("", "/", true),
            ("/cb", "//cb", false),
            ("/cb", "/cb/", false),
        ] {
            let expected = if ours {
                Disposition::Accepted
            } else {
                Disposition::OtherPath
            };
            let redirect_uri = format!("http://127.0.0.1:9{written}");
            let found = of_a_listener(&redirect_uri, "127.0.0.1:9", "127.0.0.1:9", asked);
            assert_eq!(found, expected, "{written} {asked}");
        }
    }

    #[test]
    fn a_redirect_can_be_pasted_in_three_forms() {
        for (text, url) in [
            (
                " http://127.0.0.1:8914/callback?code=c&state=s1\n",
                "http://127.0.0.1:8914/callback?code=c&state=s1",
            ),
            ("?code=c&state=s1", "?code=c&state=s1"),
            (
                "127.0.0.1:8914/callback?code=c&state=s1",
                "127.0.0.1:8914/callback?code=c&state=s1",
            ),
            (
                "code=c&state=s&iss=https://github.com/login/oauth",
                "?code=c&state=s&iss=https://github.com/login/oauth",
            ),
            ("code=c&sta\nte=s1", "?code=c&state=s1"),
        ] {
            assert_eq!(
                read_pasted(text),
                Pasted::Redirect(HttpRequest::get(url)),
                "{text:?}"
            );
        }
        assert_eq!(
            read_pasted(" 35e0ea2e9115f650b742 "),
            Pasted::BareCode("35e0ea2e9115f650b742".into())
        );
        assert_eq!(read_pasted("  "), Pasted::Empty);
    }
}
