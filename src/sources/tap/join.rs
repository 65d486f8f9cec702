//! Which attempt a message belongs to. What two messages share is looked for, from the surest to the weakest; where several
//! attempts fit equally well none is chosen, since a wrong one would be told as seen.

use std::collections::VecDeque;

use crate::{
    diagnosis::context::response_params,
    oauth::{authorization::AuthorizationRequest, http::HttpRequest, pkce, token::request_params},
    sources::tap::{Attempt, Passed},
};

/// A person signs in and consents within this time, in milliseconds. Codes live as long at most (RFC 6749 §4.1.2).
const PATIENCE: u64 = 15 * 60 * 1000;
/// So many attempts are looked at, the latest first.
const LOOKED_AT: usize = 200;

type Attempts = VecDeque<Attempt>;

fn latest(attempts: &Attempts, fits: impl Fn(&Attempt) -> bool) -> Option<usize> {
    attempts.iter().rposition(fits)
}

/// The attempt whose authorization request this is, sent again: a reload, or the way back from signing in.
pub(super) fn same_request(attempts: &Attempts, request: &AuthorizationRequest) -> Option<usize> {
    latest(attempts, |attempt| {
        attempt.exchanges == 0 && !attempt.has_ended() && attempt.asked.as_ref() == Some(&request.params)
    })
}

/// By `state`, else by the redirect URI where one attempt alone waits there.
pub(super) fn of_redirect(attempts: &Attempts, redirect: &HttpRequest) -> Option<usize> {
    let params = response_params(redirect);
    if let Some(state) = params.get("state").filter(|state| !state.is_empty()) {
        return latest(attempts, |attempt| asked(attempt, "state") == Some(state));
    }
    let target = redirect.url.split(['?', '#']).next().unwrap_or_default();
    only(attempts, |attempt| {
        !attempt.code_issued
            && attempt.exchanges == 0
            && asked(attempt, "redirect_uri").is_some_and(|uri| uri.split('?').next() == Some(target))
    })
}

/// By the code, by PKCE, by a token; else by the client, where one attempt alone waits for its token.
pub(super) fn of_token_request(attempts: &Attempts, passed: &Passed) -> Option<usize> {
    if passed.request_cut {
        return None;
    }
    let sent = request_params(&passed.request);
    let value = |name: &str| sent.get(name).filter(|value| !value.is_empty());
    if let Some(code) = value("code")
        && let Some(at) = latest(attempts, |attempt| {
            attempt.codes.iter().any(|known| known == code)
        })
    {
        return Some(at);
    }
    if let Some(verifier) = value("code_verifier") {
        let challenge = pkce::challenge(verifier);
        let fits = |attempt: &Attempt| {
            asked(attempt, "code_challenge").is_some_and(|asked| asked == challenge || asked == verifier)
        };
        if let Some(at) = latest(attempts, fits) {
            return Some(at);
        }
    }
    if let Some(code) = value("device_code") {
        return latest(attempts, |attempt| {
            attempt.device_codes.iter().any(|known| known.reveal() == code)
        });
    }
    if let Some(token) = value("refresh_token") {
        return latest(attempts, |attempt| has_token(attempt, token));
    }
    if value("grant_type").is_some_and(|grant| grant != "authorization_code") {
        return None;
    }
    // One that came straight before, and nobody else's.
    let client = value("client_id");
    let waits = |attempt: &Attempt| {
        attempt.asked.is_some()
            && attempt.exchanges == 0
            && passed.at.since(attempt.last) <= PATIENCE
            && client.is_none_or(|client| attempt.client_id.as_deref() == Some(client))
    };
    only(attempts, |attempt| {
        waits(attempt)
            && value("redirect_uri").is_none_or(|uri| asked(attempt, "redirect_uri").is_none_or(|a| a == uri))
    })
    .or_else(|| only(attempts, waits))
    .or_else(|| {
        // Another id than that of the one authorization that waits for its token: the mistake, or somebody else's request.
        // Only where nothing else is under way may it be the first.
        let alone = attempts.len() == 1;
        let other =
            |attempt: &Attempt| attempt.asked.is_some() && attempt.exchanges == 0 && attempt.code_issued;
        alone.then(|| only(attempts, other))?
    })
}

/// By the token that a request to the API carries.
pub(super) fn of_bearer(attempts: &Attempts, request: &HttpRequest) -> Option<usize> {
    let (scheme, token) = request.header("authorization")?.split_once(' ')?;
    if !["bearer", "token"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known))
    {
        return None;
    }
    latest(attempts, |attempt| has_token(attempt, token.trim()))
}

fn has_token(attempt: &Attempt, token: &str) -> bool {
    attempt.tokens.iter().any(|known| known.reveal() == token)
}

fn asked<'a>(attempt: &'a Attempt, name: &str) -> Option<&'a str> {
    attempt.asked.as_ref()?.get(name)
}

/// The only one of the latest that fits.
fn only(attempts: &Attempts, fits: impl Fn(&Attempt) -> bool) -> Option<usize> {
    let first = attempts.len().saturating_sub(LOOKED_AT);
    let mut found = None;
    for (at, attempt) in attempts.iter().enumerate().skip(first) {
        if fits(attempt) && found.replace(at).is_some() {
            return None;
        }
    }
    found
}
