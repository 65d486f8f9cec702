//! Why a token that was there before is not good for what it was sent for (docs/github.md §4, §5; RFC 7009, RFC 7662).

use crate::{
    diagnosis::{
        Verdict,
        build::character,
        context::Facts,
        finding::{Certainty, Evidence, Finding},
        rule::{Code, RemedyCode},
        rules::token_values::{
            access_token, asked, done_with, issue, not_good, refresh_token, refused_refresh,
        },
    },
    flow::{configuration::Field, transcript::Purpose},
    providers::github::formats::token_prefix,
    text::defects::is_invisible,
};

/// The rules of this topic, a row each; `diagnosis/rule.rs` says what the columns mean.
macro_rules! rows {
    ($then:ident $($before:tt)*) => { $crate::diagnosis::$then! { $($before)*
        /// A refresh token was sent where an access token is asked for.
        TokenIsRefreshToken = "token_is_refresh_token": Token, Cause, is_refresh_token;

        /// The token is of a kind that the app's API does not manage: a personal or an installation token (§4).
        TokenOfAnotherKind = "token_of_another_kind": Token, Cause, of_another_kind;

        /// There is something around the token, or in it, that is in no token: white space, quotes, its scheme.
        TokenDamaged = "token_damaged": Token, Cause, damaged;

        /// The token that was sent is the beginning of the one that was issued.
        TokenTruncated = "token_truncated": Token, Cause, truncated;

        /// The token was replaced by a refresh or a reset.
        TokenReplaced = "token_replaced": Token, Cause, replaced;

        /// The token was revoked before.
        TokenEnded = "token_ended": Token, Cause, ended;

        /// The token's time is over.
        TokenTimeOver = "token_time_over": Token, Cause, time_over;

        /// The client that asks is another one than the token was issued to.
        TokenClientDiffers = "token_client_differs": Token, Cause, client_differs;

        /// The request did not say which client asks: no credentials were sent.
        TokenRequestUnauthenticated = "token_request_unauthenticated": Token, Cause, unauthenticated;
    } };
}
pub(crate) use rows;

rows! { as_checks }

fn is_refresh_token(facts: &Facts<'_>) -> Verdict {
    let Some((current, token)) = not_good(facts) else {
        return Verdict::NotEnough;
    };
    // Those of the RFCs may be asked about either kind.
    let takes_both = matches!(
        current.exchange.purpose,
        Purpose::Introspect | Purpose::RevokeToken
    ) && !facts.profile().manages_tokens;
    if takes_both {
        return Verdict::NotEnough;
    }
    let issued = issue(facts, token, refresh_token).map(|issue| issue.certainty);
    let by_prefix = (token_prefix(token.text()) == Some("ghr_")).then_some(Certainty::Observed);
    match by_prefix.or(issued) {
        Some(certainty) => Verdict::Found(
            Finding::new(Code::TokenIsRefreshToken, certainty)
                .with(Evidence::secret("token_sent", token.text()))
                .advise(RemedyCode::SendTheAccessToken),
        ),
        None => Verdict::NotEnough,
    }
}

fn of_another_kind(facts: &Facts<'_>) -> Verdict {
    let Some((current, token)) = not_good(facts) else {
        return Verdict::NotEnough;
    };
    let managed = facts.profile().manages_tokens && current.exchange.purpose != Purpose::User;
    let prefix = token_prefix(token.text()).filter(|prefix| !matches!(*prefix, "gho_" | "ghu_" | "ghr_"));
    match prefix.filter(|_| managed) {
        Some(prefix) => Verdict::Found(
            Finding::observed(Code::TokenOfAnotherKind)
                .show("token_prefix", prefix)
                .advise(RemedyCode::SendTheAccessToken),
        ),
        None => Verdict::NotEnough,
    }
}

fn damaged(facts: &Facts<'_>) -> Verdict {
    let Some((_, token)) = not_good(facts).or_else(|| refused_refresh(facts)) else {
        return Verdict::NotEnough;
    };
    let token = token.text();
    let clings = |c: char| c.is_whitespace() || is_invisible(c) || matches!(c, '"' | '\'' | '`');
    let scheme = token
        .get(..7)
        .filter(|start| start.eq_ignore_ascii_case("bearer "));
    let label = ["access_token=", "refresh_token="]
        .into_iter()
        .find(|label| token.starts_with(label));
    let character = || token.chars().find(|c| clings(*c)).map(character);
    let what = scheme.or(label).map(|what| what.trim().to_owned());
    let Some(what) = what.or_else(character) else {
        return Verdict::Fine(None);
    };
    Verdict::Found(
        Finding::observed(Code::TokenDamaged)
            .with(Evidence::secret("token_sent", token))
            .show("damage", what)
            .advise(RemedyCode::SendTheTokenAlone),
    )
}

fn truncated(facts: &Facts<'_>) -> Verdict {
    let Some((_, token)) = not_good(facts).or_else(|| refused_refresh(facts)) else {
        return Verdict::NotEnough;
    };
    let length = token.length();
    let issued = facts
        .earlier()
        .iter()
        .flat_map(|exchange| [access_token(facts, exchange), refresh_token(facts, exchange)]);
    let whole = token
        .beginning_of()
        .or_else(|| issued.flatten().find_map(|whole| whole.goes_on_from(token)));
    match whole {
        Some(whole) => Verdict::Found(
            Finding::observed(Code::TokenTruncated)
                .show("length", length.to_string())
                .show("length_issued", whole.to_string())
                .advise(RemedyCode::SendTheWholeToken),
        ),
        None => Verdict::NotEnough,
    }
}

