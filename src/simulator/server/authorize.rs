//! The authorization endpoint (docs/github.md §1): what is checked before a person is asked, and what their answer leads to.

use crate::{
    oauth::{
        http::{HttpRequest, HttpResponse},
        params::{Params, split_scope},
        pkce, redirect_matching,
        time::Moment,
    },
    providers::github::{
        errors::{
            ACCESS_DENIED, APPLICATION_SUSPENDED, CHALLENGE_REFUSED, MISMATCH_AT_AUTHORIZATION, Refusal,
        },
        scopes::{self, Requested},
    },
    simulator::{
        Code, Decision, Grant, Simulator,
        options::{AppKind, Dialect, MismatchAnswer},
        server::{
            bounded_store::same,
            pages::{self, ConsentPage},
            response::{of_rfc_6749, redirect, redirect_params},
            session::AUTHORIZE,
            texts::Words,
        },
    },
};

/// Sign-ins of one person within an hour after which GitHub asks for consent again.
pub(crate) const SIGN_INS_PER_HOUR: usize = 10;
const HOUR: u64 = 3_600_000;

/// An authorization request that passed every check.
struct Asked {
    /// The redirect URI that was sent, or the first registered one.
    redirect_uri: String,
    state: Option<String>,
    /// `None` where no scope was asked for.
    requested: Option<Requested>,
    challenge: Option<String>,
    /// `prompt=select_account`
    select_account: bool,
}

impl Simulator {
    /// `GET /login/oauth/authorize`
    pub(crate) fn authorization_page(&mut self, request: &HttpRequest, now: Moment) -> HttpResponse {
        let asked = match self.check(request) {
            Ok(asked) => asked,
            Err(response) => return response,
        };
        let target = format!("{AUTHORIZE}?{}", request.query().unwrap_or_default());
        let Some((_, session)) = self.session(request).filter(|(_, session)| session.signed_in) else {
            return self.sign_in_page(request, &target, None);
        };
        let granted = self.grants.get(&self.grant_key());
        if asked.requested.is_none()
            && granted.is_some()
            && !asked.select_account
            && self.sign_ins_within_the_hour(now) < SIGN_INS_PER_HOUR
        {
            return self.approve(&asked, now);
        }
        let app = &self.options.app;
        let requested = asked.requested.clone().unwrap_or_else(|| Requested {
            scopes: granted.map(|grant| grant.scopes.clone()).unwrap_or_default(),
            ..Requested::default()
        });
        pages::consent(
            Words::asked_for(request),
            &ConsentPage {
                app: &app.name,
                client_id: &app.client_id,
                account: &self.options.account.login,
                redirect_uri: &asked.redirect_uri,
                requested: &requested,
                authenticity_token: &session.authenticity_token,
                action: &target,
            },
        )
    }

    /// `POST /login/oauth/authorize`: the decision. The request it is about is in the URL and is checked again.
    pub(crate) fn decision(&mut self, request: &HttpRequest, now: Moment) -> HttpResponse {
        let asked = match self.check(request) {
            Ok(asked) => asked,
            Err(response) => return response,
        };
        let form = Params::decode(&String::from_utf8_lossy(&request.body));
        let token = form.get("authenticity_token").unwrap_or_default();
        let genuine = self
            .session(request)
            .is_some_and(|(_, session)| session.signed_in && same(&session.authenticity_token, token));
        if !genuine {
            let again = format!("{AUTHORIZE}?{}", request.query().unwrap_or_default());
            return pages::stale(Words::asked_for(request), &again);
        }
        if form.get("authorize") == Some("1") {
            self.approve(&asked, now)
        } else {
            self.refuse(&ACCESS_DENIED, &asked.redirect_uri, asked.state.as_deref())
        }
    }

    /// The answer to a request that somebody decided about without a page.
    pub(crate) fn decided(&mut self, request: &HttpRequest, decision: Decision, now: Moment) -> HttpResponse {
        match (self.check(request), decision) {
            (Err(response), _) => response,
            (Ok(asked), Decision::Approve) => self.approve(&asked, now),
            (Ok(asked), Decision::Deny) => {
                self.refuse(&ACCESS_DENIED, &asked.redirect_uri, asked.state.as_deref())
            }
        }
    }

