//! What was found in a text, where, and which of two things found in one place explains more.

use std::collections::HashSet;

use serde_json::json;

use crate::{
    flow::transcript::{LibraryMessage, Observation, STATUS_NOT_SEEN},
    oauth::{
        http::{HttpRequest, HttpResponse},
        time::Moment,
        token::{TokenAnswer, read_answer, request_params},
    },
    providers::{error_table::is_known, github::errors},
    sources::{exchange, pasted::request::posted_to},
};

/// How much an answer explains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    /// An `error` that nobody knows, a page, a status.
    Generic,
    /// Words of a server without the code that stood beside them.
    Quoted,
    /// A known code in words that a program wrote.
    Words,
    /// A known code in an answer.
    Known,
    /// GitHub's own words, or a token.
    Certain,
}

/// An answer of a token endpoint.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub response: HttpResponse,
    pub rank: Rank,
    /// False for one that is made of words.
    pub structured: bool,
    /// The error code, if it is a refusal.
    pub error: Option<String>,
}

impl Answer {
    /// A response that was read as such.
    pub fn of(response: HttpResponse) -> Self {
        let (rank, error) = match read_answer(&response).answer {
            TokenAnswer::Token(_) => (Rank::Certain, None),
            TokenAnswer::Error(error) => {
                let said = error.error_description.as_deref().unwrap_or_default();
                let rank = if errors::sentences()
                    .any(|(sentence, code)| code == error.error && said.starts_with(sentence))
                {
                    Rank::Certain
                } else if is_known(&error.error) {
                    Rank::Known
                } else {
                    Rank::Generic
                };
                (rank, Some(error.error))
            }
            TokenAnswer::NotATokenResponse => (Rank::Generic, None),
        };
        Self {
            response,
            rank,
            structured: true,
            error,
        }
    }

    /// A body without its head.
    pub fn bare(body: String) -> Self {
        Self::of(HttpResponse {
            status: STATUS_NOT_SEEN,
            body: body.into_bytes(),
            ..HttpResponse::default()
        })
    }

    /// An error in words, as the body of the answer that they quote.
    pub fn words(code: &str, description: &str, rank: Rank) -> Self {
        let body = if description.is_empty() {
            json!({ "error": code })
        } else {
            json!({ "error": code, "error_description": description })
        };
        Self {
            rank,
            structured: false,
            error: Some(code.to_owned()),
            ..Self::bare(body.to_string())
        }
    }
}

impl Answer {
    /// What a server says, where a library passes it on without its error code.
    pub fn quoted(sentence: &str) -> Self {
        Self {
            rank: Rank::Quoted,
            structured: false,
            ..Self::bare(json!({ "message": sentence }).to_string())
        }
    }

    /// The status of an answer that is not shown.
    pub fn status(status: u16) -> Self {
        Self {
            structured: false,
            ..Self::of(exchange::without_body(status))
        }
    }

    /// The same with the status that a program printed apart from it.
    fn with_status_of(mut self, head: &Self) -> Self {
        if self.response.status == STATUS_NOT_SEEN {
            self.response.status = head.response.status;
        }
        self
    }

    /// True where nothing but a status is known.
    fn is_a_status(&self) -> bool {
        !self.structured && self.response.body_cut_at == Some(0)
    }
}

/// Something that was found.
#[derive(Clone, Debug)]
pub(crate) enum Found {
    /// A token request, or an authorization request.
    Request(Observation),
    /// A redirect.
    Redirect(Observation),
    /// An answer.
    Answer(Answer),
    /// A page of the authorization server.
    Page(Observation),
    /// A request that got no answer.
    Failure(Observation),
    /// What a library says.
    Said(LibraryMessage),
}

