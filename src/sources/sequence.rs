//! From what a source saw to attempts, a transcript for each: which answer belongs to which request, which redirect to which
//! authorization, and when each thing happened.

use std::collections::HashMap;

use crate::{
    diagnosis::context::response_params,
    flow::{
        grants::authorization_code::redirect::{Expected, classify},
        transcript::{Disposition, Observation, Source, Transcript},
    },
    oauth::{
        http::{HttpRequest, HttpResponse},
        params::Params,
        secret::MASK,
        time::Moment,
        token::{TokenAnswer, params_by, read_answer},
    },
    sources::{Attempts, Seen},
    text::defects::is_placeholder,
};

/// Of a text with more attempts than this, the latest are kept.
pub(crate) const MOST_ATTEMPTS: usize = 200;
/// So many entries of an attempt are looked at for another redirect with one code.
const MOST_COMPARED: usize = 64;
/// A person who tries again takes longer than a program needs to go on.
const TRIED_AGAIN: u64 = 5_000;
/// What is further apart does not belong together by its place alone.
const TOGETHER: u64 = 10 * 60_000;

/// The attempts in what was seen, in the order in which they began. There is one at least.
pub(crate) fn attempts(seen: Vec<Seen>, now: Moment) -> Attempts {
    let first = seen.iter().find_map(|seen| seen.at);
    // A time without a date is none to begin with.
    let started = first.filter(|first| first.0 > 1_000_000_000_000).unwrap_or(now);
    let base = first.unwrap_or(started);
    let mut sequence = Sequence {
        started,
        attempts: Vec::new(),
        by_key: HashMap::new(),
        latest: None,
    };
    let mut at = base;
    for Seen {
        at: told,
        observation,
    } in answers_behind_requests(seen)
    {
        at = told.unwrap_or(at);
        sequence.take(started.plus(at.since(base)), told, observation);
    }
    let left_out = sequence.attempts.len().saturating_sub(MOST_ATTEMPTS);
    let kept = sequence.attempts.into_iter().skip(left_out);
    let (transcripts, times) = kept.map(|attempt| (attempt.transcript, attempt.first)).unzip();
    Attempts {
        transcripts,
        left_out,
        times,
    }
}

/// People paste the answer first and the request that it answers below it: where there is one of each, they belong together.
fn answers_behind_requests(mut seen: Vec<Seen>) -> Vec<Seen> {
    let is_request = |seen: &Seen| matches!(seen.observation, Observation::RequestSent { .. });
    let is_answer = |seen: &Seen| {
        matches!(
            seen.observation,
            Observation::ResponseReceived { .. } | Observation::RequestFailed { .. }
        )
    };
    let one_of_each = seen.iter().filter(|seen| is_request(seen)).count() == 1
        && seen.iter().filter(|seen| is_answer(seen)).count() == 1;
    if let (true, Some(request), Some(answer)) = (
        one_of_each,
        seen.iter().position(is_request),
        seen.iter().position(is_answer),
    ) && answer < request
    {
        let answer = seen.remove(answer);
        seen.insert(request, answer);
    }
    seen
}

/// What an attempt is known by, besides its place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    State(String),
    Code(String),
}

/// An attempt that is being gathered.
struct Gathered {
    transcript: Transcript,
    first: Option<Moment>,
    last: Option<Moment>,
    redirected: bool,
    sent: bool,
    answer: Answer,
    numbers: Numbers,
    /// Whose it is, once something says so.
    client_id: Option<String>,
    /// The host of its token endpoint.
    host: Option<String>,
}

impl Gathered {
    /// False for something of another client, or for a request to another server.
    fn may_be_of(&self, client_id: Option<&str>, host: Option<&str>) -> bool {
        let agree = |own: &Option<String>, other: Option<&str>| {
            own.as_deref().zip(other).is_none_or(|(own, other)| own == other)
        };
        agree(&self.client_id, client_id) && agree(&self.host, host)
    }
}

/// The last answer of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    None,
    /// It asks for patience: another one follows.
    Pending,
    Final,
}

impl Answer {
    fn of(response: &HttpResponse) -> Self {
        match read_answer(response).answer {
            TokenAnswer::Error(error)
                if ["authorization_pending", "slow_down"].contains(&error.error.as_str()) =>
            {
                Self::Pending
            }
            _ => Self::Final,
        }
    }
}

