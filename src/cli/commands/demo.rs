//! The built-in simulator as the provider of a flow.

use std::net::SocketAddr;

use crate::{
    cli::{
        AppOptions,
        commands::cannot_bind,
        settings::{self, SettingsError},
    },
    flow::configuration::{Configuration, Field, Origin, Registration},
    io::{clock::Clock, random, simulator_server::ReadySimulator},
    providers::{DEFAULT, Provider},
    simulator::Simulator,
};

/// The redirect URI of a demo: any free port, as the loopback rule allows (RFC 8252 §7.3).
pub const DEMO_REDIRECT_URI: &str = "http://127.0.0.1/callback";

/// The scopes of a demo, so that there is something to ask for, to grant and to compare.
const DEMO_SCOPES: [&str; 2] = ["read:user", "gist"];

/// Makes the simulator ready and fills in what it gives out, except where the command line says otherwise.
///
/// # Errors
/// When no loopback port can be had for it.
pub fn ready_demo(
    configuration: &mut Configuration,
    given: &AppOptions,
    clock: Clock,
) -> Result<ReadySimulator, SettingsError> {
    if given.redirect_uri.is_none() {
        DEMO_REDIRECT_URI.clone_into(&mut configuration.redirect_uri);
    }
    let no_entropy = |error| cannot_bind("getrandom", &error);
    let (entropy, secret) = (
        random::from_system().map_err(no_entropy)?,
        random::hexadecimal_secret().map_err(no_entropy)?,
    );
    let address = SocketAddr::from(([127, 0, 0, 1], 0));
    let redirect_uri = configuration.redirect_uri.clone();
    let mut ready = ReadySimulator::bind(address, clock, |base_url| {
        let mut simulator = Simulator::demo_with_secret(base_url, &redirect_uri, secret, entropy);
        if !given.registered_redirect_uri.is_empty() {
            let uris = given.registered_redirect_uri.iter().cloned();
            simulator.options_mut().app.registered =
                uris.map(|uri| settings::registered(uri, DEFAULT)).collect();
        }
        simulator
    })
    .map_err(|error| cannot_bind(&address.to_string(), &error))?;
    fill_in_demo(configuration, &mut ready, given);
    Ok(ready)
}

/// Fills in the values of the simulator's app. What `given` names on the command line stays, so that a wrong value
/// can be tried on purpose; the environment does not count, since its values belong to another app.
fn fill_in_demo(configuration: &mut Configuration, ready: &mut ReadySimulator, given: &AppOptions) {
    let app = ready.simulator().options().app.clone();
    configuration.provider = Provider::simulator(&ready.base_url());
    let mut fill_in = |field, given: bool| {
        if !given {
            configuration.origins.set(field, Origin::Simulator);
        }
        !given
    };
    if fill_in(Field::ClientId, given.client_id.is_some()) {
        configuration.client_id.clone_from(&app.client_id);
    }
    let secret_given = given.client_secret_env.is_some() || given.client_secret_file.is_some();
    if fill_in(Field::ClientSecret, secret_given) {
        configuration.client_secret = Some(app.client_secret.clone());
    }
    // An empty one was given to ask for none.
    if fill_in(Field::Scope, !given.scope.is_empty()) {
        configuration.scopes = DEMO_SCOPES.map(str::to_owned).into();
    }
    fill_in(
        Field::RegisteredRedirectUri,
        !given.registered_redirect_uri.is_empty(),
    );
    fill_in(Field::Provider, false);
    configuration.registration = Registration {
        redirect_uris: app.registered,
        client_id: Some(app.client_id),
        client_secret: Some(app.client_secret),
    };
}
