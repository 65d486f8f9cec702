//! The parts of a wide screen that scroll by themselves.

/// A part of the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Pane {
    /// The page itself; on Result what went wrong and what mends it.
    #[default]
    Page,
    /// What is beside the page, with nothing in it to choose; on Result the causes.
    Beside,
    /// The messages of the flow, of which one is chosen.
    Messages,
    /// The bytes of that message.
    Bytes,
}

/// The panes of a wide Result, in the order in which they are walked through.
pub const OF_RESULT: &[Pane] = &[Pane::Page, Pane::Messages, Pane::Bytes];

/// Those of a Result with three columns, where the causes are beside the page.
pub const OF_WIDE_RESULT: &[Pane] = &[Pane::Page, Pane::Messages, Pane::Beside, Pane::Bytes];

/// Those of another page with a second column.
pub const TWO_COLUMNS: &[Pane] = &[Pane::Page, Pane::Beside];

/// Where the person is among the panes, and which message they chose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Panes {
    /// The pane that was walked to. Where a frame has none such, the page has the focus.
    pub chosen: Pane,
    /// That pane has the whole screen.
    pub zoomed: bool,
    /// The messages of the flow: places among the transcript's entries, made again when the flow moves.
    all: Vec<usize>,
    /// What can be chosen in [`Pane::Messages`]: all of them, or those that were found.
    pub messages: Vec<usize>,
    /// The chosen one, by its place in `messages`; `None` until one was chosen, which means the last.
    pub message: Option<usize>,
}

impl Panes {
    /// The pane with the focus among those on screen.
    pub fn focus(&self, on_screen: &[Pane]) -> Pane {
        if on_screen.contains(&self.chosen) {
            self.chosen
        } else {
            Pane::Page
        }
    }

    /// Goes on to the next pane, or to the one before.
    pub(crate) fn walk(&mut self, on_screen: &[Pane], forward: bool) {
        let here = self.focus(on_screen);
        let count = on_screen.len();
        let at = on_screen.iter().position(|pane| *pane == here).unwrap_or(0);
        let step = if forward { 1 } else { count.saturating_sub(1) };
        if count > 0 {
            self.chosen = on_screen[(at + step) % count];
        }
    }

    /// True where these panes are those of Result, with messages to choose from.
    pub fn can_choose(on_screen: &[Pane]) -> bool {
        on_screen.contains(&Pane::Messages)
    }

    /// The place of the chosen message in `messages`.
    pub fn at(&self) -> usize {
        let last = self.messages.len().saturating_sub(1);
        self.message.unwrap_or(last).min(last)
    }

    /// The chosen message, by its place among the transcript's entries.
    pub fn entry(&self) -> Option<usize> {
        self.messages.get(self.at()).copied()
    }

    /// Chooses another message, so many further on.
    pub(crate) fn choose(&mut self, by: isize) {
        let last = self.messages.len().saturating_sub(1);
        self.message = Some(self.at().saturating_add_signed(by).min(last));
    }

    /// The flow has other messages now: the last is looked at again.
    pub(crate) fn tell(&mut self, messages: Vec<usize>) {
        if messages != self.all {
            self.message = None;
            self.messages.clone_from(&messages);
            self.all = messages;
        }
    }

    /// All messages, also while only some of them can be chosen.
    pub fn all(&self) -> &[usize] {
        &self.all
    }

    /// Leaves only these to choose from, by their places in [`Self::all`], or all again. The chosen message stays chosen
    /// while it is among them.
    pub(crate) fn narrow(&mut self, found: Option<&[usize]>) {
        let chosen = self.entry();
        self.messages = match found {
            Some(found) => found.iter().map(|at| self.all[*at]).collect(),
            None => self.all.clone(),
        };
        // In order, as the transcript has them.
        self.message = chosen.and_then(|entry| self.messages.binary_search(&entry).ok());
    }
}

#[cfg(test)]
mod tests {
    use crate::ui::model::panes::*;

    #[test]
    fn walking_comes_round_and_starts_at_the_page_where_the_pane_is_gone() {
        let mut panes = Panes::default();
        for expected in [Pane::Messages, Pane::Bytes, Pane::Page] {
            panes.walk(OF_RESULT, true);
            assert_eq!(panes.focus(OF_RESULT), expected);
        }
        panes.walk(OF_RESULT, false);
        assert_eq!(panes.focus(OF_RESULT), Pane::Bytes);
        assert_eq!(panes.focus(TWO_COLUMNS), Pane::Page);
        panes.walk(TWO_COLUMNS, true);
        assert_eq!(panes.focus(TWO_COLUMNS), Pane::Beside);
        panes.walk(&[], true);
        assert_eq!(panes.focus(&[]), Pane::Page);
    }

    #[test]
    fn the_last_message_is_looked_at_until_another_is_chosen() {
        let mut panes = Panes::default();
        assert_eq!(panes.entry(), None);
        panes.tell(vec![3, 5, 8]);
        assert_eq!(panes.entry(), Some(8));
        panes.choose(-1);
        assert_eq!(panes.entry(), Some(5));
        panes.choose(isize::MIN);
        assert_eq!(panes.entry(), Some(3));
        panes.tell(vec![3, 5, 8]);
        assert_eq!(panes.entry(), Some(3));
        panes.tell(vec![3, 5, 8, 9]);
        assert_eq!(panes.entry(), Some(9));
        panes.choose(isize::MAX);
        assert_eq!(panes.entry(), Some(9));
    }
}
