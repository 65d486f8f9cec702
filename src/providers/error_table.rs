//! What an answer says, by status, error code and description: the table `assets/providers/answers.toml`.

use std::{collections::HashSet, sync::OnceLock};

use serde::Deserialize;

use crate::{
    diagnosis::rule::Code,
    flow::transcript::STATUS_NOT_SEEN,
    oauth::{
        http::{BodyEnd, HttpResponse, as_text},
        id_token::claims,
        secret::MASK,
        token::{BodyEncoding, ErrorResponse, Reading, TokenAnswer, is_answer, read_body},
    },
    text::embedded::built_in,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    error: Vec<String>,
    #[serde(default)]
    description: Vec<String>,
    #[serde(default)]
    status: Vec<u16>,
    means: Code,
    /// The cause, where the words name it.
    says: Option<Code>,
}

impl Row {
    fn fits(&self, error: &ErrorResponse, status: u16) -> bool {
        if !self.error.contains(&error.error) || !(self.status.is_empty() || self.status.contains(&status)) {
            return false;
        }
        if self.description.is_empty() {
            return true;
        }
        let description = error.error_description.as_deref().unwrap_or_default();
        let description = description.to_ascii_lowercase();
        let mut texts = self.description.iter();
        texts.any(|text| says(&description, &text.to_ascii_lowercase()))
    }
}

/// True when a description holds a text; a text that ends in a digit is a number, which another digit would continue.
fn says(description: &str, text: &str) -> bool {
    description.match_indices(text).any(|(at, _)| {
        let next = description[at + text.len()..].chars().next();
        !(text.ends_with(|c: char| c.is_ascii_digit()) && next.is_some_and(|c| c.is_ascii_digit()))
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    answer: Vec<Row>,
    words: Vec<Words>,
}

/// What a sentence in a body means that names its error in no way of the RFC's.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    text: Vec<String>,
    means: Code,
    says: Option<Code>,
    /// True for words that are one server's own, so that they tell the same where a library passes them on without the rest.
    #[serde(default)]
    anywhere: bool,
}

fn tables() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| built_in!("providers/answers"))
}

fn table() -> &'static [Row] {
    &tables().answer
}

/// How much of a body is looked through for a sentence.
const LOOKED_THROUGH: usize = 4096;

fn words(body: &str) -> Option<&'static Words> {
    let near = &body[..crate::oauth::params::char_boundary(body, LOOKED_THROUGH)];
    let lower = near.to_ascii_lowercase();
    let holds = |row: &&Words| row.text.iter().any(|text| says(&lower, text));
    tables().words.iter().find(holds)
}

/// The server's own sentence in a body that has no error code.
pub fn sentence(reading: &Reading) -> Option<&str> {
    let names = ["message", "error_description", "error_message", "errmsg"];
    let mut values = names.iter().filter_map(|name| reading.value(name));
    values.find(|value| value.contains(char::is_alphabetic))
}

/// The words of servers that tell what was refused wherever they stand, in lower case.
pub fn told_anywhere() -> impl Iterator<Item = &'static str> {
    let rows = tables().words.iter().filter(|row| row.anywhere);
    rows.flat_map(|row| &row.text).map(String::as_str)
}

/// The code of GitHub's whose sentence a library passes on under `error`.
fn quoted(error: &str) -> Option<Code> {
    let (_, code) =
        crate::providers::github::errors::sentences().find(|(sentence, _)| error.contains(sentence))?;
    let error = ErrorResponse {
        error: code.to_owned(),
        ..ErrorResponse::default()
    };
    Some(meaning_of_error(&error, STATUS_NOT_SEEN))
}

fn row(error: &ErrorResponse, status: u16) -> Option<&'static Row> {
    table().iter().find(|row| row.fits(error, status))
}

/// The finding that an error code stands for; [`Code::UnknownErrorCode`] when no row knows it.
pub fn meaning_of_error(error: &ErrorResponse, status: u16) -> Code {
    row(error, status).map_or(Code::UnknownErrorCode, |row| row.means)
}

/// The cause that the server names in its own words, where it does.
pub fn cause_of_error(error: &ErrorResponse, status: u16) -> Option<Code> {
    match row(error, status) {
        Some(row) => row.says,
        None => {
            words(&format!(
                "{} {}",
                error.error,
                error.error_description.as_deref().unwrap_or_default()
            ))?
            .says
        }
    }
}

/// The same of an answer that names its error in no way of the RFC's.
pub fn cause_of_words(body: &str) -> Option<Code> {
    words(body)?.says
}

/// All error codes that the table knows.
pub fn known_errors() -> impl Iterator<Item = &'static str> {
    table().iter().flat_map(|row| &row.error).map(String::as_str)
}

