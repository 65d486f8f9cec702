//! Text with meaning instead of colour.

use std::{borrow::Cow, fmt::Write as _};

use unicode_width::UnicodeWidthStr as _;

/// What a piece of text means. A theme gives each a colour; without colour the symbols in the text still tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Ordinary text.
    #[default]
    Plain,
    /// Text of less weight: rules, units, hints.
    Dim,
    /// A label or heading.
    Label,
    /// What the eye should find first; the one accent.
    Accent,
    /// A value, letter for letter.
    Value,
    /// A name or value of a protocol in running text.
    Code,
    /// Right, accepted, obtained.
    Good,
    /// Wrong, refused: with `✗` beside it.
    Bad,
    /// Worth a look: with `!` beside it.
    Warn,
    /// The differing characters themselves: reversed or underlined as well as coloured.
    Mark,
}

/// A piece of a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The text, free of control and bidirectional characters (see [`clean`]).
    pub text: String,
    /// What it means.
    pub tone: Tone,
}

/// A line of toned text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line(pub Vec<Span>);

impl Line {
    /// A line of one tone.
    pub fn new(text: impl Into<String>, tone: Tone) -> Self {
        Self::default().then(text, tone)
    }

    /// The same line with a piece more.
    #[must_use]
    pub fn then(mut self, text: impl Into<String>, tone: Tone) -> Self {
        let text = text.into();
        if !text.is_empty() {
            self.0.push(Span { text, tone });
        }
        self
    }

    /// The same line with another one behind it.
    #[must_use]
    pub fn then_all(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// The same line with spaces up to a column (in terminal cells); at least one space where it is past it.
    #[must_use]
    pub fn pad_to(self, column: usize) -> Self {
        let width = self.width();
        let spaces = if width == 0 {
            column
        } else {
            column.saturating_sub(width).max(1)
        };
        self.then(" ".repeat(spaces), Tone::Plain)
    }

    /// Its width in terminal cells; wide characters count two.
    pub fn width(&self) -> usize {
        self.0.iter().map(|span| width(&span.text)).sum()
    }

    /// The text without tones.
    pub fn text(&self) -> String {
        self.0.iter().map(|span| span.text.as_str()).collect()
    }
}

/// The width of a text in terminal cells; wide characters count two.
pub fn width(text: &str) -> usize {
    // Nearly all that is drawn has a cell a character; counting them is cheaper than a look into the tables of Unicode.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.len();
    }
    let mut cells = 0;
    for c in text.chars() {
        if !is_one_cell(c) {
            return text.width();
        }
        cells += 1;
    }
    cells
}

/// True for characters that take a cell each and join with no other.
#[inline]
pub fn is_one_cell(c: char) -> bool {
    matches!(c, ' '..='~' | '─'..='╿' | '·' | '•' | '…' | '●' | '○' | '◌' | '►' | '◄' | '✓' | '✗' | '←' | '→')
}

/// Makes outside text safe to draw: control, bidirectional and zero-width characters become visible stand-ins
/// (`␊`, `␍`, `␉`, `·` for others).
pub fn clean(text: &str) -> String {
    text.chars().map(clean_char).collect()
}

/// The visible stand-in of one character; itself where it is visible anyway.
pub fn clean_char(c: char) -> char {
    match c {
        '\n' => '␊',
        '\r' => '␍',
        '\t' => '␉',
        '\u{7f}' => '␡',
        c if c < ' ' => char::from_u32(0x2400 + c as u32).unwrap_or('·'),
        c if crate::text::defects::is_invisible(c) || c.is_control() => '·',
        c => c,
    }
}

/// A JSON text in which each character that a terminal would obey or not show is written as `\uXXXX`. Such a one stands in
/// strings only, but for the line breaks between them.
pub fn harmless_json(json: &str) -> Cow<'_, str> {
    let obeyed = |c: char| c != '\n' && clean_char(c) != c;
    if !json.contains(obeyed) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if obeyed(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// So many characters of one value are drawn; how many more there are is said.
pub const LONGEST_DRAWN: usize = 4096;

/// A text as far as it is drawn, and behind it the count of characters that were left out: `… +996000`.
pub fn bounded(text: &str) -> Cow<'_, str> {
    // A character has a byte at least.
    if text.len() <= LONGEST_DRAWN {
        return Cow::Borrowed(text);
    }
    let Some((end, _)) = text.char_indices().nth(LONGEST_DRAWN) else {
        return Cow::Borrowed(text);
    };
    let more = text[end..].chars().count();
    Cow::Owned(format!("{}… +{more}", &text[..end]))
}

