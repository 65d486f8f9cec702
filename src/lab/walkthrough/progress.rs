//! Where a person is in a walkthrough.

use crate::{
    flow::transcript::{Observation, Purpose, Transcript},
    lab::{
        dry_run,
        walkthrough::script::{Question, Script, Step, Until},
    },
};

/// What a person has done with the question of the present step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The choice that was made last, by its place.
    pub chosen: Option<usize>,
    /// The flow was mended and ran through.
    pub mended: bool,
}

/// A walkthrough under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The walkthrough.
    pub script: Script,
    /// The present step, by its place.
    pub at: usize,
    /// The answer to its question.
    pub answer: Answer,
    /// The answers at the other steps, by their place: who goes back to read does not have to answer again.
    others: Vec<Answer>,
    /// The flow of the present step, made again when that changes or is mended.
    rehearsed: Transcript,
}

/// What Enter does at the present step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// To the next step.
    GoOn,
    /// An answer has to be chosen first.
    Choose,
    /// The flow is mended and runs again.
    Mend,
    /// To a person's own app; the walkthrough is over.
    OwnApp,
    /// The walkthrough is over.
    End,
}

impl Progress {
    /// A walkthrough that begins, or goes on, at a step. One that is out of range means the beginning: the file was changed.
    pub fn at(script: Script, at: usize) -> Self {
        let at = if at < script.steps.len() { at } else { 0 };
        let others = vec![Answer::default(); script.steps.len()];
        let rehearsed = rehearse(&script, &script.steps[at], false);
        Self {
            rehearsed,
            script,
            at,
            answer: Answer::default(),
            others,
        }
    }

    /// The present step.
    pub fn step(&self) -> &Step {
        &self.script.steps[self.at]
    }

    /// The flow of the present step, as far as it goes there.
    pub fn rehearsed(&self) -> &Transcript {
        &self.rehearsed
    }

    fn rehearse(&mut self) {
        self.rehearsed = rehearse(&self.script, self.step(), self.answer.mended);
    }

    /// Mends the flow of the present step, which then runs through.
    pub fn mend(&mut self) {
        self.answer.mended = true;
        self.rehearse();
    }

    /// True when the right answer was chosen.
    pub fn is_right(&self) -> bool {
        self.right_of(self.step().question.as_ref())
    }

    fn right_of(&self, question: Option<&Question>) -> bool {
        question
            .zip(self.answer.chosen)
            .is_some_and(|(question, at)| question.choices.get(at).is_some_and(|c| c.right))
    }

    /// What Enter does now.
    pub fn next(&self) -> Next {
        let step = self.step();
        let last = self.at + 1 == self.script.steps.len();
        match &step.question {
            Some(_) if !self.is_right() => Next::Choose,
            Some(Question { mend: Some(_), .. }) if !self.answer.mended => Next::Mend,
            _ if step.own_app => Next::OwnApp,
            _ if last => Next::End,
            _ => Next::GoOn,
        }
    }

    /// Chooses an answer. After the right one there is nothing left to choose.
    pub fn choose(&mut self, at: usize) {
        let there = self
            .step()
            .question
            .as_ref()
            .is_some_and(|question| at < question.choices.len());
        if there && !self.is_right() {
            self.answer.chosen = Some(at);
        }
    }

    /// Goes to another step, where a question stands as it was left.
    pub fn go_to(&mut self, at: usize) {
        if at < self.others.len() {
            self.others[self.at] = std::mem::take(&mut self.answer);
            self.at = at;
            self.answer = std::mem::take(&mut self.others[at]);
            self.rehearse();
        }
    }

    /// A step back, or from a flow that was mended back to its question. False at the beginning.
    pub fn go_back(&mut self) -> bool {
        if std::mem::take(&mut self.answer.mended) {
            self.rehearse();
            return true;
        }
        let before = self.at.checked_sub(1);
        before.map(|at| self.go_to(at)).is_some()
    }
}

/// The flow of a step as far as it goes there: the broken one, or the same mended.
fn rehearse(script: &Script, step: &Step, mended: bool) -> Transcript {
    let fault = step.fault.filter(|_| !mended);
    let mut transcript = dry_run::rehearse(&script.stage, fault);
    let until = if step.fault.is_some() {
        Until::End
    } else {
        step.until
    };
    let end = transcript
        .entries
        .iter()
        .position(|entry| match (&entry.observation, until) {
            (Observation::AuthorizationStarted { .. }, Until::AuthorizationRequest)
            | (
                Observation::RequestSent {
                    purpose: Purpose::Token,
                    ..
                },
                Until::TokenRequest,
            )
            | (Observation::ResponseReceived { .. }, Until::TokenResponse) => true,
            (Observation::RedirectReceived { disposition, .. }, Until::Redirect) => disposition.is_taken(),
            _ => false,
        });
    if let Some(end) = end {
        transcript.entries.truncate(end + 1);
    }
    transcript
}

#[cfg(test)]
mod tests {
    use crate::lab::walkthrough::progress::*;

    #[test]
    fn a_question_holds_until_it_is_answered_and_mended() {
        let text = "format=1\nname=\"t\"\ntitle=\"T\"\n[[step]]\ntitle=\"a\"\ntext=\"b\"\nrun=\"code_reused\"\nquestion=\"Q\"\nmend=\"M\"\n\
                    [[step.choice]]\ntext=\"w\"\nwhy=\"x\"\n[[step.choice]]\ntext=\"r\"\nwhy=\"y\"\nright=true\n\
                    [[step]]\ntitle=\"end\"\ntext=\"c\"\nown_app=true\n";
        let mut progress = Progress::at(Script::read(text).unwrap(), 7);
        assert_eq!((progress.at, progress.next()), (0, Next::Choose));
        progress.choose(0);
        assert_eq!(progress.next(), Next::Choose);
        progress.choose(5);
        progress.choose(1);
        assert_eq!(progress.next(), Next::Mend);
        progress.choose(0);
        assert!(progress.is_right());
        let broken = progress.rehearsed().clone();
        progress.mend();
        assert_ne!(*progress.rehearsed(), broken);
        assert_eq!(progress.next(), Next::GoOn);
        progress.go_to(1);
        assert_eq!(progress.next(), Next::OwnApp);
        assert!(progress.go_back() && progress.is_right() && progress.answer.mended);
        assert!(progress.go_back());
        assert_eq!(*progress.rehearsed(), broken);
        assert_eq!((progress.at, progress.next()), (0, Next::Mend));
        assert!(!progress.go_back());
    }
}
