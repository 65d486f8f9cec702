//! What is known of a kind of authorization server, as data. Whatever differs from one server to the next asks its profile;
//! what a profile does not say is unknown, and then nothing is concluded from it.

use serde::{Deserialize, Serialize};

use crate::{
    diagnosis::rule::Code,
    oauth::token::{ClientAuthentication, ErrorResponse},
    providers::{
        by_name,
        github::formats::{ClientIdShape, ClientSecretShape, CodeShape},
        provider::Provider,
        rfc6749::RFC6749,
        server_table::CodeAfter,
    },
};

/// One row of [`crate::providers::profiles`].
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own about the server"
)]
#[derive(Debug)]
pub struct ProviderProfile {
    /// What `--provider` calls it; also what a saved transcript calls it.
    pub id: &'static str,
    /// What earlier versions called it in saved transcripts.
    pub saved_as: &'static [&'static str],
    /// What its users call it.
    pub name: &'static str,
    /// Profiles of one family share a form in which the host decides between them.
    pub family: &'static str,
    /// The host that is meant where nobody names one; without it, each customer has another.
    pub host: Option<&'static str>,
    /// People run the same software on hosts of their own.
    pub self_hosted: bool,
    /// The authorization endpoint, with `{host}` where the host goes.
    pub authorization_endpoint: &'static str,
    /// The token endpoint, in the same way.
    pub token_endpoint: &'static str,
    /// The device authorization endpoint (RFC 8628), in the same way; empty where none is known.
    pub device_authorization_endpoint: &'static str,
    /// The introspection endpoint (RFC 7662), in the same way; empty where none is known.
    pub introspection_endpoint: &'static str,
    /// The revocation endpoint (RFC 7009), in the same way; empty where none is known.
    pub revocation_endpoint: &'static str,
    /// Base of the API at which a token is tried, in the same way; empty where none is known.
    pub api_url: &'static str,
    /// What is asked for below it.
    pub user_path: &'static str,
    /// The issuer identifier (RFC 9207), in the same way, where it is known.
    pub issuer: Option<&'static str>,
    /// The page on which apps are registered: a URL, or a path at the authorization endpoint's server; empty where none is
    /// known.
    pub settings: &'static str,
    /// Environment variables with this prefix hold its client id and secret, and are sent to nobody else.
    pub env_prefix: Option<&'static str>,
    /// Which profile of the family a host belongs to; `None` where the family has only one.
    pub on_host: Option<fn(&str) -> &'static ProviderProfile>,
    /// How its token endpoint lets a client authenticate, the usual way first; empty where that is unknown.
    pub authentication: &'static [ClientAuthentication],
    /// Scopes that are worth knowing; there may be more.
    pub named_scopes: &'static [Scope],
    /// How this is known.
    pub known: Known,
    /// How long a code is good, in seconds.
    pub code_lifetime: Option<u64>,
    /// The formats of its identifiers, secrets and codes.
    pub formats: Option<&'static Formats>,
    /// The scopes that it documents.
    pub scopes: Option<&'static ScopeTable>,
    /// By what its requests and answers are told from those of another server.
    pub marks: Option<&'static Marks>,
    /// How a redirect URI is compared with the registered ones.
    pub redirect: RedirectPolicy,
    /// An app may have ten registered redirect URIs, so that one more can be added beside the others.
    pub takes_ten_redirect_uris: bool,
    /// What a refusal does to the code, beyond what holds at every server.
    pub code_after: &'static [(Code, CodeAfter)],
    /// It looks at the client's credentials, then at the redirect URI, then at the code: a later refusal clears what came
    /// before.
    pub checks_client_first: bool,
    /// Credentials that it refuses are wrong themselves; the way in which they were sent does not matter.
    pub takes_any_authentication: bool,
    /// Its API checks, resets and ends tokens for the app that they were issued to (docs/github.md §5).
    pub manages_tokens: bool,
    /// In the device flow it asks for a client secret.
    pub asks_devices_for_secret: bool,
    /// A token request without a client secret is refused.
    pub asks_for_secret: bool,
    /// Authorization and token endpoint are on the same host.
    pub one_host: bool,
    /// `invalid_grant` speaks of PKCE by itself, since it has codes of its own for everything else.
    pub invalid_grant_is_pkce: bool,
    /// It refuses every challenge method but S256.
    pub only_s256: bool,
    /// There are two kinds of app whose ids and secrets get mixed up.
    pub has_app_kinds: bool,
    /// A token that nobody uses for a year is revoked.
    pub ends_unused_tokens: bool,
    /// Installations of the same software exist on many hosts, each with apps of its own; this is the best known one.
    pub main_host: Option<&'static str>,
}

/// A scope, with what it lets an app do.
#[derive(Debug)]
pub struct Scope {
    /// As it is written in a request.
    pub name: &'static str,
    /// What it gives access to, in English.
    pub en: &'static str,
    /// The same in simplified Chinese.
    pub zh_cn: &'static str,
}

