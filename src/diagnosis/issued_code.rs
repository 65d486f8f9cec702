//! What is wrong with the authorization code by its characters and by where it came from (facts §4, §8.3).

use super::{
    Check, Verdict,
    client_secret::use_known_secret,
    code::{Code, RemedyCode},
    facts::Facts,
    finding::{Certainty, Evidence, Finding},
    remedies::{difference, id_evidence},
};
use crate::{
    flow::{
        configuration::Field,
        transcript::{Channel, Disposition},
    },
    oauth::shape::{CodeShape, code_shape, is_placeholder},
};

pub const CHECKS: &[Check] = &[
    Check {
        code: Code::CodeAfterError,
        look: after_error,
    },
    Check {
        code: Code::CodeEmpty,
        look: |f| damaged(f, Code::CodeEmpty),
    },
    Check {
        code: Code::CodePlaceholder,
        look: |f| damaged(f, Code::CodePlaceholder),
    },
    Check {
        code: Code::CodeIsState,
        look: |f| damaged(f, Code::CodeIsState),
    },
    Check {
        code: Code::CodeFromEarlierAuthorization,
        look: |f| damaged(f, Code::CodeFromEarlierAuthorization),
    },
    Check {
        code: Code::CodeTruncated,
        look: |f| damaged(f, Code::CodeTruncated),
    },
    Check {
        code: Code::CodePadded,
        look: |f| damaged(f, Code::CodePadded),
    },
    Check {
        code: Code::CodeTampered,
        look: |f| damaged(f, Code::CodeTampered),
    },
    Check {
        code: Code::CodeWrongShape,
        look: |f| damaged(f, Code::CodeWrongShape),
    },
    Check {
        code: Code::CodeIssuedToAnotherClient,
        look: another_client,
    },
];

/// True when the current answer refuses the code, or does not say whether it does.
pub fn refused(facts: &Facts<'_>) -> bool {
    matches!(facts.meaning, Some(Code::CodeRefused | Code::GrantRefused))
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
    let sent = facts.sent("code").unwrap_or_default();
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
        Some(received) => {
            let earlier = facts
                .redirects
                .iter()
                .any(|redirect| redirect.entry < start && redirect.response.code.as_deref() == Some(sent));
            if earlier {
                return Some(Code::CodeFromEarlierAuthorization);
            }
            if received.starts_with(sent) || received.ends_with(sent) {
                return Some(Code::CodeTruncated);
            }
            if sent.contains(received) {
                return Some(Code::CodePadded);
            }
            return Some(Code::CodeTampered);
        }
        None => {}
    }
    if !facts.is_github() {
        return None;
    }
    match code_shape(sent) {
        CodeShape::TwentyHex => None,
        CodeShape::TooShort => Some(Code::CodeTruncated),
        CodeShape::TooLong => Some(Code::CodePadded),
        CodeShape::Unknown if code_shape(sent.trim()) == CodeShape::TwentyHex => Some(Code::CodePadded),
        CodeShape::Unknown => Some(Code::CodeWrongShape),
    }
}

fn damaged(facts: &Facts<'_>, code: Code) -> Verdict {
    let nothing_sent = facts.meaning == Some(Code::InvalidRequest) && code == Code::CodeEmpty;
    if !(refused(facts) || nothing_sent) || !facts.request_was_seen() {
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
    let mut sent_evidence = Evidence::new("code_sent", sent);
    let mut finding = Finding::observed(code);
    match received.filter(|_| code != Code::CodeEmpty) {
        Some(received) => {
            let (sent_marks, received_marks) = difference(sent, received);
            sent_evidence = sent_evidence.marked(sent_marks.0, sent_marks.1);
            finding = finding
                .with(sent_evidence)
                .with(Evidence::new("code_received", received).marked(received_marks.0, received_marks.1));
        }
        None => finding = finding.with(sent_evidence),
    }
    finding = finding.show("length", length.to_string());
    if let Some(received) = received {
        // A refused exchange that sent another code left this one alone.
        finding = finding.put(RemedyCode::UseReceivedCode, Field::Code, received);
    }
    Verdict::Found(finding.authorize_again())
}

fn another_client(facts: &Facts<'_>) -> Verdict {
    if !refused(facts) {
        return Verdict::NotEnough;
    }
    if !facts.request_was_seen() {
        return Verdict::Found(
            Finding::new(Code::CodeIssuedToAnotherClient, Certainty::Possible).authorize_again(),
        );
    }
    let (Some(at_authorize), Some(at_exchange)) =
        (facts.authorize_param("client_id"), facts.sent("client_id"))
    else {
        return Verdict::NotEnough;
    };
    let pasted_bare = facts
        .taken_redirect()
        .is_some_and(|redirect| redirect.channel == Channel::Pasted && redirect.response.state.is_none());
    if at_authorize == at_exchange {
        return Verdict::Fine((!pasted_bare && facts.taken_redirect().is_some()).then(|| {
            Finding::ruled_out(Code::CodeIssuedToAnotherClient)
                .show_id("client_id_at_authorize", at_authorize)
                .show_id("client_id_at_exchange", at_exchange)
        }));
    }
    let (authorize_marks, exchange_marks) = difference(at_authorize, at_exchange);
    let secret = facts.sent("client_secret").unwrap_or_default();
    let finding = Finding::observed(Code::CodeIssuedToAnotherClient)
        .with(
            id_evidence("client_id_at_authorize", at_authorize).marked(authorize_marks.0, authorize_marks.1),
        )
        .with(id_evidence("client_id_at_exchange", at_exchange).marked(exchange_marks.0, exchange_marks.1))
        .put(RemedyCode::UseAuthorizeClientId, Field::ClientId, at_authorize);
    // The secret that went with the other id is the other client's.
    Verdict::Found(
        use_known_secret(facts, finding, secret)
            .edit_id()
            .authorize_again(),
    )
}
