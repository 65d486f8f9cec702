//! Windows from which something is taken or done: every command, what can be copied, the forms of a file.

use crate::{
    render::{
        reports::REPORTS,
        text::{
            layout,
            line::{Line, Tone, clean},
        },
    },
    text::catalog::Messages,
    ui::{
        keys::Action,
        message::Message,
        model::{Model, find::Palette, text_field::TextField},
        update::taking::{self, Choice, Copied},
        view::{
            body::{Body, Hit},
            field::{self, Look},
        },
    },
};

/// The line in which something is looked for.
pub(super) fn search_line(body: &mut Body, sign: &str, text: &TextField, typing: bool, width: usize) {
    let label = Line::new(sign, Tone::Accent).then(" ", Tone::Plain);
    let indent = label.width();
    let drawn = field::draw(text, Look::Words, typing, width.saturating_sub(indent));
    if typing {
        body.cursor = Some((body.lines.len(), indent + drawn.cursor));
    }
    let mut line = label;
    line.0.extend(drawn.line.0);
    body.push(line);
}

/// Every command that means something on the page, as far as it was found.
pub(super) fn palette(palette: &Palette, messages: &Messages, width: usize) -> Body {
    let words = &messages.screens().palette;
    let mut body = Body::default();
    search_line(&mut body, ":", &palette.text, true, width);
    if palette.found.is_empty() {
        body.text(&words.none, Tone::Dim, width);
    }
    let commands = || palette.found.iter().filter_map(|at| palette.commands.get(*at));
    let keys = layout::widest(commands().map(|command| command.keys.as_str())).min(width / 3) + 2;
    let names = layout::widest(commands().map(|command| command.name.as_str())).min(width / 3) + 2;
    for (place, command) in commands().enumerate() {
        let first = body.lines.len();
        let chosen = place == palette.chosen;
        let (mark, tone) = if chosen {
            ("▸ ", Tone::Accent)
        } else {
            ("  ", Tone::Plain)
        };
        let label = Line::new(mark, Tone::Accent)
            .then(&command.keys, Tone::Accent)
            .pad_to(2 + keys)
            .then(&command.name, tone);
        let indent = 2 + keys + names;
        body.extend(layout::hanging(label, &command.about, Tone::Dim, indent, width));
        if chosen {
            body.focus = Some((first, body.lines.len()));
        }
    }
    body
}

/// What can be copied, or the forms of a file with the name that it will have, one of them chosen.
pub(super) fn choose(model: &Model, choice: Choice, at: usize, messages: &Messages, width: usize) -> Body {
    let mut body = Body::default();
    let rows: Vec<(String, String)> = match choice {
        Choice::Copy => taking::copied(model)
            .into_iter()
            .map(|what| (name(what, messages).to_owned(), String::new()))
            .collect(),
        Choice::Profile => {
            body.text(&messages.screens().profiles.about, Tone::Dim, width);
            body.gap();
            let names = model.profiles.iter();
            names.map(|name| (clean(name), String::new())).collect()
        }
        Choice::Export => {
            body.text(&messages.screens().export.about, Tone::Dim, width);
            body.gap();
            let words = messages.help().value.get("format");
            let about = |name: &str| {
                words
                    .and_then(|words| words.get(name))
                    .cloned()
                    .unwrap_or_default()
            };
            REPORTS
                .iter()
                .map(|report| (taking::file_name(report, model.export_at), about(report.name)))
                .collect()
        }
    };
    let names = layout::widest(rows.iter().map(|(name, _)| name.as_str())).min(width / 2) + 2;
    for (place, (name, about)) in rows.iter().enumerate() {
        let first = body.lines.len();
        let chosen = place == at;
        let (mark, tone) = if chosen {
            ("▸ ", Tone::Accent)
        } else {
            ("  ", Tone::Plain)
        };
        let label = Line::new(mark, Tone::Accent)
            .then(format!("[{}] ", place + 1), Tone::Accent)
            .then(name, tone);
        if about.is_empty() {
            body.push(label);
        } else {
            body.extend(layout::hanging(label, about, Tone::Dim, 6 + names, width));
        }
        if chosen {
            body.focus = Some((first, body.lines.len()));
        }
        if let Some(action) = Action::REMEDIES.get(place) {
            body.hits.extend((first..body.lines.len()).map(|line| Hit {
                line,
                from: 0,
                to: width,
                message: Message::Do(*action),
            }));
        }
    }
    body
}

/// The question before the token itself leaves the program.
pub(super) fn token(messages: &Messages, width: usize) -> Body {
    let mut body = Body::default();
    body.text(&messages.screens().copy.token_asks, Tone::Warn, width);
    body
}

/// What something to copy is called.
pub(super) fn name(what: Copied, messages: &Messages) -> &str {
    let words = &messages.screens().copy;
    match what {
        Copied::Url => &words.url,
        Copied::Tunnel => &words.tunnel,
        Copied::Code => &words.code,
        Copied::Curl => &words.curl,
        Copied::Error => &words.error,
        Copied::Finding => &words.finding,
        Copied::Token => &words.token,
    }
}
