//! What the answer means to a request about a token that was there before.

use crate::{
    diagnosis::{
        context::{Facts, TokenExchange},
        rule::Code,
    },
    flow::{
        secret_facts::{Place, SecretView},
        transcript::{Exchange, Observation, Purpose},
    },
    oauth::{
        http::HttpResponse,
        refresh::RefreshToken,
        token::{GrantParameters, Reading, TokenAnswer},
    },
    providers::error_table,
};

/// True for the requests that ask a server to do something with a token, or to tell of it.
pub(crate) fn is_management(purpose: Purpose) -> bool {
    purpose.is_about_a_token() && purpose != Purpose::Refresh
}

/// What an answer means to a request for that purpose. `at_the_app` is true where the app's own API was asked to end a token
/// (docs/github.md §5), and not an endpoint of RFC 7009.
pub(crate) fn meaning(
    purpose: Purpose,
    at_the_app: bool,
    response: &HttpResponse,
    reading: &Reading,
) -> Code {
    let good = (200..300).contains(&response.status);
    let error = match &reading.answer {
        TokenAnswer::Error(error) => Some(error),
        _ => None,
    };
    let own = match purpose {
        Purpose::Refresh => {
            return match error_table::meaning(response, reading) {
                Code::CodeRefused | Code::GrantRefused | Code::DeviceCodeExpired => Code::BadRefreshToken,
                other => other,
            };
        }
        Purpose::User => of_the_user(response, reading, good),
        Purpose::Introspect => match reading.value("active") {
            Some("true") if good => Some(Code::TokenActive),
            Some("false") if good => Some(Code::TokenInactive),
            _ => None,
        },
        Purpose::CheckToken if good => Some(Code::TokenChecked),
        Purpose::ResetToken if good => Some(Code::TokenReset),
        Purpose::RevokeGrant if good => Some(Code::GrantRevoked),
        Purpose::RevokeToken if good && error.is_none() => Some(Code::TokenRevoked),
        _ => None,
    };
    let by_status = |code: Option<Code>| match response.status {
        _ if code.is_some() => code,
        401 if is_management(purpose) => Some(Code::CredentialsRefused),
        404 if at_the_app || is_about_the_app(purpose) => Some(Code::TokenUnknownToApp),
        422 => Some(Code::TokenNotProcessable),
        _ => None,
    };
    by_status(own).unwrap_or_else(|| error_table::meaning(response, reading))
}

fn is_about_the_app(purpose: Purpose) -> bool {
    matches!(
        purpose,
        Purpose::CheckToken | Purpose::ResetToken | Purpose::RevokeGrant
    )
}

fn of_the_user(response: &HttpResponse, reading: &Reading, good: bool) -> Option<Code> {
    let asked = response.header("www-authenticate").unwrap_or_default();
    match response.status {
        _ if good && !matches!(reading.answer, TokenAnswer::Error(_)) => Some(Code::UserRead),
        401 => Some(Code::TokenRefusedByApi),
        403 if asked.contains("insufficient_scope")
            || response.header("x-accepted-oauth-scopes").is_some()
            || permissions_asked_for(response).is_some() =>
        {
            Some(Code::ScopeInsufficient)
        }
        _ => None,
    }
}

impl TokenExchange<'_> {
    /// The app's own API is asked by another method than the endpoints of the RFCs.
    pub(super) fn sends_by_delete(&self) -> bool {
        self.exchange
            .request
            .is_some_and(|request| request.method == "DELETE")
    }

    /// True where it is about a token that was there before: not how it was obtained.
    pub fn is_after_token(&self) -> bool {
        is_management(self.exchange.purpose) || self.exchange.purpose == Purpose::User
    }

    /// True for a token request with a refresh token.
    pub fn is_refresh(&self) -> bool {
        self.exchange.purpose == Purpose::Refresh
            || self.sent.get("grant_type") == Some(RefreshToken::GRANT_TYPE)
    }
}

impl Facts<'_> {
    /// True where the latest exchange is about a token that was there before.
    pub fn is_after_token(&self) -> bool {
        self.current().is_some_and(TokenExchange::is_after_token)
    }

    /// True where the latest exchange is a refresh.
    pub fn is_refresh(&self) -> bool {
        self.current().is_some_and(TokenExchange::is_refresh)
    }

    /// A secret of an answer, with what was saved about it.
    pub fn secret_received<'f>(
        &'f self,
        exchange: &Exchange<'_>,
        place: Place,
        text: &'f str,
    ) -> SecretView<'f> {
        let received = |entry: usize| match self.transcript.entries.get(entry).map(|entry| &entry.observation)
        {
            Some(Observation::ResponseReceived { exchange: number, .. }) => *number == exchange.number,
            _ => false,
        };
        let mut known = self.transcript.secrets.iter().flatten().rev();
        let known = known.find(|known| known.place == place && received(known.entry));
        SecretView::new(text, known.map(|known| &known.facts))
    }
}

/// The permissions that would do, where an answer names them.
pub fn permissions_asked_for(response: &HttpResponse) -> Option<&str> {
    let mut headers = response.headers.iter();
    let named = headers.find(|(name, _)| {
        let name = name.to_ascii_lowercase();
        name.starts_with("x-accepted-") && name.ends_with("-permissions")
    });
    named.map(|(_, value)| value.as_str())
}

#[cfg(test)]
mod tests {
    use crate::diagnosis::context::after_token::*;
    use crate::oauth::token::read_answer;

    #[test]
    fn an_answer_means_what_was_asked() {
        let table: [(Purpose, bool, u16, &str, Code); 13] = [
            (Purpose::CheckToken, false, 200, "{}", Code::TokenChecked),
            (
                Purpose::CheckToken,
                false,
                404,
                r#"{"message":"Not Found"}"#,
                Code::TokenUnknownToApp,
            ),
            (Purpose::CheckToken, false, 422, "{}", Code::TokenNotProcessable),
            (
                Purpose::CheckToken,
                false,
                401,
                r#"{"message":"Bad credentials"}"#,
                Code::CredentialsRefused,
            ),
            (Purpose::ResetToken, false, 200, "{}", Code::TokenReset),
            (Purpose::RevokeToken, true, 204, "", Code::TokenRevoked),
            (Purpose::RevokeToken, true, 404, "", Code::TokenUnknownToApp),
            (Purpose::RevokeToken, false, 200, "", Code::TokenRevoked),
            (
                Purpose::RevokeToken,
                false,
                400,
                r#"{"error":"unsupported_token_type"}"#,
                Code::TokenTypeUnsupported,
            ),
            (Purpose::RevokeToken, false, 404, "<html>", Code::EndpointNotFound),
            (
                Purpose::Introspect,
                false,
                200,
                r#"{"active":true}"#,
                Code::TokenActive,
            ),
            (
                Purpose::Introspect,
                false,
                200,
                r#"{"active":false}"#,
                Code::TokenInactive,
            ),
            (
                Purpose::User,
                false,
                401,
                r#"{"message":"Bad credentials"}"#,
                Code::TokenRefusedByApi,
            ),
        ];
        for (purpose, at_the_app, status, body, code) in table {
            let response = HttpResponse {
                status,
                body: body.as_bytes().to_vec(),
                ..HttpResponse::default()
            };
            let reading = read_answer(&response);
            assert_eq!(
                meaning(purpose, at_the_app, &response, &reading),
                code,
                "{purpose:?} {status} {body}"
            );
        }
    }
}
