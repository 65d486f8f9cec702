//! The cells of a value: what is marked in it, what may be left out, and how it is cut to a width.

use unicode_width::UnicodeWidthChar as _;

use crate::{
    render::text::line::{LONGEST_DRAWN, Line, Tone, clean_char},
    text::diff::Difference,
};

/// One character of a value as it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The character, free of control and bidirectional characters.
    pub c: char,
    /// True where it differs or is damage: drawn with [`Tone::Mark`] and a caret under it.
    pub marked: bool,
}

/// Stands where a stretch of a value was left out.
const LEFT_OUT: char = '…';

/// Stands for a character that is missing.
const MISSING: char = '▯';

/// How many missing characters are drawn one by one.
pub(super) const LONGEST_GAP: usize = 40;

/// How many characters at either end of a value stay when its middle is left out.
const ENDS: usize = 4;

/// The characters of a text, cleaned; those in the character ranges `[from, to)` marked.
pub fn cells(text: &str, marks: &[(usize, usize)]) -> Vec<Cell> {
    let mut cells: Vec<Cell> = text
        .chars()
        .map(|c| Cell {
            c: clean_char(c),
            marked: false,
        })
        .collect();
    let mut marks = marks.to_vec();
    marks.sort_unstable();
    // Marks may lie over each other; no cell is marked twice.
    let mut done = 0;
    for (from, to) in marks {
        let to = to.min(cells.len());
        for cell in cells.iter_mut().take(to).skip(from.max(done)) {
            cell.marked = true;
        }
        done = done.max(to);
    }
    cells
}

/// The characters of a text with what departs in it marked, and with a gap where characters are missing.
pub fn cells_with(text: &str, difference: &Difference) -> Vec<Cell> {
    let mut cells = cells(text, &difference.marks);
    let mut gaps = difference.missing.clone();
    // From the last on, so that the places of the others hold.
    gaps.sort_unstable();
    for (at, count) in gaps.into_iter().rev() {
        let at = at.min(cells.len());
        let gap = Cell {
            c: MISSING,
            marked: true,
        };
        cells.splice(at..at, std::iter::repeat_n(gap, count.min(LONGEST_GAP)));
    }
    cells
}

/// The width of cells on the screen.
pub fn width_of(cells: &[Cell]) -> usize {
    cells.iter().map(|cell| cell.c.width().unwrap_or(0)).sum()
}

/// Leaves out so much of the middle that the rest fits into `width`, never a marked character while any other is left.
/// Each stretch that is left out becomes one `…`.
pub fn cut(cells: &[Cell], width: usize) -> Vec<Cell> {
    if fits(cells, width) {
        return cells.to_vec();
    }
    // Beyond `width` no halo can fit, so the search for the widest that does is short.
    let near = near(cells, width + 1);
    let (mut low, mut high) = (0, width + 1);
    while low < high {
        let radius = (low + high).div_ceil(2);
        if fits(&within(&near, cells.len(), radius, width), width) {
            low = radius;
        } else {
            high = radius - 1;
        }
    }
    let found = within(&near, cells.len(), low, width);
    if fits(&found, width) {
        return found;
    }
    // Even the marks alone do not fit: what follows from the first mark on, as far as there is room.
    let first = cells.iter().position(|cell| cell.marked).unwrap_or(0);
    let gap = Cell {
        c: LEFT_OUT,
        marked: false,
    };
    let mut found = if first > 0 { vec![gap] } else { Vec::new() };
    let mut used = width_of(&found);
    let fitting = cells[first..].iter().take(LONGEST_DRAWN).take_while(|cell| {
        used += cell.c.width().unwrap_or(0);
        used < width
    });
    found.extend(fitting);
    // The rest does not fit.
    found.push(gap);
    found
}

/// True where cells take no more than `width`; of many no more are looked at than that takes.
fn fits(cells: &[Cell], width: usize) -> bool {
    let mut used = 0;
    cells.iter().all(|cell| {
        used += cell.c.width().unwrap_or(0);
        used <= width
    })
}

