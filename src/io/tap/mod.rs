//! The tap's sockets: a reverse proxy on loopback that passes requests on to a provider as they are, and tells what passed.
//!
//! ```text
//! program ─► Tap ─► provider
//!             └─► Passed (channel) ─► sources::tap::Recorder
//! ```
//!
//! A flow is told when its last byte has passed, and also when one side went away before. Who takes part in a flow waits
//! for a place in the channel before it is passed on, so that nothing is lost and memory stays bounded however slow the
//! reader is.

mod rewrite;
mod tape;
mod upstream;

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use http_body_util::{BodyExt as _, Full, combinators::BoxBody};
use hyper::{
    Request, Response, StatusCode, Version,
    body::{Bytes, Incoming},
    header::{CONTENT_TYPE, HeaderValue, LOCATION},
    service::service_fn,
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, mpsc},
};

use crate::{
    flow::transcript::{Failure, FailureKind},
    io::{
        clock::Clock,
        tap::{
            rewrite::{hop_by_hop, upgrade},
            tape::{Recorded, Recording},
            upstream::Upstream,
        },
    },
    providers::Provider,
    sources::tap::{Passed, kind, routes::Routes},
    text::template::filled,
};

/// Connections at a time. More wait until one has ended.
const CONNECTIONS: usize = 1024;
/// How long a client may take to send a request head.
const HEAD_TIME: Duration = Duration::from_secs(60);
/// How many flows may be under way or wait to be read.
pub const QUEUE: usize = 256;

/// What a tap is set up with.
#[derive(Clone, Debug)]
pub struct TapOptions {
    /// The provider that requests are passed on to.
    pub provider: Provider,
    /// A PEM file with further certificate authorities to trust.
    pub ca_file: Option<PathBuf>,
    /// What a program is answered when the provider cannot be reached: `{origin}`, `{reason}`.
    pub unreachable: String,
    /// The clock.
    pub clock: Clock,
}

/// Whatever a client is answered with.
type Body = BoxBody<Bytes, hyper::Error>;

/// What all connections share.
struct Shared {
    options: TapOptions,
    routes: Routes,
    own: String,
    upstream: Upstream,
    passed: mpsc::Sender<Passed>,
}

/// A reverse proxy whose socket is open.
pub struct Tap {
    listener: TcpListener,
    shared: Arc<Shared>,
}

impl std::fmt::Debug for Tap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tap")
            .field("own", &self.shared.own)
            .finish_non_exhaustive()
    }
}

impl Tap {
    /// A tap at `listener`, which must not block. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// The system's error when the runtime cannot watch the socket.
    pub fn new(
        listener: std::net::TcpListener,
        options: TapOptions,
        passed: mpsc::Sender<Passed>,
    ) -> std::io::Result<Self> {
        let own = base_url(listener.local_addr()?);
        Ok(Self {
            listener: TcpListener::from_std(listener)?,
            shared: Arc::new(Shared {
                routes: Routes::of(&options.provider),
                own,
                upstream: Upstream::new(options.ca_file.clone()),
                options,
                passed,
            }),
        })
    }

    /// Passes requests on until it is dropped.
    pub async fn serve(self) {
        let places = Arc::new(Semaphore::new(CONNECTIONS));
        loop {
            let Ok(place) = places.clone().acquire_owned().await else {
                return;
            };
            match self.listener.accept().await {
                Ok((stream, _)) => {
                    let shared = self.shared.clone();
                    tokio::spawn(async move {
                        serve_connection(stream, shared).await;
                        drop(place);
                    });
                }
                // Out of file descriptors, or the client went away.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
    }
}

/// The URL of the root of a tap at that address, without a trailing slash.
pub fn base_url(address: SocketAddr) -> String {
    format!("http://{address}")
}

async fn serve_connection(stream: TcpStream, shared: Arc<Shared>) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| {
        let shared = shared.clone();
        async move { Ok::<_, std::convert::Infallible>(answer(request, &shared).await) }
    });
    let mut server = auto::Builder::new(TokioExecutor::new());
    server
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .preserve_header_case(true);
    // A client that does not speak HTTP, or disconnects, is ignored.
    let _ = server
        .serve_connection_with_upgrades(TokioIo::new(stream), service)
        .await;
}

