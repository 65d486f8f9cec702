//! What a saved transcript still tells of its secrets once their characters are hidden.

use std::{
    cell::OnceCell,
    collections::HashMap,
    hash::{Hash, Hasher},
};

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{
    flow::transcript::{Observation, Purpose, Transcript},
    oauth::{
        http::{HttpRequest, as_text},
        params::Params,
        pkce,
        secret::{MASK, Secret, mask},
        token::{TokenAnswer, read_answer, request_params},
    },
    providers::github::formats::{self, ClientSecretShape, client_secret_shape},
    text::{
        bytes::all_bytes,
        defects::{Defect, defects},
    },
};

/// A text shorter than this is the beginning of a token by chance.
const SHORTEST_BEGINNING: usize = 8;

/// Where in an observation a secret stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The client secret of the configuration.
    Configured,
    /// The client secret that the registration has on record.
    Registered,
    /// A client id that has the format of a secret.
    ClientId,
    /// The client secret of a token request.
    ClientSecret,
    /// The one in the body, where the `Authorization` header has credentials too.
    ClientSecretInBody,
    /// The code verifier of a token request.
    CodeVerifier,
    /// The token that a request is about.
    Token,
    /// An access token that was issued.
    AccessToken,
    /// A refresh token that was issued.
    RefreshToken,
}

/// What may be said of a secret without its characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretFacts {
    /// The number of its characters.
    pub length: usize,
    /// The places and kinds of damage.
    pub defects: Vec<Defect>,
    /// What it looks like in the place of a client secret, white space around it aside.
    pub format: ClientSecretShape,
    /// True when all its characters are ASCII letters and digits.
    pub alphanumeric: bool,
    /// The distinct secrets of a file are numbered from 1: equal numbers are equal secrets.
    pub same_as: u32,
    /// Of a code verifier: whether it is the one that the `code_challenge` was made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fits_challenge: Option<bool>,
    /// Of a code verifier: whether it has the form that RFC 7636 §4.1 asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub well_formed: Option<bool>,
    /// Of a token: how long the one is, issued before, that begins with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beginning_of: Option<usize>,
}

/// The facts about the secret in one place of one entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownSecret {
    /// The index of the entry.
    pub entry: usize,
    /// Where in it.
    pub place: Place,
    /// The facts.
    #[serde(flatten)]
    pub facts: SecretFacts,
}

/// Notes the facts about every secret of a transcript that a check asks about. One whose characters are not all known gets
/// none: what is unknown stays so.
pub fn collect(transcript: &Transcript) -> Vec<KnownSecret> {
    let mut collected = Collected::default();
    let mut code_challenge = None;
    let with_tokens = is_about_tokens(transcript);
    for (entry, observation) in transcript.entries.iter().map(|e| &e.observation).enumerate() {
        match observation {
            Observation::AuthorizationStarted {
                configuration,
                request,
            } => {
                code_challenge = request.params.get("code_challenge");
                let reveal = |secret: &Option<Secret>| secret.as_ref().map(|s| s.reveal().to_owned());
                collected.note(entry, Place::Configured, reveal(&configuration.client_secret));
                let registered = reveal(&configuration.registration.client_secret);
                collected.note(entry, Place::Registered, registered);
                let id = request.params.get("client_id").map(str::to_owned);
                collected.note(entry, Place::ClientId, id.filter(|id| formats::may_be_secret(id)));
            }
            Observation::RequestSent { request, .. } => {
                let sent = request_params(request);
                let value = |name: &str| sent.get(name).map(str::to_owned);
                let id = value("client_id").filter(|id| formats::may_be_secret(id));
                collected.note(entry, Place::ClientId, id);
                collected.note(entry, Place::ClientSecret, value("client_secret"));
                if request.header("authorization").is_some() {
                    let in_body = request_params(&HttpRequest {
                        headers: Vec::new(),
                        ..request.clone()
                    });
                    let in_body = in_body.get("client_secret").map(str::to_owned);
                    collected.note(entry, Place::ClientSecretInBody, in_body);
                }
                if with_tokens {
                    collected.note_token(entry, request, &sent);
                }
                if let Some(verifier) = value("code_verifier") {
                    let fits = code_challenge.map(|challenge| pkce::challenge(&verifier) == challenge);
                    let well_formed = pkce::is_well_formed(&verifier);
                    if let Some(known) = collected.note(entry, Place::CodeVerifier, Some(verifier)) {
                        known.facts.fits_challenge = fits;
                        known.facts.well_formed = Some(well_formed);
                    }
                }
            }
            Observation::ResponseReceived { response, .. } if with_tokens => {
                if let TokenAnswer::Token(token) = read_answer(response).answer {
                    let refresh_token = token.refresh_token.as_ref();
                    collected.note_issued(entry, Place::AccessToken, Some(&token.access_token));
                    collected.note_issued(entry, Place::RefreshToken, refresh_token);
                }
            }
            _ => {}
        }
    }
    collected.secrets
}

