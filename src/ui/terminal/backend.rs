//! ratatui's way to the terminal, with a draw of its own: a first frame has more than a thousand cells, and crossterm formats
//! each of them as a command. Here text goes out as it is; moves and styles are crossterm's, and there are fewer of them:
//!
//! * Short moves over cells that are blank anyway are written as the spaces that they cross: on an empty screen a space is one
//!   byte and a move is seven.
//! * A blank shows no foreground, so it is written in whatever style comes before it.

use std::io::{self, Write};

use crossterm::{
    cursor::{Hide, MoveTo, Show},
    queue,
    style::{Attribute, SetAttribute, SetForegroundColor, SetStyle},
};
use ratatui::{
    backend::{Backend, ClearType, CrosstermBackend, WindowSize},
    buffer::Cell,
    layout::{Position, Size},
    prelude::IntoCrossterm as _,
    style::{Color, Modifier, Style},
};

use crate::render::text::line::width;

/// A move across more cells than these is shorter.
const SPACES: &[u8] = b"       ";

/// The modifiers that a blank cell shows.
const SEEN_ON_BLANKS: Modifier = Modifier::UNDERLINED
    .union(Modifier::REVERSED)
    .union(Modifier::CROSSED_OUT);

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

/// So much of a terminal is drawn on at most. There is none so large; one that says so would get a frame of more cells than
/// there is memory for.
const LARGEST: Size = Size::new(1000, 500);

fn bounded(size: Size) -> Size {
    Size::new(size.width.min(LARGEST.width), size.height.min(LARGEST.height))
}

/// How the terminal writes what comes next.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Worn {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

impl Worn {
    /// The style between two frames.
    const NOTHING: Self = Self {
        fg: Color::Reset,
        bg: Color::Reset,
        modifier: Modifier::empty(),
    };

    fn by(cell: &Cell) -> Self {
        Self {
            fg: cell.fg,
            bg: cell.bg,
            modifier: cell.modifier,
        }
    }

    /// Whether a blank looks the same in both.
    fn is_alike_on_blanks(self, other: Self) -> bool {
        self.bg == other.bg && !(self.modifier | other.modifier).intersects(SEEN_ON_BLANKS)
    }

    /// Writes the escape sequences that change `before` into this.
    fn put_on(self, before: Self, writer: &mut impl Write) -> io::Result<()> {
        if (self.bg, self.modifier) == (before.bg, before.modifier) {
            return queue!(writer, SetForegroundColor(self.fg.into_crossterm()));
        }
        let colored = |color| (color != Color::Reset).then_some(color);
        let style = Style {
            fg: colored(self.fg),
            bg: colored(self.bg),
            add_modifier: self.modifier,
            ..Style::new()
        };
        queue!(writer, SetAttribute(Attribute::Reset))?;
        if self == Self::NOTHING {
            return Ok(());
        }
        queue!(writer, SetStyle(style.into_crossterm()))
    }
}

impl<W: Write> Backend for SpacedBackend<W> {
    type Error = io::Error;

