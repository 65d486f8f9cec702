use crate::{
    diagnosis::{examine, finding::Code},
    flow::transcript::Observation,
    oauth::{http::HttpResponse, time::Moment},
    sources::{self, Attempts, large::*},
};

/// Gives a text to the reader in blocks of that length.
fn read(text: &[u8], block: usize) -> (Result<Attempts, NotRecognised>, Told) {
    let mut large = Large::of(&text[..text.len().min(block)]).unwrap();
    let mut at = 0;
    while at < text.len() {
        let (from, end) = (at.saturating_sub(OVERLAP), text.len().min(at + block));
        large.take(&text[from..end], at - from);
        at = end;
    }
    large.attempts(Moment(1_700_000_000_000))
}

fn first_finding(attempts: &Attempts) -> Code {
    examine(&attempts.transcripts[attempts.latest_failure()])[0].code
}

const POST: &str = r#"POST /login/oauth/access_token HTTP/1.1
Host: github.com
Content-Type: application/x-www-form-urlencoded

client_id=Ov23liAAAAAAAAAAAAAA&client_secret=a1b2c3d4e5f60718293a4b5c6d7e8f9012349f0e&code=35e0ea2e9115f650b742

HTTP/1.1 200 OK
Content-Type: application/json

{"error":"bad_verification_code","error_description":"The code passed is incorrect or expired."}
"#;

/// The attempt without anything around it.
fn alone() -> Attempts {
    sources::attempts(POST.as_bytes(), Moment(0)).unwrap()
}

fn noise(lines: usize) -> String {
    "2026-03-01T10:00:00Z INFO request GET /items/17 200 12ms\n".repeat(lines)
}

#[test]
fn a_place_in_a_long_log_is_found_however_the_blocks_fall() {
    let text = format!("{}{POST}{}", noise(3000), noise(3000));
    for block in [1000, 4096, 65_537, text.len()] {
        let (attempts, told) = read(text.as_bytes(), block);
        assert_eq!(
            first_finding(&attempts.unwrap()),
            first_finding(&alone()),
            "{block}"
        );
        assert_eq!(told.read, text.len() as u64);
        let LookedInto::Places { all, kept, left_out } = told.looked_into else {
            panic!("{told:?}");
        };
        assert_eq!((all, left_out), (1, 0), "{block}");
        assert!((POST.len() as u64..64 * 1024).contains(&kept), "{kept}");
    }
}

#[test]
fn of_more_than_there_is_room_for_the_end_is_kept_and_the_rest_is_counted() {
    let line =
        "10:00:00 INFO oauth: the session of somebody was looked at again, and nothing was wrong with it\n";
    let text = format!("{}{POST}", line.repeat(MOST_KEPT * 2 / line.len()));
    let (attempts, told) = read(text.as_bytes(), 256 * 1024);
    assert_eq!(first_finding(&attempts.unwrap()), first_finding(&alone()));
    let LookedInto::Places { kept, left_out, .. } = told.looked_into else {
        panic!("{told:?}");
    };
    assert!(kept <= MOST_KEPT as u64);
    assert_eq!(kept + left_out, text.len() as u64);
}

#[test]
fn a_text_without_a_place_is_refused_with_its_beginning_and_its_length() {
    let text = noise(5000);
    let refusal = read(text.as_bytes(), 65_536).0.unwrap_err();
    assert_eq!(refusal.bytes, Some(text.len() as u64));
    assert!(refusal.beginning.starts_with("2026-03-01T10"), "{refusal:?}");
}

fn entry(method: &str, url: &str, posted: &str, answer: &str) -> String {
    let answer = serde_json::Value::from(answer);
    let posted = serde_json::Value::from(posted);
    format!(
        r#"{{"startedDateTime":"2026-03-01T10:00:00Z","request":{{"method":"{method}","url":"{url}","headers":[],"postData":{{"text":{posted}}}}},"response":{{"status":200,"headers":[],"content":{{"text":{answer}}}}}}}"#
    )
}

