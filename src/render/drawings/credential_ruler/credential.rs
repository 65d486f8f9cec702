//! Client id and secret as they were sent, and what is to be said of each.

use crate::{
    diagnosis::{context::Facts, finding::Evidence, rule::Code},
    flow::configuration::{Field, Origin, Registration},
    oauth::secret::{Secret, mask},
    providers::{
        DEFAULT, ProviderProfile,
        github::formats::{ClientIdShape, ClientSecretShape, may_be_secret},
        profile::Formats,
    },
    render::{
        drawings::credential_ruler::NAMED_DEFECTS,
        text::cells::{Cell, cells_with},
    },
    text::{
        catalog::Messages,
        defects::{Defect, DefectKind, defects},
        diff::{self, Difference},
        template::filled,
    },
};

/// One credential as it was sent, or would be.
#[derive(Clone, Debug)]
pub(crate) struct Credential<'f> {
    /// `client_id` or `client_secret`.
    pub name: &'static str,
    /// Its value, if it is known.
    pub value: Value<'f>,
    /// Where it came from.
    pub origin: Origin,
    /// True when it was checked and is right; `None` when there is nothing to hold it against, as for a value of the right
    /// shape that was refused.
    pub good: Option<bool>,
    /// What is right or wrong with it, each a few words.
    pub verdict: Vec<String>,
    /// The characters concerned, and where some are missing.
    pub(super) departs: Difference,
    /// The length that the provider's values have, where they have one.
    pub(super) expected: Option<usize>,
}

/// What is known of a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value<'f> {
    /// The value, in a request or as configured.
    Known(&'f str),
    /// The request had none.
    NotSent,
    /// Only an answer was pasted.
    NotSeen,
}

/// Both credentials, judged.
pub(crate) fn credentials<'f>(facts: &'f Facts<'_>, messages: &Messages) -> [Credential<'f>; 2] {
    let configuration = facts.configuration();
    let exchange = facts.present_exchange();
    let value = |name: &str, configured: Option<&'f str>| match exchange {
        Some(exchange) if exchange.exchange.request.is_some() => {
            exchange.sent.get(name).map_or(Value::NotSent, Value::Known)
        }
        Some(_) => Value::NotSeen,
        None if configuration.is_none() => Value::NotSeen,
        None => configured.map_or(Value::NotSent, Value::Known),
    };
    let origin = |field: Field| {
        let origins = exchange
            .and_then(|e| e.exchange.origins)
            .or(configuration.map(|c| &c.origins));
        origins.map(|origins| origins.of(field)).unwrap_or_default()
    };
    let unknown = Registration::default();
    let record = configuration.map_or(&unknown, |c| &c.registration);
    let profile = configuration.map_or(DEFAULT, |c| c.provider.profile);
    let id = value("client_id", configuration.map(|c| c.client_id.as_str()));
    let secret = value(
        "client_secret",
        configuration
            .and_then(|c| c.client_secret.as_ref())
            .map(Secret::reveal),
    );
    let refused = exchange.is_some_and(|exchange| {
        matches!(
            exchange.meaning(),
            Some(Code::CredentialsRefused | Code::ClientUnknown | Code::UnauthorizedClient)
        )
    });
    // The server has issued a code to this id, so it is not the id that it refuses.
    let known = matches!(id, Value::Known(id) if facts.id_with_a_code() == Some(id));
    let held = |record, refused| Held {
        profile,
        record,
        authorized: None,
        refused,
    };
    let sent = exchange.is_some_and(|exchange| exchange.exchange.request.is_some());
    [
        Credential::new("client_id", id, origin(Field::ClientId)).judge(
            &Held {
                authorized: facts.authorize_param("client_id").filter(|_| sent),
                ..held(record.client_id.as_deref(), refused && !known)
            },
            messages,
        ),
        Credential::new("client_secret", secret, origin(Field::ClientSecret)).judge(
            &held(record.client_secret.as_ref().map(Secret::reveal), refused),
            messages,
        ),
    ]
}

/// What a credential is held against.
pub(super) struct Held<'r> {
    /// Whose formats apply.
    pub(super) profile: &'r ProviderProfile,
    /// What the server has on record, where that is known.
    pub(super) record: Option<&'r str>,
    /// What the authorization request had in its place; a code is for that client alone.
    pub(super) authorized: Option<&'r str>,
    /// The server has refused it, so that a good shape speaks for nothing.
    pub(super) refused: bool,
}

impl<'f> Credential<'f> {
    pub(super) fn new(name: &'static str, value: Value<'f>, origin: Origin) -> Self {
        Self {
            name,
            value,
            origin,
            good: None,
            verdict: Vec::new(),
            departs: Difference::default(),
            expected: None,
        }
    }

