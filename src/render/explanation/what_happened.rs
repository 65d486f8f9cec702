//! What happened, in one sentence, with the first cause and how sure it is.

use crate::{
    diagnosis::{
        context::{Facts, TokenExchange},
        finding::{Certainty, Code, Finding, NOT_SEEN, Topic},
        outcome::Outcome,
        rule::Role,
    },
    flow::transcript::{BrowserShows, Observation, Purpose, STATUS_NOT_SEEN},
    providers::{error_table, github::formats::token_kind},
    render::{
        drawings::sequence,
        explanation::findings::{fact, title},
        text::line::clean,
        told,
        words::drawings::ExplanationProse,
    },
    text::{catalog::Messages, template::filled},
};

/// The first finding that is not ruled out.
pub(super) fn leading(findings: &[Finding]) -> Option<&Finding> {
    findings
        .iter()
        .find(|finding| finding.certainty != Certainty::RuledOut)
}

/// The first finding that says more than the answer does. What is only possible is named where something was seen that
/// speaks for it, where nothing better is known to be missing, and once there is something to explain.
fn first_cause<'f>(facts: &Facts<'_>, findings: &'f [Finding]) -> Option<&'f Finding> {
    let ended = Outcome::of(facts) != Outcome::Unanswered || facts.waiting_ended();
    let says_why = |finding: &&Finding| match finding.certainty {
        Certainty::Observed | Certainty::Likely => !finding.code.restates(),
        Certainty::Possible => ended && finding.value(NOT_SEEN).is_none(),
        Certainty::RuledOut => false,
    };
    let leading = leading(findings)?;
    if says_why(&leading) {
        return Some(leading);
    }
    // The first of those that are not certain, or none: one further down is not more probable for having been seen.
    let doubtful = |finding: &&Finding| {
        matches!(finding.certainty, Certainty::Likely | Certainty::Possible)
            && finding.code != Code::RedirectUriMayDiffer
    };
    findings.iter().find(doubtful).filter(says_why)
}

/// The topic of a refusal by its code, where no finding says more.
pub(super) fn topic_of_error(facts: &Facts<'_>) -> Option<Topic> {
    let meaning = facts.present_exchange()?.meaning()?;
    (meaning.role() == Role::Refusal).then(|| meaning.topic())
}

/// What happened, in one sentence, with the first cause and how sure it is.
pub(super) fn sentence(facts: &Facts<'_>, findings: &[Finding], messages: &Messages) -> String {
    let prose = &messages.pictures().explanation;
    let happened = what_happened(facts, findings, messages);
    let cause = first_cause(facts, findings)
        .filter(|_| Outcome::of(facts) != Outcome::Token)
        .filter(|finding| finding.code.topic() != Topic::Transport)
        .filter(|finding| Some(finding.code) != stands_for_itself(findings))
        .filter(|finding| !is_reported(facts, finding.code))
        .map(|finding| match (finding.code, finding.certainty) {
            // The page was seen; what it means is concluded from it.
            (Code::AuthorizePageNotFound, certainty) => {
                (certainty.max(Certainty::Likely), prose.no_such_client.clone())
            }
            _ => (finding.certainty, title(finding, messages)),
        })
        .filter(|(_, cause)| fact(cause) != happened);
    match cause {
        Some((certainty, cause)) => {
            let cause = fact(&cause);
            let because = match certainty {
                Certainty::Observed => &prose.because,
                Certainty::Likely => &prose.because_likely,
                Certainty::Possible | Certainty::RuledOut => &prose.because_possible,
            };
            filled(because, &[("sentence", &happened), ("cause", cause)])
        }
        None => filled(&prose.alone, &[("sentence", &happened)]),
    }
}

/// True for what the sentence says already, since it is what the person saw in the browser.
fn is_reported(facts: &Facts<'_>, code: Code) -> bool {
    code == Code::AuthorizePageRefusesRedirectUri
        && facts.page_seen().is_none()
        && facts.reported() == Some(BrowserShows::RefusesRedirectUri)
        && Outcome::of(facts) == Outcome::Refused
}

