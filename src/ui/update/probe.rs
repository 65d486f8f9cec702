//! Sending a probe that a person said yes to.

use crate::{
    flow::{configuration::Configuration, event::Command, requests::probe, transcript::Purpose},
    oauth::time::Moment,
    ui::{effect::Effect, model::Model, update::flow_events::command},
};

/// The values that a probe would ask about, of the server that refused them: what was typed since is another matter.
pub fn values(model: &Model) -> Configuration {
    let present = model.flow.configuration();
    let configuration = present.map_or_else(|| model.form.configuration(), Clone::clone);
    probe::values_in_question(&model.flow.transcript, &configuration)
}

/// Sends a probe.
pub fn send(model: &mut Model, purpose: Purpose, now: Moment) -> Vec<Effect> {
    let request = probe::request(&values(model), purpose);
    command(model, Command::Probe(request, purpose), now)
}
