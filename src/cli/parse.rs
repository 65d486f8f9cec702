//! Arguments to [`Cli`]. Nothing here costs more than clap itself: words are looked up only when there is something to say.

use std::ffi::OsString;

use clap::{
    Command, CommandFactory as _, Error, FromArgMatches as _,
    error::{ContextKind, ContextValue, ErrorKind},
    parser::ValueSource,
};

use crate::cli::{Cli, Command as What, FlowOptions, LookOptions};

/// The options that may be given before a command: they apply to every one.
const BEFORE_A_COMMAND: [&str; 5] = ["lang", "theme", "no_motion", "ascii", "log"];

/// Reads the arguments, the program's name first.
///
/// # Errors
/// What clap has to say: help, the version, or why they are refused. [`crate::cli::errors::words`] says it in a person's
/// language.
pub fn parse(arguments: &[OsString]) -> Result<Cli, Box<Error>> {
    if let Some(cli) = plain(arguments) {
        return Ok(cli);
    }
    let mut command = Cli::command();
    let matches = command.try_get_matches_from_mut(arguments)?;
    if let Some(name) = matches.subcommand_name() {
        let misplaced: Vec<String> = command
            .get_arguments()
            .filter(|argument| !BEFORE_A_COMMAND.contains(&argument.get_id().as_str()))
            .filter(|argument| {
                matches.value_source(argument.get_id().as_str()) == Some(ValueSource::CommandLine)
            })
            .filter_map(|argument| argument.get_long().map(|long| format!("--{long}")))
            .collect();
        if !misplaced.is_empty() {
            let mut error = Error::new(ErrorKind::ArgumentConflict);
            error.insert(
                ContextKind::InvalidSubcommand,
                ContextValue::String(name.to_owned()),
            );
            error.insert(ContextKind::PriorArg, ContextValue::Strings(misplaced));
            return Err(Box::new(error));
        }
    }
    let mut cli = Cli::from_arg_matches(&matches)?;
    settle_look(&mut cli);
    Ok(cli)
}

/// The two command lines by which the terminal interface is mostly started. They are recognised without building clap's
/// tree of commands and options, which would cost a tenth of the time to the first frame.
fn plain(arguments: &[OsString]) -> Option<Cli> {
    let command = match arguments {
        [_program] => None,
        [_program, demo] if demo == "demo" => Some(What::Demo(Box::default())),
        _ => return None,
    };
    Some(Cli {
        command,
        flow: FlowOptions::default(),
        look: LookOptions::default(),
    })
}

/// Language and colours hold wherever they stood; behind the command goes before in front of it.
fn settle_look(cli: &mut Cli) {
    let behind = match &cli.command {
        None => LookOptions::default(),
        Some(What::Demo(options)) => options.look.clone(),
        Some(What::Walkthrough(options)) => options.look.clone(),
        Some(What::Run(options)) => options.look.clone(),
        Some(What::Device(options)) => options.look.clone(),
        Some(What::Token(options)) => options.look.clone(),
        Some(What::Explain(options)) => options.look.clone(),
        Some(What::Replay(options)) => options.look.clone(),
        Some(What::Tap(options)) => options.look.clone(),
        Some(What::Simulate(options)) => LookOptions {
            log: options.log.clone(),
            ..speaking(options.lang.as_ref())
        },
        Some(What::Config(options)) => speaking(options.lang.as_ref()),
        Some(What::Completions(options)) => speaking(options.lang.as_ref()),
        Some(What::Man(options)) => speaking(options.lang.as_ref()),
    };
    cli.look.lang = behind.lang.or(cli.look.lang.take());
    cli.look.theme = behind.theme.or(cli.look.theme.take());
    cli.look.no_motion |= behind.no_motion;
    cli.look.ascii |= behind.ascii;
    cli.look.log = behind.log.or(cli.look.log.take());
    let look = cli.look.clone();
    let flow = match &mut cli.command {
        Some(What::Run(options)) => {
            options.flow.json = options.form.json;
            &mut options.flow
        }
        _ => &mut cli.flow,
    };
    flow.lang = look.lang;
    flow.theme = look.theme;
    flow.no_motion = look.no_motion;
    flow.ascii = look.ascii;
}

/// A language and nothing to colour.
fn speaking(lang: Option<&String>) -> LookOptions {
    LookOptions {
        lang: lang.cloned(),
        ..LookOptions::default()
    }
}

