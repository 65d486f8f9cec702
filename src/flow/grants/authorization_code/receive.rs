//! What comes to the redirect listener, or is pasted: recorded first, taken if it is the one that is waited for.

use crate::{
    flow::{
        effect::{Effect, Reply, TabResult},
        event::Ticket,
        grants::{
            Shared,
            authorization_code::{
                AuthorizationCodeGrant, Stage,
                redirect::{self, Expected, Pasted},
            },
        },
        transcript::{Channel, Disposition, Observation, Transcript},
    },
    oauth::{authorization::AuthorizationResponse, http::HttpRequest, params::Params, time::Moment},
};

impl AuthorizationCodeGrant {
    pub(crate) fn request_arrived(
        &mut self,
        flow: &mut Shared<'_>,
        ticket: Ticket,
        request: HttpRequest,
        now: Moment,
    ) -> Vec<Effect> {
        let has_taken_one = self
            .attempt
            .as_ref()
            .is_some_and(|attempt| attempt.response.is_some());
        let disposition = self.take(flow, Channel::Listener, request, now);
        let reply = if disposition.is_taken() {
            Reply::WaitForResult
        } else if disposition.is_refused() && has_taken_one {
            // Whatever is wrong with it: the tab must not say that another one is waited for.
            Reply::NotTaken(Disposition::SecondRedirect)
        } else {
            Reply::NotTaken(disposition)
        };
        let mut effects = vec![Effect::AnswerRequest(*flow.id, ticket, reply)];
        effects.extend(self.result_of_redirect(flow, disposition));
        effects
    }

    pub(crate) fn paste(&mut self, flow: &mut Shared<'_>, text: &str, now: Moment) -> Vec<Effect> {
        let pasted = redirect::read_pasted(text);
        if matches!(pasted, Pasted::Empty | Pasted::Prose) {
            return Vec::new();
        }
        // Without a listener the person has carried the request to a browser themselves, and what comes after the waiting
        // was given up can still be used by hand.
        let before = self.stage;
        if matches!(before, Stage::Binding | Stage::NoListener | Stage::Stopped) && !self.is_taken() {
            if !self.is_started(flow.transcript) {
                self.record_start(flow, now);
            }
            self.stage = Stage::Awaiting(now);
        }
        let disposition = match pasted {
            Pasted::Empty | Pasted::Prose => return Vec::new(),
            Pasted::Redirect(request) => self.take(flow, Channel::Pasted, request, now),
            Pasted::BareCode(code) => self.take_code(flow, &code, now),
        };
        if before == Stage::Stopped && !disposition.is_taken() {
            self.stage = before;
        }
        self.result_of_redirect(flow, disposition)
    }

    /// Notes what a person says of the present authorization. It moves nothing: whatever they see, a redirect may still come.
    pub(crate) fn note(&self, flow: &mut Shared<'_>, observation: Observation, now: Moment) -> Vec<Effect> {
        if self.is_started(flow.transcript) {
            flow.record(now, observation);
        }
        Vec::new()
    }

    /// True when the transcript tells of the present authorization request.
    pub(crate) fn is_started(&self, transcript: &Transcript) -> bool {
        let started = transcript.last_authorization();
        started.map(|(.., request)| request) == self.attempt.as_ref().map(|attempt| &attempt.request)
    }

    /// Records a redirect and takes it if it is the one that is waited for.
    pub(crate) fn take(
        &mut self,
        flow: &mut Shared<'_>,
        channel: Channel,
        request: HttpRequest,
        now: Moment,
    ) -> Disposition {
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
        self.note_redirect(flow, channel, request, disposition, response, now);
        disposition
    }

    /// The same for a bare code, whose `state` cannot be checked.
    pub(crate) fn take_code(&mut self, flow: &mut Shared<'_>, code: &str, now: Moment) -> Disposition {
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
        self.note_redirect(flow, Channel::Pasted, request, disposition, response, now);
        disposition
    }

    pub(crate) fn is_waiting(&self) -> bool {
        matches!(self.stage, Stage::Awaiting(_))
    }

    pub(crate) fn note_redirect(
        &mut self,
        flow: &mut Shared<'_>,
        channel: Channel,
        request: HttpRequest,
        disposition: Disposition,
        response: AuthorizationResponse,
        now: Moment,
    ) {
        if channel == Channel::Listener
            && !disposition.is_taken()
            && !self.keeps(flow, disposition, response.is_present(), now)
        {
            return;
        }
        flow.record(
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

    pub(crate) fn accept(&mut self, response: AuthorizationResponse) {
        self.stage = if response.error.is_some() {
            Stage::Denied
        } else {
            Stage::Received
        };
        if let Some(attempt) = &mut self.attempt {
            attempt.response = Some(response);
        }
    }

    pub(crate) fn result_of_redirect(&self, flow: &Shared<'_>, disposition: Disposition) -> Vec<Effect> {
        let response = self
            .attempt
            .as_ref()
            .and_then(|attempt| attempt.response.as_ref());
        match (disposition, response) {
            (Disposition::ErrorResponse, Some(response)) => vec![Effect::PublishResult(
                *flow.id,
                TabResult::Refused {
                    error: response.error.clone().unwrap_or_default(),
                    description: response.error_description.clone(),
                },
            )],
            _ => Vec::new(),
        }
    }
}
