//! What the model wants done.

use crate::{
    flow::{effect::Effect as FlowEffect, event::FlowId},
    lab::faults::Fault,
};

/// Something for the edge or the terminal to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// An effect of the flow.
    Flow(FlowEffect),
    /// Decide in the simulator as its resource owner: the authorization URL, and whether to approve.
    /// Report `SimulatorDecided`.
    Decide {
        /// For which flow.
        flow: FlowId,
        /// The authorization request.
        url: String,
        /// Approve or deny.
        approve: bool,
        /// The fault that changes the redirect on its way.
        fault: Option<Fault>,
    },
    /// Decide in the simulator about the device with that user code. Report `SimulatorDecided`.
    DecideDevice {
        /// For which flow.
        flow: FlowId,
        /// What the person types.
        user_code: String,
        /// Approve or deny.
        approve: bool,
    },
    /// Put the simulator right, then set this fault in it.
    SetFault(Option<Fault>),
    /// What a fault does before the exchange of that number: time passes, the server changes.
    BeforeExchange(Fault, u32),
    /// Say on the pages in the browser whether the provider is the simulator.
    Simulated(bool),
    /// Put a text on the clipboard (OSC 52).
    Copy(String),
    /// Open a page in the browser; report `PageOpened`.
    OpenPage(String),
    /// Take the mouse or let go of it.
    CaptureMouse(bool),
    /// Give the terminal back and stop, until the shell lets the program go on.
    Suspend,
    /// Save this transcript, masked already, in the working directory; report `Saved`.
    SaveTranscript(String),
    /// Write a report to a new file of that name in the working directory; report `ReportSaved`.
    SaveReport {
        /// The name.
        name: String,
        /// What is written.
        text: String,
    },
    /// Keep where a person is in the walkthrough of that name.
    SaveProgress {
        /// The walkthrough's name.
        name: String,
        /// The step, by its place.
        at: usize,
    },
    /// Look up the profiles of the settings file; report `Profiles`.
    ListProfiles,
    /// Read the values of this profile; report `ValuesRead`.
    UseProfile(String),
    /// Read the values of the `.env` beside the work; report `ValuesRead`.
    UseEnvFile,
    /// Make the simulator of the demo ready; report `DemoReady` or `DemoFailed`.
    StartDemo,
    /// Leave.
    Quit,
}

impl From<FlowEffect> for Effect {
    fn from(effect: FlowEffect) -> Self {
        Self::Flow(effect)
    }
}
