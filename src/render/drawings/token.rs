//! The good result: what the token is, which scopes were asked for and granted, and the proof that it works.

use std::collections::{HashMap, hash_map::Entry};

use crate::{
    diagnosis::context::Facts,
    flow::{
        grants::GrantKind,
        transcript::{Exchange, Purpose},
    },
    oauth::{http::HttpResponse, params::split_scope, token::TokenResponse},
    providers::github::formats::{TokenKind, token_kind, token_prefix},
    render::{
        drawings::sequence::status_words,
        duration,
        text::{
            layout::{self, hanging, paragraph, widest},
            line::{Line, Tone, clean},
        },
        told,
    },
    text::{catalog::Messages, template::filled},
};

/// So many scopes are drawn; how many more there are is said.
const DRAWN_SCOPES: usize = 60;

/// Draws the token of the latest exchange; nothing when there is none.
pub fn draw(facts: &Facts<'_>, messages: &Messages, width: usize, reveal: bool) -> Vec<Line> {
    let width = width.max(layout::NARROWEST);
    let prose = &messages.pictures().token;
    let Some(token) = facts.present_exchange().and_then(|exchange| exchange.token()) else {
        return Vec::new();
    };
    let indent = widest(
        [
            &prose.token,
            &prose.kind,
            &prose.token_type,
            &prose.lifetime,
            &prose.refresh_token,
            &prose.proof,
        ]
        .map(String::as_str),
    ) + 2;
    let mut lines = Vec::new();
    let mut fact = |label: &str, text: &str, tone: Tone| {
        lines.extend(hanging(Line::new(label, Tone::Label), text, tone, indent, width));
    };
    let revealed = token.access_token.reveal();
    let shown = if reveal {
        clean(revealed)
    } else {
        shown_token(revealed)
    };
    fact(&prose.token, &shown, Tone::Value);
    fact(
        &prose.kind,
        &format!("✓ {}", messages.pictures().token_kind.of(&token_kind(revealed))),
        Tone::Good,
    );
    let token_type = if token.token_type.is_empty() {
        prose.not_said.clone()
    } else {
        told(&token.token_type)
    };
    fact(&prose.token_type, &token_type, Tone::Plain);
    // A pasted token is told by its prefix.
    let ends_unused = facts.profile().ends_unused_tokens
        && (facts.configuration().is_some() || token_kind(token.access_token.reveal()) != TokenKind::Unknown);
    let lifetime = |seconds: Option<u64>| match seconds {
        Some(seconds) => filled(
            &prose.expires,
            &[("duration", &duration(seconds.saturating_mul(1000), messages))],
        ),
        None if ends_unused => prose.no_expiry.clone(),
        None => prose.no_expiry_elsewhere.clone(),
    };
    fact(&prose.lifetime, &lifetime(token.expires_in), Tone::Plain);
    if let Some(refresh) = &token.refresh_token {
        let shown = if reveal {
            clean(refresh.reveal())
        } else {
            shown_token(refresh.reveal())
        };
        let text = format!(
            "{shown}{}{}",
            messages.pictures().units.list,
            lifetime(token.refresh_token_expires_in)
        );
        fact(&prose.refresh_token, &text, Tone::Plain);
    }
    let (proof, tone) = proof(facts, messages);
    fact(&prose.proof, &proof, tone);
    lines.push(Line::default());
    lines.extend(scopes(token, facts, messages, width));
    lines
}

/// The known prefix of a token and a mask of fixed length behind it.
fn shown_token(token: &str) -> String {
    format!(
        "{}{}",
        token_prefix(token).unwrap_or_default(),
        crate::oauth::secret::MASK.to_string().repeat(12)
    )
}

/// The latest `GET /user` of the present attempt.
pub(crate) fn user_exchange<'f, 't>(facts: &'f Facts<'t>) -> Option<&'f Exchange<'t>> {
    let token_at = facts.present_exchange()?.exchange.sent_at;
    facts
        .other_exchanges
        .iter()
        .rev()
        .find(|e| e.purpose == Purpose::User && e.sent_at >= token_at)
}

