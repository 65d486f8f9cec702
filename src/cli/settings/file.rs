//! The settings file: what may stand in it, every way in which it can be wrong, and the profiles that it holds.

use std::collections::BTreeMap;

use serde::Deserialize as _;
use toml::{
    Table, Value,
    de::{DeTable, DeValue},
};

use crate::{
    cli::{
        FlowOptions,
        settings::{Problem, SettingsError, client_secret::Reference},
    },
    text::nearest::nearest,
};

/// The table of the profiles: `[profile.NAME]`.
const PROFILE: &str = "profile";

/// What a key of the settings file takes.
#[derive(Clone, Copy)]
enum Takes {
    Text,
    Texts,
    Number,
    Switch,
    /// Where a secret is to be had; never the secret.
    Reference,
}

/// The keys of the settings file, and of each profile in it.
const KEYS: [(&str, Takes); 22] = [
    ("provider", Takes::Text),
    ("host", Takes::Text),
    ("authorization-endpoint", Takes::Text),
    ("token-endpoint", Takes::Text),
    ("api-url", Takes::Text),
    ("client-id", Takes::Text),
    ("client-secret", Takes::Reference),
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
    ("ascii", Takes::Switch),
    ("json", Takes::Switch),
];

/// The keys that name the authorization server. Where a profile has one of them, it names another server than the rest of the
/// file does.
const SERVER: [&str; 5] = [
    "provider",
    "host",
    "authorization-endpoint",
    "token-endpoint",
    "api-url",
];

/// The keys that say where the client secret is. One of them is enough.
const SECRET: [&str; 3] = ["client-secret", "client-secret-env", "client-secret-file"];

/// A settings file that was read and holds nothing that is wrong by itself.
#[derive(Clone, Debug, Default)]
pub struct SettingsFile {
    path: String,
    /// What stands before the first profile.
    common: Keys,
    profiles: BTreeMap<String, Keys>,
}

/// The keys of one table.
#[derive(Clone, Debug, Default)]
struct Keys {
    values: Table,
    /// Line and column of each key, from 1.
    places: BTreeMap<String, (usize, usize)>,
}

/// What counts of a settings file: its common part, and over it the profile that was chosen.
#[derive(Clone, Debug, Default)]
pub struct Chosen {
    /// The values.
    pub options: FlowOptions,
    /// The path of the file.
    pub path: String,
    /// True where a profile was chosen that has a client id or says where its client secret is.
    pub brings_its_app: bool,
    places: BTreeMap<String, (usize, usize)>,
}

impl Chosen {
    /// Values that are not said to be from a file.
    pub fn of(options: FlowOptions) -> Self {
        Self {
            options,
            ..Self::default()
        }
    }

    /// A key as a person finds it: `host (settings.toml:3:1)`.
    pub fn place(&self, key: &str) -> String {
        let path = &self.path;
        match self.places.get(key) {
            Some((line, column)) => format!("{key} ({path}:{line}:{column})"),
            None => format!("{key} ({path})"),
        }
    }

    /// The key that says where the client secret is.
    pub fn place_of_secret(&self) -> String {
        let key = SECRET.into_iter().find(|key| self.places.contains_key(*key));
        self.place(key.unwrap_or(SECRET[0]))
    }
}

impl SettingsFile {
    /// Reads a settings file.
    ///
    /// # Errors
    /// Everything that is wrong with it, in the order of the file; at least one thing.
    pub fn read(path: &str, text: &str) -> Result<Self, Vec<SettingsError>> {
        let reader = Reader { path, text };
        let table = DeTable::parse(text).map_err(|error| vec![reader.not_toml(&error)])?;
        let mut problems = Vec::new();
        let mut file = Self {
            path: path.to_owned(),
            ..Self::default()
        };
        file.common.places = reader.table(table.get_ref(), true, &mut problems);
        if let Some(DeValue::Table(profiles)) = table.get_ref().get(PROFILE).map(toml::Spanned::get_ref) {
            for (name, profile) in profiles {
                let at = name.span().start;
                let name = name.get_ref().as_ref();
                let mut keys = Keys::default();
                match profile.get_ref() {
                    DeValue::Table(profile) => keys.places = reader.table(profile, false, &mut problems),
                    _ => problems.push((at, reader.wrong(Problem::ProfileExpected, at).with("key", name))),
                }
                file.profiles.insert(name.to_owned(), keys);
            }
        }
        if !problems.is_empty() {
            problems.sort_by_key(|(at, _)| *at);
            return Err(problems.into_iter().map(|(_, problem)| problem).collect());
        }
        file.common.values = toml::from_str(text).map_err(|error| vec![reader.not_toml(&error)])?;
        if let Some(Value::Table(profiles)) = file.common.values.remove(PROFILE) {
            for (name, profile) in profiles {
                if let (Value::Table(values), Some(keys)) = (profile, file.profiles.get_mut(&name)) {
                    keys.values = values;
                }
            }
        }
        Ok(file)
    }

    /// The names of its profiles.
    pub fn profiles(&self) -> impl Iterator<Item = &str> {
        self.profiles.keys().map(String::as_str)
    }

