//! The places that values come from, and their order.

use super::{Problem, SettingsError, Surroundings, nearest};
use crate::{cli::FlowOptions, flow::configuration::Origin, oauth::provider::Dialect};

/// The keys of the settings file.
const KEYS: [&str; 19] = [
    "provider",
    "host",
    "authorization-endpoint",
    "token-endpoint",
    "api-url",
    "client-id",
    "client-secret-env",
    "client-secret-file",
    "redirect-uri",
    "registered-redirect-uri",
    "listen",
    "scope",
    "no-pkce",
    "no-browser",
    "callback-timeout",
    "ca-file",
    "lang",
    "theme",
    "json",
];

/// Reads a settings file.
pub(super) fn read_file(path: &str, text: &str) -> Result<FlowOptions, SettingsError> {
    let bad = |reason: &toml::de::Error| {
        SettingsError::new(Problem::BadFile)
            .with("path", path)
            .with("reason", reason.message().replace('\n', " "))
    };
    let table: toml::Table = toml::from_str(text).map_err(|error| bad(&error))?;
    if table.contains_key("client-secret") {
        return Err(SettingsError::new(Problem::SecretInFile).with("path", path));
    }
    if let Some(key) = table.keys().find(|key| !KEYS.contains(&key.as_str())) {
        let meant = nearest(key, KEYS).map_or_else(|| KEYS.join(", "), str::to_owned);
        return Err(SettingsError::new(Problem::UnknownKey)
            .with("path", path)
            .with("key", key)
            .with("expected", meant));
    }
    table.try_into().map_err(|error| bad(&error))
}

/// A value and where it came from.
pub(super) struct Given<T> {
    pub value: T,
    pub origin: Origin,
    /// As a person would name the place: `--host`, `OAUTHLENS_CLIENT_ID`, `host in settings.toml`.
    pub place: String,
}

/// Where values are looked for: the command line, then the settings file.
pub(super) struct Sources<'s> {
    pub flags: &'s FlowOptions,
    pub file: FlowOptions,
    pub path: String,
}

impl Sources<'_> {
    pub fn text(&self, key: &str, value: impl Fn(&FlowOptions) -> Option<&String>) -> Option<Given<String>> {
        if let Some(found) = value(self.flags) {
            return Some(Given {
                value: found.clone(),
                origin: Origin::Flag,
                place: format!("--{key}"),
            });
        }
        Some(Given {
            value: value(&self.file)?.clone(),
            origin: Origin::File(self.path.clone()),
            place: self.in_file(key),
        })
    }

    pub fn list(
        &self,
        key: &str,
        value: impl Fn(&FlowOptions) -> &Vec<String>,
    ) -> Option<Given<Vec<String>>> {
        let (found, origin, place) = if value(self.flags).is_empty() {
            (
                value(&self.file),
                Origin::File(self.path.clone()),
                self.in_file(key),
            )
        } else {
            (value(self.flags), Origin::Flag, format!("--{key}"))
        };
        (!found.is_empty()).then(|| Given {
            value: found.clone(),
            origin,
            place,
        })
    }

    fn in_file(&self, key: &str) -> String {
        format!("{key} ({})", self.path)
    }
}

/// The first of the environment's names for a value that is set to anything. `GITHUB_…` belongs to GitHub and is sent to
/// nobody else.
pub(super) fn from_environment(
    surroundings: &Surroundings<'_>,
    dialect: Dialect,
    name: &str,
) -> Option<Given<String>> {
    let prefixes: &[&str] = match dialect {
        Dialect::GitHub => &["OAUTHLENS", "GITHUB"],
        Dialect::Rfc6749 => &["OAUTHLENS"],
    };
    prefixes.iter().find_map(|prefix| {
        let variable = format!("{prefix}_{name}");
        let value = (surroundings.variable)(&variable).filter(|value| !value.is_empty())?;
        Some(Given {
            value,
            origin: Origin::Environment(variable.clone()),
            place: variable,
        })
    })
}
