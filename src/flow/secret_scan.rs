//! Finds the values that stand under the name of a secret in a query, a form, JSON (also inside a JSON string), XML or a
//! URL, in one pass: nothing is looked at twice, however the text is made.

use std::{borrow::Cow, ops::Range};

use memchr::{memchr2, memchr3};

use crate::{
    flow::{
        secret_forms::{Escape, as_it_is, json_escaped, percent_encoded},
        secret_names::{LONGEST_NAME, is_secret_name},
    },
    oauth::{
        params::{Params, char_boundary},
        secret::mask_encoded,
    },
    providers::github::formats,
};

/// Names whose values are compared on screen and may look like a secret without being one.
const OPEN_NAMES: [&str; 5] = ["state", "code", "code_challenge", "nonce", "iss"];

/// Members of JSON whose values are read by people: whatever they look like, they are no secret.
const HARMLESS: [&str; 30] = [
    "avatar_url",
    "client_id",
    "code",
    "code_challenge",
    "code_challenge_method",
    "correlation_id",
    "created_at",
    "documentation_url",
    "email",
    "error",
    "error_description",
    "error_uri",
    "expires_at",
    "gravatar_id",
    "html_url",
    "id",
    "iss",
    "login",
    "message",
    "name",
    "node_id",
    "nonce",
    "redirect_uri",
    "request_id",
    "scope",
    "state",
    "timestamp",
    "token_type",
    "trace_id",
    "user_code",
];

/// A value longer than this is no secret by its looks alone.
const LONGEST_LOOKED_AT: usize = 256;
/// A word drawn by chance has at least so many characters.
const SHORTEST_WORD: usize = 20;
/// A value under a name that nobody knows is looked at from this length on.
const SHORTEST_UNKNOWN: usize = 16;
/// No word of a language that codes are written in is longer.
const LONGEST_WORD: usize = 16;
/// A year, a port, a status.
const LONGEST_SMALL_NUMBER: usize = 6;
/// A number under the name of a secret has at least so many digits if it is one.
const SHORTEST_NUMBER: usize = 4;
/// The longest user info and host that is looked for behind `://`.
const LONGEST_AUTHORITY: usize = 1024;

/// A value that is a secret, or looks like one.
pub(super) struct Found<'t> {
    /// Where it stands.
    pub at: Range<usize>,
    /// The value without its encoding.
    pub decoded: Cow<'t, str>,
    /// The way back into the encoding.
    pub encode: Escape,
    /// True where it stands under the name of a secret; false where it only has the shape of one.
    pub named: bool,
    /// True for a number of JSON, which must stay one so that the text around it can still be read.
    pub number: bool,
}

impl Found<'_> {
    /// What is shown in its place: a number is hidden by nines.
    pub fn masked(&self) -> String {
        if self.number {
            let hidden = self.decoded.chars();
            return hidden.map(|c| if c.is_ascii_digit() { '9' } else { c }).collect();
        }
        mask_encoded(&self.decoded, self.encode)
    }
}

/// Tells every secret in a text, in order; those under a name do not overlap.
pub(super) fn scan<'t>(text: &'t str, mut tell: impl FnMut(Found<'t>)) {
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(found) = memchr3(b'=', b':', b'>', &bytes[from..]) {
        let at = from + found;
        from = at + 1;
        let ended = match bytes[at] {
            b'=' => in_form(text, at, &mut tell),
            b'>' => in_xml(text, at, &mut tell),
            _ if bytes[at..].starts_with(b"://") => in_authority(text, at + 3, &mut tell),
            _ => in_json(text, at, &mut tell).or_else(|| in_object(text, at, &mut tell)),
        };
        from = from.max(ended.unwrap_or(from));
    }
}

/// What stands before a place, as far as a name can reach.
fn window(text: &str, at: usize) -> &[u8] {
    &text.as_bytes()[at.saturating_sub(LONGEST_NAME + 8)..at]
}

fn trimmed(bytes: &[u8]) -> &[u8] {
    bytes.trim_ascii_end()
}

