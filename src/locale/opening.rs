//! Prose of the frame around every screen and of the first screen: all that the first frame reads.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::texts;
use crate::{
    app::{field_check::NoteCode, keymap::Action},
    flow::configuration::Field,
};

/// A field's name and what a person should know of it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldProse {
    /// Its label.
    pub label: String,
    /// What it is, where it is found, what it is for.
    pub about: String,
}

texts! {
    /// Names of the steps.
    StepNames { configure, authorize, callback, exchange, result }
}

texts! {
    /// The frame around every screen.
    FrameProse { simulated, replay, more_below, more_above, secrets_shown, too_small, stop_waiting, continue_configure, continue_again, continue_ready, continue_waiting, continue_callback, continue_denied, continue_exchange, continue_exchanged, continue_result, continue_paste, continue_confirm, continue_help, continue_mend, continue_next, continue_question, continue_own_app, continue_end, continue_choose_fault, choose_fault, predict, answer, steps, remedies, walkthrough_step }
}

texts! {
    /// Configure.
    ConfigureProse { title, title_demo, about, choice_github, choice_custom, choice_simulator, on, off, default_from, offer, resume }
}

texts! {
    /// What the five steps will do.
    PlanProse { title, configure, authorize, callback, exchange, result }
}

/// All that the first frame reads.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpeningProse {
    /// Names of the steps.
    pub step: StepNames,
    /// The frame.
    pub frame: FrameProse,
    /// Keys, in a word or two for the footer.
    pub key: BTreeMap<Action, String>,
    /// Configure.
    pub configure: ConfigureProse,
    /// What the five steps will do.
    pub plan: PlanProse,
    /// Fields.
    pub field: BTreeMap<Field, FieldProse>,
    /// Notes beside fields.
    pub note: BTreeMap<NoteCode, String>,
}
