//! Where the screen goes with a device authorization grant.

use crate::{
    flow::grants::device::Stage,
    oauth::time::Moment,
    ui::{
        effect::Effect,
        model::{Model, Step},
        update::{flow_events::conclude, navigation::show, steps::decide},
    },
};

/// Moves the screen along after a command or an event.
pub(crate) fn follow(model: &mut Model, has_moved: bool, effects: &mut Vec<Effect>, now: Moment) {
    let Some(stage) = model.flow.device().map(|grant| grant.stage) else {
        return;
    };
    match stage {
        Stage::Polling(_) => {
            // The requests that were made so far can be looked at.
            model.reached = model.reached.max(Step::Exchange);
            if let Some(approve) = model.approve_when_listening.take() {
                effects.extend(decide(model, approve, now));
            }
        }
        Stage::Finished | Stage::Stopped => {
            model.approve_when_listening = None;
            model.express = false;
            conclude(model);
            model.reached = Step::Result;
            if has_moved && model.step != Step::Configure {
                show(model, Step::Result);
            }
        }
        _ => {}
    }
}
