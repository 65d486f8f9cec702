//! The state machine: commands and events in, effects out, the transcript in between. What a flow does next is its grant's
//! affair; what all flows have is here.

use crate::{
    flow::{
        configuration::Configuration,
        effect::{Effect, Reply, TabResult},
        event::{Command, Event, FlowId},
        grants::{
            Concluded, Grant, GrantKind, Shared, Status, Step, StepState,
            authorization_code::{Attempt, AuthorizationCodeGrant, Stage},
            device::{self, DeviceGrant},
        },
        transcript::{Disposition, Observation, Source, Transcript},
    },
    oauth::{
        random::Entropy,
        time::Moment,
        token::{TokenRequest, TokenResponse},
    },
};

/// A flow. [`Flow::command`] and [`Flow::on`] are its only writers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// The present attempt; events of earlier ones are dropped.
    pub id: FlowId,
    /// What was observed.
    pub transcript: Transcript,
    /// The grant that it goes by, and how far that has come.
    pub grant: Grant,
    pub(crate) entropy: Entropy,
    pub(crate) exchanges: u32,
    pub(crate) token: Option<TokenResponse>,
}

/// Where a flow stands: another one than before means that it has moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    id: FlowId,
    status: Status,
    stage: Stage,
    device: Option<device::Stage>,
}

impl Flow {
    /// A flow in which nothing has happened yet.
    pub fn new(source: Source, entropy: Entropy, now: Moment) -> Self {
        Self {
            id: FlowId(0),
            transcript: Transcript::new(source, now),
            grant: Grant::default(),
            entropy,
            exchanges: 0,
            token: None,
        }
    }

    /// A flow that has ended, as a transcript tells it.
    pub fn replayed(transcript: Transcript, entropy: Entropy) -> Self {
        Self {
            grant: Grant::replayed(&transcript),
            exchanges: transcript.last_number(),
            transcript,
            ..Self::new(Source::default(), entropy, Moment(0))
        }
    }

    /// Starts over with an empty transcript. The flow keeps counting, so that late events of the previous attempt are
    /// recognised.
    pub fn start_over(&mut self, source: Source, now: Moment) -> Vec<Effect> {
        let before = self.id;
        let fresh = Self::new(source, self.entropy.clone(), now);
        *self = Self {
            id: FlowId(before.0 + 1),
            ..fresh
        };
        vec![
            Effect::PublishResult(before, TabResult::Cancelled),
            Effect::StopListening(before),
        ]
    }

    /// Does what a person asks for. The values that an attempt begins with say by which grant.
    pub fn command(&mut self, command: Command, now: Moment) -> Vec<Effect> {
        let asked_for = match &command {
            Command::Prepare(configuration) | Command::Authorize(configuration) => Some(configuration.grant),
            _ => None,
        };
        let mut effects = asked_for.map_or_else(Vec::new, |kind| self.change_grant(kind));
        let (grant, mut shared) = self.parts();
        let grant = grant.machine_mut();
        effects.extend(match command {
            Command::Authorize(configuration) => grant.start(&mut shared, *configuration, now),
            command => grant.command(&mut shared, command, now),
        });
        effects
    }

    /// Another grant begins from nothing, and whatever the one before waits for is late.
    fn change_grant(&mut self, kind: GrantKind) -> Vec<Effect> {
        if kind == self.grant.kind() {
            return Vec::new();
        }
        let before = self.id;
        self.id = FlowId(before.0 + 1);
        self.grant = Grant::of(kind);
        vec![Effect::StopListening(before)]
    }

