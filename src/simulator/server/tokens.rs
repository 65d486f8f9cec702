//! Tokens after they were issued: refreshing with rotation, GitHub's token API (docs/github.md §5), introspection (RFC 7662) and
//! revocation (RFC 7009). GitHub has neither of the last two, so they are served in the RFC's dialect alone.

use serde_json::{Value, json};

use crate::{
    oauth::{
        http::{HttpRequest, HttpResponse},
        params::{Params, split_scope},
        time::Moment,
        token::{TokenAnswer, TokenResponse, basic_credentials, read_answer, request_params},
    },
    providers::github::errors::{BAD_REFRESH_TOKEN, INVALID_SCOPE, Refusal},
    simulator::{
        RefreshToken, Simulator,
        options::Dialect,
        server::{
            bounded_store::same,
            response::{self, Encoding, Members, members, of_rfc_6749},
        },
    },
    text::time::rfc3339,
};

/// Seconds until a refresh token is over: about six months.
pub(crate) const REFRESH_TOKEN_LIFETIME: u64 = 15_897_600;
/// The introspection endpoint.
pub const INTROSPECT: &str = "/login/oauth/introspect";
/// The revocation endpoint.
pub const REVOKE: &str = "/login/oauth/revoke";

/// Names the tokens that came of one approval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Family {
    number: u64,
    /// [`Account::id`](crate::simulator::Account::id) of who approved.
    pub(crate) account: u64,
}

impl Family {
    /// Its number: one for each approval.
    pub(crate) fn number(self) -> u64 {
        self.number
    }
}

/// What a token is managed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Managed {
    /// `/applications/{client_id}/token`
    Token,
    /// `/applications/{client_id}/grant`
    Grant,
}

/// The app that a path of the token API names, and what it is about.
pub(crate) fn managed_app(path: &str) -> Option<(&str, Managed)> {
    let path = path.strip_prefix("/api/v3").unwrap_or(path);
    let (client_id, what) = path.strip_prefix("/applications/")?.split_once('/')?;
    match what {
        "token" => Some((client_id, Managed::Token)),
        "grant" => Some((client_id, Managed::Grant)),
        _ => None,
    }
}

impl Simulator {
    pub(crate) fn new_family(&mut self) -> Family {
        self.families = Family {
            number: self.families.number.wrapping_add(1),
            account: self.options.account.id,
        };
        self.families
    }

    pub(crate) fn is_by_the_rfc(&self) -> bool {
        self.options.habits.dialect == Dialect::Rfc6749
    }

    /// A token that the account has granted to the app already, as if it had come of an earlier flow.
    pub fn hand_out(&mut self, scopes: &[&str], expiring: bool, now: Moment) -> Option<TokenResponse> {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let granted = self.issue(scopes, expiring, now);
        match read_answer(&Encoding::Json.write(200, &granted)).answer {
            TokenAnswer::Token(token) => Some(token),
            _ => None,
        }
    }

    /// Says that what was handed out belongs to another app.
    pub fn give_to_another_app(&mut self, token: &TokenResponse, client_id: &str) {
        if let Some(known) = self.tokens.get_mut(token.access_token.reveal()) {
            client_id.clone_into(&mut known.client_id);
        }
        let refresh_token = token.refresh_token.as_ref();
        if let Some(known) = refresh_token.and_then(|token| self.refresh_tokens.get_mut(token.reveal())) {
            client_id.clone_into(&mut known.client_id);
        }
    }

