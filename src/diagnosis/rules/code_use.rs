//! What the history shows of the use of a code: an exchange before this one, or beside it.

use crate::{
    diagnosis::{
        Verdict,
        context::{Facts, TokenExchange},
        finding::{Certainty, Finding},
        rule::{Code, RemedyCode},
        rules::code_value::{defect_code, may_be_of_a_code, received, refused},
    },
    flow::{configuration::Field, transcript::STATUS_NOT_SEEN},
    oauth::token::{BodyEncoding, TokenAnswer},
    providers::server_table::{CodeAfter, code_after},
};

/// The rules of this topic, a row each; `diagnosis/rule.rs` says what the columns mean.
macro_rules! rows {
    ($then:ident $($before:tt)*) => { $crate::diagnosis::$then! { $($before)*
        /// Two exchanges with one code ran at the same time, as an effect that runs twice makes them (§8.3).
        CodeExchangedTwiceAtOnce = "code_exchanged_twice_at_once": Code, Cause of [EffectRunsTwice],
            twice_at_once;

        /// The first answer to this code was good and in an encoding that the request did not ask for (§8.3).
        CodeSpentByUnreadAnswer = "code_spent_by_unread_answer": Code, Cause of [RetryAfterParsing],
            unread_answer;

        /// The code was exchanged before (§8.3).
        CodeReused = "code_reused": Code, Cause of [ExchangedTwice], reused;

        /// An earlier exchange with this code got no answer and may have spent it.
        CodeSpentByUnansweredExchange = "code_spent_by_unanswered_exchange": Code, Cause of [ExchangedTwice],
            unanswered;

        /// An earlier exchange with this code was refused, which may have spent it (docs/github.md §3).
        CodeSpentByRefusedExchange = "code_spent_by_refused_exchange": Code, Cause of [ExchangedTwice],
            refused_before;
    } };
}
pub(crate) use rows;

rows! { as_checks }

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
pub(super) fn was_used(facts: &Facts<'_>) -> bool {
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

pub(super) fn twice_at_once(facts: &Facts<'_>) -> Verdict {
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

pub(super) fn unread_answer(facts: &Facts<'_>) -> Verdict {
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

pub(super) fn reused(facts: &Facts<'_>) -> Verdict {
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
        if !may_be_of_a_code(facts) || defect_code(facts).is_some_and(|_| facts.request_was_seen()) {
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

pub(super) fn unanswered(facts: &Facts<'_>) -> Verdict {
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
pub(super) fn refused_before(facts: &Facts<'_>) -> Verdict {
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
