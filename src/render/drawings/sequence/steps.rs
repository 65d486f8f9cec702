//! What happened, message by message.

use crate::render::drawings::sequence::requests::{of_a_token, request_words};
use crate::{
    diagnosis::context::{Facts, TokenExchange, response_params},
    flow::{
        grants::GrantKind,
        transcript::{
            BrowserShows, Disposition, Entry, Observation, Purpose, STATUS_NOT_SEEN, Source, Transcript,
        },
    },
    oauth::{
        device::DeviceAuthorization,
        http::{HttpRequest, HttpResponse, reason_phrase},
        token::{TokenAnswer, read_answer},
    },
    render::{
        text::line::{Tone, clean},
        told,
    },
    text::{catalog::Messages, template::filled},
};

/// How many observations are drawn. The middle of a longer flow is replaced by a count.
const DRAWN: usize = 8;
/// How many of them are from the beginning.
const FROM_THE_BEGINNING: usize = 2;

use Lane::{Browser, Client, Server};

/// Who sends or receives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Lane {
    /// The resource owner's browser.
    Browser,
    /// oauthlens, or the program whose messages were pasted.
    Client,
    /// The authorization server, or its API.
    Server,
}

/// How a message fared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Plain,
    Good,
    Bad,
    Doubtful,
    /// Still to come.
    Awaited,
}

impl Fate {
    pub(crate) fn tone(self) -> Tone {
        match self {
            Self::Plain => Tone::Plain,
            Self::Good => Tone::Good,
            Self::Bad => Tone::Bad,
            Self::Doubtful => Tone::Warn,
            Self::Awaited => Tone::Dim,
        }
    }

    pub(crate) fn symbol(self) -> &'static str {
        match self {
            Self::Good => "✓ ",
            Self::Bad => "✗ ",
            Self::Doubtful => "! ",
            Self::Plain | Self::Awaited => "",
        }
    }
}

/// A message, or a note where `path` is empty.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// Milliseconds since the attempt was started; `None` where that is not known.
    pub at: Option<u64>,
    /// The lanes it passes, in order.
    pub path: &'static [Lane],
    /// What it is.
    pub label: String,
    /// How it fared.
    pub fate: Fate,
}

/// How much of the flow is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// All of it.
    Whole,
    /// What the browser carries: the steps before the exchange need no more, however often was exchanged.
    FrontChannel,
}

impl Part {
    fn holds(self, observation: &Observation) -> bool {
        let back_channel = matches!(
            observation,
            Observation::RequestSent { .. }
                | Observation::ResponseReceived { .. }
                | Observation::RequestFailed { .. }
        );
        self == Self::Whole || !back_channel
    }
}

/// The messages and notes of the latest attempt: a bounded number, whatever the history. An error that `above` quotes is not
/// quoted again.
pub(crate) fn steps(facts: &Facts<'_>, part: Part, above: &str, messages: &Messages) -> Vec<Step> {
    let prose = &messages.pictures().sequence;
    let start = facts.authorization.map_or(0, |(index, ..)| index);
    let entries = &facts.transcript.entries[start..];
    let zero = entries.first().map_or(0, |entry| entry.at);
    let mut drawn: Vec<&Entry> = Vec::new();
    // Of an excerpt the middle is missing: a request and a response each.
    let mut left_out = match part {
        Part::Whole => 2 * facts.transcript.missing_exchanges(),
        Part::FrontChannel => 0,
    };
    let mut other_requests = 0_u64;
    let mut not_kept = Vec::new();
    let entries = || entries.iter().filter(|entry| part.holds(&entry.observation));
    for entry in entries() {
        if is_noise(&entry.observation) {
            match entry.observation {
                Observation::RedirectReceived { .. } => other_requests += 1,
                Observation::NotKept {
                    redirects,
                    requests,
                    connections,
                } => {
                    other_requests = other_requests.saturating_add(requests);
                    not_kept.extend([
                        (&prose.redirects_not_kept, redirects),
                        (&prose.connections_dropped, connections),
                    ]);
                }
                _ => {}
            }
            continue;
        }
        drawn.push(entry);
        if drawn.len() > 2 * DRAWN {
            left_out += drawn
                .drain(FROM_THE_BEGINNING..drawn.len() - (DRAWN - FROM_THE_BEGINNING))
                .count();
        }
    }
    if drawn.len() > DRAWN {
        left_out += drawn
            .drain(FROM_THE_BEGINNING..drawn.len() - (DRAWN - FROM_THE_BEGINNING))
            .count();
    }
    let known_times = facts.transcript.source != Source::Pasted;
    let mut steps: Vec<Step> = Vec::new();
    for (nth, entry) in drawn.iter().enumerate() {
        if nth == FROM_THE_BEGINNING && left_out > 0 {
            steps.push(note(
                None,
                filled(&prose.left_out, &[("n", &left_out.to_string())]),
                Fate::Awaited,
            ));
        }
        let at = known_times.then(|| entry.at.saturating_sub(zero));
        let told = |exchange, response: &HttpResponse| answer(exchange, response, facts, above, messages);
        steps.extend(step(
            at,
            &entry.observation,
            facts.is_pasted(),
            told,
            above,
            messages,
        ));
    }
    // Of what was pasted the rest is not awaited: it was not pasted.
    if known_times {
        let is_counter = |entry: &&Entry| matches!(entry.observation, Observation::NotKept { .. });
        let last = entries().rev().find(|entry| !is_counter(entry));
        steps.extend(awaited(last, messages));
    }
    not_kept.push((&prose.other_requests, other_requests));
    for (template, number) in not_kept.into_iter().filter(|(_, number)| *number > 0) {
        let text = filled(template, &[("n", &number.to_string())]);
        steps.push(note(None, text, Fate::Awaited));
    }
    steps
}

