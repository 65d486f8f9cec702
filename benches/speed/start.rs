//! From the start of the process to the first frame on screen, beside a program on ratatui that does nothing.

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use super::{
    Measured, median,
    terminal::{Terminal, oauthlens},
};

const PROMISED: f64 = 1.5;
/// Longer than any start takes.
const UNDISTURBED: Duration = Duration::from_millis(10);

pub fn measure(quick: bool) -> Vec<Measured> {
    let built = [oauthlens(), blank()];
    // As `cargo install` leaves a program: a linker's own output lies in the page cache in small pieces, which costs a large
    // program more page faults than a small one, until the first copy or the next boot.
    let folder = tempfile::tempdir().expect("a folder for two programs");
    let installed = built.each_ref().map(|built| {
        let installed = folder
            .path()
            .join(built.file_name().expect("a program has a name"));
        std::fs::copy(built, &installed).expect("a program can be copied");
        installed
    });
    vec![
        compare("as installed", &installed, quick),
        compare("as built", &built, quick),
    ]
}

fn compare(state: &str, [program, blank]: &[PathBuf; 2], quick: bool) -> Measured {
    let (mut ours, mut yardstick) = (Vec::new(), Vec::new());
    // Taken in turns, so that whatever else the machine does meets both. The first ones warm the page cache.
    for run in 0..if quick { 8 } else { 200 } {
        // The last cells of a frame are those of the footer.
        let first_frame = millis_to(program, &["demo"], "quit");
        let blank_frame = millis_to(blank, &[], "blank");
        if run >= 2 {
            ours.push(first_frame);
            yardstick.push(blank_frame);
        }
    }
    let (ours, yardstick) = (median(ours), median(yardstick));
    Measured {
        what: format!("start of `oauthlens demo` to its first frame, {state}"),
        value: format!("{ours:.2} ms"),
        yardstick: format!("a blank ratatui program, {yardstick:.2} ms"),
        ratio: Some(ours / yardstick),
        kept: ours <= PROMISED * yardstick,
    }
}

/// From the start of a program to a text on its screen.
fn millis_to(program: &Path, arguments: &[&str], text: &str) -> f64 {
    let mut running = Terminal::start(program, arguments);
    // The moments are noted as the bytes come. Nothing else wakes meanwhile: it would take the processor from the program.
    std::thread::sleep(UNDISTURBED);
    running
        .written(text)
        .duration_since(running.started)
        .as_secs_f64()
        * 1e3
}

/// `blank.rs` beside this, built with the same profile. `cargo bench` builds no examples.
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
    // What cargo tells a bench about its package would have build scripts run again, and most crates behind them.
    for (name, _) in std::env::vars_os() {
        let told = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "OUT_DIR"];
        if told
            .iter()
            .any(|prefix| name.to_string_lossy().starts_with(prefix))
        {
            command.env_remove(name);
        }
    }
    let built = command.status().is_ok_and(|status| status.success());
    assert!(
        built && path.exists(),
        "benches/speed/blank.rs cannot be built at {}",
        path.display()
    );
    path
}
