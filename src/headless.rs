//! The commands without a screen: `run`, `explain` and `simulate`. The same flow as in the terminal interface, without a
//! Model: [`Walk`] decides, the edge performs, a report is printed at the end.

use std::{
    io::{IsTerminal as _, Write},
    net::SocketAddr,
    path::PathBuf,
    time::Duration,
};

use tokio::{sync::mpsc, task::JoinHandle};

use crate::{
    cli::{ExplainOptions, RunOptions, SimulateOptions, SimulatedHost},
    diagnosis::{facts::Facts, outcome::Outcome},
    edge::{
        Edge, EdgeOptions, clock::Clock, entropy, files, http::extra_certificates,
        simulator_server::SimulatorServer,
    },
    faults::Fault,
    flow::{
        configuration::{Configuration, Field, Origin, Registration},
        event::{Command, Event},
        machine::{Flow, Stage},
        redaction::Redactor,
        transcript::{Observation, Source, Transcript},
    },
    locale::{Messages, fill},
    oauth::{provider::Provider, redirect_uri::RedirectUri, secret::Secret},
    settings::{self, Problem, Settings, SettingsError, Surroundings},
    simulator::{Decision, Habits, Simulator, Stuck},
    walk::{Step, Walk},
};

/// How a command ends, by its exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// A token was obtained; for `explain`, what was given was recognised.
    Good = 0,
    /// The authorization server refused, or the redirect failed a check.
    Refused = 1,
    /// Wrong usage or settings.
    Usage = 2,
    /// No answer: network, time-out, cancelled, or an answer that is no token response.
    Unanswered = 3,
    /// `explain` did not recognise what was given.
    NotRecognised = 4,
}

impl From<Outcome> for Exit {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Token => Self::Good,
            Outcome::Refused => Self::Refused,
            Outcome::Unanswered | Outcome::Unrecognised => Self::Unanswered,
        }
    }
}

/// How long `run` waits for the redirect unless told otherwise: a shell or a CI job must not wait for ever.
const REDIRECT_SECONDS: u64 = 300;
/// How long the browser tab may take to fetch its result after the flow has ended.
const TAB_TIME: Duration = Duration::from_secs(2);
/// The redirect URI of `run --demo`: any free port, as the loopback rule allows (RFC 8252 §7.3).
const DEMO_REDIRECT_URI: &str = "http://127.0.0.1/callback";

/// Where a command writes to.
pub struct Streams<'s> {
    /// Standard output: the result.
    pub out: &'s mut dyn Write,
    /// Standard error: the authorization URL and remarks.
    pub err: &'s mut dyn Write,
}

impl Streams<'_> {
    fn remark(&mut self, text: &str) {
        // A closed standard error is no reason to end the flow.
        let _ = writeln!(self.err, "{text}");
        let _ = self.err.flush();
    }

    fn result(&mut self, text: &str) {
        let _ = writeln!(self.out, "{}", text.trim_end());
        let _ = self.out.flush();
    }
}

/// Runs `oauthlens run`.
///
/// # Errors
/// What is wrong with the settings: exit status 2.
pub async fn run(
    options: &RunOptions,
    mut settings: Settings,
    messages: &Messages,
    mut streams: Streams<'_>,
) -> Result<Exit, SettingsError> {
    let fault = options.fault.as_deref().map(fault_named).transpose()?;
    if let Some(path) = &settings.ca_file {
        extra_certificates(Some(path.as_path()))
            .map_err(|failure| SettingsError::new(Problem::BadCertificates).with("reason", failure.detail))?;
    }
    let clock = Clock::default();
    let entropy = entropy::from_system().map_err(|error| cannot_bind("getrandom", &error))?;
    let mut source = Source::Live;
    let mut server = None;
    if options.demo {
        source = Source::Simulator;
        let started = start_demo(&mut settings.configuration, &options.flow, clock.clone())?;
        if let Some(fault) = fault {
            started
                .simulator()
                .with(|simulator| fault.prepare(&mut settings.configuration, simulator.options_mut()));
        }
        server = Some(started);
        settings.configuration.open_browser &= !options.approve;
    }
    settings.check_complete()?;
    let timeout = &mut settings.configuration.redirect_timeout;
    *timeout = Some(timeout.unwrap_or(REDIRECT_SECONDS));

    let (sender, events) = mpsc::channel(64);
    let edge_options = EdgeOptions {
        language: settings.language,
        simulated: options.demo,
        ca_file: settings.ca_file.clone(),
    };
    let mut driver = Driver {
        flow: Flow::new(source, entropy, clock.now()),
        edge: Edge::new(edge_options, sender),
        walk: Walk::new(fault),
        clock,
        server,
        approve: options.approve,
        shown: 0,
        visit: None,
        visited: false,
        messages,
    };
    if options.demo {
        streams.remark(&messages.command_line().run.simulated);
    }
    if let Some(fault) = fault {
        let remark = fill(&messages.command_line().run.fault, |_| Some(fault.name()));
        streams.remark(&remark);
    }
    driver
        .walk_to_the_end(settings.configuration, events, &mut streams)
        .await?;

    let transcript = &driver.flow.transcript;
    if let Some(path) = &options.save {
        save(path, transcript)?;
        let remark = fill(&messages.command_line().run.saved, |_| Some(path));
        streams.remark(&remark);
    }
    let report = if settings.json {
        report_json(transcript, messages)
    } else {
        report_text(transcript, messages, options.plain)
    };
    streams.result(&report);
    driver.end().await;
    Ok(Outcome::of(&Facts::of(&driver.flow.transcript)).into())
}

