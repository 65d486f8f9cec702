//! What clap has to say about a command line, in the words of a language: help, the version, or what is wrong with it.

use std::{
    backtrace::{Backtrace, BacktraceStatus},
    ffi::OsString,
    panic::PanicHookInfo,
};

use clap::{
    Command, CommandFactory as _, Error,
    error::{ContextKind, ContextValue, ErrorKind},
};

use crate::{
    cli::{
        Cli, help, parse,
        words::help::{HelpProse, RefusalProse},
    },
    diagnosis::libraries::libraries,
    flow::{redaction::Redactor, transcript::SCHEMA},
    oauth::secret::mask,
    providers::github::formats,
    render::text::line::{Line, Tone, clean},
    sources::harmless,
    text::{catalog::Language, template::filled},
};

/// What is printed instead of doing something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The text.
    pub lines: Vec<Line>,
    /// True when the command line is refused: standard error, and the exit status for wrong usage.
    pub refused: bool,
}

/// What a panic says, and where. Rust quotes the text that it was about, which may hold a secret.
pub fn of_a_panic(panic: &PanicHookInfo<'_>) -> String {
    let payload = panic.payload();
    let said = payload.downcast_ref::<&str>().copied();
    let said = said.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let trace = match Backtrace::capture() {
        trace if trace.status() == BacktraceStatus::Captured => format!("\n{trace}"),
        _ => String::new(),
    };
    format!(
        "panic at {place}: {}{trace}",
        without_secrets(said.unwrap_or_default())
    )
}

/// A text of which nothing is known, with what is named or looks like a secret masked.
fn without_secrets(text: &str) -> String {
    let lines = text.split('\n');
    let lines: Vec<String> = lines
        .map(|line| harmless(&Redactor::default().named(line)))
        .collect();
    lines.join("\n")
}

/// Says it.
pub fn words(error: &Error, arguments: &[OsString], prose: &HelpProse, width: usize) -> Answer {
    let mut root = Cli::command();
    root.build();
    let command = parse::named(&root, arguments).unwrap_or(&root);
    let lines = match error.kind() {
        ErrorKind::DisplayHelp => {
            let long = arguments.iter().any(|argument| argument == "--help");
            help::page(&root, command, prose, long, width)
        }
        ErrorKind::DisplayVersion => {
            let long = arguments.iter().any(|argument| argument == "--version");
            version(&root, prose, long)
        }
        _ => {
            return Answer {
                lines: refusal(error, &root, command, prose),
                refused: true,
            };
        }
    };
    Answer {
        lines,
        refused: false,
    }
}

/// The version alone; in the long form what is built in as well.
fn version(root: &Command, prose: &HelpProse, long: bool) -> Vec<Line> {
    let version = root.get_version().unwrap_or_default();
    let mut lines = vec![Line::new(format!("{} {version}", root.get_name()), Tone::Plain)];
    if long {
        let languages: Vec<&str> = Language::ALL.iter().map(|language| language.tag()).collect();
        let built = filled(
            &prose.built_in,
            &[
                ("target", env!("OAUTHLENS_TARGET")),
                ("languages", &languages.join(", ")),
                ("libraries", &libraries().count().to_string()),
                ("form", &SCHEMA.to_string()),
            ],
        );
        lines.extend(built.lines().map(|line| Line::new(line, Tone::Plain)));
    }
    lines
}

fn refusal(error: &Error, root: &Command, command: &Command, prose: &HelpProse) -> Vec<Line> {
    let words = &prose.refusal;
    let mut text = filled(&words.sentence, &[("sentence", &sentence(error, words))]);
    for tip in tips(error, words) {
        text.push_str("\n\n  ");
        text.push_str(&filled(&words.tip, &[("tip", &tip)]));
    }
    let usage = help::usage(root, command, prose);
    let name = help::full_name(root, command);
    text.push_str("\n\n");
    text.push_str(&filled(&words.usage, &[("usage", &usage)]));
    text.push_str("\n\n");
    text.push_str(&filled(&words.more, &[("command", &name)]));
    text.lines().map(|line| Line::new(line, Tone::Plain)).collect()
}