async fn answer(mut request: Request<Incoming>, shared: &Shared) -> Response<Body> {
    let target = request
        .uri()
        .path_and_query()
        .map_or("/", hyper::http::uri::PathAndQuery::as_str)
        .to_owned();
    let method = request.method().as_str().to_owned();
    let origin = shared.routes.origin(&method, &target).to_owned();
    let url = format!("{origin}{target}");
    let started = shared.options.clock.now();
    let kind = kind::of(&shared.options.provider, &method, &url);
    let mut recording = None;
    if let Some(kind) = kind {
        // Only closed once the reader has ended, and then nothing is told any more.
        if let Ok(place) = shared.passed.clone().reserve_owned().await {
            recording = Some(Recording::new(place, shared.options.clock.clone(), started, kind));
        }
    }
    if rewrite::request(&mut request, &url, &origin, &shared.own).is_err() {
        return plain(StatusCode::BAD_REQUEST, String::new());
    }
    if let Some(recording) = &mut recording {
        recording.request(&request, &url);
    }
    if let Some(there) = shared.routes.for_the_browser(&method, &target) {
        let response = on_to(&there);
        if let Some(recording) = recording {
            recording.sent_elsewhere();
        }
        return response;
    }
    pass_on(request, shared, recording, &origin).await
}

async fn pass_on(
    mut request: Request<Incoming>,
    shared: &Shared,
    mut recording: Option<Recording>,
    origin: &str,
) -> Response<Body> {
    let upgrading = upgrade(request.headers()).then(|| hyper::upgrade::on(&mut request));
    let is_h2 = request.version() == Version::HTTP_2;
    *request.version_mut() = Version::HTTP_11;
    let tape = recording.as_mut().and_then(Recording::request_tape);
    let request = request.map(|body| Recorded::request(body, tape));
    match shared.upstream.send(request).await {
        Ok(mut response) => {
            if response.status() == StatusCode::SWITCHING_PROTOCOLS
                && let Some(client) = upgrading
            {
                let server = hyper::upgrade::on(&mut response);
                tokio::spawn(async move {
                    if let (Ok(client), Ok(server)) = tokio::join!(client, server) {
                        let (mut client, mut server) = (TokioIo::new(client), TokioIo::new(server));
                        let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
                    }
                });
            } else {
                hop_by_hop(response.headers_mut());
            }
            if let Some(recording) = &mut recording {
                recording.response(&response);
            }
            if let Some(location) = response.headers().get(LOCATION)
                && let Some(own) = location
                    .to_str()
                    .ok()
                    .and_then(|url| shared.routes.to_the_tap(url, &shared.own))
                && let Ok(own) = HeaderValue::from_str(&own)
            {
                response.headers_mut().insert(LOCATION, own);
            }
            if is_h2 {
                *response.version_mut() = Version::HTTP_2;
            }
            response.map(|body| Recorded::response(body, recording).boxed())
        }
        Err(failure) => {
            let reason = failure.detail.clone();
            let status = if failure.kind == FailureKind::TimedOut {
                StatusCode::GATEWAY_TIMEOUT
            } else {
                StatusCode::BAD_GATEWAY
            };
            if let Some(recording) = recording {
                recording.failed(failure);
            }
            let values = [("origin", origin), ("reason", reason.as_str())];
            plain(status, filled(&shared.options.unreachable, &values))
        }
    }
}

/// Sends the browser on.
fn on_to(url: &str) -> Response<Body> {
    let mut response = plain(StatusCode::FOUND, String::new());
    if let Ok(url) = HeaderValue::from_str(url) {
        response.headers_mut().insert(LOCATION, url);
    }
    response
}

fn plain(status: StatusCode, text: String) -> Response<Body> {
    let body = Full::new(Bytes::from(text))
        .map_err(|never| match never {})
        .boxed();
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}

/// A failure in words of its own.
fn failure(kind: FailureKind, detail: impl Into<String>) -> Failure {
    Failure {
        kind,
        detail: detail.into(),
    }
}
