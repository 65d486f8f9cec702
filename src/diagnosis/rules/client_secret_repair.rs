//! What mends a client secret that was refused: the value without its damage, the one on record, or another one.

use crate::{
    diagnosis::{build::is_masked, context::Facts, finding::Finding, rule::RemedyCode},
    flow::configuration::Field,
    providers::github::formats::ClientSecretShape,
    text::defects::{DefectKind, without_defects},
};

pub(super) fn mend(facts: &Facts<'_>, mut finding: Finding, kind: DefectKind, secret: &str) -> Finding {
    let cleaned = match kind {
        DefectKind::PercentEncoded => without_defects(&percent_decoded(secret)),
        _ => without_defects(secret),
    };
    let undone = !matches!(
        kind,
        DefectKind::Empty | DefectKind::Placeholder | DefectKind::NonAscii
    ) && !is_masked(secret)
        && !cleaned.is_empty()
        && cleaned != secret;
    let shape = facts.profile().client_secret_shape(&cleaned);
    let good_shape = shape.is_none_or(|shape| shape == ClientSecretShape::FortyHex);
    if undone && good_shape {
        finding = finding.put(RemedyCode::UseCleanedClientSecret, Field::ClientSecret, cleaned);
    } else {
        finding = use_known_secret(facts, finding, secret);
    }
    finding = finding.edit_secret();
    match kind {
        DefectKind::Newline | DefectKind::Space => finding.advise(RemedyCode::StoreWithoutNewline),
        DefectKind::Empty | DefectKind::Placeholder => finding.load_source(facts, Field::ClientSecret),
        _ => finding,
    }
}

/// Adds the remedies that put a better known secret in the place of the one that was sent.
pub fn use_known_secret(facts: &Facts<'_>, mut finding: Finding, sent: &str) -> Finding {
    let Some(configuration) = facts.configuration() else {
        return finding;
    };
    let better = |secret: &str| !secret.is_empty() && secret != sent && !is_masked(secret);
    if let Some(registered) = &configuration.registration.client_secret
        && better(registered.reveal())
    {
        return finding.put(
            RemedyCode::UseRegisteredClientSecret,
            Field::ClientSecret,
            registered.reveal(),
        );
    }
    if let Some(configured) = &configuration.client_secret
        && better(configured.reveal())
    {
        finding = finding.put(
            RemedyCode::UseConfiguredClientSecret,
            Field::ClientSecret,
            configured.reveal(),
        );
    }
    finding
}

fn percent_decoded(text: &str) -> String {
    crate::oauth::params::Params::decode(&format!("v={text}"))
        .get("v")
        .unwrap_or_default()
        .to_owned()
}