/// Breaks a text into lines of at most `room` cells, at spaces where there are any, between wide characters, and inside
/// a word only when the word alone is too long. Nothing is dropped of a text that is drawn whole (see [`bounded`]).
pub fn wrap(text: &str, room: usize) -> Vec<String> {
    let text = &*bounded(text);
    let room = room.max(2);
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        let mut used = 0;
        for word in split_words(paragraph) {
            let mut bare = width(word.trim_end());
            if used + bare > room && !line.is_empty() {
                lines.push(line.trim_end().to_owned());
                line = String::new();
                used = 0;
            }
            let mut word = word;
            while bare > room {
                let cut = cut_at(word, room);
                lines.push(word[..cut].to_owned());
                word = &word[cut..];
                // Two pieces may join to another width than the sum, so what is left is measured at the end again.
                bare = bare.saturating_sub(width(&lines[lines.len() - 1]));
                if bare <= room {
                    bare = width(word.trim_end());
                }
            }
            line.push_str(word);
            used += width(word);
        }
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// Words with the white space behind them; every wide character is a word of its own, except that closing punctuation
/// stays with what it closes.
fn split_words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut previous = None;
    for (at, c) in text.char_indices() {
        if previous.replace(c).is_some_and(|before| parts(before, c)) {
            words.push(&text[start..at]);
            start = at;
        }
    }
    if start < text.len() {
        words.push(&text[start..]);
    }
    words
}

/// Whether a line may break between two characters that follow each other.
fn parts(before: char, c: char) -> bool {
    use unicode_width::UnicodeWidthChar as _;
    if before.is_ascii() && c.is_ascii() {
        return before == ' ' && c != ' ';
    }
    let wide = |c: char| !c.is_ascii() && c.width() == Some(2);
    let closing = "，。、；：！？）》」』”’…".contains(c);
    let opening = "（《「『“‘".contains(before);
    if closing || opening {
        before == ' ' && !closing
    } else {
        c != ' ' && (before == ' ' || wide(before) || wide(c))
    }
}

fn cut_at(text: &str, width: usize) -> usize {
    use unicode_width::UnicodeWidthChar as _;
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += c.width().unwrap_or(0);
        if used > width && at > 0 {
            return at;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use crate::render::text::line::*;

    #[test]
    fn wrapping_drops_nothing_and_fits() {
        for (text, width, lines) in [
            (
                "plain words wrap at spaces",
                12,
                vec!["plain words", "wrap at", "spaces"],
            ),
            (
                "averylongwordwithoutspaces",
                10,
                vec!["averylongw", "ordwithout", "spaces"],
            ),
            ("授权服务器拒绝了它。", 10, vec!["授权服务器", "拒绝了它。"]),
            ("a\n\nb", 10, vec!["a", "", "b"]),
            ("", 10, vec![""]),
        ] {
            assert_eq!(wrap(text, width), lines, "{text}");
        }
    }

    #[test]
    fn what_is_drawn_of_a_value_has_an_end() {
        for piece in ["x", "x ", "端", "x\n", "é, "] {
            let count = 1 << 20;
            let text: String = piece.chars().cycle().take(count).collect();
            let lines = wrap(&text, 78);
            assert!(
                lines.len() <= LONGEST_DRAWN + 1,
                "{piece:?}: {} lines",
                lines.len()
            );
            let drawn: usize = lines.iter().map(|line| line.chars().count()).sum();
            assert!(drawn <= LONGEST_DRAWN + 12, "{piece:?}: {drawn} characters");
            let more = format!("… +{}", count - LONGEST_DRAWN);
            assert!(lines.concat().ends_with(&more), "{piece:?}: {:?}", lines.last());
        }
        let whole = "x".repeat(LONGEST_DRAWN);
        assert_eq!(wrap(&whole, 78).concat(), whole);
    }

    #[test]
    fn nothing_from_outside_moves_the_cursor() {
        assert_eq!(clean("a\n\r\t\u{1b}[31m\u{202e}b"), "a␊␍␉␛[31m·b");
    }

    #[test]
    fn columns_count_cells() {
        let line = Line::new("客户端", Tone::Label).pad_to(10).then("x", Tone::Value);
        assert_eq!((line.width(), line.text().as_str()), (11, "客户端    x"));
    }
}