/// The finding that says what a pasted text is, or what a library said, where that is all that happened.
fn stands_for_itself(findings: &[Finding]) -> Option<Code> {
    let statement = leading(findings).map(|finding| finding.code);
    let is = |role: Role| move |code: &Code| code.role() == role;
    statement
        .filter(is(Role::Statement))
        .or_else(|| findings.iter().map(|finding| finding.code).find(is(Role::Pasted)))
}

fn what_happened(facts: &Facts<'_>, findings: &[Finding], messages: &Messages) -> String {
    let words = messages.pictures();
    let prose = &words.explanation;
    let provider = facts
        .configuration()
        .map(|c| clean(&c.provider.name))
        .filter(|name| !name.is_empty());
    let provider = provider.as_deref().unwrap_or(&prose.the_server);
    let exchange = facts.present_exchange();
    if let Some(code) = stands_for_itself(findings).filter(|_| undecided(facts, messages).is_none())
        && let Some(finding) = findings.iter().find(|finding| finding.code == code)
    {
        return fact(&title(finding, messages)).to_owned();
    }
    let with =
        |template: &str, name: &str, value: &str| filled(template, &[("provider", provider), (name, value)]);
    match Outcome::of(facts) {
        Outcome::Token => {
            let kind = exchange
                .and_then(|e| e.token())
                .map(|token| token_kind(token.access_token.reveal()));
            let kind = kind.map(|kind| words.token_kind.of(&kind)).unwrap_or_default();
            with(&prose.token_obtained, "kind", kind)
        }
        Outcome::Done => {
            let done = findings.iter().find(|finding| finding.code.role() == Role::Done);
            done.map_or_else(
                || prose.nothing_yet.clone(),
                |finding| fact(&title(finding, messages)).to_owned(),
            )
        }
        Outcome::Refused if facts.is_after_token() => {
            let response = exchange.and_then(|exchange| exchange.exchange.response);
            let status = response.map_or(0, |response| response.status);
            let status = sequence::status_words(status, messages);
            with(&prose.token_request_refused, "status", &status)
        }
        Outcome::Refused => match exchange.and_then(|e| e.error()) {
            Some(error) => {
                let topic = topic_of_error(facts).or_else(|| leading(findings).map(|f| f.code.topic()));
                let template = if asked_for_codes(exchange) {
                    &prose.no_codes
                } else if facts.meaning == Some(Code::GrantRefused) && facts.sent("refresh_token").is_none() {
                    &prose.grant_refused
                } else {
                    let topic = topic.filter(|_| !facts.is_device());
                    refused(topic, prose).unwrap_or(&prose.otherwise_refused)
                };
                with(template, "error", &told(&error.error))
            }
            None => match exchange.and_then(|e| e.exchange.response) {
                Some(response) => {
                    let reading = exchange.and_then(|e| e.reading.as_ref());
                    let sentence = reading.and_then(error_table::sentence);
                    let by_topic = refused(facts.meaning.map(Code::topic), prose);
                    let status = sequence::status_words(response.status, messages);
                    match (by_topic, sentence) {
                        _ if asked_for_codes(exchange) => with(&prose.no_codes, "error", &status),
                        (Some(template), Some(sentence)) => {
                            with(template, "error", told(sentence).trim_end_matches('.'))
                        }
                        _ => with(&prose.turned_away, "status", &status),
                    }
                }
                None => refused_redirect(facts, provider, messages),
            },
        },
        Outcome::Unrecognised => {
            let encoding = exchange
                .and_then(|e| e.reading.as_ref())
                .map(|reading| reading.encoding);
            let encoding = encoding
                .map(|encoding| words.encoding.of(&encoding))
                .unwrap_or_default();
            with(&prose.not_a_token_response, "encoding", encoding)
        }
        Outcome::Unanswered => unanswered(facts, provider, messages),
    }
}

/// True where the answer is to the request for the codes of a device.
fn asked_for_codes(exchange: Option<&TokenExchange<'_>>) -> bool {
    exchange.is_some_and(|exchange| exchange.exchange.purpose == Purpose::DeviceAuthorization)
}

