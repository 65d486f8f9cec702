//! What is wrong with the client secret that was sent (docs/github.md §8.1), seen by its own characters.

use crate::{
    diagnosis::{
        Verdict,
        build::{is_masked, to_blame},
        context::Facts,
        finding::{Certainty, Evidence, Finding},
        rule::{Code, RemedyCode},
        rules::client_secret_repair::{mend, use_known_secret},
    },
    flow::{configuration::Field, secret_facts::SecretView},
    oauth::secret::MASK,
    providers::github::formats::ClientSecretShape,
    text::defects::{Defect, DefectKind},
};

/// The rules of this topic, a row each; `diagnosis/rule.rs` says what the columns mean.
macro_rules! rows {
    ($then:ident $($before:tt)*) => { $crate::diagnosis::$then! { $($before)*
        /// Id and secret are swapped (§8.1).
        ClientIdAndSecretSwapped = "client_id_and_secret_swapped": Credentials, Cause of [WrongPlace],
            swapped;

        /// No secret was sent at all, often since PKCE was thought to replace it (§8.1).
        ClientSecretOmitted = "client_secret_omitted": Credentials, Cause of [Omitted], omitted;

        /// The secret was sent and is empty.
        ClientSecretEmpty = "client_secret_empty": Credentials, Cause of [NotLoaded],
            |f| damaged(f, Code::ClientSecretEmpty, DefectKind::Empty);

        /// The secret is `undefined`, `${…}`, `your_client_secret` or the like (§8.1).
        ClientSecretPlaceholder = "client_secret_is_placeholder": Credentials, Cause of [NotLoaded],
            |f| damaged(f, Code::ClientSecretPlaceholder, DefectKind::Placeholder);

        /// There is a line break in the secret (§8.1).
        ClientSecretHasNewline = "client_secret_has_newline": Credentials, Cause of [StoredDamaged],
            |f| damaged(f, Code::ClientSecretHasNewline, DefectKind::Newline);

        /// The secret was sent with its quotes (§8.1).
        ClientSecretQuoted = "client_secret_quoted": Credentials, Cause of [StoredDamaged],
            |f| damaged(f, Code::ClientSecretQuoted, DefectKind::Quote);

        /// There is a space or tab in the secret (§8.1).
        ClientSecretHasSpace = "client_secret_has_space": Credentials, Cause of [StoredDamaged],
            |f| damaged(f, Code::ClientSecretHasSpace, DefectKind::Space);

        /// There is a zero-width character in the secret.
        ClientSecretHasInvisible = "client_secret_has_invisible_character": Credentials, Cause of [StoredDamaged],
            |f| damaged(f, Code::ClientSecretHasInvisible, DefectKind::Invisible);

        /// The secret was percent-encoded before it was encoded for the request.
        ClientSecretPercentEncoded = "client_secret_percent_encoded": Credentials, Cause of [StoredDamaged],
            |f| damaged(f, Code::ClientSecretPercentEncoded, DefectKind::PercentEncoded);

        /// There is a non-ASCII letter in the secret.
        ClientSecretNotAscii = "client_secret_has_foreign_letter": Credentials, Cause of [Mistyped],
            |f| damaged(f, Code::ClientSecretNotAscii, DefectKind::NonAscii);

        /// A client id was sent as the secret (§8.1).
        ClientSecretIsClientId = "client_secret_is_client_id": Credentials, Cause of [WrongPlace],
            |f| shaped(f, Code::ClientSecretIsClientId);

        /// A token was sent as the secret (§4).
        ClientSecretIsToken = "client_secret_is_token": Credentials, Cause of [WrongPlace],
            |f| shaped(f, Code::ClientSecretIsToken);

        /// The secret has fewer than 40 characters (§4, §8.1).
        ClientSecretTooShort = "client_secret_too_short": Credentials, Cause of [Mistyped],
            |f| shaped(f, Code::ClientSecretTooShort);

        /// The secret has more than 40 characters (§4, §8.1).
        ClientSecretTooLong = "client_secret_too_long": Credentials, Cause of [Mistyped],
            |f| shaped(f, Code::ClientSecretTooLong);

        /// The secret holds characters that no secret of GitHub's holds (§4).
        ClientSecretWrongAlphabet = "client_secret_wrong_alphabet": Credentials, Cause of [Mistyped],
            |f| shaped(f, Code::ClientSecretWrongAlphabet);

        /// The pasted text hides the client secret that was refused.
        ClientSecretHidden = "client_secret_hidden": Credentials, Cause, hidden;
    } };
}
pub(crate) use rows;

