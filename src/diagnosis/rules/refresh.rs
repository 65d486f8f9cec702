//! Refreshing (RFC 6749 §6, RFC 9700 §4.14.2): why a refresh token was refused, by comparing it with those that were issued and
//! sent before, and what a good answer means for the tokens that are kept.

use crate::{
    diagnosis::{
        Verdict,
        context::{Facts, TokenExchange},
        finding::{Certainty, Evidence, Finding},
        rule::{Code, RemedyCode},
        rules::token_values::{
            access_token, issue, refresh_token, refresh_token_sent, refused_refresh, same,
        },
    },
    flow::secret_facts::SecretView,
    oauth::params::split_scope,
    providers::github::formats::token_prefix,
};

/// The rules of this topic, a row each; `diagnosis/rule.rs` says what the columns mean.
macro_rules! rows {
    ($then:ident $($before:tt)*) => { $crate::diagnosis::$then! { $($before)*
        /// Refresh: two refreshes with one refresh token were under way at the same time, and one of them lost.
        RefreshRace = "refresh_race": Refresh, Cause, race;

        /// Refresh: a request with this refresh token got no answer; the server may have done it all the same.
        RefreshAnswerLost = "refresh_answer_lost": Refresh, Cause, answer_lost;

        /// Refresh: the refresh token was used before, and is good once (rotation).
        RefreshTokenReused = "refresh_token_reused": Refresh, Cause, reused;

        /// Refresh: an older refresh token was used again before, which ends all that came of it (RFC 9700 §4.14.2).
        RefreshFamilyEnded = "refresh_family_ended": Refresh, Cause, family_ended;

        /// Refresh: there is nothing in `refresh_token`.
        RefreshTokenEmpty = "refresh_token_empty": Refresh, Cause, empty;

        /// Refresh: an access token was sent in place of the refresh token.
        RefreshTokenIsAccessToken = "refresh_token_is_access_token": Refresh, Cause, is_access_token;

        /// Refresh: the client is another one than the token was issued to.
        RefreshClientDiffers = "refresh_client_differs": Refresh, Cause, client_differs;

        /// Refresh: the refresh token's own time is over.
        RefreshTokenTimeOver = "refresh_token_time_over": Refresh, Cause, time_over;

        /// Refresh: more scopes are asked for than were granted (RFC 6749 §6).
        RefreshScopeWider = "refresh_scope_wider": Refresh, Cause, scope_wider;

        /// Refresh: the answer brought another refresh token, and the one that was sent is spent.
        RefreshTokenRotated = "refresh_token_rotated": Refresh, Remark, |f| rotation(f, true);

        /// Refresh: the answer brought no refresh token: the one that was sent goes on.
        RefreshTokenKept = "refresh_token_kept": Refresh, Remark, |f| rotation(f, false);

        /// The token expires, and no refresh token came with it.
        RefreshTokenNotIssued = "refresh_token_not_issued": Refresh, Remark, not_issued;
    } };
}
pub(crate) use rows;

rows! { as_checks }

/// Two refreshes less than so many milliseconds apart are two programs, or two parts of one, rather than one that forgot.
const AT_ONCE: u64 = 10_000;

/// The latest earlier refresh with the same token, and how sure it is that it is the same.
fn earlier_use<'f, 't>(
    facts: &'f Facts<'t>,
    token: SecretView<'_>,
) -> Option<(&'f TokenExchange<'t>, Certainty)> {
    facts.earlier().iter().rev().find_map(|exchange| {
        let before = refresh_token_sent(facts, exchange)?;
        Some((exchange, same(before, token)?))
    })
}

/// When an answer was complete.
fn answered_at(exchange: &TokenExchange<'_>) -> Option<u64> {
    exchange.exchange.response?;
    Some(
        exchange
            .exchange
            .sent_at
            .saturating_add(exchange.exchange.millis?),
    )
}

/// What two refreshes with one token have to do with each other: how long apart they were sent, and whether the later one was
/// sent before the earlier one was answered.
fn apart(earlier: &TokenExchange<'_>, later: &TokenExchange<'_>) -> (u64, bool) {
    let pause = later.exchange.sent_at.saturating_sub(earlier.exchange.sent_at);
    let overlaps = answered_at(earlier).is_none_or(|at| later.exchange.sent_at < at);
    (pause, overlaps)
}

fn race(facts: &Facts<'_>) -> Verdict {
    // Without times nothing is known of what was under way at once.
    if facts.is_pasted() {
        return Verdict::NotEnough;
    }
    let Some(current) = facts.current() else {
        return Verdict::NotEnough;
    };
    let Some((earlier, same)) =
        refresh_token_sent(facts, current).and_then(|token| earlier_use(facts, token))
    else {
        return Verdict::NotEnough;
    };
    let (won, lost) = match (earlier.token(), current.token()) {
        (Some(_), None) if facts.meaning == Some(Code::BadRefreshToken) => (1, 2),
        (None, Some(_)) if earlier.meaning() == Some(Code::BadRefreshToken) => (2, 1),
        _ => return Verdict::NotEnough,
    };
    let (pause, overlaps) = apart(earlier, current);
    if !overlaps && pause >= AT_ONCE {
        return Verdict::NotEnough;
    }
    let certainty = if overlaps {
        same
    } else {
        same.max(Certainty::Likely)
    };
    let finding = Finding::new(Code::RefreshRace, certainty)
        .lasts("time_between", pause)
        .show("refresh_that_won", format!("#{won}"))
        .show("refresh_that_lost", format!("#{lost}"))
        .advise(RemedyCode::RefreshInOnePlace)
        .advise(RemedyCode::KeepNewestRefreshToken);
    if lost == 2 {
        Verdict::Found(finding)
    } else {
        Verdict::Noted(finding)
    }
}

