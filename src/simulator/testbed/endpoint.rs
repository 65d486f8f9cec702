//! Which endpoint a request goes to.

use crate::{
    oauth::{device::DeviceCode, http::HttpRequest, params::Params, token::GrantParameters},
    simulator::server::{
        device::DEVICE,
        session::AUTHORIZE,
        tokens::{INTROSPECT, REVOKE, managed_app},
    },
};

/// A place that requests go to. A fault happens at some of them, and recorded requests are told apart by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// The authorization endpoint, its page and its form.
    Authorize,
    /// The sign-in form.
    SignIn,
    /// The token endpoint.
    Token,
    /// The device authorization endpoint.
    DeviceCode,
    /// The page where a user code is typed.
    DevicePage,
    /// What an access token opens.
    Api,
    /// GitHub's token API.
    TokenApi,
    /// Introspection (RFC 7662).
    Introspect,
    /// Revocation (RFC 7009).
    Revoke,
    /// A discovery document.
    Discovery,
    /// Everything else.
    Other,
}

impl Endpoint {
    /// The endpoint that a request goes to.
    pub fn of(request: &HttpRequest) -> Self {
        match request.path() {
            AUTHORIZE => Self::Authorize,
            "/session" => Self::SignIn,
            "/login/oauth/access_token" => Self::Token,
            "/login/device/code" => Self::DeviceCode,
            DEVICE => Self::DevicePage,
            INTROSPECT => Self::Introspect,
            REVOKE => Self::Revoke,
            "/user" | "/user/emails" | "/api/v3/user" | "/api/v3/user/emails" => Self::Api,
            path if managed_app(path).is_some() => Self::TokenApi,
            path if path.contains("/.well-known/") => Self::Discovery,
            _ => Self::Other,
        }
    }

    /// Its name, as recorded requests have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Authorize => "authorize",
            Self::SignIn => "sign_in",
            Self::Token => "token",
            Self::DeviceCode => "device_code",
            Self::DevicePage => "device_page",
            Self::Api => "api",
            Self::TokenApi => "token_api",
            Self::Introspect => "introspect",
            Self::Revoke => "revoke",
            Self::Discovery => "discovery",
            Self::Other => "other",
        }
    }
}

/// A grant that a token request may be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grant {
    /// An authorization code.
    Code,
    /// A refresh token.
    Refresh,
    /// A device code.
    Device,
}

impl Grant {
    /// What a token request asks with.
    pub fn of(sent: &Params) -> Option<Self> {
        match sent.get("grant_type").unwrap_or_default() {
            "" | "authorization_code" => Some(Self::Code),
            "refresh_token" => Some(Self::Refresh),
            DeviceCode::GRANT_TYPE => Some(Self::Device),
            _ => None,
        }
    }
}
