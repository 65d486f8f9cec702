//! The grants, a folder each. A [`Grant`] is the state of one; [`GrantMachine`] is all that the rest of the program asks of
//! it, beside what the grant's own screens show.

pub mod authorization_code;
pub mod device;
pub mod held_token;
mod shared;
mod step;

use serde::{Deserialize, Serialize};

pub use crate::flow::grants::{
    shared::Shared,
    step::{Concluded, Step, StepState},
};
use crate::{
    flow::{
        configuration::Configuration,
        effect::Effect,
        event::{Command, Event},
        grants::{authorization_code::AuthorizationCodeGrant, device::DeviceGrant, held_token::HeldToken},
        transcript::Transcript,
    },
    oauth::time::Moment,
};

/// By which grant a token is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantKind {
    /// The authorization code grant (RFC 6749 §4.1).
    #[default]
    AuthorizationCode,
    /// The device authorization grant (RFC 8628).
    DeviceCode,
    /// None: the token was obtained before, and something is done with it.
    HeldToken,
}

/// Who moves next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nothing is under way: a command moves it.
    Idle,
    /// Something is being set up here, and nothing was sent yet.
    Starting,
    /// A person is to do something elsewhere, since that moment.
    WaitingForPerson(Moment),
    /// A server is to answer, since that moment.
    WaitingForServer(Moment),
    /// It has ended, well or badly. A command may begin again.
    Done,
}

impl Status {
    /// True while something is awaited.
    pub fn is_under_way(self) -> bool {
        matches!(
            self,
            Self::Starting | Self::WaitingForPerson(_) | Self::WaitingForServer(_)
        )
    }

    /// True while a person is to do something elsewhere.
    pub fn is_waiting_for_person(self) -> bool {
        matches!(self, Self::WaitingForPerson(_))
    }

    /// True while a server is to answer.
    pub fn is_waiting_for_server(self) -> bool {
        matches!(self, Self::WaitingForServer(_))
    }
}

/// What a grant does for the flow that goes by it. Commands and events come in, effects go out; what is observed is
/// recorded before it moves anything.
pub trait GrantMachine {
    /// Begins with these values.
    fn start(&mut self, flow: &mut Shared<'_>, configuration: Configuration, now: Moment) -> Vec<Effect>;

    /// Does what a person asks for. A command of another grant does nothing.
    fn command(&mut self, flow: &mut Shared<'_>, command: Command, now: Moment) -> Vec<Effect>;

    /// Takes in what the edge reports of the present attempt.
    fn on(&mut self, flow: &mut Shared<'_>, event: Event, now: Moment) -> Vec<Effect>;

    /// Who moves next.
    fn status(&self) -> Status;

    /// The values that the present attempt was started with, or is prepared for.
    fn configuration(&self) -> Option<&Configuration>;

    /// Where the person goes with a browser.
    fn page(&self) -> Option<String>;

    /// The steps that a person walks through, in order.
    fn steps(&self) -> &'static [Step];

    /// The state of a step.
    fn step_state(&self, step: Step, concluded: Concluded) -> StepState;
}

/// The grant that a flow goes by, and how far it has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grant {
    /// The authorization code grant.
    AuthorizationCode(AuthorizationCodeGrant),
    /// The device authorization grant.
    DeviceCode(DeviceGrant),
    /// A token that was obtained before.
    HeldToken(HeldToken),
}

impl GrantKind {
    /// The steps that a person walks through with it, in order.
    pub fn steps(self) -> &'static [Step] {
        match self {
            Self::AuthorizationCode => authorization_code::STEPS,
            Self::DeviceCode => device::STEPS,
            Self::HeldToken => held_token::STEPS,
        }
    }
}

impl Default for Grant {
    fn default() -> Self {
        Self::of(GrantKind::default())
    }
}

impl Grant {
    /// A grant of that kind in which nothing has happened yet.
    pub fn of(kind: GrantKind) -> Self {
        match kind {
            GrantKind::AuthorizationCode => Self::AuthorizationCode(AuthorizationCodeGrant::default()),
            GrantKind::DeviceCode => Self::DeviceCode(DeviceGrant::default()),
            GrantKind::HeldToken => Self::HeldToken(HeldToken::default()),
        }
    }

    /// A grant that has ended, as a transcript tells it.
    pub(crate) fn replayed(transcript: &Transcript) -> Self {
        let started = transcript.last_authorization();
        match started.map_or_else(GrantKind::default, |(_, configuration, _)| configuration.grant) {
            GrantKind::AuthorizationCode => {
                Self::AuthorizationCode(AuthorizationCodeGrant::replayed(transcript))
            }
            GrantKind::DeviceCode => Self::DeviceCode(DeviceGrant::replayed(transcript)),
            GrantKind::HeldToken => Self::HeldToken(HeldToken::replayed(transcript)),
        }
    }

    /// Which it is.
    pub fn kind(&self) -> GrantKind {
        match self {
            Self::AuthorizationCode(_) => GrantKind::AuthorizationCode,
            Self::DeviceCode(_) => GrantKind::DeviceCode,
            Self::HeldToken(_) => GrantKind::HeldToken,
        }
    }

    /// What all grants can be asked.
    pub fn machine(&self) -> &dyn GrantMachine {
        match self {
            Self::AuthorizationCode(grant) => grant,
            Self::DeviceCode(grant) => grant,
            Self::HeldToken(grant) => grant,
        }
    }

    /// What moves it.
    pub(crate) fn machine_mut(&mut self) -> &mut dyn GrantMachine {
        match self {
            Self::AuthorizationCode(grant) => grant,
            Self::DeviceCode(grant) => grant,
            Self::HeldToken(grant) => grant,
        }
    }
}
