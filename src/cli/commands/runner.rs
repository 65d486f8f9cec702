//! Moves one flow from its start to its end: [`Walk`] decides, the edge performs.

mod ask;

use std::time::Duration;

use tokio::{sync::mpsc, task::JoinHandle};

use crate::{
    cli::{
        commands::{Streams, signals},
        settings::{Problem, SettingsError},
    },
    diagnosis::{
        context::Facts,
        examine,
        finding::{Action, is_decided, offered},
        outcome::Outcome,
        refusals_in_a_row,
    },
    flow::{
        autopilot::{Step, Walk},
        configuration::Configuration,
        effect::Effect,
        event::{Command, Event},
        grants::GrantKind,
        machine::Flow,
        requests::probe,
        transcript::{Observation, Purpose, Transcript},
    },
    io::{Edge, clock::Clock, files, log, simulator_server::SimulatorServer},
    lab::faults::Fault,
    oauth::{device::DeviceAuthorization, http::HttpRequest, redirect_uri::RedirectUri, token::read_answer},
    render::drawings,
    simulator::{Decision, Stuck},
    text::{catalog::Messages, template::fill},
};

/// How long the browser tab may take to fetch its result after the flow has ended.
const TAB_TIME: Duration = Duration::from_secs(2);

/// A QR code of more lines does not fit on a screen.
const QR_HEIGHT: usize = 30;

/// What the built-in browser of `--approve` comes back with.
type Visit = Result<(), Stuck>;

/// Moves one flow from its start to its end.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own; none excludes another"
)]
pub struct Driver<'d> {
    /// The flow.
    pub flow: Flow,
    edge: Edge,
    walk: Walk,
    clock: Clock,
    server: Option<SimulatorServer>,
    approve: bool,
    /// Entries of the transcript that remarks were made about.
    shown: usize,
    visit: Option<JoinHandle<Visit>>,
    /// That browser is back.
    visited: bool,
    /// What that browser's person decides, where no fault says so.
    decision: Decision,
    /// The page of the device flow was opened.
    opened: bool,
    qr_code: bool,
    messages: &'d Messages,
}

impl<'d> Driver<'d> {
    /// A driver that has not set off yet.
    pub fn new(flow: Flow, edge: Edge, walk: Walk, clock: Clock, messages: &'d Messages) -> Self {
        Self {
            flow,
            edge,
            walk,
            clock,
            server: None,
            approve: false,
            shown: 0,
            visit: None,
            visited: false,
            decision: Decision::Approve,
            opened: false,
            qr_code: true,
            messages,
        }
    }

    /// The same with the simulator that it goes against; `approve` lets the simulator's person decide by themselves.
    pub fn with_simulator(mut self, server: SimulatorServer, approve: bool) -> Self {
        self.server = Some(server);
        self.approve = approve;
        self
    }

    /// The same with a person who decides so.
    pub fn deciding(mut self, decision: Decision) -> Self {
        self.decision = decision;
        self
    }

    /// The same without QR codes.
    pub fn without_qr_code(mut self, without: bool) -> Self {
        self.qr_code = !without;
        self
    }