/// Starts the simulator and fills in what it gives out, except where the command line says otherwise.
///
/// # Errors
/// When no loopback port can be had for it.
pub fn start_demo(
    configuration: &mut Configuration,
    given: &crate::cli::FlowOptions,
    clock: Clock,
) -> Result<SimulatorServer, SettingsError> {
    if given.redirect_uri.is_none() {
        DEMO_REDIRECT_URI.clone_into(&mut configuration.redirect_uri);
    }
    let entropy = entropy::from_system().map_err(|error| cannot_bind("getrandom", &error))?;
    let address = SocketAddr::from(([127, 0, 0, 1], 0));
    let redirect_uri = configuration.redirect_uri.clone();
    let server = SimulatorServer::start(address, clock, |base_url| {
        Simulator::demo(base_url, &redirect_uri, entropy)
    })
    .map_err(|error| cannot_bind(&address.to_string(), &error))?;
    fill_in_demo(configuration, &server, given);
    Ok(server)
}

/// Fills in the values of a served simulator's app. What `given` names on the command line stays, so that a wrong value
/// can be tried on purpose; the environment does not count, since its values belong to another app.
pub fn fill_in_demo(
    configuration: &mut Configuration,
    server: &SimulatorServer,
    given: &crate::cli::FlowOptions,
) {
    let app = server
        .simulator()
        .with(|simulator| simulator.options().app.clone());
    configuration.provider = Provider::simulator(&server.base_url());
    let mut fill_in = |field, given: bool| {
        if !given {
            configuration.origins.set(field, Origin::Simulator);
        }
        !given
    };
    if fill_in(Field::ClientId, given.client_id.is_some()) {
        configuration.client_id.clone_from(&app.client_id);
    }
    let secret_given = given.client_secret_env.is_some() || given.client_secret_file.is_some();
    if fill_in(Field::ClientSecret, secret_given) {
        configuration.client_secret = Some(app.client_secret.clone());
    }
    fill_in(Field::RegisteredRedirectUri, false);
    fill_in(Field::Provider, false);
    configuration.registration = Registration {
        redirect_uris: app.registered,
        client_id: Some(app.client_id),
        client_secret: Some(app.client_secret),
    };
}

fn fault_named(name: &str) -> Result<Fault, SettingsError> {
    Fault::from_name(name).ok_or_else(|| {
        let names = || Fault::ALL.iter().map(|fault| fault.name());
        let expected = settings::nearest(name, names())
            .map_or_else(|| names().collect::<Vec<_>>().join(", "), str::to_owned);
        SettingsError::new(Problem::UnknownFault)
            .with("value", name)
            .with("expected", expected)
    })
}

fn cannot_bind(address: &str, error: &std::io::Error) -> SettingsError {
    let problem = if error.kind() == std::io::ErrorKind::AddrInUse {
        Problem::PortInUse
    } else {
        Problem::CannotBind
    };
    SettingsError::new(problem)
        .with("address", address)
        .with("reason", error.to_string())
        .with("suggestion", "http://127.0.0.1/callback")
}

/// What the built-in browser of `--approve` comes back with.
type Visit = Result<(), Stuck>;

