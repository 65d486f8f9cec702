//! What was asked about a token that was there before, and what the answer is (docs/github.md §5; RFC 7009, RFC 7662, RFC 6750).

use crate::{
    diagnosis::{
        Verdict,
        context::{Facts, permissions_asked_for},
        finding::{Evidence, Finding},
        rule::{Code, RemedyCode},
        rules::token_values::{asked, done_with, token_of},
    },
    flow::configuration::Field,
    providers::error_table::status_text,
};

/// The rules of this topic, a row each; `diagnosis/rule.rs` says what the columns mean.
macro_rules! rows {
    ($then:ident $($before:tt)*) => { $crate::diagnosis::$then! { $($before)*
        /// The token was revoked with success, and is still good.
        RevokedAndStillGood = "revoked_and_still_good": Token, Remark, still_good;

        /// The app's API does not know the token: 404 (§5).
        TokenUnknownToApp = "token_unknown_to_app": Token, Answer, |f| answered(f, Code::TokenUnknownToApp);

        /// The app's API can do nothing with what was sent: 422 (§5).
        TokenNotProcessable = "token_not_processable": Token, Answer, |f| answered(f, Code::TokenNotProcessable);

        /// Introspection says that the token is not active, and by RFC 7662 §2.2 nothing else.
        TokenInactive = "token_inactive": Token, Answer, |f| answered(f, Code::TokenInactive);

        /// The server revokes no tokens of this kind (RFC 7009 §2.2.1).
        TokenTypeUnsupported = "token_type_unsupported": Token, Answer, |f| answered(f, Code::TokenTypeUnsupported);

        /// The token belongs to another client, and the server says so (RFC 7009 §2.1).
        TokenOfAnotherClient = "token_of_another_client": Token, Answer, |f| answered(f, Code::TokenOfAnotherClient);

        /// The token is good, and not for this: 403 with the scopes or permissions that are asked for (RFC 6750 §3.1; §5).
        ScopeInsufficient = "scope_insufficient": Token, Answer, |f| answered(f, Code::ScopeInsufficient);

        /// The app's API knows the token (§5).
        TokenChecked = "token_checked": Token, Done, |f| answered(f, Code::TokenChecked);

        /// The token was replaced by another one (§5).
        TokenReset = "token_reset": Token, Done, |f| answered(f, Code::TokenReset);

        /// The token was revoked (RFC 7009; §5).
        TokenRevoked = "token_revoked": Token, Done, |f| answered(f, Code::TokenRevoked);

        /// Every token of the user for this app was revoked (§5).
        GrantRevoked = "grant_revoked": Token, Done, |f| answered(f, Code::GrantRevoked);

        /// Introspection says that the token is active (RFC 7662 §2.2).
        TokenActive = "token_active": Token, Done, |f| answered(f, Code::TokenActive);

        /// The resource owner's profile was read with the token (§5).
        UserRead = "user_read": Token, Done, |f| answered(f, Code::UserRead);

        /// Success of a revocation proves nothing: 200 is the answer to tokens that are not known as well (RFC 7009 §2.2).
        RevocationProvesNothing = "revocation_proves_nothing": Token, Remark, proves_nothing;

        /// The revocation endpoint is the token endpoint.
        RevocationAtTokenEndpoint = "revocation_at_token_endpoint": Token, Remark, at_token_endpoint;

        /// Introspection says that the token is active; for whom it is says `aud`, which has to be compared.
        TokenAudience = "token_audience": Token, Remark, audience;
    } };
}
pub(crate) use rows;

rows! { as_checks }

fn still_good(facts: &Facts<'_>) -> Verdict {
    let good = matches!(
        facts.meaning,
        Some(Code::TokenActive | Code::UserRead | Code::TokenChecked)
    );
    let Some((current, token)) = asked(facts).filter(|_| good) else {
        return Verdict::NotEnough;
    };
    match done_with(facts, token, &[Code::TokenRevoked, Code::GrantRevoked]) {
        Some((at, certainty)) => Verdict::Noted(
            Finding::new(Code::RevokedAndStillGood, certainty)
                .between(facts, at.exchange.sent_at, current.exchange.sent_at)
                .advise(RemedyCode::WaitForExpiry),
        ),
        None => Verdict::NotEnough,
    }
}

