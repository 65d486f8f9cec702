//! The other end of the terminal is gone.
//!
//! A program whose controlling terminal it was gets a signal. One that was given it by other means gets none, and
//! crossterm's reader goes round and round at the end of its input, on the thread that would have to leave: so somebody else
//! waits for nothing but the end, and the reader is not asked once it has come.

use std::time::Duration;

use tokio::sync::oneshot;

/// How long the program may take to leave by itself: a tab in the browser may still wait for its result.
const GRACE: Duration = Duration::from_secs(3);

/// The exit status of a program that its terminal left behind: 128 and the number of SIGHUP.
const STATUS: i32 = 129;

/// Tells when it happens, and nothing until then. Where the program is then caught in the reader and cannot leave, it is
/// ended: there is no terminal left to give back. Costs a thread that sleeps in the kernel.
pub fn watch() -> oneshot::Receiver<()> {
    let (tell, told) = oneshot::channel();
    #[cfg(unix)]
    std::thread::spawn(move || {
        if waits_for_the_end() {
            let _ = tell.send(());
            std::thread::sleep(GRACE);
            std::process::exit(STATUS);
        } else {
            // This kind of input cannot be watched: nothing is ever told, and nobody must think that something was.
            std::mem::forget(tell);
        }
    });
    #[cfg(not(unix))]
    std::mem::forget(tell);
    told
}

/// True once the input is hung up.
pub fn is_hung_up() -> bool {
    #[cfg(unix)]
    {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        let input = std::io::stdin();
        let mut watched = [PollFd::new(&input, PollFlags::empty())];
        let at_once = Timespec::default();
        poll(&mut watched, Some(&at_once)).is_ok() && watched[0].revents().contains(PollFlags::HUP)
    }
    #[cfg(not(unix))]
    false
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
