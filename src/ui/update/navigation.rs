//! Looking about: another step, a window, further up or down.

use crate::ui::{
    keys::Action,
    model::{
        Model, Notice, Overlay, Step,
        layout::WINDOW,
        panes::{Pane, Panes},
    },
};

/// Opens a window at its top.
pub(crate) fn open(model: &mut Model, window: Overlay) {
    model.overlay = Some(window);
    model.layout.scroll[WINDOW] = 0;
}

pub(crate) fn look_at(model: &mut Model, step: Option<Step>) {
    match step {
        Some(step) if step <= model.reached => show(model, step),
        Some(_) => model.notice = Some(Notice::NotReached),
        None => {}
    }
}

/// The step so many places further on, among those of the flow's grant.
pub(crate) fn neighbour(model: &Model, by: isize) -> Option<Step> {
    let steps = model.steps();
    let here = steps.iter().position(|step| *step == model.step)?;
    steps.get(here.checked_add_signed(by)?).copied()
}

pub(crate) fn show(model: &mut Model, step: Step) {
    if model.step != step {
        model.mending = None;
    }
    if model.step != step {
        model.panes.chosen = Pane::Page;
        model.panes.zoomed = false;
    }
    model.step = step;
    model.follow_focus = true;
    model.layout.scroll[step.index()] = 0;
    let beside = model.pane_place(Pane::Beside);
    model.layout.scroll[beside] = 0;
}

/// Goes to another pane, or gives the present one the whole screen.
pub(crate) fn move_among_panes(model: &mut Model, action: Action) {
    let on_screen = model.layout.panes;
    match action {
        Action::NextPane => model.panes.walk(on_screen, true),
        Action::PreviousPane => model.panes.walk(on_screen, false),
        _ if Panes::can_choose(on_screen) && !model.layout.alone => model.panes.zoomed = !model.panes.zoomed,
        _ => {}
    }
}

/// Chooses a message so many further on; its bytes are shown from the first line.
pub(crate) fn choose_message(model: &mut Model, by: isize) {
    model.panes.choose(by);
    let bytes = model.pane_place(Pane::Bytes);
    model.layout.scroll[bytes] = 0;
}

pub(crate) fn scroll(model: &mut Model, lines: isize) {
    if model.overlay.is_none() && model.focused_pane() == Pane::Messages {
        choose_message(model, lines);
        return;
    }
    model.follow_focus = false;
    let at = model.scroll_place();
    model.layout.scroll[at] = match lines {
        isize::MIN => 0,
        // The drawing stops at the last line; it tells how far that is.
        isize::MAX => usize::MAX,
        lines => model.layout.scroll[at].saturating_add_signed(lines),
    };
}
