//! The dresses in which a known secret comes back: the table that the redactor searches by, and that its tests plant.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use memchr::memchr3_iter;

use crate::oauth::{
    params::{char_boundary, encode_value},
    secret::{MASK, mask_encoded},
};

/// Writes a character in an encoding.
pub(super) type Escape = fn(char, &mut String);

/// A form that a secret takes.
pub struct Form {
    /// What it is called where a test fails.
    pub name: &'static str,
    /// Writes a secret in it.
    pub write: fn(&str) -> String,
    /// What is shown in its place.
    pub(super) masked: fn(&str) -> String,
    /// False for what is looked for only in a text that could hold it (see [`may_be_dressed_up`]).
    pub(super) common: bool,
    /// True where letters and digits stay as they are, apart from their case.
    pub(super) escapes: bool,
    /// True where it begins with the end of the secret.
    backwards: bool,
}

impl Form {
    /// The part of a secret that the beginning of the form is made of, `most` bytes at most.
    pub(super) fn beginning<'s>(&self, secret: &'s str, most: usize) -> &'s str {
        if self.backwards {
            &secret[char_boundary(secret, secret.len().saturating_sub(most))..]
        } else {
            &secret[..char_boundary(secret, most)]
        }
    }
}

macro_rules! by_character {
    ($name:literal, $escape:expr, $common:literal) => {
        Form {
            name: $name,
            write: |secret| written(secret, $escape),
            masked: |secret| mask_encoded(secret, $escape),
            common: $common,
            escapes: $common,
            backwards: false,
        }
    };
}

macro_rules! whole {
    ($name:literal, $write:expr $(, $field:ident)?) => {
        Form {
            $($field: true,)?
            ..Form {
                name: $name,
                write: $write,
                masked: hidden,
                common: true,
                escapes: false,
                backwards: false,
            }
        }
    };
}

/// Every form. Letters are compared without regard to case, so that the upper case of a form needs none of its own.
pub const FORMS: [Form; 19] = [
    by_character!("as it is", as_it_is, true),
    by_character!("percent-encoded", percent_encoded, true),
    by_character!("JSON", json_escaped, true),
    by_character!("HTML", html_escaped, true),
    by_character!("every byte percent-encoded", percent_everything, false),
    by_character!("percent-encoded twice", percent_twice, false),
    by_character!(
        "every byte percent-encoded twice",
        percent_everything_twice,
        false
    ),
    by_character!("decimal entities", decimal_entity, false),
    by_character!("hexadecimal entities", hex_entity, false),
    by_character!("JSON code points", json_code_point, false),
    whole!("upper case", str::to_uppercase, escapes),
    whole!("reversed", |secret| secret.chars().rev().collect(), backwards),
    whole!("hexadecimal", |secret| secret.bytes().fold(
        String::new(),
        |mut out, byte| {
            let _ = write!(out, "{byte:02x}");
            out
        }
    )),
    whole!("base64", |secret| base64_behind(secret, 0)),
    whole!("base64 behind one byte", |secret| base64_behind(secret, 1)),
    whole!("base64 behind two bytes", |secret| base64_behind(secret, 2)),
    whole!("base64url", |secret| url_safe(&base64_behind(secret, 0))),
    whole!("base64url behind one byte", |secret| url_safe(&base64_behind(
        secret, 1
    ))),
    whole!("base64url behind two bytes", |secret| url_safe(&base64_behind(
        secret, 2
    ))),
];

/// True for a text with an encoding in it that no program needs for a secret: only there are the unusual forms looked for.
pub(super) fn may_be_dressed_up(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr3_iter(b'%', b'&', b'\\', bytes).any(|at| {
        matches!(
            &bytes[at..],
            [b'%', b'4'..=b'7', _, ..]
                | [b'%', b'3', b'0'..=b'9', ..]
                | [b'%', b'2', b'5', ..]
                | [b'&', b'#', _, ..]
                | [b'\\', b'u', _, ..]
        )
    })
}

fn written(secret: &str, escape: Escape) -> String {
    let mut out = String::with_capacity(secret.len());
    secret.chars().for_each(|c| escape(c, &mut out));
    out
}

fn hidden(secret: &str) -> String {
    secret.chars().map(|_| MASK).collect()
}

/// The characters of the base64 that depend on the secret alone, whatever stands before and behind it.
fn base64_behind(secret: &str, before: usize) -> String {
    let mut bytes = vec![0; before];
    bytes.extend(secret.bytes());
    let encoded = STANDARD_NO_PAD.encode(&bytes);
    // Six bits a character: those that share bits with a neighbour are left out.
    let first = (before * 8).div_ceil(6);
    let last = bytes.len() * 8 / 6;
    encoded[first.min(last)..last].to_owned()
}

fn url_safe(base64: &str) -> String {
    base64.replace('+', "-").replace('/', "_")
}

pub(super) fn as_it_is(c: char, out: &mut String) {
    out.push(c);
}

pub(super) fn percent_encoded(c: char, out: &mut String) {
    if c.is_ascii_alphanumeric() {
        out.push(c);
    } else {
        out.push_str(&encode_value(c.encode_utf8(&mut [0; 4])));
    }
}

pub(super) fn json_escaped(c: char, out: &mut String) {
    if c >= ' ' && c != '"' && c != '\\' {
        out.push(c);
    } else {
        let quoted = serde_json::Value::String(c.to_string()).to_string();
        out.push_str(&quoted[1..quoted.len() - 1]);
    }
}

fn html_escaped(c: char, out: &mut String) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        '\'' => out.push_str("&#39;"),
        c => out.push(c),
    }
}

fn percent_everything(c: char, out: &mut String) {
    for byte in c.encode_utf8(&mut [0; 4]).bytes() {
        let _ = write!(out, "%{byte:02X}");
    }
}

fn percent_twice(c: char, out: &mut String) {
    let mut once = String::new();
    percent_encoded(c, &mut once);
    once.chars().for_each(|c| percent_encoded(c, out));
}

fn percent_everything_twice(c: char, out: &mut String) {
    for byte in c.encode_utf8(&mut [0; 4]).bytes() {
        let _ = write!(out, "%25{byte:02X}");
    }
}

fn decimal_entity(c: char, out: &mut String) {
    let _ = write!(out, "&#{};", u32::from(c));
}

fn hex_entity(c: char, out: &mut String) {
    let _ = write!(out, "&#x{:x};", u32::from(c));
}

fn json_code_point(c: char, out: &mut String) {
    for unit in c.encode_utf16(&mut [0; 2]) {
        let _ = write!(out, "\\u{unit:04x}");
    }
}
