//! Help: the command tree as it stands, in the words of a language.

use clap::{Arg, ArgAction, Command, builder::PossibleValue};

use crate::{
    cli::words::help::HelpProse,
    render::text::{
        layout::{NARROWEST, hanging, indented, paragraph, widest},
        line::{Line, Tone},
    },
    text::template::fill,
};

/// The help of a command, or of the program where it is the root. `long` is `--help`, the rest is `-h`. The command must
/// have been built, so that its help option is in it.
pub fn page(root: &Command, command: &Command, prose: &HelpProse, long: bool, width: usize) -> Vec<Line> {
    let width = width.max(NARROWEST);
    let name = command.get_name();
    let mut lines = paragraph(of(&prose.command, name), Tone::Plain, width);
    if let Some(more) = prose.more.get(name).filter(|_| long) {
        lines.push(Line::default());
        lines.extend(paragraph(more, Tone::Plain, width));
    }
    lines.push(Line::default());
    lines.push(
        Line::new(&prose.heading.usage, Tone::Label)
            .then(gap(&prose.heading.usage), Tone::Plain)
            .then(usage(root, command, prose), Tone::Plain),
    );
    let mut rows = Vec::new();
    for known in command.get_subcommands() {
        rows.push(vec![(
            known.get_name().to_owned(),
            of(&prose.command, known.get_name()).to_owned(),
        )]);
    }
    section(&mut lines, &prose.heading.commands, rows, width);
    for (heading, positional) in [(&prose.heading.arguments, true), (&prose.heading.options, false)] {
        let rows = command
            .get_arguments()
            .filter(|argument| argument.is_positional() == positional && !argument.is_hide_set())
            .map(|argument| option(command, argument, prose, long))
            .collect();
        section(&mut lines, heading, rows, width);
    }
    if let Some(after) = prose.after.get(name).filter(|_| long) {
        lines.push(Line::default());
        lines.extend(paragraph(after, Tone::Plain, width));
    }
    lines
}

/// `oauthlens run [OPTIONS]`.
pub(super) fn usage(root: &Command, command: &Command, prose: &HelpProse) -> String {
    let mut usage = full_name(root, command);
    usage.push_str(" [");
    usage.push_str(&prose.heading.options_in_usage);
    usage.push(']');
    for positional in command.get_positionals() {
        usage.push(' ');
        usage.push_str(&positional_spec(positional));
    }
    if command.has_subcommands() {
        usage.push_str(" [");
        usage.push_str(&prose.heading.command_in_usage);
        usage.push(']');
    }
    usage
}

/// `oauthlens run`.
pub(super) fn full_name(root: &Command, command: &Command) -> String {
    if root.get_name() == command.get_name() {
        root.get_name().to_owned()
    } else {
        format!("{} {}", root.get_name(), command.get_name())
    }
}

/// The words for an option of a command: its own, or those that it shares with other commands.
pub fn option_words<'p>(prose: &'p HelpProse, command: &str, id: &str) -> Option<&'p str> {
    let own = prose.option_of.get(command).and_then(|options| options.get(id));
    own.or_else(|| prose.option.get(id)).map(String::as_str)
}

/// The words for a value that an option may take.
pub fn value_words<'p>(prose: &'p HelpProse, id: &str, value: &str) -> Option<&'p str> {
    Some(prose.value.get(id)?.get(value)?.as_str())
}

fn of<'p>(words: &'p std::collections::BTreeMap<String, String>, name: &str) -> &'p str {
    words.get(name).map_or("", String::as_str)
}

/// A space behind a heading, but none where its colon is as wide as two.
fn gap(heading: &str) -> &'static str {
    if heading.ends_with('：') { "" } else { " " }
}

