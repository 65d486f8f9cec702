//! The answer itself: what the server said, whatever the cause. Certainty is always observed, since the answer is there.

use crate::{
    diagnosis::{
        Verdict,
        build::complaints,
        context::Facts,
        finding::{Action, Finding, Topic},
        rule::{Code, RemedyCode},
        rules::credentials::pair_is_accepted,
    },
    flow::{
        configuration::Field,
        transcript::{Channel, Disposition, Observation, STATUS_NOT_SEEN},
    },
    oauth::{
        http::{HttpResponse, as_text},
        id_token::claims,
        params::Params,
        token::{BodyEncoding, ErrorResponse, TokenAnswer},
    },
    providers::error_table::{sentence, status_text},
};

pub(super) fn answered(facts: &Facts<'_>, code: Code) -> Verdict {
    let meaning = match facts.meaning {
        // Where no authorization request was seen, a program may have passed on what the token endpoint said.
        Some(Code::RedirectUriRefused) if facts.current().is_none() && facts.authorization.is_some() => {
            Some(Code::RefusedByRedirect)
        }
        meaning => meaning,
    };
    match meaning {
        // What a library says explains more than an answer that says nothing.
        _ if facts.library_decides => return Verdict::NotEnough,
        Some(meaning) if meaning == code => {}
        Some(Code::ServerFailed) if code == Code::HtmlInsteadOfAnswer && is_page(facts) => {
            // A page beside the status of a failure: worth knowing, and not what failed.
            return Verdict::Noted(mend(facts, of_the_exchange(facts, code), code));
        }
        _ => return Verdict::NotEnough,
    }
    let finding = match (facts.current(), code) {
        (Some(_), _) => of_the_exchange(facts, code),
        (None, Code::SettingsRead) => of_the_settings(facts),
        (None, Code::AuthorizationRequestPasted) => of_the_request(facts),
        (None, Code::RedirectPasted) => of_a_pasted_redirect(facts),
        (None, _) => of_the_redirect(facts, code),
    };
    Verdict::Answered(mend(facts, finding, code))
}

fn is_page(facts: &Facts<'_>) -> bool {
    let reading = facts.current().and_then(|current| current.reading.as_ref());
    reading.is_some_and(|reading| reading.encoding == BodyEncoding::Html)
}

fn of_the_exchange(facts: &Facts<'_>, code: Code) -> Finding {
    let mut finding = Finding::observed(code);
    let Some(current) = facts.current() else {
        return finding;
    };
    let Some(response) = current.exchange.response else {
        // A request that was pasted: the names of what it carries.
        return finding.show("members", names(&current.sent));
    };
    let Some(reading) = &*current.reading else {
        return finding;
    };
    if let Some(status) = status_text(response.status) {
        finding = finding.show("status", status);
    }
    if let TokenAnswer::Error(error) = &reading.answer {
        finding = of_an_error(finding, error);
        if let Some(resource) = current
            .sent
            .get("resource")
            .filter(|_| code == Code::ResourceRefused)
        {
            finding = finding.show("resource", resource);
        }
        if reading.value("access_token").is_some() {
            // An error decides, and that something else came with it is said.
            finding = finding.show("members", names(&reading.members));
        }
        return finding;
    }
    if let Some(shown) = SUMMARIES
        .iter()
        .find(|(of, _)| *of == code)
        .map(|(_, names)| *names)
    {
        for (what, member) in shown {
            if let Some(value) = reading.value(member) {
                finding = finding.show(what, value);
            }
        }
        let claims = reading.value("id_token").and_then(claims).unwrap_or_default();
        for (what, claim) in [("issuer", "iss"), ("audience", "aud"), ("expires_at", "exp")] {
            if let Some(value) = claims.get(claim) {
                finding = finding.show(
                    what,
                    value.as_str().map_or_else(|| value.to_string(), str::to_owned),
                );
            }
        }
        return match response.header("www-authenticate") {
            Some(asked) => finding.show("www_authenticate", asked),
            None => finding,
        };
    }
    if let Some(form) = response.foreign_form() {
        finding = finding.show("body_form", form);
    } else if let Some(error) = json_error(response) {
        finding = finding.show("json_error", error);
    }
    if !response.body_end.is_complete()
        && let Some(announced) = response.header("content-length")
    {
        finding = finding.show("content_length", announced);
    }
    if reading.encoding == BodyEncoding::Html
        && let Some(title) = crate::text::html::title(&response.text())
    {
        finding = finding.show("page_title", title);
    }
    if reading.encoding == BodyEncoding::Json
        && cause_told_in_words(code)
        && let Some(sentence) = sentence(reading)
    {
        finding = finding.show("error", sentence);
        if response.status == STATUS_NOT_SEEN {
            return finding;
        }
    }
    if !reading.members.is_empty() {
        // Names only: what is in a body of unknown kind may be secret.
        finding = finding.show("members", names(&reading.members));
    }
    if let Some(location) = response
        .header("location")
        .filter(|_| code == Code::TokenEndpointRedirects)
    {
        finding = finding.show("location", location.split('?').next().unwrap_or_default());
    }
    if let Some(asked) = response.header("www-authenticate") {
        finding = finding.show("www_authenticate", asked);
    }
    if let Some(after) = response.header("retry-after") {
        finding = finding.show("retry_after", after);
    }
    if response.shows_no_body() {
        return finding;
    }
    finding.show("body_length", response.body.len().to_string())
}

