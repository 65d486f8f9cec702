//! Sending a probe that a person said yes to.

use super::{effect::Effect, follow::command, model::Model};
use crate::{
    flow::{event::Command, probe, transcript::Purpose},
    oauth::moment::Moment,
};

/// Sends a probe, made from the values of the form.
pub fn send(model: &mut Model, purpose: Purpose, now: Moment) -> Vec<Effect> {
    let request = probe::request(&model.form.configuration(), purpose);
    command(model, Command::Probe(request, purpose), now)
}
