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
        Ok(Err(error)) => Err(error.to_string().replace(&url, "…")),
        Err(error) => Err(error.to_string()),
    }
}