    /// `grant_type=refresh_token`: both old tokens die, the scopes stay (docs/github.md §4). In the RFC's dialect fewer scopes
    /// may be asked for (RFC 6749 §6).
    pub(crate) fn refresh(&mut self, params: &Params, now: Moment) -> Result<Members, Refusal> {
        let name = params.get("refresh_token").unwrap_or_default();
        if let Some(family) = self.spent_refresh_tokens.get(name).copied() {
            if self.options.habits.tokens.reuse_ends_the_family {
                self.end_family(family);
            }
            return Err(BAD_REFRESH_TOKEN);
        }
        let client_id = &self.options.app.client_id;
        let old = self
            .refresh_tokens
            .get(name)
            .filter(|token| token.client_id == *client_id)
            .filter(|token| now.since(token.issued) < REFRESH_TOKEN_LIFETIME * 1000)
            .cloned()
            .ok_or(BAD_REFRESH_TOKEN)?;
        let RefreshToken { family, scopes, .. } = old;
        let scopes = match params.get("scope").filter(|_| self.is_by_the_rfc()) {
            Some(asked) => {
                let asked = split_scope(asked);
                if asked.iter().any(|scope| !scopes.contains(scope)) {
                    return Err(INVALID_SCOPE);
                }
                asked
            }
            None => scopes,
        };
        self.tokens.take(&old.access_token);
        if self.options.habits.tokens.rotates {
            self.refresh_tokens.take(name);
            self.spent_refresh_tokens.put(name.to_owned(), family);
            return Ok(self.issue_in(family, scopes, true, now));
        }
        let mut granted = self.issue_in(family, scopes, true, now);
        // The token that was used goes on being good, and stands for the new access token.
        granted.retain(|(name, _)| !name.starts_with("refresh_token"));
        let issued = granted.iter().find(|(name, _)| *name == "access_token");
        let access_token = issued.and_then(|(_, token)| token.as_str()).unwrap_or_default();
        if let Some(kept) = self.refresh_tokens.get_mut(name) {
            access_token.clone_into(&mut kept.access_token);
        }
        Ok(granted)
    }

    fn end_family(&mut self, family: Family) {
        self.tokens.retain(|token| token.family != family);
        self.refresh_tokens.retain(|token| token.family != family);
    }

    /// The token API: check, reset, revoke a token, revoke a grant.
    pub(crate) fn manage_token(&mut self, request: &HttpRequest, now: Moment) -> HttpResponse {
        let Some((client_id, managed)) = managed_app(request.path()) else {
            return not_found();
        };
        let app = &self.options.app;
        let authenticated = request
            .header("authorization")
            .and_then(basic_credentials)
            .is_some_and(|(id, secret)| id == app.client_id && same(&secret, app.client_secret.reveal()));
        if !authenticated {
            return response::json(401, &json!({ "message": "Bad credentials" }));
        }
        if client_id != app.client_id {
            return not_found();
        }
        let sent = request_params(request);
        let Some(name) = sent.get("access_token").filter(|token| !token.is_empty()) else {
            return invalid();
        };
        let known = self
            .tokens
            .get(name)
            .filter(|token| token.client_id == client_id)
            .filter(|token| token.expires.is_none_or(|end| now < end))
            .cloned();
        match (request.method.as_str(), managed, known) {
            ("POST", Managed::Token, Some(_)) => self.described(name),
            ("PATCH", Managed::Token, Some(mut token)) => {
                let fresh = self.new_token(self.prefix(), 36);
                token.issued = now;
                token.last_used = None;
                self.tokens.take(name);
                self.tokens.put(fresh.clone(), token);
                self.described(&fresh)
            }
            ("DELETE", Managed::Token, Some(_)) => {
                self.tokens.take(name);
                nothing()
            }
            ("DELETE", Managed::Grant, Some(_)) => {
                let client_id = client_id.to_owned();
                self.tokens.retain(|token| token.client_id != client_id);
                self.refresh_tokens.retain(|token| token.client_id != client_id);
                let key = self.grant_key();
                self.grants.take(&key);
                nothing()
            }
            ("PATCH" | "DELETE", _, None) => invalid(),
            _ => not_found(),
        }
    }

    /// What the token API says of a token.
    fn described(&self, name: &str) -> HttpResponse {
        let Some(token) = self.tokens.get(name) else {
            return not_found();
        };
        let (app, account) = (&self.options.app, &self.options.account);
        let last_eight: String = name
            .chars()
            .skip(name.chars().count().saturating_sub(8))
            .collect();
        response::json(
            200,
            &json!({
                "scopes": token.scopes,
                "token": name,
                "token_last_eight": last_eight,
                "app": { "name": app.name, "client_id": app.client_id },
                "created_at": iso(token.issued),
                "expires_at": token.expires.map(iso),
                "user": { "login": account.login, "id": account.id },
                "simulated": true,
            }),
        )
    }

