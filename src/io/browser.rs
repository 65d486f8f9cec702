//! The resource owner's browser.

/// Opens a URL in the browser that the system prefers (`$BROWSER` where its opener looks at it). The browser is detached:
/// it outlives oauthlens and writes nothing to the terminal.
///
/// # Errors
/// The system's words where no browser could be started.
pub async fn open(url: String) -> Result<(), String> {
    // The opener watches its child for a moment, so it gets a thread of its own.
    let opened = url.clone();
    match tokio::task::spawn_blocking(move || open::that_detached(opened)).await {
        Ok(Ok(())) => Ok(()),
        // The address is shown beside it anyway, and it is long.
        Ok(Err(error)) => Err(with_plain_status(&error.to_string().replace(&url, "…"))),
        Err(error) => Err(error.to_string()),
    }
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
