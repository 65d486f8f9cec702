//! The other end of the terminal is gone.
//!
//! A program whose controlling terminal it was gets a signal. One that was given it by other means gets none, and
//! crossterm's reader goes round and round at the end of its input, on the thread that would have to leave: so a watcher
//! thread waits for the hang-up, and afterwards the reader is no longer polled.

use std::sync::OnceLock;
#[cfg(unix)]
use std::time::Duration;

use tokio::sync::oneshot;

/// How long the program may take to leave by itself: a tab in the browser may still wait for its result.
#[cfg(unix)]
const GRACE: Duration = Duration::from_secs(3);

/// The exit status of a program that its terminal left behind: 128 and the number of SIGHUP.
#[cfg(unix)]
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
            // This kind of input cannot be watched: no event is ever sent, and its absence proves nothing.
            std::mem::forget(tell);
        }
    });
    #[cfg(not(unix))]
    std::mem::forget(tell);
    told
}

/// True where the program was started to outlive its terminal, as by `nohup`: SIGHUP was ignored before anybody listened for
/// it. Known on Linux only.
pub fn is_to_be_outlived() -> bool {
    static IGNORED: OnceLock<bool> = OnceLock::new();
    // Kept: to listen for the signal changes what the system says.
    *IGNORED
        .get_or_init(|| ignores_hang_up(&std::fs::read_to_string("/proc/self/status").unwrap_or_default()))
}

/// Reads the mask of ignored signals, in which SIGHUP is the lowest bit (proc(5)).
fn ignores_hang_up(status: &str) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .is_some_and(|mask| mask & 1 == 1)
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

#[cfg(test)]
mod tests {
    use crate::io::hang_up::*;

    #[test]
    fn nohup_is_seen_in_the_mask() {
        for (status, ignored) in [
            ("Name:\tx\nSigIgn:\t0000000000001001\n", true),
            ("SigIgn:\t0000000000001000\n", false),
            ("SigIgn:\tnothing\n", false),
            ("", false),
        ] {
            assert_eq!(ignores_hang_up(status), ignored, "{status:?}");
        }
    }
}
