//! Text to settings: options, then the environment, then the settings file, each value with where it came from. Pure; what
//! the surroundings hold is asked by [`Surroundings`].

mod client_secret;
mod error;
pub mod file;
mod layers;
#[cfg(test)]
mod profile_tests;
mod provider;
#[cfg(test)]
mod tests;

use std::{io, net::SocketAddr, path::PathBuf};

use crate::{
    cli::{
        AppOptions, FlowOptions,
        settings::{
            client_secret::referred_to,
            file::{Chosen, SettingsFile},
            layers::{Sources, from_environment, pair},
            provider::provider,
        },
    },
    flow::configuration::{Configuration, Field, Origin, Origins, Registration},
    oauth::{params::split_scope, redirect_matching::Registered, redirect_uri::RedirectUri, secret::Secret},
    providers::ProviderProfile,
    text::catalog::Language,
};

pub use crate::cli::settings::client_secret::secret_variable;
pub use crate::cli::settings::error::{Problem, SettingsError};

/// What settings are read from beside the command line.
pub struct Surroundings<'s> {
    /// The environment variable of that name, where it is set.
    pub variable: &'s dyn Fn(&str) -> Option<String>,
    /// The text of a file, or of standard input for `-`.
    pub read: &'s dyn Fn(&str) -> io::Result<String>,
    /// The settings file: its path and its text, where there is one. Asked only where its values count.
    pub file: &'s dyn Fn() -> Result<Option<(String, String)>, SettingsError>,
    /// What a program that knows a secret prints: `sh -c` on Unix.
    pub command: &'s dyn Fn(&str) -> io::Result<String>,
    /// Asks the person for the client secret, where there is somebody to ask and no form to do it later.
    pub prompt: Option<&'s dyn Fn() -> io::Result<String>>,
    /// Whether other users of this machine may read a file.
    pub open_to_others: &'s dyn Fn(&str) -> bool,
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
    /// The theme as given, and where; the terminal interface knows the names.
    pub theme: Option<NamedTheme>,
    /// Drawings may move.
    pub motion: bool,
    /// Drawings use ASCII alone.
    pub ascii: bool,
    /// A PEM file with further certificate authorities.
    pub ca_file: Option<PathBuf>,
    /// One JSON document instead of text.
    pub json: bool,
}

/// A theme by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedTheme {
    /// The name, not validated yet.
    pub name: String,
    /// Where it was given.
    pub place: String,
}

impl NamedTheme {
    /// As the command line names it.
    pub fn of_flag(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            place: "--theme".to_owned(),
        }
    }
}

/// The language alone, so that even an error about settings is said in it.
///
/// # Errors
/// [`Problem::UnknownLanguage`].
pub fn language(flag: Option<&str>, locale: Option<&str>) -> Result<Language, SettingsError> {
    match flag {
        Some(tag) => language_of(tag).ok_or_else(|| unknown_language("--lang", tag)),
        None => Ok(locale.map(Language::from_locale).unwrap_or_default()),
    }
}

fn language_of(tag: &str) -> Option<Language> {
    Language::ALL
        .into_iter()
        .find(|language| language.tag().eq_ignore_ascii_case(tag))
        .or_else(|| {
            tag.eq_ignore_ascii_case("zh")
                .then_some(Language::SimplifiedChinese)
        })
}

fn unknown_language(place: &str, tag: &str) -> SettingsError {
    SettingsError::new(Problem::UnknownLanguage)
        .with("place", place)
        .with("value", tag)
}

/// The language for a command that takes no other settings: the option, the settings file, the system. A settings file that
/// cannot be understood says nothing about it.
///
/// # Errors
/// [`Problem::UnknownLanguage`] where the option names none.
pub fn language_for(flag: Option<&str>, surroundings: &Surroundings<'_>) -> Result<Language, SettingsError> {
    if flag.is_some() {
        return language(flag, None);
    }
    let kept = preferences(surroundings).lang;
    let kept = kept.as_deref().and_then(language_of);
    kept.map_or_else(|| language(None, surroundings.locale.as_deref()), Ok)
}

/// What the settings file says of the person rather than of their app, as far as it can be understood.
fn preferences(surroundings: &Surroundings<'_>) -> FlowOptions {
    let file = (surroundings.file)().ok().flatten();
    let kept = file
        .and_then(|(path, text)| SettingsFile::read(&path, &text).ok())
        .and_then(|file| file.choose(None).ok())
        .map(|chosen| chosen.options)
        .unwrap_or_default();
    FlowOptions {
        app: AppOptions {
            no_browser: kept.app.no_browser,
            callback_timeout: kept.app.callback_timeout,
            ..AppOptions::default()
        },
        lang: kept.lang.filter(|tag| language_of(tag).is_some()),
        theme: kept.theme,
        no_motion: kept.no_motion,
        ascii: kept.ascii,
        json: kept.json,
        ..FlowOptions::default()
    }
}

