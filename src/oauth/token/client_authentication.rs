//! How a client proves itself at the token endpoint (RFC 6749 §2.3.1), and where its credentials stand in a request.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

use crate::oauth::{
    http::HttpRequest,
    params::{Params, encode_value},
    secret::Secret,
};

/// How the client proves itself at the token endpoint (RFC 6749 §2.3.1, names of RFC 7591 §2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuthentication {
    /// Id and secret as form parameters: what GitHub documents.
    #[default]
    ClientSecretPost,
    /// Id and secret in `Authorization: Basic`: undocumented at GitHub but accepted (docs/github.md §3).
    ClientSecretBasic,
}

impl ClientAuthentication {
    /// By its name in RFC 7591 §2.
    pub fn of_name(name: &str) -> Option<Self> {
        match name {
            "client_secret_post" => Some(Self::ClientSecretPost),
            "client_secret_basic" => Some(Self::ClientSecretBasic),
            _ => None,
        }
    }

    /// The one that a request uses.
    pub fn of_request(request: &HttpRequest) -> Self {
        match request.header("authorization") {
            Some(header) if header.to_ascii_lowercase().starts_with("basic ") => Self::ClientSecretBasic,
            _ => Self::ClientSecretPost,
        }
    }

    /// Places the credentials that go into the body.
    pub(crate) fn push(self, params: &mut Params, client_id: &str, client_secret: Option<&Secret>) {
        if self == Self::ClientSecretPost {
            params.push("client_id", client_id);
            if let Some(secret) = client_secret {
                params.push("client_secret", secret.reveal());
            }
        }
    }

    /// Places those that go into a header.
    pub(crate) fn authorize(
        self,
        request: HttpRequest,
        client_id: &str,
        client_secret: Option<&Secret>,
    ) -> HttpRequest {
        if self != Self::ClientSecretBasic {
            return request;
        }
        // RFC 6749 §2.3.1: both halves are form-encoded before they are joined.
        let secret = client_secret.map(Secret::reveal).unwrap_or_default();
        let pair = format!("{}:{}", encode_value(client_id), encode_value(secret));
        request.with_header("Authorization", format!("Basic {}", STANDARD.encode(pair)))
    }

    /// Its name in RFC 7591 §2.
    pub fn name(self) -> &'static str {
        match self {
            Self::ClientSecretPost => "client_secret_post",
            Self::ClientSecretBasic => "client_secret_basic",
        }
    }
}

/// Id and secret of a `Basic` authorization header, form-decoded as RFC 6749 §2.3.1 requires; `None` if the header is not
/// of that kind.
pub fn basic_credentials(header: &str) -> Option<(String, String)> {
    let (scheme, credentials) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(credentials.trim()).ok()?).ok()?;
    let (id, secret) = pair.split_once(':')?;
    Some((form_decode(id), form_decode(secret)))
}

fn form_decode(value: &str) -> String {
    Params::decode(&format!("v={value}"))
        .get("v")
        .unwrap_or_default()
        .to_owned()
}
