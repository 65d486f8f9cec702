//! The windows: keys, pasting a redirect, asking before a probe.

use crate::{
    diagnosis::{context::Facts, refusals_in_a_row},
    flow::transcript::Purpose,
    render::{
        self,
        text::{
            layout,
            line::{Line, Tone},
        },
    },
    text::{
        catalog::{Messages, with_code},
        find::Words,
        template::filled,
    },
    ui::{
        keys::{Action, BINDINGS, Binding, Context, EDITS, KeyPress},
        model::{Model, find::Searched, text_field::TextField},
        update::{pasting, probe},
        view::{
            body::Body,
            field::{self, Look},
            screens::{choices::search_line, continue_label, continue_label_in},
        },
    },
};

/// All keys that mean something where the person is, then those of text editing.
pub fn body(model: &Model, messages: &Messages, width: usize) -> Body {
    let words = messages.screens();
    let context = model.context_of_page();
    let mut body = Body::default();
    let find = model.find.as_ref().filter(|find| find.of == Searched::Help);
    let wanted = Words::of(find.map_or("", |find| find.text.text()));
    if let Some(find) = find {
        search_line(&mut body, "/", &find.text, find.typing, width);
    }
    body.push(Line::new(&words.windows.help_keys, Tone::Label));
    let rows: Vec<(String, String)> = BINDINGS
        .iter()
        .filter(|binding| model.offers(binding))
        .map(|binding| (binding.names(context), meaning(binding, model, messages)))
        .filter(|(keys, what)| wanted.are_in(&format!("{keys} {what}")))
        .collect();
    let labels = layout::widest(rows.iter().map(|(keys, _)| keys.as_str())).min(width / 2) + 4;
    for (keys, what) in rows {
        key_row(&mut body, &keys, &what, labels, width);
    }
    if context.is_typing() {
        body.heading(&words.windows.help_editing);
        for edit in EDITS {
            let keys = edit
                .keys
                .iter()
                .map(KeyPress::to_string)
                .collect::<Vec<_>>()
                .join("  ");
            if !wanted.are_in(&format!("{keys} {}", words.editing[edit.name])) {
                continue;
            }
            key_row(&mut body, &keys, &words.editing[edit.name], labels, width);
        }
    }
    body.gap();
    body.text(&words.windows.help_mouse, Tone::Dim, width);
    body
}

fn key_row(body: &mut Body, keys: &str, what: &str, labels: usize, width: usize) {
    let label = Line::new("  ", Tone::Plain).then(keys, Tone::Accent);
    body.extend(layout::hanging(label, what, Tone::Plain, labels, width));
}

/// What a key means here.
fn meaning(binding: &Binding, model: &Model, messages: &Messages) -> String {
    let words = messages.screens();
    let context = model.context_of_page();
    match (binding.action, context) {
        (Action::Continue, Context::Walkthrough) => words.windows.help_continue_walkthrough.clone(),
        (Action::Back, Context::Walkthrough) => words.windows.help_back_walkthrough.clone(),
        (Action::Remedy1, context) if context.asks() => words.windows.help_answer.clone(),
        (Action::Continue, _) => continue_label_in(context, model, &model.layout, messages).map_or_else(
            || words.key_help[&Action::Continue].clone(),
            |label| sentence(label, messages),
        ),
        (action, _) => with_code(&words.key_help[&action]),
    }
}

/// The words of the footer as a sentence.
fn sentence(words: &str, messages: &Messages) -> String {
    let mut characters = words.chars();
    let first = characters.next().into_iter().flat_map(char::to_uppercase);
    let words: String = first.chain(characters).collect();
    filled(&messages.pictures().plain.sentence, &[("words", &words)])
}

/// The window in which something is pasted. What may be a secret is masked.
pub fn paste(model: &Model, text: &TextField, messages: &Messages, width: usize) -> Body {
    let mut body = Body::default();
    body.text(&messages.screens().windows.paste_about, Tone::Plain, width);
    body.gap();
    let look = if !model.reveal && pasting::holds_a_secret(model, text.text()) {
        Look::Masked
    } else {
        Look::Words
    };
    let drawn = field::draw(text, look, true, width.saturating_sub(2));
    body.cursor = Some((body.lines.len(), 2 + drawn.cursor));
    let mut line = Line::new("▸ ", Tone::Accent);
    line.0.extend(drawn.line.0);
    body.focus = Some((body.lines.len(), body.lines.len() + 1));
    body.push(line);
    body
}

/// The question before a refusal is lost.
pub fn leave(messages: &Messages, width: usize) -> Body {
    let mut body = Body::default();
    body.text(&messages.screens().windows.leave_about, Tone::Plain, width);
    body
}

/// The question before a probe: what it sends, and why that does no harm.
pub fn probe(model: &Model, purpose: Purpose, messages: &Messages, width: usize) -> Body {
    let refusals = refusals_in_a_row(&Facts::of(model.shown()));
    let mut body = Body::default();
    body.extend(render::drawings::probe::draw(
        &probe::values(model),
        purpose,
        refusals,
        messages,
        width,
    ));
    body.gap();
    let enter = continue_label(model, &model.layout, messages).unwrap_or_default();
    body.text(&format!("Enter  {enter}"), Tone::Accent, width);
    body
}
