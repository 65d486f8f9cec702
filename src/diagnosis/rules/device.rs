//! The device authorization grant (RFC 8628; docs/github.md §6): what went wrong between the codes and the token, by
//! comparing the requests with each other, with the answer that brought the codes, and with the clock.

use crate::{
    diagnosis::{
        Verdict,
        context::{Facts, TokenExchange},
        finding::{Evidence, Finding},
        rule::{Code, RemedyCode},
    },
    flow::transcript::Purpose,
    oauth::{
        device::{DEFAULT_INTERVAL, DeviceAuthorization, DeviceCode, OLD_VERIFICATION_URI, SLOW_DOWN},
        token::GrantParameters,
    },
};

/// The rules of this topic, a row each; `diagnosis/rule.rs` says what the columns mean.
macro_rules! rows {
    ($then:ident $($before:tt)*) => { $crate::diagnosis::$then! { $($before)*
        /// Device flow: nothing is at the device authorization endpoint: 404 with a page.
        DeviceEndpointNotFound = "device_endpoint_not_found": Answer, Cause, endpoint_not_found;

        /// Device flow: the answer with the codes lacks one that the flow needs (RFC 8628 §3.2).
        DeviceAnswerIncomplete = "device_answer_incomplete": Answer, Cause, answer_incomplete;

        /// Device flow: the `grant_type` is not the URN (RFC 8628 §3.4).
        DeviceGrantTypeWrong = "device_grant_type_wrong": Answer, Cause, grant_type_wrong;

        /// Device flow: the token request names another client than the one that the codes were issued to.
        DeviceClientDiffers = "device_client_differs": Answer, Cause, client_differs;

        /// Device flow: the device code that was sent is not the one that was issued.
        DeviceCodeNotTheIssued = "device_code_not_the_issued": Answer, Cause, not_the_issued;

        /// Device flow: the codes' time is over, and the server still says that they are pending.
        DevicePendingAfterExpiry = "device_pending_after_expiry": Answer, Cause, pending_after_expiry;

        /// Device flow: there was less time between two requests than the interval (RFC 8628 §3.5).
        DevicePolledTooFast = "device_polled_too_fast": Answer, Remark, polled_too_fast;

        /// Device flow: the answer names no interval, so that five seconds count (RFC 8628 §3.2).
        DeviceIntervalMissing = "device_interval_missing": Answer, Remark, interval_missing;

        /// Device flow: the verification URI has its name of before the RFC.
        DeviceOldMemberName = "device_old_member_name": Answer, Remark, old_member_name;
    } };
}
pub(crate) use rows;

rows! { as_checks }

/// The exchange that brought the codes in the latest attempt, and what it brought.
fn issued<'f, 't>(facts: &'f Facts<'t>) -> Option<(&'f TokenExchange<'t>, DeviceAuthorization)> {
    if !facts.is_device() {
        return None;
    }
    let mut exchanges = facts.present_exchanges().iter().rev();
    exchanges.find_map(|exchange| {
        let reading = exchange.reading.as_ref()?;
        Some((exchange, DeviceAuthorization::of(reading)?))
    })
}

/// The requests for a token after the codes came.
fn polls<'f, 't>(facts: &'f Facts<'t>, codes: &TokenExchange<'t>) -> Vec<&'f TokenExchange<'t>> {
    let after = |exchange: &&TokenExchange<'_>| {
        exchange.exchange.purpose == Purpose::Token && exchange.exchange.number > codes.exchange.number
    };
    facts.present_exchanges().iter().filter(after).collect()
}

fn endpoint_not_found(facts: &Facts<'_>) -> Verdict {
    let current = facts
        .current()
        .filter(|current| current.exchange.purpose == Purpose::DeviceAuthorization);
    match current.and_then(|current| current.exchange.request) {
        Some(request) if facts.meaning == Some(Code::EndpointNotFound) => Verdict::Found(
            Finding::observed(Code::DeviceEndpointNotFound)
                .show("request_url", &request.url)
                .advise(RemedyCode::FindDeviceEndpoint),
        ),
        _ => Verdict::NotEnough,
    }
}

/// The members without which the flow cannot go on, and which the answer has not.
fn answer_incomplete(facts: &Facts<'_>) -> Verdict {
    let current = facts
        .current()
        .filter(|current| current.exchange.purpose == Purpose::DeviceAuthorization);
    let Some(reading) = current.and_then(|current| current.reading.as_ref()) else {
        return Verdict::NotEnough;
    };
    let has = |name: &str| reading.value(name).is_some_and(|value| !value.is_empty());
    let missing: Vec<&str> = [
        ("device_code", has("device_code")),
        ("user_code", has("user_code")),
        (
            "verification_uri",
            has("verification_uri") || has(OLD_VERIFICATION_URI),
        ),
    ]
    .into_iter()
    .filter_map(|(name, there)| (!there).then_some(name))
    .collect();
    if missing.is_empty() || missing.len() == 3 {
        return Verdict::NotEnough;
    }
    Verdict::Found(
        Finding::observed(Code::DeviceAnswerIncomplete)
            .show("members_missing", missing.join(", "))
            .advise(RemedyCode::AskSupport),
    )
}

/// True for a refusal that may be about anything in the request.
fn is_refused(facts: &Facts<'_>) -> bool {
    facts.error().is_some()
        && !matches!(
            facts.meaning,
            Some(
                Code::DeviceAuthorizationPending
                    | Code::DeviceSlowDown
                    | Code::DeviceCodeExpired
                    | Code::AccessDenied
            )
        )
}

