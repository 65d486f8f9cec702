//! The part of a screen that scrolls: lines, what a click on them means, where the cursor is.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::{
    render::text::{
        layout,
        line::{Line, Tone},
    },
    ui::message::Message,
};

/// A place that can be clicked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Line of the body.
    pub line: usize,
    /// First column.
    pub from: usize,
    /// Column behind the last.
    pub to: usize,
    /// What the click means.
    pub message: Message,
}

/// A stretch of selected cells, drawn reversed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selected {
    /// Line of the body.
    pub line: usize,
    /// First column.
    pub from: usize,
    /// Column behind the last.
    pub to: usize,
}

/// Lines that show one long address, each of which is a hyperlink to the whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// First line.
    pub line: usize,
    /// How many lines.
    pub lines: usize,
    /// First column.
    pub column: usize,
    /// The address.
    pub url: String,
}

/// What scrolls.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// The lines.
    pub lines: Vec<Line>,
    /// What can be clicked.
    pub hits: Vec<Hit>,
    /// Line and column of the cursor.
    pub cursor: Option<(usize, usize)>,
    /// Lines `[from, to)` that must be on screen, since they have the focus.
    pub focus: Option<(usize, usize)>,
    /// Selected text.
    pub selected: Option<Selected>,
    /// Hyperlinks.
    pub links: Vec<Link>,
}

impl Body {
    /// Appends a line.
    pub fn push(&mut self, line: Line) {
        self.lines.push(line);
    }

    /// Appends an empty line, unless there is one already or nothing yet.
    pub fn gap(&mut self) {
        if self.lines.last().is_some_and(|line| line.width() > 0) {
            self.lines.push(Line::default());
        }
    }

    /// Appends a heading.
    pub fn heading(&mut self, text: &str) {
        self.gap();
        self.push(Line::new(text, Tone::Label));
    }

    /// Appends text, wrapped.
    pub fn text(&mut self, text: &str, tone: Tone, width: usize) {
        self.lines.extend(layout::paragraph(text, tone, width));
    }

    /// Appends a symbol and text behind it, wrapped with a hanging indent.
    pub fn item(&mut self, symbol: &str, tone: Tone, text: &str, width: usize) {
        let label = Line::new(symbol, tone);
        self.lines
            .extend(layout::hanging(label, text, Tone::Plain, 2, width));
    }

    /// Appends lines as they are.
    pub fn extend(&mut self, lines: impl IntoIterator<Item = Line>) {
        self.lines.extend(lines);
    }

    /// Appends an address over as many lines as it needs, each a hyperlink to the whole.
    pub fn link(&mut self, url: &str, indent: usize, width: usize) {
        let first = self.lines.len();
        let room = width.saturating_sub(indent).max(8);
        for piece in url_lines(&crate::render::text::line::clean(url), room) {
            self.push(Line::new(" ".repeat(indent), Tone::Plain).then(piece, Tone::Value));
        }
        self.links.push(Link {
            line: first,
            lines: self.lines.len() - first,
            column: indent,
            url: url.to_owned(),
        });
    }
}

/// Breaks an address into lines of at most `room` cells, before its parameters where that is possible.
pub(crate) fn url_lines(url: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for part in url.split_inclusive('?').flat_map(parameters) {
        let fits = |line: &str| line.width() + part.width() <= room;
        if let Some(line) = lines.last_mut().filter(|line| fits(line)) {
            line.push_str(part);
            continue;
        }
        let mut line = String::new();
        for c in part.chars() {
            if line.width() + c.width().unwrap_or(0) > room {
                lines.push(std::mem::take(&mut line));
            }
            line.push(c);
        }
        lines.push(line);
    }
    lines.retain(|line| !line.is_empty());
    lines
}

/// The pieces of a query, each with the `&` before it.
fn parameters(query: &str) -> impl Iterator<Item = &str> {
    let mut rest = query;
    std::iter::from_fn(move || {
        let skip = usize::from(rest.starts_with('&'));
        let end = rest[skip..].find('&').map_or(rest.len(), |at| at + skip);
        let (part, behind) = rest.split_at(end);
        rest = behind;
        (!part.is_empty()).then_some(part)
    })
}

#[cfg(test)]
mod tests {
    use crate::ui::view::body::*;

    #[test]
    fn an_address_breaks_before_its_parameters_and_loses_nothing() {
        let url =
            "https://h/login/oauth/authorize?client_id=Ov23liAAAAAAAAAAAAAA&scope=a+b&state=0123456789&&x=";
        for room in [8, 20, 40, 200] {
            let lines = url_lines(url, room);
            assert_eq!(lines.concat(), url);
            assert!(lines.iter().all(|line| line.width() <= room), "{lines:?}");
        }
        assert_eq!(
            url_lines(url, 45)[1..],
            [
                "client_id=Ov23liAAAAAAAAAAAAAA&scope=a+b",
                "&state=0123456789&&x="
            ]
        );
    }
}
