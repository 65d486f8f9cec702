//! What a flow wants done. Plain data: the edge performs it, a test compares it.

use std::net::SocketAddr;

use crate::{
    flow::{
        event::{FlowId, Ticket, Timer},
        transcript::Disposition,
    },
    oauth::http::HttpRequest,
};

/// Something for the edge to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Bind the redirect listener there, replacing any earlier one; report `ListenerBound` or `ListenerFailed`.
    Listen {
        /// For which flow.
        flow: FlowId,
        /// Where; port 0 means any.
        address: SocketAddr,
        /// True when the redirect URI says `localhost`: a browser may take that for `::1`, so another program that holds
        /// the same port there would get the redirect.
        localhost: bool,
    },
    /// Close the redirect listener. The tab that waits for a result is still answered for a while.
    StopListening(FlowId),
    /// Open the browser there; report `BrowserOpened` or `BrowserFailed`.
    OpenBrowser(FlowId, String),
    /// Report `TimerFired` after that many milliseconds. It replaces an earlier timer of that kind.
    StartTimer(FlowId, Timer, u64),
    /// Answer a request that waits at the redirect listener.
    AnswerRequest(FlowId, Ticket, Reply),
    /// The flow has a result: show it in the browser tab that waits for it.
    PublishResult(FlowId, TabResult),
    /// Send a request; report `ResponseArrived` or `RequestFailed`.
    SendRequest {
        /// For which flow.
        flow: FlowId,
        /// Which exchange.
        exchange: u32,
        /// The request.
        request: HttpRequest,
    },
}

/// What the redirect listener answers; the pages are made at the edge from the locale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// The redirect was taken: a page that waits for the result of the exchange and then shows it.
    WaitForResult,
    /// It was seen and not taken, for this reason.
    NotTaken(Disposition),
}

/// What the browser tab shows at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TabResult {
    /// A token was obtained; the login of the resource owner, where the API told it.
    Token {
        /// `login` of `GET /user`.
        login: Option<String>,
    },
    /// The authorization server refused, with this error code.
    Refused {
        /// `error`, letter for letter.
        error: String,
        /// `error_description`, where there was one.
        description: Option<String>,
    },
    /// There was no answer, or it is not a token response.
    Unanswered,
    /// The person ended the flow.
    Cancelled,
}