/// Whom the latest `GET /user` of the present attempt named.
pub fn user_login(facts: &Facts<'_>) -> Option<String> {
    let response = user_exchange(facts)?
        .response
        .filter(|response| response.status == 200)?;
    login(response).map(|login| clean(&login))
}

/// The `login` in an answer of `GET /user`.
pub(crate) fn login(response: &HttpResponse) -> Option<String> {
    let body: serde_json::Value = serde_json::from_slice(&response.body).ok()?;
    body.get("login")?.as_str().map(str::to_owned)
}

fn proof(facts: &Facts<'_>, messages: &Messages) -> (String, Tone) {
    let prose = &messages.pictures().token;
    let Some(exchange) = user_exchange(facts) else {
        return (prose.not_tried.clone(), Tone::Dim);
    };
    match (exchange.response, exchange.failure) {
        (Some(response), _) => {
            let status = status_words(response.status, messages);
            let login = login(response).filter(|_| (200..300).contains(&response.status));
            let (mut text, tone) = match login {
                Some(login) => {
                    let values = [("login", told(&login)), ("status", status)];
                    let values: Vec<(&str, &str)> = values.iter().map(|(n, v)| (*n, v.as_str())).collect();
                    (format!("✓ {}", filled(&prose.works_for, &values)), Tone::Good)
                }
                None => (
                    format!("✗ {}", filled(&prose.proof_failed, &[("status", &status)])),
                    Tone::Bad,
                ),
            };
            if let Some(scopes) = response.header("x-oauth-scopes") {
                text.push_str(&messages.pictures().units.list);
                let scopes = Some(told(scopes)).filter(|scopes| !scopes.trim().is_empty());
                let scopes = scopes.as_deref().unwrap_or(&prose.none);
                text.push_str(&filled(&prose.api_scopes, &[("scopes", scopes)]));
            }
            (text, tone)
        }
        (None, Some(failure)) => {
            let reason = messages.pictures().failure.of(&failure.kind);
            (
                format!("! {}", filled(&prose.proof_unanswered, &[("reason", reason)])),
                Tone::Warn,
            )
        }
        (None, None) => (messages.pictures().message.waiting.clone(), Tone::Dim),
    }
}

