//! A whole flow in memory: the flow, the simulator and what stands between them, without sockets, without sleeping. Time
//! passes only where a test lets it.

// Each test binary uses its own part of this module.
#![allow(dead_code, reason = "shared by test binaries that each use a part of it")]
#![allow(
    clippy::allow_attributes,
    reason = "`expect` would fail where everything is used"
)]

pub mod person;

use std::collections::VecDeque;

use oauthlens::{
    flow::{
        autopilot::{Step, Walk},
        configuration::{Configuration, Registration},
        effect::{Effect, Reply, TabResult},
        event::{Command, Event, Ticket},
        machine::Flow,
        transcript::{Failure, FailureKind, Source},
    },
    lab::faults::Fault,
    oauth::{http::HttpRequest, random::Entropy, redirect_uri::RedirectUri, time::Moment},
    providers::Provider,
    simulator::{Decision, SILENCE, Simulator},
};

/// Where the simulator of a test is said to be.
pub const BASE_URL: &str = "http://127.0.0.1:9000";
/// How long each step of the world takes.
pub const STEP_MILLIS: u64 = 40;

/// What the network says of an address: the simulator of a test is there under two names, all else is nowhere.
fn failure_at(url: &str) -> Option<Failure> {
    let (kind, detail) = if url.contains(".invalid/") {
        (FailureKind::Dns, "Name or service not known")
    } else if url.starts_with("https://") {
        (FailureKind::NotTls, "received corrupt message")
    } else if url.ends_with(SILENCE) {
        (FailureKind::TimedOut, "operation timed out")
    } else if url.starts_with(BASE_URL) || url.starts_with("http://localhost:9000") {
        return None;
    } else {
        (FailureKind::Connect, "Connection refused")
    };
    Some(Failure::new(kind, detail))
}

/// A flow, a simulator, and a browser tab between them.
pub struct World {
    pub flow: Flow,
    pub simulator: Simulator,
    pub configuration: Configuration,
    pub now: Moment,
    /// What the redirect listener answered, in order.
    pub replies: Vec<Reply>,
    /// What the browser tab showed last.
    pub tab: Option<TabResult>,
    /// Where the browser was sent.
    pub opened: Vec<String>,
    /// Ports that another program holds.
    pub taken_ports: Vec<u16>,
    /// Why no browser can be opened.
    pub browser_missing: Option<String>,
    tickets: u64,
}

impl World {
    /// A world in which everything is right. Equal seeds give equal worlds.
    pub fn new(seed: u8) -> Self {
        let redirect_uri = "http://127.0.0.1:8914/callback";
        let simulator = Simulator::demo(BASE_URL, redirect_uri, Entropy::from_seed([seed; 32]));
        let app = simulator.options().app.clone();
        let configuration = Configuration {
            provider: Provider::simulator(BASE_URL),
            client_id: app.client_id.clone(),
            client_secret: Some(app.client_secret.clone()),
            redirect_uri: redirect_uri.into(),
            registration: Registration {
                redirect_uris: app.registered.clone(),
                client_id: Some(app.client_id),
                client_secret: Some(app.client_secret),
            },
            ..Configuration::default()
        };
        let now = Moment(1_700_000_000_000);
        Self {
            flow: Flow::new(Source::Simulator, Entropy::from_seed([seed ^ 0xff; 32]), now),
            simulator,
            configuration,
            now,
            replies: Vec::new(),
            tab: None,
            opened: Vec::new(),
            taken_ports: Vec::new(),
            browser_missing: None,
            tickets: 0,
        }
    }

    /// Gives a command and lets the world answer until it is still.
    pub fn command(&mut self, command: Command) {
        let effects = self.flow.command(command, self.now);
        self.perform(effects);
    }

    /// Lets an event happen and the world answer until it is still.
    pub fn event(&mut self, event: Event) {
        let effects = self.flow.on(event, self.now);
        self.perform(effects);
    }

    /// Brings a redirect to the listener as a browser does.
    pub fn bring(&mut self, redirect: &str) {
        let (ticket, request) = self.arrival(redirect);
        self.event(Event::RequestArrived(self.flow.id, ticket, request));
    }

