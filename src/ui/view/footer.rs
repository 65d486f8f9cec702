//! The foot of the frame: what lies beyond the edges of the page, the notice, the keys.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr as _;

use crate::{
    render::text::{
        layout,
        line::{Line, Tone},
    },
    text::{catalog::Messages, template::fill},
    ui::{
        keys::{self, Action},
        message::Message,
        model::Model,
        view::{
            canvas::{Pen, cells},
            screens,
        },
    },
};

/// How many rows the notice and the keys take.
pub(crate) fn rows(area: Rect, model: &Model, messages: &Messages) -> u16 {
    1 + cells(notice(area, model, messages).len())
}

/// The notice, over so many lines as it needs, at most a third of the screen.
fn notice(area: Rect, model: &Model, messages: &Messages) -> Vec<Line> {
    let Some(notice) = screens::notice(model, messages) else {
        return Vec::new();
    };
    let mut lines = layout::paragraph(&notice.text(), notice.0[0].tone, usize::from(area.width));
    lines.truncate(usize::from(area.height / 3));
    lines
}

/// Draws the notice and the keys from the bottom up.
pub(crate) fn draw(pen: &mut Pen<'_>, area: Rect, model: &Model, messages: &Messages) {
    let y = area.bottom() - 1;
    let context = model.context();
    let mut shown: Vec<(Line, Action)> = keys::footer(context)
        .into_iter()
        .filter_map(|binding| {
            let (key, what) = screens::footer_key(model, &pen.drawn.layout, binding, messages)?;
            let line = Line::new(key, Tone::Accent)
                .then(" ", Tone::Plain)
                .then(what, Tone::Plain);
            Some((line, binding.action))
        })
        .collect();
    // The last two, as a rule help and quit, always fit; the least useful of the others give way.
    let room = usize::from(area.width);
    let mut gap = 3;
    let total = |shown: &[(Line, Action)], gap: usize| {
        let widths = shown.iter().map(|(line, _)| line.width() + gap);
        widths.sum::<usize>().saturating_sub(gap)
    };
    if total(&shown, gap) > room {
        gap = 2;
    }
    while total(&shown, gap) > room && shown.len() > 2 {
        shown.remove(shown.len() - 3);
        // Where keys had to give way, the key of the list says that it has more.
        if let Some((line, _)) = shown.iter_mut().find(|(_, action)| *action == Action::Help) {
            line.0.truncate(2);
            *line = std::mem::take(line).then(messages.opening().frame.more_keys, Tone::Plain);
        }
    }
    let mut x = area.x;
    for (line, action) in shown {
        if usize::from(x - area.x) + line.width() > room {
            break;
        }
        let end = pen.line(x, y, &line, usize::from(area.right().saturating_sub(x)));
        pen.drawn.hits.push((
            Rect {
                x,
                y,
                width: end - x,
                height: 1,
            },
            Message::Do(action),
        ));
        x = end + cells(gap);
    }
    let notice = notice(area, model, messages);
    for (row, line) in notice.iter().enumerate() {
        pen.line(area.x, y - cells(notice.len() - row), line, room);
    }
}

/// Draws the rule below the page, with what lies beyond its edges.
pub(crate) fn beyond(pen: &mut Pen<'_>, area: Rect, beyond_edges: (usize, usize), messages: &Messages) {
    let rule = "─".repeat(usize::from(area.width));
    pen.put(
        area.x,
        area.bottom(),
        &rule,
        pen.theme.style(Tone::Dim),
        rule.width(),
    );
    labels_beyond(pen, area, beyond_edges, messages);
}

/// Says on the rule what lies beyond the edges of a column.
pub(crate) fn labels_beyond(
    pen: &mut Pen<'_>,
    area: Rect,
    (from, lines): (usize, usize),
    messages: &Messages,
) {
    let y = area.bottom();
    let below = lines.saturating_sub(from + usize::from(area.height));
    let above = label(from, messages.opening().frame.more_above, "▲");
    let below = label(below, messages.opening().frame.more_below, "▼");
    let mut right = area.right().saturating_sub(2);
    for (text, action) in [(below, Action::PageDown), (above, Action::PageUp)] {
        let Some(text) = text else { continue };
        let x = right.saturating_sub(cells(text.width()));
        pen.put(x, y, &text, pen.theme.style(Tone::Accent), text.width());
        let width = right - x;
        let hit = Rect {
            x,
            y,
            width,
            height: 1,
        };
        pen.drawn.hits.push((hit, Message::Do(action)));
        right = x;
    }
}

/// `▼ 5 more below`; nothing where nothing is.
pub(crate) fn label(count: usize, template: &str, arrow: &str) -> Option<String> {
    let text = count.to_string();
    let words = fill(template, |name| (name == "count").then_some(text.as_str()));
    (count > 0).then(|| format!(" {arrow} {words} "))
}
