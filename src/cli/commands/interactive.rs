//! The commands with a screen: what they settle before the terminal is taken, and the walkthrough they may open with.

use std::io::IsTerminal as _;

use etcetera::BaseStrategy as _;

use crate::{
    cli::{
        DeviceOptions, FlowOptions, ServerOptions,
        commands::{self, own_values},
        settings::{self, NamedTheme, Problem, SettingsError, Surroundings},
    },
    flow::configuration::Configuration,
    io::{clock::Clock, random},
    text::catalog::Messages,
    ui::{
        terminal::{self, Open},
        view::theme::Theme,
    },
};

/// `oauthlens`, `oauthlens demo` and `oauthlens walkthrough`: runs until the person leaves.
///
/// # Errors
/// Settings that cannot be used, or no terminal.
pub fn run(
    options: &FlowOptions,
    surroundings: &Surroundings<'_>,
    demo: bool,
    open: Option<Open>,
) -> Result<(), SettingsError> {
    run_with(options, surroundings, demo, open, true, |_| Ok(()))
}

/// `oauthlens device` on a screen.
///
/// # Errors
/// Settings that cannot be used, or no terminal.
pub fn device(options: &DeviceOptions, surroundings: &Surroundings<'_>) -> Result<(), SettingsError> {
    let prepare = |configuration: &mut Configuration| commands::prepare_device(options, configuration);
    run_with(
        &options.flow(),
        surroundings,
        options.demo,
        None,
        !options.no_qr,
        prepare,
    )
}

fn run_with(
    options: &FlowOptions,
    surroundings: &Surroundings<'_>,
    demo: bool,
    open: Option<Open>,
    qr_code: bool,
    prepare: impl Fn(&mut Configuration) -> Result<(), SettingsError>,
) -> Result<(), SettingsError> {
    let settings = if demo {
        settings::settle_demo(options, surroundings)?
    } else {
        match settings::settle(options, surroundings) {
            // Viewing a transcript needs no settings.
            Err(_) if matches!(open, Some(Open::Replay(_))) => settings::settle_demo(options, surroundings)?,
            settled => settled?,
        }
    };
    if !(std::io::stdin().is_terminal() && std::io::stdout().is_terminal()) {
        return Err(SettingsError::new(Problem::NoTerminal));
    }
    let theme = theme(settings.theme.as_ref(), surroundings)?;
    let clock = Clock::default();
    let mut configuration = settings.configuration;
    let simulator = demo
        .then(|| commands::ready_demo(&mut configuration, &options.app, clock.clone()))
        .transpose()?;
    prepare(&mut configuration)?;
    let entropy = random::from_system().map_err(|error| no_terminal(&error))?;
    let (language, ca_file) = (settings.language, settings.ca_file);
    let start = terminal::Start {
        configuration,
        language,
        theme,
        ca_file,
        simulator,
        clock,
        entropy,
        progress_file: progress_file(),
        open,
        motion: settings.motion,
        qr_code,
        ascii: settings.ascii,
    };
    // What the command line says is said of the simulator's app.
    let own_app = || {
        let same_profile = FlowOptions {
            server: ServerOptions {
                profile: options.server.profile.clone(),
                ..ServerOptions::default()
            },
            ..FlowOptions::default()
        };
        let settled = settings::settle(&same_profile, surroundings);
        settled.ok().map(|settings| settings.configuration)
    };
    let ready_demo = |clock| {
        let given = FlowOptions::default();
        let said = |error: SettingsError| error.text(Messages::new(language).command_line());
        let settings = settings::settle_demo(&given, surroundings).map_err(said)?;
        let mut configuration = settings.configuration;
        let ready = commands::ready_demo(&mut configuration, &given.app, clock).map_err(said)?;
        Ok((configuration, ready))
    };
    let said = |error: SettingsError| error.text(Messages::new(language).command_line());
    let profile = options.server.profile.clone();
    let later = terminal::OwnValues {
        profiles: &|| own_values::profiles(surroundings).map_err(said),
        of_profile: &|name| own_values::of_profile(Some(name), surroundings).map_err(said),
        env_names: &own_values::env_names,
        of_env_file: &|| {
            let otherwise = own_values::of_profile(profile.as_deref(), surroundings).unwrap_or_default();
            own_values::of_env_file(otherwise)
        },
    };
    terminal::run(start, own_app, &ready_demo, &later).map_err(|error| no_terminal(&error))
}

/// The theme that was named, or the one that the environment suggests.
///
/// # Errors
/// There is no theme of that name.
pub fn theme(named: Option<&NamedTheme>, surroundings: &Surroundings<'_>) -> Result<Theme, SettingsError> {
    match named {
        Some(named) => Theme::from_name(&named.name).ok_or_else(|| {
            SettingsError::new(Problem::UnknownTheme)
                .with("place", &named.place)
                .with("value", &named.name)
                .with("expected", Theme::NAMES.join(", "))
        }),
        None => Ok(Theme::from_environment(surroundings.variable)),
    }
}

fn no_terminal(error: &std::io::Error) -> SettingsError {
    SettingsError::new(Problem::TerminalFailed).with("reason", error.to_string())
}

/// Where progress in walkthroughs is kept: the state directory, or on systems without one the data directory.
fn progress_file() -> Option<std::path::PathBuf> {
    let directories = etcetera::choose_base_strategy().ok()?;
    let state = directories.state_dir().unwrap_or_else(|| directories.data_dir());
    Some(state.join("oauthlens").join("walkthroughs.json"))
}
