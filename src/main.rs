//! oauthlens, the program: reads the arguments, chooses the front end, gives the exit status.

use std::{
    ffi::OsString,
    io::{IsTerminal as _, Write as _},
    path::Path,
    process::ExitCode,
};

use oauthlens::{
    cli::{
        Cli, Command, FlowOptions,
        commands::{self, Exit, Streams, interactive},
        errors, parse,
        settings::{self, NamedTheme, Problem, SettingsError, Surroundings},
    },
    io::{self, environment, files, secrets},
    render::reports,
    text::catalog::{Language, Messages},
    ui::{
        terminal::{self, Open},
        view::theme::Theme,
    },
};

/// The width of reports in a pipe, and at most in a terminal: longer lines are hard to read.
const REPORT_WIDTH: usize = 100;

fn main() -> ExitCode {
    end_on_panic();
    let arguments = environment::arguments();
    let surroundings = Surroundings {
        variable: &environment::variable,
        read: &files::read_text,
        file: &|| files::settings().map_err(|(path, error)| unreadable(path, &error)),
        command: &secrets::printed_by,
        prompt: None,
        open_to_others: &secrets::open_to_others,
        locale: sys_locale::get_locale(),
    };
    let exit = match parse::parse(&arguments) {
        Ok(cli) => start(&cli, &surroundings).unwrap_or_else(|error| {
            complain(
                &error,
                language_of_errors(cli.look.lang.as_deref(), &surroundings),
            )
        }),
        Err(error) => {
            let tag = parse::language_tag(&arguments);
            answer(
                &error,
                &arguments,
                language_of_errors(tag.as_deref(), &surroundings),
            )
        }
    };
    tracing::info!(exit = ?exit);
    // Not a return from main: a thread may still wait for standard input.
    std::process::exit(exit as i32)
}

/// A panic is said and ends the program, on whatever task it happens; by an exit, since the core of an aborted one could hold
/// a secret.
fn end_on_panic() {
    std::panic::set_hook(Box::new(|panic| {
        let _ = writeln!(std::io::stderr(), "{}", errors::of_a_panic(panic));
        std::process::exit(101);
    }));
}

/// The language in which something is said that ends the program. A tag that names none is another error.
fn language_of_errors(tag: Option<&str>, surroundings: &Surroundings<'_>) -> Language {
    settings::language_for(tag, surroundings)
        .or_else(|_| settings::language_for(None, surroundings))
        .unwrap_or_default()
}

fn start_log(cli: &Cli) -> Result<(), SettingsError> {
    let Some(path) = &cli.look.log else {
        return Ok(());
    };
    io::log::start(Path::new(path)).map_err(|error| {
        SettingsError::new(Problem::Unwritable)
            .with("path", path)
            .with("reason", error.to_string())
    })
}

