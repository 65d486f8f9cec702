//! The way out to the terminal. A terminal that does not read, as behind a stalled connection, must not stop the loop: a
//! thread writes, and while it is busy no further frame is drawn.

use std::{
    io::{self, Write, stdout},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::Notify;

/// How long giving the terminal back waits for what is still on its way.
const LAST_WAIT: Duration = Duration::from_millis(500);
/// What may wait beside a frame: a copied text, a question. More than this is left out.
const QUEUE: usize = 1024 * 1024;

/// Bytes for the terminal. What is written is kept until it is flushed, and then goes out in one piece: at once as long as
/// nobody has called `detach`, by the thread afterwards.
#[derive(Debug)]
pub struct Outbox {
    pending: Vec<u8>,
    line: Arc<Line>,
}

/// What the loop and the thread share.
#[derive(Debug, Default)]
pub struct Line {
    state: Mutex<State>,
    work: Condvar,
    done: Condvar,
    idle: Notify,
}

#[derive(Debug, Default)]
struct State {
    queue: Vec<u8>,
    detached: bool,
    writing: bool,
    failed: Option<io::ErrorKind>,
}

impl State {
    fn is_busy(&self) -> bool {
        self.writing || !self.queue.is_empty()
    }
}

impl Line {
    fn state(&self) -> MutexGuard<'_, State> {
        // The state is consistent after every statement, so a poisoned lock can be used.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// True while bytes are on their way.
    pub(crate) fn is_busy(&self) -> bool {
        self.state().is_busy()
    }

    /// Comes back when nothing is on its way any more.
    pub(crate) async fn is_idle(&self) {
        while self.is_busy() {
            self.idle.notified().await;
        }
    }

    /// Waits a short while for what is on its way. False when the terminal does not take it.
    pub(crate) fn drain(&self) -> bool {
        let until = Instant::now() + LAST_WAIT;
        let mut state = self.state();
        while state.is_busy() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            state = self
                .done
                .wait_timeout(state, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        true
    }

    /// Hands bytes over, or says why earlier ones could not be written.
    fn send(&self, bytes: &mut Vec<u8>) -> io::Result<()> {
        let mut state = self.state();
        if let Some(kind) = state.failed {
            bytes.clear();
            return Err(kind.into());
        }
        if !state.detached {
            drop(state);
            let mut out = stdout().lock();
            let written = out.write_all(bytes).and_then(|()| out.flush());
            bytes.clear();
            return written;
        }
        if state.queue.len() + bytes.len() <= QUEUE || state.queue.is_empty() {
            state.queue.append(bytes);
        }
        bytes.clear();
        self.work.notify_one();
        Ok(())
    }

    /// Writes what is handed over, for as long as the program runs.
    fn work(&self, mut terminal: impl Write) {
        loop {
            let mut state = self.state();
            while state.queue.is_empty() {
                state = self.work.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            let bytes = std::mem::take(&mut state.queue);
            state.writing = true;
            drop(state);
            let written = terminal.write_all(&bytes).and_then(|()| terminal.flush());
            let mut state = self.state();
            state.writing = false;
            if let Err(error) = written {
                state.failed = Some(error.kind());
                state.queue.clear();
            }
            if !state.is_busy() {
                self.done.notify_all();
                self.idle.notify_one();
            }
        }
    }
}

impl Outbox {
    /// A way out that writes at once.
    pub(crate) fn new(line: Arc<Line>) -> Self {
        Self {
            pending: Vec::new(),
            line,
        }
    }

    /// Leaves the writing to a thread from now on.
    ///
    /// # Errors
    /// What the system refused; then everything is written at once as before.
    pub(crate) fn detach(line: &Arc<Line>) -> io::Result<()> {
        // A handle of its own: the lock of standard output stays free while the thread waits for the terminal.
        #[cfg(unix)]
        let terminal = std::fs::File::from(std::os::fd::AsFd::as_fd(&stdout()).try_clone_to_owned()?);
        #[cfg(not(unix))]
        let terminal = stdout();
        let shared = Arc::clone(line);
        std::thread::Builder::new()
            .name("terminal".into())
            .spawn(move || shared.work(terminal))?;
        line.state().detached = true;
        Ok(())
    }
}

impl Write for Outbox {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.pending.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.pending.is_empty() {
            return Ok(());
        }
        self.line.send(&mut self.pending)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};

    use super::*;

    /// A terminal that takes a write only when it is told to.
    struct Stalled(Receiver<io::Result<()>>, Sender<Vec<u8>>);

    impl Write for Stalled {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.recv().unwrap_or(Err(io::ErrorKind::BrokenPipe.into()))?;
            let _ = self.1.send(bytes.to_vec());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    type LetGo = Sender<io::Result<()>>;

    fn stalled() -> (Arc<Line>, Outbox, LetGo, Receiver<Vec<u8>>) {
        let line = Arc::<Line>::default();
        line.state().detached = true;
        let (let_go, told) = channel();
        let (tell, written) = channel();
        let shared = Arc::clone(&line);
        std::thread::spawn(move || shared.work(Stalled(told, tell)));
        (Arc::clone(&line), Outbox::new(line), let_go, written)
    }

    #[test]
    fn a_terminal_that_does_not_read_stops_nobody() {
        let (line, mut out, let_go, written) = stalled();
        for frame in ["one", "two"] {
            out.write_all(frame.as_bytes()).unwrap();
            out.flush().unwrap();
        }
        assert!(line.is_busy() && !line.drain());
        for _ in 0..2 {
            let_go.send(Ok(())).unwrap();
        }
        assert!(line.drain());
        let all: Vec<u8> = written.try_iter().flatten().collect();
        assert_eq!(all, b"onetwo");
    }

    #[test]
    fn a_terminal_that_is_gone_is_told_to_the_next_who_writes() {
        let (line, mut out, let_go, _written) = stalled();
        out.write_all(b"frame").unwrap();
        out.flush().unwrap();
        let_go.send(Err(io::ErrorKind::BrokenPipe.into())).unwrap();
        assert!(line.drain());
        out.write_all(b"frame").unwrap();
        assert_eq!(out.flush().unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    }

    #[test]
    fn what_waits_is_bounded() {
        let (line, mut out, _let_go, _written) = stalled();
        for _ in 0..8 {
            out.write_all(&vec![b'x'; QUEUE / 2]).unwrap();
            out.flush().unwrap();
        }
        assert!(line.state().queue.len() <= QUEUE);
    }
}