fn in_form<'t>(text: &'t str, at: usize, tell: &mut impl FnMut(Found<'t>)) -> Option<usize> {
    let before = trimmed(window(text, at));
    let start = before
        .iter()
        .rposition(|byte| byte.is_ascii_whitespace() || b"&?#;\"'`<>{}[](),=:|$@".contains(byte))
        .map_or(0, |found| found + 1);
    let name = std::str::from_utf8(&before[start..])
        .ok()
        .filter(|name| !name.is_empty())?;
    let secret = is_secret_name(name);
    let rest = &text[at + 1..];
    // `name="value"`, as in a file of settings or an attribute.
    let quote = rest.chars().next().filter(|c| secret && matches!(c, '"' | '\''));
    let (skipped, ends): (usize, fn(u8) -> bool) = match quote {
        Some('"') => (1, |byte| matches!(byte, b'"' | b'\n')),
        Some(_) => (1, |byte| matches!(byte, b'\'' | b'\n')),
        None => (0, |byte| {
            matches!(byte, b'&' | b'#' | b'\n' | b'\r' | b' ' | b'"' | b'\'' | b'<')
        }),
    };
    let rest = &rest[skipped..];
    let limit = if secret {
        rest.len()
    } else {
        char_boundary(rest, LONGEST_LOOKED_AT)
    };
    let length = rest.as_bytes()[..limit].iter().position(|byte| ends(*byte));
    if !secret && length.is_none() && limit < rest.len() {
        return None;
    }
    let value = &rest[..length.unwrap_or(limit)];
    if !secret && (OPEN_NAMES.contains(&name) || !formats::may_be_secret(&form_decoded(value))) {
        return None;
    }
    let range = at + 1 + skipped..at + 1 + skipped + value.len();
    let end = range.end;
    tell(Found {
        at: range,
        decoded: form_decoded(value),
        encode: percent_encoded,
        named: secret,
        number: false,
    });
    secret.then_some(end)
}

fn form_decoded(value: &str) -> Cow<'_, str> {
    if memchr2(b'%', b'+', value.as_bytes()).is_none() {
        return Cow::Borrowed(value);
    }
    let mut pairs = Params::decode(&format!("={value}")).0;
    Cow::Owned(pairs.pop().map(|(_, value)| value).unwrap_or_default())
}

fn in_xml<'t>(text: &'t str, at: usize, tell: &mut impl FnMut(Found<'t>)) -> Option<usize> {
    let before = window(text, at);
    let start = before.iter().rposition(|byte| *byte == b'<')? + 1;
    let tag = std::str::from_utf8(&before[start..]).ok()?;
    let name = tag.split_ascii_whitespace().next()?;
    let name = name.rsplit(':').next().unwrap_or(name);
    if tag.starts_with(['/', '?', '!']) || tag.ends_with('/') || !is_secret_name(name) {
        return None;
    }
    let mut start = at + 1;
    start += text[start..].len() - text[start..].trim_start().len();
    let (start, length) = match text[start..].strip_prefix("<![CDATA[") {
        Some(inside) => (start + 9, inside.find("]]>").unwrap_or(inside.len())),
        None => (at + 1, text[at + 1..].find('<').unwrap_or(text.len() - at - 1)),
    };
    let range = start..start + length;
    tell(Found {
        decoded: text[range.clone()].into(),
        at: range,
        encode: as_it_is,
        named: true,
        number: false,
    });
    Some(start + length)
}

/// The password of `user:password@host`, and a user that has the looks of a secret.
fn in_authority<'t>(text: &'t str, start: usize, tell: &mut impl FnMut(Found<'t>)) -> Option<usize> {
    let rest = &text[start..char_boundary(text, start + LONGEST_AUTHORITY)];
    let end = rest
        .find(|c: char| c.is_whitespace() || "/?#\"'<>&\\".contains(c))
        .unwrap_or(rest.len());
    let user_info = &rest[..rest[..end].rfind('@')?];
    let range = match user_info.split_once(':') {
        Some((user, _)) => start + user.len() + 1..start + user_info.len(),
        None if formats::may_be_secret(user_info) || is_dense(user_info) => start..start + user_info.len(),
        None => return None,
    };
    let end = range.end;
    tell(Found {
        decoded: text[range.clone()].into(),
        at: range,
        encode: as_it_is,
        named: true,
        number: false,
    });
    Some(end)
}

