//! The times that logs write: with a date, with a date without its year, or by the clock alone.
//!
//! A time without a date is counted from the epoch's first midnight: what it is good for is how far apart two lines are.

use crate::{oauth::time::Moment, text::time::days};

const DAY: u64 = 86_400_000;
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
/// How far a time is looked for in a line that does not begin with one.
const NEAR: usize = 240;

/// The time that a line begins with, in brackets or not, and what follows it.
pub(crate) fn at_start(line: &str) -> Option<(Moment, &str)> {
    let (inner, bracket) = match line.strip_prefix('[') {
        Some(inner) => (inner, true),
        None => (line, false),
    };
    let (time, rest) = read(inner)?;
    let rest = if bracket { rest.strip_prefix(']')? } else { rest };
    let edge = rest.is_empty() || rest.starts_with([' ', '\t', ':', ',', '|', ']']);
    edge.then(|| (time, rest.trim_start_matches([':', ','])))
}

/// The first time within a line: that of an access log, of a record in JSON or `time="…"`.
pub(crate) fn within(line: &str) -> Option<Moment> {
    let near = &line[..crate::oauth::params::char_boundary(line, NEAR.min(line.len()))];
    let bytes = near.as_bytes();
    (0..bytes.len())
        .filter(|at| bytes[*at].is_ascii_digit() && (*at == 0 || !bytes[at - 1].is_ascii_alphanumeric()))
        .find_map(|at| dated(&near[at..]).map(|(time, _)| time))
}

fn read(text: &str) -> Option<(Moment, &str)> {
    dated(text)
        .or_else(|| named_month(text))
        .or_else(|| {
            // logcat: month and day.
            let (month, rest) = number(text, 2)?;
            let (day, rest) = number(rest.strip_prefix('-')?, 2)?;
            let (time, rest) = of_day(rest.strip_prefix(' ')?)?;
            Some((Moment(days(2000, month, day)? * DAY + time), rest))
        })
        .or_else(|| of_day(text).map(|(time, rest)| (Moment(time), rest)))
}

/// `2026-09-02T10:11:12.131Z`, `2026/09/02 10:11:12`, `2026-09-02 10:11:12,131 +0200`, `25/Feb/2026:10:11:12 +0000`.
fn dated(text: &str) -> Option<(Moment, &str)> {
    if let Some(found) = common_log(text) {
        return Some(found);
    }
    let (year, rest) = number(text, 4)?;
    let mark = rest.chars().next().filter(|c| matches!(c, '-' | '/'))?;
    let (month, rest) = number(&rest[1..], 2)?;
    let (day, rest) = number(rest.strip_prefix(mark)?, 2)?;
    let (time, rest) = of_day(rest.strip_prefix(['T', ' '])?)?;
    Some(zoned(days(year, month, day)? * DAY + time, rest))
}

fn common_log(text: &str) -> Option<(Moment, &str)> {
    let (day, rest) = number(text, 2)?;
    let rest = rest.strip_prefix('/')?;
    let month = month(rest.get(..3)?)?;
    let (year, rest) = number(rest[3..].strip_prefix('/')?, 4)?;
    let (time, rest) = of_day(rest.strip_prefix(':')?)?;
    Some(zoned(days(year, month, day)? * DAY + time, rest))
}

/// syslog: `Oct  6 23:44:59`, `Jan 9 02:27:25 PM`.
fn named_month(text: &str) -> Option<(Moment, &str)> {
    let month = month(text.get(..3)?)?;
    let rest = text[3..].strip_prefix(' ')?.trim_start_matches(' ');
    let length = rest.find(|c: char| !c.is_ascii_digit())?;
    let (day, rest) = number(rest, length.clamp(1, 2))?;
    let (time, rest) = of_day(rest.strip_prefix(' ')?)?;
    let time = match rest.get(..3) {
        Some(" PM") if time < DAY / 2 => time + DAY / 2,
        Some(" AM") if time >= DAY / 2 => time - DAY / 2,
        _ => time,
    };
    let rest = rest
        .strip_prefix(" PM")
        .or_else(|| rest.strip_prefix(" AM"))
        .unwrap_or(rest);
    Some((Moment(days(2000, month, day)? * DAY + time), rest))
}

