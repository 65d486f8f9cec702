//! The resource owner's browser.

/// Opens a URL in the browser that the system prefers (`$BROWSER` where its opener looks at it). The browser is detached:
/// it outlives oauthlens and writes nothing to the terminal.
///
/// # Errors
/// The system's words where no browser could be started.
pub async fn open(url: String) -> Result<(), String> {
    // The opener watches its child for a moment, so it gets a thread of its own.
    match tokio::task::spawn_blocking(move || open::that_detached(url)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(error) => Err(error.to_string()),
    }
}