/// How sure a profile's endpoints are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// The server was run.
    Run,
    /// They are in a discovery document.
    Discovery,
    /// The provider's pages say so.
    Documentation,
    /// Client libraries use them.
    Source,
    /// They are concluded from something else.
    Inferred,
}

/// How a profile is known.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// How sure it is.
    pub grade: Grade,
    /// When that was seen.
    pub date: &'static str,
    /// Where.
    pub from: &'static str,
    /// What is peculiar to the server.
    pub note: &'static str,
}

/// How a server compares a redirect URI with a registered one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RedirectPolicy {
    /// As it stands (RFC 6749 §3.1.2.3, RFC 9700 §2.1), save for the port of a loopback address (RFC 8252 §7.3).
    Exact,
    /// Each registered one has a switch that also admits sub-domains and sub-paths; it is on unless somebody turned it off.
    Wildcard,
}

/// What values look like.
#[derive(Debug)]
pub struct Formats {
    /// The format of a text in the place of a client id.
    pub client_id: fn(&str) -> ClientIdShape,
    /// How long an id is.
    pub client_id_length: usize,
    /// The format of a text in the place of a client secret.
    pub client_secret: fn(&str) -> ClientSecretShape,
    /// How long a secret is.
    pub client_secret_length: usize,
    /// The format of a text in the place of a code.
    pub code: fn(&str) -> CodeShape,
}

/// The one of several scopes that contains a scope.
pub type Container = for<'s> fn(&str, &'s [String]) -> Option<&'s str>;

/// The scopes of a server that documents all of them.
#[derive(Debug)]
pub struct ScopeTable {
    /// Whether there is such a scope.
    pub is_known: fn(&str) -> bool,
    /// Which of several scopes contains one.
    pub container: Container,
}

/// By what a server is recognised.
#[derive(Debug)]
pub struct Marks {
    /// Whether an answer is in its own words.
    pub error: fn(&ErrorResponse) -> bool,
    /// How its issuer identifiers end.
    pub issuer: &'static str,
    /// How the paths of its authorization endpoints end.
    pub authorization_path: &'static str,
    /// The path of its token endpoint.
    pub token_path: &'static str,
}

impl ProviderProfile {
    /// The server on a host. Where the family has several profiles, the host decides.
    pub fn at(&'static self, host: &str) -> Provider {
        let host = host.trim_end_matches('/');
        let profile = self.on_host.map_or(self, |on_host| on_host(host));
        let put = |template: &str| template.replace("{host}", host);
        Provider {
            name: if profile.host == Some(host) {
                profile.name.to_owned()
            } else {
                host.to_owned()
            },
            authorization_endpoint: put(profile.authorization_endpoint),
            token_endpoint: put(profile.token_endpoint),
            device_authorization_endpoint: put(profile.device_authorization_endpoint),
            introspection_endpoint: put(profile.introspection_endpoint),
            revocation_endpoint: put(profile.revocation_endpoint),
            api_url: put(profile.api_url),
            issuer: profile.issuer.map(put),
            profile,
            code_lifetime: profile
                .code_lifetime
                .unwrap_or(crate::providers::MOST_CODE_LIFETIME),
            simulated: false,
        }
    }

    /// The server, where it is on one host only.
    pub fn provider(&'static self) -> Option<Provider> {
        self.host.map(|host| self.at(host))
    }

    /// True where a person says on which host the server is.
    pub fn asks_for_host(&self) -> bool {
        self.host.is_none() || self.self_hosted
    }

    /// True for the profile that knows no endpoints: somebody types them.
    pub fn is_neutral(&self) -> bool {
        self.authorization_endpoint.is_empty()
    }

    /// Whether a registered redirect URI of which nothing else is known admits what lies below it.
    pub fn wildcard(&self) -> bool {
        self.redirect == RedirectPolicy::Wildcard
    }

    /// The format of a client id; `None` where the server's ids have none.
    pub fn client_id_shape(&self, id: &str) -> Option<ClientIdShape> {
        self.formats.map(|formats| (formats.client_id)(id))
    }

    /// The format of a client secret; `None` where the server's secrets have none.
    pub fn client_secret_shape(&self, secret: &str) -> Option<ClientSecretShape> {
        self.formats.map(|formats| (formats.client_secret)(secret))
    }

    /// The format of a code; `None` where the server's codes have none.
    pub fn code_shape(&self, code: &str) -> Option<CodeShape> {
        self.formats.map(|formats| (formats.code)(code))
    }
}

impl PartialEq for ProviderProfile {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for ProviderProfile {}

impl Serialize for &'static ProviderProfile {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id)
    }
}

/// A profile that this version does not have says nothing: the transcript is read with the neutral one.
impl<'de> Deserialize<'de> for &'static ProviderProfile {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Ok(by_name(&id).unwrap_or(&RFC6749))
    }
}
