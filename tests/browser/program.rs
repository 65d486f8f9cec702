//! oauthlens itself, run as its users run it.

use std::{
    collections::HashMap,
    io::{BufRead as _, BufReader, Read as _},
    process::{Child, ChildStderr, ChildStdout, Command, Stdio},
};

/// A running oauthlens. Dropping it ends it.
pub struct Program {
    child: Child,
    out: BufReader<ChildStdout>,
    err: BufReader<ChildStderr>,
    _home: tempfile::TempDir,
}

impl Program {
    /// Starts it with these arguments and nothing of this machine's settings.
    pub fn start(arguments: &[&str], secret: Option<&str>) -> Self {
        let home = tempfile::tempdir().expect("a folder for settings");
        let mut command = Command::new(env!("CARGO_BIN_EXE_oauthlens"));
        command
            .args(arguments)
            .env_clear()
            .env("HOME", home.path())
            .env("LANG", "C.UTF-8");
        if let Some(secret) = secret {
            command.env("OAUTHLENS_CLIENT_SECRET", secret);
        }
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let out = BufReader::new(child.stdout.take().expect("piped"));
        let err = BufReader::new(child.stderr.take().expect("piped"));
        Self {
            child,
            out,
            err,
            _home: home,
        }
    }

    /// The authorization URL: the line of standard error that is nothing but a URL.
    pub fn authorization_url(&mut self) -> String {
        let mut said = String::new();
        for line in self.err.by_ref().lines().map_while(Result::ok) {
            if line.starts_with("http://") && !line.contains(' ') {
                return line;
            }
            said.push_str(&line);
            said.push('\n');
        }
        panic!("no authorization URL on standard error:\n{said}");
    }

    /// What `simulate` prints first: four values by their names.
    pub fn simulated(&mut self) -> HashMap<String, String> {
        let lines = self.out.by_ref().lines().map_while(Result::ok).take(4);
        lines
            .filter_map(|line| {
                line.split_once('=')
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
            })
            .collect()
    }

    /// Waits for its end: exit status and standard output.
    pub fn end(mut self) -> (Option<i32>, String) {
        let mut out = String::new();
        self.out
            .read_to_string(&mut out)
            .expect("standard output is text");
        let status = self.child.wait().expect("the program ends");
        (status.code(), out)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
