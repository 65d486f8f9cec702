//! How a frame lays the model out. Drawing writes nothing: it says so in a [`Message::Drawn`], which `update` takes in.
//!
//! [`Message::Drawn`]: crate::ui::message::Message::Drawn

use crate::ui::model::{Step, folds::Unfolded};

/// The place of the window in [`Layout::scroll`], behind those of the steps.
pub const WINDOW: usize = Step::ALL.len();

/// The place of the walkthrough in [`Layout::scroll`].
pub const WALKTHROUGH: usize = WINDOW + 1;

/// What the next message needs to know of the frame on screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The screen is too small to draw on: only leaving works.
    pub too_small: bool,
    /// How many scrollable lines are on screen; a page up or down is nearly as many.
    pub view_lines: usize,
    /// Lines scrolled down: by step, then the window's, then the walkthrough's. `update` moves them, and a frame brings
    /// them into range.
    pub scroll: [usize; WALKTHROUGH + 1],
    /// Where the question of the walkthrough ends that was not answered yet.
    pub question_end: Option<usize>,
    /// That end is not on screen.
    pub question_unseen: bool,
    /// Which parts of the result are there to be unfolded, and which are unfolded.
    pub unfolded: Unfolded,
}

impl Default for Layout {
    fn default() -> Self {
        Self {
            too_small: false,
            view_lines: 11,
            scroll: [0; WALKTHROUGH + 1],
            question_end: None,
            question_unseen: false,
            unfolded: Unfolded::default(),
        }
    }
}
