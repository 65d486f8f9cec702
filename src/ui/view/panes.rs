//! The panes of a wide Result: where each is, and drawing it with a title that says what lies beyond its edges.

use ratatui::layout::{Position, Rect};

use crate::{
    render::{
        drawings::sequence,
        text::line::{Line, Tone},
    },
    text::catalog::{Language, Messages},
    ui::{
        message::Message,
        model::{Model, find::Searched, panes::Pane},
        view::{
            body::Body,
            canvas::{Pen, cells},
            field::{self, Look},
            footer::labels_beyond,
            screens::{Columns, GUTTER, Page},
            settled,
        },
    },
};

/// The rows of messages as they were made last: another pane scrolls without making them again.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    key: Option<(u64, usize, Rect, Language)>,
    lines: Vec<Line>,
}

/// Cells before a message, for the mark of the chosen one.
pub(crate) const MARK: usize = 2;

/// Draws all panes, or the one that was zoomed. Returns the cursor.
pub(crate) fn draw(
    pen: &mut Pen<'_>,
    area: Rect,
    (page, rows): (&Page, &mut Rows),
    columns: Columns,
    model: &Model,
    messages: &Messages,
) -> Option<Position> {
    let alone = columns.side.is_none();
    pen.drawn.layout.panes = page.panes;
    pen.drawn.layout.alone = alone;
    let focus = model.panes.focus(page.panes);
    let tiles = if alone || model.panes.zoomed {
        vec![(focus, area)]
    } else {
        arrange(pen, area, columns, rows_of_messages(page, model), page)
    };
    let mut cursor = None;
    for (pane, area) in tiles {
        pen.drawn.hits.push((area, Message::Focus(pane)));
        pen.drawn.panes.push((area, pane));
        // Where there is but the page, it needs no name.
        let untitled = alone && pane == Pane::Page;
        let inside = Rect {
            y: area.y + u16::from(!untitled),
            height: area.height.saturating_sub(u16::from(!untitled)),
            ..area
        };
        let height = usize::from(inside.height);
        let place = model.pane_place(pane);
        let body = match pane {
            Pane::Messages => None,
            Pane::Bytes => Some(&page.bytes),
            Pane::Page => Some(&page.main),
            Pane::Beside => page.side.as_ref(),
        };
        let lines = body.map_or_else(|| rows_of_messages(page, model), |body| body.lines.len());
        let in_focus = match pane {
            Pane::Messages => Some(chosen_rows(page, model)),
            Pane::Bytes | Pane::Beside => None,
            Pane::Page => page.main.focus.filter(|_| model.follow_focus),
        };
        let from = settled(in_focus, lines, height, model.layout.scroll[place]);
        pen.drawn.layout.scroll[place] = from;
        if pane == focus {
            pen.drawn.layout.view_lines = height;
        }
        let here = if let Some(body) = body {
            pen.body(inside, body, from)
        } else {
            messages_pane(pen, inside, (page, rows), model, from, messages);
            None
        };
        cursor = cursor.or(here);
        if untitled {
            if model.overlay.is_none() {
                labels_beyond(pen, inside, (from, lines), messages);
            }
            continue;
        }
        let below = lines.saturating_sub(from + height);
        let name = name(pane, model, messages);
        let behind = title(pen, area, &name, pane == focus, (from, below));
        cursor = search_line(pen, area, behind, pane, model).or(cursor);
    }
    cursor
}

/// Divides the page: the messages to the left, what went wrong beside them. With two columns the bytes are below the
/// messages; with three they are to the right, and the causes below the messages.
fn arrange(pen: &mut Pen<'_>, area: Rect, columns: Columns, rows: usize, page: &Page) -> Vec<(Pane, Rect)> {
    let mut x = area.x;
    let mut column = |pen: &mut Pen<'_>, width: usize| {
        if x > area.x {
            for y in area.y..area.bottom() {
                pen.put(x - 2, y, "│", pen.theme.style(Tone::Dim), 1);
            }
        }
        let column = Rect {
            x,
            width: cells(width),
            ..area
        };
        x += cells(width + GUTTER);
        column
    };
    let left = column(pen, columns.side.unwrap_or(columns.main));
    let middle = column(pen, columns.main);
    let below = if columns.third.is_some() {
        page.side.as_ref().map(|_| Pane::Beside)
    } else {
        Some(Pane::Bytes)
    };
    let mut tiles = vec![(Pane::Page, middle)];
    if let Some(width) = columns.third {
        tiles.push((Pane::Bytes, column(pen, width)));
    }
    let Some(below) = below else {
        tiles.push((Pane::Messages, left));
        return tiles;
    };
    let height = cells(rows + 1).min(left.height * 2 / 5);
    let upper = Rect { height, ..left };
    let lower = Rect {
        y: left.y + height,
        height: left.height - height,
        ..left
    };
    tiles.extend([(Pane::Messages, upper), (below, lower)]);
    tiles
}

fn rows_of_messages(page: &Page, model: &Model) -> usize {
    page.lanes
        .as_ref()
        .map_or(model.panes.messages.len(), |lanes| lanes.lines.len())
}

fn chosen_rows(page: &Page, model: &Model) -> (usize, usize) {
    let at = model.panes.at();
    let lanes = page.lanes.as_ref();
    lanes
        .and_then(|lanes| lanes.rows.get(at).copied())
        .unwrap_or((at, at + 1))
}

