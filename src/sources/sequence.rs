//! From what a source saw to a transcript: which answer belongs to which request, and when each thing happened.

use crate::{
    flow::transcript::{Observation, Source, Transcript},
    oauth::time::Moment,
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
    } in seen
    {
        at = told.unwrap_or(at);
        transcript.record(at, numbers.numbered(observation));
    }
    transcript
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
