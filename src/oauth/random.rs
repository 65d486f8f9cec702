//! Randomness as a value. The edge reads the operating system once; the core stretches that seed.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// A stream of unpredictable bytes: SHA-256 over a 256-bit seed and a counter.
///
/// Equal seeds give equal streams, so a flow can be replayed in a test. The seed never leaves this type.
#[derive(Clone)]
pub struct Entropy {
    seed: Zeroizing<[u8; 32]>,
    drawn: u64,
}

impl Entropy {
    /// A stream that starts from 32 bytes of the operating system's randomness.
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self {
            seed: Zeroizing::new(seed),
            drawn: 0,
        }
    }

    /// A stream that starts from a text, for runs that are to be equal. Nothing secret comes of it.
    pub fn from_text(seed: &str) -> Self {
        Self::from_seed(Sha256::digest(seed.as_bytes()).into())
    }

    /// The next 32 bytes.
    pub fn draw(&mut self) -> [u8; 32] {
        self.drawn += 1;
        let mut hash = Sha256::new();
        hash.update(*self.seed);
        hash.update(self.drawn.to_be_bytes());
        hash.finalize().into()
    }

    /// The next `chars` lower-case hexadecimal characters, at most 64.
    pub fn draw_hex(&mut self, chars: usize) -> String {
        let mut text = String::with_capacity(64);
        for byte in self.draw() {
            let _ = write!(text, "{byte:02x}");
        }
        text.truncate(chars);
        text
    }
}

impl std::fmt::Debug for Entropy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entropy")
            .field("drawn", &self.drawn)
            .finish_non_exhaustive()
    }
}

impl PartialEq for Entropy {
    fn eq(&self, other: &Self) -> bool {
        self.seed == other.seed && self.drawn == other.drawn
    }
}
impl Eq for Entropy {}

#[cfg(test)]
mod tests {
    use crate::oauth::random::*;

    #[test]
    fn a_seed_gives_one_stream_and_no_draw_repeats() {
        let (mut a, mut b) = (Entropy::from_seed([7; 32]), Entropy::from_seed([7; 32]));
        let first = a.draw();
        assert_eq!(first, b.draw());
        assert_ne!(first, a.draw());
        assert_eq!(a.draw_hex(20).len(), 20);
        assert!(!format!("{a:?}").contains("seed"));
    }
}
