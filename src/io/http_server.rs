//! One HTTP/1.1 server for both listeners: the redirect listener and the simulator. Requests in, responses out, as plain
//! data, within bounds on size, number and time.

use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{
    Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::{HeaderName, HeaderValue},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{net::TcpListener, sync::Semaphore};

use crate::oauth::http::{HttpRequest, HttpResponse};

/// Connections at a time; further ones wait in the system's queue.
const CONNECTIONS: usize = 64;
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

/// Accepts connections and answers each request by `respond`, until the task is aborted.
pub async fn serve<R, A>(listener: TcpListener, respond: R)
where
    R: Fn(HttpRequest) -> A + Clone + Send + Sync + 'static,
    A: Future<Output = HttpResponse> + Send + 'static,
{
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(permit) = room.clone().acquire_owned().await else {
            return;
        };
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file descriptors, or the client went away: neither is helped by asking again at once.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        let respond = respond.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| {
                let respond = respond.clone();
                async move { Ok::<_, Infallible>(answer(request, respond).await) }
            });
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEAD_TIME)
                .keep_alive(false)
                .max_buf_size(HEAD_BYTES)
                .max_headers(HEADERS)
                .serve_connection(TokioIo::new(stream), service);
            // A client that does not speak HTTP, or disconnects, is ignored.
            let _ = tokio::time::timeout(CONNECTION_TIME, connection).await;
            drop(permit);
        });
    }
}

async fn answer<R, A>(request: Request<Incoming>, respond: R) -> Response<Full<Bytes>>
where
    R: Fn(HttpRequest) -> A,
    A: Future<Output = HttpResponse>,
{
    let head = request.method() == hyper::Method::HEAD;
    let (parts, body) = request.into_parts();
    let body = match Limited::new(body, BODY_BYTES).collect().await {
        Ok(collected) => collected.to_bytes(),
        Err(_) => {
            return to_hyper(
                HttpResponse {
                    status: 413,
                    ..HttpResponse::default()
                },
                head,
            );
        }
    };
    let request = HttpRequest {
        method: parts.method.as_str().to_owned(),
        url: parts.uri.to_string(),
        headers: headers_as_text(&parts.headers),
        body: body.to_vec(),
    };
    to_hyper(respond(request).await, head)
}

/// Header fields as text; bytes that are no UTF-8 become U+FFFD.
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

fn to_hyper(response: HttpResponse, head: bool) -> Response<Full<Bytes>> {
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
