//! The life of the code: how often it was exchanged, how old it was, who else may have had it (docs/github.md §4, §8.3).

use crate::{
    diagnosis::{
        Verdict,
        context::Facts,
        finding::{Certainty, Finding},
        rule::{Code, RemedyCode},
        rules::{
            code_use::was_used,
            code_value::{another_client, defect_code, refused},
        },
    },
    flow::transcript::{Channel, Disposition},
    oauth::http::HttpResponse,
    text::time::http_date,
};

/// The rules of this topic, a row each; `diagnosis/rule.rs` says what the columns mean.
macro_rules! rows {
    ($then:ident $($before:tt)*) => { $crate::diagnosis::$then! { $($before)*
        /// The code is older than its lifetime (§4, §8.3).
        CodeExpired = "code_expired": Code, Cause of [TooOld], expired;

        /// The same code came on two redirects, so two requests may have exchanged it (§8.3).
        CodeRedirectedTwice = "code_redirected_twice": Code, Cause of [ExchangedTwice], redirected_twice;

        /// The code was pasted: the program that received it may have exchanged it (§8.3).
        CodePasted = "code_pasted": Code, Cause of [RedeemedElsewhere], pasted;

        /// Something else may have exchanged the code (§8.3).
        CodeRedeemedElsewhere = "code_redeemed_elsewhere": Code, Cause of [RedeemedElsewhere], elsewhere;

        /// The code was issued to another client id (§8.3).
        CodeIssuedToAnotherClient = "code_issued_to_another_client": Code, Cause of [OtherClient],
            another_client;

        /// The clock of this machine and the server's differ (§8.3).
        ClockSkewed = "clock_skewed": Code, Remark of [TooOld], skewed;
    } };
}
pub(crate) use rows;

rows! { as_checks }

/// Milliseconds since the epoch by the `Date` header of a response (RFC 9110 §6.6.1), to the second.
fn server_clock(response: &HttpResponse) -> Option<u64> {
    http_date(response.header("date")?)
}

/// Our clock when the current answer came, and the server's.
fn clocks(facts: &Facts<'_>) -> Option<(u64, u64)> {
    let current = facts.current()?;
    let server = server_clock(current.exchange.response?)?;
    let answered = current
        .exchange
        .sent_at
        .saturating_add(current.exchange.millis.unwrap_or_default());
    let ours = facts.transcript.started.plus(answered).0;
    // A transcript without a real start has no clock to compare.
    (facts.transcript.started.0 > 1_000_000_000_000).then_some((ours, server))
}

/// The least and the greatest age that the code can have had when it was exchanged, in milliseconds. The least counts
/// from its arrival, the greatest from the start of the authorization.
fn age(facts: &Facts<'_>) -> Option<(u64, u64)> {
    let current = facts.current()?;
    let redirect = facts.taken_redirect()?;
    if redirect.response.code.as_deref() != current.sent.get("code") {
        return None;
    }
    let (index, configuration, _) = facts.authorization?;
    let started = facts.transcript.entries[index].at;
    let sent = current.exchange.sent_at;
    let mut least = sent.saturating_sub(redirect.at);
    // The simulator runs by this machine's clock, so where its `Date` is ahead, its time was moved on.
    if configuration.provider.simulated
        && let Some((ours, server)) = clocks(facts)
    {
        least = least.saturating_add(server.saturating_sub(ours));
    }
    Some((least, least.max(sent.saturating_sub(started))))
}

/// How long a code is good, in milliseconds, where that is known.
fn lifetime(facts: &Facts<'_>) -> Option<u64> {
    let seconds = match facts.configuration() {
        Some(configuration) => configuration.provider.known_code_lifetime()?,
        None => facts.profile().code_lifetime?,
    };
    Some(seconds.saturating_mul(1000))
}

fn expired(facts: &Facts<'_>) -> Verdict {
    let code = Code::CodeExpired;
    if !refused(facts) {
        return Verdict::NotEnough;
    }
    match facts.said {
        Some(Code::CodeExpired) => {
            return Verdict::Found(Finding::observed(code).said(facts).authorize_again());
        }
        Some(_) => return Verdict::Fine(None),
        None => {}
    }
    let known = lifetime(facts);
    // The tap need not have seen how the code was issued.
    let age_unknown = facts.is_tapped() && age(facts).is_none();
    if facts.is_pasted() || age_unknown || !facts.request_was_seen() {
        if facts.request_was_seen() && defect_code(facts).is_some() {
            return Verdict::Fine(None);
        }
        let finding = Finding::new(code, Certainty::Possible);
        let finding = match known {
            Some(lifetime) => finding.lasts("code_lifetime", lifetime),
            None => finding.unseen("code_lifetime"),
        };
        return Verdict::Found(finding.authorize_again());
    }
    let Some((least, greatest)) = age(facts) else {
        return Verdict::NotEnough;
    };
    let Some(lifetime) = known else {
        // That the code was used explains the refusal; how long such codes live decides nothing then.
        if was_used(facts) {
            return Verdict::Fine(None);
        }
        return expired_elsewhere(least);
    };
    let show = |certainty, age| {
        Finding::new(code, certainty)
            .lasts("code_age", age)
            .lasts("code_lifetime", lifetime)
    };
    if least > lifetime {
        return Verdict::Found(show(Certainty::Observed, least).authorize_again());
    }
    let listened = facts
        .taken_redirect()
        .is_some_and(|redirect| redirect.channel != Channel::Pasted);
    // A browser follows a redirect at once: a code that came to the listener is as old as its arrival.
    let slack = lifetime / 20;
    if greatest <= lifetime || (listened && least.saturating_add(slack) <= lifetime) {
        return Verdict::Fine(Some(show(Certainty::RuledOut, least)));
    }
    Verdict::Found(show(Certainty::Likely, greatest).authorize_again())
}

