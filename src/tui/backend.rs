//! ratatui's way to the terminal, with short moves over blank cells written as the spaces that they cross: on an empty screen
//! a space is one byte and a move is seven, and there are hundreds between the words of a first frame.

use std::io::{self, Write};

use ratatui::{
    backend::{Backend, ClearType, CrosstermBackend, WindowSize},
    buffer::{Cell, CellWidth as _},
    layout::{Position, Size},
    style::{Color, Modifier},
};

/// A move across more cells than this is shorter than the spaces.
const LONGEST_GAP: u16 = 7;

static BLANK: Cell = Cell::EMPTY;

/// The backend.
#[derive(Debug)]
pub struct SpacedBackend<W: Write> {
    inner: CrosstermBackend<W>,
    /// True while every cell that is not drawn is blank.
    blank: bool,
}

impl<W: Write> SpacedBackend<W> {
    /// A backend that writes to a terminal whose screen is empty.
    pub fn new(writer: W) -> Self {
        Self {
            inner: CrosstermBackend::new(writer),
            blank: true,
        }
    }
}

/// The same cells with blank ones between those that stand close to each other in a row, where the terminal has nothing more
/// to be told about colours.
fn spaced<'c>(
    content: impl Iterator<Item = (u16, u16, &'c Cell)>,
) -> impl Iterator<Item = (u16, u16, &'c Cell)> {
    let mut content = content.peekable();
    let mut behind = None;
    std::iter::from_fn(move || {
        let (x, y, cell) = *content.peek()?;
        if let Some((next, row, default_style)) = behind
            && row == y
            && next < x
            && x - next <= LONGEST_GAP
            && (default_style || has_default_style(cell))
        {
            behind = Some((next + 1, row, true));
            return Some((next, row, &BLANK));
        }
        content.next();
        behind = Some((x + cell.cell_width(), y, has_default_style(cell)));
        Some((x, y, cell))
    })
}

fn has_default_style(cell: &Cell) -> bool {
    cell.fg == Color::Reset && cell.bg == Color::Reset && cell.modifier == Modifier::empty()
}

impl<W: Write> Backend for SpacedBackend<W> {
    type Error = io::Error;

    fn draw<'c, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'c Cell)>,
    {
        if std::mem::take(&mut self.blank) {
            self.inner.draw(spaced(content))
        } else {
            self.inner.draw(content)
        }
    }

    fn clear(&mut self) -> io::Result<()> {
        self.blank = true;
        self.inner.clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.blank |= clear_type == ClearType::All;
        self.inner.clear_region(clear_type)
    }

    fn append_lines(&mut self, lines: u16) -> io::Result<()> {
        self.inner.append_lines(lines)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.inner.hide_cursor()
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.inner.show_cursor()
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        self.inner.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.inner.set_cursor_position(position)
    }

    fn size(&self) -> io::Result<Size> {
        self.inner.size()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
        Backend::flush(&mut self.inner)
    }
}

#[cfg(test)]
mod tests {
    use ratatui::{Terminal, TerminalOptions, Viewport, layout::Rect, widgets::Paragraph};

    use super::*;

    fn screen(bytes: &[u8]) -> vt100::Screen {
        let mut parser = vt100::Parser::new(4, 40, 0);
        parser.process(bytes);
        parser.screen().clone()
    }

    /// Draws one frame, or another behind it.
    fn draw(backend: impl Backend<Error = io::Error>, frames: usize) {
        let area = Rect::new(0, 0, 40, 4);
        let viewport = Viewport::Fixed(area);
        let mut terminal = Terminal::with_options(backend, TerminalOptions { viewport }).unwrap();
        for text in ["a word  and 一 字 more\n  far          away", "b word\n  far"]
            .into_iter()
            .take(frames)
        {
            terminal
                .draw(|frame| frame.render_widget(Paragraph::new(text), area))
                .unwrap();
        }
    }

    #[test]
    fn the_screen_is_the_same_and_takes_fewer_bytes() {
        for frames in [1, 2] {
            let (mut spaced, mut plain) = (Vec::new(), Vec::new());
            draw(SpacedBackend::new(&mut spaced), frames);
            draw(CrosstermBackend::new(&mut plain), frames);
            assert!(spaced.len() < plain.len(), "{} {}", spaced.len(), plain.len());
            assert_eq!(screen(&spaced).contents(), screen(&plain).contents());
        }
    }
}
