//! One frame: the header, the page or a window over it, the footer. Cells that can be clicked are noted on the way.

use ratatui::{
    Frame,
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};
use unicode_width::UnicodeWidthStr as _;

use super::{
    body::{Body, Link},
    screens::{self, Columns, GUTTER, Page},
    theme::Theme,
};
use crate::{
    app::{
        keymap::{self, Action},
        message::Message,
        model::{Model, Step, StepState, WINDOW},
    },
    locale::{Language, Messages, fill},
    pictures::line::{Line, Tone},
    walkthrough::progress::Progress,
};

/// Below this the screen only asks to be enlarged.
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

/// The page as it was made last. It is made anew only when what it shows has changed, so that scrolling through a long
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

/// Draws the model.
pub fn draw(
    frame: &mut Frame<'_>,
    model: &mut Model,
    messages: &Messages,
    theme: Theme,
    cache: &mut Cache,
) -> Drawn {
    let area = frame.area();
    let mut pen = Pen {
        buffer: frame.buffer_mut(),
        theme,
        drawn: Drawn::default(),
    };
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
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
    let footer_rows = footer(&mut pen, inner, model, messages);
    let body = Rect {
        y: area.y + top,
        height: area.height.saturating_sub(top + footer_rows + 1),
        ..inner
    };
    let columns = Columns::of(usize::from(body.width), usize::from(body.height), model.step);
    let page = cache.page(model, messages, columns);
    let main_area = Rect {
        width: cells(columns.main),
        ..body
    };
    model.view_lines = usize::from(body.height);
    let place = model.page_place();
    let scrolled = &mut model.scroll[place];
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
    settle(
        &page.main,
        lines,
        usize::from(body.height),
        model.follow_focus,
        scrolled,
    );
    let mut cursor = pen.body(main_area, &page.main, *scrolled);
    // Behind a window nothing can be scrolled, so nothing is said about it.
    let beyond_edges = if covered { (0, 0) } else { (*scrolled, lines) };
    beyond(&mut pen, body, beyond_edges, messages);
    if let (Some(side), Some(width)) = (&page.side, columns.side) {
        let x = body.x + cells(columns.main + GUTTER);
        for row in body.y..body.bottom() {
            pen.put(x - 2, row, "│", pen.theme.style(Tone::Dim), 1);
        }
        let side_area = Rect {
            x,
            width: cells(width),
            height: body.height - pinned_rows,
            ..body
        };
        pen.body(side_area, side, *scrolled);
        if let Some(pinned) = &page.pinned {
            let rule = "─".repeat(width);
            pen.put(x, side_area.bottom(), &rule, pen.theme.style(Tone::Dim), width);
            let foot = Rect {
                y: side_area.bottom() + 1,
                height: pinned_rows - 1,
                ..side_area
            };
            pen.body(foot, pinned, 0);
        }
    }
    if covered {
        pen.drawn.hits.retain(|(hit, _)| hit.y >= body.bottom());
        pen.drawn.links.clear();
        pen.dim(body);
        cursor = window(&mut pen, body, model, messages);
    }
    let drawn = pen.drawn;
    if let Some(cursor) = cursor {
        frame.set_cursor_position(cursor);
    }
    drawn
}

struct Pen<'b> {
    buffer: &'b mut Buffer,
    theme: Theme,
    drawn: Drawn,
}

impl Pen<'_> {
    /// Takes the weight from what lies behind a window.
    fn dim(&mut self, area: Rect) {
        let style = Style::reset().patch(self.theme.style(Tone::Dim));
        self.buffer.set_style(area, style);
    }

    fn put(&mut self, x: u16, y: u16, text: &str, style: Style, width: usize) -> u16 {
        self.buffer.set_stringn(x, y, text, width, style).0
    }

    /// Draws a line from a cell on, at most `width` cells. Returns the column behind it.
    fn line(&mut self, x: u16, y: u16, line: &Line, width: usize) -> u16 {
        let mut at = x;
        for span in &line.0 {
            let left = width.saturating_sub(usize::from(at - x));
            at = self.put(at, y, &span.text, self.theme.style(span.tone), left);
        }
        at
    }

    /// Draws the lines of a body from line `from` on, and notes its hits and links. Returns the cursor.
    fn body(&mut self, area: Rect, body: &Body, from: usize) -> Option<Position> {
        let height = usize::from(area.height);
        for (row, line) in body.lines.iter().skip(from).take(height).enumerate() {
            self.line(area.x, area.y + cells(row), line, usize::from(area.width));
        }
        let visible = |line: usize| {
            (from..from + height)
                .contains(&line)
                .then(|| area.y + cells(line - from))
        };
        let stretch = |line: usize, from: usize, to: usize| {
            let x = (area.x + cells(from)).min(area.right());
            let width = cells(to.saturating_sub(from)).min(area.right() - x);
            visible(line).map(|y| Rect {
                x,
                y,
                width,
                height: 1,
            })
        };
        for hit in &body.hits {
            let area = stretch(hit.line, hit.from, hit.to);
            self.drawn
                .hits
                .extend(area.map(|area| (area, hit.message.clone())));
        }
        for Link {
            line,
            lines,
            column,
            url,
        } in &body.links
        {
            for at in *line..line + lines {
                if let (Some(y), Some(text)) = (visible(at), body.lines.get(at)) {
                    let x = area.x + cells(*column);
                    self.drawn
                        .links
                        .push((x, y, text.text().trim_start().to_owned(), url.clone()));
                }
            }
        }
        if let Some(selected) = body.selected
            && let Some(area) = stretch(selected.line, selected.from, selected.to)
        {
            self.buffer.set_style(area, self.theme.selection());
        }
        let (line, column) = body.cursor?;
        let x = (area.x + cells(column)).min(area.right().saturating_sub(1));
        visible(line).map(|y| Position { x, y })
    }
}

