//! The commands without a screen: `run`, `explain` and `simulate`. The same flow as in the terminal interface, without a
//! Model; a report is printed at the end.

mod config;
mod demo;
mod device;
pub mod interactive;
mod large;
mod own_values;
mod packaging;
mod replay;
mod run;
mod runner;
mod signals;
mod simulate;
mod tap;
mod token;
mod walkthrough;

use std::io::{IsTerminal as _, Write};

pub use crate::cli::commands::config::config;
pub use crate::cli::commands::demo::ready_demo;
pub use crate::cli::commands::device::{device, device_settings, prepare as prepare_device};
pub use crate::cli::commands::packaging::{completions, man};
pub use crate::cli::commands::replay::read_transcript;
pub use crate::cli::commands::run::run;
pub use crate::cli::commands::simulate::simulate;
pub use crate::cli::commands::tap::{tap, tap_settings};
pub use crate::cli::commands::token::{token, token_settings};
pub use crate::cli::commands::walkthrough::read_walkthrough;

use crate::{
    cli::{
        ExplainOptions, ReplayOptions,
        settings::{Problem, SettingsError},
    },
    diagnosis::{Diagnosis, attempts::summaries, outcome::Outcome},
    flow::transcript::{Observation, STATUS_NOT_SEEN, Source, Transcript},
    io::{
        clock::Clock,
        files,
        pieces::{self, Given},
    },
    oauth::http::HttpResponse,
    render::{
        reports::{self, Report, TEXT},
        text::line::clean,
    },
    sources::{self, Attempts, NotRecognised},
    text::catalog::Messages,
};

/// How a command ends, by its exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// A token was obtained; for `explain`, what was given was recognised.
    Good = 0,
    /// The authorization server refused, or the redirect failed a check.
    Refused = 1,
    /// Wrong usage or settings.
    Usage = 2,
    /// No answer: network, time-out, cancelled, or an answer that is not a token response.
    Unanswered = 3,
    /// `explain` did not recognise what was given.
    NotRecognised = 4,
}

impl From<Outcome> for Exit {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Token | Outcome::Done => Self::Good,
            Outcome::Refused => Self::Refused,
            Outcome::Unanswered | Outcome::Unrecognised => Self::Unanswered,
        }
    }
}

/// Where a command writes to, and how.
pub struct Streams<'s> {
    /// Standard output: the result.
    pub out: &'s mut dyn Write,
    /// Standard error: the authorization URL and remarks.
    pub err: &'s mut dyn Write,
    /// The width of reports, in terminal cells.
    pub width: usize,
    /// Whether reports may have colour.
    pub color: bool,
}

impl Streams<'_> {
    fn remark(&mut self, text: &str) {
        // The flow goes on if standard error is closed.
        for line in text.split('\n') {
            let _ = writeln!(self.err, "{}", clean(line));
        }
        let _ = self.err.flush();
    }

    /// Prints to standard output, a line break at the end.
    ///
    /// # Errors
    /// [`Problem::OutputUnwritable`]: what was asked for is lost. A reader that has seen enough and closed its end, as `head`
    /// does, is none.
    pub fn result(&mut self, text: &str) -> Result<(), SettingsError> {
        let written = writeln!(self.out, "{}", text.trim_end()).and_then(|()| self.out.flush());
        match written {
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                Err(SettingsError::new(Problem::OutputUnwritable).with("reason", error.to_string()))
            }
            _ => Ok(()),
        }
    }

    /// Prints what a transcript shows.
    fn report(
        &mut self,
        diagnosis: &Diagnosis<'_>,
        messages: &Messages,
        report: &Report,
        plain: bool,
    ) -> Result<(), SettingsError> {
        for finding in &diagnosis.findings {
            tracing::info!(finding = finding.code.name(), certainty = ?finding.certainty);
        }
        let options = reports::Options {
            width: self.width,
            color: self.color,
            plain,
        };
        self.result(&(report.write)(diagnosis, messages, options))
    }
}

/// Reports on a transcript that was read back.
///
/// # Errors
/// The report cannot be written: exit status 2.
pub fn report_on(
    transcript: &Transcript,
    options: &ReplayOptions,
    messages: &Messages,
    streams: &mut Streams<'_>,
) -> Result<Exit, SettingsError> {
    let diagnosis = Diagnosis::of(transcript);
    let report = options.form.asked_for().unwrap_or(&TEXT);
    streams.report(&diagnosis, messages, report, options.form.plain)?;
    Ok(diagnosis.outcome.into())
}