/// True where something is done with tokens, so that rules compare them.
fn is_about_tokens(transcript: &Transcript) -> bool {
    transcript.entries.iter().any(|entry| match &entry.observation {
        Observation::RequestSent { purpose, request, .. } => {
            purpose.is_about_a_token()
                || (*purpose == Purpose::Token && as_text(&request.body).contains("refresh_token"))
        }
        _ => false,
    })
}

/// A secret as the key of a table.
#[derive(PartialEq, Eq)]
struct Text(Zeroizing<String>);

impl Hash for Text {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.as_str().hash(state);
    }
}

#[derive(Default)]
struct Collected {
    numbers: HashMap<Text, u32>,
    secrets: Vec<KnownSecret>,
    /// Tokens that were issued.
    issued: Vec<Secret>,
}

impl Collected {
    fn note_issued(&mut self, entry: usize, place: Place, token: Option<&Secret>) {
        let Some(token) = token else { return };
        if self.note(entry, place, Some(token.reveal().to_owned())).is_some() {
            self.issued.push(token.clone());
        }
    }

    fn note_token(&mut self, entry: usize, request: &HttpRequest, sent: &Params) {
        let in_header = || {
            let (scheme, token) = request.header("authorization")?.split_once(' ')?;
            (!scheme.eq_ignore_ascii_case("basic")).then_some(token)
        };
        let in_body = ["refresh_token", "token", "access_token"];
        let token = in_body.into_iter().find_map(|name| sent.get(name));
        let token = token.or_else(in_header).map(str::to_owned);
        let whole = token.as_deref().and_then(|token| {
            let view = SecretView::new(token, None);
            let issued = self.issued.iter();
            let mut issued = issued.map(|whole| SecretView::new(whole.reveal(), None));
            issued.find_map(|whole| whole.goes_on_from(view))
        });
        if let Some(known) = self.note(entry, Place::Token, token) {
            known.facts.beginning_of = whole;
        }
    }

    fn note(&mut self, entry: usize, place: Place, text: Option<String>) -> Option<&mut KnownSecret> {
        let text = Zeroizing::new(text.filter(|text| !text.contains(MASK))?);
        let next = u32::try_from(self.numbers.len())
            .unwrap_or(u32::MAX)
            .saturating_add(1);
        let mut facts = SecretFacts::of(&text);
        facts.same_as = *self.numbers.entry(Text(text)).or_insert(next);
        self.secrets.push(KnownSecret { entry, place, facts });
        self.secrets.last_mut()
    }
}

impl SecretFacts {
    /// The facts about one secret by itself.
    pub fn of(text: &str) -> Self {
        Self {
            length: text.chars().count(),
            defects: defects(text),
            format: client_secret_shape(text.trim()),
            alphanumeric: all_bytes(text, |byte| byte.is_ascii_alphanumeric()),
            same_as: 0,
            fits_challenge: None,
            well_formed: None,
            beginning_of: None,
        }
    }
}

/// A secret as a check may ask about it: whether its characters are there or only the facts that were saved, the answers are
/// the same. Where neither is there, as in a value that was blacked out, what cannot be seen is unknown.
#[derive(Clone, Copy, Debug)]
pub struct SecretView<'t> {
    text: &'t str,
    saved: Option<&'t SecretFacts>,
    /// What its characters say, where that is asked for more than once.
    seen: Option<&'t SecretFacts>,
}

impl<'t> SecretView<'t> {
    /// A secret by its text and by what was saved of it. A file may have been edited: facts that cannot be about this text
    /// say nothing about it.
    pub fn new(text: &'t str, saved: Option<&'t SecretFacts>) -> Self {
        let saved = saved.filter(|facts| {
            facts.length == text.chars().count()
                && facts.defects.iter().all(|defect| defect.at <= facts.length)
        });
        Self {
            text,
            saved,
            seen: None,
        }
    }

    /// The same with what its characters say kept in `seen`, unless they are hidden.
    #[must_use]
    pub fn measured(self, seen: &'t OnceCell<SecretFacts>) -> Self {
        if self.saved.is_some() || self.is_masked() {
            return self;
        }
        Self {
            seen: Some(seen.get_or_init(|| SecretFacts::of(self.text))),
            ..self
        }
    }

