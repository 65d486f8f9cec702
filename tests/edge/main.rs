//! The edge over real loopback sockets: the redirect listener, its pages, the HTTP client's failures.

mod requests;

use std::{net::SocketAddr, time::Duration};

use oauthlens::{
    flow::{
        effect::{Effect, Reply, TabResult},
        event::{Event, FlowId},
        transcript::Disposition,
    },
    io::{Edge, EdgeOptions, http_client::Client},
    oauth::http::{HttpRequest, HttpResponse},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    task::JoinHandle,
};

const ANY: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

const ONE: FlowId = FlowId(1);

const TWO: FlowId = FlowId(2);

struct Bench {
    edge: Edge,
    events: mpsc::Receiver<Event>,
}

impl Bench {
    fn new() -> Self {
        let (sender, events) = mpsc::channel(16);
        let edge = Edge::new(EdgeOptions::default(), sender);
        Self { edge, events }
    }

    async fn next(&mut self) -> Event {
        tokio::time::timeout(Duration::from_secs(5), self.events.recv())
            .await
            .expect("an event in time")
            .expect("an open channel")
    }

    async fn listen(&mut self, flow: FlowId, address: SocketAddr) -> SocketAddr {
        self.edge.perform(Effect::Listen {
            flow,
            address,
            localhost: false,
        });
        match self.next().await {
            Event::ListenerBound(of, address) if of == flow => address,
            other => panic!("{other:?}"),
        }
    }

    /// Answers the next request that arrives.
    async fn reply(&mut self, reply: Reply) -> HttpRequest {
        match self.next().await {
            Event::RequestArrived(flow, ticket, request) => {
                self.edge.perform(Effect::AnswerRequest(flow, ticket, reply));
                request
            }
            other => panic!("{other:?}"),
        }
    }
}

fn get(address: SocketAddr, target: &str) -> JoinHandle<HttpResponse> {
    let request = HttpRequest::get(format!("http://{address}{target}"));
    tokio::spawn(async move { Client::new(None).send(&request).await.0.expect("an answer") })
}

