//! What can happen to the model.

use crate::{
    flow::{
        configuration::Configuration,
        event::{Event, FlowId},
    },
    oauth::time::Moment,
    ui::{
        keys::{Action, KeyPress},
        model::{layout::Layout, panes::Pane, seat::Seat},
    },
};

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// A key was pressed.
    Key(KeyPress),
    /// Text was pasted, as one piece.
    Paste(String),
    /// An action was chosen with the mouse.
    Do(Action),
    /// A field was clicked: its place in the form, and the grapheme under the pointer.
    ClickField(usize, usize),
    /// The wheel turned by so many lines, down being positive.
    Wheel(i16),
    /// A pane was clicked, or the wheel is over it.
    Focus(Pane),
    /// A message in the list of messages was clicked: its place there.
    ChooseMessage(usize),
    /// The edge reports something of the flow.
    Flow(Event),
    /// The simulator was asked to decide for this flow, and this is where the browser ended: at the listener, or at a page
    /// with this status and text.
    SimulatorDecided(FlowId, Result<(), (u16, String)>),
    /// A page was opened in the browser, or could not be.
    PageOpened(Result<(), String>),
    /// The transcript was saved under this name, or could not be.
    Saved(Result<String, String>),
    /// A report was written to the file of this name, or could not be.
    ReportSaved(Result<String, String>),
    /// The simulator of the demo is ready with these values.
    DemoReady(Box<Configuration>),
    /// It could not be made ready, for this reason.
    DemoFailed(String),
    /// A frame was drawn, and the model laid out so.
    Drawn(Layout),
    /// These profiles are in the settings file, or it could not be read.
    Profiles(Result<Vec<String>, String>),
    /// The values that were asked for, or why they cannot be had.
    ValuesRead(Result<Box<Configuration>, String>),
    /// A `.env` beside the work names these values of an app.
    EnvFileFound(Vec<String>),
    /// Where the person sits is known.
    Seated(Seat),
    /// Time went by while something waits.
    Tick(Moment),
    /// The program was told to end (SIGTERM, SIGHUP, closed terminal).
    Terminate,
}