rows! { as_checks }

/// True when the current answer refused the client and the request that it answers was seen.
pub fn refused(facts: &Facts<'_>) -> bool {
    match facts.meaning {
        // Nothing was refused, and the values are there to be looked at.
        Some(Code::SettingsRead) => true,
        Some(
            Code::CredentialsRefused
            | Code::ClientUnknown
            | Code::UnauthorizedClient
            | Code::TokenRequestPasted,
        ) => facts.request_was_seen(),
        _ => false,
    }
}

/// True when nothing but the refusal of the client is known: its characters were not seen, nor did the server say more.
pub fn refused_unseen(facts: &Facts<'_>) -> bool {
    facts.meaning == Some(Code::CredentialsRefused) && !facts.request_was_seen()
}

/// The finding that the characters of a refused secret give by themselves, if they give one.
pub fn defect_code(facts: &Facts<'_>) -> Option<Code> {
    let Some(secret) = facts.client_secret() else {
        return Some(Code::ClientSecretOmitted);
    };
    let first = secret
        .defects()
        .into_iter()
        .min_by_key(|defect| rank(defect.kind));
    if let Some(defect) = first {
        return Some(code_of(defect.kind));
    }
    shape_code(facts, secret)
}

fn rank(kind: DefectKind) -> usize {
    CHECKS
        .iter()
        .position(|check| check.code == code_of(kind))
        .unwrap_or(usize::MAX)
}

fn code_of(kind: DefectKind) -> Code {
    match kind {
        DefectKind::Empty => Code::ClientSecretEmpty,
        DefectKind::Placeholder => Code::ClientSecretPlaceholder,
        DefectKind::Newline => Code::ClientSecretHasNewline,
        DefectKind::Space => Code::ClientSecretHasSpace,
        DefectKind::Quote => Code::ClientSecretQuoted,
        DefectKind::Invisible => Code::ClientSecretHasInvisible,
        DefectKind::PercentEncoded => Code::ClientSecretPercentEncoded,
        DefectKind::NonAscii => Code::ClientSecretNotAscii,
    }
}

/// What the format of the server's secrets has against a value without other damage.
fn shape_code(facts: &Facts<'_>, secret: SecretView<'_>) -> Option<Code> {
    let expected = facts.profile().formats?.client_secret_length;
    let length = secret.length();
    let Some(format) = secret.format() else {
        return match length.cmp(&expected) {
            std::cmp::Ordering::Less => Some(Code::ClientSecretTooShort),
            std::cmp::Ordering::Equal => None,
            std::cmp::Ordering::Greater => Some(Code::ClientSecretTooLong),
        };
    };
    match format {
        ClientSecretShape::FortyHex => None,
        ClientSecretShape::ClientId => Some(Code::ClientSecretIsClientId),
        ClientSecretShape::Token => Some(Code::ClientSecretIsToken),
        ClientSecretShape::TooShort => Some(Code::ClientSecretTooShort),
        ClientSecretShape::TooLong => Some(Code::ClientSecretTooLong),
        ClientSecretShape::Unknown => Some(match length.cmp(&expected) {
            std::cmp::Ordering::Less if secret.is_alphanumeric() => Code::ClientSecretTooShort,
            std::cmp::Ordering::Greater if secret.is_alphanumeric() => Code::ClientSecretTooLong,
            _ => Code::ClientSecretWrongAlphabet,
        }),
    }
}

fn ids_swapped(facts: &Facts<'_>) -> bool {
    let (Some(id), Some(secret)) = (facts.client_id(), facts.client_secret()) else {
        return false;
    };
    facts.profile().formats.is_some()
        && id.format() == Some(ClientSecretShape::FortyHex)
        && secret.format() == Some(ClientSecretShape::ClientId)
}

