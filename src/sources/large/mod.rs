//! Files that are too large to be read whole. Block by block, what may concern an authorization is kept of them, and from
//! there on it is a text like any other; what had no room is counted.

mod entries;
mod places;
#[cfg(test)]
mod tests;

use std::sync::OnceLock;

use aho_corasick::{
    AhoCorasick, Input as Haystack, MatchKind,
    packed::{self, Searcher},
};

use crate::{
    oauth::time::Moment,
    sources::{self, Attempts, Input, NotRecognised, har},
};

/// So many bytes of a block are shown again in front of the next one.
pub const OVERLAP: usize = 16 * 1024;
/// So much is kept, of the end where there is more: the latest failure is what is explained.
pub(crate) const MOST_KEPT: usize = 4 * 1024 * 1024;
/// Of a text that is not recognised, the beginning is shown.
const BEGINNING: usize = 4096;

/// What concerns an authorization has one of these words in it. Words that ordinary logs are full of would keep everything.
const MARKS: [&str; 46] = [
    "access_token",
    "accessToken",
    "access token",
    "refresh_token",
    "id_token",
    "client_id",
    "clientId",
    "client_secret",
    "clientSecret",
    "grant_type",
    "device_code",
    "user_code",
    "code_verifier",
    "code_challenge",
    "redirect_uri",
    "redirectUri",
    "authorization_code",
    "authorization_request",
    "authorization_pending",
    "verification_code",
    "verification code",
    "invalid_grant",
    "invalid_client",
    "invalid_scope",
    "invalid_credentials",
    "invalid_state",
    "invalid_redirect",
    "unauthorized_client",
    "incorrect_client",
    "unsupported_grant",
    "access_denied",
    "expired_token",
    "_mismatch",
    "tate mismatch",
    "csrf_detected",
    "state parameter",
    "state token",
    "?code=",
    "&code=",
    "&state=",
    "?error=",
    "oauth",
    "OAuth",
    "Oauth",
    "OAUTH",
    "/token",
];

/// Finds [`MARKS`] at the speed at which memory is read, where the processor can.
enum Search {
    Packed(Searcher),
    Automaton(AhoCorasick),
}

fn search() -> &'static Search {
    static SEARCH: OnceLock<Search> = OnceLock::new();
    SEARCH.get_or_init(|| {
        let packed = packed::Config::new().builder().extend(MARKS).build();
        if let Some(packed) = packed {
            return Search::Packed(packed);
        }
        let built = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostFirst)
            .build(MARKS);
        Search::Automaton(built.unwrap_or_else(|error| panic!("too many marks: {error}")))
    })
}

impl Search {
    /// The place of the first mark from a place on.
    fn next(&self, text: &[u8], from: usize) -> Option<usize> {
        let span = from.min(text.len())..text.len();
        match self {
            Self::Packed(searcher) => searcher.find_in(text, span.into()).map(|found| found.start()),
            Self::Automaton(automaton) => automaton
                .find(Haystack::new(text).span(span))
                .map(|found| found.start()),
        }
    }
}

/// A large file on its way through.
pub struct Large {
    kind: Kind,
    beginning: Vec<u8>,
    read: u64,
}

enum Kind {
    Entries(entries::Walk),
    Places(places::Walk),
}

/// What is said of a file that was read in pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// The bytes that were read.
    pub read: u64,
    /// What they were read as.
    pub looked_into: LookedInto,
}

/// What was looked into, and what had no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookedInto {
    /// Entries of a HAR file.
    Entries {
        /// All of them.
        all: u64,
        /// Those that may concern an authorization and were looked into.
        kept: u64,
        /// Those that may concern one too, came before these or are too long, and were left out.
        left_out: u64,
    },
    /// Places in a text.
    Places {
        /// Places with a word that has to do with an authorization.
        all: u64,
        /// The bytes around them that were looked into.
        kept: u64,
        /// The bytes around earlier ones that were left out.
        left_out: u64,
    },
}

impl Large {
    /// Begins with the first block; `None` for what cannot be read in pieces: a zip file, or UTF-16.
    pub fn of(block: &[u8]) -> Option<Self> {
        if block.starts_with(b"PK\x03\x04")
            || block.starts_with(b"\xff\xfe")
            || block.starts_with(b"\xfe\xff")
        {
            return None;
        }
        let beginning = &block[..block.len().min(BEGINNING)];
        let kind = if har::begins(&String::from_utf8_lossy(beginning)) {
            Kind::Entries(entries::Walk::default())
        } else {
            Kind::Places(places::Walk::default())
        };
        Some(Self {
            kind,
            beginning: beginning.to_vec(),
            read: 0,
        })
    }

    /// Takes the next block in. Its first `seen` bytes, [`OVERLAP`] of them where there are so many, are the last ones of the
    /// block before.
    pub fn take(&mut self, block: &[u8], seen: usize) {
        match &mut self.kind {
            Kind::Entries(walk) => walk.take(&block[seen..]),
            Kind::Places(walk) => walk.take(block, self.read - seen as u64, seen),
        }
        self.read += (block.len() - seen) as u64;
    }

    /// What was kept, read as any text is, and what is to be said of it.
    pub fn attempts(self, now: Moment) -> (Result<Attempts, NotRecognised>, Told) {
        let (attempts, looked_into) = match self.kind {
            Kind::Entries(walk) => {
                let (document, looked_into) = walk.finish();
                (sources::attempts(&document, now), looked_into)
            }
            Kind::Places(walk) => {
                let (places, looked_into) = walk.finish();
                (sources::attempts_in(&places, now), looked_into)
            }
        };
        let attempts = attempts.map_err(|_| NotRecognised {
            bytes: Some(self.read),
            ..NotRecognised::of(&Input::new(&self.beginning))
        });
        let told = Told {
            read: self.read,
            looked_into,
        };
        (attempts, told)
    }
}
