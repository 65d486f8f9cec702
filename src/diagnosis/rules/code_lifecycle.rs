//! The life of the code: how often it was exchanged, how old it was, who else may have had it (docs/github.md §4, §8.3).

use crate::{
    diagnosis::{
        Check, Verdict,
        context::{Facts, TokenExchange},
        finding::{Certainty, Finding},
        rule::{Code, RemedyCode},
        rules::code_value::{another_client, defect_code, received, refused},
    },
    flow::{
        configuration::Field,
        transcript::{Channel, Disposition, STATUS_NOT_SEEN},
    },
    oauth::{
        http::HttpResponse,
        token::{BodyEncoding, TokenAnswer},
    },
    providers::{
        Provider,
        server_table::{CodeAfter, code_after},
    },
    text::time::http_date,
};

pub const CHECKS: &[Check] = &[
    Check {
        code: Code::CodeExchangedTwiceAtOnce,
        look: twice_at_once,
    },
    Check {
        code: Code::CodeSpentByUnreadAnswer,
        look: unread_answer,
    },
    Check {
        code: Code::CodeReused,
        look: reused,
    },
    Check {
        code: Code::CodeSpentByUnansweredExchange,
        look: unanswered,
    },
    Check {
        code: Code::CodeSpentByRefusedExchange,
        look: refused_before,
    },
    Check {
        code: Code::CodeExpired,
        look: expired,
    },
    Check {
        code: Code::CodeRedirectedTwice,
        look: redirected_twice,
    },
    Check {
        code: Code::CodePasted,
        look: pasted,
    },
    Check {
        code: Code::CodeRedeemedElsewhere,
        look: elsewhere,
    },
    Check {
        code: Code::CodeIssuedToAnotherClient,
        look: another_client,
    },
    Check {
        code: Code::ClockSkewed,
        look: skewed,
    },
];

/// What an earlier exchange did to its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// It was answered with a token that could be read.
    Read,
    /// It was answered, but not in an encoding that the request asked for, or with something that is not an answer.
    Unread,
    /// It got no answer, so the server may or may not have seen it.
    Unanswered,
    /// It was refused, and this is what the server does to a code then.
    Refused(CodeAfter),
}

/// The encoding that an `Accept` header asks for; `None` where it leaves the choice to the server.
pub fn asked_for(accept: Option<&str>) -> Option<BodyEncoding> {
    let accept = accept?;
    if accept.contains("json") {
        Some(BodyEncoding::Json)
    } else if accept.contains("xml") {
        Some(BodyEncoding::Xml)
    } else if accept.contains("x-www-form-urlencoded") {
        Some(BodyEncoding::Form)
    } else {
        None
    }
}

/// What the server makes of a code when it refuses the exchange is asked of its table; everything else may have spent it.
fn use_of(facts: &Facts<'_>, exchange: &TokenExchange<'_>) -> Option<Use> {
    let Some(reading) = &*exchange.reading else {
        let failure = exchange.exchange.failure;
        let reached = failure.is_none_or(|failure| failure.kind.may_have_reached_the_server());
        return reached.then_some(Use::Unanswered);
    };
    let status = exchange.exchange.response.map_or(STATUS_NOT_SEEN, |r| r.status);
    match &reading.answer {
        TokenAnswer::Token(_) => {
            let accept = exchange
                .exchange
                .request
                .and_then(|request| request.header("accept"));
            let unasked = asked_for(accept).map_or(reading.encoding == BodyEncoding::Form, |asked| {
                asked != reading.encoding
            });
            // A request without any header was not shown whole, so nobody knows what it asked for.
            let not_shown = exchange
                .exchange
                .request
                .is_none_or(|request| request.headers.is_empty());
            Some(if unasked && !not_shown {
                Use::Unread
            } else {
                Use::Read
            })
        }
        TokenAnswer::Error(_) => {
            let provider = facts.configuration().map(|configuration| &configuration.provider);
            let known = provider.zip(exchange.meaning());
            Some(Use::Refused(
                known.map_or(CodeAfter::MayBeSpent, |(provider, meaning)| {
                    code_after(provider, meaning)
                }),
            ))
        }
        TokenAnswer::NotATokenResponse => (200..300).contains(&status).then_some(Use::Unread),
    }
}