impl Found {
    /// What another reader saw.
    pub fn of(observation: Observation) -> Self {
        match observation {
            Observation::RedirectReceived { .. } => Self::Redirect(observation),
            Observation::ResponseReceived { response, .. } => Self::Answer(Answer::of(response)),
            Observation::RequestFailed { .. } => Self::Failure(observation),
            Observation::PageSeen { .. } => Self::Page(observation),
            Observation::LibrarySaid { message } => Self::Said(message),
            _ => Self::Request(observation),
        }
    }
}

impl Found {
    /// The same, with its address where that is in the line before.
    pub fn below(mut self, before: &str) -> Self {
        if let Self::Request(Observation::RequestSent { request, .. }) = &mut self
            && request.url.is_empty()
            && let Some(url) = posted_to(before)
        {
            url.clone_into(&mut request.url);
        }
        self
    }
}

/// Something that was found, where, and when it happened.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    /// Its first byte.
    pub start: usize,
    /// When it happened, where the text says so.
    pub at: Option<Moment>,
    pub found: Found,
}

/// Of what one line holds: requests and redirects as they are, and of its answers the one that explains most.
pub(crate) fn one_event(found: Vec<Found>) -> Vec<Found> {
    let best = found
        .iter()
        .filter_map(|found| match found {
            Found::Answer(answer) => Some((answer.rank, answer.structured)),
            _ => None,
        })
        .max();
    let structured = found.iter().any(
        |found| matches!(found, Found::Answer(answer) if answer.structured && answer.rank > Rank::Generic),
    );
    let told: Vec<String> = found
        .iter()
        .filter_map(|found| match found {
            Found::Redirect(Observation::RedirectReceived { request, .. }) => Some(request.url.clone()),
            _ => None,
        })
        .collect();
    let (mut words, mut failed) = (false, false);
    let mut queries: HashSet<String> = HashSet::new();
    found
        .into_iter()
        .filter(|found| match found {
            // A proxy names the address that was asked for and the one that it passed it on to.
            Found::Redirect(Observation::RedirectReceived { request, .. }) => {
                queries.insert(request.query().unwrap_or(&request.url).to_owned())
            }
            Found::Answer(answer) if answer.structured => {
                best.is_none_or(|(rank, _)| answer.rank > Rank::Generic || rank == Rank::Generic)
            }
            Found::Answer(answer) => {
                // A redirect that brings the error is the redirect's to tell.
                let error = answer.error.as_deref().unwrap_or_default();
                let best = best.is_some_and(|(rank, _)| answer.rank == rank);
                let told = told.iter().any(|url| url.contains(error));
                best && !structured && !told && !std::mem::replace(&mut words, true)
            }
            Found::Failure(_) => {
                best.is_none_or(|(rank, _)| rank == Rank::Generic) && !std::mem::replace(&mut failed, true)
            }
            _ => true,
        })
        .collect()
}

/// Lines that are so far apart speak of two events, even if they say the same.
const ONE_EVENT: u64 = 2_000;

/// The events of a text, in order, with one answer for each that was given: programs print an answer, throw it as an
/// exception and log that, and each line counts for the same event.
pub(crate) fn settled(events: Vec<Event>) -> Vec<Event> {
    let mut kept: Vec<Event> = Vec::new();
    for event in events {
        let rival = kept
            .iter()
            .rposition(|earlier| !matches!(earlier.found, Found::Said(_)))
            .filter(|at| may_be_one(&kept[*at], &event));
        match rival.map(|at| (at, preferred(&kept[at].found, &event.found))) {
            Some((at, Preferred::Later)) => {
                let first = kept[at].at;
                let found = match (event.found, &kept[at].found) {
                    (Found::Answer(body), Found::Answer(head)) if head.is_a_status() => {
                        Found::Answer(body.with_status_of(head))
                    }
                    (found, _) => found,
                };
                kept[at] = Event {
                    at: first.or(event.at),
                    start: event.start,
                    found,
                };
            }
            Some((at, Preferred::Earlier)) => {
                if let (Found::Answer(body), Found::Answer(head)) = (&mut kept[at].found, &event.found)
                    && head.is_a_status()
                {
                    *body = body.clone().with_status_of(head);
                }
            }
            Some((_, Preferred::Both)) | None => {
                if let Some(head) = announced(&kept, &event) {
                    kept.remove(head);
                }
                kept.push(event);
            }
        }
    }
    kept
}

