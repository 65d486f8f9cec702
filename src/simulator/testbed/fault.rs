//! What the server can do wrong on request. Each fault is a row: where it happens and what it does. What it means in words
//! is in the locales, under its name.

use crate::{
    oauth::{
        http::{HttpRequest, HttpResponse},
        params::{Params, split_scope},
        redirect_matching::Registered,
        secret::Secret,
    },
    providers::github::errors::{
        AUTHORIZATION_PENDING, BAD_REFRESH_TOKEN, DEVICE_ACCESS_DENIED, EXPIRED_TOKEN, MISMATCH_AT_EXCHANGE,
        Refusal, SLOW_DOWN_REFUSAL, UNSUPPORTED_GRANT_TYPE, VERIFIER_WRONG,
    },
    simulator::{
        Options,
        server::{response, token::CODE_LIFETIME},
        testbed::{
            alter,
            endpoint::{Endpoint, Grant},
        },
    },
    text::nearest::nearest,
};

/// What a fault does. One that changes the simulator's options or the request changes them for this request only.
#[derive(Clone, Copy)]
pub(crate) enum Effect {
    /// Something about the server is different.
    Options(fn(&mut Options, &HttpRequest)),
    /// Something else than was sent arrives.
    Request(fn(&mut HttpRequest)),
    /// So many milliseconds have passed already.
    Later(u64),
    /// The person says no.
    Deny,
    /// The token endpoint refuses.
    Refuse(Refusal),
    /// The answer has nothing to do with the request.
    Answer(fn() -> HttpResponse),
    /// The answer is damaged.
    Damage(fn(&mut HttpResponse)),
    /// The redirect back to the client carries something else.
    Redirect(fn(&mut Params)),
    /// The answer comes late.
    Slow,
    /// No answer ever comes.
    Silence,
    /// The connection is closed without an answer.
    Close,
}

/// Something that the server does wrong.
pub struct ServerFault {
    /// Its name.
    pub name: &'static str,
    /// Where it can happen; everywhere if nowhere is named.
    at: &'static [Endpoint],
    /// Only in token requests with this grant.
    grant: Option<Grant>,
    pub(crate) effect: Effect,
}

const fn at(name: &'static str, at: &'static [Endpoint], effect: Effect) -> ServerFault {
    ServerFault {
        name,
        at,
        grant: None,
        effect,
    }
}

const fn in_grant(name: &'static str, grant: Grant, effect: Effect) -> ServerFault {
    ServerFault {
        name,
        at: &[Endpoint::Token],
        grant: Some(grant),
        effect,
    }
}

const AUTHORIZE: &[Endpoint] = &[Endpoint::Authorize];
const TOKEN: &[Endpoint] = &[Endpoint::Token];
const API: &[Endpoint] = &[Endpoint::Api];
const ENDS: &[Endpoint] = &[Endpoint::Revoke, Endpoint::TokenApi];
const READ: &[Endpoint] = &[
    Endpoint::Token,
    Endpoint::DeviceCode,
    Endpoint::Api,
    Endpoint::Introspect,
];
const EVERYWHERE: &[Endpoint] = &[];

/// How long a slow answer takes where nothing else is told, in milliseconds.
pub const SLOW: u64 = 3_000;

