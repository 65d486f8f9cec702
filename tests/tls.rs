//! TLS over real loopback sockets: what a server shows and how that is told. Every server here is one thread of the test.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::SocketAddr,
    process::{Command, Stdio},
    sync::Arc,
};

use oauthlens::{
    flow::transcript::{Certificate, Failure, FailureKind},
    io::http_client::Client,
    oauth::http::{HttpRequest, HttpResponse},
};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;

/// What a server shows: its certificate and key, and the certificate that `--ca-file` would be given.
struct Shown {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
    trusted: String,
}

fn params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

/// A certificate of an authority of its own, changed by `change` before it is signed.
fn signed(name: &str, change: impl FnOnce(&mut CertificateParams)) -> Shown {
    let mut authority = params("authority.example");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority
        .distinguished_name
        .push(DnType::CommonName, "Example Root");
    let authority_key = KeyPair::generate().unwrap();
    let trusted = authority.self_signed(&authority_key).unwrap();
    let issuer = Issuer::new(authority, authority_key);
    let mut server = params(name);
    change(&mut server);
    let key = KeyPair::generate().unwrap();
    let certificate = server.signed_by(&key, &issuer).unwrap();
    Shown {
        chain: vec![certificate.der().clone()],
        key: PrivateKeyDer::from_pem_slice(key.serialize_pem().as_bytes()).unwrap(),
        trusted: trusted.pem(),
    }
}

/// A certificate that the server signed itself, as `openssl req -x509` makes it: one that may sign others.
fn self_signed(name: &str, change: impl FnOnce(&mut CertificateParams)) -> Shown {
    let mut server = params(name);
    server.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    change(&mut server);
    let key = KeyPair::generate().unwrap();
    let certificate = server.self_signed(&key).unwrap();
    Shown {
        chain: vec![certificate.der().clone()],
        key: PrivateKeyDer::from_pem_slice(key.serialize_pem().as_bytes()).unwrap(),
        trusted: certificate.pem(),
    }
}

fn expired(params: &mut CertificateParams) {
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(2021, 3, 4);
}

/// Serves one connection after the other.
async fn serve(shown: &Shown) -> SocketAddr {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(shown.chain.clone(), shown.key.clone_key())
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(mut stream) = acceptor.accept(stream).await {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                let _ = stream
                    .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
                    .await;
                let _ = stream.shutdown().await;
            }
        }
    });
    address
}

/// Serves bytes, whatever is said.
async fn serve_bytes(bytes: Vec<u8>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let bytes = bytes.clone();
            tokio::spawn(async move { answer(&mut stream, &bytes).await });
        }
    });
    address
}

async fn answer(stream: &mut TcpStream, bytes: &[u8]) {
    let mut some = [0; 4096];
    let _ = stream.read(&mut some).await;
    let _ = stream.write_all(bytes).await;
    // What has nothing to say ends the connection.
    if !bytes.is_empty() {
        let _ = stream.read(&mut some).await;
    }
}

async fn ask(address: SocketAddr, trusted: Option<&str>) -> Result<HttpResponse, Failure> {
    let file = tempfile::NamedTempFile::new().unwrap();
    let given = trusted.map(|pem| {
        std::fs::write(file.path(), pem).unwrap();
        file.path().to_owned()
    });
    let url = format!("https://localhost:{}/", address.port());
    Client::new(given).send(&HttpRequest::get(url)).await.0
}

async fn refused(shown: &Shown, trusted: bool) -> (FailureKind, Certificate) {
    let address = serve(shown).await;
    let failure = ask(address, trusted.then_some(shown.trusted.as_str()))
        .await
        .unwrap_err();
    assert!(!failure.detail.contains("Other("), "{}", failure.detail);
    let certificate = failure.certificate.expect("the certificate is told");
    assert_eq!(certificate.asked_for, "localhost");
    (failure.kind, *certificate)
}

#[tokio::test]
async fn a_certificate_of_a_trusted_authority_serves() {
    let shown = signed("localhost", |_| {});
    let address = serve(&shown).await;
    assert_eq!(ask(address, Some(&shown.trusted)).await.unwrap().text(), "ok");
}

#[tokio::test]
async fn an_expired_certificate_is_told_with_its_last_day() {
    let (kind, certificate) = refused(&signed("localhost", expired), true).await;
    assert_eq!(kind, FailureKind::CertificateExpired);
    assert_eq!(certificate.valid_until.0, 1_614_816_000_000);
}

#[tokio::test]
async fn a_certificate_of_tomorrow_is_told_with_its_first_day() {
    let shown = signed("localhost", |params| {
        params.not_before = rcgen::date_time_ymd(2090, 1, 1);
        params.not_after = rcgen::date_time_ymd(2091, 1, 1);
    });
    let (kind, certificate) = refused(&shown, true).await;
    assert_eq!(kind, FailureKind::CertificateNotYetValid);
    assert_eq!(certificate.valid_from.0, 3_786_912_000_000);
}

