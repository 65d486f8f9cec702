//! Redirects as they come to the listener or are pasted in its place.
//!
//! The input is a pasted text; its first line also serves as a `Host` header.

#![no_main]

use libfuzzer_sys::fuzz_target;
use oauthlens::{flow::{grants::authorization_code::redirect::{classify, read_pasted, Expected, Pasted}, transcript::{Channel, Disposition}}, oauth::{http::HttpRequest, params::Params}};

const STATE: &str = "s1";

fuzz_target!(|text: &str| {
    let pasted = read_pasted(text);
    let mut spread = String::from(" \n");
    for (at, c) in text.chars().enumerate() {
        spread.push(c);
        if at % 7 == 0 {
            spread.push_str("\r\n");
        }
    }
    assert_eq!(read_pasted(&spread), pasted, "line breaks inside count: {text:?}");
    let request = match pasted {
        Pasted::Prose => return,
        Pasted::Empty => {
            assert!(text.trim().is_empty());
            return;
        }
        Pasted::BareCode(code) => {
            assert!(!code.is_empty() && !code.contains(char::is_whitespace) && !code.contains('='));
            HttpRequest::get(format!("?code={code}"))
        }
        Pasted::Redirect(request) => request,
    };
    let host = text.lines().next().unwrap_or_default();
    for redirect_uri in ["http://127.0.0.1:8914/callback", text] {
        for taken in [false, true] {
            let expected = Expected {
                redirect_uri,
                state: STATE,
                issuer: Some("https://github.com/login/oauth"),
                listening: Some("127.0.0.1:8914"),
                taken,
            };
            for (channel, request) in [
                (Channel::Pasted, request.clone()),
                (Channel::Listener, request.clone().with_header("Host", "127.0.0.1:8914")),
                (Channel::Listener, request.clone().with_header("Host", host)),
            ] {
                let disposition = classify(&expected, channel, &request);
                if !disposition.is_taken() {
                    continue;
                }
                let params = Params::decode(request.query().unwrap_or_default());
                assert!(!taken, "a second redirect is taken: {request:?}");
                assert_eq!(params.count("state"), 1, "{request:?}");
                assert_eq!(params.get("state"), Some(STATE), "{request:?}");
                assert!(params.get("code").is_some() || params.get("error").is_some());
                assert_ne!(disposition, Disposition::AcceptedUnchecked, "{request:?}");
                if channel == Channel::Listener {
                    assert_eq!(request.method, "GET");
                }
            }
        }
    }
});
