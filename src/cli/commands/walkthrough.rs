//! Reading a walkthrough file, and saying what is wrong with one.

use crate::{
    cli::{
        commands::unreadable,
        settings::{Problem, SettingsError},
    },
    io::files,
    lab::walkthrough::{self, error::Refusal, script::Script},
    text::{catalog::Messages, template::fill},
};

/// Reads a walkthrough, or takes the built-in one. A team's own ends by saying so.
///
/// # Errors
/// When the file cannot be read or is not a walkthrough: the line and the reason.
pub fn read_walkthrough(path: Option<&str>, messages: &Messages) -> Result<Script, SettingsError> {
    let Some(path) = path else {
        return Script::read(walkthrough::BUILT_IN)
            .map_err(|refusal| refused(walkthrough::NAME, refusal, messages));
    };
    let bytes = files::read_bytes(path).map_err(|error| unreadable(path, &error))?;
    let mut script = Script::of_a_team(&bytes).map_err(|refusal| refused(path, refusal, messages))?;
    let words = &messages.screens().walkthrough;
    let title = script.title.in_language(messages.language()).to_owned();
    let text = fill(&words.finished, |name| {
        (name == "title").then_some(title.as_str())
    });
    script.close(&words.finished_title, &text);
    Ok(script)
}

fn refused(path: &str, refusal: Refusal, messages: &Messages) -> SettingsError {
    let sentence = &messages.command_line().walkthrough[&refusal.reason];
    let reason = fill(sentence, |name| {
        let value = refusal.values.iter().find(|(known, _)| *known == name);
        value.map(|(_, value)| value.as_str())
    });
    SettingsError::new(Problem::BadWalkthrough)
        .with("path", path)
        .with("line", refusal.line.to_string())
        .with("excerpt", refusal.excerpt)
        .with("reason", reason)
}
