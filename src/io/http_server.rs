//! One HTTP/1.1 server for both listeners: the redirect listener and the simulator. Requests in, responses out, as plain
//! data, within bounds on size, number and time.

use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{
    Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::{HeaderName, HeaderValue},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::oneshot,
};

use crate::{
    io::places::Places,
    oauth::http::{HttpRequest, HttpResponse},
};

/// Connections at a time whose request is being read.
const READING: usize = 64;
/// Connections at a time whose answer is being made or written.
const ANSWERING: usize = 128;
/// Either, of connections that are kept open for the next request.
const KEPT_ALIVE: usize = 1_024;
/// Bytes of request line and header fields.
const HEAD_BYTES: usize = 16 * 1024;
/// Header fields.
const HEADERS: usize = 64;
/// Bytes of a request body; a longer one is answered 413.
const BODY_BYTES: usize = 64 * 1024;
/// How long a client may take to send its request head.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// How long a connection may live. Longer than any answer is waited for.
const CONNECTION_TIME: Duration = Duration::from_secs(45);
/// The same where a connection is kept open for the next request.
const KEPT_ALIVE_TIME: Duration = Duration::from_secs(600);

/// The status of a response that is none: the connection is closed without one.
pub const HANG_UP: u16 = 0;

/// How many requests a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connections {
    /// One.
    OneRequest,
    /// As many as the client likes, one after the other.
    KeptAlive,
}

/// Opens a socket at which connections may wait for [`serve`]. The address can be had again at once after it was closed.
///
/// # Errors
/// The system's error, [`std::io::ErrorKind::AddrInUse`] when another program holds the port.
pub fn reserve(address: SocketAddr) -> std::io::Result<std::net::TcpListener> {
    let listener = std::net::TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// Binds a listener. Must be called inside a tokio runtime.
///
/// # Errors
/// Those of [`reserve`].
pub fn bind(address: SocketAddr) -> std::io::Result<TcpListener> {
    TcpListener::from_std(reserve(address)?)
}

/// Open connections, shared by the one that accepts and those that serve. A connection ends when its sender is dropped.
type SharedPlaces = Arc<Mutex<Places<oneshot::Sender<Infallible>>>>;

/// The place of one connection; it is free again once this is dropped.
struct Place {
    places: SharedPlaces,
    number: u64,
}

impl Place {
    fn request_is_whole(&self) {
        drop(lock(&self.places).request_is_whole(self.number));
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        lock(&self.places).leave(self.number);
    }
}

/// Places are whole between any two statements.
fn lock(places: &SharedPlaces) -> std::sync::MutexGuard<'_, Places<oneshot::Sender<Infallible>>> {
    places.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Accepts connections and answers each request by `respond`, until the task is aborted. However many connections are open
/// the next one is accepted at once: the oldest whose request is unfinished is closed for it, and `dropped` is told.
pub async fn serve<R, A>(
    listener: TcpListener,
    connections: Connections,
    respond: R,
    dropped: impl Fn() + Send,
) where
    R: Fn(HttpRequest) -> A + Clone + Send + Sync + 'static,
    A: Future<Output = HttpResponse> + Send + 'static,
{
    let (reading, answering) = match connections {
        Connections::OneRequest => (READING, ANSWERING),
        Connections::KeptAlive => (KEPT_ALIVE, KEPT_ALIVE),
    };
    let places: SharedPlaces = Arc::new(Mutex::new(Places::new(reading, answering)));
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file descriptors, or the client went away. The first is helped by closing something, neither by asking
            // again at once.
            if lock(&places).shed_reading().is_some() {
                dropped();
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        let (stays, closed) = oneshot::channel();
        let (number, oldest) = lock(&places).enter(stays);
        if oldest.is_some() {
            dropped();
        }
        let place = Arc::new(Place {
            places: places.clone(),
            number,
        });
        tokio::spawn(serve_connection(
            stream,
            connections,
            respond.clone(),
            place,
            closed,
        ));
        // Of many that come at once each is read before the next is let in.
        tokio::task::yield_now().await;
    }
}

async fn serve_connection<R, A>(
    stream: TcpStream,
    connections: Connections,
    respond: R,
    place: Arc<Place>,
    closed: oneshot::Receiver<Infallible>,
) where
    R: Fn(HttpRequest) -> A + Clone,
    A: Future<Output = HttpResponse>,
{
    let service = service_fn(move |request| {
        let (respond, place) = (respond.clone(), place.clone());
        async move {
            let answer = answer(request, respond, &place).await;
            answer
                .ok_or(std::io::ErrorKind::ConnectionAborted)
                .map_err(std::io::Error::from)
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .keep_alive(connections == Connections::KeptAlive)
        .max_buf_size(HEAD_BYTES)
        .max_headers(HEADERS)
        .serve_connection(TokioIo::new(stream), service);
    let time = match connections {
        Connections::OneRequest => CONNECTION_TIME,
        Connections::KeptAlive => KEPT_ALIVE_TIME,
    };
    // A client that does not speak HTTP, or disconnects, is ignored.
    tokio::select! {
        _ = tokio::time::timeout(time, connection) => {}
        _ = closed => {}
    }
}

/// The response to a request; `None` where the connection is to be closed without one.
async fn answer<R, A>(request: Request<Incoming>, respond: R, place: &Place) -> Option<Response<Full<Bytes>>>
where
    R: Fn(HttpRequest) -> A,
    A: Future<Output = HttpResponse>,
{
    let head = request.method() == hyper::Method::HEAD;
    let (parts, body) = request.into_parts();
    let Ok(collected) = Limited::new(body, BODY_BYTES).collect().await else {
        let too_long = HttpResponse {
            status: 413,
            ..HttpResponse::default()
        };
        return Some(to_hyper(too_long, head));
    };
    let body = collected.to_bytes();
    place.request_is_whole();
    let request = HttpRequest {
        method: parts.method.as_str().to_owned(),
        url: parts.uri.to_string(),
        headers: headers_as_text(&parts.headers),
        body: body.to_vec(),
    };
    let response = respond(request).await;
    (response.status != HANG_UP).then(|| to_hyper(response, head))
}

/// Header fields as text; bytes that are not UTF-8 become U+FFFD.
pub fn headers_as_text(headers: &hyper::HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| {
            (
                name.as_str().to_owned(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        })
        .collect()
}

pub(crate) fn to_hyper(response: HttpResponse, head: bool) -> Response<Full<Bytes>> {
    let body = if head { Vec::new() } else { response.body };
    let mut answer = Response::new(Full::new(Bytes::from(body)));
    *answer.status_mut() = StatusCode::from_u16(response.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in response.headers {
        // A field that cannot be written is left out rather than taken for something else.
        if let (Ok(name), Ok(value)) = (
            HeaderName::from_bytes(name.as_bytes()),
            HeaderValue::from_bytes(value.as_bytes()),
        ) {
            answer.headers_mut().append(name, value);
        }
    }
    answer
}
