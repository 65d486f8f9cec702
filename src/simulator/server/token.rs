//! The token endpoint (docs/github.md §3 and §4): credentials, then redirect URI, then code, then PKCE. Only a success
//! spends a code.

use crate::{
    oauth::{
        device::DeviceCode,
        http::{HttpRequest, HttpResponse},
        params::Params,
        pkce, redirect_matching,
        time::Moment,
        token::{GrantParameters, request_params},
    },
    providers::github::errors::{
        BAD_VERIFICATION_CODE, INCORRECT_CLIENT_CREDENTIALS, MISMATCH_AT_EXCHANGE, NOT_FOUND, Refusal,
        SLOW_DOWN_REFUSAL, UNSUPPORTED_GRANT_TYPE, UNVERIFIED_USER_EMAIL, VERIFIER_MISSING, VERIFIER_WRONG,
    },
    simulator::{
        AccessToken, Code, RefreshToken, Simulator,
        options::{AppKind, Dialect, UnknownClientAnswer},
        server::{
            bounded_store::same,
            pages,
            response::{Encoding, Members, members, of_rfc_6749},
            texts::Words,
            tokens::{Family, REFRESH_TOKEN_LIFETIME},
        },
    },
};

/// How long a code is good for, in milliseconds: 10 minutes.
pub(crate) const CODE_LIFETIME: u64 = 600_000;
/// Seconds until an expiring access token is over: 8 hours.
pub(crate) const TOKEN_LIFETIME: u64 = 28_800;
/// Tokens that one account, app and set of scopes may have at a time.
pub(crate) const TOKENS_PER_SCOPE_SET: usize = 10;

impl Simulator {
    /// `POST /login/oauth/access_token`
    pub(crate) fn token_answer(&mut self, request: &HttpRequest, now: Moment) -> HttpResponse {
        if self.options.habits.html_answer {
            return pages::bad_gateway();
        }
        if self.options.habits.rate_limited {
            return pages::rate_limited(Words::asked_for(request));
        }
        let rfc = self.options.habits.dialect == Dialect::Rfc6749;
        let encoding = if rfc {
            Encoding::Json
        } else {
            Encoding::asked_for(request)
        };
        let sent = request_params(request);
        match self.redeem(&sent, now) {
            Ok(mut granted) => {
                if encoding == Encoding::Xml {
                    // The one capture of the XML form has the members the other way round.
                    granted.reverse();
                }
                encoding.write(200, &granted)
            }
            Err(refusal) => self.refusal_answer(refusal, request),
        }
    }

    /// What a client is told whose token request is refused.
    pub(crate) fn refusal_answer(&self, refusal: Refusal, request: &HttpRequest) -> HttpResponse {
        if self.options.habits.dialect == Dialect::Rfc6749 {
            let refusal = of_rfc_6749(refusal, request.header("authorization").is_some());
            let mut response = Encoding::Json.write(refusal.status, &members(&refusal));
            if refusal.status == 401 {
                response.headers.push(("WWW-Authenticate".into(), "Basic".into()));
            }
            return response;
        }
        let mut told = members(&refusal);
        // The new interval comes with it (docs/github.md §6).
        if refusal == SLOW_DOWN_REFUSAL
            && let Some(interval) = self.device_interval(&request_params(request))
        {
            told.push(("interval", interval.into()));
        }
        Encoding::asked_for(request).write(refusal.status, &told)
    }

    fn redeem(&mut self, params: &Params, now: Moment) -> Result<Members, Refusal> {
        let is_device_code = params.get("grant_type") == Some(DeviceCode::GRANT_TYPE);
        // Of a device no secret is asked (docs/github.md §6); one that is sent has to be right.
        if is_device_code && params.get("client_secret").is_none() {
            self.recognise_client(params)?;
        } else {
            self.authenticate_client(params)?;
        }
        match params.get("grant_type").unwrap_or_default() {
            // The last is not a grant type of GitHub's, but a secret scanner relies on it being read as a code exchange.
            "" | "authorization_code" | "client_credentials" => self.redeem_code(params, now),
            "refresh_token" => self.refresh(params, now),
            DeviceCode::GRANT_TYPE => self.redeem_device_code(params, now),
            _ => Err(UNSUPPORTED_GRANT_TYPE),
        }
    }

    fn recognise_client(&self, params: &Params) -> Result<(), Refusal> {
        if params.get("client_id") == Some(self.options.app.client_id.as_str()) {
            return Ok(());
        }
        Err(match self.options.habits.unknown_client {
            UnknownClientAnswer::NotFound => NOT_FOUND,
            UnknownClientAnswer::IncorrectClientCredentials => INCORRECT_CLIENT_CREDENTIALS,
        })
    }

    pub(crate) fn authenticate_client(&self, params: &Params) -> Result<(), Refusal> {
        self.recognise_client(params)?;
        let secret = params.get("client_secret").unwrap_or_default();
        if same(self.options.app.client_secret.reveal(), secret) {
            Ok(())
        } else {
            Err(INCORRECT_CLIENT_CREDENTIALS)
        }
    }

