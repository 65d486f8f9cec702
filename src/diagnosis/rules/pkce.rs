//! The code's binding to its verifier (RFC 7636; docs/github.md §1, §3).

use crate::{
    diagnosis::{
        Verdict,
        context::Facts,
        finding::{Certainty, Evidence, Finding},
        rule::{Code, RemedyCode},
    },
    flow::{
        configuration::Field,
        secret_facts::{Place, SecretView},
    },
    oauth::{
        pkce::{S256, challenge},
        secret::mask,
    },
};

/// The rules of this topic, a row each; `diagnosis/rule.rs` says what the columns mean.
macro_rules! rows {
    ($then:ident $($before:tt)*) => { $crate::diagnosis::$then! { $($before)*
        /// A challenge was sent at authorize and no verifier at the exchange (§3, §8.3).
        PkceVerifierMissing = "pkce_verifier_missing": Code, Cause of [Pkce], missing;

        /// The verifier has a length or alphabet that RFC 7636 §4.1 forbids.
        PkceVerifierMalformed = "pkce_verifier_malformed": Code, Cause of [Pkce], malformed;

        /// The verifier does not give the challenge (RFC 7636 §4.6).
        PkceVerifierWrong = "pkce_verifier_wrong": Code, Cause of [Pkce], wrong;

        /// A verifier was sent though no challenge was.
        PkceVerifierUnexpected = "pkce_verifier_unexpected": Code, Remark of [Pkce], unexpected;

        /// `code_challenge_method` is not `S256` (§1).
        ChallengeMethodRefused = "challenge_method_refused": Redirect, Answer of [Pkce], method;
    } };
}
pub(crate) use rows;

rows! { as_checks }

/// How sure a defect of the verifier is the cause: proven when the answer speaks of PKCE, which `invalid_grant` does at
/// GitHub by itself (docs/github.md §3), and likely when it only says that the grant or the code was refused.
fn certainty(facts: &Facts<'_>) -> Option<Certainty> {
    match facts.meaning? {
        Code::PkceRefused => Some(Certainty::Observed),
        Code::GrantRefused if facts.profile().invalid_grant_is_pkce => Some(Certainty::Observed),
        Code::GrantRefused | Code::CodeRefused => Some(Certainty::Likely),
        _ => None,
    }
}

fn mend(finding: Finding) -> Finding {
    finding
        .edit(RemedyCode::EditCodeVerifier, Field::CodeVerifier)
        .authorize_again()
}

fn missing(facts: &Facts<'_>) -> Verdict {
    let Some(certainty) = certainty(facts) else {
        return Verdict::NotEnough;
    };
    let code = Code::PkceVerifierMissing;
    if !facts.request_was_seen() {
        let description = facts.error().and_then(|error| error.error_description.clone());
        return match description.filter(|text| text.contains("not included") || text.contains("missing")) {
            Some(text) if certainty == Certainty::Observed => {
                Verdict::Found(mend(Finding::observed(code).show("error_description", text)))
            }
            _ => Verdict::NotEnough,
        };
    }
    let sent = facts.authorize_param("code_challenge");
    let verifier = facts
        .sent("code_verifier")
        .filter(|verifier| !verifier.is_empty());
    let (Some(challenge), None) = (sent, verifier) else {
        return if verifier.is_none() && challenge_not_seen(facts) {
            may_be(facts, code)
        } else {
            Verdict::Fine(None)
        };
    };
    Verdict::Found(mend(
        Finding::new(code, certainty).show("code_challenge", challenge),
    ))
}

/// True when a pasted token request was refused for its grant, and whether there was a challenge is in a request that was not
/// pasted.
fn challenge_not_seen(facts: &Facts<'_>) -> bool {
    facts.is_pasted()
        && matches!(facts.meaning, Some(Code::GrantRefused | Code::PkceRefused))
        && facts.said.is_none()
        && facts.authorization.is_none()
        && facts.sent("code").is_some()
}