/// The places among the entries of what is drawn of the latest attempt, all of it.
pub fn drawn_entries(transcript: &Transcript) -> Vec<usize> {
    let start = transcript.last_authorization().map_or(0, |(index, ..)| index);
    let entries = transcript.entries.iter().enumerate().skip(start);
    let drawn = entries.filter(|(_, entry)| is_drawn(&entry.observation));
    drawn.map(|(place, _)| place).collect()
}

/// One entry by itself, read without the rest of a long transcript; times count from the entry `zero`, `above` as in [`steps`].
pub(crate) fn step_of(
    transcript: &Transcript,
    place: usize,
    zero: usize,
    above: &str,
    messages: &Messages,
) -> Option<Step> {
    let entry = transcript.entries.get(place)?;
    let pasted = transcript.source == Source::Pasted;
    let zero = transcript.entries.get(zero).map_or(0, |first| first.at);
    let at = (!pasted).then(|| entry.at.saturating_sub(zero));
    let told = |exchange, response: &HttpResponse| {
        let purpose = purpose_before(transcript, place, exchange).filter(|purpose| !purpose.brings_a_token());
        let reading = purpose.is_none().then(|| read_answer(response));
        told_answer(
            purpose,
            response,
            reading.as_ref().map(|reading| &reading.answer),
            above,
            messages,
        )
    };
    step(at, &entry.observation, pasted, told, above, messages)
}

/// What an exchange was for, looked for among the entries right before its answer.
fn purpose_before(transcript: &Transcript, place: usize, number: u32) -> Option<Purpose> {
    const AT_MOST: usize = 256;
    let before = transcript.entries[..place].iter().rev().take(AT_MOST);
    before
        .map(|entry| &entry.observation)
        .find_map(|observation| match observation {
            Observation::RequestSent {
                exchange, purpose, ..
            } if *exchange == number => Some(*purpose),
            _ => None,
        })
}

fn is_drawn(observation: &Observation) -> bool {
    !is_noise(observation) && !matches!(observation, Observation::RegistrationTold { .. })
}

/// True for what the drawing leaves to other views.
fn is_noise(observation: &Observation) -> bool {
    match observation {
        Observation::ListenerBound { .. } | Observation::BrowserOpened | Observation::NotKept { .. } => true,
        Observation::RedirectReceived { disposition, .. } => matches!(
            disposition,
            Disposition::Favicon
                | Disposition::OtherPath
                | Disposition::OtherMethod
                | Disposition::OtherHost
                | Disposition::NoParameters
        ),
        _ => false,
    }
}

pub(crate) fn note(at: Option<u64>, label: String, fate: Fate) -> Step {
    Step {
        at,
        path: &[],
        label,
        fate,
    }
}

