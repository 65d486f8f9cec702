//! The client secret, by reference only and letter for letter.

use super::{
    Problem, SettingsError, Surroundings,
    sources::{Sources, from_environment},
};
use crate::{
    cli::FlowOptions,
    flow::configuration::Origin,
    oauth::{
        provider::Dialect,
        secret::Secret,
        shape::{self, ClientSecretShape},
    },
};

/// The client secret by reference, letter for letter.
pub(super) fn client_secret(
    sources: &Sources<'_>,
    surroundings: &Surroundings<'_>,
    dialect: Dialect,
) -> Result<Option<(Secret, Origin)>, SettingsError> {
    if let Some(found) = referred_to(sources.flags, surroundings)? {
        return Ok(Some(found));
    }
    if let Some(given) = from_environment(surroundings, dialect, "CLIENT_SECRET") {
        return Ok(Some((Secret::new(given.value), given.origin)));
    }
    referred_to(&sources.file, surroundings)
}

fn referred_to(
    options: &FlowOptions,
    surroundings: &Surroundings<'_>,
) -> Result<Option<(Secret, Origin)>, SettingsError> {
    if let Some(name) = &options.client_secret_env {
        return secret_variable(name, surroundings).map(Some);
    }
    let Some(path) = &options.client_secret_file else {
        return Ok(None);
    };
    let text = (surroundings.read)(path).map_err(|error| {
        SettingsError::new(Problem::Unreadable)
            .with("path", path)
            .with("reason", error.to_string())
    })?;
    let origin = if path == "-" {
        Origin::StandardInput
    } else {
        Origin::File(path.clone())
    };
    Ok(Some((Secret::new(text), origin)))
}

/// A secret from a named environment variable.
///
/// # Errors
/// [`Problem::VariableMissing`], or [`Problem::SecretForName`] where the name must be a secret itself: it is not repeated.
pub fn secret_variable(
    name: &str,
    surroundings: &Surroundings<'_>,
) -> Result<(Secret, Origin), SettingsError> {
    let is_name = !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !is_name || shape::client_secret_shape(name) == ClientSecretShape::FortyHex {
        return Err(SettingsError::new(Problem::SecretForName));
    }
    match (surroundings.variable)(name) {
        Some(value) => Ok((Secret::new(value), Origin::Environment(name.to_owned()))),
        None => Err(SettingsError::new(Problem::VariableMissing).with("name", name)),
    }
}