/// The most that RFC 6749 §4.1.2 advises for the life of a code, in milliseconds.
const LONGEST: u64 = 600_000;

/// The lifetime of the server's codes is not known: after the RFC's ten minutes the code has probably expired, before
/// that it may have.
fn expired_elsewhere(age: u64) -> Verdict {
    let certainty = if age > LONGEST {
        Certainty::Likely
    } else {
        Certainty::Possible
    };
    Verdict::Found(
        Finding::new(Code::CodeExpired, certainty)
            .lasts("code_age", age)
            .unseen("code_lifetime")
            .authorize_again(),
    )
}

fn redirected_twice(facts: &Facts<'_>) -> Verdict {
    // In a pasted text the redirects are seen, even where the request is not shown.
    let was_refused = refused(facts) || (facts.is_pasted() && facts.meaning == Some(Code::CodeRefused));
    let (true, Some(taken)) = (was_refused, facts.taken_redirect()) else {
        return Verdict::NotEnough;
    };
    let code = taken.response.code.as_deref();
    let Some(again) = facts.present_redirects().find(|redirect| {
        redirect.disposition == Disposition::SecondRedirect && redirect.response.code.as_deref() == code
    }) else {
        return Verdict::Fine(None);
    };
    let defective = facts.request_was_seen() && defect_code(facts).is_some();
    if was_used(facts) || defective {
        return Verdict::Fine(None);
    }
    Verdict::Found(
        Finding::new(Code::CodeRedirectedTwice, Certainty::Likely)
            .show("code_received", code.unwrap_or_default())
            .between(facts, taken.at, again.at)
            .authorize_again()
            .advise(RemedyCode::ExchangeOnce),
    )
}

fn pasted(facts: &Facts<'_>) -> Verdict {
    let (true, Some(taken)) = (refused(facts), facts.taken_redirect()) else {
        return Verdict::NotEnough;
    };
    if facts.is_pasted()
        || taken.channel != Channel::Pasted
        || was_used(facts)
        || defect_code(facts).is_some()
    {
        return Verdict::Fine(None);
    }
    Verdict::Found(
        Finding::new(Code::CodePasted, Certainty::Likely)
            .show(
                "code_received",
                taken.response.code.as_deref().unwrap_or_default(),
            )
            .authorize_again(),
    )
}

fn elsewhere(facts: &Facts<'_>) -> Verdict {
    if facts.meaning != Some(Code::CodeRefused) || facts.said.is_some() {
        return Verdict::NotEnough;
    }
    let finding = Finding::new(Code::CodeRedeemedElsewhere, Certainty::Possible);
    let mend = |finding: Finding| finding.authorize_again().advise(RemedyCode::ExchangeOnce);
    if !facts.request_was_seen() {
        return Verdict::Found(mend(finding));
    }
    let pasted = facts
        .taken_redirect()
        .is_some_and(|redirect| redirect.channel == Channel::Pasted);
    if was_used(facts) || defect_code(facts).is_some() || pasted {
        return Verdict::Fine(None);
    }
    Verdict::Found(mend(
        finding.show("code_sent", facts.sent("code").unwrap_or_default()),
    ))
}

/// Clocks further apart than this are worth a remark: an HTTP date counts whole seconds and answers take time.
const SKEW: u64 = 60_000;

fn skewed(facts: &Facts<'_>) -> Verdict {
    let simulated = facts
        .configuration()
        .is_none_or(|configuration| configuration.provider.simulated || facts.is_pasted());
    let (false, Some((ours, server))) = (simulated, clocks(facts)) else {
        return Verdict::NotEnough;
    };
    if ours.abs_diff(server) <= SKEW {
        return Verdict::Fine(None);
    }
    let date = facts
        .current()
        .and_then(|current| current.exchange.response?.header("date"))
        .unwrap_or_default();
    Verdict::Noted(
        Finding::observed(Code::ClockSkewed)
            .lasts("clock_difference", ours.abs_diff(server))
            .show("server_date", date)
            .advise(RemedyCode::SetClock),
    )
}