fn cells(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

fn too_small(pen: &mut Pen<'_>, area: Rect, messages: &Messages) {
    let (columns, rows) = (area.width.to_string(), area.height.to_string());
    let text = fill(&messages.opening().frame.too_small, |name| match name {
        "columns" => Some(columns.as_str()),
        "rows" => Some(rows.as_str()),
        _ => None,
    });
    let width = usize::from(area.width).max(2);
    for (row, line) in crate::pictures::line::wrap(&text, width)
        .iter()
        .take(usize::from(area.height))
        .enumerate()
    {
        pen.put(area.x, area.y + cells(row), line, Style::new(), width);
    }
}

/// Draws name, provider and steps. Returns how many rows it took.
fn header(pen: &mut Pen<'_>, area: Rect, model: &Model, messages: &Messages) -> u16 {
    let words = messages.opening();
    let mut left = Line::new("oauthlens", Tone::Accent);
    let provider = match &model.flow.attempt {
        Some(attempt) if model.step != Step::Configure => attempt.configuration.provider.name.clone(),
        _ => model.form.described_provider().name,
    };
    left = left
        .then("  ", Tone::Plain)
        .then(crate::pictures::line::clean(&provider), Tone::Dim);
    if model.is_simulated() {
        left = left
            .then("  ", Tone::Plain)
            .then(&words.frame.simulated, Tone::Warn);
    }
    if model.replay {
        left = left.then("  ", Tone::Plain).then(&words.frame.replay, Tone::Warn);
    }
    if model.reveal {
        left = left
            .then("  ", Tone::Plain)
            .then(&words.frame.secrets_shown, Tone::Warn);
    }
    let steps = match &model.walkthrough {
        Some(progress) => vec![(model.step, walkthrough_place(progress, model.language, messages))],
        None => steps(model, messages, usize::from(area.width)),
    };
    let beside = usize::from(area.width) >= left.width() + steps_width(&steps) + 4;
    pen.line(area.x, area.y, &left, usize::from(area.width));
    let (mut x, y) = if beside {
        (area.right() - cells(steps_width(&steps)), area.y)
    } else {
        (area.x, area.y + 1)
    };
    for (step, line) in steps {
        let action = match step {
            Step::Configure => Action::Configure,
            Step::Authorize => Action::Authorize,
            Step::Callback => Action::Callback,
            Step::Exchange => Action::Exchange,
            Step::Result => Action::Result,
        };
        let end = pen.line(x, y, &line, usize::from(area.right().saturating_sub(x)));
        if model.walkthrough.is_none() {
            pen.drawn.hits.push((
                Rect {
                    x,
                    y,
                    width: end - x,
                    height: 1,
                },
                Message::Do(action),
            ));
        }
        x = end + STEP_GAP;
    }
    let rows = if beside { 1 } else { 2 };
    let rule = "─".repeat(usize::from(area.width));
    pen.put(
        area.x,
        area.y + rows,
        &rule,
        pen.theme.style(Tone::Dim),
        rule.width(),
    );
    rows + 1
}

/// Where one stands in the walkthrough.
fn walkthrough_place(progress: &Progress, language: Language, messages: &Messages) -> Line {
    let (at, count) = (
        (progress.at + 1).to_string(),
        progress.script.steps.len().to_string(),
    );
    let text = fill(&messages.opening().frame.walkthrough_step, |name| match name {
        "at" => Some(at.as_str()),
        "count" => Some(count.as_str()),
        _ => None,
    });
    Line::new(progress.script.title.in_language(language), Tone::Plain)
        .then("  ", Tone::Plain)
        .then(text, Tone::Accent)
}

const STEP_GAP: u16 = 2;

fn steps_width(steps: &[(Step, Line)]) -> usize {
    steps.iter().map(|(_, line)| line.width()).sum::<usize>() + usize::from(STEP_GAP) * (steps.len() - 1)
}

/// The five steps with their state: in full where they fit, otherwise only the present one by name.
fn steps(model: &Model, messages: &Messages, width: usize) -> Vec<(Step, Line)> {
    let names = &messages.opening().step;
    let name = |step| match step {
        Step::Configure => &names.configure,
        Step::Authorize => &names.authorize,
        Step::Callback => &names.callback,
        Step::Exchange => &names.exchange,
        Step::Result => &names.result,
    };
    let draw = |full: bool| -> Vec<(Step, Line)> {
        Step::ALL
            .map(|step| {
                let here = step == model.step;
                let (symbol, tone) = match model.step_state(step) {
                    StepState::Done => ("✓", Tone::Good),
                    StepState::Failed => ("✗", Tone::Bad),
                    StepState::Active => ("●", Tone::Accent),
                    StepState::Ahead => ("○", Tone::Dim),
                };
                let name_tone = if here {
                    Tone::Accent
                } else if step > model.reached {
                    Tone::Dim
                } else {
                    Tone::Plain
                };
                let number = format!("{}", step.index() + 1);
                let mut line = Line::new(symbol, tone)
                    .then(" ", Tone::Plain)
                    .then(number, name_tone);
                if full || here {
                    line = line.then(" ", Tone::Plain).then(name(step), name_tone);
                }
                if here {
                    line = Line::new("[", Tone::Accent)
                        .then_all(line)
                        .then("]", Tone::Accent);
                }
                (step, line)
            })
            .into()
    };
    let full = draw(true);
    if steps_width(&full) <= width {
        full
    } else {
        draw(false)
    }
}

/// Draws the notice and the keys from the bottom up. Returns how many rows it took.
fn footer(pen: &mut Pen<'_>, area: Rect, model: &Model, messages: &Messages) -> u16 {
    let y = area.bottom() - 1;
    let context = model.context();
    let mut shown: Vec<(Line, Action)> = keymap::footer(context)
        .into_iter()
        .filter_map(|binding| {
            let (key, what) = screens::footer_key(model, binding, messages)?;
            let line = Line::new(key, Tone::Accent)
                .then(" ", Tone::Plain)
                .then(what, Tone::Plain);
            Some((line, binding.action))
        })
        .collect();
    // The last two, as a rule help and quit, always fit; the least useful of the others give way.
    let room = usize::from(area.width);
    let total = |shown: &[(Line, Action)]| {
        shown
            .iter()
            .map(|(line, _)| line.width() + 3)
            .sum::<usize>()
            .saturating_sub(3)
    };
    while total(&shown) > room && shown.len() > 2 {
        shown.remove(shown.len() - 3);
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
        x = end + 3;
    }
    let mut rows = 1;
    if let Some(notice) = screens::notice(model, messages) {
        let wrapped = crate::pictures::layout::paragraph(&notice.text(), notice.0[0].tone, room);
        let count = cells(wrapped.len()).min(area.height / 3);
        for (row, line) in wrapped.iter().take(usize::from(count)).enumerate() {
            pen.line(area.x, y - count + cells(row), line, room);
        }
        rows += count;
    }
    rows
}

/// Brings the scroll position into range and, unless somebody has scrolled away from it, to what has the focus.
fn settle(body: &Body, lines: usize, height: usize, follow: bool, scrolled: &mut usize) {
    let mut from = *scrolled;
    if let (Some((first, end)), true) = (body.focus, follow) {
        // With it the top of the page, while both fit.
        if end <= height {
            from = 0;
        }
        from = from.max(end.saturating_sub(height)).min(first);
    }
    *scrolled = from.min(lines.saturating_sub(height));
}

/// Draws the rule below the page, with what lies beyond its edges.
fn beyond(pen: &mut Pen<'_>, area: Rect, (from, lines): (usize, usize), messages: &Messages) {
    let y = area.bottom();
    let rule = "─".repeat(usize::from(area.width));
    pen.put(area.x, y, &rule, pen.theme.style(Tone::Dim), rule.width());
    let below = lines.saturating_sub(from + usize::from(area.height));
    let above = label(from, &messages.opening().frame.more_above, "▲");
    let below = label(below, &messages.opening().frame.more_below, "▼");
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

fn label(count: usize, template: &str, arrow: &str) -> Option<String> {
    let text = count.to_string();
    let words = fill(template, |name| (name == "count").then_some(text.as_str()));
    (count > 0).then(|| format!(" {arrow} {words} "))
}

/// Draws the window over the page. Returns the cursor.
fn window(pen: &mut Pen<'_>, area: Rect, model: &mut Model, messages: &Messages) -> Option<Position> {
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
    model.view_lines = usize::from(height);
    let scrolled = &mut model.scroll[WINDOW];
    settle(
        &body,
        body.lines.len(),
        usize::from(height),
        model.follow_focus,
        scrolled,
    );
    let scrolled = *scrolled;
    let below = body.lines.len().saturating_sub(scrolled + usize::from(height));
    if let Some(text) = label(scrolled, &messages.opening().frame.more_above, "▲") {
        let x = outer.right() - 2 - cells(text.width());
        pen.put(x, outer.y, &text, accent, text.width());
    }
    if let Some(text) = label(below, &messages.opening().frame.more_below, "▼") {
        let x = outer.right() - 2 - cells(text.width());
        pen.put(x, outer.bottom() - 1, &text, accent, text.width());
    }
    pen.body(inner, &body, scrolled)
}
