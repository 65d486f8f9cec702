//! What a terminal, a log driver or a mail program put around the lines of a text is taken off before it is read, and the
//! time that a line begins with is kept.

use std::borrow::Cow;

use crate::{oauth::time::Moment, sources::clock};

/// A text without what was put around its lines.
pub(crate) struct Lines {
    /// The text.
    pub text: String,
    /// The lines that tell a time, counted from 0, in order.
    pub times: Vec<(usize, Moment)>,
}

impl Lines {
    /// Takes everything off that is not the text's own.
    pub fn read(text: &str) -> Self {
        let text = without_escapes(text);
        let furniture = Furniture::of(&text);
        let mut lines = Self {
            text: String::with_capacity(text.len()),
            times: Vec::new(),
        };
        for (number, line) in text.split('\n').enumerate() {
            let line = line.trim_end_matches('\r');
            let (time, content) = furniture.content(line);
            if let Some(time) = time.or_else(|| clock::within(content)) {
                lines.times.push((number, time));
            }
            lines.text.push_str(content);
            lines.text.push('\n');
        }
        lines.text.pop();
        lines.join_wrapped();
        lines
    }

    /// Joins the lines into which a terminal broke an address or a form: the first is as wide as the text is, and what
    /// stands at its end goes on at the beginning of the next.
    fn join_wrapped(&mut self) {
        const NARROWEST: usize = 40;
        let width = self.text.lines().map(str::len).max().unwrap_or_default();
        if width < NARROWEST || !self.times.is_empty() {
            return;
        }
        let mut joined = String::with_capacity(self.text.len());
        let mut full = false;
        for line in self.text.split('\n') {
            let goes_on = full && continues(&joined, line);
            if !joined.is_empty() && !goes_on {
                joined.push('\n');
            }
            joined.push_str(line);
            full = line.len() == width;
        }
        self.text = joined;
    }
}

/// True where a line goes on with the word at the end of the one before it: a query or a form, and no beginning of
/// anything.
fn continues(before: &str, line: &str) -> bool {
    let last_line = before.rsplit('\n').next().unwrap_or_default();
    let word = last_line
        .rsplit(|c: char| c.is_whitespace() || "\"'<>".contains(c))
        .next()
        .unwrap_or_default();
    let of_a_query = word.contains('=') && word.len() > 20;
    let next = line.split_whitespace().next().unwrap_or_default();
    let name = next.split('=').next().unwrap_or_default();
    let begins_anew = next.contains("://")
        || [
            "client_id",
            "client_secret",
            "grant_type",
            "error",
            "access_token",
            "code",
        ]
        .contains(&name)
            && next.contains('=')
            && !word.ends_with(['&', '?']);
    let alone = line.trim_end() == next && next.len() > 3;
    of_a_query
        && !begins_anew
        && (next.contains(['=', '&', '%', '+']) || alone)
        && next.starts_with(|c: char| c.is_ascii_alphanumeric() || "%&=+._-/~".contains(c))
        && !["GET", "POST", "HTTP/1.1", "HTTP/2", "curl"].contains(&next)
}

/// Without the escape sequences of a terminal: colours, cursor movements, titles.
fn without_escapes(text: &str) -> Cow<'_, str> {
    if !text.contains(['\u{1b}', '\u{feff}']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{feff}' => {}
            '\u{1b}' => match chars.next() {
                Some('[') => {
                    chars.by_ref().find(|c| ('@'..='~').contains(c));
                }
                Some(']') => {
                    while let Some(c) = chars.next() {
                        if c == '\u{7}' || (c == '\u{1b}' && chars.next_if_eq(&'\\').is_some()) {
                            break;
                        }
                    }
                }
                _ => {}
            },
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// What stands before every line.
struct Furniture {
    /// A mark of quotation, as mail programs put it.
    quoted: bool,
    /// `web-1  | `, as Docker Compose puts it.
    compose: bool,
    /// Spaces.
    indentation: usize,
}

impl Furniture {
    fn of(text: &str) -> Self {
        let lines = || text.lines().filter(|line| !line.trim().is_empty());
        let several = lines().nth(1).is_some();
        let quoted = several
            && lines().all(|line| line.starts_with('>'))
            && lines().any(|line| !line.starts_with("> "))
            || several && lines().all(|line| line.starts_with("> ")) && !looks_like_curl(text);
        let compose = several && lines().all(|line| composed(line).is_some());
        // The first line may have lost its own.
        let indentation = lines().skip(1).map(leading_spaces).min().unwrap_or_default();
        Self {
            quoted,
            compose,
            indentation,
        }
    }

    fn content<'l>(&self, line: &'l str) -> (Option<Moment>, &'l str) {
        let mut rest = &line[self.indentation.min(leading_spaces(line))..];
        if self.quoted {
            rest = rest.trim_start_matches('>');
            rest = rest.strip_prefix(' ').unwrap_or(rest);
        }
        if self.compose {
            rest = composed(rest).unwrap_or(rest);
        }
        rest = of_a_pod(rest).unwrap_or(rest);
        let Some((time, behind)) = clock::at_start(rest) else {
            return (None, rest);
        };
        (Some(time), behind_time(behind))
    }
}

fn leading_spaces(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// The request head of `curl -v` has the same mark as a quoted mail.
fn looks_like_curl(text: &str) -> bool {
    text.lines().any(|line| line.contains(" HTTP/"))
}

/// The line behind `name-1  | `.
fn composed(line: &str) -> Option<&str> {
    let (name, rest) = line.split_once('|')?;
    let name = name.trim_end();
    let is_name = !name.is_empty()
        && name.len() <= 64
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    is_name.then(|| rest.strip_prefix(' ').unwrap_or(rest))
}

/// The line behind `[pod/web-7f9c/app] `, as kubectl writes it.
fn of_a_pod(line: &str) -> Option<&str> {
    let (_, rest) = line.strip_prefix("[pod/")?.split_once("] ")?;
    Some(rest)
}

/// What follows the time: the stream of a container runtime, the host and program of syslog, the tag of logcat. A log's own
/// words stay.
fn behind_time(rest: &str) -> &str {
    let line = rest.strip_prefix(' ').unwrap_or(rest);
    for stream in ["stdout ", "stderr "] {
        if let Some(rest) = line.strip_prefix(stream) {
            return ["F ", "P "]
                .iter()
                .find_map(|tag| rest.strip_prefix(tag))
                .unwrap_or(rest);
        }
    }
    // `12430-12818/? D/Tag: `, `host program[123]: `
    let head = line.split(": ").next().unwrap_or_default();
    let words: Vec<&str> = head.split(' ').take(4).collect();
    let tagged = match words.as_slice() {
        [process, tag] => {
            process.starts_with(|c: char| c.is_ascii_digit()) && process.contains('/') && tag.contains('/')
                || (tag.ends_with(']') && tag.contains('['))
        }
        [program] => program.ends_with(']') && program.contains('[') && !program.starts_with('['),
        _ => false,
    };
    if tagged && head.len() + 2 <= line.len() {
        &line[head.len() + 2..]
    } else {
        line
    }
}
