//! The places of a large text at which it speaks of an authorization, each with what stands around it.

use std::collections::VecDeque;

use memchr::memchr;

use crate::sources::{
    Excerpt,
    large::{LookedInto, MARKS, MOST_KEPT, OVERLAP, search},
};

/// So much before a mark belongs to it: the request head, the lines that lead to a failure.
const BEFORE: u64 = 8 * 1024;
/// So much behind it.
const BEHIND: u64 = 16 * 1024;
/// A mark so close behind another one tells nothing new.
const CLOSE: u64 = 1024;
/// A longer line is cut.
const LONGEST_LINE: usize = 4 * 1024;
/// What is kept is dropped in such pieces.
const PIECE: usize = 64 * 1024;

// A place reaches back into the block before, and its end is looked for there.
const _: () = assert!(BEFORE + (LONGEST_LINE as u64) < OVERLAP as u64);

/// The state between two blocks.
#[derive(Default)]
pub(super) struct Walk {
    /// Where the search goes on.
    from: u64,
    /// The place that is being kept: up to where it is, and where it ends.
    open: Option<(u64, u64)>,
    /// The end of what was kept.
    done: u64,
    all: u64,
    kept: VecDeque<Piece>,
    bytes: usize,
    left_out: u64,
}

/// A piece of what is kept.
#[derive(Default)]
struct Piece {
    /// It does not go on with the piece before it.
    begins: bool,
    bytes: Vec<u8>,
}

impl Walk {
    /// Takes a block that begins at a place of the whole, and of whose bytes the first were seen before.
    pub(super) fn take(&mut self, block: &[u8], base: u64, seen: usize) {
        let longest = MARKS.iter().map(|mark| mark.len()).max().unwrap_or_default();
        // A mark may begin in one block and end in the next.
        let new = base + seen.saturating_sub(longest - 1) as u64;
        let mut from = self.from.max(new);
        while let Some(at) = search().next(block, within(from, base)) {
            let place = base + at as u64;
            self.reach(block, base, place);
            from = place + CLOSE;
        }
        self.from = from;
        self.keep(block, base, false);
    }

    /// Lets what is kept continue after a mark, or starts again before it.
    fn reach(&mut self, block: &[u8], base: u64, place: u64) {
        if let Some((_, end)) = &mut self.open
            && place.saturating_sub(BEFORE) <= *end
        {
            *end = place + BEHIND;
            return;
        }
        self.keep(block, base, true);
        let first = place.saturating_sub(BEFORE);
        let start = within(first.max(self.done), base);
        // From the beginning of a line on.
        let start = match memchr(b'\n', &block[start..within(place, base)]) {
            _ if first <= self.done => start,
            Some(found) => start + found + 1,
            None => start + continuing(&block[start..]),
        };
        let begins = base + start as u64;
        if self.all == 0 || begins > self.done {
            let bytes = Vec::with_capacity(PIECE);
            self.kept.push_back(Piece { begins: true, bytes });
        }
        self.all += 1;
        self.open = Some((begins, place + BEHIND));
    }

    /// Keeps what the open place has in a block, up to the end of its last line.
    fn keep(&mut self, block: &[u8], base: u64, is_over: bool) {
        let Some((done, end)) = self.open else {
            return;
        };
        let (start, near) = (within(done, base), within(end, base).min(block.len()));
        let rest = &block[near..];
        let line = memchr(b'\n', &rest[..rest.len().min(LONGEST_LINE)]);
        let over = is_over || line.is_some() || rest.len() >= LONGEST_LINE;
        let stop = match line {
            Some(found) => near + found + 1,
            None => near,
        };
        self.push(&block[start..stop.max(start)]);
        self.done = base + stop as u64;
        self.open = (!over).then_some((self.done, end));
    }

    fn push(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let last = self.kept.back_mut().filter(|last| last.bytes.len() < PIECE);
            let Some(Piece { bytes: last, .. }) = last else {
                self.kept.push_back(Piece::default());
                continue;
            };
            let count = bytes.len().min(PIECE - last.len());
            last.extend_from_slice(&bytes[..count]);
            self.bytes += count;
            bytes = &bytes[count..];
        }
        while self.bytes > MOST_KEPT
            && let Some(earliest) = self.kept.pop_front()
        {
            self.bytes -= earliest.bytes.len();
            self.left_out += earliest.bytes.len() as u64;
        }
    }

    /// The places, each by itself: what stands in the text between two of them was not kept, so that nothing in one goes on in
    /// the next.
    pub(super) fn finish(mut self) -> (Vec<Excerpt>, LookedInto) {
        if self.left_out > 0
            && let Some(Piece { bytes: first, .. }) = self.kept.front_mut()
        {
            // From the beginning of a line on.
            let cut = memchr(b'\n', first).map_or(0, |found| found + 1);
            first.drain(..cut);
        }
        let looked_into = LookedInto::Places {
            all: self.all,
            kept: self.bytes as u64,
            left_out: self.left_out,
        };
        let mut places: Vec<Excerpt> = Vec::new();
        for piece in self.kept {
            match places.last_mut().filter(|_| !piece.begins) {
                Some(place) => place.text.extend(piece.bytes),
                None => places.push(Excerpt {
                    text: piece.bytes,
                    goes_on: true,
                }),
            }
        }
        // What is kept up to the end of the text is whole.
        if let Some(last) = places.last_mut() {
            last.goes_on = self.open.is_none();
        }
        (places, looked_into)
    }
}

/// The place in a block of a place of the whole.
fn within(place: u64, base: u64) -> usize {
    usize::try_from(place.saturating_sub(base)).unwrap_or(usize::MAX)
}

/// The bytes at the beginning that belong to a character before them.
fn continuing(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .take(3)
        .take_while(|byte| **byte & 0b1100_0000 == 0b1000_0000)
        .count()
}
