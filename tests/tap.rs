//! The tap over real sockets: what it sends on, what it brings back and what it tells.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener as StdListener,
    sync::Arc,
    time::Duration,
};

use oauthlens::{
    diagnosis::{Diagnosis, rule::Code},
    flow::{
        configuration::{Field, Origin, Origins},
        transcript::FailureKind,
    },
    io::{
        clock::Clock,
        http_client::Client,
        http_server,
        simulator_server::ReadySimulator,
        tap::{QUEUE, Tap, TapOptions, authority::Authority, base_url},
    },
    lab::in_flight::InFlight,
    oauth::{http::HttpRequest, random::Entropy},
    providers::Provider,
    simulator::{Decision, Simulator},
    sources::tap::{Event, Passed, Recorder},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    sync::mpsc,
};

const CALLBACK: &str = "http://127.0.0.1:3999/callback";

fn options(provider: Provider) -> TapOptions {
    TapOptions {
        provider,
        ca_file: None,
        unreachable: "{origin}: {reason}".into(),
        clock: Clock::default(),
        authority: None,
        fault: None,
    }
}

/// A tap in front of a provider: its address, and what passes it.
fn tapped(provider: Provider) -> (String, mpsc::Receiver<Event>) {
    with_options(options(provider))
}

fn with_options(options: TapOptions) -> (String, mpsc::Receiver<Event>) {
    let listener = http_server::reserve("127.0.0.1:0".parse().unwrap()).unwrap();
    let own = base_url(listener.local_addr().unwrap());
    let (sender, events) = mpsc::channel(QUEUE);
    tokio::spawn(Tap::new(listener, options, sender).unwrap().serve());
    (own, events)
}

/// A server that takes one request as it comes and answers with `answer`.
fn server(answer: &'static [u8]) -> (String, std::thread::JoinHandle<Vec<u8>>) {
    let listener = StdListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let came = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut came = Vec::new();
        let mut piece = [0; 1024];
        // The requests of these tests end with this word.
        while !came.ends_with(b"the end") && !came.ends_with(b"the+end") {
            let read = stream.read(&mut piece).unwrap();
            assert_ne!(read, 0, "{}", String::from_utf8_lossy(&came));
            came.extend_from_slice(&piece[..read]);
        }
        stream.write_all(answer).unwrap();
        came
    });
    (base, came)
}

async fn next(events: &mut mpsc::Receiver<Event>) -> Passed {
    match tokio::time::timeout(Duration::from_secs(10), events.recv())
        .await
        .unwrap()
        .unwrap()
    {
        Event::Passed(passed) => *passed,
        other @ Event::Untrusted { .. } => panic!("{other:?}"),
    }
}

