//! Text to settings: options, then the environment, then the settings file, each value with where it came from. Pure; what
//! the surroundings hold is asked by [`Surroundings`].

mod problem;
mod provider;
mod secret;
mod sources;

use std::{io, net::SocketAddr, path::PathBuf};

pub use problem::{Problem, SettingsError, nearest};
use provider::provider;
use secret::client_secret;
pub use secret::secret_variable;
use sources::{Sources, from_environment, read_file};

use crate::{
    cli::FlowOptions,
    flow::configuration::{Configuration, Field, Origin, Origins, Registration},
    locale::Language,
    oauth::{
        params::split_scope,
        provider::Dialect,
        redirect_uri::{RedirectUri, Registered},
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

/// The language for a command that takes no other settings: the option, the settings file, the system.
///
/// # Errors
/// [`Problem::UnknownLanguage`], or what is wrong with the settings file.
pub fn language_for(flag: Option<&str>, surroundings: &Surroundings<'_>) -> Result<Language, SettingsError> {
    let file = match &surroundings.file {
        Some((path, text)) if flag.is_none() => read_file(path, text)?,
        _ => FlowOptions::default(),
    };
    language(flag.or(file.lang.as_deref()), surroundings.locale.as_deref())
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
    let dialect = provider.dialect;
    let mut configuration = Configuration {
        provider,
        ..Configuration::default()
    };

    if let Some(id) = sources
        .text("client-id", |o| o.client_id.as_ref())
        .filter(|given| given.origin == Origin::Flag)
        .or_else(|| from_environment(surroundings, dialect, "CLIENT_ID"))
        .or_else(|| sources.text("client-id", |o| o.client_id.as_ref()))
    {
        configuration.client_id = id.value;
        origins.set(Field::ClientId, id.origin);
    }
    if let Some((secret, origin)) = client_secret(&sources, surroundings, dialect)? {
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
