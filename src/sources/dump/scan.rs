//! The single pass over a text that makes a tree of its brackets.

use std::collections::VecDeque;

use crate::{
    oauth::params::char_boundary,
    sources::dump::{Object, Value, literal},
};

/// Deeper than this, the outermost bracket is given up: what is inside it stands by itself.
const DEEPEST: usize = 64;
/// How far a name or an assignment behind one is looked for.
pub(super) const NEAR: usize = 120;
/// How many bytes may be looked at in vain for the ends of strings, beside the length of the text.
const IN_VAIN: usize = 1 << 20;

/// Everything in brackets in a text, in order of their ends.
pub fn read(text: &str) -> Vec<Object> {
    let mut scanner = Scanner {
        text,
        bytes: text.as_bytes(),
        at: 0,
        open: VecDeque::new(),
        roots: Vec::new(),
        in_vain: 0,
        name: String::new(),
    };
    while scanner.at < scanner.bytes.len() {
        if scanner.open.is_empty() {
            scanner.seek_bracket();
        } else {
            scanner.step();
        }
    }
    while !scanner.open.is_empty() {
        scanner.finish(false);
    }
    scanner.roots
}

/// An object that is being read.
pub(super) struct Frame {
    pub(super) object: Object,
    pub(super) close: u8,
    key: Option<String>,
    /// Members are separated by spaces, as Go and Ruby's `#<…>` separate them.
    pub(super) spaced: bool,
}

pub(super) struct Scanner<'t> {
    pub(super) text: &'t str,
    pub(super) bytes: &'t [u8],
    pub(super) at: usize,
    pub(super) open: VecDeque<Frame>,
    roots: Vec<Object>,
    in_vain: usize,
    /// The name that was read for the next bracket.
    name: String,
}

