//! One frame: the header, the page or a window over it, the footer. Cells that can be clicked are noted on the way.

pub mod body;
pub(crate) mod canvas;
pub mod field;
pub(crate) mod footer;
pub(crate) mod header;
pub mod screens;
pub mod theme;
pub(crate) mod window;

use ratatui::{
    Frame,
    layout::{Position, Rect},
    style::Style,
};

use crate::{
    render::text::line::Tone,
    text::{
        catalog::{Language, Messages},
        template::fill,
    },
    ui::{
        message::Message,
        model::{Model, Step, layout::Layout},
        view::{
            body::Body,
            canvas::{Pen, cells},
            footer::beyond,
            header::header,
            screens::{Columns, GUTTER, Page},
            theme::Theme,
            window::window,
        },
    },
};

/// The smallest terminal that is drawn on; in a smaller one there is only a request to enlarge it.
const SMALLEST: (u16, u16) = (40, 10);

/// From this height there are blank lines around the page.
const ROOMY: u16 = 20;

/// What a frame leaves behind for the loop: where clicks lead and where hyperlinks stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drawn {
    /// Cells and what a click there means; later ones lie above earlier ones.
    pub hits: Vec<(Rect, Message)>,
    /// Rows of hyperlinks: where, the text, the whole address.
    pub links: Vec<(u16, u16, String, String)>,
    /// How the model was laid out, to be told to it by [`Message::Drawn`].
    pub layout: Layout,
}

impl Drawn {
    /// What a click at a cell means.
    pub fn at(&self, column: u16, row: u16) -> Option<&Message> {
        let cell = Position { x: column, y: row };
        self.hits
            .iter()
            .rev()
            .find(|(area, _)| area.contains(cell))
            .map(|(_, message)| message)
    }
}

/// The page as it was made last. It is made again only when what it shows has changed, so that scrolling through a long
/// history costs what scrolling through a short one does.
#[derive(Debug, Default)]
pub struct Cache {
    key: Option<(u64, Columns, Step, bool, Language)>,
    page: Page,
}

impl Cache {
    fn page(&mut self, model: &Model, messages: &Messages, columns: Columns) -> &Page {
        let key = (model.revision, columns, model.step, model.reveal, model.language);
        if self.key != Some(key) {
            self.page = screens::page(model, messages, columns);
            self.key = Some(key);
        }
        &self.page
    }
}

/// Draws the model, and changes nothing in it: where that was left scrolled out of range, the frame says so.
pub fn draw(
    frame: &mut Frame<'_>,
    model: &Model,
    messages: &Messages,
    theme: Theme,
    cache: &mut Cache,
) -> Drawn {
    let area = frame.area();
    let mut pen = Pen {
        buffer: frame.buffer_mut(),
        theme,
        drawn: Drawn {
            layout: model.layout,
            ..Drawn::default()
        },
    };
    pen.drawn.layout.too_small = area.width < SMALLEST.0 || area.height < SMALLEST.1;
    if pen.drawn.layout.too_small {
        too_small(&mut pen, area, messages);
        return pen.drawn;
    }
    let margin = if area.width >= 80 { 2 } else { 1 };
    let inner = Rect {
        x: area.x + margin,
        width: area.width - 2 * margin,
        ..area
    };
    let roomy = area.height >= ROOMY;
    let mut top = header(&mut pen, inner, model, messages);
    if roomy {
        top += 1;
    }
    let footer_rows = footer::rows(inner, model, messages);
    let body = Rect {
        y: area.y + top,
        height: area.height.saturating_sub(top + footer_rows + 1),
        ..inner
    };
    let (width, height) = (usize::from(body.width), usize::from(body.height));
    let columns = if model.walkthrough.is_some() {
        Columns::of_walkthrough(width, height)
    } else {
        // A notice, which goes again, makes no other page.
        let height = height + usize::from(footer_rows - 1);
        Columns::of(width, height, model.step)
    };
    let page = cache.page(model, messages, columns);
    let main_area = Rect {
        width: cells(columns.main),
        ..body
    };
    pen.drawn.layout.view_lines = usize::from(body.height);
    // Clicks on the page do not count while a window is over it.
    let covered = model.overlay.is_some();
    // What is pinned leaves the rest of its column that much less room.
    let pinned_rows = page
        .pinned
        .as_ref()
        .map_or(0, |pinned| cells(pinned.lines.len()) + 1)
        .min(body.height / 2);
    let side_lines = page
        .side
        .as_ref()
        .map_or(0, |side| side.lines.len() + usize::from(pinned_rows));
    let lines = page.main.lines.len().max(side_lines);
    let place = model.page_place();
    let scrolled = settled(
        &page.main,
        lines,
        usize::from(body.height),
        model.follow_focus,
        model.layout.scroll[place],
    );
    let layout = &mut pen.drawn.layout;
    layout.scroll[place] = scrolled;
    layout.question_end = page.question_end;
    layout.unfolded = page.unfolded;
    let on_screen = scrolled + 1..=scrolled + usize::from(body.height);
    layout.question_unseen = page.question_end.is_some_and(|end| !on_screen.contains(&end));
    let mut cursor = pen.body(main_area, &page.main, scrolled);
    // Behind a window nothing can be scrolled, so nothing is said about it.
    let beyond_edges = if covered { (0, 0) } else { (scrolled, lines) };
    beyond(&mut pen, body, beyond_edges, messages);
    if let (Some(side), Some(width)) = (&page.side, columns.side) {
        let x = body.x + cells(columns.main + GUTTER);
        let area = Rect {
            x,
            width: cells(width),
            ..body
        };
        second_column(
            &mut pen,
            area,
            side,
            scrolled,
            page.pinned.as_ref().zip(Some(pinned_rows)),
        );
    }
    if covered {
        pen.drawn.hits.retain(|(hit, _)| hit.y >= body.bottom());
        pen.drawn.links.clear();
        pen.dim(body);
        cursor = window(&mut pen, body, model, messages);
    }
    // After the page, whose place decides what the keys do.
    footer::draw(&mut pen, inner, model, messages);
    let drawn = pen.drawn;
    if let Some(cursor) = cursor {
        frame.set_cursor_position(cursor);
    }
    drawn
}

