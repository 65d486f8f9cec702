//! Text to settings: options, then the environment, then the settings file, each value with where it came from. Pure; what
//! the surroundings hold is asked by [`Surroundings`].

use std::{io, net::SocketAddr, path::PathBuf};

use crate::{
    cli::FlowOptions,
    flow::configuration::{Configuration, Field, Origin, Origins, Registration},
    locale::{Language, command_line::CommandLineProse, fill},
    oauth::{
        params::split_scope,
        provider::{Dialect, Provider},
        redirect_uri::{RedirectUri, RedirectUriDefect, Registered},
        secret::Secret,
        shape::{self, ClientSecretShape},
    },
};

/// What settings are read from beside the command line.
pub struct Surroundings<'s> {
    /// The environment variable of that name, where it is set.
    pub variable: &'s dyn Fn(&str) -> Option<String>,
    /// The text of a file, or of standard input for `-`.
    pub read: &'s dyn Fn(&str) -> io::Result<String>,
    /// The settings file: its path and its text, where there is one.
    pub file: Option<(String, String)>,
    /// The locale that the system names, such as `zh_CN.UTF-8`.
    pub locale: Option<String>,
}

/// Everything that was settled before the program starts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The values of the flow.
    pub configuration: Configuration,
    /// The language.
    pub language: Language,
    /// The theme by its name, as given; the terminal interface knows the names.
    pub theme: Option<String>,
    /// A PEM file with further certificate authorities.
    pub ca_file: Option<PathBuf>,
    /// One JSON document instead of text.
    pub json: bool,
}

/// What is wrong with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// The language is none that oauthlens speaks.
    UnknownLanguage,
    /// The provider is neither `github` nor `custom`.
    UnknownProvider,
    /// A host is a name with an optional port, nothing more.
    BadHost,
    /// The value is no absolute http or https URL.
    BadUrl,
    /// A custom provider needs both endpoints.
    EndpointMissing,
    /// An address is written `ADDR:PORT`.
    BadAddress,
    /// The listener binds loopback addresses only.
    NotLoopback,
    /// A secret was given as a plain argument.
    PlainSecret,
    /// A secret was given in the settings file.
    SecretInFile,
    /// The value looks like a secret where the name of a variable is expected.
    SecretForName,
    /// The environment variable is not set.
    VariableMissing,
    /// A file cannot be read.
    Unreadable,
    /// The settings file is not TOML, or a value in it has the wrong type.
    BadFile,
    /// The settings file has a key that is none.
    UnknownKey,
    /// The client id is missing.
    ClientIdMissing,
    /// The client secret is missing.
    ClientSecretMissing,
    /// The redirect URI cannot be read.
    BadRedirectUri,
    /// There is no fault of that name.
    UnknownFault,
    /// A file cannot be written.
    Unwritable,
    /// The port of the redirect URI is taken.
    PortInUse,
    /// The listener cannot be bound for another reason.
    CannotBind,
    /// There is no terminal.
    NoTerminal,
    /// The terminal could not be taken.
    TerminalFailed,
    /// There is no theme of that name.
    UnknownTheme,
    /// A certificate file holds nothing usable.
    BadCertificates,
}

impl Problem {
    /// All of them; each has its words in both languages.
    pub const ALL: [Self; 25] = [
        Self::UnknownLanguage,
        Self::UnknownProvider,
        Self::BadHost,
        Self::BadUrl,
        Self::EndpointMissing,
        Self::BadAddress,
        Self::NotLoopback,
        Self::PlainSecret,
        Self::SecretInFile,
        Self::SecretForName,
        Self::VariableMissing,
        Self::Unreadable,
        Self::BadFile,
        Self::UnknownKey,
        Self::ClientIdMissing,
        Self::ClientSecretMissing,
        Self::BadRedirectUri,
        Self::UnknownFault,
        Self::Unwritable,
        Self::PortInUse,
        Self::CannotBind,
        Self::NoTerminal,
        Self::TerminalFailed,
        Self::UnknownTheme,
        Self::BadCertificates,
    ];
}