/// The cells that are no further than `radius` from a marked one or an end, each with its place and its distance.
fn near(cells: &[Cell], radius: usize) -> Vec<(usize, Cell, usize)> {
    let last = cells.len();
    if 2 * (radius + 1) < last && !cells.iter().any(|cell| cell.marked) {
        // Nothing but the ends counts then.
        let ends = (0..=radius).chain(last - 1 - radius..last);
        return ends.map(|at| (at, cells[at], at.min(last - 1 - at))).collect();
    }
    let distances = distances(cells);
    let cells = cells.iter().zip(distances).enumerate();
    cells
        .filter(|(_, (_, distance))| *distance <= radius)
        .map(|(at, (cell, distance))| (at, *cell, distance))
        .collect()
}

/// For each cell how far it is from a marked one; the ends count as marked for their first few characters.
fn distances(cells: &[Cell]) -> Vec<usize> {
    let last = cells.len();
    let any_mark = cells.iter().any(|cell| cell.marked);
    let mut distance: Vec<usize> = (0..last)
        .map(|at| {
            let from_end = at.min(last - 1 - at);
            if cells[at].marked {
                0
            } else if any_mark {
                from_end.saturating_sub(ENDS).saturating_mul(2) + 1
            } else {
                from_end
            }
        })
        .collect();
    for at in 1..last {
        distance[at] = distance[at].min(distance[at - 1] + 1);
    }
    for at in (0..last.saturating_sub(1)).rev() {
        distance[at] = distance[at].min(distance[at + 1] + 1);
    }
    distance
}

/// What of the cells is no further than `radius`, a sign for each gap; at most so much as tells that it is too wide.
pub(super) fn within(near: &[(usize, Cell, usize)], cells: usize, radius: usize, width: usize) -> Vec<Cell> {
    let mut kept = Vec::new();
    let (mut next, mut used) = (0, 0);
    for (at, cell, _) in near.iter().filter(|(.., distance)| *distance <= radius) {
        if *at > next {
            kept.push(Cell {
                c: LEFT_OUT,
                marked: false,
            });
            used += 1;
        }
        kept.push(*cell);
        used += cell.c.width().unwrap_or(0);
        if used > width {
            break;
        }
        next = at + 1;
    }
    if next < cells && used <= width {
        kept.push(Cell {
            c: LEFT_OUT,
            marked: false,
        });
    }
    kept
}

/// Appends cells to a line: marked ones in [`Tone::Mark`], the rest in `tone`.
#[must_use]
pub fn append(mut line: Line, cells: &[Cell], tone: Tone) -> Line {
    for run in cells.chunk_by(|a, b| a.marked == b.marked) {
        let text: String = run.iter().map(|cell| cell.c).collect();
        line = line.then(text, if run[0].marked { Tone::Mark } else { tone });
    }
    line
}

/// `^` under every marked cell, or nothing where none is marked.
pub fn carets(cells: &[Cell], indent: usize) -> Option<Line> {
    let end = cells.iter().rposition(|cell| cell.marked)?;
    let text: String = cells[..=end]
        .iter()
        .flat_map(|cell| {
            let mark = if cell.marked { '^' } else { ' ' };
            std::iter::repeat_n(mark, cell.c.width().unwrap_or(0))
        })
        .collect();
    Some(Line::new(" ".repeat(indent), Tone::Plain).then(text, Tone::Bad))
}