fn swapped(facts: &Facts<'_>) -> Verdict {
    if !refused(facts) {
        return Verdict::NotEnough;
    }
    if !ids_swapped(facts) {
        return Verdict::Fine(None);
    }
    let (id, secret) = (
        facts.sent("client_id").unwrap_or_default(),
        facts.sent("client_secret").unwrap_or_default(),
    );
    Verdict::Found(
        Finding::observed(Code::ClientIdAndSecretSwapped)
            .with(Evidence::secret("client_id_sent", id))
            .show("client_secret_sent", secret)
            .put(RemedyCode::UseSecretAsClientId, Field::ClientId, secret.trim())
            .put(RemedyCode::UseIdAsClientSecret, Field::ClientSecret, id.trim())
            .edit_id()
            .edit_secret(),
    )
}

fn omitted(facts: &Facts<'_>) -> Verdict {
    if facts.said == Some(Code::ClientSecretOmitted) {
        return Verdict::Found(
            Finding::observed(Code::ClientSecretOmitted)
                .said(facts)
                .edit(RemedyCode::SendClientSecret, Field::ClientSecret),
        );
    }
    if !refused(facts) || (facts.meaning == Some(Code::TokenRequestPasted) && !needs_a_secret(facts)) {
        return Verdict::NotEnough;
    }
    // A device has no secret to keep, and few servers ask for one.
    if facts.is_device() && !facts.profile().asks_devices_for_secret {
        return Verdict::NotEnough;
    }
    let Some(current) = facts.current() else {
        return Verdict::NotEnough;
    };
    if facts.sent("client_secret").is_some() {
        return Verdict::Fine(None);
    }
    // A header that is there and cannot be read may hold the secret: that is another finding.
    if current
        .exchange
        .request
        .is_some_and(|request| request.header("authorization").is_some())
    {
        return Verdict::NotEnough;
    }
    let names: Vec<&str> = current.sent.iter().map(|(name, _)| name).collect();
    let verifier = if current.sent.get("code_verifier").is_some() {
        "code_verifier"
    } else {
        "-"
    };
    let mut finding = Finding::observed(Code::ClientSecretOmitted)
        .show("parameters_sent", names.join(" "))
        .show("verifier_sent", verifier);
    let configured = facts.configuration().and_then(|c| c.client_secret.as_ref());
    if let Some(secret) = configured.filter(|secret| !secret.is_empty() && !is_masked(secret.reveal())) {
        finding = finding.put(
            RemedyCode::UseConfiguredClientSecret,
            Field::ClientSecret,
            secret.reveal(),
        );
    }
    Verdict::Found(finding.edit(RemedyCode::SendClientSecret, Field::ClientSecret))
}

/// True for a request that the server answers only with a secret beside it. GitHub's device flow does without one
/// (docs/github.md §6), and elsewhere a public client does.
fn needs_a_secret(facts: &Facts<'_>) -> bool {
    let of_a_code = facts
        .sent("grant_type")
        .is_none_or(|grant| grant == "authorization_code");
    facts.profile().asks_for_secret && of_a_code && facts.sent("code").is_some()
}

