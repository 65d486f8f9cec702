//! The signals that end a program. They are taken before the terminal is, or one in between would end the program without
//! giving it back; and they cannot be waited for before there is a runtime.

#[cfg(unix)]
pub(crate) use unix::{Kept, Signals};

#[cfg(not(unix))]
pub(crate) use other::{Kept, Signals};

/// What a signal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(unix),
    expect(dead_code, reason = "no other system stops a program in this way")
)]
pub(crate) enum Came {
    /// To leave.
    End,
    /// To stop until the shell lets the program go on.
    Stop,
    /// To go on after a stop.
    GoOn,
}

#[cfg(unix)]
mod unix {
    use std::{
        future::poll_fn,
        io,
        sync::{
            Arc,
            atomic::{AtomicBool, Ordering},
        },
        task::Poll,
    };

    use signal_hook::{
        SigId,
        consts::{
            SIGABRT, SIGALRM, SIGCONT, SIGHUP, SIGINT, SIGPROF, SIGQUIT, SIGTERM, SIGTSTP, SIGUSR1, SIGUSR2,
            SIGVTALRM, SIGXCPU, SIGXFSZ,
        },
        flag, low_level,
    };
    use tokio::signal::unix::{Signal, SignalKind, signal};

    use super::Came;

    /// The signals that would end the program and that may be caught. A fault of the program itself (SIGSEGV and its like)
    /// may not.
    const DEADLY: &[i32] = &[
        SIGTERM,
        SIGHUP,
        SIGINT,
        SIGQUIT,
        SIGABRT,
        SIGALRM,
        SIGUSR1,
        SIGUSR2,
        SIGVTALRM,
        SIGPROF,
        SIGXCPU,
        SIGXFSZ,
        #[cfg(target_os = "linux")]
        rustix::process::Signal::POWER.as_raw(),
        #[cfg(target_os = "linux")]
        rustix::process::Signal::IO.as_raw(),
    ];

    /// Signals that are not waited for yet: each is kept instead of ending or stopping the program.
    pub(crate) struct Kept {
        end: Arc<AtomicBool>,
        stop: Arc<AtomicBool>,
        /// What keeps the request to stop.
        stop_keeper: SigId,
    }

    impl Kept {
        /// Keeps them from now on.
        ///
        /// # Errors
        /// What the system refused.
        pub(crate) fn new() -> io::Result<Self> {
            let (end, stop) = (Arc::<AtomicBool>::default(), Arc::<AtomicBool>::default());
            for &number in DEADLY {
                flag::register(number, Arc::clone(&end))?;
            }
            let stop_keeper = flag::register(SIGTSTP, Arc::clone(&stop))?;
            Ok(Self {
                end,
                stop,
                stop_keeper,
            })
        }
    }

    /// Signals that are waited for.
    pub(crate) struct Signals {
        kept: Kept,
        waited_for: Vec<(Came, Signal)>,
    }

    impl Signals {
        /// Waits for them, and has not forgotten those that came before. Must be called inside a tokio runtime.
        ///
        /// # Errors
        /// What the system refused.
        pub(crate) fn new(kept: Kept) -> io::Result<Self> {
            let deadly = DEADLY.iter().map(|&number| (Came::End, number));
            let all = deadly.chain([(Came::Stop, SIGTSTP), (Came::GoOn, SIGCONT)]);
            let waited_for = all
                .map(|(came, number)| Ok((came, signal(SignalKind::from_raw(number))?)))
                .collect::<io::Result<_>>()?;
            // A request to stop is answered each time it comes; kept as well it would be answered twice.
            low_level::unregister(kept.stop_keeper);
            Ok(Self { kept, waited_for })
        }

        /// Comes back when one came.
        pub(crate) async fn received(&mut self) -> Came {
            if self.kept.end.load(Ordering::Relaxed) {
                return Came::End;
            }
            if self.kept.stop.swap(false, Ordering::Relaxed) {
                return Came::Stop;
            }
            poll_fn(|context| {
                let came = self
                    .waited_for
                    .iter_mut()
                    .find_map(|(came, signal)| signal.poll_recv(context).is_ready().then_some(*came));
                came.map_or(Poll::Pending, Poll::Ready)
            })
            .await
        }
    }

    #[cfg(test)]
    mod tests {
        use std::task::{Context, Waker};

        use super::*;

        #[test]
        fn a_signal_from_before_the_runtime_is_not_lost() {
            let kept = Kept::new().unwrap();
            let runtime = crate::io::runtime().unwrap();
            let _inside = runtime.enter();
            let received = |signals: &mut Signals| {
                let mut context = Context::from_waker(Waker::noop());
                std::pin::pin!(signals.received()).poll(&mut context)
            };
            let (end, stop) = (Arc::clone(&kept.end), Arc::clone(&kept.stop));
            let mut signals = Signals::new(kept).unwrap();
            assert_eq!(received(&mut signals), Poll::Pending);
            stop.store(true, Ordering::Relaxed);
            assert_eq!(received(&mut signals), Poll::Ready(Came::Stop));
            // Once it has been answered it is over.
            assert_eq!(received(&mut signals), Poll::Pending);
            end.store(true, Ordering::Relaxed);
            assert_eq!(received(&mut signals), Poll::Ready(Came::End));
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

        pub(crate) async fn received(&mut self) -> super::Came {
            let _ = tokio::signal::ctrl_c().await;
            super::Came::End
        }
    }
}
