//! What is wrong with the authorization code by its characters and by where it came from (docs/github.md §4, §8.3).

use crate::{
    diagnosis::{
        Verdict,
        build::{id_evidence, is_masked},
        context::Facts,
        finding::{Certainty, Evidence, Finding},
        rule::{Code, RemedyCode},
        rules::client_secret_repair::use_known_secret,
    },
    flow::{
        configuration::Field,
        transcript::{Channel, Disposition},
    },
    oauth::params::Params,
    providers::github::formats::CodeShape,
    text::{defects::is_placeholder, diff},
};

/// The rules of this topic, a row each; `diagnosis/rule.rs` says what the columns mean.
macro_rules! rows {
    ($then:ident $($before:tt)*) => { $crate::diagnosis::$then! { $($before)*
        /// The redirect had brought an error and no code, and a code was exchanged nevertheless (§8.3).
        CodeAfterError = "code_after_error_redirect": Code, Cause of [NoCode], after_error;

        /// The code that was sent is empty (§8.3).
        CodeEmpty = "code_empty": Code, Cause of [NoCode], |f| damaged(f, Code::CodeEmpty);

        /// The code is `undefined` or the like (§8.3).
        CodePlaceholder = "code_is_placeholder": Code, Cause of [NoCode],
            |f| damaged(f, Code::CodePlaceholder);

        /// The `state` was sent as the code.
        CodeIsState = "code_is_state": Code, Cause of [NoCode], |f| damaged(f, Code::CodeIsState);

        /// The code is that of an earlier authorization.
        CodeFromEarlierAuthorization = "code_from_earlier_authorization": Code, Cause of [AlteredCode],
            |f| damaged(f, Code::CodeFromEarlierAuthorization);

        /// The code has lost characters (§4).
        CodeTruncated = "code_truncated": Code, Cause of [AlteredCode], |f| damaged(f, Code::CodeTruncated);

        /// The code has gained characters (§4).
        CodePadded = "code_padded": Code, Cause of [AlteredCode], |f| damaged(f, Code::CodePadded);

        /// The code is still percent-encoded: it was encoded once more than it was decoded.
        CodeEncodedTwice = "code_encoded_twice": Code, Cause of [AlteredCode],
            |f| damaged(f, Code::CodeEncodedTwice);

        /// The code is not the one that the redirect brought.
        CodeTampered = "code_tampered": Code, Cause of [AlteredCode], |f| damaged(f, Code::CodeTampered);

        /// The code does not look like a code of GitHub's (§4).
        CodeWrongShape = "code_wrong_shape": Code, Cause of [NoCode], |f| damaged(f, Code::CodeWrongShape);

        /// The pasted text hides the code that was refused.
        CodeHidden = "code_hidden": Code, Cause, hidden;
    } };
}
pub(crate) use rows;

rows! { as_checks }

/// True when the current answer refuses the code, or does not say whether it does.
pub fn refused(facts: &Facts<'_>) -> bool {
    matches!(facts.meaning, Some(Code::CodeRefused | Code::GrantRefused))
}

/// True when a refusal may be that of a code, as far as a pasted text shows: where the answer names the grant alone, its
/// request carried a code or was not seen, and the server does not mean PKCE by it.
pub fn may_be_of_a_code(facts: &Facts<'_>) -> bool {
    let grant = || {
        (!facts.request_was_seen() || facts.sent("code").is_some()) && !facts.profile().invalid_grant_is_pkce
    };
    match facts.meaning {
        Some(Code::CodeRefused) => true,
        Some(Code::GrantRefused) => !facts.is_device() && grant(),
        _ => false,
    }
}

/// True when nothing but the refusal of the code is known: the code itself was not seen.
pub fn refused_unseen(facts: &Facts<'_>) -> bool {
    facts.meaning == Some(Code::CodeRefused) && !facts.request_was_seen()
}

/// The code that the redirect of this authorization brought.
pub fn received<'f>(facts: &'f Facts<'_>) -> Option<&'f str> {
    facts.taken_redirect()?.response.code.as_deref()
}