fn step(
    at: Option<u64>,
    observation: &Observation,
    pasted: bool,
    answer: impl FnOnce(u32, &HttpResponse) -> (String, Fate),
    above: &str,
    messages: &Messages,
) -> Option<Step> {
    let words = messages.pictures();
    let prose = &words.sequence;
    let message = |path, label, fate| {
        Some(Step {
            at,
            path,
            label,
            fate,
        })
    };
    match observation {
        // The request itself follows, and is drawn as what it is.
        Observation::AuthorizationStarted { configuration, .. }
            if configuration.grant != GrantKind::AuthorizationCode =>
        {
            None
        }
        Observation::AuthorizationStarted { .. } => message(
            &[Browser, Server],
            prose.authorization_request.clone(),
            Fate::Plain,
        ),
        Observation::RedirectReceived {
            request, disposition, ..
        } => {
            let (label, fate) = redirect(request, *disposition, above, messages);
            message(&[Server, Browser, Client], label, fate)
        }
        Observation::RequestSent { purpose, .. } => {
            let label = request_words(*purpose, messages).clone();
            message(&[Client, Server], label, Fate::Plain)
        }
        Observation::ResponseReceived {
            exchange, response, ..
        } => {
            let (label, fate) = answer(*exchange, response);
            message(&[Server, Client], label, fate)
        }
        Observation::RequestFailed { failure, .. } => {
            let reason = words.failure.of(&failure.kind);
            message(
                &[Server, Client],
                filled(&prose.no_answer, &[("reason", reason)]),
                Fate::Bad,
            )
        }
        Observation::ListenerFailed {
            address,
            in_use,
            reason,
        } => {
            let template = if *in_use {
                &prose.port_in_use
            } else {
                &prose.listener_failed
            };
            let text = filled(
                template,
                &[("address", &clean(address)), ("reason", &clean(reason))],
            );
            Some(note(at, text, Fate::Bad))
        }
        Observation::ListenerImpossible { why } => {
            let text = filled(
                &prose.listener_impossible,
                &[("reason", words.cannot_listen.of(why))],
            );
            Some(note(at, text, Fate::Doubtful))
        }
        Observation::BrowserFailed { .. } => Some(note(at, prose.browser_failed.clone(), Fate::Doubtful)),
        // Its status is for the finding to tell: not every page of GitHub's is known (docs/github.md §1).
        Observation::PageSeen { .. } => message(&[Server, Browser], prose.page_seen.clone(), Fate::Bad),
        Observation::LibrarySaid { message } if crate::diagnosis::libraries::is_a_log(message) => None,
        Observation::LibrarySaid { message } => {
            let text = filled(&prose.library_said, &[("library", &clean(&message.library))]);
            Some(note(at, text, Fate::Bad))
        }
        Observation::SettingsRead { .. } => Some(note(at, prose.settings_read.clone(), Fate::Plain)),
        Observation::BrowserReported { shows } => Some(note(
            at,
            reported(*shows, pasted, messages).clone(),
            Fate::Doubtful,
        )),
        Observation::RedirectTimedOut { seconds } => {
            let text = filled(&prose.timed_out, &[("seconds", &seconds.to_string())]);
            Some(note(at, text, Fate::Bad))
        }
        Observation::DeviceCodeTimedOut { seconds } => {
            let text = filled(&prose.device_timed_out, &[("seconds", &seconds.to_string())]);
            Some(note(at, text, Fate::Bad))
        }
        Observation::Cancelled => Some(note(at, prose.cancelled.clone(), Fate::Doubtful)),
        Observation::ListenerBound { .. }
        | Observation::BrowserOpened
        | Observation::NotKept { .. }
        | Observation::RegistrationTold { .. } => None,
    }
}

/// What the browser is said to show.
fn reported(shows: BrowserShows, pasted: bool, messages: &Messages) -> &String {
    let prose = &messages.pictures().sequence;
    match shows {
        // Nobody said so: a capture shows it.
        BrowserShows::CannotConnect if pasted => &prose.could_not_connect,
        BrowserShows::SignIn => &prose.reported_sign_in,
        BrowserShows::RefusesRedirectUri => &prose.reported_refusal,
        BrowserShows::NotFound => &prose.reported_not_found,
        BrowserShows::CannotConnect => &prose.reported_cannot_connect,
    }
}

fn redirect(
    request: &HttpRequest,
    disposition: Disposition,
    above: &str,
    messages: &Messages,
) -> (String, Fate) {
    let words = messages.pictures();
    let prose = &words.sequence;
    match disposition {
        Disposition::Accepted => (prose.redirect_code.clone(), Fate::Plain),
        Disposition::ErrorResponse => {
            let params = response_params(request);
            let error = told(params.get("error").unwrap_or_default());
            let label = if above.contains(&error) {
                prose.redirect_this_error.clone()
            } else {
                filled(&prose.redirect_error, &[("error", &error)])
            };
            (label, Fate::Bad)
        }
        Disposition::AcceptedUnchecked => {
            let reason = words.disposition.of(&disposition);
            let label = filled(&prose.redirect_doubtful, &[("reason", reason)]);
            (label, Fate::Doubtful)
        }
        other => {
            let fate = if other.is_refused() {
                Fate::Bad
            } else {
                Fate::Doubtful
            };
            (
                filled(
                    &prose.redirect_not_taken,
                    &[("reason", words.disposition.of(&other))],
                ),
                fate,
            )
        }
    }
}

