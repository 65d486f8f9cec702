//! Remedies that many findings share, and the pieces of evidence that are built alike.

use crate::{
    diagnosis::{
        context::Facts,
        finding::{Action, Certainty, Evidence, Finding, NOT_SEEN, SERVER_SAYS},
        rule::{Code, RemedyCode},
    },
    flow::{
        configuration::{Field, Origin},
        transcript::Purpose,
    },
    oauth::{
        redirect_uri::{Component, RedirectUri},
        secret::{MASK, Secret},
    },
    providers::github::formats,
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

/// The characters in which two redirect URIs differ, in the components for which `differs` says so: the whole of a scheme,
/// host or port, and of a path or query what lies between the common beginning and end. Texts that are not redirect URIs are
/// compared as texts.
pub fn uri_marks(one: &str, other: &str, differs: impl Fn(Component) -> bool) -> (Marks, Marks) {
    let (Some(here), Some(there)) = (component_places(one), component_places(other)) else {
        let (one, other) = difference(one, other);
        return (some_of(one), some_of(other));
    };
    let (mut one_marks, mut other_marks) = (Marks::new(), Marks::new());
    for component in Component::ALL.into_iter().filter(|component| differs(*component)) {
        let (mut a, mut b) = (here[component as usize], there[component as usize]);
        if matches!(component, Component::Path | Component::Query) {
            let part = |text: &str, (from, to): (usize, usize)| -> String {
                text.chars().skip(from).take(to - from).collect()
            };
            let (in_a, in_b) = difference(&part(one, a), &part(other, b));
            a = (a.0 + in_a.0, a.0 + in_a.1);
            b = (b.0 + in_b.0, b.0 + in_b.1);
        }
        one_marks.extend(some_of(a));
        other_marks.extend(some_of(b));
    }
    (one_marks, other_marks)
}

/// Character ranges of a text.
pub type Marks = Vec<(usize, usize)>;

fn some_of(range: (usize, usize)) -> Marks {
    if range.0 < range.1 {
        vec![range]
    } else {
        Vec::new()
    }
}

/// Where each component is in a redirect URI, as character ranges, by the order of [`Component::ALL`].
fn component_places(text: &str) -> Option<[(usize, usize); 5]> {
    let uri = RedirectUri::parse(text).ok()?;
    let length = |component| uri.component(component).chars().count();
    let scheme = (0, length(Component::Scheme));
    let host = (scheme.1 + 3, scheme.1 + 3 + length(Component::Host));
    // A colon comes before the port and a question mark before the query.
    let port = match length(Component::Port) {
        0 => (host.1, host.1),
        length => (host.1 + 1, host.1 + 1 + length),
    };
    let path = (port.1, port.1 + length(Component::Path));
    let query = match &uri.query {
        None => (path.1, path.1),
        Some(query) => (path.1 + 1, path.1 + 1 + query.chars().count()),
    };
    Some([scheme, host, port, path, query])
}

/// The marks of two redirect URIs that must be equal letter for letter.
pub fn uri_difference(one: &str, other: &str) -> (Marks, Marks) {
    let (a, b) = (RedirectUri::parse(one), RedirectUri::parse(other));
    uri_marks(one, other, |component| match (&a, &b) {
        (Ok(a), Ok(b)) => a.component(component) != b.component(component),
        _ => true,
    })
}

/// A client id as evidence: open, unless a secret is in its place.
pub fn id_evidence(what: &str, id: &str) -> Evidence {
    if formats::may_be_secret(id) {
        Evidence::secret(what, id)
    } else {
        Evidence::new(what, id)
    }
}

impl Finding {
    /// A finding that is proven.
    pub(crate) fn observed(code: Code) -> Self {
        Self::new(code, Certainty::Observed)
    }

    /// A finding that is disproved.
    pub(crate) fn ruled_out(code: Code) -> Self {
        Self::new(code, Certainty::RuledOut)
    }

    pub(crate) fn show(self, what: &str, value: impl Into<String>) -> Self {
        self.with(Evidence::new(what, value))
    }

    /// Shows a length of time in milliseconds.
    pub(crate) fn lasts(self, what: &str, millis: u64) -> Self {
        self.with(Evidence::duration(what, millis))
    }

    /// Says which message would decide and was not seen.
    pub(crate) fn unseen(self, message: &str) -> Self {
        self.show(NOT_SEEN, message)
    }

    /// Shows the server's own words as the proof.
    pub(crate) fn said(self, facts: &Facts<'_>) -> Self {
        let words = facts
            .error()
            .map(|error| error.error_description.as_ref().unwrap_or(&error.error).clone());
        self.show(SERVER_SAYS, words.unwrap_or_default())
    }

    pub(crate) fn show_id(self, what: &str, id: &str) -> Self {
        self.with(id_evidence(what, id))
    }

    pub(crate) fn advise(self, code: RemedyCode) -> Self {
        self.mended_by(code, None)
    }

    pub(crate) fn edit(self, code: RemedyCode, field: Field) -> Self {
        self.mended_by(code, Some(Action::Edit(field)))
    }

    pub(crate) fn put(self, code: RemedyCode, field: Field, value: impl Into<String>) -> Self {
        self.mended_by(code, Some(Action::Use(field, Secret::new(value.into()))))
    }

    pub(crate) fn authorize_again(self) -> Self {
        self.mended_by(RemedyCode::AuthorizeAgain, Some(Action::AuthorizeAgain))
    }

    pub(crate) fn exchange_again(self) -> Self {
        self.mended_by(RemedyCode::ExchangeAgain, Some(Action::ExchangeAgain))
    }

    pub(crate) fn edit_secret(self) -> Self {
        self.edit(RemedyCode::EditClientSecret, Field::ClientSecret)
    }

    pub(crate) fn edit_id(self) -> Self {
        self.edit(RemedyCode::EditClientId, Field::ClientId)
    }

    pub(crate) fn edit_redirect_uri(self) -> Self {
        self.edit(RemedyCode::EditRedirectUri, Field::RedirectUri)
    }

    /// Where nobody told which redirect URI is registered, offers to tell it.
    pub(crate) fn tell_registered(self, facts: &Facts<'_>) -> Self {
        if facts.is_pasted() || facts.authorization.is_none() || !facts.registered().is_empty() {
            return self;
        }
        self.edit(
            RemedyCode::TellRegisteredRedirectUri,
            Field::RegisteredRedirectUri,
        )
    }

    /// Advises to register the redirect URI that is sent.
    pub(crate) fn register(self, sent: &str) -> Self {
        self.mended_by(
            RemedyCode::RegisterRedirectUri,
            Some(Action::Register(sent.to_owned())),
        )
    }

    pub(crate) fn probe_credentials(self) -> Self {
        self.mended_by(
            RemedyCode::ProbeCredentials,
            Some(Action::Probe(Purpose::ProbeCredentials)),
        )
    }

    pub(crate) fn probe_authorization(self) -> Self {
        self.mended_by(
            RemedyCode::ProbeAuthorization,
            Some(Action::Probe(Purpose::ProbeAuthorization)),
        )
    }

    /// Where a value came from, when that is a variable or a file.
    pub(crate) fn read_from(self, what: &str, facts: &Facts<'_>, field: Field) -> Self {
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
    use crate::diagnosis::build::*;
    use crate::oauth::redirect_uri::compare;

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
    fn marks_stand_under_the_parts_that_differ_and_under_no_others() {
        let registered = |one: &str, other: &str| {
            let base = RedirectUri::parse(one).unwrap();
            let uri = RedirectUri::parse(other).unwrap();
            let verdicts = compare(&base, true, &uri);
            uri_marks(one, other, |component| {
                verdicts
                    .iter()
                    .any(|(c, verdict)| *c == component && !verdict.is_match())
            })
        };
        for (one, other, marks) in [
            // Any port matches, so only the scheme is marked.
            (
                "http://127.0.0.1/callback",
                "https://127.0.0.1:39937/callback",
                (vec![(0, 4)], vec![(0, 5)]),
            ),
            (
                "http://localhost/callback",
                "http://127.0.0.1:8914/callback",
                (vec![(7, 16)], vec![(7, 16)]),
            ),
            (
                "https://example.com/callback",
                "https://example.com/callback2/",
                (vec![], vec![(28, 30)]),
            ),
            (
                "https://a.test/x?q=1",
                "https://a.test/y",
                (vec![(15, 16), (17, 20)], vec![(15, 16)]),
            ),
        ] {
            assert_eq!(registered(one, other), marks, "{one} {other}");
        }
        assert_eq!(
            uri_marks("no uri", "no url", |_| true),
            (vec![(5, 6)], vec![(5, 6)])
        );
    }
}