    /// Walks the flow to its end, however it ends.
    ///
    /// # Errors
    /// When the redirect listener cannot be had: that is a matter of settings.
    pub async fn walk_to_the_end(
        &mut self,
        configuration: Configuration,
        events: &mut mpsc::Receiver<Event>,
        streams: &mut Streams<'_>,
    ) -> Result<(), SettingsError> {
        let (lines_in, mut lines) = mpsc::channel::<Option<String>>(4);
        let mut lines_in = Some(lines_in);
        // One future for the whole walk: a signal between two turns of the loop is not lost.
        let mut interrupted = std::pin::pin!(signals::ended());
        let opens = configuration.open_browser;
        self.command(Command::Authorize(Box::new(configuration)));
        loop {
            self.remark_on_news(streams)?;
            if opens && !self.opened && self.flow.device().is_some_and(|device| device.codes().is_some()) {
                self.opened = true;
                self.command(Command::OpenPage);
            }
            // With --approve the simulator's user decides, and standard input is not read.
            if self.no_listener()
                && !self.approve
                && let Some(lines_in) = lines_in.take()
            {
                read_lines(lines_in);
            }
            match self.walk.next(&self.flow) {
                Step::Over => return Ok(()),
                Step::Exchange(exchange) => {
                    if let (Some(fault), Some(server)) = (self.walk.fault, &self.server) {
                        self.clock.advance(fault.millis_before_exchange());
                        server.simulator().with(|simulator| {
                            fault.before_exchange(exchange.number, simulator.options_mut());
                        });
                    }
                    self.command(exchange.command());
                    continue;
                }
                Step::Paste(text) => {
                    self.command(Command::PasteRedirect(text));
                    continue;
                }
                Step::Wait => {}
            }
            if self.approve
                && self.visit.is_none()
                && self.flow.status().is_waiting_for_person()
                && self.is_expected()
            {
                self.visit = self.visit();
            }
            tokio::select! {
                // Ctrl-C first: a person who presses it must not wait behind a queue of events.
                biased;
                () = &mut interrupted => {
                    self.command(Command::Cancel);
                    return Ok(());
                }
                Some(event) = events.recv() => self.on(event),
                Some(line) = lines.recv() => {
                    match line {
                        Some(line) => self.command(Command::PasteRedirect(line)),
                        // Standard input has ended: nothing will be pasted.
                        None if self.flow.status().is_waiting_for_person() => {
                            self.command(Command::Cancel);
                            return Ok(());
                        }
                        None => {}
                    }
                }
                visit = finished(&mut self.visit), if !self.visited => {
                    self.visited = true;
                    if let Err(Stuck { status, text }) = visit {
                        self.on(Event::PageSeen(self.flow.id, status, text));
                    }
                    // The browser is back, and no user is there to try again.
                    let waits_for_redirect = self.flow.authorization_code().is_some();
                    if waits_for_redirect && self.flow.status().is_waiting_for_person() {
                        return Ok(());
                    }
                }
            }
        }
    }

    /// Sends the probes that the findings of a failed flow offer, each once, until nothing is left open.
    pub async fn probe(&mut self, events: &mut mpsc::Receiver<Event>, streams: &mut Streams<'_>) {
        let last = self.flow.transcript.entries.last();
        let ended_by_hand = last.is_some_and(|entry| entry.observation == Observation::Cancelled);
        if ended_by_hand || Outcome::of(&Facts::of(&self.flow.transcript)) == Outcome::Token {
            return;
        }
        let mut interrupted = std::pin::pin!(signals::ended());
        let mut sent = Vec::new();
        while let Some(purpose) = offered_probe(&self.flow.transcript, &sent)
            && let Some(attempt) = self.flow.attempt()
        {
            let values = probe::values_in_question(&self.flow.transcript, &attempt.configuration);
            let refusals = refusals_in_a_row(&Facts::of(&self.flow.transcript));
            let about = drawings::probe::draw(&values, purpose, refusals, self.messages, streams.width);
            let request = probe::request(&values, purpose);
            streams.remark(&self.messages.probe().sending);
            for line in about {
                streams.remark(&line.text());
            }
            self.command(Command::Probe(request, purpose));
            sent.push(purpose);
            let number = self.flow.transcript.last_number();
            let answered = |flow: &Flow| {
                let exchange = flow.transcript.exchange(number);
                exchange.is_none_or(|exchange| exchange.response.is_some() || exchange.failure.is_some())
            };
            while !answered(&self.flow) {
                tokio::select! {
                    biased;
                    () = &mut interrupted => return,
                    Some(event) = events.recv() => self.on(event),
                }
            }
        }
        if sent.is_empty() {
            streams.remark(&self.messages.probe().nothing_to_ask);
        }
    }

