//! A keystroke that searches 100,000 messages, beside a finder of lines that many people have: `fzf --filter` on the same
//! lines, where it is installed.

use std::{
    fs::File,
    hint::black_box,
    io::Write as _,
    process::{Command, Stdio},
    time::Instant,
};

use oauthlens::{
    text::find::Lines,
    ui::model::{
        find::{Find, Searched},
        text_field::Edit,
    },
};

use super::{Measured, median};

const MESSAGES: usize = 100_000;
const PROMISED_MILLIS: f64 = 5.0;
/// Typed letter by letter: a word that every fourth message holds, one that few hold, and one that none does.
const TYPED: [&str; 3] = ["incorrect_client", "code=00099", "nowhere"];

pub fn measure(quick: bool) -> Vec<Measured> {
    let rounds = if quick { 3 } else { 15 };
    let texts: Vec<String> = (0..MESSAGES).map(message).collect();
    let folder = tempfile::tempdir().expect("a folder for the lines");
    let path = folder.path().join("lines");
    let mut file = File::create(&path).expect("a file for the lines");
    file.write_all(texts.join("\n").as_bytes())
        .expect("room for the lines");
    drop(file);
    let mut measured = Vec::new();
    for typed in TYPED {
        let ours = slowest_keystroke(&texts, typed, rounds);
        let theirs: Option<Vec<f64>> = (0..rounds)
            .map(|_| {
                let lines = File::open(&path).ok()?;
                let started = Instant::now();
                // 1 means that no line was found.
                let status = Command::new("fzf")
                    .args(["--filter", typed])
                    .stdin(lines)
                    .stdout(Stdio::null())
                    .stderr(Stdio::null())
                    .status()
                    .ok()?;
                matches!(status.code(), Some(0 | 1)).then(|| started.elapsed().as_secs_f64() * 1e3)
            })
            .collect();
        let theirs = theirs.map(median);
        let ratio = theirs.map(|theirs| ours / theirs);
        measured.push(Measured {
            what: format!("{MESSAGES} messages, the slowest key of “{typed}”"),
            value: format!("{ours:.2} ms"),
            yardstick: theirs.map_or_else(
                || "fzf --filter: not installed".to_owned(),
                |theirs| format!("fzf --filter {typed}, {theirs:.1} ms"),
            ),
            ratio,
            kept: ours < PROMISED_MILLIS && ratio.is_none_or(|ratio| ratio < 1.0),
        });
    }
    measured
}

/// The milliseconds of the slowest of the keystrokes, each by its median.
fn slowest_keystroke(texts: &[String], typed: &str, rounds: usize) -> f64 {
    let lines: Lines = texts.iter().map(String::as_str).collect();
    let mut keys = vec![Vec::new(); typed.chars().count()];
    for _ in 0..rounds {
        let mut find = Find::new(Searched::Messages, lines.clone());
        for (key, letter) in keys.iter_mut().zip(typed.chars()) {
            let started = Instant::now();
            find.edit(Edit::Insert(letter.to_string()));
            key.push(started.elapsed().as_secs_f64() * 1e3);
            black_box(&find.found);
        }
    }
    keys.into_iter().map(median).fold(0.0, f64::max)
}

/// Messages as a list has them: authorization requests, redirects, token requests and their answers.
fn message(at: usize) -> String {
    match at % 4 {
        0 => format!("GET https://github.com/login/oauth/authorize?client_id=Ov23liExample&state=s{at:06}&scope=read%3Auser "),
        1 => format!("GET /callback?code={at:05}abcdef0123456789&state=s{at:06} "),
        2 => "POST https://github.com/login/oauth/access_token ".to_owned(),
        _ => r#"200 {"error":"incorrect_client_credentials","error_description":"The client_id and/or client_secret passed are incorrect."} "#.to_owned(),
    }
}
