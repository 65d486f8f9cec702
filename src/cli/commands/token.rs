//! `oauthlens token`: something is done with a token that is there.

use std::io::IsTerminal as _;

use tokio::sync::mpsc;

use crate::{
    cli::{
        AppOptions, TokenChoice, TokenOptions,
        commands::{
            Exit, Streams, cannot_bind, read_transcript, ready_demo,
            run::{Reported, check_certificates, edge_options, report, unknown_fault, warnings},
            runner::Driver,
        },
        settings::{self, Problem, Settings, SettingsError, Surroundings},
    },
    flow::{
        autopilot::Walk,
        configuration::Configuration,
        grants::GrantKind,
        machine::Flow,
        requests::token::{Held, Subject, TokenAction},
        transcript::{Purpose, Source, Transcript},
    },
    io::{Edge, clock::Clock, files, random},
    lab::token::{FAULTS, TokenFault, prepare},
    oauth::{endpoint::is_endpoint, http::HttpRequest, secret::Secret},
    text::{
        catalog::Messages,
        template::{fill, filled},
    },
};

impl TokenOptions {
    /// What is to be done.
    pub fn what(&self) -> TokenAction {
        match self.verb {
            TokenChoice::Refresh => TokenAction::Refresh,
            TokenChoice::Check => TokenAction::Check,
            TokenChoice::Reset => TokenAction::Reset,
            TokenChoice::Revoke if self.grant => TokenAction::RevokeGrant,
            TokenChoice::Revoke => TokenAction::Revoke,
            TokenChoice::Introspect => TokenAction::Introspect,
            TokenChoice::User => TokenAction::User,
        }
    }
}

/// The settings of it.
///
/// # Errors
/// What is wrong with them.
pub fn token_settings(
    options: &TokenOptions,
    surroundings: &Surroundings<'_>,
) -> Result<Settings, SettingsError> {
    let flow = options.flow();
    let mut settings = if options.demo {
        settings::settle_demo(&flow, surroundings)?
    } else {
        settings::settle(&flow, surroundings)?
    };
    let provider = &mut settings.configuration.provider;
    for (option, given, endpoint) in [
        (
            "--introspection-endpoint",
            &options.introspection_endpoint,
            &mut provider.introspection_endpoint,
        ),
        (
            "--revocation-endpoint",
            &options.revocation_endpoint,
            &mut provider.revocation_endpoint,
        ),
    ] {
        if let Some(url) = given {
            if !is_endpoint(url) {
                return Err(SettingsError::new(Problem::BadUrl)
                    .with("place", option)
                    .with("value", url));
            }
            endpoint.clone_from(url);
        }
    }
    settings.configuration.grant = GrantKind::HeldToken;
    Ok(settings)
}

/// What is sent, and what it goes on from.
struct Planned {
    configuration: Configuration,
    requests: Vec<(HttpRequest, Purpose)>,
    at_once: bool,
    /// A saved flow that the token is from.
    saved: Option<Transcript>,
}

/// Runs `oauthlens token`.
///
/// # Errors
/// What is wrong with the settings, or why the result could not be written: exit status 2.
pub async fn token(
    options: &TokenOptions,
    mut settings: Settings,
    surroundings: &Surroundings<'_>,
    messages: &Messages,
    mut streams: Streams<'_>,
) -> Result<Exit, SettingsError> {
    let fault = options.fault.as_deref().map(fault_named).transpose()?;
    let action = fault.map_or(options.what(), |fault| fault.action);
    check_certificates(settings.ca_file.as_deref())?;
    let clock = Clock::default();
    let entropy = random::from_system().map_err(|error| cannot_bind("getrandom", &error))?;
    let mut source = Source::Live;
    let mut server = None;
    let configuration = &mut settings.configuration;
    let planned = if options.demo {
        source = Source::Simulator;
        let mut ready = ready_demo(configuration, &AppOptions::default(), clock.clone())?;
        let now = clock.now();
        let plan = prepare(action, configuration.clone(), ready.simulator(), fault, now)
            .ok_or_else(|| SettingsError::new(Problem::TokenMissing))?;
        server = Some(ready.serve().map_err(|error| cannot_bind("tokio", &error))?);
        Planned {
            requests: plan.requests(),
            configuration: plan.configuration,
            at_once: plan.at_once,
            saved: None,
        }
    } else {
        plan(options, action, configuration, surroundings)?
    };
    let prose = &messages.command_line().token;
    if options.demo {
        streams.remark(&messages.command_line().run.simulated);
    }
    for warning in warnings(&planned.configuration, messages) {
        streams.remark(&warning);
    }
    if let Some(fault) = fault {
        streams.remark(&fill(&messages.command_line().run.fault, |_| Some(fault.name)));
    }
    for (request, _) in &planned.requests {
        let values = [("method", request.method.as_str()), ("url", request.url.as_str())];
        streams.remark(&filled(&prose.sends, &values));
    }
    streams.remark(prose.changes.get(action.name()).map_or("", String::as_str));
    if action.changes_something() && !options.yes && !options.demo && !confirmed(&prose.ask, &mut streams)? {
        streams.remark(&prose.nothing_sent);
        return Ok(Exit::Unanswered);
    }
    let (sender, mut events) = mpsc::channel(64);
    let flow = match planned.saved {
        Some(transcript) => Flow::replayed(transcript, entropy),
        None => Flow::new(source, entropy, clock.now()),
    };
    let edge = Edge::new(edge_options(&settings, options.demo), sender);
    let mut driver = Driver::new(flow, edge, Walk::new(None), clock, messages);
    if let Some(server) = server {
        driver = driver.with_simulator(server, false);
    }
    driver
        .ask(
            planned.configuration,
            planned.requests,
            planned.at_once,
            &mut events,
        )
        .await;
    let reported = Reported {
        save: options.save.as_deref(),
        with_secrets: options.with_secrets,
        form: options.form,
        json: settings.json,
    };
    report(&mut driver, &reported, messages, &mut streams).await
}