    fn command(&mut self, command: Command) {
        let effects = self.flow.command(command, self.clock.now());
        self.perform(effects);
    }

    fn on(&mut self, event: Event) {
        if let Some(log) = log::on() {
            log.event(&event);
        }
        let effects = self.flow.on(event, self.clock.now());
        self.perform(effects);
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        if let Some(log) = log::on() {
            log.learn(&self.flow.transcript);
        }
        self.edge.perform_all(effects);
    }

    /// True when a redirect can only be pasted.
    fn no_listener(&self) -> bool {
        self.flow.status().is_waiting_for_person()
            && self
                .flow
                .attempt()
                .is_some_and(|attempt| attempt.listening.is_none())
    }

    /// True when the person may decide. With a device they come after the first answer that says that they are awaited.
    fn is_expected(&self) -> bool {
        self.flow.device().is_none_or(|device| {
            device
                .polling()
                .is_some_and(|polling| polling.sent > 0 && polling.next.is_some())
        })
    }

    /// Sends the built-in browser off.
    fn visit(&self) -> Option<JoinHandle<Visit>> {
        let fault = self.walk.fault;
        if let Some(codes) = self.flow.device().and_then(|device| device.codes()) {
            let decided = self
                .server
                .as_ref()?
                .decide_device(&codes.user_code, self.decision);
            return Some(tokio::spawn(async move { decided }));
        }
        let url = self.flow.page()?;
        let decision = fault.map_or(self.decision, Fault::decision);
        let client = self.edge.client();
        let on_the_way = |redirect: &str| {
            let redirect = fault.map_or_else(|| redirect.to_owned(), |fault| fault.alter_redirect(redirect));
            for _ in 1..fault.map_or(1, Fault::redirects) {
                let (client, again) = (client.clone(), HttpRequest::get(&redirect));
                tokio::spawn(async move { client.send(&again).await });
            }
            redirect
        };
        Some(
            self.server
                .as_ref()?
                .decide(&url, decision, on_the_way, self.edge.client()),
        )
    }

    /// Says what a person has to know while the flow goes on.
    fn remark_on_news(&mut self, streams: &mut Streams<'_>) -> Result<(), SettingsError> {
        let prose = &self.messages.command_line().run;
        let entries = &self.flow.transcript.entries;
        for entry in &entries[self.shown.min(entries.len())..] {
            match &entry.observation {
                Observation::AuthorizationStarted { configuration, .. }
                    if configuration.grant == GrantKind::DeviceCode => {}
                Observation::ResponseReceived { response, .. } if self.flow.device().is_some() => {
                    let codes = self.flow.device().and_then(|device| device.codes());
                    let brought = DeviceAuthorization::of(&read_answer(response));
                    if let Some(codes) = codes.filter(|codes| brought.as_ref() == Some(codes)) {
                        told_codes(codes, self.qr_code, self.messages, streams);
                    }
                }
                Observation::AuthorizationStarted { request, .. } => {
                    let listening = self.flow.attempt().filter(|attempt| attempt.listening.is_some());
                    let redirect_uri = self
                        .flow
                        .attempt()
                        .map_or("", |attempt| attempt.redirect_uri.as_str());
                    streams.remark(&prose.open);
                    streams.remark(&request.url());
                    let then = if listening.is_some() || self.approve {
                        &prose.waiting
                    } else {
                        &prose.paste
                    };
                    streams.remark(&fill(then, |_| Some(redirect_uri)));
                }
                Observation::BrowserOpened => streams.remark(&prose.opened),
                Observation::BrowserFailed { reason } => {
                    streams.remark(&fill(&prose.not_opened, |_| Some(reason)));
                }
                Observation::RedirectReceived { disposition, .. } if disposition.is_refused() => {
                    streams.remark(&prose.not_taken);
                }
                Observation::ListenerFailed {
                    address,
                    in_use,
                    reason,
                } => return Err(listener_failed(&self.flow, address, *in_use, reason)),
                _ => {}
            }
        }
        self.shown = entries.len();
        Ok(())
    }