fn answer(
    exchange: u32,
    response: &HttpResponse,
    facts: &Facts<'_>,
    above: &str,
    messages: &Messages,
) -> (String, Fate) {
    let mut others = facts.other_exchanges.iter().rev();
    let other = others.find(|e| e.number == exchange).map(|e| e.purpose);
    let mut of_tokens = facts.token_exchanges.iter().rev();
    let of_tokens = of_tokens.find(|e| e.exchange.number == exchange);
    let reading = of_tokens.and_then(|e: &TokenExchange<'_>| e.reading.as_ref());
    let purpose = of_tokens.map(|e| e.exchange.purpose);
    let purpose = other.or(purpose.filter(|purpose| !purpose.brings_a_token()));
    told_answer(
        purpose,
        response,
        reading.map(|reading| &reading.answer),
        above,
        messages,
    )
}

/// What an answer says: of another request than the token request by its purpose, else as it was read.
fn told_answer(
    purpose: Option<Purpose>,
    response: &HttpResponse,
    answer: Option<&TokenAnswer>,
    above: &str,
    messages: &Messages,
) -> (String, Fate) {
    let prose = &messages.pictures().sequence;
    let status = status_words(response.status, messages);
    let good = (200..300).contains(&response.status);
    match purpose {
        Some(Purpose::User) => {
            let login = crate::render::drawings::token::login(response).map(|login| clean(&login));
            match login.filter(|_| good) {
                Some(login) => (
                    filled(&prose.user, &[("status", &status), ("login", &login)]),
                    Fate::Good,
                ),
                None => (filled(&prose.other_answer, &[("status", &status)]), Fate::Bad),
            }
        }
        Some(purpose) => {
            let reading = read_answer(response);
            if purpose.is_about_a_token() {
                let (label, is_good) = of_a_token(&status, response, &reading, messages);
                return (label, if is_good { Fate::Good } else { Fate::Bad });
            }
            match reading.answer {
                TokenAnswer::Error(error) => {
                    let error = told(&error.error);
                    let values = [("status", status.as_str()), ("error", error.as_str())];
                    (filled(&prose.error, &values), Fate::Plain)
                }
                _ => (filled(&prose.other_answer, &[("status", &status)]), Fate::Plain),
            }
        }
        None => match answer {
            Some(TokenAnswer::Token(_)) => (filled(&prose.token, &[("status", &status)]), Fate::Good),
            Some(TokenAnswer::Error(error)) => {
                let goes_on = matches!(error.error.as_str(), "authorization_pending" | "slow_down");
                let fate = if goes_on { Fate::Plain } else { Fate::Bad };
                let error = told(&error.error);
                let label = if above.contains(&error) {
                    filled(&prose.other_answer, &[("status", &status)])
                } else {
                    filled(&prose.error, &[("status", &status), ("error", &error)])
                };
                (label, fate)
            }
            _ if DeviceAuthorization::of(&read_answer(response)).is_some() => {
                (filled(&prose.device_codes, &[("status", &status)]), Fate::Good)
            }
            _ if response.shows_no_body() => (
                filled(&prose.other_answer, &[("status", &status)]),
                Fate::Doubtful,
            ),
            _ => (filled(&prose.not_a_token, &[("status", &status)]), Fate::Bad),
        },
    }
}

/// What is still to come, when the attempt is under way.
fn awaited(last: Option<&Entry>, messages: &Messages) -> Option<Step> {
    let prose = &messages.pictures().sequence;
    let awaited = |path, label: &String| {
        Some(Step {
            at: None,
            path,
            label: label.clone(),
            fate: Fate::Awaited,
        })
    };
    match &last?.observation {
        Observation::AuthorizationStarted { configuration, .. }
            if configuration.grant != GrantKind::AuthorizationCode =>
        {
            None
        }
        Observation::RequestSent { .. } => awaited(&[Server, Client], &prose.waiting_for_answer),
        Observation::AuthorizationStarted { .. }
        | Observation::ListenerBound { .. }
        | Observation::BrowserOpened => awaited(&[Server, Browser, Client], &prose.waiting_for_redirect),
        _ => None,
    }
}

/// `200`, or with its reason phrase, or that it was not seen.
pub(crate) fn status_words(status: u16, messages: &Messages) -> String {
    if status == STATUS_NOT_SEEN {
        return messages.pictures().message.status_not_seen.clone();
    }
    format!("{status} {}", reason_phrase(status))
        .trim_end()
        .to_owned()
}
