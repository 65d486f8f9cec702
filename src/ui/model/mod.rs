//! All that the interactive front end knows. Plain data; [`crate::ui::update()`] is its only writer.

pub mod attempts;
pub mod configure_form;
pub mod exchange_form;
pub mod field_hints;
pub mod find;
pub mod folds;
pub mod layout;
mod offered;
pub mod panes;
pub mod seat;
pub mod text_field;

use std::collections::BTreeMap;

pub use crate::flow::grants::{Step, StepState};
use crate::{
    diagnosis::{
        finding::{Action as Mend, Finding, Remedy, RemedyCode},
        history::History,
        outcome::Outcome,
    },
    flow::{
        autopilot::Walk,
        configuration::{Configuration, Field},
        grants::{Concluded, authorization_code::Stage},
        machine::Flow,
        transcript::{AttemptId, Purpose, Source, Transcript},
    },
    lab::{
        faults::Fault,
        walkthrough::{progress::Progress, script::Show},
    },
    oauth::{random::Entropy, time::Moment},
    text::catalog::Language,
    ui::{
        keys::Context,
        model::{
            attempts::{AttemptList, Compared, Whole},
            configure_form::Form,
            exchange_form::ExchangeForm,
            find::{Find, Palette},
            layout::{BESIDE, BYTES, Layout, MESSAGES, WALKTHROUGH, WINDOW},
            panes::{Pane, Panes},
            seat::Seat,
            text_field::TextField,
        },
        update::{
            front_door::Door,
            lab::Experiment,
            server::in_flight,
            sitting::Sitting,
            taking::{Choice, Copied},
        },
    },
};

/// How long a message takes to travel across the drawing.
const TRAVEL_MILLIS: u64 = 700;

/// A window over the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Overlay {
    /// All keys.
    Help,
    /// Something is pasted here: the redirect, or what `explain` reads.
    Paste(TextField),
    /// Send this probe?
    ConfirmProbe(Purpose),
    /// Leave, though this refusal was not saved?
    ConfirmLeave,
    /// The list of faults, one of them chosen.
    ChooseFault(usize),
    /// What will come of this fault?
    Predict(Fault),
    /// Every command of the page.
    Palette(Palette),
    /// What can be copied, or the forms of a file, one of them chosen.
    Choose(Choice, usize),
    /// Copy the token itself?
    ConfirmToken,
    /// The attempts.
    Attempts(AttemptList),
    /// What differs between two of them.
    Compared(Box<Compared>),
}

/// A short word about what just happened, shown until the next key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The authorization URL is on the clipboard.
    UrlCopied,
    /// This is.
    Copied(Copied),
    /// There was no attempt yet.
    NoAttempts,
    /// There is but one attempt.
    OneAttempt,
    /// Nothing is sent from an earlier attempt.
    EarlierAttempt,
    /// There is nothing yet to copy or to export.
    NothingToTake,
    /// The settings file has no profiles.
    NoProfiles,
    /// The values that were asked for are in the form.
    ValuesTaken,
    /// They could not be read, for this reason.
    ValuesRefused(String),
    /// The mouse is the terminal's again.
    MouseReleased,
    /// The mouse is ours.
    MouseTaken,
    /// There is nothing to clean in this value.
    NothingToClean,
    /// The value was cleaned of so many characters.
    Cleaned(usize),
    /// This step was not reached yet.
    NotReached,
    /// The page could not be opened, for this reason.
    PageFailed(String),
    /// A page was opened.
    PageOpened,
    /// The browser shows a page at which the person goes on.
    FinishThere,
    /// In the pasted text nothing was recognised.
    NotRecognised,
    /// What is on show was pasted: nothing is sent from it.
    PastedOnly,
    /// The registered redirect URI that was entered is not a URI.
    RegisteredUnreadable,
    /// This redirect URI is on the clipboard, to be registered.
    ToRegister(String),
    /// The pasted text is not a redirect of this flow.
    PastedNotTaken,
    /// The demo could not begin, for this reason.
    DemoFailed(String),
    /// The redirect URI on the clipboard is for the form by which an app is registered.
    ForNewApp(String),
    /// Waiting was ended.
    Cancelled,
    /// The simulator showed a page instead of redirecting: its status and text.
    SimulatorPage(u16, String),
    /// Secrets are on show.
    Revealed,
    /// The transcript was saved there.
    Saved(String),
    /// It could not be saved, for this reason.
    SaveFailed(String),
    /// This is a replay: nothing is sent from it.
    ReplayOnly,
    /// There is no text in the clipboard window.
    NothingPasted,
    /// A probe was answered: the error code, or the status.
    ProbeAnswered(String),
    /// A probe got no answer.
    ProbeFailed,
    /// Configure was to be left without a client id.
    ClientIdEmpty,
    /// A host or an endpoint cannot be used for a request.
    EndpointUnusable,
}

