//! Remedies that many findings share, and the pieces of evidence that are built alike.

use super::{
    code::{Code, RemedyCode},
    facts::Facts,
    finding::{Action, Certainty, Evidence, Finding},
};
use crate::{
    flow::{
        configuration::{Field, Origin},
        transcript::Purpose,
    },
    oauth::{
        secret::{MASK, Secret},
        shape,
    },
};

/// True for a value out of a transcript that was saved masked: its length is known, its characters are not.
pub fn is_masked(value: &str) -> bool {
    value.contains(MASK)
}

/// The characters in which two texts differ, as character ranges `[from, to)` of the first and of the second: all
/// between the common beginning and the common end.
pub fn difference(one: &str, other: &str) -> ((usize, usize), (usize, usize)) {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let start = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let longest_end = one.len().min(other.len()) - start;
    let end = one
        .iter()
        .rev()
        .zip(other.iter().rev())
        .take(longest_end)
        .take_while(|(a, b)| a == b)
        .count();
    ((start, one.len() - end), (start, other.len() - end))
}

/// A client id as evidence: open, unless a secret stands in its place.
pub fn id_evidence(what: &str, id: &str) -> Evidence {
    if shape::may_be_secret(id) {
        Evidence::secret(what, id)
    } else {
        Evidence::new(what, id)
    }
}

impl Finding {
    /// A finding that is proven.
    pub(super) fn observed(code: Code) -> Self {
        Self::new(code, Certainty::Observed)
    }

    /// A finding that is disproved.
    pub(super) fn ruled_out(code: Code) -> Self {
        Self::new(code, Certainty::RuledOut)
    }

    pub(super) fn show(self, what: &str, value: impl Into<String>) -> Self {
        self.with(Evidence::new(what, value))
    }

    pub(super) fn show_id(self, what: &str, id: &str) -> Self {
        self.with(id_evidence(what, id))
    }

    pub(super) fn advise(self, code: RemedyCode) -> Self {
        self.mended_by(code, None)
    }

    pub(super) fn edit(self, code: RemedyCode, field: Field) -> Self {
        self.mended_by(code, Some(Action::Edit(field)))
    }

    pub(super) fn put(self, code: RemedyCode, field: Field, value: impl Into<String>) -> Self {
        self.mended_by(code, Some(Action::Use(field, Secret::new(value.into()))))
    }

    pub(super) fn authorize_again(self) -> Self {
        self.mended_by(RemedyCode::AuthorizeAgain, Some(Action::AuthorizeAgain))
    }

    pub(super) fn exchange_again(self) -> Self {
        self.mended_by(RemedyCode::ExchangeAgain, Some(Action::ExchangeAgain))
    }

    pub(super) fn edit_secret(self) -> Self {
        self.edit(RemedyCode::EditClientSecret, Field::ClientSecret)
    }

    pub(super) fn edit_id(self) -> Self {
        self.edit(RemedyCode::EditClientId, Field::ClientId)
    }

    pub(super) fn edit_redirect_uri(self) -> Self {
        self.edit(RemedyCode::EditRedirectUri, Field::RedirectUri)
    }

    pub(super) fn probe_credentials(self) -> Self {
        self.mended_by(
            RemedyCode::ProbeCredentials,
            Some(Action::Probe(Purpose::ProbeCredentials)),
        )
    }

    pub(super) fn probe_authorization(self) -> Self {
        self.mended_by(
            RemedyCode::ProbeAuthorization,
            Some(Action::Probe(Purpose::ProbeAuthorization)),
        )
    }

    /// Where a value came from, when that is a variable or a file.
    pub(super) fn read_from(self, what: &str, facts: &Facts<'_>, field: Field) -> Self {
        match origin(facts, field) {
            Some(Origin::Environment(name) | Origin::File(name)) => self.show(what, name),
            _ => self,
        }
    }
}

/// Where a value of the current exchange came from: its own note first, then the configuration's.
pub fn origin(facts: &Facts<'_>, field: Field) -> Option<Origin> {
    let of_exchange = facts
        .current()
        .and_then(|current| current.exchange.origins)
        .and_then(|origins| origins.0.get(&field).cloned());
    of_exchange.or_else(|| {
        facts
            .configuration()
            .and_then(|configuration| configuration.origins.0.get(&field).cloned())
    })
}

/// A number of milliseconds as a person reads it: `250 ms`, `4.1 s`, `42 s`, `11 min 5 s`, `2 h 3 min`. Units are the same in both
/// languages.
pub fn duration(millis: u64) -> String {
    let seconds = millis / 1000;
    match seconds {
        0 => format!("{millis} ms"),
        1..=9 => format!("{}.{} s", seconds, millis % 1000 / 100),
        10..=59 => format!("{seconds} s"),
        60..=3599 if seconds.is_multiple_of(60) => format!("{} min", seconds / 60),
        60..=3599 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ if seconds % 3600 < 60 => format!("{} h", seconds / 3600),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

/// A character by its code point and, where it has one, its short name: `U+000A LF`.
pub fn character(c: char) -> String {
    let name = match c {
        '\n' => " LF",
        '\r' => " CR",
        '\t' => " TAB",
        ' ' => " SPACE",
        '\u{a0}' => " NBSP",
        '\u{200b}' => " ZWSP",
        '\u{feff}' => " BOM",
        _ => "",
    };
    format!("U+{:04X}{name}", c as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_difference_is_what_lies_between() {
        for (one, other, expected) in [
            ("abcd", "abXd", ((2, 3), (2, 3))),
            ("abc", "abcd", ((3, 3), (3, 4))),
            ("aa", "aaa", ((2, 2), (2, 3))),
            ("same", "same", ((4, 4), (4, 4))),
            ("", "x", ((0, 0), (0, 1))),
        ] {
            assert_eq!(difference(one, other), expected, "{one} {other}");
        }
    }

    #[test]
    fn durations_are_short() {
        for (millis, text) in [
            (250, "250 ms"),
            (4_180, "4.1 s"),
            (42_000, "42 s"),
            (600_000, "10 min"),
            (665_000, "11 min 5 s"),
            (28_800_000, "8 h"),
            (7_380_000, "2 h 3 min"),
        ] {
            assert_eq!(duration(millis), text);
        }
    }
}
