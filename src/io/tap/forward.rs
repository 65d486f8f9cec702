//! Connections: plain ones, those that a program opens to another host by way of the tap, and those to the provider, which
//! the tap answers with a certificate of its own.

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use hyper::{
    Request, Response, StatusCode,
    body::Incoming,
    rt::{Read, Write},
    service::service_fn,
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::LazyConfigAcceptor;

use crate::{
    io::tap::{
        HEAD_TIME, Shared,
        service::{Body, answer, plain},
    },
    sources::tap::Event,
};

/// The first byte of a TLS connection: a handshake (RFC 8446 §5.1).
const HANDSHAKE: u8 = 0x16;

/// A connection to the tap. One that begins with TLS was meant for a host of the provider, which its greeting names.
pub(super) async fn connection(stream: TcpStream, shared: &Arc<Shared>) {
    let _ = stream.set_nodelay(true);
    let mut first = [0];
    if shared.options.authority.is_some()
        && matches!(stream.peek(&mut first).await, Ok(1))
        && first[0] == HANDSHAKE
    {
        open(stream, shared, None).await;
    } else {
        serve(TokioIo::new(stream), shared, None, Arc::default()).await;
    }
}

/// Serves requests until the connection ends; `used` is set with the first of them.
async fn serve<S>(stream: S, shared: &Arc<Shared>, inside: Option<String>, used: Arc<AtomicBool>)
where
    S: Read + Write + Unpin + Send + 'static,
{
    let inside = inside.map(Arc::<str>::from);
    let service = service_fn(move |request| {
        used.store(true, Ordering::Relaxed);
        let (shared, inside) = (shared.clone(), inside.clone());
        async move { Ok::<_, Infallible>(answer(request, &shared, inside.as_deref()).await) }
    });
    let mut server = auto::Builder::new(TokioExecutor::new());
    server
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .preserve_header_case(true)
        .auto_date_header(false);
    server.http2().auto_date_header(false);
    // A client that does not speak HTTP, or disconnects, is ignored.
    let _ = server.serve_connection_with_upgrades(stream, service).await;
}

/// A program asks for a connection to another host (RFC 9110 §9.3.6).
pub(super) fn connect(request: Request<Incoming>, shared: &Arc<Shared>) -> Response<Body> {
    let authority = request.uri().authority().cloned();
    let (Some(authority), true) = (authority, shared.options.authority.is_some()) else {
        return plain(StatusCode::METHOD_NOT_ALLOWED, String::new());
    };
    let origin = shared.routes.origin_at(authority.as_str(), "https");
    let host = origin.map(|origin| (authority.host().to_owned(), origin.to_owned()));
    let shared = shared.clone();
    tokio::spawn(async move {
        let Ok(client) = hyper::upgrade::on(request).await else {
            return;
        };
        let mut client = TokioIo::new(client);
        if host.is_some() {
            open(client, &shared, host).await;
            return;
        }
        let port = authority.port_u16().unwrap_or(443);
        let host = authority.host().trim_matches(['[', ']']);
        if let Ok(mut server) = TcpStream::connect((host, port)).await {
            let _ = server.set_nodelay(true);
            let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
        }
    });
    let mut response = plain(StatusCode::OK, String::new());
    response.headers_mut().clear();
    response
}

/// Answers a TLS connection in the place of a host of the provider: the one that was asked for, else the one that the
/// greeting names.
async fn open<S>(stream: S, shared: &Arc<Shared>, asked: Option<(String, String)>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let Some(authority) = &shared.options.authority else {
        return;
    };
    let greeting = LazyConfigAcceptor::new(rustls::server::Acceptor::default(), stream);
    let Ok(Ok(greeting)) = tokio::time::timeout(HEAD_TIME, greeting).await else {
        return;
    };
    let named = || {
        let Some(name) = greeting.client_hello().server_name().map(str::to_owned) else {
            // A greeting to an address, or by a program that names nobody: clear where there is one host only.
            let mut origins = shared
                .routes
                .origins()
                .filter_map(|origin| origin.strip_prefix("https://"));
            let first = origins.next()?;
            let host = first.rsplit_once(':').map_or(first, |(host, _)| host);
            return origins
                .all(|other| other == first)
                .then(|| (host.to_owned(), format!("https://{first}")));
        };
        let origin = shared.routes.origins().find(|origin| {
            let host = origin.strip_prefix("https://").unwrap_or_default();
            host.split(':')
                .next()
                .is_some_and(|host| host.eq_ignore_ascii_case(&name))
        })?;
        Some((name, origin.to_owned()))
    };
    let Some((host, origin)) = asked.or_else(named) else {
        return;
    };
    let Ok(config) = authority.config(&host) else {
        return;
    };
    match tokio::time::timeout(HEAD_TIME, greeting.into_stream(config)).await {
        Ok(Ok(stream)) => {
            let used = Arc::new(AtomicBool::new(false));
            serve(TokioIo::new(stream), shared, Some(origin), used.clone()).await;
            if !used.load(Ordering::Relaxed) {
                untrusted(shared, host, None);
            }
        }
        Ok(Err(error)) => {
            let alert = error
                .get_ref()
                .and_then(|inner| match inner.downcast_ref::<rustls::Error>() {
                    Some(rustls::Error::AlertReceived(alert)) => Some(format!("{alert:?}")),
                    _ => None,
                });
            untrusted(shared, host, alert);
        }
        Err(_) => {}
    }
}

/// Told if there is room for it: the next connection fails in the same way.
fn untrusted(shared: &Shared, host: String, alert: Option<String>) {
    let _ = shared.events.try_send(Event::Untrusted { host, alert });
}
