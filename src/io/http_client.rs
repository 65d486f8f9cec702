//! The HTTP client: sends a request as it is and brings back the response as it came.

use std::{
    error::Error as StdError,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};

use reqwest::header::{HeaderName, HeaderValue};
use rustls::pki_types::{CertificateDer, pem::PemObject as _};

use crate::{
    flow::transcript::{Failure, FailureKind},
    io::{files, http_server::headers_as_text, proxy, tls},
    oauth::{
        endpoint::is_loopback,
        http::{BodyEnd, HttpRequest, HttpResponse},
    },
    simulator::SILENCE,
};

/// Bytes of a response body that are kept; the rest is cut and the cut is said.
pub const BODY_CAP: usize = 1024 * 1024;
/// How long a connection may take to be made.
const CONNECT_TIME: Duration = Duration::from_secs(10);
/// How long an exchange may take in all.
const TOTAL_TIME: Duration = Duration::from_secs(30);
/// How long the simulator may keep silent on purpose.
const SILENCE_TIME: Duration = Duration::from_secs(3);

/// Sends requests. Follows no redirect, keeps no cookie, verifies TLS. What a scheme needs is loaded when the first URL of
/// that scheme is asked, so that a flow against the simulator pays for no certificate store.
#[derive(Clone, Debug)]
pub struct Client {
    clients: Arc<Clients>,
}

/// A client for each need; most sessions make one or two of them.
#[derive(Debug)]
struct Clients {
    ca_file: Option<PathBuf>,
    /// `http` to this machine: never by a proxy.
    loopback: OnceLock<reqwest::Client>,
    /// `http` elsewhere.
    plain: OnceLock<reqwest::Client>,
    /// `https` to this machine: never by a proxy.
    loopback_tls: OnceLock<reqwest::Client>,
    /// `https` elsewhere.
    tls: OnceLock<reqwest::Client>,
}

impl Client {
    /// A client that trusts the system's certificate authorities and those in `ca_file`.
    pub fn new(ca_file: Option<PathBuf>) -> Self {
        Self {
            clients: Arc::new(Clients {
                ca_file,
                loopback: OnceLock::new(),
                plain: OnceLock::new(),
                loopback_tls: OnceLock::new(),
                tls: OnceLock::new(),
            }),
        }
    }

    /// Sends a request; gives the response or the reason why there is none, and the milliseconds it took.
    pub async fn send(&self, request: &HttpRequest) -> (Result<HttpResponse, Failure>, u64) {
        let prepared = self.prepare(request).await;
        // Loading certificates is not part of the exchange and does not count.
        let started = Instant::now();
        let answer = match prepared {
            Ok((client, request)) => {
                let url = request.url().clone();
                exchange(&client, request)
                    .await
                    .map_err(|error| classify(&error.without_url(), Some(&url)))
            }
            Err(failure) => Err(failure),
        };
        let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        (answer, millis)
    }

    async fn prepare(&self, request: &HttpRequest) -> Result<(reqwest::Client, reqwest::Request), Failure> {
        let bad_url = |detail: String| Failure::new(FailureKind::BadUrl, detail);
        let url = url::Url::parse(&request.url).map_err(|error| bad_url(error.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err(bad_url(format!("{}: is neither http nor https", url.scheme())));
        }
        let method = reqwest::Method::from_bytes(request.method.as_bytes())
            .map_err(|error| other(error.to_string()))?;
        let client = self.client_for(&url).await?;
        let mut prepared = reqwest::Request::new(method, url);
        for (name, value) in &request.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|error| other(error.to_string()))?;
            let value =
                HeaderValue::from_bytes(value.as_bytes()).map_err(|error| other(error.to_string()))?;
            prepared.headers_mut().append(name, value);
        }
        // That the simulator keeps silent shows in less time.
        if prepared.url().path() == SILENCE && is_loopback(prepared.url()) {
            *prepared.timeout_mut() = Some(SILENCE_TIME);
        }
        if !request.body.is_empty() {
            *prepared.body_mut() = Some(request.body.clone().into());
        }
        Ok((client, prepared))
    }

    async fn client_for(&self, url: &url::Url) -> Result<reqwest::Client, Failure> {
        let loopback = is_loopback(url);
        if url.scheme() == "http" {
            let cell = if loopback {
                &self.clients.loopback
            } else {
                &self.clients.plain
            };
            return made(cell, || build(loopback, None));
        }
        // Reading the system's certificates takes a while and would hold up the screen.
        let clients = self.clients.clone();
        let making = tokio::task::spawn_blocking(move || {
            let cell = if loopback {
                &clients.loopback_tls
            } else {
                &clients.tls
            };
            made(cell, || {
                build(loopback, Some(extra_certificates(clients.ca_file.as_deref())?))
            })
        });
        making.await.map_err(|error| other(error.to_string()))?
    }
}

fn made(
    cell: &OnceLock<reqwest::Client>,
    make: impl FnOnce() -> Result<reqwest::Client, Failure>,
) -> Result<reqwest::Client, Failure> {
    if let Some(client) = cell.get() {
        return Ok(client.clone());
    }
    let client = make()?;
    Ok(cell.get_or_init(|| client).clone())
}

/// `certificates` is `None` for plain `http`, which needs no certificate store at all.
fn build(
    loopback: bool,
    certificates: Option<Vec<CertificateDer<'static>>>,
) -> Result<reqwest::Client, Failure> {
    // A second installation is refused and changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT_TIME)
        .timeout(TOTAL_TIME)
        // Each exchange stands for itself: its duration holds its own connection.
        .pool_max_idle_per_host(0)
        .retry(reqwest::retry::never())
        .http1_title_case_headers();
    if loopback {
        builder = builder.no_proxy();
    }
    builder = match certificates {
        None => builder.tls_certs_only([]),
        Some(certificates) => {
            let mut config = tls::client_config(certificates).map_err(|error| tls::failure(&error))?;
            config.alpn_protocols = vec![b"http/1.1".to_vec()];
            builder.tls_backend_preconfigured(config)
        }
    };
    builder
        .build()
        .map_err(|error| classify(&error.without_url(), None))
}

