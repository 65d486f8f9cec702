//! From the start of the process to the first frame on screen, beside a program on ratatui that does nothing.

use std::{path::PathBuf, process::Command};

use super::{
    Measured, median,
    terminal::{Terminal, oauthlens},
};

const PROMISED: f64 = 1.5;

pub fn measure(quick: bool) -> Vec<Measured> {
    let blank = blank();
    let (mut ours, mut yardstick) = (Vec::new(), Vec::new());
    // Taken in turns, so that whatever else the machine does meets both. The first ones warm the page cache.
    for run in 0..if quick { 8 } else { 60 } {
        let mut program = Terminal::start(&oauthlens(), &["demo"]);
        // The last cells of a frame are those of the footer.
        let first_frame = program
            .written("quit")
            .duration_since(program.started)
            .as_secs_f64();
        drop(program);
        let mut program = Terminal::start(&blank, &[]);
        let blank_frame = program
            .written("blank")
            .duration_since(program.started)
            .as_secs_f64();
        if run >= 2 {
            ours.push(first_frame * 1e3);
            yardstick.push(blank_frame * 1e3);
        }
    }
    let (ours, yardstick) = (median(ours), median(yardstick));
    vec![Measured {
        what: "start of `oauthlens demo` to its first frame".into(),
        value: format!("{ours:.2} ms"),
        yardstick: format!("a blank ratatui program, {yardstick:.2} ms"),
        ratio: Some(ours / yardstick),
        kept: ours <= PROMISED * yardstick,
    }]
}

/// `examples/blank.rs`, built with the same profile. `cargo bench` builds no examples.
fn blank() -> PathBuf {
    let path = oauthlens().with_file_name("examples").join("blank");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args([
        "build",
        "--release",
        "--example",
        "blank",
        "--quiet",
        "--manifest-path",
        concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"),
    ]);
    let built = command.status().is_ok_and(|status| status.success());
    assert!(
        built && path.exists(),
        "examples/blank.rs cannot be built at {}",
        path.display()
    );
    path
}