struct Sequence {
    started: Moment,
    attempts: Vec<Gathered>,
    by_key: HashMap<Key, usize>,
    /// The attempt that something was seen of last.
    latest: Option<usize>,
}

impl Sequence {
    fn take(&mut self, at: Moment, told: Option<Moment>, observation: Observation) {
        let keys = keys(&observation);
        let (client_id, host) = whose(&observation);
        let known = keys
            .iter()
            .find_map(|key| self.by_key.get(key).copied())
            .filter(|place| !(self.attempts[*place].redirected && is_a_refusal(&observation)));
        let place = known
            .or_else(|| self.of_the_client(&observation, told, client_id.as_deref()))
            .or_else(|| {
                let place = self.latest_that_takes(self.latest?, &observation, told)?;
                self.attempts[place]
                    .may_be_of(client_id.as_deref(), host.as_deref())
                    .then_some(place)
            })
            .unwrap_or_else(|| self.begin());
        for key in keys {
            self.by_key.entry(key).or_insert(place);
        }
        let attempt = &mut self.attempts[place];
        attempt.client_id = attempt.client_id.take().or(client_id);
        attempt.host = attempt.host.take().or(host);
        self.latest = Some(place);
        let attempt = &mut self.attempts[place];
        attempt.first = attempt.first.or(told);
        attempt.last = told.or(attempt.last);
        match &observation {
            Observation::RedirectReceived { .. } => attempt.redirected = true,
            Observation::RequestSent { .. } => attempt.sent = true,
            Observation::ResponseReceived { response, .. } => attempt.answer = Answer::of(response),
            Observation::RequestFailed { .. } | Observation::PageSeen { .. } => {
                attempt.answer = Answer::Final;
            }
            _ => {}
        }
        let observation = attempt.numbers.numbered(observation);
        let observation = held_against(&attempt.transcript, observation);
        attempt.transcript.record(at, observation);
    }

    /// Of attempts under way side by side, the latest of the client that sends a request.
    fn of_the_client(
        &self,
        observation: &Observation,
        told: Option<Moment>,
        client_id: Option<&str>,
    ) -> Option<usize> {
        let client_id = client_id?;
        let last = self.attempts.len();
        (last.saturating_sub(MOST_COMPARED)..last)
            .rev()
            .filter(|place| self.attempts[*place].client_id.as_deref() == Some(client_id))
            .find_map(|place| self.latest_that_takes(place, observation, told))
    }

    /// The latest attempt, where something that carries no key of its own, or a new one, goes on with it.
    fn latest_that_takes(
        &self,
        place: usize,
        observation: &Observation,
        told: Option<Moment>,
    ) -> Option<usize> {
        let attempt = &self.attempts[place];
        let apart = match (attempt.last, told) {
            (Some(last), Some(told)) => told.since(last).max(last.since(told)),
            _ => 0,
        };
        let answered = attempt.answer != Answer::None;
        let goes_on = match observation {
            Observation::AuthorizationStarted { .. } => false,
            // An access log writes the line of a redirect when the exchange that it led to is over.
            Observation::RedirectReceived { request, .. } => {
                let brings_a_code = response_params(request).get("code").is_some();
                !attempt.redirected && apart <= TOGETHER && (brings_a_code || !answered)
            }
            Observation::RequestSent { .. } => !attempt.sent && !answered && apart <= TOGETHER,
            Observation::ResponseReceived { .. }
            | Observation::RequestFailed { .. }
            | Observation::PageSeen { .. } => {
                !answered || attempt.numbers.open || attempt.answer == Answer::Pending
            }
            _ => !answered || apart <= TRIED_AGAIN,
        };
        goes_on.then_some(place)
    }

    fn begin(&mut self) -> usize {
        self.attempts.push(Gathered {
            transcript: Transcript::new(Source::Pasted, self.started),
            first: None,
            last: None,
            redirected: false,
            sent: false,
            answer: Answer::None,
            numbers: Numbers::default(),
            client_id: None,
            host: None,
        });
        self.attempts.len() - 1
    }
}

