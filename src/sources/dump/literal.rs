//! String literals, as the languages write them.

use std::ops::Range;

/// How far the end of a string is looked for.
const LONGEST: usize = 1 << 20;
/// How far behind a line break it is looked for: a terminal may have broken the line.
const WRAPPED: usize = 4096;

/// A string that was read.
pub(crate) struct Literal {
    /// Its content, escapes resolved.
    pub(crate) text: String,
    /// False where its end is not in the text.
    pub(crate) whole: bool,
    /// Where the text goes on behind it.
    pub(crate) end: usize,
}

/// The backslashes that stand before the quotation mark with which a string begins at `at`, and the mark.
pub(crate) fn opening(bytes: &[u8], at: usize) -> Option<(usize, u8)> {
    let escapes = bytes[at..].iter().take(16).take_while(|b| **b == b'\\').count();
    let mark = *bytes.get(at + escapes)?;
    matches!(mark, b'"' | b'\'' | b'`').then_some((escapes, mark))
}

/// Reads the string that begins at `at`.
///
/// # Errors
/// How many bytes were looked at, where it does not end and no value is expected.
pub(crate) fn read(text: &str, at: usize, expected: bool) -> Result<Literal, usize> {
    let bytes = text.as_bytes();
    let (level, mark) = opening(bytes, at).ok_or(0_usize)?;
    let start = at + level + 1;
    let mut broken: Option<usize> = None;
    let mut index = start;
    let limit = bytes.len().min(start + LONGEST);
    while index < limit {
        match bytes[index] {
            b'\\' => {
                let run = bytes[index..limit].iter().take_while(|b| **b == b'\\').count();
                let behind = index + run;
                if bytes.get(behind) == Some(&mark) && closes(run, level) {
                    let content = behind - level.min(run);
                    return Ok(close(text, start..content, behind + 1, level, broken));
                }
                // An escaped mark, or another escape: its letter is passed over with it.
                index = behind + usize::from(run % 2 == 1 || bytes.get(behind) == Some(&mark));
            }
            b'\n' => {
                broken.get_or_insert(index);
                index += 1;
            }
            found if found == mark => return Ok(close(text, start..index, index + 1, level, broken)),
            _ => index += 1,
        }
        if broken.is_some_and(|line| index > line + WRAPPED) {
            break;
        }
    }
    if !expected {
        return Err(index - at);
    }
    let end = broken.unwrap_or_else(|| crate::oauth::params::char_boundary(text, limit));
    Ok(Literal {
        text: resolved(text[start..end].trim_end_matches('\\'), level),
        whole: false,
        end,
    })
}

/// True where a mark behind so many backslashes ends a string that began behind `level` of them.
fn closes(run: usize, level: usize) -> bool {
    run < level || run % (2 * (level + 1)) == level
}

fn close(text: &str, content: Range<usize>, end: usize, level: usize, broken: Option<usize>) -> Literal {
    if let Some(line) = broken {
        // A string that goes over a line break and ends in the middle of something did not end: it was cut.
        let next = text[end..].trim_start_matches([' ', '\t']).chars().next();
        if !next.is_none_or(|c| ",;)}]>:=+.\r\n\\\"'".contains(c)) {
            return Literal {
                text: resolved(&text[content.start..line], level),
                whole: false,
                end: line,
            };
        }
    }
    // Brackets of Node's own: `'abc'... 12 more characters`.
    let whole = !text[end..].starts_with("... ");
    Literal {
        text: resolved(&text[content], level),
        whole,
        end,
    }
}

/// The content of a literal that stood behind so many backslashes: each level of nesting escapes once more.
fn resolved(content: &str, level: usize) -> String {
    let mut content = unwrapped(content);
    let passes = match level {
        0 => 1,
        1 => 2,
        2..=3 => 3,
        _ => 4,
    };
    for _ in 0..passes {
        if !content.contains('\\') {
            break;
        }
        content = unescaped(&content);
    }
    content
}

/// A terminal's line breaks taken out, with the indentation behind them.
fn unwrapped(content: &str) -> String {
    if !content.contains('\n') {
        return content.to_owned();
    }
    content
        .split('\n')
        .map(|line| line.trim_matches(['\r', ' ', '\t']))
        .collect()
}

/// The escapes of all these languages, resolved once.
pub(crate) fn unescaped(text: &str) -> String {
    let mut bytes: Vec<u8> = Vec::with_capacity(text.len());
    let mut push = |c: char| bytes.extend(c.encode_utf8(&mut [0; 4]).bytes());
    let mut chars = text.chars().peekable();
    let mut high: Option<u32> = None;
    while let Some(c) = chars.next() {
        if c != '\\' {
            push(c);
            continue;
        }
        let Some(letter) = chars.next() else {
            push('\\');
            break;
        };
        match letter {
            'n' => push('\n'),
            'r' => push('\r'),
            't' => push('\t'),
            'b' => push('\u{8}'),
            'f' => push('\u{c}'),
            'e' => push('\u{1b}'),
            '0' => push('\0'),
            'x' | 'u' | 'U' => {
                let braced = chars.next_if_eq(&'{').is_some();
                let most = match (letter, braced) {
                    ('x', false) => 2,
                    ('u', false) => 4,
                    _ => 8,
                };
                let mut digits = String::new();
                while digits.len() < most
                    && let Some(digit) = chars.next_if(char::is_ascii_hexdigit)
                {
                    digits.push(digit);
                }
                if braced {
                    chars.next_if_eq(&'}');
                }
                match u32::from_str_radix(&digits, 16) {
                    Ok(point @ 0xd800..0xdc00) => high = Some(point),
                    Ok(point) => {
                        let point = match high.take() {
                            Some(high) if (0xdc00..0xe000).contains(&point) => {
                                0x10000 + ((high - 0xd800) << 10) + (point - 0xdc00)
                            }
                            _ => point,
                        };
                        push(char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER));
                    }
                    Err(_) => push(letter),
                }
            }
            other => push(other),
        }
    }
    String::from_utf8(bytes).unwrap_or_default()
}
