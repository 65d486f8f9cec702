//! Where transcripts come from besides a live flow: pasted text, saved files, scenarios.

pub mod pasted;
pub mod scenario;
