//! Decides the next step of an unattended flow, such as that of `oauthlens run`. Performs no IO.

use crate::{
    flow::{
        configuration::{Field, Origin, Origins},
        event::Command,
        grants::{Status, authorization_code::Stage},
        machine::Flow,
        transcript::{Channel, Disposition, Observation, Purpose},
    },
    lab::faults::Fault,
    oauth::{authorization::AuthorizationResponse, http::HttpRequest, params::Params, token::TokenRequest},
};

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Something is under way.
    Wait,
    /// A person pastes this in place of a redirect.
    Paste(String),
    /// Let [`Fault::millis_before_exchange`] pass and [`Fault::before_exchange`] happen, then send this.
    Exchange(Box<Exchange>),
    /// The flow has ended.
    Over,
}

/// A token request that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// Which exchange of the walk it is, counted from 1.
    pub number: u32,
    /// Its values.
    pub request: TokenRequest,
    /// Where they come from.
    pub origins: Origins,
    /// The request itself, where it is not the one that the values give.
    pub by_hand: Option<HttpRequest>,
}

impl Exchange {
    /// What sends it.
    pub fn command(self) -> Command {
        match self.by_hand {
            Some(http) => Command::Probe(http, Purpose::Token),
            None => Command::Exchange(Box::new(self.request), self.origins),
        }
    }
}

/// Counts what was done already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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

    /// What comes next in this flow. A [`Step::Exchange`] is given once and must be carried out, and so must a
    /// [`Step::Paste`].
    pub fn next(&mut self, flow: &Flow) -> Step {
        if flow.authorization_code().is_none() {
            // It moves by itself.
            return if flow.status() == Status::Done {
                Step::Over
            } else {
                Step::Wait
            };
        }
        let planned = self.fault.map_or(1, Fault::exchanges);
        match flow.stage() {
            Stage::Awaiting(_) if self.fault.is_some_and(Fault::pastes) => {
                code_of_another_path(flow).map_or(Step::Wait, Step::Paste)
            }
            Stage::Received if self.awaits_another_redirect(flow) => Step::Wait,
            Stage::Received | Stage::Finished if self.exchanges < planned => self.exchange(flow),
            Stage::Denied
                if self.exchanges < planned && self.fault.is_some_and(Fault::exchanges_after_an_error) =>
            {
                self.exchange(flow)
            }
            Stage::Finished | Stage::Denied | Stage::Stopped | Stage::NoListener => Step::Over,
            _ => Step::Wait,
        }
    }

    fn exchange(&mut self, flow: &Flow) -> Step {
        let Some(mut request) = flow.token_request() else {
            return Step::Over;
        };
        let mut origins = exchange_origins(flow);
        let mut by_hand = None;
        if let Some(fault) = self.fault {
            fault.alter_exchange(&mut request, &mut origins);
            by_hand = fault.by_hand(&request);
        }
        self.exchanges += 1;
        Step::Exchange(Box::new(Exchange {
            number: self.exchanges,
            request,
            origins,
            by_hand,
        }))
    }

    fn awaits_another_redirect(&self, flow: &Flow) -> bool {
        let wanted = self.fault.map_or(1, Fault::redirects);
        let came = since_the_start(flow).filter(|(disposition, ..)| {
            disposition.is_taken() || **disposition == Disposition::SecondRedirect
        });
        came.count() < usize::try_from(wanted).unwrap_or(1)
    }
}

/// What came to the listener since the latest authorization was started.
fn since_the_start(flow: &Flow) -> impl DoubleEndedIterator<Item = (&Disposition, &HttpRequest)> {
    let start = flow
        .transcript
        .last_authorization()
        .map_or(0, |(index, ..)| index);
    flow.transcript.entries[start..]
        .iter()
        .filter_map(|entry| match &entry.observation {
            Observation::RedirectReceived {
                disposition, request, ..
            } => Some((disposition, request)),
            _ => None,
        })
}

/// The code that went to another path of this machine.
fn code_of_another_path(flow: &Flow) -> Option<String> {
    since_the_start(flow)
        .filter(|(disposition, _)| **disposition == Disposition::OtherPath)
        .find_map(|(_, request)| {
            AuthorizationResponse::from_params(&Params::decode(request.query().unwrap_or_default())).code
        })
}

/// Where the values of [`Flow::token_request`] come from.
pub fn exchange_origins(flow: &Flow) -> Origins {
    let mut origins = flow
        .attempt()
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
