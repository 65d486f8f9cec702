//! Secrets that the settings only refer to: a program that prints one, a person who types one, a file that others can read.

use std::{
    io::{self, Read as _},
    process::{Child, Command, Stdio},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use crate::io::environment;

/// A program that asks somebody to unlock it gets this long.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often it is looked whether the program has ended.
const GLANCE: Duration = Duration::from_millis(5);

/// The longest output that is taken for a secret, in bytes.
const LONGEST: u64 = 64 * 1024;

/// What a program prints, run by the shell. It has no standard input; one that asks for something opens the terminal itself.
///
/// # Errors
/// It cannot be started, ends with another status than 0 (the reason then holds its last line on standard error), prints more
/// than a secret can be long or no UTF-8, or does not end within a minute.
pub fn printed_by(command: &str) -> io::Result<String> {
    let mut shell = shell(command);
    // It has its own ways to what it needs; our settings, a secret among them, are not its business.
    for name in environment::names_of(|name, _| name.to_string_lossy().starts_with("OAUTHLENS_")) {
        shell.env_remove(name);
    }
    let mut child = shell
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let out = std::thread::spawn(move || read(out));
    let err = std::thread::spawn(move || read(err));
    let status = ended(&mut child)?;
    let (out, err) = (joined(out)?, joined(err)?);
    if !status.success() {
        let said = String::from_utf8_lossy(&err);
        let said = said
            .lines()
            .rev()
            .find(|line| !line.trim().is_empty())
            .unwrap_or_default();
        return Err(io::Error::other(format!("{status}, {said}")));
    }
    String::from_utf8(out).map_err(|_| io::ErrorKind::InvalidData.into())
}

fn shell(command: &str) -> Command {
    let (program, option) = if cfg!(windows) {
        ("cmd", "/C")
    } else {
        ("sh", "-c")
    };
    let mut shell = Command::new(program);
    shell.arg(option).arg(command);
    shell
}

fn read(stream: Option<impl io::Read>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(stream) = stream {
        stream.take(LONGEST + 1).read_to_end(&mut bytes)?;
    }
    if bytes.len() as u64 > LONGEST {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

/// What a thread has read. A program that goes on in the background may keep its end of the pipe open; it is not waited for.
fn joined(thread: JoinHandle<io::Result<Vec<u8>>>) -> io::Result<Vec<u8>> {
    let started = Instant::now();
    while !thread.is_finished() {
        if started.elapsed() > PATIENCE {
            return Err(io::ErrorKind::TimedOut.into());
        }
        std::thread::sleep(GLANCE);
    }
    thread
        .join()
        .unwrap_or_else(|_| Err(io::Error::other("its output cannot be read")))
}

fn ended(child: &mut Child) -> io::Result<std::process::ExitStatus> {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if started.elapsed() > PATIENCE {
            child.kill()?;
            child.wait()?;
            return Err(io::ErrorKind::TimedOut.into());
        }
        std::thread::sleep(GLANCE);
    }
}

/// Asks at the terminal, without showing what is typed.
///
/// # Errors
/// There is no terminal, or it was closed.
pub fn asked_for(question: &str) -> io::Result<String> {
    rpassword::prompt_password(question)
}

/// Whether other users of this machine may read or change a file. Where the system has no such permissions, nothing is known
/// against it.
pub fn open_to_others(path: &str) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::metadata(path).is_ok_and(|there| there.is_file() && there.permissions().mode() & 0o077 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}

#[cfg(all(test, unix))]
mod tests {
    use crate::io::secrets::*;

    #[test]
    fn what_a_program_prints_is_taken_as_it_is() {
        assert_eq!(printed_by("printf 'a b\\n\\n'").unwrap(), "a b\n\n");
    }

    #[test]
    fn a_program_that_fails_says_why_and_what_it_printed_is_no_secret() {
        let error = printed_by("echo half; echo 'vault is sealed' >&2; exit 3").unwrap_err();
        let said = error.to_string();
        assert!(
            said.contains("vault is sealed") && !said.contains("half"),
            "{said}"
        );
    }

    #[test]
    fn endless_output_is_refused() {
        let error = printed_by("while :; do echo aaaaaaaaaaaaaaaa; done").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
    }

    #[test]
    fn a_file_that_others_may_read_is_known() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        std::fs::write(&path, "x").unwrap();
        let name = path.to_string_lossy().into_owned();
        for (mode, open) in [(0o600, false), (0o640, true), (0o604, true)] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(open_to_others(&name), open, "{mode:o}");
        }
    }
}