    fn draw<'c, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'c Cell)>,
    {
        let blank = std::mem::take(&mut self.blank);
        let mut worn = Worn::NOTHING;
        // Where the next text would go, where that is known.
        let mut at: Option<(u16, u16)> = None;
        for (x, y, cell) in content {
            if at != Some((x, y)) {
                let crossed = at
                    .filter(|&(_, row)| blank && row == y && worn.is_alike_on_blanks(Worn::NOTHING))
                    .and_then(|(behind, _)| SPACES.get(..usize::from(x.checked_sub(behind)?)));
                match crossed {
                    Some(spaces) => self.inner.write_all(spaces)?,
                    None => queue!(self.inner, MoveTo(x, y))?,
                }
            }
            let wanted = Worn::by(cell);
            if wanted != worn && !(cell.symbol() == " " && wanted.is_alike_on_blanks(worn)) {
                wanted.put_on(worn, &mut self.inner)?;
                worn = wanted;
            }
            self.inner.write_all(cell.symbol().as_bytes())?;
            // Terminals disagree about how wide a wide character is, so what follows is put where it belongs.
            at = (width(cell.symbol()) == 1).then_some((x + 1, y));
        }
        if worn != Worn::NOTHING {
            queue!(self.inner, SetAttribute(Attribute::Reset))?;
        }
        Ok(())
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

    // The cursor goes out with the frame that it belongs to: ratatui flushes when all is said.

    fn hide_cursor(&mut self) -> io::Result<()> {
        queue!(self.inner, Hide)
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        queue!(self.inner, Show)
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        self.inner.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let Position { x, y } = position.into();
        queue!(self.inner, MoveTo(x, y))
    }

    fn size(&self) -> io::Result<Size> {
        self.inner.size().map(bounded)
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
    use proptest::prelude::*;
    use ratatui::{buffer::Buffer, layout::Rect};

    use crate::ui::terminal::backend::*;

    const WIDTH: u16 = 24;
    const HEIGHT: u16 = 3;

    /// What a terminal shows after these bytes: text, colours and what else is seen, cell by cell.
    fn shown(bytes: &[u8]) -> Vec<String> {
        let mut parser = vt100::Parser::new(HEIGHT, WIDTH, 0);
        parser.process(bytes);
        let cells = (0..HEIGHT).flat_map(|row| (0..WIDTH).map(move |column| (row, column)));
        cells
            .map(|(row, column)| {
                let cell = parser.screen().cell(row, column).unwrap();
                let (text, bg) = (cell.contents(), cell.bgcolor());
                let (underline, inverse) = (cell.underline(), cell.inverse());
                if text.trim().is_empty() && !underline && !inverse {
                    return format!("blank on {bg:?}");
                }
                let (fg, bold, italic) = (cell.fgcolor(), cell.bold(), cell.italic());
                format!("{text:?} {fg:?} {bg:?} {underline} {inverse} {bold} {italic}")
            })
            .collect()
    }

    /// Draws each frame over the one before it.
    fn drawn(mut backend: impl Backend<Error = io::Error>, frames: &[Buffer]) {
        let mut before = Buffer::empty(frames[0].area);
        for frame in frames {
            let cells = before.diff(frame);
            backend.draw(cells.into_iter()).unwrap();
            before.clone_from(frame);
        }
    }

    fn style() -> impl Strategy<Value = Style> {
        let color =
            || prop::sample::select(vec![Color::Reset, Color::Reset, Color::Red, Color::Indexed(244)]);
        let modifiers = [
            Modifier::empty(),
            Modifier::empty(),
            Modifier::BOLD,
            Modifier::ITALIC,
            Modifier::UNDERLINED | Modifier::BOLD,
            Modifier::REVERSED,
        ];
        (color(), color(), prop::sample::select(modifiers.to_vec()))
            .prop_map(|(fg, bg, modifier)| Style::new().fg(fg).bg(bg).add_modifier(modifier))
    }

    /// Pieces of styled text here and there.
    fn frame() -> impl Strategy<Value = Buffer> {
        let piece = (0..WIDTH, 0..HEIGHT, "[a-c 字─]{0,9}", style());
        prop::collection::vec(piece, 0..12).prop_map(|pieces| {
            let mut buffer = Buffer::empty(Rect::new(0, 0, WIDTH, HEIGHT));
            for (x, y, text, style) in pieces {
                buffer.set_stringn(x, y, text, usize::from(WIDTH - x), style);
            }
            buffer
        })
    }

    #[test]
    fn no_terminal_is_too_large_to_be_drawn_on() {
        for ((width, height), drawn) in [
            ((80, 24), (80, 24)),
            ((u16::MAX, u16::MAX), (1000, 500)),
            ((u16::MAX, 1), (1000, 1)),
            ((0, 0), (0, 0)),
        ] {
            let drawn = Size::new(drawn.0, drawn.1);
            assert_eq!(bounded(Size::new(width, height)), drawn);
        }
    }

    proptest! {
        #[test]
        fn every_frame_looks_as_ratatui_would_have_drawn_it(frames in prop::collection::vec(frame(), 1..4)) {
            let (mut spaced, mut plain) = (Vec::new(), Vec::new());
            drawn(SpacedBackend::new(&mut spaced), &frames);
            drawn(CrosstermBackend::new(&mut plain), &frames);
            prop_assert_eq!(shown(&spaced), shown(&plain));
        }
    }

    #[test]
    fn words_go_out_as_they_are_with_the_spaces_between_them() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, WIDTH, 1));
        buffer.set_string(0, 0, "one", Style::new().fg(Color::Red));
        buffer.set_string(
            5,
            0,
            "two",
            Style::new().fg(Color::Red).add_modifier(Modifier::BOLD),
        );
        buffer.set_string(9, 0, "far", Style::new());
        let mut bytes = Vec::new();
        drawn(SpacedBackend::new(&mut bytes), &[buffer]);
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "\x1b[1;1H\x1b[38;5;1mone  \x1b[0m\x1b[38;5;1m\x1b[1mtwo \x1b[0mfar"
        );
    }
}