/// The certificates of the file that `--ca-file` names.
///
/// # Errors
/// Why the file cannot be read, or that there is no certificate in it.
pub fn extra_certificates(path: Option<&Path>) -> Result<Vec<CertificateDer<'static>>, Failure> {
    let Some(path) = path else {
        return Ok(Vec::new());
    };
    let failure = |detail: String| Failure::new(FailureKind::Other, format!("{}: {detail}", path.display()));
    let pem = files::read_bytes(&path.to_string_lossy()).map_err(|error| failure(error.to_string()))?;
    let certificates: Vec<_> = CertificateDer::pem_slice_iter(&pem)
        .collect::<Result<_, _>>()
        .map_err(|error| failure(error.to_string()))?;
    if certificates.is_empty() {
        return Err(failure("no PEM certificate in it".into()));
    }
    Ok(certificates)
}

async fn exchange(
    client: &reqwest::Client,
    request: reqwest::Request,
) -> Result<HttpResponse, reqwest::Error> {
    let mut response = client.execute(request).await?;
    let status = response.status().as_u16();
    let headers = headers_as_text(response.headers());
    let mut body = Vec::new();
    let mut body_cut_at = None;
    let mut body_end = BodyEnd::Complete;
    loop {
        let piece = match response.chunk().await {
            Ok(Some(piece)) => piece,
            Ok(None) => break,
            // What came is an answer, if only a part of one.
            Err(error) => {
                body_end = if error.is_timeout() {
                    BodyEnd::TimedOut
                } else {
                    BodyEnd::Interrupted
                };
                break;
            }
        };
        let room = BODY_CAP - body.len();
        body.extend_from_slice(&piece[..piece.len().min(room)]);
        if piece.len() > room {
            body_cut_at = Some(BODY_CAP);
            break;
        }
    }
    Ok(HttpResponse {
        status,
        headers,
        body,
        body_cut_at,
        body_end,
    })
}

fn other(detail: String) -> Failure {
    Failure::new(FailureKind::Other, detail)
}

/// Finds out what kind of failure an error is by what it is made of, never by its wording.
fn classify(error: &reqwest::Error, url: Option<&url::Url>) -> Failure {
    let proxy = url.filter(|url| !is_loopback(url)).and_then(proxy::address_for);
    let tunnelled = url.is_some_and(|url| url.scheme() == "https");
    if let Some(tls) = causes(error).find_map(tls::find) {
        return Failure {
            proxy,
            ..tls::failure(tls)
        };
    }
    let failure = Failure::new(kind_of(error, tunnelled), innermost(error).to_string());
    match proxy {
        Some(proxy) => Failure {
            proxy: Some(proxy),
            ..proxy::blame(failure, error, tunnelled)
        },
        None => failure,
    }
}

fn kind_of(error: &reqwest::Error, tls: bool) -> FailureKind {
    let broken = causes(error).any(is_broken);
    // A connection that was not made in time has carried no request: it comes before the time that ran out.
    if error.is_dns() {
        FailureKind::Dns
    } else if error.is_connect() && tls && broken {
        // It was made and ended during the handshake.
        FailureKind::Tls
    } else if error.is_connect() {
        FailureKind::Connect
    } else if error.is_timeout() {
        FailureKind::TimedOut
    } else if causes(error).any(is_not_http) {
        FailureKind::NotHttp
    } else if broken {
        FailureKind::Interrupted
    } else {
        FailureKind::Other
    }
}

/// True where bytes came that are no answer of HTTP/1.
pub(crate) fn is_not_http(cause: &(dyn StdError + 'static)) -> bool {
    cause
        .downcast_ref::<hyper::Error>()
        .is_some_and(hyper::Error::is_parse)
}

/// True where a connection that had been made came to its end.
fn is_broken(cause: &(dyn StdError + 'static)) -> bool {
    use std::io::ErrorKind;
    let io = cause.downcast_ref::<std::io::Error>().is_some_and(|io| {
        matches!(
            io.kind(),
            ErrorKind::ConnectionReset
                | ErrorKind::ConnectionAborted
                | ErrorKind::BrokenPipe
                | ErrorKind::UnexpectedEof
        )
        // An `io::Error` gives its content's source, not its content, so it is opened by hand.
        || io.get_ref().is_some_and(|content| is_broken(content))
    });
    io || cause
        .downcast_ref::<hyper::Error>()
        .is_some_and(|http| http.is_incomplete_message() || http.is_closed() || http.is_canceled())
}

pub(crate) fn causes<'e>(
    error: &'e (dyn StdError + 'static),
) -> impl Iterator<Item = &'e (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error: &&'e (dyn StdError + 'static)| {
        (*error).source()
    })
}

fn innermost<'e>(error: &'e (dyn StdError + 'static)) -> &'e (dyn StdError + 'static) {
    causes(error).last().unwrap_or(error)
}

#[cfg(test)]
mod tests {
    use crate::io::http_client::*;

    #[tokio::test]
    async fn what_cannot_be_asked_is_a_bad_url_without_any_network() {
        let client = Client::new(None);
        for url in ["", "callback", "ftp://h/", "mailto:a@b", "http://"] {
            let (answer, _) = client.send(&HttpRequest::get(url)).await;
            assert_eq!(answer.unwrap_err().kind, FailureKind::BadUrl, "{url}");
        }
    }
}
