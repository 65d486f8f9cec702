//! The authorization code grant (RFC 6749 section 4.1): the authorization request, the redirect, the token request.
//!
//! ```text
//!              Authorize            ListenerBound             RequestArrived          Exchange            ResponseArrived
//! Configuring ──────────► Binding ───────────────► Awaiting ─────────────────► Received ────────► Exchanging ──────────► Finished
//!                            │                      │   ▲                         ▲                   │                     │
//!                            │ ListenerFailed       │   │ UseAnotherPort          │ PasteRedirect     │ RequestFailed       │ Exchange (the
//!                            └─────► NoListener ────┼───┘ or Authorize            │                   └────► Finished       │ same code), or
//!                                        └──────────┴─────────────────────────────┘                                         │ Authorize (new)
//!                                             PasteRedirect                                                  ◄──────────────┘
//! ```
//!
//! `Cancel` and the end of the time for the redirect lead to Stopped, from where a redirect can still be pasted.

pub(crate) mod authorize;
pub(crate) mod exchange;
pub(crate) mod not_taken;
pub(crate) mod receive;
pub mod redirect;
mod replayed;
mod steps;

pub(crate) use crate::flow::grants::authorization_code::steps::STEPS;

use std::net::SocketAddr;

use crate::{
    flow::{
        configuration::{Configuration, Origins},
        effect::Effect,
        event::{Command, Event, Timer},
        grants::{
            Concluded, GrantMachine, Shared, Status, Step, StepState, authorization_code::not_taken::NotTaken,
        },
        transcript::Observation,
    },
    oauth::{
        authorization::{AuthorizationRequest, AuthorizationResponse},
        secret::Secret,
        time::Moment,
        token::TokenRequest,
    },
};

/// How far an authorization code grant has come.
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

/// The state of the grant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthorizationCodeGrant {
    /// How far it has come.
    pub stage: Stage,
    /// The present authorization.
    pub attempt: Option<Attempt>,
    /// Requests to the listener that the present authorization did not take.
    pub(crate) not_taken: NotTaken,
}

impl AuthorizationCodeGrant {
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

    /// True when a redirect of the present authorization was taken.
    pub fn is_taken(&self) -> bool {
        self.attempt
            .as_ref()
            .is_some_and(|attempt| attempt.response.is_some())
    }
}

impl GrantMachine for AuthorizationCodeGrant {
    fn start(&mut self, flow: &mut Shared<'_>, configuration: Configuration, now: Moment) -> Vec<Effect> {
        self.authorize(flow, configuration, now)
    }

    fn command(&mut self, flow: &mut Shared<'_>, command: Command, now: Moment) -> Vec<Effect> {
        match command {
            Command::Prepare(configuration) => {
                self.prepare(flow, *configuration);
                vec![Effect::StopListening(*flow.id)]
            }
            Command::Authorize(configuration) => self.authorize(flow, *configuration, now),
            Command::OpenPage => self
                .page()
                .map(|page| Effect::OpenBrowser(*flow.id, page))
                .into_iter()
                .collect(),
            Command::AuthorizeOnAnotherPort => self.authorize_on_another_port(flow, now),
            Command::PasteRedirect(text) => self.paste(flow, &text, now),
            Command::Exchange(request, origins) => self.exchange(flow, &request, origins, now),
            Command::Probe(request, purpose) => {
                vec![flow.send(request, purpose, Origins::default(), now)]
            }
            Command::Report(shows) => self.note(flow, Observation::BrowserReported { shows }, now),
            Command::TellRegistered(redirect_uris) => {
                self.note(flow, Observation::RegistrationTold { redirect_uris }, now)
            }
            Command::Cancel => self.cancel(flow, now),
        }
    }

    fn on(&mut self, flow: &mut Shared<'_>, event: Event, now: Moment) -> Vec<Effect> {
        match event {
            Event::ListenerBound(_, address) => self.listener_bound(flow, address, now),
            Event::ListenerFailed {
                address,
                in_use,
                reason,
                ..
            } => {
                let address = address.to_string();
                flow.record(
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
            Event::RequestArrived(_, ticket, request) => self.request_arrived(flow, ticket, request, now),
            Event::ConnectionsDropped(_, number) => {
                self.connections_dropped(flow, number, now);
                Vec::new()
            }
            Event::TimerFired(_, Timer::Redirect) => self.redirect_timed_out(flow, now),
            Event::ResponseArrived {
                exchange,
                response,
                millis,
                ..
            } => self.response_arrived(flow, exchange, response, millis, now),
            Event::RequestFailed { exchange, .. } => self.request_failed(flow, exchange),
            Event::BrowserOpened(_)
            | Event::BrowserFailed(..)
            | Event::PageSeen(..)
            | Event::TimerFired(_, Timer::Poll) => Vec::new(),
        }
    }

    fn status(&self) -> Status {
        match self.stage {
            Stage::Configuring | Stage::Prepared | Stage::NoListener | Stage::Received => Status::Idle,
            Stage::Binding => Status::Starting,
            Stage::Awaiting(since) => Status::WaitingForPerson(since),
            Stage::Exchanging(since) | Stage::ReadingUser(since) => Status::WaitingForServer(since),
            Stage::Denied | Stage::Finished | Stage::Stopped => Status::Done,
        }
    }

    fn configuration(&self) -> Option<&Configuration> {
        self.attempt.as_ref().map(|attempt| &attempt.configuration)
    }

    fn page(&self) -> Option<String> {
        self.attempt.as_ref().map(|attempt| attempt.request.url())
    }

    fn steps(&self) -> &'static [Step] {
        STEPS
    }

    fn step_state(&self, step: Step, concluded: Concluded) -> StepState {
        self.state_of(step, concluded)
    }
}
