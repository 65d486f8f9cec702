//! Refreshing (RFC 6749 §6): what the token request adds.

use serde::{Deserialize, Serialize};

use crate::oauth::{params::Params, secret::Secret, token::GrantParameters};

/// The token request's own parameters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshToken {
    /// `refresh_token`.
    pub refresh_token: Secret,
    /// `scope`; none leaves the parameter out, and the scopes stay as they are.
    pub scopes: Vec<String>,
}

impl GrantParameters for RefreshToken {
    const GRANT_TYPE: &'static str = "refresh_token";

    fn push(&self, params: &mut Params) {
        params.push("refresh_token", self.refresh_token.reveal());
        if !self.scopes.is_empty() {
            params.push("scope", self.scopes.join(" "));
        }
    }
}
