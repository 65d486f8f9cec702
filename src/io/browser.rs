//! The resource owner's browser.

use std::{
    ffi::OsStr,
    io,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::{flow::secret_names::is_secret_name, io::environment, providers::github::formats::may_be_secret};

/// Opens a URL in the browser that the system prefers (`$BROWSER` where its opener looks at it). The browser is detached:
/// it outlives oauthlens, writes nothing to the terminal, and learns no secret from the environment.
///
/// # Errors
/// The system's words where no browser could be started.
pub async fn open(url: String) -> Result<(), String> {
    // The opener is watched for a moment, so it gets a thread of its own.
    let opened = url.clone();
    match tokio::task::spawn_blocking(move || launch(&opened)).await {
        Ok(Ok(())) => Ok(()),
        // The address is shown beside it anyway, and it is long.
        Ok(Err(error)) => Err(with_plain_status(&error.to_string().replace(&url, "…"))),
        Err(error) => Err(error.to_string()),
    }
}

/// An opener that has not failed by then is taken to work: some stay as long as the browser does.
const WATCHED: Duration = Duration::from_millis(500);

fn launch(url: &str) -> io::Result<()> {
    let mut outcome = Err(io::Error::from(io::ErrorKind::NotFound));
    for mut command in open::commands(url) {
        for name in environment::names_of(holds_secret) {
            command.env_remove(name);
        }
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        #[cfg(unix)]
        {
            use std::os::unix::process::CommandExt as _;
            // Ctrl-C at the terminal is not for the browser.
            command.process_group(0);
        }
        outcome = command.spawn().and_then(|child| watched(child, &command));
        if outcome.is_ok() {
            break;
        }
    }
    outcome
}

/// True for a variable that a browser has no business with: our own settings, and whatever is named or looks like a secret.
fn holds_secret(name: &OsStr, value: &OsStr) -> bool {
    let name = name.to_string_lossy();
    let ends_with_one = || {
        let words: Vec<&str> = name.split('_').collect();
        (0..words.len()).any(|at| is_secret_name(&words[at..].concat()))
    };
    name.starts_with("OAUTHLENS_") || ends_with_one() || value.to_str().is_some_and(may_be_secret)
}

/// Waits for an opener to fail, and leaves one that goes on to a thread that takes its exit status in the end.
fn watched(mut child: Child, command: &Command) -> io::Result<()> {
    let started = Instant::now();
    while started.elapsed() < WATCHED {
        match child.try_wait()? {
            Some(status) if status.success() => return Ok(()),
            Some(status) => {
                let program = command.get_program().display();
                return Err(io::Error::other(format!("\"{program}\" failed with {status:?}.")));
            }
            None => std::thread::sleep(Duration::from_millis(10)),
        }
    }
    std::thread::spawn(move || child.wait());
    Ok(())
}

/// The opener quotes what Rust makes of a child's end, `ExitStatus(unix_wait_status(512))`; people know that as exit status 2.
fn with_plain_status(text: &str) -> String {
    const BEFORE: &str = "ExitStatus(unix_wait_status(";
    let plain = text.split_once(BEFORE).and_then(|(before, rest)| {
        let (number, behind) = rest.split_once("))")?;
        let status: u32 = number.parse().ok()?;
        // The lowest seven bits name the signal that ended it, if one did (wait(2)).
        let plain = match status & 0x7f {
            0 => format!("exit status {}", status >> 8),
            signal => format!("signal {signal}"),
        };
        Some(format!("{before}{plain}{behind}"))
    });
    plain.unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use crate::io::browser::*;

    #[test]
    fn a_browser_inherits_no_secret() {
        let token = format!("gho_{}", "x".repeat(36));
        for (name, value, hidden) in [
            ("OAUTHLENS_CLIENT_SECRET", "x", true),
            ("OAUTHLENS_PORT", "1", true),
            ("GITHUB_TOKEN", "x", true),
            ("AWS_SECRET_KEY", "x", true),
            ("MY_CLIENT_SECRET", "x", true),
            ("NPM_CONFIG_PASSWORD", "x", true),
            ("SOMETHING", token.as_str(), true),
            ("HOME", "/home/x", false),
            ("PATH", "/bin", false),
            ("DISPLAY", ":0", false),
            ("BROWSER", "firefox", false),
            ("XAUTHORITY", "/run/x", false),
        ] {
            assert_eq!(
                holds_secret(OsStr::new(name), OsStr::new(value)),
                hidden,
                "{name}"
            );
        }
    }

    #[test]
    fn an_exit_status_is_said_as_a_person_knows_it() {
        for (text, plain) in [
            (
                "\"xdg-open\" failed with ExitStatus(unix_wait_status(512)).",
                "\"xdg-open\" failed with exit status 2.",
            ),
            (
                "failed with ExitStatus(unix_wait_status(9))",
                "failed with signal 9",
            ),
            ("No such file", "No such file"),
            (
                "ExitStatus(unix_wait_status(x))",
                "ExitStatus(unix_wait_status(x))",
            ),
        ] {
            assert_eq!(with_plain_status(text), plain);
        }
    }
}
