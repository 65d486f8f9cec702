//! The answer itself: what the server said, whatever the cause. Certainty is always observed, since the answer is there.

use super::{
    Check, Verdict,
    answers::status_text,
    code::{Code, RemedyCode},
    facts::Facts,
    finding::{Action, Finding},
    grant::{asked_for, name},
};
use crate::{
    flow::{configuration::Field, transcript::Channel},
    oauth::token::{BodyEncoding, TokenAnswer},
};

macro_rules! answers {
    ($($code:ident),+ $(,)?) => { &[$(Check { code: Code::$code, look: |f| answered(f, Code::$code) }),+] };
}

/// The answers that a code of their own names, and below them what else is worth saying about an answer.
pub const ANSWERS: &[Check] = answers![
    CredentialsRefused,
    ClientUnknown,
    RedirectUriRefused,
    CodeRefused,
    GrantRefused,
    PkceRefused,
    UserEmailUnverified,
    AccessDenied,
    ApplicationSuspended,
    RateLimited,
    Blocked,
    ServerFailed,
    TokenEndpointRedirects,
    EndpointNotFound,
    ProxyRefused,
    HtmlInsteadOfAnswer,
    EmptyAnswer,
    RetiredAuthorizationsRequest,
    TokenRequestPasted,
    NotATokenResponse,
    AnswerCut,
    BadRefreshToken,
    UnsupportedGrantType,
    InvalidRequest,
    UnauthorizedClient,
    InvalidScope,
    DeviceAuthorizationPending,
    DeviceSlowDown,
    DeviceCodeExpired,
    DeviceCodeIncorrect,
    DeviceFlowDisabled,
    UnknownErrorCode,
];

pub const REMARKS: &[Check] = &[
    Check {
        code: Code::TokenRequestNotPost,
        look: not_post,
    },
    Check {
        code: Code::ErrorWithStatus200,
        look: error_with_200,
    },
    Check {
        code: Code::AnswerInOtherEncoding,
        look: other_encoding,
    },
];

fn answered(facts: &Facts<'_>, code: Code) -> Verdict {
    match facts.meaning {
        Some(meaning) if meaning == code => {}
        _ => return Verdict::NotEnough,
    }
    let finding = match facts.current() {
        Some(_) => of_the_exchange(facts, code),
        None => of_the_redirect(facts, code),
    };
    Verdict::Answered(mend(facts, finding, code))
}

fn of_the_exchange(facts: &Facts<'_>, code: Code) -> Finding {
    let mut finding = Finding::observed(code);
    let Some((current, response)) = facts
        .current()
        .and_then(|current| Some((current, current.exchange.response?)))
    else {
        return finding;
    };
    let Some(reading) = &current.reading else {
        return finding;
    };
    if let Some(status) = status_text(response.status) {
        finding = finding.show("status", status);
    }
    if let TokenAnswer::Error(error) = &reading.answer {
        finding = finding.show("error", &error.error);
        if let Some(description) = &error.error_description {
            finding = finding.show("error_description", description);
        }
        if let Some(uri) = &error.error_uri {
            finding = finding.show("error_uri", uri);
        }
        return finding;
    }
    if reading.encoding == BodyEncoding::Html
        && let Some(title) = page_title(&response.text())
    {
        finding = finding.show("page_title", title);
    }
    if !reading.members.is_empty() {
        // Names only: what stands in a body of unknown kind may be secret.
        let names: Vec<&str> = reading.members.iter().map(|(name, _)| name).take(12).collect();
        finding = finding.show("members", names.join(" "));
    }
    if let Some(location) = response.header("location").filter(|_| code == Code::TokenEndpointRedirects) {
        finding = finding.show("location", location.split('?').next().unwrap_or_default());
    }
    if let Some(after) = response.header("retry-after") {
        finding = finding.show("retry_after", after);
    }
    finding.show("body_length", response.body.len().to_string())
}

fn of_the_redirect(facts: &Facts<'_>, code: Code) -> Finding {
    let mut finding = Finding::observed(code);
    let Some(redirect) = facts.taken_redirect() else {
        return finding;
    };
    let response = &redirect.response;
    finding = finding.show("error", response.error.as_deref().unwrap_or_default());
    if let Some(description) = &response.error_description {
        finding = finding.show("error_description", description);
    }
    if let Some(uri) = &response.error_uri {
        finding = finding.show("error_uri", uri);
    }
    finding.show(
        "arrived_by",
        match redirect.channel {
            Channel::Listener => "redirect",
            Channel::Pasted => "paste",
        },
    )
}

/// The title of a page, white space folded, at most 80 characters.
fn page_title(page: &str) -> Option<String> {
    let lower = page.to_ascii_lowercase();
    let open = lower.find("<title")?;
    let start = open + lower[open..].find('>')? + 1;
    let end = start + lower[start..].find("</title")?;
    let title: Vec<&str> = page[start..end].split_whitespace().collect();
    let title: String = title.join(" ").chars().take(80).collect();
    (!title.is_empty()).then_some(title)
}

