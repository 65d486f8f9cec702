//! `oauthlens simulate`.

use crate::{
    cli::{
        ApproveAnswer, SimulateOptions, SimulatedHost,
        commands::{Exit, Streams, cannot_bind, demo::DEMO_REDIRECT_URI, signals, unreadable},
        settings::{
            self, Problem, SettingsError, Surroundings,
            file::{excerpt, line_and_column},
        },
    },
    io::{clock::Clock, random, simulator_server::ReadySimulator},
    oauth::{http::is_url, secret::Secret, time::Moment},
    providers::DEFAULT,
    simulator::{
        Simulator,
        testbed::{
            Testbed,
            schedule::Scheduled,
            sentence,
            settings::{Approve, Like, TestbedFile},
            wrong::Wrong,
        },
    },
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
    let address = if options.allow_remote {
        settings::address("--listen", &options.listen)?
    } else {
        settings::loopback_address("--listen", &options.listen)?
    };
    for uri in &options.registered_redirect_uri {
        settings::redirect_uri("--registered-redirect-uri", uri)?;
    }
    if let Some(url) = &options.base_url
        && !is_url(url)
    {
        let unreadable = SettingsError::new(Problem::BadUrl);
        return Err(unreadable.with("place", "--base-url").with("value", url));
    }
    let language = messages.language().tag();
    let secret = match &options.client_secret_env {
        Some(name) => Some(settings::secret_variable(name, surroundings)?.0),
        None => None,
    };
    let told = told(options, surroundings, language)?;
    let faults = options.fault.iter().map(|text| Scheduled::parse(text));
    let faults: Vec<Scheduled> = faults
        .collect::<Result<_, _>>()
        .map_err(|wrong| bad_fault(&wrong, language))?;
    let entropy = random::from_system().map_err(|error| cannot_bind("getrandom", &error))?;
    let clock = Clock::default();
    let mut ready = ReadySimulator::bind(address, clock.clone(), |base_url| {
        let base_url = options.base_url.as_deref().unwrap_or(base_url);
        Simulator::demo(base_url, DEMO_REDIRECT_URI, entropy)
    })
    .map_err(|error| cannot_bind(&address.to_string(), &error))?;
    let testbed = ready.testbed();
    arrange(testbed, told, faults, clock.now()).map_err(|wrong| bad_fault(&wrong, language))?;
    overrule(testbed.simulator(), options, secret);
    // Within a container no request comes from a loopback address; whoever may reach it is let in by the second switch.
    if address.ip().is_loopback() || options.allow_remote_control {
        testbed.open_control(options.allow_remote_control);
    }
    let values = values(testbed.simulator());
    let _serving = ready
        .serve()
        .map_err(|error| cannot_bind(&address.to_string(), &error))?;
    streams.remark(&messages.command_line().run.simulated);
    streams.result(&values)?;
    signals::ended().await;
    Ok(Exit::Good)
}

/// What the file says, and over it what the command line says about the same things.
fn told(
    options: &SimulateOptions,
    surroundings: &Surroundings<'_>,
    language: &str,
) -> Result<TestbedFile, SettingsError> {
    let mut file = match &options.config {
        Some(path) => read(path, surroundings, language)?,
        None => TestbedFile::default(),
    };
    let like = options.like.map(|like| match like {
        SimulatedHost::Dotcom => Like::Dotcom,
        SimulatedHost::Enterprise => Like::Enterprise,
        SimulatedHost::Rfc6749 => Like::Rfc6749,
    });
    let approve = options.approve.map(|answer| match answer {
        ApproveAnswer::Ask => Approve::Ask,
        ApproveAnswer::Yes => Approve::Yes,
        ApproveAnswer::No => Approve::No,
    });
    file.like = like.or(file.like);
    file.approve = approve.or(file.approve);
    file.seed = options.seed.clone().or(file.seed);
    file.remember = options.remember.map(Into::into).or(file.remember);
    Ok(file)
}

fn read(path: &str, surroundings: &Surroundings<'_>, language: &str) -> Result<TestbedFile, SettingsError> {
    let text = (surroundings.read)(path).map_err(|error| unreadable(path, &error))?;
    toml::from_str(&text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let (line, column) = line_and_column(&text, at);
        SettingsError::new(Problem::BadTestbed)
            .with("path", path)
            .with("line", line.to_string())
            .with("column", column.to_string())
            .with("reason", sentence(error.message(), language))
            .with("excerpt", excerpt(text.lines().nth(line - 1).unwrap_or_default()))
    })
}

fn bad_fault(wrong: &Wrong, language: &str) -> SettingsError {
    SettingsError::new(Problem::BadServerFault).with("reason", sentence(&wrong.to_string(), language))
}

fn arrange(
    testbed: &mut Testbed,
    file: TestbedFile,
    faults: Vec<Scheduled>,
    now: Moment,
) -> Result<(), Wrong> {
    testbed.configure(file, now)?;
    for fault in faults {
        testbed.schedule(fault)?;
    }
    Ok(())
}

/// The options about its app say more than a file does about the first one.
fn overrule(simulator: &mut Simulator, options: &SimulateOptions, secret: Option<Secret>) {
    let app = &mut simulator.options_mut().app;
    if let Some(id) = &options.client_id {
        app.client_id.clone_from(id);
    }
    if let Some(secret) = secret {
        app.client_secret = secret;
    }
    if !options.registered_redirect_uri.is_empty() {
        let uris = options.registered_redirect_uri.iter().cloned();
        app.registered = uris.map(|uri| settings::registered(uri, DEFAULT)).collect();
    }
}

/// What a program needs to know to be tried against it: the first app.
fn values(simulator: &Simulator) -> String {
    let (base_url, app) = (&simulator.options().base_url, &simulator.options().app);
    let mut values = format!(
        "base_url={base_url}\nclient_id={}\nclient_secret={}",
        app.client_id,
        // Printing it is what the command is for: it opens nothing but this simulator.
        app.client_secret.reveal(),
    );
    for registered in &app.registered {
        values.push_str("\nredirect_uri=");
        values.push_str(&registered.uri);
    }
    values
}