    /// Lets the browser fetch what it waits for.
    pub async fn end(&mut self) {
        match self.visit.take() {
            Some(_) if self.visited => {}
            Some(visit) => {
                let _ = tokio::time::timeout(TAB_TIME, visit).await;
            }
            None => self.edge.linger(TAB_TIME).await,
        }
    }
}

/// The first probe that the findings offer and that was not sent yet; none where the cause is proven already.
fn offered_probe(transcript: &Transcript, sent: &[Purpose]) -> Option<Purpose> {
    let findings = examine(transcript);
    if is_decided(&findings) {
        return None;
    }
    offered(&findings)
        .into_iter()
        .find_map(|(_, remedy)| match remedy.action {
            Some(Action::Probe(purpose)) if !sent.contains(&purpose) => Some(purpose),
            _ => None,
        })
}

/// Shows the person what to type, and where.
fn told_codes(codes: &DeviceAuthorization, qr_code: bool, messages: &Messages, streams: &mut Streams<'_>) {
    let prose = &messages.pictures().device;
    streams.remark(&prose.type_this);
    streams.remark("");
    for line in drawings::device::user_code(&codes.user_code, streams.width) {
        streams.remark(&line.text());
    }
    streams.remark("");
    // Letters of blocks are read by nobody who cannot see them, and copied by nobody.
    streams.remark(&codes.user_code);
    let Some(page) = codes.page() else {
        streams.remark(&prose.no_page);
        return;
    };
    streams.remark(&prose.at_page);
    streams.remark(&codes.verification_uri);
    let drawn = qr_code
        .then(|| drawings::device::qr_code(page, streams.width, QR_HEIGHT))
        .flatten();
    if let Some(lines) = drawn {
        for line in lines {
            streams.remark(&line.text());
        }
        let is_complete = codes.verification_uri_complete.as_deref() == Some(page);
        streams.remark(if is_complete {
            &prose.qr_complete
        } else {
            &prose.qr_page
        });
    }
}

/// What the visit came to, once; pending for ever if there was no visit.
async fn finished(visit: &mut Option<JoinHandle<Visit>>) -> Visit {
    match visit {
        Some(running) => running.await.unwrap_or(Ok(())),
        None => std::future::pending().await,
    }
}

fn listener_failed(flow: &Flow, address: &str, in_use: bool, reason: &str) -> SettingsError {
    let attempt = flow.attempt();
    let suggestion = if attempt.is_some_and(|a| a.configuration.listen.is_some()) {
        // The port was chosen by its own option; the redirecting side would have to be told of another.
        let host = address.rsplit_once(':').map_or(address, |(host, _)| host);
        format!("--listen {host}:PORT")
    } else {
        let uri = attempt.map_or("", |a| a.redirect_uri.as_str());
        let any_port = RedirectUri::parse(uri).map(|parsed| RedirectUri { port: None, ..parsed }.to_string());
        format!("--redirect-uri {}", any_port.unwrap_or_else(|_| uri.to_owned()))
    };
    let problem = if in_use {
        Problem::PortInUse
    } else {
        Problem::CannotBind
    };
    SettingsError::new(problem)
        .with("address", address)
        .with("reason", reason)
        .with("suggestion", suggestion)
}

/// Reads lines that a person pastes. Standard input cannot be asked without blocking, so a thread does it; it ends with the
/// program.
fn read_lines(lines: mpsc::Sender<Option<String>>) {
    std::thread::spawn(move || {
        let mut input = std::io::stdin().lock();
        while let Ok(Some(line)) = files::read_line(&mut input) {
            if lines.blocking_send(Some(line)).is_err() {
                return;
            }
        }
        let _ = lines.blocking_send(None);
    });
}
