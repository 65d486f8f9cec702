//! The findings of every attempt of a transcript, made again for those alone that something was added to.
//!
//! What the checks ask of earlier attempts is looked up by the values that both share, so that the findings of an attempt cost
//! the same however many came before it. They are those that [`crate::diagnosis::examine`] makes of the whole.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    hash::{DefaultHasher, Hash, Hasher},
};

use crate::{
    diagnosis::{
        Diagnosis,
        context::response_params,
        finding::{Code, Finding},
        outcome::Outcome,
        rules::refused_credentials::MOST_COUNTED,
    },
    flow::transcript::{AttemptId, Entry, Observation, Purpose, Transcript},
    oauth::token::{TokenAnswer, read_answer, request_params},
    providers::error_table::meaning,
};

/// What was found in one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examined {
    /// The findings, the most telling first.
    pub findings: Vec<Finding>,
    /// How it ended.
    pub outcome: Outcome,
}

impl Examined {
    /// Examines the latest attempt of a transcript.
    pub fn of(transcript: &Transcript) -> Self {
        let Diagnosis {
            findings, outcome, ..
        } = Diagnosis::of(transcript);
        Self { findings, outcome }
    }
}

/// The attempts of one transcript and what was found in them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// So many entries were looked at.
    looked_at: usize,
    /// The last of them, by which another transcript is recognised.
    last: Option<Entry>,
    attempts: BTreeMap<AttemptId, Attempt>,
    exchanges: BTreeMap<u32, Exchanged>,
    /// The numbers of the exchanges for each purpose.
    by_purpose: Vec<(Purpose, Vec<u32>)>,
    /// The numbers of the exchanges by the places of their requests.
    by_place: HashMap<usize, u32>,
    /// Token requests and redirects by the code that they carry, authorizations by their `state`: the places of entries.
    by_value: HashMap<Key, Vec<usize>>,
    /// Token requests that were answered with a token, by their credentials: the numbers of the exchanges.
    accepted: HashMap<Key, Vec<u32>>,
}

/// A value that two attempts may share. The checks compare the texts; this only finds them.
type Key = u64;

