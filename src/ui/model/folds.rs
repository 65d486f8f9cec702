//! Parts of the result that are a line each while there is no room for them.

use crate::ui::keys::Action;

/// A part of the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fold {
    /// The causes with their evidence.
    Why,
    /// The whole of the picture, where a shorter one is shown.
    Drawing,
    /// Who sent what to whom.
    Flow,
    /// The answer, word for word.
    Bytes,
    /// What it is not.
    RuledOut,
}

impl Fold {
    /// All, in the order of the page.
    pub const ALL: [Self; 5] = [Self::Why, Self::Drawing, Self::Flow, Self::Bytes, Self::RuledOut];

    /// What its key means.
    pub fn action(self) -> Action {
        match self {
            Self::Why => Action::UnfoldWhy,
            Self::Drawing => Action::UnfoldDrawing,
            Self::Flow => Action::UnfoldFlow,
            Self::Bytes => Action::UnfoldBytes,
            Self::RuledOut => Action::UnfoldRuledOut,
        }
    }

    /// Its key.
    pub fn letter(self) -> char {
        match self {
            Self::Why => 'w',
            Self::Drawing => 'd',
            Self::Flow => 'f',
            Self::Bytes => 'b',
            Self::RuledOut => 'o',
        }
    }
}

/// Which parts a page has, and which of them are unfolded on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unfolded([Option<bool>; 5]);

impl Unfolded {
    /// Notes that the page has this part, unfolded or not.
    pub fn set(&mut self, fold: Fold, open: bool) {
        self.0[fold as usize] = Some(open);
    }

    /// Whether a part is unfolded; `None` where the page has none.
    pub fn get(self, fold: Fold) -> Option<bool> {
        self.0[fold as usize]
    }
}

/// What a person has unfolded or folded, and what was on show when they did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Folds {
    chosen: [Option<bool>; 5],
    /// The part that was unfolded last, to be brought into view.
    pub in_view: Option<Fold>,
}

impl Folds {
    /// What the person chose for a part, if they did.
    pub fn chosen(self, fold: Fold) -> Option<bool> {
        self.chosen[fold as usize]
    }

    /// Unfolds a part that is folded on show, and the other way round.
    pub fn toggle(&mut self, fold: Fold, drawn: Unfolded) {
        let Some(open) = drawn.get(fold) else { return };
        self.chosen[fold as usize] = Some(!open);
        self.in_view = (!open).then_some(fold);
    }
}
