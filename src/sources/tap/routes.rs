//! Where the reverse proxy sends a request, and which addresses it rewrites. Nothing but scheme, host and port changes.

use crate::{oauth::endpoint::origin, providers::Provider};

/// The addresses of a provider, and which paths belong to which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Routes {
    authorization: Address,
    token: Address,
    api: Option<Address>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Address {
    origin: String,
    /// Without a slash at its end.
    path: String,
}

impl Address {
    fn of(url: &str) -> Self {
        let url = url.split(['?', '#']).next().unwrap_or_default();
        let origin = origin(url);
        Self {
            origin: origin.to_owned(),
            path: url[origin.len()..].trim_end_matches('/').to_owned(),
        }
    }

    /// The first segment of its path, `/login`.
    fn top(&self) -> &str {
        let end = self
            .path
            .get(1..)
            .and_then(|rest| rest.find('/'))
            .map(|at| at + 1);
        &self.path[..end.unwrap_or(self.path.len())]
    }
}

/// Host and port of an origin, the port also where it is the scheme's own.
fn with_port(origin: &str) -> String {
    let (scheme, authority) = origin.split_once("://").unwrap_or(("", origin));
    let has_port = authority
        .rsplit_once(':')
        .is_some_and(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
    let port = if scheme.eq_ignore_ascii_case("https") {
        "443"
    } else {
        "80"
    };
    if has_port {
        authority.to_ascii_lowercase()
    } else {
        format!("{}:{port}", authority.to_ascii_lowercase())
    }
}

fn is_below(path: &str, top: &str) -> bool {
    path.strip_prefix(top)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl Routes {
    /// The routes to a provider.
    pub fn of(provider: &Provider) -> Self {
        Self {
            authorization: Address::of(&provider.authorization_endpoint),
            token: Address::of(&provider.token_endpoint),
            api: (!provider.api_url.is_empty()).then(|| Address::of(&provider.api_url)),
        }
    }

    /// Scheme, host and port that a request goes to: those of the endpoint whose path it names, else of the nearest.
    pub fn origin(&self, method: &str, path: &str) -> &str {
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let plain = path.trim_end_matches('/');
        let (authorization, token) = (plain == self.authorization.path, plain == self.token.path);
        if token && (!authorization || method == "POST") {
            return &self.token.origin;
        }
        if authorization {
            return &self.authorization.origin;
        }
        if let Some(api) = self
            .api
            .as_ref()
            .filter(|api| !api.path.is_empty() && is_below(path, &api.path))
        {
            return &api.origin;
        }
        for address in [&self.authorization, &self.token] {
            if !address.top().is_empty() && is_below(path, address.top()) {
                return &address.origin;
            }
        }
        if is_below(path, "/.well-known") {
            return &self.authorization.origin;
        }
        self.api
            .as_ref()
            .map_or(&self.authorization.origin, |api| &api.origin)
    }

    /// The authorization endpoint, where a browser has to go there by itself: its session belongs to that host, and its
    /// cookies are not for plain HTTP. `target` is the request target, which is kept.
    pub fn for_the_browser(&self, method: &str, target: &str) -> Option<String> {
        let path = target.split(['?', '#']).next().unwrap_or_default();
        let asks = matches!(method, "GET" | "HEAD") && path.trim_end_matches('/') == self.authorization.path;
        let elsewhere = asks && self.authorization.origin.starts_with("https://");
        elsewhere.then(|| format!("{}{target}", self.authorization.origin))
    }

    /// An address of the provider as one of the tap, at `own`; `None` for any other address, which stays as it is.
    pub fn to_the_tap(&self, url: &str, own: &str) -> Option<String> {
        let origin = origin(url);
        let known = !origin.is_empty() && self.origins().any(|known| known.eq_ignore_ascii_case(origin));
        known.then(|| format!("{own}{}", &url[origin.len()..]))
    }

    /// The three addresses to set in a program, for a tap at `own`: authorization endpoint, token endpoint, API.
    pub fn to_set(&self, own: &str) -> [Option<String>; 3] {
        let at = |address: &Address| format!("{own}{}", address.path);
        [
            Some(at(&self.authorization)),
            Some(at(&self.token)),
            self.api.as_ref().map(at),
        ]
    }

    /// The origin of the provider at that host and port, where it is one of its hosts.
    pub fn origin_at(&self, authority: &str, scheme: &str) -> Option<&str> {
        self.origins().find(|origin| {
            origin
                .split_once("://")
                .is_some_and(|(own, _)| own.eq_ignore_ascii_case(scheme))
                && with_port(origin).eq_ignore_ascii_case(&with_port(&format!("{scheme}://{authority}")))
        })
    }

    /// Host and port of each endpoint, `github.com:443`; each once.
    pub fn authorities(&self) -> Vec<String> {
        let mut found: Vec<String> = self.origins().map(with_port).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Scheme, host and port of each endpoint.
    pub fn origins(&self) -> impl Iterator<Item = &str> {
        [Some(&self.authorization), Some(&self.token), self.api.as_ref()]
            .into_iter()
            .flatten()
            .map(|address| address.origin.as_str())
    }
}