fn har(before: usize, behind: usize) -> String {
    let script = |n: usize| {
        entry(
            "GET",
            &format!("https://app.example/{n}.js"),
            "",
            "let state = \"}]\\\\\"; // oauth, \"entries\": [",
        )
    };
    let exchange = entry(
        "POST",
        "https://github.com/login/oauth/access_token",
        "client_id=Ov23liAAAAAAAAAAAAAA&client_secret=a1b2c3d4e5f60718293a4b5c6d7e8f9012349f0e&code=35e0ea2e9115f650b742",
        r#"{"error":"bad_verification_code"}"#,
    );
    let all: Vec<String> = (0..before)
        .map(script)
        .chain([exchange])
        .chain((0..behind).map(script))
        .collect();
    format!(
        "{{\n \"log\": {{\"version\":\"1.2\",\"pages\":[{{\"title\":\"\\\"entries\\\":[\"}}],\"entries\" :\n [{}]\n}}}}",
        all.join(",\n  ")
    )
}

#[test]
fn the_entries_of_a_har_that_concern_an_authorization_are_found_however_the_blocks_fall() {
    let text = har(200, 300);
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&text).unwrap()["log"]["entries"]
            .as_array()
            .unwrap()
            .len(),
        501
    );
    for block in [301, 4099, 65_536, text.len()] {
        let (attempts, told) = read(text.as_bytes(), block);
        assert_eq!(first_finding(&attempts.unwrap()), first_finding(&alone()));
        let expected = LookedInto::Entries {
            all: 501,
            kept: 1,
            left_out: 0,
        };
        assert_eq!(told.looked_into, expected, "{block}");
    }
}

#[test]
fn an_entry_that_is_too_long_is_counted_and_those_behind_it_are_read() {
    let film = entry(
        "POST",
        "https://app.example/oauth/film",
        "",
        &"a".repeat(3 * 1024 * 1024),
    );
    let text = har(0, 2).replacen("[{\"started", &format!("[{film},{{\"started"), 1);
    let (attempts, told) = read(text.as_bytes(), 256 * 1024);
    assert_eq!(first_finding(&attempts.unwrap()), first_finding(&alone()));
    let expected = LookedInto::Entries {
        all: 4,
        kept: 1,
        left_out: 1,
    };
    assert_eq!(told.looked_into, expected);
}

#[test]
fn what_cannot_be_read_in_pieces_is_not() {
    for beginning in [&b"PK\x03\x04"[..], b"\xff\xfe{\0", b"\xfe\xff\0{"] {
        assert!(Large::of(beginning).is_none());
    }
}

/// The answers in all attempts.
fn answers(attempts: &Attempts) -> Vec<&HttpResponse> {
    let entries = attempts
        .transcripts
        .iter()
        .flat_map(|transcript| &transcript.entries);
    entries
        .filter_map(|entry| match &entry.observation {
            Observation::ResponseReceived { response, .. } => Some(response),
            _ => None,
        })
        .collect()
}

#[test]
fn an_answer_that_goes_on_behind_its_place_is_cut_and_does_not_end_in_the_next_place() {
    let (request, _) = POST.split_once("HTTP/1.1 200").unwrap();
    let head = "HTTP/1.1 200 OK\nContent-Type: application/json\n\n";
    // The place ends within this body, which names nothing that would carry it on.
    let body = format!("{{\"note\":\"{}\"}}\n", "x".repeat(30_000));
    let next = "GET /items?client_id=another HTTP/1.1\nHost: example.com\n\n";
    let text = format!(
        "{request}{}{head}{body}{}{next}{}",
        noise(280),
        noise(3000),
        noise(3000)
    );
    let (attempts, _) = read(text.as_bytes(), 65_537);
    let attempts = attempts.unwrap();
    let [answer] = answers(&attempts)[..] else {
        panic!("{attempts:?}");
    };
    assert!(
        body.as_bytes().starts_with(&answer.body),
        "nothing of the next place"
    );
    assert_eq!(answer.body_cut_at, Some(answer.body.len()));
}

#[test]
fn an_answer_at_the_end_of_the_text_is_whole() {
    let text = format!("{}{}", noise(3000), POST.trim_end());
    let (attempts, _) = read(text.as_bytes(), 65_537);
    let attempts = attempts.unwrap();
    let [answer] = answers(&attempts)[..] else {
        panic!("{attempts:?}");
    };
    assert_eq!(answer.body_cut_at, None);
}
