//! One frame: the header, the page or a window over it, the footer. Cells that can be clicked are noted on the way.

pub mod body;
pub(crate) mod canvas;
pub mod field;
pub(crate) mod footer;
pub(crate) mod header;
pub(crate) mod panes;
pub mod screens;
pub mod theme;
pub(crate) mod window;

use ratatui::{
    Frame,
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

use crate::{
    render::text::ascii,
    text::{
        catalog::{Language, Messages},
        template::fill,
    },
    ui::{
        message::Message,
        model::{Model, Step, layout::Layout, panes::Pane},
        view::{
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
    /// The panes, and where they are: the wheel scrolls the one that it is over.
    pub panes: Vec<(Rect, Pane)>,
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

    /// The pane at a cell.
    pub fn pane_at(&self, column: u16, row: u16) -> Option<Pane> {
        let cell = Position { x: column, y: row };
        let mut panes = self.panes.iter();
        panes.find(|(area, _)| area.contains(cell)).map(|(_, pane)| *pane)
    }
}

/// The page as it was made last. It is made again only when what it shows has changed, so that scrolling through a long
/// history costs what scrolling through a short one does.
#[derive(Debug, Default)]
pub struct Cache {
    key: Option<(u64, Columns, Step, bool, Language)>,
    page: Page,
    rows: panes::Rows,
}

impl Cache {
    fn make(&mut self, model: &Model, messages: &Messages, columns: Columns) {
        let key = (model.revision, columns, model.step, model.reveal, model.language);
        if self.key != Some(key) {
            self.page = screens::page(model, messages, columns);
            self.key = Some(key);
        }
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
        Columns::of(width, height, model.step, model.panes.zoomed)
    };
    cache.make(model, messages, columns);
    let Cache { page, rows, .. } = cache;
    // Clicks on the page do not count while a window is over it.
    let covered = model.overlay.is_some();
    pen.drawn.layout.panes = &[];
    pen.drawn.layout.unfolded = page.unfolded;
    pen.drawn.layout.question_end = page.question_end;
    let mut cursor = if page.panes.contains(&Pane::Messages) {
        beyond(&mut pen, body, (0, 0), messages);
        panes::draw(&mut pen, body, (page, rows), columns, model, messages)
    } else {
        columns_of(&mut pen, body, page, columns, model, messages)
    };
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

/// Draws a page of one column or two. Returns the cursor.
fn columns_of(
    pen: &mut Pen<'_>,
    body: Rect,
    page: &Page,
    columns: Columns,
    model: &Model,
    messages: &Messages,
) -> Option<Position> {
    let height = usize::from(body.height);
    let place = model.page_place();
    let focus = page.main.focus.filter(|_| model.follow_focus);
    let lines = page.main.lines.len();
    let from = settled(focus, lines, height, model.layout.scroll[place]);
    let layout = &mut pen.drawn.layout;
    layout.view_lines = height;
    layout.scroll[place] = from;
    let on_screen = from + 1..=from + height;
    layout.question_unseen = page.question_end.is_some_and(|end| !on_screen.contains(&end));
    let left = Rect {
        width: cells(columns.main),
        ..body
    };
    let Some((side, width)) = page.side.as_ref().zip(columns.side) else {
        let cursor = pen.body(left, &page.main, from);
        // Behind a window nothing can be scrolled, so nothing is said about it.
        let beyond_edges = if model.overlay.is_some() {
            (0, 0)
        } else {
            (from, lines)
        };
        beyond(pen, body, beyond_edges, messages);
        return cursor;
    };
    let right = Rect {
        x: body.x + cells(columns.main + GUTTER),
        width: cells(width),
        ..body
    };
    let cursor = panes::two_columns(pen, [left, right], page, side, model, from);
    beyond(pen, body, (0, 0), messages);
    if model.overlay.is_none() {
        let beside = pen.drawn.layout.scroll[model.pane_place(Pane::Beside)];
        footer::labels_beyond(pen, left, (from, lines), messages);
        footer::labels_beyond(pen, right, (beside, side.lines.len()), messages);
    }
    cursor
}

/// Redraws a frame with signs of ASCII, where the terminal or its font has no others. Letters of other scripts stay.
pub fn in_ascii(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        let mut characters = cell.symbol().chars();
        if let (Some(c), None) = (characters.next(), characters.next())
            && !c.is_ascii()
        {
            cell.set_char(ascii::plain(c));
        }
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

/// The scroll position in range, and where something has the focus, there.
pub(crate) fn settled(focus: Option<(usize, usize)>, lines: usize, height: usize, scrolled: usize) -> usize {
    let mut from = scrolled;
    if let Some((first, end)) = focus {
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
