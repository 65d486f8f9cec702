//! The attempts of a transcript: every entry belongs to one. Of a flow that oauthlens runs, an attempt begins where the
//! person starts an authorization; of what another program did, the reader says what belongs together.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Deserializer, de::Error as _};

use crate::{
    flow::{
        attempt_id::AttemptId,
        secret_facts::KnownSecret,
        transcript::{Entry, Observation, SCHEMA, Source, Transcript},
    },
    oauth::time::Moment,
};

impl Observation {
    /// True for what comes first in an attempt of a flow that oauthlens runs: the listener, or the authorization itself.
    fn opens_an_attempt(&self) -> bool {
        self.starts_an_attempt()
            || matches!(
                self,
                Self::ListenerBound { .. } | Self::ListenerFailed { .. } | Self::ListenerImpossible { .. }
            )
    }

    /// The number of the exchange that it belongs to.
    fn exchange_mut(&mut self) -> Option<&mut u32> {
        match self {
            Self::RequestSent { exchange, .. }
            | Self::ResponseReceived { exchange, .. }
            | Self::RequestFailed { exchange, .. } => Some(exchange),
            _ => None,
        }
    }

    /// True for what an attempt has once, however often its listener was tried.
    fn starts_an_attempt(&self) -> bool {
        matches!(self, Self::AuthorizationStarted { .. })
    }
}

impl Source {
    /// True where one attempt follows the other, by the same person and with the same app, so that what an earlier one did is
    /// history of the later one.
    pub fn is_of_one_sitting(self) -> bool {
        matches!(self, Self::Live | Self::Simulator)
    }
}

impl Transcript {
    /// The present attempt: that of the last entry.
    pub fn present_attempt(&self) -> AttemptId {
        self.entries
            .last()
            .map_or(AttemptId::FIRST, |entry| entry.attempt)
    }

    /// The attempts that have entries, in the order in which they began.
    pub fn attempts(&self) -> Vec<AttemptId> {
        let mut found: Vec<AttemptId> = Vec::new();
        for entry in &self.entries {
            // Most entries belong to the latest attempt, and numbers grow.
            if let Err(place) = found.binary_search(&entry.attempt) {
                found.insert(place, entry.attempt);
            }
        }
        found
    }

