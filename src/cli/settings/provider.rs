//! Which authorization server is meant.

use crate::{
    cli::settings::{
        Problem, SettingsError,
        layers::{Given, Sources},
    },
    flow::configuration::{Field, Origins},
    oauth::endpoint::{is_endpoint, is_host},
    providers::{DEFAULT, Provider, ProviderProfile, by_name, profiles, rfc6749::RFC6749},
    text::nearest::nearest,
};

/// The provider that was named, or the default.
pub(crate) fn provider(sources: &Sources<'_>, origins: &mut Origins) -> Result<Provider, SettingsError> {
    let named = sources.text("provider", |o| o.server.provider.as_ref());
    let host = sources.text("host", |o| o.server.host.as_ref());
    let authorization = sources.text("authorization-endpoint", |o| {
        o.server.authorization_endpoint.as_ref()
    });
    let token = sources.text("token-endpoint", |o| o.server.token_endpoint.as_ref());
    let api = sources.text("api-url", |o| o.server.api_url.as_ref());
    let profile = match &named {
        Some(given) => by_name(&given.value).ok_or_else(|| unknown(given))?,
        // Endpoints of one's own and no word about a known provider mean one of one's own.
        None if host.is_none() && (authorization.is_some() || token.is_some()) => &RFC6749,
        None => DEFAULT,
    };
    if let Some(named) = &named {
        origins.set(Field::Provider, named.origin.clone());
    }
    let mut provider = if profile.is_neutral() {
        for (endpoint, option) in [
            (&authorization, "--authorization-endpoint"),
            (&token, "--token-endpoint"),
        ] {
            if endpoint.is_none() {
                return Err(SettingsError::new(Problem::EndpointMissing).with("option", option));
            }
        }
        let text = |given: &Option<Given<String>>| {
            let given = given.as_ref();
            given.map_or_else(String::new, |given| given.value.clone())
        };
        Provider {
            profile,
            ..Provider::custom(&text(&authorization), &text(&token), &text(&api))
        }
    } else {
        known(profile, host, origins)?
    };
    if authorization.is_some() {
        // What is known of GitHub's issuer says nothing about an endpoint of one's own.
        provider.issuer = None;
    }
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
    Ok(provider)
}

/// A known provider, on the host that was given or on its own.
fn known(
    profile: &'static ProviderProfile,
    host: Option<Given<String>>,
    origins: &mut Origins,
) -> Result<Provider, SettingsError> {
    let Some(given) = host else {
        return profile
            .provider()
            .ok_or_else(|| SettingsError::new(Problem::HostMissing).with("provider", profile.id));
    };
    check_host(&given)?;
    if !profile.asks_for_host() && profile.host != Some(given.value.as_str()) {
        return Err(SettingsError::new(Problem::HostNotTaken)
            .with("provider", profile.id)
            .with("host", profile.host.unwrap_or_default())
            .with("place", given.place));
    }
    origins.set(Field::Host, given.origin);
    Ok(profile.at(&given.value))
}

/// A name that no provider has: the nearest one that there is, else all.
fn unknown(given: &Given<String>) -> SettingsError {
    let names = || profiles().map(|profile| profile.id);
    let meant = nearest(&given.value.to_ascii_lowercase(), names())
        .map_or_else(|| names().collect::<Vec<_>>().join(", "), str::to_owned);
    SettingsError::new(Problem::UnknownProvider)
        .with("place", &given.place)
        .with("value", &given.value)
        .with("expected", meant)
}

fn check_host(given: &Given<String>) -> Result<(), SettingsError> {
    check(given, is_host, Problem::BadHost)
}

fn check_url(given: &Given<String>) -> Result<(), SettingsError> {
    check(given, is_endpoint, Problem::BadUrl)
}

fn check(
    given: &Given<String>,
    is_good: impl Fn(&str) -> bool,
    problem: Problem,
) -> Result<(), SettingsError> {
    if is_good(&given.value) {
        return Ok(());
    }
    Err(SettingsError::new(problem)
        .with("place", &given.place)
        .with("value", &given.value))
}