    /// The values that count.
    ///
    /// # Errors
    /// [`Problem::UnknownProfile`].
    pub fn choose(&self, profile: Option<&str>) -> Result<Chosen, SettingsError> {
        let none = Keys::default();
        let own = match profile {
            None => &none,
            Some(name) => self.profiles.get(name).ok_or_else(|| self.unknown(name))?,
        };
        let mut keys = self.common.clone();
        for group in [&SERVER[..], &SECRET[..]] {
            if group.iter().any(|key| own.values.contains_key(*key)) {
                keys.values.retain(|key, _| !group.contains(&key));
            }
        }
        keys.places.retain(|key, _| keys.values.contains_key(key));
        keys.values.extend(own.values.clone());
        keys.places.extend(own.places.clone());
        let options = FlowOptions::deserialize(keys.values).map_err(|error| {
            SettingsError::new(Problem::BadFile)
                .with("path", &self.path)
                .with("reason", error.message())
        })?;
        Ok(Chosen {
            options,
            path: self.path.clone(),
            brings_its_app: own.values.contains_key("client-id")
                || SECRET.iter().any(|key| own.values.contains_key(*key)),
            places: keys.places,
        })
    }

    /// The same file without one key of the part that counts, so that what else is wrong comes to light.
    #[must_use]
    pub fn without(mut self, key: &str, profile: Option<&str>) -> Self {
        let keys = match profile.and_then(|name| self.profiles.get_mut(name)) {
            Some(keys) if keys.values.contains_key(key) => keys,
            _ => &mut self.common,
        };
        keys.values.remove(key);
        keys.places.remove(key);
        self
    }

    fn unknown(&self, name: &str) -> SettingsError {
        if self.profiles.is_empty() {
            return SettingsError::new(Problem::NoProfiles).with("value", name);
        }
        let known = || self.profiles();
        let expected =
            nearest(name, known()).map_or_else(|| known().collect::<Vec<_>>().join(", "), str::to_owned);
        SettingsError::new(Problem::UnknownProfile)
            .with("path", &self.path)
            .with("value", name)
            .with("expected", expected)
    }
}

/// A text that is being read.
struct Reader<'t> {
    path: &'t str,
    text: &'t str,
}

impl Reader<'_> {
    /// Looks at every key of a table. Gives the place of each that is known.
    fn table(
        &self,
        table: &DeTable<'_>,
        outermost: bool,
        problems: &mut Vec<(usize, SettingsError)>,
    ) -> BTreeMap<String, (usize, usize)> {
        let mut places = BTreeMap::new();
        let mut secret: Option<&str> = None;
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            let at = key.span().start;
            if outermost && name == PROFILE {
                if !matches!(value.get_ref(), DeValue::Table(_)) {
                    problems.push((at, self.wrong(Problem::ProfileExpected, at).with("key", name)));
                }
                continue;
            }
            let Some((known, takes)) = KEYS.iter().find(|(known, _)| *known == name) else {
                problems.push((at, self.unknown_key(name, at)));
                continue;
            };
            if let Some(problem) = mistaken(*takes, value.get_ref()) {
                problems.push((at, self.wrong(problem, at).with("key", name)));
            }
            if SECRET.contains(known)
                && let Some(other) = secret.replace(known)
            {
                let problem = self.wrong(Problem::SecretTwice, at);
                problems.push((at, problem.with("key", name).with("other", other)));
            }
            places.insert(name.to_owned(), self.line_and_column(at));
        }
        places
    }

    fn unknown_key(&self, name: &str, at: usize) -> SettingsError {
        let names = || KEYS.iter().map(|(name, _)| *name);
        let meant =
            nearest(name, names()).map_or_else(|| names().collect::<Vec<_>>().join(", "), str::to_owned);
        self.wrong(Problem::UnknownKey, at)
            .with("key", name)
            .with("expected", meant)
    }

    fn not_toml(&self, error: &toml::de::Error) -> SettingsError {
        self.wrong(Problem::BadFile, error.span().map_or(0, |span| span.start))
            .with("reason", error.message().replace('\n', " "))
    }

    fn wrong(&self, problem: Problem, at: usize) -> SettingsError {
        let (line, column) = self.line_and_column(at);
        SettingsError::new(problem)
            .with("path", self.path)
            .with("line", line.to_string())
            .with("column", column.to_string())
            .with(
                "excerpt",
                excerpt(self.text.lines().nth(line - 1).unwrap_or_default()),
            )
    }

    /// Both from 1; columns are characters.
    fn line_and_column(&self, at: usize) -> (usize, usize) {
        line_and_column(self.text, at)
    }
}

/// The line and the column of a byte of a text, both from 1; columns are characters.
pub(crate) fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at.min(text.len())).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let begun = before.rsplit('\n').next();
    (line, begun.map_or(0, |begun| begun.chars().count()) + 1)
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
        (Takes::Reference, DeValue::String(text)) => {
            (Reference::parse(text).is_some(), Problem::SecretInFile)
        }
        (Takes::Reference, _) => (false, Problem::SecretInFile),
    };
    (!fits).then_some(problem)
}

/// A line of the settings file. What follows the name of a secret may be one, and is left out.
pub(crate) fn excerpt(line: &str) -> String {
    match line.split_once('=') {
        Some((key, _)) if key.contains("secret") => format!("{key}= …"),
        None if line.contains("secret") => "…".to_owned(),
        _ => line.to_owned(),
    }
}
