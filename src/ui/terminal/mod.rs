//! The terminal: the only user of ratatui and crossterm. It turns key presses into messages and the model into a frame.

mod backend;
mod effects;
mod event_loop;
pub mod ground;
mod hyperlinks;
pub mod input;
pub mod session;
mod signals;

pub use crate::ui::terminal::effects::OwnValues;
pub use crate::ui::terminal::event_loop::{Open, Start, run};

/// The width of the terminal in cells, where there is one.
pub fn width() -> Option<usize> {
    crossterm::terminal::size()
        .ok()
        .map(|(columns, _)| usize::from(columns))
}
