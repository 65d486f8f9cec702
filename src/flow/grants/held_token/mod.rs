//! No grant: a token that was obtained before. Nothing is sent but what a person asks for, each request by itself, and several may
//! be on their way at a time.

#[cfg(test)]
mod tests;

use crate::{
    flow::{
        configuration::{Configuration, Origins},
        effect::Effect,
        event::{Command, Event},
        grants::{Concluded, GrantMachine, Shared, Status, Step, StepState},
        transcript::{Observation, Transcript},
    },
    oauth::{authorization::AuthorizationRequest, time::Moment},
};

/// The steps on screen.
pub(crate) const STEPS: &[Step] = &[Step::Exchange, Step::Result];

/// The state of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeldToken {
    configuration: Option<Configuration>,
    /// Requests that are on their way, and since when.
    awaited: Vec<(u32, Moment)>,
    asked: bool,
    stopped: bool,
}

impl HeldToken {
    /// As it stood at the end of a transcript.
    pub(crate) fn replayed(transcript: &Transcript) -> Self {
        Self {
            configuration: transcript
                .last_authorization()
                .map(|(_, configuration, _)| configuration.clone()),
            asked: true,
            ..Self::default()
        }
    }

    fn is_over(&self) -> bool {
        self.stopped || (self.asked && self.awaited.is_empty())
    }
}

impl GrantMachine for HeldToken {
    fn start(&mut self, flow: &mut Shared<'_>, configuration: Configuration, now: Moment) -> Vec<Effect> {
        flow.begin_anew();
        *self = Self {
            configuration: Some(configuration.clone()),
            ..Self::default()
        };
        flow.record(
            now,
            Observation::AuthorizationStarted {
                request: AuthorizationRequest::default(),
                configuration: Box::new(configuration),
            },
        );
        Vec::new()
    }

    fn command(&mut self, flow: &mut Shared<'_>, command: Command, now: Moment) -> Vec<Effect> {
        match command {
            Command::Probe(request, purpose) => {
                let configuration = self.configuration.as_ref();
                let origins = configuration.map_or_else(Origins::default, |values| values.origins.clone());
                let effect = flow.send(request, purpose, origins, now);
                self.awaited.push((*flow.exchanges, now));
                self.asked = true;
                vec![effect]
            }
            Command::Cancel if self.status().is_under_way() => {
                flow.record(now, Observation::Cancelled);
                self.stopped = true;
                flow.begin_anew();
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn on(&mut self, flow: &mut Shared<'_>, event: Event, now: Moment) -> Vec<Effect> {
        let number = event.exchange();
        if let Event::ResponseArrived {
            exchange,
            response,
            millis,
            ..
        } = event
        {
            flow.record(
                now,
                Observation::ResponseReceived {
                    exchange,
                    response,
                    millis,
                },
            );
        }
        self.awaited.retain(|(awaited, _)| Some(*awaited) != number);
        Vec::new()
    }

    fn status(&self) -> Status {
        match self.awaited.first() {
            _ if self.is_over() => Status::Done,
            Some((_, since)) => Status::WaitingForServer(*since),
            None => Status::Idle,
        }
    }

    fn configuration(&self) -> Option<&Configuration> {
        self.configuration.as_ref()
    }

    fn page(&self) -> Option<String> {
        None
    }

    fn steps(&self) -> &'static [Step] {
        STEPS
    }

    fn step_state(&self, step: Step, concluded: Concluded) -> StepState {
        match step {
            Step::Exchange | Step::Result if self.is_over() && concluded.is_token => StepState::Done,
            Step::Exchange | Step::Result if self.is_over() => StepState::Failed,
            Step::Exchange if self.asked => StepState::Active,
            _ => StepState::Ahead,
        }
    }
}