/// The one request, against a server that is not the simulator.
fn plan(
    options: &TokenOptions,
    action: TokenAction,
    configuration: &Configuration,
    surroundings: &Surroundings<'_>,
) -> Result<Planned, SettingsError> {
    if configuration.client_id.is_empty() && action != TokenAction::User {
        return Err(SettingsError::new(Problem::ClientIdMissing));
    }
    let (token, saved) = given_token(options, action, surroundings)?;
    let subject = Subject {
        token,
        hint: options.token_type_hint.clone(),
        scopes: configuration.scopes.clone(),
    };
    let request = action.request(configuration, &subject).ok_or_else(|| {
        let problem = match action {
            TokenAction::Introspect => Problem::IntrospectionEndpointMissing,
            TokenAction::Revoke => Problem::RevocationEndpointMissing,
            TokenAction::User => Problem::ApiMissing,
            _ => Problem::NoTokenApi,
        };
        SettingsError::new(problem).with("provider", &configuration.provider.name)
    })?;
    Ok(Planned {
        configuration: configuration.clone(),
        requests: vec![(request, action.purpose())],
        at_once: false,
        saved,
    })
}

/// The token: of a variable, a file, standard input or a saved flow.
fn given_token(
    options: &TokenOptions,
    action: TokenAction,
    surroundings: &Surroundings<'_>,
) -> Result<(Secret, Option<Transcript>), SettingsError> {
    if options.token.is_some() {
        return Err(SettingsError::new(Problem::PlainToken));
    }
    if let Some(name) = &options.token_env {
        let (token, _) = settings::secret_variable(name, surroundings)?;
        return Ok((token, None));
    }
    if let Some(path) = &options.flow {
        let transcript = read_transcript(path)?;
        let held = Held::of(&transcript);
        let token = held.subject(action).cloned();
        return token
            .map(|token| (token, Some(transcript)))
            .ok_or_else(|| SettingsError::new(Problem::NoTokenInFlow).with("path", path));
    }
    let Some(path) = &options.token_file else {
        return Err(SettingsError::new(Problem::TokenMissing));
    };
    let text = (surroundings.read)(path).map_err(|error| {
        SettingsError::new(Problem::Unreadable)
            .with("path", path)
            .with("reason", error.to_string())
    })?;
    // A file ends with a line break, and what prints a token ends it with one. A second would be part of the mistake.
    let line = text.strip_suffix('\n').unwrap_or(&text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.is_empty() {
        return Err(SettingsError::new(Problem::TokenFileEmpty).with("path", path));
    }
    Ok((Secret::new(line), None))
}

/// Asks whether it may be sent; without a terminal `--yes` says so.
fn confirmed(question: &str, streams: &mut Streams<'_>) -> Result<bool, SettingsError> {
    let input = std::io::stdin();
    if !input.is_terminal() {
        return Err(SettingsError::new(Problem::YesMissing));
    }
    streams.remark(question);
    let answer = files::read_line(&mut input.lock())
        .ok()
        .flatten()
        .unwrap_or_default();
    Ok(matches!(answer.trim(), "y" | "Y" | "yes" | "是"))
}

fn fault_named(name: &str) -> Result<&'static TokenFault, SettingsError> {
    TokenFault::from_name(name)
        .ok_or_else(|| unknown_fault(name, &FAULTS.iter().map(|fault| fault.name).collect::<Vec<_>>()))
}
