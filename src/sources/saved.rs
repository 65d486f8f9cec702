//! What oauthlens itself has written: a saved transcript, or the JSON document of a report.

use serde::Deserialize;

use crate::{flow::transcript::Transcript, sources::Input};

#[derive(Deserialize)]
struct Document {
    transcript: Transcript,
}

/// The transcript in a saved file or a JSON document of ours.
pub(crate) fn read(input: &Input<'_>) -> Option<Transcript> {
    let text = input.text.as_str();
    if !text.starts_with('{') || !text.contains("\"schema\"") || !text.contains("\"entries\"") {
        return None;
    }
    let transcript: Transcript = serde_json::from_str(text)
        .or_else(|_| serde_json::from_str(text).map(|Document { transcript }| transcript))
        .ok()?;
    (!transcript.entries.is_empty()).then_some(transcript)
}
