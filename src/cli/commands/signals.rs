//! What ends a command from outside.

#[cfg(unix)]
use crate::io::hang_up;

/// Waits for Ctrl-C, and where there are such signals for the request to terminate and for the terminal to be closed. The
/// result is printed all the same.
#[cfg(unix)]
pub async fn ended() {
    use tokio::signal::unix::SignalKind;
    let outlives = hang_up::is_to_be_outlived();
    let mut terminate = Listening::to(SignalKind::terminate());
    let mut hang_up = if outlives {
        Listening(None)
    } else {
        Listening::to(SignalKind::hangup())
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate.came() => {}
        () = hang_up.came() => {}
    }
}

/// Waits for Ctrl-C.
#[cfg(not(unix))]
pub async fn ended() {
    let _ = tokio::signal::ctrl_c().await;
}

/// A signal that is listened to, or never comes where the system refuses that.
#[cfg(unix)]
struct Listening(Option<tokio::signal::unix::Signal>);

#[cfg(unix)]
impl Listening {
    fn to(kind: tokio::signal::unix::SignalKind) -> Self {
        Self(tokio::signal::unix::signal(kind).ok())
    }

    async fn came(&mut self) {
        match &mut self.0 {
            Some(signal) => {
                signal.recv().await;
            }
            None => std::future::pending().await,
        }
    }
}