fn answer_lost(facts: &Facts<'_>) -> Verdict {
    let Some((_, token)) = refused_refresh(facts) else {
        return Verdict::NotEnough;
    };
    let lost = facts.earlier().iter().rev().find_map(|exchange| {
        let failure = exchange.exchange.failure?;
        same(refresh_token_sent(facts, exchange)?, token)?;
        Some(failure.detail.clone())
    });
    let Some(reason) = lost else {
        return Verdict::NotEnough;
    };
    Verdict::Found(
        Finding::new(Code::RefreshAnswerLost, Certainty::Likely)
            .show("failure", reason)
            .advise(RemedyCode::SignInAgain),
    )
}

fn reused(facts: &Facts<'_>) -> Verdict {
    let Some((current, token)) = refused_refresh(facts) else {
        return Verdict::NotEnough;
    };
    let first = facts.earlier().iter().find_map(|exchange| {
        exchange.token()?;
        Some((exchange, same(refresh_token_sent(facts, exchange)?, token)?))
    });
    let Some((first, certainty)) = first else {
        return Verdict::NotEnough;
    };
    if !facts.is_pasted() && apart(first, current).1 {
        // That is a race.
        return Verdict::NotEnough;
    }
    let rotated = first.token().is_some_and(|token| token.refresh_token.is_some());
    let certainty = if rotated { certainty } else { Certainty::Possible };
    Verdict::Found(
        Finding::new(Code::RefreshTokenReused, certainty)
            .with(Evidence::secret("refresh_token_sent", token.text()))
            .between(facts, first.exchange.sent_at, current.exchange.sent_at)
            .advise(RemedyCode::KeepNewestRefreshToken)
            .advise(RemedyCode::SignInAgain),
    )
}

/// The newest token is refused after an older one was used a second time.
fn family_ended(facts: &Facts<'_>) -> Verdict {
    let Some((_, token)) = refused_refresh(facts) else {
        return Verdict::NotEnough;
    };
    let earlier = facts.earlier();
    let newest = earlier.iter().rposition(|exchange| {
        refresh_token(facts, exchange).is_some_and(|brought| same(brought, token).is_some())
    });
    let Some(newest) = newest else {
        return Verdict::NotEnough;
    };
    let reuse = earlier[newest + 1..].iter().find(|exchange| {
        exchange.meaning() == Some(Code::BadRefreshToken)
            && refresh_token_sent(facts, exchange).is_some_and(|old| {
                let mut used = earlier[..=newest]
                    .iter()
                    .filter_map(|exchange| refresh_token_sent(facts, exchange));
                used.any(|before| same(before, old).is_some())
            })
    });
    match reuse.and_then(|exchange| refresh_token_sent(facts, exchange)) {
        Some(old) => Verdict::Found(
            Finding::new(Code::RefreshFamilyEnded, Certainty::Likely)
                .with(Evidence::secret("refresh_token_reused", old.text()))
                .with(Evidence::secret("refresh_token_sent", token.text()))
                .advise(RemedyCode::SignInAgain)
                .advise(RemedyCode::RefreshInOnePlace),
        ),
        None => Verdict::NotEnough,
    }
}

fn empty(facts: &Facts<'_>) -> Verdict {
    if !facts.is_refresh() || facts.error().is_none() || !facts.request_was_seen() {
        return Verdict::NotEnough;
    }
    match facts.sent("refresh_token") {
        Some(sent) if !sent.trim().is_empty() => Verdict::Fine(None),
        sent => Verdict::Found(
            Finding::observed(Code::RefreshTokenEmpty)
                .show("parameter", "refresh_token")
                .show("length", sent.map_or(0, |sent| sent.chars().count()).to_string())
                .advise(RemedyCode::KeepNewestRefreshToken),
        ),
    }
}

fn is_access_token(facts: &Facts<'_>) -> Verdict {
    let Some((_, token)) = refused_refresh(facts) else {
        return Verdict::NotEnough;
    };
    let issued = issue(facts, token, access_token).map(|issue| issue.certainty);
    let prefix = token_prefix(token.text());
    let by_prefix = prefix
        .filter(|prefix| *prefix != "ghr_")
        .map(|_| Certainty::Observed);
    match issued.or(by_prefix) {
        Some(certainty) => Verdict::Found(
            Finding::new(Code::RefreshTokenIsAccessToken, certainty)
                .with(Evidence::secret("refresh_token_sent", token.text()))
                .show("token_prefix", prefix.unwrap_or("-"))
                .advise(RemedyCode::SendTheRefreshToken),
        ),
        None => Verdict::NotEnough,
    }
}