async fn raw(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

fn token() -> TabResult {
    let login = Some("octocat".into());
    TabResult::Token { login }
}

#[tokio::test]
async fn the_tab_gets_its_result_at_once_where_the_exchange_is_quick() {
    let mut bench = Bench::new();
    let address = bench.listen(ONE, ANY).await;
    let tab = get(address, "/callback?code=c&state=s");
    let request = bench.reply(Reply::WaitForResult).await;
    assert_eq!(request.url, "/callback?code=c&state=s");
    assert_eq!(request.header("host"), Some(address.to_string().as_str()));
    bench.edge.perform(Effect::PublishResult(ONE, token()));
    let page = tab.await.unwrap();
    assert_eq!(page.status, 200);
    assert!(page.text().contains("octocat"));
    bench.edge.linger(Duration::from_secs(60)).await;
}

#[tokio::test]
async fn a_waiting_tab_gets_its_result_later_by_a_key_that_nobody_else_knows() {
    let mut bench = Bench::new();
    let address = bench.listen(ONE, ANY).await;
    let tab = get(address, "/callback?code=c&state=s");
    bench.reply(Reply::WaitForResult).await;
    let waiting = tab.await.unwrap().text();
    assert!(!waiting.contains("code=c"), "the code is not repeated: {waiting}");
    let result = waiting
        .split_once("data-result=\"")
        .unwrap()
        .1
        .split_once('"')
        .unwrap()
        .0;

    // Without the key it is a request like any other.
    let guess = get(address, "/oauthlens/result?key=00000000000000000000000000000000");
    bench.reply(Reply::NotTaken(Disposition::OtherPath)).await;
    assert_eq!(guess.await.unwrap().status, 404);

    // The script's question is held until there is something to show; the page without script waits by reloading.
    let held = get(address, &format!("{result}&wait=1"));
    let still_waiting = get(address, result).await.unwrap().text();
    assert!(still_waiting.contains("data-waiting"));
    // Stopping does not let the tab down.
    bench.edge.perform(Effect::StopListening(ONE));
    bench.edge.perform(Effect::PublishResult(ONE, token()));
    assert_eq!(held.await.unwrap().status, 200);
    let page = get(address, result).await.unwrap().text();
    assert!(page.contains("octocat") && !page.contains("<body data-waiting"));
    bench.edge.linger(Duration::from_secs(60)).await;
}

#[tokio::test]
async fn the_tab_of_an_earlier_authorization_hears_that_it_has_ended() {
    let mut bench = Bench::new();
    let address = bench.listen(ONE, ANY).await;
    let tab = get(address, "/callback?code=c&state=s");
    bench.reply(Reply::WaitForResult).await;
    assert_eq!(bench.listen(TWO, address).await, address, "the sockets are kept");
    let page = tab.await.unwrap().text();
    assert!(page.contains("This authorization has ended"), "{page}");
}

#[tokio::test]
async fn what_is_not_taken_is_answered_by_its_reason() {
    let mut bench = Bench::new();
    let address = bench.listen(ONE, ANY).await;
    for (disposition, status) in [
        (Disposition::Favicon, 404),
        (Disposition::OtherPath, 404),
        (Disposition::OtherHost, 421),
        (Disposition::StateDiffers, 400),
        (Disposition::SecondRedirect, 409),
        (Disposition::FlowOver, 410),
    ] {
        let visit = get(address, "/x");
        bench.reply(Reply::NotTaken(disposition)).await;
        let answer = visit.await.unwrap();
        assert_eq!(answer.status, status, "{disposition:?}");
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
    let head = tokio::spawn(raw_owned(
        address,
        b"HEAD /callback?code=c HTTP/1.1\r\nHost: h\r\n\r\n",
    ));
    bench.reply(Reply::NotTaken(Disposition::OtherMethod)).await;
    let answer = head.await.unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 405 ") && answer.to_lowercase().contains("allow: get"),
        "{answer}"
    );
    assert!(answer.ends_with("\r\n\r\n"), "a HEAD gets no body: {answer}");
}

async fn raw_owned(address: SocketAddr, bytes: &'static [u8]) -> String {
    raw(address, bytes).await
}

#[tokio::test]
async fn what_is_too_large_or_no_http_never_reaches_the_flow() {
    let mut bench = Bench::new();
    let address = bench.listen(ONE, ANY).await;
    let long = format!(
        "GET /callback?code={} HTTP/1.1\r\nHost: h\r\n\r\n",
        "c".repeat(70_000)
    );
    assert!(!raw(address, long.as_bytes()).await.starts_with("HTTP/1.1 200"));
    assert!(
        !raw(address, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n")
            .await
            .starts_with("HTTP/1.1 200")
    );
    let body = format!(
        "POST /callback HTTP/1.1\r\nHost: h\r\nContent-Length: 70000\r\n\r\n{}",
        "b".repeat(70_000)
    );
    assert!(raw(address, body.as_bytes()).await.starts_with("HTTP/1.1 413"));
    assert!(bench.events.try_recv().is_err());
}

/// Opens connections that send half a request and stay.
async fn half_requests(address: SocketAddr, number: usize) -> Vec<TcpStream> {
    let mut open = Vec::new();
    for _ in 0..number {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nHost:").await.unwrap();
        open.push(stream);
    }
    open
}

#[tokio::test]
async fn the_redirect_is_answered_however_many_connections_hang() {
    let mut bench = Bench::new();
    let address = bench.listen(ONE, ANY).await;
    let hanging = half_requests(address, 193).await;
    let tab = get(address, "/callback?code=c&state=s");
    let mut dropped = 0;
    loop {
        match bench.next().await {
            Event::ConnectionsDropped(ONE, number) => dropped += number,
            Event::RequestArrived(flow, ticket, request) => {
                assert_eq!(request.path(), "/callback");
                let reply = Reply::NotTaken(Disposition::StateDiffers);
                bench.edge.perform(Effect::AnswerRequest(flow, ticket, reply));
                break;
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(tab.await.unwrap().status, 400);
    assert!(dropped > 0 && dropped <= 130, "{dropped}");
    drop(hanging);
}

#[tokio::test]
async fn who_waits_for_a_result_takes_no_place() {
    let mut bench = Bench::new();
    let address = bench.listen(ONE, ANY).await;
    let tab = get(address, "/callback?code=c&state=s");
    bench.reply(Reply::WaitForResult).await;
    let page = tab.await.unwrap().text();
    let result = page.split_once("data-result=\"").unwrap().1;
    let result = result.split_once('"').unwrap().0;
    let held: Vec<_> = (0..64)
        .map(|_| get(address, &format!("{result}&wait=1")))
        .collect();
    let again = get(address, "/callback?code=c&state=s");
    bench.reply(Reply::NotTaken(Disposition::SecondRedirect)).await;
    assert_eq!(again.await.unwrap().status, 409);
    bench.edge.perform(Effect::PublishResult(ONE, token()));
    for tab in held {
        assert_eq!(tab.await.unwrap().status, 200);
    }
}

#[tokio::test]
async fn a_port_is_free_again_at_once_and_a_taken_one_is_said_to_be() {
    let mut bench = Bench::new();
    let first = bench.listen(ONE, ANY).await;
    let second = bench.listen(TWO, ANY).await;
    assert_ne!(first, second, "port 0 asks for another port");
    assert_eq!(
        bench.listen(TWO, first).await,
        first,
        "the earlier port can be had again"
    );

    let taken = TcpListener::bind(ANY).await.unwrap();
    let address = taken.local_addr().unwrap();
    bench.edge.perform(Effect::Listen {
        flow: TWO,
        address,
        localhost: false,
    });
    match bench.next().await {
        Event::ListenerFailed { in_use, .. } => assert!(in_use),
        other => panic!("{other:?}"),
    }
    drop(taken);
    assert_eq!(bench.listen(TWO, address).await, address);
}

#[tokio::test]
async fn the_listener_binds_this_machine_only() {
    let mut bench = Bench::new();
    let address = "0.0.0.0:0".parse().unwrap();
    bench.edge.perform(Effect::Listen {
        flow: ONE,
        address,
        localhost: false,
    });
    match bench.next().await {
        Event::ListenerFailed { in_use, .. } => assert!(!in_use),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn localhost_is_answered_on_both_its_addresses() {
    let mut bench = Bench::new();
    let address = bench.listen(ONE, ANY).await;
    let twin: SocketAddr = (std::net::Ipv6Addr::LOCALHOST, address.port()).into();
    // A machine without IPv6 has no such address.
    if TcpListener::bind((std::net::Ipv6Addr::LOCALHOST, 0))
        .await
        .is_ok()
    {
        let visit = get(twin, "/callback");
        bench.reply(Reply::NotTaken(Disposition::NoParameters)).await;
        assert_eq!(visit.await.unwrap().status, 400);
    }
}

#[tokio::test]
async fn where_localhost_says_so_a_stranger_on_its_other_address_is_in_the_way() {
    // A machine without IPv6 has no such address, and nothing in the way.
    let Ok(stranger) = TcpListener::bind((std::net::Ipv6Addr::LOCALHOST, 0)).await else {
        return;
    };
    let twin = stranger.local_addr().unwrap();
    let address = SocketAddr::new(ANY.ip(), twin.port());
    let mut bench = Bench::new();
    for _ in 0..2 {
        bench.edge.perform(Effect::Listen {
            flow: ONE,
            address,
            localhost: true,
        });
        match bench.next().await {
            Event::ListenerFailed { address, in_use, .. } => assert_eq!((address, in_use), (twin, true)),
            other => panic!("{other:?}"),
        }
        // For 127.0.0.1 nobody asks at the other address.
        assert_eq!(bench.listen(ONE, address).await, address);
    }
    bench.edge.perform(Effect::Listen {
        flow: ONE,
        address: ANY,
        localhost: true,
    });
    assert!(matches!(bench.next().await, Event::ListenerBound(ONE, _)));
}

#[tokio::test]
async fn a_tab_of_an_earlier_authorization_holds_nobody_up() {
    let mut bench = Bench::new();
    let address = bench.listen(ONE, ANY).await;
    let visit = get(address, "/callback?code=c");
    bench.reply(Reply::WaitForResult).await;
    // The tab is closed, so that nobody ever asks for its result.
    visit.abort();
    bench.listen(TWO, address).await;
    bench.edge.perform(Effect::StopListening(TWO));
    let waited = tokio::time::timeout(Duration::from_secs(1), async {
        while TcpStream::connect(address).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        bench.edge.linger(Duration::from_secs(60)).await;
    });
    waited.await.expect("the sockets are closed at once");
}
