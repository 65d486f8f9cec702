//! Asking the token endpoint (RFC 8628 §3.4, §3.5): how often, and until when.

use crate::{
    flow::{
        effect::Effect,
        event::Timer,
        grants::{
            Shared,
            device::{DeviceGrant, Stage},
        },
        transcript::{FailureKind, Observation, Purpose},
    },
    oauth::{
        device::{DEFAULT_INTERVAL, DeviceAuthorization, LONGEST_INTERVAL, SLOW_DOWN},
        time::Moment,
        token::{Reading, TokenAnswer},
    },
};

/// So often the token endpoint is asked in one attempt, however long the server says that its codes are good.
const MOST_POLLS: u32 = 1000;

/// The codes, and how the token endpoint is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Polling {
    /// What the server answered.
    pub codes: DeviceAuthorization,
    /// When it did.
    pub issued: Moment,
    /// Seconds between two requests, as they are now.
    pub interval: u64,
    /// When the next request is due; `None` while one is under way.
    pub next: Option<Moment>,
    /// Requests that were sent.
    pub sent: u32,
}

impl Polling {
    /// When the codes' time is over, where the server said how long they are good.
    pub fn expires(&self) -> Option<Moment> {
        let seconds = self.codes.expires_in?;
        Some(self.issued.plus(seconds.saturating_mul(1000)))
    }

    fn is_over(&self, now: Moment) -> bool {
        self.sent >= MOST_POLLS || self.expires().is_some_and(|expires| now >= expires)
    }
}

impl DeviceGrant {
    pub(super) fn begin_to_poll(
        &mut self,
        flow: &mut Shared<'_>,
        codes: DeviceAuthorization,
        now: Moment,
    ) -> Vec<Effect> {
        let Some(attempt) = &mut self.attempt else {
            return Vec::new();
        };
        let asked = codes.interval.unwrap_or(DEFAULT_INTERVAL);
        attempt.polling = Some(Polling {
            interval: attempt
                .configuration
                .poll
                .interval
                .unwrap_or(asked)
                .clamp(1, LONGEST_INTERVAL),
            codes,
            issued: now,
            next: None,
            sent: 0,
        });
        self.stage = Stage::Polling(now);
        self.wait(flow, now)
    }

    /// The next request is due in an interval.
    fn wait(&mut self, flow: &Shared<'_>, now: Moment) -> Vec<Effect> {
        let Some(polling) = self.polling_mut() else {
            return Vec::new();
        };
        let millis = polling.interval.saturating_mul(1000);
        polling.next = Some(now.plus(millis));
        vec![Effect::StartTimer(*flow.id, Timer::Poll, millis)]
    }

    fn polling_mut(&mut self) -> Option<&mut Polling> {
        self.attempt.as_mut()?.polling.as_mut()
    }

    pub(super) fn poll(&mut self, flow: &mut Shared<'_>, now: Moment) -> Vec<Effect> {
        let Stage::Polling(_) = self.stage else {
            return Vec::new();
        };
        let Some(attempt) = &mut self.attempt else {
            return Vec::new();
        };
        let Some(polling) = &mut attempt.polling else {
            return Vec::new();
        };
        if polling.next.take().is_none() {
            return Vec::new();
        }
        polling.sent = polling.sent.saturating_add(1);
        let request = attempt
            .configuration
            .device_token_request(&polling.codes.device_code);
        let origins = attempt.configuration.origins.clone();
        vec![flow.send(request, Purpose::Token, origins, now)]
    }

    pub(super) fn poll_answered(
        &mut self,
        flow: &mut Shared<'_>,
        reading: Reading,
        now: Moment,
    ) -> Vec<Effect> {
        let asked = reading.value("interval").and_then(|text| text.parse().ok());
        match reading.answer {
            TokenAnswer::Token(token) => {
                let attempt = self.attempt.as_ref();
                let provider = attempt.map(|attempt| &attempt.configuration.provider);
                match flow.try_token(token, provider, now) {
                    Some(request) => {
                        self.stage = Stage::ReadingUser(now);
                        vec![request]
                    }
                    None => self.finish(),
                }
            }
            TokenAnswer::Error(error) if error.error == "authorization_pending" => self.go_on(flow, now),
            TokenAnswer::Error(error) if error.error == "slow_down" => {
                self.slow_down(asked.unwrap_or(0));
                self.go_on(flow, now)
            }
            TokenAnswer::Error(_) | TokenAnswer::NotATokenResponse => self.finish(),
        }
    }

    /// Five seconds more, for this and all later requests; more where the server asks for more.
    fn slow_down(&mut self, asked: u64) {
        if let Some(polling) = self.polling_mut() {
            let longer = polling.interval.saturating_add(SLOW_DOWN);
            polling.interval = longer.max(asked).min(LONGEST_INTERVAL);
        }
    }

    /// A request that timed out is repeated after twice the time; without a connection it is of no use.
    pub(super) fn poll_failed(
        &mut self,
        flow: &mut Shared<'_>,
        kind: FailureKind,
        now: Moment,
    ) -> Vec<Effect> {
        if kind != FailureKind::TimedOut {
            return self.finish();
        }
        if let Some(polling) = self.polling_mut() {
            polling.interval = polling.interval.saturating_mul(2).min(LONGEST_INTERVAL);
        }
        self.go_on(flow, now)
    }

    /// On to the next request, or to the end if the codes' time is over. The request that finds it over was sent: what the
    /// server says to codes that have expired is worth knowing.
    fn go_on(&mut self, flow: &mut Shared<'_>, now: Moment) -> Vec<Effect> {
        let Some(polling) = self.polling_mut() else {
            return Vec::new();
        };
        if polling.is_over(now) {
            let seconds = now.since(polling.issued) / 1000;
            polling.next = None;
            flow.record(now, Observation::DeviceCodeTimedOut { seconds });
            self.stage = Stage::Stopped;
            return Vec::new();
        }
        self.wait(flow, now)
    }
}