/// Why the program cannot start: what is wrong, and the values that the sentence about it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsError {
    /// What is wrong.
    pub problem: Problem,
    /// `{name}` in the sentence and its value. Never a secret.
    pub values: Vec<(&'static str, String)>,
    /// What is wrong with a redirect URI: `{reason}` in the sentence.
    pub defect: Option<RedirectUriDefect>,
}

impl SettingsError {
    /// An error without values.
    pub fn new(problem: Problem) -> Self {
        Self {
            problem,
            values: Vec::new(),
            defect: None,
        }
    }

    /// The same with one more value.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.values
            .push((name, crate::pictures::line::clean(&value.into())));
        self
    }

    /// The sentence.
    pub fn text(&self, prose: &CommandLineProse) -> String {
        let template = prose.problem.get(&self.problem).map_or("", String::as_str);
        fill(template, |name| {
            if let Some(defect) = self.defect.filter(|_| name == "reason") {
                return prose.redirect_uri_defect.get(&defect).map(String::as_str);
            }
            self.values
                .iter()
                .find(|(n, _)| *n == name)
                .map(|(_, value)| value.as_str())
        })
    }
}

/// The name nearest to a mistyped one, when it is near enough to be meant.
pub fn nearest<'n>(typed: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let typed = typed.to_ascii_lowercase().replace('-', "_");
    names
        .into_iter()
        .map(|name| (distance(&typed, &name.replace('-', "_")), name))
        .filter(|(distance, name)| *distance <= (name.len() / 3).clamp(1, 4))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Insertions, deletions and replacements between two texts (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, cb) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(ca != *cb);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

/// The language alone, so that even an error about settings is said in it.
///
/// # Errors
/// [`Problem::UnknownLanguage`].
pub fn language(flag: Option<&str>, locale: Option<&str>) -> Result<Language, SettingsError> {
    match flag {
        Some(tag) => Language::ALL
            .into_iter()
            .find(|language| language.tag().eq_ignore_ascii_case(tag))
            .or_else(|| {
                tag.eq_ignore_ascii_case("zh")
                    .then_some(Language::SimplifiedChinese)
            })
            .ok_or_else(|| SettingsError::new(Problem::UnknownLanguage).with("value", tag)),
        None => Ok(locale.map(Language::from_locale).unwrap_or_default()),
    }
}

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
fn read_file(path: &str, text: &str) -> Result<FlowOptions, SettingsError> {
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
struct Given<T> {
    value: T,
    origin: Origin,
    /// As a person would name the place: `--host`, `OAUTHLENS_CLIENT_ID`, `host in settings.toml`.
    place: String,
}

struct Sources<'s> {
    flags: &'s FlowOptions,
    file: FlowOptions,
    path: String,
}