fn start(cli: &Cli, surroundings: &Surroundings<'_>) -> Result<Exit, SettingsError> {
    start_log(cli)?;
    let named = cli.look.theme.as_deref().map(NamedTheme::of_flag);
    let theme = || interactive::theme(named.as_ref(), surroundings);
    // An unknown theme is an error even if the command would not use it.
    if named.is_some() {
        theme()?;
    }
    let tag = cli.look.lang.as_deref();
    settings::language(tag, None)?;
    let standard = || theme().map(Standard::new);
    let messages = || Ok(Messages::new(settings::language_for(tag, surroundings)?));
    match &cli.command {
        None => interact(&cli.flow, surroundings, false, None),
        Some(Command::Demo(options)) => {
            let flow = FlowOptions {
                app: options.app.clone(),
                ..cli.flow.clone()
            };
            interact(&flow, surroundings, true, None)
        }
        Some(Command::Walkthrough(options)) => {
            let script = commands::read_walkthrough(options.file.as_deref(), &messages()?)?;
            let open = Open::Walkthrough {
                script,
                from_start: options.from_start,
            };
            let flow = FlowOptions {
                app: options.app.clone(),
                ..cli.flow.clone()
            };
            interact(&flow, surroundings, true, Some(open))
        }
        Some(Command::Run(options)) => {
            let settings = if options.demo {
                settings::settle_demo(&options.flow, surroundings)?
            } else {
                let question = &messages()?.command_line().run.ask_for_secret.clone();
                let prompt = || secrets::asked_for(question);
                let asking = Surroundings {
                    prompt: Some(&prompt),
                    locale: surroundings.locale.clone(),
                    ..*surroundings
                };
                settings::settle(&options.flow, &asking)?
            };
            let messages = Messages::new(settings.language);
            runtime()?.block_on(commands::run(options, settings, &messages, standard()?.streams()))
        }
        Some(Command::Explain(options)) => {
            commands::explain(options, &messages()?, &mut standard()?.streams())
        }
        Some(Command::Device(options)) => {
            let mut standard = standard()?;
            if !options.is_unattended() && standard.terminal {
                interactive::device(options, surroundings)?;
                return Ok(Exit::Good);
            }
            let settings = commands::device_settings(options, surroundings)?;
            let messages = Messages::new(settings.language);
            runtime()?.block_on(commands::device(options, settings, &messages, standard.streams()))
        }
        Some(Command::Token(options)) => {
            let settings = commands::token_settings(options, surroundings)?;
            let (messages, mut standard) = (Messages::new(settings.language), standard()?);
            let done = commands::token(options, settings, surroundings, &messages, standard.streams());
            runtime()?.block_on(done)
        }
        Some(Command::Replay(options)) => {
            let mut standard = standard()?;
            let transcript = commands::read_transcript(&options.file)?;
            if options.form.asked_for().is_some() || !standard.terminal {
                return commands::report_on(&transcript, options, &messages()?, &mut standard.streams());
            }
            interact(&cli.flow, surroundings, false, Some(Open::Replay(transcript)))
        }
        Some(Command::Tap(options)) => {
            let mut standard = standard()?;
            let settings = commands::tap_settings(options, &cli.look, surroundings)?;
            commands::tap(options, &settings, &messages()?, standard.streams())
        }
        Some(Command::Config(options)) => commands::config(
            options.action,
            surroundings,
            &messages()?,
            &mut standard()?.streams(),
        ),
        Some(Command::Completions(options)) => {
            commands::completions(options.shell, &messages()?, &mut standard()?.streams())
        }
        Some(Command::Man(options)) => commands::man(
            options.command.as_deref(),
            &messages()?,
            &mut standard()?.streams(),
        ),
        Some(Command::Simulate(options)) => {
            let mut standard = standard()?;
            let streams = standard.streams();
            runtime()?.block_on(commands::simulate(options, surroundings, &messages()?, streams))
        }
    }
}

/// Standard output and standard error; the terminal is asked about itself at the first write.
struct Standard {
    out: std::io::Stdout,
    err: std::io::Stderr,
    terminal: bool,
    color: bool,
}

impl Standard {
    fn new(theme: Theme) -> Self {
        let out = std::io::stdout();
        let terminal = out.is_terminal();
        Self {
            out,
            err: std::io::stderr(),
            terminal,
            color: terminal && theme != Theme::None,
        }
    }

    fn streams(&mut self) -> Streams<'_> {
        Streams {
            out: &mut self.out,
            err: &mut self.err,
            width: width(self.terminal),
            color: self.color,
        }
    }
}

fn interact(
    options: &FlowOptions,
    surroundings: &Surroundings<'_>,
    demo: bool,
    open: Option<Open>,
) -> Result<Exit, SettingsError> {
    interactive::run(options, surroundings, demo, open)?;
    Ok(Exit::Good)
}

fn width(terminal: bool) -> usize {
    if terminal { terminal::width() } else { None }.map_or(REPORT_WIDTH, |width| width.min(REPORT_WIDTH))
}

fn unreadable(path: String, error: &std::io::Error) -> SettingsError {
    SettingsError::new(Problem::Unreadable)
        .with("path", path)
        .with("reason", error.to_string())
}

fn runtime() -> Result<tokio::runtime::Runtime, SettingsError> {
    io::runtime().map_err(|error| {
        SettingsError::new(Problem::CannotBind)
            .with("address", "tokio")
            .with("reason", error.to_string())
    })
}

/// Prints help, the version, or what is wrong with the command line.
fn answer(error: &clap::Error, arguments: &[OsString], language: Language) -> Exit {
    let messages = Messages::new(language);
    let (mut out, mut err) = (std::io::stdout(), std::io::stderr());
    let terminal = out.is_terminal();
    let color = terminal && Theme::from_environment(environment::variable) != Theme::None;
    let answer = errors::words(error, arguments, messages.help(), width(terminal));
    if answer.refused {
        let _ = err.write_all(reports::text::lines(&answer.lines, false).as_bytes());
        return Exit::Usage;
    }
    let mut streams = Streams {
        out: &mut out,
        err: &mut err,
        width: REPORT_WIDTH,
        color,
    };
    match streams.result(&reports::text::lines(&answer.lines, color)) {
        Ok(()) => Exit::Good,
        Err(error) => complain(&error, language),
    }
}

/// Says why the program cannot go on. The terminal may be closed by then, which is not a reason to panic.
fn complain(error: &SettingsError, language: Language) -> Exit {
    let text = error.text(Messages::new(language).command_line());
    let _ = writeln!(std::io::stderr(), "oauthlens: {text}");
    Exit::Usage
}