fn replaced(facts: &Facts<'_>) -> Verdict {
    let Some((current, token)) = not_good(facts) else {
        return Verdict::NotEnough;
    };
    let by_reset =
        done_with(facts, token, &[Code::TokenReset]).map(|(at, certainty)| (at, certainty, "reset"));
    let by_refresh = issue(facts, token, access_token).and_then(|issue| {
        let since = facts.earlier().iter().find(|exchange| {
            exchange.is_refresh()
                && exchange.token().is_some()
                && exchange.exchange.number > issue.by.exchange.number
        })?;
        // Whether the old one ends with it, is said by few servers.
        let ends = facts.profile().manages_tokens;
        Some((
            since,
            if ends { issue.certainty } else { Certainty::Likely },
            "refresh",
        ))
    });
    match by_reset.or(by_refresh) {
        Some((at, certainty, how)) => Verdict::Found(
            Finding::new(Code::TokenReplaced, certainty)
                .show("replaced_by", how)
                .between(facts, at.exchange.sent_at, current.exchange.sent_at)
                .advise(RemedyCode::SendTheNewestToken),
        ),
        None => Verdict::NotEnough,
    }
}

fn ended(facts: &Facts<'_>) -> Verdict {
    let Some((current, token)) = not_good(facts) else {
        return Verdict::NotEnough;
    };
    let ended = done_with(facts, token, &[Code::TokenRevoked, Code::GrantRevoked]);
    match ended {
        Some((at, certainty)) => Verdict::Found(
            Finding::new(Code::TokenEnded, certainty)
                .between(facts, at.exchange.sent_at, current.exchange.sent_at)
                .advise(RemedyCode::SignInAgain),
        ),
        None => Verdict::NotEnough,
    }
}

fn time_over(facts: &Facts<'_>) -> Verdict {
    let Some((current, token)) = not_good(facts).filter(|_| !facts.is_pasted()) else {
        return Verdict::NotEnough;
    };
    let Some(issue) = issue(facts, token, access_token) else {
        return Verdict::NotEnough;
    };
    let Some(lifetime) = issue.token.expires_in.map(|seconds| seconds.saturating_mul(1000)) else {
        return Verdict::NotEnough;
    };
    let issued_at = issue.by.exchange.sent_at + issue.by.exchange.millis.unwrap_or(0);
    let age = current.exchange.sent_at.saturating_sub(issued_at);
    if age < lifetime {
        return Verdict::Fine(None);
    }
    let finding = Finding::new(Code::TokenTimeOver, issue.certainty)
        .lasts("token_age", age)
        .lasts("token_lifetime", lifetime);
    Verdict::Found(if issue.token.refresh_token.is_some() {
        finding.advise(RemedyCode::RefreshTheToken)
    } else {
        finding.advise(RemedyCode::SignInAgain)
    })
}

fn client_differs(facts: &Facts<'_>) -> Verdict {
    let Some((current, token)) = not_good(facts) else {
        return Verdict::NotEnough;
    };
    let asks = current.sent.get("client_id");
    let issued_to = issue(facts, token, access_token).and_then(|issue| {
        let id = issue.by.sent.get("client_id")?;
        Some((id.to_owned(), issue.certainty))
    });
    // The path names the app as well, and has to name the one that asks.
    let in_path = current.exchange.request.and_then(|request| {
        let (_, rest) = request.path().split_once("/applications/")?;
        Some((rest.split('/').next()?.to_owned(), Certainty::Observed))
    });
    let other = |of: Option<(String, Certainty)>| of.filter(|(id, _)| Some(id.as_str()) != asks);
    match (asks, other(issued_to).or_else(|| other(in_path))) {
        (Some(asks), Some((id, certainty))) => Verdict::Found(
            Finding::new(Code::TokenClientDiffers, certainty)
                .show_id("client_id_at_issue", &id)
                .show_id("client_id_sent", asks)
                .advise(RemedyCode::UseTheClientOfTheToken),
        ),
        _ => Verdict::NotEnough,
    }
}

fn unauthenticated(facts: &Facts<'_>) -> Verdict {
    let refused = matches!(
        facts.meaning,
        Some(Code::CredentialsRefused | Code::InvalidRequest | Code::TokenUnknownToApp)
    );
    let Some((current, _)) = asked(facts).filter(|_| refused) else {
        return Verdict::NotEnough;
    };
    if current.exchange.purpose == Purpose::User || current.exchange.request.is_none() {
        return Verdict::NotEnough;
    }
    let secret = current.sent.get("client_secret").unwrap_or_default();
    if !secret.is_empty() || current.sent.get("client_assertion").is_some() {
        return Verdict::Fine(None);
    }
    let url = current
        .exchange
        .request
        .map_or("", |request| request.url.as_str());
    Verdict::Found(
        Finding::observed(Code::TokenRequestUnauthenticated)
            .show("request_url", url)
            .show("parameter", "client_secret")
            .edit(RemedyCode::EditClientSecret, Field::ClientSecret)
            .advise(RemedyCode::AuthenticateTheClient),
    )
}
