//! From what a source saw to a transcript: which answer belongs to which request, and when each thing happened.

use crate::{
    diagnosis::context::response_params,
    flow::{
        grants::authorization_code::redirect::{Expected, classify},
        transcript::{Disposition, Observation, Source, Transcript},
    },
    oauth::{http::HttpRequest, secret::MASK, time::Moment},
    sources::Seen,
};

/// The transcript of what was seen.
pub(crate) fn transcript(seen: Vec<Seen>, now: Moment) -> Transcript {
    let started = seen.iter().find_map(|seen| seen.at).unwrap_or(now);
    let mut transcript = Transcript::new(Source::Pasted, started);
    let mut at = started;
    let mut numbers = Numbers::default();
    for Seen {
        at: told,
        observation,
    } in answers_behind_requests(seen)
    {
        at = told.unwrap_or(at);
        let observation = held_against(&transcript, numbers.numbered(observation));
        transcript.record(at, observation);
    }
    transcript
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

/// A redirect held against the authorization request that it answers.
fn held_against(transcript: &Transcript, observation: Observation) -> Observation {
    let (Some((_, configuration, sent)), Observation::RedirectReceived { channel, request, .. }) =
        (transcript.last_authorization(), &observation)
    else {
        return observation;
    };
    let value = |name: &str| sent.params.get(name).unwrap_or_default();
    let expected = Expected {
        redirect_uri: value("redirect_uri"),
        state: value("state"),
        issuer: configuration.provider.issuer.as_deref(),
        listening: None,
        taken: false,
    };
    let disposition = match classify(&expected, *channel, request) {
        Disposition::StateMissing if value("state").is_empty() => Disposition::AcceptedUnchecked,
        // One of the two was hidden: whether they are equal is not known.
        Disposition::StateDiffers if hides_its_state(value("state"), request) => {
            Disposition::AcceptedUnchecked
        }
        other => other,
    };
    Observation::RedirectReceived {
        channel: *channel,
        request: request.clone(),
        disposition,
    }
}

fn hides_its_state(sent: &str, redirect: &HttpRequest) -> bool {
    let received = response_params(redirect);
    sent.contains(MASK) || received.get("state").is_some_and(|state| state.contains(MASK))
}
