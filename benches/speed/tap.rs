//! Requests a second that the tap passes on, beside those of a proxy on the same hyper that does nothing else. Both are
//! programs of their own; server and clients are here.

use std::{
    convert::Infallible,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use http_body_util::Full;
use hyper::{
    Request, Response,
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioIo},
};
use tokio::net::TcpListener;

use super::{Measured, median, terminal::oauthlens};

/// By this argument the bench is the proxy that does nothing.
pub const DO_NOTHING: &str = "--do-nothing-proxy";

const CONNECTIONS: usize = 16;
const PROMISED: f64 = 0.7;
const ANSWER: &[u8] = br#"{"login":"octocat","id":1,"type":"User"}"#;

pub fn measure(quick: bool) -> Vec<Measured> {
    let server = serve();
    let (rounds, time) = if quick { (1, 500) } else { (5, 2000) };
    let mut nothing = start(
        Command::new(std::env::current_exe().expect("this program")).args([DO_NOTHING, &server.to_string()]),
    );
    let base = format!("http://{server}");
    let mut tap = start(Command::new(oauthlens()).args([
        "tap",
        "--provider",
        "custom",
        "--authorization-endpoint",
        &format!("{base}/authorize"),
        "--token-endpoint",
        &format!("{base}/token"),
        "--api-url",
        &base,
    ]));
    let mut rates = [Vec::new(), Vec::new()];
    // Taken in turns, so that a busy moment of the machine hits both.
    for _ in 0..rounds {
        for (program, rates) in [&nothing, &tap].into_iter().zip(&mut rates) {
            rates.push(rate(program.1, Duration::from_millis(time)));
        }
    }
    for (program, _) in [&mut nothing, &mut tap] {
        let _ = program.kill();
        let _ = program.wait();
    }
    let [nothing, tap] = rates.map(median);
    let ratio = tap / nothing;
    vec![Measured {
        what: "tap: requests a second, plain HTTP, 16 connections".into(),
        value: format!("{tap:.0}"),
        yardstick: format!("a proxy that does nothing: {nothing:.0}"),
        ratio: Some(ratio),
        kept: ratio >= PROMISED,
    }]
}

/// Starts a proxy, and reads its port from the first address that it prints.
fn start(command: &mut Command) -> (Child, SocketAddr) {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the proxy starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("its output"))
        .read_line(&mut line)
        .expect("its address");
    let address = line.trim().rsplit("//").next().unwrap_or_default();
    let address = address.split('/').next().unwrap_or_default();
    (child, address.parse().expect("an address"))
}

/// Requests a second of several clients that each keep their connection.
fn rate(proxy: SocketAddr, time: Duration) -> f64 {
    let (stop, count) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let clients: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            let (stop, count) = (stop.clone(), count.clone());
            std::thread::spawn(move || {
                let mut stream = TcpStream::connect(proxy).expect("the proxy listens");
                stream.set_nodelay(true).expect("a socket");
                let request = format!("GET /user/emails HTTP/1.1\r\nHost: {proxy}\r\nAccept: */*\r\n\r\n");
                let mut answer = Vec::new();
                let mut piece = [0; 4096];
                while !stop.load(Ordering::Relaxed) {
                    stream.write_all(request.as_bytes()).expect("a request");
                    answer.clear();
                    while !answer.ends_with(ANSWER) {
                        let read = stream.read(&mut piece).expect("an answer");
                        assert_ne!(read, 0, "the proxy has ended the connection");
                        answer.extend_from_slice(&piece[..read]);
                    }
                    count.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    // Until all are under way.
    std::thread::sleep(Duration::from_millis(200));
    let (before, started) = (count.load(Ordering::Relaxed), Instant::now());
    std::thread::sleep(time);
    let (after, took) = (count.load(Ordering::Relaxed), started.elapsed());
    stop.store(true, Ordering::Relaxed);
    for client in clients {
        client.join().expect("a client");
    }
    #[expect(clippy::cast_precision_loss, reason = "a few million at most")]
    let requests = (after - before) as f64;
    requests / took.as_secs_f64()
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}

/// A server in a thread of its own.
fn serve() -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("a socket");
    let address = listener.local_addr().expect("its address");
    std::thread::spawn(move || {
        runtime().block_on(async {
            let listener = TcpListener::from_std(listener).expect("a listener");
            loop {
                let (stream, _) = listener.accept().await.expect("a connection");
                let _ = stream.set_nodelay(true);
                let answer = service_fn(|_: Request<Incoming>| async {
                    Ok::<_, Infallible>(Response::new(Full::new(Bytes::from_static(ANSWER))))
                });
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), answer));
            }
        });
    });
    address
}

/// The proxy that does nothing: it sends a request on and the answer back.
pub fn do_nothing(server: &str) {
    let server: SocketAddr = server.parse().expect("an address");
    runtime().block_on(async move {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        println!("http://{}", listener.local_addr().expect("its address"));
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let client: Client<_, Incoming> = Client::builder(TokioExecutor::new()).build(connector);
        loop {
            let (stream, _) = listener.accept().await.expect("a connection");
            let _ = stream.set_nodelay(true);
            let client = client.clone();
            let pass_on = service_fn(move |mut request: Request<Incoming>| {
                let target = request
                    .uri()
                    .path_and_query()
                    .map_or("/", |target| target.as_str());
                *request.uri_mut() = format!("http://{server}{target}").parse().expect("an address");
                client.request(request)
            });
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), pass_on));
        }
    });
}
