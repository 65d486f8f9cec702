//! The only place that does IO. [`Edge::perform`] carries out what a flow wants done and reports what came of it as events.
//!
//! ```text
//! Effect ──► Edge::perform ──► redirect listener, HTTP client, browser, timer ──► Event (through the channel)
//! ```
//!
//! Nothing here blocks the caller: every effect becomes a task of the runtime that `perform` is called in, and a failure
//! becomes an event. A current-thread runtime is enough.

pub mod browser;
pub mod clock;
pub mod environment;
pub mod files;
pub mod hang_up;
pub mod http_client;
pub mod http_server;
pub mod log;
pub mod outbox;
pub mod pieces;
pub mod places;
pub mod proxy;
pub mod random;
pub mod redirect_listener;
pub mod result_pages;
pub mod secrets;
pub mod simulator_server;
pub mod tap;
pub mod tls;
pub mod words;

use std::{collections::HashMap, path::PathBuf, time::Duration};

use tokio::{sync::mpsc::Sender, task::AbortHandle};

use crate::{
    flow::{
        effect::Effect,
        event::{Event, FlowId, Timer},
    },
    io::{http_client::Client, redirect_listener::RedirectListener},
    text::catalog::Language,
};

/// The runtime in which the edge works. One thread is enough: a flow waits far more than it works.
///
/// # Errors
/// What the system refused.
pub fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}

/// Ends the program at once.
pub fn exit(status: i32) -> ! {
    std::process::exit(status)
}

/// How the edge is set up.
#[derive(Clone, Debug, Default)]
pub struct EdgeOptions {
    /// The language of the pages in the browser.
    pub language: Language,
    /// Says SIMULATED on the pages.
    pub simulated: bool,
    /// A PEM file with further certificate authorities to trust (`--ca-file`).
    pub ca_file: Option<PathBuf>,
}

/// Performs effects. Dropping it closes the redirect listener and ends what is under way.
#[derive(Debug)]
pub struct Edge {
    events: Sender<Event>,
    client: Client,
    listener: RedirectListener,
    timers: HashMap<Timer, AbortHandle>,
}

impl Edge {
    /// An edge that reports to `events`. Nothing is opened, bound or loaded yet.
    pub fn new(options: EdgeOptions, events: Sender<Event>) -> Self {
        let page = result_pages::PageStyle {
            language: options.language,
            simulated: options.simulated,
        };
        Self {
            client: Client::new(options.ca_file),
            listener: RedirectListener::new(page, events.clone()),
            events,
            timers: HashMap::new(),
        }
    }

    /// Says whether the pages in the browser are to say SIMULATED; call it when the provider changes.
    pub fn set_simulated(&mut self, simulated: bool) {
        self.listener.set_simulated(simulated);
    }

    /// Performs one effect. Must be called inside a tokio runtime; returns at once.
    pub fn perform(&mut self, effect: Effect) {
        if let Some(log) = log::on() {
            log.effect(&effect);
        }
        match effect {
            Effect::Listen {
                flow,
                address,
                localhost,
            } => self.listener.listen(flow, address, localhost),
            Effect::StopListening(_) => self.listener.stop(),
            Effect::AnswerRequest(_, ticket, reply) => self.listener.answer(ticket, reply),
            Effect::PublishResult(flow, result) => self.listener.publish(flow, result),
            Effect::OpenBrowser(flow, url) => self.open_browser(flow, url),
            Effect::StartTimer(flow, timer, millis) => self.start_timer(flow, timer, millis),
            Effect::SendRequest {
                flow,
                exchange,
                request,
            } => {
                let (client, events) = (self.client.clone(), self.events.clone());
                tokio::spawn(async move {
                    let (answer, millis) = client.send(&request).await;
                    let event = match answer {
                        Ok(response) => Event::ResponseArrived {
                            flow,
                            exchange,
                            response,
                            millis,
                        },
                        Err(failure) => Event::RequestFailed {
                            flow,
                            exchange,
                            failure,
                            millis,
                        },
                    };
                    let _ = events.send(event).await;
                });
            }
        }
    }

    /// Performs effects in order.
    pub fn perform_all(&mut self, effects: impl IntoIterator<Item = Effect>) {
        for effect in effects {
            self.perform(effect);
        }
    }

    /// The HTTP client, for requests that are not part of a flow's transcript.
    pub fn client(&self) -> Client {
        self.client.clone()
    }

    /// Waits until every browser tab that was promised a result has been given it, at most `limit`. Returns at once when
    /// there is none.
    pub async fn linger(&self, limit: Duration) {
        self.listener.linger(limit).await;
    }

    fn open_browser(&self, flow: FlowId, url: String) {
        let events = self.events.clone();
        tokio::spawn(async move {
            let event = match browser::open(url).await {
                Ok(()) => Event::BrowserOpened(flow),
                Err(reason) => Event::BrowserFailed(flow, reason),
            };
            let _ = events.send(event).await;
        });
    }

    fn start_timer(&mut self, flow: FlowId, timer: Timer, millis: u64) {
        let events = self.events.clone();
        let task = tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(millis)).await;
            let _ = events.send(Event::TimerFired(flow, timer)).await;
        });
        // There is one flow at a time; the timer of an earlier one would only be dropped as late.
        if let Some(earlier) = self.timers.insert(timer, task.abort_handle()) {
            earlier.abort();
        }
    }
}

impl Drop for Edge {
    fn drop(&mut self) {
        for timer in self.timers.values() {
            timer.abort();
        }
    }
}