fn mend(facts: &Facts<'_>, finding: Finding, code: Code) -> Finding {
    let token_endpoint = |finding: Finding| finding.edit(RemedyCode::EditTokenEndpoint, Field::TokenEndpoint);
    match code {
        Code::CredentialsRefused => {
            let finding = finding.edit_secret().edit_id();
            if facts.request_was_seen() { finding.probe_credentials() } else { finding }
        }
        Code::ClientUnknown => finding.edit_id().edit(RemedyCode::CheckHost, Field::Host),
        Code::RedirectUriRefused => finding
            .mended_by(RemedyCode::OmitRedirectUri, Some(Action::OmitRedirectUri))
            .edit_redirect_uri()
            .advise(RemedyCode::RegisterRedirectUri),
        Code::UserEmailUnverified => finding.advise(RemedyCode::VerifyEmail).authorize_again(),
        Code::AccessDenied => finding.authorize_again().advise(RemedyCode::FinishInBrowser),
        Code::ApplicationSuspended => finding.advise(RemedyCode::AskSupport),
        Code::RateLimited | Code::Blocked | Code::ServerFailed => {
            finding.advise(RemedyCode::Wait).exchange_again()
        }
        Code::TokenEndpointRedirects | Code::EndpointNotFound => token_endpoint(finding),
        Code::HtmlInsteadOfAnswer => token_endpoint(finding).advise(RemedyCode::CheckNetwork),
        Code::ProxyRefused => finding.advise(RemedyCode::CheckNetwork).exchange_again(),
        Code::RetiredAuthorizationsRequest => finding.advise(RemedyCode::UseWebFlow),
        Code::EmptyAnswer | Code::TokenRequestPasted | Code::NotATokenResponse | Code::AnswerCut => {
            if facts.request_was_seen() {
                token_endpoint(finding)
            } else {
                finding.advise(RemedyCode::PasteWholeAnswer)
            }
        }
        Code::InvalidRequest => finding.authorize_again(),
        Code::UnauthorizedClient => finding.advise(RemedyCode::CheckAppKind).edit_id(),
        Code::InvalidScope => finding.edit(RemedyCode::EditScope, Field::Scope).authorize_again(),
        Code::UnsupportedGrantType => finding.advise(RemedyCode::CheckAppKind),
        Code::DeviceAuthorizationPending => finding.advise(RemedyCode::FinishInBrowser),
        Code::DeviceSlowDown => finding.advise(RemedyCode::PollSlower),
        Code::DeviceFlowDisabled => finding.advise(RemedyCode::EnableDeviceFlow),
        Code::UnknownErrorCode => finding.authorize_again().advise(RemedyCode::AskSupport),
        _ => finding.authorize_again(),
    }
}

fn not_post(facts: &Facts<'_>) -> Verdict {
    let Some(request) = facts.current().and_then(|current| current.exchange.request) else {
        return Verdict::NotEnough;
    };
    let refused = facts.meaning.is_some_and(|meaning| meaning != Code::TokenObtained);
    if request.method == "POST" || !refused {
        return Verdict::Fine(None);
    }
    Verdict::Found(
        Finding::observed(Code::TokenRequestNotPost)
            .show("method", &request.method)
            .advise(RemedyCode::SendByPost),
    )
}

fn error_with_200(facts: &Facts<'_>) -> Verdict {
    let Some(current) = facts.current() else {
        return Verdict::NotEnough;
    };
    let (Some(response), Some(error)) = (current.exchange.response, current.error()) else {
        return Verdict::NotEnough;
    };
    if response.status != 200 {
        return Verdict::Fine(None);
    }
    Verdict::Noted(
        Finding::observed(Code::ErrorWithStatus200)
            .show("status", status_text(response.status).unwrap_or_default())
            .show("error", &error.error)
            .advise(RemedyCode::ReadErrorFirst),
    )
}

fn other_encoding(facts: &Facts<'_>) -> Verdict {
    let Some(current) = facts.current() else {
        return Verdict::NotEnough;
    };
    let (Some(reading), Some(response)) = (&current.reading, current.exchange.response) else {
        return Verdict::NotEnough;
    };
    if matches!(reading.answer, TokenAnswer::NotATokenResponse) {
        return Verdict::NotEnough;
    }
    let said = response.media_type().and_then(|media| asked_for(Some(&media)));
    let asked = current
        .exchange
        .request
        .map(|request| asked_for(request.header("accept")));
    let unasked = match asked {
        Some(Some(asked)) => asked != reading.encoding,
        Some(None) => reading.encoding == BodyEncoding::Form,
        None => false,
    };
    let mislabelled = said.is_some_and(|said| said != reading.encoding);
    if !unasked && !mislabelled {
        return Verdict::Fine(None);
    }
    let accept = current
        .exchange
        .request
        .and_then(|request| request.header("accept"))
        .unwrap_or("-");
    Verdict::Noted(
        Finding::observed(Code::AnswerInOtherEncoding)
            .show("accept_sent", accept)
            .show("content_type", response.header("content-type").unwrap_or("-"))
            .show("encoding", name(reading.encoding))
            .put(RemedyCode::AskForJson, Field::Accept, "application/json"),
    )
}
