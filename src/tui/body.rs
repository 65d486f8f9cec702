//! The part of a screen that scrolls: lines, what a click on them means, where the cursor is.

use crate::{
    app::message::Message,
    pictures::{
        layout,
        line::{Line, Tone},
    },
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
        let characters: Vec<char> = crate::pictures::line::clean(url).chars().collect();
        for piece in characters.chunks(room) {
            let text: String = piece.iter().collect();
            self.push(Line::new(" ".repeat(indent), Tone::Plain).then(text, Tone::Value));
        }
        self.links.push(Link {
            line: first,
            lines: self.lines.len() - first,
            column: indent,
            url: url.to_owned(),
        });
    }
}
