//! What a person means.

use serde::{Deserialize, Serialize};

/// What a person means by a key. The order is the order in the help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// The main thing on this screen: continue, open the browser, send, mend.
    Continue,
    /// Back to the step before; closes a window first, and stops waiting.
    Back,
    /// Do the present step again: a new authorization, or the exchange once more.
    Again,
    /// Look at the next step, as far as it was reached.
    StepForward,
    /// Look at the step before.
    StepBack,
    /// Step 1 to 5.
    Configure,
    /// Step 2.
    Authorize,
    /// Step 3.
    Callback,
    /// Step 4.
    Exchange,
    /// Step 5.
    Result,
    /// Approve in the simulator, as its resource owner.
    Approve,
    /// Deny in the simulator.
    Deny,
    /// Copy the authorization URL.
    CopyUrl,
    /// Open the page where the user code is typed.
    OpenPage,
    /// Paste something to be read: the redirect, a message, a page.
    PasteRedirect,
    /// Listen on another port.
    AnotherPort,
    /// Mend by the first remedy, the second…
    Remedy1,
    /// The second.
    Remedy2,
    /// The third.
    Remedy3,
    /// The fourth.
    Remedy4,
    /// The fifth.
    Remedy5,
    /// The sixth.
    Remedy6,
    /// The seventh.
    Remedy7,
    /// The eighth.
    Remedy8,
    /// The ninth.
    Remedy9,
    /// Next field.
    NextField,
    /// Field before.
    PreviousField,
    /// Go to the next pane of a wide screen.
    NextPane,
    /// Go to the pane before.
    PreviousPane,
    /// Give the pane the whole screen, or take it back.
    Zoom,
    /// Change a choice or a switch.
    Toggle,
    /// Ask for the token by another grant.
    ChangeGrant,
    /// Leave this parameter out of the request, or put it back.
    LeaveOut,
    /// Take the damage out of a value: white space, invisible characters, quotes.
    Clean,
    /// Unfold the causes of the result, or fold them.
    UnfoldWhy,
    /// The same for the whole of its picture.
    UnfoldDrawing,
    /// The same for the drawing of the flow.
    UnfoldFlow,
    /// The same for the answer, word for word.
    UnfoldBytes,
    /// The same for what it is not.
    UnfoldRuledOut,
    /// Show or hide secrets.
    Reveal,
    /// Scroll.
    ScrollDown,
    /// Scroll.
    ScrollUp,
    /// Scroll.
    PageDown,
    /// Scroll.
    PageUp,
    /// Scroll.
    Top,
    /// Scroll.
    Bottom,
    /// An earlier exchange.
    EarlierExchange,
    /// A later exchange.
    LaterExchange,
    /// Every command of this page, by name.
    Palette,
    /// Look for something in a list, in the messages or in bytes.
    Find,
    /// The attempts so far.
    Attempts,
    /// Mark this attempt, to compare it.
    MarkAttempt,
    /// What differs between two attempts.
    CompareAttempts,
    /// Give an attempt a name.
    NameAttempt,
    /// Put something on the clipboard.
    Copy,
    /// Write a report to a file.
    Export,
    /// Choose a profile of the settings file.
    Profiles,
    /// Take the values of the .env beside the work.
    TakeEnvFile,
    /// Open the walkthrough, or go on with it.
    Walkthrough,
    /// Break one thing on purpose.
    Lab,
    /// Leave the walkthrough; where one stands is kept.
    LeaveWalkthrough,
    /// Save the transcript, secrets masked.
    Save,
    /// Let go of the mouse so that text can be selected, or take it back.
    Mouse,
    /// All keys.
    Help,
    /// Give the terminal back and stop, as Ctrl-Z does everywhere in a shell.
    Suspend,
    /// Leave.
    Quit,
}

impl Action {
    /// The steps by their place in the walk.
    pub const STEPS: [Self; 5] = [
        Self::Configure,
        Self::Authorize,
        Self::Callback,
        Self::Exchange,
        Self::Result,
    ];

    /// The remedies by number.
    pub const REMEDIES: [Self; 9] = [
        Self::Remedy1,
        Self::Remedy2,
        Self::Remedy3,
        Self::Remedy4,
        Self::Remedy5,
        Self::Remedy6,
        Self::Remedy7,
        Self::Remedy8,
        Self::Remedy9,
    ];
}