async fn raw(own: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(own.trim_start_matches("http://"))
        .await
        .unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn a_message_passes_as_it_is_but_for_its_host() {
    let (base, came) = server(
        b"HTTP/1.1 200 OK\r\nX-Odd-Case: kept\r\nContent-Type: application/json\r\nContent-Length: 21\r\n\r\n{\"error\":\"odd  one\" }",
    );
    let (own, mut passed) = tapped(Provider::simulator(&base));
    let host = own.trim_start_matches("http://");
    let body = "client_id=a%20b&&code=%7e&the end";
    let answer = raw(
        &own,
        &format!(
            "POST /login/oauth/access_token?x=%2F HTTP/1.1\r\nHost: {host}\r\nuser-AGENT: odd\r\nAccept: a/b, c/d\r\n\
             X-Twice: 1\r\nX-Twice: 2\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ),
    )
    .await;
    let came = String::from_utf8(came.join().unwrap()).unwrap();
    let upstream = base.trim_start_matches("http://");
    assert_eq!(
        came,
        format!(
            "POST /login/oauth/access_token?x=%2F HTTP/1.1\r\nHost: {upstream}\r\nuser-AGENT: odd\r\nAccept: a/b, c/d\r\n\
             X-Twice: 1\r\nX-Twice: 2\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
    );
    let expected = "HTTP/1.1 200 OK\r\nX-Odd-Case: kept\r\nContent-Type: application/json\r\nContent-Length: 21\r\n\r\n{\"error\":\"odd  one\" }";
    // The tap says itself that it closes this connection, as it was asked to.
    assert_eq!(answer.replace("connection: close\r\n", ""), expected);
    let told = next(&mut passed).await;
    assert_eq!(told.request.body, body.as_bytes());
    assert_eq!(told.answer.unwrap().body, b"{\"error\":\"odd  one\" }");
}

#[tokio::test]
async fn each_of_the_three_errors_of_another_program_is_named() {
    let clock = Clock::default();
    let ready = ReadySimulator::bind("127.0.0.1:0".parse().unwrap(), clock.clone(), |base| {
        Simulator::demo(base, CALLBACK, Entropy::from_seed([7; 32]))
    });
    let simulator = ready.unwrap().serve().unwrap();
    let provider = Provider::simulator(&simulator.base_url());
    let (own, mut passed) = tapped(provider.clone());
    let app = simulator
        .simulator()
        .with(|simulator| simulator.options().app.clone());
    let client = Client::new(None);
    let mut recorder = Recorder::new(provider, Vec::new());
    let id = app.client_id.as_str();
    for (nth, (secret, redirect_uri, code, expected)) in [
        (
            "0123456789012345678901234567890123456789",
            CALLBACK,
            None,
            Code::ClientSecretWrong,
        ),
        (
            app.client_secret.reveal(),
            "http://127.0.0.1:3999/other",
            None,
            Code::RedirectUriDiffersAtExchange,
        ),
        (
            app.client_secret.reveal(),
            CALLBACK,
            Some("0123456789abcdef0123"),
            Code::CodeTampered,
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let asked = format!("/login/oauth/authorize?client_id={id}&redirect_uri={CALLBACK}&state=s{nth}");
        let (page, _) = client.send(&HttpRequest::get(format!("{own}{asked}"))).await;
        assert_eq!(page.unwrap().status, 200);
        let asked = format!("{}{asked}", simulator.base_url());
        let redirect = simulator
            .simulator()
            .with(|simulator| simulator.decide(&asked, Decision::Approve, clock.now()))
            .unwrap();
        let issued = redirect
            .split("code=")
            .nth(1)
            .and_then(|rest| rest.split('&').next())
            .unwrap()
            .to_owned();
        // The browser's way back is told as the tap tells it where it passes.
        recorder.record(next(&mut passed).await);
        let mut back = HttpRequest::get(format!("{}/login/oauth/authorize", simulator.base_url()));
        back.method = "POST".into();
        let now = clock.now();
        recorder.record(Passed {
            at: now,
            ended: now,
            request: back,
            request_cut: false,
            origins: Origins::default(),
            answer: Ok(oauthlens::oauth::http::HttpResponse {
                status: 302,
                headers: vec![("location".into(), redirect)],
                ..Default::default()
            }),
        });
        let code = code.unwrap_or(&issued);
        let request = HttpRequest {
            method: "POST".into(),
            url: format!("{own}/login/oauth/access_token"),
            headers: vec![
                ("content-type".into(), "application/x-www-form-urlencoded".into()),
                ("accept".into(), "application/json".into()),
            ],
            body: format!("client_id={id}&client_secret={secret}&code={code}&redirect_uri={redirect_uri}")
                .into_bytes(),
        };
        let (answer, _) = client.send(&request).await;
        assert_eq!(answer.unwrap().status, 200);
        let number = recorder.record(next(&mut passed).await).unwrap();
        assert_eq!(number, nth as u64 + 1);
        let attempt = recorder.attempt(number).unwrap();
        let diagnosis = Diagnosis::of(&attempt.transcript);
        let named: Vec<Code> = diagnosis.findings.iter().map(|finding| finding.code).collect();
        assert_eq!(named[0], expected, "{named:?}");
        let document = oauthlens::render::reports::json::line(&oauthlens::render::reports::json::document(
            &diagnosis.context,
            &diagnosis.findings,
            &oauthlens::text::catalog::Messages::new(oauthlens::text::catalog::Language::English),
        ));
        assert!(!document.contains(secret) && !document.contains('\n'));
    }
}

#[tokio::test]
async fn a_provider_that_is_away_is_told_and_answered() {
    let gone = StdListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", gone.local_addr().unwrap());
    drop(gone);
    let (own, mut passed) = tapped(Provider::simulator(&base));
    let answer = raw(
        &own,
        &format!(
            "POST /login/oauth/access_token HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: 3\r\n\r\na=b",
            own.trim_start_matches("http://")
        ),
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 502 "), "{answer}");
    assert!(answer.contains(&base), "{answer}");
    let told = next(&mut passed).await;
    assert_eq!(told.answer.unwrap_err().kind, FailureKind::Connect);
}

#[tokio::test]
async fn a_program_that_gives_up_is_told_too() {
    // A server that never answers.
    let silent = StdListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", silent.local_addr().unwrap());
    let (own, mut passed) = tapped(Provider::simulator(&base));
    let mut stream = TcpStream::connect(own.trim_start_matches("http://"))
        .await
        .unwrap();
    stream
        .write_all(
            format!(
                "POST /login/oauth/access_token HTTP/1.1\r\nHost: {}\r\nContent-Length: 3\r\n\r\na=b",
                own.trim_start_matches("http://")
            )
            .as_bytes(),
        )
        .await
        .unwrap();
    let (mut taken, _) = tokio::task::spawn_blocking(move || silent.accept().unwrap())
        .await
        .unwrap();
    let request = tokio::task::spawn_blocking(move || {
        let mut came = [0; 16];
        taken.read_exact(&mut came).unwrap();
        taken
    });
    let _open = request.await.unwrap();
    drop(stream);
    let told = next(&mut passed).await;
    assert_eq!(told.answer.unwrap_err().kind, FailureKind::Interrupted);
}

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
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    assert!(
        head.starts_with(b"HTTP/1.1 200 "),
        "{}",
        String::from_utf8_lossy(&head)
    );
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

#[tokio::test]
async fn a_page_that_has_rebound_its_name_gets_no_answer() {
    let (own, mut passed) = tapped(Provider::simulator("http://127.0.0.1:9"));
    let request = "GET /user HTTP/1.1\r\nHost: evil.test\r\nConnection: close\r\n\r\n";
    assert!(raw(&own, request).await.starts_with("HTTP/1.1 421 "));
    assert!(passed.try_recv().is_err());
}

#[tokio::test]
async fn a_fault_is_made_in_what_is_sent_on_and_told_as_one() {
    let (base, came) = server(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
    let (own, mut passed) = with_options(TapOptions {
        fault: InFlight::parse("code_truncated"),
        ..options(Provider::simulator(&base))
    });
    let body = "code=abcdef&x=the+end";
    let request = format!(
        "POST /login/oauth/access_token HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        own.trim_start_matches("http://"),
        body.len()
    );
    // The server waits for the end of the words as they are written in a form.
    let answered = tokio::spawn(async move { raw(&own, &request).await });
    let told = next(&mut passed).await;
    assert_eq!(told.request.body, b"code=abc&x=the+end");
    assert_eq!(told.origins.of(Field::Code), Origin::Fault);
    assert!(answered.await.unwrap().starts_with("HTTP/1.1 200"));
    assert!(came.join().unwrap().ends_with(b"\r\n\r\ncode=abc&x=the+end"));
}
