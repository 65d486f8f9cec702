//! The diagnosis of a long history: it must be linear, and soon done even for 10,000 exchanges.

use std::{fmt::Write as _, hint::black_box, time::Instant};

use oauthlens::{diagnosis::examine, sources::scenario::Scenario};

use super::Measured;

const PROMISED_MILLIS: f64 = 20.0;
/// An exchange of 10,000 may cost so many times one of 1,000: more memory is touched, but nothing is looked at twice.
const PROMISED_RATIO: f64 = 2.0;

pub fn measure(quick: bool) -> Vec<Measured> {
    let repeats = if quick { 5 } else { 40 };
    let [few, many, most] = [10, 1_000, 10_000].map(|exchanges| best_millis(exchanges, repeats));
    let soon = |exchanges: &str, millis: f64| Measured {
        what: format!("`examine` on {exchanges} exchanges"),
        value: format!("{millis:.3} ms"),
        yardstick: format!("promised: below {PROMISED_MILLIS} ms"),
        ratio: None,
        kept: millis < PROMISED_MILLIS,
    };
    let nanos_each = |millis: f64, exchanges: f64| millis * 1e6 / exchanges;
    let (each, yardstick) = (nanos_each(most, 10_000.0), nanos_each(many, 1_000.0));
    vec![
        soon("10", few),
        soon("10,000", most),
        Measured {
            what: "`examine`, one exchange of 10,000".into(),
            value: format!("{each:.0} ns"),
            yardstick: format!("one exchange of 1,000, {yardstick:.0} ns"),
            ratio: Some(each / yardstick),
            kept: each <= PROMISED_RATIO * yardstick,
        },
    ]
}

fn best_millis(exchanges: usize, repeats: usize) -> f64 {
    let scenario = history(exchanges);
    (0..repeats)
        .map(|_| {
            let start = Instant::now();
            black_box(examine(black_box(&scenario.transcript)));
            start.elapsed().as_secs_f64() * 1e3
        })
        .fold(f64::MAX, f64::min)
}

/// A history of refused exchanges with one code, a redirect now and then, and an authorization every hundred.
fn history(exchanges: usize) -> Scenario {
    let mut text = String::from(
        "about = \"a long history\"\ncite = \"bench\"\n[expect]\nfirst = \"-\"\ncertainty = \"-\"\n",
    );
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