/// The order of precedence: options, environment, settings file.
///
/// # Errors
/// The first value that cannot be understood.
pub fn settle(flags: &FlowOptions, surroundings: &Surroundings<'_>) -> Result<Settings, SettingsError> {
    let file = match (surroundings.file)()? {
        Some((path, text)) => SettingsFile::read(&path, &text).map_err(first)?,
        None => SettingsFile::default(),
    };
    let file = file.choose(flags.server.profile.as_deref())?;
    settle_from(&Sources { flags, file }, surroundings)
}

/// The same for a flow against the built-in simulator: of the settings file only what is said of the person counts, and a
/// file that cannot be understood stops nothing.
///
/// # Errors
/// The first option that cannot be understood.
pub fn settle_demo(flags: &FlowOptions, surroundings: &Surroundings<'_>) -> Result<Settings, SettingsError> {
    let file = Chosen::of(preferences(surroundings));
    settle_from(&Sources { flags, file }, surroundings)
}

/// What the chosen part of a settings file comes to by itself, without running a program or asking anybody.
///
/// # Errors
/// The first value that cannot be understood.
pub fn examine(file: Chosen, surroundings: &Surroundings<'_>) -> Result<Settings, SettingsError> {
    let flags = FlowOptions::default();
    let quiet = Surroundings {
        command: &|_| Ok("not asked for".to_owned()),
        prompt: None,
        locale: surroundings.locale.clone(),
        ..*surroundings
    };
    settle_from(&Sources { flags: &flags, file }, &quiet)
}

/// Of several things that are wrong with a file, the one that stands first in it.
pub(crate) fn first(problems: Vec<SettingsError>) -> SettingsError {
    problems
        .into_iter()
        .next()
        .unwrap_or_else(|| SettingsError::new(Problem::BadFile))
}

fn settle_from(sources: &Sources<'_>, surroundings: &Surroundings<'_>) -> Result<Settings, SettingsError> {
    let flags = sources.flags;
    if flags.app.client_secret.is_some() {
        return Err(SettingsError::new(Problem::PlainSecret));
    }
    let mut origins = Origins::default();
    let provider = provider(sources, &mut origins)?;
    let usual = provider.profile.authentication.first();
    let mut configuration = Configuration {
        authentication: usual.copied().unwrap_or_default(),
        provider,
        ..Configuration::default()
    };
    credentials(sources, surroundings, &mut configuration, &mut origins)?;
    if let Some(uri) = sources.text("redirect-uri", |o| o.app.redirect_uri.as_ref()) {
        configuration.redirect_uri = uri.value;
        origins.set(Field::RedirectUri, uri.origin);
    }
    if let Some(uris) = sources.list("registered-redirect-uri", |o| &o.app.registered_redirect_uri) {
        configuration.registration = Registration {
            redirect_uris: uris
                .value
                .into_iter()
                .map(|uri| registered(uri, configuration.provider.profile))
                .collect(),
            ..Registration::default()
        };
        origins.set(Field::RegisteredRedirectUri, uris.origin);
    }
    if let Some(listen) = sources.text("listen", |o| o.app.listen.as_ref()) {
        configuration.listen = Some(loopback_address(&listen.place, &listen.value)?);
        origins.set(Field::Listen, listen.origin);
    }
    if let Some(scopes) = sources.list("scope", |o| &o.app.scope) {
        configuration.scopes = scopes.value.iter().flat_map(|words| split_scope(words)).collect();
        origins.set(Field::Scope, scopes.origin);
    }
    if flags.app.no_pkce || sources.file.options.app.no_pkce {
        configuration.pkce = false;
        let origin = if flags.app.no_pkce {
            Origin::Flag
        } else {
            Origin::File(sources.file.path.clone())
        };
        origins.set(Field::Pkce, origin);
    }
    configuration.open_browser = !(flags.app.no_browser || sources.file.options.app.no_browser);
    configuration.redirect_timeout = flags
        .app
        .callback_timeout
        .or(sources.file.options.app.callback_timeout);
    configuration.origins = origins;

    let language = match sources.text("lang", |o| o.lang.as_ref()) {
        Some(tag) => language_of(&tag.value).ok_or_else(|| unknown_language(&tag.place, &tag.value))?,
        None => language(None, surroundings.locale.as_deref())?,
    };
    Ok(Settings {
        configuration,
        language,
        theme: sources
            .text("theme", |o| o.theme.as_ref())
            .map(|given| NamedTheme {
                name: given.value,
                place: given.place,
            }),
        ascii: flags.ascii || sources.file.options.ascii,
        motion: !(flags.no_motion || sources.file.options.no_motion),
        ca_file: sources
            .text("ca-file", |o| o.server.ca_file.as_ref())
            .map(|given| PathBuf::from(given.value)),
        json: flags.json || sources.file.options.json,
    })
}