/// What is wrong.
fn sentence(error: &Error, words: &RefusalProse) -> String {
    let argument = one(error, ContextKind::InvalidArg);
    let value = one(error, ContextKind::InvalidValue);
    let command = one(error, ContextKind::InvalidSubcommand);
    let template = match error.kind() {
        ErrorKind::UnknownArgument => &words.unknown_argument,
        ErrorKind::InvalidSubcommand => &words.unknown_command,
        ErrorKind::InvalidValue if value.is_empty() => &words.value_missing,
        ErrorKind::InvalidValue => &words.value_invalid,
        // The only values that are more than text are numbers.
        ErrorKind::ValueValidation => &words.number_expected,
        ErrorKind::TooManyValues => &words.value_unexpected,
        ErrorKind::ArgumentConflict if !command.is_empty() => &words.before_the_command,
        ErrorKind::ArgumentConflict if argument == one(error, ContextKind::PriorArg) => &words.repeated,
        ErrorKind::ArgumentConflict => &words.conflict,
        ErrorKind::MissingRequiredArgument => &words.argument_missing,
        ErrorKind::InvalidUtf8 => &words.no_text,
        _ => &words.otherwise,
    };
    let listed = |kind| list(error, kind).join(&words.list);
    filled(
        template,
        &[
            ("argument", &argument),
            ("value", &value),
            ("command", &command),
            ("other", &listed(ContextKind::PriorArg)),
            ("arguments", &listed(ContextKind::InvalidArg)),
            ("values", &listed(ContextKind::ValidValue)),
        ],
    )
}

/// What may have been meant.
fn tips(error: &Error, words: &RefusalProse) -> Vec<String> {
    let mut tips = Vec::new();
    for kind in [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
    ] {
        // The nearest comes last.
        if let Some(nearest) = list(error, kind).last() {
            tips.push(filled(&words.similar, &[("suggestion", nearest)]));
        }
    }
    // clap has these as sentences of its own; what they name is in quotes.
    if let Some(ContextValue::StyledStrs(sentences)) = error.get(ContextKind::Suggested) {
        for sentence in sentences.iter().map(ToString::to_string) {
            let quoted = sentence
                .rsplit('\'')
                .nth(1)
                .map(clean)
                .filter(|quoted| !quoted.is_empty());
            if let Some(quoted) = quoted {
                let template = if sentence.ends_with("exists") {
                    &words.elsewhere
                } else {
                    &words.as_a_value
                };
                tips.push(filled(template, &[("suggestion", &quoted)]));
            }
        }
    }
    tips
}

fn one(error: &Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => told(text),
        _ => String::new(),
    }
}

fn list(error: &Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => vec![told(text)],
        Some(ContextValue::Strings(texts)) => texts.iter().map(|text| told(text)).collect(),
        _ => Vec::new(),
    }
}

/// What was given, safe to print. A secret that stands where none belongs is not repeated, nor is one in the name of a file or
/// in a line that is quoted.
pub(crate) fn told(text: &str) -> String {
    if formats::may_be_secret(text) {
        clean(&mask(text))
    } else {
        clean(&without_shapes(&Redactor::default().named(text)))
    }
}

