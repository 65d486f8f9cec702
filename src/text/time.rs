//! Dates as text.

use std::time::UNIX_EPOCH;

/// Milliseconds since the epoch as a date and time of RFC 3339 in UTC, milliseconds included.
pub fn rfc3339(millis: u64) -> String {
    let (seconds, millis) = (millis / 1000, millis % 1000);
    let (days, time) = (seconds / 86_400, seconds % 86_400);
    // Days to a date by eras of 400 years that begin on 1 March, so that a leap day ends its year.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 {
        march_month + 3
    } else {
        march_month - 9
    };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let (hour, minute, second) = (time / 3600, time / 60 % 60, time % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
}

/// Milliseconds since the epoch as a date and a time to the minute, in UTC: `2026-02-28 23:59 UTC`.
pub fn minute(millis: u64) -> String {
    let full = rfc3339(millis);
    // The year may have more than four digits; what follows the minutes is always as long.
    let minutes = &full[..full.len() - ":00.000Z".len()];
    format!("{} UTC", minutes.replacen('T', " ", 1))
}

/// A date and time of RFC 3339, in any offset and with any fraction, as milliseconds since the epoch. A space may stand for
/// the `T`, and no offset counts as UTC. `None` for anything else, and for a time before the epoch.
pub fn read_rfc3339(text: &str) -> Option<u64> {
    let text = text.trim();
    let date: Vec<u64> = text
        .get(..10)?
        .split('-')
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    let [year, month, day] = *date.as_slice() else {
        return None;
    };
    let rest = text.get(10..)?.strip_prefix(['T', 't', ' '])?;
    let end = rest
        .find(|c: char| !c.is_ascii_digit() && !":.,".contains(c))
        .unwrap_or(rest.len());
    let (time, offset) = rest.split_at(end);
    let (clock, fraction) = time.split_once(['.', ',']).unwrap_or((time, ""));
    let clock: Vec<u64> = clock
        .split(':')
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    let [hour, minute, second] = *clock.as_slice() else {
        return None;
    };
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let millis: u64 = format!("{fraction:0<3.3}").parse().ok()?;
    let days = days(year, month, day)?;
    let seconds = days * 86_400 + hour * 3600 + minute * 60 + second;
    let (sign, digits) = offset.trim().split_at_checked(1).unwrap_or_default();
    let digits = digits.replace(':', "");
    let shift = match sign {
        "+" | "-" if digits.len() == 4 => {
            let number: u64 = digits.parse().ok()?;
            (number / 100) * 3600 + (number % 100) * 60
        }
        _ => 0,
    };
    let utc = if sign == "-" {
        seconds + shift
    } else {
        seconds.checked_sub(shift)?
    };
    Some(utc * 1000 + millis)
}

/// Days from the epoch to a date; `None` where there is no such month or day, and for a year that no log of a flow has.
pub fn days(year: u64, month: u64, day: u64) -> Option<u64> {
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // By years that begin on 1 March, so that a leap day ends its year.
    let year = if month > 2 { year } else { year - 1 };
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    (365 * year + year / 4 - year / 100 + year / 400 + of_year).checked_sub(719_468)
}

/// An HTTP date (RFC 9110 §5.6.7, any of its three forms) as milliseconds since the epoch. `None` for anything else, and
/// for a date before the epoch.
pub fn http_date(text: &str) -> Option<u64> {
    let date = httpdate::parse_http_date(text).ok()?;
    u64::try_from(date.duration_since(UNIX_EPOCH).ok()?.as_millis()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_by_the_calendar() {
        for (millis, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_772_323_199_999, "2026-02-28T23:59:59.999Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        ] {
            assert_eq!(rfc3339(millis), text);
            assert_eq!(read_rfc3339(text), Some(millis));
        }
    }

    #[test]
    fn dates_of_captures_and_logs() {
        let noon = read_rfc3339("2026-03-01T12:00:00Z");
        for same in [
            "2026-03-01T13:00:00.000000+01:00",
            "2026-03-01 12:00:00",
            "2026-03-01T06:30:00-0530",
        ] {
            assert_eq!(read_rfc3339(same), noon, "{same}");
        }
        for none in [
            "",
            "2026-03-01",
            "2026-13-01T00:00:00Z",
            "1969-12-31T23:59:59Z",
            "2026-03-01Tx",
            "é026-03-01T",
        ] {
            assert_eq!(read_rfc3339(none), None, "{none}");
        }
        assert_eq!(minute(1_772_323_199_999), "2026-02-28 23:59 UTC");
        assert!(minute(u64::MAX).ends_with(" UTC"));
    }

    #[test]
    fn the_dates_of_rfc_9110() {
        for (date, millis) in [
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(784_111_777_000)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", Some(784_111_777_000)),
            ("Sun Nov  6 08:49:37 1994", Some(784_111_777_000)),
            ("Thu, 29 Feb 2024 00:00:00 GMT", Some(1_709_164_800_000)),
            ("Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
            ("Thu, 00 Jan 1970 00:00:00 GMT", None),
            ("Thu, 18446744073709551615 Jan 1970 00:00:00 GMT", None),
            ("yesterday", None),
            ("", None),
        ] {
            assert_eq!(http_date(date), millis, "{date}");
        }
    }
}