impl Sources<'_> {
    fn text(&self, key: &str, value: impl Fn(&FlowOptions) -> Option<&String>) -> Option<Given<String>> {
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

    fn list(&self, key: &str, value: impl Fn(&FlowOptions) -> &Vec<String>) -> Option<Given<Vec<String>>> {
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

/// The order of precedence: options, environment, settings file.
///
/// # Errors
/// The first value that cannot be understood.
pub fn settle(flags: &FlowOptions, surroundings: &Surroundings<'_>) -> Result<Settings, SettingsError> {
    if flags.client_secret.is_some() {
        return Err(SettingsError::new(Problem::PlainSecret));
    }
    let (path, file) = match &surroundings.file {
        Some((path, text)) => (path.clone(), read_file(path, text)?),
        None => Default::default(),
    };
    let sources = Sources { flags, file, path };
    let mut origins = Origins::default();
    let provider = provider(&sources, &mut origins)?;
    let mut configuration = Configuration {
        provider,
        ..Configuration::default()
    };

    if let Some(id) = sources
        .text("client-id", |o| o.client_id.as_ref())
        .filter(|given| given.origin == Origin::Flag)
        .or_else(|| from_environment(surroundings, "CLIENT_ID"))
        .or_else(|| sources.text("client-id", |o| o.client_id.as_ref()))
    {
        configuration.client_id = id.value;
        origins.set(Field::ClientId, id.origin);
    }
    if let Some((secret, origin)) = client_secret(&sources, surroundings)? {
        configuration.client_secret = Some(secret);
        origins.set(Field::ClientSecret, origin);
    }
    if let Some(uri) = sources.text("redirect-uri", |o| o.redirect_uri.as_ref()) {
        configuration.redirect_uri = uri.value;
        origins.set(Field::RedirectUri, uri.origin);
    }
    if let Some(uris) = sources.list("registered-redirect-uri", |o| &o.registered_redirect_uri) {
        configuration.registration = Registration {
            redirect_uris: uris.value.into_iter().map(registered).collect(),
            ..Registration::default()
        };
        origins.set(Field::RegisteredRedirectUri, uris.origin);
    }
    if let Some(listen) = sources.text("listen", |o| o.listen.as_ref()) {
        configuration.listen = Some(loopback_address(&listen.place, &listen.value)?);
        origins.set(Field::Listen, listen.origin);
    }
    if let Some(scopes) = sources.list("scope", |o| &o.scope) {
        configuration.scopes = scopes.value.iter().flat_map(|words| split_scope(words)).collect();
        origins.set(Field::Scope, scopes.origin);
    }
    if flags.no_pkce || sources.file.no_pkce {
        configuration.pkce = false;
        let origin = if flags.no_pkce {
            Origin::Flag
        } else {
            Origin::File(sources.path.clone())
        };
        origins.set(Field::Pkce, origin);
    }
    configuration.open_browser = !(flags.no_browser || sources.file.no_browser);
    configuration.redirect_timeout = flags.callback_timeout.or(sources.file.callback_timeout);
    configuration.origins = origins;

    let language_tag = flags.lang.as_deref().or(sources.file.lang.as_deref());
    Ok(Settings {
        configuration,
        language: language(language_tag, surroundings.locale.as_deref())?,
        theme: flags.theme.clone().or_else(|| sources.file.theme.clone()),
        ca_file: flags
            .ca_file
            .as_ref()
            .or(sources.file.ca_file.as_ref())
            .map(PathBuf::from),
        json: flags.json || sources.file.json,
    })
}

/// A registered redirect URI as a person tells it. Whether GitHub's wildcard switch is on cannot be seen from here; it is
/// for every app from before 2026-08-03 (facts §2).
pub fn registered(uri: String) -> Registered {
    Registered { uri, wildcard: true }
}

/// The first of the environment's two names for a value that is set to anything.
fn from_environment(surroundings: &Surroundings<'_>, name: &str) -> Option<Given<String>> {
    ["OAUTHLENS", "GITHUB"].into_iter().find_map(|prefix| {
        let variable = format!("{prefix}_{name}");
        let value = (surroundings.variable)(&variable).filter(|value| !value.is_empty())?;
        Some(Given {
            value,
            origin: Origin::Environment(variable.clone()),
            place: variable,
        })
    })
}

fn provider(sources: &Sources<'_>, origins: &mut Origins) -> Result<Provider, SettingsError> {
    let named = sources.text("provider", |o| o.provider.as_ref());
    let host = sources.text("host", |o| o.host.as_ref());
    let authorization = sources.text("authorization-endpoint", |o| o.authorization_endpoint.as_ref());
    let token = sources.text("token-endpoint", |o| o.token_endpoint.as_ref());
    let api = sources.text("api-url", |o| o.api_url.as_ref());
    let custom = match named.as_ref().map(|given| given.value.as_str()) {
        Some("github") => false,
        Some("custom") => true,
        Some(_) => {
            let given = named
                .as_ref()
                .map_or_else(Default::default, |g| (g.place.clone(), g.value.clone()));
            return Err(SettingsError::new(Problem::UnknownProvider)
                .with("place", given.0)
                .with("value", given.1));
        }
        // Endpoints of one's own and no word about GitHub mean a provider of one's own.
        None => host.is_none() && (authorization.is_some() || token.is_some()),
    };
    if let Some(named) = &named {
        origins.set(Field::Provider, named.origin.clone());
    }
    let mut provider = if custom {
        for (endpoint, option) in [
            (&authorization, "--authorization-endpoint"),
            (&token, "--token-endpoint"),
        ] {
            if endpoint.is_none() {
                return Err(SettingsError::new(Problem::EndpointMissing).with("option", option));
            }
        }
        Provider {
            name: String::new(),
            authorization_endpoint: String::new(),
            token_endpoint: String::new(),
            api_url: String::new(),
            issuer: None,
            dialect: Dialect::Rfc6749,
            code_lifetime: 600,
            simulated: false,
        }
    } else {
        match host {
            Some(given) => {
                check_host(&given)?;
                origins.set(Field::Host, given.origin);
                Provider::github(&given.value)
            }
            None => Provider::default(),
        }
    };
    for (given, field, target) in [
        (
            authorization,
            Field::AuthorizationEndpoint,
            &mut provider.authorization_endpoint,
        ),
        (token, Field::TokenEndpoint, &mut provider.token_endpoint),
        (api, Field::ApiUrl, &mut provider.api_url),
    ] {
        if let Some(given) = given {
            check_url(&given)?;
            origins.set(field, given.origin);
            *target = given.value;
        }
    }
    if custom {
        provider.name = url::Url::parse(&provider.token_endpoint)
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned))
            .unwrap_or_default();
    }
    Ok(provider)
}

