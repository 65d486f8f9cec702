//! Taking the terminal and giving it back, whatever happens.

use std::{
    io::{self, Write as _, stdout},
    mem::ManuallyDrop,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

use crossterm::{
    cursor::Show,
    event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture},
    execute,
    style::{Print, force_color_output},
    terminal::{
        Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, SetTitle, disable_raw_mode,
        enable_raw_mode,
    },
};
use ratatui::{Terminal, layout::Size};

use crate::{
    io::outbox::{Line, Outbox},
    ui::terminal::{backend::SpacedBackend, ground},
};

/// The terminal while it is ours. Dropping it gives it back.
#[derive(Debug)]
pub struct Screen {
    /// Where ratatui draws. Never dropped: its own drop would complain on standard error when the terminal is gone, and
    /// everything it would do is done here.
    pub terminal: ManuallyDrop<Terminal<SpacedBackend<Outbox>>>,
    /// For everything but frames.
    out: Outbox,
    /// Whether the mouse is ours too.
    mouse: bool,
}

/// The way out to the terminal, for whoever gives it back.
static LINE: OnceLock<Arc<Line>> = OnceLock::new();

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
        let line = LINE.get_or_init(Arc::default);
        // A frame goes out in one piece; ratatui flushes behind each.
        let frames = SpacedBackend::new(Outbox::new(Arc::clone(line)));
        Ok(Self {
            terminal: ManuallyDrop::new(Terminal::new(frames)?),
            out: Outbox::new(Arc::clone(line)),
            mouse: false,
        })
    }

    /// Writes from a thread of its own from now on, so that a terminal that does not read cannot block the program.
    pub fn detach(&self) {
        // Without a thread it goes on as before.
        let _ = Outbox::detach(LINE.get_or_init(Arc::default));
    }

    /// What is on its way to the terminal.
    pub(crate) fn line() -> &'static Line {
        LINE.get_or_init(Arc::default)
    }

    /// Where bytes go that do not belong to a frame.
    pub(crate) fn out(&mut self) -> &mut Outbox {
        &mut self.out
    }

    /// Gives the terminal back, stops the program as the shell's job control expects it, and takes the terminal again when it
    /// goes on.
    ///
    /// # Errors
    /// Whatever the terminal refuses.
    pub fn suspend(&mut self) -> io::Result<()> {
        #[cfg(unix)]
        {
            give_back();
            let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::STOP);
            self.take_again()?;
        }
        Ok(())
    }

    /// Takes the terminal once more, after a stop that left it in whatever state. The next frame is drawn whole.
    ///
    /// # Errors
    /// Whatever the terminal refuses.
    pub fn take_again(&mut self) -> io::Result<()> {
        enable_raw_mode()?;
        OURS.store(true, Ordering::SeqCst);
        execute!(
            self.out,
            EnterAlternateScreen,
            EnableBracketedPaste,
            SetTitle("oauthlens")
        )?;
        if self.mouse {
            execute!(self.out, EnableMouseCapture)?;
        }
        // Not `Terminal::clear`, which asks the terminal where the cursor is and waits for the answer.
        execute!(self.out, Clear(ClearType::All))?;
        self.terminal.swap_buffers();
        Ok(())
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
        self.mouse = capture;
        if capture {
            execute!(self.out, EnableMouseCapture)
        } else {
            execute!(self.out, DisableMouseCapture)
        }
    }

    /// Asks which colour is behind the text. The answer comes among the key presses ([`ground`]).
    ///
    /// # Errors
    /// Whatever the terminal refuses.
    pub fn ask_ground(&mut self) -> io::Result<()> {
        execute!(self.out, Print(ground::QUESTION))
    }

    /// Puts a text on the clipboard by OSC 52, which works through SSH and tmux where the terminal allows it.
    ///
    /// # Errors
    /// Whatever the terminal refuses.
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        execute!(
            self.out,
            crossterm::clipboard::CopyToClipboard::to_clipboard_from(text)
        )
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

/// Gives the terminal back. A failure cannot be reported anywhere.
fn give_back() {
    if OURS.swap(false, Ordering::SeqCst) {
        // A terminal that does not read takes no farewell either, and to wait for it would be to hang.
        if Screen::line().drain() {
            let _ = execute!(
                stdout(),
                DisableBracketedPaste,
                DisableMouseCapture,
                LeaveAlternateScreen,
                Show
            );
            let _ = stdout().flush();
        }
        let _ = disable_raw_mode();
    }
}
