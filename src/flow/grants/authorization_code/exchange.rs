//! Requests that oauthlens sends itself, and their answers: the exchange, the token tried, probes.

use crate::{
    flow::{
        configuration::Origins,
        effect::{Effect, TabResult},
        grants::{
            Shared,
            authorization_code::{AuthorizationCodeGrant, Stage},
        },
        transcript::{Observation, Purpose},
    },
    oauth::{
        http::HttpResponse,
        time::Moment,
        token::{TokenAnswer, TokenRequest, read_answer},
    },
};

impl AuthorizationCodeGrant {
    pub(crate) fn exchange(
        &mut self,
        flow: &mut Shared<'_>,
        request: &TokenRequest,
        origins: Origins,
        now: Moment,
    ) -> Vec<Effect> {
        if matches!(self.stage, Stage::Exchanging(_) | Stage::ReadingUser(_)) {
            return Vec::new();
        }
        *flow.token = None;
        self.stage = Stage::Exchanging(now);
        vec![flow.send(request.to_http(), Purpose::Token, origins, now)]
    }

    pub(crate) fn response_arrived(
        &mut self,
        flow: &mut Shared<'_>,
        exchange: u32,
        response: HttpResponse,
        millis: u64,
        now: Moment,
    ) -> Vec<Effect> {
        let reading = read_answer(&response);
        let login = reading.value("login").map(str::to_owned);
        flow.record(
            now,
            Observation::ResponseReceived {
                exchange,
                response,
                millis,
            },
        );
        match (flow.purpose_of(exchange), reading.answer) {
            (Some(Purpose::Token), TokenAnswer::Token(token)) => {
                let attempt = self.attempt.as_ref();
                let provider = attempt.map(|attempt| &attempt.configuration.provider);
                match flow.try_token(token, provider, now) {
                    Some(request) => {
                        self.stage = Stage::ReadingUser(now);
                        vec![request]
                    }
                    None => self.finish(flow, TabResult::Token { login: None }),
                }
            }
            (Some(Purpose::Token), TokenAnswer::Error(error)) => self.finish(
                flow,
                TabResult::Refused {
                    error: error.error,
                    description: error.error_description,
                },
            ),
            (Some(Purpose::Token), TokenAnswer::NotATokenResponse) => {
                self.finish(flow, TabResult::Unanswered)
            }
            (Some(Purpose::User), _) => self.finish(flow, TabResult::Token { login }),
            _ => Vec::new(),
        }
    }

    pub(crate) fn request_failed(&mut self, flow: &Shared<'_>, exchange: u32) -> Vec<Effect> {
        match flow.purpose_of(exchange) {
            Some(Purpose::Token) => self.finish(flow, TabResult::Unanswered),
            Some(Purpose::User) => self.finish(flow, TabResult::Token { login: None }),
            _ => Vec::new(),
        }
    }

    pub(crate) fn finish(&mut self, flow: &Shared<'_>, result: TabResult) -> Vec<Effect> {
        self.stage = Stage::Finished;
        vec![Effect::PublishResult(*flow.id, result)]
    }
}
