//! A GitHub that fits in memory: one app, one account, the authorization endpoint with its pages, the token endpoint and
//! the two API calls that prove a token. [`Simulator::respond`] is a function of the request and the time; randomness comes
//! from an [`Entropy`], so equal seeds and equal requests give equal answers.
//!
//! ```
//! use oauthlens::oauth::{http::HttpRequest, random::Entropy, time::Moment};
//! use oauthlens::simulator::{Decision, Simulator};
//!
//! let callback = "http://127.0.0.1:8914/callback";
//! let mut github = Simulator::demo("http://127.0.0.1:9000", callback, Entropy::from_seed([1; 32]));
//! let app = github.options().app.clone();
//! let url = format!("http://127.0.0.1:9000/login/oauth/authorize?client_id={}&redirect_uri={callback}", app.client_id);
//! let now = Moment(1_000);
//!
//! let redirect = github.decide(&url, Decision::Approve, now).unwrap();
//! let code = &HttpRequest::get(redirect).query().unwrap()["code=".len()..][..20].to_owned();
//!
//! let exchange = HttpRequest {
//!     method: "POST".into(),
//!     url: "/login/oauth/access_token".into(),
//!     body: format!("client_id={}&client_secret={}&code={code}", app.client_id, app.client_secret.reveal()).into(),
//!     ..HttpRequest::default()
//! };
//! assert!(github.respond(&exchange, now).text().starts_with("access_token=gho_"));
//! assert!(github.respond(&exchange, now).text().starts_with("error=bad_verification_code"));
//! ```
//!
//! # Where GitHub's documentation and its behaviour differ
//!
//! | matter | documented | observed | here |
//! |---|---|---|---|
//! | unregistered `redirect_uri` at the authorization endpoint | redirect with `redirect_uri_mismatch` | since August 2024 a page, "Be careful!" | the page; [`MismatchAnswer::Redirect`] is a switch |
//! | `iss` on the callback | not mentioned | sent, in alphabetical order with the rest | sent; [`Habits::iss`] |
//! | `error_uri` | relative | absolute | absolute |
//! | client authentication by HTTP Basic | not mentioned | accepted | accepted |
//! | `client_id` unknown to the token endpoint | `incorrect_client_credentials` | 404 `{"error":"Not Found"}` | 404; [`Habits::unknown_client`] |
//! | missing `code_verifier` | not mentioned | `invalid_grant` with status 400 | as observed |
//! | expiring tokens | both "by default" and "long-lived by default" | both | long-lived; [`Habits::expiring_tokens`], or per sign-in by `offline_access` |
//!
//! # What is not documented anywhere, and what is done here
//!
//! * A failed exchange leaves the code unspent; a second exchange is refused but does not revoke the first token.
//! * A code is bound to the very redirect URI it was sent to. An exchange that names none means the first registered one,
//!   and fails where the code did not go there (one report says so).
//! * A wrong `code_verifier` is answered as a missing one is, without a description. `plain`, half a pair, or a challenge of
//!   another length come back on the redirect as `invalid_request` (RFC 7636 §4.4.1).
//! * `grant_type=client_credentials` is read as a code exchange (a widely used secret scanner relies on it); any other
//!   unknown one is `unsupported_grant_type`, without a description since GitHub's is not known.
//! * Cancelling and suspension redirect to the URI that was asked for if it is registered, else to the first registered
//!   one, without `iss`. The "Be careful!" page has status 400.
//! * A suspended app is refused at the authorization endpoint only.
//! * Scopes that do not exist are left out of the token. XML errors look like XML tokens: `<OAuth><error>…`.
//! * Consent is asked for whenever a `scope` is named, for returning users too: the page is what there is to see here. Only
//!   a returning user without `scope`, without `prompt=select_account`, with fewer than ten sign-ins in the past hour goes
//!   straight through.
//!
//! * A device code is bound to its client, a user code may be typed in any case and without its hyphen, and a request that
//!   comes before the interval is over lengthens it by five seconds. Which of two reasons is named first is not known: here
//!   it is that the code is wrong, has expired, is asked for too soon, is pending or denied, in this order.
//!
//! * The token API answers 404 to a token that it does not know where the token is to be checked, and 422 where it is to be
//!   changed. A second use of a refresh token is refused; whether the tokens that came of the first use end with it is a switch,
//!   [`TokenHabits::reuse_ends_the_family`], off for GitHub.
//!
//! Several apps and accounts can be told ([`Options::more_apps`]). Each request is about one of each: the app that it names, and
//! the account that signed in, or that its code or token came of.

