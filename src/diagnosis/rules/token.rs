//! What is worth knowing about a token that was obtained (docs/github.md §3, §4, §5).

use std::collections::HashSet;

use crate::{
    diagnosis::{
        Verdict,
        context::Facts,
        finding::{Finding, SERVER_SAYS},
        rule::{Code, RemedyCode},
    },
    flow::{configuration::Field, transcript::Purpose},
    oauth::{params::split_scope, token::TokenResponse},
    providers::{
        error_table::status_text,
        github::{
            formats::{TokenKind, token_kind, token_prefix},
            scopes::{self, OFFLINE_ACCESS, container},
        },
    },
};

/// The rules of this topic, a row each; `diagnosis/rule.rs` says what the columns mean.
macro_rules! rows {
    ($then:ident $($before:tt)*) => { $crate::diagnosis::$then! { $($before)*
        /// The API refused the token.
        TokenRefusedByApi = "token_refused_by_api": Token, Answer, refused_by_api;

        /// A token was obtained.
        TokenObtained = "token_obtained": Token, Remark, obtained;

        /// Fewer scopes were granted than asked for (§4).
        ScopesNarrowed = "scopes_narrowed": Token, Remark, |f| scopes(f, Code::ScopesNarrowed);

        /// Scopes were folded into others that imply them (§4).
        ScopesNormalised = "scopes_normalised": Token, Remark, |f| scopes(f, Code::ScopesNormalised);

        /// More scopes were granted than asked for: those of earlier grants (§1).
        ScopesBeyondRequest = "scopes_beyond_request": Token, Remark,
            |f| scopes(f, Code::ScopesBeyondRequest);

        /// The scopes granted are joined by commas (§3).
        ScopeCommaSeparated = "scope_comma_separated": Token, Remark, comma_separated;

        /// The token expires (§3).
        TokenExpires = "token_expires": Token, Remark, expires;

        /// The token is a GitHub App's, which has permissions and no scopes (§4).
        TokenOfGitHubApp = "token_of_github_app": Token, Remark, github_app;
    } };
}
pub(crate) use rows;

rows! { as_checks }

fn token<'f>(facts: &'f Facts<'_>) -> Option<&'f TokenResponse> {
    facts.current()?.token()
}

fn refused_by_api(facts: &Facts<'_>) -> Verdict {
    if facts.meaning == Some(Code::TokenRefusedByApi) {
        let response = facts.current().and_then(|current| current.exchange.response);
        let status = response.and_then(|response| status_text(response.status));
        let words = response.map_or_else(String::new, |response| {
            let asked = response.header("www-authenticate").map(str::to_owned);
            asked.unwrap_or_else(|| response.text().chars().take(200).collect())
        });
        let mut finding = Finding::observed(Code::TokenRefusedByApi);
        if let Some(status) = status {
            finding = finding.show("status", status);
        }
        return Verdict::Answered(
            finding
                .show(SERVER_SAYS, words)
                .edit(RemedyCode::CheckHost, Field::ApiUrl)
                .begin_again(facts),
        );
    }
    let (Some(current), Some((exchange, response))) = (facts.current(), facts.answered(Purpose::User)) else {
        return Verdict::NotEnough;
    };
    if current.token().is_none() || exchange.number < current.exchange.number {
        return Verdict::NotEnough;
    }
    if response.status != 401 {
        return Verdict::Fine(None);
    }
    let url = exchange.request.map_or("", |request| request.url.as_str());
    Verdict::Found(
        Finding::observed(Code::TokenRefusedByApi)
            .show("request_url", url)
            .show("status", response.status.to_string())
            .edit(RemedyCode::CheckHost, Field::ApiUrl)
            .begin_again(facts),
    )
}

fn obtained(facts: &Facts<'_>) -> Verdict {
    let Some(token) = token(facts) else {
        return Verdict::NotEnough;
    };
    let secret = token.access_token.reveal();
    let mut finding = Finding::observed(Code::TokenObtained)
        .show("token_type", &token.token_type)
        .show("token_prefix", token_prefix(secret).unwrap_or("-"));
    if let Some(scope) = &token.scope {
        finding = finding.show("scope_granted", scope.join(" "));
    }
    Verdict::Answered(finding.advise(RemedyCode::NothingToDo))
}

