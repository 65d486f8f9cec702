//! `oauthlens device` without the terminal interface.

use tokio::sync::mpsc;

use crate::{
    cli::{
        AppOptions, DeviceOptions,
        commands::{
            Exit, Streams, cannot_bind, ready_demo,
            run::{Reported, check_certificates, edge_options, report, unknown_fault, warnings},
            runner::Driver,
        },
        settings::{self, Problem, Settings, SettingsError, Surroundings},
    },
    flow::{
        autopilot::Walk, configuration::Configuration, grants::GrantKind, machine::Flow, transcript::Source,
    },
    io::{Edge, clock::Clock, random},
    lab::device::{DeviceFault, FAULTS, Person},
    oauth::endpoint::is_endpoint,
    simulator::Decision,
    text::{catalog::Messages, template::fill},
};

/// Seconds between two requests in a demo in which nobody has to be waited for.
const QUICK: u64 = 1;

/// The settings of a device flow.
///
/// # Errors
/// What is wrong with them.
pub fn device_settings(
    options: &DeviceOptions,
    surroundings: &Surroundings<'_>,
) -> Result<Settings, SettingsError> {
    let flow = options.flow();
    let mut settings = if options.demo {
        settings::settle_demo(&flow, surroundings)?
    } else {
        settings::settle(&flow, surroundings)?
    };
    prepare(options, &mut settings.configuration)?;
    Ok(settings)
}

/// Makes a configuration one of a device flow with these options.
///
/// # Errors
/// The device authorization endpoint cannot be used for a request.
pub fn prepare(options: &DeviceOptions, configuration: &mut Configuration) -> Result<(), SettingsError> {
    if let Some(endpoint) = &options.device_authorization_endpoint {
        if !is_endpoint(endpoint) {
            return Err(SettingsError::new(Problem::BadUrl)
                .with("place", "--device-authorization-endpoint")
                .with("value", endpoint));
        }
        configuration
            .provider
            .device_authorization_endpoint
            .clone_from(endpoint);
    }
    configuration.grant = GrantKind::DeviceCode;
    Ok(())
}

/// Runs `oauthlens device` without a screen.
///
/// # Errors
/// What is wrong with the settings, or why the result could not be written: exit status 2.
pub async fn device(
    options: &DeviceOptions,
    mut settings: Settings,
    messages: &Messages,
    mut streams: Streams<'_>,
) -> Result<Exit, SettingsError> {
    let fault = options.fault.as_deref().map(fault_named).transpose()?;
    check_certificates(settings.ca_file.as_deref())?;
    let clock = Clock::default();
    let entropy = random::from_system().map_err(|error| cannot_bind("getrandom", &error))?;
    let mut source = Source::Live;
    let mut server = None;
    let configuration = &mut settings.configuration;
    if options.demo {
        source = Source::Simulator;
        let given = AppOptions {
            client_id: options.client_id.clone(),
            scope: options.scope.clone(),
            ..AppOptions::default()
        };
        let mut ready = ready_demo(configuration, &given, clock.clone())?;
        let simulated = ready.simulator().options_mut();
        if options.approve {
            simulated.habits.device.interval = QUICK;
        }
        if let Some(fault) = fault {
            fault.prepare(configuration, simulated);
        }
        server = Some(ready.serve().map_err(|error| cannot_bind("tokio", &error))?);
        configuration.open_browser &= !options.approve;
    }
    if configuration.client_id.is_empty() {
        return Err(SettingsError::new(Problem::ClientIdMissing));
    }
    if configuration.provider.device_authorization_endpoint.is_empty() {
        return Err(
            SettingsError::new(Problem::DeviceEndpointMissing).with("provider", &configuration.provider.name)
        );
    }
    let (sender, mut events) = mpsc::channel(64);
    let flow = Flow::new(source, entropy, clock.now());
    let edge = Edge::new(edge_options(&settings, options.demo), sender);
    let mut driver = Driver::new(flow, edge, Walk::new(None), clock, messages).without_qr_code(options.no_qr);
    if let Some(server) = server {
        let person = fault.map_or(Person::Approves, |fault| fault.person);
        let decision = match person {
            Person::Denies => Decision::Deny,
            _ => Decision::Approve,
        };
        let comes = options.approve && person != Person::StaysAway;
        driver = driver.with_simulator(server, comes).deciding(decision);
    }
    let prose = &messages.command_line().run;
    if options.demo {
        streams.remark(&prose.simulated);
    }
    for warning in warnings(&settings.configuration, messages) {
        streams.remark(&warning);
    }
    if let Some(fault) = fault {
        streams.remark(&fill(&prose.fault, |_| Some(fault.name)));
    }
    driver
        .walk_to_the_end(settings.configuration, &mut events, &mut streams)
        .await?;
    let reported = Reported {
        save: options.save.as_deref(),
        with_secrets: options.with_secrets,
        form: options.form,
        json: settings.json,
    };
    report(&mut driver, &reported, messages, &mut streams).await
}

fn fault_named(name: &str) -> Result<&'static DeviceFault, SettingsError> {
    DeviceFault::from_name(name)
        .ok_or_else(|| unknown_fault(name, &FAULTS.iter().map(|fault| fault.name).collect::<Vec<_>>()))
}
