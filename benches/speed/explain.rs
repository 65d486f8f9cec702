//! `oauthlens explain` on a body of a megabyte in each encoding, from the start of the process to its exit.

use std::{
    fs,
    process::{Command, Stdio},
    time::Instant,
};

use super::{Measured, median, terminal::oauthlens};

const PROMISED_MILLIS: f64 = 30.0;
const LONG: usize = 1 << 20;

pub fn measure(quick: bool) -> Vec<Measured> {
    let directory = tempfile::tempdir().expect("a directory");
    bodies()
        .into_iter()
        .map(|(what, body, status)| {
            let path = directory.path().join("body");
            fs::write(&path, &body).expect("a file");
            let mut millis = Vec::new();
            // The first one warms the page cache.
            for run in 0..if quick { 6 } else { 30 } {
                let mut command = Command::new(oauthlens());
                command
                    .arg("explain")
                    .arg(&path)
                    .stdin(Stdio::null())
                    .stdout(Stdio::null());
                let started = Instant::now();
                let ended = command.status().expect("oauthlens starts");
                let took = started.elapsed().as_secs_f64() * 1e3;
                assert_eq!(ended.code(), Some(status), "{what}");
                if run > 0 {
                    millis.push(took);
                }
            }
            let millis = median(millis);
            Measured {
                what: format!("`oauthlens explain` on 1 MB of {what}"),
                value: format!("{millis:.1} ms"),
                yardstick: format!("promised: below {PROMISED_MILLIS} ms"),
                ratio: None,
                kept: millis < PROMISED_MILLIS,
            }
        })
        .collect()
}

/// What it is, the body, the exit status that it gives. A member is as long as a description or a token.
fn bodies() -> [(&'static str, String, i32); 5] {
    let value = "v".repeat(80);
    let json = members(|n| format!(",\"member_{n}\":\"{value}\""));
    let form = members(|n| format!("&member_{n}={value}"));
    let xml = members(|n| format!("<member_{n}>{value}</member_{n}>"));
    let page = members(|n| format!("<p>Paragraph {n} of a page.</p>\n"));
    [
        (
            "JSON",
            format!("{{\"error\":\"bad_verification_code\"{json}}}"),
            0,
        ),
        ("a form", format!("error=bad_verification_code{form}"), 0),
        (
            "XML",
            format!("<OAuth><error>bad_verification_code</error>{xml}</OAuth>"),
            0,
        ),
        (
            "an HTML page",
            format!("<!DOCTYPE html><html><body>{page}</body></html>"),
            4,
        ),
        ("one line of garbage", "k3q{:\"=".repeat(LONG / 7), 4),
    ]
}

/// So many pieces as make a megabyte.
fn members(piece: impl Fn(usize) -> String) -> String {
    let mut text = String::with_capacity(LONG + 100);
    for number in 0.. {
        if text.len() >= LONG {
            break;
        }
        text.push_str(&piece(number));
    }
    text
}
