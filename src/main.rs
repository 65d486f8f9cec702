//! oauthlens, the program: reads the arguments, chooses the front end, gives the exit status.

use std::{io::IsTerminal as _, process::ExitCode};

use clap::Parser as _;
use etcetera::BaseStrategy as _;
use oauthlens::{
    cli::{Cli, Command, FlowOptions},
    edge::{clock::Clock, entropy, files},
    headless::{self, Exit, Streams},
    locale::{Language, Messages},
    settings::{self, Problem, SettingsError, Surroundings},
    tui::{self, theme::Theme},
};

/// The width of reports in a pipe, and at most in a terminal: longer lines are hard to read.
const REPORT_WIDTH: usize = 100;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let variable = |name: &str| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned());
    let mut surroundings = Surroundings {
        variable: &variable,
        read: &files::read_text,
        file: None,
        locale: sys_locale::get_locale(),
    };
    // The language as far as it is known before anything can go wrong, so that errors are said in it.
    let language =
        settings::language(language_flag(&cli), surroundings.locale.as_deref()).unwrap_or_default();
    let exit = settings_file()
        .and_then(|file| {
            surroundings.file = file;
            start(&cli, &surroundings)
        })
        .unwrap_or_else(|error| complain(&error, language));
    // Not a return from main: a thread may still wait for standard input.
    std::process::exit(exit as i32)
}

fn language_flag(cli: &Cli) -> Option<&str> {
    match &cli.command {
        None => cli.flow.lang.as_deref(),
        Some(Command::Demo(options)) => options.flow.lang.as_deref(),
        Some(Command::Run(options)) => options.flow.lang.as_deref(),
        Some(Command::Explain(options)) => options.lang.as_deref(),
        Some(Command::Simulate(options)) => options.lang.as_deref(),
    }
}

fn start(cli: &Cli, surroundings: &Surroundings<'_>) -> Result<Exit, SettingsError> {
    let (mut out, mut err) = (std::io::stdout(), std::io::stderr());
    let terminal = out.is_terminal();
    let mut streams = Streams {
        out: &mut out,
        err: &mut err,
        width: if terminal { tui::width() } else { None }
            .map_or(REPORT_WIDTH, |width| width.min(REPORT_WIDTH)),
        color: terminal && Theme::from_environment(surroundings.variable) != Theme::None,
    };
    match &cli.command {
        None => terminal_interface(&cli.flow, surroundings, false),
        Some(Command::Demo(options)) => terminal_interface(&options.flow, surroundings, true),
        Some(Command::Run(options)) => {
            let settings = settings::settle(&options.flow, surroundings)?;
            let messages = Messages::new(settings.language);
            runtime()?.block_on(headless::run(options, settings, &messages, streams))
        }
        Some(Command::Explain(options)) => {
            let language = settings::language(options.lang.as_deref(), surroundings.locale.as_deref())?;
            headless::explain(options, &Messages::new(language), &mut streams)
        }
        Some(Command::Simulate(options)) => {
            settings::language(options.lang.as_deref(), surroundings.locale.as_deref())?;
            runtime()?.block_on(headless::simulate(options, surroundings, streams))
        }
    }
}

/// `oauthlens` and `oauthlens demo`.
fn terminal_interface(
    options: &FlowOptions,
    surroundings: &Surroundings<'_>,
    demo: bool,
) -> Result<Exit, SettingsError> {
    let settings = settings::settle(options, surroundings)?;
    if !(std::io::stdin().is_terminal() && std::io::stdout().is_terminal()) {
        return Err(SettingsError::new(Problem::NoTerminal));
    }
    let theme = match settings.theme.as_deref() {
        Some(name) => Theme::from_name(name).ok_or_else(|| {
            SettingsError::new(Problem::UnknownTheme)
                .with("value", name)
                .with("expected", Theme::NAMES.join(", "))
        })?,
        None => Theme::from_environment(surroundings.variable),
    };
    runtime()?.block_on(async {
        let clock = Clock::default();
        let mut configuration = settings.configuration;
        let server = demo
            .then(|| headless::start_demo(&mut configuration, options, clock.clone()))
            .transpose()?;
        let entropy = entropy::from_system().map_err(no_terminal)?;
        let (language, ca_file) = (settings.language, settings.ca_file);
        let start = tui::Start {
            configuration,
            language,
            theme,
            ca_file,
            server,
            clock,
            entropy,
        };
        tui::run(start).await.map_err(no_terminal)
    })?;
    Ok(Exit::Good)
}

fn no_terminal(error: std::io::Error) -> SettingsError {
    SettingsError::new(Problem::TerminalFailed).with("reason", error.to_string())
}

/// One thread is enough: a flow waits far more than it works.
fn runtime() -> Result<tokio::runtime::Runtime, SettingsError> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| {
            SettingsError::new(Problem::CannotBind)
                .with("address", "tokio")
                .with("reason", error.to_string())
        })
}

/// The settings file of this user, where there is one.
fn settings_file() -> Result<Option<(String, String)>, SettingsError> {
    let Ok(directories) = etcetera::choose_base_strategy() else {
        return Ok(None);
    };
    let path = directories.config_dir().join("oauthlens").join("settings.toml");
    if !path.exists() {
        return Ok(None);
    }
    let path = path.to_string_lossy().into_owned();
    match files::read_text(&path) {
        Ok(text) => Ok(Some((path, text))),
        Err(error) => Err(SettingsError::new(Problem::Unreadable)
            .with("path", path)
            .with("reason", error.to_string())),
    }
}

#[expect(
    clippy::print_stderr,
    reason = "an error about settings is all there is to say"
)]
fn complain(error: &SettingsError, language: Language) -> Exit {
    eprintln!(
        "oauthlens: {}",
        error.text(Messages::new(language).command_line())
    );
    Exit::Usage
}
