//! The real binary in a pseudo-terminal: keys in, screens out, and the terminal given back at the end.

#![cfg(unix)]

mod endings;

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use std::{
    io::{Read as _, Write as _},
    process::{Command, Stdio},
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, channel},
    },
    time::{Duration, Instant},
};

/// Generous, since it is only waited for where something is wrong.
const LIMIT: Duration = Duration::from_secs(30);

struct Session {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn std::io::Write + Send>,
    output: Receiver<Vec<u8>>,
    /// While somebody holds it, nobody reads what the program writes.
    reads: Arc<Mutex<()>>,
    raw: Vec<u8>,
    parser: vt100::Parser,
    _state: tempfile::TempDir,
}

impl Session {
    fn start(arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        Self::start_program(env!("CARGO_BIN_EXE_oauthlens"), arguments, environment)
    }

    fn start_program(program: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let size = PtySize {
            rows: 40,
            cols: 100,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let state = tempfile::tempdir().unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.env("TERM", "xterm-256color");
        command.env("LANG", "en_US.UTF-8");
        command.env("XDG_STATE_HOME", state.path());
        command.env("XDG_CONFIG_HOME", state.path());
        // No real browser opens in a test; that it cannot be opened must not stop the walk.
        command.env("BROWSER", "/nonexistent");
        command.env("PATH", "");
        command.env_remove("NO_COLOR");
        for (name, value) in environment {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (sender, output) = channel();
        let reads = Arc::new(Mutex::new(()));
        let may_read = Arc::clone(&reads);
        std::thread::spawn(move || {
            let mut buffer = [0; 8192];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                drop(may_read.lock().unwrap());
                if sender.send(buffer[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        let writer = pair.master.take_writer().unwrap();
        let parser = vt100::Parser::new(40, 100, 0);
        Self {
            child,
            master: pair.master,
            writer,
            output,
            reads,
            raw: Vec::new(),
            parser,
            _state: state,
        }
    }

    fn take_in(&mut self, bytes: &[u8]) {
        self.raw.extend_from_slice(bytes);
        self.parser.process(bytes);
    }

    fn screen(&self) -> String {
        self.parser.screen().contents()
    }

    #[track_caller]
    fn sees(&mut self, text: &str) -> &mut Self {
        let deadline = Instant::now() + LIMIT;
        while !self.screen().contains(text) {
            let left = deadline.saturating_duration_since(Instant::now());
            let Ok(bytes) = self.output.recv_timeout(left) else {
                panic!(
                    "“{text}” did not come:
{}",
                    self.screen()
                )
            };
            self.take_in(&bytes);
        }
        self
    }

    /// Waits for bytes that no screen shows.
    #[track_caller]
    fn puts(&mut self, wanted: &str) -> &mut Self {
        let deadline = Instant::now() + LIMIT;
        while !self
            .raw
            .windows(wanted.len())
            .any(|bytes| bytes == wanted.as_bytes())
        {
            let left = deadline.saturating_duration_since(Instant::now());
            let bytes = self.output.recv_timeout(left);
            self.take_in(&bytes.unwrap_or_else(|_| panic!("{wanted:?} did not come")));
        }
        self
    }

    fn is_sent(&mut self, signal: &str) -> &mut Self {
        let pid = self.child.process_id().unwrap();
        let sent = Command::new("/bin/sh")
            .args(["-c", &format!("kill -{signal} {pid}")])
            .status();
        assert!(sent.unwrap().success());
        self
    }

    fn resized(&mut self, rows: u16, cols: u16) -> &mut Self {
        let size = PtySize {
            rows,
            cols,
            pixel_width: 0,
            pixel_height: 0,
        };
        self.master.resize(size).unwrap();
        self
    }

    fn types(&mut self, keys: &str) -> &mut Self {
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
        self
    }

    /// Waits for the end and gives the exit status, all output taken in.
    #[track_caller]
    fn ends(&mut self) -> u32 {
        let deadline = Instant::now() + LIMIT;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                while let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(200)) {
                    self.take_in(&bytes);
                }
                return status.exit_code();
            }
            assert!(Instant::now() < deadline, "it does not end:\n{}", self.screen());
            if let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(20)) {
                self.take_in(&bytes);
            }
        }
    }

    #[track_caller]
    fn terminal_is_given_back(&self) {
        let screen = self.parser.screen();
        assert!(!screen.alternate_screen(), "the alternate screen is left");
        assert!(!screen.hide_cursor(), "the cursor is shown");
        assert!(!screen.bracketed_paste(), "bracketed paste is off");
        assert_eq!(
            screen.mouse_protocol_mode(),
            vt100::MouseProtocolMode::None,
            "the mouse is free"
        );
        let raw_mode_left = self.master.get_termios().is_none_or(|termios| {
            use nix_flags::*;
            termios.local_flags.bits() & (ICANON | ECHO) == ICANON | ECHO
        });
        assert!(raw_mode_left, "lines are edited and echoed again");
    }
}

/// Local mode bits of POSIX terminals (`termios.h` on Linux and macOS agree on these two names, not on their values).
mod nix_flags {
    #[cfg(target_os = "linux")]
    pub const ICANON: u32 = 0o2;
    #[cfg(target_os = "linux")]
    pub const ECHO: u32 = 0o10;
    #[cfg(not(target_os = "linux"))]
    pub const ICANON: u64 = 0x100;
    #[cfg(not(target_os = "linux"))]
    pub const ECHO: u64 = 0x8;
}

const ENTER: &str = "\r";

const TAB: &str = "\t";

/// From Configure to the token request, approved from the terminal.
fn to_the_exchange(session: &mut Session) {
    session
        .sees("client_id")
        .types(ENTER)
        .sees("One parameter a row")
        .types("a")
        .sees("What came back");
    session.types(ENTER).sees("The token request, before it is sent");
}

#[test]
fn the_demo_walks_to_a_token_and_gives_the_terminal_back() {
    let mut session = Session::start(&["demo"], &[]);
    to_the_exchange(&mut session);
    session
        .types(ENTER)
        .sees("GitHub issued a token")
        .sees("octocat")
        .types("q");
    assert_eq!(session.ends(), 0);
    session.terminal_is_given_back();
}

#[test]
fn each_of_the_three_errors_is_reached_by_keys_and_mended_by_one() {
    for (tabs, error) in [
        (1, "incorrect_client_credentials"),
        (3, "redirect_uri_mismatch"),
        (2, "bad_verification_code"),
    ] {
        let mut session = Session::start(&["demo"], &[]);
        to_the_exchange(&mut session);
        session
            .types(&TAB.repeat(tabs))
            .types("x")
            .types(ENTER)
            .sees(error)
            .types("1")
            .sees("It worked");
        session.sees("GitHub issued a token").types("q");
        assert_eq!(session.ends(), 0, "{error}");
    }
}

#[test]
fn a_pasted_secret_keeps_its_newline_and_is_explained_by_it() {
    let mut session = Session::start(&["demo"], &[]);
    session
        .sees("client_id")
        .types(TAB)
        .types("\u{1}\u{1b}[200~a1b2c3d4e5f60718293a4b5c6d7e8f9012349f0e\n\u{1b}[201~");
    session
        .sees("a newline at character 41")
        .types(ENTER)
        .sees("One parameter a row")
        .types("a");
    session
        .sees("What came back")
        .types(ENTER)
        .sees("before it is sent")
        .types(ENTER)
        .sees("newline at 41");
    session.types("\u{3}");
    assert_eq!(session.ends(), 0);
    let secret = "c3d4e5f60718293a4b5c6d7e8f90";
    assert!(
        !String::from_utf8_lossy(&session.raw).contains(secret),
        "the secret was never drawn"
    );
}

#[test]
fn a_theme_that_is_named_overrides_no_color() {
    for (arguments, colored) in [(&["demo"][..], false), (&["demo", "--theme", "dark"], true)] {
        let mut session = Session::start(arguments, &[("NO_COLOR", "1")]);
        session.sees("client_id").types("\u{3}");
        assert_eq!(session.ends(), 0);
        let raw = String::from_utf8_lossy(&session.raw);
        assert_eq!(raw.contains("\u{1b}[38;5;"), colored, "{arguments:?}");
        assert!(!raw.contains("\u{1b}[m"), "no colour is written as nothing");
    }
}

#[test]
fn the_url_is_a_hyperlink_and_can_be_copied() {
    let mut session = Session::start(&["demo"], &[]);
    session
        .sees("client_id")
        .types(ENTER)
        .sees("The whole URL")
        .types("c")
        .sees("on the clipboard")
        .types("q");
    session.ends();
    let raw = String::from_utf8_lossy(&session.raw).into_owned();
    assert!(raw.contains("\u{1b}]8;id=oauthlens;http://127.0.0.1:"), "OSC 8");
    assert!(raw.contains("\u{1b}]52;c;"), "OSC 52");
}

#[test]
fn no_color_means_none() {
    let mut session = Session::start(&["demo"], &[("NO_COLOR", "1")]);
    session.sees("client_id").types("\u{3}");
    session.ends();
    let raw = String::from_utf8_lossy(&session.raw).into_owned();
    assert!(
        !raw.contains("\u{1b}[38;") && !raw.contains("\u{1b}[48;"),
        "no colour is set"
    );
}

#[test]
fn a_new_size_is_drawn_anew() {
    let mut session = Session::start(&["demo"], &[]);
    session.sees("client_id");
    session.parser.screen_mut().set_size(16, 60);
    session.resized(16, 60).sees("more below").types("\u{3}");
    assert_eq!(session.ends(), 0);
}

#[test]
fn without_a_terminal_it_says_so_and_names_run() {
    for arguments in [&[][..], &["demo"]] {
        let output = Command::new(env!("CARGO_BIN_EXE_oauthlens"))
            .args(arguments)
            .env("LANG", "en_US.UTF-8")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains("oauthlens run"));
    }
}

/// The terminal is asked for the colour behind the text, after the first frame; what it says chooses the colours and is
/// typed into no field.
#[test]
fn the_ground_that_the_terminal_tells_chooses_the_colours() {
    for (answer, accent) in [
        ("\u{1b}]11;rgb:ffff/ffff/ffff\u{7}", "38;5;24m"),
        ("\u{1b}]11;rgb:1e1e/1e1e/2e2e\u{1b}\\", "38;5;80m"),
    ] {
        let mut session = Session::start(&["demo"], &[]);
        session.sees("client_id").puts("\u{1b}]11;?\u{7}");
        let asked_at = position(&session.raw, b"\x1b]11;?");
        assert!(
            asked_at > position(&session.raw, b"client_id"),
            "the first frame comes first"
        );
        session.types(answer).puts(accent);
        assert!(!session.screen().contains("rgb") && !session.screen().contains("ffff"));
        session.types("\u{3}");
        assert_eq!(session.ends(), 0);
    }
    // Who has named a theme is asked nothing, nor is a terminal without colour.
    for (arguments, variable) in [(&["demo", "--theme", "dark"][..], "X"), (&["demo"], "NO_COLOR")] {
        let mut session = Session::start(arguments, &[(variable, "1")]);
        session.sees("client_id").types("\u{3}");
        assert_eq!(session.ends(), 0);
        assert!(!session.raw.windows(5).any(|bytes| bytes == b"\x1b]11;"));
    }
}

fn position(bytes: &[u8], wanted: &[u8]) -> usize {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
        .unwrap()
}
