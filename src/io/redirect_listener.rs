//! The redirect listener: receives what the browser brings back, lets the flow judge it, and shows the tab its result.
//!
//! A redirect that was taken is answered with the result at once where the exchange ends within a second. Otherwise a
//! page is shown that asks below [`RESULT_PATH`], with a secret key, until the result is there.

use std::{
    collections::HashMap,
    net::{Ipv6Addr, SocketAddr},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    net::TcpListener,
    sync::{mpsc::Sender, oneshot, watch},
    task::AbortHandle,
};

use crate::{
    flow::{
        effect::{Reply, TabResult},
        event::{Event, FlowId, Ticket},
        transcript::Disposition,
    },
    io::{
        http_server,
        result_pages::{self, Page, PageStyle},
    },
    oauth::{
        http::{HttpRequest, HttpResponse},
        params::Params,
    },
};

/// Where a waiting tab asks for its result.
pub const RESULT_PATH: &str = "/oauthlens/result";
/// How long the answer to a redirect waits for the result before it becomes a waiting page.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long one question of a waiting tab is held before it is told to ask again.
const HOLD: Duration = Duration::from_secs(20);
/// How long the flow may take to judge a request.
const JUDGEMENT: Duration = Duration::from_secs(5);
/// How long a listener that was stopped still answers tabs that wait for a result.
const AFTERLIFE: Duration = Duration::from_secs(15);
/// How long the last bytes of a page may take to leave this machine's own loopback.
const FLUSH: Duration = Duration::from_millis(50);
/// How often a free port is looked for whose twin on `::1` is free too.
const ANY_PORT_TRIES: usize = 8;
/// Tabs that are remembered; the oldest goes first.
const TABS: usize = 32;

/// The redirect listener with the sockets it is bound to.
#[derive(Debug)]
pub struct RedirectListener {
    shared: Arc<Shared>,
    bound: Arc<Mutex<Option<Bound>>>,
    binding: Option<AbortHandle>,
}

/// Sockets that are open.
#[derive(Debug)]
struct Bound {
    /// What was asked for.
    asked: SocketAddr,
    /// What came of it.
    address: SocketAddr,
    /// True when another program holds the port on `::1`.
    twin_taken: bool,
    tasks: Vec<AbortHandle>,
}

impl Drop for Bound {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

#[derive(Debug)]
struct Shared {
    events: Sender<Event>,
    tabs: watch::Sender<Tabs>,
    waiting: Mutex<Waiting>,
    /// Connections that were closed before their request was whole, and of which the flow has not heard yet.
    dropped: AtomicU64,
}

impl Shared {
    /// Tells the flow of a connection that had to go. Where there is no room for the news, the next one carries it.
    fn connection_dropped(&self) {
        let dropped = self.dropped.swap(0, Ordering::Relaxed) + 1;
        let flow = self.tabs.borrow().flow;
        if self
            .events
            .try_send(Event::ConnectionsDropped(flow, dropped))
            .is_err()
        {
            self.dropped.fetch_add(dropped, Ordering::Relaxed);
        }
    }
}

/// Requests that wait for the flow's judgement.
#[derive(Debug, Default)]
struct Waiting {
    last: u64,
    tickets: HashMap<u64, (FlowId, oneshot::Sender<Judged>)>,
}

/// What the flow made of a request, and where its tab finds the result if it was taken.
#[derive(Debug)]
enum Judged {
    /// Taken; the key of the tab.
    Taken(String),
    NotTaken(Disposition),
}

/// What the tabs wait for and what there is to show them.
#[derive(Debug, Default)]
struct Tabs {
    style: PageStyle,
    flow: FlowId,
    /// Oldest first.
    open: Vec<Tab>,
    /// The latest result, and whose it is.
    result: Option<(FlowId, TabResult)>,
}

#[derive(Debug)]
struct Tab {
    key: String,
    flow: FlowId,
    served: bool,
}

impl Tabs {
    /// What a tab is to show, once that is known. A tab of an earlier authorization will not get a result any more.
    fn result_for(&self, flow: FlowId) -> Option<TabResult> {
        match &self.result {
            Some((of, result)) if *of == flow => Some(result.clone()),
            _ => (flow < self.flow).then_some(TabResult::Cancelled),
        }
    }

