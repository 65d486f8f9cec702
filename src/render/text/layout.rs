//! Putting toned text into columns: values cut where nothing of interest lies, carets under what differs, rows of cells.

use crate::{
    render::text::line::{Line, Tone, width, wrap},
    text::catalog::CODE,
};

/// The narrowest width that any picture is drawn for; a smaller one is treated as this one.
pub const NARROWEST: usize = 40;

/// A text wrapped to `width`, in one tone but for what is code in it.
pub fn paragraph(text: &str, tone: Tone, width: usize) -> Vec<Line> {
    wrapped(text, tone, width).collect()
}

/// The lines of a text, what is between two [`CODE`] in a tone of its own where the rest has none.
fn wrapped(text: &str, tone: Tone, width: usize) -> impl Iterator<Item = Line> {
    let code = if tone == Tone::Plain { Tone::Code } else { tone };
    let mut within = false;
    wrap(text, width).into_iter().map(move |piece| {
        let mut line = Line::default();
        for (at, part) in piece.split(CODE).enumerate() {
            within ^= at > 0;
            line = line.then(part, if within { code } else { tone });
        }
        line
    })
}

/// A label and a text behind it that wraps under itself. A label longer than `indent` is on a line of its own.
pub fn hanging(label: Line, text: &str, tone: Tone, indent: usize, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut first = label;
    if first.width() > 0 && first.width() + gap_behind(&first) > indent {
        lines.extend(label_lines(std::mem::take(&mut first), width));
    }
    for piece in wrapped(text, tone, width.saturating_sub(indent)) {
        let label = std::mem::take(&mut first);
        let spaces = indent.saturating_sub(label.width());
        lines.push(label.then(" ".repeat(spaces), Tone::Plain).then_all(piece));
    }
    lines
}

/// A label on lines of its own: one, or as many as it takes where it is wider than there is room.
fn label_lines(label: Line, width: usize) -> Vec<Line> {
    if label.width() <= width {
        return vec![label];
    }
    let text = label.text();
    let words = text.trim_start();
    let before = " ".repeat(text.len() - words.len());
    let tone = label.0.last().map_or(Tone::Label, |span| span.tone);
    wrap(words, width.saturating_sub(before.len()))
        .into_iter()
        .map(|piece| Line::new(&before, Tone::Plain).then(piece, tone))
        .collect()
}

/// A label and a text right behind it, which wraps under itself.
pub fn labelled(label: Line, text: &str, tone: Tone, width: usize) -> Vec<Line> {
    let indent = label.width() + gap_behind(&label);
    hanging(label, text, tone, indent, width)
}

/// One space, but none behind a full-width colon, which holds its own.
pub fn gap_behind(label: &Line) -> usize {
    usize::from(!label.text().ends_with('：'))
}

/// One cell of a table row.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its text, wrapped to the width.
    pub text: String,
    /// Its tone.
    pub tone: Tone,
    /// Its width in terminal cells.
    pub width: usize,
}

/// A table row: every column wrapped to its own width, two spaces between.
pub fn row(columns: &[Column]) -> Vec<Line> {
    let wrapped: Vec<Vec<String>> = columns
        .iter()
        .map(|column| wrap(&column.text, column.width))
        .collect();
    let height = wrapped.iter().map(Vec::len).max().unwrap_or(0);
    (0..height)
        .map(|at| {
            let mut line = Line::default();
            let mut start = 0;
            for (column, pieces) in columns.iter().zip(&wrapped) {
                if let Some(piece) = pieces.get(at).filter(|piece| !piece.is_empty()) {
                    if start > 0 {
                        line = line.pad_to(start);
                    }
                    line = line.then(piece, column.tone);
                }
                start += column.width + 2;
            }
            line
        })
        .collect()
}

/// Two blocks of lines beside each other; the second begins at the column `start`, which its lines are padded to
/// already. What they are indented beyond that stays.
pub fn side_by_side(left: Vec<Line>, right: Vec<Line>, start: usize) -> Vec<Line> {
    let height = left.len().max(right.len());
    let mut left = left.into_iter();
    let mut right = right.into_iter();
    (0..height)
        .map(|_| {
            let line = left.next().unwrap_or_default();
            match right.next() {
                Some(piece) => line.pad_to(start).then_all(without_padding(piece, start)),
                None => line,
            }
        })
        .collect()
}

/// A line without its first `padding` spaces.
fn without_padding(mut line: Line, mut padding: usize) -> Line {
    for span in &mut line.0 {
        let spaces = span.text.len() - span.text.trim_start_matches(' ').len();
        let dropped = spaces.min(padding);
        span.text.drain(..dropped);
        padding -= dropped;
        if !span.text.is_empty() {
            break;
        }
    }
    line.0.retain(|span| !span.text.is_empty());
    line
}

/// The widest of some texts.
pub fn widest<'t>(texts: impl IntoIterator<Item = &'t str>) -> usize {
    texts.into_iter().map(width).max().unwrap_or(0)
}

/// The same lines moved to the right.
pub fn indented(lines: Vec<Line>, by: usize) -> Vec<Line> {
    lines
        .into_iter()
        .map(|mut line| {
            if !line.0.is_empty() {
                line.0.insert(
                    0,
                    crate::render::text::line::Span {
                        text: " ".repeat(by),
                        tone: Tone::Plain,
                    },
                );
            }
            line
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::render::text::layout::*;

    #[test]
    fn a_label_wider_than_the_line_wraps_too() {
        let label = Line::new("   ", Tone::Plain).then("one two three", Tone::Label);
        let lines: Vec<String> = hanging(label, "value", Tone::Plain, 4, 11)
            .iter()
            .map(Line::text)
            .collect();
        assert_eq!(lines, ["   one two", "   three", "    value"]);
    }

    #[test]
    fn what_wraps_under_itself_does_so_beside_something_too() {
        let left = vec![Line::new("ab", Tone::Plain)];
        let right = labelled(Line::new("for:", Tone::Dim), "one two", Tone::Plain, 8);
        let lines: Vec<String> = side_by_side(left, indented(right, 4), 4)
            .iter()
            .map(Line::text)
            .collect();
        assert_eq!(lines, ["ab  for: one", "         two"]);
    }

    #[test]
    fn rows_wrap_each_column_by_itself() {
        let column = |text: &str, width| Column {
            text: text.into(),
            tone: Tone::Plain,
            width,
        };
        let lines: Vec<String> = row(&[column("客户端", 8), column("a b c d", 3)])
            .iter()
            .map(Line::text)
            .collect();
        assert_eq!(lines, ["客户端    a b", "          c d"]);
    }
}