    /// Lets the person at the consent page decide; the redirect passes through the fault's hands.
    pub fn decide(&mut self, decision: Decision, fault: Option<Fault>) {
        let url = self.flow.attempt().expect("an authorization").request.url();
        match self.simulator.decide(&url, decision, self.now) {
            Ok(redirect) => {
                let redirect = fault.map_or(redirect.clone(), |fault| fault.alter_redirect(&redirect));
                for _ in 0..fault.map_or(1, Fault::redirects) {
                    self.bring(&redirect);
                }
            }
            Err(stuck) => self.event(Event::PageSeen(self.flow.id, stuck.status, stuck.text)),
        }
    }

    /// Walks the whole flow, as `oauthlens run --demo --approve` does.
    pub fn walk(&mut self, fault: Option<Fault>) {
        if let Some(fault) = fault {
            fault.prepare(&mut self.configuration, self.simulator.options_mut());
        }
        self.command(Command::Authorize(Box::new(self.configuration.clone())));
        let mut walk = Walk::new(fault);
        let mut decided = false;
        loop {
            match walk.next(&self.flow) {
                Step::Exchange(exchange) => {
                    if let Some(fault) = fault {
                        self.now = self.now.plus(fault.millis_before_exchange());
                        fault.before_exchange(exchange.number, self.simulator.options_mut());
                    }
                    self.command(exchange.command());
                }
                Step::Paste(text) => self.command(Command::PasteRedirect(text)),
                Step::Wait if self.flow.status().is_waiting_for_person() && !decided => {
                    decided = true;
                    self.decide(fault.map_or(Decision::Approve, Fault::decision), fault);
                }
                Step::Wait | Step::Over => return,
            }
        }
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        let mut effects = VecDeque::from(effects);
        while let Some(effect) = effects.pop_front() {
            if let Some(event) = self.answer(effect) {
                effects.extend(self.flow.on(event, self.now));
            }
        }
    }

    /// What the world answers to an effect, where it answers at all.
    pub fn answer(&mut self, effect: Effect) -> Option<Event> {
        let event = match effect {
            Effect::Listen {
                flow, mut address, ..
            } => {
                if address.port() == 0 {
                    address.set_port(51234);
                }
                if self.taken_ports.contains(&address.port()) {
                    Event::ListenerFailed {
                        flow,
                        address,
                        in_use: true,
                        reason: "Address already in use".into(),
                    }
                } else {
                    Event::ListenerBound(flow, address)
                }
            }
            Effect::OpenBrowser(flow, url) => {
                self.opened.push(url);
                match &self.browser_missing {
                    Some(reason) => Event::BrowserFailed(flow, reason.clone()),
                    None => Event::BrowserOpened(flow),
                }
            }
            Effect::SendRequest {
                flow,
                exchange,
                request,
            } => {
                self.now = self.now.plus(STEP_MILLIS);
                let millis = STEP_MILLIS;
                if let Some(failure) = failure_at(&request.url) {
                    Event::RequestFailed {
                        flow,
                        exchange,
                        failure,
                        millis,
                    }
                } else {
                    let response = self.simulator.respond(&request, self.now);
                    Event::ResponseArrived {
                        flow,
                        exchange,
                        response,
                        millis,
                    }
                }
            }
            Effect::AnswerRequest(_, _, reply) => {
                self.replies.push(reply);
                return None;
            }
            Effect::PublishResult(_, result) => {
                self.tab = Some(result);
                return None;
            }
            Effect::StopListening(_) | Effect::StartTimer(..) => return None,
        };
        self.now = self.now.plus(STEP_MILLIS);
        Some(event)
    }

    /// The request that a redirect makes at the listener, and its ticket.
    pub fn arrival(&mut self, redirect: &str) -> (Ticket, HttpRequest) {
        self.tickets += 1;
        let host = RedirectUri::parse(redirect.split('?').next().unwrap_or_default())
            .map(|uri| format!("{}:{}", uri.host, uri.port.unwrap_or(80)))
            .unwrap_or_default();
        let path = redirect
            .find("://")
            .and_then(|at| redirect[at + 3..].find('/').map(|slash| at + 3 + slash));
        let target = path.map_or(redirect, |at| &redirect[at..]);
        let request = HttpRequest::get(target).with_header("Host", host);
        (Ticket(self.tickets), request)
    }
}