/// What is said of a device flow that has ended before anybody decided.
fn undecided(facts: &Facts<'_>, messages: &Messages) -> Option<String> {
    let prose = &messages.pictures().explanation;
    let pending = matches!(
        facts.meaning,
        Some(Code::DeviceCodeIssued | Code::DeviceAuthorizationPending | Code::DeviceSlowDown)
    );
    if !facts.is_device() || facts.is_pasted() || !pending {
        return None;
    }
    let last = facts.transcript.entries.last().map(|entry| &entry.observation);
    Some(match last {
        Some(Observation::DeviceCodeTimedOut { seconds }) => {
            filled(&prose.device_timed_out, &[("seconds", &seconds.to_string())])
        }
        _ => prose.device_undecided.clone(),
    })
}

/// The sentence for what was refused.
fn refused(topic: Option<Topic>, prose: &ExplanationProse) -> Option<&String> {
    match topic {
        Some(Topic::Credentials) => Some(&prose.credentials_refused),
        Some(Topic::RedirectUri) => Some(&prose.redirect_uri_refused),
        Some(Topic::Code) => Some(&prose.code_refused),
        _ => None,
    }
}

fn refused_redirect(facts: &Facts<'_>, provider: &str, messages: &Messages) -> String {
    let words = messages.pictures();
    let redirects = facts.present_redirects();
    let Some(redirect) = redirects
        .filter(|r| r.disposition.is_refused() || r.response.error.is_some())
        .last()
    else {
        return stopped_at_a_page(facts, provider, messages);
    };
    match &redirect.response.error {
        Some(error) => filled(
            &words.explanation.authorization_refused,
            &[("provider", provider), ("error", &told(error))],
        ),
        None => filled(
            &words.explanation.redirect_refused,
            &[("reason", words.disposition.of(&redirect.disposition))],
        ),
    }
}

/// The authorization server kept the browser: no redirect came at all.
fn stopped_at_a_page(facts: &Facts<'_>, provider: &str, messages: &Messages) -> String {
    let words = messages.pictures();
    let entries = facts.transcript.entries.iter().rev();
    let status = entries
        .map(|entry| &entry.observation)
        .find_map(|seen| match seen {
            Observation::PageSeen { status, .. } => Some(*status),
            _ => None,
        });
    if let Some(status) = status {
        let template = if status == STATUS_NOT_SEEN {
            &words.explanation.stopped_at_some_page
        } else {
            &words.explanation.stopped_at_a_page
        };
        let status = sequence::status_words(status, messages);
        return filled(template, &[("provider", provider), ("status", &status)]);
    }
    let template = match facts.reported() {
        Some(BrowserShows::NotFound) => &words.explanation.reported_not_found,
        Some(BrowserShows::RefusesRedirectUri) => &words.explanation.reported_refusal,
        _ => &words.explanation.nothing_yet,
    };
    filled(template, &[("provider", provider)])
}

fn unanswered(facts: &Facts<'_>, provider: &str, messages: &Messages) -> String {
    let words = messages.pictures();
    let prose = &words.explanation;
    let exchange = facts.present_exchange().map(|e| e.exchange);
    if let Some(undecided) = undecided(facts, messages) {
        return undecided;
    }
    if let Some(response) = exchange.and_then(|exchange| exchange.response) {
        let status = sequence::status_words(response.status, messages);
        let sentence = if response.shows_no_body() {
            &prose.answer_not_shown
        } else {
            &prose.no_token_response
        };
        return filled(sentence, &[("status", &status)]);
    }
    let failure = exchange.and_then(|exchange| exchange.failure);
    let waited = facts
        .transcript
        .entries
        .iter()
        .rev()
        .find_map(|entry| match &entry.observation {
            Observation::RedirectTimedOut { seconds } => Some(*seconds),
            Observation::AuthorizationStarted { .. } => Some(0),
            _ => None,
        });
    match (failure, waited) {
        (Some(failure), _) => {
            let reason = words.failure.of(&failure.kind);
            filled(&prose.unanswered, &[("provider", provider), ("reason", reason)])
        }
        (None, Some(seconds)) if seconds > 0 => {
            filled(&prose.no_redirect_within, &[("seconds", &seconds.to_string())])
        }
        _ if facts.no_redirect() && facts.waiting_ended() => prose.waiting_stopped.clone(),
        _ => prose.nothing_yet.clone(),
    }
}
