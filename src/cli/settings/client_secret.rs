//! The client secret, by reference only and letter for letter.

use crate::{
    cli::{
        AppOptions,
        settings::{Problem, SettingsError, Surroundings},
    },
    flow::configuration::Origin,
    oauth::secret::Secret,
    providers::github::formats::{self, ClientSecretShape},
};

/// The longest client secret that is read from a file, in bytes. The longest in use, a private key, has a tenth of it.
const LONGEST_SECRET: usize = 64 * 1024;

/// Where the settings file says that a client secret is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reference<'r> {
    /// `env:NAME`, an environment variable.
    Variable(&'r str),
    /// `file:PATH`, a file that nobody else can read.
    File(&'r str),
    /// `command:COMMAND LINE`, a program that prints it.
    Command(&'r str),
    /// `prompt`: whoever sits there is asked.
    Prompt,
}

impl<'r> Reference<'r> {
    /// Reads a reference. `None` is a text that may be the secret itself, which is not to be repeated.
    pub(crate) fn parse(text: &'r str) -> Option<Self> {
        if text == "prompt" {
            return Some(Self::Prompt);
        }
        let (kind, rest) = text.split_once(':')?;
        if rest.trim().is_empty() {
            return None;
        }
        match kind {
            "env" => Some(Self::Variable(rest)),
            "file" => Some(Self::File(rest)),
            "command" => Some(Self::Command(rest)),
            _ => None,
        }
    }
}

/// The client secret that the options refer to.
pub(crate) fn referred_to(
    options: &AppOptions,
    surroundings: &Surroundings<'_>,
) -> Result<Option<(Secret, Origin)>, SettingsError> {
    if let Some(reference) = &options.client_secret {
        // The table of the settings file's keys has checked that it is one.
        let reference =
            Reference::parse(reference).ok_or_else(|| SettingsError::new(Problem::PlainSecret))?;
        return follow(reference, surroundings);
    }
    if let Some(name) = &options.client_secret_env {
        return secret_variable(name, surroundings).map(Some);
    }
    match &options.client_secret_file {
        Some(path) => secret_file(path, surroundings).map(Some),
        None => Ok(None),
    }
}

fn follow(
    reference: Reference<'_>,
    surroundings: &Surroundings<'_>,
) -> Result<Option<(Secret, Origin)>, SettingsError> {
    match reference {
        Reference::Variable(name) => secret_variable(name, surroundings).map(Some),
        Reference::File(path) => {
            if (surroundings.open_to_others)(path) {
                return Err(SettingsError::new(Problem::SecretFileOpen).with("path", path));
            }
            secret_file(path, surroundings).map(Some)
        }
        Reference::Command(command) => {
            let failed = |reason: String| {
                SettingsError::new(Problem::SecretCommandFailed)
                    .with("command", command)
                    .with("reason", reason)
            };
            let printed = (surroundings.command)(command).map_err(|error| failed(error.to_string()))?;
            // A program ends what it prints with a line break. That one is not part of the secret; a second would be.
            let line = printed.strip_suffix('\n').unwrap_or(&printed);
            let line = line.strip_suffix('\r').unwrap_or(line);
            if line.is_empty() {
                return Err(SettingsError::new(Problem::SecretCommandEmpty).with("command", command));
            }
            // What follows the program's name may be anything; it is not kept.
            let program = command.split_whitespace().next().unwrap_or_default();
            Ok(Some((
                Secret::new(line.to_owned()),
                Origin::Command(program.to_owned()),
            )))
        }
        Reference::Prompt => {
            let Some(prompt) = surroundings.prompt else {
                return Ok(None);
            };
            let typed = prompt()
                .map_err(|error| SettingsError::new(Problem::CannotAsk).with("reason", error.to_string()))?;
            Ok((!typed.is_empty()).then(|| (Secret::new(typed), Origin::StandardInput)))
        }
    }
}

fn secret_file(path: &str, surroundings: &Surroundings<'_>) -> Result<(Secret, Origin), SettingsError> {
    let text = (surroundings.read)(path).map_err(|error| {
        SettingsError::new(Problem::Unreadable)
            .with("path", path)
            .with("reason", error.to_string())
    })?;
    let (origin, empty) = if path == "-" {
        (Origin::StandardInput, Problem::StandardInputEmpty)
    } else {
        (Origin::File(path.to_owned()), Problem::SecretFileEmpty)
    };
    if text.is_empty() {
        return Err(SettingsError::new(empty).with("path", path));
    }
    if text.len() > LONGEST_SECRET {
        return Err(SettingsError::new(Problem::TooLarge)
            .with("path", path)
            .with("limit", format!("{} KiB", LONGEST_SECRET >> 10)));
    }
    Ok((Secret::new(text), origin))
}

/// A secret from a named environment variable.
///
/// # Errors
/// [`Problem::VariableMissing`], [`Problem::VariableEmpty`], or [`Problem::SecretForName`] where the name must be a secret itself: it is not repeated.
pub fn secret_variable(
    name: &str,
    surroundings: &Surroundings<'_>,
) -> Result<(Secret, Origin), SettingsError> {
    let is_name = !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !is_name || formats::client_secret_shape(name) == ClientSecretShape::FortyHex {
        return Err(SettingsError::new(Problem::SecretForName));
    }
    match (surroundings.variable)(name) {
        Some(value) if value.is_empty() => Err(SettingsError::new(Problem::VariableEmpty).with("name", name)),
        Some(value) => Ok((Secret::new(value), Origin::Environment(name.to_owned()))),
        None => Err(SettingsError::new(Problem::VariableMissing).with("name", name)),
    }
}
