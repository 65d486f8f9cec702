//! The least that a program on ratatui can do: take the terminal, draw one line, wait for a key. `cargo bench` measures the
//! start of oauthlens beside it.

use crossterm::{
    event::read,
    execute,
    terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode},
};
use ratatui::{Terminal, backend::CrosstermBackend};

fn main() -> std::io::Result<()> {
    enable_raw_mode()?;
    execute!(std::io::stdout(), EnterAlternateScreen)?;
    let mut terminal = Terminal::new(CrosstermBackend::new(std::io::stdout()))?;
    terminal.draw(|frame| frame.render_widget("blank", frame.area()))?;
    read()?;
    execute!(std::io::stdout(), LeaveAlternateScreen)?;
    disable_raw_mode()
}
