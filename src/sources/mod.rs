//! Where transcripts come from besides a live flow: pasted texts, files, scenarios.
//!
//! [`SOURCES`] is the table of everything that a text or file may be. A source is a file with a [`Source`] in it: it says
//! whether it knows a text, and reads what was seen, in order. What belongs together is found out afterwards, for all
//! sources in one place (`sequence`).

mod clock;
mod copies;
mod documents;
pub mod dump;
mod exchange;
mod har;
mod input;
pub mod large;
mod libcurl;
mod mentioned;
mod mitmproxy;
#[cfg(test)]
mod no_values_tests;
pub mod pasted;
mod request_files;
mod resembles;
mod saved;
pub mod scenario;
mod sequence;
#[cfg(test)]
mod sequence_tests;
pub mod settings;
pub mod tap;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod told_tests;
mod wire;

pub(crate) use crate::sources::input::harmless;
pub use crate::sources::{
    input::{Input, LookedFor, NotRecognised},
    resembles::Resembles,
};
use crate::{
    diagnosis::attempts::latest_failure,
    flow::transcript::{AttemptId, Observation, Transcript},
    oauth::{http::HttpResponse, time::Moment},
};

/// Something that a source found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// When it happened, where the text says so.
    pub at: Option<Moment>,
    /// What it is. An answer belongs to the request before it that has none; numbers of exchanges are given later.
    pub observation: Observation,
}

impl Seen {
    /// Something of which the text does not say when it happened.
    pub fn untimed(observation: Observation) -> Self {
        Self {
            at: None,
            observation,
        }
    }
}

/// A kind of text or file that can be read.
pub struct Source {
    /// A name for tests and tables.
    pub name: &'static str,
    /// A quick look: false where it certainly is something else.
    pub recognises: fn(&Input<'_>) -> bool,
    /// Everything that was seen, in order; `None` where it turns out to be something else, so that the next source is asked.
    pub read: fn(&Input<'_>) -> Option<Vec<Seen>>,
}

/// All sources. The first one that recognises a text and reads something decides, so the strict ones stand first; the last
/// one takes any text.
pub const SOURCES: &[Source] = &[
    har::ZIPPED,
    mitmproxy::FLOWS,
    har::SOURCE,
    request_files::POSTMAN,
    request_files::BURP,
    request_files::BRUNO,
    request_files::HTTP_FILE,
    request_files::FORM_LINES,
    settings::SOURCE,
    documents::CHALLENGE,
    documents::ID_TOKEN,
    documents::DOCUMENT,
    copies::PREFLIGHT,
    copies::CMD,
    copies::SCRIPTS,
    copies::PANES,
    libcurl::SOURCE,
    mitmproxy::TEXT,
    wire::SOURCE,
    pasted::SOURCE,
    mentioned::SOURCE,
];

/// What a text holds: an attempt after the other, a transcript for each.
#[derive(Clone, Debug)]
pub struct Attempts {
    /// The attempts, in the order in which they began; there is one at least.
    pub transcripts: Vec<Transcript>,
    /// How many came before these and were left out.
    pub left_out: usize,
    /// The first time that the text tells of each; without a date it counts from the epoch.
    pub times: Vec<Option<Moment>>,
}

impl Attempts {
    /// The place of the attempt that is to be explained when nobody asks for another: the latest that failed.
    pub fn latest_failure(&self) -> usize {
        latest_failure(&self.transcripts)
    }

    /// The number of the attempt in that place.
    pub fn number(&self, place: usize) -> AttemptId {
        AttemptId(u32::try_from(self.left_out + place + 1).unwrap_or(u32::MAX))
    }

    /// All of them in one transcript, each under its number.
    pub fn joined(&self) -> Option<Transcript> {
        Transcript::joined(self.transcripts.iter().cloned(), self.number(0))
    }
}

/// Reads a text or file into the attempts that it holds.
///
/// # Errors
/// [`NotRecognised`] when it holds nothing that any source knows.
pub fn attempts(bytes: &[u8], now: Moment) -> Result<Attempts, NotRecognised> {
    let input = Input::new(bytes);
    if let Some(transcript) = saved::read(&input) {
        return Ok(Attempts {
            transcripts: vec![transcript],
            left_out: 0,
            times: vec![None],
        });
    }
    match first_that_reads(&input) {
        Some((_, seen)) => Ok(sequence::attempts(seen, now)),
        None => Err(NotRecognised::of(&input)),
    }
}

/// The first source that recognises a text and reads something in it, and what that is.
fn first_that_reads(input: &Input<'_>) -> Option<(&'static Source, Vec<Seen>)> {
    SOURCES
        .iter()
        .filter(|source| (source.recognises)(input))
        .find_map(|source| Some((source, (source.read)(input).filter(|seen| !seen.is_empty())?)))
}

/// A part of a text of which the rest is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Excerpt {
    /// The part.
    pub text: Vec<u8>,
    /// The text goes on behind it.
    pub goes_on: bool,
}

/// Reads parts of one text, in their order. One source reads them all, each by itself: a message in one of them does not end
/// in another.
///
/// # Errors
/// [`NotRecognised`] when they hold nothing that any source knows.
pub(crate) fn attempts_in(excerpts: &[Excerpt], now: Moment) -> Result<Attempts, NotRecognised> {
    let together: Vec<&[u8]> = excerpts.iter().map(|excerpt| &*excerpt.text).collect();
    let together = together.join(&b'\n');
    let input = Input::new(&together);
    let Some((source, _)) = first_that_reads(&input) else {
        return Err(NotRecognised::of(&input));
    };
    let seen: Vec<Seen> = excerpts
        .iter()
        .flat_map(|excerpt| {
            let mut seen = (source.read)(&Input::new(&excerpt.text)).unwrap_or_default();
            if excerpt.goes_on {
                let answer = seen.last_mut().map(|seen| &mut seen.observation);
                if let Some(Observation::ResponseReceived { response, .. }) = answer {
                    cut_behind(&excerpt.text, response);
                }
            }
            seen
        })
        .collect();
    if seen.is_empty() {
        return Err(NotRecognised::of(&input));
    }
    Ok(sequence::attempts(seen, now))
}

/// Of an answer whose body reaches to the end of an excerpt the rest was not read, unless its length says that it is whole.
fn cut_behind(excerpt: &[u8], response: &mut HttpResponse) {
    let length = response.body.len();
    let is_whole = response
        .header("content-length")
        .is_some_and(|announced| announced.trim() == length.to_string());
    if !is_whole && excerpt.trim_ascii_end().ends_with(response.body.trim_ascii_end()) {
        response.body_cut_at = Some(length);
    }
}

/// Reads a text or file into the transcript of the attempt that is to be explained.
///
/// # Errors
/// [`NotRecognised`] when it holds nothing that any source knows.
pub fn read(bytes: &[u8], now: Moment) -> Result<Transcript, NotRecognised> {
    let mut attempts = attempts(bytes, now)?;
    let explained = attempts.latest_failure();
    Ok(attempts.transcripts.swap_remove(explained))
}
