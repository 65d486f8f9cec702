//! What a screen shows of a long history.

use crate::flow::transcript::{Entry, Observation, Transcript};

/// From the beginning of the latest authorization: its request, its redirect, the first exchanges.
const FROM_THE_BEGINNING: usize = 8;
/// From the end: more than any drawing names one by one.
const FROM_THE_END: usize = 24;

impl Transcript {
    /// The beginning of the latest authorization, its redirects and the latest entries, where the history is longer than
    /// that; `None` where all of it can be shown. Findings are made from the whole; a frame that draws the excerpt costs the same
    /// however long the history is.
    pub fn excerpt(&self) -> Option<Self> {
        if self.entries.len() <= FROM_THE_BEGINNING + FROM_THE_END {
            return None;
        }
        let end = self.entries.len() - FROM_THE_END;
        let start = self
            .last_authorization()
            .map_or(end, |(index, ..)| index)
            .min(end);
        let (beginning, middle) = self.entries[start..end].split_at(FROM_THE_BEGINNING.min(end - start));
        let redirects = middle
            .iter()
            .filter(|entry| matches!(entry.observation, Observation::RedirectReceived { .. }));
        let kept = beginning.iter().chain(redirects).chain(&self.entries[end..]);
        Some(Self {
            schema: self.schema,
            source: self.source,
            started: self.started,
            entries: kept.cloned().collect(),
            // The facts are told by the place in the whole history, and nothing is diagnosed from an excerpt.
            secrets: None,
        })
    }

    /// How many exchanges are not in this excerpt, by the gaps between their numbers; 0 in a whole transcript.
    pub fn missing_exchanges(&self) -> usize {
        let mut numbers = self.entries.iter().filter_map(number_sent);
        let Some(mut before) = numbers.next() else {
            return 0;
        };
        let mut missing = 0;
        for number in numbers {
            missing += usize::try_from(number.saturating_sub(before).saturating_sub(1)).unwrap_or(0);
            before = number;
        }
        missing
    }
}

fn number_sent(entry: &Entry) -> Option<u32> {
    match &entry.observation {
        Observation::RequestSent { exchange, .. } => Some(*exchange),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::flow::excerpt::*;
    use crate::{
        flow::{
            configuration::Origins,
            transcript::{Purpose, Source},
        },
        oauth::{authorization::AuthorizationRequest, http::HttpRequest, time::Moment},
    };

    fn history(exchanges: u32) -> Transcript {
        let mut transcript = Transcript::new(Source::Live, Moment(0));
        let mut record = |at, observation| transcript.record(Moment(at), observation);
        record(
            0,
            Observation::AuthorizationStarted {
                configuration: Box::default(),
                request: AuthorizationRequest {
                    endpoint: String::new(),
                    params: crate::oauth::params::Params::default(),
                },
            },
        );
        for exchange in 1..=exchanges {
            record(
                u64::from(exchange),
                Observation::RequestSent {
                    exchange,
                    purpose: Purpose::Token,
                    request: HttpRequest::default(),
                    origins: Origins::default(),
                },
            );
        }
        transcript
    }

    #[test]
    fn a_short_history_is_shown_whole() {
        assert_eq!(history(31).excerpt(), None);
        assert_eq!(history(31).missing_exchanges(), 0);
    }

    #[test]
    fn a_long_one_keeps_both_ends_and_knows_what_is_missing() {
        for exchanges in [32, 33, 1000, 10_000] {
            let whole = history(exchanges);
            let excerpt = whole.excerpt().unwrap();
            assert_eq!(excerpt.entries.len(), FROM_THE_BEGINNING + FROM_THE_END);
            assert_eq!(excerpt.entries.first(), whole.entries.first());
            assert_eq!(excerpt.entries.last(), whole.entries.last());
            let shown = excerpt.entries.len() - 1;
            assert_eq!(excerpt.missing_exchanges() + shown, exchanges as usize);
        }
    }
}
