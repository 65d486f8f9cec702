//! A saved transcript or a scenario, read back: the explanation of what was observed then.

use crate::{
    cli::{
        commands::unreadable,
        settings::{Problem, SettingsError},
    },
    flow::transcript::{SCHEMA, Transcript},
    io::files,
    sources::{self, scenario::Scenario},
};

/// Reads what `run --save` and the terminal interface save, or a scenario.
///
/// # Errors
/// When the file cannot be read, or is neither: the line and the reason in the reader's words.
pub fn read_transcript(path: &str) -> Result<Transcript, SettingsError> {
    let text = files::read_text(path).map_err(|error| unreadable(path, &error))?;
    let refused = |reason: String| {
        SettingsError::new(Problem::BadTranscript)
            .with("path", path)
            .with("reason", reason)
    };
    if text.trim_start().starts_with('{') {
        // Asked first: another form may well not be readable as this one.
        if let Ok(Form { schema }) = serde_json::from_str(&text)
            && !(1..=u64::from(SCHEMA)).contains(&schema)
        {
            return Err(SettingsError::new(Problem::UnknownSchema)
                .with("path", path)
                .with("schema", schema.to_string())
                .with("expected", SCHEMA.to_string()));
        }
        serde_json::from_str(&text).map_err(|error| refused(error.to_string()))
    } else {
        let scenario = Scenario::read(&text).map_err(|error| refused(in_one_line(&error.to_string())))?;
        let Some(pasted) = scenario.pasted else {
            return Ok(scenario.transcript);
        };
        sources::read(pasted.as_bytes(), scenario.transcript.started)
            .map_err(|refusal| refused(refusal.beginning))
    }
}

/// What a transcript says of its own form.
#[derive(serde::Deserialize)]
struct Form {
    schema: u64,
}

/// A parser's first and last line: where, and why. The part between them is the excerpt.
fn in_one_line(error: &str) -> String {
    let mut lines = error.lines().filter(|line| !line.trim().is_empty());
    match (lines.next(), lines.next_back()) {
        (Some(place), Some(why)) => format!("{place}: {why}"),
        (place, _) => place.unwrap_or_default().to_owned(),
    }
}
