//! Waiting for a server: what for, since when, and how to stop.

use crate::{
    flow::{
        event::Event,
        failure::{Failure, FailureKind},
        transcript::{Observation, Purpose},
    },
    oauth::{endpoint::authority, time::Moment},
    text::catalog::Messages,
    ui::{effect::Effect, model::Model, update::flow_events::flow_event},
};

/// From then on it is said what is waited for: what takes less is over before it is read.
pub const SAID_AFTER: u64 = 500;

/// A request that was not answered yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InFlight {
    /// The number of its exchange.
    pub exchange: u32,
    /// What for.
    pub purpose: Purpose,
    /// Who is to answer.
    pub host: String,
    /// When it was sent.
    pub since: Moment,
}

/// The request that is under way, looked for among the latest entries; a probe counts too.
pub fn in_flight(model: &Model) -> Option<InFlight> {
    const AT_MOST: usize = 32;
    if model.replay || model.aside.is_some() {
        return None;
    }
    let transcript = &model.flow.transcript;
    let mut ended = Vec::new();
    for entry in transcript.entries.iter().rev().take(AT_MOST) {
        match &entry.observation {
            Observation::ResponseReceived { exchange, .. } | Observation::RequestFailed { exchange, .. } => {
                ended.push(*exchange);
            }
            Observation::RequestSent {
                exchange,
                purpose,
                request,
                ..
            } => {
                let open = !ended.contains(exchange);
                return open.then(|| InFlight {
                    exchange: *exchange,
                    purpose: *purpose,
                    host: authority(&request.url).unwrap_or(&request.url).to_owned(),
                    since: transcript.started.plus(entry.at),
                });
            }
            _ => {}
        }
    }
    None
}

/// The same once it has taken so long that it is said, and with it that Esc stops it. Before that Esc goes back as ever, and
/// nothing is lost.
pub fn taking_long(model: &Model) -> Option<InFlight> {
    in_flight(model).filter(|waited| model.now.since(waited.since) >= SAID_AFTER)
}

/// Stops waiting: the request counts as failed, and an answer that comes after all is dropped.
pub(crate) fn stop(model: &mut Model, waited: &InFlight, now: Moment) -> Vec<Effect> {
    let messages = Messages::new(model.language);
    let detail = messages.pictures().failure.of(&FailureKind::GivenUp);
    let event = Event::RequestFailed {
        flow: model.flow.id,
        exchange: waited.exchange,
        failure: Failure::new(FailureKind::GivenUp, detail),
        millis: now.since(waited.since),
    };
    flow_event(model, event, now)
}
