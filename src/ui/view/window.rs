//! A window over the page.

use ratatui::{
    layout::{Position, Rect},
    style::Style,
};
use unicode_width::UnicodeWidthStr as _;

use crate::{
    render::text::line::Tone,
    text::catalog::Messages,
    ui::{
        model::{Model, layout::WINDOW},
        view::{
            canvas::{Pen, cells},
            footer::label,
            screens, settled,
        },
    },
};

/// Draws the window over the page. Returns the cursor.
pub(crate) fn window(pen: &mut Pen<'_>, area: Rect, model: &Model, messages: &Messages) -> Option<Position> {
    let width = area.width.saturating_sub(4).min(92);
    let (title, body) = screens::window(model, messages, usize::from(width))?;
    let height = cells(body.lines.len()).min(area.height.saturating_sub(2));
    let outer = Rect {
        x: area.x + (area.width - width - 4) / 2,
        y: area.y + (area.height.saturating_sub(height + 2)) / 2,
        width: width + 4,
        height: height + 2,
    };
    let (style, accent) = (pen.theme.style(Tone::Dim), pen.theme.style(Tone::Accent));
    for y in outer.y..outer.bottom() {
        let blank = " ".repeat(usize::from(outer.width));
        // Cells are reset, so that nothing of the page shows through.
        for x in outer.x.saturating_sub(1)..(outer.right() + 1).min(area.right()) {
            pen.buffer[(x, y)].reset();
        }
        pen.put(outer.x, y, &blank, Style::new(), blank.len());
        pen.put(outer.x, y, "│", style, 1);
        pen.put(outer.right() - 1, y, "│", style, 1);
    }
    let inside = usize::from(outer.width) - 2;
    pen.put(
        outer.x,
        outer.y,
        &format!("╭{}╮", "─".repeat(inside)),
        style,
        inside + 2,
    );
    pen.put(
        outer.x,
        outer.bottom() - 1,
        &format!("╰{}╯", "─".repeat(inside)),
        style,
        inside + 2,
    );
    pen.put(outer.x + 2, outer.y, &format!(" {title} "), accent, inside);
    let inner = Rect {
        x: outer.x + 2,
        y: outer.y + 1,
        width,
        height,
    };
    let scrolled = settled(
        body.focus.filter(|_| model.follow_focus),
        body.lines.len(),
        usize::from(height),
        model.layout.scroll[WINDOW],
    );
    pen.drawn.layout.view_lines = usize::from(height);
    pen.drawn.layout.scroll[WINDOW] = scrolled;
    let below = body.lines.len().saturating_sub(scrolled + usize::from(height));
    if let Some(text) = label(scrolled, messages.opening().frame.more_above, "▲") {
        let x = outer.right() - 2 - cells(text.width());
        pen.put(x, outer.y, &text, accent, text.width());
    }
    if let Some(text) = label(below, messages.opening().frame.more_below, "▼") {
        let x = outer.right() - 2 - cells(text.width());
        pen.put(x, outer.bottom() - 1, &text, accent, text.width());
    }
    pen.body(inner, &body, scrolled)
}