/// The same text with each word masked that has the shape of a secret.
fn without_shapes(text: &str) -> String {
    let is_in_a_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let (word, after) = rest.split_at(rest.find(|c| !is_in_a_word(c)).unwrap_or(rest.len()));
        let (between, next) = after.split_at(after.find(is_in_a_word).unwrap_or(after.len()));
        if formats::may_be_secret(word) {
            out.push_str(&mask(word));
        } else {
            out.push_str(word);
        }
        out.push_str(between);
        rest = next;
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::cli::errors::*;
    use crate::text::catalog::{Language, Messages};

    #[test]
    fn a_panic_quotes_no_secret() {
        let quoted = "byte index 3 is out of bounds of `client_secret=hunter2&x=a1b2c3d4e5f60718293a4b5c6d7e8f9012349f0e`";
        let said = without_secrets(quoted);
        assert!(!said.contains("hunter2") && !said.contains("c3d4e5f6"), "{said}");
        assert!(said.starts_with("byte index 3 is out of bounds of"), "{said}");
    }

    fn said(line: &str, language: Language) -> Answer {
        let arguments: Vec<OsString> = format!("oauthlens {line}")
            .split_whitespace()
            .map(OsString::from)
            .collect();
        let error = parse::parse(&arguments).expect_err(line);
        words(&error, &arguments, Messages::new(language).help(), 100)
    }

    fn text(answer: &Answer) -> String {
        let lines: Vec<String> = answer.lines.iter().map(Line::text).collect();
        lines.join("\n")
    }

    #[test]
    fn each_refusal_names_what_was_given_and_what_may_have_been_meant() {
        for (line, parts) in [
            ("run --bogus", &["'--bogus'", "oauthlens run [OPTIONS]"][..]),
            ("run --scop x", &["'--scop'", "'--scope'"]),
            ("demo --json", &["'--json'", "oauthlens demo --help"]),
            ("frobnicate", &["'frobnicate'", "oauthlens [OPTIONS] [COMMAND]"]),
            ("explian", &["'explian'", "'explain'"]),
            ("run --scope", &["'--scope <SCOPE>'"]),
            (
                "simulate --like dotcm",
                &["'dotcm'", "--like <NAME>", "enterprise", "'dotcom'"],
            ),
            (
                "run --callback-timeout soon",
                &["'soon'", "--callback-timeout <SECONDS>"],
            ),
            ("run --demo --host x", &["--demo", "--host <HOST>"]),
            ("run --demo --demo", &["'--demo'"]),
            (
                "run --client-secret-env A --client-secret-file b",
                &["--client-secret-env", "--client-secret-file"],
            ),
            ("run --approve", &["--demo"]),
            ("replay", &["<FILE>", "oauthlens replay [OPTIONS] <FILE>"]),
            ("explain a b", &["'b'"]),
            ("run --no-pkce=yes", &["'yes'", "'--no-pkce'"]),
            ("--client-id x demo", &["--client-id", "demo"]),
        ] {
            for language in Language::ALL {
                let answer = said(line, language);
                assert!(answer.refused, "{line}");
                let text = text(&answer);
                for part in parts {
                    let part = match language {
                        Language::English => (*part).to_owned(),
                        Language::SimplifiedChinese => part
                            .replace("OPTIONS", "选项")
                            .replace("COMMAND", "命令")
                            .replace('\'', ""),
                    };
                    assert!(text.contains(&part), "{line}: {part} in\n{text}");
                }
                assert!(
                    !text.contains('{') && !text.contains("''"),
                    "a value is missing: {text}"
                );
                if language == Language::SimplifiedChinese {
                    for word in ["error", "Usage", "tip", "argument", "For more"] {
                        assert!(!text.contains(word), "{line}: {word} in\n{text}");
                    }
                }
            }
        }
    }

    #[test]
    fn help_and_the_version_are_no_refusals() {
        for line in [
            "--help",
            "-h",
            "run --help",
            "--lang zh-CN simulate -h",
            "--version",
        ] {
            assert!(!said(line, Language::English).refused, "{line}");
        }
        assert!(text(&said("-V", Language::English)).starts_with("oauthlens "));
        let short = text(&said("-h", Language::English));
        let long = text(&said("--help", Language::English));
        assert!(short.len() < long.len());
    }

    #[test]
    fn what_is_no_secret_is_repeated_as_it_is() {
        for text in ["/home/me/flow-1.json", "", "a\u{1b}[31mé端", "--scope <SCOPE>"] {
            assert_eq!(told(text), clean(text));
        }
    }

    #[test]
    fn a_secret_in_the_wrong_place_is_not_repeated() {
        for secret in [
            "a1b2c3d4e5f60718293a4b5c6d7e8f9012349f0e",
            "gho_16C7e42F292c6912E7710c838347Ae178B4a",
        ] {
            let text = text(&said(&format!("run {secret}"), Language::English));
            assert!(!text.contains(&secret[6..30]), "{text}");
            for inside in [
                format!("/home/me/{secret}.json"),
                format!("    bogus = \"{secret}\""),
                format!("{secret}: No such file"),
            ] {
                let told = told(&inside);
                assert!(!told.contains(&secret[6..30]), "{told}");
                assert_eq!(told.chars().count(), inside.chars().count());
            }
        }
    }
}