fn of_an_error(mut finding: Finding, error: &ErrorResponse) -> Finding {
    finding = finding.show("error", &error.error);
    if let Some(description) = &error.error_description {
        let told = complaints(description).unwrap_or_else(|| description.clone());
        finding = finding.show("error_description", told);
    }
    match &error.error_uri {
        Some(uri) => finding.show("error_uri", uri),
        None => finding,
    }
}

/// True for what an answer without an error code may say in a sentence.
fn cause_told_in_words(code: Code) -> bool {
    matches!(
        code.topic(),
        Topic::Credentials | Topic::RedirectUri | Topic::Code
    ) || code == Code::InvalidRequest
}

/// What is shown of a document about a server, and under which name.
type Summary = &'static [(&'static str, &'static str)];

const SUMMARIES: [(Code, Summary); 5] = [
    (
        Code::AuthorizationServerMetadata,
        &[
            ("issuer", "issuer"),
            ("authorization_endpoint", "authorization_endpoint"),
            ("token_endpoint", "token_endpoint"),
            ("registration_endpoint", "registration_endpoint"),
            ("challenge_methods", "code_challenge_methods_supported"),
            ("authentication_methods", "token_endpoint_auth_methods_supported"),
            ("grant_types", "grant_types_supported"),
        ],
    ),
    (
        Code::ProtectedResourceMetadata,
        &[
            ("resource", "resource"),
            ("authorization_servers", "authorization_servers"),
            ("bearer_methods", "bearer_methods_supported"),
        ],
    ),
    (Code::ResourceServerChallenge, &[]),
    (
        Code::ClientRegistered,
        &[
            ("client_id_registered", "client_id"),
            ("redirect_uris", "redirect_uris"),
            ("authentication_methods", "token_endpoint_auth_method"),
            ("grant_types", "grant_types"),
        ],
    ),
    (Code::IdTokenPasted, &[]),
];

/// Why a body that begins like a JSON object is none, in the words of the JSON reader, which quote nothing of it.
fn json_error(response: &HttpResponse) -> Option<String> {
    let text = as_text(&response.body);
    let text = text.trim_start_matches('\u{feff}').trim();
    let error = text
        .starts_with('{')
        .then(|| serde_json::from_str::<serde_json::Value>(text).err())?;
    error.map(|error| error.to_string())
}

pub(super) fn names(params: &Params) -> String {
    let names: Vec<&str> = params.iter().map(|(name, _)| name).take(12).collect();
    names.join(", ")
}

/// A file of settings: which names were read, and what they hold, secrets masked.
fn of_the_settings(facts: &Facts<'_>) -> Finding {
    let mut finding = Finding::observed(Code::SettingsRead);
    for entry in &facts.transcript.entries {
        if let Observation::SettingsRead { names, .. } = &entry.observation {
            finding = finding.show("members", names.join(", "));
        }
    }
    finding
}

/// An authorization request that was pasted: what it asks for.
fn of_the_request(facts: &Facts<'_>) -> Finding {
    let mut finding = Finding::observed(Code::AuthorizationRequestPasted);
    let Some((_, _, request)) = facts.authorization else {
        return finding;
    };
    if !request.endpoint.is_empty() {
        finding = finding.show("request_url", &request.endpoint);
    }
    finding.show("members", names(&request.params))
}

/// A redirect that was pasted: what it brought. Without the authorization request nothing can be said of its `state`.
fn of_a_pasted_redirect(facts: &Facts<'_>) -> Finding {
    let mut finding = Finding::observed(Code::RedirectPasted);
    let Some(redirect) = facts.taken_redirect() else {
        return finding;
    };
    let response = &redirect.response;
    for (what, value) in [
        ("code_received", &response.code),
        ("state_received", &response.state),
        ("issuer_received", &response.iss),
    ] {
        if let Some(value) = value {
            finding = finding.show(what, value);
        }
    }
    if redirect.disposition == Disposition::AcceptedUnchecked {
        finding = finding.unseen("authorization_request");
    }
    finding
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
    if code == Code::RedirectUriRefused {
        finding = finding.unseen("authorization_request");
    }
    finding.show(
        "arrived_by",
        match redirect.channel {
            Channel::Listener => "redirect",
            Channel::Pasted => "paste",
            Channel::Tap => "tap",
        },
    )
}

