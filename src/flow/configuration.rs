//! What a flow is run with, and where each value came from.

use std::{collections::BTreeMap, net::SocketAddr};

use serde::{Deserialize, Serialize};

use crate::{
    flow::grants::GrantKind,
    oauth::{
        device::{DeviceAuthorizationRequest, DeviceCode},
        http::HttpRequest,
        params::Params,
        pkce,
        redirect_matching::Registered,
        redirect_uri::RedirectUri,
        secret::Secret,
        token::{AuthorizationCode, ClientAuthentication, TokenRequest},
    },
    providers::Provider,
};

/// A value that a person can set, by the name it has in settings, on the screen and in the requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Which authorization server.
    Provider,
    /// The host of a GitHub Enterprise Server or `*.ghe.com`.
    Host,
    /// Authorization endpoint of a custom provider.
    AuthorizationEndpoint,
    /// Token endpoint of a custom provider.
    TokenEndpoint,
    /// API base of a custom provider.
    ApiUrl,
    /// `client_id`.
    ClientId,
    /// `client_secret`.
    ClientSecret,
    /// `redirect_uri`.
    RedirectUri,
    /// Redirect URIs as registered, as far as the person told.
    RegisteredRedirectUri,
    /// Where the redirect listener listens when it differs from the redirect URI.
    Listen,
    /// `scope`.
    Scope,
    /// Whether PKCE is used.
    Pkce,
    /// `code`, at the exchange.
    Code,
    /// `code_verifier`, at the exchange.
    CodeVerifier,
    /// The `Accept` header of the token request.
    Accept,
    /// How the client authenticates.
    ClientAuthentication,
}

impl Field {
    /// True for a field whose value is hidden.
    pub fn is_secret(self) -> bool {
        matches!(self, Self::ClientSecret | Self::CodeVerifier)
    }
}

/// Where a value came from. Shown beside it, since a stale environment variable explains many refusals.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Nobody set it.
    #[default]
    Default,
    /// Typed or pasted on a screen.
    Typed,
    /// A command line option.
    Flag,
    /// The environment variable of that name.
    Environment(String),
    /// The file at that path.
    File(String),
    /// What the program of that name printed.
    Command(String),
    /// Standard input.
    StandardInput,
    /// Given out by the built-in simulator.
    Simulator,
    /// Set wrong on purpose by a fault.
    Fault,
    /// Made by oauthlens for this flow, such as `state` and the `code_verifier`.
    Generated,
    /// Received on the redirect.
    Redirect,
    /// A remedy put it there.
    Remedy,
}

/// Origins by field; a field that is absent has [`Origin::Default`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Origins(pub BTreeMap<Field, Origin>);

impl Origins {
    /// The origin of a field.
    pub fn of(&self, field: Field) -> Origin {
        self.0.get(&field).cloned().unwrap_or_default()
    }

    /// Notes the origin of a field.
    pub fn set(&mut self, field: Field, origin: Origin) {
        self.0.insert(field, origin);
    }
}

/// What the authorization server has on record for this app, as far as it is known here: told by the person, or given
/// out by the simulator. It is never sent; it lets a diagnosis compare.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// Registered redirect URIs, the first being the default. Empty if they are not known.
    pub redirect_uris: Vec<Registered>,
    /// The client id on record (simulator only).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// The client secret on record (simulator only).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<Secret>,
}

/// What the token requests of a device code do in place of what the standard and the server say. Each is a mistake that
/// programs make.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PollOverrides {
    /// Ask every so many seconds, whatever the answer's `interval` is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<u64>,
    /// The `grant_type` that is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant_type: Option<String>,
    /// The `client_id` that is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// The first character of the device code is another one.
    pub alters_device_code: bool,
}