/// A remedy that was chosen, and where the transcript stood then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Which.
    pub code: RemedyCode,
    /// What it did.
    pub action: Mend,
    /// The first finding it was chosen for.
    pub for_finding: crate::diagnosis::finding::Code,
    /// How many entries the transcript had: while it has no more, nothing has come of it yet.
    pub entries: usize,
}

/// The model.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own; none excludes another"
)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    /// The language of the screen.
    pub language: Language,
    /// The step on show.
    pub step: Step,
    /// The furthest step that can be looked at.
    pub reached: Step,
    /// Configure.
    pub form: Form,
    /// Exchange.
    pub exchange_form: ExchangeForm,
    /// The flow and its transcript.
    pub flow: Flow,
    /// What screens draw of a transcript that is too long to be drawn whole; made again when the flow moves.
    pub(crate) excerpt: Option<Transcript>,
    /// What the transcript shows; made again when the flow moves, not when the screen is drawn.
    pub findings: Vec<Finding>,
    /// What was found in each attempt of the transcript.
    pub history: Box<History>,
    /// What the person calls attempts.
    pub names: BTreeMap<AttemptId, String>,
    /// What was pasted, where it holds several attempts.
    pub whole: Option<Box<Whole>>,
    /// This attempt of the sitting in [`Self::aside`] is on show.
    pub looks_back: Option<AttemptId>,
    /// How the flow ended; `None` while there is nothing to say.
    pub outcome: Option<Outcome>,
    /// The remedies by their number on screen, without repeats.
    pub remedies: Vec<Remedy>,
    /// The remedy chosen last.
    pub applied: Option<Applied>,
    /// What was refused and tried so far.
    pub sitting: Sitting,
    /// The field that a remedy has opened to be filled anew. Enter sends it.
    pub mending: Option<Field>,
    /// The token request of the authorization under way leaves `redirect_uri` out.
    pub(super) omit_redirect_uri: bool,
    /// How many entries of the transcript were saved.
    pub(super) saved_entries: usize,
    /// How many are being saved.
    pub(super) saving_entries: usize,
    /// After a remedy the flow runs through to its result without stopping at the steps between.
    pub express: bool,
    /// In the simulator: the decision to make as soon as the redirect listener listens.
    pub approve_when_listening: Option<bool>,
    /// The laboratory's unattended run.
    pub walk: Option<Walk>,
    /// The fault that was tried last.
    pub experiment: Option<Experiment>,
    /// The last run that gave a token, to compare with.
    pub good_run: Option<Transcript>,
    /// What is on show was read back from a file: nothing is sent.
    pub replay: bool,
    /// The walkthrough, while it is open.
    pub walkthrough: Option<Progress>,
    /// The step at which the built-in walkthrough was left in an earlier run; `None` for a newcomer.
    pub left_at: Option<usize>,
    /// The person's own app comes after the walkthrough, whose last step they may want to read again.
    pub guided: bool,
    /// It was said that the client id is empty: the next Enter goes on all the same.
    pub empty_id_said: bool,
    /// On Result: the line in which the registered redirect URI is told, while it has the focus.
    pub registered: Option<TextField>,
    /// While something pasted is on show: the flow, to which its reader comes back.
    pub aside: Option<Box<Self>>,
    /// The front door, while its question is in the place of Configure.
    pub door: Option<Door>,
    /// The person has come by it, and can go back to it.
    pub came_by_door: bool,
    /// The values of the person's own app, with which the demo and the walkthrough end.
    pub own_app: Option<Box<Configuration>>,
    /// The window over the screen.
    pub overlay: Option<Overlay>,
    /// Where the person sits.
    pub seat: Seat,
    /// The profiles that can be chosen, once they were asked for.
    pub profiles: Vec<String>,
    /// What a `.env` beside the work names of an app; its values are taken only when asked for.
    pub env_names: Vec<String>,
    /// What is looked for, while it is.
    pub find: Option<Find>,
    /// When the window of files was opened, by which they are named.
    pub export_at: Moment,
    /// Where the person is among the panes of a wide screen.
    pub panes: Panes,
    /// How the last frame laid it out, and how far what it shows is to be scrolled.
    pub layout: Layout,
    /// The focused field is kept in view until the user scrolls, and again as soon as they type or change the focus.
    pub follow_focus: bool,
    /// On Exchange: show the form rather than what travelled.
    pub editing_exchange: bool,
    /// On Exchange: which exchange is looked at, counted back from the last.
    pub exchange_back: usize,
    /// Secrets are on show.
    pub reveal: bool,
    /// The mouse is ours.
    pub mouse: bool,
    /// A word about what just happened.
    pub notice: Option<Notice>,
    /// Drawings may move.
    pub motion: bool,
    /// QR codes may be drawn.
    pub qr_code: bool,
    /// Since when a message travels across the drawing; `None` where nothing does.
    pub travels_since: Option<Moment>,
    /// The present moment, as far as was told.
    pub now: Moment,
    /// What of the result is unfolded.
    pub folds: folds::Folds,
    /// Counts the changes that a page depends on: while it stays the same, so does the page.
    pub revision: u64,
}

