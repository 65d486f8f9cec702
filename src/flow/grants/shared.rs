//! What a flow has, whatever its grant: the transcript, the count of its attempts and exchanges, randomness, the token.

use crate::{
    flow::{
        configuration::Origins,
        effect::Effect,
        event::FlowId,
        requests::user,
        transcript::{Observation, Purpose, Transcript},
    },
    oauth::{http::HttpRequest, random::Entropy, time::Moment, token::TokenResponse},
    providers::Provider,
};

/// The part of a [`Flow`](crate::flow::machine::Flow) that its grant writes to.
#[derive(Debug)]
pub struct Shared<'f> {
    pub(crate) id: &'f mut FlowId,
    pub(crate) transcript: &'f mut Transcript,
    pub(crate) entropy: &'f mut Entropy,
    pub(crate) exchanges: &'f mut u32,
    pub(crate) token: &'f mut Option<TokenResponse>,
}

impl Shared<'_> {
    /// From here on another attempt counts, and events of the one before are late.
    pub(crate) fn begin_anew(&mut self) {
        *self.id = FlowId(self.id.0 + 1);
        *self.token = None;
    }

    pub(crate) fn record(&mut self, now: Moment, observation: Observation) {
        self.transcript.record(now, observation);
    }

    /// Records a request and has it sent.
    pub(crate) fn send(
        &mut self,
        request: HttpRequest,
        purpose: Purpose,
        origins: Origins,
        now: Moment,
    ) -> Effect {
        *self.exchanges = self.exchanges.saturating_add(1);
        let exchange = *self.exchanges;
        self.record(
            now,
            Observation::RequestSent {
                exchange,
                purpose,
                request: request.clone(),
                origins,
            },
        );
        Effect::SendRequest {
            flow: *self.id,
            exchange,
            request,
        }
    }

    /// Keeps the token and tries it at the API; `None` where no API is known.
    pub(crate) fn try_token(
        &mut self,
        token: TokenResponse,
        provider: Option<&Provider>,
        now: Moment,
    ) -> Option<Effect> {
        let request = provider.and_then(|provider| user::request(provider, &token));
        *self.token = Some(token);
        request.map(|request| self.send(request, Purpose::User, Origins::default(), now))
    }

    /// What an exchange is for.
    pub(crate) fn purpose_of(&self, number: u32) -> Option<Purpose> {
        let entries = self.transcript.entries.iter().rev();
        entries.into_iter().find_map(|entry| match &entry.observation {
            Observation::RequestSent {
                exchange, purpose, ..
            } if *exchange == number => Some(*purpose),
            _ => None,
        })
    }
}