/// The client id and the client secret. Where both are looked for in the environment, they are looked for as a pair.
fn credentials(
    sources: &Sources<'_>,
    surroundings: &Surroundings<'_>,
    configuration: &mut Configuration,
    origins: &mut Origins,
) -> Result<(), SettingsError> {
    let id = sources.text("client-id", |o| o.app.client_id.as_ref());
    let (flag_id, file_id) = match id {
        Some(given) if given.origin == Origin::Flag => (Some(given), None),
        other => (None, other),
    };
    let flag_secret = referred_to(&sources.flags.app, surroundings)?;
    let profile = configuration.provider.profile;
    let (variable_id, variable_secret) = match (&flag_id, &flag_secret) {
        // Whoever names a profile means its app, whatever app the environment is set up for.
        _ if sources.file.brings_its_app => (None, None),
        (None, None) => pair(surroundings, profile),
        _ => (
            from_environment(surroundings, profile, "CLIENT_ID"),
            from_environment(surroundings, profile, "CLIENT_SECRET"),
        ),
    };
    if let Some(id) = flag_id.or(variable_id).or(file_id) {
        configuration.client_id = id.value;
        origins.set(Field::ClientId, id.origin);
    }
    let variable_secret = variable_secret.map(|given| (Secret::new(given.value), given.origin));
    let secret = match flag_secret.or(variable_secret) {
        None => referred_to(&sources.file.options.app, surroundings)
            .map_err(|error| error.with("place", sources.file.place_of_secret()))?,
        found => found,
    };
    if let Some((secret, origin)) = secret {
        configuration.client_secret = Some(secret);
        origins.set(Field::ClientSecret, origin);
    }
    Ok(())
}

/// The environment variables of a client id and a client secret that were taken from different prefixes: perhaps those of two
/// apps.
pub fn mixed_pair(configuration: &Configuration) -> Option<(String, String)> {
    let origin = |field| configuration.origins.of(field);
    match (origin(Field::ClientId), origin(Field::ClientSecret)) {
        (Origin::Environment(id), Origin::Environment(secret))
            if layers::prefixes(configuration.provider.profile)
                .any(|prefix| secret == format!("{prefix}_CLIENT_SECRET"))
                && id.strip_suffix("_ID") != secret.strip_suffix("_SECRET") =>
        {
            Some((id, secret))
        }
        _ => None,
    }
}

/// A registered redirect URI as a person tells it. Whether a wildcard switch is on cannot be seen from here: where there is
/// one, it is taken to be (GitHub: for every app from before 2026-08-03, docs/github.md §2).
pub fn registered(uri: String, profile: &ProviderProfile) -> Registered {
    Registered {
        uri,
        wildcard: profile.wildcard(),
    }
}

/// A loopback address and port.
///
/// # Errors
/// [`Problem::BadAddress`] or [`Problem::NotLoopback`].
pub fn loopback_address(place: &str, text: &str) -> Result<SocketAddr, SettingsError> {
    let address = address(place, text)?;
    if address.ip().is_loopback() {
        return Ok(address);
    }
    let not_here = SettingsError::new(Problem::NotLoopback);
    Err(not_here.with("place", place).with("value", text))
}

/// An address and port.
///
/// # Errors
/// [`Problem::BadAddress`].
pub fn address(place: &str, text: &str) -> Result<SocketAddr, SettingsError> {
    let numeric = match text.strip_prefix("localhost:") {
        Some(port) => format!("127.0.0.1:{port}"),
        None => text.to_owned(),
    };
    numeric.parse().map_err(|_| {
        let unreadable = SettingsError::new(Problem::BadAddress);
        unreadable.with("place", place).with("value", text)
    })
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
        // RFC 6749 knows clients without a secret; some servers ask every one of them.
        if configuration.client_secret.is_none() && configuration.provider.profile.asks_for_secret {
            return Err(SettingsError::new(Problem::ClientSecretMissing));
        }
        redirect_uri("--redirect-uri", &configuration.redirect_uri)?;
        configuration
            .registration
            .redirect_uris
            .iter()
            .try_for_each(|registered| redirect_uri("--registered-redirect-uri", &registered.uri))
    }
}

/// Checks that a redirect URI is one.
///
/// # Errors
/// [`Problem::BadRedirectUri`].
pub fn redirect_uri(place: &str, uri: &str) -> Result<(), SettingsError> {
    match RedirectUri::parse(uri) {
        Ok(_) => Ok(()),
        Err(defect) => Err(SettingsError {
            defect: Some(defect),
            ..SettingsError::new(Problem::BadRedirectUri)
                .with("place", place)
                .with("value", uri)
        }),
    }
}
