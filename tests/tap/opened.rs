//! What goes to the provider by way of the tap is opened, and nothing else is.

use oauthlens::io::tap::authority::Authority;

use super::*;

/// A provider that speaks TLS by a certificate of `authority`, and answers each request of one connection.
fn tls_server(authority: Authority, answer: &'static str) -> std::net::SocketAddr {
    let listener = StdListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let mut config = (*authority.config("127.0.0.1").unwrap()).clone();
            config.alpn_protocols = vec![b"http/1.1".to_vec()];
            tokio::spawn(async move {
                let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    return;
                };
                let mut came = Vec::new();
                let mut piece = [0; 1024];
                while let Ok(read @ 1..) = stream.read(&mut piece).await {
                    came.extend_from_slice(&piece[..read]);
                    if came.ends_with(b"the end") {
                        stream.write_all(answer.as_bytes()).await.unwrap();
                        came.clear();
                    }
                }
            });
        }
    });
    address
}

/// A forward proxy in front of a provider that speaks TLS: its address, its certificate, what passes it, and the provider's.
fn opened(answer: &'static str) -> (String, String, mpsc::Receiver<Event>, String, tempfile::TempDir) {
    let hosts = ["127.0.0.1".to_owned()];
    let of_the_provider = Authority::new(&hosts).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let ca_file = folder.path().join("ca.pem");
    std::fs::write(&ca_file, of_the_provider.pem()).unwrap();
    let base = format!("https://{}", tls_server(of_the_provider, answer));
    let ours = Authority::new(&hosts).unwrap();
    let pem = ours.pem().to_owned();
    let (own, events) = with_options(TapOptions {
        ca_file: Some(ca_file),
        authority: Some(ours),
        ..options(Provider::simulator(&base))
    });
    (own, pem, events, base, folder)
}

/// Opens a connection to `base` by way of the tap.
async fn connect(own: &str, base: &str) -> TcpStream {
    let mut stream = TcpStream::connect(own.trim_start_matches("http://"))
        .await
        .unwrap();
    let authority = base.split("//").nth(1).unwrap();
    stream
        .write_all(format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\n").as_bytes())
        .await
        .unwrap();
    let head = read_head(&mut stream).await;
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    stream
}

fn connector(pem: Option<&str>) -> tokio_rustls::TlsConnector {
    use rustls::pki_types::{CertificateDer, pem::PemObject as _};
    let mut roots = rustls::RootCertStore::empty();
    if let Some(pem) = pem {
        roots
            .add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap())
            .unwrap();
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    tokio_rustls::TlsConnector::from(Arc::new(config))
}

const REFUSED: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 33\r\n\r\n{\"error\":\"bad_verification_code\"}";

#[tokio::test]
async fn what_goes_to_the_provider_is_opened_and_told() {
    let (own, pem, mut events, base, _folder) = opened(REFUSED);
    let stream = connect(&own, &base).await;
    let name = "127.0.0.1".try_into().unwrap();
    let mut tls = connector(Some(&pem)).connect(name, stream).await.unwrap();
    let authority = base.split("//").nth(1).unwrap();
    // Two requests in one connection.
    for code in ["one", "two"] {
        let body = format!("code={code}&the end");
        let request = format!(
            "POST /login/oauth/access_token HTTP/1.1\r\nHost: {authority}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        tls.write_all(request.as_bytes()).await.unwrap();
        let mut answer = vec![0; REFUSED.len()];
        tls.read_exact(&mut answer).await.unwrap();
        assert_eq!(String::from_utf8_lossy(&answer), REFUSED);
        let told = next(&mut events).await;
        assert_eq!(told.request.url, format!("{base}/login/oauth/access_token"));
        assert_eq!(told.request.body, body.as_bytes());
    }
}

#[tokio::test]
async fn a_program_that_does_not_trust_the_certificate_is_told() {
    let (own, _, mut events, base, _folder) = opened(REFUSED);
    let stream = connect(&own, &base).await;
    let name = "127.0.0.1".try_into().unwrap();
    assert!(connector(None).connect(name, stream).await.is_err());
    let told = tokio::time::timeout(Duration::from_secs(10), events.recv())
        .await
        .unwrap()
        .unwrap();
    let alert = Some("UnknownCA".to_owned());
    assert_eq!(
        told,
        Event::Untrusted {
            host: "127.0.0.1".into(),
            alert
        }
    );
}

#[tokio::test]
async fn what_goes_elsewhere_passes_unread() {
    let (own, _, mut events, _, _folder) = opened(REFUSED);
    let hosts = ["127.0.0.1".to_owned()];
    let other = Authority::new(&hosts).unwrap();
    let pem = other.pem().to_owned();
    let elsewhere = format!("https://{}", tls_server(other, REFUSED));
    let stream = connect(&own, &elsewhere).await;
    // The certificate is the other server's own.
    let name = "127.0.0.1".try_into().unwrap();
    let mut tls = connector(Some(&pem)).connect(name, stream).await.unwrap();
    tls.write_all(b"POST /login/oauth/access_token HTTP/1.1\r\nHost: x\r\n\r\nthe end")
        .await
        .unwrap();
    let mut answer = vec![0; REFUSED.len()];
    tls.read_exact(&mut answer).await.unwrap();
    assert!(events.try_recv().is_err());
}

#[tokio::test]
async fn an_authority_speaks_for_its_hosts_alone() {
    let authority = Authority::new(&["github.test".to_owned()]).unwrap();
    let (client, server) = tokio::io::duplex(16 * 1024);
    let config = authority.config("elsewhere.test").unwrap();
    tokio::spawn(async move {
        let _ = tokio_rustls::TlsAcceptor::from(config).accept(server).await;
    });
    let name = "elsewhere.test".try_into().unwrap();
    let refused = connector(Some(authority.pem()))
        .connect(name, client)
        .await
        .unwrap_err();
    assert!(refused.to_string().contains("NameConstraint"), "{refused}");
}