/// True for a word that could only have been drawn by chance: letters and several digits, and nothing else of note.
fn is_dense(word: &str) -> bool {
    word.len() >= SHORTEST_WORD
        && word.bytes().filter(u8::is_ascii_digit).take(4).count() == 4
        && word.bytes().any(|byte| byte.is_ascii_alphabetic())
        && word
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-+/=.~".contains(&byte))
}

/// `"name": value`. In a JSON string that holds JSON each quote has backslashes before it, the same number everywhere.
fn in_json<'t>(text: &'t str, at: usize, tell: &mut impl FnMut(Found<'t>)) -> Option<usize> {
    let before = trimmed(window(text, at));
    let quote = *before.last().filter(|byte| matches!(byte, b'"' | b'\''))?;
    let before = &before[..before.len() - 1];
    let depth = before.iter().rev().take_while(|byte| **byte == b'\\').count();
    let before = &before[..before.len() - depth];
    let start = before.iter().rposition(|byte| *byte == quote)? + 1;
    let name = std::str::from_utf8(&before[start..]).ok()?;
    let behind = at + 1 + white_space(&text[at + 1..]);
    let rest = &text[behind..];
    if is_secret_name(name) {
        if rest.starts_with(['[', '{']) {
            return Some(in_nested(text, behind, depth, tell));
        }
        let Some(quote) = opening(rest, depth) else {
            return number(text, behind, tell);
        };
        return Some(string(text, behind + quote, depth, tell));
    }
    let start = behind + opening(rest, depth)?;
    let word = text.as_bytes()[start..]
        .iter()
        .take_while(|byte| byte.is_ascii_graphic() && !b"\"\\:".contains(byte))
        .count();
    let value = &text[start..start + word];
    if HARMLESS.contains(&name) {
        if !OPEN_NAMES.contains(&name) && value.len() <= LONGEST_LOOKED_AT && formats::may_be_secret(value) {
            tell(Found {
                at: start..start + word,
                decoded: value.into(),
                encode: json_escaped,
                named: false,
                number: false,
            });
        }
        return None;
    }
    let ends = matches!(text.as_bytes().get(start + word), Some(b'"' | b'\\'));
    (ends && (!is_harmless(value) || formats::may_be_secret(value))).then(|| string(text, start, depth, tell))
}

/// Tells the number that begins at a place, unless it is so short that it hides nothing.
fn number<'t>(text: &'t str, start: usize, tell: &mut impl FnMut(Found<'t>)) -> Option<usize> {
    let in_number = |byte: &u8| byte.is_ascii_digit() || b"+-.eE".contains(byte);
    let length = text.as_bytes()[start..]
        .iter()
        .take_while(|byte| in_number(byte))
        .count();
    let end = start + length;
    if length < SHORTEST_NUMBER {
        return None;
    }
    tell(Found {
        at: start..end,
        decoded: text[start..end].into(),
        encode: as_it_is,
        named: true,
        number: true,
    });
    Some(end)
}

/// True for what people read under a name that nobody knows: a short value, or words and small numbers with signs between
/// them, such as `invalid_client_metadata`, `login.example.com` or `application/json`.
fn is_harmless(value: &str) -> bool {
    value.len() < SHORTEST_UNKNOWN
        || value
            .split(|c: char| !c.is_ascii_alphanumeric())
            .all(is_word_or_small_number)
}

/// True for words of letters, one behind the other as in `invalidClientMetadata`, and a small number behind them.
fn is_word_or_small_number(part: &str) -> bool {
    let letters = part.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = part.len() - letters.len();
    if digits > LONGEST_SMALL_NUMBER || !letters.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return false;
    }
    // Between small letters and capitals a word ends or begins; what chance has drawn changes all the time.
    let changes = letters.as_bytes().windows(2);
    let changes = changes
        .filter(|two| two[0].is_ascii_lowercase() != two[1].is_ascii_lowercase())
        .count();
    letters.len() <= (changes / 2 + 1) * LONGEST_WORD && changes * 4 <= letters.len() + 4
}

