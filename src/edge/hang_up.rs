//! The other end of the terminal is gone.
//!
//! A program whose controlling terminal it was gets a signal. One that was given it by other means gets none, and
//! crossterm's reader goes round and round at the end of its input: so somebody waits for nothing but the end.

use tokio::sync::oneshot;

/// Tells when it happens, and nothing until then. Costs a thread that sleeps in the kernel.
pub fn watch() -> oneshot::Receiver<()> {
    let (tell, told) = oneshot::channel();
    #[cfg(unix)]
    std::thread::spawn(move || {
        if waits_for_the_end() {
            let _ = tell.send(());
        } else {
            // This kind of input cannot be watched: nothing is ever told, and nobody must think that something was.
            std::mem::forget(tell);
        }
    });
    #[cfg(not(unix))]
    std::mem::forget(tell);
    told
}

/// Blocks until the input is hung up. False where that cannot be seen.
#[cfg(unix)]
fn waits_for_the_end() -> bool {
    use rustix::event::{PollFd, PollFlags, poll};
    let input = std::io::stdin();
    // No event is asked for: a hang-up is told all the same.
    let mut watched = [PollFd::new(&input, PollFlags::empty())];
    loop {
        match poll(&mut watched, None) {
            Ok(_) => return watched[0].revents().contains(PollFlags::HUP),
            Err(rustix::io::Errno::INTR) => {}
            Err(_) => return false,
        }
    }
}
