//! The front door: a question instead of an empty form.

use crate::{
    flow::configuration::Field,
    render::text::{
        layout,
        line::{Line, Tone, clean},
    },
    text::{catalog::Messages, template::filled},
    ui::{
        keys::Action,
        message::Message,
        model::Model,
        update::front_door::Door,
        view::{
            body::{Body, Hit},
            screens::{Columns, Page, env_file},
        },
    },
};

/// Makes the page.
pub fn page(model: &Model, door: Door, messages: &Messages, columns: Columns) -> Page {
    let words = &messages.opening().door;
    let width = columns.main;
    let mut main = Body::default();
    match door {
        Door::WhatIsWrong => {
            main.heading(words.title);
            main.gap();
            let answers = [
                (words.paste, words.paste_about),
                (words.own_app, words.own_app_about),
                (words.no_app, words.no_app_about),
                (words.demo, words.demo_about),
                (words.walkthrough, words.walkthrough_about),
            ];
            for (number, (answer, about)) in answers.into_iter().enumerate() {
                offer(&mut main, number, answer, about, width);
            }
            env_file(&mut main, model, messages, width);
        }
        Door::NewApp => {
            main.heading(words.new_title);
            main.gap();
            if let Some(page) = model.form.described_provider().settings_page() {
                main.link(&page, 2, width);
                main.gap();
            }
            main.text(words.new_where, Tone::Plain, width);
            let callback = clean(model.form.text(Field::RedirectUri));
            let callback = filled(words.new_callback, &[("callback", &callback)]);
            for line in [words.new_name, words.new_homepage, &callback] {
                main.item("·", Tone::Accent, line, width);
            }
            main.text(words.new_then, Tone::Plain, width);
            main.gap();
            for (number, answer) in [words.new_open, words.new_have].into_iter().enumerate() {
                offer(&mut main, number, answer, "", width);
            }
        }
    }
    Page {
        main,
        ..Page::default()
    }
}

/// An answer by its digit, and what it leads to; a click chooses it too.
fn offer(main: &mut Body, number: usize, answer: &str, about: &str, width: usize) {
    const INDENT: usize = 4;
    let first = main.lines.len();
    let label = Line::new(format!("[{}]", number + 1), Tone::Accent);
    main.extend(layout::hanging(label, answer, Tone::Plain, INDENT, width));
    if !about.is_empty() {
        let about = layout::paragraph(about, Tone::Dim, width.saturating_sub(INDENT));
        main.extend(layout::indented(about, INDENT));
    }
    main.hits.extend((first..main.lines.len()).map(|line| Hit {
        line,
        from: 0,
        to: width,
        message: Message::Do(Action::REMEDIES[number]),
    }));
}
