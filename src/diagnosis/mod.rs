//! `examine`: a transcript in, findings out. Codes and evidence, no prose.

pub mod facts;
pub mod finding;
pub mod outcome;

use crate::flow::transcript::Transcript;
use finding::Finding;

/// Says what a transcript shows: the first finding is the best explanation, what is ruled out comes last.
pub fn examine(transcript: &Transcript) -> Vec<Finding> {
    let _ = facts::Facts::of(transcript);
    Vec::new()
}
