//! The entries of a HAR file, found by their brackets alone. An entry without a mark is passed over without being read.

use std::collections::VecDeque;

use memchr::{memchr2, memmem};

use crate::sources::{
    har,
    large::{LookedInto, MOST_KEPT, search},
};

/// A longer entry holds a film or a bundle of scripts.
const LONGEST_ENTRY: usize = 2 * 1024 * 1024;
/// White space between a name, its colon and its bracket is no longer.
const LONGEST_NAME: usize = 256;
const NAME: &[u8] = b"\"entries\"";

/// Where in a string the walk is.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum InString {
    #[default]
    Outside,
    Inside,
    BehindABackslash,
}

/// The state between two blocks.
#[derive(Default)]
pub(super) struct Walk {
    /// The end of the blocks before, as long as no list of entries has begun.
    before: Vec<u8>,
    in_list: bool,
    /// The brackets that are open within the entry.
    depth: u64,
    string: InString,
    /// The part of the entry that was in the blocks before.
    begun: Vec<u8>,
    too_long: bool,
    all: u64,
    kept: VecDeque<Vec<u8>>,
    bytes: usize,
    left_out: u64,
}

impl Walk {
    pub(super) fn take(&mut self, mut block: &[u8]) {
        while !block.is_empty() {
            block = if self.in_list {
                self.in_the_list(block)
            } else {
                self.before_the_list(block)
            };
        }
    }

    /// Looks for the bracket behind the name of the list. Gives what follows it.
    fn before_the_list<'b>(&mut self, block: &'b [u8]) -> &'b [u8] {
        let carried = self.before.len();
        self.before.extend_from_slice(block);
        let text = &self.before;
        let white_space = |text: &[u8]| text.len() - text.trim_ascii_start().len();
        let opened = memmem::find_iter(text, NAME).find_map(|at| {
            let colon = at + NAME.len() + white_space(&text[at + NAME.len()..]);
            text.get(colon).filter(|byte| **byte == b':')?;
            let bracket = colon + 1 + white_space(&text[colon + 1..]);
            text.get(bracket).filter(|byte| **byte == b'[')?;
            // What was carried over was looked through before.
            (bracket >= carried).then_some(bracket + 1)
        });
        if let Some(behind) = opened {
            self.before.clear();
            self.in_list = true;
            return &block[behind - carried..];
        }
        let surplus = self.before.len().saturating_sub(LONGEST_NAME);
        self.before.drain(..surplus);
        &[]
    }

    /// Goes through entries up to the end of the list or the block. Gives what follows.
    fn in_the_list<'b>(&mut self, block: &'b [u8]) -> &'b [u8] {
        let (mut at, mut start) = (0, 0);
        while let Some(byte) = block.get(at) {
            match self.string {
                InString::BehindABackslash => {
                    self.string = InString::Inside;
                    at += 1;
                    continue;
                }
                InString::Inside => {
                    let Some(found) = memchr2(b'"', b'\\', &block[at..]) else {
                        break;
                    };
                    at += found + 1;
                    self.string = if block[at - 1] == b'"' {
                        InString::Outside
                    } else {
                        InString::BehindABackslash
                    };
                    continue;
                }
                InString::Outside => {}
            }
            at += 1;
            match byte {
                b'"' => self.string = InString::Inside,
                b'{' | b'[' => {
                    if self.depth == 0 {
                        start = at - 1;
                    }
                    self.depth += 1;
                }
                b'}' | b']' if self.depth > 0 => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        self.entry(&block[start..at]);
                    }
                }
                b']' => {
                    self.in_list = false;
                    return &block[at..];
                }
                _ => {}
            }
        }
        if self.depth > 0 {
            self.begin(&block[start..]);
        }
        &[]
    }

    /// Keeps the part of an entry that does not end in this block.
    fn begin(&mut self, part: &[u8]) {
        self.too_long |= self.begun.len() + part.len() > LONGEST_ENTRY;
        let room = LONGEST_ENTRY - self.begun.len().min(LONGEST_ENTRY);
        self.begun.extend_from_slice(&part[..part.len().min(room)]);
    }

    /// Takes an entry in whose last part this is.
    fn entry(&mut self, part: &[u8]) {
        self.all += 1;
        let entry = if self.begun.is_empty() {
            part
        } else {
            self.begin(part);
            &self.begun
        };
        if search().next(entry, 0).is_some() {
            if std::mem::take(&mut self.too_long) || entry.len() > LONGEST_ENTRY {
                self.left_out += 1;
            } else if har::may_matter(entry) {
                self.bytes += entry.len();
                self.kept.push_back(entry.to_vec());
            }
        }
        self.too_long = false;
        self.begun.clear();
        while self.bytes > MOST_KEPT
            && let Some(earliest) = self.kept.pop_front()
        {
            self.bytes -= earliest.len();
            self.left_out += 1;
        }
    }

    pub(super) fn finish(self) -> (Vec<u8>, LookedInto) {
        let looked_into = LookedInto::Entries {
            all: self.all,
            kept: self.kept.len() as u64,
            left_out: self.left_out,
        };
        let mut document = b"{\"log\":{\"entries\":[".to_vec();
        for (nth, entry) in self.kept.into_iter().enumerate() {
            if nth > 0 {
                document.push(b',');
            }
            document.extend(entry);
        }
        document.extend(b"]}}");
        (document, looked_into)
    }
}
