//! The places that values come from, and their order.

use toml::de::{DeTable, DeValue};

use crate::{
    cli::{
        FlowOptions,
        settings::{Problem, SettingsError, Surroundings},
    },
    flow::configuration::Origin,
    providers::ProviderProfile,
    text::nearest::nearest,
};

/// What a key of the settings file takes.
#[derive(Clone, Copy)]
enum Takes {
    Text,
    Texts,
    Number,
    Switch,
}

/// The keys of the settings file.
const KEYS: [(&str, Takes); 20] = [
    ("provider", Takes::Text),
    ("host", Takes::Text),
    ("authorization-endpoint", Takes::Text),
    ("token-endpoint", Takes::Text),
    ("api-url", Takes::Text),
    ("client-id", Takes::Text),
    ("client-secret-env", Takes::Text),
    ("client-secret-file", Takes::Text),
    ("redirect-uri", Takes::Text),
    ("registered-redirect-uri", Takes::Texts),
    ("listen", Takes::Text),
    ("scope", Takes::Texts),
    ("no-pkce", Takes::Switch),
    ("no-browser", Takes::Switch),
    ("callback-timeout", Takes::Number),
    ("ca-file", Takes::Text),
    ("lang", Takes::Text),
    ("theme", Takes::Text),
    ("no-motion", Takes::Switch),
    ("json", Takes::Switch),
];

/// Reads a settings file.
pub(crate) fn read_file(path: &str, text: &str) -> Result<FlowOptions, SettingsError> {
    let wrong = |problem, at: usize| {
        let before = text.get(..at.min(text.len())).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        SettingsError::new(problem)
            .with("path", path)
            .with("line", line.to_string())
            .with("excerpt", excerpt(text.lines().nth(line - 1).unwrap_or_default()))
    };
    let bad = |error: &toml::de::Error| {
        wrong(Problem::BadFile, error.span().map_or(0, |span| span.start))
            .with("reason", error.message().replace('\n', " "))
    };
    let table = DeTable::parse(text).map_err(|error| bad(&error))?;
    for (key, value) in table.get_ref() {
        let name = key.get_ref().as_ref();
        let at = key.span().start;
        if name == "client-secret" {
            return Err(wrong(Problem::SecretInFile, at));
        }
        let names = || KEYS.iter().map(|(name, _)| *name);
        let Some((_, takes)) = KEYS.iter().find(|(known, _)| *known == name) else {
            let meant =
                nearest(name, names()).map_or_else(|| names().collect::<Vec<_>>().join(", "), str::to_owned);
            return Err(wrong(Problem::UnknownKey, at)
                .with("key", name)
                .with("expected", meant));
        };
        if let Some(problem) = mistaken(*takes, value.get_ref()) {
            return Err(wrong(problem, at).with("key", name));
        }
    }
    toml::from_str(text).map_err(|error| bad(&error))
}

/// What is wrong with a value, by its type.
fn mistaken(takes: Takes, value: &DeValue<'_>) -> Option<Problem> {
    let is_text = |value: &DeValue<'_>| matches!(value, DeValue::String(_));
    let (fits, problem) = match (takes, value) {
        (Takes::Text, value) => (is_text(value), Problem::TextExpected),
        (Takes::Texts, DeValue::Array(values)) => (
            values.iter().all(|value| is_text(value.get_ref())),
            Problem::TextsExpected,
        ),
        (Takes::Texts, value) => (is_text(value), Problem::TextsExpected),
        (Takes::Number, DeValue::Integer(number)) => {
            (!number.as_str().starts_with('-'), Problem::NumberExpected)
        }
        (Takes::Number, _) => (false, Problem::NumberExpected),
        (Takes::Switch, value) => (matches!(value, DeValue::Boolean(_)), Problem::SwitchExpected),
    };
    (!fits).then_some(problem)
}

/// A line of the settings file. What follows the name of a secret may be one, and is left out.
fn excerpt(line: &str) -> String {
    match line.split_once('=') {
        Some((key, _)) if key.contains("secret") => format!("{key}= …"),
        None if line.contains("secret") => "…".to_owned(),
        _ => line.to_owned(),
    }
}

/// A value and where it came from.
pub(crate) struct Given<T> {
    pub value: T,
    pub origin: Origin,
    /// As a person would name the place: `--host`, `OAUTHLENS_CLIENT_ID`, `host in settings.toml`.
    pub place: String,
}

/// Where values are looked for: the command line, then the settings file.
pub(crate) struct Sources<'s> {
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

/// The prefixes of the environment's names, in their order. What stands under a provider's own prefix is sent to nobody else.
pub(crate) fn prefixes(profile: &ProviderProfile) -> impl Iterator<Item = &'static str> {
    std::iter::once("OAUTHLENS").chain(profile.env_prefix)
}

/// A value of the environment that is set to anything.
pub(crate) fn variable(surroundings: &Surroundings<'_>, prefix: &str, name: &str) -> Option<Given<String>> {
    let variable = format!("{prefix}_{name}");
    let value = (surroundings.variable)(&variable).filter(|value| !value.is_empty())?;
    Some(Given {
        value,
        origin: Origin::Environment(variable.clone()),
        place: variable,
    })
}

/// The client id and the client secret of the environment, where both are looked for. They belong together: the first prefix
/// that has both gives both; only where none has does each come from the first that has it.
pub(crate) fn pair(
    surroundings: &Surroundings<'_>,
    profile: &ProviderProfile,
) -> (Option<Given<String>>, Option<Given<String>>) {
    let by_prefix = prefixes(profile).map(|prefix| {
        let value = |name| variable(surroundings, prefix, name);
        (value("CLIENT_ID"), value("CLIENT_SECRET"))
    });
    let (mut id, mut secret) = (None, None);
    for (its_id, its_secret) in by_prefix {
        if its_id.is_some() && its_secret.is_some() {
            return (its_id, its_secret);
        }
        id = id.or(its_id);
        secret = secret.or(its_secret);
    }
    (id, secret)
}

/// The first of the environment's two names for a value that is set to anything.
pub(crate) fn from_environment(
    surroundings: &Surroundings<'_>,
    profile: &ProviderProfile,
    name: &str,
) -> Option<Given<String>> {
    prefixes(profile).find_map(|prefix| variable(surroundings, prefix, name))
}
