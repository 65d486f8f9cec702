//! One line of text being edited, fitted into so many cells: masked or not, damage drawn, cursor in view.

use std::borrow::Cow;

use crate::{
    oauth::secret,
    render::text::line::{Line, Span, Tone, clean, clean_char, width as width_of},
    text::defects::{DefectKind, defects},
    ui::model::text_field::{TextField, graphemes},
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
    /// The grapheme under each column of the piece, for clicks; behind the last one lies the end.
    pub under: Vec<usize>,
}

impl Drawn {
    /// The grapheme under a column.
    pub fn grapheme_at(&self, column: usize) -> usize {
        self.under.get(column).or(self.under.last()).copied().unwrap_or(0)
    }
}

/// How the text of a field is to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// Letter for letter.
    #[default]
    Value,
    /// Letter for letter; spaces separate values and damage nothing.
    Words,
    /// A secret: its first and last four characters and any damage.
    Masked,
}

/// Draws a field into `width` cells: all of it where it fits, otherwise the piece around the cursor, and of a masked one
/// without the cursor both ends.
pub fn draw(field: &TextField, look: Look, focused: bool, width: usize) -> Drawn {
    let cells = cells(field.text(), look);
    // The column at which each grapheme begins, and behind them the end.
    let columns: Vec<usize> = std::iter::once(0)
        .chain(cells.iter().scan(0, |end, cell| {
            *end += cell.width;
            Some(*end)
        }))
        .collect();
    let column = |grapheme: usize| columns[grapheme.min(cells.len())];
    let total = column(cells.len());
    // One cell is kept for a cursor behind the last character.
    let room = width.saturating_sub(1).max(WIDEST_CELL);
    let cursor = field.cursor();
    if total > room && !focused && look == Look::Masked {
        return both_ends(&cells, &columns, room);
    }
    let mut first = 0;
    if total > room && focused {
        let behind = column(cursor).saturating_sub(room - 1);
        first = columns.partition_point(|column| *column < behind);
    }
    let mut line = Line::default();
    if first > 0 {
        // As wide as what it hides, so that the cells behind it stay where they are counted.
        let hidden = cells.get(first).map_or(1, |cell| cell.width.max(1));
        line = line.then("…".to_owned() + &" ".repeat(hidden - 1), Tone::Dim);
    }
    let mut used = line.width();
    let mut shown_to = cells.len();
    for (at, cell) in cells.iter().enumerate().skip(first + usize::from(first > 0)) {
        if used + cell.width > room {
            shown_to = at;
            line = line.then("…", Tone::Dim);
            break;
        }
        used += cell.width;
        push(&mut line, cell);
    }
    let start = column(first);
    let within = |grapheme: usize| column(grapheme.clamp(first, shown_to)) - start;
    let selected = field
        .selection()
        .filter(|_| focused)
        .map(|(from, to)| (within(from), within(to)));
    let mut under = under(&cells, first..shown_to);
    under.push(shown_to);
    Drawn {
        line,
        cursor: within(cursor),
        selected,
        under,
    }
}