    /// RFC 7662: who asks has to prove who they are; of a token that is not good nothing is told but that.
    pub(crate) fn introspect(&mut self, request: &HttpRequest, now: Moment) -> HttpResponse {
        let sent = request_params(request);
        if let Err(refusal) = self.authenticate_client(&sent) {
            return refused(refusal, request);
        }
        let Some(name) = sent.get("token").filter(|token| !token.is_empty()) else {
            return error(400, "invalid_request");
        };
        let client_id = &self.options.app.client_id;
        let access = self.tokens.get(name);
        let active =
            access.filter(|token| token.client_id == *client_id && token.expires.is_none_or(|end| now < end));
        let refresh = self.refresh_tokens.get(name).filter(|token| {
            token.client_id == *client_id && now.since(token.issued) < REFRESH_TOKEN_LIFETIME * 1000
        });
        let said = match (active, refresh) {
            (Some(token), _) => json!({
                "active": true,
                "scope": token.scopes.join(" "),
                "client_id": token.client_id,
                "sub": self.options.account.id.to_string(),
                "username": self.options.account.login,
                "token_type": "bearer",
                "iss": self.issuer(),
                "iat": token.issued.0 / 1000,
                "exp": token.expires.map(|end| end.0 / 1000),
            }),
            (None, Some(token)) => json!({
                "active": true,
                "scope": token.scopes.join(" "),
                "client_id": token.client_id,
                "sub": self.options.account.id.to_string(),
                "iss": self.issuer(),
                "iat": token.issued.0 / 1000,
            }),
            (None, None) => json!({ "active": false }),
        };
        response::json(200, &said)
    }

    /// RFC 7009: 200 for a token that is not known as well.
    pub(crate) fn revoke(&mut self, request: &HttpRequest) -> HttpResponse {
        let sent = request_params(request);
        if let Err(refusal) = self.authenticate_client(&sent) {
            return refused(refusal, request);
        }
        let Some(name) = sent.get("token").filter(|token| !token.is_empty()) else {
            return error(400, "invalid_request");
        };
        let client_id = self.options.app.client_id.clone();
        let owner = self.tokens.get(name).map(|token| &token.client_id);
        let owner = owner.or_else(|| self.refresh_tokens.get(name).map(|token| &token.client_id));
        if owner.is_some_and(|owner| *owner != client_id) {
            return error(400, "invalid_request");
        }
        if let Some(family) = self.refresh_tokens.get(name).map(|token| token.family) {
            if !self.options.habits.tokens.revokes_refresh_tokens {
                return error(400, "unsupported_token_type");
            }
            self.end_family(family);
        }
        self.tokens.take(name);
        response::answer(200, "application/json; charset=utf-8", "")
    }
}

/// A refusal of the client in the RFC's words.
fn refused(refusal: Refusal, request: &HttpRequest) -> HttpResponse {
    let by_header = request.header("authorization").is_some();
    let refusal = of_rfc_6749(refusal, by_header);
    let mut response = Encoding::Json.write(refusal.status, &members(&refusal));
    if refusal.status == 401 {
        response.headers.push(("WWW-Authenticate".into(), "Basic".into()));
    }
    response
}

fn error(status: u16, code: &str) -> HttpResponse {
    response::json(status, &json!({ "error": code }))
}

fn not_found() -> HttpResponse {
    response::json(404, &json!({ "message": "Not Found" }))
}

fn invalid() -> HttpResponse {
    response::json(422, &json!({ "message": "Validation Failed" }))
}

fn nothing() -> HttpResponse {
    HttpResponse {
        status: 204,
        ..HttpResponse::default()
    }
}

fn iso(moment: Moment) -> Value {
    rfc3339(moment.0).into()
}
