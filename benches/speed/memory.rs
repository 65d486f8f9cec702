//! The most memory that a whole demo flow in the terminal interface takes, as the kernel counts it.

use std::fs;

use super::{
    Measured, idle,
    terminal::{Terminal, oauthlens},
};

const PROMISED_KB: u64 = 12 * 1024;

pub fn measure(_: bool) -> Vec<Measured> {
    let mut program = Terminal::start(&oauthlens(), &["demo", "--no-browser"]);
    idle::walk_to(&mut program, "Result");
    let peak = peak_kb(program.id()).expect("VmHWM");
    vec![Measured {
        what: "peak memory (VmHWM) of a demo flow in the terminal interface".into(),
        value: format!("{peak} kB"),
        yardstick: format!("promised: below {PROMISED_KB} kB"),
        ratio: None,
        kept: peak < PROMISED_KB,
    }]
}

/// The most memory that a process has had; `None` once it has ended.
pub fn peak_kb(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}