fn answered(facts: &Facts<'_>, code: Code) -> Verdict {
    let Some(current) = facts.current().filter(|_| facts.meaning == Some(code)) else {
        return Verdict::NotEnough;
    };
    let (Some(response), Some(reading)) = (current.exchange.response, current.reading.as_ref()) else {
        return Verdict::NotEnough;
    };
    let mut finding = Finding::observed(code);
    if let Some(status) = status_text(response.status) {
        finding = finding.show("status", status);
    }
    if let Some(token) = token_of(facts, current) {
        finding = finding.with(Evidence::secret("token_sent", token.text()));
    }
    for (what, member) in [
        ("error", "error"),
        ("error_description", "error_description"),
        ("scope_granted", "scope"),
        ("scope_granted", "scopes"),
        ("expires_at", "expires_at"),
        ("expires_at", "exp"),
        ("client_id_registered", "client_id"),
        ("audience", "aud"),
        ("login", "login"),
        ("subject", "sub"),
    ] {
        if let Some(value) = reading.value(member).filter(|value| !value.is_empty()) {
            finding = finding.show(what, value);
        }
    }
    let fresh = reading.value("token").filter(|_| code == Code::TokenReset);
    if let Some(fresh) = fresh {
        finding = finding.with(Evidence::secret("token_new", fresh));
    }
    for (what, header) in [
        ("www_authenticate", "www-authenticate"),
        ("scopes_accepted", "x-accepted-oauth-scopes"),
    ] {
        let value = response.header(header).filter(|value| !value.is_empty());
        if let Some(value) = value.filter(|_| code == Code::ScopeInsufficient) {
            finding = finding.show(what, value);
        }
    }
    let permissions = permissions_asked_for(response).filter(|_| code == Code::ScopeInsufficient);
    if let Some(permissions) = permissions {
        finding = finding.show("permissions_accepted", permissions);
    }
    Verdict::Answered(mend(finding, code))
}

fn mend(finding: Finding, code: Code) -> Finding {
    match code {
        Code::TokenUnknownToApp | Code::TokenInactive => finding
            .advise(RemedyCode::UseTheClientOfTheToken)
            .advise(RemedyCode::SignInAgain),
        Code::TokenNotProcessable => finding
            .advise(RemedyCode::SendTheWholeToken)
            .advise(RemedyCode::SignInAgain),
        Code::TokenTypeUnsupported => finding.advise(RemedyCode::RevokeTheOtherToken),
        Code::TokenOfAnotherClient => finding.advise(RemedyCode::UseTheClientOfTheToken),
        Code::ScopeInsufficient => finding.edit(RemedyCode::EditScope, Field::Scope),
        Code::TokenReset => finding.advise(RemedyCode::SendTheNewestToken),
        _ => finding.advise(RemedyCode::NothingToDo),
    }
}

fn proves_nothing(facts: &Facts<'_>) -> Verdict {
    let Some((current, _)) = asked(facts).filter(|_| facts.meaning == Some(Code::TokenRevoked)) else {
        return Verdict::NotEnough;
    };
    let by_the_rfc = current
        .exchange
        .request
        .is_some_and(|request| request.method == "POST");
    if !by_the_rfc {
        return Verdict::NotEnough;
    }
    let status = current.exchange.response.map_or(0, |response| response.status);
    Verdict::Noted(
        Finding::observed(Code::RevocationProvesNothing)
            .show("status", status.to_string())
            .advise(RemedyCode::TryTheTokenAfterwards),
    )
}

fn at_token_endpoint(facts: &Facts<'_>) -> Verdict {
    let Some(provider) = facts.configuration().map(|configuration| &configuration.provider) else {
        return Verdict::NotEnough;
    };
    let current = facts.current().and_then(|current| current.exchange.request);
    let Some(request) = current.filter(|request| {
        request.url == provider.token_endpoint && request.url == provider.revocation_endpoint
    }) else {
        return Verdict::NotEnough;
    };
    Verdict::Noted(
        Finding::observed(Code::RevocationAtTokenEndpoint)
            .show("request_url", &request.url)
            .advise(RemedyCode::TryTheTokenAfterwards),
    )
}

fn audience(facts: &Facts<'_>) -> Verdict {
    let current = facts
        .current()
        .filter(|_| facts.meaning == Some(Code::TokenActive));
    let Some(reading) = current.and_then(|current| current.reading.as_ref()) else {
        return Verdict::NotEnough;
    };
    Verdict::Noted(
        Finding::observed(Code::TokenAudience)
            .show("audience", reading.value("aud").unwrap_or("-"))
            .advise(RemedyCode::CompareTheAudience),
    )
}
