//! What a package of oauthlens brings beside the program: completions for a shell and manual pages, made from the command line
//! as it stands and in the words of its help.

use clap::{Command, CommandFactory as _};

use crate::{
    cli::{
        Cli,
        commands::{Exit, Streams},
        help,
        settings::{Problem, SettingsError},
        words::help::HelpProse,
    },
    text::{catalog::Messages, nearest::nearest},
};

/// Prints the completions of a shell.
///
/// # Errors
/// They cannot be written: exit status 2.
pub fn completions(
    shell: clap_complete::Shell,
    messages: &Messages,
    streams: &mut Streams<'_>,
) -> Result<Exit, SettingsError> {
    let mut command = worded(messages.help());
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, name, &mut script);
    streams.result(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Good)
}

/// Prints the manual page of the program, or of one command.
///
/// # Errors
/// There is no such command, or the page cannot be written: exit status 2.
pub fn man(
    command: Option<&str>,
    messages: &Messages,
    streams: &mut Streams<'_>,
) -> Result<Exit, SettingsError> {
    let root = worded(messages.help());
    let page = match command {
        None => root,
        Some(name) => {
            let known = || root.get_subcommands().map(Command::get_name);
            root.find_subcommand(name).cloned().ok_or_else(|| {
                let expected = nearest(name, known())
                    .map_or_else(|| known().collect::<Vec<_>>().join(", "), str::to_owned);
                SettingsError::new(Problem::UnknownCommand)
                    .with("value", name)
                    .with("expected", expected)
            })?
        }
    };
    let mut roff = Vec::new();
    clap_mangen::Man::new(page)
        .render(&mut roff)
        .map_err(|error| SettingsError::new(Problem::OutputUnwritable).with("reason", error.to_string()))?;
    streams.result(&String::from_utf8_lossy(&roff))?;
    Ok(Exit::Good)
}

/// The command line with the words of its help, which clap does not have otherwise, and without what is hidden: some of
/// clap's scripts would offer it.
fn worded(prose: &HelpProse) -> Command {
    let mut root = shown(&Cli::command()).version(env!("CARGO_PKG_VERSION"));
    root.build();
    let names: Vec<String> = root
        .get_subcommands()
        .map(|command| command.get_name().to_owned())
        .collect();
    let mut root = with_words(root, prose);
    for name in names {
        root = root.mut_subcommand(name, |command| with_words(command, prose));
    }
    root
}

/// A command without its hidden arguments; clap can take none away.
fn shown(command: &Command) -> Command {
    // clap wants names that last as long as the program, which ends when they are printed.
    let name: &'static str = command.get_name().to_owned().leak();
    Command::new(name)
        .disable_help_subcommand(true)
        .args(command.get_arguments().filter(|argument| !argument.is_hide_set()))
        .subcommands(command.get_subcommands().map(shown))
}

fn with_words(command: Command, prose: &HelpProse) -> Command {
    let name = command.get_name().to_owned();
    let about = prose.command.get(&name).cloned().unwrap_or_default();
    let mut command = command.about(about);
    if let Some(more) = prose.more.get(&name) {
        command = command.long_about(more.clone());
    }
    if let Some(after) = prose.after.get(&name) {
        command = command.after_help(after.clone());
    }
    command.mut_args(|argument| {
        let words = help::option_words(prose, &name, argument.get_id().as_str());
        let words = words.unwrap_or_default().replace('\u{a0}', " ");
        argument.help(words)
    })
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum as _;

    use crate::{cli::commands::packaging::*, text::catalog::Language};

    fn printed(print: impl Fn(&Messages, &mut Streams<'_>) -> Result<Exit, SettingsError>) -> String {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut streams = Streams {
            out: &mut out,
            err: &mut err,
            width: 80,
            color: false,
        };
        print(&Messages::new(Language::English), &mut streams).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_shell_learns_every_command_and_no_hidden_option() {
        let root = Cli::command();
        for shell in clap_complete::Shell::value_variants() {
            let script = printed(|messages, streams| completions(*shell, messages, streams));
            for command in root.get_subcommands() {
                assert!(
                    script.contains(command.get_name()),
                    "{shell}: {}",
                    command.get_name()
                );
            }
            let hidden = script
                .match_indices("client-secret")
                .any(|(at, name)| !script[at + name.len()..].starts_with('-'));
            assert!(!hidden, "{shell}");
        }
    }

    #[test]
    fn a_page_has_the_words_of_the_help() {
        let page = printed(|messages, streams| man(Some("replay"), messages, streams));
        let help = Messages::new(Language::English);
        let words = help::option_words(help.help(), "replay", "file").unwrap();
        assert!(page.contains(".TH oauthlens-replay"), "{page}");
        // Its end, since roff writes quotes and dashes in its own way.
        let end: String = words.chars().skip(words.chars().count() - 18).collect();
        assert!(page.contains(&end), "{words}\n{page}");
    }

    #[test]
    fn an_unknown_command_is_answered_with_the_nearest() {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut streams = Streams {
            out: &mut out,
            err: &mut err,
            width: 80,
            color: false,
        };
        let error = man(Some("replya"), &Messages::new(Language::English), &mut streams).unwrap_err();
        assert_eq!(error.problem, Problem::UnknownCommand);
        assert!(
            error.values.contains(&("expected", "replay".to_owned())),
            "{error:?}"
        );
    }
}