/// True for an error code that the table knows.
pub fn is_known(error: &str) -> bool {
    static KNOWN: OnceLock<HashSet<&'static str>> = OnceLock::new();
    KNOWN.get_or_init(|| known_errors().collect()).contains(error)
}

/// What the answer of a token endpoint is. The body counts before the status, since GitHub sends errors with 200; a body
/// that says nothing leaves the status to speak.
pub fn meaning(response: &HttpResponse, reading: &Reading) -> Code {
    match &reading.answer {
        TokenAnswer::Token(_) => return Code::TokenObtained,
        TokenAnswer::Error(error) => {
            let framework = ["path", "timestamp", "statusCode"];
            if error.error == "Not Found" && framework.iter().any(|name| reading.value(name).is_some()) {
                // A web framework's own 404, not an authorization server's word about a client.
                return Code::EndpointNotFound;
            }
            let code = meaning_of_error(error, response.status);
            return match (code, response.status) {
                (Code::UnknownErrorCode, 429) => Code::RateLimited,
                (Code::UnknownErrorCode, _) => quoted(&error.error)
                    .or_else(|| words(&response.text()).map(|row| row.means))
                    .unwrap_or(Code::UnknownErrorCode),
                (code, _) => code,
            };
        }
        TokenAnswer::NotATokenResponse => {}
    }
    let has = |name: &str| reading.value(name).is_some();
    if has("device_code") && has("user_code") {
        return Code::DeviceCodeIssued;
    }
    if let Some(code) = document(response, reading) {
        return code;
    }
    if reading.encoding == BodyEncoding::Json
        && let Some(row) = words(&response.text())
    {
        return row.means;
    }
    match response.status {
        401 => {
            if let Some(code) = unauthorized(response, reading) {
                return code;
            }
        }
        429 => return Code::RateLimited,
        403 => return Code::Blocked,
        407 => return Code::ProxyRefused,
        404 | 405 | 410 => return Code::EndpointNotFound,
        500..=599 => return Code::ServerFailed,
        300..=399 => return Code::TokenEndpointRedirects,
        _ => {}
    }
    if let Some(code) = by_words(response, reading) {
        code
    } else if has("add_scopes") || has("remove_scopes") || (has("note") && (has("scopes") || has("note_url")))
    {
        Code::RetiredAuthorizationsRequest
    } else if has("client_secret") || (has("client_id") && has("code")) {
        Code::TokenRequestPasted
    } else if response.body_cut_at == Some(0) {
        Code::AnswerNotShown
    } else if response.body_cut_at.is_some() {
        Code::AnswerCut
    } else if response.body_end == BodyEnd::TimedOut {
        Code::AnswerStalled
    } else if response.body_end == BodyEnd::Interrupted {
        Code::AnswerInterrupted
    } else {
        match reading.encoding {
            BodyEncoding::Html => Code::HtmlInsteadOfAnswer,
            BodyEncoding::Empty => Code::EmptyAnswer,
            _ => Code::NotATokenResponse,
        }
    }
}

/// True for a response that is such a document.
pub fn is_document(response: &HttpResponse) -> bool {
    let text = as_text(&response.body);
    // An answer is told by a few of its members, and most texts are one.
    if is_answer(&text) {
        return false;
    }
    let reading = read_body(&text);
    reading.answer == TokenAnswer::NotATokenResponse && document(response, &reading).is_some()
}

/// A document about a server that was taken for an answer: of an authorization server (RFC 8414, `OpenID` Connect Discovery) or of
/// a protected resource (RFC 9728).
fn document(response: &HttpResponse, reading: &Reading) -> Option<Code> {
    let has = |name: &str| reading.value(name).is_some();
    if !matches!(response.status, STATUS_NOT_SEEN | 200..=299) {
        return None;
    }
    let endpoints = [
        "authorization_endpoint",
        "token_endpoint",
        "device_authorization_endpoint",
    ];
    let supported = [
        "authorization_servers",
        "bearer_methods_supported",
        "resource_name",
        "scopes_supported",
    ];
    if endpoints.into_iter().any(has) && (has("issuer") || has("response_types_supported") || has("jwks_uri"))
    {
        Some(Code::AuthorizationServerMetadata)
    } else if has("resource") && supported.into_iter().any(has) {
        Some(Code::ProtectedResourceMetadata)
    } else if has("client_id")
        && has("redirect_uris")
        && (has("client_id_issued_at") || has("registration_client_uri") || has("token_endpoint_auth_method"))
    {
        Some(Code::ClientRegistered)
    } else if reading
        .value("id_token")
        .is_some_and(|token| claims(token).is_some() || token.contains(MASK))
    {
        // What was one is hidden in a saved transcript, and stays one.
        Some(Code::IdTokenPasted)
    } else {
        None
    }
}