fn mend(facts: &Facts<'_>, finding: Finding, code: Code) -> Finding {
    let token_endpoint = |finding: Finding| finding.edit(RemedyCode::EditTokenEndpoint, Field::TokenEndpoint);
    match code {
        Code::CredentialsRefused => {
            // What a probe found right needs no mending; the refusal may have been a passing one.
            if pair_is_accepted(facts) {
                return finding.exchange_again();
            }
            let finding = finding.edit_secret().edit_id();
            if !facts.request_was_seen() {
                finding.advise(RemedyCode::PasteTokenRequest)
            } else if facts.is_pasted() {
                finding
            } else {
                finding.probe_credentials()
            }
        }
        Code::ClientUnknown => finding.edit_id().edit(RemedyCode::CheckHost, Field::Host),
        Code::RedirectUriRefused | Code::RefusedByRedirect => {
            // Left out already, leaving it out mends nothing.
            let finding = if facts.sent("redirect_uri").is_some() {
                finding.mended_by(RemedyCode::OmitRedirectUri, Some(Action::OmitRedirectUri))
            } else {
                finding
            };
            let finding = finding.edit_redirect_uri();
            let unseen = facts.current().is_some() && !facts.request_was_seen();
            let finding = if unseen {
                finding.advise(RemedyCode::PasteTokenRequest)
            } else {
                finding
            };
            finding.tell_registered(facts).register(facts, None)
        }
        Code::CodeRefused | Code::GrantRefused => {
            let finding = finding.authorize_again();
            if facts.request_was_seen() {
                finding
            } else {
                finding
                    .advise(RemedyCode::PasteTokenRequest)
                    .advise(RemedyCode::LookForTwoRequests)
            }
        }
        Code::AuthorizationServerMetadata => finding.advise(RemedyCode::CompareEndpoints),
        Code::SettingsRead => finding.advise(RemedyCode::TryTheSettings),
        Code::ClientRegistered => finding.advise(RemedyCode::UseTheRegistration),
        Code::IdTokenPasted => finding.advise(RemedyCode::VerifyIdToken),
        Code::ProtectedResourceMetadata | Code::ResourceServerChallenge => {
            finding.advise(RemedyCode::FetchMetadata)
        }
        Code::TokenRequestPasted | Code::AnswerNotShown => finding.advise(RemedyCode::PasteWholeAnswer),
        Code::AuthorizationRequestPasted => finding.advise(RemedyCode::ReadThePage),
        Code::RedirectPasted => finding
            .advise(RemedyCode::PasteAuthorizationRequest)
            .advise(RemedyCode::ExchangeOnce),
        Code::UserEmailUnverified => finding.advise(RemedyCode::VerifyEmail).begin_again(facts),
        Code::AccessDenied => finding.begin_again(facts).advise(RemedyCode::FinishInBrowser),
        Code::ApplicationSuspended => finding.advise(RemedyCode::AskSupport),
        Code::RateLimited | Code::Blocked | Code::ServerFailed => {
            finding.advise(RemedyCode::Wait).exchange_again()
        }
        Code::TokenEndpointRedirects | Code::EndpointNotFound => token_endpoint(finding),
        Code::HtmlInsteadOfAnswer => token_endpoint(finding).advise(RemedyCode::CheckNetwork),
        Code::ProxyRefused => finding.advise(RemedyCode::SignInAtProxy).exchange_again(),
        Code::RetiredAuthorizationsRequest => finding.advise(RemedyCode::UseWebFlow),
        Code::EmptyAnswer | Code::NotATokenResponse | Code::AnswerCut => {
            if facts.request_was_seen() {
                token_endpoint(finding)
            } else {
                finding.advise(RemedyCode::PasteWholeAnswer)
            }
        }
        Code::AnswerInterrupted | Code::AnswerStalled => finding
            .exchange_again()
            .begin_again(facts)
            .advise(RemedyCode::CheckNetwork),
        Code::UnauthorizedClient => finding.advise(RemedyCode::CheckAppKind).edit_id(),
        Code::ResourceRefused => finding.advise(RemedyCode::NameTheResource).begin_again(facts),
        Code::InvalidScope => finding
            .edit(RemedyCode::EditScope, Field::Scope)
            .begin_again(facts),
        Code::UnsupportedGrantType => finding.advise(RemedyCode::CheckAppKind),
        Code::DeviceCodeIssued | Code::DeviceAuthorizationPending => {
            finding.advise(RemedyCode::FinishInBrowser)
        }
        Code::DeviceSlowDown => finding.advise(RemedyCode::PollSlower),
        Code::DeviceFlowDisabled => finding.advise(RemedyCode::EnableDeviceFlow),
        Code::UnknownErrorCode => finding.begin_again(facts).advise(RemedyCode::AskSupport),
        _ => finding.begin_again(facts),
    }
}
