//! The tap over real sockets: what it sends on, what it brings back and what it tells.

mod opened;

use std::{
    io::{Read as _, Write as _},
    net::TcpListener as StdListener,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
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
        tap::{QUEUE, Tap, TapOptions, base_url},
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
        requests: Arc::default(),
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

/// The head of a message, to the empty line.
async fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(head).unwrap()
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

#[tokio::test]
async fn what_changes_its_protocol_passes_in_both_directions() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let requests = Arc::new(AtomicU64::new(0));
    let (own, mut events) = with_options(TapOptions {
        requests: requests.clone(),
        ..options(Provider::simulator(&base))
    });
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        read_head(&mut stream).await;
        let switching =
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
        stream.write_all(switching).await.unwrap();
        let mut word = [0; 4];
        stream.read_exact(&mut word).await.unwrap();
        stream.write_all(&word).await.unwrap();
    });
    let host = own.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).await.unwrap();
    let request =
        format!("GET /events HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let head = read_head(&mut stream).await;
    assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
    stream.write_all(b"\x00\xff\x01\xfe").await.unwrap();
    let mut word = [0; 4];
    stream.read_exact(&mut word).await.unwrap();
    assert_eq!(&word, b"\x00\xff\x01\xfe");
    let told = next(&mut events).await;
    assert_eq!(told.answer.as_ref().unwrap().status, 101);
    let mut recorder = Recorder::new(Provider::simulator(&base), Vec::new());
    assert_eq!(recorder.record(told), None, "it is no part of a flow");
    assert_eq!(requests.load(Ordering::Relaxed), 1);
}
