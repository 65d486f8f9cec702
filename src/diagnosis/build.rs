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
    providers::{error_table::sentence, github::formats},
    text::diff::{self, Difference},
};

/// True for a value out of a transcript that was saved masked: its length is known, its characters are not.
pub fn is_masked(value: &str) -> bool {
    value.contains(MASK)
}

/// How a redirect URI departs from another in the components for which `differs` says so. Texts that are not redirect URIs
/// are compared as texts.
pub fn uri_departs(uri: &str, other: &str, differs: impl Fn(Component) -> bool) -> Difference {
    let (Ok(here), Ok(there), Some(places)) = (
        RedirectUri::parse(uri),
        RedirectUri::parse(other),
        component_places(uri),
    ) else {
        return diff::words(uri, other);
    };
    let mut difference = Difference::default();
    for component in Component::ALL.into_iter().filter(|component| differs(*component)) {
        let mut found = component_departs(&here, &there, component);
        if here.component(component).is_empty() {
            // The sign before it is missing too.
            let signs = usize::from(matches!(component, Component::Port | Component::Query));
            found.missing.iter_mut().for_each(|gap| gap.1 += signs);
        }
        difference.extend(found.moved(places[component as usize].0));
    }
    difference
}

/// How a component departs from another redirect URI's: a scheme or a port is right or wrong as a whole, the others word by
/// word.
pub fn component_departs(uri: &RedirectUri, other: &RedirectUri, component: Component) -> Difference {
    let (own, theirs) = (uri.component(component), other.component(component));
    match component {
        Component::Scheme | Component::Port if own != theirs => {
            Difference::whole(own.chars().count(), theirs.chars().count())
        }
        _ => diff::words(&own, &theirs),
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

/// How a redirect URI departs from one that it must equal letter for letter.
pub fn uri_repeats(uri: &str, other: &str) -> Difference {
    let (a, b) = (RedirectUri::parse(uri), RedirectUri::parse(other));
    uri_departs(uri, other, |component| match (&a, &b) {
        (Ok(a), Ok(b)) => a.component(component) != b.component(component),
        _ => true,
    })
}

/// A character that is to blame, by its name; a foreign letter is hidden by the mask: where it stands is known, which one it
/// is is not.
pub fn to_blame(c: char) -> String {
    if c == MASK { c.to_string() } else { character(c) }
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

    /// Shows how much time there was between two messages, each with its place on the transcript's time line. In a pasted text
    /// a message without a time has that of the one before it: then the text does not tell.
    pub(crate) fn between(self, facts: &Facts<'_>, earlier: u64, later: u64) -> Self {
        if facts.is_pasted() && earlier == later {
            return self.show("time_between", "untold");
        }
        self.lasts("time_between", later.saturating_sub(earlier))
    }

    /// Says which message would decide and was not seen.
    pub(crate) fn unseen(self, message: &str) -> Self {
        self.show(NOT_SEEN, message)
    }

    /// Shows the server's own words as the proof.
    pub(crate) fn said(self, facts: &Facts<'_>) -> Self {
        let of_the_error = facts
            .error()
            .map(|error| error.error_description.as_ref().unwrap_or(&error.error).clone());
        let words = of_the_error.or_else(|| {
            let reading = facts.current()?.reading.as_ref()?;
            sentence(reading).map(str::to_owned)
        });
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

    /// Offers to put a value into a field; not where its characters are hidden, for what can be sent then is the mask.
    pub(crate) fn put(self, code: RemedyCode, field: Field, value: impl Into<String>) -> Self {
        let value = value.into();
        if is_masked(&value) {
            return self;
        }
        self.mended_by(code, Some(Action::Use(field, Secret::new(value))))
    }

    pub(crate) fn authorize_again(self) -> Self {
        self.mended_by(RemedyCode::AuthorizeAgain, Some(Action::AuthorizeAgain))
    }

    /// The same where the flow may be that of a device, which asks for its codes itself.
    pub(crate) fn begin_again(self, facts: &Facts<'_>) -> Self {
        if facts.is_device() {
            self.mended_by(RemedyCode::AskForNewCodes, Some(Action::AuthorizeAgain))
        } else {
            self.authorize_again()
        }
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

    /// If the registered redirect URI is not known, offers to enter it.
    pub(crate) fn tell_registered(self, facts: &Facts<'_>) -> Self {
        if facts.is_of_another_program() || facts.authorization.is_none() || !facts.registered().is_empty() {
            return self;
        }
        self.edit(
            RemedyCode::TellRegisteredRedirectUri,
            Field::RegisteredRedirectUri,
        )
    }

    /// Advises to register the redirect URI that is sent, beside the others where the server takes several.
    pub(crate) fn register(self, facts: &Facts<'_>, sent: Option<&str>) -> Self {
        let code = if facts.profile().takes_ten_redirect_uris {
            RemedyCode::RegisterAnotherRedirectUri
        } else {
            RemedyCode::RegisterRedirectUri
        };
        self.mended_by(code, sent.map(|sent| Action::Register(sent.to_owned())))
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

    /// Advises to bring the source of a value up to date: a variable is set before a program starts, a file is written.
    pub(crate) fn load_source(self, facts: &Facts<'_>, field: Field) -> Self {
        self.advise(match origin(facts, field) {
            Some(Origin::File(_) | Origin::Command(_)) => RemedyCode::UpdateSource,
            _ => RemedyCode::LoadEnvironment,
        })
    }

    /// Where a value came from, when that is a variable or a file.
    pub(crate) fn read_from(self, what: &str, facts: &Facts<'_>, field: Field) -> Self {
        match origin(facts, field) {
            Some(Origin::Environment(name) | Origin::File(name) | Origin::Command(name)) => {
                self.show(what, name)
            }
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

/// What a server that checks requests against a schema complains of, where its description is the list that the checker made:
/// `[{"path":["client_id"],"message":"Required"}]`.
pub(crate) fn complaints(description: &str) -> Option<String> {
    let list: Vec<serde_json::Value> = serde_json::from_str(description).ok()?;
    let told: Vec<String> = list
        .iter()
        .take(8)
        .filter_map(|complaint| {
            let path = complaint.get("path")?.as_array()?;
            let message = complaint.get("message")?.as_str()?;
            let path: Vec<&str> = path.iter().filter_map(serde_json::Value::as_str).collect();
            Some(format!("{}: {message}", path.join(".")))
        })
        .collect();
    (!told.is_empty()).then(|| told.join("; "))
}

#[cfg(test)]
mod tests {
    use crate::diagnosis::build::*;
    use crate::oauth::redirect_matching::compare;

    #[test]
    fn only_the_components_in_the_way_are_marked_and_only_in_what_was_sent() {
        type Ranges = &'static [(usize, usize)];
        let table: [(&str, &str, Ranges, Ranges); 7] = [
            // Any port matches, so only the scheme is marked.
            (
                "https://127.0.0.1:39937/callback",
                "http://127.0.0.1/callback",
                &[(0, 5)],
                &[],
            ),
            ("http://a.test/x", "https://a.test/x", &[(0, 4)], &[]),
            (
                "http://127.0.0.1:8914/callback",
                "http://localhost/callback",
                &[(7, 16)],
                &[],
            ),
            (
                "http://127.0.0.1:8914/callback",
                "http://127.0.0.1/auth/callback",
                &[],
                &[(22, 5)],
            ),
            (
                "https://example.com/callback2/",
                "https://example.com/callback",
                &[(28, 30)],
                &[],
            ),
            (
                "https://a.test/y",
                "https://a.test:8443/x",
                &[(15, 16)],
                &[(14, 5)],
            ),
            ("no url", "no uri", &[(3, 6)], &[]),
        ];
        for (sent, registered, marks, missing) in table {
            let verdicts = RedirectUri::parse(registered)
                .ok()
                .zip(RedirectUri::parse(sent).ok())
                .map(|(base, uri)| compare(&base, true, &uri));
            let found = uri_departs(sent, registered, |component| {
                verdicts
                    .iter()
                    .flatten()
                    .any(|(c, verdict)| *c == component && !verdict.is_match())
            });
            assert_eq!(
                (&found.marks[..], &found.missing[..]),
                (marks, missing),
                "{sent} {registered}"
            );
        }
    }
}
