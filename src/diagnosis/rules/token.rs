//! What is worth knowing about a token that was obtained (docs/github.md §3, §4, §5).

use std::collections::HashSet;

use crate::{
    diagnosis::{
        Check, Verdict,
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

pub const CHECKS: &[Check] = &[
    Check {
        code: Code::TokenRefusedByApi,
        look: refused_by_api,
    },
    Check {
        code: Code::TokenObtained,
        look: obtained,
    },
    Check {
        code: Code::ScopesNarrowed,
        look: |f| scopes(f, Code::ScopesNarrowed),
    },
    Check {
        code: Code::ScopesNormalised,
        look: |f| scopes(f, Code::ScopesNormalised),
    },
    Check {
        code: Code::ScopesBeyondRequest,
        look: |f| scopes(f, Code::ScopesBeyondRequest),
    },
    Check {
        code: Code::ScopeCommaSeparated,
        look: comma_separated,
    },
    Check {
        code: Code::TokenExpires,
        look: expires,
    },
    Check {
        code: Code::TokenOfGitHubApp,
        look: github_app,
    },
];

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
                .authorize_again(),
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
            .authorize_again(),
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
    let (Some(token), true) = (token(facts), facts.authorization.is_some()) else {
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
            .authorize_again(),
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
