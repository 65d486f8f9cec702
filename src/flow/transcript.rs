//! What was observed in a flow, in order. Everything that is shown or said is a view of this.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    flow::{
        configuration::{CannotListen, Configuration, Origins},
        secret_facts::KnownSecret,
    },
    oauth::{
        authorization::AuthorizationRequest,
        http::{HttpRequest, HttpResponse},
        redirect_matching::Registered,
        time::Moment,
    },
};

pub use crate::flow::{
    attempt_id::AttemptId,
    failure::{Certificate, Failure, FailureKind},
    purpose::Purpose,
};

/// The version of the transcript's form in files and JSON documents. Form 1, in which no entry names its attempt, is read
/// as well.
pub const SCHEMA: u32 = 2;

/// The `status` of a pasted response whose status line was not pasted with it.
pub const STATUS_NOT_SEEN: u16 = 0;

/// Where a transcript comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// oauthlens ran the flow against a provider.
    #[default]
    Live,
    /// oauthlens ran the flow against its own simulator.
    Simulator,
    /// A person pasted what another program received.
    Pasted,
    /// oauthlens passed on what another program and its provider sent each other.
    Tap,
}

/// A flow as it was observed, in one attempt or more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Transcript {
    /// [`SCHEMA`].
    pub schema: u32,
    /// Where it comes from.
    pub source: Source,
    /// The moment from which offsets count.
    pub started: Moment,
    /// What was observed, oldest first.
    pub entries: Vec<Entry>,
    /// What is known of its masked secrets; `None` in a transcript that is not masked, and in files of before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secrets: Option<Vec<KnownSecret>>,
}

/// One observation and when it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Milliseconds since [`Transcript::started`].
    pub at: u64,
    /// The attempt that it belongs to.
    #[serde(default)]
    pub attempt: AttemptId,
    /// What was observed.
    #[serde(flatten)]
    pub observation: Observation,
}

/// How a redirect reached oauthlens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The redirect listener received it.
    Listener,
    /// A person pasted it: a URL, a query or a bare code.
    Pasted,
    /// The tap saw the authorization server send the browser on with it.
    Tap,
}

/// What became of a request to the redirect listener, or of a pasted redirect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disposition {
    /// A code with the right `state`: taken.
    Accepted,
    /// A bare code was pasted: taken, its `state` could not be checked.
    AcceptedUnchecked,
    /// An error response with the right `state`: taken.
    ErrorResponse,
    /// There is no `state`, though one was sent.
    StateMissing,
    /// The `state` is another one.
    StateDiffers,
    /// `state`, `code` or `error` is repeated (RFC 6749 §3.1 forbids it).
    ParameterRepeated,
    /// `iss` names another authorization server (RFC 9207 §2.4).
    IssuerDiffers,
    /// A redirect for this `state` was taken already.
    SecondRedirect,
    /// No redirect is waited for: the flow was stopped, its time ran out, or it has not begun.
    FlowOver,
    /// The redirect path, but neither `code` nor `error`.
    NoParameters,
    /// A browser asks for its icon.
    Favicon,
    /// Another path than the redirect URI's.
    OtherPath,
    /// Another method than GET (a link preview's HEAD, for example).
    OtherMethod,
    /// A `Host` header that is not ours: DNS rebinding, or a proxy that rewrites it.
    OtherHost,
}

impl Disposition {
    /// True when the flow goes on with what this redirect brought.
    pub fn is_taken(self) -> bool {
        matches!(
            self,
            Self::Accepted | Self::AcceptedUnchecked | Self::ErrorResponse
        )
    }

    /// True when it was an authorization response that failed a check.
    pub fn is_refused(self) -> bool {
        matches!(
            self,
            Self::StateMissing | Self::StateDiffers | Self::ParameterRepeated | Self::IssuerDiffers
        )
    }
}

/// What a library said of a flow that it ran, as written in a log. It is not an answer of a server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LibraryMessage {
    /// The row of the table of libraries by which it was recognised.
    pub row: String,
    /// The library.
    pub library: String,
    /// The message; words in it that may be secret are masked.
    pub words: String,
    /// What the message names, by the names that its row gives it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parts: BTreeMap<String, String>,
}

/// What a person says their browser shows while a redirect is waited for. It is their word: nobody else saw the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BrowserShows {
    /// A page to sign in or to consent at.
    SignIn,
    /// A page that refuses the redirect URI.
    RefusesRedirectUri,
    /// A page that says 404, not found.
    NotFound,
    /// The browser's own page: it could not connect.
    CannotConnect,
}

impl BrowserShows {
    /// Its name in documents and locales.
    pub fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::RefusesRedirectUri => "refuses_redirect_uri",
            Self::NotFound => "not_found",
            Self::CannotConnect => "cannot_connect",
        }
    }

    /// True for a page with which the authorization server refuses the request.
    pub fn is_refusal(self) -> bool {
        matches!(self, Self::RefusesRedirectUri | Self::NotFound)
    }
}

