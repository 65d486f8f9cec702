//! oauthlens, the program: reads the arguments, chooses the front end, gives the exit status.

use std::{io::IsTerminal as _, process::ExitCode};

use clap::Parser as _;
use oauthlens::{
    cli::{Cli, Command, FlowOptions},
    edge::files,
    headless::{self, Exit, Streams},
    interactive,
    locale::{Language, Messages},
    settings::{self, Problem, SettingsError, Surroundings},
    tui::{self, Open, theme::Theme},
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
    let mut language =
        settings::language(language_flag(&cli), surroundings.locale.as_deref()).unwrap_or_default();
    let exit = files::settings()
        .map_err(|(path, error)| unreadable(path, &error))
        .and_then(|file| {
            surroundings.file = file;
            language = settings::language_for(language_flag(&cli), &surroundings)?;
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
        Some(Command::Walkthrough(options)) => options.flow.lang.as_deref(),
        Some(Command::Run(options)) => options.flow.lang.as_deref(),
        Some(Command::Explain(options)) => options.lang.as_deref(),
        Some(Command::Replay(options)) => options.lang.as_deref(),
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
        None => interact(&cli.flow, surroundings, false, None),
        Some(Command::Demo(options)) => interact(&options.flow, surroundings, true, None),
        Some(Command::Walkthrough(options)) => {
            let language = settings::language(options.flow.lang.as_deref(), surroundings.locale.as_deref())?;
            let script = headless::read_walkthrough(options.file.as_deref(), &Messages::new(language))?;
            let open = Open::Walkthrough {
                script,
                from_start: options.from_start,
            };
            interact(&options.flow, surroundings, true, Some(open))
        }
        Some(Command::Run(options)) => {
            let settings = settings::settle(&options.flow, surroundings)?;
            let messages = Messages::new(settings.language);
            runtime()?.block_on(headless::run(options, settings, &messages, streams))
        }
        Some(Command::Explain(options)) => {
            let language = settings::language_for(options.lang.as_deref(), surroundings)?;
            headless::explain(options, &Messages::new(language), &mut streams)
        }
        Some(Command::Replay(options)) => {
            let messages = Messages::new(settings::language_for(options.lang.as_deref(), surroundings)?);
            let transcript = headless::read_transcript(&options.file)?;
            if options.json || options.plain || !terminal {
                return Ok(headless::report_on(&transcript, options, &messages, &mut streams));
            }
            let flow = FlowOptions {
                lang: options.lang.clone(),
                ..FlowOptions::default()
            };
            interact(&flow, surroundings, false, Some(Open::Replay(transcript)))
        }
        Some(Command::Simulate(options)) => {
            runtime()?.block_on(headless::simulate(options, surroundings, streams))
        }
    }
}

fn interact(
    options: &FlowOptions,
    surroundings: &Surroundings<'_>,
    demo: bool,
    open: Option<Open>,
) -> Result<Exit, SettingsError> {
    runtime()?.block_on(interactive::run(options, surroundings, demo, open))?;
    Ok(Exit::Good)
}

fn unreadable(path: String, error: &std::io::Error) -> SettingsError {
    SettingsError::new(Problem::Unreadable)
        .with("path", path)
        .with("reason", error.to_string())
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