mod browser;
mod concerned;
mod options;
pub mod server;
pub mod testbed;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use crate::{
    oauth::{
        http::{HttpRequest, HttpResponse},
        random::Entropy,
        redirect_matching::Registered,
        redirect_uri::RedirectUri,
        secret::Secret,
        time::Moment,
    },
    simulator::server::{
        bounded_store::Shelf,
        device::{DEVICE, DeviceRequest},
        pages, response,
        session::{AUTHORIZE, Session},
        texts::Words,
        tokens::{Family, INTROSPECT, REVOKE, managed_app},
    },
};

pub use crate::simulator::browser::{Decision, Stuck};
pub use crate::simulator::options::{
    Account, App, AppKind, DeviceHabits, Dialect, Habits, MismatchAnswer, Options, TokenHabits,
    UnknownClientAnswer,
};

/// The path at which a served simulator says nothing at all, so that a client waits in vain. [`Simulator::respond`] knows
/// nothing of it: silence is not a response.
pub const SILENCE: &str = "/silence";

/// The demo app's id: the shape of a real one, and readable as none.
pub const DEMO_CLIENT_ID: &str = "Ov23liSimulatedDemo1";

/// How many things of a kind are remembered (codes, tokens, sessions, ...) where nothing else is told.
pub const ROOM: usize = 10_000;

/// An authorization code that was not redeemed yet.
#[derive(Clone)]
struct Code {
    client_id: String,
    /// Where it was sent.
    redirect_uri: String,
    scopes: Vec<String>,
    /// `offline_access` was asked for.
    offline: bool,
    challenge: Option<String>,
    issued: Moment,
    /// [`Account::id`] of who approved.
    account: u64,
}

/// What the account has granted to an app so far.
#[derive(Clone)]
struct Grant {
    scopes: Vec<String>,
}

/// A `gho_` token.
#[derive(Clone)]
struct AccessToken {
    client_id: String,
    scopes: Vec<String>,
    issued: Moment,
    last_used: Option<Moment>,
    expires: Option<Moment>,
    family: Family,
}

/// A `ghr_` token.
#[derive(Clone)]
struct RefreshToken {
    /// The token that dies with it.
    access_token: String,
    client_id: String,
    scopes: Vec<String>,
    issued: Moment,
    family: Family,
}

/// The simulator with everything it remembers. What it remembers is bounded; the oldest goes first.
#[derive(Clone)]
pub struct Simulator {
    options: Options,
    entropy: Entropy,
    sessions: Shelf<Session>,
    codes: Shelf<Code>,
    /// By `device_code`.
    devices: Shelf<DeviceRequest>,
    tokens: Shelf<AccessToken>,
    refresh_tokens: Shelf<RefreshToken>,
    /// Refresh tokens that were used, and of which family they are.
    spent_refresh_tokens: Shelf<Family>,
    families: Family,
    /// By `client_id`.
    grants: Shelf<Grant>,
    /// When codes were issued last.
    sign_ins: VecDeque<Moment>,
}

impl Simulator {
    /// A simulator that has seen no request yet.
    pub fn new(mut options: Options, entropy: Entropy) -> Self {
        options
            .base_url
            .truncate(options.base_url.trim_end_matches('/').len());
        Self {
            options,
            entropy,
            sessions: Shelf::new(ROOM),
            codes: Shelf::new(ROOM),
            devices: Shelf::new(ROOM),
            tokens: Shelf::new(ROOM),
            refresh_tokens: Shelf::new(ROOM),
            spent_refresh_tokens: Shelf::new(ROOM),
            families: Family::default(),
            grants: Shelf::new(ROOM),
            sign_ins: VecDeque::new(),
        }
    }

    /// A simulator with an app that is ready for use: [`DEMO_CLIENT_ID`], a secret drawn from `entropy`, and
    /// `redirect_uri` registered, without its port where it is a loopback one, as GitHub's documentation advises.
    pub fn demo(base_url: &str, redirect_uri: &str, mut entropy: Entropy) -> Self {
        let client_secret = Secret::new(entropy.draw_hex(40));
        Self::demo_with_secret(base_url, redirect_uri, client_secret, entropy)
    }

