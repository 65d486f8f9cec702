//! curl's `--trace` and `--trace-ascii`: blocks of bytes, each line with its offset.

use crate::{oauth::params::char_boundary, sources::wire::stream::Piece};

/// What stands before the mark of a block, a time and a connection's number, is shorter.
const FARTHEST: usize = 48;

/// The blocks of a trace.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let mut found: Vec<Piece> = Vec::new();
    let mut block: Option<Block> = None;
    for line in text.lines() {
        if let Some(begun) = Block::begin(line) {
            found.extend(block.take().map(Block::end));
            block = Some(begun);
        } else if let Some(open) = &mut block
            && !open.line(line)
        {
            // The body that curl prints between the blocks, its own words.
            found.extend(block.take().map(Block::end));
        }
    }
    found.extend(block.map(Block::end));
    found
}

/// True for the line before a block.
pub(super) fn is_begin(line: &str) -> bool {
    Block::begin(line).is_some()
}

struct Block {
    sent: bool,
    length: usize,
    text: String,
    /// Where the next byte belongs.
    at: usize,
    hex: Vec<u8>,
}

impl Block {
    /// `=> Send header, 173 bytes (0xad)`, a time and a connection's number before it or not.
    fn begin(line: &str) -> Option<Self> {
        // A line may be as long as a body is.
        let near = &line[..char_boundary(line, FARTHEST + 16)];
        let at = ["=> Send header", "=> Send data", "<= Recv header", "<= Recv data"]
            .iter()
            .find_map(|mark| near.find(mark))?;
        let rest = &line[at..];
        let length = rest.split(", ").nth(1)?.split(' ').next()?.parse().ok()?;
        (at < FARTHEST).then(|| Self {
            sent: rest.starts_with('='),
            length,
            text: String::new(),
            at: 0,
            hex: Vec::new(),
        })
    }

    /// Takes `0029: Host: …`; false if the line does not belong to the block.
    fn line(&mut self, line: &str) -> bool {
        let Some((offset, content)) = line
            .split_once(": ")
            .or_else(|| line.strip_suffix(':').map(|offset| (offset, "")))
        else {
            return false;
        };
        let Ok(offset) = usize::from_str_radix(offset, 16) else {
            return false;
        };
        if offset > self.length {
            return false;
        }
        match hex(content) {
            Some(bytes) if offset == self.hex.len() => self.hex.extend(bytes),
            _ => {
                self.gap(offset);
                self.text.push_str(content);
                self.at = offset + content.len();
            }
        }
        true
    }

    /// The line break that curl left out at the end of a line.
    fn gap(&mut self, offset: usize) {
        match offset.checked_sub(self.at) {
            Some(2) => self.text.push_str("\r\n"),
            Some(1) => self.text.push('\n'),
            _ => {}
        }
    }

    fn end(mut self) -> Piece {
        self.gap(self.length);
        let text = if self.hex.is_empty() {
            self.text
        } else {
            String::from_utf8_lossy(&self.hex).into_owned()
        };
        Piece {
            sent: self.sent,
            text,
        }
    }
}

/// The bytes of a line of `--trace`: up to 16 in hex, and the same as text.
fn hex(content: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for word in content.get(..content.len().min(47))?.split(' ') {
        if word.is_empty() {
            break;
        }
        if word.len() != 2 {
            return None;
        }
        bytes.push(u8::from_str_radix(word, 16).ok()?);
    }
    (!bytes.is_empty()).then_some(bytes)
}