/// The exchange of this transcript that spent the code of the current one, or may have: the first that was not refused, else
/// the first that was.
fn first_use<'f, 't>(facts: &'f Facts<'t>) -> Option<(&'f TokenExchange<'t>, Use)> {
    let (index, how) = (*facts.first_use.get_or_init(|| find_first_use(facts)))?;
    Some((&facts.token_exchanges[index], how))
}

fn find_first_use(facts: &Facts<'_>) -> Option<(usize, Use)> {
    let code = facts.sent("code").filter(|code| !code.is_empty())?;
    let mut refused = None;
    let carried = facts
        .earlier()
        .iter()
        .enumerate()
        .filter(|(_, earlier)| earlier.may_carry(code) && earlier.sent.get("code") == Some(code));
    for (index, how) in carried.filter_map(|(index, earlier)| Some((index, use_of(facts, earlier)?))) {
        if !matches!(how, Use::Refused(_)) {
            return Some((index, how));
        }
        refused = refused.or(Some((index, how)));
    }
    refused
}

/// True when an earlier exchange that was not refused carried the code.
fn was_used(facts: &Facts<'_>) -> bool {
    first_use(facts).is_some_and(|(_, how)| !matches!(how, Use::Refused(_)))
}

fn both(facts: &Facts<'_>, finding: Finding, first: &TokenExchange<'_>) -> Finding {
    let Some(current) = facts.current() else {
        return finding;
    };
    let finding = match facts.sent("code") {
        Some(code) => finding.show("code_sent", code),
        None => finding,
    };
    finding
        .show("first_exchange", first.exchange.number.to_string())
        .show("this_exchange", current.exchange.number.to_string())
        .between(facts, first.exchange.sent_at, current.exchange.sent_at)
}

fn twice_at_once(facts: &Facts<'_>) -> Verdict {
    let (true, Some(current)) = (refused(facts), facts.current()) else {
        return Verdict::NotEnough;
    };
    let Some((first, _)) = first_use(facts).filter(|_| was_used(facts)) else {
        return Verdict::Fine(None);
    };
    let between = current.exchange.sent_at.saturating_sub(first.exchange.sent_at);
    if facts.is_pasted() && first.reading.is_none() {
        return Verdict::Fine(None);
    }
    // Only what ran at the same time came about by itself; one after the other, a person sent them on purpose.
    if first.exchange.millis.is_none_or(|millis| between >= millis) {
        return Verdict::Fine(None);
    }
    Verdict::Found(
        both(facts, Finding::observed(Code::CodeExchangedTwiceAtOnce), first)
            .advise(RemedyCode::ExchangeOnce)
            .authorize_again(),
    )
}

fn unread_answer(facts: &Facts<'_>) -> Verdict {
    if !refused(facts) {
        return Verdict::NotEnough;
    }
    let Some((first, Use::Unread)) = first_use(facts) else {
        return Verdict::Fine(None);
    };
    let encoding = first
        .reading
        .as_ref()
        .map_or("", |reading| name(reading.encoding));
    let accept = first
        .exchange
        .request
        .and_then(|request| request.header("accept"));
    let finding = Finding::observed(Code::CodeSpentByUnreadAnswer)
        .show("first_encoding", encoding)
        .show("accept_sent", accept.unwrap_or("-"));
    Verdict::Found(
        both(facts, finding, first)
            .put(RemedyCode::AskForJson, Field::Accept, "application/json")
            .authorize_again(),
    )
}

/// The name of an encoding as headers write it.
pub fn name(encoding: BodyEncoding) -> &'static str {
    match encoding {
        BodyEncoding::Form => "application/x-www-form-urlencoded",
        BodyEncoding::Json => "application/json",
        BodyEncoding::Xml => "application/xml",
        BodyEncoding::Html => "text/html",
        BodyEncoding::Empty => "-",
        BodyEncoding::Unknown => "text/plain",
    }
}