    fn known(self) -> Option<&'t SecretFacts> {
        self.saved.or(self.seen)
    }

    /// The text, for evidence and remedies. It may be masked.
    pub fn text(self) -> &'t str {
        self.text
    }

    /// True when the characters are hidden.
    pub fn is_masked(self) -> bool {
        self.text.contains(MASK)
    }

    /// True when it has no character at all.
    pub fn is_empty(self) -> bool {
        self.text.is_empty()
    }

    /// The number of characters.
    pub fn length(self) -> usize {
        self.known()
            .map_or_else(|| self.text.chars().count(), |facts| facts.length)
    }

    /// How long the token is, issued before, that begins with this one, where that was saved.
    pub fn beginning_of(self) -> Option<usize> {
        self.saved?.beginning_of
    }

    /// The number of characters of this one, where another one is its beginning; `None` where it is not, or where that is unknown.
    pub fn goes_on_from(self, beginning: Self) -> Option<usize> {
        let known = !self.is_masked() && !beginning.is_masked();
        let (whole, part) = (self.text, beginning.text);
        (known && part.len() >= SHORTEST_BEGINNING && whole.len() > part.len() && whole.starts_with(part))
            .then(|| self.length())
    }

    /// The damage that is known of; a mask leaves most kinds in the open.
    pub fn defects(self) -> Vec<Defect> {
        self.known()
            .map_or_else(|| defects(self.text), |facts| facts.defects.clone())
    }

    /// What it looks like, white space around it aside; `None` where that is unknown.
    pub fn format(self) -> Option<ClientSecretShape> {
        match self.known() {
            Some(facts) => Some(facts.format),
            None => (!self.is_masked()).then(|| client_secret_shape(self.text.trim())),
        }
    }

    /// True when all characters are known to be ASCII letters and digits.
    pub fn is_alphanumeric(self) -> bool {
        let seen = || all_bytes(self.text, |byte| byte.is_ascii_alphanumeric());
        self.known().map_or_else(seen, |facts| facts.alphanumeric)
    }

    /// Whether two secrets are equal; `None` where that is unknown.
    pub fn equals(self, other: Self) -> Option<bool> {
        match (self.saved, other.saved) {
            (Some(one), Some(two)) => Some(one.same_as == two.same_as),
            // What another mask would hide is another text.
            (Some(_), None) if self.is_masked() && !other.is_masked() => {
                (mask(other.text) != self.text).then_some(false)
            }
            (None, Some(_)) if other.is_masked() && !self.is_masked() => {
                (mask(self.text) != other.text).then_some(false)
            }
            _ if self.is_masked() || other.is_masked() => None,
            _ => Some(self.text == other.text),
        }
    }

    /// Whether this code verifier is the one that the challenge was made from; `None` where that is unknown.
    pub fn fits_challenge(self, code_challenge: &str) -> Option<bool> {
        match self.saved {
            Some(facts) => facts.fits_challenge,
            None => (!self.is_masked()).then(|| pkce::challenge(self.text) == code_challenge),
        }
    }

    /// Whether this code verifier has the form of one; `None` where that is unknown.
    pub fn is_well_formed(self) -> Option<bool> {
        match self.saved {
            Some(facts) => facts.well_formed,
            None => (!self.is_masked()).then(|| pkce::is_well_formed(self.text)),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::flow::secret_facts::*;

    #[test]
    fn what_is_blacked_out_without_facts_is_unknown() {
        let hidden = "\u{2022}".repeat(40);
        let (hidden, open) = (SecretView::new(&hidden, None), SecretView::new("undefined", None));
        assert_eq!((hidden.length(), hidden.format()), (40, None));
        assert_eq!((hidden.equals(hidden), open.equals(hidden)), (None, None));
        assert_eq!(hidden.fits_challenge("x"), None);
        assert!(!hidden.is_alphanumeric());
        assert_eq!(open.equals(open), Some(true));
    }

    #[test]
    fn facts_that_cannot_be_about_a_text_say_nothing_about_it() {
        let hidden = "\u{2022}".repeat(40);
        let facts = |length, at| SecretFacts {
            length,
            defects: vec![Defect {
                kind: crate::text::defects::DefectKind::Newline,
                at,
            }],
            format: ClientSecretShape::FortyHex,
            alphanumeric: true,
            same_as: 1,
            fits_challenge: None,
            well_formed: None,
            beginning_of: None,
        };
        for (length, at, counts) in [(40, 40, true), (40, 41, false), (41, 1, false)] {
            let facts = facts(length, at);
            let view = SecretView::new(&hidden, Some(&facts));
            assert_eq!(view.format().is_some(), counts, "{length} {at}");
            assert_eq!(view.defects().is_empty(), !counts, "{length} {at}");
        }
    }
}