    /// True when no tab of the present authorization waits. Those of earlier ones get no result any more, and one that was
    /// closed never asks.
    fn all_served(&self) -> bool {
        self.of_this_flow().all(|tab| tab.served)
    }

    fn of_this_flow(&self) -> impl Iterator<Item = &Tab> {
        self.open.iter().filter(|tab| tab.flow == self.flow)
    }
}

impl RedirectListener {
    /// A listener that is not bound yet.
    pub fn new(style: PageStyle, events: Sender<Event>) -> Self {
        let tabs = Tabs {
            style,
            ..Tabs::default()
        };
        Self {
            shared: Arc::new(Shared {
                events,
                tabs: watch::Sender::new(tabs),
                waiting: Mutex::default(),
                dropped: AtomicU64::new(0),
            }),
            bound: Arc::default(),
            binding: None,
        }
    }

    /// Says whether the pages are to say SIMULATED.
    pub fn set_simulated(&self, simulated: bool) {
        self.shared
            .tabs
            .send_modify(|tabs| tabs.style.simulated = simulated);
    }

    /// Binds the address for a flow and reports `ListenerBound` or `ListenerFailed`. Sockets that are open on the very
    /// address are kept; any other are closed first. With `localhost` another program on the same port of `::1` is a
    /// failure, since the browser might go there.
    pub fn listen(&mut self, flow: FlowId, address: SocketAddr, localhost: bool) {
        self.shared.tabs.send_modify(|tabs| tabs.flow = flow);
        if let Some(earlier) = self.binding.take() {
            earlier.abort();
        }
        let (shared, bound) = (self.shared.clone(), self.bound.clone());
        let task = tokio::spawn(async move {
            let event = match bind(&shared, &bound, address, localhost).await {
                Ok(address) => Event::ListenerBound(flow, address),
                Err((address, error)) => Event::ListenerFailed {
                    flow,
                    address,
                    in_use: error.kind() == std::io::ErrorKind::AddrInUse,
                    reason: error.to_string(),
                },
            };
            let _ = shared.events.send(event).await;
        });
        self.binding = Some(task.abort_handle());
    }

    /// Closes the sockets, at once if no tab waits for a result, else when all have theirs or a short while has passed.
    pub fn stop(&mut self) {
        if let Some(binding) = self.binding.take() {
            binding.abort();
        }
        let (shared, bound) = (self.shared.clone(), self.bound.clone());
        let closing = tokio::spawn(async move {
            linger(&shared, AFTERLIFE).await;
            lock(&bound).take();
        });
        // A new `listen` on the same address takes the sockets over before they are closed.
        self.binding = Some(closing.abort_handle());
    }

    /// Hands the flow's judgement to the request that waits for it. A tab that is promised a result counts from here on, so
    /// that a flow which ends in the same moment (a denial) still waits for it.
    pub fn answer(&self, ticket: Ticket, reply: Reply) {
        let Some((flow, waiting)) = lock(&self.shared.waiting).tickets.remove(&ticket.0) else {
            return;
        };
        let judged = match reply {
            Reply::NotTaken(disposition) => Judged::NotTaken(disposition),
            Reply::WaitForResult => match open_tab(&self.shared, flow) {
                Some(key) => Judged::Taken(key),
                None => return,
            },
        };
        let _ = waiting.send(judged);
    }

    /// Makes a result known to the tabs of that flow.
    pub fn publish(&self, flow: FlowId, result: TabResult) {
        self.shared
            .tabs
            .send_modify(|tabs| tabs.result = Some((flow, result)));
    }