impl Model {
    /// A model that starts at Configure with these values.
    pub fn new(configuration: Configuration, language: Language, entropy: Entropy, now: Moment) -> Self {
        let source = if configuration.provider.simulated {
            Source::Simulator
        } else {
            Source::Live
        };
        Self {
            language,
            step: Step::Configure,
            reached: Step::Configure,
            form: Form::new(configuration),
            exchange_form: ExchangeForm::default(),
            flow: Flow::new(source, entropy, now),
            excerpt: None,
            findings: Vec::new(),
            history: Box::default(),
            names: BTreeMap::new(),
            whole: None,
            looks_back: None,
            outcome: None,
            remedies: Vec::new(),
            applied: None,
            sitting: Sitting::default(),
            mending: None,
            omit_redirect_uri: false,
            saved_entries: 0,
            saving_entries: 0,
            express: false,
            approve_when_listening: None,
            walk: None,
            experiment: None,
            good_run: None,
            replay: false,
            walkthrough: None,
            left_at: None,
            guided: false,
            empty_id_said: false,
            registered: None,
            aside: None,
            door: None,
            came_by_door: false,
            own_app: None,
            overlay: None,
            seat: Seat::default(),
            profiles: Vec::new(),
            env_names: Vec::new(),
            find: None,
            export_at: now,
            panes: Panes::default(),
            layout: Layout::default(),
            follow_focus: true,
            editing_exchange: true,
            exchange_back: 0,
            reveal: false,
            mouse: false,
            notice: None,
            motion: false,
            qr_code: true,
            travels_since: None,
            now,
            folds: folds::Folds::default(),
            revision: 0,
        }
    }

    /// Where the person is, as far as keys are concerned.
    pub fn context(&self) -> Context {
        match &self.overlay {
            _ if self.find.as_ref().is_some_and(|find| find.typing) => Context::Find,
            Some(Overlay::Palette(_)) => Context::Palette,
            Some(Overlay::Choose(..)) => Context::Choose,
            Some(Overlay::Help) => Context::Help,
            Some(Overlay::Paste(_)) => Context::Paste,
            Some(Overlay::ConfirmProbe(_) | Overlay::ConfirmToken) => Context::Confirm,
            Some(Overlay::ConfirmLeave) => Context::Leave,
            Some(Overlay::ChooseFault(_)) => Context::ChooseFault,
            Some(Overlay::Predict(_)) => Context::Predict,
            Some(Overlay::Attempts(list)) if list.naming.is_some() => Context::NameAttempt,
            Some(Overlay::Attempts(_)) => Context::Attempts,
            Some(Overlay::Compared(_)) => Context::Compared,
            None => self.context_of_page(),
        }
    }

    /// The same for the page, whatever window is over it.
    pub fn context_of_page(&self) -> Context {
        match (self.step, self.flow.stage()) {
            _ if self.walkthrough.is_some() => Context::Walkthrough,
            _ if self.asked_door().is_some() => Context::FrontDoor,
            (Step::Configure, _) => Context::Form,
            (Step::Authorize, Stage::NoListener) => Context::NoListener,
            (Step::Authorize, Stage::Awaiting(_) | Stage::Binding) => Context::Waiting,
            (Step::Authorize, _) => Context::Ready,
            (Step::Callback, _) => Context::Callback,
            (Step::Device, _) => Context::Device,
            (Step::Exchange, _) if self.editing_exchange && !self.exchange_form.is_empty() => Context::Form,
            (Step::Exchange, _) => Context::Exchanged,
            (Step::Result, _) if self.registered.is_some() => Context::Registered,
            (Step::Result, _) => Context::Result,
        }
    }

