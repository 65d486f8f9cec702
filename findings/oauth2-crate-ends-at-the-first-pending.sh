#!/usr/bin/env bash
#
# oauth2 5.0.0 (crates.io): GitHub's "authorization_pending" ends the device flow as an
# unreadable answer.
#
# One would expect: the crate polls until the person has decided; it knows authorization_pending
#   and slow_down (RFC 8628, section 3.5) and handles both.
# What happens: an error is looked for only where the status is not 200. RFC 6749, section 5.2,
#   wants 400, but GitHub answers 200 while it waits. The body is then read as a token, lacks
#   `access_token`, and the first poll ends the flow: "Failed to parse server response".
# Why it matters: the message blames the JSON, which is well formed, and the flow can never
#   work at GitHub, while the same program works elsewhere. A closure around the HTTP client that
#   turns such a 200 into a 400 mends it.
# Seen: 2026-11-27.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir src
cat > Cargo.toml <<'TOML'
[package]
name = "seen"
version = "0.0.0"
edition = "2021"

[dependencies]
oauth2 = { version = "=5.0.0", default-features = false }

[profile.dev]
debug = false
TOML

cat > src/main.rs <<'RUST'
use std::cell::RefCell;
use std::convert::Infallible;
use oauth2::basic::BasicClient;
use oauth2::{http, ClientId, DeviceAuthorizationUrl, StandardDeviceAuthorizationResponse, TokenUrl};

fn answer(status: u16, body: &str) -> http::Response<Vec<u8>> {
    let json = http::Response::builder().status(status).header("content-type", "application/json");
    json.body(body.as_bytes().to_vec()).unwrap()
}

fn main() {
    let client = BasicClient::new(ClientId::new("app".into()))
        .set_device_authorization_url(DeviceAuthorizationUrl::new("http://127.0.0.1/device".into()).unwrap())
        .set_token_uri(TokenUrl::new("http://127.0.0.1/token".into()).unwrap());
    let device = |_: oauth2::HttpRequest| -> Result<_, Infallible> {
        Ok(answer(200, r#"{"device_code":"d","user_code":"AAAA-BBBB","verification_uri":"http://127.0.0.1/","expires_in":900,"interval":1}"#))
    };
    for status in [400, 200] {
        let details: StandardDeviceAuthorizationResponse =
            client.exchange_device_code().request(&device).unwrap();
        let polls = RefCell::new(0);
        let poll = |_: oauth2::HttpRequest| -> Result<_, Infallible> {
            *polls.borrow_mut() += 1;
            Ok(if *polls.borrow() < 3 {
                answer(status, r#"{"error":"authorization_pending","error_description":"Not yet."}"#)
            } else {
                answer(200, r#"{"access_token":"abc","token_type":"bearer"}"#)
            })
        };
        let seen = match client.exchange_device_access_token(&details).request(&poll, |_| {}, None) {
            Ok(_) => "token".to_owned(),
            Err(error) => error.to_string(),
        };
        println!("pending with status {status}: {} polls, then {seen}", polls.borrow());
    }
}
RUST

cargo build --quiet
echo "oauth2 $(cargo pkgid oauth2 | sed 's/.*[#@]//')"
target/debug/seen | tee seen.txt
cat > expected.txt <<'TEXT'
pending with status 400: 3 polls, then token
pending with status 200: 1 polls, then Failed to parse server response
TEXT
diff -u expected.txt seen.txt
echo "unchanged since 2026-11-27"