/// What a 401 without a token response says (RFC 6749 §5.2, RFC 6750 §3).
fn unauthorized(response: &HttpResponse, reading: &Reading) -> Option<Code> {
    let asked = response.header("www-authenticate").unwrap_or_default();
    let bearer = asked.to_ascii_lowercase().starts_with("bearer");
    // A server that names its metadata tells a client where to begin (RFC 9728 §5.1).
    if bearer && asked.contains("resource_metadata") {
        return Some(Code::ResourceServerChallenge);
    }
    if let Some((_, rest)) = asked.split_once("error=\"") {
        let error = ErrorResponse {
            error: rest.split('"').next().unwrap_or_default().to_owned(),
            ..ErrorResponse::default()
        };
        return Some(meaning_of_error(&error, response.status));
    }
    if bearer && response.body_cut_at == Some(0) && !asked.contains("error=") {
        // Nothing but the challenge is known: it asks for a token.
        return Some(Code::ResourceServerChallenge);
    }
    if bearer || is_bad_credentials(reading) {
        return Some(Code::TokenRefusedByApi);
    }
    (reading.encoding == BodyEncoding::Empty).then_some(Code::CredentialsRefused)
}

/// What GitHub's API says to a token that it does not accept (docs/github.md §5).
fn is_bad_credentials(reading: &Reading) -> bool {
    reading.value("message") == Some("Bad credentials")
}

/// What the words of a body say, where no status was seen that would say it.
fn by_words(response: &HttpResponse, reading: &Reading) -> Option<Code> {
    if is_bad_credentials(reading) {
        return Some(Code::TokenRefusedByApi);
    }
    if response.status != STATUS_NOT_SEEN {
        return None;
    }
    if reading.value("message") == Some("Not Found") {
        return Some(Code::EndpointNotFound);
    }
    if reading.encoding == BodyEncoding::Html {
        let title = crate::text::html::title(&response.text()).unwrap_or_default();
        let is_server_error = title.starts_with("Unicorn!")
            || ["500 ", "502 ", "503 ", "504 "]
                .iter()
                .any(|status| title.starts_with(status));
        return is_server_error.then_some(Code::ServerFailed);
    }
    None
}

/// The status as text; `None` where it was not seen.
pub fn status_text(status: u16) -> Option<String> {
    (status != STATUS_NOT_SEEN).then(|| {
        format!("{status} {}", crate::oauth::http::reason_phrase(status))
            .trim()
            .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use crate::providers::error_table::*;

    fn error(error: &str, description: &str) -> ErrorResponse {
        ErrorResponse {
            error: error.into(),
            error_description: Some(description.into()),
            error_uri: None,
        }
    }

    /// One row per cell of the table of providers (docs/github.md §9).
    #[test]
    fn the_same_failures_in_other_dress() {
        for (status, code, description, meaning) in [
            (401, "invalid_client", "Unauthorized", Code::CredentialsRefused),
            (400, "invalid_grant", "Malformed auth code.", Code::CodeRefused),
            (
                401,
                "invalid_client",
                "Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method.",
                Code::CredentialsRefused,
            ),
            (
                400,
                "invalid_grant",
                "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.",
                Code::GrantRefused,
            ),
            (401, "unauthorized_client", "", Code::CredentialsRefused),
            (400, "unauthorized_client", "", Code::UnauthorizedClient),
            (400, "invalid_grant", "Code not valid", Code::CodeRefused),
            (
                400,
                "invalid_grant",
                "Incorrect redirect_uri",
                Code::RedirectUriRefused,
            ),
            (401, "access_denied", "Unauthorized", Code::CredentialsRefused),
            (
                403,
                "invalid_grant",
                "Invalid authorization code",
                Code::CodeRefused,
            ),
            (
                400,
                "invalid_grant",
                "AADSTS54005: OAuth2 Authorization code was already redeemed",
                Code::CodeRefused,
            ),
            (
                400,
                "invalid_client",
                "AADSTS7000215: Invalid client secret provided.",
                Code::CredentialsRefused,
            ),
            (
                400,
                "invalid_grant",
                "Invalid \"code\" in request.",
                Code::CodeRefused,
            ),
            (200, "bad_client_secret", "", Code::CredentialsRefused),
            (200, "invalid_code", "", Code::CodeRefused),
            (200, "bad_redirect_uri", "", Code::RedirectUriRefused),
            (
                400,
                "invalid_grant",
                "Invalid redirect URI",
                Code::RedirectUriRefused,
            ),
            (
                400,
                "something_new",
                "The code is incorrect",
                Code::UnknownErrorCode,
            ),
            (200, "Incorrect_Client_Credentials", "", Code::UnknownErrorCode),
        ] {
            assert_eq!(
                meaning_of_error(&error(code, description), status),
                meaning,
                "{status} {code} {description}"
            );
        }
    }
}
