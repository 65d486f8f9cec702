//! The token request (RFC 6749 §4.1.3): what every grant sends, and what each adds.

use serde::{Deserialize, Serialize};

use crate::oauth::{
    http::{HttpRequest, as_text},
    params::Params,
    secret::Secret,
    token::{ClientAuthentication, basic_credentials, plain},
};

/// A token request before it is sent. Every value may be wrong on purpose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenRequest<G = AuthorizationCode> {
    /// The token endpoint.
    pub endpoint: String,
    /// `client_id`.
    pub client_id: String,
    /// `client_secret`; `None` leaves the parameter out.
    pub client_secret: Option<Secret>,
    /// What is exchanged for a token.
    pub grant: G,
    /// Where id and secret stand.
    pub authentication: ClientAuthentication,
    /// The `Accept` header; `None` asks for [`ANYTHING`]. GitHub answers form-encoded unless asked for JSON
    /// (`FormEncodedByDefault`, docs/github.md §3).
    pub accept: Option<String>,
}

/// What a grant adds to a token request.
pub trait GrantParameters {
    /// `grant_type`.
    const GRANT_TYPE: &'static str;

    /// Adds its own parameters, in the order in which they are written.
    fn push(&self, params: &mut Params);
}

/// The authorization code grant (RFC 6749 §4.1.3).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationCode {
    /// `code`.
    pub code: String,
    /// `redirect_uri`; `None` leaves the parameter out, and the server takes its default.
    pub redirect_uri: Option<String>,
    /// `code_verifier` (RFC 7636 §4.5); `None` leaves the parameter out.
    pub code_verifier: Option<Secret>,
}

impl GrantParameters for AuthorizationCode {
    const GRANT_TYPE: &'static str = "authorization_code";

    fn push(&self, params: &mut Params) {
        params.push("code", &self.code);
        if let Some(uri) = &self.redirect_uri {
            params.push("redirect_uri", uri);
        }
        if let Some(verifier) = &self.code_verifier {
            params.push("code_verifier", verifier.reveal());
        }
    }
}

/// What oauthlens calls itself to a server.
pub const USER_AGENT: &str = concat!("oauthlens/", env!("CARGO_PKG_VERSION"));

/// The `Accept` header of a request that wants nothing in particular (RFC 9110 §12.5.1). HTTP clients send it by
/// themselves, ours and curl among them, so it is written into the request: what is recorded is what is sent.
pub const ANYTHING: &str = "*/*";

impl Default for TokenRequest {
    fn default() -> Self {
        Self {
            endpoint: String::new(),
            client_id: String::new(),
            client_secret: None,
            grant: AuthorizationCode::default(),
            authentication: ClientAuthentication::default(),
            accept: None,
        }
    }
}

impl<G: GrantParameters> TokenRequest<G> {
    /// The request as it goes over the wire.
    pub fn to_http(&self) -> HttpRequest {
        let secret = self.client_secret.as_ref();
        let mut params = Params::default();
        params.push("grant_type", G::GRANT_TYPE);
        self.authentication.push(&mut params, &self.client_id, secret);
        self.grant.push(&mut params);
        let request = HttpRequest {
            method: "POST".into(),
            url: self.endpoint.clone(),
            headers: vec![("User-Agent".into(), USER_AGENT.into())],
            body: params.encode().into_bytes(),
        }
        .with_header("Content-Type", "application/x-www-form-urlencoded")
        .with_header("Accept", self.accept.as_deref().unwrap_or(ANYTHING));
        self.authentication.authorize(request, &self.client_id, secret)
    }
}

/// The parameters of a request in whichever of the four ways it carries them: query, form body, JSON body, Basic.
///
/// Precedence if a name is repeated: Basic, body, query.
pub fn request_params(request: &HttpRequest) -> Params {
    params_by(request, Params::decode)
}

/// The same, where a form or a query is read by `decode`: one that leaves out what is not asked for costs less.
pub fn params_by(request: &HttpRequest, decode: impl Fn(&str) -> Params) -> Params {
    let mut params = Params::default();
    if let Some((id, secret)) = request.header("authorization").and_then(basic_credentials) {
        params.push("client_id", id);
        params.push("client_secret", secret);
    }
    let body = as_text(&request.body);
    if body.trim_start().starts_with('{') {
        if let Ok(serde_json::Value::Object(members)) = serde_json::from_str(&body) {
            let given = members.iter().filter(|(_, value)| !value.is_null());
            params
                .0
                .extend(given.map(|(name, value)| (name.clone(), plain(value.clone()))));
        }
    } else if !body.is_empty() {
        params.0.extend(decode(&body).0);
    }
    if let Some(query) = request.query() {
        params.0.extend(decode(query).0);
    }
    params
}

#[cfg(test)]
mod tests {
    use crate::oauth::token::request::*;

    fn request() -> TokenRequest {
        TokenRequest {
            endpoint: "http://127.0.0.1:1/login/oauth/access_token".into(),
            client_id: "Ov23liAAAAAAAAAAAAAA".into(),
            client_secret: Some(Secret::new("s:e c")),
            grant: AuthorizationCode {
                code: "35e0ea2e9115f650b742".into(),
                redirect_uri: Some("http://127.0.0.1:8914/callback".into()),
                code_verifier: None,
            },
            ..TokenRequest::default()
        }
    }

    #[test]
    fn the_same_parameters_are_read_back_from_post_and_from_basic() {
        for authentication in [
            ClientAuthentication::ClientSecretPost,
            ClientAuthentication::ClientSecretBasic,
        ] {
            let http = TokenRequest {
                authentication,
                ..request()
            }
            .to_http();
            let params = request_params(&http);
            assert_eq!(params.get("client_id"), Some("Ov23liAAAAAAAAAAAAAA"));
            assert_eq!(params.get("client_secret"), Some("s:e c"));
            assert_eq!(params.get("code"), Some("35e0ea2e9115f650b742"));
        }
    }

    #[test]
    fn a_null_is_no_parameter() {
        let request = HttpRequest {
            body: br#"{"client_id":"a","client_secret":null}"#.to_vec(),
            ..HttpRequest::default()
        };
        assert_eq!(request_params(&request).get("client_id"), Some("a"));
        assert_eq!(request_params(&request).get("client_secret"), None);
    }
}
