//! Looking about: another step, a window, further up or down.

use crate::ui::model::{Model, Notice, Overlay, Step, layout::WINDOW};

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

pub(crate) fn show(model: &mut Model, step: Step) {
    if model.step != step {
        model.mending = None;
    }
    model.step = step;
    model.follow_focus = true;
    model.layout.scroll[step.index()] = 0;
}

pub(crate) fn scroll(model: &mut Model, lines: isize) {
    model.follow_focus = false;
    let at = model.scroll_place();
    model.layout.scroll[at] = match lines {
        isize::MIN => 0,
        // The drawing stops at the last line; it tells how far that is.
        isize::MAX => usize::MAX,
        lines => model.layout.scroll[at].saturating_add_signed(lines),
    };
}
