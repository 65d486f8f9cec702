//! The terminal: the only user of ratatui and crossterm. It turns key presses into messages and the model into a frame.

mod backend;
pub mod body;
pub mod draw;
pub mod field;
pub mod input;
pub mod screens;
pub mod terminal;
pub mod theme;

mod footer;
mod header;
mod links;
mod pen;
mod run;
mod signals;
mod window;
mod world;

pub use run::{Open, Start, run};

/// The width of the terminal in cells, where there is one.
pub fn width() -> Option<usize> {
    crossterm::terminal::size()
        .ok()
        .map(|(columns, _)| usize::from(columns))
}
