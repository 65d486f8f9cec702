//! A program in a terminal of 120 columns and 40 rows.

use std::{
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, channel},
    time::{Duration, Instant},
};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

const PATIENCE: Duration = Duration::from_secs(10);

/// The program under measurement.
pub fn oauthlens() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_oauthlens"))
}

/// A running program and its screen. Dropping it ends it.
pub struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    keyboard: Box<dyn std::io::Write + Send>,
    written: Receiver<(Instant, Vec<u8>)>,
    screen: vt100::Parser,
    /// When it was started.
    pub started: Instant,
}

impl Terminal {
    /// Starts a program with nothing of this machine's settings.
    pub fn start(program: &Path, arguments: &[&str]) -> Self {
        let size = PtySize {
            rows: 40,
            cols: 120,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.env_clear();
        // Without a home there is nothing to begin in.
        command.cwd(std::env::temp_dir());
        for (name, value) in [
            ("TERM", "xterm-256color"),
            ("LANG", "C.UTF-8"),
            ("HOME", "/nonexistent"),
            ("COLORTERM", "truecolor"),
        ] {
            command.env(name, value);
        }
        let mut output = pair.master.try_clone_reader().expect("its output");
        let keyboard = pair.master.take_writer().expect("its input");
        let (sender, written) = channel();
        std::thread::spawn(move || {
            let mut buffer = vec![0; 64 * 1024];
            while let Ok(count @ 1..) = output.read(&mut buffer) {
                if sender.send((Instant::now(), buffer[..count].to_vec())).is_err() {
                    return;
                }
            }
        });
        let started = Instant::now();
        let child = pair.slave.spawn_command(command).expect("the program starts");
        drop(pair.slave);
        Self {
            child,
            master: pair.master,
            keyboard,
            written,
            screen: vt100::Parser::new(40, 120, 0),
            started,
        }
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.process_id().expect("a process")
    }

    /// Waits until a text is among the bytes written. Gives the moment at which its last byte came.
    pub fn written(&mut self, text: &str) -> Instant {
        let mut bytes = Vec::new();
        loop {
            let (at, piece) = self
                .written
                .recv_timeout(PATIENCE)
                .unwrap_or_else(|_| panic!("never written: {text}"));
            bytes.extend_from_slice(&piece);
            if bytes.windows(text.len()).any(|window| window == text.as_bytes()) {
                self.screen.process(&bytes);
                return at;
            }
        }
    }

    /// Waits until a text is on the screen.
    pub fn shows(&mut self, text: &str) {
        let started = Instant::now();
        while !self.screen.screen().contents().contains(text) {
            assert!(
                started.elapsed() < PATIENCE,
                "never shown: {text}\n{}",
                self.screen.screen().contents()
            );
            if let Ok((_, piece)) = self.written.recv_timeout(Duration::from_millis(100)) {
                self.screen.process(&piece);
            }
        }
    }

    /// Types keys.
    pub fn press(&mut self, keys: &str) {
        self.keyboard
            .write_all(keys.as_bytes())
            .and_then(|()| self.keyboard.flush())
            .expect("keys are taken");
    }

    /// Bytes that were written since the last look.
    pub fn written_since(&mut self) -> usize {
        self.written.try_iter().map(|(_, piece)| piece.len()).sum()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        // The master side is kept until here: without it the program would be hung up on.
        let _ = self.master.get_size();
    }
}