    /// Waits until no tab waits for a result any more, at most `limit`.
    pub async fn linger(&self, limit: Duration) {
        linger(&self.shared, limit).await;
    }
}

impl Drop for RedirectListener {
    fn drop(&mut self) {
        if let Some(binding) = &self.binding {
            binding.abort();
        }
        lock(&self.bound).take();
    }
}

async fn linger(shared: &Shared, limit: Duration) {
    let mut tabs = shared.tabs.subscribe();
    if tabs.borrow().of_this_flow().next().is_none() {
        return;
    }
    let served = tabs.wait_for(Tabs::all_served);
    let _ = tokio::time::timeout(limit, served).await;
    // The last page is made; its bytes still have to leave.
    tokio::time::sleep(FLUSH).await;
}

/// The state is consistent after every statement, so a poisoned lock can still be used.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn bind(
    shared: &Arc<Shared>,
    bound: &Mutex<Option<Bound>>,
    asked: SocketAddr,
    localhost: bool,
) -> Result<SocketAddr, (SocketAddr, std::io::Error)> {
    if !asked.ip().is_loopback() {
        // Settings refuse it already; here it stays true whoever asks.
        let refusal = std::io::Error::new(
            std::io::ErrorKind::PermissionDenied,
            "the redirect listener binds loopback addresses only",
        );
        return Err((asked, refusal));
    }
    {
        let mut bound = lock(bound);
        match &*bound {
            Some(open)
                if asked.port() != 0
                    && (open.asked == asked || open.address == asked)
                    && !(localhost && open.twin_taken) =>
            {
                return Ok(open.address);
            }
            _ => bound.take(),
        };
    }
    // Sockets that were just closed are gone once their tasks have been ended, which takes a turn of the runtime.
    tokio::task::yield_now().await;
    let mut tries = if asked.port() == 0 { ANY_PORT_TRIES } else { 1 };
    let (listener, address, twin) = loop {
        let listener = http_server::bind(asked).map_err(|error| (asked, error))?;
        let address = listener.local_addr().map_err(|error| (asked, error))?;
        let twin_address = (Ipv6Addr::LOCALHOST, address.port()).into();
        let twin = address
            .is_ipv4()
            .then(|| http_server::bind(twin_address))
            .transpose();
        tries -= 1;
        match twin {
            Err(error) if localhost && error.kind() == std::io::ErrorKind::AddrInUse => {
                if tries == 0 {
                    return Err((twin_address, error));
                }
            }
            twin => break (listener, address, twin),
        }
    };
    let twin_taken = matches!(&twin, Err(error) if error.kind() == std::io::ErrorKind::AddrInUse);
    let mut tasks = vec![accept(shared, listener)];
    // A browser may take `localhost` for `::1` first. On a machine without IPv6 it cannot.
    if let Ok(Some(twin)) = twin {
        tasks.push(accept(shared, twin));
    }
    *lock(bound) = Some(Bound {
        asked,
        address,
        twin_taken,
        tasks,
    });
    Ok(address)
}

fn accept(shared: &Arc<Shared>, listener: TcpListener) -> AbortHandle {
    let (asked, dropping) = (shared.clone(), shared.clone());
    let serving = http_server::serve(
        listener,
        http_server::Connections::OneRequest,
        move |request| respond(asked.clone(), request),
        move || dropping.connection_dropped(),
    );
    tokio::spawn(serving).abort_handle()
}

async fn respond(shared: Arc<Shared>, request: HttpRequest) -> HttpResponse {
    if request.method == "GET"
        && request.path() == RESULT_PATH
        && let Some((key, flow, waits)) = tab_that_asks(&shared, &request)
    {
        return result_page(&shared, &key, flow, waits).await;
    }
    let (flow, style) = {
        let tabs = shared.tabs.borrow();
        (tabs.flow, tabs.style)
    };
    let (ticket, judgement) = {
        let mut waiting = lock(&shared.waiting);
        waiting.last += 1;
        let (sender, receiver) = oneshot::channel();
        let ticket = waiting.last;
        waiting.tickets.insert(ticket, (flow, sender));
        (Ticket(ticket), receiver)
    };
    // A body is not part of a redirect and may be anything.
    let request = HttpRequest {
        body: Vec::new(),
        ..request
    };
    let judged = async {
        let event = Event::RequestArrived(flow, ticket, request);
        shared.events.send(event).await.ok()?;
        judgement.await.ok()
    };
    match tokio::time::timeout(JUDGEMENT, judged).await.ok().flatten() {
        Some(Judged::Taken(key)) => result_of_redirect(&shared, &key, flow, style).await,
        Some(Judged::NotTaken(disposition)) => not_taken(style, disposition),
        None => {
            lock(&shared.waiting).tickets.remove(&ticket.0);
            result_pages::response(503, style, Page::Result(&TabResult::Unanswered), None)
        }
    }
}

