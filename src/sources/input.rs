//! A text or file as it was given, and what is said of one in which nothing was recognised.

use crate::{
    oauth::{http::as_text, secret::mask},
    render::text::line::{clean, clean_char},
    sources::resembles::Resembles,
};

/// What was given: its bytes, and the same as text.
pub struct Input<'b> {
    /// Byte for byte.
    pub bytes: &'b [u8],
    /// As text, without a byte order mark and white space around it.
    pub text: String,
}

impl<'b> Input<'b> {
    /// Looks at bytes as text.
    pub fn new(bytes: &'b [u8]) -> Self {
        Self {
            bytes,
            text: decode(bytes).trim().to_owned(),
        }
    }
}

/// What a text was held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookedFor {
    /// An HTTP status line, as `curl -i` prints it.
    HttpHead,
    /// A JSON value.
    Json,
    /// A form-encoded body.
    Form,
    /// An XML document.
    Xml,
    /// A redirect, as a URL or its query.
    Redirect,
}

/// A text in which nothing was recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotRecognised {
    /// What was looked for.
    pub looked_for: Vec<LookedFor>,
    /// What it looks most like.
    pub looks_like: Resembles,
    /// The first characters, safe to print: long words masked, since one may be a secret.
    pub beginning: String,
    /// The length of the whole text in characters, white space around it not counted.
    pub length: usize,
    /// The length in bytes, where so large a file was read in pieces that its characters were not counted.
    pub bytes: Option<u64>,
}

/// How much of a text that was not recognised is shown.
const BEGINNING: usize = 60;
/// A word of that length may be a secret.
const LONG_WORD: usize = 16;

impl NotRecognised {
    /// The refusal of a text.
    pub(crate) fn of(input: &Input<'_>) -> Self {
        let text = input.text.as_str();
        let mut beginning = String::new();
        for word in words(text).take(BEGINNING) {
            if is_long(word) {
                beginning.extend(mask(word).chars().take(BEGINNING).map(clean_char));
            } else {
                beginning.push_str(&clean(word));
            }
            if beginning.chars().count() >= BEGINNING {
                break;
            }
        }
        let length = text.chars().count();
        let mut beginning: String = beginning.chars().take(BEGINNING).collect();
        if length > BEGINNING {
            beginning.push('…');
        }
        Self {
            looked_for: vec![
                LookedFor::Json,
                LookedFor::Form,
                LookedFor::Xml,
                LookedFor::HttpHead,
                LookedFor::Redirect,
            ],
            looks_like: Resembles::of(input.bytes, text),
            beginning,
            length,
            bytes: None,
        }
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(|c: char| !c.is_alphanumeric() && c != '_' && c != '-')
}

fn is_long(word: &str) -> bool {
    word.chars().take(LONG_WORD).count() == LONG_WORD
}

/// A text that may be shown: words that may be secret are masked, control characters stand as pictures.
pub(crate) fn harmless(text: &str) -> String {
    words(text)
        .map(|word| {
            if is_long(word) && word.contains(|c: char| c.is_ascii_digit()) {
                mask(word)
            } else {
                clean(word)
            }
        })
        .collect()
}

/// Bytes as text: UTF-8, or UTF-16 where a byte order mark says so (PowerShell writes that into files).
fn decode(bytes: &[u8]) -> String {
    let utf16 = |pair: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes[2..]
            .chunks_exact(2)
            .map(|two| pair([two[0], two[1]]))
            .collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xff, 0xfe, ..] => utf16(u16::from_le_bytes),
        [0xfe, 0xff, ..] => utf16(u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => as_text(rest).into_owned(),
        _ => as_text(bytes).into_owned(),
    }
}
