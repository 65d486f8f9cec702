//! The words at which something may begin, found in one pass over a text.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::{
    flow::transcript::FailureKind,
    providers::{error_table, github::errors, recognise},
    sources::pasted::prose::COMPLAINTS,
};

/// What may begin at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// A request line, or a status line.
    Http,
    /// A command line.
    Command,
    /// The name of a member or parameter, behind which a value must follow.
    Name,
    /// The beginning of a JSON object that a program printed as its bytes.
    Bytes,
    /// A query that may be a redirect's.
    Query,
    /// An address.
    Address,
    /// GitHub's XML.
    Xml,
    /// A page.
    Page,
    /// A sentence of GitHub's, and the error code that it belongs to.
    Sentence(&'static str, &'static str),
    /// An error code.
    Code(&'static str),
    /// Words of a server that name no error code.
    Phrase(&'static str),
    /// What a client writes in front of the status of an answer.
    Status(&'static str),
    /// The complaint of a network layer.
    Complaint(FailureKind),
}

/// What clients write in front of the status of an answer that they do not like, in lower case.
const STATUSES: [&str; 6] = [
    "request failed with status code ",
    "unexpected http status ",
    "cannot fetch token: ",
    "response status code does not indicate success: ",
    "the remote server returned an error: (",
    "resulted in a `",
];

/// The names that lead to a request or an answer.
const NAMES: [&str; 11] = [
    "access_token",
    "error_description",
    "error",
    "user_code",
    "client_id",
    "client_secret",
    "grant_type",
    "device_code",
    "refresh_token",
    "message",
    "msg",
];

const FIXED: [(&str, Mark); 18] = [
    ("HTTP/", Mark::Http),
    ("curl ", Mark::Command),
    ("curl.exe ", Mark::Command),
    ("?code=", Mark::Query),
    ("&code=", Mark::Query),
    ("#code=", Mark::Query),
    ("?error=", Mark::Query),
    ("&error=", Mark::Query),
    ("#error=", Mark::Query),
    ("?state=", Mark::Query),
    ("#state=", Mark::Query),
    ("/access_token", Mark::Address),
    ("[123, 34, ", Mark::Bytes),
    ("<OAuth>", Mark::Xml),
    ("<!doctype", Mark::Page),
    ("<!DOCTYPE", Mark::Page),
    ("<html", Mark::Page),
    ("<?xml", Mark::Page),
];

struct Marks {
    meanings: Vec<Mark>,
    exact: AhoCorasick,
    /// What is found in any letter case.
    words: AhoCorasick,
    meanings_of_words: Vec<Mark>,
}

/// From this length on a text is worth an automaton that takes longer to make and searches several times as fast.
const LARGE: usize = 128 * 1024;

/// The marks for texts of a length.
fn marks(length: usize) -> &'static Marks {
    static MARKS: [OnceLock<Marks>; 2] = [OnceLock::new(), OnceLock::new()];
    let (place, kind) = if length < LARGE {
        (0, None)
    } else {
        (1, Some(AhoCorasickKind::DFA))
    };
    MARKS[place].get_or_init(|| {
        let names = NAMES.iter().map(|name| (*name, Mark::Name));
        let sentences =
            errors::sentences().map(|(sentence, code)| (sentence, Mark::Sentence(sentence, code)));
        let addresses = recognise::authorization_paths().map(|path| (path, Mark::Address));
        let codes = error_table::known_errors()
            .filter(|code| !code.contains(' '))
            .map(|code| (code, Mark::Code(code)));
        let all: Vec<(&str, Mark)> = FIXED
            .into_iter()
            .chain(names)
            .chain(sentences)
            .chain(addresses)
            .chain(codes)
            .collect();
        let complaints = COMPLAINTS
            .iter()
            .flat_map(|(kind, words)| words.iter().map(move |word| (*word, Mark::Complaint(*kind))));
        let phrases = error_table::told_anywhere().map(|words| (words, Mark::Phrase(words)));
        let statuses = STATUSES.into_iter().map(|words| (words, Mark::Status(words)));
        let words: Vec<(&str, Mark)> = complaints.chain(phrases).chain(statuses).collect();
        let built = |built: Result<AhoCorasick, aho_corasick::BuildError>| {
            built.unwrap_or_else(|error| panic!("the table of marks is too large: {error}"))
        };
        Marks {
            exact: built(
                AhoCorasick::builder()
                    .kind(kind)
                    .build(all.iter().map(|(word, _)| word)),
            ),
            words: built(
                AhoCorasick::builder()
                    .kind(kind)
                    .ascii_case_insensitive(true)
                    .build(words.iter().map(|(word, _)| word)),
            ),
            meanings: all.into_iter().map(|(_, mark)| mark).collect(),
            meanings_of_words: words.into_iter().map(|(_, mark)| mark).collect(),
        }
    })
}

/// All marks of a text, by place.
pub(crate) fn find(text: &str) -> Vec<(usize, Mark)> {
    let marks = marks(text.len());
    let mut found: Vec<(usize, Mark)> = marks
        .exact
        .find_overlapping_iter(text)
        .map(|hit| (hit.start(), hit.end(), marks.meanings[hit.pattern().as_usize()]))
        .filter(|(start, end, mark)| is_one(text, *start, *end, *mark))
        .map(|(start, _, mark)| (start, mark))
        .collect();
    found.extend(marks.words.find_overlapping_iter(text).filter_map(|hit| {
        let mark = marks.meanings_of_words[hit.pattern().as_usize()];
        is_one(text, hit.start(), hit.end(), mark).then_some((hit.start(), mark))
    }));
    found.sort_by_key(|(start, _)| *start);
    found.dedup();
    found
}

/// A look at what is on both sides.
fn is_one(text: &str, start: usize, end: usize, mark: Mark) -> bool {
    let before = text[..start].chars().next_back();
    let behind = &text[end..];
    let in_a_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    match mark {
        // A value follows: `name=`, `"name":`, `\"name\":`, `name =>`, `[name] =>`.
        Mark::Name => {
            !before.is_some_and(|c| in_a_word(c) || c == '-')
                && behind
                    .trim_start_matches(['"', '\'', '\\', ']'])
                    .trim_start_matches(' ')
                    .starts_with(['=', ':'])
        }
        // Part of a path or of the name of a file, it is something else.
        Mark::Code(_) => {
            !before.is_some_and(|c| in_a_word(c) || "/.-#".contains(c)) && !behind.starts_with(in_a_word)
        }
        // A number is no part of a longer one.
        Mark::Phrase(words) => {
            !(words.ends_with(|c: char| c.is_ascii_digit())
                && behind.starts_with(|c: char| c.is_ascii_digit()))
        }
        Mark::Command => before.is_none_or(|c| c.is_whitespace() || "$%#>".contains(c)),
        _ => true,
    }
}