/// `name: "value"` and `'name': 'value'`, as scripts and the prints of programs write members; without quotes where the value is
/// one that could only have been drawn by chance.
fn in_object<'t>(text: &'t str, at: usize, tell: &mut impl FnMut(Found<'t>)) -> Option<usize> {
    let before = trimmed(window(text, at));
    let before = before.strip_suffix(b"'").unwrap_or(before);
    let start = before
        .iter()
        .rposition(|byte| !byte.is_ascii_alphanumeric() && !b"_-".contains(byte))
        .map_or(0, |found| found + 1);
    let name = std::str::from_utf8(&before[start..]).ok()?;
    if !is_secret_name(name) {
        return None;
    }
    let behind = at + 1 + white_space(&text[at + 1..]);
    let quote = text[behind..].chars().next().filter(|c| "\"'`".contains(*c));
    let range = if let Some(quote) = quote {
        let start = behind + 1;
        start
            ..text[start..]
                .find([quote, '\n'])
                .map_or(text.len(), |length| start + length)
    } else {
        let near = &text[behind..char_boundary(text, behind + LONGEST_LOOKED_AT)];
        let length = near
            .find(|c: char| c.is_whitespace() || ",;}])\"'<&".contains(c))
            .unwrap_or(near.len());
        is_dense(&near[..length]).then_some(behind..behind + length)?
    };
    let end = range.end;
    tell(Found {
        decoded: Cow::Borrowed(&text[range.clone()]),
        at: range,
        encode: as_it_is,
        named: true,
        number: false,
    });
    Some(end)
}

fn white_space(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

/// The length of the quote that opens a string at this depth.
fn opening(rest: &str, depth: usize) -> Option<usize> {
    let backslashes = rest.bytes().take_while(|byte| *byte == b'\\').count();
    (backslashes == depth && rest.as_bytes().get(depth) == Some(&b'"')).then_some(depth + 1)
}

/// Tells the string that begins at a place; gives the place behind its closing quote.
fn string<'t>(text: &'t str, start: usize, depth: usize, tell: &mut impl FnMut(Found<'t>)) -> usize {
    let (mut backslashes, mut before_quote) = (0, 0);
    let length = text.as_bytes()[start..].iter().position(|byte| {
        // Without a backslash it ends the string around this one, if there is one.
        let ends = *byte == b'"' && (backslashes == 0 || backslashes % (2 * (depth + 1)) == depth);
        before_quote = backslashes.min(depth);
        backslashes = if *byte == b'\\' { backslashes + 1 } else { 0 };
        ends
    });
    let end = length.map_or(text.len(), |length| start + length - before_quote);
    let raw = &text[start..end];
    let (decoded, encode): (Cow<'_, str>, Escape) = if depth == 0 && raw.contains('\\') {
        let read = serde_json::from_str(&format!("\"{raw}\""));
        (read.map_or(Cow::Borrowed(raw), Cow::Owned), json_escaped)
    } else {
        (
            Cow::Borrowed(raw),
            if depth == 0 { json_escaped } else { as_it_is },
        )
    };
    tell(Found {
        at: start..end,
        decoded,
        encode,
        named: true,
        number: false,
    });
    length.map_or(text.len(), |length| start + length + 1)
}

/// Tells every string of an array or an object under the name of a secret, the names of its members left out.
fn in_nested<'t>(text: &'t str, start: usize, depth: usize, tell: &mut impl FnMut(Found<'t>)) -> usize {
    let bytes = text.as_bytes();
    let (mut at, mut level) = (start, 0_usize);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'[' | b'{' => level += 1,
            b']' | b'}' => level -= 1,
            b'"' => {
                let mut found = None;
                let end = string(text, at + 1, depth, &mut |value| found = Some(value));
                let is_name = text[end..].trim_start().starts_with(':');
                if let Some(value) = found.filter(|_| !is_name) {
                    tell(value);
                }
                at = end;
                continue;
            }
            _ => {}
        }
        at += 1;
        if level == 0 {
            break;
        }
    }
    at
}