    /// The transcript as one attempt leaves it: of a sitting up to its last entry, what came before it included, else its own
    /// entries.
    pub fn of_attempt(&self, attempt: AttemptId) -> Cow<'_, Self> {
        let is_its_own = |entry: &Entry| entry.attempt == attempt;
        if self.source.is_of_one_sitting() {
            let end = self
                .entries
                .iter()
                .rposition(is_its_own)
                .map_or(0, |last| last + 1);
            return if end == self.entries.len() {
                Cow::Borrowed(self)
            } else {
                Cow::Owned(self.with_entries(|at, _| at < end))
            };
        }
        if self.entries.iter().all(is_its_own) {
            return Cow::Borrowed(self);
        }
        let mut alone = self.with_entries(|_, entry| is_its_own(entry));
        alone.number_exchanges_from(1);
        Cow::Owned(alone)
    }

    /// The entries of one attempt alone, without what came before it.
    #[must_use]
    pub fn own_entries(&self, attempt: AttemptId) -> Self {
        self.with_entries(|_, entry| entry.attempt == attempt)
    }

    /// The attempts of one text, a transcript for each, as one transcript; the first has that number. Nothing of none.
    pub fn joined(attempts: impl IntoIterator<Item = Self>, first: AttemptId) -> Option<Self> {
        let mut attempts = attempts.into_iter();
        let mut whole = attempts.next()?;
        let mut number = first;
        for entry in &mut whole.entries {
            entry.attempt = number;
        }
        let mut last = whole.number_exchanges_from(1);
        for mut next in attempts {
            number = number.next();
            last = next.number_exchanges_from(last + 1);
            let later = next.started.since(whole.started);
            whole.entries.extend(next.entries.into_iter().map(|entry| Entry {
                at: entry.at + later,
                attempt: number,
                ..entry
            }));
        }
        Some(whole)
    }

    /// Numbers the exchanges anew, in their order. Returns the last number, or the one before the first.
    fn number_exchanges_from(&mut self, first: u32) -> u32 {
        let numbers = |entry: &mut Entry| entry.observation.exchange_mut().map(|number| *number);
        let lowest = self.entries.iter_mut().filter_map(numbers).min().unwrap_or(0);
        let mut last = first - 1;
        for entry in &mut self.entries {
            if let Some(number) = entry.observation.exchange_mut() {
                *number = *number - lowest + first;
                last = last.max(*number);
            }
        }
        last
    }

    /// The same with some of its entries, and what is known of their secrets.
    pub(crate) fn with_entries(&self, wanted: impl Fn(usize, &Entry) -> bool) -> Self {
        let places: Vec<usize> = (0..self.entries.len())
            .filter(|at| wanted(*at, &self.entries[*at]))
            .collect();
        self.at_places(&places)
    }

    /// The same with the entries at these places, which grow, and what is known of their secrets.
    pub(crate) fn at_places(&self, places: &[usize]) -> Self {
        let secrets = self.secrets.as_ref().map(|secrets| {
            let kept = secrets.iter().filter_map(|known| {
                let entry = places.binary_search(&known.entry).ok()?;
                Some(KnownSecret {
                    entry,
                    ..known.clone()
                })
            });
            kept.collect()
        });
        Self {
            schema: SCHEMA,
            source: self.source,
            started: self.started,
            entries: places.iter().map(|at| self.entries[*at].clone()).collect(),
            secrets,
        }
    }

    /// The attempt that an observation belongs to which comes next.
    pub(crate) fn attempt_for(&self, observation: &Observation) -> AttemptId {
        let present = self.present_attempt();
        if !self.source.is_of_one_sitting() || !observation.opens_an_attempt() {
            return present;
        }
        let mut its_own = self
            .entries
            .iter()
            .rev()
            .take_while(|entry| entry.attempt == present);
        if its_own.any(|entry| entry.observation.starts_an_attempt()) {
            present.next()
        } else {
            present
        }
    }
}

/// A transcript as it stands in a file, of any form that can be read.
#[derive(Deserialize)]
struct Stored {
    schema: u32,
    source: Source,
    started: Moment,
    entries: Vec<Entry>,
    #[serde(default)]
    secrets: Option<Vec<KnownSecret>>,
}

/// The form of a transcript is not one that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct UnknownForm(u32);

impl fmt::Display for UnknownForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "schema {}, expected 1 to {SCHEMA}", self.0)
    }
}

