//! A file that is read block by block: what is found in it does not depend on where the blocks end.

#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use oauthlens::{
    oauth::time::Moment,
    sources::large::{Large, LookedInto, OVERLAP, Told},
};

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    block: u16,
    /// So many bytes of a log that says nothing stand in the place of each `@@`.
    between: u16,
    text: &'a [u8],
}

/// The kind of a file is told by so much of its first block.
const SHORTEST_BLOCK: usize = 4096;
const MOST_BETWEEN: usize = 8;
const NOTHING: &[u8] = b"a line of a log that says nothing\n";

fuzz_target!(|input: Input<'_>| {
    let text = spread(input.text, usize::from(input.between));
    let Some((found, told)) = read(&text, SHORTEST_BLOCK + usize::from(input.block)) else {
        return;
    };
    assert_eq!(told.read, text.len() as u64);
    match told.looked_into {
        LookedInto::Entries { all, kept, left_out } => assert!(kept + left_out <= all, "{told:?}"),
        LookedInto::Places { kept, left_out, .. } => assert!(kept + left_out <= told.read, "{told:?}"),
    }
    let (whole, told_of_it) = read(&text, text.len()).expect("it was read in blocks");
    assert_eq!(told, told_of_it);
    assert_eq!(found, whole);
});

fn read(text: &[u8], block: usize) -> Option<(String, Told)> {
    let block = block.clamp(1, text.len().max(1));
    let mut large = Large::of(&text[..block.min(text.len())])?;
    let mut at = 0;
    while at < text.len() {
        let (from, end) = (at.saturating_sub(OVERLAP), text.len().min(at + block));
        large.take(&text[from..end], at - from);
        at = end;
    }
    let (attempts, told) = large.attempts(Moment(0));
    let found = attempts.map(|attempts| attempts.transcripts);
    Some((format!("{found:?}"), told))
}

fn spread(text: &[u8], between: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text;
    for _ in 0..MOST_BETWEEN {
        let Some(at) = rest.windows(2).position(|two| two == b"@@") else {
            break;
        };
        out.extend_from_slice(&rest[..at]);
        out.extend(NOTHING.iter().cycle().take(between));
        rest = &rest[at + 2..];
    }
    out.extend_from_slice(rest);
    out
}
