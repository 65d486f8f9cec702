//! What a test tells the simulator, in a file (TOML) or through the control API (JSON): one form for both.

use serde::{Deserialize, Deserializer, de::Error};

use crate::{
    oauth::{redirect_matching::Registered, redirect_uri::RedirectUri, secret::Secret, time::Moment},
    simulator::{
        Account, App, AppKind, Dialect, Habits,
        testbed::{
            fault::SLOW,
            schedule::{Scheduled, named},
            wrong::Wrong,
        },
    },
    text::time::read_rfc3339,
};

/// How many redirect URIs an app can have registered (docs/github.md §2).
pub const REDIRECT_URIS: usize = 10;

/// Which server to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Like {
    /// github.com.
    #[default]
    Dotcom,
    /// A GitHub Enterprise Server.
    Enterprise,
    /// A server that keeps to RFC 6749 and adds nothing.
    Rfc6749,
}

impl Like {
    /// How such a server behaves.
    pub fn habits(self) -> Habits {
        match self {
            Self::Dotcom => Habits::default(),
            Self::Enterprise => Habits::enterprise_server(),
            Self::Rfc6749 => Habits {
                dialect: Dialect::Rfc6749,
                expiring_tokens: true,
                ..Habits::default()
            },
        }
    }
}

/// Who decides about an authorization request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Approve {
    /// A person, on the pages.
    #[default]
    Ask,
    /// Nobody: it is approved at once.
    Yes,
    /// Nobody: it is denied at once.
    No,
}

impl Approve {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ask => "ask",
            Self::Yes => "yes",
            Self::No => "no",
        }
    }
}

/// A file for `simulate --config`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestbedFile {
    /// Which server to be.
    pub like: Option<Like>,
    /// Who decides.
    pub approve: Option<Approve>,
    /// Equal seeds, equal requests and an equal clock give equal answers.
    pub seed: Option<String>,
    /// What time it is, instead of the system's.
    pub clock: Option<ClockTime>,
    /// How many codes, tokens and sessions are remembered.
    pub remember: Option<usize>,
    /// How many requests are recorded.
    pub record: Option<usize>,
    /// The apps; without any there is a made-up one.
    #[serde(default, rename = "app")]
    pub apps: Vec<AppSetting>,
    /// The accounts; without any there is `octocat`.
    #[serde(default, rename = "user")]
    pub users: Vec<UserSetting>,
    /// What goes wrong.
    #[serde(default, rename = "fault")]
    pub faults: Vec<FaultSetting>,
}

/// A moment in the form of RFC 3339.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockTime(pub Moment);

impl<'de> Deserialize<'de> for ClockTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let millis = read_rfc3339(&text).ok_or_else(|| D::Error::custom(Wrong::new("time", text, "")))?;
        Ok(Self(Moment(millis)))
    }
}

/// An app as a test tells it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppSetting {
    /// `client_id`.
    pub client_id: String,
    /// Its secret. One that was made up for tests may stand in a file; it opens nothing but this simulator.
    pub client_secret: Option<String>,
    /// The name on the consent page; the client id without one.
    pub name: Option<String>,
    /// An OAuth app or a GitHub App.
    #[serde(default)]
    pub kind: Kind,
    /// Registered redirect URIs, at most ten.
    #[serde(default)]
    pub redirect_uris: RedirectUris,
    /// It is suspended.
    #[serde(default)]
    pub suspended: bool,
    /// Its tokens expire.
    pub expiring_tokens: Option<bool>,
}

/// What was registered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// An OAuth app.
    #[default]
    Oauth,
    /// A GitHub App.
    GithubApp,
}

/// Redirect URIs: each a text, or a table with its wildcard switch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RedirectUris(pub Vec<Registered>);

#[derive(Deserialize)]
#[serde(untagged)]
enum OneUri {
    Text(String),
    Switched(SwitchedUri),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SwitchedUri {
    uri: String,
    wildcard: bool,
}

impl<'de> Deserialize<'de> for RedirectUris {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let told = Vec::<OneUri>::deserialize(deserializer)?;
        if told.len() > REDIRECT_URIS {
            let (many, most) = (told.len().to_string(), REDIRECT_URIS.to_string());
            return Err(D::Error::custom(Wrong::new("redirect_uris", many, most)));
        }
        let read = told.into_iter().map(|one| {
            let (uri, wildcard) = match one {
                OneUri::Text(uri) => (uri, true),
                OneUri::Switched(SwitchedUri { uri, wildcard }) => (uri, wildcard),
            };
            match RedirectUri::parse(&uri) {
                Ok(_) => Ok(Registered { uri, wildcard }),
                Err(_) => Err(D::Error::custom(Wrong::new("redirect_uri", uri, ""))),
            }
        });
        read.collect::<Result<_, _>>().map(Self)
    }
}

impl AppSetting {
    /// The app, with a secret for one that was told none.
    pub fn app(self, secret: impl FnOnce() -> Secret) -> App {
        App {
            kind: match self.kind {
                Kind::Oauth => AppKind::OAuthApp,
                Kind::GithubApp => AppKind::GitHubApp,
            },
            client_secret: self.client_secret.map_or_else(secret, Secret::new),
            name: self.name.unwrap_or_else(|| self.client_id.clone()),
            client_id: self.client_id,
            registered: self.redirect_uris.0,
            suspended: self.suspended,
            expiring_tokens: self.expiring_tokens,
        }
    }
}

/// An account as a test tells it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserSetting {
    /// The login name.
    pub login: String,
    /// The display name.
    pub name: Option<String>,
    /// The primary address; one below `example.test` without.
    pub email: Option<String>,
    /// The address is verified.
    pub email_verified: Option<bool>,
    /// The numeric id; the next free one without.
    pub id: Option<u64>,
    /// Scopes that are never granted.
    #[serde(default)]
    pub withholds: Vec<String>,
}

impl UserSetting {
    /// The account; `free` is an id that none has.
    pub fn account(self, free: u64) -> Account {
        Account {
            name: self.name.unwrap_or_else(|| self.login.clone()),
            email: self
                .email
                .unwrap_or_else(|| format!("{}@example.test", self.login)),
            email_verified: self.email_verified.unwrap_or(true),
            id: self.id.unwrap_or(free),
            withholds: self.withholds,
            login: self.login,
        }
    }
}

/// A fault as a test tells it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultSetting {
    /// Its name.
    pub name: FaultName,
    /// Only at that request.
    pub nth: Option<std::num::NonZeroU64>,
    /// At every so manyth request.
    pub every: Option<std::num::NonZeroU64>,
    /// Only for that client.
    pub client: Option<String>,
    /// How late a late answer is.
    pub ms: Option<u64>,
}

/// The name of a fault that there is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FaultName(&'static super::fault::ServerFault);

impl<'de> Deserialize<'de> for FaultName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        named(&name).map(Self).map_err(D::Error::custom)
    }
}

impl From<FaultSetting> for Scheduled {
    fn from(told: FaultSetting) -> Self {
        Self {
            fault: told.name.0,
            nth: told.nth.map(Into::into),
            every: told.every.map(Into::into),
            client: told.client,
            ms: told.ms.unwrap_or(SLOW),
        }
    }
}
