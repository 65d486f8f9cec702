//! The steps of the grant on screen, and how each stands.

use crate::flow::grants::{
    Concluded, Step, StepState,
    authorization_code::{AuthorizationCodeGrant, Stage},
};

pub(crate) const STEPS: &[Step] = &[
    Step::Configure,
    Step::Authorize,
    Step::Callback,
    Step::Exchange,
    Step::Result,
];

impl AuthorizationCodeGrant {
    #[expect(clippy::match_same_arms, reason = "read by step, in the order of the walk")]
    pub(crate) fn state_of(&self, step: Step, concluded: Concluded) -> StepState {
        let answered = self.is_taken();
        match (step, self.stage) {
            (Step::Configure, Stage::Configuring) => StepState::Active,
            (Step::Configure, _) => StepState::Done,
            (Step::Authorize, Stage::Configuring) => StepState::Ahead,
            (Step::Authorize, Stage::Stopped | Stage::NoListener) if !answered => StepState::Failed,
            // The browser was kept at a page, and that is the result.
            (Step::Authorize | Step::Result, Stage::Awaiting(_)) if concluded.has_result => StepState::Failed,
            (Step::Authorize, _) if answered => StepState::Done,
            (Step::Authorize, _) => StepState::Active,
            (Step::Callback, Stage::Denied) => StepState::Failed,
            (Step::Callback, _) if answered => StepState::Done,
            (Step::Exchange, Stage::Received | Stage::Exchanging(_)) => StepState::Active,
            (Step::Exchange, Stage::ReadingUser(_)) => StepState::Done,
            (Step::Exchange | Step::Result, Stage::Finished) if concluded.is_token => StepState::Done,
            (Step::Exchange | Step::Result, Stage::Finished) => StepState::Failed,
            (Step::Result, Stage::Denied) => StepState::Failed,
            // It ended before its exchange.
            (Step::Result, Stage::Stopped | Stage::NoListener) if concluded.has_result => StepState::Failed,
            _ => StepState::Ahead,
        }
    }
}
