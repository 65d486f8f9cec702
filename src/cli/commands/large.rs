//! What `explain` does with a file that is too large to be read whole.

use std::io::IsTerminal as _;

use crate::{
    cli::{
        commands::{Streams, unreadable},
        settings::{Problem, SettingsError},
        words::messages::LargeProse,
    },
    io::{
        clock::Clock,
        pieces::{LONGEST_STREAM, Pieces},
    },
    sources::{
        Attempts, NotRecognised,
        large::{Large, LookedInto, OVERLAP, Told},
    },
    text::{catalog::Messages, template::filled},
};

/// Reads it piece by piece, and says on standard error what was looked into.
///
/// # Errors
/// It cannot be read, or not in pieces.
pub(super) fn attempts(
    path: &str,
    pieces: Pieces,
    messages: &Messages,
    streams: &mut Streams<'_>,
) -> Result<Result<Attempts, NotRecognised>, SettingsError> {
    let prose = &messages.command_line().large;
    let length = pieces.length;
    let shows_progress = std::io::stderr().is_terminal();
    let mut shown = false;
    let mut large: Option<Option<Large>> = None;
    let take = |block: &[u8], seen: usize| {
        if let Some(large) = large.get_or_insert_with(|| Large::of(block)) {
            large.take(block, seen);
        }
    };
    let progress = |read: u64| {
        if shows_progress {
            shown = true;
            let read = match length {
                Some(length) => format!("{} / {}", size(read), size(length)),
                None => size(read),
            };
            let _ = write!(
                streams.err,
                "\r{}\u{1b}[K",
                filled(&prose.progress, &[("read", read.as_str())])
            );
            let _ = streams.err.flush();
        }
    };
    let passed = pieces.pass(OVERLAP, take, progress);
    if shown {
        let _ = write!(streams.err, "\r\u{1b}[K");
    }
    match passed {
        Err(error) if error.kind() == std::io::ErrorKind::FileTooLarge => {
            let limit = format!("{} GiB", LONGEST_STREAM >> 30);
            return Err(SettingsError::new(Problem::TooLarge)
                .with("path", path)
                .with("limit", limit));
        }
        passed => passed.map_err(|error| unreadable(path, &error))?,
    }
    let Some(large) = large.flatten() else {
        return Err(unreadable(path, &std::io::ErrorKind::FileTooLarge.into()));
    };
    let (attempts, told) = large.attempts(Clock::default().now());
    streams.remark(&remark(prose, path, told));
    Ok(attempts)
}

fn remark(prose: &LargeProse, path: &str, told: Told) -> String {
    let number = |number: u64| number.to_string();
    let (text, all, kept, left_out) = match told.looked_into {
        LookedInto::Entries { all, kept, left_out } => (
            [&prose.entries, &prose.entries_left_out],
            number(all),
            number(kept),
            (left_out > 0).then(|| number(left_out)),
        ),
        LookedInto::Places { all, kept, left_out } => (
            [&prose.places, &prose.places_left_out],
            number(all),
            size(kept),
            (left_out > 0).then(|| size(left_out)),
        ),
    };
    let values = [
        ("path", path),
        ("size", &size(told.read)),
        ("all", &all),
        ("kept", &kept),
        ("left_out", left_out.as_deref().unwrap_or_default()),
    ];
    let [looked_into, had_no_room] = text.map(|text| filled(text, &values));
    match left_out {
        Some(_) => format!("{looked_into}\n{had_no_room}"),
        None => looked_into,
    }
}

/// A number of bytes as people say it.
fn size(bytes: u64) -> String {
    let units = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    let unit = units.iter().find(|(unit, _)| bytes >= *unit);
    unit.map_or_else(
        || format!("{bytes} B"),
        |(unit, name)| format!("{}.{} {name}", bytes / unit, bytes % unit * 10 / unit),
    )
}