impl PollOverrides {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// Everything a flow needs to know before it starts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Configuration {
    /// By which grant a token is asked for.
    #[serde(default, skip_serializing_if = "is_default_grant")]
    pub grant: GrantKind,
    /// The authorization server.
    pub provider: Provider,
    /// `client_id`, as typed.
    pub client_id: String,
    /// `client_secret`, as typed; `None` leaves it out of the token request.
    pub client_secret: Option<Secret>,
    /// `redirect_uri`, as typed.
    pub redirect_uri: String,
    /// Where to listen, when that is not what the redirect URI says (a TLS proxy or a container in between).
    pub listen: Option<SocketAddr>,
    /// Scopes to ask for.
    pub scopes: Vec<String>,
    /// Use PKCE (RFC 7636).
    pub pkce: bool,
    /// `code_challenge_method`. Another one than `S256` is a mistake that GitHub refuses (docs/github.md §1).
    #[serde(default = "s256", skip_serializing_if = "is_s256")]
    pub challenge_method: String,
    /// How the client authenticates at the token endpoint.
    pub authentication: ClientAuthentication,
    /// The `Accept` header of the token request; `None` asks for `*/*` and gets GitHub's form encoding.
    pub accept: Option<String>,
    /// Open the browser at all.
    pub open_browser: bool,
    /// Give up waiting for a redirect after that many seconds; `None` waits for ever.
    pub redirect_timeout: Option<u64>,
    /// What polling does in its own way; only with a device code.
    #[serde(default, skip_serializing_if = "PollOverrides::is_default")]
    pub poll: PollOverrides,
    /// Where the values came from.
    pub origins: Origins,
    /// What is known of the app's registration.
    pub registration: Registration,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_default_grant(grant: &GrantKind) -> bool {
    *grant == GrantKind::default()
}

fn s256() -> String {
    pkce::S256.into()
}

fn is_s256(method: &str) -> bool {
    method == pkce::S256
}

/// The redirect URI that oauthlens suggests: RFC 8252 §7.3 asks for a loopback address rather than `localhost`.
pub const DEFAULT_REDIRECT_URI: &str = "http://127.0.0.1:8914/callback";

impl Default for Configuration {
    fn default() -> Self {
        Self {
            grant: GrantKind::default(),
            provider: Provider::default(),
            client_id: String::new(),
            client_secret: None,
            redirect_uri: DEFAULT_REDIRECT_URI.into(),
            listen: None,
            scopes: Vec::new(),
            pkce: true,
            challenge_method: s256(),
            authentication: ClientAuthentication::default(),
            accept: Some("application/json".into()),
            open_browser: true,
            redirect_timeout: None,
            poll: PollOverrides::default(),
            origins: Origins::default(),
            registration: Registration::default(),
        }
    }
}

/// Why no redirect can be received here; the walk then goes on by pasting it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CannotListen {
    /// The redirect URI is not an absolute URI.
    Unreadable,
    /// Its host is not this machine; `--listen` would name a local address that a proxy forwards to.
    NotLoopback,
    /// It is `https`, and the redirect listener speaks plain HTTP; `--listen` would sit behind a TLS proxy.
    NotHttp,
}

impl Configuration {
    /// The address to listen on. A loopback redirect URI without a port gives port 0: any free one, which the loopback
    /// rule allows (RFC 8252 §7.3).
    ///
    /// # Errors
    /// Why there is none.
    pub fn listen_address(&self) -> Result<SocketAddr, CannotListen> {
        if let Some(address) = self.listen {
            return Ok(address);
        }
        let uri = RedirectUri::parse(&self.redirect_uri).map_err(|_| CannotListen::Unreadable)?;
        if !uri.is_loopback() {
            return Err(CannotListen::NotLoopback);
        }
        if !uri.is_scheme("http") {
            return Err(CannotListen::NotHttp);
        }
        let port = uri.port.unwrap_or(0);
        let host = if uri.host.eq_ignore_ascii_case("localhost") {
            "127.0.0.1"
        } else {
            uri.host.trim_matches(['[', ']'])
        };
        Ok(SocketAddr::new(
            host.parse().map_err(|_| CannotListen::Unreadable)?,
            port,
        ))
    }

    /// The path of the redirect URI, which is the only one the redirect listener answers.
    pub fn redirect_path(&self) -> String {
        RedirectUri::parse(&self.redirect_uri)
            .map_or_else(|_| "/".into(), |uri| uri.effective_path().to_owned())
    }

    /// The parameters of the authorization request, in the order of GitHub's table (docs/github.md §1).
    pub fn authorization_params(&self, redirect_uri: &str, state: &str, challenge: Option<&str>) -> Params {
        let mut params = Params::default();
        params.push("client_id", &self.client_id);
        params.push("response_type", "code");
        params.push("redirect_uri", redirect_uri);
        if !self.scopes.is_empty() {
            params.push("scope", self.scopes.join(" "));
        }
        params.push("state", state);
        if let Some(challenge) = challenge {
            params.push("code_challenge", challenge);
            params.push("code_challenge_method", &self.challenge_method);
        }
        params
    }

