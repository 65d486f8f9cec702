//! Sending a probe that a person said yes to.

use super::{effect::Effect, follow::command, model::Model};
use crate::{
    flow::{configuration::Configuration, event::Command, probe, transcript::Purpose},
    oauth::moment::Moment,
};

/// The values that a probe would ask about, of the server that refused them: what was typed since is another matter.
pub fn values(model: &Model) -> Configuration {
    let attempt = model.flow.attempt.as_ref();
    let configuration = attempt.map_or_else(
        || model.form.configuration(),
        |attempt| attempt.configuration.clone(),
    );
    probe::values_in_question(&model.flow.transcript, &configuration)
}

/// Sends a probe.
pub fn send(model: &mut Model, purpose: Purpose, now: Moment) -> Vec<Effect> {
    let request = probe::request(&values(model), purpose);
    command(model, Command::Probe(request, purpose), now)
}
