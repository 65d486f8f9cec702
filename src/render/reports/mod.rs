//! Writers: an explanation or a transcript as text, JSON, Markdown, a curl command line, a HAR file or a picture.
//!
//! Pure: values in, text out. None of them writes a secret: what comes from a transcript goes through the
//! [`crate::flow::redaction::Redactor`], what comes from a finding was masked when it was made.

use std::fmt;

use crate::{diagnosis::Diagnosis, text::catalog::Messages};

pub mod curl;
pub mod har;
pub mod json;
pub mod markdown;
pub mod svg;
pub mod text;

/// How a report is written, where its form leaves a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// The width of drawings, in terminal cells.
    pub width: usize,
    /// Whether there may be colour.
    pub color: bool,
    /// Sentences instead of drawings, for screen readers.
    pub plain: bool,
}

/// A form of a report.
pub struct Report {
    /// Its name, as `--format` takes it. Its description is in `help.toml` under `value.format`.
    pub name: &'static str,
    /// What the name of its file ends in.
    pub extension: &'static str,
    /// Writes it.
    pub write: fn(&Diagnosis<'_>, &Messages, Options) -> String,
}

/// All forms, in the order in which the help shows them. A new one is a file and a row here.
pub const REPORTS: &[Report] = &[
    TEXT,
    JSON,
    Report {
        name: "markdown",
        extension: "md",
        write: |it, messages, _| markdown::write(&it.context, &it.findings, messages),
    },
    Report {
        name: "har",
        extension: "har",
        write: |it, _, _| har::write(&it.context),
    },
    Report {
        name: "curl",
        extension: "sh",
        write: |it, messages, _| curl::write(&it.context, messages),
    },
    Report {
        name: "svg",
        extension: "svg",
        write: |it, messages, options| svg::write(it, messages, options.width),
    },
];

/// The explanation as text: what is written where nothing else was asked for.
pub const TEXT: Report = Report {
    name: "text",
    extension: "txt",
    write: text::write,
};

/// The JSON document.
pub const JSON: Report = Report {
    name: "json",
    extension: "json",
    write: |it, messages, _| json::of_diagnosis(it, messages),
};

impl Report {
    /// The form of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        REPORTS.iter().find(|report| report.name == name)
    }
}

impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Report").field(&self.name).finish()
    }
}