/// What `--lang` says, wherever it stands, in arguments that may be wrong otherwise.
pub fn language_tag(arguments: &[OsString]) -> Option<String> {
    let mut found = None;
    let mut rest = arguments
        .iter()
        .skip(1)
        .map(|argument| argument.to_string_lossy());
    while let Some(argument) = rest.next() {
        match argument.as_ref() {
            "--" => break,
            "--lang" => found = rest.next().map(std::borrow::Cow::into_owned).or(found),
            argument => {
                if let Some(tag) = argument.strip_prefix("--lang=") {
                    found = Some(tag.to_owned());
                }
            }
        }
    }
    found
}

/// The command that arguments name, which may be wrong otherwise; the program itself where they name none.
pub(super) fn named<'c>(root: &'c Command, arguments: &[OsString]) -> Option<&'c Command> {
    let mut rest = arguments
        .iter()
        .skip(1)
        .map(|argument| argument.to_string_lossy());
    while let Some(argument) = rest.next() {
        if let Some(name) = argument.strip_prefix("--") {
            let takes_value = root.get_arguments().any(|known| {
                known.get_long() == Some(name)
                    && known.get_num_args().is_some_and(|number| number.takes_values())
            });
            if takes_value {
                rest.next();
            }
        } else if !argument.starts_with('-') {
            return root.find_subcommand(argument.as_ref());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use crate::cli::parse::*;

    fn arguments(line: &str) -> Vec<OsString> {
        format!("oauthlens {line}")
            .split_whitespace()
            .map(OsString::from)
            .collect()
    }

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn what_is_known_without_clap_is_what_clap_makes_of_it() {
        for line in ["", "demo"] {
            let arguments = arguments(line);
            let mut known = plain(&arguments).unwrap();
            settle_look(&mut known);
            let read = Cli::try_parse_from(&arguments).unwrap();
            assert_eq!(format!("{known:?}"), format!("{read:?}"), "{line}");
        }
        assert!(plain(&arguments("demo --lang en")).is_none());
    }

    #[test]
    fn language_and_colours_hold_wherever_they_stand() {
        for line in [
            "--lang zh-CN --theme dark run --demo",
            "run --lang zh-CN --demo --theme=dark",
            "--lang en run --demo --lang=zh-CN --theme dark",
        ] {
            let cli = parse(&arguments(line)).unwrap();
            let Some(What::Run(options)) = &cli.command else {
                panic!("{line}: {:?}", cli.command);
            };
            for (lang, theme) in [
                (&cli.look.lang, &cli.look.theme),
                (&options.flow.lang, &options.flow.theme),
            ] {
                assert_eq!(lang.as_deref(), Some("zh-CN"), "{line}");
                assert_eq!(theme.as_deref(), Some("dark"), "{line}");
            }
        }
        let cli = parse(&arguments("--lang zh-CN --client-id x")).unwrap();
        assert_eq!(cli.flow.lang.as_deref(), Some("zh-CN"));
    }

    #[test]
    fn an_option_of_a_command_is_not_taken_in_front_of_it() {
        let error = parse(&arguments("--client-id x --no-pkce demo")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ArgumentConflict);
        let misplaced = ["--client-id", "--no-pkce"].map(str::to_owned).to_vec();
        assert_eq!(
            error.get(ContextKind::PriorArg),
            Some(&ContextValue::Strings(misplaced))
        );
    }

    #[test]
    fn language_and_command_are_found_in_a_line_that_is_wrong() {
        for (line, tag, command) in [
            ("run --bogus --lang zh-CN", Some("zh-CN"), Some("run")),
            ("--lang=zh-CN frobnicate", Some("zh-CN"), None),
            (
                "--lang zh-CN --client-id demo run --help",
                Some("zh-CN"),
                Some("run"),
            ),
            ("--client-id=demo", None, None),
            ("explain -- --lang zh-CN", None, Some("explain")),
            ("run --lang", None, Some("run")),
        ] {
            let arguments = arguments(line);
            assert_eq!(language_tag(&arguments).as_deref(), tag, "{line}");
            let mut root = Cli::command();
            root.build();
            let named = named(&root, &arguments).map(Command::get_name);
            assert_eq!(named, command, "{line}");
        }
    }
}
