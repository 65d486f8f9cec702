//! The words of the command line's help, and of what is wrong with a command line.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::render::words::drawings::prose;

prose! {
    /// Help. Commands, options and values go by their names on the command line; options by their field's name.
    HelpProse {
        /// What a command does, in one line; `oauthlens` is the program itself.
        command: BTreeMap<String, String>,
        /// More about it, for `--help`.
        more: BTreeMap<String, String>,
        /// What is at the end of `--help`.
        after: BTreeMap<String, String>,
        /// Below the version: what is built in, for a `{target}`: `{languages}`, the number of `{libraries}`, the `{form}` of
        /// transcripts.
        built_in: String,
        /// Headings, and words in the usage line.
        heading: HelpHeadings,
        /// Behind an option: the value `{value}` that it has otherwise.
        default: String,
        /// Behind an option: the `{values}` that it takes.
        possible_values: String,
        /// Below an option: `{value}`, `{words}`.
        value_row: String,
        /// Options that mean the same wherever they stand.
        option: BTreeMap<String, String>,
        /// Options of one command.
        option_of: BTreeMap<String, BTreeMap<String, String>>,
        /// Values by option.
        value: BTreeMap<String, BTreeMap<String, String>>,
        /// What is wrong with a command line.
        refusal: RefusalProse,
    }
}

prose! {
    /// Headings of help.
    HelpHeadings {
        /// Before the usage line.
        usage: String,
        /// In the usage line, in brackets.
        options_in_usage: String,
        /// In the usage line, in brackets.
        command_in_usage: String,
        commands: String,
        arguments: String,
        options: String,
    }
}

prose! {
    /// What is wrong with a command line.
    RefusalProse {
        /// The first line: `{sentence}`.
        sentence: String,
        tip: String,
        usage: String,
        /// Where to read on: `{command}`.
        more: String,
        /// Between several.
        list: String,
        /// There is no `{argument}`.
        unknown_argument: String,
        /// There is no `{command}`.
        unknown_command: String,
        /// `{argument}` needs a value; `{values}` is empty where any will do.
        value_missing: String,
        /// `{value}` is not one of the `{values}` of `{argument}`.
        value_invalid: String,
        /// `{value}` of `{argument}` is not a number.
        number_expected: String,
        /// `{value}` is one too many for `{argument}`.
        value_unexpected: String,
        /// `{argument}` and `{other}` exclude each other.
        conflict: String,
        /// `{argument}` was given twice.
        repeated: String,
        /// `{other}` was given before `{command}`.
        before_the_command: String,
        /// `{arguments}` are missing.
        argument_missing: String,
        /// An argument is not UTF-8.
        no_text: String,
        /// Anything else.
        otherwise: String,
        /// There is one of a similar name: `{suggestion}`.
        similar: String,
        /// There is one elsewhere: `{suggestion}`.
        elsewhere: String,
        /// To have it taken as a value: `{suggestion}`.
        as_a_value: String,
    }
}