    fn redeem_code(&mut self, params: &Params, now: Moment) -> Result<Members, Refusal> {
        let redirect_uri = params.get("redirect_uri").filter(|uri| !uri.is_empty());
        if redirect_uri.is_some_and(|uri| !self.is_registered(uri)) {
            return Err(MISMATCH_AT_EXCHANGE);
        }
        let name = params.get("code").unwrap_or_default();
        let code = self
            .codes
            .get(name)
            .filter(|code| code.client_id == self.options.app.client_id)
            .filter(|code| now.since(code.issued) < CODE_LIFETIME)
            .filter(|_| !self.options.habits.redeemed_elsewhere)
            .ok_or(BAD_VERIFICATION_CODE)?;
        if !self.is_bound_to(code, redirect_uri) {
            return Err(MISMATCH_AT_EXCHANGE);
        }
        if let Some(challenge) = &code.challenge {
            match params.get("code_verifier").unwrap_or_default() {
                "" => return Err(VERIFIER_MISSING),
                verifier if !same(challenge, &pkce::challenge(verifier)) => return Err(VERIFIER_WRONG),
                _ => {}
            }
        }
        if !self.options.account.email_verified {
            return Err(UNVERIFIED_USER_EMAIL);
        }
        let Code { scopes, offline, .. } = self.codes.take(name).ok_or(BAD_VERIFICATION_CODE)?;
        let expiring = self.is_expiring(offline);
        Ok(self.issue(scopes, expiring, now))
    }

    /// Whether the app's tokens expire: its own setting, else its kind's and the habit; `offline_access` asks for it.
    pub(crate) fn is_expiring(&self, offline: bool) -> bool {
        let (app, habits) = (&self.options.app, &self.options.habits);
        let by_default = habits.expiring_tokens || app.kind == AppKind::GitHubApp;
        app.expiring_tokens.unwrap_or(by_default) || (habits.offline_access && offline)
    }

    /// What an access token of the app begins with.
    pub(crate) fn prefix(&self) -> &'static str {
        match (self.options.habits.dialect, self.options.app.kind) {
            (Dialect::Rfc6749, _) => "",
            (Dialect::GitHub, AppKind::OAuthApp) => "gho_",
            (Dialect::GitHub, AppKind::GitHubApp) => "ghu_",
        }
    }

    /// A code belongs to the redirect URI it was sent to. Where the exchange names none, the default is meant, which only
    /// fits a code that went to (a port or a part of) the first registered one.
    fn is_bound_to(&self, code: &Code, redirect_uri: Option<&str>) -> bool {
        redirect_uri.map_or_else(
            || {
                let first = self.options.app.registered.first();
                first.is_some_and(|first| redirect_matching::matches(first, &code.redirect_uri))
            },
            |uri| uri == code.redirect_uri,
        )
    }

    pub(crate) fn issue(&mut self, scopes: Vec<String>, expiring: bool, now: Moment) -> Members {
        let family = self.new_family();
        self.issue_in(family, scopes, expiring, now)
    }

    /// Tokens that come of earlier ones are of their family.
    pub(crate) fn issue_in(
        &mut self,
        family: Family,
        scopes: Vec<String>,
        expiring: bool,
        now: Moment,
    ) -> Members {
        let client_id = self.options.app.client_id.clone();
        self.make_room(&client_id, family, &scopes, now);
        let rfc = self.options.habits.dialect == Dialect::Rfc6749;
        let access_token = self.new_token(self.prefix(), 36);
        self.tokens.put(
            access_token.clone(),
            AccessToken {
                client_id: client_id.clone(),
                scopes: scopes.clone(),
                issued: now,
                last_used: None,
                expires: expiring.then(|| now.plus(TOKEN_LIFETIME * 1000)),
                family,
            },
        );
        let mut members: Members = vec![("access_token", access_token.clone().into())];
        let scope = scopes.join(if rfc { " " } else { "," });
        if expiring {
            let refresh_token = self.new_token(if rfc { "" } else { "ghr_" }, 76);
            members.extend([
                ("expires_in", TOKEN_LIFETIME.into()),
                ("refresh_token", refresh_token.clone().into()),
            ]);
            if !rfc {
                members.push(("refresh_token_expires_in", REFRESH_TOKEN_LIFETIME.into()));
            }
            self.refresh_tokens.put(
                refresh_token,
                RefreshToken {
                    access_token,
                    client_id,
                    scopes,
                    issued: now,
                    family,
                },
            );
        }
        members.extend([("scope", scope.into()), ("token_type", "bearer".into())]);
        members
    }

    /// Revokes one of ten tokens: the oldest that was never used and is older than a minute, else the least recently used,
    /// else the oldest.
    fn make_room(&mut self, client_id: &str, family: Family, scopes: &[String], now: Moment) {
        let set = |scopes: &[String]| {
            let mut set = scopes.to_vec();
            set.sort_unstable();
            set
        };
        let wanted = set(scopes);
        let alike: Vec<_> = self
            .tokens
            .iter()
            .filter(|(_, token)| {
                token.client_id == client_id
                    && token.family.account == family.account
                    && set(&token.scopes) == wanted
            })
            .collect();
        if alike.len() < TOKENS_PER_SCOPE_SET {
            return;
        }
        let idle = alike
            .iter()
            .find(|(_, token)| token.last_used.is_none() && now.since(token.issued) > 60_000);
        let used = || {
            alike
                .iter()
                .filter(|(_, token)| token.last_used.is_some())
                .min_by_key(|(_, token)| token.last_used)
        };
        let victim = idle
            .or_else(used)
            .or_else(|| alike.first())
            .map(|(name, _)| (*name).to_owned());
        if let Some(name) = victim {
            self.tokens.take(&name);
        }
    }

    /// A token of letters and digits. Real ones end in a checksum; these do not, so no scanner takes them for real.
    pub(crate) fn new_token(&mut self, prefix: &str, chars: usize) -> String {
        const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        let mut token = prefix.to_owned();
        while token.len() < prefix.len() + chars {
            // 248 is the greatest multiple of 62 in a byte: without it some characters would come up more often.
            let fair = self.entropy.draw().into_iter().filter(|byte| *byte < 248);
            let room = prefix.len() + chars - token.len();
            token.extend(
                fair.take(room)
                    .map(|byte| char::from(ALPHABET[usize::from(byte % 62)])),
            );
        }
        token
    }
}
