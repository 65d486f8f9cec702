//! How a flow ended, in one word.

use serde::{Deserialize, Serialize};

use super::facts::Facts;
use crate::{
    flow::transcript::{Observation, Source},
    oauth::token::TokenAnswer,
};

/// How a flow ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A token was obtained.
    Token,
    /// The authorization server refused, or a redirect failed a check.
    Refused,
    /// No answer: network, time-out, cancelled, or still under way.
    Unanswered,
    /// An answer that is no token response.
    Unrecognised,
}

impl Outcome {
    /// The outcome of the latest authorization in a transcript.
    pub fn of(facts: &Facts<'_>) -> Self {
        let started = facts
            .authorization
            .map_or(0, |(index, ..)| facts.transcript.entries[index].at);
        let exchange = facts
            .last()
            .filter(|last| facts.transcript.source == Source::Pasted || last.exchange.sent_at >= started);
        if let Some(last) = exchange {
            return match last.reading.as_ref().map(|reading| &reading.answer) {
                Some(TokenAnswer::Token(_)) => Self::Token,
                Some(TokenAnswer::Error(_)) => Self::Refused,
                Some(TokenAnswer::NotATokenResponse) => Self::Unrecognised,
                None => Self::Unanswered,
            };
        }
        let cancelled = matches!(
            facts.transcript.entries.last().map(|entry| &entry.observation),
            Some(Observation::Cancelled)
        );
        let refused = facts
            .present_redirects()
            .any(|redirect| redirect.disposition.is_refused() || redirect.response.error.is_some());
        let present = facts.authorization.map_or(0, |(index, ..)| index);
        let stopped_at_a_page = facts.transcript.entries[present..]
            .iter()
            .any(|entry| matches!(entry.observation, Observation::PageSeen { status, .. } if status >= 400));
        if (refused || stopped_at_a_page) && !cancelled {
            Self::Refused
        } else {
            Self::Unanswered
        }
    }
}
