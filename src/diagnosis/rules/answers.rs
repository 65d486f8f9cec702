//! The answers that a code of their own names: what the server said is the finding. `response` says with which evidence.

use crate::diagnosis::{rule::Code, rules::response::answered};

/// The rules of this topic, a row each; `diagnosis/rule.rs` says what the columns mean.
macro_rules! rows {
    ($then:ident $($before:tt)*) => { $crate::diagnosis::$then! { $($before)*
        /// The server refused the client: its answer says `incorrect_client_credentials` or `invalid_client` (§3, §9).
        CredentialsRefused = "credentials_refused": Credentials, Refusal,
            |f| answered(f, Code::CredentialsRefused);

        /// The server does not know the client: 404 `{"error":"Not Found"}` (§3).
        ClientUnknown = "client_unknown": Credentials, Answer of [Replaced],
            |f| answered(f, Code::ClientUnknown);

        /// The server refused the redirect URI: `redirect_uri_mismatch` (§1, §3).
        RedirectUriRefused = "redirect_uri_refused": RedirectUri, Refusal,
            |f| answered(f, Code::RedirectUriRefused);

        /// The server refused the redirect URI of the authorization request and sent the browser back with that (§1).
        RefusedByRedirect = "refused_by_redirect": RedirectUri, Refusal,
            |f| answered(f, Code::RefusedByRedirect);

        /// The server refused the code: `bad_verification_code` (§3).
        CodeRefused = "code_refused": Code, Refusal, |f| answered(f, Code::CodeRefused);

        /// The server refused the grant without saying whether for the code or the redirect URI: `invalid_grant` (§9).
        GrantRefused = "grant_refused": Code, VagueRefusal, |f| answered(f, Code::GrantRefused);

        /// The server refused the code for its PKCE binding (§3).
        PkceRefused = "pkce_refused": Code, Refusal of [Pkce], |f| answered(f, Code::PkceRefused);

        /// The resource owner has no verified primary email (§3).
        UserEmailUnverified = "user_email_unverified": Answer, Answer,
            |f| answered(f, Code::UserEmailUnverified);

        /// The resource owner did not grant access (§1).
        AccessDenied = "access_denied": Redirect, Answer, |f| answered(f, Code::AccessDenied);

        /// The app is suspended (§1).
        ApplicationSuspended = "application_suspended": Redirect, Answer,
            |f| answered(f, Code::ApplicationSuspended);

        /// Too many requests (§3).
        RateLimited = "rate_limited": Answer, Answer, |f| answered(f, Code::RateLimited);

        /// 403: blocked, for a while (§3).
        Blocked = "blocked": Answer, Answer, |f| answered(f, Code::Blocked);

        /// The server failed: 5xx, `server_error`, `temporarily_unavailable`.
        ServerFailed = "server_failed": Answer, NoAnswer, |f| answered(f, Code::ServerFailed);

        /// The token endpoint answered with a redirect.
        TokenEndpointRedirects = "token_endpoint_redirects": Answer, NoAnswer,
            |f| answered(f, Code::TokenEndpointRedirects);

        /// Nothing is at that URL: 404 with a page.
        EndpointNotFound = "endpoint_not_found": Answer, Answer, |f| answered(f, Code::EndpointNotFound);

        /// A page for people came instead of an answer.
        HtmlInsteadOfAnswer = "html_instead_of_answer": Answer, Unreadable,
            |f| answered(f, Code::HtmlInsteadOfAnswer);

        /// The text is the metadata of an authorization server (RFC 8414, `OpenID` Connect Discovery).
        AuthorizationServerMetadata = "authorization_server_metadata": Answer, Document,
            |f| answered(f, Code::AuthorizationServerMetadata);

        /// The text is the metadata of a protected resource (RFC 9728).
        ProtectedResourceMetadata = "protected_resource_metadata": Answer, Document,
            |f| answered(f, Code::ProtectedResourceMetadata);

        /// A resource server asks for a token and says where to begin (RFC 6750 §3, RFC 9728 §5.1).
        ResourceServerChallenge = "resource_server_challenge": Answer, Document,
            |f| answered(f, Code::ResourceServerChallenge);

        /// The text is a file of settings with the values of a client.
        SettingsRead = "settings_read": Answer, Document, |f| answered(f, Code::SettingsRead);

        /// The text is the answer to a client registration (RFC 7591).
        ClientRegistered = "client_registration": Answer, Document, |f| answered(f, Code::ClientRegistered);

        /// The text is an ID token (`OpenID` Connect).
        IdTokenPasted = "id_token_pasted": Answer, Document, |f| answered(f, Code::IdTokenPasted);

        /// The answer has no body.
        EmptyAnswer = "empty_answer": Answer, Unreadable, |f| answered(f, Code::EmptyAnswer);

        /// The pasted text shows the head of an answer and not its body.
        AnswerNotShown = "answer_not_shown": Answer, Statement, |f| answered(f, Code::AnswerNotShown);

        /// The text is a request body of GitHub's retired Authorizations API.
        RetiredAuthorizationsRequest = "retired_authorizations_request": Answer, Unreadable,
            |f| answered(f, Code::RetiredAuthorizationsRequest);

        /// The text is a token request, not its answer.
        TokenRequestPasted = "token_request_pasted": Answer, Pasted,
            |f| answered(f, Code::TokenRequestPasted);

        /// Neither a token nor an error.
        NotATokenResponse = "not_a_token_response": Answer, Unreadable,
            |f| answered(f, Code::NotATokenResponse);

        /// The answer was too long to be read to its end.
        AnswerCut = "answer_cut": Answer, Unreadable, |f| answered(f, Code::AnswerCut);

        /// The connection ended in the middle of the answer.
        AnswerInterrupted = "answer_interrupted": Answer, Unreadable,
            |f| answered(f, Code::AnswerInterrupted);

        /// The rest of the answer did not come in time.
        AnswerStalled = "answer_stalled": Answer, Unreadable, |f| answered(f, Code::AnswerStalled);

        /// The refresh token is wrong or expired (§3).
        BadRefreshToken = "bad_refresh_token": Answer, Answer, |f| answered(f, Code::BadRefreshToken);

        /// The `grant_type` is not supported (§3, §6).
        UnsupportedGrantType = "unsupported_grant_type": Answer, Answer,
            |f| answered(f, Code::UnsupportedGrantType);

        /// A parameter is missing, repeated or malformed (RFC 6749 §5.2).
        InvalidRequest = "invalid_request": Answer, Answer, |f| answered(f, Code::InvalidRequest);

        /// The server issues no token for the `resource` that was asked for: `invalid_target` (RFC 8707 §2).
        ResourceRefused = "resource_refused": Answer, Answer, |f| answered(f, Code::ResourceRefused);

        /// The client may not use this grant (RFC 6749 §5.2).
        UnauthorizedClient = "unauthorized_client": Answer, Answer, |f| answered(f, Code::UnauthorizedClient);

        /// A scope is unknown or not allowed (RFC 6749 §5.2).
        InvalidScope = "invalid_scope": Answer, Answer, |f| answered(f, Code::InvalidScope);

        /// Device flow: a device code and a user code were issued (§6).
        DeviceCodeIssued = "device_code_issued": Answer, Statement, |f| answered(f, Code::DeviceCodeIssued);

        /// Device flow: not approved yet (§6).
        DeviceAuthorizationPending = "device_authorization_pending": Answer, Answer,
            |f| answered(f, Code::DeviceAuthorizationPending);

        /// Device flow: asked too often (§6).
        DeviceSlowDown = "device_slow_down": Answer, Answer, |f| answered(f, Code::DeviceSlowDown);

        /// Device flow: the device code has expired (§6).
        DeviceCodeExpired = "device_code_expired": Answer, Answer, |f| answered(f, Code::DeviceCodeExpired);

        /// Device flow: the device code is wrong (§6).
        DeviceCodeIncorrect = "device_code_incorrect": Answer, Answer,
            |f| answered(f, Code::DeviceCodeIncorrect);

        /// Device flow: switched off in the app's settings (§6).
        DeviceFlowDisabled = "device_flow_disabled": Answer, Answer,
            |f| answered(f, Code::DeviceFlowDisabled);

        /// An error code that no table here knows.
        UnknownErrorCode = "unknown_error_code": Answer, Answer, |f| answered(f, Code::UnknownErrorCode);

        /// The text is an authorization request, or the address of one.
        AuthorizationRequestPasted = "authorization_request_pasted": Redirect, Pasted,
            |f| answered(f, Code::AuthorizationRequestPasted);

        /// The text is a redirect that brought a code.
        RedirectPasted = "redirect_pasted": Redirect, Pasted, |f| answered(f, Code::RedirectPasted);
    } };
}
pub(crate) use rows;

rows! { as_checks }
