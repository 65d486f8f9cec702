//! What the simulator is told to be: where it is served, which app and account it knows, and which habits it has.

use crate::{
    oauth::{redirect_matching::Registered, secret::Secret},
    providers::{DEFAULT, ProviderProfile, rfc6749::RFC6749},
};

/// Whose words a simulator answers in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// GitHub's: errors with status 200, form encoding by default, its own error codes (docs/github.md §3).
    #[default]
    GitHub,
    /// RFC 6749 as it stands.
    Rfc6749,
}

impl Dialect {
    /// Each with the name by which a walkthrough asks for it.
    pub const NAMED: [(&str, Self); 2] = [("github", Self::GitHub), ("rfc6749", Self::Rfc6749)];

    /// What is known of a server that answers so.
    pub fn profile(self) -> &'static ProviderProfile {
        match self {
            Self::GitHub => DEFAULT,
            Self::Rfc6749 => &RFC6749,
        }
    }

    /// Where a server is said to be whose place does not matter.
    pub fn home(self) -> &'static str {
        match self {
            Self::GitHub => "https://github.com",
            Self::Rfc6749 => "https://id.example.com",
        }
    }
}

/// Everything about a simulator that can be set. All of it may change between two requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Where the simulator is reached: scheme, host and port, without a trailing slash. `iss` and the discovery document
    /// are made from it.
    pub base_url: String,
    /// The registered app; while a request is answered, the one that the request is about.
    pub app: App,
    /// Further apps.
    pub more_apps: Vec<App>,
    /// The account that can sign in; while a request is answered, the one that the request is about.
    pub account: Account,
    /// Further accounts.
    pub more_accounts: Vec<Account>,
    /// How it behaves where GitHub's behaviour has changed, is undocumented, or differs by host.
    pub habits: Habits,
}

/// What was registered: decides how its tokens look and what they may do (docs/github.md §4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AppKind {
    /// An OAuth app: `gho_`, scopes.
    #[default]
    OAuthApp,
    /// A GitHub App: `ghu_`, permissions in place of scopes, tokens that expire.
    GitHubApp,
}

/// A registered app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct App {
    /// An OAuth app or a GitHub App.
    pub kind: AppKind,
    /// `client_id`.
    pub client_id: String,
    /// `client_secret`.
    pub client_secret: Secret,
    /// The name on the consent page.
    pub name: String,
    /// The registered redirect URIs; the first is the default (docs/github.md §1).
    pub registered: Vec<Registered>,
    /// Suspended apps get `application_suspended` instead of a consent page.
    pub suspended: bool,
    /// Its tokens expire and come with a refresh token, or not; `None` leaves that to the kind and to [`Habits`].
    pub expiring_tokens: Option<bool>,
}

/// A resource owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The login name.
    pub login: String,
    /// The display name.
    pub name: String,
    /// The primary email address; it signs in as well as the login does.
    pub email: String,
    /// Without a verified primary email the exchange answers `unverified_user_email`.
    pub email_verified: bool,
    /// The numeric id in `GET /user`.
    pub id: u64,
    /// Scopes that are never granted: users may grant less (docs/github.md §4).
    pub withholds: Vec<String>,
}

impl Default for Account {
    fn default() -> Self {
        Self {
            login: "octocat".into(),
            name: "Simulated Person".into(),
            email: "octocat@example.test".into(),
            email_verified: true,
            id: 1,
            withholds: Vec::new(),
        }
    }
}

impl Options {
    /// All apps, the first one first.
    pub fn apps(&self) -> impl Iterator<Item = &App> {
        std::iter::once(&self.app).chain(&self.more_apps)
    }

    /// The same, to be changed.
    pub fn apps_mut(&mut self) -> impl Iterator<Item = &mut App> {
        std::iter::once(&mut self.app).chain(&mut self.more_apps)
    }

    /// All accounts, the first one first.
    pub fn accounts(&self) -> impl Iterator<Item = &Account> {
        std::iter::once(&self.account).chain(&self.more_accounts)
    }

    /// The same, to be changed.
    pub fn accounts_mut(&mut self) -> impl Iterator<Item = &mut Account> {
        std::iter::once(&mut self.account).chain(&mut self.more_accounts)
    }
}

/// What happens at the authorization endpoint when the redirect URI is not a registered one (docs/github.md §1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MismatchAnswer {
    /// A page ("Be careful!") and no redirect: seen since August 2024.
    #[default]
    Page,
    /// A redirect to the first registered URI with `error=redirect_uri_mismatch`: documented, and seen until mid-2024.
    Redirect,
}