/// What became of the scopes asked for: missing, implied by another one granted, and granted beyond the request.
/// `offline_access` is never listed among the granted (docs/github.md §4).
fn compared(asked: &[String], granted: &[String]) -> [Vec<String>; 3] {
    // Either list may be very long.
    let asked_for: HashSet<&String> = asked.iter().collect();
    let given: HashSet<&String> = granted.iter().collect();
    let broad: Vec<String> = scopes::all()
        .map(str::to_owned)
        .filter(|scope| given.contains(scope))
        .collect();
    let (mut missing, mut implied) = (Vec::new(), Vec::new());
    for scope in asked.iter().filter(|scope| *scope != OFFLINE_ACCESS) {
        if given.contains(scope) {
        } else if container(scope, &broad).is_some() {
            implied.push(scope.clone());
        } else {
            missing.push(scope.clone());
        }
    }
    let beyond = granted
        .iter()
        .filter(|scope| !asked_for.contains(scope))
        .cloned()
        .collect();
    [missing, implied, beyond]
}

fn scopes(facts: &Facts<'_>, code: Code) -> Verdict {
    let asked_for = facts.authorization.is_some() && !facts.is_refresh();
    let (Some(token), true) = (token(facts), asked_for) else {
        return Verdict::NotEnough;
    };
    // A GitHub App's token has permissions, and an answer without scope grants what was asked for (RFC 6749 §5.1).
    let (Some(granted), false) = (
        &token.scope,
        token_kind(token.access_token.reveal()) == TokenKind::GitHubAppUser,
    ) else {
        return Verdict::NotEnough;
    };
    let requested = facts.authorize_param("scope").unwrap_or_default();
    let asked = split_scope(requested);
    let [missing, implied, beyond] = compared(&asked, granted);
    let (what, list) = match code {
        Code::ScopesNarrowed => ("scopes_missing", missing),
        Code::ScopesNormalised => ("scopes_implied", implied),
        _ => ("scopes_beyond", beyond),
    };
    if list.is_empty() {
        return Verdict::Fine(None);
    }
    let finding = Finding::observed(code)
        .show(
            "scope_requested",
            if requested.is_empty() { "-" } else { requested },
        )
        .show("scope_granted", granted.join(" "))
        .show(what, list.join(" "));
    Verdict::Noted(match code {
        Code::ScopesNarrowed => finding
            .edit(RemedyCode::EditScope, Field::Scope)
            .begin_again(facts),
        Code::ScopesBeyondRequest => finding.edit(RemedyCode::EditScope, Field::Scope),
        _ => finding.advise(RemedyCode::NothingToDo),
    })
}

fn comma_separated(facts: &Facts<'_>) -> Verdict {
    let (Some(_), Some(current)) = (token(facts), facts.current()) else {
        return Verdict::NotEnough;
    };
    let scope = current
        .reading
        .as_ref()
        .and_then(|reading| reading.value("scope"));
    match scope {
        Some(scope) if scope.contains(',') => Verdict::Noted(
            Finding::observed(Code::ScopeCommaSeparated)
                .show("scope_raw", scope)
                .advise(RemedyCode::SplitAtCommas),
        ),
        _ => Verdict::Fine(None),
    }
}

fn expires(facts: &Facts<'_>) -> Verdict {
    let Some(token) = token(facts) else {
        return Verdict::NotEnough;
    };
    let Some(seconds) = token.expires_in else {
        return Verdict::Fine(None);
    };
    Verdict::Noted(
        Finding::observed(Code::TokenExpires)
            .lasts("token_lifetime", seconds.saturating_mul(1000))
            .advise(RemedyCode::KeepRefreshToken),
    )
}

fn github_app(facts: &Facts<'_>) -> Verdict {
    let Some(token) = token(facts) else {
        return Verdict::NotEnough;
    };
    if token_kind(token.access_token.reveal()) != TokenKind::GitHubAppUser {
        return Verdict::Fine(None);
    }
    Verdict::Noted(
        Finding::observed(Code::TokenOfGitHubApp)
            .show("token_prefix", "ghu_")
            .advise(RemedyCode::CheckAppKind),
    )
}