    /// The same with a secret that was drawn already.
    pub fn demo_with_secret(
        base_url: &str,
        redirect_uri: &str,
        client_secret: Secret,
        entropy: Entropy,
    ) -> Self {
        let uri = match RedirectUri::parse(redirect_uri) {
            Ok(uri) if uri.is_loopback() => RedirectUri { port: None, ..uri }.to_string(),
            _ => redirect_uri.to_owned(),
        };
        let app = App {
            kind: AppKind::OAuthApp,
            client_id: DEMO_CLIENT_ID.into(),
            client_secret,
            name: "oauthlens demo".into(),
            registered: vec![Registered { uri, wildcard: true }],
            suspended: false,
            expiring_tokens: None,
        };
        let options = Options {
            base_url: base_url.into(),
            app,
            more_apps: Vec::new(),
            account: Account::default(),
            more_accounts: Vec::new(),
            habits: Habits::default(),
        };
        Self::new(options, entropy)
    }

    /// What it was told to be.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Lets a switch be flipped between two requests. What was issued stays issued.
    pub fn options_mut(&mut self) -> &mut Options {
        &mut self.options
    }

    /// How many codes are remembered, and as many of everything else. The oldest goes first.
    pub fn remember(&mut self, room: usize) {
        self.sessions.set_room(room);
        self.codes.set_room(room);
        self.devices.set_room(room);
        self.tokens.set_room(room);
        self.refresh_tokens.set_room(room);
        self.spent_refresh_tokens.set_room(room);
        self.grants.set_room(room);
    }

    /// Answers a request. The URL may be absolute or a request target; neither its host nor the `Host` header is looked at.
    pub fn respond(&mut self, request: &HttpRequest, now: Moment) -> HttpResponse {
        let concerned = self.turn_to(request, now);
        let response = self.answer(request, now);
        self.turn_back(concerned);
        response
    }

    /// Answers an authorization request as if a person who is signed in had decided at once, without a page.
    pub fn answer_at_once(&mut self, request: &HttpRequest, decision: Decision, now: Moment) -> HttpResponse {
        let concerned = self.turn_to(request, now);
        let response = self.decided(request, decision, now);
        self.turn_back(concerned);
        response
    }

    fn answer(&mut self, request: &HttpRequest, now: Moment) -> HttpResponse {
        let head = request.method == "HEAD";
        let method = if head { "GET" } else { request.method.as_str() };
        let mut response = match (method, request.path()) {
            ("GET", AUTHORIZE) => self.authorization_page(request, now),
            ("POST", AUTHORIZE) => self.decision(request, now),
            ("POST", "/session") => self.sign_in(request),
            ("POST", "/login/oauth/access_token") => self.token_answer(request, now),
            ("POST", "/login/device/code") => self.device_code_answer(request, now),
            ("GET", DEVICE) => self.device_page(request),
            ("POST", DEVICE) => self.device_form(request, now),
            ("GET", "/user" | "/api/v3/user") => self.user(request, now),
            ("GET", "/user/emails" | "/api/v3/user/emails") => self.emails(request, now),
            ("POST" | "PATCH" | "DELETE", path) if managed_app(path).is_some() => {
                self.manage_token(request, now)
            }
            ("POST", INTROSPECT) if self.is_by_the_rfc() => self.introspect(request, now),
            ("POST", REVOKE) if self.is_by_the_rfc() => self.revoke(request),
            ("GET", "/meta" | "/api/v3/meta") => self.meta(request),
            ("GET", "/.well-known/oauth-authorization-server/login/oauth") => self.discovery(),
            (_, path) if path.starts_with("/api/") => {
                response::json(404, &serde_json::json!({ "message": "Not Found" }))
            }
            _ => pages::not_found(Words::asked_for(request)),
        };
        if let Some(version) = &self.options.habits.enterprise_version {
            let header = ("X-GitHub-Enterprise-Version".into(), version.clone());
            response.headers.push(header);
        }
        if head {
            response.body.clear();
        }
        response
    }
}

impl std::fmt::Debug for Simulator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Simulator")
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
