//! However the program ends or stops, the terminal is given back.

use std::{sync::Arc, time::Instant};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use crate::{LIMIT, Session};

#[test]
fn a_signal_and_ctrl_c_give_the_terminal_back() {
    let more: &[&str] = if cfg!(target_os = "linux") {
        &["PWR", "IO"]
    } else {
        &[]
    };
    for signal in ["TERM", "HUP", "INT", "QUIT", "ABRT", "ALRM", "USR1", "XCPU"]
        .iter()
        .chain(more)
    {
        let mut session = Session::start(&["demo"], &[]);
        session.sees("client_id").is_sent(signal);
        assert_eq!(session.ends(), 0, "SIG{signal}");
        session.terminal_is_given_back();
    }
    let mut session = Session::start(&["demo"], &[]);
    session.sees("client_id").types("\u{3}");
    assert_eq!(session.ends(), 0);
    session.terminal_is_given_back();
}

#[test]
fn a_signal_does_not_wait_behind_keys_that_pour_in() {
    let mut session = Session::start(&["demo"], &[]);
    session.sees("client_id");
    // As a key that is held down, for as long as somebody reads; after that the thread waits until the test is over.
    let mut writer = std::mem::replace(&mut session.writer, Box::new(std::io::sink()));
    std::thread::spawn(move || while writer.write_all(&[b'a'; 64]).is_ok() {});
    session.sees("aaaa").is_sent("TERM");
    assert_eq!(session.ends(), 0);
    session.terminal_is_given_back();
}

/// Set where this test binary is run by itself as the program that panics.
const PANICS: &str = "OAUTHLENS_TEST_PANICS";

#[test]
fn a_panic_gives_the_terminal_back_and_is_read_afterwards() {
    if std::env::var_os(PANICS).is_some() {
        let _screen = oauthlens::ui::terminal::session::Screen::take().unwrap();
        panic!("on purpose");
    }
    let program = std::env::current_exe().unwrap();
    let itself = "endings::a_panic_gives_the_terminal_back_and_is_read_afterwards";
    let arguments = ["--exact", itself, "--nocapture", "--test-threads=1"];
    let mut session = Session::start_program(program.to_str().unwrap(), &arguments, &[(PANICS, "1")]);
    assert_ne!(session.ends(), 0);
    let raw = String::from_utf8_lossy(&session.raw);
    assert!(raw.contains("\u{1b}[?1049h"), "the terminal was taken");
    session.terminal_is_given_back();
    assert!(
        session.screen().contains("on purpose"),
        "the panic is read on the ordinary screen:\n{}",
        session.screen()
    );
}

/// Without a controlling terminal there is no signal when it goes away.
#[test]
fn a_terminal_that_is_hung_up_ends_the_program() {
    // The reader may be caught when it happens just then, and the program is ended by force; not always.
    let by_itself = (0..4).any(|_| exit_code_behind_a_hang_up() == 0);
    assert!(by_itself, "it leaves by itself");
}

/// Hangs up while the program starts.
fn exit_code_behind_a_hang_up() -> u32 {
    let pair = native_pty_system().openpty(PtySize::default()).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_oauthlens"));
    command.args(["demo", "--no-browser"]);
    command.env("TERM", "xterm-256color");
    command.set_controlling_tty(false);
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().unwrap();
    let mut first = [0; 64];
    reader.read_exact(&mut first).unwrap();
    drop(reader);
    drop(pair.master);
    let deadline = Instant::now() + LIMIT;
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.exit_code();
        }
        if Instant::now() >= deadline {
            child.kill().unwrap();
            panic!("it stays");
        }
        std::thread::yield_now();
    }
}

#[test]
fn a_stopped_program_gives_the_terminal_back_and_goes_on_where_it_was() {
    // Ctrl-Z as a key, and the signal that a shell's job control sends.
    for by_key in [true, false] {
        let mut session = Session::start(&["demo"], &[]);
        session.sees("client_id");
        if by_key {
            session.types("\u{1a}");
        } else {
            session.is_sent("TSTP");
        }
        session.puts("\u{1b}[?1049l");
        let deadline = Instant::now() + LIMIT;
        let stat = format!("/proc/{}/stat", session.child.process_id().unwrap());
        // Where there is such a file it tells when the program has stopped.
        while std::fs::read_to_string(&stat).is_ok_and(|stat| !stat.contains(") T ")) {
            assert!(Instant::now() < deadline, "it does not stop");
            std::thread::yield_now();
        }
        session.terminal_is_given_back();
        // The screen is emptied, and the frame is drawn whole on it.
        session.raw.clear();
        session
            .is_sent("CONT")
            .puts("\u{1b}[2J")
            .sees("client_id")
            .types("\u{3}");
        assert_eq!(session.ends(), 0);
        session.terminal_is_given_back();
    }
}

#[test]
fn a_terminal_that_does_not_read_stops_nobody_from_leaving() {
    let mut session = Session::start(&["demo"], &[]);
    session.sees("client_id");
    let reads = Arc::clone(&session.reads);
    let stalled = reads.lock().unwrap();
    // More frames than any terminal's buffer holds.
    for width in 60..160 {
        session.resized(50, width);
        session.types("\t");
    }
    session.is_sent("TERM");
    let deadline = Instant::now() + LIMIT;
    let status = loop {
        if let Some(status) = session.child.try_wait().unwrap() {
            break status.exit_code();
        }
        assert!(
            Instant::now() < deadline,
            "it waits for a terminal that does not read"
        );
        std::thread::yield_now();
    };
    drop(stalled);
    assert_eq!(status, 0);
}