fn after_error(facts: &Facts<'_>) -> Verdict {
    if facts.current().is_none() || facts.meaning == Some(Code::TokenObtained) {
        return Verdict::NotEnough;
    }
    let Some(redirect) = facts
        .taken_redirect()
        .filter(|redirect| redirect.disposition == Disposition::ErrorResponse)
    else {
        return Verdict::Fine(None);
    };
    if !(refused(facts) || facts.meaning == Some(Code::InvalidRequest)) {
        return Verdict::NotEnough;
    }
    Verdict::Found(
        Finding::observed(Code::CodeAfterError)
            .show(
                "redirect_error",
                redirect.response.error.as_deref().unwrap_or_default(),
            )
            .show("code_sent", facts.sent("code").unwrap_or_default())
            .authorize_again()
            .advise(RemedyCode::ReadErrorFirst),
    )
}

/// Names what is wrong with the code that was sent, if its characters tell.
pub fn defect_code(facts: &Facts<'_>) -> Option<Code> {
    if facts.meaning == Some(Code::RedirectPasted) {
        return match received(facts)? {
            "" => Some(Code::CodeEmpty),
            code => is_placeholder(code).then_some(Code::CodePlaceholder),
        };
    }
    let sent = facts.sent("code").unwrap_or_default();
    // A variable of a command line that was pasted: its value was not seen.
    if is_masked(sent) {
        return None;
    }
    if sent.is_empty() {
        return Some(Code::CodeEmpty);
    }
    if is_placeholder(sent) {
        return Some(Code::CodePlaceholder);
    }
    if facts.authorize_param("state") == Some(sent) {
        return Some(Code::CodeIsState);
    }
    let start = facts.authorization.map_or(0, |(index, ..)| index);
    match received(facts) {
        Some(received) if received == sent => return None,
        // What the redirect brought is hidden, so the two cannot be compared.
        Some(received) if is_masked(received) => {}
        Some(received) => {
            let earlier = facts
                .redirects
                .iter()
                .any(|redirect| redirect.entry < start && redirect.response.code.as_deref() == Some(sent));
            if earlier {
                return Some(Code::CodeFromEarlierAuthorization);
            }
            if decoded(sent).is_some_and(|decoded| decoded == received) {
                return Some(Code::CodeEncodedTwice);
            }
            if received.starts_with(sent) || received.ends_with(sent) {
                return Some(Code::CodeTruncated);
            }
            if sent.contains(received) {
                return Some(Code::CodePadded);
            }
            return Some(Code::CodeTampered);
        }
        None if decoded(sent).is_some() => return Some(Code::CodeEncodedTwice),
        None => {}
    }
    let profile = facts.profile();
    match profile.code_shape(sent)? {
        CodeShape::TwentyHex => None,
        CodeShape::TooShort => Some(Code::CodeTruncated),
        CodeShape::TooLong => Some(Code::CodePadded),
        CodeShape::Unknown if profile.code_shape(sent.trim()) == Some(CodeShape::TwentyHex) => {
            Some(Code::CodePadded)
        }
        CodeShape::Unknown => Some(Code::CodeWrongShape),
    }
}

/// A code as it is when its percent-encoding is taken off, where it has one. `%` itself is in no server's codes.
fn decoded(code: &str) -> Option<String> {
    let bytes = code.as_bytes();
    let encoded = bytes
        .windows(3)
        .any(|three| three[0] == b'%' && three[1..].iter().all(u8::is_ascii_hexdigit));
    let as_parameter = format!("code={}", code.replace('&', "%26").replace('+', "%2B"));
    let decoded = Params::decode(&as_parameter).get("code")?.to_owned();
    (encoded && !decoded.is_empty() && decoded.chars().all(|c| c.is_ascii_graphic())).then_some(decoded)
}

