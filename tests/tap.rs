//! The tap over real sockets: what it sends on, what it brings back and what it tells.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener as StdListener,
    time::Duration,
};

use oauthlens::{
    diagnosis::{Diagnosis, rule::Code},
    flow::transcript::FailureKind,
    io::{
        clock::Clock,
        http_client::Client,
        http_server,
        simulator_server::ReadySimulator,
        tap::{QUEUE, Tap, TapOptions, base_url},
    },
    oauth::{http::HttpRequest, random::Entropy},
    providers::Provider,
    simulator::{Decision, Simulator},
    sources::tap::{Passed, Recorder},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    sync::mpsc,
};

const CALLBACK: &str = "http://127.0.0.1:3999/callback";

/// A tap in front of a provider: its address, and what passes it.
fn tapped(provider: Provider) -> (String, mpsc::Receiver<Passed>) {
    let listener = http_server::reserve("127.0.0.1:0".parse().unwrap()).unwrap();
    let own = base_url(listener.local_addr().unwrap());
    let (sender, passed) = mpsc::channel(QUEUE);
    let options = TapOptions {
        provider,
        ca_file: None,
        unreachable: "{origin}: {reason}".into(),
        clock: Clock::default(),
    };
    tokio::spawn(Tap::new(listener, options, sender).unwrap().serve());
    (own, passed)
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
        while !came.ends_with(b"the end") {
            let read = stream.read(&mut piece).unwrap();
            assert_ne!(read, 0, "{}", String::from_utf8_lossy(&came));
            came.extend_from_slice(&piece[..read]);
        }
        stream.write_all(answer).unwrap();
        came
    });
    (base, came)
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
    assert!(
        answer.starts_with("HTTP/1.1 200 OK\r\nX-Odd-Case: kept\r\n"),
        "{answer}"
    );
    assert!(answer.ends_with("{\"error\":\"odd  one\" }"), "{answer}");
    let told = passed.recv().await.unwrap();
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
        recorder.record(passed.recv().await.unwrap());
        let mut back = HttpRequest::get(format!("{}/login/oauth/authorize", simulator.base_url()));
        back.method = "POST".into();
        let now = clock.now();
        recorder.record(Passed {
            at: now,
            ended: now,
            request: back,
            request_cut: false,
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
        let number = recorder.record(passed.recv().await.unwrap()).unwrap();
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
        "POST /login/oauth/access_token HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3\r\n\r\na=b",
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 502 "), "{answer}");
    assert!(answer.contains(&base), "{answer}");
    let told = passed.recv().await.unwrap();
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
        .write_all(b"POST /login/oauth/access_token HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na=b")
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
    let told = tokio::time::timeout(Duration::from_secs(5), passed.recv())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(told.answer.unwrap_err().kind, FailureKind::Interrupted);
}