    /// The front door, where it is in the place of Configure.
    pub fn asked_door(&self) -> Option<Door> {
        self.door.filter(|_| self.step == Step::Configure)
    }

    /// True where a step back leads to the front door.
    pub fn leads_back_to_the_door(&self) -> bool {
        let by_door = self.came_by_door && self.step == Step::Configure;
        by_door && self.walkthrough.is_none() && self.door != Some(Door::WhatIsWrong)
    }

    /// True on Configure while the form asks for another grant than the flow went by.
    fn is_another_grant(&self) -> bool {
        self.step == Step::Configure && self.form.grant() != self.flow.grant.kind()
    }

    /// The steps of the walk, in order: those of the flow's grant, or of the one that the form asks for.
    pub fn steps(&self) -> &'static [Step] {
        if self.is_another_grant() {
            self.form.grant().steps()
        } else {
            self.flow.steps()
        }
    }

    /// The state of a step.
    pub fn step_state(&self, step: Step) -> StepState {
        if self.is_another_grant() {
            return if step == self.step {
                StepState::Active
            } else {
                StepState::Ahead
            };
        }
        let concluded = Concluded {
            has_result: self.reached == Step::Result,
            is_token: self.outcome == Some(Outcome::Token),
        };
        let state = self.flow.step_state(step, concluded);
        if state == StepState::Ahead && step == self.step {
            StepState::Active
        } else {
            state
        }
    }

    /// True if leaving now would lose a refusal that was not provoked on purpose.
    pub fn has_unsaved_refusal(&self) -> bool {
        matches!(self.outcome, Some(Outcome::Refused | Outcome::Unrecognised))
            && !self.replay
            && self.experiment.is_none()
            && self.flow.transcript.entries.len() > self.saved_entries
    }

    /// The place in [`Layout::scroll`] of what is on show.
    pub fn scroll_place(&self) -> usize {
        if self.overlay.is_some() {
            WINDOW
        } else {
            self.pane_place(self.focused_pane())
        }
    }

    /// The pane that the keys move in.
    pub fn focused_pane(&self) -> Pane {
        self.panes.focus(self.layout.panes)
    }

    /// The place in [`Layout::scroll`] of a pane.
    pub fn pane_place(&self, pane: Pane) -> usize {
        match pane {
            Pane::Page => self.page_place(),
            Pane::Beside => BESIDE,
            Pane::Messages => MESSAGES,
            Pane::Bytes => BYTES,
        }
    }

    /// The place in [`Layout::scroll`] of the page, whatever window is over it.
    pub fn page_place(&self) -> usize {
        if self.walkthrough.is_some() {
            WALKTHROUGH
        } else {
            self.step.index()
        }
    }

    /// The transcript as screens draw it: whole, or of a long one both ends.
    pub fn shown(&self) -> &Transcript {
        self.excerpt.as_ref().unwrap_or(&self.flow.transcript)
    }

    /// Lets the last message of the drawing on show travel, where drawings may move.
    pub(crate) fn set_off(&mut self) {
        let draws = self
            .walkthrough
            .as_ref()
            .is_some_and(|progress| progress.step().show.contains(&Show::Sequence));
        self.travels_since = (self.motion && draws).then_some(self.now);
    }

    /// How many hundredths of its way the last message has come; 100 where nothing travels.
    pub fn travelled(&self) -> usize {
        let come = |since: Moment| self.now.since(since) * 100 / TRAVEL_MILLIS;
        self.travels_since.map_or(100, |since| {
            usize::try_from(come(since)).map_or(100, |percent| percent.min(100))
        })
    }

    /// True while something on screen moves with time.
    pub fn is_moving(&self) -> bool {
        self.travels_since.is_some() || self.flow.status().is_under_way() || in_flight(self).is_some()
    }

    /// True when the provider is the built-in simulator.
    pub fn is_simulated(&self) -> bool {
        self.flow.transcript.source == Source::Simulator
    }

    /// What the key of a remedy does.
    pub fn remedy_action(&self, number: usize) -> Option<&Mend> {
        self.remedies
            .get(number)
            .and_then(|remedy| remedy.action.as_ref())
    }
}