fn tab_that_asks(shared: &Shared, request: &HttpRequest) -> Option<(String, FlowId, bool)> {
    let params = Params::decode(request.query()?);
    let key = params.get("key")?;
    let tabs = shared.tabs.borrow();
    let tab = tabs.open.iter().find(|tab| tab.key == key)?;
    Some((tab.key.clone(), tab.flow, params.get("wait").is_some()))
}

/// Remembers a tab that is to be shown the result of a flow, and gives the key it asks with. `None` without randomness.
fn open_tab(shared: &Shared, flow: FlowId) -> Option<String> {
    let key = crate::io::random::from_system().ok()?.draw_hex(32);
    shared.tabs.send_modify(|tabs| {
        if tabs.open.len() == TABS {
            tabs.open.remove(0);
        }
        tabs.open.push(Tab {
            key: key.clone(),
            flow,
            served: false,
        });
    });
    Some(key)
}

async fn result_of_redirect(shared: &Shared, key: &str, flow: FlowId, style: PageStyle) -> HttpResponse {
    let address = result_address(key);
    match wait_for_result(shared, flow, PATIENCE).await {
        Some(result) => shown(shared, key, style, &result, &address),
        None => result_pages::response(200, style, Page::Waiting, Some(&address)),
    }
}

fn result_address(key: &str) -> String {
    format!("{RESULT_PATH}?key={key}")
}

/// The tab asks: by its script, which waits and then loads the page (`waits`), or by loading the page.
async fn result_page(shared: &Shared, key: &str, flow: FlowId, waits: bool) -> HttpResponse {
    let style = shared.tabs.borrow().style;
    let limit = if waits { HOLD } else { Duration::ZERO };
    match (wait_for_result(shared, flow, limit).await, waits) {
        (Some(_), true) => result_pages::bare(200),
        (None, true) => result_pages::bare(204),
        (Some(result), false) => shown(shared, key, style, &result, &result_address(key)),
        (None, false) => result_pages::response(200, style, Page::Waiting, Some(&result_address(key))),
    }
}

async fn wait_for_result(shared: &Shared, flow: FlowId, limit: Duration) -> Option<TabResult> {
    let mut tabs = shared.tabs.subscribe();
    let ready = tabs.wait_for(|tabs| tabs.result_for(flow).is_some());
    let found = tokio::time::timeout(limit, ready).await.ok()?.ok()?;
    found.result_for(flow)
}

fn shown(shared: &Shared, key: &str, style: PageStyle, result: &TabResult, address: &str) -> HttpResponse {
    shared.tabs.send_modify(|tabs| {
        for tab in tabs.open.iter_mut().filter(|tab| tab.key == key) {
            tab.served = true;
        }
    });
    result_pages::response(200, style, Page::Result(result), Some(address))
}

fn not_taken(style: PageStyle, disposition: Disposition) -> HttpResponse {
    let status = match disposition {
        Disposition::Favicon | Disposition::OtherPath => 404,
        Disposition::OtherMethod => 405,
        Disposition::OtherHost => 421,
        Disposition::SecondRedirect => 409,
        Disposition::FlowOver => 410,
        _ => 400,
    };
    let mut response = if disposition == Disposition::Favicon {
        result_pages::bare(status)
    } else {
        result_pages::response(status, style, Page::NotTaken(disposition), None)
    };
    if status == 405 {
        response.headers.push(("Allow".into(), "GET".into()));
    }
    response
}
