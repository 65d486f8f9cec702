//! Probes: requests that decide what the evidence leaves open. Never sent without being asked for.

use super::{effect::Effect, follow::command, model::Model};
use crate::{
    flow::{event::Command, transcript::Purpose},
    oauth::{
        http::HttpRequest,
        moment::Moment,
        token::{TokenRequest, USER_AGENT},
    },
};

/// A code that no authorization server has issued: twenty zeros have the right shape and stand for nothing.
pub const JUNK_CODE: &str = "00000000000000000000";

/// The request of a probe, made from the values of the form.
pub fn request(model: &Model, purpose: Purpose) -> HttpRequest {
    let configuration = model.form.configuration();
    match purpose {
        Purpose::ProbeAuthorization => HttpRequest::get(format!(
            "{}?client_id={}",
            configuration.provider.authorization_endpoint,
            crate::oauth::params::encode_value(&configuration.client_id)
        ))
        .with_header("User-Agent", USER_AGENT),
        _ => TokenRequest {
            code: JUNK_CODE.into(),
            ..configuration.token_request(&configuration.redirect_uri, None)
        }
        .to_http(),
    }
}

/// Sends a probe.
pub fn send(model: &mut Model, purpose: Purpose, now: Moment) -> Vec<Effect> {
    let request = request(model, purpose);
    command(model, Command::Probe(request, purpose), now)
}