impl Scanner<'_> {
    /// Outside of all brackets: goes to the next one, the words in front of which are its name.
    fn seek_bracket(&mut self) {
        let rest = &self.text[self.at..];
        let Some(found) = rest.find(['{', '[', '(']) else {
            self.at = self.bytes.len();
            return;
        };
        if let Some(ruby) = rest[..found].find("#<") {
            self.at += ruby;
            return self.open_ruby();
        }
        let bracket = self.at + found;
        let start = rest[..found]
            .rfind('\n')
            .map_or(self.at, |line| self.at + line + 1);
        let near = char_boundary(self.text, bracket.saturating_sub(NEAR)).max(start);
        self.name = self.text[near..bracket].trim().to_owned();
        self.at = bracket;
        self.open_bracket();
    }

    fn step(&mut self) {
        let c = self.bytes[self.at];
        let next = self.bytes.get(self.at + 1).copied().unwrap_or_default();
        let close = self.open.back().map(|frame| frame.close);
        match c {
            b'}' | b']' | b')' => self.close_bracket(c),
            b'>' if close == Some(b'>') => self.close_bracket(c),
            b',' | b';' => {
                self.take_key_alone();
                self.at += 1;
            }
            b'{' | b'[' | b'(' => {
                // Node's note on an object without a prototype is no object.
                let note = "[Object: null prototype]";
                if self.text[self.at..].starts_with(note) {
                    self.at += note.len();
                } else {
                    self.open_bracket();
                }
            }
            b'#' if next == b'<' => self.open_ruby(),
            b'<' => self.angle(),
            b'"' | b'\'' | b'`' | b'\\' => self.string(),
            b'.' if self.text[self.at..].starts_with("...") => self.left_out(),
            b if b" \t\r\n&*%@#+|/?!".contains(&b) => self.at += 1,
            b':' if next.is_ascii_alphabetic() => self.at += 1,
            _ => self.word(),
        }
    }

    /// `<Buffer 7b 22>`, `<<123, 34>>`, `<ref *1>`, `<nil>`.
    fn angle(&mut self) {
        let rest = &self.text[self.at..];
        let most = char_boundary(rest, 4096);
        let end = rest[..most].find('>');
        if let Some(hex) = rest.strip_prefix("<Buffer ") {
            let hex = end.map_or(hex, |end| &rest["<Buffer ".len()..end]);
            let words = hex.split_whitespace();
            let bytes: Vec<u8> = words
                .map_while(|word| u8::from_str_radix(word, 16).ok())
                .collect();
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let cut = hex.contains("...") || end.is_none();
            self.at += end.map_or(most, |end| end + 1);
            self.take(if cut { Value::Cut(text) } else { Value::Text(text) });
        } else if rest.starts_with("<<") {
            self.at += 1;
            self.open_with(b'>', '<');
        } else if rest.starts_with("<nil>") {
            self.at += "<nil>".len();
            self.take(Value::Nothing);
        } else if rest.starts_with("<ref *") {
            self.at += end.map_or(1, |end| end + 1);
        } else {
            self.at += 1;
        }
    }

    /// `#<struct Faraday::Env method=:post>`: the name goes up to white space.
    fn open_ruby(&mut self) {
        let start = self.at + 2;
        let most = char_boundary(self.text, start + NEAR);
        let end = self.text[start..most]
            .find(|c: char| c.is_whitespace() || c == '>')
            .map_or(most, |end| start + end);
        self.name = self.text[start..end].to_owned();
        self.at = end.saturating_sub(1).max(self.at + 1);
        self.open_with(b'>', '<');
        if let Some(frame) = self.open.back_mut() {
            frame.spaced = true;
            frame.object.unquoted = true;
        }
    }

    fn open_bracket(&mut self) {
        self.skip_run();
        let bracket = self.bytes[self.at];
        let close = match bracket {
            b'{' => b'}',
            b'[' => b']',
            _ => b')',
        };
        self.open_with(close, char::from(bracket));
    }

    /// Goes to the last brackets of a long run of opening ones. Those before them are given up, as they would be one by one:
    /// nothing but brackets is in them.
    fn skip_run(&mut self) {
        let rest = &self.bytes[self.at..];
        let opens = |at: usize| rest.get(at).is_some_and(|byte| b"{[(".contains(byte));
        if !opens(DEEPEST) || !opens(2 * DEEPEST) {
            return;
        }
        let run = rest.iter().take_while(|byte| b"{[(".contains(byte)).count();
        // The last one may be something else, such as a note of Node's.
        let Some(skipped) = run.checked_sub(DEEPEST + 1).filter(|skipped| *skipped >= DEEPEST) else {
            return;
        };
        let open = self.open.len();
        for (nth, Frame { mut object, .. }) in self.open.drain(..).enumerate() {
            object.end = self.at + DEEPEST - open + nth;
            if !object.members.is_empty() || !object.items.is_empty() {
                self.roots.push(object);
            }
        }
        self.name.clear();
        self.at += skipped;
    }

    /// Begins an object whose bracket is the character at the current place.
    fn open_with(&mut self, close: u8, bracket: char) {
        if self.open.len() == DEEPEST
            && let Some(mut outermost) = self.open.pop_front()
        {
            outermost.object.end = self.at;
            // Brackets alone say nothing, and a text may be made of them.
            if !outermost.object.members.is_empty() || !outermost.object.items.is_empty() {
                self.roots.push(outermost.object);
            }
        }
        let object = Object {
            name: std::mem::take(&mut self.name),
            bracket,
            start: self.at,
            ..Object::default()
        };
        self.open.push_back(Frame {
            object,
            close,
            key: None,
            spaced: false,
        });
        self.at += 1;
    }

    /// Ends the innermost object that this bracket closes; those inside it were not closed.
    fn close_bracket(&mut self, bracket: u8) {
        let Some(found) = self.open.iter().rposition(|frame| frame.close == bracket) else {
            self.at += 1;
            return;
        };
        while self.open.len() > found + 1 {
            self.finish(false);
        }
        self.at += 1;
        self.finish(true);
        // `[error] =>` of print_r, `["error"]=>` of var_dump, `[Symbol(x)]:` of Node.
        if bracket == b']'
            && let Some(behind) = self.assignment(self.at, true)
            && let Some(frame) = self.open.back_mut()
            && let Some(Value::Object(list)) = frame.object.items.last()
            && let Some(key) = key_of(list)
        {
            frame.object.items.pop();
            // The parentheses of print_r hold members as braces do.
            frame.object.bracket = '{';
            frame.object.unquoted = true;
            frame.key = Some(key);
            self.at = behind;
        }
    }

    /// Ends the innermost object.
    fn finish(&mut self, closed: bool) {
        self.take_key_alone();
        self.name.clear();
        let Some(Frame { mut object, .. }) = self.open.pop_back() else {
            return;
        };
        let is_whole = closed && !object.items.contains(&Value::Cut("...".to_owned()));
        object.whole = is_whole;
        object.end = self.at;
        let wraps = matches!(object.name.as_str(), "Some" | "Ok") && object.items.len() == 1;
        if self.open.is_empty() {
            self.roots.push(object);
        } else if wraps && object.members.is_empty() {
            let inner = object.items.remove(0);
            self.take(inner);
        } else if object.bracket != '(' || !object.name.is_empty() || !self.takes_words_on(&object) {
            self.take(Value::Object(object));
        }
    }

    /// True where a list in parentheses is a part of the words before it.
    fn takes_words_on(&self, object: &Object) -> bool {
        object.members.is_empty()
            && object.items.is_empty()
            && self.open.back().is_some_and(|frame| frame.key.is_none())
    }

    /// A value for the name that waits for one, or a value without a name.
    fn take(&mut self, value: Value) {
        let Some(frame) = self.open.back_mut() else {
            return;
        };
        match frame.key.take() {
            Some(key) => frame.object.members.push((key, value)),
            None => frame.object.items.push(value),
        }
    }

    fn take_key_alone(&mut self) {
        if let Some(frame) = self.open.back_mut()
            && let Some(key) = frame.key.take()
        {
            frame.object.members.push((key, Value::Nothing));
        }
    }

    /// `... 5 more items`: something is left out.
    fn left_out(&mut self) {
        while self.bytes.get(self.at).is_some_and(|b| !b"\n,}])".contains(b)) {
            self.at += 1;
        }
        self.take(Value::Cut("...".to_owned()));
    }

    fn string(&mut self) {
        if literal::opening(self.bytes, self.at).is_none() || self.in_vain > self.bytes.len() + IN_VAIN {
            self.at += 1;
            return;
        }
        let expected = self.open.back().is_some_and(|frame| frame.key.is_some());
        let found = match literal::read(self.text, self.at, expected) {
            Ok(found) => found,
            Err(looked_at) => {
                self.in_vain += looked_at;
                self.at += 1;
                return;
            }
        };
        if !found.whole {
            self.in_vain += found.end - self.at;
        }
        self.at = found.end;
        if !expected
            && found.whole
            && let Some(behind) = self.assignment(self.at, true)
        {
            let frame = self.open.back_mut();
            if let Some(frame) = frame {
                frame.key = Some(found.text);
            }
            self.at = behind;
            return;
        }
        let mut text = found.text;
        let mut whole = found.whole;
        while whole && let Some(more) = self.joined() {
            whole = more.whole;
            text.push_str(&more.text);
            self.at = more.end;
        }
        self.take(if whole {
            Value::Text(text)
        } else {
            Value::Cut(text)
        });
    }

    /// The string that is joined to the one before it: `'a' +` and `'b'` on the next line, or Python's two lines.
    fn joined(&self) -> Option<literal::Literal> {
        let most = char_boundary(self.text, self.at + NEAR);
        let rest = &self.text[self.at..most];
        let behind = rest.trim_start();
        let plus = behind.strip_prefix('+').map(str::trim_start);
        let broken = rest[..rest.len() - behind.len()].contains('\n');
        let next = plus.or_else(|| broken.then_some(behind))?;
        let at = most - next.len();
        next.starts_with(['\'', '"', '`'])
            .then(|| literal::read(self.text, at, false).ok())?
    }

    fn word(&mut self) {
        let has_key = self.open.back().is_some_and(|frame| frame.key.is_some());
        if !has_key && let Some((key, value)) = self.bare_key(self.at) {
            let key = key.to_owned();
            let tight = self.bytes.get(value).is_some_and(|b| !b.is_ascii_whitespace());
            let assigned = self.bytes[value - 1];
            if let Some(frame) = self.open.back_mut() {
                frame.object.unquoted |= assigned == b'=' || (assigned == b':' && tight);
                frame.spaced |= assigned == b':' && tight;
                frame.key = Some(key);
            }
            self.at = value;
            return;
        }
        if let Some(behind) = self.php_type() {
            self.at = behind;
            return;
        }
        // `b'…'`, `r"…"`, `@"…"`.
        let prefix = self.bytes[self.at..]
            .iter()
            .take(3)
            .take_while(|b| b.is_ascii_alphabetic())
            .count();
        if prefix > 0
            && prefix < 3
            && self
                .bytes
                .get(self.at + prefix)
                .is_some_and(|b| b"'\"".contains(b))
        {
            self.at += prefix;
            return;
        }
        if let Some(bracket) = self.named_bracket() {
            self.name = self.text[self.at..bracket].trim().to_owned();
            self.at = bracket;
            return self.open_bracket();
        }
        let end = self.bare_end(has_key);
        let words = self.text[self.at..end].trim();
        if !words.is_empty() {
            // Where strings have no quotes, this is one: only JavaScript has such a value.
            let unquoted = self.open.back().is_some_and(|frame| frame.object.unquoted);
            let nothing = matches!(words, "nil" | "null" | "None" | "NULL" | "<nil>")
                || (words == "undefined" && !unquoted);
            self.take(if nothing {
                Value::Nothing
            } else {
                Value::Bare(words.to_owned())
            });
        }
        self.at = if end > self.at {
            end
        } else {
            char_behind(self.text, self.at)
        };
    }

    /// Passes over what `var_dump` writes in front of a value: `string(20) `, `array(2) `; `int(3)` is the value itself.
    fn php_type(&mut self) -> Option<usize> {
        let most = char_boundary(self.text, self.at + NEAR);
        let near = &self.text[self.at..most];
        let (name, rest) = near.split_once('(')?;
        let (inner, behind) = rest.split_once(')')?;
        let at = most - behind.len();
        match name {
            "string" => {
                let length: usize = inner.parse().ok()?;
                let start = at + behind.strip_prefix(" \"").map(|_| 2)?;
                let end = start.checked_add(length)?;
                // The length counts bytes, and nothing in the string is escaped.
                let whole = self
                    .text
                    .get(start..end)
                    .filter(|_| self.bytes.get(end) == Some(&b'"'));
                match whole {
                    Some(whole) => {
                        self.take(Value::Text(whole.to_owned()));
                        Some(end + 1)
                    }
                    None => Some(at + 1),
                }
            }
            "int" | "float" | "bool" => {
                self.take(Value::Bare(inner.to_owned()));
                Some(at)
            }
            "array" | "object" => {
                let brace = behind.find('{')?;
                let between = &behind[..brace];
                let odd = |c: char| !c.is_ascii_digit() && !"#() ".contains(c);
                (!between.contains(odd)).then_some(at + brace)
            }
            _ => None,
        }
    }
}

/// The name that an index in brackets gives: `error`, `"error":protected`, `Symbol(x)`.
fn key_of(list: &Object) -> Option<String> {
    match (list.members.as_slice(), list.items.as_slice()) {
        ([], [Value::Bare(key) | Value::Text(key)]) => {
            Some(key.split(':').next().unwrap_or_default().to_owned())
        }
        ([(key, _)], []) => Some(key.clone()),
        ([], [Value::Object(symbol)]) => Some(symbol.name.clone()),
        _ => None,
    }
}

/// The place behind the character at `at`.
fn char_behind(text: &str, at: usize) -> usize {
    text[at..]
        .chars()
        .next()
        .map_or(text.len(), |c| at + c.len_utf8())
}