fn reused(facts: &Facts<'_>) -> Verdict {
    if !refused(facts) {
        return Verdict::NotEnough;
    }
    let Some(current) = facts.current() else {
        return Verdict::NotEnough;
    };
    let mend = |finding: Finding| finding.authorize_again().advise(RemedyCode::ExchangeOnce);
    match facts.said {
        Some(Code::CodeReused) => {
            let finding = Finding::observed(Code::CodeReused).said(facts);
            return Verdict::Found(mend(finding).advise(RemedyCode::LookForTwoRequests));
        }
        Some(_) => return Verdict::Fine(None),
        None => {}
    }
    if facts.is_pasted() {
        if let Some((first, certainty)) = used_before(facts) {
            return Verdict::Found(mend(both(
                facts,
                Finding::new(Code::CodeReused, certainty),
                first,
            )));
        }
        // It was sent before, and that request was refused: another rule says what this may have done to it.
        if first_use(facts).is_some() {
            return Verdict::Fine(None);
        }
        // What else was sent with this code was not pasted.
        if facts.meaning != Some(Code::CodeRefused)
            || defect_code(facts).is_some_and(|_| facts.request_was_seen())
        {
            return Verdict::NotEnough;
        }
        let finding = Finding::new(Code::CodeReused, Certainty::Possible).unseen("other_requests");
        return Verdict::Found(mend(finding).advise(RemedyCode::LookForTwoRequests));
    }
    match first_use(facts) {
        Some((first, Use::Read | Use::Unread)) => {
            Verdict::Found(mend(both(facts, Finding::observed(Code::CodeReused), first)))
        }
        Some((_, Use::Unanswered | Use::Refused(_))) => Verdict::Fine(None),
        None => Verdict::Fine(
            received(facts)
                .filter(|received| Some(*received) == facts.sent("code"))
                .map(|code| {
                    Finding::ruled_out(Code::CodeReused)
                        .show("code_sent", code)
                        .show("this_exchange", current.exchange.number.to_string())
                }),
        ),
    }
}

/// The exchange in a pasted text that spent the code of the refused one, and how sure that is: what was shown of it decides.
fn used_before<'f, 't>(facts: &'f Facts<'t>) -> Option<(&'f TokenExchange<'t>, Certainty)> {
    match first_use(facts) {
        Some((first, Use::Read | Use::Unread)) => return Some((first, Certainty::Observed)),
        // The same code was sent twice, and the answer to the first request is not shown.
        Some((first, Use::Unanswered)) if first.exchange.failure.is_none() => {
            return Some((first, Certainty::Likely));
        }
        _ => {}
    }
    // The requests are not shown, but the redirect is: it came for this code alone.
    let only_answers = facts.current()?.exchange.request.is_none() && facts.taken_redirect().is_some();
    let token = facts.earlier().iter().find(|earlier| earlier.token().is_some());
    token
        .filter(|_| only_answers)
        .map(|first| (first, Certainty::Likely))
}

fn unanswered(facts: &Facts<'_>) -> Verdict {
    if !refused(facts) {
        return Verdict::NotEnough;
    }
    let Some((first, Use::Unanswered)) = first_use(facts) else {
        return Verdict::Fine(None);
    };
    if facts.is_pasted() && first.exchange.failure.is_none() {
        // Its answer was not shown, which does not mean that there was none.
        return Verdict::Fine(None);
    }
    let finding = Finding::new(Code::CodeSpentByUnansweredExchange, Certainty::Likely);
    Verdict::Found(both(facts, finding, first).authorize_again())
}

/// An earlier refusal, for another reason, may have spent the code: servers differ in that.
fn refused_before(facts: &Facts<'_>) -> Verdict {
    if !refused(facts) || facts.said.is_some() {
        return Verdict::NotEnough;
    }
    let Some((first, Use::Refused(after))) = first_use(facts) else {
        return Verdict::Fine(None);
    };
    // The same refusal once more is explained by what explains the first.
    let same = first.meaning() == facts.meaning;
    if same || after == CodeAfter::Kept || defect_code(facts).is_some() {
        return Verdict::Fine(None);
    }
    let finding = Finding::new(Code::CodeSpentByRefusedExchange, Certainty::Possible);
    let error = first.error().map(|error| error.error.clone()).unwrap_or_default();
    Verdict::Found(both(facts, finding.show("first_error", error), first).authorize_again())
}

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

/// How long a code is good, in milliseconds, where that is known: by the profile, or since somebody set it. RFC 6749 only
/// names the most.
fn lifetime(facts: &Facts<'_>) -> Option<u64> {
    let configured = facts
        .configuration()
        .map_or_else(Provider::default, |configuration| configuration.provider.clone());
    let is_the_default = configured.code_lifetime == Provider::default().code_lifetime;
    (facts.profile().code_lifetime.is_some() || !is_the_default)
        .then_some(configured.code_lifetime.saturating_mul(1000))
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
