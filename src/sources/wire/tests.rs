use crate::{
    flow::transcript::Observation,
    oauth::token::{read_body, request_params},
    sources::{Input, Seen, wire},
};

const BODY: &str = "client_id=i&client_secret=0123456789012345678901234567890123456789&code=abc";
const REFUSAL: &str = "{\"error\":\"bad_verification_code\"}";

fn read(text: &str) -> Vec<Seen> {
    let input = Input::new(text.as_bytes());
    assert!((wire::SOURCE.recognises)(&input), "{text}");
    (wire::SOURCE.read)(&input).expect(text)
}

/// The code that was sent, the status and the error of the first exchange.
fn told(text: &str) -> (Option<String>, u16, Option<String>) {
    let seen = read(text);
    let sent = seen.iter().find_map(|seen| match &seen.observation {
        Observation::RequestSent { request, .. } => request_params(request).get("code").map(str::to_owned),
        _ => None,
    });
    let answer = seen.iter().find_map(|seen| match &seen.observation {
        Observation::ResponseReceived { response, .. } => Some(response),
        _ => None,
    });
    let answer = answer.unwrap_or_else(|| panic!("no answer in {text}"));
    let error = read_body(&answer.text()).members.get("error").map(str::to_owned);
    (sent, answer.status, error)
}

fn trace(hex: bool) -> String {
    let head = "POST /login/oauth/access_token HTTP/1.1\r\nHost: github.com\r\n\r\n";
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", REFUSAL.len());
    let block = |mark: &str, text: &str| {
        let mut out = format!("{mark}, {} bytes (0x{:x})\n", text.len(), text.len());
        if hex {
            for (at, bytes) in text.as_bytes().chunks(16).enumerate() {
                let digits: Vec<String> = bytes.iter().map(|b| format!("{b:02x}")).collect();
                let line = format!("{:04x}: {:<47} ................\n", at * 16, digits.join(" "));
                out.push_str(&line);
            }
            return out;
        }
        let mut at = 0;
        for line in text.split_inclusive("\r\n") {
            let line = line.trim_end();
            if line.is_empty() {
                let empty = format!("{at:04x}: \n");
                out.push_str(&empty);
            }
            for part in line.as_bytes().chunks(64) {
                let line = format!("{at:04x}: {}\n", String::from_utf8_lossy(part));
                out.push_str(&line);
                at += part.len();
            }
            at += 2;
        }
        out
    };
    let mut text = "== Info: connected\n".to_owned();
    text += &block("=> Send header", head);
    text += &block("=> Send data", BODY);
    text += "== Info: upload completely sent off\n";
    text += &block("<= Recv header", &answer);
    text += &block("<= Recv data", REFUSAL);
    text + REFUSAL + "== Info: Connection #0 left intact\n"
}

