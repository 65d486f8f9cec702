//! What the effects of the model act on: the edge, the simulator, the terminal, files.

use std::{
    io,
    path::{Path, PathBuf},
};

use tokio::sync::mpsc::Sender;

use crate::{
    flow::{configuration::Configuration, event::FlowId},
    io::{
        Edge, browser,
        clock::Clock,
        files,
        simulator_server::{ReadySimulator, SimulatorServer},
    },
    lab::faults::Fault,
    oauth::http::HttpRequest,
    simulator::{Decision, Options},
    ui::{effect::Effect, message::Message, terminal::session::Screen},
};

/// Makes the simulator of the demo ready: the values of its flow, and the simulator; or says why that is not possible.
pub type ReadyDemo<'d> = dyn Fn(Clock) -> Result<(Configuration, ReadySimulator), String> + 'd;

/// Values of the person's own app, for when they ask for them.
pub struct OwnValues<'d> {
    /// The names of the profiles, or why there are none to be had.
    pub profiles: &'d dyn Fn() -> Result<Vec<String>, String>,
    /// The values of a profile.
    pub of_profile: &'d dyn Fn(&str) -> Result<Configuration, String>,
    /// What the `.env` beside the work names of an app.
    pub env_names: &'d dyn Fn() -> Vec<String>,
    /// The values with those of the `.env` among them; `None` where it is gone.
    pub of_env_file: &'d dyn Fn() -> Option<Configuration>,
}

/// What the effects act on.
pub(crate) struct World<'d> {
    pub(crate) edge: Edge,
    pub(crate) server: Option<SimulatorServer>,
    /// The simulator as it is without a fault.
    pub(crate) good_options: Option<Options>,
    pub(crate) clock: Clock,
    pub(crate) to_model: Sender<Message>,
    pub(crate) progress_file: Option<PathBuf>,
    pub(crate) demo: &'d ReadyDemo<'d>,
    pub(crate) own: &'d OwnValues<'d>,
    pub(crate) quit: bool,
}

impl World<'_> {
    /// Serves the simulator of the demo, and gives the values of its flow.
    fn start_demo(&mut self) -> Result<Configuration, String> {
        let (configuration, ready) = (self.demo)(self.clock.clone())?;
        let server = ready.serve().map_err(|error| error.to_string())?;
        self.good_options = Some(server.simulator().with(|simulator| simulator.options().clone()));
        self.server = Some(server);
        Ok(configuration)
    }

    /// Sends the model a message, behind those that are on their way.
    fn tell(&self, message: Message) {
        let to_model = self.to_model.clone();
        tokio::spawn(async move {
            let _ = to_model.send(message).await;
        });
    }

    pub(crate) fn perform(&mut self, effect: Effect, screen: &mut Screen) -> io::Result<()> {
        match effect {
            Effect::Flow(effect) => self.edge.perform(effect),
            Effect::Simulated(simulated) => self.edge.set_simulated(simulated),
            Effect::Copy(text) => screen.copy(&text)?,
            Effect::CaptureMouse(capture) => screen.capture_mouse(capture)?,
            Effect::SetFault(fault) => {
                let (Some(server), Some(options)) = (&self.server, &self.good_options) else {
                    return Ok(());
                };
                server.simulator().with(|simulator| {
                    simulator.options_mut().clone_from(options);
                    if let Some(fault) = fault {
                        // The client's half of the fault is in the model already.
                        fault.prepare(&mut Configuration::default(), simulator.options_mut());
                    }
                });
            }
            Effect::BeforeExchange(fault, number) => {
                if let Some(server) = &self.server {
                    self.clock.advance(fault.millis_before_exchange());
                    server
                        .simulator()
                        .with(|simulator| fault.before_exchange(number, simulator.options_mut()));
                }
            }
            Effect::SaveTranscript(text) => {
                let saved = files::save_new("oauthlens-transcript", &text).map_err(|error| error.to_string());
                self.tell(Message::Saved(saved));
            }
            Effect::SaveReport { name, text } => {
                let saved = files::write_new(Path::new(&name), &text);
                let saved = saved.map(|()| name).map_err(|error| error.to_string());
                self.tell(Message::ReportSaved(saved));
            }
            Effect::SaveProgress { name, at } => {
                // A walkthrough whose progress cannot be kept goes on all the same.
                if let Some(path) = &self.progress_file {
                    let _ = files::keep_progress(path, &name, at);
                }
            }
            Effect::Suspend => screen.suspend()?,
            Effect::ListProfiles => self.tell(Message::Profiles((self.own.profiles)())),
            Effect::UseProfile(name) => {
                let values = (self.own.of_profile)(&name).map(Box::new);
                self.tell(Message::ValuesRead(values));
            }
            Effect::UseEnvFile => {
                let values = (self.own.of_env_file)().map(Box::new);
                self.tell(Message::ValuesRead(values.ok_or_else(|| ".env".to_owned())));
            }
            Effect::StartDemo => {
                let message = self
                    .start_demo()
                    .map_or_else(Message::DemoFailed, |configuration| {
                        Message::DemoReady(Box::new(configuration))
                    });
                self.tell(message);
            }
            Effect::Quit => self.quit = true,
            Effect::OpenPage(url) => {
                let to_model = self.to_model.clone();
                tokio::spawn(async move {
                    let _ = to_model.send(Message::PageOpened(browser::open(url).await)).await;
                });
            }
            Effect::DecideDevice {
                flow,
                user_code,
                approve,
            } => self.decide_device(flow, &user_code, approve),
            Effect::Decide {
                flow,
                url,
                approve,
                fault,
            } => {
                let Some(server) = &self.server else { return Ok(()) };
                let decision = decision(approve);
                let client = self.edge.client();
                let on_the_way = |redirect: &str| {
                    let redirect =
                        fault.map_or_else(|| redirect.to_owned(), |fault| fault.alter_redirect(redirect));
                    for _ in 1..fault.map_or(1, Fault::redirects) {
                        let (client, again) = (client.clone(), HttpRequest::get(&redirect));
                        tokio::spawn(async move { client.send(&again).await });
                    }
                    redirect
                };
                let visit = server.decide(&url, decision, on_the_way, client.clone());
                let to_model = self.to_model.clone();
                tokio::spawn(async move {
                    let decided = match visit.await {
                        Ok(Err(stuck)) => Err((stuck.status, stuck.text)),
                        _ => Ok(()),
                    };
                    let _ = to_model.send(Message::SimulatorDecided(flow, decided)).await;
                });
            }
        }
        Ok(())
    }

    fn decide_device(&self, flow: FlowId, user_code: &str, approve: bool) {
        let Some(server) = &self.server else { return };
        let decided = server
            .decide_device(user_code, decision(approve))
            .map_err(|stuck| (stuck.status, stuck.text));
        let to_model = self.to_model.clone();
        tokio::spawn(async move {
            let _ = to_model.send(Message::SimulatorDecided(flow, decided)).await;
        });
    }
}

fn decision(approve: bool) -> Decision {
    if approve {
        Decision::Approve
    } else {
        Decision::Deny
    }
}