/// Draws what is beside the page, and what is pinned below it on so many rows.
fn second_column(pen: &mut Pen<'_>, area: Rect, side: &Body, scrolled: usize, pinned: Option<(&Body, u16)>) {
    for row in area.y..area.bottom() {
        pen.put(area.x - 2, row, "│", pen.theme.style(Tone::Dim), 1);
    }
    let above = Rect {
        height: area.height - pinned.map_or(0, |(_, rows)| rows),
        ..area
    };
    pen.body(above, side, scrolled);
    if let Some((pinned, rows)) = pinned {
        let width = usize::from(area.width);
        let rule = "─".repeat(width);
        pen.put(area.x, above.bottom(), &rule, pen.theme.style(Tone::Dim), width);
        let foot = Rect {
            y: above.bottom() + 1,
            height: rows - 1,
            ..area
        };
        pen.body(foot, pinned, 0);
    }
}

fn too_small(pen: &mut Pen<'_>, area: Rect, messages: &Messages) {
    let (columns, rows) = (area.width.to_string(), area.height.to_string());
    let text = fill(messages.opening().frame.too_small, |name| match name {
        "columns" => Some(columns.as_str()),
        "rows" => Some(rows.as_str()),
        _ => None,
    });
    let width = usize::from(area.width).max(2);
    for (row, line) in crate::render::text::line::wrap(&text, width)
        .iter()
        .take(usize::from(area.height))
        .enumerate()
    {
        pen.put(area.x, area.y + cells(row), line, Style::new(), width);
    }
}

/// The scroll position in range, and at the focus unless the user has scrolled away from it.
pub(crate) fn settled(body: &Body, lines: usize, height: usize, follow: bool, scrolled: usize) -> usize {
    let mut from = scrolled;
    if let (Some((first, end)), true) = (body.focus, follow) {
        // With it the top of the page, while both fit.
        if end <= height {
            from = 0;
        }
        from = from.max(end.saturating_sub(height)).min(first);
    }
    from.min(lines.saturating_sub(height))
}

#[cfg(test)]
mod tests {
    use ratatui::{Terminal, backend::TestBackend};

    use crate::ui::{open_front_door, view::*};
    use crate::{
        flow::configuration::Configuration,
        oauth::{random::Entropy, time::Moment},
    };

    #[test]
    fn the_first_frame_reads_no_words_but_its_own() {
        for (language, front_door) in Language::ALL
            .into_iter()
            .flat_map(|language| [(language, true), (language, false)])
        {
            let messages = Messages::new(language);
            let entropy = Entropy::from_seed([1; 32]);
            let mut model = Model::new(Configuration::default(), language, entropy, Moment(0));
            if front_door {
                open_front_door(&mut model);
            }
            let mut terminal = Terminal::new(TestBackend::new(120, 40)).unwrap();
            let mut cache = Cache::default();
            terminal
                .draw(|frame| {
                    draw(frame, &model, &messages, Theme::Dark, &mut cache);
                })
                .unwrap();
            assert!(messages.has_read_nothing(), "{language:?}");
        }
    }
}
