//! Requests that oauthlens sends itself, and their answers: the exchange, the token tried, probes.

use crate::{
    flow::{
        configuration::Origins,
        effect::{Effect, TabResult},
        machine::{Flow, Stage},
        requests::user,
        transcript::{Observation, Purpose},
    },
    oauth::{
        http::{HttpRequest, HttpResponse},
        time::Moment,
        token::{TokenAnswer, TokenRequest, read_answer},
    },
};

impl Flow {
    pub(crate) fn exchange(&mut self, request: &TokenRequest, origins: Origins, now: Moment) -> Vec<Effect> {
        if matches!(self.stage, Stage::Exchanging(_) | Stage::ReadingUser(_)) {
            return Vec::new();
        }
        self.token = None;
        self.stage = Stage::Exchanging(now);
        vec![self.send(request.to_http(), Purpose::Token, origins, now)]
    }

    pub(crate) fn send(
        &mut self,
        request: HttpRequest,
        purpose: Purpose,
        origins: Origins,
        now: Moment,
    ) -> Effect {
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

    pub(crate) fn response_arrived(
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
                let attempt = self.attempt.as_ref();
                let proof =
                    attempt.and_then(|attempt| user::request(&attempt.configuration.provider, &token));
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

    pub(crate) fn request_failed(&mut self, exchange: u32) -> Vec<Effect> {
        match self.purpose_of(exchange) {
            Some(Purpose::Token) => self.finish(TabResult::Unanswered),
            Some(Purpose::User) => self.finish(TabResult::Token { login: None }),
            _ => Vec::new(),
        }
    }

    pub(crate) fn finish(&mut self, result: TabResult) -> Vec<Effect> {
        self.stage = Stage::Finished;
        vec![Effect::PublishResult(self.id, result)]
    }

    pub(crate) fn purpose_of(&self, number: u32) -> Option<Purpose> {
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
}
