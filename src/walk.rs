//! What comes next in a flow that nobody steers: the decisions of `oauthlens run`, without its IO.

use crate::{
    faults::Fault,
    flow::{
        configuration::{Field, Origin, Origins},
        machine::{Flow, Stage},
        transcript::{Channel, Observation},
    },
    oauth::token::TokenRequest,
};

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Something is under way.
    Wait,
    /// Let [`Fault::millis_before_exchange`] pass and [`Fault::before_exchange`] happen, then send this.
    Exchange(Box<TokenRequest>, Origins),
    /// The flow has ended.
    Over,
}

/// Counts what was done already.
#[derive(Clone, Debug, Default)]
pub struct Walk {
    /// The deliberate defect, if there is one.
    pub fault: Option<Fault>,
    exchanges: u32,
}

impl Walk {
    /// A walk that has not begun.
    pub fn new(fault: Option<Fault>) -> Self {
        Self { fault, exchanges: 0 }
    }

    /// What comes next in this flow. A [`Step::Exchange`] is given once and must be carried out.
    pub fn next(&mut self, flow: &Flow) -> Step {
        let planned = self.fault.map_or(1, Fault::exchanges);
        match flow.stage {
            Stage::Received | Stage::Finished if self.exchanges < planned => {
                let Some(mut request) = flow.token_request() else {
                    return Step::Over;
                };
                let mut origins = exchange_origins(flow);
                if let Some(fault) = self.fault {
                    fault.alter_exchange(&mut request, &mut origins);
                }
                self.exchanges += 1;
                Step::Exchange(Box::new(request), origins)
            }
            Stage::Finished | Stage::Denied | Stage::Stopped | Stage::NoListener => Step::Over,
            _ => Step::Wait,
        }
    }
}

/// Where the values of [`Flow::token_request`] come from.
pub fn exchange_origins(flow: &Flow) -> Origins {
    let mut origins = flow
        .attempt
        .as_ref()
        .map(|attempt| attempt.configuration.origins.clone())
        .unwrap_or_default();
    let pasted = flow
        .transcript
        .entries
        .iter()
        .rev()
        .find_map(|entry| match &entry.observation {
            Observation::RedirectReceived {
                channel, disposition, ..
            } if disposition.is_taken() => Some(*channel == Channel::Pasted),
            _ => None,
        });
    let code = if pasted == Some(true) {
        Origin::Typed
    } else {
        Origin::Redirect
    };
    origins.set(Field::Code, code);
    origins.set(Field::CodeVerifier, Origin::Generated);
    origins
}
