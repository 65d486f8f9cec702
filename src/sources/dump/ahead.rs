//! What the scanner looks at ahead of its place: a few characters, never the rest of the text.

use crate::{
    oauth::params::char_boundary,
    sources::dump::scan::{NEAR, Scanner},
};

impl Scanner<'_> {
    /// Where the text goes on behind `:`, `=` or `=>`, when one stands at `at`; `quoted` where it is behind a string.
    pub(super) fn assignment(&self, at: usize, quoted: bool) -> Option<usize> {
        let mut at = at;
        while self.bytes.get(at).is_some_and(|b| matches!(b, b' ' | b'\t')) {
            at += 1;
        }
        let byte = |ahead: usize| self.bytes.get(at + ahead).copied().unwrap_or_default();
        match (byte(0), byte(1)) {
            (b'=', b'>') | (b':', b'=') => Some(at + 2),
            (b'=', b'=' | b'~') | (b':', b':') => None,
            (b':', b'/') if !quoted && byte(2) == b'/' => None,
            (b'=' | b':', _) => Some(at + 1),
            _ => None,
        }
    }

    /// The bare name at `at` and where its value begins.
    pub(super) fn bare_key(&self, at: usize) -> Option<(&str, usize)> {
        let mut start = at;
        while start < at + 2 && self.bytes.get(start).is_some_and(|b| matches!(b, b'@' | b':')) {
            start += 1;
        }
        if !self.bytes.get(start)?.is_ascii_alphanumeric()
            && self.bytes[start] != b'_'
            && self.bytes[start] != b'$'
        {
            return None;
        }
        let in_name = |b: &u8| b.is_ascii_alphanumeric() || b"_.$?!-".contains(b);
        let length = self.bytes[start..]
            .iter()
            .take(NEAR)
            .take_while(|b| in_name(b))
            .count();
        let end = start + length;
        let value = self.assignment(end, false)?;
        let digits = self.bytes[start..end].iter().all(u8::is_ascii_digit);
        let arrow = self.bytes.get(value - 1) == Some(&b'>');
        (!digits || arrow).then_some((&self.text[start..end], value))
    }

    /// The bracket that belongs to the words at the current place, as a type's name does.
    pub(super) fn named_bracket(&self) -> Option<usize> {
        let mut words = 1;
        let mut at = self.at;
        let limit = self.bytes.len().min(at + NEAR);
        while at < limit {
            let c = self.bytes[at];
            let spaced = at > self.at && self.bytes[at - 1].is_ascii_whitespace();
            match c {
                b'{' => return (at > self.at).then_some(at),
                b'(' | b'[' if !spaced => {
                    // `Map(1) {`, `Uint8Array(4) [`.
                    let inside = self.bytes[at + 1..limit]
                        .iter()
                        .take_while(|b| b.is_ascii_digit())
                        .count();
                    let behind = at + 1 + inside;
                    let counted = c == b'(' && inside > 0 && self.bytes[behind..limit].starts_with(b") ");
                    return match self.bytes.get(behind + 2) {
                        Some(b'{' | b'[') if counted => Some(behind + 2),
                        _ => (words == 1).then_some(at),
                    };
                }
                // `Object [AxiosHeaders] {`.
                b'[' => {
                    let close = self.bytes[at..limit].iter().position(|b| *b == b']')?;
                    at += close;
                    if !self.bytes[at..limit].starts_with(b"] {") {
                        return None;
                    }
                }
                b'(' => return None,
                b'\n' | b'\r' => {
                    // print_r: `Array` and the bracket on the next line.
                    let line = self.text[self.at..at].trim();
                    let rest = &self.text[at..char_boundary(self.text, at + NEAR)];
                    let behind = rest.trim_start();
                    let printed = line == "Array" || line.ends_with(" Object");
                    return (printed && behind.starts_with('(')).then(|| at + rest.len() - behind.len());
                }
                b' ' => words += 1,
                _ if c.is_ascii_alphanumeric() || b"_.:*&/<>-$@".contains(&c) => {}
                _ => return None,
            }
            if words > 3 {
                return None;
            }
            at += 1;
        }
        None
    }

    /// Where the bare words at the current place end.
    pub(super) fn bare_end(&self, has_key: bool) -> usize {
        let Some(frame) = self.open.back() else {
            return self.at;
        };
        let mut nested = 0_usize;
        let mut at = self.at;
        while let Some(&c) = self.bytes.get(at) {
            match c {
                b'(' | b'[' if has_key => nested += 1,
                b')' | b']' if nested > 0 => nested -= 1,
                b')' | b']' if has_key && c != frame.close => {}
                b'\n' | b'{' | b'}' | b'(' | b'[' | b')' | b']' => break,
                b'>' if frame.close == b'>' => break,
                b',' | b';' if !has_key || self.ends_member(at + 1) => break,
                b' ' if frame.spaced && has_key && nested == 0 && self.bare_key(at + 1).is_some() => break,
                b'"' | b'\'' if !has_key && at > self.at && self.bytes[at - 1] == b' ' => break,
                _ => {}
            }
            at += 1;
        }
        at
    }

    /// True where behind a comma another member begins, or nothing does.
    fn ends_member(&self, at: usize) -> bool {
        let rest = &self.bytes[at.min(self.bytes.len())..];
        let blank = rest
            .iter()
            .take(NEAR)
            .take_while(|b| matches!(b, b' ' | b'\t'))
            .count();
        match rest.get(blank) {
            Some(b) if b"\n\r\"'{[(}])\\<#:".contains(b) => true,
            Some(_) => self.bare_key(at + blank).is_some(),
            None => true,
        }
    }
}