#[tokio::test]
async fn a_certificate_for_another_name_is_told_with_the_names_it_has() {
    let (kind, certificate) = refused(&signed("www.example", |_| {}), true).await;
    assert_eq!(kind, FailureKind::CertificateOtherName);
    assert_eq!(certificate.names, ["www.example"]);
}

#[tokio::test]
async fn an_unknown_authority_is_told_by_name() {
    let (kind, certificate) = refused(&signed("localhost", |_| {}), false).await;
    assert_eq!(kind, FailureKind::CertificateUnknownAuthority);
    assert_eq!(certificate.issuer, "Example Root");
    assert!(!certificate.self_signed);
}

#[tokio::test]
async fn a_self_signed_certificate_is_told_as_such_and_serves_once_it_is_given() {
    let shown = self_signed("localhost", |_| {});
    let (kind, certificate) = refused(&shown, false).await;
    assert_eq!(kind, FailureKind::CertificateUnknownAuthority);
    assert!(certificate.self_signed);
    let address = serve(&shown).await;
    assert_eq!(ask(address, Some(&shown.trusted)).await.unwrap().text(), "ok");
}

#[tokio::test]
async fn a_given_certificate_still_has_to_have_the_right_name_and_dates() {
    let (kind, _) = refused(&self_signed("www.example", |_| {}), true).await;
    assert_eq!(kind, FailureKind::CertificateOtherName);
    let (kind, _) = refused(&self_signed("localhost", expired), true).await;
    assert_eq!(kind, FailureKind::CertificateExpired);
    // Another certificate of the same name is not the one that was given.
    let shown = self_signed("localhost", |_| {});
    let other = self_signed("localhost", |_| {});
    let address = serve(&shown).await;
    let failure = ask(address, Some(&other.trusted)).await.unwrap_err();
    assert_ne!(failure.kind, FailureKind::Other, "{failure:?}");
}

#[tokio::test]
async fn an_old_version_of_tls_and_a_port_without_tls_are_told_apart() {
    // A TLS 1.0 server refuses the hello with an alert, or answers it with its own version.
    let alert = vec![0x15, 3, 1, 0, 2, 2, 70];
    let mut hello = vec![0x16, 3, 1, 0, 42, 2, 0, 0, 38, 3, 1];
    hello.extend([7; 32]);
    hello.extend([0, 0, 0x2f, 0]);
    let plain = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".to_vec();
    for (bytes, kind) in [
        (alert, FailureKind::TlsVersion),
        (hello, FailureKind::TlsVersion),
        (plain, FailureKind::NotTls),
        (Vec::new(), FailureKind::Tls),
    ] {
        let failure = ask(serve_bytes(bytes.clone()).await, None).await.unwrap_err();
        assert_eq!(failure.kind, kind, "{bytes:?}: {failure:?}");
    }
}

/// `run` with a proxy in the environment: what it finds, as a JSON document. The redirect is pasted.
fn run_by_proxy(proxy: &str) -> serde_json::Value {
    let mut child = Command::new(env!("CARGO_BIN_EXE_oauthlens"))
        .args([
            "run",
            "--json",
            "--no-browser",
            "--provider=custom",
            "--authorization-endpoint=https://id.example/authorize",
            "--token-endpoint=https://id.example/token",
            "--client-id=i",
            "--redirect-uri=https://app.example/callback",
        ])
        .env_clear()
        .env("HOME", env!("CARGO_TARGET_TMPDIR"))
        .env("HTTPS_PROXY", proxy)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut remarks = BufReader::new(child.stderr.take().expect("a pipe")).lines();
    let url = remarks
        .by_ref()
        .map_while(Result::ok)
        .find(|line| line.contains("state="))
        .expect("the authorization URL");
    let state = url.split("state=").nth(1).unwrap().split('&').next().unwrap();
    let redirect = format!("https://app.example/callback?code=c&state={state}\n");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(redirect.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// A proxy that gives this answer to every request.
fn proxy(answer: &'static [u8]) -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(answer);
        }
    });
    address
}

#[test]
fn a_proxys_own_refusal_is_the_proxys_and_names_it() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nowhere = closed.local_addr().unwrap();
    drop(closed);
    for (address, code) in [
        (
            proxy(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"),
            "proxy_refused",
        ),
        (
            proxy(b"HTTP/1.1 403 Forbidden\r\n\r\n"),
            "proxy_refused_connection",
        ),
        (
            proxy(b"HTTP/1.1 502 Bad Gateway\r\n\r\n"),
            "proxy_refused_connection",
        ),
        (nowhere, "proxy_unreachable"),
    ] {
        let document = run_by_proxy(&format!("http://user:pass-word@{address}"));
        let first = &document["findings"][0];
        assert_eq!(first["code"], code, "{document:#}");
        let shown = first.to_string();
        assert!(shown.contains(&address.to_string()), "{shown}");
        assert!(!document.to_string().contains("pass-word"), "{document:#}");
    }
}
