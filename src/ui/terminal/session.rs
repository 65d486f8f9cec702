//! Taking the terminal and giving it back, whatever happens.

use std::{
    io::{self, BufWriter, Write as _, stdout},
    mem::ManuallyDrop,
    sync::atomic::{AtomicBool, Ordering},
};

use crossterm::{
    cursor::Show,
    event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture},
    execute,
    style::{Print, force_color_output},
    terminal::{EnterAlternateScreen, LeaveAlternateScreen, SetTitle, disable_raw_mode, enable_raw_mode},
};
use ratatui::{Terminal, layout::Size};

use crate::ui::terminal::{backend::SpacedBackend, ground};

/// The terminal while it is ours. Dropping it gives it back.
#[derive(Debug)]
pub struct Screen {
    /// Where ratatui draws. Never dropped: its own drop would complain on standard error when the terminal is gone, and
    /// everything it would do is done here.
    pub terminal: ManuallyDrop<Terminal<SpacedBackend<BufWriter<io::Stdout>>>>,
}

/// A full frame of 120x40 with its colours takes less than this.
const FRAME_BYTES: usize = 16 * 1024;

/// True while the terminal is ours, so that giving it back happens once.
static OURS: AtomicBool = AtomicBool::new(false);

impl Screen {
    /// Takes the terminal: raw mode, the other screen, bracketed paste; and has a panic give it back first.
    ///
    /// # Errors
    /// Whatever the terminal refuses.
    pub fn take() -> io::Result<Self> {
        // The theme has asked for `NO_COLOR`, and one that was named overrides it (no-color.org); crossterm would ask again.
        force_color_output(true);
        enable_raw_mode()?;
        OURS.store(true, Ordering::SeqCst);
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            give_back();
            before(panic);
        }));
        Self::begin().inspect_err(|_| give_back())
    }

    fn begin() -> io::Result<Self> {
        execute!(
            stdout(),
            EnterAlternateScreen,
            EnableBracketedPaste,
            SetTitle("oauthlens")
        )?;
        // A frame goes out in one piece; ratatui flushes behind each.
        let buffered = BufWriter::with_capacity(FRAME_BYTES, stdout());
        Ok(Self {
            terminal: ManuallyDrop::new(Terminal::new(SpacedBackend::new(buffered))?),
        })
    }

    /// The size of the frame on screen.
    pub fn drawn_size(&mut self) -> Size {
        self.terminal.get_frame().area().as_size()
    }

    /// Takes the mouse or lets go of it, so that the terminal's own selection works.
    ///
    /// # Errors
    /// Whatever the terminal refuses.
    pub fn capture_mouse(&mut self, capture: bool) -> io::Result<()> {
        if capture {
            execute!(stdout(), EnableMouseCapture)
        } else {
            execute!(stdout(), DisableMouseCapture)
        }
    }

    /// Asks which colour is behind the text. The answer comes among the key presses ([`ground`]).
    ///
    /// # Errors
    /// Whatever the terminal refuses.
    pub fn ask_ground(&mut self) -> io::Result<()> {
        execute!(stdout(), Print(ground::QUESTION))
    }

    /// Puts a text on the clipboard by OSC 52, which works through SSH and tmux where the terminal allows it.
    ///
    /// # Errors
    /// Whatever the terminal refuses.
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        execute!(
            stdout(),
            crossterm::clipboard::CopyToClipboard::to_clipboard_from(text)
        )
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

/// Gives the terminal back. There is nobody to tell when that fails.
fn give_back() {
    if OURS.swap(false, Ordering::SeqCst) {
        let _ = execute!(
            stdout(),
            DisableBracketedPaste,
            DisableMouseCapture,
            LeaveAlternateScreen,
            Show
        );
        let _ = disable_raw_mode();
        let _ = stdout().flush();
    }
}
