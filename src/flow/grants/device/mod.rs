//! The device authorization grant (RFC 8628): one request for the codes, then the token endpoint is asked again and again
//! while a person types the user code elsewhere.
//!
//! ```text
//!              Authorize             ResponseArrived            TimerFired            ResponseArrived
//! Configuring ──────────► Requesting ───────────────► Polling ────────────► (asked) ─────────────────► Finished
//!                              │                        ▲                      │
//!                              │ no codes               └──────────────────────┘
//!                              └─────► Finished           pending, slow_down, no answer in time
//! ```
//!
//! `Cancel` and the end of the codes' time lead to Stopped.

mod poll;
mod replayed;
mod steps;
#[cfg(test)]
mod tests;

use crate::{
    flow::{
        configuration::{Configuration, Origins},
        effect::Effect,
        event::{Command, Event, Timer},
        grants::{Concluded, GrantMachine, Shared, Status, Step, StepState},
        transcript::{Observation, Purpose},
    },
    oauth::{
        authorization::AuthorizationRequest,
        device::DeviceAuthorization,
        http::HttpResponse,
        time::Moment,
        token::{TokenAnswer, read_answer},
    },
};

pub use crate::flow::grants::device::poll::Polling;
pub(crate) use crate::flow::grants::device::steps::STEPS;

/// How far a device authorization grant has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    /// Nothing was started.
    #[default]
    Configuring,
    /// The values are settled and nothing is sent yet.
    Prepared,
    /// The codes were asked for at that moment.
    Requesting(Moment),
    /// A person is to type the user code, since that moment; the token endpoint is asked from time to time.
    Polling(Moment),
    /// The token is being tried at the API.
    ReadingUser(Moment),
    /// It has ended with an answer, or for want of one.
    Finished,
    /// The person stopped waiting, or the codes' time ran out.
    Stopped,
}

/// One attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The values it was started with.
    pub configuration: Configuration,
    /// The codes and how the token endpoint is asked, once they are there.
    pub polling: Option<Polling>,
}

/// The state of the grant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeviceGrant {
    /// How far it has come.
    pub stage: Stage,
    /// The present attempt.
    pub attempt: Option<Attempt>,
}

impl DeviceGrant {
    /// The codes of the present attempt.
    pub fn codes(&self) -> Option<&DeviceAuthorization> {
        Some(&self.polling()?.codes)
    }

    /// How the token endpoint is asked.
    pub fn polling(&self) -> Option<&Polling> {
        self.attempt.as_ref()?.polling.as_ref()
    }

    fn prepare(&mut self, flow: &mut Shared<'_>, configuration: Configuration) {
        flow.begin_anew();
        self.stage = Stage::Prepared;
        self.attempt = Some(Attempt {
            configuration,
            polling: None,
        });
    }

    fn cancel(&mut self, flow: &mut Shared<'_>, now: Moment) -> Vec<Effect> {
        if self.status().is_under_way() {
            flow.record(now, Observation::Cancelled);
            self.stage = Stage::Stopped;
            flow.begin_anew();
        }
        Vec::new()
    }

    fn response_arrived(
        &mut self,
        flow: &mut Shared<'_>,
        exchange: u32,
        response: HttpResponse,
        millis: u64,
        now: Moment,
    ) -> Vec<Effect> {
        let reading = read_answer(&response);
        flow.record(
            now,
            Observation::ResponseReceived {
                exchange,
                response,
                millis,
            },
        );
        match flow.purpose_of(exchange) {
            Some(Purpose::DeviceAuthorization) => {
                let refused = matches!(reading.answer, TokenAnswer::Error(_));
                match DeviceAuthorization::of(&reading).filter(|_| !refused) {
                    Some(codes) => self.begin_to_poll(flow, codes, now),
                    None => self.finish(),
                }
            }
            Some(Purpose::Token) => self.poll_answered(flow, reading, now),
            Some(Purpose::User) => self.finish(),
            _ => Vec::new(),
        }
    }

    fn finish(&mut self) -> Vec<Effect> {
        self.stage = Stage::Finished;
        Vec::new()
    }
}

impl GrantMachine for DeviceGrant {
    fn start(&mut self, flow: &mut Shared<'_>, configuration: Configuration, now: Moment) -> Vec<Effect> {
        self.prepare(flow, configuration.clone());
        let request = configuration.device_authorization_request();
        flow.record(
            now,
            Observation::AuthorizationStarted {
                request: AuthorizationRequest {
                    endpoint: request.endpoint.clone(),
                    params: request.params(),
                },
                configuration: Box::new(configuration.clone()),
            },
        );
        self.stage = Stage::Requesting(now);
        vec![flow.send(
            request.to_http(),
            Purpose::DeviceAuthorization,
            configuration.origins,
            now,
        )]
    }

    fn command(&mut self, flow: &mut Shared<'_>, command: Command, now: Moment) -> Vec<Effect> {
        match command {
            Command::Prepare(configuration) => {
                self.prepare(flow, *configuration);
                Vec::new()
            }
            Command::Authorize(configuration) => self.start(flow, *configuration, now),
            Command::OpenPage => self
                .page()
                .map(|page| Effect::OpenBrowser(*flow.id, page))
                .into_iter()
                .collect(),
            Command::Probe(request, purpose) => {
                vec![flow.send(request, purpose, Origins::default(), now)]
            }
            Command::Cancel => self.cancel(flow, now),
            // These are about a redirect, and none comes here.
            Command::AuthorizeOnAnotherPort
            | Command::PasteRedirect(_)
            | Command::Exchange(..)
            | Command::Report(_)
            | Command::TellRegistered(_) => Vec::new(),
        }
    }

    fn on(&mut self, flow: &mut Shared<'_>, event: Event, now: Moment) -> Vec<Effect> {
        match event {
            Event::TimerFired(_, Timer::Poll) => self.poll(flow, now),
            Event::ResponseArrived {
                exchange,
                response,
                millis,
                ..
            } => self.response_arrived(flow, exchange, response, millis, now),
            Event::RequestFailed {
                exchange, failure, ..
            } => match flow.purpose_of(exchange) {
                Some(Purpose::Token) => self.poll_failed(flow, failure.kind, now),
                Some(Purpose::DeviceAuthorization | Purpose::User) => self.finish(),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    fn status(&self) -> Status {
        match self.stage {
            Stage::Configuring | Stage::Prepared => Status::Idle,
            Stage::Polling(since) => Status::WaitingForPerson(since),
            Stage::Requesting(since) | Stage::ReadingUser(since) => Status::WaitingForServer(since),
            Stage::Finished | Stage::Stopped => Status::Done,
        }
    }

    fn configuration(&self) -> Option<&Configuration> {
        self.attempt.as_ref().map(|attempt| &attempt.configuration)
    }

    fn page(&self) -> Option<String> {
        self.codes()?.page().map(str::to_owned)
    }

    fn steps(&self) -> &'static [Step] {
        STEPS
    }

    fn step_state(&self, step: Step, concluded: Concluded) -> StepState {
        self.state_of(step, concluded)
    }
}
