//! The steps that a person walks through: what a screen is made for, and what the bar at its head shows.

/// A step of a walk. Each grant names those that it has, in its order; the order here is that of every grant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Values.
    #[default]
    Configure,
    /// The authorization request, and the waiting for its redirect.
    Authorize,
    /// What came back.
    Callback,
    /// The user code, and the waiting for the person who types it.
    Device,
    /// The token request and its answer.
    Exchange,
    /// Token or diagnosis.
    Result,
}

impl Step {
    /// How many there are in all grants together.
    pub const COUNT: usize = Self::Result.index() + 1;

    /// Its place among all steps, from 0.
    pub const fn index(self) -> usize {
        self as usize
    }
}

/// The state of a step, drawn beside its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// Not reached.
    Ahead,
    /// Under way.
    Active,
    /// Done, and well.
    Done,
    /// Done, and refused.
    Failed,
}

/// What the transcript was found to come to, as far as the state of a step depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Concluded {
    /// There is a result to look at.
    pub has_result: bool,
    /// It is a token.
    pub is_token: bool,
}