    /// Takes in what the edge reports. Late events change nothing.
    pub fn on(&mut self, event: Event, now: Moment) -> Vec<Effect> {
        if event.flow() != self.id {
            return match event {
                // Somebody's browser waits for an answer even if the flow it belonged to is over.
                Event::RequestArrived(flow, ticket, _) => {
                    vec![Effect::AnswerRequest(
                        flow,
                        ticket,
                        Reply::NotTaken(Disposition::FlowOver),
                    )]
                }
                _ => Vec::new(),
            };
        }
        // Somebody who was asked for an answer twice gives it twice, or gives it after the person stopped waiting.
        if event
            .exchange()
            .and_then(|number| self.transcript.exchange(number))
            .is_some_and(|exchange| exchange.response.is_some() || exchange.failure.is_some())
        {
            return Vec::new();
        }
        match &event {
            Event::BrowserOpened(_) => self.transcript.record(now, Observation::BrowserOpened),
            Event::BrowserFailed(_, reason) => {
                let reason = reason.clone();
                self.transcript.record(now, Observation::BrowserFailed { reason });
            }
            Event::PageSeen(_, status, text) => {
                let (status, text) = (*status, text.clone());
                self.transcript
                    .record(now, Observation::PageSeen { status, text });
            }
            Event::RequestFailed {
                exchange,
                failure,
                millis,
                ..
            } => {
                let failed = Observation::RequestFailed {
                    exchange: *exchange,
                    failure: failure.clone(),
                    millis: *millis,
                };
                self.transcript.record(now, failed);
            }
            _ => {}
        }
        let (grant, mut shared) = self.parts();
        grant.machine_mut().on(&mut shared, event, now)
    }

    fn parts(&mut self) -> (&mut Grant, Shared<'_>) {
        let Self {
            id,
            transcript,
            grant,
            entropy,
            exchanges,
            token,
        } = self;
        let shared = Shared {
            id,
            transcript,
            entropy,
            exchanges,
            token,
        };
        (grant, shared)
    }

    /// Where it stands.
    pub fn position(&self) -> Position {
        Position {
            id: self.id,
            status: self.status(),
            stage: self.stage(),
            device: self.device().map(|grant| grant.stage),
        }
    }

    /// Who moves next.
    pub fn status(&self) -> Status {
        self.grant.machine().status()
    }

    /// The values that the present attempt was started with, or is prepared for.
    pub fn configuration(&self) -> Option<&Configuration> {
        self.grant.machine().configuration()
    }

    /// Where the person goes with a browser.
    pub fn page(&self) -> Option<String> {
        self.grant.machine().page()
    }

    /// The steps that a person walks through, in order.
    pub fn steps(&self) -> &'static [Step] {
        self.grant.machine().steps()
    }

    /// The state of a step.
    pub fn step_state(&self, step: Step, concluded: Concluded) -> StepState {
        self.grant.machine().step_state(step, concluded)
    }

    /// The authorization code grant, where the flow goes by it.
    pub fn authorization_code(&self) -> Option<&AuthorizationCodeGrant> {
        match &self.grant {
            Grant::AuthorizationCode(grant) => Some(grant),
            Grant::DeviceCode(_) | Grant::HeldToken(_) => None,
        }
    }

    /// The device authorization grant, where the flow goes by it.
    pub fn device(&self) -> Option<&DeviceGrant> {
        match &self.grant {
            Grant::DeviceCode(grant) => Some(grant),
            Grant::AuthorizationCode(_) | Grant::HeldToken(_) => None,
        }
    }

    /// How far an authorization code grant has come; with another grant nothing was started in it.
    pub fn stage(&self) -> Stage {
        self.authorization_code()
            .map_or(Stage::Configuring, |grant| grant.stage)
    }

    /// The present attempt of an authorization code grant.
    pub fn attempt(&self) -> Option<&Attempt> {
        self.authorization_code()?.attempt.as_ref()
    }

    /// The token request that the present attempt gives, with the code in hand.
    pub fn token_request(&self) -> Option<TokenRequest> {
        self.authorization_code()?.token_request()
    }

    /// True when a redirect of the present authorization was taken.
    pub(crate) fn is_taken(&self) -> bool {
        self.authorization_code()
            .is_some_and(AuthorizationCodeGrant::is_taken)
    }

    /// True when the transcript tells of the present authorization request.
    pub(crate) fn is_started(&self) -> bool {
        self.authorization_code()
            .is_some_and(|grant| grant.is_started(&self.transcript))
    }

    /// Fresh randomness for another flow.
    pub fn entropy(&mut self) -> Entropy {
        Entropy::from_seed(self.entropy.draw())
    }

    /// The token of the last exchange that gave one.
    pub fn token(&self) -> Option<&TokenResponse> {
        self.token.as_ref()
    }
}
