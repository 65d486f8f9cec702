//! `oauthlens explain` on texts that are made to be costly: each at 64 kB, 256 kB and 1 MB, whose times must grow no faster
//! than the texts do.

use std::{
    fmt::Write as _,
    fs,
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

use super::{Measured, median, terminal::oauthlens};

const PROMISED_MILLIS: f64 = 60.0;
/// Four times the text may take so many times as long.
const PROMISED_RATIO: f64 = 5.0;
const SIZES: [usize; 3] = [64 << 10, 256 << 10, 1 << 20];

/// What it is, and the text of about that many bytes.
type Shape = (&'static str, fn(usize) -> String);

const SHAPES: [Shape; 20] = [
    ("many scopes", |size| {
        let scopes = repeated(size, ",", |n| format!("scope_{n}"));
        format!(r#"{{"access_token":"{TOKEN}","scope":"{scopes}","token_type":"bearer"}}"#)
    }),
    ("one long scope", |size| {
        let scope = "s".repeat(size);
        format!(r#"{{"access_token":"{TOKEN}","scope":"{scope}","token_type":"bearer"}}"#)
    }),
    ("a long token", |size| {
        format!(
            r#"{{"access_token":"gho_{}","token_type":"bearer"}}"#,
            varied(size)
        )
    }),
    ("`client_secret=` repeated", |size| {
        "client_secret=".repeat(size / 14)
    }),
    ("many client secrets", |size| {
        repeated(size, "&", |n| format!("client_secret=a1b2c3d4e5f6{n:08x}"))
    }),
    ("a long client_secret", |size| {
        request("client_secret", &varied(size))
    }),
    ("a long client_secret of one letter", |size| {
        request("client_secret", &"a".repeat(size))
    }),
    ("a long client_id", |size| request("client_id", &varied(size))),
    ("a long redirect_uri", |size| {
        let uri = format!("https%3A%2F%2Fapp.example%2F{}", varied(size));
        request("redirect_uri", &uri)
    }),
    ("a redirect_uri of slashes", |size| {
        request(
            "redirect_uri",
            &format!("https%3A%2F%2Fapp.example{}", "%2F".repeat(size / 3)),
        )
    }),
    ("a long code", |size| request("code", &varied(size))),
    ("a long code in a redirect", |size| {
        format!("http://127.0.0.1:8914/callback?code={}&state=s1", varied(size))
    }),
    ("a long code_verifier", |size| {
        request("code_verifier", &varied(size))
    }),
    ("a long error in JSON", |size| {
        format!(r#"{{"error":"{}"}}"#, varied(size))
    }),
    ("a long error in a form", |size| {
        format!("error={}&error_description=odd", varied(size))
    }),
    ("a long description", |size| {
        let words = repeated(size, " ", |n| format!("word{n}"));
        format!(r#"{{"error":"bad_verification_code","error_description":"{words}"}}"#)
    }),
    ("many tokens", |size| {
        let tokens = repeated(size, " ", |n| format!("gho_16C7e42F292c6912E7710c838347{n:08x}"));
        format!(r#"{{"error":"odd","error_description":"{tokens}"}}"#)
    }),
    ("many unknown members", |size| {
        let members = repeated(size, ",", |n| format!(r#""m{n}":"q7Zk2Lm9Xw4Rt8Vb3Nc6{n}""#));
        format!(r#"{{"error":"odd",{members}}}"#)
    }),
    ("brackets in brackets", |size| {
        format!(r#"{{"error":"odd","token":{}"#, "[".repeat(size))
    }),
    ("secrets written as code points", |size| {
        let secrets = repeated(size, ",", |n| format!(r#""token":"\u0061b1c2d3e4f5g6{n}""#));
        format!(r#"{{"error":"odd",{secrets}}}"#)
    }),
];

const TOKEN: &str = "gho_16C7e42F292c6912E7710c838347Ae178B4a";

/// A token request as a person pastes it, with one long value.
fn request(name: &str, value: &str) -> String {
    let mut form = format!("grant_type=authorization_code&{name}={value}");
    for (other, short) in [
        ("client_id", "Ov23liAAAAAAAAAAAAAA"),
        ("client_secret", "a1b2c3d4e5f60718293a4b5c6d7e8f9012349f0e"),
        ("code", "35e0ea2e9115f650b742"),
        ("redirect_uri", "https%3A%2F%2Fapp.example%2Fcb"),
    ] {
        if other != name {
            let _ = write!(form, "&{other}={short}");
        }
    }
    format!(
        "POST /login/oauth/access_token HTTP/1.1\nHost: github.com\nContent-Type: application/x-www-form-urlencoded\n\n{form}"
    )
}

/// Letters and digits without a period, the same on every run.
fn varied(size: usize) -> String {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut out = String::with_capacity(size + 16);
    while out.len() < size {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let _ = write!(out, "{state:016x}");
    }
    out
}

fn repeated(size: usize, between: &str, piece: impl Fn(usize) -> String) -> String {
    let mut out = String::with_capacity(size + 64);
    for n in 0.. {
        if out.len() >= size {
            break;
        }
        if n > 0 {
            out.push_str(between);
        }
        out.push_str(&piece(n));
    }
    out
}

pub fn measure(quick: bool) -> Vec<Measured> {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("shape");
    let runs = if quick { 5 } else { 15 };
    SHAPES
        .iter()
        .map(|(what, text)| {
            let [small, middle, large] = SIZES.map(|size| {
                fs::write(&path, text(size)).expect("a file");
                median((0..runs).map(|_| explained(&path)).collect())
            });
            let ratio = (middle / small).max(large / middle);
            Measured {
                what: format!("`oauthlens explain`: {what}"),
                value: format!("{large:.1} ms"),
                yardstick: format!("64 kB {small:.1} ms, 256 kB {middle:.1} ms"),
                ratio: Some(ratio),
                kept: large < PROMISED_MILLIS && ratio < PROMISED_RATIO,
            }
        })
        .collect()
}

fn explained(path: &Path) -> f64 {
    let mut command = Command::new(oauthlens());
    command
        .arg("explain")
        .arg(path)
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    let started = Instant::now();
    let ended = command.status().expect("oauthlens starts");
    let took = started.elapsed().as_secs_f64() * 1e3;
    // 4: not recognised, which is an answer too.
    assert!(matches!(ended.code(), Some(0 | 4)), "{ended}");
    took
}