/// A value behind a label, with carets under what is marked. Too long a value is cut where nothing is marked; where even
/// the marked characters need more than a line, it goes on over more lines, as far as a value is drawn.
pub fn value_lines(label: Line, cells: &[Cell], tone: Tone, indent: usize, width: usize) -> Vec<Line> {
    let room = width.saturating_sub(indent).max(2);
    let marked = cells.iter().filter(|cell| cell.marked).count();
    let shown = cut(cells, room);
    let pieces = if shown.iter().filter(|cell| cell.marked).count() == marked {
        vec![shown]
    } else {
        chunks(cells, room)
    };
    let mut lines = Vec::new();
    let mut first = label;
    let drawn: usize = pieces.iter().map(Vec::len).sum();
    let more = (pieces.len() > 1)
        .then(|| cells.len() - drawn)
        .filter(|more| *more > 0);
    for piece in pieces {
        lines.push(append(std::mem::take(&mut first).pad_to(indent), &piece, tone));
        lines.extend(carets(&piece, indent));
    }
    lines.extend(more.map(|more| {
        let text = format!("{LEFT_OUT} +{more}");
        Line::new(" ".repeat(indent), Tone::Plain).then(text, Tone::Dim)
    }));
    lines
}

/// Pieces of at most `width` cells, as far as a value is drawn.
fn chunks(cells: &[Cell], width: usize) -> Vec<Vec<Cell>> {
    let mut pieces: Vec<Vec<Cell>> = vec![Vec::new()];
    let mut used = 0;
    for cell in cells.iter().take(LONGEST_DRAWN) {
        let room = cell.c.width().unwrap_or(0);
        if let Some(piece) = pieces.last_mut().filter(|_| used + room <= width) {
            piece.push(*cell);
        } else {
            pieces.push(vec![*cell]);
            used = 0;
        }
        used += room;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use crate::render::text::cells::*;

    fn text(cells: &[Cell]) -> String {
        cells.iter().map(|cell| cell.c).collect()
    }

    #[test]
    fn a_cut_never_takes_the_difference() {
        let value = "https://a.very.long.host.example.com/some/path/that/goes/on";
        for at in 0..value.len() {
            let cells = cells(value, &[(at, at + 1)]);
            for width in 12..value.len() {
                let kept = cut(&cells, width);
                assert!(width_of(&kept) <= width, "{at} {width}");
                assert!(
                    kept.iter().any(|cell| cell.marked),
                    "{at} {width} {}",
                    text(&kept)
                );
            }
        }
        assert_eq!(text(&cut(&cells(value, &[]), 21)), "https://a.…at/goes/on");
    }

    #[test]
    fn more_marks_than_room_still_fit() {
        let value = "x".repeat(90);
        let kept = cut(&cells(&value, &[(10, 80)]), 20);
        assert_eq!((width_of(&kept), kept[0].c, kept[19].c), (20, '…', '…'));
        assert!(kept[1].marked);
    }

    #[test]
    fn a_value_that_is_marked_all_over_has_an_end() {
        let count = 1 << 20;
        let marks: Vec<(usize, usize)> = (0..count).map(|at| (at, at + 1)).collect();
        let cells = cells(&"x".repeat(count), &marks);
        assert!(cells.iter().all(|cell| cell.marked));
        let lines = value_lines(Line::default(), &cells, Tone::Value, 4, 68);
        assert_eq!(lines.len(), 2 * LONGEST_DRAWN / 64 + 1);
        assert_eq!(
            lines[lines.len() - 1].text().trim(),
            format!("… +{}", count - LONGEST_DRAWN)
        );
    }

    #[test]
    fn carets_stand_under_wide_characters_too() {
        let cells = cells("a端b", &[(1, 2)]);
        assert_eq!(carets(&cells, 2).unwrap().text(), "   ^^");
    }

    #[test]
    fn a_gap_stands_where_characters_are_missing() {
        let shown = |text, missing| -> String {
            let difference = Difference {
                marks: vec![],
                missing,
            };
            cells_with(text, &difference).iter().map(|cell| cell.c).collect()
        };
        assert_eq!(shown("/callback", vec![(1, 5)]), "/▯▯▯▯▯callback");
        assert_eq!(shown("/callback", vec![(9, 1)]), "/callback▯");
        assert_eq!(shown("", vec![(0, 2)]), "▯▯");
        assert_eq!(shown("x", vec![(1, 90_000)]).chars().count(), 1 + LONGEST_GAP);
    }
}