/// The name of a setting that is nearly another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NearMiss {
    /// As it is written.
    pub written: String,
    /// As it was probably meant.
    pub meant: String,
}

/// One thing that was observed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Observation {
    /// An authorization was started: with these values, by this request.
    AuthorizationStarted {
        /// The values, the grant among them.
        configuration: Box<Configuration>,
        /// The request that the browser is sent with; with a device code, the one that asks for the codes.
        request: AuthorizationRequest,
    },
    /// The redirect listener listens.
    ListenerBound {
        /// Where.
        address: String,
    },
    /// The redirect listener could not be bound.
    ListenerFailed {
        /// The address that could not be listened on.
        address: String,
        /// True when another program holds the port.
        in_use: bool,
        /// The reason in the system's words.
        reason: String,
    },
    /// No listener was tried, since no redirect can arrive here.
    ListenerImpossible {
        /// Why.
        why: CannotListen,
    },
    /// The browser was asked to open the authorization request.
    BrowserOpened,
    /// The browser could not be opened.
    BrowserFailed {
        /// The reason in the system's words.
        reason: String,
    },
    /// A request came to the redirect listener, or a redirect was pasted.
    RedirectReceived {
        /// How it came.
        channel: Channel,
        /// The request; for a pasted one, a GET of the pasted text.
        request: HttpRequest,
        /// What became of it.
        disposition: Disposition,
    },
    /// More came to the redirect listener than is kept of one authorization. All of it was answered but the connections,
    /// which were closed to make room for others before their requests were whole. There is one of an authorization; its
    /// numbers grow.
    NotKept {
        /// Redirects that were not taken.
        redirects: u64,
        /// Other requests.
        requests: u64,
        /// Connections.
        connections: u64,
    },
    /// The browser stopped at a page of the authorization server instead of being redirected. Known where the simulator
    /// shows it, or where a person says what they see.
    PageSeen {
        /// Its status code.
        status: u16,
        /// Its text, without markup.
        text: String,
    },
    /// A library said something, in a text that was pasted.
    LibrarySaid {
        /// The message.
        message: LibraryMessage,
    },
    /// Values were read from a file of settings. Nothing was sent.
    SettingsRead {
        /// The names that they have there.
        names: Vec<String>,
        /// The values, as the form that a token request would carry.
        values: HttpRequest,
        /// Names that are nearly others.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        near_misses: Vec<NearMiss>,
    },
    /// A person said what their browser shows, or a capture of the browser shows it.
    BrowserReported {
        /// What it shows.
        shows: BrowserShows,
    },
    /// A person said which redirect URIs are registered, after the authorization was started.
    RegistrationTold {
        /// The registered redirect URIs.
        redirect_uris: Vec<Registered>,
    },
    /// No redirect came within the time that was set.
    RedirectTimedOut {
        /// How long was waited, in seconds.
        seconds: u64,
    },
    /// The time of the device code ran out while its approval was waited for.
    DeviceCodeTimedOut {
        /// How long was waited, in seconds.
        seconds: u64,
    },
    /// A person ended the waiting.
    Cancelled,
    /// A request was sent.
    RequestSent {
        /// Counts the exchanges of this transcript from 1.
        exchange: u32,
        /// What for.
        purpose: Purpose,
        /// The request, byte for byte.
        request: HttpRequest,
        /// Where its values came from.
        #[serde(default)]
        origins: Origins,
    },
    /// Its response came.
    ResponseReceived {
        /// Which exchange.
        exchange: u32,
        /// The response, byte for byte.
        response: HttpResponse,
        /// Milliseconds from sending to the last byte.
        millis: u64,
    },
    /// It got no response.
    RequestFailed {
        /// Which exchange.
        exchange: u32,
        /// Why.
        failure: Failure,
        /// Milliseconds until it failed.
        millis: u64,
    },
}

/// A request and what became of it.
#[derive(Clone, Copy, Debug)]
pub struct Exchange<'t> {
    /// Its number.
    pub number: u32,
    /// The attempt that it belongs to.
    pub attempt: AttemptId,
    /// What for.
    pub purpose: Purpose,
    /// When it was sent: milliseconds since the transcript started.
    pub sent_at: u64,
    /// The request; `None` for a pasted response.
    pub request: Option<&'t HttpRequest>,
    /// Where its values came from.
    pub origins: Option<&'t Origins>,
    /// The response, once it is there.
    pub response: Option<&'t HttpResponse>,
    /// The failure, if it failed.
    pub failure: Option<&'t Failure>,
    /// Milliseconds from sending to the end.
    pub millis: Option<u64>,
}

impl Transcript {
    /// An empty transcript.
    pub fn new(source: Source, started: Moment) -> Self {
        Self {
            schema: SCHEMA,
            source,
            started,
            entries: Vec::new(),
            secrets: None,
        }
    }

    /// Appends an observation to the present attempt, or to a new one where it begins one.
    pub fn record(&mut self, now: Moment, observation: Observation) {
        self.entries.push(Entry {
            at: now.since(self.started),
            attempt: self.attempt_for(&observation),
            observation,
        });
    }

