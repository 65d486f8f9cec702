//! What is wrong with the client id (docs/github.md §1, §4, §8.1), seen by its own characters.

use crate::{
    diagnosis::{
        Verdict,
        build::{id_evidence, to_blame},
        context::Facts,
        finding::{Certainty, Finding},
        rule::{Code, RemedyCode},
        rules::client_secret::refused,
    },
    flow::{configuration::Field, secret_facts::SecretView},
    providers::github::formats::{ClientIdShape, ClientSecretShape},
    text::defects::{Defect, DefectKind, defects, may_be_a_name, without_defects},
};

/// The rules of this topic, a row each; `diagnosis/rule.rs` says what the columns mean.
macro_rules! rows {
    ($then:ident $($before:tt)*) => { $crate::diagnosis::$then! { $($before)*
        /// There is no client id.
        ClientIdEmpty = "client_id_empty": Credentials, Cause of [NotLoaded],
            |f| damaged(f, Code::ClientIdEmpty);

        /// The client id is `undefined`, `${…}` or the like (§1, §8.1).
        ClientIdPlaceholder = "client_id_is_placeholder": Credentials, Cause of [NotLoaded],
            |f| damaged(f, Code::ClientIdPlaceholder);

        /// There is a line break, space, quote, escape or foreign letter in the client id (§1, §8.1).
        ClientIdDamaged = "client_id_damaged": Credentials, Cause of [StoredDamaged],
            |f| damaged(f, Code::ClientIdDamaged);

        /// The numeric App ID was used as the client id (§4, §8.1).
        ClientIdIsAppId = "client_id_is_app_id": Credentials, Cause of [WrongPlace],
            |f| shaped(f, Code::ClientIdIsAppId);

        /// A client secret was used as the client id.
        ClientIdIsSecret = "client_id_is_secret": Credentials, Cause of [WrongPlace],
            |f| shaped(f, Code::ClientIdIsSecret);

        /// The client id does not have the format of a GitHub client id (§4).
        ClientIdWrongShape = "client_id_wrong_shape": Credentials, Cause of [Mistyped],
            |f| shaped(f, Code::ClientIdWrongShape);
    } };
}
pub(crate) use rows;

rows! { as_checks }

/// The id that failed, or may have: that of a refused exchange, else that of an authorization without redirect. One whose
/// characters are hidden is judged where the file says what was hidden.
fn in_question<'f>(facts: &'f Facts<'_>) -> Option<SecretView<'f>> {
    id_in_question(facts).filter(|id| id.format().is_some())
}

fn id_in_question<'f>(facts: &'f Facts<'_>) -> Option<SecretView<'f>> {
    let empty = SecretView::new("", None);
    if facts.meaning == Some(Code::SettingsRead) {
        // A file may leave the id to another one.
        facts.client_id()
    } else if refused(facts) {
        // A header that cannot be read, as in a masked transcript, may hold the id.
        let unread = facts.sent("client_id").is_none()
            && facts
                .current()
                .and_then(|current| current.exchange.request?.header("authorization"))
                .is_some();
        (!unread).then(|| facts.client_id().unwrap_or(empty))
    } else if facts.no_redirect() {
        Some(facts.client_id_at_authorize().unwrap_or(empty))
    } else {
        None
    }
}

/// True when the characters of the id give a finding by themselves.
pub fn is_defective(facts: &Facts<'_>) -> bool {
    in_question(facts).is_some_and(|id| !defects_of(facts, id).is_empty() || shape_code(facts, id).is_some())
}

/// What the format of the server's ids has against an id without other damage.
fn shape_code(facts: &Facts<'_>, id: SecretView<'_>) -> Option<Code> {
    let profile = facts.profile();
    if id.is_masked() {
        // An id is hidden only where a secret or a token is in its place.
        profile.formats?;
        return Some(match id.format() {
            Some(ClientSecretShape::FortyHex) => Code::ClientIdIsSecret,
            _ => Code::ClientIdWrongShape,
        });
    }
    match profile.client_id_shape(id.text())? {
        ClientIdShape::OAuthApp | ClientIdShape::LegacyOAuthApp | ClientIdShape::GitHubApp => None,
        ClientIdShape::NumericAppId => Some(Code::ClientIdIsAppId),
        ClientIdShape::ClientSecret => Some(Code::ClientIdIsSecret),
        ClientIdShape::Unknown => Some(Code::ClientIdWrongShape),
    }
}

