//! Logs of what went over the wire: curl, and the HTTP clients of Python, Ruby, Rust, Go and Java.
//!
//! Each marks in its own way what was sent and what was received. A table of dialects takes the marks off; what is left is
//! HTTP, and [`stream`] reads that, whoever wrote it.

pub(crate) mod stream;
#[cfg(test)]
mod tests;
mod trace;

use memchr::memmem;

use crate::{
    oauth::{
        params::{Params, char_boundary},
        token::is_answer,
    },
    sources::{
        Input, Seen, Source,
        dump::{self, unescaped},
        exchange,
        wire::stream::{Piece, is_request_line, is_status_line},
    },
};

/// Logs of the wire.
pub(crate) const SOURCE: Source = Source {
    name: "wire",
    recognises: |input| dialect(&input.text).is_some(),
    read,
};

fn read(input: &Input<'_>) -> Option<Vec<Seen>> {
    let pieces = dialect(&input.text)?(&input.text);
    Some(exchange::seen(stream::exchanges(pieces)))
}

/// Takes the marks off a log.
type Pieces = fn(&str) -> Vec<Piece>;

/// Knows a log by one of its lines.
type Looks = fn(&str) -> bool;

/// How a kind of log looks, by one of its lines, and what reads it. The first that fits decides.
const DIALECTS: [(Looks, Pieces); 10] = [
    (trace::is_begin, trace::pieces),
    (
        |line| line.starts_with("send: b'") || line.starts_with("send: b\""),
        http_client,
    ),
    (
        |line| line.starts_with("<- \"") && line.contains(" HTTP/"),
        |text| literals(text, &["<- "], &["-> "]),
    ),
    (
        |line| line.contains("write") && line.contains(": b\"") && line.contains(" HTTP/"),
        |text| literals(text, &["write: ", "write (vectored): "], &["read: "]),
    ),
    (
        |line| line.contains(" >> \"") && line.contains(" HTTP/"),
        |text| literals(text, &[" >> "], &[" << "]),
    ),
    (|line| line.trim_end() == "---request begin---", wget),
    (|line| line.starts_with("Follow: tcp,ascii"), followed),
    (|line| line.trim_start().starts_with("Form item: \""), dissected),
    (
        |line| line.strip_prefix("< ").is_some_and(is_request_line),
        |text| marked(text, '<', '>'),
    ),
    (
        |line| curl(line).strip_prefix("> ").is_some_and(is_request_line),
        |text| marked(text, '>', '<'),
    ),
];

/// Each dialect has one of these in its lines.
const MARKS: [&[u8]; 7] = [
    b"HTTP/",
    b"=> Send ",
    b"<= Recv ",
    b"send: b",
    b"---request begin---",
    b"Follow: tcp,ascii",
    b"Form item: ",
];

/// No more of a line is looked at: longer than this, it is no head of a message.
const LONGEST_LINE: usize = 64 * 1024;

fn dialect(text: &str) -> Option<Pieces> {
    // What a person typed tells more than what curl says of it.
    let typed = |line: &str| {
        let command = line.trim_start_matches(['$', '%', '#', ' ']);
        command.starts_with("curl ") && !command.starts_with("curl: ")
    };
    if text.lines().any(typed) {
        return None;
    }
    if !MARKS
        .iter()
        .any(|mark| memmem::find(text.as_bytes(), mark).is_some())
    {
        return None;
    }
    let known = |line: &str| {
        let line = &line[..char_boundary(line, LONGEST_LINE)];
        DIALECTS
            .iter()
            .find(|(looks, _)| looks(line))
            .map(|(_, pieces)| *pieces)
    };
    text.lines().find_map(known)
}

/// A line without the time and the connection's number of `curl -vv`: `15:11:28.697540 [0-0] `.
fn curl(line: &str) -> &str {
    let behind = line.split_once("] ").filter(|(before, _)| {
        let (time, number) = before.split_once(" [").unwrap_or_default();
        time.len() == 15 && time.as_bytes()[2] == b':' && number.len() < 12
    });
    behind.map_or(line, |(_, rest)| rest)
}