/// Draws the messages between their lanes, or a line each where there is no room for that, from line `from` on. Only what is
/// on screen is made, however many there are.
fn messages_pane(
    pen: &mut Pen<'_>,
    area: Rect,
    (page, rows): (&Page, &mut Rows),
    model: &Model,
    from: usize,
    messages: &Messages,
) {
    let height = usize::from(area.height);
    let width = usize::from(area.width).saturating_sub(MARK);
    let chosen = chosen_rows(page, model);
    let (listed, transcript) = (&model.panes.messages, &model.flow.transcript);
    let count = rows_of_messages(page, model);
    let key = Some((model.revision, from, area, model.language));
    if page.lanes.is_none() && rows.key != key {
        let shown = listed.iter().skip(from).take(height);
        let made = shown.map(|place| sequence::row(transcript, *place, listed[0], messages, width));
        rows.lines = made.collect();
        rows.key = key;
    }
    for (row, line) in (from..count).take(height).enumerate() {
        let y = area.y + cells(row);
        let (at, drawn) = if let Some(lanes) = &page.lanes {
            let at = lanes
                .rows
                .iter()
                .position(|(first, end)| (*first..*end).contains(&line));
            (at.unwrap_or(0), &lanes.lines[line])
        } else {
            (line, &rows.lines[row])
        };
        if line == chosen.0 {
            pen.line(area.x, y, &Line::new("▸", Tone::Accent), MARK);
        }
        pen.line(area.x + cells(MARK), y, drawn, width);
        let row = Rect { y, height: 1, ..area };
        pen.drawn.hits.push((row, Message::ChooseMessage(at)));
    }
}

/// What a pane holds; of the bytes also whose they are.
fn name(pane: Pane, model: &Model, messages: &Messages) -> String {
    let words = &messages.screens().panes;
    let count = model.panes.messages.len();
    match pane {
        Pane::Messages if count > 0 => format!("{} {}/{count}", words.messages, model.panes.at() + 1),
        Pane::Messages => words.messages.clone(),
        Pane::Bytes => words.bytes.clone(),
        Pane::Page => words.answer.clone(),
        Pane::Beside => words.causes.clone(),
    }
}

/// The rule above a pane: its name, and how many lines lie beyond its edges. Returns the column behind the name.
fn title(pen: &mut Pen<'_>, area: Rect, name: &str, focused: bool, (above, below): (usize, usize)) -> u16 {
    let width = usize::from(area.width);
    let tone = if focused { Tone::Accent } else { Tone::Dim };
    let style = pen.theme.style(tone);
    pen.put(area.x, area.y, &"─".repeat(width), style, width);
    let mark = if focused { "▸" } else { "─" };
    let behind = pen.put(area.x, area.y, &format!("{mark} {name} "), style, width);
    let beyond: Vec<String> = [("▲", above), ("▼", below)]
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(arrow, count)| format!("{arrow} {count}"))
        .collect();
    if !beyond.is_empty() {
        let text = format!(" {} ", beyond.join("  "));
        let room = Line::new(&text, tone).width();
        let x = area.right().saturating_sub(cells(room) + 1).max(area.x);
        pen.put(x, area.y, &text, pen.theme.style(Tone::Accent), room);
    }
    behind
}

/// What is looked for in a pane, behind its name. Returns the cursor while it is typed.
fn search_line(pen: &mut Pen<'_>, area: Rect, x: u16, pane: Pane, model: &Model) -> Option<Position> {
    const NARROWEST: u16 = 6;
    let find = model.find.as_ref().filter(|find| match find.of {
        Searched::Messages => pane == Pane::Messages,
        Searched::Bytes => pane == Pane::Bytes,
        Searched::Help | Searched::Faults => false,
    })?;
    let room = area.right().saturating_sub(x + 1).max(NARROWEST);
    let drawn = field::draw(&find.text, Look::Words, find.typing, usize::from(room) - 2);
    let mut line = Line::new("/", Tone::Accent);
    line.0.extend(drawn.line.0);
    let behind = pen.line(x, area.y, &line.then(" ", Tone::Plain), usize::from(room));
    let at = x + 1 + cells(drawn.cursor);
    find.typing.then_some(Position {
        x: at.min(behind),
        y: area.y,
    })
}

/// Draws a page and what is beside it, each scrolled by itself. Returns the cursor.
pub(crate) fn two_columns(
    pen: &mut Pen<'_>,
    [left, right]: [Rect; 2],
    page: &Page,
    side: &Body,
    model: &Model,
    from: usize,
) -> Option<Position> {
    let height = usize::from(left.height);
    for row in right.y..right.bottom() {
        pen.put(right.x - 2, row, "│", pen.theme.style(Tone::Dim), 1);
    }
    let below = side.lines.len().saturating_sub(height);
    let cursor = pen.body(left, &page.main, from);
    let beside = model.pane_place(Pane::Beside);
    let from_beside = if model.context_of_page().is_typing() {
        // There the keys that move among panes move among fields.
        from.min(below)
    } else {
        if below > 0 || page.main.lines.len() > height {
            pen.drawn.layout.panes = crate::ui::model::panes::TWO_COLUMNS;
        }
        model.layout.scroll[beside].min(below)
    };
    pen.drawn.layout.scroll[beside] = from_beside;
    pen.drawn
        .panes
        .extend([(left, Pane::Page), (right, Pane::Beside)]);
    pen.body(right, side, from_beside);
    cursor
}