    /// The device authorization request that these values give.
    pub fn device_authorization_request(&self) -> DeviceAuthorizationRequest {
        DeviceAuthorizationRequest {
            endpoint: self.provider.device_authorization_endpoint.clone(),
            client_id: self.client_id.clone(),
            client_secret: self.secret_of_a_device().cloned(),
            scopes: self.scopes.clone(),
            authentication: self.authentication_of_a_device(),
            accept: self.accept.clone(),
        }
    }

    /// The token request for a device code, as it goes over the wire.
    pub fn device_token_request(&self, device_code: &Secret) -> HttpRequest {
        let request = TokenRequest {
            endpoint: self.provider.token_endpoint.clone(),
            client_id: self.poll.client_id.as_ref().unwrap_or(&self.client_id).clone(),
            client_secret: self.secret_of_a_device().cloned(),
            grant: DeviceCode {
                device_code: if self.poll.alters_device_code {
                    altered(device_code)
                } else {
                    device_code.clone()
                },
            },
            authentication: self.authentication_of_a_device(),
            accept: self.accept.clone(),
        };
        let mut http = request.to_http();
        if let Some(grant_type) = &self.poll.grant_type {
            let mut params = Params::decode(&String::from_utf8_lossy(&http.body));
            for (name, value) in &mut params.0 {
                if name == "grant_type" {
                    value.clone_from(grant_type);
                }
            }
            http.body = params.encode().into_bytes();
        }
        http
    }

    /// The secret that goes with a device code: to servers that ask devices for one, and to those of which nothing is known.
    fn secret_of_a_device(&self) -> Option<&Secret> {
        let profile = self.provider.profile;
        let wanted = profile.is_neutral() || profile.asks_devices_for_secret;
        self.client_secret.as_ref().filter(|_| wanted)
    }

    /// A client without a secret names itself in the body (RFC 6749 §3.2.1): a header would claim an empty one.
    fn authentication_of_a_device(&self) -> ClientAuthentication {
        if self.secret_of_a_device().is_some() {
            self.authentication
        } else {
            ClientAuthentication::ClientSecretPost
        }
    }

    /// The token request that these values give, its code still empty.
    pub fn token_request(&self, redirect_uri: &str, verifier: Option<&Secret>) -> TokenRequest {
        TokenRequest {
            endpoint: self.provider.token_endpoint.clone(),
            client_id: self.client_id.clone(),
            client_secret: self.client_secret.clone(),
            grant: AuthorizationCode {
                code: String::new(),
                redirect_uri: Some(redirect_uri.to_owned()),
                code_verifier: verifier.cloned(),
            },
            authentication: self.authentication,
            accept: self.accept.clone(),
        }
    }
}

/// The same length and another first character.
fn altered(secret: &Secret) -> Secret {
    let mut rest = secret.reveal().chars();
    let first = if rest.next() == Some('0') { '1' } else { '0' };
    Secret::new(format!("{first}{}", rest.as_str()))
}

#[cfg(test)]
mod tests {
    use crate::flow::configuration::*;

    #[test]
    fn where_to_listen() {
        for (redirect_uri, expected) in [
            ("http://127.0.0.1:8914/callback", Ok("127.0.0.1:8914")),
            ("http://localhost:8914/callback", Ok("127.0.0.1:8914")),
            ("http://[::1]:8914/callback", Ok("[::1]:8914")),
            ("http://127.0.0.1/callback", Ok("127.0.0.1:0")),
            ("https://example.com/callback", Err(CannotListen::NotLoopback)),
            ("https://127.0.0.1:8914/callback", Err(CannotListen::NotHttp)),
            ("callback", Err(CannotListen::Unreadable)),
        ] {
            let configuration = Configuration {
                redirect_uri: redirect_uri.into(),
                ..Configuration::default()
            };
            let expected = expected.map(|address| address.parse().unwrap());
            assert_eq!(configuration.listen_address(), expected, "{redirect_uri}");
        }
    }
}
