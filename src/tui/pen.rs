//! Puts toned lines into cells, and notes on the way what can be clicked and where hyperlinks stand.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

use super::{
    body::{Body, Link},
    draw::Drawn,
    theme::Theme,
};
use crate::pictures::line::{Line, Tone};

/// Draws into a buffer.
pub(super) struct Pen<'b> {
    pub(super) buffer: &'b mut Buffer,
    pub(super) theme: Theme,
    pub(super) drawn: Drawn,
}

impl Pen<'_> {
    /// Takes the weight from what lies behind a window.
    pub(super) fn dim(&mut self, area: Rect) {
        let style = Style::reset().patch(self.theme.style(Tone::Dim));
        self.buffer.set_style(area, style);
    }

    pub(super) fn put(&mut self, x: u16, y: u16, text: &str, style: Style, width: usize) -> u16 {
        self.buffer.set_stringn(x, y, text, width, style).0
    }

    /// Draws a line from a cell on, at most `width` cells. Returns the column behind it.
    pub(super) fn line(&mut self, x: u16, y: u16, line: &Line, width: usize) -> u16 {
        let mut at = x;
        for span in &line.0 {
            let left = width.saturating_sub(usize::from(at - x));
            at = self.put(at, y, &span.text, self.theme.style(span.tone), left);
        }
        at
    }

    /// Draws the lines of a body from line `from` on, and notes its hits and links. Returns the cursor.
    pub(super) fn body(&mut self, area: Rect, body: &Body, from: usize) -> Option<Position> {
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
pub(super) fn cells(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}
