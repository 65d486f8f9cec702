//! How a frame lays the model out. Drawing writes nothing: it says so in a [`Message::Drawn`], which `update` takes in.
//!
//! [`Message::Drawn`]: crate::ui::message::Message::Drawn

use crate::ui::model::{Step, folds::Unfolded, panes::Pane};

/// The place of the window in [`Layout::scroll`], behind those of the steps.
pub const WINDOW: usize = Step::COUNT;

/// The place of the walkthrough in [`Layout::scroll`].
pub const WALKTHROUGH: usize = WINDOW + 1;

/// The places of the panes beside the page in [`Layout::scroll`].
pub(super) const BESIDE: usize = WALKTHROUGH + 1;
pub(super) const MESSAGES: usize = BESIDE + 1;
pub(super) const BYTES: usize = MESSAGES + 1;

const PLACES: usize = BYTES + 1;

/// What the next message needs to know of the frame on screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The screen is too small to draw on: only leaving works.
    pub too_small: bool,
    /// How many scrollable lines are on screen; a page up or down is nearly as many.
    pub view_lines: usize,
    /// Lines scrolled down: by step, then the window's, the walkthrough's and those of the panes beside the page. `update` moves them, and a frame brings
    /// them into range.
    pub scroll: [usize; PLACES],
    /// Where the question of the walkthrough ends that was not answered yet.
    pub question_end: Option<usize>,
    /// That end is not on screen.
    pub question_unseen: bool,
    /// Which parts of the result are there to be unfolded, and which are unfolded.
    pub unfolded: Unfolded,
    /// The panes that scroll by themselves, in the order in which they are walked through; none where there is but the page.
    pub panes: &'static [Pane],
    /// They are shown one at a time, since there is no room for several.
    pub alone: bool,
}

impl Default for Layout {
    fn default() -> Self {
        Self {
            too_small: false,
            view_lines: 11,
            scroll: [0; PLACES],
            question_end: None,
            question_unseen: false,
            unfolded: Unfolded::default(),
            panes: &[],
            alone: false,
        }
    }
}
