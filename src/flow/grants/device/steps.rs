//! The steps of the grant on screen, and how each stands.

use crate::flow::grants::{
    Concluded, Step, StepState,
    device::{DeviceGrant, Stage},
};

pub(crate) const STEPS: &[Step] = &[Step::Configure, Step::Device, Step::Exchange, Step::Result];

impl DeviceGrant {
    #[expect(clippy::match_same_arms, reason = "read by step, in the order of the walk")]
    pub(crate) fn state_of(&self, step: Step, concluded: Concluded) -> StepState {
        let has_codes = self.polling().is_some();
        match (step, self.stage) {
            (Step::Configure, Stage::Configuring) => StepState::Active,
            (Step::Configure, _) => StepState::Done,
            (Step::Device, Stage::Prepared | Stage::Requesting(_) | Stage::Polling(_)) => StepState::Active,
            (Step::Device, Stage::Finished | Stage::ReadingUser(_)) if has_codes => StepState::Done,
            (Step::Device, Stage::Finished | Stage::Stopped) => StepState::Failed,
            (Step::Exchange, Stage::ReadingUser(_)) => StepState::Done,
            (Step::Exchange, Stage::Polling(_)) => StepState::Active,
            (Step::Exchange | Step::Result, Stage::Finished) if concluded.is_token => StepState::Done,
            (Step::Exchange, Stage::Finished) if has_codes => StepState::Failed,
            (Step::Result, Stage::Finished) => StepState::Failed,
            (Step::Result, Stage::Stopped) if concluded.has_result => StepState::Failed,
            _ => StepState::Ahead,
        }
    }
}
