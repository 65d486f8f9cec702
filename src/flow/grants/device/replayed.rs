//! A grant that has ended, as a transcript tells it.

use crate::{
    flow::{
        grants::device::{Attempt, DeviceGrant, Polling, Stage},
        transcript::{Observation, Purpose, Transcript},
    },
    oauth::{
        device::{DEFAULT_INTERVAL, DeviceAuthorization},
        token::read_answer,
    },
};

impl DeviceGrant {
    /// The grant as it stood at the end of a transcript.
    pub(crate) fn replayed(transcript: &Transcript) -> Self {
        let Some((_, configuration, _)) = transcript.last_authorization() else {
            return Self::default();
        };
        let codes = transcript
            .last_exchange(Purpose::DeviceAuthorization)
            .and_then(|exchange| {
                let at = exchange.sent_at + exchange.millis.unwrap_or(0);
                let codes = DeviceAuthorization::of(&read_answer(exchange.response?))?;
                Some((codes, transcript.started.plus(at)))
            });
        let last = transcript.entries.last().map(|entry| &entry.observation);
        let stopped = matches!(
            last,
            Some(Observation::Cancelled | Observation::DeviceCodeTimedOut { .. })
        );
        Self {
            stage: if stopped { Stage::Stopped } else { Stage::Finished },
            attempt: Some(Attempt {
                configuration: configuration.clone(),
                polling: codes.map(|(codes, issued)| Polling {
                    interval: codes.interval.unwrap_or(DEFAULT_INTERVAL),
                    codes,
                    issued,
                    next: None,
                    sent: 0,
                }),
            }),
        }
    }
}