/// A section of rows: what it is, and words that wrap under themselves. The lines of a row stand together.
fn section(lines: &mut Vec<Line>, heading: &str, rows: Vec<Vec<(String, String)>>, width: usize) {
    if rows.is_empty() {
        return;
    }
    lines.push(Line::default());
    lines.push(Line::new(heading, Tone::Label));
    let labels = rows
        .iter()
        .filter_map(|row| row.first())
        .map(|(label, _)| label.as_str());
    let indent = (widest(labels) + 2).min(width / 2);
    for (label, words) in rows.into_iter().flatten() {
        let label = Line::new(label, Tone::Accent);
        let row = hanging(label, &words, Tone::Plain, indent, width - 2);
        lines.extend(indented(row, 2).into_iter().map(with_spaces));
    }
}

/// No-break spaces have kept together what belongs together, and are spaces on the screen.
fn with_spaces(mut line: Line) -> Line {
    for span in &mut line.0 {
        span.text = span.text.replace('\u{a0}', " ");
    }
    line
}

/// An option with its words; in the long form a row more for each value that it may take.
fn option(command: &Command, argument: &Arg, prose: &HelpProse, long: bool) -> Vec<(String, String)> {
    let id = argument.get_id().as_str();
    let mut words = option_words(prose, command.get_name(), id)
        .unwrap_or_default()
        .to_owned();
    let mut add = |template: &str, value: &str| {
        words.push_str(&fill(template, |_| Some(value)));
    };
    let defaults: Vec<_> = argument
        .get_default_values()
        .iter()
        .map(|value| value.to_string_lossy())
        .collect();
    // What a switch is without being given needs no word.
    let takes_value = argument
        .get_num_args()
        .is_some_and(|number| number.takes_values());
    if takes_value && !defaults.is_empty() {
        add(&prose.default, &defaults.join(" "));
    }
    let values: Vec<PossibleValue> = if takes_value {
        argument.get_possible_values()
    } else {
        Vec::new()
    };
    if !long && !values.is_empty() {
        let names: Vec<&str> = values.iter().map(PossibleValue::get_name).collect();
        add(&prose.possible_values, &names.join(", "));
    }
    let mut rows = vec![(spec(argument), words)];
    if long {
        rows.extend(values.iter().map(|value| {
            let words = value_words(prose, id, value.get_name()).unwrap_or_default();
            let words = fill(&prose.value_row, |name| match name {
                "value" => Some(value.get_name()),
                "words" => Some(words),
                _ => None,
            });
            (String::new(), words)
        }));
    }
    rows
}

fn spec(argument: &Arg) -> String {
    if argument.is_positional() {
        return positional_spec(argument);
    }
    let mut spec = match argument.get_short() {
        Some(short) => format!("-{short}, "),
        None => "    ".to_owned(),
    };
    spec.push_str("--");
    spec.push_str(argument.get_long().unwrap_or_default());
    if matches!(argument.get_action(), ArgAction::Set | ArgAction::Append) {
        for name in argument.get_value_names().unwrap_or_default() {
            spec.push_str(" <");
            spec.push_str(name);
            spec.push('>');
        }
    }
    spec
}