/// Scopes asked for and granted, a scope a row.
fn scopes(token: &TokenResponse, facts: &Facts<'_>, messages: &Messages, width: usize) -> Vec<Line> {
    let prose = &messages.pictures().token;
    let requested = requested_scopes(facts);
    // Whether each was asked for, and whether it was given.
    let mut known: HashMap<&str, (bool, bool)> = HashMap::new();
    let mut names: Vec<&str> = Vec::new();
    let asked_for = requested.iter().flatten().map(|name| (name, (true, false)));
    let given = token.scope.iter().flatten().map(|name| (name, (false, true)));
    for (name, (asked, granted)) in asked_for.chain(given) {
        match known.entry(name) {
            Entry::Occupied(mut entry) => {
                let before = *entry.get();
                entry.insert((before.0 || asked, before.1 || granted));
            }
            Entry::Vacant(entry) => {
                entry.insert((asked, granted));
                if names.len() < DRAWN_SCOPES {
                    names.push(name);
                }
            }
        }
    }
    let more = known.len() - names.len();
    let mut lines = paragraph(&prose.scopes, Tone::Label, width);
    let shown: Vec<String> = names.iter().map(|name| told(name)).collect();
    let first =
        (widest(shown.iter().map(String::as_str).chain([prose.requested.as_str()])) + 4).min(width / 2 - 2);
    let mut header = Line::new("  ", Tone::Plain).then(&prose.requested, Tone::Dim);
    header = header.pad_to(first).then(&prose.granted, Tone::Dim);
    lines.push(header);
    let unsaid = match (&requested, &token.scope) {
        (None, _) => Some(&prose.not_known),
        (_, None) => Some(&prose.not_said),
        _ => None,
    };
    if names.is_empty() {
        lines.push(
            Line::new("  ", Tone::Plain)
                .then(&prose.none, Tone::Dim)
                .pad_to(first)
                .then(&prose.none, Tone::Dim),
        );
    }
    for (name, shown) in names.iter().zip(&shown) {
        let (asked, granted) = known.get(*name).copied().unwrap_or_default();
        let mut broader = token.scope.iter().flatten().filter(|_| asked && !granted);
        let by = broader.find(|broad| includes(broad, name));
        let (text, tone) = match (asked, granted, by) {
            (_, true, _) if asked || requested.is_none() => (format!("✓ {shown}"), Tone::Good),
            (false, true, _) => (
                format!(
                    "! {shown}{}{}",
                    messages.pictures().units.list,
                    prose.not_requested
                ),
                Tone::Warn,
            ),
            (true, false, Some(by)) => (
                format!("✓ {}", filled(&prose.included, &[("scope", &told(by))])),
                Tone::Good,
            ),
            // GitHub keeps `offline_access` out of the list of scopes (docs/github.md §4): the refresh token is its answer.
            (true, false, None) if *name == "offline_access" && token.refresh_token.is_some() => {
                ("✓ refresh_token".to_owned(), Tone::Good)
            }
            (true, false, None) if token.scope.is_some() => (format!("! {}", prose.not_granted), Tone::Warn),
            _ => (prose.not_said.clone(), Tone::Dim),
        };
        let left = if asked { shown.as_str() } else { "-" };
        let label = Line::new("  ", Tone::Plain).then(left, Tone::Value);
        lines.extend(hanging(label, &text, tone, first, width));
    }
    if more > 0 {
        lines.push(Line::new(format!("  … +{more}"), Tone::Dim));
    }
    if let Some(unsaid) = unsaid.filter(|_| names.is_empty() || requested.is_none()) {
        lines.extend(layout::indented(paragraph(unsaid, Tone::Dim, width - 2), 2));
    }
    lines
}

/// The scopes of the authorization request; `None` where the request is not known. Of a token that was there before it is not: a
/// refresh without `scope` asks for what was granted (RFC 6749 §6).
pub(crate) fn requested_scopes(facts: &Facts<'_>) -> Option<Vec<String>> {
    let (_, configuration, _) = facts.authorization?;
    let asked = if configuration.grant == GrantKind::HeldToken {
        facts.sent("scope")?
    } else {
        facts.authorize_param("scope").unwrap_or_default()
    };
    Some(split_scope(asked))
}

/// True when GitHub folds one scope into another (docs/github.md §4, "Normalised"): `user:email` into `user`, `read:org`
/// into `write:org` and `admin:org`, `public_repo` into `repo`.
fn includes(broad: &str, narrow: &str) -> bool {
    let below = |name: &str| {
        narrow
            .strip_prefix(name)
            .is_some_and(|rest| rest.starts_with(':'))
    };
    let rank = |verb: &str| ["read", "write", "admin"].iter().position(|v| *v == verb);
    match (broad.split_once(':'), narrow.split_once(':')) {
        (None, _) => {
            below(broad)
                || (broad == "repo"
                    && ["public_repo", "repo_deployment", "security_events"].contains(&narrow))
                || narrow.strip_prefix("read:") == Some(broad)
        }
        (Some((a, x)), Some((b, y))) => x == y && rank(a) > rank(b) && rank(b).is_some(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::render::drawings::token::includes;

    #[test]
    fn narrower_scopes_are_included() {
        for (broad, narrow, included) in [
            ("user", "user:email", true),
            ("user", "read:user", true),
            ("admin:org", "read:org", true),
            ("read:org", "admin:org", false),
            ("repo", "public_repo", true),
            ("repo", "repo", false),
            ("gist", "repo", false),
        ] {
            assert_eq!(includes(broad, narrow), included, "{broad} {narrow}");
        }
    }
}