/// Runs `oauthlens explain`.
///
/// # Errors
/// The file cannot be read, or the explanation cannot be written: exit status 2.
pub fn explain(
    options: &ExplainOptions,
    messages: &Messages,
    streams: &mut Streams<'_>,
) -> Result<Exit, SettingsError> {
    let path = options.file.as_deref().unwrap_or("-");
    if path == "-" && std::io::stdin().is_terminal() {
        streams.remark(&messages.command_line().run.paste_to_explain);
    }
    let given = pieces::open(path).map_err(|error| unreadable(path, &error))?;
    let attempts = match given {
        Given::Whole(bytes) => sources::attempts(&bytes, Clock::default().now()),
        Given::Pieces(pieces) => large::attempts(path, pieces, messages, streams)?,
    };
    match attempts {
        Ok(attempts) => {
            let explained = match options.attempt {
                Some(number) => asked_for(&attempts, number)?,
                None => attempts.latest_failure(),
            };
            let mut diagnosis = Diagnosis::of(&attempts.transcripts[explained]);
            diagnosis.attempts = summaries(
                &attempts.transcripts,
                explained,
                &attempts.times,
                attempts.left_out,
            );
            let report = options.form.asked_for().unwrap_or(&TEXT);
            streams.report(&diagnosis, messages, report, options.form.plain)?;
            Ok(match diagnosis.outcome {
                Outcome::Unrecognised => Exit::NotRecognised,
                _ => Exit::Good,
            })
        }
        Err(refusal) => {
            match options.form.asked_for() {
                Some(report) if report.name != TEXT.name => {
                    let transcript = unrecognised(&refusal);
                    streams.report(&Diagnosis::of(&transcript), messages, report, false)?;
                }
                _ => streams.result(&reports::text::not_recognised(&refusal, messages))?,
            }
            Ok(Exit::NotRecognised)
        }
    }
}

/// The place of an attempt by its number.
fn asked_for(attempts: &Attempts, number: usize) -> Result<usize, SettingsError> {
    let last = attempts.left_out + attempts.transcripts.len();
    number
        .checked_sub(attempts.left_out + 1)
        .filter(|at| *at < attempts.transcripts.len())
        .ok_or_else(|| {
            SettingsError::new(Problem::NoSuchAttempt)
                .with("number", number.to_string())
                .with("first", (attempts.left_out + 1).to_string())
                .with("last", last.to_string())
        })
}

/// The transcript for unrecognised input: an answer of which only the masked beginning is kept.
fn unrecognised(refusal: &NotRecognised) -> Transcript {
    let now = Clock::default().now();
    let mut transcript = Transcript::new(Source::Pasted, now);
    let response = HttpResponse {
        status: STATUS_NOT_SEEN,
        body: refusal.beginning.clone().into_bytes(),
        ..HttpResponse::default()
    };
    transcript.record(
        now,
        Observation::ResponseReceived {
            exchange: 1,
            response,
            millis: 0,
        },
    );
    transcript
}

/// Why a file that was named cannot be read.
pub(crate) fn unreadable(path: &str, error: &std::io::Error) -> SettingsError {
    if error.kind() == std::io::ErrorKind::FileTooLarge {
        return SettingsError::new(Problem::TooLarge)
            .with("path", path)
            .with("limit", format!("{} MiB", files::LONGEST >> 20));
    }
    SettingsError::new(Problem::Unreadable)
        .with("path", path)
        .with("reason", error.to_string())
}

fn cannot_bind(address: &str, error: &std::io::Error) -> SettingsError {
    not_bound(address, error, Problem::ServedElsewhere)
}

/// Why nothing can be served at an address; `taken` where another program is there.
fn not_bound(address: &str, error: &std::io::Error, taken: Problem) -> SettingsError {
    let problem = if error.kind() == std::io::ErrorKind::AddrInUse {
        taken
    } else {
        Problem::CannotBind
    };
    SettingsError::new(problem)
        .with("address", address)
        .with("reason", error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remark_shows_what_a_terminal_would_obey() {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut streams = Streams {
            out: &mut out,
            err: &mut err,
            width: 80,
            color: false,
        };
        streams.remark("not opened: \u{1b}]0;x\u{7}\u{202e}\u{9b}31m\nthen this");
        assert_eq!(
            String::from_utf8(err).unwrap(),
            "not opened: ␛]0;x␇··31m\nthen this\n"
        );
    }
}