/// The status that an exception names above the dump of the request and of the answer with that status: the same answer.
fn announced(kept: &[Event], answer: &Event) -> Option<usize> {
    let Found::Answer(whole) = &answer.found else {
        return None;
    };
    let [.., head, request] = kept else {
        return None;
    };
    let at = kept.len() - 2;
    let is_alone = !at
        .checked_sub(1)
        .is_some_and(|before| matches!(kept[before].found, Found::Request(_)));
    let is_head = matches!(&head.found, Found::Answer(head) if head.is_a_status() && head.response.status == whole.response.status);
    (is_alone && is_head && matches!(request.found, Found::Request(_)) && may_be_one(head, answer))
        .then_some(at)
}

fn may_be_one(earlier: &Event, later: &Event) -> bool {
    match (earlier.at, later.at) {
        (Some(earlier), Some(later)) => later.since(earlier).max(earlier.since(later)) <= ONE_EVENT,
        _ => true,
    }
}

enum Preferred {
    Earlier,
    Later,
    Both,
}

/// Which of two things that may be one event explains more.
fn preferred(earlier: &Found, later: &Found) -> Preferred {
    match (earlier, later) {
        (Found::Answer(earlier), Found::Answer(later)) => {
            let same = earlier.error.is_some() && earlier.error == later.error;
            // A program prints the head of an answer, and its body in words of its own.
            let head = later.response.body_cut_at == Some(0) && later.rank == Rank::Generic;
            if head && earlier.rank > Rank::Generic {
                return Preferred::Earlier;
            }
            if same && earlier.response.body == later.response.body {
                return Preferred::Earlier;
            }
            if same || earlier.rank <= Rank::Quoted || later.rank <= Rank::Quoted {
                let better = (later.rank, later.structured) > (earlier.rank, earlier.structured);
                // What is generic on both sides is told as it came last.
                let both_generic = earlier.rank == Rank::Generic && later.rank == Rank::Generic && !same;
                return if better || both_generic {
                    Preferred::Later
                } else {
                    Preferred::Earlier
                };
            }
            Preferred::Both
        }
        (Found::Answer(answer), Found::Failure(_)) if answer.rank > Rank::Generic => Preferred::Earlier,
        (Found::Failure(_), Found::Answer(answer)) if answer.rank > Rank::Generic => Preferred::Later,
        (Found::Answer(_), Found::Failure(_)) => Preferred::Later,
        (Found::Failure(_), Found::Failure(_) | Found::Answer(_)) => Preferred::Earlier,
        // One request, printed as parameters and as a body; the same bytes twice are two requests.
        (
            Found::Request(Observation::RequestSent { request: earlier, .. }),
            Found::Request(Observation::RequestSent { request: later, .. }),
        ) if earlier != later && same_values(earlier, later) => {
            if later.url.len() + later.headers.len() > earlier.url.len() + earlier.headers.len() {
                Preferred::Later
            } else {
                Preferred::Earlier
            }
        }
        (Found::Redirect(Observation::RedirectReceived { request, .. }), Found::Answer(answer))
            if !answer.structured
                && answer
                    .error
                    .as_ref()
                    .is_some_and(|error| request.url.contains(error.as_str())) =>
        {
            Preferred::Earlier
        }
        _ => Preferred::Both,
    }
}

fn same_values(one: &HttpRequest, other: &HttpRequest) -> bool {
    let sorted = |request: &HttpRequest| {
        let mut params = request_params(request).0;
        params.sort();
        params
    };
    sorted(one) == sorted(other)
}
