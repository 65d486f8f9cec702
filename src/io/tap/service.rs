//! One request: where it goes, what is changed in it, and what is told of it.

use std::sync::{Arc, atomic::Ordering};

use http_body_util::{BodyExt as _, Full, Limited, combinators::BoxBody};
use hyper::{
    Method, Request, Response, StatusCode, Uri, Version,
    body::{Bytes, Incoming},
    header::{CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue, LOCATION},
};
use hyper_util::rt::TokioIo;

use crate::{
    flow::{configuration::Origins, transcript::FailureKind},
    io::{
        http_server::{headers_as_text, to_hyper},
        tap::{
            Shared, forward,
            rewrite::{self, hop_by_hop, upgrade},
            tape::{Recorded, Recording},
        },
    },
    lab::in_flight::{InFlight, Target},
    oauth::{endpoint, http::HttpRequest},
    sources::tap::{
        BODY_CAP,
        kind::{self, Kind},
    },
    text::template::filled,
};

/// Whatever a client is answered with.
pub(super) type Body = BoxBody<Bytes, hyper::Error>;

/// How a request came.
enum Way {
    /// To the tap's own address.
    Reverse,
    /// To this origin, by way of the tap.
    Forward(String),
}

impl Way {
    /// `inside` is the origin of the connection that was opened.
    fn of(request: &Request<Incoming>, shared: &Shared, inside: Option<&str>) -> Option<Self> {
        if let Some(origin) = inside {
            return Some(Self::Forward(origin.to_owned()));
        }
        let named = request.headers().get(HOST).and_then(|host| host.to_str().ok());
        let authority = request.uri().authority().map(hyper::http::uri::Authority::as_str);
        let host = authority.or(named)?;
        let own = shared.own.trim_start_matches("http://");
        let (_, port) = own.rsplit_once(':')?;
        let local = ["localhost", "127.0.0.1", "[::1]"]
            .iter()
            .any(|name| host.rsplit_once(':') == Some((name, port)));
        // Another name that leads here is a page's that has rebound it (docs/tap.md).
        if local || host == own {
            return Some(Self::Reverse);
        }
        shared.options.authority.as_ref()?;
        if let Some(origin) = shared.routes.origin_at(host, "http") {
            return Some(Self::Forward(origin.to_owned()));
        }
        (request.uri().scheme_str() == Some("http")).then(|| Self::Forward(format!("http://{host}")))
    }
}

pub(super) async fn answer(
    mut request: Request<Incoming>,
    shared: &Arc<Shared>,
    inside: Option<&str>,
) -> Response<Body> {
    if request.method() == Method::CONNECT {
        return forward::connect(request, shared);
    }
    let Some(way) = Way::of(&request, shared, inside) else {
        return plain(StatusCode::MISDIRECTED_REQUEST, String::new());
    };
    let path_and_query = request.uri().path_and_query();
    let target = path_and_query.map_or("/", |target| target.as_str()).to_owned();
    let method = request.method().as_str().to_owned();
    let reverse = matches!(way, Way::Reverse);
    let origin = match way {
        Way::Reverse => shared.routes.origin(&method, &target).to_owned(),
        Way::Forward(origin) => origin,
    };
    if shared.routes.origins().any(|known| known == origin) {
        shared.options.requests.fetch_add(1, Ordering::Relaxed);
    }
    let mut url = format!("{origin}{target}");
    let kind = kind::of(&shared.options.provider, &method, &url);
    let fault = kind.and_then(|kind| fault_for(kind, shared));
    if let Some(fault) = fault.filter(|fault| fault.target() == Some(Target::Authorization)) {
        url = fault.authorization(&url);
    }
    let mut recording = match kind {
        Some(kind) => Recording::begin(shared, kind).await,
        None => None,
    };
    let own = reverse.then_some(shared.own.as_str());
    if rewrite::request(&mut request, &url, &origin, own).is_err() {
        return plain(StatusCode::BAD_REQUEST, String::new());
    }
    if let Some(recording) = &mut recording {
        recording.request(&request, &url);
    }
    if reverse && shared.routes.for_the_browser(&method, &target).is_some() {
        if let Some(recording) = recording {
            recording.sent_elsewhere();
        }
        return on_to(&url);
    }
    match fault.and_then(|fault| Some((fault, fault.target()?))) {
        Some((fault, target)) if target != Target::Authorization => {
            with_fault(request, shared, recording, fault, target).await
        }
        _ => {
            let tape = recording.as_mut().and_then(Recording::request_tape);
            let request = request.map(|body| Recorded::request(body, tape));
            pass_on(request, shared, recording, own).await
        }
    }
}

/// The fault, where it is this request's turn.
fn fault_for(kind: Kind, shared: &Shared) -> Option<InFlight> {
    let fault = shared.options.fault?;
    let (counter, asked) = match fault.target()? {
        Target::Authorization => (0, Kind::Authorization),
        // Redirects are counted when they come.
        Target::Redirect => return None,
        _ => (2, Kind::Token),
    };
    let number = || shared.seen[counter].fetch_add(1, Ordering::Relaxed) + 1;
    (kind == asked && fault.hits(number())).then_some(fault)
}

