//! Prose of the laboratory.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::{lab::faults::Group, render::words::drawings::prose, ui::update::lab::Prediction};

prose! {
    /// Two runs side by side.
    BesideProse {
        title: String,
        authorization_request: String,
        redirect: String,
        token_request: String,
        answer: String,
        /// The good run.
        good: String,
        /// This run.
        this: String,
        /// A value that is not there.
        absent: String,
        /// `{count}` values are the same.
        same: String,
        /// Two masked values of which it is not known whether they are equal.
        unknown: String,
        /// Two different values that look alike where they are masked.
        masked_alike: String,
        /// This run did not come that far.
        missing: String,
        /// The good run did not have it.
        only_here: String,
        /// On a screen of one column: where the comparison stands.
        below: String,
    }
}

prose! {
    /// The laboratory.
    LabProse {
        /// The window with the list of faults.
        title: String,
        /// What it is for.
        about: String,
        /// Against a real provider: what a fault may lead to.
        lock_warning: String,
        /// In the simulator: what the mark in the list means.
        lock_hint: String,
        /// Before one such fault runs against `{provider}`.
        lock_this: String,
        /// The window that asks for a prediction.
        predict_title: String,
        /// The question.
        predict: String,
        /// `{prediction}` was right.
        right: String,
        /// `{prediction}` was not; it was `{outcome}`.
        wrong: String,
        /// The fault of this run: `{fault}`.
        ran: String,
        /// Two runs side by side.
        beside: BesideProse,
        /// What can be predicted.
        prediction: BTreeMap<Prediction, String>,
        /// What faults damage.
        group: BTreeMap<Group, String>,
        /// The faults by name.
        fault: BTreeMap<String, String>,
    }
}
