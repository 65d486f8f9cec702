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

/// The client secret that the options refer to.
pub(crate) fn referred_to(
    options: &AppOptions,
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
    let (origin, empty) = if path == "-" {
        (Origin::StandardInput, Problem::StandardInputEmpty)
    } else {
        (Origin::File(path.clone()), Problem::SecretFileEmpty)
    };
    if text.is_empty() {
        return Err(SettingsError::new(empty).with("path", path));
    }
    Ok(Some((Secret::new(text), origin)))
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