fn grant_type_wrong(facts: &Facts<'_>) -> Verdict {
    let Some(sent) = facts.sent("grant_type").filter(|_| is_refused(facts)) else {
        return Verdict::NotEnough;
    };
    let is_right = sent == DeviceCode::GRANT_TYPE;
    if facts.sent("device_code").is_none() || is_right {
        return Verdict::NotEnough;
    }
    Verdict::Found(
        Finding::observed(Code::DeviceGrantTypeWrong)
            .show("grant_type_sent", sent)
            .advise(RemedyCode::SendDeviceGrantType),
    )
}

fn client_differs(facts: &Facts<'_>) -> Verdict {
    let Some((codes, _)) = issued(facts).filter(|_| is_refused(facts)) else {
        return Verdict::NotEnough;
    };
    match (codes.sent.get("client_id"), facts.sent("client_id")) {
        (Some(before), Some(now)) if before != now => Verdict::Found(
            Finding::observed(Code::DeviceClientDiffers)
                .show_id("client_id_at_device_request", before)
                .show_id("client_id_at_exchange", now)
                .advise(RemedyCode::UseOneClientId),
        ),
        _ => Verdict::NotEnough,
    }
}

fn not_the_issued(facts: &Facts<'_>) -> Verdict {
    let Some((_, codes)) = issued(facts).filter(|_| is_refused(facts)) else {
        return Verdict::NotEnough;
    };
    match facts.sent("device_code") {
        Some(sent) if sent != codes.device_code.reveal() => Verdict::Found(
            Finding::observed(Code::DeviceCodeNotTheIssued)
                .with(Evidence::secret("device_code_sent", sent))
                .with(Evidence::secret("device_code_issued", codes.device_code.reveal()))
                .advise(RemedyCode::UseIssuedDeviceCode),
        ),
        _ => Verdict::NotEnough,
    }
}

fn pending_after_expiry(facts: &Facts<'_>) -> Verdict {
    let Some((codes, issued)) = issued(facts) else {
        return Verdict::NotEnough;
    };
    let (Some(lifetime), Some(current)) = (issued.expires_in, facts.current()) else {
        return Verdict::NotEnough;
    };
    let age = current.exchange.sent_at.saturating_sub(codes.exchange.sent_at);
    let pending = matches!(
        facts.meaning,
        Some(Code::DeviceAuthorizationPending | Code::DeviceSlowDown)
    );
    // A pasted text may not tell when its messages were sent.
    if !pending || facts.is_pasted() || age < lifetime.saturating_mul(1000) {
        return Verdict::NotEnough;
    }
    Verdict::Found(
        Finding::observed(Code::DevicePendingAfterExpiry)
            .lasts("device_code_age", age)
            .lasts("device_code_lifetime", lifetime.saturating_mul(1000))
            .begin_again(facts)
            .advise(RemedyCode::StopAtExpiry),
    )
}

/// The first two requests between which there was less time than was to be, with the time that there was and should have
/// been, in milliseconds.
fn too_soon(facts: &Facts<'_>) -> Option<(u64, u64)> {
    let (codes, answer) = issued(facts)?;
    let mut interval = answer.interval.unwrap_or(DEFAULT_INTERVAL);
    let mut before: Option<u64> = None;
    for poll in polls(facts, codes) {
        let at = poll.exchange.sent_at;
        let due = interval.saturating_mul(1000);
        if let Some(before) = before
            && at.saturating_sub(before) < due
        {
            return Some((at.saturating_sub(before), due));
        }
        before = Some(at);
        if poll.error().is_some_and(|error| error.error == "slow_down") {
            let reading = poll.reading.as_ref();
            let named = reading.and_then(|reading| reading.value("interval")?.parse().ok());
            interval = interval.saturating_add(SLOW_DOWN).max(named.unwrap_or(0));
        }
    }
    None
}

fn polled_too_fast(facts: &Facts<'_>) -> Verdict {
    // Without times nothing is known of pauses.
    if facts.is_pasted() || !facts.is_device() {
        return Verdict::NotEnough;
    }
    let Some((pause, due)) = too_soon(facts) else {
        return Verdict::NotEnough;
    };
    let finding = Finding::observed(Code::DevicePolledTooFast)
        .lasts("pause_kept", pause)
        .lasts("pause_due", due)
        .advise(RemedyCode::PollSlower);
    if facts.meaning == Some(Code::DeviceSlowDown) {
        Verdict::Found(finding)
    } else {
        Verdict::Noted(finding)
    }
}

fn interval_missing(facts: &Facts<'_>) -> Verdict {
    match issued(facts) {
        Some((_, codes)) if codes.interval.is_none() => Verdict::Noted(
            Finding::observed(Code::DeviceIntervalMissing)
                .lasts("pause_due", DEFAULT_INTERVAL * 1000)
                .advise(RemedyCode::NothingToDo),
        ),
        _ => Verdict::NotEnough,
    }
}

fn old_member_name(facts: &Facts<'_>) -> Verdict {
    let Some((exchange, _)) = issued(facts) else {
        return Verdict::NotEnough;
    };
    let reading = exchange.reading.as_ref();
    let has = |name: &str| reading.is_some_and(|reading| reading.value(name).is_some());
    if has("verification_uri") || !has(OLD_VERIFICATION_URI) {
        return Verdict::NotEnough;
    }
    Verdict::Noted(
        Finding::observed(Code::DeviceOldMemberName)
            .show("member_sent", OLD_VERIFICATION_URI)
            .advise(RemedyCode::ReadBothNames),
    )
}