fn check_host(given: &Given<String>) -> Result<(), SettingsError> {
    let is_host = url::Url::parse(&format!("https://{}/", given.value)).is_ok_and(|url| {
        url.path() == "/"
            && url.username().is_empty()
            && url.query().is_none()
            && !given.value.contains(['/', '@'])
    });
    if is_host {
        return Ok(());
    }
    Err(SettingsError::new(Problem::BadHost)
        .with("place", &given.place)
        .with("value", &given.value))
}

fn check_url(given: &Given<String>) -> Result<(), SettingsError> {
    match url::Url::parse(&given.value) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(()),
        _ => Err(SettingsError::new(Problem::BadUrl)
            .with("place", &given.place)
            .with("value", &given.value)),
    }
}

/// A loopback address and port.
///
/// # Errors
/// [`Problem::BadAddress`] or [`Problem::NotLoopback`].
pub fn loopback_address(place: &str, text: &str) -> Result<SocketAddr, SettingsError> {
    let wrong = |problem| {
        SettingsError::new(problem)
            .with("place", place)
            .with("value", text)
    };
    let numeric = match text.strip_prefix("localhost:") {
        Some(port) => format!("127.0.0.1:{port}"),
        None => text.to_owned(),
    };
    let address: SocketAddr = numeric.parse().map_err(|_| wrong(Problem::BadAddress))?;
    if address.ip().is_loopback() {
        Ok(address)
    } else {
        Err(wrong(Problem::NotLoopback))
    }
}

/// The client secret by reference, letter for letter.
fn client_secret(
    sources: &Sources<'_>,
    surroundings: &Surroundings<'_>,
) -> Result<Option<(Secret, Origin)>, SettingsError> {
    for options in [sources.flags, &sources.file] {
        if std::ptr::eq(options, &raw const sources.file)
            && let Some(given) = from_environment(surroundings, "CLIENT_SECRET")
        {
            return Ok(Some((Secret::new(given.value), given.origin)));
        }
        if let Some(name) = &options.client_secret_env {
            return secret_variable(name, surroundings).map(Some);
        }
        if let Some(path) = &options.client_secret_file {
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
            return Ok(Some((Secret::new(text), origin)));
        }
    }
    Ok(None)
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

impl Settings {
    /// Checks what a flow without a screen cannot ask for later.
    ///
    /// # Errors
    /// The first value that is missing or cannot work.
    pub fn check_complete(&self) -> Result<(), SettingsError> {
        let configuration = &self.configuration;
        if configuration.client_id.is_empty() {
            return Err(SettingsError::new(Problem::ClientIdMissing));
        }
        // RFC 6749 knows clients without a secret; GitHub asks every one of them (facts §3).
        if configuration.client_secret.is_none() && configuration.provider.dialect == Dialect::GitHub {
            return Err(SettingsError::new(Problem::ClientSecretMissing));
        }
        if let Err(defect) = RedirectUri::parse(&configuration.redirect_uri) {
            return Err(SettingsError {
                defect: Some(defect),
                ..SettingsError::new(Problem::BadRedirectUri).with("value", &configuration.redirect_uri)
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
