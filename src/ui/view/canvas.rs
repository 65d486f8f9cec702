//! Puts toned lines into cells, and notes on the way what can be clicked and where hyperlinks stand.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

use crate::{
    render::text::line::{Line, Tone, is_one_cell},
    ui::view::{
        Drawn,
        body::{Body, Link},
        theme::Theme,
    },
};

/// Draws into a buffer.
pub(crate) struct Pen<'b> {
    pub(crate) buffer: &'b mut Buffer,
    pub(crate) theme: Theme,
    pub(crate) drawn: Drawn,
}

impl Pen<'_> {
    /// Takes the weight from what lies behind a window.
    pub(crate) fn dim(&mut self, area: Rect) {
        let style = Style::reset().patch(self.theme.style(Tone::Dim));
        self.buffer.set_style(area, style);
    }

    /// Draws a text from a cell on, at most `width` cells. Returns the column behind it.
    pub(crate) fn put(&mut self, x: u16, y: u16, text: &str, style: Style, width: usize) -> u16 {
        let (right, bottom) = (self.buffer.area.right(), self.buffer.area.bottom());
        if y >= bottom {
            return x;
        }
        // Nearly all that is drawn has a cell a character; finding that out is cheaper than looking for grapheme clusters.
        if x >= right || !text.chars().all(is_one_cell) {
            return self.buffer.set_stringn(x, y, text, width, style).0;
        }
        let from = self.buffer.index_of(x, y);
        let row = &mut self.buffer.content[from..from + width.min(usize::from(right - x))];
        let mut drawn = 0;
        for (cell, c) in row.iter_mut().zip(text.chars()) {
            cell.set_char(c).set_style(style);
            drawn += 1;
        }
        x + drawn
    }

    /// Draws a line from a cell on, at most `width` cells. Returns the column behind it.
    pub(crate) fn line(&mut self, x: u16, y: u16, line: &Line, width: usize) -> u16 {
        let mut at = x;
        for span in &line.0 {
            let left = width.saturating_sub(usize::from(at - x));
            at = self.put(at, y, &span.text, self.theme.style(span.tone), left);
        }
        at
    }

    /// Draws the lines of a body from line `from` on, and notes its hits and links. Returns the cursor.
    pub(crate) fn body(&mut self, area: Rect, body: &Body, from: usize) -> Option<Position> {
        let height = usize::from(area.height);
        for (row, line) in body.lines.iter().skip(from).take(height).enumerate() {
            self.line(area.x, area.y + cells(row), line, usize::from(area.width));
        }
        let visible = |line: usize| {
            (from..from + height)
                .contains(&line)
                .then(|| area.y + cells(line - from))
        };
        let stretch = |line: usize, from: usize, to: usize| {
            let x = (area.x + cells(from)).min(area.right());
            let width = cells(to.saturating_sub(from)).min(area.right() - x);
            visible(line).map(|y| Rect {
                x,
                y,
                width,
                height: 1,
            })
        };
        for hit in &body.hits {
            let area = stretch(hit.line, hit.from, hit.to);
            self.drawn
                .hits
                .extend(area.map(|area| (area, hit.message.clone())));
        }
        for Link {
            line,
            lines,
            column,
            url,
        } in &body.links
        {
            for at in *line..line + lines {
                if let (Some(y), Some(text)) = (visible(at), body.lines.get(at)) {
                    let x = area.x + cells(*column);
                    self.drawn
                        .links
                        .push((x, y, text.text().trim_start().to_owned(), url.clone()));
                }
            }
        }
        if let Some(selected) = body.selected
            && let Some(area) = stretch(selected.line, selected.from, selected.to)
        {
            self.buffer.set_style(area, self.theme.selection());
        }
        let (line, column) = body.cursor?;
        let x = (area.x + cells(column)).min(area.right().saturating_sub(1));
        visible(line).map(|y| Position { x, y })
    }
}

/// A count of cells as ratatui takes it.
pub(crate) fn cells(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use unicode_segmentation::UnicodeSegmentation as _;
    use unicode_width::UnicodeWidthChar as _;

    use crate::ui::view::canvas::*;

    #[test]
    fn the_short_way_draws_what_the_long_one_does() {
        let all: Vec<char> = ('\u{20}'..='\u{2fff}').filter(|c| is_one_cell(*c)).collect();
        assert!(all.iter().all(|c| c.width() == Some(1)));
        let text: String = all.iter().collect();
        assert_eq!(text.graphemes(true).count(), all.len());
        for (x, width) in [(0, 5), (3, 40), (18, 9), (19, 1), (20, 4), (0, 0)] {
            let area = Rect::new(0, 0, 20, 1);
            let (mut short, mut long) = (Buffer::empty(area), Buffer::empty(area));
            let style = Style::new().bold();
            let mut pen = Pen {
                buffer: &mut short,
                theme: Theme::Dark,
                drawn: Drawn::default(),
            };
            let behind = pen.put(x, 0, "├──►✓ text of many letters", style, width);
            if x < 20 {
                let expected = long.set_stringn(x, 0, "├──►✓ text of many letters", width, style);
                assert_eq!(behind, expected.0);
            }
            assert_eq!(short, long, "{x} {width}");
        }
    }
}
