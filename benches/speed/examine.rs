//! The diagnosis of a long history: it must be linear, and soon done even for 10,000 exchanges; of many attempts only the one
//! that has changed is examined again.

use std::{fmt::Write as _, hint::black_box, time::Instant};

use oauthlens::{
    diagnosis::{
        examine,
        history::{Examined, History},
    },
    flow::{
        redaction::Redactor,
        transcript::{Observation, Transcript},
    },
    sources::scenario::{CODE, Scenario},
};

use super::Measured;

const PROMISED_MILLIS: f64 = 20.0;
/// An exchange of 10,000 may cost so many times one of 1,000: more memory is touched, but nothing is looked at twice.
const PROMISED_RATIO: f64 = 2.0;

pub fn measure(quick: bool) -> Vec<Measured> {
    let repeats = if quick { 5 } else { 40 };
    let [few, many, most] =
        [10, 1_000, 10_000].map(|exchanges| best_millis(&history(exchanges).transcript, repeats));
    let saved = best_millis(&saved(&history(10_000).transcript), repeats);
    let soon = |exchanges: &str, millis: f64| Measured {
        what: format!("`examine` on {exchanges} exchanges"),
        value: format!("{millis:.3} ms"),
        yardstick: format!("promised: below {PROMISED_MILLIS} ms"),
        ratio: None,
        kept: millis < PROMISED_MILLIS,
    };
    let (again, alone) = best_micros_of_one_attempt(repeats);
    let nanos_each = |millis: f64, exchanges: f64| millis * 1e6 / exchanges;
    let (each, yardstick) = (nanos_each(most, 10_000.0), nanos_each(many, 1_000.0));
    vec![
        soon("10", few),
        soon("10,000", most),
        soon("10,000 saved", saved),
        Measured {
            what: "`examine`, one exchange of 10,000".into(),
            value: format!("{each:.0} ns"),
            yardstick: format!("one exchange of 1,000, {yardstick:.0} ns"),
            ratio: Some(each / yardstick),
            kept: each <= PROMISED_RATIO * yardstick,
        },
        Measured {
            what: "findings again, one of 1,000 attempts has changed".into(),
            value: format!("{again:.1} µs"),
            yardstick: format!("that attempt by itself, {alone:.1} µs"),
            ratio: Some(again / alone),
            kept: again <= PROMISED_RATIO * alone,
        },
    ]
}

/// The last of 1,000 attempts of ten exchanges each is answered once more: its findings after all that came before, and
/// those of a transcript that holds nothing else.
fn best_micros_of_one_attempt(repeats: usize) -> (f64, f64) {
    let whole = attempts(1_000, 10);
    let latest = whole.present_attempt();
    let alone = Transcript {
        entries: whole
            .entries
            .iter()
            .filter(|entry| entry.attempt == latest)
            .cloned()
            .collect(),
        ..Transcript::new(whole.source, whole.started)
    };
    let mut before = whole.clone();
    before.entries.truncate(whole.entries.len() - 2);
    let mut history = History::default();
    history.of(&before, latest);
    let micros = |run: &mut dyn FnMut()| {
        let start = Instant::now();
        run();
        start.elapsed().as_secs_f64() * 1e6
    };
    (0..repeats).fold((f64::MAX, f64::MAX), |(again, by_itself), _| {
        let mut history = history.clone();
        let one = micros(&mut || {
            black_box(history.of(black_box(&whole), latest));
        });
        let other = micros(&mut || {
            black_box(Examined::of(black_box(&alone)));
        });
        (again.min(one), by_itself.min(other))
    })
}

/// The same as it is read back from a file, where secrets are masked and what is known of them stands beside.
fn saved(transcript: &Transcript) -> Transcript {
    let masked = Redactor::of(transcript).transcript(transcript);
    let text = serde_json::to_string(&masked).expect("a transcript can be written");
    serde_json::from_str(&text).expect("and read")
}

fn best_millis(transcript: &Transcript, repeats: usize) -> f64 {
    (0..repeats)
        .map(|_| {
            let start = Instant::now();
            black_box(examine(black_box(transcript)));
            start.elapsed().as_secs_f64() * 1e3
        })
        .fold(f64::MAX, f64::min)
}

/// Attempts of so many exchanges each, refused for one reason and another; each has a code of its own.
fn attempts(number: u32, exchanges: u32) -> Transcript {
    let mut text = format!("{HEAD}[[step]]\ndo = \"authorize\"\n[[step]]\ndo = \"redirect\"\n");
    for exchange in 1..=exchanges {
        let answer = match exchange {
            _ if exchange == exchanges => "bad_verification_code",
            _ if exchange + 1 == exchanges => "token",
            _ if exchange % 2 == 0 => "incorrect_client_credentials",
            _ => "redirect_uri_mismatch",
        };
        let _ = write!(text, "[[step]]\ndo = \"exchange\"\nanswer = \"{answer}\"\n");
    }
    let one = Scenario::read(&text)
        .expect("the bench writes a scenario that can be read")
        .transcript;
    let lasts = one.entries.last().map_or(0, |entry| entry.at + 60_000);
    let mut all = Transcript::new(one.source, one.started);
    for attempt in 0..number {
        let own = |text: &str| text.replace(CODE, &format!("{attempt:020x}"));
        for entry in &one.entries {
            let mut observation = entry.observation.clone();
            match &mut observation {
                Observation::RequestSent {
                    exchange, request, ..
                } => {
                    *exchange += attempt * exchanges;
                    request.body = own(&String::from_utf8_lossy(&request.body)).into_bytes();
                }
                Observation::ResponseReceived { exchange, .. } => *exchange += attempt * exchanges,
                Observation::RedirectReceived { request, .. } => request.url = own(&request.url),
                _ => {}
            }
            let at = entry.at + u64::from(attempt) * lasts;
            all.record(one.started.plus(at), observation);
        }
    }
    all
}

const HEAD: &str =
    "about = \"a long history\"\ncite = \"bench\"\n[expect]\nfirst = \"-\"\ncertainty = \"-\"\n";

/// A history of refused exchanges with one code, a redirect now and then, and an authorization every hundred.
fn history(exchanges: usize) -> Scenario {
    let mut text = String::from(HEAD);
    for number in 0..exchanges {
        if number % 100 == 0 {
            text.push_str("[[step]]\ndo = \"authorize\"\n[[step]]\ndo = \"redirect\"\n");
        }
        let _ = write!(
            text,
            "[[step]]\ndo = \"exchange\"\nanswer = \"{}\"\n",
            if number % 2 == 0 {
                "token"
            } else {
                "bad_verification_code"
            }
        );
    }
    Scenario::read(&text).expect("the bench writes a scenario that can be read")
}
