//! What passes between a program and its provider, read into attempts: a transcript for each.
//!
//! ```text
//! head of a request ─► kind::of ─► is it worth recording? ─► Passed ─► Recorder::record ─► the attempt that has changed
//! ```
//!
//! Pure: [`crate::io::tap`] carries the bytes, and tells what passed when it has passed.

mod attempt;
mod decode;
pub mod environment;
mod join;
pub mod kind;
pub mod routes;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use crate::{
    flow::{configuration::Origins, transcript::Failure},
    oauth::{
        http::{HttpRequest, HttpResponse},
        redirect_matching::Registered,
        time::Moment,
    },
    providers::Provider,
    sources::tap::kind::Kind,
};

pub use crate::sources::tap::attempt::Attempt;

/// Of a body so much is recorded, in bytes; what comes behind it is passed on and not known here.
pub const BODY_CAP: usize = 64 * 1024;
/// So many attempts are kept; the oldest go first.
pub const MOST_ATTEMPTS: usize = 500;
/// So many bytes are kept of all attempts together, of their messages and all that is noted beside them.
pub const MOST_BYTES: usize = 16 * 1024 * 1024;
/// So many exchanges are kept of one attempt. A program that repeats one request without end fills no memory.
pub const MOST_EXCHANGES: u32 = 64;

/// What the sockets tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A flow is over.
    Passed(Box<Passed>),
    /// A program would not speak TLS with the tap for a host of the provider.
    Untrusted {
        /// The host.
        host: String,
        /// The alert that it sent, in the words of the TLS layer; `None` when it went away without a word.
        alert: Option<String>,
    },
}

/// A request that was passed on, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passed {
    /// When its head came.
    pub at: Moment,
    /// When it was over.
    pub ended: Moment,
    /// The request as it was sent on, its URL that of the provider.
    pub request: HttpRequest,
    /// True when its body was longer than [`BODY_CAP`], so that not all of it is known.
    pub request_cut: bool,
    /// Which of its values a fault has put there.
    pub origins: Origins,
    /// The answer, or why there is none.
    pub answer: Result<HttpResponse, Failure>,
}

/// True for an answer that takes the browser back to the client, by the address that was asked, the status and `Location`.
pub fn is_redirect(url: &str, status: u16, location: &str) -> bool {
    attempt::redirect(url, status, location).is_some()
}

/// Gathers what passed into attempts.
#[derive(Debug)]
pub struct Recorder {
    provider: Provider,
    registered: Vec<Registered>,
    attempts: VecDeque<Attempt>,
    last: u64,
    bytes: usize,
    forgotten: u64,
}

impl Recorder {
    /// A recorder that has seen nothing yet. `registered` is what the person told of the app's registration.
    pub fn new(provider: Provider, registered: Vec<Registered>) -> Self {
        Self {
            provider,
            registered,
            attempts: VecDeque::new(),
            last: 0,
            bytes: 0,
            forgotten: 0,
        }
    }

    /// Takes in what passed. Gives the number of the attempt that it belongs to; `None` when it belongs to none.
    pub fn record(&mut self, mut passed: Passed) -> Option<u64> {
        if let Ok(response) = &mut passed.answer {
            decode::undo(response);
        }
        let kind = kind::of(&self.provider, &passed.request.method, &passed.request.url)?;
        let answer = passed.answer.as_ref().ok();
        let redirect = answer.and_then(|response| {
            attempt::redirect(&passed.request.url, response.status, response.header("location")?)
        });
        let (began, ended) = (passed.at, passed.ended);
        let at = match kind {
            Kind::Authorization => self.authorization(&passed),
            Kind::Browser => None,
            Kind::Token => Some(self.token_exchange(passed)),
            Kind::User => self.user(passed),
        };
        let at = match redirect {
            Some(redirect) => {
                let at = join::of_redirect(&self.attempts, &redirect)
                    .or(at)
                    .unwrap_or_else(|| self.begin(began));
                self.attempts[at].redirected(ended, redirect);
                at
            }
            None => at?,
        };
        self.weigh(at);
        let number = self.attempts[at].number;
        self.forget();
        Some(number)
    }

    /// An attempt by its number, as long as it is kept.
    pub fn attempt(&self, number: u64) -> Option<&Attempt> {
        let at = self.attempts.partition_point(|attempt| attempt.number < number);
        self.attempts.get(at).filter(|attempt| attempt.number == number)
    }

    /// The attempts that are kept, oldest first.
    pub fn attempts(&self) -> impl ExactSizeIterator<Item = &Attempt> {
        self.attempts.iter()
    }

    /// How many attempts were seen, those that are not kept any more included.
    pub fn seen(&self) -> u64 {
        self.last
    }

    /// How many attempts are not kept any more.
    pub fn forgotten(&self) -> u64 {
        self.forgotten
    }

    /// Bytes of memory that the attempts take, about.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    fn begin(&mut self, at: Moment) -> usize {
        self.last += 1;
        self.attempts.push_back(Attempt::new(self.last, at));
        self.attempts.len() - 1
    }

    fn authorization(&mut self, passed: &Passed) -> Option<usize> {
        let request = attempt::authorization_request(&passed.request)?;
        let at = join::same_request(&self.attempts, &request).unwrap_or_else(|| {
            let at = self.begin(passed.at);
            self.attempts[at].start(passed.at, &self.provider, &self.registered, request);
            at
        });
        if let Ok(response) = &passed.answer {
            self.attempts[at].page(passed.ended, response);
        }
        Some(at)
    }

    fn token_exchange(&mut self, passed: Passed) -> usize {
        let at = join::of_token_request(&self.attempts, &passed).unwrap_or_else(|| self.begin(passed.at));
        self.attempts[at].token_exchange(passed);
        at
    }

    fn user(&mut self, passed: Passed) -> Option<usize> {
        let at = join::of_bearer(&self.attempts, &passed.request)?;
        self.attempts[at].user(passed);
        Some(at)
    }

    fn weigh(&mut self, at: usize) {
        let (before, now) = self.attempts[at].weigh();
        self.bytes = (self.bytes + now).saturating_sub(before);
    }

    fn forget(&mut self) {
        while self.attempts.len() > MOST_ATTEMPTS || (self.bytes > MOST_BYTES && self.attempts.len() > 1) {
            let Some(oldest) = self.attempts.pop_front() else {
                return;
            };
            self.bytes = self.bytes.saturating_sub(oldest.weight());
            self.forgotten += 1;
        }
    }
}