/// `> ` and `< ` before each line of a head, bodies without marks: curl, Insomnia (`| ` before what it sends), and with the
/// marks the other way round requests-toolbelt.
fn marked(text: &str, sends: char, receives: char) -> Vec<Piece> {
    let mut found: Vec<Piece> = Vec::new();
    let mut in_body = false;
    for line in text.lines().map(curl) {
        let mut chars = line.chars();
        let (mark, rest) = (chars.next().unwrap_or_default(), chars.as_str());
        let is_mark = rest.is_empty() || rest.starts_with(' ');
        let content = rest.strip_prefix(' ').unwrap_or(rest);
        if is_mark && (mark == sends || mark == receives) {
            // What is marked like a head and stands in a body that was sent is more of it.
            in_body = mark == receives && content.is_empty() || (in_body && mark == sends);
            found.push(Piece {
                sent: mark == sends,
                text: format!("{content}\r\n"),
            });
        } else if is_mark && mark == '|' {
            found.push(Piece {
                sent: true,
                text: content.to_owned(),
            });
        } else if is_mark && mark == '*'
            || line.starts_with("{ [")
            || line.starts_with("} [")
            || is_progress(line)
        {
            // curl's own words. The end of a head may follow them.
        } else if in_body && found.last().is_some_and(|last| !last.sent) {
            found.push(Piece {
                sent: false,
                text: format!("{line}\n"),
            });
        }
    }
    found
}

/// curl's progress meter, which is mixed in when the output goes to a file.
fn is_progress(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("% Total")
        || line.starts_with("Dload")
        || (line.contains("--:--:--") && !line.contains('{'))
}

/// Python's `http.client` with `debuglevel`: `send: b'…'`, `reply: '…'`, `header: name: value`, and the body that the program
/// prints itself.
fn http_client(text: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let (mut answered, mut in_body) = (false, false);
    for line in text.lines() {
        if let Some(literal) = line.strip_prefix("send: b") {
            found.push(Piece {
                sent: true,
                text: unquoted(literal),
            });
            (answered, in_body) = (false, false);
        } else if let Some(literal) = line.strip_prefix("reply: ") {
            answered = true;
            found.push(Piece {
                sent: false,
                text: unquoted(literal),
            });
        } else if let Some(field) = line.strip_prefix("header: ").filter(|_| answered) {
            found.push(Piece {
                sent: false,
                text: format!("{field}\r\n"),
            });
        } else if answered
            && !in_body
            && let Some(body) = printed_body(line)
        {
            in_body = true;
            found.push(Piece {
                sent: false,
                text: format!("\r\n{body}\n"),
            });
        }
    }
    found
}

/// The answer that a program prints after its head: itself, or as an object.
fn printed_body(line: &str) -> Option<String> {
    let line = line.trim();
    if is_answer(line) || line.to_ascii_lowercase().starts_with("<!doctype") {
        return Some(line.to_owned());
    }
    dump::meaning::answer(line)
}

