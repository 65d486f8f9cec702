//! The question while a redirect is waited for: what does your browser show?

use crate::{
    flow::{event::Command, transcript::BrowserShows},
    oauth::time::Moment,
    ui::{
        effect::Effect,
        model::{Model, Notice, Overlay, Step, text_field::TextField},
        update::{
            flow_events::{command, conclude},
            navigation::{open, show},
        },
    },
};

/// What can be answered, in the order of the keys; the last is something else, which is pasted.
pub const ANSWERS: [Option<BrowserShows>; 5] = [
    Some(BrowserShows::SignIn),
    Some(BrowserShows::RefusesRedirectUri),
    Some(BrowserShows::NotFound),
    Some(BrowserShows::CannotConnect),
    None,
];

/// Takes the answer of that place. The listener goes on listening: whatever a person sees, a redirect may still come.
pub(crate) fn answer(model: &mut Model, number: usize, now: Moment) -> Vec<Effect> {
    match ANSWERS.get(number) {
        Some(Some(shows)) => {
            let effects = command(model, Command::Report(*shows), now);
            if *shows == BrowserShows::SignIn {
                model.notice = Some(Notice::FinishThere);
            } else {
                lead_to_the_result(model);
            }
            effects
        }
        Some(None) => {
            open(model, Overlay::Paste(TextField::default()));
            Vec::new()
        }
        None => Vec::new(),
    }
}

/// What is known of a redirect that did not come is a result, too.
pub(crate) fn lead_to_the_result(model: &mut Model) {
    model.express = false;
    model.reached = Step::Result;
    conclude(model);
    show(model, Step::Result);
}