/// What is wrong with the characters of an id. Where clients are named by people, few names are placeholders.
fn defects_of(facts: &Facts<'_>, id: SecretView<'_>) -> Vec<Defect> {
    let mut defects = id.defects();
    if facts.profile().formats.is_none() && may_be_a_name(id.text()) {
        defects.retain(|defect| defect.kind != DefectKind::Placeholder);
    }
    defects
}

fn damaged(facts: &Facts<'_>, code: Code) -> Verdict {
    let Some(view) = in_question(facts) else {
        return Verdict::NotEnough;
    };
    let (id, all) = (view.text(), defects_of(facts, view));
    let here = all.iter().find(|defect| {
        code == match defect.kind {
            DefectKind::Empty => Code::ClientIdEmpty,
            DefectKind::Placeholder => Code::ClientIdPlaceholder,
            _ => Code::ClientIdDamaged,
        }
    });
    let Some(first) = here else {
        return Verdict::Fine(None);
    };
    let mut finding = Finding::observed(code);
    let mut evidence = id_evidence("client_id_sent", id);
    for defect in all.iter().filter(|defect| defect.at > 0) {
        let to = if defect.kind == DefectKind::Placeholder {
            id.chars().count()
        } else {
            defect.at
        };
        evidence = evidence.marked(defect.at - 1, to);
    }
    finding = finding.with(evidence);
    let culprit = id.chars().nth(first.at.saturating_sub(1));
    if let Some(c) = culprit.filter(|_| first.kind != DefectKind::Placeholder) {
        finding = finding
            .show("position", first.at.to_string())
            .show("character", to_blame(c));
    }
    finding = finding.read_from("client_id_origin", facts, Field::ClientId);
    let cleaned = without_defects(id);
    if code == Code::ClientIdDamaged
        && !view.is_masked()
        && !cleaned.is_empty()
        && cleaned != id
        && defects(&cleaned).is_empty()
    {
        finding = finding.put(RemedyCode::UseCleanedClientId, Field::ClientId, cleaned);
    } else {
        finding = use_known_id(facts, finding, id);
    }
    finding = finding.edit_id();
    Verdict::Found(if code == Code::ClientIdDamaged {
        finding
    } else {
        finding.load_source(facts, Field::ClientId)
    })
}

/// Adds the remedies that put a better known id in the place of the one that was sent.
pub fn use_known_id(facts: &Facts<'_>, mut finding: Finding, sent: &str) -> Finding {
    let registered = facts
        .configuration()
        .and_then(|configuration| configuration.registration.client_id.as_deref());
    if let Some(registered) = registered.filter(|id| *id != sent) {
        return finding.put(RemedyCode::UseRegisteredClientId, Field::ClientId, registered);
    }
    if let Some(id) = facts.id_with_a_code().filter(|id| *id != sent) {
        finding = finding.put(RemedyCode::UseAuthorizeClientId, Field::ClientId, id);
    }
    finding
}

fn shaped(facts: &Facts<'_>, code: Code) -> Verdict {
    let profile = facts.profile();
    if profile.formats.is_none() {
        return Verdict::NotEnough;
    }
    let Some(view) = in_question(facts) else {
        return Verdict::NotEnough;
    };
    if !defects_of(facts, view).is_empty() {
        return Verdict::Fine(None);
    }
    let id = view.text();
    let secret_is_an_id = facts
        .client_secret()
        .is_some_and(|secret| secret.format() == Some(ClientSecretShape::ClientId));
    if shape_code(facts, view) != Some(code) || (code == Code::ClientIdIsSecret && secret_is_an_id) {
        return Verdict::Fine(None);
    }
    // A format that was never seen proves nothing, since formats have changed before.
    let certainty = if code == Code::ClientIdWrongShape {
        Certainty::Likely
    } else {
        Certainty::Observed
    };
    let finding = Finding::new(code, certainty)
        .with(id_evidence("client_id_sent", id))
        .show("length", id.chars().count().to_string())
        .read_from("client_id_origin", facts, Field::ClientId);
    let finding = use_known_id(facts, finding, id).edit_id();
    Verdict::Found(match code {
        Code::ClientIdIsAppId => finding.advise(RemedyCode::CheckAppKind),
        Code::ClientIdWrongShape => finding.probe_authorization(),
        _ => finding,
    })
}
