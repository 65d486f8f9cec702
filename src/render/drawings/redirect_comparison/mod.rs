//! `redirect_uri_mismatch`: the registered, authorize-time, exchange-time and listening values, component by component.

pub(crate) mod rows;
mod table;

use crate::{
    diagnosis::context::Facts,
    render::{
        drawings::{
            Size,
            redirect_comparison::{
                rows::{Comparison, RowValue},
                table::{has_any_port, stacked, table},
            },
        },
        text::{
            cells::{append, cells, width_of},
            layout::{self, gap_behind, hanging, paragraph},
            line::{Line, Tone, clean},
        },
    },
    text::catalog::Messages,
};

/// Draws the comparison.
pub fn draw(facts: &Facts<'_>, messages: &Messages, width: usize, _reveal: bool) -> Vec<Line> {
    draw_comparison(&Comparison::of(facts, messages), messages, width)
}

/// Draws the values without a word on which of them fit.
pub(crate) fn draw_unjudged(facts: &Facts<'_>, messages: &Messages, width: usize) -> Vec<Line> {
    draw_comparison(&Comparison::of(facts, messages).unjudged(), messages, width)
}

/// Draws what was sent beside what is registered, without the rule and without what nothing is held against.
pub(crate) fn draw_brief(facts: &Facts<'_>, messages: &Messages, width: usize, size: Size) -> Vec<Line> {
    let width = width.max(layout::NARROWEST);
    let mut comparison = Comparison::of(facts, messages);
    let listening = &messages.pictures().comparison.listening;
    let any_wrong = comparison.rows.iter().any(|row| row.good == Some(false));
    comparison.rows.retain(|row| {
        let is_remark = matches!(row.value, RowValue::Remark(_));
        let needed = size == Size::Brief || !any_wrong || row.good != Some(true);
        needed && !is_remark && row.label != *listening
    });
    comparison.is_brief = true;
    if comparison.rows.is_empty() {
        return Vec::new();
    }
    let mut lines =
        table(&comparison, messages, width).unwrap_or_else(|| stacked(&comparison, messages, width));
    if size == Size::Brief {
        comparison.rows.retain(|row| row.good == Some(false));
        lines.extend(notes(&comparison, messages, width));
    }
    lines
}

fn draw_comparison(comparison: &Comparison, messages: &Messages, width: usize) -> Vec<Line> {
    let width = width.max(layout::NARROWEST);
    let prose = &messages.pictures().comparison;
    // A table where it fits, else one component under the other.
    let table = table(comparison, messages, width);
    let mut lines = table.unwrap_or_else(|| stacked(comparison, messages, width));
    let notes = notes(comparison, messages, width);
    if !notes.is_empty() {
        lines.push(Line::default());
        lines.extend(notes);
    }
    lines.push(Line::default());
    match &comparison.nearest {
        Some(nearest) => {
            let label = Line::new(&prose.nearest, Tone::Label);
            let gap = " ".repeat(gap_behind(&label));
            let label = label.then(gap, Tone::Plain);
            let value = cells(nearest, &[]);
            if label.width() + width_of(&value) <= width {
                lines.push(append(label, &value, Tone::Good));
            } else {
                lines.push(label);
                lines.extend(layout::indented(
                    paragraph(&clean(nearest), Tone::Good, width - 2),
                    2,
                ));
            }
        }
        None if comparison.rows.iter().all(|row| row.good != Some(false))
            && comparison.rows.iter().any(|row| row.good == Some(true)) =>
        {
            lines.extend(paragraph(&format!("✓ {}", prose.all_match), Tone::Good, width));
        }
        None if comparison.same_but_unregistered => {
            lines.extend(paragraph(&prose.nothing_to_compare, Tone::Dim, width));
        }
        None => {
            lines.pop();
        }
    }
    lines
}

/// What is said of a row beyond its verdict, a line each below the drawing.
fn notes(comparison: &Comparison, messages: &Messages, width: usize) -> Vec<Line> {
    let colon = &messages.pictures().units.colon;
    let mut lines = Vec::new();
    for row in &comparison.rows {
        let (symbol, tone) = if row.good == Some(false) {
            ("✗", Tone::Bad)
        } else {
            ("!", Tone::Warn)
        };
        for note in &row.notes {
            let text = format!("{symbol} {}{colon}{note}", row.label);
            lines.extend(hanging(Line::default(), &text, tone, 0, width));
        }
    }
    let words = &messages.pictures().comparison;
    if comparison
        .rows
        .iter()
        .any(|row| has_any_port(row, comparison, words))
    {
        lines.extend(paragraph(&words.loopback_port, Tone::Dim, width));
    }
    lines
}
