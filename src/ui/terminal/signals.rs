//! The signals that end a program. They are taken before the terminal is, or one in between would end the program without
//! giving it back; and nobody can wait for them before there is a runtime.

#[cfg(unix)]
pub(crate) use unix::{Kept, Signals};

#[cfg(not(unix))]
pub(crate) use other::{Kept, Signals};

#[cfg(unix)]
mod unix {
    use std::{
        io,
        sync::{
            Arc,
            atomic::{AtomicBool, Ordering},
        },
    };

    use signal_hook::{
        consts::{SIGHUP, SIGINT, SIGTERM},
        flag,
    };
    use tokio::signal::unix::{Signal, SignalKind, signal};

    /// Signals that nobody waits for yet: each is kept instead of ending the program.
    pub(crate) struct Kept(Arc<AtomicBool>);

    impl Kept {
        /// Keeps them from now on.
        ///
        /// # Errors
        /// What the system refused.
        pub(crate) fn new() -> io::Result<Self> {
            let came = Arc::new(AtomicBool::new(false));
            for number in [SIGTERM, SIGHUP, SIGINT] {
                flag::register(number, Arc::clone(&came))?;
            }
            Ok(Self(came))
        }
    }

    /// Signals that are waited for.
    pub(crate) struct Signals {
        kept: Kept,
        terminate: Signal,
        hang_up: Signal,
        interrupt: Signal,
    }

    impl Signals {
        /// Waits for them, and has not forgotten those that came before. Must be called inside a tokio runtime.
        ///
        /// # Errors
        /// What the system refused.
        pub(crate) fn new(kept: Kept) -> io::Result<Self> {
            Ok(Self {
                kept,
                terminate: signal(SignalKind::terminate())?,
                hang_up: signal(SignalKind::hangup())?,
                interrupt: signal(SignalKind::interrupt())?,
            })
        }

        /// Comes back when one came.
        pub(crate) async fn received(&mut self) {
            if self.kept.0.load(Ordering::Relaxed) {
                return;
            }
            tokio::select! {
                _ = self.terminate.recv() => {}
                _ = self.hang_up.recv() => {}
                _ = self.interrupt.recv() => {}
            }
        }
    }

    #[cfg(test)]
    mod tests {
        use std::task::{Context, Poll, Waker};

        use super::*;

        #[test]
        fn a_signal_from_before_the_runtime_is_not_lost() {
            let kept = Kept::new().unwrap();
            let runtime = crate::io::runtime().unwrap();
            let _inside = runtime.enter();
            let is_received = |signals: &mut Signals| {
                let mut context = Context::from_waker(Waker::noop());
                std::pin::pin!(signals.received()).poll(&mut context) == Poll::Ready(())
            };
            let came = Arc::clone(&kept.0);
            let mut signals = Signals::new(kept).unwrap();
            assert!(!is_received(&mut signals));
            came.store(true, Ordering::Relaxed);
            assert!(is_received(&mut signals));
        }
    }
}

#[cfg(not(unix))]
mod other {
    use std::io;

    pub(crate) struct Kept;

    impl Kept {
        pub(crate) fn new() -> io::Result<Self> {
            Ok(Self)
        }
    }

    pub(crate) struct Signals;

    impl Signals {
        pub(crate) fn new(_: Kept) -> io::Result<Self> {
            Ok(Self)
        }

        pub(crate) async fn received(&mut self) {
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}