/// All of them, in the order of a flow.
pub const FAULTS: &[ServerFault] = &[
    at(
        "app_suspended",
        AUTHORIZE,
        Effect::Options(|options, _| {
            for app in options.apps_mut() {
                app.suspended = true;
            }
        }),
    ),
    at(
        "client_deleted",
        &[Endpoint::Authorize, Endpoint::Token, Endpoint::DeviceCode],
        Effect::Options(|options, _| {
            for app in options.apps_mut() {
                app.client_id.insert_str(0, "deleted-");
            }
        }),
    ),
    at(
        "redirect_uri_not_registered",
        AUTHORIZE,
        Effect::Options(|options, _| {
            for app in options.apps_mut() {
                let uri = "https://registered.example/callback".into();
                app.registered = vec![Registered { uri, wildcard: false }];
            }
        }),
    ),
    at(
        "sign_in_refused",
        &[Endpoint::SignIn],
        Effect::Request(|request| {
            alter::form(request, |form| form.0.retain(|(name, _)| name != "login"));
        }),
    ),
    at("user_denies", AUTHORIZE, Effect::Deny),
    at(
        "scopes_narrowed",
        AUTHORIZE,
        Effect::Options(|options, request| {
            let sent = Params::decode(request.query().unwrap_or_default());
            let last = split_scope(sent.get("scope").unwrap_or_default()).pop();
            for account in options.accounts_mut() {
                account.withholds.extend(last.clone());
            }
        }),
    ),
    at(
        "pkce_ignored",
        AUTHORIZE,
        Effect::Options(|options, _| options.habits.pkce = false),
    ),
    at(
        "state_tampered",
        AUTHORIZE,
        Effect::Redirect(|sent| alter::set(sent, "state", Some("tampered"))),
    ),
    at(
        "state_missing",
        AUTHORIZE,
        Effect::Redirect(|sent| alter::set(sent, "state", None)),
    ),
    at(
        "state_repeated",
        AUTHORIZE,
        Effect::Redirect(|sent| sent.push("state", "of-another-tab")),
    ),
    at(
        "issuer_differs",
        AUTHORIZE,
        Effect::Redirect(|sent| {
            alter::set(sent, "iss", Some("https://elsewhere.example/login/oauth"));
        }),
    ),
    at(
        "issuer_missing",
        AUTHORIZE,
        Effect::Redirect(|sent| alter::set(sent, "iss", None)),
    ),
    at(
        "code_missing",
        AUTHORIZE,
        Effect::Redirect(|sent| alter::set(sent, "code", None)),
    ),
    in_grant("code_expired", Grant::Code, Effect::Later(CODE_LIFETIME)),
    in_grant(
        "code_redeemed_elsewhere",
        Grant::Code,
        Effect::Options(|options, _| {
            options.habits.redeemed_elsewhere = true;
        }),
    ),
    in_grant(
        "redirect_uri_mismatch",
        Grant::Code,
        Effect::Refuse(MISMATCH_AT_EXCHANGE),
    ),
    in_grant(
        "code_verifier_refused",
        Grant::Code,
        Effect::Refuse(VERIFIER_WRONG),
    ),
    in_grant(
        "email_unverified",
        Grant::Code,
        Effect::Options(|options, _| {
            for account in options.accounts_mut() {
                account.email_verified = false;
            }
        }),
    ),
    at(
        "client_secret_rotated",
        TOKEN,
        Effect::Options(|options, _| {
            for app in options.apps_mut() {
                app.client_secret = Secret::new(format!("{}-rotated", app.client_secret.reveal()));
            }
        }),
    ),
    at(
        "unsupported_grant_type",
        TOKEN,
        Effect::Refuse(UNSUPPORTED_GRANT_TYPE),
    ),
    in_grant(
        "refresh_token_refused",
        Grant::Refresh,
        Effect::Refuse(BAD_REFRESH_TOKEN),
    ),
    at(
        "device_disabled",
        &[Endpoint::DeviceCode],
        Effect::Options(|options, _| {
            options.habits.device.enabled = false;
        }),
    ),
    in_grant(
        "device_pending",
        Grant::Device,
        Effect::Refuse(AUTHORIZATION_PENDING),
    ),
    in_grant(
        "device_slow_down",
        Grant::Device,
        Effect::Refuse(SLOW_DOWN_REFUSAL),
    ),
    in_grant(
        "device_denied",
        Grant::Device,
        Effect::Refuse(DEVICE_ACCESS_DENIED),
    ),
    in_grant("device_expired", Grant::Device, Effect::Refuse(EXPIRED_TOKEN)),
    at(
        "token_type_missing",
        TOKEN,
        Effect::Damage(|answer| alter::member(answer, "token_type", None)),
    ),
    at(
        "access_token_missing",
        TOKEN,
        Effect::Damage(|answer| alter::member(answer, "access_token", None)),
    ),
    at("form_encoded_answer", TOKEN, Effect::Damage(alter::to_form)),
    at(
        "rate_limited",
        TOKEN,
        Effect::Options(|options, _| options.habits.rate_limited = true),
    ),
    at(
        "html_answer",
        TOKEN,
        Effect::Options(|options, _| options.habits.html_answer = true),
    ),
    at(
        "redirecting_endpoint",
        TOKEN,
        Effect::Answer(|| {
            let mut answer = response::redirect("/login/oauth/access_token/moved");
            answer.status = 307;
            answer
        }),
    ),
    at(
        "token_revoked",
        API,
        Effect::Request(|request| {
            request
                .headers
                .retain(|(name, _)| !name.eq_ignore_ascii_case("authorization"));
            request
                .headers
                .push(("Authorization".into(), "Bearer revoked".into()));
        }),
    ),
    at(
        "insufficient_scope",
        API,
        Effect::Answer(|| alter::challenge(403, &["Bearer error=\"insufficient_scope\", scope=\"repo\""])),
    ),
    at(
        "several_challenges",
        API,
        Effect::Answer(|| {
            alter::challenge(
                401,
                &["Basic realm=\"simulated\"", "Bearer error=\"invalid_token\""],
            )
        }),
    ),
    at("revocation_fails", ENDS, Effect::Answer(|| alter::failure(503))),
    at("answer_empty", READ, Effect::Damage(|answer| answer.body.clear())),
    at(
        "answer_cut_short",
        READ,
        Effect::Damage(|answer| answer.body.truncate(answer.body.len() / 2)),
    ),
    at("server_error", EVERYWHERE, Effect::Answer(|| alter::failure(500))),
    at("unavailable", EVERYWHERE, Effect::Answer(|| alter::failure(503))),
    at("slow_answer", EVERYWHERE, Effect::Slow),
    at("no_answer", EVERYWHERE, Effect::Silence),
    at("connection_closed", EVERYWHERE, Effect::Close),
];

impl ServerFault {
    /// The fault of that name.
    ///
    /// # Errors
    /// The name that was probably meant, where one is near.
    pub fn of_name(name: &str) -> Result<&'static Self, Option<&'static str>> {
        let known = FAULTS.iter().find(|fault| fault.name == name);
        known.ok_or_else(|| nearest(name, FAULTS.iter().map(|fault| fault.name)))
    }

    /// True where it can happen to such a request.
    pub fn concerns(&self, endpoint: Endpoint, sent: &Params) -> bool {
        (self.at.is_empty() || self.at.contains(&endpoint))
            && self.grant.is_none_or(|grant| Grant::of(sent) == Some(grant))
    }

    /// True for those that only the redirect back to the client can have.
    pub(crate) fn is_of_the_redirect(&self) -> bool {
        matches!(self.effect, Effect::Redirect(_))
    }
}

impl std::fmt::Debug for ServerFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl PartialEq for ServerFault {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}
