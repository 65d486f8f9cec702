//! A labelled field with its value, what is said beside it and where it came from.

use crate::{
    flow::configuration::{Field, Origin},
    render::{
        drawings::credential_ruler::origin_line,
        text::{
            layout,
            line::{Line, Tone},
        },
    },
    text::{catalog::Messages, template::filled},
    ui::{
        message::Message,
        model::{
            field_hints::{Level, Note},
            text_field::TextField,
        },
        view::{
            body::{Body, Hit, Selected},
            field::{self, Look},
        },
    },
};

/// What is in a row.
pub enum Value<'v> {
    /// Text.
    Text(&'v TextField, Look),
    /// A choice or switch, as words.
    Choice(String),
}

/// A row.
pub struct Row<'r> {
    /// Which field.
    pub field: Field,
    /// Its value.
    pub value: Value<'r>,
    /// What is said beside it.
    pub notes: Vec<Note>,
    /// Where it came from; the default says nothing.
    pub origin: Origin,
    /// It has the focus.
    pub focused: bool,
    /// The place in its form, for clicks.
    pub place: usize,
}

/// From this width remarks are beside the value instead of below it.
const BESIDE_FROM: usize = 100;

/// How a field's text is shown.
pub fn look(field: Field, reveal: bool) -> Look {
    match field {
        Field::ClientSecret | Field::CodeVerifier if !reveal => Look::Masked,
        Field::Scope | Field::RegisteredRedirectUri | Field::Accept => Look::Words,
        _ => Look::Value,
    }
}

/// How wide the labels are, so that values align.
pub fn label_width(messages: &Messages, fields: &[Field]) -> usize {
    layout::widest(fields.iter().map(|field| messages.opening().field[field].label)) + 5
}

/// Draws a row: label and value on a line, remarks beside it where there is room and below it otherwise.
pub fn draw(body: &mut Body, row: &Row<'_>, messages: &Messages, labels: usize, width: usize) {
    let words = messages.opening();
    let first_line = body.lines.len();
    let (marker, tone) = if row.focused {
        ("▸", Tone::Accent)
    } else {
        (" ", Tone::Plain)
    };
    let (symbol, symbol_tone) = state(&row.notes);
    let label = Line::new(marker, tone)
        .then(symbol, symbol_tone)
        .then(" ", Tone::Plain)
        .then(words.field[&row.field].label, tone)
        .pad_to(labels);
    let beside = width >= BESIDE_FROM;
    let room = if beside {
        (width - labels) / 2
    } else {
        width - labels
    };
    let mut line = label;
    match &row.value {
        Value::Text(text, look) => {
            let drawn = field::draw(text, *look, row.focused, room);
            if row.focused {
                body.cursor = Some((first_line, labels + drawn.cursor));
                body.selected = drawn.selected.map(|(from, to)| Selected {
                    line: first_line,
                    from: labels + from,
                    to: labels + to,
                });
            }
            let columns: Vec<usize> = (0..room).collect();
            for under in columns.chunk_by(|one, next| drawn.grapheme_at(*one) == drawn.grapheme_at(*next)) {
                body.hits.push(Hit {
                    line: first_line,
                    from: labels + under[0],
                    to: labels + under[0] + under.len(),
                    message: Message::ClickField(row.place, drawn.grapheme_at(under[0])),
                });
            }
            line.0.extend(drawn.line.0);
        }
        Value::Choice(text) => {
            let tone = if row.focused { Tone::Accent } else { Tone::Value };
            line = line.then(text, tone);
            body.hits.push(Hit {
                line: first_line,
                from: labels,
                to: width,
                message: Message::ClickField(row.place, 0),
            });
        }
    }
    body.hits.push(Hit {
        line: first_line,
        from: 0,
        to: labels,
        message: Message::ClickField(row.place, 0),
    });
    // Where remarks take lines of their own, what is as it should be is said by its symbol alone, until it has the focus.
    let quiet = !beside && !row.focused && row.notes.iter().all(|note| note.code.level() <= Level::Info);
    let remarks = if quiet { Vec::new() } else { remarks(row, messages) };
    let remarks_indent = if beside { labels + room + 2 } else { labels };
    let mut wrapped: Vec<Line> = Vec::new();
    for (symbol, tone, text) in remarks {
        let label = Line::new(symbol, tone);
        wrapped.extend(layout::hanging(
            label,
            &text,
            tone,
            2,
            width.saturating_sub(remarks_indent).max(16),
        ));
    }
    let mut wrapped = wrapped.into_iter();
    if beside {
        line = line.pad_to(remarks_indent);
        if let Some(first) = wrapped.next() {
            line.0.extend(first.0);
        }
    }
    body.push(line);
    body.extend(wrapped.map(|line| {
        let mut indented = Line::new(" ".repeat(remarks_indent), Tone::Plain);
        indented.0.extend(line.0);
        indented
    }));
    if row.focused {
        body.focus = Some((first_line, body.lines.len()));
    }
}

/// The symbol of the weightiest remark.
fn state(notes: &[Note]) -> (&'static str, Tone) {
    notes
        .iter()
        .map(|note| note.code.level())
        .max()
        .map_or((" ", Tone::Plain), symbol)
}

fn symbol(level: Level) -> (&'static str, Tone) {
    match level {
        Level::Good => ("✓", Tone::Good),
        Level::Info => ("·", Tone::Dim),
        Level::Warn => ("!", Tone::Warn),
        Level::Bad => ("✗", Tone::Bad),
    }
}

/// The remarks with their symbols; the first is followed by where the value came from.
fn remarks(row: &Row<'_>, messages: &Messages) -> Vec<(&'static str, Tone, String)> {
    let mut remarks: Vec<_> = row
        .notes
        .iter()
        .map(|note| {
            let (symbol, tone) = symbol(note.code.level());
            (symbol, tone, note_text(note, messages))
        })
        .collect();
    if row.origin != Origin::Default {
        let origin = origin_line(&row.origin, messages);
        match remarks.first_mut() {
            Some((.., text)) => *text = format!("{text} · {origin}"),
            None => remarks.push(("·", Tone::Dim, origin)),
        }
    }
    remarks
}

fn note_text(note: &Note, messages: &Messages) -> String {
    let (at, count) = (note.at.to_string(), note.count.to_string());
    let value = crate::render::text::line::clean(&note.value);
    filled(
        messages.opening().note[&note.code],
        &[("at", &at), ("count", &count), ("value", &value)],
    )
}