fn damaged(facts: &Facts<'_>, code: Code) -> Verdict {
    if refused_unseen(facts) && code == Code::CodePlaceholder && facts.said.is_none() {
        return Verdict::Found(
            Finding::new(code, Certainty::Possible)
                .unseen("token_request")
                .authorize_again()
                .advise(RemedyCode::ReadErrorFirst),
        );
    }
    let nothing_sent = facts.meaning == Some(Code::InvalidRequest) && code == Code::CodeEmpty;
    let pasted = match facts.meaning {
        Some(Code::TokenRequestPasted) => facts.sent("code").is_some(),
        Some(Code::RedirectPasted) => return of_a_pasted_redirect(facts, code),
        _ => false,
    };
    if !(refused(facts) || nothing_sent || pasted) || !facts.request_was_seen() {
        return Verdict::NotEnough;
    }
    let sent = facts.sent("code").unwrap_or_default();
    let received = received(facts);
    if defect_code(facts) != Some(code) {
        return Verdict::Fine(match received {
            Some(received) if received == sent && code == Code::CodeTampered => Some(
                Finding::ruled_out(code)
                    .show("code_sent", sent)
                    .show("code_received", received),
            ),
            _ => None,
        });
    }
    let length = sent.chars().count();
    let what = if matches!(code, Code::CodePlaceholder | Code::CodeEmpty) {
        "code"
    } else {
        "code_sent"
    };
    let mut sent_evidence = Evidence::new(what, sent);
    let mut finding = Finding::observed(code);
    match received.filter(|_| code != Code::CodeEmpty) {
        Some(received) => {
            sent_evidence = sent_evidence.departing(diff::characters(sent, received));
            finding = finding.with(sent_evidence).show("code_received", received);
        }
        None => finding = finding.with(sent_evidence),
    }
    finding = finding.show("length", length.to_string());
    if let Some(decoded) = decoded(sent).filter(|_| code == Code::CodeEncodedTwice) {
        finding = finding
            .show("code_decoded", decoded)
            .advise(RemedyCode::SendTheDecodedCode);
    } else if let Some(received) = received {
        // A refused exchange that sent another code left this one alone.
        finding = finding.put(RemedyCode::UseReceivedCode, Field::Code, received);
    }
    Verdict::Found(finding.authorize_again())
}

/// The text hides the code that was refused.
fn hidden(facts: &Facts<'_>) -> Verdict {
    let asked = refused(facts) || facts.meaning == Some(Code::TokenRequestPasted);
    if !facts.is_pasted() || !asked || !facts.sent("code").is_some_and(is_masked) {
        return Verdict::NotEnough;
    }
    Verdict::Noted(
        Finding::observed(Code::CodeHidden)
            .show("code_sent", facts.sent("code").unwrap_or_default())
            .advise(RemedyCode::PasteAsItStands),
    )
}

/// A pasted redirect whose code is empty or a placeholder.
fn of_a_pasted_redirect(facts: &Facts<'_>, code: Code) -> Verdict {
    if defect_code(facts) != Some(code) {
        return Verdict::Fine(None);
    }
    let received = received(facts).unwrap_or_default();
    Verdict::Found(
        Finding::observed(code)
            .show("code", received)
            .show("length", received.chars().count().to_string())
            .authorize_again(),
    )
}

/// Both requests name the client that they come from.
pub fn another_client(facts: &Facts<'_>) -> Verdict {
    if !refused(facts) {
        return Verdict::NotEnough;
    }
    if facts.said.is_some() {
        return Verdict::Fine(None);
    }
    if !facts.request_was_seen() {
        return Verdict::Found(
            Finding::new(Code::CodeIssuedToAnotherClient, Certainty::Possible)
                .unseen("token_request")
                .authorize_again(),
        );
    }
    let (Some(issued_to), Some(sent)) = (facts.client_id_at_authorize(), facts.client_id()) else {
        return Verdict::NotEnough;
    };
    let pasted_bare = facts
        .taken_redirect()
        .is_some_and(|redirect| redirect.channel == Channel::Pasted && redirect.response.state.is_none());
    let Some(same) = issued_to.equals(sent) else {
        return Verdict::NotEnough;
    };
    let (at_authorize, at_exchange) = (issued_to.text(), sent.text());
    if same {
        return Verdict::Fine((!pasted_bare && facts.taken_redirect().is_some()).then(|| {
            Finding::ruled_out(Code::CodeIssuedToAnotherClient)
                .show_id("client_id_at_authorize", at_authorize)
                .show_id("client_id_at_exchange", at_exchange)
        }));
    }
    let secret = facts.sent("client_secret").unwrap_or_default();
    let finding = Finding::observed(Code::CodeIssuedToAnotherClient)
        .show_id("client_id_at_authorize", at_authorize)
        .with(
            id_evidence("client_id_at_exchange", at_exchange)
                .departing(diff::characters(at_exchange, at_authorize)),
        )
        .put(RemedyCode::UseAuthorizeClientId, Field::ClientId, at_authorize);
    // The secret that went with the other id is the other client's.
    Verdict::Found(
        use_known_secret(facts, finding, secret)
            .edit_id()
            .authorize_again(),
    )
}