fn key(kind: &str, values: [&str; 2]) -> Key {
    let mut hasher = DefaultHasher::new();
    (kind, values).hash(&mut hasher);
    hasher.finish()
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Attempt {
    /// The places of its entries.
    entries: Vec<usize>,
    /// Exchanges from this number on are its own, or later.
    first_exchange: u32,
    /// True where its authorization was started.
    started: bool,
    /// Codes and values of `state`, sent or received.
    values: BTreeSet<Key>,
    credentials: BTreeSet<Key>,
    examined: Option<Examined>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Exchanged {
    purpose: Purpose,
    /// The places of its entries.
    entries: Vec<usize>,
    credentials: Option<Key>,
    /// The client authentication was refused.
    refused: bool,
}

impl History {
    /// Looks at what was added to the transcript, and forgets what was found in the attempts that it concerns. Another
    /// transcript is looked at from its beginning.
    pub fn follow(&mut self, transcript: &Transcript) {
        let last = self.looked_at.checked_sub(1);
        let last = last.map(|last| transcript.entries.get(last));
        if last.is_some_and(|last| last != self.last.as_ref()) {
            *self = Self::default();
        }
        if transcript.entries.len() > self.looked_at {
            self.last = transcript.entries.last().cloned();
        }
        for at in self.looked_at..transcript.entries.len() {
            let entry = &transcript.entries[at];
            self.look_at(at, entry);
            let concerned = if transcript.source.is_of_one_sitting() {
                self.attempts.range_mut(entry.attempt..)
            } else {
                self.attempts.range_mut(entry.attempt..=entry.attempt)
            };
            for (_, attempt) in concerned {
                attempt.examined = None;
            }
        }
        self.looked_at = transcript.entries.len();
    }

    /// What was found in an attempt of that transcript, which is followed: as before, where nothing was added since. `None`
    /// where there is no such attempt.
    pub fn of(&mut self, transcript: &Transcript, attempt: AttemptId) -> Option<&Examined> {
        self.follow(transcript);
        if self.attempts.get(&attempt)?.examined.is_none() {
            let examined = if transcript.secrets.is_some() || !transcript.source.is_of_one_sitting() {
                // Values that are masked cannot be looked up; what is not of one sitting has no history.
                Examined::of(&transcript.of_attempt(attempt))
            } else {
                let places: Vec<usize> = self.related(attempt).into_iter().collect();
                Examined::of(&transcript.at_places(&places))
            };
            self.attempts.get_mut(&attempt)?.examined = Some(examined);
        }
        self.attempts.get(&attempt)?.examined.as_ref()
    }

    /// What is found in the present attempt. It is examined again in any case: what was observed last may have grown.
    pub fn of_present(&mut self, transcript: &Transcript) -> Option<&Examined> {
        self.follow(transcript);
        let present = transcript.present_attempt();
        self.attempts.get_mut(&present)?.examined = None;
        self.of(transcript, present)
    }

    /// The numbers of the attempts that were looked at, in order.
    pub fn attempts(&self) -> impl DoubleEndedIterator<Item = AttemptId> + '_ {
        self.attempts.keys().copied()
    }

    fn look_at(&mut self, at: usize, entry: &Entry) {
        let next = self.exchanges.last_key_value().map_or(0, |(last, _)| *last) + 1;
        let begin = || Attempt {
            first_exchange: next,
            ..Attempt::default()
        };
        let attempt = self.attempts.entry(entry.attempt).or_insert_with(begin);
        attempt.entries.push(at);
        match &entry.observation {
            Observation::AuthorizationStarted { request, .. } => {
                attempt.started = true;
                if let Some(state) = request.params.get("state") {
                    self.share(at, entry.attempt, key("state", [state, ""]));
                }
            }
            Observation::RedirectReceived { request, .. } => {
                let params = response_params(request);
                for name in ["code", "state"] {
                    if let Some(value) = params.get(name) {
                        self.share(at, entry.attempt, key(name, [value, ""]));
                    }
                }
            }
            Observation::RequestSent {
                exchange,
                purpose,
                request,
                ..
            } => {
                let mut credentials = None;
                if *purpose == Purpose::Token {
                    let sent = request_params(request);
                    let value = |name: &str| sent.get(name).unwrap_or_default();
                    let of_client = key("client", [value("client_id"), value("client_secret")]);
                    credentials = Some(of_client);
                    attempt.credentials.insert(of_client);
                    if let Some(code) = sent.get("code") {
                        self.share(at, entry.attempt, key("code", [code, ""]));
                    }
                }
                let exchanged = Exchanged {
                    purpose: *purpose,
                    entries: vec![at],
                    credentials,
                    refused: false,
                };
                self.exchanges.insert(*exchange, exchanged);
                self.by_place.insert(at, *exchange);
                let known = self.by_purpose.iter().position(|(known, _)| known == purpose);
                let known = known.unwrap_or_else(|| {
                    self.by_purpose.push((*purpose, Vec::new()));
                    self.by_purpose.len() - 1
                });
                self.by_purpose[known].1.push(*exchange);
            }
            Observation::ResponseReceived {
                exchange, response, ..
            } => {
                let Some(exchanged) = self.exchanges.get_mut(exchange) else {
                    return;
                };
                exchanged.entries.push(at);
                if !matches!(exchanged.purpose, Purpose::Token | Purpose::ProbeCredentials) {
                    return;
                }
                let reading = read_answer(response);
                match reading.answer {
                    TokenAnswer::Token(_) => {
                        if let Some(credentials) = exchanged.credentials {
                            self.accepted.entry(credentials).or_default().push(*exchange);
                        }
                    }
                    TokenAnswer::Error(_) => {
                        exchanged.refused = meaning(response, &reading) == Code::CredentialsRefused;
                    }
                    TokenAnswer::NotATokenResponse => {}
                }
            }
            Observation::RequestFailed { exchange, .. } => {
                if let Some(exchanged) = self.exchanges.get_mut(exchange) {
                    exchanged.entries.push(at);
                }
            }
            _ => {}
        }
    }

    fn share(&mut self, at: usize, attempt: AttemptId, value: Key) {
        self.by_value.entry(value).or_default().push(at);
        self.attempts.entry(attempt).or_default().values.insert(value);
    }

    /// The places of an attempt's entries and of those of before that a check asks about.
    fn related(&self, attempt: AttemptId) -> BTreeSet<usize> {
        let mut places = BTreeSet::new();
        let mut looked_at = Vec::new();
        // One whose listener could not be bound is looked at with the one before.
        for (_, own) in self.attempts.range(..=attempt).rev() {
            places.extend(&own.entries);
            looked_at.push(own);
            if own.started {
                break;
            }
        }
        let (Some(&first), Some(&last)) = (places.first(), places.last()) else {
            return places;
        };
        let first_exchange = looked_at.last().map_or(1, |own| own.first_exchange);
        let values = looked_at.iter().flat_map(|own| &own.values);
        let shared = values.filter_map(|value| self.by_value.get(value));
        for at in shared.flat_map(|places| places.iter().take_while(|at| **at < first)) {
            places.insert(*at);
            if let Some(exchanged) = self
                .by_place
                .get(at)
                .and_then(|number| self.exchanges.get(number))
            {
                places.extend(&exchanged.entries);
            }
        }
        for credentials in looked_at.iter().flat_map(|own| &own.credentials) {
            places.extend(self.latest_before(first_exchange, self.accepted.get(credentials)));
        }
        for (_, numbers) in &self.by_purpose {
            places.extend(self.latest_before(first_exchange, Some(numbers)));
        }
        places.extend(self.refusals_before(first_exchange));
        // An answer may have come later than all that is looked at.
        places.retain(|at| *at <= last);
        places
    }

    /// The entries of the latest of these exchanges before a number.
    fn latest_before(&self, number: u32, numbers: Option<&Vec<u32>>) -> &[usize] {
        let latest = numbers.and_then(|numbers| {
            let before = numbers.partition_point(|known| *known < number);
            self.exchanges.get(numbers[..before].last()?)
        });
        latest.map_or(&[], |exchanged| &exchanged.entries)
    }

    /// The entries of the exchanges before a number in which client authentication was refused, in a row, and of the one
    /// before those.
    fn refusals_before(&self, number: u32) -> Vec<usize> {
        let counted = self
            .exchanges
            .range(..number)
            .rev()
            .map(|(_, exchanged)| exchanged);
        let mut counted = counted.filter(|e| matches!(e.purpose, Purpose::Token | Purpose::ProbeCredentials));
        let mut places = Vec::new();
        for exchanged in counted.by_ref().take(MOST_COUNTED) {
            places.extend(&exchanged.entries);
            if !exchanged.refused {
                break;
            }
        }
        places
    }
}