/// The beginning and the end of what does not fit: damage is at the ends more often than in the middle. `columns` holds
/// where each cell begins, and behind them the end.
fn both_ends(cells: &[Cell<'_>], columns: &[usize], room: usize) -> Drawn {
    let total = columns[cells.len()];
    let for_the_head = (room - 1) / 2;
    let for_the_tail = room - 1 - for_the_head;
    let head = columns.partition_point(|column| *column <= for_the_head) - 1;
    let tail = columns.partition_point(|column| *column + for_the_tail < total);
    let mut line = Line::default();
    for cell in &cells[..head] {
        push(&mut line, cell);
    }
    line = line.then("…", Tone::Dim);
    for cell in &cells[tail..] {
        push(&mut line, cell);
    }
    let mut under = under(cells, 0..head);
    under.push(head);
    under.extend(self::under(cells, tail..cells.len()));
    under.push(cells.len());
    Drawn {
        line,
        cursor: 0,
        selected: None,
        under,
    }
}

/// The grapheme under each column of some cells.
fn under(cells: &[Cell<'_>], range: std::ops::Range<usize>) -> Vec<usize> {
    range
        .flat_map(|at| std::iter::repeat_n(at, cells[at].width))
        .collect()
}

fn push(line: &mut Line, cell: &Cell<'_>) {
    match line.0.last_mut() {
        Some(span) if span.tone == cell.tone => span.text.push_str(&cell.text),
        _ => line.0.push(Span {
            text: cell.text.clone().into_owned(),
            tone: cell.tone,
        }),
    }
}

/// What stands for a grapheme.
struct Cell<'c> {
    text: Cow<'c, str>,
    /// Tells whether it is damage.
    tone: Tone,
    /// In terminal cells.
    width: usize,
}

/// A grapheme that takes more columns, as one with many joiners behind it does, is cut. No field is narrower.
const WIDEST_CELL: usize = 4;

/// A grapheme each. The time it takes grows with the text and no faster: a paste may be a whole file.
fn cells(text: &str, look: Look) -> Vec<Cell<'_>> {
    // In order of position.
    let damage: Vec<(usize, DefectKind)> = defects(text)
        .into_iter()
        .filter(|defect| match defect.kind {
            DefectKind::Placeholder | DefectKind::Empty => false,
            DefectKind::Space => look != Look::Words,
            _ => true,
        })
        .map(|defect| (defect.at, defect.kind))
        .collect();
    let mut damage = damage.into_iter().peekable();
    let mask: Vec<char> = match look {
        Look::Masked => secret::mask(text).chars().collect(),
        Look::Value | Look::Words => Vec::new(),
    };
    let mut character = 0;
    graphemes(text)
        .map(|grapheme| {
            let first = character;
            character += grapheme.chars().count();
            let mut damaged = None;
            while let Some((_, kind)) = damage.next_if(|(at, _)| *at <= character) {
                damaged = damaged.or(Some(kind));
            }
            let shown = match (damaged, look) {
                (Some(DefectKind::Space), _) if grapheme == " " => Cow::Borrowed("␠"),
                // A letter of another alphabet is damage and yet a letter of the secret.
                (None | Some(DefectKind::NonAscii), Look::Masked) => one_char(clean_char(mask[first])),
                _ => cut(grapheme),
            };
            let tone = if damaged.is_some() {
                Tone::Mark
            } else {
                Tone::Value
            };
            Cell {
                width: width_of(&shown),
                text: shown,
                tone,
            }
        })
        .collect()
}

fn one_char(c: char) -> Cow<'static, str> {
    if c == secret::MASK {
        Cow::Borrowed("•")
    } else {
        Cow::Owned(c.to_string())
    }
}

/// A grapheme made safe to draw, at most [`WIDEST_CELL`] columns of it.
fn cut(grapheme: &str) -> Cow<'_, str> {
    if let [b' '..=b'~'] = grapheme.as_bytes() {
        return Cow::Borrowed(grapheme);
    }
    let shown = clean(grapheme);
    if width_of(&shown) <= WIDEST_CELL {
        return Cow::Owned(shown);
    }
    let mut kept = String::new();
    for c in shown.chars().take(2 * WIDEST_CELL) {
        kept.push(c);
        if width_of(&kept) >= WIDEST_CELL {
            kept.pop();
            break;
        }
    }
    kept.push('…');
    Cow::Owned(kept)
}

#[cfg(test)]
mod tests {
    use crate::ui::model::text_field::Edit;
    use crate::ui::view::field::*;

    #[test]
    fn a_masked_field_shows_its_length_and_its_damage() {
        let secret = "a1b2c3d4e5f60718293a4b5c6d7e8f9012349f0e";
        let field = TextField::new(format!("{secret}\n"));
        let drawn = draw(&field, Look::Masked, false, 60);
        assert_eq!(drawn.line.text(), format!("a1b2{}9f0e␊", "•".repeat(32)));
        assert_eq!(drawn.line.0.last().unwrap().tone, Tone::Mark);
        let narrow = draw(&field, Look::Masked, false, 21);
        assert_eq!(narrow.line.text(), "a1b2•••••…•••••9f0e␊");
        let short = draw(&TextField::new("short"), Look::Masked, true, 60);
        assert_eq!(short.line.text(), "•••••");
        let foreign = draw(&TextField::new("пароль"), Look::Masked, true, 60);
        assert_eq!(foreign.line.text(), "••••••");
    }

    #[test]
    fn spaces_damage_a_value_and_part_a_list() {
        let field = TextField::new("repo gist");
        let text = |look| draw(&field, look, false, 60).line.text();
        assert_eq!(text(Look::Value), "repo␠gist");
        assert_eq!(text(Look::Words), "repo gist");
    }

    #[test]
    fn the_cursor_stays_in_view() {
        let mut field = TextField::new("客户端密钥".repeat(8));
        let drawn = draw(&field, Look::Value, true, 20);
        assert!(drawn.cursor < 20, "{drawn:?}");
        assert!(drawn.line.width() <= 20);
        assert_eq!(drawn.cursor, drawn.line.width(), "behind the last character");
        field.edit(Edit::Move(crate::ui::model::text_field::Motion::Home, false));
        assert_eq!(draw(&field, Look::Value, true, 20).cursor, 0);
    }
}
