//! The state machine: commands and events in, effects out, the transcript in between.

use std::net::SocketAddr;

use super::{
    configuration::{Configuration, Origins},
    effect::{Effect, Reply, TabResult},
    event::{Command, Event, FlowId, Ticket},
    redirect::{self, Expected, Pasted},
    transcript::{Channel, Disposition, Observation, Purpose, Source, Transcript},
};
use crate::oauth::{
    authorization::{AuthorizationRequest, AuthorizationResponse},
    entropy::Entropy,
    http::{HttpRequest, HttpResponse},
    moment::Moment,
    params::Params,
    pkce,
    redirect_uri::RedirectUri,
    secret::Secret,
    token::{TokenAnswer, TokenRequest, TokenResponse, read_answer},
};

/// Where a flow stands.
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
    /// Where it stands.
    pub stage: Stage,
    /// What was observed.
    pub transcript: Transcript,
    /// The present authorization.
    pub attempt: Option<Attempt>,
    entropy: Entropy,
    exchanges: u32,
    /// Requests to the listener that the present authorization did not take.
    not_taken: usize,
    token: Option<TokenResponse>,
}

/// So many requests that are not taken are kept of one authorization: no page on this machine can make the transcript grow
/// without end by asking again and again.
const NOT_TAKEN_KEPT: usize = 200;

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
            not_taken: 0,
            token: None,
        }
    }

    /// A flow that has ended, as a transcript tells it.
    pub fn replayed(transcript: Transcript, entropy: Entropy) -> Self {
        let started = transcript
            .last_authorization()
            .map(|(index, configuration, request)| {
                let after = &transcript.entries[index..];
                let response = after.iter().find_map(|entry| match &entry.observation {
                    Observation::RedirectReceived {
                        request, disposition, ..
                    } if disposition.is_taken() => Some(AuthorizationResponse::from_params(&Params::decode(
                        request.query().unwrap_or_default(),
                    ))),
                    _ => None,
                });
                let value = |name: &str| request.params.get(name).unwrap_or_default().to_owned();
                Attempt {
                    configuration: configuration.clone(),
                    request: request.clone(),
                    state: value("state"),
                    verifier: None,
                    redirect_uri: value("redirect_uri"),
                    listening: None,
                    response,
                }
            });
        let exchanges = transcript.last_number();
        let stage = stage_at_the_end(&transcript);
        Self {
            attempt: started,
            stage,
            exchanges,
            ..Self::new(transcript.source, entropy, transcript.started)
        }
        .with_transcript(transcript)
    }

    fn with_transcript(mut self, transcript: Transcript) -> Self {
        self.transcript = transcript;
        self
    }

    /// Begins anew with an empty transcript. The flow keeps counting, so that late news of the one before is known as such.
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
            Event::PageSeen(_, status, text) => {
                self.transcript
                    .record(now, Observation::PageSeen { status, text });
                Vec::new()
            }
            Event::RedirectTimedOut(_) => self.redirect_timed_out(now),
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
        request.code = attempt
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

    /// Makes a new request with a new `state` and verifier. The redirect URI's port may still be open.
    fn prepare(&mut self, configuration: Configuration) {
        self.id = FlowId(self.id.0 + 1);
        self.token = None;
        self.not_taken = 0;
        self.stage = Stage::Prepared;
        let state = pkce::new_state(&mut self.entropy);
        let verifier = configuration.pkce.then(|| pkce::new_verifier(&mut self.entropy));
        let challenge = verifier.as_ref().map(|v| pkce::challenge(v.reveal()));
        let redirect_uri = configuration.redirect_uri.clone();
        let request = AuthorizationRequest {
            endpoint: configuration.provider.authorization_endpoint.clone(),
            params: configuration.authorization_params(&redirect_uri, &state, challenge.as_deref()),
        };
        self.attempt = Some(Attempt {
            configuration,
            request,
            state,
            verifier,
            redirect_uri,
            listening: None,
            response: None,
        });
    }

    fn authorize(&mut self, configuration: Configuration, now: Moment) -> Vec<Effect> {
        let listen = configuration.listen_address();
        let localhost = configuration.listen.is_none()
            && RedirectUri::parse(&configuration.redirect_uri)
                .is_ok_and(|uri| uri.host.eq_ignore_ascii_case("localhost"));
        let prepared = self
            .attempt
            .as_ref()
            .is_some_and(|attempt| attempt.configuration == configuration);
        // A port that was taken spoils nothing: the request that was on show, and perhaps copied, is used again.
        if !matches!(self.stage, Stage::Prepared | Stage::NoListener) || !prepared {
            self.prepare(configuration);
        }
        match listen {
            Ok(address) => {
                self.stage = Stage::Binding;
                vec![Effect::Listen {
                    flow: self.id,
                    address,
                    localhost,
                }]
            }
            Err(why) => {
                self.transcript
                    .record(now, Observation::ListenerImpossible { why });
                let mut effects = vec![Effect::StopListening(self.id)];
                effects.extend(self.send_the_browser(now));
                effects
            }
        }
    }

    fn authorize_on_another_port(&mut self, now: Moment) -> Vec<Effect> {
        let Some(attempt) = &self.attempt else {
            return Vec::new();
        };
        let mut configuration = attempt.configuration.clone();
        if let Ok(mut uri) = RedirectUri::parse(&configuration.redirect_uri) {
            uri.port = None;
            configuration.redirect_uri = uri.to_string();
        }
        configuration.listen = None;
        self.authorize(configuration, now)
    }

    /// The listener is bound, so the port is known: only now is the request complete and may the browser open.
    fn listener_bound(&mut self, address: SocketAddr, now: Moment) -> Vec<Effect> {
        if self.stage != Stage::Binding {
            return Vec::new();
        }
        let Some(attempt) = &mut self.attempt else {
            return Vec::new();
        };
        attempt.listening = Some(address);
        if attempt.configuration.listen.is_none()
            && let Ok(mut uri) = RedirectUri::parse(&attempt.redirect_uri)
            && uri.port.is_none()
        {
            uri.port = Some(address.port());
            attempt.redirect_uri = uri.to_string();
            for (name, value) in &mut attempt.request.params.0 {
                if name == "redirect_uri" {
                    value.clone_from(&attempt.redirect_uri);
                }
            }
        }
        self.transcript.record(
            now,
            Observation::ListenerBound {
                address: address.to_string(),
            },
        );
        self.send_the_browser(now)
    }

    fn send_the_browser(&mut self, now: Moment) -> Vec<Effect> {
        self.record_start(now);
        let Some(attempt) = &self.attempt else {
            return Vec::new();
        };
        let configuration = &attempt.configuration;
        self.stage = Stage::Awaiting(now);
        let mut effects = Vec::new();
        if configuration.open_browser {
            effects.push(Effect::OpenBrowser(self.id, attempt.request.url()));
        }
        if let Some(seconds) = configuration.redirect_timeout {
            effects.push(Effect::StartRedirectTimer(self.id, seconds.saturating_mul(1000)));
        }
        effects
    }

    fn record_start(&mut self, now: Moment) {
        if let Some(attempt) = &self.attempt {
            let configuration = Box::new(attempt.configuration.clone());
            let request = attempt.request.clone();
            self.transcript.record(
                now,
                Observation::AuthorizationStarted {
                    configuration,
                    request,
                },
            );
        }
    }

    fn request_arrived(&mut self, ticket: Ticket, request: HttpRequest, now: Moment) -> Vec<Effect> {
        let has_taken_one = self
            .attempt
            .as_ref()
            .is_some_and(|attempt| attempt.response.is_some());
        let disposition = self.take(Channel::Listener, request, now);
        let reply = if disposition.is_taken() {
            Reply::WaitForResult
        } else if disposition.is_refused() && has_taken_one {
            // Whatever is wrong with it: the tab must not say that another one is waited for.
            Reply::NotTaken(Disposition::SecondRedirect)
        } else {
            Reply::NotTaken(disposition)
        };
        let mut effects = vec![Effect::AnswerRequest(self.id, ticket, reply)];
        effects.extend(self.result_of_redirect(disposition));
        effects
    }

    fn paste(&mut self, text: &str, now: Moment) -> Vec<Effect> {
        let pasted = redirect::read_pasted(text);
        if pasted == Pasted::Empty {
            return Vec::new();
        }
        // Without a listener the person has carried the request to a browser themselves, and what comes after the waiting
        // was given up can still be used by hand.
        let before = self.stage;
        if matches!(before, Stage::Binding | Stage::NoListener | Stage::Stopped) && !self.is_taken() {
            if !self.is_started() {
                self.record_start(now);
            }
            self.stage = Stage::Awaiting(now);
        }
        let disposition = match pasted {
            Pasted::Empty => return Vec::new(),
            Pasted::Redirect(request) => self.take(Channel::Pasted, request, now),
            Pasted::BareCode(code) => self.take_code(&code, now),
        };
        if before == Stage::Stopped && !disposition.is_taken() {
            self.stage = before;
        }
        self.result_of_redirect(disposition)
    }

    /// True when a redirect of the present authorization was taken.
    fn is_taken(&self) -> bool {
        self.attempt
            .as_ref()
            .is_some_and(|attempt| attempt.response.is_some())
    }

    /// True when the transcript tells of the present authorization request.
    fn is_started(&self) -> bool {
        let started = self.transcript.last_authorization();
        started.map(|(.., request)| request) == self.attempt.as_ref().map(|attempt| &attempt.request)
    }

    /// Records a redirect and takes it if it is the one that is waited for.
    fn take(&mut self, channel: Channel, request: HttpRequest, now: Moment) -> Disposition {
        let disposition = self.attempt.as_ref().map_or(Disposition::FlowOver, |attempt| {
            let listening = attempt.listening.map(|address| address.to_string());
            let expected = Expected {
                redirect_uri: &attempt.redirect_uri,
                state: &attempt.state,
                issuer: attempt.configuration.provider.issuer.as_deref(),
                listening: listening.as_deref(),
                taken: attempt.response.is_some(),
            };
            redirect::classify(&expected, channel, &request)
        });
        let is_response = disposition.is_taken() || disposition.is_refused();
        let disposition = if is_response && !self.is_waiting() && !self.is_taken() {
            Disposition::FlowOver
        } else {
            disposition
        };
        let response =
            AuthorizationResponse::from_params(&Params::decode(request.query().unwrap_or_default()));
        self.note_redirect(channel, request, disposition, response, now);
        disposition
    }

    /// The same for a bare code, whose `state` nobody can check.
    fn take_code(&mut self, code: &str, now: Moment) -> Disposition {
        let disposition = if self.is_taken() {
            Disposition::SecondRedirect
        } else if self.is_waiting() {
            Disposition::AcceptedUnchecked
        } else {
            Disposition::FlowOver
        };
        let response = AuthorizationResponse {
            code: Some(code.to_owned()),
            ..AuthorizationResponse::default()
        };
        let request = redirect::of_bare_code(code);
        self.note_redirect(Channel::Pasted, request, disposition, response, now);
        disposition
    }

    fn is_waiting(&self) -> bool {
        matches!(self.stage, Stage::Awaiting(_))
    }

    fn note_redirect(
        &mut self,
        channel: Channel,
        request: HttpRequest,
        disposition: Disposition,
        response: AuthorizationResponse,
        now: Moment,
    ) {
        if channel == Channel::Listener && !disposition.is_taken() {
            self.not_taken = self.not_taken.saturating_add(1);
            if self.not_taken > NOT_TAKEN_KEPT {
                return;
            }
        }
        self.transcript.record(
            now,
            Observation::RedirectReceived {
                channel,
                request,
                disposition,
            },
        );
        if disposition.is_taken() {
            self.accept(response);
        }
    }

    fn accept(&mut self, response: AuthorizationResponse) {
        self.stage = if response.error.is_some() {
            Stage::Denied
        } else {
            Stage::Received
        };
        if let Some(attempt) = &mut self.attempt {
            attempt.response = Some(response);
        }
    }

    fn result_of_redirect(&self, disposition: Disposition) -> Vec<Effect> {
        let response = self
            .attempt
            .as_ref()
            .and_then(|attempt| attempt.response.as_ref());
        match (disposition, response) {
            (Disposition::ErrorResponse, Some(response)) => vec![Effect::PublishResult(
                self.id,
                TabResult::Refused {
                    error: response.error.clone().unwrap_or_default(),
                    description: response.error_description.clone(),
                },
            )],
            _ => Vec::new(),
        }
    }

    fn redirect_timed_out(&mut self, now: Moment) -> Vec<Effect> {
        let Stage::Awaiting(since) = self.stage else {
            return Vec::new();
        };
        self.transcript.record(
            now,
            Observation::RedirectTimedOut {
                seconds: now.since(since) / 1000,
            },
        );
        self.stage = Stage::Stopped;
        vec![Effect::StopListening(self.id)]
    }

    fn exchange(&mut self, request: &TokenRequest, origins: Origins, now: Moment) -> Vec<Effect> {
        if matches!(self.stage, Stage::Exchanging(_) | Stage::ReadingUser(_)) {
            return Vec::new();
        }
        self.token = None;
        self.stage = Stage::Exchanging(now);
        vec![self.send(request.to_http(), Purpose::Token, origins, now)]
    }

    fn send(&mut self, request: HttpRequest, purpose: Purpose, origins: Origins, now: Moment) -> Effect {
        self.exchanges = self.exchanges.saturating_add(1);
        let exchange = self.exchanges;
        self.transcript.record(
            now,
            Observation::RequestSent {
                exchange,
                purpose,
                request: request.clone(),
                origins,
            },
        );
        Effect::SendRequest {
            flow: self.id,
            exchange,
            request,
        }
    }

    fn response_arrived(
        &mut self,
        exchange: u32,
        response: HttpResponse,
        millis: u64,
        now: Moment,
    ) -> Vec<Effect> {
        let reading = read_answer(&response);
        let login = reading.value("login").map(str::to_owned);
        self.transcript.record(
            now,
            Observation::ResponseReceived {
                exchange,
                response,
                millis,
            },
        );
        match (self.purpose_of(exchange), reading.answer) {
            (Some(Purpose::Token), TokenAnswer::Token(token)) => {
                let user_endpoint = self
                    .attempt
                    .as_ref()
                    .and_then(|attempt| attempt.configuration.provider.user_endpoint());
                let proof = user_endpoint.map(|url| {
                    HttpRequest::get(url)
                        .with_header("User-Agent", crate::oauth::token::USER_AGENT)
                        .with_header("Accept", "application/json")
                        .with_header("Authorization", format!("Bearer {}", token.access_token.reveal()))
                });
                self.token = Some(token);
                match proof {
                    Some(request) => {
                        self.stage = Stage::ReadingUser(now);
                        vec![self.send(request, Purpose::User, Origins::default(), now)]
                    }
                    None => self.finish(TabResult::Token { login: None }),
                }
            }
            (Some(Purpose::Token), TokenAnswer::Error(error)) => self.finish(TabResult::Refused {
                error: error.error,
                description: error.error_description,
            }),
            (Some(Purpose::Token), TokenAnswer::NotATokenResponse) => self.finish(TabResult::Unanswered),
            (Some(Purpose::User), _) => self.finish(TabResult::Token { login }),
            _ => Vec::new(),
        }
    }

    fn request_failed(&mut self, exchange: u32) -> Vec<Effect> {
        match self.purpose_of(exchange) {
            Some(Purpose::Token) => self.finish(TabResult::Unanswered),
            Some(Purpose::User) => self.finish(TabResult::Token { login: None }),
            _ => Vec::new(),
        }
    }

    fn finish(&mut self, result: TabResult) -> Vec<Effect> {
        self.stage = Stage::Finished;
        vec![Effect::PublishResult(self.id, result)]
    }

    fn purpose_of(&self, number: u32) -> Option<Purpose> {
        self.transcript
            .entries
            .iter()
            .rev()
            .find_map(|entry| match &entry.observation {
                Observation::RequestSent {
                    exchange, purpose, ..
                } if *exchange == number => Some(*purpose),
                _ => None,
            })
    }

    fn cancel(&mut self, now: Moment) -> Vec<Effect> {
        if matches!(
            self.stage,
            Stage::Configuring | Stage::Prepared | Stage::Finished | Stage::Stopped
        ) {
            return Vec::new();
        }
        self.transcript.record(now, Observation::Cancelled);
        self.stage = Stage::Stopped;
        let cancelled = self.id;
        self.id = FlowId(self.id.0 + 1);
        vec![
            Effect::PublishResult(cancelled, TabResult::Cancelled),
            Effect::StopListening(cancelled),
        ]
    }
}

/// Where a flow had come to when its transcript ends. Nothing goes on in it: what was under way has stopped.
fn stage_at_the_end(transcript: &Transcript) -> Stage {
    let start = transcript.last_authorization().map_or(0, |(index, ..)| index);
    let mut stage = Stage::Stopped;
    for entry in &transcript.entries[start..] {
        stage = match &entry.observation {
            Observation::RequestSent {
                purpose: Purpose::Token,
                ..
            }
            | Observation::ResponseReceived { .. } => Stage::Finished,
            Observation::ListenerFailed { .. } => Stage::NoListener,
            Observation::RedirectReceived { disposition, .. } => match disposition {
                Disposition::Accepted | Disposition::AcceptedUnchecked => Stage::Received,
                Disposition::ErrorResponse => Stage::Denied,
                _ => stage,
            },
            _ => stage,
        };
    }
    stage
}
