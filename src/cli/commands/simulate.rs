//! `oauthlens simulate`.

use crate::{
    cli::{
        SimulateOptions, SimulatedHost,
        commands::{Exit, Streams, cannot_bind, demo::DEMO_REDIRECT_URI, signals},
        settings::{self, Problem, SettingsError, Surroundings},
    },
    io::{clock::Clock, random, simulator_server::ReadySimulator},
    oauth::{random::Entropy, secret::Secret},
    providers::DEFAULT,
    simulator::{Habits, Simulator},
    text::catalog::Messages,
};

/// Runs `oauthlens simulate` until Ctrl-C, or until the system asks it to end.
///
/// # Errors
/// What is wrong with the options, or why its values could not be written: exit status 2.
pub async fn simulate(
    options: &SimulateOptions,
    surroundings: &Surroundings<'_>,
    messages: &Messages,
    mut streams: Streams<'_>,
) -> Result<Exit, SettingsError> {
    if options.client_secret.is_some() {
        return Err(SettingsError::new(Problem::PlainSecret));
    }
    let address = settings::loopback_address("--listen", &options.listen)?;
    for uri in &options.registered_redirect_uri {
        settings::redirect_uri("--registered-redirect-uri", uri)?;
    }
    let secret = match &options.client_secret_env {
        Some(name) => Some(settings::secret_variable(name, surroundings)?.0),
        None => None,
    };
    let entropy = random::from_system().map_err(|error| cannot_bind("getrandom", &error))?;
    let server = ReadySimulator::bind(address, Clock::default(), |base_url| {
        simulator_for(options, base_url, secret, entropy)
    })
    .and_then(ReadySimulator::serve)
    .map_err(|error| cannot_bind(&address.to_string(), &error))?;
    let app = server
        .simulator()
        .with(|simulator| simulator.options().app.clone());
    let mut values = format!(
        "base_url={}\nclient_id={}\nclient_secret={}",
        server.base_url(),
        app.client_id,
        // Printing it is what the command is for: it opens nothing but this simulator.
        app.client_secret.reveal(),
    );
    for registered in &app.registered {
        values.push_str("\nredirect_uri=");
        values.push_str(&registered.uri);
    }
    streams.remark(&messages.command_line().run.simulated);
    streams.result(&values)?;
    signals::ended().await;
    Ok(Exit::Good)
}

fn simulator_for(
    options: &SimulateOptions,
    base_url: &str,
    secret: Option<Secret>,
    entropy: Entropy,
) -> Simulator {
    let mut simulator = Simulator::demo(base_url, DEMO_REDIRECT_URI, entropy);
    let told = simulator.options_mut();
    if let Some(id) = &options.client_id {
        told.app.client_id.clone_from(id);
    }
    if let Some(secret) = secret {
        told.app.client_secret = secret;
    }
    if !options.registered_redirect_uri.is_empty() {
        let uris = options.registered_redirect_uri.iter().cloned();
        told.app.registered = uris.map(|uri| settings::registered(uri, DEFAULT)).collect();
    }
    if options.like == SimulatedHost::Enterprise {
        told.habits = Habits::enterprise_server();
    }
    simulator
}
