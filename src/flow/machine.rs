//! The state machine: commands and events in, effects out, the transcript in between.

use std::net::SocketAddr;

use crate::{
    flow::{
        configuration::{Configuration, Origins},
        effect::{Effect, Reply, TabResult},
        event::{Command, Event, FlowId, Timer},
        not_taken::NotTaken,
        transcript::{Disposition, Observation, Source, Transcript},
    },
    oauth::{
        authorization::{AuthorizationRequest, AuthorizationResponse},
        random::Entropy,
        secret::Secret,
        time::Moment,
        token::{TokenRequest, TokenResponse},
    },
};

/// How far a flow has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    /// Nothing was started.
    #[default]
    Configuring,
    /// The authorization request is made and nothing is sent yet.
    Prepared,
    /// The redirect listener is being bound.
    Binding,
    /// The port is taken or cannot be had. A redirect can be pasted, another port tried.
    NoListener,
    /// The browser is, or should be, with the authorization server; a redirect is waited for since that moment.
    Awaiting(Moment),
    /// A code is in hand.
    Received,
    /// The redirect brought an error instead of a code.
    Denied,
    /// A token request is under way since that moment.
    Exchanging(Moment),
    /// The token is being tried at the API.
    ReadingUser(Moment),
    /// The last exchange has ended, well or badly.
    Finished,
    /// The person stopped waiting, or the time for the redirect ran out.
    Stopped,
}

/// One authorization: what was sent and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The values it was started with.
    pub configuration: Configuration,
    /// The request that the browser carries.
    pub request: AuthorizationRequest,
    /// The `state` in it.
    pub state: String,
    /// The `code_verifier` behind its challenge.
    pub verifier: Option<Secret>,
    /// The redirect URI in it, with the port that is listened on.
    pub redirect_uri: String,
    /// Where the redirect listener listens.
    pub listening: Option<SocketAddr>,
    /// The redirect that was taken.
    pub response: Option<AuthorizationResponse>,
}

/// A flow. [`Flow::command`] and [`Flow::on`] are its only writers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// The present authorization; events of earlier ones are dropped.
    pub id: FlowId,
    /// How far it has come.
    pub stage: Stage,
    /// What was observed.
    pub transcript: Transcript,
    /// The present authorization.
    pub attempt: Option<Attempt>,
    pub(crate) entropy: Entropy,
    pub(crate) exchanges: u32,
    /// Requests to the listener that the present authorization did not take.
    pub(crate) not_taken: NotTaken,
    pub(crate) token: Option<TokenResponse>,
}

impl Flow {
    /// A flow in which nothing has happened yet.
    pub fn new(source: Source, entropy: Entropy, now: Moment) -> Self {
        Self {
            id: FlowId(0),
            stage: Stage::Configuring,
            transcript: Transcript::new(source, now),
            attempt: None,
            entropy,
            exchanges: 0,
            not_taken: NotTaken::default(),
            token: None,
        }
    }

    /// Starts over with an empty transcript. The flow keeps counting, so that late events of the previous authorization
    /// are recognised.
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

    /// Does what a person asks for.
    pub fn command(&mut self, command: Command, now: Moment) -> Vec<Effect> {
        match command {
            Command::Prepare(configuration) => {
                self.prepare(*configuration);
                vec![Effect::StopListening(self.id)]
            }
            Command::Authorize(configuration) => self.authorize(*configuration, now),
            Command::AuthorizeOnAnotherPort => self.authorize_on_another_port(now),
            Command::PasteRedirect(text) => self.paste(&text, now),
            Command::Exchange(request, origins) => self.exchange(&request, origins, now),
            Command::Probe(request, purpose) => {
                vec![self.send(request, purpose, Origins::default(), now)]
            }
            Command::Report(shows) => self.note(Observation::BrowserReported { shows }, now),
            Command::TellRegistered(redirect_uris) => {
                self.note(Observation::RegistrationTold { redirect_uris }, now)
            }
            Command::Cancel => self.cancel(now),
        }
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
        match event {
            Event::ListenerBound(_, address) => self.listener_bound(address, now),
            Event::ListenerFailed {
                address,
                in_use,
                reason,
                ..
            } => {
                let address = address.to_string();
                self.transcript.record(
                    now,
                    Observation::ListenerFailed {
                        address,
                        in_use,
                        reason,
                    },
                );
                self.stage = Stage::NoListener;
                Vec::new()
            }
            Event::BrowserOpened(_) => {
                self.transcript.record(now, Observation::BrowserOpened);
                Vec::new()
            }
            Event::BrowserFailed(_, reason) => {
                self.transcript.record(now, Observation::BrowserFailed { reason });
                Vec::new()
            }
            Event::RequestArrived(_, ticket, request) => self.request_arrived(ticket, request, now),
            Event::ConnectionsDropped(_, number) => {
                self.connections_dropped(number, now);
                Vec::new()
            }
            Event::PageSeen(_, status, text) => {
                self.transcript
                    .record(now, Observation::PageSeen { status, text });
                Vec::new()
            }
            Event::TimerFired(_, Timer::Redirect) => self.redirect_timed_out(now),
            Event::ResponseArrived {
                exchange,
                response,
                millis,
                ..
            } => self.response_arrived(exchange, response, millis, now),
            Event::RequestFailed {
                exchange,
                failure,
                millis,
                ..
            } => {
                self.transcript.record(
                    now,
                    Observation::RequestFailed {
                        exchange,
                        failure,
                        millis,
                    },
                );
                self.request_failed(exchange)
            }
        }
    }

    /// The token request that the present attempt gives, with the code in hand.
    pub fn token_request(&self) -> Option<TokenRequest> {
        let attempt = self.attempt.as_ref()?;
        let mut request = attempt
            .configuration
            .token_request(&attempt.redirect_uri, attempt.verifier.as_ref());
        request.grant.code = attempt
            .response
            .as_ref()
            .and_then(|r| r.code.clone())
            .unwrap_or_default();
        Some(request)
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