    /// The exchanges in order. One pass; a response or failure that belongs to no request (a pasted one) stands by itself.
    pub fn exchanges(&self) -> Vec<Exchange<'_>> {
        self.exchanges_from(0)
    }

    /// The same, beginning at the entry of that place.
    pub fn exchanges_from(&self, place: usize) -> Vec<Exchange<'_>> {
        let mut found: Vec<Exchange<'_>> = Vec::new();
        for entry in self.entries.iter().skip(place) {
            read_exchange(&mut found, entry, self);
        }
        found
    }

    /// The last exchange of that purpose, read from the end: its cost does not grow with the history.
    pub fn last_exchange(&self, purpose: Purpose) -> Option<Exchange<'_>> {
        let start = self.entries.iter().rposition(|entry| match &entry.observation {
            Observation::RequestSent { purpose: p, .. } => *p == purpose,
            Observation::ResponseReceived { .. } | Observation::RequestFailed { .. } => {
                self.source == Source::Pasted && purpose == Purpose::Token
            }
            _ => false,
        })?;
        let mut found = Vec::new();
        for entry in &self.entries[start..] {
            read_exchange(&mut found, entry, self);
        }
        found.into_iter().find(|exchange| exchange.purpose == purpose)
    }

    /// The number of the last exchange; 0 while there is none. Read from the end.
    pub fn last_number(&self) -> u32 {
        self.entries
            .iter()
            .rev()
            .find_map(|entry| match &entry.observation {
                Observation::RequestSent { exchange, .. } => Some(*exchange),
                _ => None,
            })
            .unwrap_or(0)
    }

    /// The entries of one exchange, newest first; the search ends at its request.
    pub fn entries_of(&self, number: u32) -> impl Iterator<Item = &Entry> {
        let mut ended = false;
        self.entries.iter().rev().take_while(move |entry| {
            let go_on = !ended;
            ended |= matches!(&entry.observation, Observation::RequestSent { exchange, .. } if *exchange == number);
            go_on
        }).filter(move |entry| match &entry.observation {
            Observation::RequestSent { exchange, .. }
            | Observation::ResponseReceived { exchange, .. }
            | Observation::RequestFailed { exchange, .. } => *exchange == number,
            _ => false,
        })
    }

    /// One exchange by its number. Recent ones are found fast, since the search begins at the end.
    pub fn exchange(&self, number: u32) -> Option<Exchange<'_>> {
        let mut entries: Vec<&Entry> = self.entries_of(number).collect();
        entries.reverse();
        let mut found = Vec::new();
        for entry in entries {
            read_exchange(&mut found, entry, self);
        }
        found.pop()
    }

    /// How long an answer took, as far as that is known: a text that was pasted does not tell.
    pub fn took(&self, millis: u64) -> Option<u64> {
        (self.source != Source::Pasted || millis > 0).then_some(millis)
    }

    /// The last authorization that was started: its index among the entries, its configuration and its request.
    pub fn last_authorization(&self) -> Option<(usize, &Configuration, &AuthorizationRequest)> {
        self.entries
            .iter()
            .enumerate()
            .rev()
            .find_map(|(index, entry)| match &entry.observation {
                Observation::AuthorizationStarted {
                    configuration,
                    request,
                } => Some((index, &**configuration, request)),
                _ => None,
            })
    }
}

fn read_exchange<'t>(found: &mut Vec<Exchange<'t>>, entry: &'t Entry, of: &Transcript) {
    match &entry.observation {
        Observation::RequestSent {
            exchange,
            purpose,
            request,
            origins,
        } => found.push(Exchange {
            number: *exchange,
            attempt: entry.attempt,
            purpose: *purpose,
            sent_at: entry.at,
            request: Some(request),
            origins: Some(origins),
            response: None,
            failure: None,
            millis: None,
        }),
        Observation::ResponseReceived {
            exchange,
            response,
            millis,
        } => {
            // Answers come soon after their requests, so looking from the end keeps the whole pass linear.
            match found.iter_mut().rev().find(|e| e.number == *exchange) {
                Some(e) => (e.response, e.millis) = (Some(response), of.took(*millis)),
                None => found.push(Exchange {
                    number: *exchange,
                    attempt: entry.attempt,
                    purpose: Purpose::Token,
                    sent_at: entry.at,
                    request: None,
                    origins: None,
                    response: Some(response),
                    failure: None,
                    millis: None,
                }),
            }
        }
        Observation::RequestFailed {
            exchange,
            failure,
            millis,
        } => match found.iter_mut().rev().find(|e| e.number == *exchange) {
            Some(e) => (e.failure, e.millis) = (Some(failure), of.took(*millis)),
            None => found.push(Exchange {
                number: *exchange,
                attempt: entry.attempt,
                purpose: Purpose::Token,
                sent_at: entry.at,
                request: None,
                origins: None,
                response: None,
                failure: Some(failure),
                millis: of.took(*millis),
            }),
        },
        _ => {}
    }
}