    /// Client, suspension, redirect URI, PKCE, in this order. Nothing of it needs a person, so it comes before the sign-in.
    fn check(&self, request: &HttpRequest) -> Result<Asked, HttpResponse> {
        let params = Params::decode(request.query().unwrap_or_default());
        let value = |name: &str| params.get(name).filter(|value| !value.is_empty());
        let app = &self.options.app;
        let words = Words::asked_for(request);
        let client_id = params.get("client_id").unwrap_or_default();
        if client_id != app.client_id {
            return Err(pages::unknown_client(words, client_id, &app.client_id));
        }
        let state = params.get("state");
        let first = app.registered.first().map(|registered| registered.uri.as_str());
        let sent = value("redirect_uri");
        let matching = match sent {
            Some(uri) => self.is_registered(uri).then_some(uri),
            None => first,
        };
        if app.suspended
            && let Some(target) = matching.or(first)
        {
            return Err(self.refuse(&APPLICATION_SUSPENDED, target, state));
        }
        let Some(target) = matching else {
            return Err(match (self.options.habits.mismatch, first) {
                (MismatchAnswer::Redirect, Some(first)) => {
                    self.refuse(&MISMATCH_AT_AUTHORIZATION, first, state)
                }
                _ => pages::be_careful(words, sent.unwrap_or_default(), &app.registered),
            });
        };
        let challenge = value("code_challenge").filter(|_| self.options.habits.pkce);
        if self.options.habits.pkce && !is_good_pair(challenge, value("code_challenge_method")) {
            return Err(self.refuse(&CHALLENGE_REFUSED, target, state));
        }
        Ok(Asked {
            redirect_uri: target.to_owned(),
            state: state.map(str::to_owned),
            // A GitHub App has permissions; scopes say nothing to it.
            requested: value("scope")
                .filter(|_| app.kind == AppKind::OAuthApp)
                .map(|scope| match self.options.habits.dialect {
                    Dialect::GitHub => scopes::read(scope),
                    Dialect::Rfc6749 => as_asked(scope),
                }),
            challenge: challenge.map(str::to_owned),
            select_account: value("prompt") == Some("select_account"),
        })
    }

    /// True when the app has a registration that this redirect URI matches.
    pub(crate) fn is_registered(&self, uri: &str) -> bool {
        let registered = &self.options.app.registered;
        registered
            .iter()
            .any(|known| redirect_matching::matches(known, uri))
    }

    /// Notes the grant, issues a code and sends the browser back with it.
    fn approve(&mut self, asked: &Asked, now: Moment) -> HttpResponse {
        let client_id = self.options.app.client_id.clone();
        let key = self.grant_key();
        let mut granted = self
            .grants
            .take(&key)
            .map(|grant| grant.scopes)
            .unwrap_or_default();
        let (mut scopes, offline) = match &asked.requested {
            Some(requested) => (requested.scopes.clone(), requested.offline),
            None => (granted.clone(), false),
        };
        scopes.retain(|scope| !self.options.account.withholds.contains(scope));
        granted.extend(scopes.iter().cloned());
        let grant = Grant {
            scopes: scopes::normalised(&granted),
        };
        self.grants.put(key, grant);
        self.sign_ins.push_back(now);
        if self.sign_ins.len() > SIGN_INS_PER_HOUR {
            self.sign_ins.pop_front();
        }
        let code = self.entropy.draw_hex(20);
        self.codes.put(
            code.clone(),
            Code {
                client_id,
                redirect_uri: asked.redirect_uri.clone(),
                scopes,
                offline,
                challenge: asked.challenge.clone(),
                issued: now,
                account: self.options.account.id,
            },
        );
        // Alphabetical order, as observed.
        let mut params = Params::default();
        params.push("code", code);
        if self.options.habits.iss {
            params.push("iss", self.issuer());
        }
        if let Some(state) = &asked.state {
            params.push("state", state);
        }
        redirect(&with_params(&asked.redirect_uri, &params))
    }

    /// The issuer identifier (RFC 9207), GitHub's with the simulator's own origin.
    pub(crate) fn issuer(&self) -> String {
        match self.options.habits.dialect {
            Dialect::GitHub => format!("{}/login/oauth", self.options.base_url),
            Dialect::Rfc6749 => self.options.base_url.clone(),
        }
    }

    /// An error on the redirect. It carries no `iss`: none was ever seen there.
    fn refuse(&self, refusal: &Refusal, redirect_uri: &str, state: Option<&str>) -> HttpResponse {
        let refusal = match self.options.habits.dialect {
            Dialect::GitHub => *refusal,
            Dialect::Rfc6749 => of_rfc_6749(*refusal, false),
        };
        redirect(&with_params(redirect_uri, &redirect_params(&refusal, state)))
    }

    fn sign_ins_within_the_hour(&self, now: Moment) -> usize {
        self.sign_ins.iter().filter(|at| now.since(**at) < HOUR).count()
    }
}

/// Each needs the other, the method is `S256`, the challenge has the 43 characters of a SHA-256 value in base64url.
fn is_good_pair(challenge: Option<&str>, method: Option<&str>) -> bool {
    match (challenge, method) {
        (None, None) => true,
        (Some(challenge), Some(method)) => {
            method == pkce::S256
                && challenge.len() == 43
                && challenge
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        }
        _ => false,
    }
}

/// The scopes of another provider: every word is one, and none contains another.
fn as_asked(scope: &str) -> Requested {
    let mut scopes = split_scope(scope);
    let offline = scopes.iter().any(|scope| scope == scopes::OFFLINE_ACCESS);
    scopes.dedup();
    Requested {
        scopes,
        offline,
        ..Requested::default()
    }
}

fn with_params(redirect_uri: &str, params: &Params) -> String {
    let separator = if redirect_uri.contains('?') { '&' } else { '?' };
    format!("{redirect_uri}{separator}{}", params.encode())
}