fn may_be(facts: &Facts<'_>, code: Code) -> Verdict {
    // An answer that speaks of PKCE leaves few other reasons.
    let speaks_of_it = certainty(facts) == Some(Certainty::Observed);
    let certainty = if speaks_of_it {
        Certainty::Likely
    } else {
        Certainty::Possible
    };
    let finding = Finding::new(code, certainty).unseen("authorization_request");
    Verdict::Found(finding.advise(RemedyCode::PasteAuthorizationRequest))
}

/// Challenge and verifier, where both were sent.
fn pair<'f>(facts: &'f Facts<'_>) -> Option<(&'f str, SecretView<'f>)> {
    let verifier = facts
        .sent_secret("code_verifier", Place::CodeVerifier)
        .filter(|verifier| !verifier.is_empty())?;
    Some((facts.authorize_param("code_challenge")?, verifier))
}

fn malformed(facts: &Facts<'_>) -> Verdict {
    let (Some(certainty), Some((_, verifier))) = (certainty(facts), pair(facts)) else {
        return Verdict::NotEnough;
    };
    match verifier.is_well_formed() {
        Some(true) => return Verdict::Fine(None),
        Some(false) => {}
        None => return Verdict::NotEnough,
    }
    Verdict::Found(mend(
        Finding::new(Code::PkceVerifierMalformed, certainty)
            .with(Evidence::secret("verifier_sent", verifier.text()))
            .show("length", verifier.length().to_string()),
    ))
}

fn wrong(facts: &Facts<'_>) -> Verdict {
    let (Some(certainty), Some((sent, verifier))) = (certainty(facts), pair(facts)) else {
        let is_sent = || {
            facts
                .sent("code_verifier")
                .is_some_and(|verifier| !verifier.is_empty())
        };
        return if challenge_not_seen(facts) && is_sent() {
            may_be(facts, Code::PkceVerifierWrong)
        } else {
            Verdict::NotEnough
        };
    };
    let (Some(fits), Some(well_formed)) = (verifier.fits_challenge(sent), verifier.is_well_formed()) else {
        return Verdict::NotEnough;
    };
    if facts.authorize_param("code_challenge_method") != Some(S256) {
        return Verdict::NotEnough;
    }
    if !well_formed {
        return Verdict::Fine(None);
    }
    // What a hidden verifier would give is known only where it fits.
    let computed = match (fits, verifier.is_masked()) {
        (true, _) => sent.to_owned(),
        (false, false) => challenge(verifier.text()),
        (false, true) => mask(verifier.text()),
    };
    let certainty = if fits { Certainty::RuledOut } else { certainty };
    let finding = Finding::new(Code::PkceVerifierWrong, certainty)
        .show("code_challenge", sent)
        .show("code_challenge_computed", computed)
        .with(Evidence::secret("verifier_sent", verifier.text()));
    if certainty == Certainty::RuledOut {
        Verdict::Fine(Some(finding))
    } else {
        Verdict::Found(mend(finding))
    }
}

fn unexpected(facts: &Facts<'_>) -> Verdict {
    let (Some(certainty), Some(_)) = (certainty(facts), facts.authorization) else {
        return Verdict::NotEnough;
    };
    let Some(verifier) = facts.sent("code_verifier") else {
        return Verdict::Fine(None);
    };
    if facts.authorize_param("code_challenge").is_some() {
        return Verdict::Fine(None);
    }
    Verdict::Found(mend(
        Finding::new(Code::PkceVerifierUnexpected, certainty)
            .with(Evidence::secret("verifier_sent", verifier)),
    ))
}

fn method(facts: &Facts<'_>) -> Verdict {
    let stopped =
        facts.no_redirect() || matches!(facts.meaning, Some(Code::InvalidRequest | Code::PkceRefused));
    let (true, true, Some(_)) = (
        stopped,
        facts.profile().only_s256,
        facts.authorize_param("code_challenge"),
    ) else {
        return Verdict::NotEnough;
    };
    let method = facts.authorize_param("code_challenge_method").unwrap_or("-");
    if method == S256 {
        return Verdict::Fine(None);
    }
    Verdict::Found(
        Finding::observed(Code::ChallengeMethodRefused)
            .show("code_challenge_method", method)
            .authorize_again(),
    )
}
