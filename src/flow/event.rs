//! What can happen to a flow: what a person asks of it and what the world answers.

use std::net::SocketAddr;

use crate::{
    flow::{
        configuration::{Configuration, Origins},
        transcript::{BrowserShows, Failure},
    },
    oauth::{
        http::{HttpRequest, HttpResponse},
        redirect_matching::Registered,
        token::TokenRequest,
    },
};

/// Counts the authorizations of a session. Events of an earlier one are dropped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FlowId(pub u64);

/// Which of a flow's timers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// The redirect has been waited for long enough.
    Redirect,
    /// The token endpoint may be asked again.
    Poll,
}

/// Names a request that waits at the redirect listener for its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ticket(pub u64);

/// What a person, or the headless driver, asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Make the authorization request for these values, so that it can be looked at before anything is sent.
    Prepare(Box<Configuration>),
    /// Start an authorization with these values: bind the redirect listener, then open the browser. The request that was
    /// prepared for the same values is used.
    Authorize(Box<Configuration>),
    /// The same with any free port in the redirect URI, as the loopback rule allows.
    AuthorizeOnAnotherPort,
    /// Take this text as the redirect: a whole URL, a query or a bare code.
    PasteRedirect(String),
    /// Send this token request.
    Exchange(Box<TokenRequest>, Origins),
    /// Send this request as it stands, for this purpose: a probe, or a token request that no [`TokenRequest`] can be.
    Probe(HttpRequest, crate::flow::transcript::Purpose),
    /// Note what the person says their browser shows.
    Report(BrowserShows),
    /// Note which redirect URIs the person says are registered.
    TellRegistered(Vec<Registered>),
    /// Open the page to which the grant sends the person.
    OpenPage,
    /// Stop waiting; keep what was observed.
    Cancel,
}

/// What the edge reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The redirect listener listens on this address.
    ListenerBound(FlowId, SocketAddr),
    /// It could not be bound.
    ListenerFailed {
        /// Which flow.
        flow: FlowId,
        /// Where.
        address: SocketAddr,
        /// True when another program holds the port.
        in_use: bool,
        /// The system's words.
        reason: String,
    },
    /// The browser was started.
    BrowserOpened(FlowId),
    /// It could not be.
    BrowserFailed(FlowId, String),
    /// A request came to the redirect listener and waits for [`crate::flow::effect::Effect::AnswerRequest`].
    RequestArrived(FlowId, Ticket, HttpRequest),
    /// So many connections to the redirect listener were closed to make room, before their requests were whole.
    ConnectionsDropped(FlowId, u64),
    /// The browser stopped at a page of the authorization server.
    PageSeen(FlowId, u16, String),
    /// The time of that timer is over.
    TimerFired(FlowId, Timer),
    /// A response came.
    ResponseArrived {
        /// Which flow.
        flow: FlowId,
        /// Which exchange.
        exchange: u32,
        /// The response.
        response: HttpResponse,
        /// Milliseconds from sending to the last byte.
        millis: u64,
    },
    /// No response came.
    RequestFailed {
        /// Which flow.
        flow: FlowId,
        /// Which exchange.
        exchange: u32,
        /// Why.
        failure: Failure,
        /// Milliseconds until it failed.
        millis: u64,
    },
}

impl Event {
    /// The exchange that it ends, if it does.
    pub fn exchange(&self) -> Option<u32> {
        match self {
            Self::ResponseArrived { exchange, .. } | Self::RequestFailed { exchange, .. } => Some(*exchange),
            _ => None,
        }
    }

    /// The flow that the event belongs to.
    pub fn flow(&self) -> FlowId {
        match self {
            Self::ListenerBound(flow, ..)
            | Self::BrowserOpened(flow)
            | Self::BrowserFailed(flow, ..)
            | Self::RequestArrived(flow, ..)
            | Self::ConnectionsDropped(flow, ..)
            | Self::PageSeen(flow, ..)
            | Self::TimerFired(flow, _)
            | Self::ListenerFailed { flow, .. }
            | Self::ResponseArrived { flow, .. }
            | Self::RequestFailed { flow, .. } => *flow,
        }
    }
}
