//! What the requests of a flow are for.

use serde::{Deserialize, Serialize};

/// What an exchange is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// A token request (RFC 6749 §4.1.3).
    Token,
    /// A device authorization request (RFC 8628 §3.1).
    DeviceAuthorization,
    /// A token request with a refresh token (RFC 6749 §6).
    Refresh,
    /// Asking the app's own API what it knows of a token (docs/github.md §5).
    CheckToken,
    /// Having a token replaced by another one (docs/github.md §5).
    ResetToken,
    /// Ending a token (RFC 7009; docs/github.md §5).
    RevokeToken,
    /// Ending every token of a user for the app (docs/github.md §5).
    RevokeGrant,
    /// Asking the authorization server whether a token is good (RFC 7662).
    Introspect,
    /// Trying the token at the API.
    User,
    /// A token request with a code that cannot be right, sent to learn whether client and redirect URI are accepted
    /// (docs/github.md §3).
    ProbeCredentials,
    /// Asking the authorization endpoint for its page, to learn whether it knows the client.
    ProbeAuthorization,
}

impl Purpose {
    /// True for the requests on the way to a token.
    pub fn brings_a_token(self) -> bool {
        matches!(self, Self::Token | Self::DeviceAuthorization | Self::Refresh)
    }

    /// True for what is done with a token that was there before.
    pub fn is_about_a_token(self) -> bool {
        matches!(
            self,
            Self::Refresh
                | Self::CheckToken
                | Self::ResetToken
                | Self::RevokeToken
                | Self::RevokeGrant
                | Self::Introspect
        )
    }
}
