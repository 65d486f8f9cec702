//! The proxy that environment or system name for a URL, and what it says when it does not let a request through.

use std::{error::Error as StdError, sync::OnceLock};

use hyper_util::client::{
    legacy::connect::{HttpConnector, proxy::Tunnel},
    proxy::matcher::Matcher,
};

use crate::flow::transcript::{Failure, FailureKind};

type TunnelError = <Tunnel<HttpConnector> as tower_service::Service<hyper::Uri>>::Error;

/// The proxy by which the HTTP client asks this URL, without the user name and password that it may be given with.
pub fn address_for(url: &url::Url) -> Option<String> {
    // The client reads the same variables once, when it is made.
    static MATCHER: OnceLock<Matcher> = OnceLock::new();
    let matcher = MATCHER.get_or_init(Matcher::from_system);
    address(matcher, url)
}

fn address(matcher: &Matcher, url: &url::Url) -> Option<String> {
    let destination: hyper::Uri = url.as_str().parse().ok()?;
    let proxy = matcher.intercept(&destination)?;
    let uri = proxy.uri();
    let scheme = uri.scheme_str().unwrap_or("http");
    let host = uri.host()?;
    Some(match uri.port_u16() {
        Some(port) => format!("{scheme}://{host}:{port}"),
        None => format!("{scheme}://{host}"),
    })
}

/// The same failure as the proxy's, where a request was to go by one and did not get past it.
pub fn blame(failure: Failure, error: &(dyn StdError + 'static), tunnelled: bool) -> Failure {
    let tunnel = std::iter::successors(Some(error), |error| (*error).source())
        .find_map(|error| error.downcast_ref::<TunnelError>());
    let kind = match (failure.kind, tunnel) {
        (_, Some(TunnelError::ProxyAuthRequired)) => FailureKind::ProxySignIn,
        (FailureKind::Dns, _) | (_, Some(TunnelError::ConnectFailed(_))) => FailureKind::ProxyUnreachable,
        (_, Some(_)) => FailureKind::ProxyRefused,
        (FailureKind::Connect, None) if !tunnelled => FailureKind::ProxyUnreachable,
        (kind, None) => kind,
    };
    Failure { kind, ..failure }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_proxy_is_named_without_its_password() {
        let matcher = Matcher::builder()
            .https("http://user:pass-word@proxy.example:3128")
            .no("inside.example")
            .build();
        let address = |url: &str| address(&matcher, &url::Url::parse(url).unwrap());
        assert_eq!(
            address("https://github.com/login?a=b").as_deref(),
            Some("http://proxy.example:3128")
        );
        assert_eq!(address("https://inside.example/"), None);
        assert_eq!(address("http://github.com/"), None);
    }

    #[test]
    fn what_the_proxy_does_is_the_proxys() {
        #[derive(Debug)]
        struct Outer(TunnelError);
        impl std::fmt::Display for Outer {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("outer")
            }
        }
        impl StdError for Outer {
            fn source(&self) -> Option<&(dyn StdError + 'static)> {
                Some(&self.0)
            }
        }
        let connect = |kind, error: &(dyn StdError + 'static), tunnelled| {
            blame(Failure::new(kind, "words"), error, tunnelled).kind
        };
        let io = || std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        for (error, kind) in [
            (TunnelError::ProxyAuthRequired, FailureKind::ProxySignIn),
            (TunnelError::TunnelUnsuccessful, FailureKind::ProxyRefused),
            (TunnelError::TunnelUnexpectedEof, FailureKind::ProxyRefused),
            (
                TunnelError::ConnectFailed(Box::new(io())),
                FailureKind::ProxyUnreachable,
            ),
        ] {
            assert_eq!(connect(FailureKind::Connect, &Outer(error), true), kind);
        }
        // Past the proxy it is the server's, and what never met it is told as before.
        assert_eq!(connect(FailureKind::Connect, &io(), true), FailureKind::Connect);
        assert_eq!(
            connect(FailureKind::Connect, &io(), false),
            FailureKind::ProxyUnreachable
        );
        assert_eq!(
            connect(FailureKind::TimedOut, &io(), false),
            FailureKind::TimedOut
        );
    }
}