/// Moves one flow from its start to its end.
struct Driver<'d> {
    flow: Flow,
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
    messages: &'d Messages,
}

impl Driver<'_> {
    async fn walk_to_the_end(
        &mut self,
        configuration: Configuration,
        mut events: mpsc::Receiver<Event>,
        streams: &mut Streams<'_>,
    ) -> Result<(), SettingsError> {
        let (lines_in, mut lines) = mpsc::channel::<Option<String>>(4);
        let mut lines_in = Some(lines_in);
        self.command(Command::Authorize(Box::new(configuration)));
        loop {
            self.remark_on_news(streams)?;
            if self.no_listener()
                && let Some(lines_in) = lines_in.take()
            {
                read_lines(lines_in);
            }
            match self.walk.next(&self.flow) {
                Step::Over => return Ok(()),
                Step::Exchange(request, origins) => {
                    if let (Some(fault), Some(server)) = (self.walk.fault, &self.server) {
                        self.clock.advance(fault.millis_before_exchange());
                        server
                            .simulator()
                            .with(|simulator| fault.before_exchange(simulator.options_mut()));
                    }
                    self.command(Command::Exchange(request, origins));
                    continue;
                }
                Step::Wait => {}
            }
            if self.approve && self.visit.is_none() && matches!(self.flow.stage, Stage::Awaiting(_)) {
                self.visit = self.visit();
            }
            tokio::select! {
                // Ctrl-C first: a person who presses it must not wait behind a queue of events.
                biased;
                _ = tokio::signal::ctrl_c() => {
                    self.command(Command::Cancel);
                    return Ok(());
                }
                Some(event) = events.recv() => {
                    let effects = self.flow.on(event, self.clock.now());
                    self.edge.perform_all(effects);
                }
                Some(line) = lines.recv() => {
                    let Some(line) = line else {
                        // Standard input has ended: nobody will paste anything.
                        self.command(Command::Cancel);
                        return Ok(());
                    };
                    self.command(Command::PasteRedirect(line));
                }
                visit = finished(&mut self.visit), if !self.visited => {
                    self.visited = true;
                    if let Err(Stuck { status, text }) = visit {
                        let now = self.clock.now();
                        self.flow.on(Event::PageSeen(self.flow.id, status, text), now);
                    }
                    // The browser is back, and there is nobody who could try again.
                    if matches!(self.flow.stage, Stage::Awaiting(_)) {
                        return Ok(());
                    }
                }
            }
        }
    }

    fn command(&mut self, command: Command) {
        let effects = self.flow.command(command, self.clock.now());
        self.edge.perform_all(effects);
    }

    /// True when a redirect can only be pasted.
    fn no_listener(&self) -> bool {
        matches!(self.flow.stage, Stage::Awaiting(_))
            && self
                .flow
                .attempt
                .as_ref()
                .is_some_and(|attempt| attempt.listening.is_none())
    }

    /// Sends the built-in browser off.
    fn visit(&self) -> Option<JoinHandle<Visit>> {
        let fault = self.walk.fault;
        let url = self.flow.attempt.as_ref()?.request.url();
        let decision = fault.map_or(Decision::Approve, Fault::decision);
        let on_the_way = |redirect: &str| match fault {
            Some(fault) => fault.alter_redirect(redirect),
            None => redirect.to_owned(),
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
                Observation::AuthorizationStarted { request, .. } => {
                    let listening = self
                        .flow
                        .attempt
                        .as_ref()
                        .filter(|attempt| attempt.listening.is_some());
                    let redirect_uri = self
                        .flow
                        .attempt
                        .as_ref()
                        .map_or("", |attempt| attempt.redirect_uri.as_str());
                    streams.remark(&prose.open);
                    streams.remark(&request.url());
                    let then = if listening.is_some() {
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
    async fn end(&mut self) {
        match self.visit.take() {
            Some(visit) if !self.visited => {
                let _ = tokio::time::timeout(TAB_TIME, visit).await;
            }
            _ => self.edge.linger(TAB_TIME).await,
        }
    }
}

/// What the visit came to, once; pending for ever where there is none.
async fn finished(visit: &mut Option<JoinHandle<Visit>>) -> Visit {
    match visit {
        Some(running) => running.await.unwrap_or(Ok(())),
        None => std::future::pending().await,
    }
}

fn listener_failed(flow: &Flow, address: &str, in_use: bool, reason: &str) -> SettingsError {
    let mut suggestion = flow
        .attempt
        .as_ref()
        .map_or("", |a| a.redirect_uri.as_str())
        .to_owned();
    if let Ok(mut uri) = RedirectUri::parse(&suggestion) {
        uri.port = None;
        suggestion = uri.to_string();
    }
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
        for line in std::io::stdin().lines().map_while(Result::ok) {
            if lines.blocking_send(Some(line)).is_err() {
                return;
            }
        }
        let _ = lines.blocking_send(None);
    });
}

fn save(path: &str, transcript: &Transcript) -> Result<(), SettingsError> {
    let masked = Redactor::of(transcript).transcript(transcript);
    let unwritable = |reason: String| {
        SettingsError::new(Problem::Unwritable)
            .with("path", path)
            .with("reason", reason)
    };
    let mut text = serde_json::to_string_pretty(&masked).map_err(|error| unwritable(error.to_string()))?;
    text.push('\n');
    std::fs::write(PathBuf::from(path), text).map_err(|error| unwritable(error.to_string()))
}

/// Runs `oauthlens explain`.
///
/// # Errors
/// The file cannot be read: exit status 2.
pub fn explain(
    options: &ExplainOptions,
    _messages: &Messages,
    _streams: &mut Streams<'_>,
) -> Result<Exit, SettingsError> {
    let path = options.file.as_deref().unwrap_or("-");
    let _text = files::read_text(path).map_err(|error| {
        SettingsError::new(Problem::Unreadable)
            .with("path", path)
            .with("reason", error.to_string())
    })?;
    Ok(Exit::NotRecognised)
}

/// Runs `oauthlens simulate` until Ctrl-C.
///
/// # Errors
/// What is wrong with the options: exit status 2.
pub async fn simulate(
    options: &SimulateOptions,
    surroundings: &Surroundings<'_>,
    mut streams: Streams<'_>,
) -> Result<Exit, SettingsError> {
    if options.client_secret.is_some() {
        return Err(SettingsError::new(Problem::PlainSecret));
    }
    let address = settings::loopback_address("--listen", &options.listen)?;
    let secret = match &options.client_secret_env {
        Some(name) => Some(settings::secret_variable(name, surroundings)?.0),
        None => None,
    };
    let entropy = entropy::from_system().map_err(|error| cannot_bind("getrandom", &error))?;
    let server = SimulatorServer::start(address, Clock::default(), |base_url| {
        simulator_for(options, base_url, secret, entropy)
    })
    .map_err(|error| cannot_bind(&address.to_string(), &error))?;
    let app = server
        .simulator()
        .with(|simulator| simulator.options().app.clone());
    let redirect_uri = app
        .registered
        .first()
        .map_or("", |registered| registered.uri.as_str());
    streams.result(&format!(
        "base_url={}\nclient_id={}\nclient_secret={}\nredirect_uri={redirect_uri}",
        server.base_url(),
        app.client_id,
        // Printing it is what the command is for: it opens nothing but this simulator.
        app.client_secret.reveal(),
    ));
    let _ = tokio::signal::ctrl_c().await;
    Ok(Exit::Good)
}

fn simulator_for(
    options: &SimulateOptions,
    base_url: &str,
    secret: Option<Secret>,
    entropy: crate::oauth::entropy::Entropy,
) -> Simulator {
    let mut simulator = Simulator::demo(base_url, DEMO_REDIRECT_URI, entropy);
    let told = simulator.options_mut();
    if let Some(id) = &options.client_id {
        told.app.client_id.clone_from(id);
    }
    if let Some(secret) = secret {
        told.app.client_secret = secret;
    }
    if !options.registered_redirect_uri.is_empty() {
        let uris = options.registered_redirect_uri.iter().cloned();
        told.app.registered = uris.map(settings::registered).collect();
    }
    if options.like == SimulatedHost::Enterprise {
        told.habits = Habits::enterprise_server();
    }
    simulator
}

fn report_text(transcript: &Transcript, _messages: &Messages, plain: bool) -> String {
    let _colour = !plain && std::io::stdout().is_terminal();
    format!("{:?}", Outcome::of(&Facts::of(transcript)))
}

fn report_json(transcript: &Transcript, _messages: &Messages) -> String {
    serde_json::to_string_pretty(&Redactor::of(transcript).transcript(transcript)).unwrap_or_default()
}
