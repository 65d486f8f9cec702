//! What happened to the code, one event after the other.

use crate::{
    diagnosis::context::{Facts, Redirect, TokenExchange},
    flow::transcript::Channel,
    oauth::{http::HttpResponse, token::TokenAnswer},
    render::{
        span,
        text::line::{Tone, clean},
        told,
    },
    text::{catalog::Messages, template::filled},
};

/// How an event ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Neither good nor bad.
    Neutral,
    /// A token.
    Good,
    /// A refusal.
    Bad,
    /// Not used, or no answer.
    Doubtful,
    /// The end of the code's time.
    End,
}

impl Fate {
    pub(super) fn tone(self) -> Tone {
        match self {
            Self::Neutral => Tone::Value,
            Self::Good => Tone::Good,
            Self::Bad => Tone::Bad,
            Self::Doubtful => Tone::Warn,
            Self::End => Tone::Dim,
        }
    }

    pub(super) fn symbol(self) -> char {
        match self {
            Self::Neutral => '●',
            Self::Good => '✓',
            Self::Bad => '✗',
            Self::Doubtful => '!',
            Self::End => '┤',
        }
    }
}

/// Something that happened to the code.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    /// Milliseconds since the authorization was started.
    pub at: u64,
    /// What it was.
    pub what: String,
    /// How it ended.
    pub fate: Fate,
}

/// The code that the picture is about: the one in the latest token request, else the one that the redirect brought.
pub(crate) fn code_of<'f>(facts: &'f Facts<'_>) -> Option<&'f str> {
    let sent = facts.present_exchange().filter(|e| e.exchange.request.is_some());
    match sent {
        Some(exchange) => exchange.sent.get("code"),
        None => received_code(facts),
    }
}

pub(super) fn received_code<'f>(facts: &'f Facts<'_>) -> Option<&'f str> {
    facts
        .taken_redirect()
        .or_else(|| facts.redirects.last())
        .and_then(|redirect| redirect.response.code.as_deref())
}

/// Everything that happened to the code, in order, its end included. A code that was damaged on its way to the token
/// request shares the story of the one that the redirect brought.
pub(crate) fn events(facts: &Facts<'_>, messages: &Messages) -> Vec<Event> {
    let prose = &messages.pictures().life;
    let sent = code_of(facts);
    let same = |code: Option<&str>| code.is_some() && code == sent;
    let received = facts
        .redirects
        .iter()
        .find(|r| same(r.response.code.as_deref()))
        .or_else(|| facts.taken_redirect().filter(|r| r.response.code.is_some()));
    let original = received.and_then(|r| r.response.code.as_deref());
    let ours = |code: Option<&str>| code.is_some() && (code == sent || code == original);
    let start = facts
        .authorization
        .map_or(0, |(index, ..)| facts.transcript.entries[index].at);
    // A code of an earlier authorization lived earlier: the line begins where its own story does.
    let zero = received.map_or(start, |r| r.at.min(start));
    let mut found = Vec::new();
    if facts.authorization.is_some() && zero == start {
        found.push(Event {
            at: 0,
            what: prose.started.clone(),
            fate: Fate::Neutral,
        });
    }
    let redirects = facts
        .redirects
        .iter()
        .filter(|r| ours(r.response.code.as_deref()));
    found.extend(redirects.enumerate().map(|(nth, redirect)| Event {
        at: redirect.at.saturating_sub(zero),
        ..redirect_event(redirect, nth == 0, messages)
    }));
    let exchanges = facts.token_exchanges.iter();
    let exchanges = exchanges.filter(|e| e.exchange.request.is_some() && ours(e.sent.get("code")));
    found.extend(exchanges.map(|exchange| Event {
        at: exchange.exchange.sent_at.saturating_sub(zero),
        ..exchange_event(
            exchange,
            facts.last().is_some_and(|last| std::ptr::eq(last, exchange)),
            messages,
        )
    }));
    if let (Some(received), Some(configuration)) = (received, facts.configuration()) {
        let provider = &configuration.provider;
        let lifetime = provider.code_lifetime.saturating_mul(1000);
        let words = match provider.known_code_lifetime() {
            Some(_) => &prose.expires,
            None => &prose.expires_at_most,
        };
        found.push(Event {
            at: (received.at - zero).saturating_add(lifetime),
            what: filled(words, &[("lifetime", &span(lifetime, messages))]),
            fate: Fate::End,
        });
    }
    found.sort_by_key(|event| event.at);
    // A pasted text without times puts all of it at one moment, which is none.
    if facts.is_pasted() && found.iter().all(|event| event.at == 0) {
        found.clear();
    }
    found
}

fn redirect_event(redirect: &Redirect<'_>, first: bool, messages: &Messages) -> Event {
    let prose = &messages.pictures().life;
    let agent = redirect.request.header("user-agent").map(clean);
    let what = if !first {
        let reason = messages.pictures().disposition.of(&redirect.disposition);
        filled(&prose.redirect_again, &[("reason", reason)])
    } else if redirect.channel == Channel::Pasted {
        prose.pasted.clone()
    } else if redirect.channel == Channel::Tap {
        prose.issued.clone()
    } else {
        match agent {
            Some(agent) => filled(&prose.received, &[("agent", &product(&agent))]),
            None => prose.received_plainly.clone(),
        }
    };
    let fate = if redirect.disposition.is_taken() {
        Fate::Neutral
    } else {
        Fate::Doubtful
    };
    Event { at: 0, what, fate }
}

/// The product that a browser is known by, out of a `User-Agent` (RFC 9110 §10.1.5) that names many.
fn product(agent: &str) -> String {
    let known = ["Edg/", "OPR/", "Firefox/", "Chrome/", "Version/"];
    let found = known.iter().find_map(|name| {
        let rest = &agent[agent.find(name)?..];
        rest.split([' ', ';', ')']).next()
    });
    let word = found.or_else(|| agent.split(' ').next()).unwrap_or(agent);
    word.chars()
        .take(32)
        .collect::<String>()
        .replace("Version/", "Safari/")
}

/// What came of an exchange. The error of the latest is what the explanation is about, and has been named.
fn exchange_event(exchange: &TokenExchange<'_>, is_latest: bool, messages: &Messages) -> Event {
    let prose = &messages.pictures().life;
    let status = exchange
        .exchange
        .response
        .map_or(0, |response| response.status)
        .to_string();
    let (what, fate) = match (&*exchange.reading, exchange.exchange.failure) {
        (Some(reading), _) => match &reading.answer {
            TokenAnswer::Token(_) => (prose.exchanged.clone(), Fate::Good),
            TokenAnswer::Error(_) if is_latest => (prose.refused_now.clone(), Fate::Bad),
            TokenAnswer::Error(error) => (
                filled(&prose.refused, &[("error", &told(&error.error))]),
                Fate::Bad,
            ),
            TokenAnswer::NotATokenResponse
                if exchange
                    .exchange
                    .response
                    .is_some_and(HttpResponse::shows_no_body) =>
            {
                (filled(&prose.not_shown, &[("status", &status)]), Fate::Doubtful)
            }
            TokenAnswer::NotATokenResponse => {
                (filled(&prose.unreadable, &[("status", &status)]), Fate::Doubtful)
            }
        },
        (None, Some(failure)) => {
            let reason = messages.pictures().failure.of(&failure.kind);
            (filled(&prose.unanswered, &[("reason", reason)]), Fate::Doubtful)
        }
        (None, None) => (prose.under_way.clone(), Fate::Neutral),
    };
    Event { at: 0, what, fate }
}