impl<'de> Deserialize<'de> for Transcript {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from(Stored::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl TryFrom<Stored> for Transcript {
    type Error = UnknownForm;

    fn try_from(stored: Stored) -> Result<Self, UnknownForm> {
        if !(1..=SCHEMA).contains(&stored.schema) {
            return Err(UnknownForm(stored.schema));
        }
        let mut transcript = Self {
            schema: SCHEMA,
            source: stored.source,
            started: stored.started,
            entries: Vec::with_capacity(stored.entries.len()),
            secrets: stored.secrets,
        };
        if stored.schema == SCHEMA {
            transcript.entries = stored.entries;
            return Ok(transcript);
        }
        for entry in stored.entries {
            let attempt = transcript.attempt_for(&entry.observation);
            transcript.entries.push(Entry { attempt, ..entry });
        }
        Ok(transcript)
    }
}

#[cfg(test)]
mod tests {
    use crate::flow::attempts::*;
    use crate::flow::transcript::BrowserShows;

    fn started() -> Observation {
        Observation::AuthorizationStarted {
            configuration: Box::default(),
            request: crate::oauth::authorization::AuthorizationRequest::default(),
        }
    }

    fn bound() -> Observation {
        Observation::ListenerBound {
            address: "127.0.0.1:1".into(),
        }
    }

    fn refused() -> Observation {
        Observation::ListenerFailed {
            address: "127.0.0.1:1".into(),
            in_use: true,
            reason: String::new(),
        }
    }

    fn seen() -> Observation {
        Observation::BrowserReported {
            shows: BrowserShows::SignIn,
        }
    }

    fn sitting() -> Transcript {
        let mut transcript = Transcript::new(Source::Live, Moment(0));
        let steps = [
            refused(),
            bound(),
            started(),
            seen(),
            bound(),
            started(),
            started(),
            refused(),
            seen(),
        ];
        for (at, observation) in (0..).zip(steps) {
            transcript.record(Moment(at), observation);
        }
        transcript
    }

    fn numbers(transcript: &Transcript) -> Vec<u32> {
        transcript.entries.iter().map(|entry| entry.attempt.0).collect()
    }

    #[test]
    fn an_attempt_begins_with_its_listener() {
        assert_eq!(numbers(&sitting()), [1, 1, 1, 1, 2, 2, 3, 4, 4]);
        assert_eq!(sitting().attempts(), [1, 2, 3, 4].map(AttemptId));
    }

    #[test]
    fn a_file_of_form_1_gets_its_attempts_when_it_is_read() {
        let mut old = serde_json::to_value(sitting()).unwrap();
        assert_eq!(old["schema"], 2);
        old["schema"] = 1.into();
        for entry in old["entries"].as_array_mut().unwrap() {
            assert!(entry.as_object_mut().unwrap().remove("attempt").is_some());
        }
        assert_eq!(
            serde_json::from_value::<Transcript>(old.clone()).unwrap(),
            sitting()
        );
        for unknown in [0, 3] {
            old["schema"] = unknown.into();
            let error = serde_json::from_value::<Transcript>(old.clone()).unwrap_err();
            assert!(error.to_string().contains("expected 1 to 2"), "{error}");
        }
    }

    #[test]
    fn an_attempt_of_a_sitting_has_a_history_and_one_of_a_text_has_none() {
        let sitting = sitting();
        assert_eq!(numbers(&sitting.of_attempt(AttemptId(2))), [1, 1, 1, 1, 2, 2]);
        assert!(matches!(sitting.of_attempt(AttemptId(4)), Cow::Borrowed(_)));
        let pasted = Transcript {
            source: Source::Pasted,
            ..sitting
        };
        assert_eq!(numbers(&pasted.of_attempt(AttemptId(2))), [2, 2]);
    }

    #[test]
    fn attempts_of_one_text_are_joined_and_told_apart_again() {
        let exchange = |number| Observation::RequestFailed {
            exchange: number,
            failure: crate::flow::failure::Failure::default(),
            millis: 1,
        };
        let texts = [
            vec![seen(), exchange(1)],
            vec![exchange(1), exchange(2)],
            vec![seen()],
        ];
        let texts = texts.map(|observations| {
            let mut transcript = Transcript::new(Source::Pasted, Moment(5));
            for (at, observation) in (6..).zip(observations) {
                transcript.record(Moment(at), observation);
            }
            transcript
        });
        let whole = Transcript::joined(texts.clone(), AttemptId(7)).unwrap();
        assert_eq!(numbers(&whole), [7, 7, 8, 8, 9]);
        assert_eq!(
            whole.exchanges().iter().map(|e| e.number).collect::<Vec<_>>(),
            [1, 2, 3]
        );
        for (text, attempt) in texts.iter().zip(whole.attempts()) {
            let alone = whole.of_attempt(attempt);
            let told = |transcript: &Transcript| -> Vec<Observation> {
                transcript
                    .entries
                    .iter()
                    .map(|entry| entry.observation.clone())
                    .collect()
            };
            assert_eq!(told(&alone), told(text));
        }
        assert_eq!(Transcript::joined([], AttemptId::FIRST), None);
    }
}
