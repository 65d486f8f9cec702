//! `oauthlens tap`: the sockets in a thread of their own, what passed them explained in this one.

mod sockets;
mod watcher;

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use tokio::sync::mpsc;

use crate::{
    cli::{
        AppOptions, FlowOptions, LookOptions, TapOptions,
        commands::{
            Exit, Streams, not_bound,
            run::check_certificates,
            tap::{sockets::Sockets, watcher::Watcher},
        },
        settings::{self, Problem, Settings, SettingsError, Surroundings},
    },
    io::{
        self,
        clock::Clock,
        files, http_server,
        tap::{self as edge, authority::Authority, child::Files},
    },
    lab::in_flight::InFlight,
    sources::tap::routes::Routes,
    text::{catalog::Messages, nearest::nearest, template::filled},
};

/// The provider and what else `tap` takes from options, the environment and the settings file.
///
/// # Errors
/// The first value that cannot be understood.
pub fn tap_settings(
    options: &TapOptions,
    look: &LookOptions,
    surroundings: &Surroundings<'_>,
) -> Result<Settings, SettingsError> {
    let flow = FlowOptions {
        server: options.server.clone(),
        app: AppOptions {
            registered_redirect_uri: options.registered_redirect_uri.clone(),
            ..AppOptions::default()
        },
        lang: look.lang.clone(),
        theme: look.theme.clone(),
        no_motion: look.no_motion,
        ascii: look.ascii,
        json: options.json,
    };
    settings::settle(&flow, surroundings)
}

/// Runs `oauthlens tap` until Ctrl-C, until the system asks it to end, or until the program ends that it runs.
///
/// # Errors
/// What is wrong with the options, or why something could not be written: exit status 2.
pub fn tap(
    options: &TapOptions,
    settings: &Settings,
    messages: &Messages,
    mut streams: Streams<'_>,
) -> Result<Exit, SettingsError> {
    let words = &messages.command_line().tap;
    let address = settings::loopback_address("--listen", &options.listen)?;
    let fault = options.fault.as_deref().map(fault_named).transpose()?;
    check(options, settings)?;
    let cannot_bind = |error: std::io::Error| not_bound(&options.listen, &error, Problem::TappedElsewhere);
    let listener = http_server::reserve(address).map_err(cannot_bind)?;
    let bound = listener.local_addr().map_err(cannot_bind)?;
    let provider = settings.configuration.provider.clone();
    let routes = Routes::of(&provider);
    let (authority, run) = match options.command.split_first() {
        Some((program, _)) => {
            let (authority, files) = prepare(&program.to_string_lossy(), &routes, bound.port())?;
            (Some(authority), Some((options.command.clone(), files)))
        }
        None => (None, None),
    };
    let requests = Arc::new(AtomicU64::new(0));
    let (sender, mut events) = mpsc::channel(edge::QUEUE);
    let edge_options = edge::TapOptions {
        provider: provider.clone(),
        ca_file: settings.ca_file.clone(),
        unreachable: words.unreachable.clone(),
        clock: Clock::default(),
        authority,
        fault,
        requests: requests.clone(),
    };
    let runtime = io::runtime().map_err(|error| not_bound("tokio", &error, Problem::TappedElsewhere))?;
    let tap = {
        let _inside = runtime.enter();
        edge::Tap::new(listener, edge_options, sender).map_err(cannot_bind)?
    };
    if let Some(fault) = fault {
        let remark = &messages.command_line().run.fault;
        streams.remark(&filled(remark, &[("fault", &fault.name())]));
    }
    let own = edge::base_url(bound);
    let hosts = routes.authorities().join(", ");
    if run.is_some() {
        streams.remark(&filled(&words.opened, &[("proxy", &own), ("hosts", &hosts)]));
    } else {
        let addresses = addresses(&routes, &own);
        if settings.json {
            streams.remark(&addresses);
        } else {
            streams.result(&addresses)?;
        }
        streams.remark(&words.set);
    }
    let certificate = run.as_ref().map(|(_, files)| files.certificate().to_owned());
    let mut watcher = Watcher::new(options, settings, messages, certificate);
    let sockets = Sockets::open(runtime, tap, run, settings.json, words, &mut streams)?;
    watcher.watch(&mut events, &mut streams)?;
    watcher.sum_up(requests.load(Ordering::Relaxed), &hosts, &mut streams);
    // The program's own status, where one was run; its files are gone by then.
    match sockets.closed() {
        Some(status) => io::exit(status),
        None => Ok(Exit::Good),
    }
}

/// What can be found wrong before anything is opened.
fn check(options: &TapOptions, settings: &Settings) -> Result<(), SettingsError> {
    check_certificates(settings.ca_file.as_deref())?;
    if let Some(path) = &options.save {
        files::private_folder(path).map_err(|error| {
            SettingsError::new(Problem::Unwritable)
                .with("path", path)
                .with("reason", error.to_string())
        })?;
    }
    Ok(())
}

/// Certificates for the provider's hosts, and the files that a program needs.
fn prepare(program: &str, routes: &Routes, port: u16) -> Result<(Authority, Files), SettingsError> {
    let cannot = |reason: String| {
        SettingsError::new(Problem::NotStarted)
            .with("program", program)
            .with("reason", reason)
    };
    let authorities = routes.authorities();
    let hosts: Vec<String> = authorities
        .iter()
        .filter_map(|authority| Some(authority.rsplit_once(':')?.0.to_owned()))
        .collect();
    let authority = Authority::new(&hosts).map_err(|error| cannot(error.to_string()))?;
    let files =
        Files::new(program, authority.pem(), port, authorities).map_err(|error| cannot(error.to_string()))?;
    Ok((authority, files))
}

fn fault_named(name: &str) -> Result<InFlight, SettingsError> {
    InFlight::parse(name).ok_or_else(|| {
        let plain = name.split('@').next().unwrap_or_default();
        let expected = nearest(plain, InFlight::names())
            .map_or_else(|| InFlight::names().collect::<Vec<_>>().join(", "), str::to_owned);
        SettingsError::new(Problem::UnknownFaultInFlight)
            .with("value", name)
            .with("expected", expected)
    })
}

fn addresses(routes: &Routes, own: &str) -> String {
    ["authorization_endpoint", "token_endpoint", "api_url"]
        .into_iter()
        .zip(routes.to_set(own))
        .filter_map(|(name, url)| Some(format!("{name}={}", url?)))
        .collect::<Vec<_>>()
        .join("\n")
}
