//! What oauthlens does while nothing moves: nothing. CPU time and writes of ten seconds on every such screen.

use std::{fs, thread::sleep, time::Duration};

use super::{
    Measured,
    terminal::{Terminal, oauthlens},
};

/// The screens on which nothing moves. Waiting for a redirect moves: it shows for how long.
const SCREENS: [&str; 6] = ["Configure", "Authorize", "Callback", "Exchange", "Result", "Help"];

/// The demo by keys: from which screen, the key, what shows that the next one is there.
const WALK: [(&str, &str, &str); 4] = [
    ("Authorize", "\r", "2 Authorize]"),
    // The simulator approves as soon as the listener listens.
    ("Callback", "a", "3 Callback]"),
    ("Exchange", "\r", "4 Exchange]"),
    ("Result", "\r", "5 Result]"),
];

/// Walks the demo to a screen.
pub fn walk_to(program: &mut Terminal, screen: &str) {
    program.shows("1 Configure]");
    match screen {
        "Configure" => return,
        "Help" => return program.press("\u{1b}OP"),
        _ => {}
    }
    for (name, key, shows) in WALK {
        program.press(key);
        program.shows(shows);
        if name == screen {
            return;
        }
    }
}

pub fn measure(quick: bool) -> Vec<Measured> {
    let seconds = if quick { 2 } else { 10 };
    let mut programs: Vec<(&str, Terminal)> = SCREENS
        .iter()
        .map(|screen| {
            let mut program = Terminal::start(&oauthlens(), &["demo", "--no-browser"]);
            walk_to(&mut program, screen);
            (*screen, program)
        })
        .collect();
    // What the last key set off has settled by then.
    sleep(Duration::from_millis(1500));
    let mut before = Vec::new();
    for (_, program) in &mut programs {
        program.written_since();
        before.push(Spent::of(program.id()));
    }
    sleep(Duration::from_secs(seconds));
    programs
        .iter_mut()
        .zip(before)
        .map(|((screen, program), before)| {
            let now = Spent::of(program.id());
            let (nanos, calls) = (now.nanos - before.nanos, now.write_calls - before.write_calls);
            let written = program.written_since();
            Measured {
                what: format!("{seconds} s of {screen}: CPU time, write calls, bytes on screen"),
                value: format!("{} µs, {calls}, {written}", nanos / 1000),
                yardstick: "promised: nothing".into(),
                ratio: None,
                kept: nanos == 0 && calls == 0 && written == 0,
            }
        })
        .collect()
}

/// What a process has used up, by the kernel's count.
struct Spent {
    nanos: u64,
    write_calls: u64,
}

impl Spent {
    fn of(process: u32) -> Self {
        let nanos = fs::read_dir(format!("/proc/{process}/task"))
            .expect("Linux's /proc")
            .flatten()
            .map(|thread| {
                first_number(&fs::read_to_string(thread.path().join("schedstat")).unwrap_or_default())
            })
            .sum();
        let io = fs::read_to_string(format!("/proc/{process}/io")).expect("its own process");
        let write_calls = io
            .lines()
            .find_map(|line| line.strip_prefix("syscw: "))
            .map_or(0, first_number);
        Self { nanos, write_calls }
    }
}

fn first_number(text: &str) -> u64 {
    text.split_whitespace()
        .next()
        .and_then(|number| number.parse().ok())
        .unwrap_or(0)
}