    /// Holds the value against its shape, against what damages values, and against what the server has on record.
    pub(super) fn judge(mut self, held: &Held<'_>, messages: &Messages) -> Self {
        let prose = messages.pictures();
        let Value::Known(value) = self.value else {
            let words = if self.value == Value::NotSent {
                &prose.ruler.not_sent
            } else {
                &prose.ruler.not_seen
            };
            self.verdict.push(words.clone());
            self.good = (self.value == Value::NotSent).then_some(false);
            return self;
        };
        let count = value.chars().count();
        let damage = defects(value);
        let mut good = (!damage.is_empty()).then_some(false);
        if let Some(formats) = held.profile.formats {
            let id = self.name == "client_id";
            let (fits, words, expected) = if id {
                id_shape(formats, value, messages)
            } else {
                secret_shape(formats, value, messages)
            };
            self.expected = Some(expected);
            good = match fits && damage.is_empty() {
                true if held.refused => None,
                good => Some(good),
            };
            let shape_is_news = fits || damage.first().is_none_or(|d| d.kind != DefectKind::Empty);
            if shape_is_news {
                self.verdict.push(words);
            }
            if !id && !fits && damage.is_empty() {
                self.mark_shape((formats.client_secret)(value), value, count, expected);
            }
        } else if damage.is_empty() {
            self.verdict.push(prose.ruler.no_fixed_shape.clone());
        }
        for defect in damage.iter().take(NAMED_DEFECTS) {
            let at = defect.at.to_string();
            self.verdict
                .push(filled(prose.defect.of(&defect.kind), &[("at", &at)]));
        }
        if damage.len() > NAMED_DEFECTS {
            let n = (damage.len() - NAMED_DEFECTS).to_string();
            self.verdict.push(filled(&prose.ruler.more_defects, &[("n", &n)]));
        }
        self.departs.marks.extend(
            damage
                .iter()
                .filter(|d| d.at > 0)
                .map(|d| marked_range(*d, count)),
        );
        // If the value belongs in another place, nothing else about it matters.
        let other = held
            .authorized
            .filter(|authorized| *authorized != value && good != Some(false));
        let (record, differs) = match (held.record, other) {
            (None, Some(authorized)) => (Some(authorized), &prose.ruler.differs_from_authorize),
            (record, _) => (record, &prose.ruler.differs_from_record),
        };
        if let Some(record) = record {
            if record == value {
                self.verdict.push(prose.ruler.same_as_record.clone());
                good = Some(true);
            } else {
                let departs = diff::characters(value, record);
                let at = departs.first().map_or(1, |at| at + 1).to_string();
                if damage.is_empty() {
                    self.verdict.push(filled(differs, &[("at", &at)]));
                    // Where they are missing is known better than by the length alone.
                    self.departs.missing.clear();
                    self.departs.extend(departs);
                }
                good = Some(false);
            }
        }
        self.good = good;
        self
    }

    /// The same with nothing said of a value that is there, unless it is in order.
    pub(super) fn unjudged(self) -> Self {
        if !matches!(self.value, Value::Known(_)) || self.good == Some(true) {
            return Self {
                origin: Origin::Default,
                ..self
            };
        }
        Self {
            origin: Origin::Default,
            good: None,
            verdict: Vec::new(),
            departs: Difference::default(),
            ..self
        }
    }

    pub(super) fn mark_shape(
        &mut self,
        shape: ClientSecretShape,
        value: &str,
        count: usize,
        expected: usize,
    ) {
        match shape {
            ClientSecretShape::TooLong => self.departs.marks.push((expected, count)),
            ClientSecretShape::TooShort => self.departs.missing.push((count, expected - count)),
            ClientSecretShape::Unknown => {
                let strange = |c: char| !c.is_ascii_digit() && !('a'..='f').contains(&c);
                for (at, _) in value.chars().enumerate().filter(|(_, c)| strange(*c)) {
                    match self.departs.marks.last_mut().filter(|(_, to)| *to == at) {
                        Some((_, to)) => *to = at + 1,
                        None => self.departs.marks.push((at, at + 1)),
                    }
                }
            }
            _ => {}
        }
    }

    /// True for an id, unless a secret is in its place.
    pub(super) fn is_open(&self, value: &str) -> bool {
        self.name == "client_id" && !may_be_secret(value)
    }

    /// The cells of the value, masked where it is secret.
    pub(super) fn cells(&self, value: &str, reveal: bool) -> Vec<Cell> {
        let shown = if reveal || self.is_open(value) {
            value.to_owned()
        } else {
            mask(value)
        };
        let mut shown = Evidence::new("", shown.replace(' ', "␠")).departing(self.departs.clone());
        shown.bound();
        let departs = Difference {
            marks: shown.marks,
            missing: shown.missing,
        };
        cells_with(&shown.value, &departs)
    }
}

/// The characters that a defect covers, counted from 0.
fn marked_range(defect: Defect, count: usize) -> (usize, usize) {
    let length = match defect.kind {
        DefectKind::Placeholder => count,
        DefectKind::PercentEncoded => 3,
        _ => 1,
    };
    (defect.at - 1, (defect.at - 1 + length).min(count))
}

fn id_shape(formats: &Formats, value: &str, messages: &Messages) -> (bool, String, usize) {
    let shape = (formats.client_id)(value);
    let fits = matches!(
        shape,
        ClientIdShape::OAuthApp | ClientIdShape::LegacyOAuthApp | ClientIdShape::GitHubApp
    );
    (
        fits,
        messages.pictures().client_id_shape.of(&shape).to_owned(),
        formats.client_id_length,
    )
}

fn secret_shape(formats: &Formats, value: &str, messages: &Messages) -> (bool, String, usize) {
    let shape = (formats.client_secret)(value);
    (
        shape == ClientSecretShape::FortyHex,
        messages.pictures().client_secret_shape.of(&shape).to_owned(),
        formats.client_secret_length,
    )
}
