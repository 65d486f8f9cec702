//! Sending a probe that a person said yes to.

use super::{effect::Effect, follow::command, model::Model};
use crate::{
    flow::{configuration::Configuration, event::Command, probe, transcript::Purpose},
    oauth::moment::Moment,
};

/// The values that a probe would ask about.
pub fn values(model: &Model) -> Configuration {
    probe::values_in_question(&model.flow.transcript, &model.form.configuration())
}

/// Sends a probe.
pub fn send(model: &mut Model, purpose: Purpose, now: Moment) -> Vec<Effect> {
    let request = probe::request(&values(model), purpose);
    command(model, Command::Probe(request, purpose), now)
}
