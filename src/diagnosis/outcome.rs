//! How a flow ended, in one word.

use serde::{Deserialize, Serialize};

use crate::{
    diagnosis::{
        context::Facts,
        rule::{Code, Role},
        rules::library,
    },
    flow::transcript::{BrowserShows, Observation, STATUS_NOT_SEEN},
    oauth::token::{BodyEncoding, TokenAnswer},
};

/// How a flow ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A token was obtained.
    Token,
    /// A request about a token that was there before did what it was sent for.
    Done,
    /// The authorization server refused, or a redirect failed a check.
    Refused,
    /// No answer: network, time-out, cancelled, or still under way.
    Unanswered,
    /// An answer that is not a token response.
    Unrecognised,
}

impl Outcome {
    /// The outcome of the latest authorization in a transcript.
    pub fn of(facts: &Facts<'_>) -> Self {
        if facts.library_decides {
            return if library::refused_a_redirect(facts) {
                Self::Refused
            } else {
                Self::Unanswered
            };
        }
        if let Some(last) = facts.present_exchange() {
            return match last.reading.as_ref().map(|reading| &reading.answer) {
                Some(TokenAnswer::Token(_)) => Self::Token,
                // Nothing was refused yet: the person has not decided.
                Some(TokenAnswer::Error(_))
                    if facts.is_device()
                        && matches!(
                            facts.meaning,
                            Some(Code::DeviceAuthorizationPending | Code::DeviceSlowDown)
                        ) =>
                {
                    Self::Unanswered
                }
                Some(TokenAnswer::Error(_)) => Self::Refused,
                Some(TokenAnswer::NotATokenResponse) => {
                    let page = last
                        .reading
                        .as_ref()
                        .is_some_and(|r| r.encoding == BodyEncoding::Html);
                    Self::without_a_token_response(facts.meaning, page)
                }
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
        let stopped_at_a_page = facts.transcript.entries[present..].iter().any(|entry| {
            matches!(entry.observation, Observation::PageSeen { status, .. }
                    if status >= 400 || status == STATUS_NOT_SEEN)
        });
        let reported = facts.no_redirect() && facts.reported().is_some_and(BrowserShows::is_refusal);
        if reported || ((refused || stopped_at_a_page) && !cancelled) {
            Self::Refused
        } else {
            Self::Unanswered
        }
    }

    /// What an answer that is not a token response means: a refusal in the server's other words, a fault on the way to an
    /// answer, or something that says nothing here.
    fn without_a_token_response(meaning: Option<Code>, is_page: bool) -> Self {
        match meaning {
            // A program's complaint about a page is not the page itself.
            Some(Code::HtmlInsteadOfAnswer) if !is_page => Self::Unanswered,
            _ => meaning.map_or(Self::Unrecognised, |code| code.role().outcome()),
        }
    }
}

impl Role {
    /// How a flow ended whose answer is no token response, where the answer means this.
    pub fn outcome(self) -> Outcome {
        match self {
            Self::Done => Outcome::Done,
            Self::Refusal | Self::VagueRefusal | Self::Answer => Outcome::Refused,
            Self::NoAnswer | Self::Document | Self::Pasted | Self::Statement => Outcome::Unanswered,
            Self::Cause | Self::Unreadable | Self::Remark => Outcome::Unrecognised,
        }
    }
}