/// The content of a string literal, or of adjacent ones such as `b"…"b"…"`.
fn unquoted(literal: &str) -> String {
    let mut text = String::new();
    let mut rest = literal;
    while let Some(quote) = rest.chars().find(|c| *c != 'b').filter(|c| "\"'".contains(*c)) {
        let start = rest.find(quote).map_or(rest.len(), |at| at + 1);
        let mut escaped = false;
        let end = rest[start..].find(|c: char| {
            let ends = c == quote && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        });
        let end = end.map_or(rest.len(), |end| start + end);
        text.push_str(&unescaped(&rest[start..end]));
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    // Apache's client writes line breaks in brackets.
    text.replace("[\r][\n]", "\r\n").replace("[\n]", "\n")
}

/// Literals behind marks, anywhere in a line: Ruby's `Net::HTTP`, reqwest, Apache's client.
fn literals(text: &str, sends: &[&str], receives: &[&str]) -> Vec<Piece> {
    let behind = |line: &str, marks: &[&str]| {
        marks.iter().find_map(|mark| {
            let at = line.find(mark)? + mark.len();
            let literal = &line[at..];
            literal
                .trim_start_matches('b')
                .starts_with('"')
                .then(|| unquoted(literal))
        })
    };
    text.lines()
        .filter_map(|line| {
            let (sent, text) = match behind(line, sends) {
                Some(text) => (true, text),
                None => (false, behind(line, receives)?),
            };
            Some(Piece { sent, text })
        })
        .collect()
}

/// `wget -d`: heads between marks, the form that is sent in a line of its own, then the body of the answer.
fn wget(text: &str) -> Vec<Piece> {
    let mut found: Vec<Piece> = Vec::new();
    // What the lines are, and whether they are of a head.
    let (mut sent, mut head, mut answered) = (true, false, false);
    for line in text.lines().map(str::trim_end) {
        match line {
            "---request begin---" => (sent, head, answered) = (true, true, false),
            "---response begin---" => (sent, head) = (false, true),
            "---request end---" | "---response end---" => {
                head = false;
                answered = !sent;
                found.push(Piece {
                    sent,
                    text: "\r\n".to_owned(),
                });
            }
            "" if head => {}
            line if head => found.push(Piece {
                sent,
                text: format!("{line}\r\n"),
            }),
            line => {
                let form = line
                    .strip_prefix("[POST data: ")
                    .or_else(|| line.strip_prefix("[BODY data: "));
                if let Some(form) = form.and_then(|form| form.strip_suffix(']')) {
                    found.push(Piece {
                        sent: true,
                        text: form.to_owned(),
                    });
                } else if answered && (is_answer(line) || line.trim_start().starts_with('<')) {
                    answered = false;
                    found.push(Piece {
                        sent: false,
                        text: line.to_owned(),
                    });
                }
            }
        }
    }
    found
}

/// `tshark -z follow,tcp,ascii`: a line with the number of bytes before each direction, a tab before the server's.
fn followed(text: &str) -> Vec<Piece> {
    let mut found: Vec<Piece> = Vec::new();
    for line in text.lines() {
        let number = !line.trim().is_empty() && line.trim().bytes().all(|b| b.is_ascii_digit());
        if line.starts_with("=====") || line.starts_with("Node ") || line.starts_with("Filter: ") {
            continue;
        }
        if number {
            found.push(Piece {
                sent: !line.starts_with('\t'),
                text: String::new(),
            });
        } else if let Some(last) = found.last_mut() {
            let sent = if is_request_line(line) {
                true
            } else if is_status_line(line) {
                false
            } else {
                last.sent
            };
            found.push(Piece {
                sent,
                text: format!("{line}\n"),
            });
        }
    }
    found
}

/// `tshark -V`: the first lines of messages among the fields of packets, a form as `Form item: "name" = "value"`, and the members
/// of a JSON answer by their paths.
fn dissected(text: &str) -> Vec<Piece> {
    let mut found: Vec<Piece> = Vec::new();
    let (mut form, mut answer) = (Params::default(), serde_json::Map::new());
    let mut lines: Vec<&str> = text.lines().map(str::trim).collect();
    lines.push("");
    for line in lines {
        let bare = line.trim_end_matches("\\r\\n");
        if is_request_line(bare) || is_status_line(bare) {
            found.push(Piece {
                sent: is_request_line(bare),
                text: format!("{bare}\r\n\r\n"),
            });
        } else if let Some((name, value)) = line
            .strip_prefix("Form item: \"")
            .and_then(|item| item.strip_suffix('"')?.split_once("\" = \""))
        {
            form.push(name, value);
        } else if let Some((name, value)) = line
            .strip_prefix("[Path with value: /")
            .and_then(|path| path.strip_suffix(']')?.split_once(':'))
        {
            answer.insert(name.to_owned(), value.into());
        }
        let begins_anew = line.starts_with("Frame ") || line.is_empty();
        if begins_anew && !form.is_empty() {
            found.push(Piece {
                sent: true,
                text: std::mem::take(&mut form).encode(),
            });
        }
        if begins_anew && !answer.is_empty() {
            found.push(Piece {
                sent: false,
                text: serde_json::Value::Object(std::mem::take(&mut answer)).to_string(),
            });
        }
    }
    found
}
