//! Every speed and size that is promised, measured on the real program beside its yardstick.
//!
//! `cargo bench` prints the table and ends with status 1 where a promise is not kept; `cargo bench -- --quick` takes fewer
//! and shorter measurements, for a look rather than for a number; `cargo bench -- frame` takes one part only.

#![expect(clippy::print_stdout, reason = "the table is what this program is for")]

mod examine;
mod explain;
mod find;
mod frame;
mod headless;
mod idle;
mod large;
mod memory;
mod shapes;
mod start;
#[path = "../../tests/support/mod.rs"]
mod support;
mod tap;
mod terminal;

use std::process::ExitCode;

/// One line of the table.
struct Measured {
    what: String,
    value: String,
    yardstick: String,
    ratio: Option<f64>,
    kept: bool,
}

/// Measures one part; quickly where asked to.
type Part = fn(bool) -> Vec<Measured>;

fn main() -> ExitCode {
    // cargo itself adds `--bench`.
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    if let [tap::DO_NOTHING, server] = arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        tap::do_nothing(server);
        return ExitCode::SUCCESS;
    }
    let quick = arguments.iter().any(|argument| argument == "--quick");
    let wanted = |part: &str| {
        let mut parts = arguments
            .iter()
            .filter(|argument| !argument.starts_with('-'))
            .peekable();
        parts.peek().is_none() || parts.any(|argument| argument == part)
    };
    println!(
        "{:<58} {:>14}   {:<34} {:>6}   ",
        "what", "value", "yardstick", "ratio"
    );
    let mut all_kept = true;
    let parts: [(&str, Part); 11] = [
        ("start", start::measure),
        ("frame", frame::measure),
        ("find", find::measure),
        ("headless", headless::measure),
        ("explain", explain::measure),
        ("shapes", shapes::measure),
        ("large", large::measure),
        ("examine", examine::measure),
        ("memory", memory::measure),
        ("idle", idle::measure),
        ("tap", tap::measure),
    ];
    for (name, measure) in parts {
        if !wanted(name) {
            continue;
        }
        for Measured {
            what,
            value,
            yardstick,
            ratio,
            kept,
        } in measure(quick)
        {
            all_kept &= kept;
            let ratio = ratio.map_or_else(|| "–".into(), |ratio| format!("{ratio:.2}"));
            let verdict = if kept { "kept" } else { "MISSED" };
            println!("{what:<58} {value:>14}   {yardstick:<34} {ratio:>6}   {verdict}");
        }
    }
    if all_kept {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The middle of several measurements, which a busy moment of the machine does not move.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
