//! Several attempts in one text: which of them is explained, and what is said of the others.

use crate::{
    diagnosis::{
        Diagnosis,
        context::Facts,
        finding::{Code, Finding},
        outcome::Outcome,
    },
    flow::transcript::Transcript,
    oauth::time::Moment,
};

/// An attempt, in a few words.
#[derive(Clone, Debug)]
pub struct AttemptSummary {
    /// Counts the attempts of a text from 1.
    pub number: usize,
    /// True for the one that is explained.
    pub explained: bool,
    /// The first time that the text tells of it, as `10:11:12`; `None` where it tells none.
    pub time: Option<String>,
    /// How it ended.
    pub outcome: Outcome,
    /// The best explanation.
    pub finding: Option<Finding>,
}

/// Of so many attempts something is said: the latest ones.
const MOST_SUMMARIES: usize = 40;

/// The latest attempt that failed; where none did, the latest that ended, else the latest.
pub fn latest_failure(attempts: &[Transcript]) -> usize {
    if attempts.len() < 2 {
        return 0;
    }
    let rank = |transcript: &Transcript| {
        let facts = Facts::of(transcript);
        match Outcome::of(&facts) {
            Outcome::Refused => 2,
            Outcome::Token | Outcome::Done => 1,
            Outcome::Unanswered | Outcome::Unrecognised => match facts.meaning {
                _ if facts.library_decides => 2,
                Some(
                    Code::RedirectPasted
                    | Code::AuthorizationRequestPasted
                    | Code::TokenRequestPasted
                    | Code::DeviceCodeIssued,
                ) => 0,
                _ => 2,
            },
        }
    };
    (0..attempts.len())
        .max_by_key(|at| (rank(&attempts[*at]), *at))
        .unwrap_or(0)
}

/// What is said of each attempt; nothing where there is one alone. `times` are the first that the text tells of each,
/// `left_out` how many attempts came before the first.
pub fn summaries(
    attempts: &[Transcript],
    explained: usize,
    times: &[Option<Moment>],
    left_out: usize,
) -> Vec<AttemptSummary> {
    if attempts.len() < 2 {
        return Vec::new();
    }
    let first = attempts.len().saturating_sub(MOST_SUMMARIES).min(explained);
    let shown = attempts.iter().enumerate().skip(first);
    shown
        .map(|(at, transcript)| {
            let diagnosis = Diagnosis::of(transcript);
            AttemptSummary {
                number: left_out + at + 1,
                explained: at == explained,
                time: times.get(at).copied().flatten().map(time_of_day),
                outcome: diagnosis.outcome,
                finding: diagnosis.findings.into_iter().next(),
            }
        })
        .collect()
}

/// A moment as `10:11:12`, in UTC.
pub fn time_of_day(moment: Moment) -> String {
    let seconds = moment.0 / 1000 % 86_400;
    format!(
        "{:02}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}
