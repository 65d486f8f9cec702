//! Which keys are offered where the person is: in the help and among the commands.

use crate::{
    flow::grants::GrantKind,
    lab::walkthrough::progress::Next,
    ui::{
        keys::{Action, Binding},
        model::{Model, Step, panes::Panes},
    },
};

impl Model {
    /// True for a key that means something on this page as it is. The simulator's keys are offered in the simulator only,
    /// those of panes where there are some, and of the nine remedies the first stands for all.
    pub fn offers(&self, binding: &Binding) -> bool {
        if !binding.applies(self.context_of_page()) {
            return false;
        }
        let on_screen = self.layout.panes;
        match binding.action {
            Action::Approve | Action::Deny => self.is_simulated(),
            Action::NextPane | Action::PreviousPane => !on_screen.is_empty(),
            Action::Zoom => Panes::can_choose(on_screen) && !self.layout.alone,
            Action::ChangeGrant => self.step == Step::Configure && !self.replay,
            Action::Lab => self.form.grant() == GrantKind::AuthorizationCode,
            Action::CopyUrl | Action::OpenPage => self.flow.page().is_some(),
            Action::Find => Panes::can_choose(on_screen),
            Action::TakeEnvFile => !self.env_names.is_empty() && !self.is_simulated(),
            Action::Remedy1 => {
                let walkthrough = self.walkthrough.as_ref();
                walkthrough.is_none_or(|progress| progress.next() == Next::Choose)
            }
            action => !Action::REMEDIES.contains(&action),
        }
    }
}
