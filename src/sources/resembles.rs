//! What a text in which nothing was recognised looks most like, so that its owner can be told what to give instead.

use crate::sources::{clock, pasted::access_log};

/// What a text looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resembles {
    /// A picture, such as a screenshot.
    Picture,
    /// A compressed file.
    Archive,
    /// Packets of a network, captured.
    Capture,
    /// Bytes that are no text.
    Binary,
    /// A key or a certificate.
    Key,
    /// The log of a web server.
    WebLog,
    /// Where a program was when it failed.
    StackTrace,
    /// The log of a program.
    ProgramLog,
    /// The source of a program.
    Source,
    /// Words for people, or anything else.
    Prose,
}

/// How files of other kinds begin.
const BEGINNINGS: [(&[u8], Resembles); 13] = [
    (b"\x89PNG", Resembles::Picture),
    (b"\xff\xd8\xff", Resembles::Picture),
    (b"GIF8", Resembles::Picture),
    (b"RIFF", Resembles::Picture),
    (b"PK\x03\x04", Resembles::Archive),
    (b"\x1f\x8b", Resembles::Archive),
    (b"\x28\xb5\x2f\xfd", Resembles::Archive),
    (b"BZh", Resembles::Archive),
    (b"7z\xbc\xaf", Resembles::Archive),
    (b"\xd4\xc3\xb2\xa1", Resembles::Capture),
    (b"\xa1\xb2\xc3\xd4", Resembles::Capture),
    (b"\x0a\x0d\x0d\x0a", Resembles::Capture),
    (b"%PDF", Resembles::Binary),
];

/// How stack traces begin, or go on, in a few languages.
const TRACES: [&str; 8] = [
    "Traceback (most recent call last)",
    "\n    at ",
    "\n\tat ",
    "\ngoroutine ",
    "panicked at ",
    "\n#0 ",
    "Caused by: ",
    "\n\tfrom ",
];

/// How lines of source code begin.
const CODE: [&str; 12] = [
    "import ",
    "from ",
    "const ",
    "let ",
    "var ",
    "def ",
    "func ",
    "function ",
    "class ",
    "return ",
    "#include ",
    "use ",
];

/// So many lines tell what the others are.
const LINES: usize = 400;

impl Resembles {
    /// A look at what was given: its bytes, and the same as text.
    pub(crate) fn of(bytes: &[u8], text: &str) -> Self {
        let begins = |(beginning, _): &&(&[u8], Self)| bytes.starts_with(beginning);
        if let Some((_, kind)) = BEGINNINGS.iter().find(begins) {
            return *kind;
        }
        let control = |c: &char| *c == char::REPLACEMENT_CHARACTER || (c.is_control() && !c.is_whitespace());
        let (near, strange) = text.chars().take(4096).fold((0, 0), |(all, strange), c| {
            // Colours of a terminal are control characters as well.
            (all + 1, strange + usize::from(control(&c) && c != '\u{1b}'))
        });
        if strange * 10 > near {
            return Self::Binary;
        }
        if text.contains("-----BEGIN ") {
            return Self::Key;
        }
        let lines: Vec<&str> = text
            .lines()
            .map(str::trim_end)
            .filter(|line| !line.is_empty())
            .take(LINES)
            .collect();
        let most = |is: &dyn Fn(&str) -> bool| {
            !lines.is_empty() && lines.iter().filter(|line| is(line)).count() * 2 >= lines.len()
        };
        let has_time = |line: &str| clock::at_start(line).is_some() || clock::within(line).is_some();
        if most(&|line| access_log::line(line).is_some()) {
            Self::WebLog
        } else if TRACES.iter().any(|mark| text.contains(mark)) {
            Self::StackTrace
        } else if most(&|line| has_time(line) || is_levelled(line)) {
            Self::ProgramLog
        } else if lines.len() > 1 && most(&is_code) {
            Self::Source
        } else {
            Self::Prose
        }
    }
}

/// True for a line that says how serious it is.
fn is_levelled(line: &str) -> bool {
    const LEVELS: [&str; 6] = ["ERROR", "WARN", "INFO", "DEBUG", "\"level\":", "level="];
    LEVELS.iter().any(|level| line.contains(level))
}

fn is_code(line: &str) -> bool {
    let start = line.trim_start();
    line.ends_with([';', '{', '}', ')', '(']) || CODE.iter().any(|word| start.starts_with(word))
}

#[cfg(test)]
mod tests {
    use crate::sources::resembles::*;

    #[test]
    fn what_a_text_looks_like_is_told() {
        for (bytes, is) in [
            (&b"\x89PNG\r\n\x1a\n\0\0"[..], Resembles::Picture),
            (b"\x1f\x8b\x08\0\0", Resembles::Archive),
            (b"\xd4\xc3\xb2\xa1\x02\0", Resembles::Capture),
            (b"\x00\x01\x02\x03\x04\xfe", Resembles::Binary),
            (b"-----BEGIN PRIVATE KEY-----\nabc", Resembles::Key),
            (
                b"10.0.0.1 - - [27/Nov/2026:10:00:00 +0000] \"GET /index.html HTTP/1.1\" 200 5",
                Resembles::WebLog,
            ),
            (
                b"Traceback (most recent call last):\n  File \"a.py\", line 3\nValueError: no",
                Resembles::StackTrace,
            ),
            (
                b"2026-11-27 10:00:00 INFO started\n2026-11-27 10:00:01 INFO ready",
                Resembles::ProgramLog,
            ),
            (b"const x = 1;\nfunction f() {\n  g();\n}", Resembles::Source),
            ("登录一直失败，请帮忙看看。".as_bytes(), Resembles::Prose),
            (b"\x1b[31mhello there\x1b[0m", Resembles::Prose),
            (b"", Resembles::Prose),
        ] {
            let text = String::from_utf8_lossy(bytes);
            assert_eq!(Resembles::of(bytes, &text), is, "{text}");
        }
    }
}