fn positional_spec(argument: &Arg) -> String {
    let names = argument.get_value_names().unwrap_or_default();
    let name = names.first().map_or("", |name| name.as_str());
    if argument.is_required_set() {
        format!("<{name}>")
    } else {
        format!("[{name}]")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::CommandFactory as _;

    use crate::cli::help::*;
    use crate::{
        cli::Cli,
        text::catalog::{Language, Messages},
    };

    fn built() -> Command {
        let mut root = Cli::command();
        root.build();
        root
    }

    fn commands(root: &Command) -> Vec<&Command> {
        std::iter::once(root).chain(root.get_subcommands()).collect()
    }

    #[test]
    fn every_command_option_and_value_has_its_words_and_no_word_is_left_over() {
        let root = built();
        for language in Language::ALL {
            let messages = Messages::new(language);
            let prose = messages.help();
            let (mut names, mut shared, mut own) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
            let mut values = BTreeSet::new();
            for command in commands(&root) {
                let name = command.get_name();
                names.insert(name.to_owned());
                assert!(!of(&prose.command, name).is_empty(), "{language:?}: {name}");
                for argument in command.get_arguments().filter(|argument| !argument.is_hide_set()) {
                    let id = argument.get_id().as_str();
                    let words = option_words(prose, name, id);
                    assert!(
                        words.is_some_and(|words| !words.is_empty()),
                        "{language:?}: {name} {id}"
                    );
                    if prose.option_of.get(name).is_some_and(|own| own.contains_key(id)) {
                        own.insert((name.to_owned(), id.to_owned()));
                    } else {
                        shared.insert(id.to_owned());
                    }
                    if argument.get_action().takes_values() {
                        for value in argument.get_possible_values() {
                            let words = value_words(prose, id, value.get_name());
                            assert!(words.is_some(), "{language:?}: {id} {}", value.get_name());
                            values.insert((id.to_owned(), value.get_name().to_owned()));
                        }
                    }
                }
            }
            let pairs =
                |words: &std::collections::BTreeMap<String, std::collections::BTreeMap<String, String>>| {
                    let pairs = words
                        .iter()
                        .flat_map(|(outer, inner)| inner.keys().map(|key| (outer.clone(), key.clone())));
                    pairs.collect::<BTreeSet<_>>()
                };
            assert_eq!(names, prose.command.keys().cloned().collect());
            assert_eq!(shared, prose.option.keys().cloned().collect());
            assert_eq!(own, pairs(&prose.option_of));
            assert_eq!(values, pairs(&prose.value));
            for words in [&prose.more, &prose.after] {
                assert!(
                    words.keys().all(|name| names.contains(name)),
                    "{:?}",
                    words.keys()
                );
            }
        }
    }

    #[test]
    fn a_page_in_chinese_holds_no_english_words_and_every_page_keeps_its_width() {
        let root = built();
        let (english, chinese) = (
            Messages::new(Language::English),
            Messages::new(Language::SimplifiedChinese),
        );
        for command in commands(&root) {
            for long in [false, true] {
                for width in [60, 80, 100] {
                    for messages in [&english, &chinese] {
                        for line in page(&root, command, messages.help(), long, width) {
                            assert!(line.width() <= width, "{width}: {}", line.text());
                        }
                    }
                }
                let lines = page(&root, command, chinese.help(), long, 100);
                let text: Vec<String> = lines.iter().map(Line::text).collect();
                let text = text.join("\n");
                for argument in command.get_arguments().filter(|argument| !argument.is_hide_set()) {
                    let id = argument.get_id().as_str();
                    let said = option_words(english.help(), command.get_name(), id).unwrap();
                    assert!(!text.contains(said), "{}: {said}", command.get_name());
                }
                let words = [
                    "Usage", "Options", "OPTIONS", "Commands", "COMMAND]", "default", "Print", "The ",
                ];
                for word in words {
                    assert!(!text.contains(word), "{word} in\n{text}");
                }
            }
        }
    }

    #[test]
    fn a_page_names_what_the_command_takes() {
        let root = built();
        let messages = Messages::new(Language::English);
        let simulate = root.find_subcommand("simulate").unwrap();
        let lines = page(&root, simulate, messages.help(), true, 100);
        let text: Vec<String> = lines.iter().map(Line::text).collect();
        let text = text.join("\n");
        for part in [
            "Usage: oauthlens simulate [OPTIONS]",
            "--listen <ADDR:PORT>",
            "[default: 127.0.0.1:0]",
            "enterprise: ",
            "-h, --help",
        ] {
            assert!(text.contains(part), "{part} in\n{text}");
        }
        assert!(!text.contains("--client-secret "), "{text}");
        let replay = root.find_subcommand("replay").unwrap();
        assert_eq!(
            usage(&root, replay, messages.help()),
            "oauthlens replay [OPTIONS] <FILE>"
        );
        assert_eq!(
            usage(&root, &root, messages.help()),
            "oauthlens [OPTIONS] [COMMAND]"
        );
    }
}