/// `10:11:12`, with a fraction of a second or not, in milliseconds.
fn of_day(text: &str) -> Option<(u64, &str)> {
    let (hour, rest) = number(text, 2)?;
    let (minute, rest) = number(rest.strip_prefix(':')?, 2)?;
    let (second, rest) = number(rest.strip_prefix(':')?, 2)?;
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let whole = (hour * 3600 + minute * 60 + second) * 1000;
    let Some(fraction) = rest.strip_prefix(['.', ',']) else {
        return Some((whole, rest));
    };
    let length = fraction
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(fraction.len());
    let digits: String = fraction[..length].chars().chain("000".chars()).take(3).collect();
    Some((whole + digits.parse::<u64>().ok()?, &fraction[length..]))
}

/// The same in UTC, where an offset follows.
fn zoned(time: u64, rest: &str) -> (Moment, &str) {
    if let Some(rest) = rest.strip_prefix('Z') {
        return (Moment(time), rest);
    }
    let offset = rest.strip_prefix(' ').unwrap_or(rest);
    let offset = offset
        .strip_prefix('+')
        .map(|offset| (true, offset))
        .or_else(|| offset.strip_prefix('-').map(|offset| (false, offset)));
    let zone = offset.and_then(|(ahead, text)| {
        let (hours, behind) = number(text, 2)?;
        let (minutes, behind) = number(behind.strip_prefix(':').unwrap_or(behind), 2)?;
        Some((ahead, (hours * 60 + minutes) * 60_000, behind))
    });
    match zone {
        Some((true, offset, behind)) => (Moment(time.saturating_sub(offset)), behind),
        Some((false, offset, behind)) => (Moment(time.saturating_add(offset)), behind),
        None => (Moment(time), rest),
    }
}

fn number(text: &str, length: usize) -> Option<(u64, &str)> {
    let digits = text.get(..length)?;
    let all = digits.bytes().all(|b| b.is_ascii_digit());
    all.then(|| Some((digits.parse().ok()?, &text[length..])))?
}

fn month(name: &str) -> Option<u64> {
    let at = MONTHS.iter().position(|month| *month == name)?;
    u64::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_as_logs_write_them() {
        let dated = 1_788_343_872_131;
        for (text, millis, behind) in [
            ("2026-09-02T10:11:12.131Z x", dated, " x"),
            ("[2026-09-02 12:11:12,131 +0200] x", dated, " x"),
            ("2026/09/02 10:11:12.131 x", dated, " x"),
            ("[02/Sep/2026:10:11:12 +0000] x", dated - 131, " x"),
            ("10:11:12.131 x", 36_672_131, " x"),
            ("Sep  2 10:11:12 x", 967_889_472_000, " x"),
            ("Sep 2 10:11:12 PM x", 967_889_472_000 + DAY / 2, " x"),
            ("09-02 10:11:12.131 1-2/? x", 967_889_472_131, " 1-2/? x"),
        ] {
            assert_eq!(at_start(text), Some((Moment(millis), behind)), "{text}");
        }
        for text in ["", "2026", "10:99:12", "2026-13-02T10:11:12Z", "20260902101112"] {
            assert_eq!(at_start(text), None, "{text}");
        }
        assert_eq!(
            within("{\"time\":\"2026-09-02T10:11:12.131Z\"}"),
            Some(Moment(dated))
        );
        assert_eq!(
            within("10.0.0.1 - - [02/Sep/2026:10:11:12 +0000] \"GET /"),
            Some(Moment(dated - 131))
        );
    }
}