fn client_differs(facts: &Facts<'_>) -> Verdict {
    let Some((current, token)) = refused_refresh(facts) else {
        return Verdict::NotEnough;
    };
    let Some(issue) = issue(facts, token, refresh_token) else {
        return Verdict::NotEnough;
    };
    match (issue.by.sent.get("client_id"), current.sent.get("client_id")) {
        (Some(then), Some(now)) if then != now => Verdict::Found(
            Finding::new(Code::RefreshClientDiffers, issue.certainty)
                .show_id("client_id_at_issue", then)
                .show_id("client_id_at_refresh", now)
                .advise(RemedyCode::UseTheClientOfTheToken),
        ),
        _ => Verdict::NotEnough,
    }
}

fn time_over(facts: &Facts<'_>) -> Verdict {
    let Some((current, token)) = refused_refresh(facts).filter(|_| !facts.is_pasted()) else {
        return Verdict::NotEnough;
    };
    let Some(issue) = issue(facts, token, refresh_token) else {
        return Verdict::NotEnough;
    };
    let (Some(at), Some(lifetime)) = (answered_at(issue.by), issue.token.refresh_token_expires_in) else {
        return Verdict::NotEnough;
    };
    let (age, lifetime) = (
        current.exchange.sent_at.saturating_sub(at),
        lifetime.saturating_mul(1000),
    );
    if age < lifetime {
        return Verdict::Fine(None);
    }
    Verdict::Found(
        Finding::new(Code::RefreshTokenTimeOver, issue.certainty)
            .lasts("token_age", age)
            .lasts("token_lifetime", lifetime)
            .advise(RemedyCode::SignInAgain),
    )
}

fn scope_wider(facts: &Facts<'_>) -> Verdict {
    if !facts.is_refresh() || facts.meaning != Some(Code::InvalidScope) {
        return Verdict::NotEnough;
    }
    let Some(asked) = facts.sent("scope") else {
        return Verdict::NotEnough;
    };
    let sent = facts
        .current()
        .and_then(|current| refresh_token_sent(facts, current));
    let granted = sent
        .and_then(|token| issue(facts, token, refresh_token))
        .and_then(|issue| issue.token.scope.clone());
    let wanted = split_scope(asked);
    let finding = match &granted {
        Some(granted) => {
            let beyond: Vec<&str> = wanted
                .iter()
                .filter(|scope| !granted.contains(scope))
                .map(String::as_str)
                .collect();
            if beyond.is_empty() {
                return Verdict::NotEnough;
            }
            Finding::observed(Code::RefreshScopeWider)
                .show("scope_granted", granted.join(" "))
                .show("scopes_beyond", beyond.join(" "))
        }
        None => Finding::new(Code::RefreshScopeWider, Certainty::Likely),
    };
    Verdict::Found(
        finding
            .show("scope_requested", asked)
            .advise(RemedyCode::RefreshWithoutScope),
    )
}

fn rotation(facts: &Facts<'_>, rotated: bool) -> Verdict {
    let Some(current) = facts.current().filter(|current| current.is_refresh()) else {
        return Verdict::NotEnough;
    };
    let (Some(_), Some(sent)) = (current.token(), refresh_token_sent(facts, current)) else {
        return Verdict::NotEnough;
    };
    let brought = refresh_token(facts, current);
    // A server may send the same one again.
    let is_new = brought.is_some_and(|new| same(new, sent).is_none());
    if is_new != rotated {
        return Verdict::NotEnough;
    }
    let finding = if rotated {
        Finding::observed(Code::RefreshTokenRotated)
            .with(Evidence::secret("refresh_token_sent", sent.text()))
            .with(Evidence::secret(
                "refresh_token_new",
                brought.map_or("", SecretView::text),
            ))
            .advise(RemedyCode::KeepNewestRefreshToken)
    } else {
        Finding::observed(Code::RefreshTokenKept)
            .with(Evidence::secret("refresh_token_sent", sent.text()))
            .advise(RemedyCode::KeepRefreshToken)
    };
    Verdict::Noted(finding)
}

fn not_issued(facts: &Facts<'_>) -> Verdict {
    let Some(current) = facts.current().filter(|current| !current.is_refresh()) else {
        return Verdict::NotEnough;
    };
    let Some(token) = current.token() else {
        return Verdict::NotEnough;
    };
    let (Some(seconds), None) = (token.expires_in, &token.refresh_token) else {
        return Verdict::NotEnough;
    };
    let grant = current.sent.get("grant_type");
    if !matches!(grant, Some("authorization_code")) || facts.authorization.is_none() {
        return Verdict::NotEnough;
    }
    let asked = facts.authorize_param("scope").unwrap_or_default();
    let finding = Finding::observed(Code::RefreshTokenNotIssued)
        .lasts("token_lifetime", seconds.saturating_mul(1000))
        .show("scope_requested", if asked.is_empty() { "-" } else { asked });
    Verdict::Noted(finding.advise(RemedyCode::AskForOfflineAccess))
}