/// What the token endpoint says to a `client_id` that it does not know (docs/github.md §3; there is evidence for both).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnknownClientAnswer {
    /// Status 404 with `{"error":"Not Found"}`: observed.
    #[default]
    NotFound,
    /// Status 200 with `incorrect_client_credentials`: documented.
    IncorrectClientCredentials,
}

/// How the device flow is served (docs/github.md §6).
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own; none excludes another"
)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceHabits {
    /// It is switched on in the app's settings.
    pub enabled: bool,
    /// How long the codes are good, in seconds.
    pub lifetime: u64,
    /// Seconds that a client has to leave between two requests.
    pub interval: u64,
    /// The answer with the codes names the interval.
    pub names_interval: bool,
    /// The answer calls the verification URI `verification_url`, as it was called before the RFC.
    pub old_name: bool,
    /// The answer has `verification_uri_complete`, which GitHub's has not.
    pub complete_uri: bool,
    /// Codes whose time is over are still called pending.
    pub forgets_expiry: bool,
}

impl Default for DeviceHabits {
    fn default() -> Self {
        Self {
            enabled: true,
            lifetime: 900,
            interval: 5,
            names_interval: true,
            old_name: false,
            complete_uri: false,
            forgets_expiry: false,
        }
    }
}

/// What becomes of tokens after they were issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenHabits {
    /// A refresh brings another refresh token, and the one that was used is spent.
    pub rotates: bool,
    /// A refresh token that is used a second time ends every token that came of its first use (RFC 9700 §4.14.2).
    pub reuse_ends_the_family: bool,
    /// Refresh tokens can be revoked at the revocation endpoint; without it `unsupported_token_type` is the answer
    /// (RFC 7009 §2.2.1).
    pub revokes_refresh_tokens: bool,
}

impl Default for TokenHabits {
    fn default() -> Self {
        Self {
            rotates: true,
            reuse_ends_the_family: false,
            revokes_refresh_tokens: true,
        }
    }
}

/// Where one GitHub differs from another, or from its documentation.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own; none excludes another"
)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Habits {
    /// Whose words it answers in: GitHub's, or those of RFC 6749 for the rehearsal of another provider's flows.
    pub dialect: Dialect,
    /// The device flow.
    pub device: DeviceHabits,
    /// Tokens after the exchange.
    pub tokens: TokenHabits,
    /// The answer to an unregistered redirect URI at the authorization endpoint.
    pub mismatch: MismatchAnswer,
    /// Sends `iss` (RFC 9207) with the code: github.com does since August 2026.
    pub iss: bool,
    /// Every token expires after eight hours and comes with a refresh token. Off by default: that is what nearly every
    /// app in use and every printed example shows, although new apps have it on.
    pub expiring_tokens: bool,
    /// The scope `offline_access` asks for an expiring token even where `expiring_tokens` is off.
    pub offline_access: bool,
    /// Knows PKCE. Without it challenge and verifier are ignored.
    pub pkce: bool,
    /// The answer to an unknown `client_id` at the token endpoint.
    pub unknown_client: UnknownClientAnswer,
    /// The token endpoint answers 429 to everything (docs/github.md §3, rate limits).
    pub rate_limited: bool,
    /// Instead of the token endpoint a proxy answers, with its own HTML page and status 502.
    pub html_answer: bool,
    /// Every code is spent when it comes to the token endpoint: another program was faster.
    pub redeemed_elsewhere: bool,
    /// Value of the header `x-github-enterprise-version`, which only a GitHub Enterprise Server sends.
    pub enterprise_version: Option<String>,
}

impl Default for Habits {
    fn default() -> Self {
        Self {
            dialect: Dialect::GitHub,
            device: DeviceHabits::default(),
            tokens: TokenHabits::default(),
            mismatch: MismatchAnswer::Page,
            iss: true,
            expiring_tokens: false,
            offline_access: true,
            pkce: true,
            unknown_client: UnknownClientAnswer::NotFound,
            rate_limited: false,
            html_answer: false,
            redeemed_elsewhere: false,
            enterprise_version: None,
        }
    }
}

impl Habits {
    /// A GitHub Enterprise Server: no `iss`, no PKCE, no expiring tokens (docs/github.md §7).
    pub fn enterprise_server() -> Self {
        Self {
            iss: false,
            pkce: false,
            offline_access: false,
            enterprise_version: Some("3.23.0".into()),
            ..Self::default()
        }
    }
}