#[test]
fn what_was_sent_and_received_is_told_apart_in_every_log() {
    let length = REFUSAL.len();
    let escaped = REFUSAL.replace('"', "\\\"");
    for text in [
        trace(false),
        trace(true),
        format!(
            "send: b'POST /login/oauth/access_token HTTP/1.1\\r\\nHost: github.com\\r\\n\\r\\n'\nsend: b'{BODY}'\nreply: 'HTTP/1.1 200 OK\\r\\n'\nheader: content-length: {length}\n{REFUSAL}\n"
        ),
        format!(
            "opened\n<- \"POST /login/oauth/access_token HTTP/1.1\\r\\nHost: github.com\\r\\n\\r\\n\"\n<- \"{BODY}\"\n-> \"HTTP/1.1 200 OK\\r\\n\"\n-> \"content-length: {length}\\r\\n\"\n-> \"\\r\\n\"\nreading\n-> \"{escaped}\"\nConn close\n"
        ),
        format!(
            "TRACE verbose: 1 write (vectored): b\"POST /login/oauth/access_token HTTP/1.1\\r\\nhost: github.com\\r\\n\\r\\n\"b\"{BODY}\"\nTRACE verbose: 1 read: b\"HTTP/1.1 200 OK\\r\\ncontent-length: {length}\\r\\n\\r\\n{escaped}\"\n"
        ),
        format!(
            "DEBUG wire - http-outgoing-0 >> \"POST /login/oauth/access_token HTTP/1.1[\\r][\\n]\"\nDEBUG wire - http-outgoing-0 >> \"Host: github.com[\\r][\\n]\"\nDEBUG wire - http-outgoing-0 >> \"[\\r][\\n]\"\nDEBUG wire - http-outgoing-0 >> \"{BODY}\"\nDEBUG wire - http-outgoing-0 << \"HTTP/1.1 200 OK[\\r][\\n]\"\nDEBUG wire - http-outgoing-0 << \"[\\r][\\n]\"\nDEBUG wire - http-outgoing-0 << \"{escaped}\"\n"
        ),
        format!(
            "===\nFollow: tcp,ascii\nNode 0: 127.0.0.1:1\n200\nPOST /login/oauth/access_token HTTP/1.1\nHost: github.com\n\n{BODY}\n\t99\nHTTP/1.1 200 OK\ncontent-length: {length}\n\n{REFUSAL}\n=========\n"
        ),
        format!(
            "< POST /login/oauth/access_token HTTP/1.1\n< Host: github.com\n< \n< {BODY}\n\n> HTTP/1.1 200 OK\n> content-length: {length}\n> \n{REFUSAL}\n"
        ),
        format!(
            "* Preparing request\n\n> POST /login/oauth/access_token HTTP/2\n> Host: github.com\n\n| {BODY}\n\n* We are completely uploaded\n\n< HTTP/2 200 \n< content-length: {length}\n< \n{REFUSAL}\n* Connection #0 left intact\n"
        ),
    ] {
        let (code, status, error) = told(&text);
        assert_eq!(code.as_deref(), Some("abc"), "{text}");
        assert_eq!(status, 200, "{text}");
        assert_eq!(error.as_deref(), Some("bad_verification_code"), "{text}");
    }
}

#[test]
fn a_body_that_curl_does_not_show_is_not_empty() {
    let text = format!(
        "* Connected\n> POST /login/oauth/access_token HTTP/1.1\n> Host: github.com\n> Content-Length: 99\n> \n}} [99 bytes data]\n< HTTP/1.1 200 OK\n< transfer-encoding: chunked\n< \n{{ [34 bytes data]\n{REFUSAL}* Connection #0 to host github.com left intact\n"
    );
    let (code, status, error) = told(&text);
    assert_eq!(
        (code, status, error.as_deref()),
        (None, 200, Some("bad_verification_code"))
    );
    assert_eq!(read(&text).len(), 1, "the request is not told");
    // The answer is not in the text.
    let head = "> GET /login/oauth/authorize?client_id=i&redirect_uri=u HTTP/1.1\n> Host: github.com\n> \n< HTTP/1.1 302 Found\n< location: http://localhost/cb?code=abc&state=s\n< \n* Connection #0 left intact\n";
    let seen = read(head);
    assert!(matches!(
        seen[0].observation,
        Observation::AuthorizationStarted { .. }
    ));
    assert!(matches!(
        seen[1].observation,
        Observation::RedirectReceived { .. }
    ));
}

#[test]
fn framing_ends_a_body() {
    let chunked =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nerror\r\n4\r\n=abc\r\n0\r\n\r\nnoise";
    assert_eq!(wire::stream::responses(chunked)[0].body, b"error=abc");
    let counted = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nerror=abcHTTP/1.1 not this\r\n";
    assert_eq!(wire::stream::responses(counted)[0].body, b"error=abc");
    let cut = "HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{\"error\":\"a";
    assert_eq!(wire::stream::responses(cut)[0].body_cut_at, Some(11));
    let two = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 302 Found\r\nLocation: /x\r\n\r\nHTTP/1.1 400 Bad Request\r\n\r\nerror=x\n";
    let statuses: Vec<u16> = wire::stream::responses(two)
        .iter()
        .map(|response| response.status)
        .collect();
    assert_eq!(statuses, [302, 400]);
}

#[test]
fn the_debug_output_of_wget_is_read() {
    let text = format!(
        "$ wget -d\n---request begin---\nPOST /login/oauth/access_token HTTP/1.1\nHost: github.com\n\n---request end---\n[POST data: {BODY}]\nHTTP request sent, awaiting response...\n---response begin---\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n---response end---\n200 OK\n{REFUSAL}\nClosed fd 3\n"
    );
    assert_eq!(
        told(&text),
        (
            Some("abc".to_owned()),
            200,
            Some("bad_verification_code".to_owned())
        )
    );
}
