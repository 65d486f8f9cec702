//! The tap's way to the provider: a client that keeps its connections and changes nothing.

use std::{path::PathBuf, time::Duration};

use hyper::{Request, Response, Version, body::Incoming, header::HOST, http::uri::Scheme};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, Error, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use tokio::sync::OnceCell;

use crate::{
    flow::transcript::{Failure, FailureKind},
    io::{
        http_client::{causes, extra_certificates, is_not_http},
        tap::tape::Recorded,
        tls,
    },
};

/// How long a connection may take to be made.
const CONNECT_TIME: Duration = Duration::from_secs(10);
/// How long a connection is kept for the next request.
const IDLE_TIME: Duration = Duration::from_secs(30);

/// Sends requests on, by HTTP/1.1, or by a client that speaks HTTP/2 as well. What TLS needs is loaded with the first `https` address.
pub(super) struct Upstream {
    plain: Client<HttpConnector, Recorded>,
    tls: OnceCell<[Client<HttpsConnector<HttpConnector>, Recorded>; 2]>,
    ca_file: Option<PathBuf>,
}

impl Upstream {
    pub(super) fn new(ca_file: Option<PathBuf>) -> Self {
        Self {
            plain: client(connector()),
            tls: OnceCell::new(),
            ca_file,
        }
    }

    /// Sends a request and gives the answer, its body still to come.
    pub(super) async fn send(&self, mut request: Request<Recorded>) -> Result<Response<Incoming>, Failure> {
        let sending = if request.uri().scheme() == Some(&Scheme::HTTPS) {
            let ca_file = self.ca_file.clone();
            let is_h2 = request.version() == Version::HTTP_2;
            let clients = self
                .tls
                .get_or_try_init(|| async move {
                    // Reading the system's certificates takes a while.
                    let making = tokio::task::spawn_blocking(move || {
                        let given = extra_certificates(ca_file.as_deref())?;
                        tls::client_config(given).map_err(|error| tls::failure(&error))
                    });
                    let config = making
                        .await
                        .map_err(|error| Failure::new(FailureKind::Tls, error.to_string()))??;
                    let mut http = connector();
                    http.enforce_http(false);
                    let https = |config| HttpsConnectorBuilder::new().with_tls_config(config).https_only();
                    Ok::<_, Failure>([
                        client(https(config.clone()).enable_http1().wrap_connector(http.clone())),
                        client(https(config).enable_all_versions().wrap_connector(http)),
                    ])
                })
                .await?;
            // The provider is spoken to in the version that the program speaks, where it can.
            *request.version_mut() = Version::HTTP_11;
            if is_h2 {
                request.headers_mut().remove(HOST);
            }
            clients[usize::from(is_h2)].request(request)
        } else {
            *request.version_mut() = Version::HTTP_11;
            self.plain.request(request)
        };
        sending.await.map_err(|error| classify(&error))
    }
}

fn connector() -> HttpConnector {
    let mut http = HttpConnector::new();
    http.set_connect_timeout(Some(CONNECT_TIME));
    http.set_nodelay(true);
    http
}

fn client<C>(connector: C) -> Client<C, Recorded>
where
    C: hyper_util::client::legacy::connect::Connect + Clone,
{
    Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE_TIME)
        .http1_preserve_header_case(true)
        // A request whose body has begun to pass cannot be sent again.
        .retry_canceled_requests(false)
        .build(connector)
}

/// Finds out what kind of failure an error is by what it is made of, never by its wording.
fn classify(error: &Error) -> Failure {
    use std::io::ErrorKind;
    let causes = || causes(error);
    let io = causes().find_map(|cause| cause.downcast_ref::<std::io::Error>());
    if let Some(error) = causes().find_map(tls::find) {
        return tls::failure(error);
    }
    let kind = if io.is_some_and(|io| io.kind() == ErrorKind::TimedOut) {
        FailureKind::TimedOut
    } else if error.is_connect() {
        // The system numbers its own errors; that a name has no address is told by the resolver, which has no numbers.
        let numbered = io.is_none_or(|io| io.raw_os_error().is_some());
        if numbered {
            FailureKind::Connect
        } else {
            FailureKind::Dns
        }
    } else if causes().any(is_not_http) {
        FailureKind::NotHttp
    } else if causes().any(|cause| {
        cause
            .downcast_ref::<hyper::Error>()
            .is_some_and(|http| http.is_incomplete_message() || http.is_closed() || http.is_canceled())
    }) || io.is_some()
    {
        FailureKind::Interrupted
    } else {
        FailureKind::Other
    };
    let innermost = causes().last().map(ToString::to_string);
    Failure::new(kind, innermost.unwrap_or_else(|| error.to_string()))
}
