//! What an answer says, by status, error code and description: the table `assets/providers/answers.toml`.

use std::sync::OnceLock;

use serde::Deserialize;

use super::code::Code;
use crate::{
    flow::transcript::STATUS_NOT_SEEN,
    oauth::{
        http::HttpResponse,
        token::{BodyEncoding, ErrorResponse, Reading, TokenAnswer},
    },
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
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    answer: Vec<Row>,
}

/// The table is compiled in and a test reads it, so a failure here cannot come from a user.
fn table() -> &'static [Row] {
    static TABLE: OnceLock<Table> = OnceLock::new();
    &TABLE
        .get_or_init(|| {
            toml::from_str(include_str!("../../assets/providers/answers.toml"))
                .unwrap_or_else(|error| panic!("the table of answers is broken: {error}"))
        })
        .answer
}

/// The finding that an error code stands for; [`Code::UnknownErrorCode`] when no row knows it.
pub fn meaning_of_error(error: &ErrorResponse, status: u16) -> Code {
    let description = error
        .error_description
        .as_deref()
        .unwrap_or_default()
        .to_ascii_lowercase();
    table()
        .iter()
        .find(|row| {
            row.error.contains(&error.error)
                && (row.status.is_empty() || row.status.contains(&status))
                && (row.description.is_empty()
                    || row
                        .description
                        .iter()
                        .any(|text| description.contains(&text.to_ascii_lowercase())))
        })
        .map_or(Code::UnknownErrorCode, |row| row.means)
}

/// What the answer of a token endpoint is. The body counts before the status, since GitHub sends errors with 200; a body
/// that says nothing leaves the status to speak.
pub fn meaning(response: &HttpResponse, reading: &Reading) -> Code {
    match &reading.answer {
        TokenAnswer::Token(_) => return Code::TokenObtained,
        TokenAnswer::Error(error) => {
            let code = meaning_of_error(error, response.status);
            return match (code, response.status) {
                (Code::UnknownErrorCode, 429) => Code::RateLimited,
                (code, _) => code,
            };
        }
        TokenAnswer::NotATokenResponse => {}
    }
    match response.status {
        429 => return Code::RateLimited,
        403 => return Code::Blocked,
        407 => return Code::ProxyRefused,
        404 | 405 | 410 => return Code::EndpointNotFound,
        // A server that answers by itself fails in a few words; a page in its place comes from what stands before it.
        500..=599 if reading.encoding != BodyEncoding::Html => return Code::ServerFailed,
        300..=399 => return Code::TokenEndpointRedirects,
        _ => {}
    }
    let has = |name: &str| reading.value(name).is_some();
    if has("add_scopes") || has("remove_scopes") || (has("note") && (has("scopes") || has("note_url"))) {
        Code::RetiredAuthorizationsRequest
    } else if has("client_secret") || (has("client_id") && has("code")) {
        Code::TokenRequestPasted
    } else if response.body_cut_at.is_some() {
        Code::AnswerCut
    } else {
        match reading.encoding {
            BodyEncoding::Html => Code::HtmlInsteadOfAnswer,
            BodyEncoding::Empty => Code::EmptyAnswer,
            _ => Code::NotATokenResponse,
        }
    }
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
    use super::*;

    fn error(error: &str, description: &str) -> ErrorResponse {
        ErrorResponse {
            error: error.into(),
            error_description: Some(description.into()),
            error_uri: None,
        }
    }

    /// One row per cell of the table of providers (facts §9).
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
