//! Reading a walkthrough file, and saying what is wrong with one.

use super::unreadable;
use crate::{
    edge::files,
    locale::{Messages, fill},
    settings::{Problem, SettingsError},
    walkthrough::{
        self,
        script::{self, Reason, Script},
    },
};

/// Reads a walkthrough, or takes the built-in one.
///
/// # Errors
/// When the file cannot be read, or is none: the line and the reason.
pub fn read_walkthrough(path: Option<&str>, messages: &Messages) -> Result<Script, SettingsError> {
    let text = match path {
        None => walkthrough::BUILT_IN.to_owned(),
        Some(path) => files::read_text(path).map_err(|error| unreadable(path, &error))?,
    };
    Script::read(&text).map_err(|refusal| {
        let words = &messages.command_line().walkthrough;
        let (template, value, expected) = match &refusal.reason {
            Reason::Form(parser) => (&words.form, parser.clone(), String::new()),
            Reason::Format(number) => (&words.format, number.to_string(), script::FORMAT.to_string()),
            Reason::Name(name) => (&words.name, name.clone(), String::new()),
            Reason::NoSteps => (&words.no_steps, String::new(), String::new()),
            Reason::UnknownFault(name, nearest) => (&words.unknown_fault, name.clone(), nearest.clone()),
            Reason::Choices(count) => (&words.choices, count.to_string(), String::new()),
            Reason::RightChoices(count) => (&words.right_choices, count.to_string(), String::new()),
            Reason::WithoutQuestion => (&words.without_question, String::new(), String::new()),
        };
        let reason = fill(template, |name| match name {
            "value" => Some(value.as_str()),
            "expected" => Some(expected.as_str()),
            _ => None,
        });
        SettingsError::new(Problem::BadWalkthrough)
            .with("path", path.unwrap_or(walkthrough::NAME))
            .with("line", refusal.line.to_string())
            .with("excerpt", refusal.excerpt)
            .with("reason", reason)
    })
}
