//! What was tried and refused while the program runs, so that no remedy offers it again.

use crate::{
    diagnosis::{
        context::Facts,
        finding::{Action, Certainty, Finding},
        rule::Code,
    },
    flow::configuration::Field,
    oauth::{secret::Secret, token::ClientAuthentication},
    ui::model::{
        Model,
        field_hints::{self, Level, Note, NoteCode},
    },
};

/// What was refused and what was tried.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sitting {
    refused: Vec<Refused>,
    /// Remedies after which the same was found once more.
    tried: Vec<Action>,
}

/// Values that an authorization server has refused. Kept apart from the transcript, which another provider or a saved flow
/// may replace.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Refused {
    /// Id and secret together, of which either may be wrong, and how they were sent; true where the id is known to be right.
    Pair(Secret, Secret, ClientAuthentication, bool),
    /// A redirect URI of the authorization request; and that of the token request, where it was the one.
    RedirectUri(String, Option<String>),
    /// A code.
    Code(String),
}

/// The values of the latest attempt that a remedy would change one of.
struct Present {
    id: String,
    secret: String,
    authentication: ClientAuthentication,
    at_authorize: Option<String>,
    at_exchange: Option<String>,
    code: Option<String>,
}

impl Present {
    fn of(facts: &Facts<'_>) -> Self {
        let sent = |name: &str| facts.sent(name).map(str::to_owned);
        let configuration = facts.configuration();
        let configured_id = || configuration.map(|configuration| configuration.client_id.clone());
        let configured_secret = || {
            let secret = configuration.and_then(|configuration| configuration.client_secret.as_ref());
            secret.map(|secret| secret.reveal().to_owned())
        };
        let exchanged = facts.current().is_some();
        Self {
            id: sent("client_id").or_else(configured_id).unwrap_or_default(),
            secret: if exchanged {
                sent("client_secret")
            } else {
                configured_secret()
            }
            .unwrap_or_default(),
            authentication: facts
                .current()
                .and_then(|current| current.exchange.request)
                .map(ClientAuthentication::of_request)
                .unwrap_or_default(),
            at_authorize: facts.authorize_param("redirect_uri").map(str::to_owned),
            at_exchange: sent("redirect_uri"),
            code: sent("code"),
        }
    }
}

impl Sitting {
    /// Takes in how the latest attempt ended.
    fn learn(&mut self, facts: &Facts<'_>) {
        let present = Present::of(facts);
        let known_id = present.id.clone();
        let refused = match facts.meaning {
            Some(Code::CredentialsRefused) => Some(Refused::Pair(
                Secret::new(present.id),
                Secret::new(present.secret),
                present.authentication,
                facts.id_with_a_code() == Some(known_id.as_str()),
            )),
            Some(Code::RedirectUriRefused) => present
                .at_authorize
                .map(|uri| Refused::RedirectUri(uri, present.at_exchange)),
            Some(Code::CodeRefused) => present.code.map(Refused::Code),
            _ if was_refused_by_a_page(facts) => {
                present.at_authorize.map(|uri| Refused::RedirectUri(uri, None))
            }
            _ => None,
        };
        if let Some(refused) = refused.filter(|refused| !self.refused.contains(refused)) {
            self.refused.push(refused);
        }
    }

    /// What is said beside a field, by what was refused: a good word about a value is not said once that was refused.
    pub fn hold_against(&self, notes: &mut Vec<Note>, field: Field, value: impl Fn(Field) -> String) {
        let own = value(field);
        let is_refused = self.refused.iter().any(|refused| match (field, refused) {
            (Field::ClientSecret, Refused::Pair(_, secret, ..)) => secret.reveal() == own,
            (Field::ClientId, Refused::Pair(id, secret, _, known)) => {
                !known && id.reveal() == own && secret.reveal() == value(Field::ClientSecret)
            }
            (Field::RedirectUri, Refused::RedirectUri(at_authorize, at_exchange)) => {
                *at_authorize == own || at_exchange.as_ref() == Some(&own)
            }
            (Field::Code, Refused::Code(code)) => *code == own,
            _ => false,
        });
        if is_refused && !own.is_empty() {
            notes.retain(|note| note.code.level() > Level::Good);
            notes.push(field_hints::remark(NoteCode::Refused));
        }
    }

    /// True for a remedy that would send what was refused already, or that did not help.
    fn is_pointless(&self, action: &Action, present: &Present) -> bool {
        if self.tried.contains(action) {
            return true;
        }
        let Action::Use(field, value) = action else {
            return false;
        };
        let value = value.reveal();
        self.refused.iter().any(|refused| match (field, refused) {
            (Field::ClientSecret, Refused::Pair(id, secret, ..)) => {
                id.reveal() == present.id && secret.reveal() == value
            }
            (Field::ClientId, Refused::Pair(id, secret, ..)) => {
                id.reveal() == value && secret.reveal() == present.secret
            }
            (Field::ClientAuthentication, Refused::Pair(id, secret, authentication, _)) => {
                id.reveal() == present.id
                    && secret.reveal() == present.secret
                    && authentication.name() == value
            }
            (Field::RedirectUri, Refused::RedirectUri(at_authorize, at_exchange)) => {
                at_authorize == value && at_exchange.as_deref().is_none_or(|uri| uri == value)
            }
            (Field::Code, Refused::Code(code)) => code == value,
            _ => false,
        })
    }
}

/// True when the authorization server kept the browser at a page because of the redirect URI.
fn was_refused_by_a_page(facts: &Facts<'_>) -> bool {
    let page = |text: &str| crate::providers::page_table::meaning(text);
    facts
        .page_seen()
        .is_some_and(|(_, text)| page(text) == Some(Code::AuthorizePageRefusesRedirectUri))
}

/// Notes how the latest attempt ended and takes out of the findings what would only be refused once more.
pub(crate) fn withdraw(model: &mut Model) {
    let facts = Facts::of(&model.flow.transcript);
    let still = model.applied.as_ref().is_some_and(|applied| {
        facts.transcript.entries.len() > applied.entries && is_found(&model.findings, applied.for_finding)
    });
    if still
        && let Some(applied) = &model.applied
        && matches!(applied.action, Action::Use(..) | Action::OmitRedirectUri)
        && !model.sitting.tried.contains(&applied.action)
    {
        model.sitting.tried.push(applied.action.clone());
    }
    model.sitting.learn(&facts);
    let present = Present::of(&facts);
    for finding in &mut model.findings {
        finding.remedies.retain(|remedy| {
            let pointless = |action| model.sitting.is_pointless(action, &present);
            !remedy.action.as_ref().is_some_and(pointless)
        });
    }
}

/// What was tried in vain for other values may help with these.
pub(crate) fn forget_what_was_tried(model: &mut Model) {
    model.sitting.tried.clear();
}

/// True when this is among the findings, and not as ruled out.
pub fn is_found(findings: &[Finding], code: Code) -> bool {
    findings
        .iter()
        .any(|finding| finding.code == code && finding.certainty != Certainty::RuledOut)
}
