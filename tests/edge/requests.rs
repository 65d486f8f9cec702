//! Requests as they are sent, and what becomes of their answers.

use std::net::SocketAddr;

use oauthlens::{
    flow::{
        configuration::Configuration,
        requests::probe,
        transcript::{FailureKind, Purpose},
    },
    io::http_client::Client,
    oauth::{http::HttpRequest, secret::Secret},
    providers::Provider,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use crate::ANY;

#[tokio::test]
async fn failures_are_told_apart() {
    let client = Client::new(None);
    let closed = {
        let listener = TcpListener::bind(ANY).await.unwrap();
        listener.local_addr().unwrap()
    };
    let failure = |url: String| {
        let client = client.clone();
        async move { client.send(&HttpRequest::get(url)).await.0.unwrap_err() }
    };
    assert_eq!(
        failure(format!("http://{closed}/")).await.kind,
        FailureKind::Connect
    );

    // A server that closes the connection without a word, and one that speaks no TLS.
    let rude = TcpListener::bind(ANY).await.unwrap();
    let address = rude.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = rude.accept().await {
            let mut some = [0; 16];
            let _ = stream.read(&mut some).await;
            if some[0] == 0x16 {
                let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
            }
        }
    });
    let interrupted = failure(format!("http://{address}/")).await;
    assert_eq!(interrupted.kind, FailureKind::Interrupted, "{interrupted:?}");
    let tls = failure(format!("https://{address}/?client_secret=never-said")).await;
    assert_eq!(tls.kind, FailureKind::NotTls, "{tls:?}");
    assert!(!tls.detail.contains("never-said"));

    // A server of another protocol, and one whose head is no HTTP.
    for answer in [
        &b"SSH-2.0-Example\r\n"[..],
        b"HTTP/1.1 abc\r\n\r\n",
        b"\x15\x03\x01\x00\x02\x02\x46",
    ] {
        let other = TcpListener::bind(ANY).await.unwrap();
        let address = other.local_addr().unwrap();
        tokio::spawn(async move {
            let (mut stream, _) = other.accept().await.unwrap();
            let _ = stream.read(&mut [0; 1024]).await;
            let _ = stream.write_all(answer).await;
        });
        let not_http = failure(format!("http://{address}/")).await;
        assert_eq!(not_http.kind, FailureKind::NotHttp, "{not_http:?}");
    }
}

#[tokio::test]
async fn what_is_sent_is_what_was_recorded() {
    let server = TcpListener::bind(ANY).await.unwrap();
    let base = format!("http://{}", server.local_addr().unwrap());
    let configuration = Configuration {
        provider: Provider::simulator(&base),
        client_secret: Some(Secret::new("s")),
        accept: None,
        ..Configuration::default()
    };
    for purpose in [Purpose::ProbeCredentials, Purpose::ProbeAuthorization] {
        let request = probe::request(&configuration, purpose);
        let sent = {
            let request = request.clone();
            tokio::spawn(async move { Client::new(None).send(&request).await })
        };
        let (mut stream, _) = server.accept().await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await;
        sent.await.unwrap().0.unwrap();
        let head = String::from_utf8(head).unwrap();
        let mut lines: Vec<&str> = head.lines().skip(1).filter(|line| !line.is_empty()).collect();
        // Host and length say where the request goes and where it ends: the connection's own words.
        lines.retain(|line| !line.starts_with("Host:") && !line.starts_with("Content-Length:"));
        let recorded = request.headers.iter();
        let recorded: Vec<String> = recorded.map(|(name, value)| format!("{name}: {value}")).collect();
        lines.sort_unstable();
        let mut recorded: Vec<&str> = recorded.iter().map(String::as_str).collect();
        recorded.sort_unstable();
        assert_eq!(lines, recorded);
    }
}

#[tokio::test]
async fn a_long_body_is_cut_and_the_cut_is_said() {
    let server = TcpListener::bind(ANY).await.unwrap();
    let address = server.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = server.accept().await.unwrap();
        let mut some = [0; 1024];
        let _ = stream.read(&mut some).await;
        let _ = stream
            .write_all(b"HTTP/1.1 200 OK\r\nX-Twice: a\r\nX-Twice: b\r\nConnection: close\r\n\r\n")
            .await;
        let _ = stream.write_all(&vec![b'a'; 2 * 1024 * 1024]).await;
    });
    let request = HttpRequest::get(format!("http://{address}/"));
    let response = Client::new(None).send(&request).await.0.unwrap();
    assert_eq!(
        (response.body.len(), response.body_cut_at),
        (1024 * 1024, Some(1024 * 1024))
    );
    let repeats: Vec<_> = response
        .headers
        .iter()
        .filter(|(name, _)| name == "x-twice")
        .collect();
    assert_eq!(repeats.len(), 2);
}

#[tokio::test]
async fn what_came_of_a_broken_body_is_kept() {
    let server = TcpListener::bind(ANY).await.unwrap();
    let address = server.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = server.accept().await.unwrap();
        let mut some = [0; 1024];
        let _ = stream.read(&mut some).await;
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"error\":\"x\"}";
        let _ = stream.write_all(answer).await;
    });
    let request = HttpRequest::get(format!("http://{address}/"));
    let response = Client::new(None).send(&request).await.0.unwrap();
    assert_eq!(response.text(), r#"{"error":"x"}"#);
    assert_eq!(response.header("content-length"), Some("500"));
    assert_eq!(response.body_end, oauthlens::oauth::http::BodyEnd::Interrupted);
}

/// The secret goes to the endpoint that was configured and nowhere else, whatever that endpoint answers.
#[tokio::test]
async fn a_redirect_of_the_endpoint_is_not_followed() {
    async fn answering(answer: String) -> SocketAddr {
        let listener = TcpListener::bind(ANY).await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        address
    }
    let elsewhere =
        answering("HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nstolen".into()).await;
    for status in [301, 302, 303, 307, 308] {
        let endpoint = answering(format!(
            "HTTP/1.1 {status} Moved\r\nLocation: http://{elsewhere}/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        ))
        .await;
        let request = HttpRequest {
            method: "POST".into(),
            url: format!("http://{endpoint}/login/oauth/access_token"),
            headers: Vec::new(),
            body: b"client_secret=secret".to_vec(),
        };
        let (answer, _) = Client::new(None).send(&request).await;
        let answer = answer.unwrap();
        assert_eq!((answer.status, answer.text()), (status, String::new()));
    }
}