fn damaged(facts: &Facts<'_>, code: Code, kind: DefectKind) -> Verdict {
    if refused_unseen(facts) && matches!(kind, DefectKind::Placeholder | DefectKind::Newline) {
        let finding = Finding::new(code, Certainty::Possible).unseen("token_request");
        return Verdict::Found(match kind {
            DefectKind::Newline => finding.advise(RemedyCode::StoreWithoutNewline),
            _ => finding.advise(RemedyCode::LoadEnvironment),
        });
    }
    if facts.said == Some(code) && !facts.request_was_seen() {
        return Verdict::Found(Finding::observed(code).said(facts).edit_secret());
    }
    if !refused(facts) {
        return Verdict::NotEnough;
    }
    let Some(view) = facts.client_secret() else {
        return Verdict::NotEnough;
    };
    let secret = view.text();
    let here: Vec<Defect> = view
        .defects()
        .into_iter()
        .filter(|defect| defect.kind == kind)
        .collect();
    let Some(first) = here.first() else {
        return Verdict::Fine(None);
    };
    // Where secrets have a format, it holds no such character. Elsewhere a secret may, save for an empty one.
    let certain = facts.profile().formats.is_some() || kind == DefectKind::Empty;
    let mut finding = if certain {
        Finding::observed(code)
    } else {
        Finding::new(code, Certainty::Likely)
    };
    let mut evidence = Evidence::secret("client_secret_sent", secret);
    for defect in here.iter().filter(|defect| defect.at > 0) {
        let to = if kind == DefectKind::Placeholder {
            secret.chars().count()
        } else {
            defect.at
        };
        evidence = evidence.marked(defect.at - 1, to);
    }
    finding = finding
        .with(evidence)
        .show("length", secret.chars().count().to_string());
    // A placeholder is a whole word: no single character of it is to blame.
    let culprit = secret.chars().nth(first.at.saturating_sub(1));
    if let Some(c) = culprit.filter(|_| kind != DefectKind::Placeholder) {
        finding = finding
            .show("position", first.at.to_string())
            .show("character", to_blame(c));
    }
    finding = finding.read_from("client_secret_origin", facts, Field::ClientSecret);
    Verdict::Found(mend(facts, finding, kind, secret))
}

/// The text hides the secret that was refused: what is wrong with its characters cannot be seen.
fn hidden(facts: &Facts<'_>) -> Verdict {
    let unknown = |secret: &SecretView<'_>| secret.is_masked() && secret.format().is_none();
    match facts.client_secret().filter(unknown) {
        // In a file of settings nothing was refused for it.
        Some(secret) if facts.is_pasted() && refused(facts) && facts.meaning != Some(Code::SettingsRead) => {
            Verdict::Noted(
                Finding::observed(Code::ClientSecretHidden)
                    .with(Evidence::secret("client_secret_sent", secret.text()))
                    .advise(RemedyCode::PasteAsItStands),
            )
        }
        _ => Verdict::NotEnough,
    }
}

fn shaped(facts: &Facts<'_>, code: Code) -> Verdict {
    let Some(formats) = facts.profile().formats.filter(|_| refused(facts)) else {
        return Verdict::NotEnough;
    };
    let Some(view) = facts.client_secret().filter(|secret| !secret.is_empty()) else {
        return Verdict::NotEnough;
    };
    let (secret, length) = (view.text(), view.length());
    if view.format().is_none() && length == formats.client_secret_length {
        return Verdict::NotEnough;
    }
    if !view.defects().is_empty() || ids_swapped(facts) {
        return Verdict::Fine(None);
    }
    if shape_code(facts, view) != Some(code) {
        // One finding speaks for the whole shape when it is right.
        let ruled_out = code == Code::ClientSecretTooShort && shape_code(facts, view).is_none();
        return Verdict::Fine(ruled_out.then(|| {
            Finding::ruled_out(code)
                .with(Evidence::secret("client_secret_sent", secret))
                .show("length", length.to_string())
        }));
    }
    let mut evidence = Evidence::secret("client_secret_sent", secret);
    if code == Code::ClientSecretWrongAlphabet {
        for (at, c) in secret.chars().enumerate() {
            if !matches!(c, '0'..='9' | 'a'..='f' | MASK) {
                evidence = evidence.marked(at, at + 1);
            }
        }
    }
    let mut finding = Finding::observed(code)
        .with(evidence)
        .show("length", length.to_string())
        .show("expected_length", formats.client_secret_length.to_string())
        .read_from("client_secret_origin", facts, Field::ClientSecret);
    if code == Code::ClientSecretIsToken {
        finding = finding.show(
            "token_prefix",
            crate::providers::github::formats::token_prefix(secret).unwrap_or_default(),
        );
    }
    let lower = secret.to_ascii_lowercase();
    if !view.is_masked() && (formats.client_secret)(&lower) == ClientSecretShape::FortyHex {
        finding = finding.put(RemedyCode::UseCleanedClientSecret, Field::ClientSecret, lower);
    }
    Verdict::Found(
        use_known_secret(facts, finding, secret)
            .edit_secret()
            .advise(RemedyCode::MakeNewClientSecret),
    )
}
