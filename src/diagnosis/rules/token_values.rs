//! The tokens of a transcript as the rules compare them: those that were issued, and those that requests were about. Whether their
//! characters are there or only the facts that were saved of them, the answers are the same.

use crate::{
    diagnosis::{
        context::{Facts, TokenExchange},
        finding::Certainty,
        rule::Code,
    },
    flow::{
        secret_facts::{Place, SecretView},
        transcript::Purpose,
    },
    oauth::{secret::MASK, token::TokenResponse},
};

/// How sure it is that two tokens are the same; `None` where they are not. Of one whose characters are hidden, and of which nothing
/// was saved, only its ends and its length are known.
pub(super) fn same(one: SecretView<'_>, other: SecretView<'_>) -> Option<Certainty> {
    match one.equals(other) {
        Some(true) => return Some(Certainty::Observed),
        Some(false) => return None,
        None => {}
    }
    let (one, other) = (one.text(), other.text());
    let fits = one.chars().count() == other.chars().count()
        && one
            .chars()
            .zip(other.chars())
            .all(|(a, b)| a == b || a == MASK || b == MASK);
    // Of a short one nothing at all is shown.
    (fits && one.chars().any(|c| c != MASK)).then_some(Certainty::Likely)
}

/// The token that a request is about, where there is one.
pub(super) fn token_of<'f>(facts: &'f Facts<'_>, exchange: &'f TokenExchange<'_>) -> Option<SecretView<'f>> {
    let bearer = || {
        let header = exchange.exchange.request?.header("authorization")?;
        let (scheme, token) = header.split_once(' ')?;
        (scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("token")).then_some(token)
    };
    let text = match exchange.exchange.purpose {
        Purpose::User => bearer(),
        _ if exchange.is_refresh() => exchange.sent.get("refresh_token"),
        _ => exchange
            .sent
            .get("token")
            .or_else(|| exchange.sent.get("access_token")),
    };
    Some(facts.secret_of(&exchange.exchange, Place::Token, text?))
}

/// The refresh token that a refresh sent, where it is not empty.
pub(super) fn refresh_token_sent<'f>(
    facts: &'f Facts<'_>,
    exchange: &'f TokenExchange<'_>,
) -> Option<SecretView<'f>> {
    let sent = exchange.is_refresh().then(|| token_of(facts, exchange))?;
    sent.filter(|token| !token.is_empty())
}

/// The access token that an answer brought.
pub(super) fn access_token<'f>(
    facts: &'f Facts<'_>,
    exchange: &'f TokenExchange<'_>,
) -> Option<SecretView<'f>> {
    let text = exchange.token()?.access_token.reveal();
    Some(facts.secret_received(&exchange.exchange, Place::AccessToken, text))
}

/// The refresh token that an answer brought.
pub(super) fn refresh_token<'f>(
    facts: &'f Facts<'_>,
    exchange: &'f TokenExchange<'_>,
) -> Option<SecretView<'f>> {
    let text = exchange.token()?.refresh_token.as_ref()?.reveal();
    Some(facts.secret_received(&exchange.exchange, Place::RefreshToken, text))
}

/// Where a token came from.
pub(super) struct Issue<'f, 't> {
    /// The exchange that brought it.
    pub by: &'f TokenExchange<'t>,
    /// Its answer.
    pub token: &'f TokenResponse,
    /// How sure it is that it is this one.
    pub certainty: Certainty,
}

/// The latest earlier exchange that brought this token: `which` says as which of the pair.
pub(super) fn issue<'f, 't>(
    facts: &'f Facts<'t>,
    token: SecretView<'_>,
    which: for<'a, 'b> fn(&'a Facts<'b>, &'a TokenExchange<'b>) -> Option<SecretView<'a>>,
) -> Option<Issue<'f, 't>> {
    facts.earlier().iter().rev().find_map(|by| {
        Some(Issue {
            by,
            token: by.token()?,
            certainty: same(which(facts, by)?, token)?,
        })
    })
}

/// The latest earlier exchange about this token whose answer means one of these.
pub(super) fn done_with<'f, 't>(
    facts: &'f Facts<'t>,
    token: SecretView<'_>,
    codes: &[Code],
) -> Option<(&'f TokenExchange<'t>, Certainty)> {
    facts.earlier().iter().rev().find_map(|exchange| {
        let meaning = exchange.meaning()?;
        let about = codes
            .contains(&meaning)
            .then(|| token_of(facts, exchange))
            .flatten()?;
        Some((exchange, same(about, token)?))
    })
}

/// The current exchange and the token that it is about.
pub(super) fn asked<'f, 't>(facts: &'f Facts<'t>) -> Option<(&'f TokenExchange<'t>, SecretView<'f>)> {
    let current = facts.current().filter(|current| current.is_after_token())?;
    Some((current, token_of(facts, current)?))
}

/// The same where the answer is that the token is not good.
pub(super) fn not_good<'f, 't>(facts: &'f Facts<'t>) -> Option<(&'f TokenExchange<'t>, SecretView<'f>)> {
    let refused = matches!(
        facts.meaning,
        Some(
            Code::TokenUnknownToApp
                | Code::TokenNotProcessable
                | Code::TokenInactive
                | Code::TokenTypeUnsupported
                | Code::TokenOfAnotherClient
                | Code::TokenRefusedByApi
        )
    );
    asked(facts).filter(|_| refused)
}

/// The same of a refresh whose token was refused.
pub(super) fn refused_refresh<'f, 't>(
    facts: &'f Facts<'t>,
) -> Option<(&'f TokenExchange<'t>, SecretView<'f>)> {
    let current = facts
        .current()
        .filter(|_| facts.meaning == Some(Code::BadRefreshToken))?;
    Some((current, refresh_token_sent(facts, current)?))
}
