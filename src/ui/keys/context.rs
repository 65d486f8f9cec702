//! Where a person is, as far as keys are concerned.

/// Where a person is, as far as keys are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Context {
    /// The front door: a question instead of the empty form of Configure.
    FrontDoor,
    /// Configure, or the token request before it is sent: letters are typed.
    Form,
    /// Authorize, before the listener is asked for.
    Ready,
    /// A redirect is waited for.
    Waiting,
    /// The user code is on show, with or without waiting.
    Device,
    /// The port could not be had.
    NoListener,
    /// A redirect came: Callback.
    Callback,
    /// An exchange is under way or was made: Exchange, looking.
    Exchanged,
    /// Result.
    Result,
    /// The line of Result in which the registered redirect URI is told.
    Registered,
    /// The window in which something is pasted.
    Paste,
    /// A question that wants yes or no.
    Confirm,
    /// The question whether to leave.
    Leave,
    /// The help.
    Help,
    /// A step of the walkthrough.
    Walkthrough,
    /// The list of faults.
    ChooseFault,
    /// The question what comes of a fault.
    Predict,
    /// The window with every command.
    Palette,
    /// The line behind `/`.
    Find,
    /// A window of choices: what to copy, which file to write.
    Choose,
    /// The list of attempts.
    Attempts,
    /// The name of one of them.
    NameAttempt,
    /// Two attempts side by side.
    Compared,
}

impl Context {
    /// True in a window over the page.
    pub fn is_window(self) -> bool {
        matches!(
            self,
            Self::Paste
                | Self::Confirm
                | Self::Leave
                | Self::Help
                | Self::ChooseFault
                | Self::Predict
                | Self::Palette
                | Self::Choose
                | Self::Attempts
                | Self::NameAttempt
                | Self::Compared
        )
    }

    /// True on a page that asks a question, whose answers the digits are.
    pub fn asks(self) -> bool {
        matches!(self, Self::FrontDoor | Self::Waiting | Self::Walkthrough)
    }

    /// True where letters are typed into a field.
    pub fn is_typing(self) -> bool {
        matches!(
            self,
            Self::Form | Self::Registered | Self::Paste | Self::Palette | Self::Find | Self::NameAttempt
        )
    }
}
