//! How long `examine` takes for 10 and for 10,000 exchanges: it must be linear, and under 20 ms for the latter.

use std::{fmt::Write as _, time::Instant};

use oauthlens::{diagnosis::examine, flow::scenario::Scenario};

/// A history of refused exchanges with one code, a redirect now and then, and an authorization every hundred.
fn transcript(exchanges: usize) -> Scenario {
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

#[expect(clippy::print_stdout, reason = "a bench reports on standard output")]
fn main() {
    for exchanges in [10, 100, 1000, 10_000] {
        let scenario = transcript(exchanges);
        let mut best = f64::MAX;
        let mut findings = 0;
        for _ in 0..10 {
            let start = Instant::now();
            findings = examine(std::hint::black_box(&scenario.transcript)).len();
            best = best.min(start.elapsed().as_secs_f64() * 1000.0);
        }
        println!("{exchanges:>6} exchanges: {best:>8.3} ms ({findings} findings)");
    }
}
