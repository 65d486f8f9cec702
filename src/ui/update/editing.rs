//! Editing what has the focus: a field of a form, the token request, the window in which a redirect is pasted.

use crate::{
    flow::configuration::{Field, Origin},
    text::defects::without_defects,
    ui::{
        keys::Context,
        model::{
            Model, Notice, Overlay, Step,
            text_field::{Edit, TextField},
        },
        update::{
            attempts, finding, lab,
            navigation::{self, open},
            taking,
        },
    },
};

pub(crate) fn is_text_focused(model: &mut Model) -> bool {
    match (&model.overlay, model.step) {
        _ if model.context() == Context::Find => true,
        (Some(_), _) => true,
        (None, Step::Exchange) => !matches!(
            model.exchange_form.focused(),
            Field::Accept | Field::ClientAuthentication
        ),
        _ => model.form.focused_text().is_some(),
    }
}

/// Edits whatever text has the focus.
pub(crate) fn type_in(model: &mut Model, edit: Edit) {
    let changes = !matches!(edit, Edit::Move(..) | Edit::SelectAll);
    model.follow_focus = true;
    if model.context() == Context::Find {
        finding::edit(model, edit);
        return;
    }
    match &mut model.overlay {
        Some(Overlay::Paste(text)) => {
            text.edit(edit);
            return;
        }
        Some(Overlay::Palette(palette)) => {
            palette.edit(edit);
            return;
        }
        Some(Overlay::Attempts(list)) => {
            attempts::edit_name(list, edit);
            return;
        }
        _ => {}
    }
    if let Some(line) = &mut model.registered {
        line.edit(edit);
        return;
    }
    match model.context() {
        Context::Form if model.step == Step::Exchange => {
            if let Some(parameter) = model.exchange_form.focused_parameter() {
                parameter.text.edit(edit);
                if changes {
                    parameter.sent = true;
                    parameter.origin = Origin::Typed;
                }
            }
        }
        Context::Form => {
            if let Some(text) = model.form.focused_text() {
                text.edit(edit);
                if changes {
                    model.form.mark_typed();
                }
            }
        }
        // Where no field has the focus, what is pasted is to be read.
        Context::FrontDoor
        | Context::Ready
        | Context::Waiting
        | Context::Device
        | Context::NoListener
        | Context::Callback
        | Context::Exchanged
        | Context::Result => {
            if let Edit::Insert(text) = edit {
                open(model, Overlay::Paste(TextField::new(text)));
            }
        }
        _ => {}
    }
}

pub(crate) fn click_field(model: &mut Model, line: usize, grapheme: usize) {
    model.notice = None;
    if model.step == Step::Exchange {
        model.exchange_form.focus = line.min(model.exchange_form.lines().saturating_sub(1));
        if let Some(parameter) = model.exchange_form.focused_parameter() {
            parameter.text.place_cursor(grapheme);
        }
    } else if line < model.form.rows.len() {
        model.form.focus = line;
        if let Some(text) = model.form.focused_text() {
            text.place_cursor(grapheme);
        }
    }
}

pub(crate) fn move_focus(model: &mut Model, by: isize) {
    model.follow_focus = true;
    if matches!(model.overlay, Some(Overlay::ChooseFault(_))) {
        lab::move_choice(model, by);
    } else if let Some(Overlay::Palette(palette)) = &mut model.overlay {
        palette.choose(by);
    } else if matches!(model.overlay, Some(Overlay::Attempts(_))) {
        attempts::choose(model, by);
    } else if matches!(model.overlay, Some(Overlay::Choose(..))) {
        taking::move_choice(model, by);
    } else if model.context() == Context::Find {
        navigation::scroll(model, by);
    } else if model.step == Step::Exchange {
        model.exchange_form.move_focus(by);
    } else {
        model.form.move_focus(by);
    }
}

pub(crate) fn leave_out(model: &mut Model) {
    if model.step == Step::Exchange {
        model.exchange_form.leave_out();
    }
}

pub(crate) fn clean(model: &mut Model) {
    let text = if model.step == Step::Exchange {
        model
            .exchange_form
            .focused_parameter()
            .map(|parameter| &mut parameter.text)
    } else {
        model.form.focused_text()
    };
    let Some(text) = text else { return };
    let cleaned = without_defects(text.text());
    let removed = text.text().chars().count() - cleaned.chars().count();
    if removed > 0 {
        text.edit(Edit::SelectAll);
        type_in(model, Edit::Insert(cleaned));
    }
    model.notice = Some(if removed == 0 {
        Notice::NothingToClean
    } else {
        Notice::Cleaned(removed)
    });
}