/// A token request with a fault in it: it is read whole first.
async fn with_fault(
    request: Request<Incoming>,
    shared: &Arc<Shared>,
    mut recording: Option<Recording>,
    fault: InFlight,
    target: Target,
) -> Response<Body> {
    let (mut parts, body) = request.into_parts();
    let Ok(body) = Limited::new(body, BODY_CAP).collect().await else {
        return plain(StatusCode::PAYLOAD_TOO_LARGE, String::new());
    };
    let plainly = HttpRequest {
        method: parts.method.as_str().to_owned(),
        url: parts.uri.to_string(),
        headers: headers_as_text(&parts.headers),
        body: body.to_bytes().to_vec(),
    };
    let (sent, origins) = match target {
        Target::TokenRequest => fault.token_request(plainly),
        _ => (plainly, Origins::default()),
    };
    if let Some(recording) = &mut recording {
        recording.whole_request(&sent, origins);
    }
    match target {
        Target::Silence => return std::future::pending().await,
        Target::Answer => {
            let answer = fault.answer(&sent, shared.options.clock.now());
            if let Some(recording) = recording {
                recording.answered(answer.clone());
            }
            return to_hyper(answer, false).map(|body| body.map_err(|never| match never {}).boxed());
        }
        _ => {}
    }
    let Ok(uri) = sent.url.parse::<Uri>() else {
        return plain(StatusCode::BAD_REQUEST, String::new());
    };
    if let Some(host) = uri
        .authority()
        .and_then(|host| HeaderValue::from_str(host.as_str()).ok())
    {
        parts.headers.insert(HOST, host);
    }
    parts.uri = uri;
    replace(&mut parts.headers, &sent);
    let whole = |parts: &hyper::http::request::Parts| {
        let mut request = Request::new(Recorded::whole(sent.body.clone().into()));
        *request.method_mut() = parts.method.clone();
        *request.uri_mut() = parts.uri.clone();
        *request.headers_mut() = parts.headers.clone();
        request
    };
    if target == Target::Before
        && let Some(mut first) = Recording::begin(shared, Kind::Token).await
    {
        first.request(&whole(&parts), &sent.url);
        first.whole_request(&sent, Origins::default());
        let answer = pass_on(whole(&parts), shared, Some(first), None).await;
        let _ = answer.into_body().collect().await;
    }
    pass_on(whole(&parts), shared, recording, None).await
}

/// Header fields as the fault leaves them; the length is that of the new body.
fn replace(headers: &mut HeaderMap, sent: &HttpRequest) {
    let names = ["authorization", "accept"];
    for name in names {
        match (headers.contains_key(name), sent.header(name)) {
            (true, None) => {
                headers.remove(name);
            }
            (true, Some(value)) => {
                if let Ok(value) = HeaderValue::from_str(value) {
                    headers.insert(HeaderName::from_static(name), value);
                }
            }
            _ => {}
        }
    }
    headers.remove(CONTENT_LENGTH);
}

async fn pass_on(
    mut request: Request<Recorded>,
    shared: &Shared,
    mut recording: Option<Recording>,
    own: Option<&str>,
) -> Response<Body> {
    let upgrading = upgrade(request.headers()).then(|| hyper::upgrade::on(&mut request));
    let is_h2 = request.version() == Version::HTTP_2;
    let origin = endpoint::origin(&request.uri().to_string()).to_owned();
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
            redirect(&mut response, shared, recording.as_ref(), own);
            if let Some(recording) = &mut recording {
                recording.response(&response, own.map(|own| (own, origin.as_str())));
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
            let values = [("origin", origin.as_str()), ("reason", reason.as_str())];
            plain(status, filled(&shared.options.unreachable, &values))
        }
    }
}

/// Changes where the browser is sent: back to the tap instead of the provider, and by a fault.
fn redirect(
    response: &mut Response<Incoming>,
    shared: &Shared,
    recording: Option<&Recording>,
    own: Option<&str>,
) {
    let location = response.headers().get(LOCATION);
    let Some(location) = location.and_then(|location| location.to_str().ok()) else {
        return;
    };
    let back = own.and_then(|own| shared.routes.to_the_tap(location, own));
    let fault = shared.options.fault.filter(|fault| {
        fault.target() == Some(Target::Redirect)
            && recording.is_some_and(|recording| recording.is_redirect(response.status().as_u16(), location))
            && fault.hits(shared.seen[1].fetch_add(1, Ordering::Relaxed) + 1)
    });
    let changed = back.or_else(|| Some(fault?.redirect(location)));
    if let Some(changed) = changed.and_then(|changed| HeaderValue::from_str(&changed).ok()) {
        response.headers_mut().insert(LOCATION, changed);
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

pub(super) fn plain(status: StatusCode, text: String) -> Response<Body> {
    let body = Full::new(Bytes::from(text))
        .map_err(|never| match never {})
        .boxed();
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}