/// The client that a request is of, and the host that a token request goes to.
fn whose(observation: &Observation) -> (Option<String>, Option<String>) {
    let useful = |id: &str| !id.is_empty() && !id.contains(MASK) && !is_placeholder(id);
    let named = |id: Option<&str>| id.filter(|id| useful(id)).map(str::to_owned);
    match observation {
        Observation::AuthorizationStarted { request, .. } => (named(request.params.get("client_id")), None),
        Observation::RequestSent { request, .. } => {
            let host = request
                .url
                .split_once("://")
                .and_then(|(_, rest)| rest.split(['/', '?', ':']).next());
            let params = params_by(request, |text| Params::decode_named(text, &["client_id"]));
            (named(params.get("client_id")), named(host))
        }
        _ => (None, None),
    }
}

/// A redirect that brings an error: with one that brought a code before, it is another try.
fn is_a_refusal(observation: &Observation) -> bool {
    matches!(observation, Observation::RedirectReceived { request, .. } if response_params(request).get("error").is_some())
}

/// The values by which something is known to belong to an attempt.
fn keys(observation: &Observation) -> Vec<Key> {
    let useful = |value: &str| value.len() >= 6 && !value.contains(MASK) && !is_placeholder(value);
    let state = |value: Option<&str>| {
        value
            .filter(|value| useful(value))
            .map(|value| Key::State(value.to_owned()))
    };
    let code = |value: Option<&str>| {
        value
            .filter(|value| useful(value))
            .map(|value| Key::Code(value.to_owned()))
    };
    let found = match observation {
        Observation::AuthorizationStarted { request, .. } => vec![state(request.params.get("state"))],
        Observation::RedirectReceived { request, .. } => {
            let params = response_params(request);
            vec![state(params.get("state")), code(params.get("code"))]
        }
        Observation::RequestSent { request, .. } => {
            let names = ["code", "device_code", "refresh_token"];
            let params = params_by(request, |text| Params::decode_named(text, &names));
            names.iter().map(|name| code(params.get(name))).collect()
        }
        _ => Vec::new(),
    };
    found.into_iter().flatten().collect()
}

/// Counts exchanges and knows which of them is not answered yet.
#[derive(Default)]
struct Numbers {
    last: u32,
    open: bool,
}

impl Numbers {
    fn numbered(&mut self, mut observation: Observation) -> Observation {
        match &mut observation {
            Observation::RequestSent { exchange, .. } => {
                self.last += 1;
                self.open = true;
                *exchange = self.last;
            }
            Observation::ResponseReceived { exchange, .. } | Observation::RequestFailed { exchange, .. } => {
                if !self.open {
                    self.last += 1;
                }
                self.open = false;
                *exchange = self.last;
            }
            _ => {}
        }
        observation
    }
}

/// A redirect held against the authorization request that it answers, and against a redirect before it.
fn held_against(transcript: &Transcript, observation: Observation) -> Observation {
    let Observation::RedirectReceived {
        channel,
        request,
        disposition,
    } = observation
    else {
        return observation;
    };
    let code = response_params(&request).get("code").map(str::to_owned);
    let taken = code.is_some()
        && transcript
            .entries
            .iter()
            .take(MOST_COMPARED)
            .any(|entry| match &entry.observation {
                Observation::RedirectReceived {
                    request, disposition, ..
                } => disposition.is_taken() && response_params(request).get("code") == code.as_deref(),
                _ => false,
            });
    let disposition = match transcript.last_authorization() {
        _ if taken => Disposition::SecondRedirect,
        None => disposition,
        Some((_, configuration, sent)) => {
            let value = |name: &str| sent.params.get(name).unwrap_or_default();
            let expected = Expected {
                redirect_uri: value("redirect_uri"),
                state: value("state"),
                issuer: configuration.provider.issuer.as_deref(),
                listening: None,
                taken: false,
            };
            match classify(&expected, channel, &request) {
                Disposition::StateMissing if value("state").is_empty() => Disposition::AcceptedUnchecked,
                // One of the two was hidden: whether they are equal is not known.
                Disposition::StateDiffers if hides_its_state(value("state"), &request) => {
                    Disposition::AcceptedUnchecked
                }
                other => other,
            }
        }
    };
    Observation::RedirectReceived {
        channel,
        request,
        disposition,
    }
}

fn hides_its_state(sent: &str, redirect: &HttpRequest) -> bool {
    let received = response_params(redirect);
    sent.contains(MASK) || received.get("state").is_some_and(|state| state.contains(MASK))
}
