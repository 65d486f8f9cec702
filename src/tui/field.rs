//! One line of text being edited, fitted into so many cells: masked or not, damage drawn, cursor in view.

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use crate::{
    app::text_field::TextField,
    oauth::{secret, shape},
    pictures::line::{Line, Tone, clean},
};

/// A field as it is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// The visible piece.
    pub line: Line,
    /// Column of the cursor within the piece.
    pub cursor: usize,
    /// Selected columns within the piece.
    pub selected: Option<(usize, usize)>,
    /// The grapheme that the piece begins with, for clicks.
    pub first: usize,
}

/// How a text is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Masked, damage drawn.
    Masked,
    /// In full, damage drawn: one value, in which a space is damage.
    Value,
    /// In full: words, between which spaces belong.
    Words,
}

/// Draws a field into `width` cells. A masked one shows its first and last four characters and any damage.
pub fn draw(field: &TextField, look: Look, focused: bool, width: usize) -> Drawn {
    let cells = cells(field.text(), look);
    let column = |grapheme: usize| -> usize { cells.iter().take(grapheme).map(|cell| cell.0.width()).sum() };
    let total = column(cells.len());
    // One cell is kept for a cursor behind the last character.
    let room = width.saturating_sub(1).max(4);
    let cursor = field.cursor();
    let mut first = 0;
    if total > room {
        if focused {
            while column(cursor) - column(first) > room.saturating_sub(1) {
                first += 1;
            }
        }
    }
    let mut line = Line::default();
    if first > 0 {
        line = line.then("…", Tone::Dim);
    }
    let mut used = line.width();
    let mut shown_to = cells.len();
    for (at, (text, tone)) in cells.iter().enumerate().skip(first + usize::from(first > 0)) {
        if used + text.width() > room {
            shown_to = at;
            line = line.then("…", Tone::Dim);
            break;
        }
        used += text.width();
        line = push(line, text, *tone);
    }
    let start = column(first);
    let within = |grapheme: usize| column(grapheme.clamp(first, shown_to)) - start;
    let selected = field
        .selection()
        .filter(|_| focused)
        .map(|(from, to)| (within(from), within(to)));
    Drawn {
        line,
        cursor: within(cursor),
        selected,
        first,
    }
}

fn push(line: Line, text: &str, tone: Tone) -> Line {
    let mut line = line;
    match line.0.last_mut() {
        Some(span) if span.tone == tone => span.text.push_str(text),
        _ => line = line.then(text, tone),
    }
    line
}

/// A grapheme each: what stands for it, and whether it is damage.
fn cells(text: &str, look: Look) -> Vec<(String, Tone)> {
    let masked = look == Look::Masked;
    let damage: Vec<usize> = shape::defects(text)
        .into_iter()
        .filter(|defect| look != Look::Words || defect.kind == shape::DefectKind::Invisible)
        .filter(|defect| {
            !matches!(
                defect.kind,
                shape::DefectKind::Placeholder | shape::DefectKind::Empty
            )
        })
        .map(|defect| defect.at)
        .collect();
    let mask: Vec<char> = secret::mask(text).chars().collect();
    let mut character = 0;
    text.graphemes(true)
        .map(|grapheme| {
            let first = character;
            character += grapheme.chars().count();
            let damaged = damage.iter().any(|at| (first + 1..=character).contains(at));
            let shown = match (damaged, masked) {
                (true, _) if grapheme == " " => "␠".to_owned(),
                (false, true) => mask[first].to_string(),
                _ => clean(grapheme),
            };
            (shown, if damaged { Tone::Mark } else { Tone::Value })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::text_field::Edit;

    #[test]
    fn a_masked_field_shows_its_length_and_its_damage() {
        let field = TextField::new("a1b2c3d4e5f60718293a4b5c6d7e8f9012349f0e\n");
        let drawn = draw(&field, Look::Masked, false, 60);
        assert_eq!(
            drawn.line.text(),
            format!("a1b2{}9f0e␊", "•".repeat(32)).replace("9f0e␊", "•f0e␊")
        );
        assert_eq!(drawn.line.0.last().unwrap().tone, Tone::Mark);
        assert_eq!(
            draw(&TextField::new("short"), Look::Masked, true, 60).line.text(),
            "•••••"
        );
    }

    #[test]
    fn the_cursor_stays_in_view() {
        let mut field = TextField::new("客户端密钥".repeat(8));
        let drawn = draw(&field, Look::Value, true, 20);
        assert!(drawn.cursor < 20, "{drawn:?}");
        assert!(drawn.line.width() <= 20);
        field.edit(Edit::Move(crate::app::text_field::Motion::Home, false));
        assert_eq!(draw(&field, Look::Value, true, 20).cursor, 0);
    }
}
