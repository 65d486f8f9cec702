//! Keys as data: one table gives the footer, the help and the meaning of a key press.

pub(crate) mod action;
pub(crate) mod context;
pub(crate) mod edit;
pub(crate) mod key;

use crate::ui::keys::key::{key, letter};
pub use crate::ui::keys::{
    action::Action,
    context::Context,
    edit::{EDITS, EditBinding, edit_for},
    key::{Key, KeyPress},
};

/// A line of the table.
#[derive(Debug)]
pub struct Binding {
    /// What is meant.
    pub action: Action,
    /// Keys that mean it wherever it makes sense.
    pub keys: &'static [KeyPress],
    /// Keys that mean it only where no letters are typed.
    pub letters: &'static [KeyPress],
    /// Where it makes sense; empty means everywhere.
    pub contexts: &'static [Context],
    /// Its rank in the footer, low numbers first; `None` keeps it out of the footer.
    pub footer: Option<u8>,
}

use Context as In;

const VIEWS: &[Context] = &[
    In::FrontDoor,
    In::Ready,
    In::Waiting,
    In::Device,
    In::NoListener,
    In::Callback,
    In::Exchanged,
    In::Result,
    In::Confirm,
    In::Help,
    In::Walkthrough,
    In::Compared,
];

/// The same and the lists from which one thing is chosen.
const VIEWS_AND_LIST: &[Context] = &[
    In::FrontDoor,
    In::Ready,
    In::Waiting,
    In::Device,
    In::NoListener,
    In::Callback,
    In::Exchanged,
    In::Result,
    In::Confirm,
    In::Help,
    In::Walkthrough,
    In::ChooseFault,
    In::Choose,
    In::Attempts,
    In::Compared,
];

/// Where one thing of several is chosen.
const FIELDS_AND_LISTS: &[Context] = &[
    In::Form,
    In::ChooseFault,
    In::Palette,
    In::Find,
    In::Choose,
    In::Attempts,
];

/// The pages that have several panes on a wide screen.
const PANES: &[Context] = &[
    In::Ready,
    In::Waiting,
    In::Device,
    In::NoListener,
    In::Callback,
    In::Exchanged,
    In::Result,
    In::Walkthrough,
];

const CHOICES: &[Context] = &[
    In::FrontDoor,
    In::Waiting,
    In::Result,
    In::Walkthrough,
    In::Predict,
    In::Choose,
];

/// The pages of the flow, but not the windows over them: nothing happens behind a window.
const PAGES: &[Context] = &[
    In::Form,
    In::Ready,
    In::Waiting,
    In::Device,
    In::NoListener,
    In::Callback,
    In::Exchanged,
    In::Result,
];

/// The pages, and the question in the place of the first.
const PAGES_AND_DOOR: &[Context] = &[
    In::FrontDoor,
    In::Form,
    In::Ready,
    In::Waiting,
    In::Device,
    In::NoListener,
    In::Callback,
    In::Exchanged,
    In::Result,
];

/// The pages of the flow on which no letters are typed, once there is something to take from them.
const RESULT_OR_WAY: &[Context] = &[
    In::Ready,
    In::Waiting,
    In::Device,
    In::NoListener,
    In::Callback,
    In::Exchanged,
    In::Result,
];

/// The pages and the walkthrough.
const PAGES_AND_WALKTHROUGH: &[Context] = &[
    In::FrontDoor,
    In::Form,
    In::Ready,
    In::Waiting,
    In::NoListener,
    In::Callback,
    In::Exchanged,
    In::Result,
    In::Walkthrough,
];

/// The pages, the list of attempts, and the question whether to leave without having saved.
const PAGES_AND_LEAVE: &[Context] = &[
    In::Form,
    In::Ready,
    In::Waiting,
    In::Device,
    In::NoListener,
    In::Callback,
    In::Exchanged,
    In::Result,
    In::Leave,
    In::Attempts,
];

/// The pages, the walkthrough, and the help, which the same key closes.
const PAGES_AND_HELP: &[Context] = &[
    In::FrontDoor,
    In::Form,
    In::Ready,
    In::Waiting,
    In::Device,
    In::NoListener,
    In::Callback,
    In::Exchanged,
    In::Result,
    In::Help,
    In::Walkthrough,
];

macro_rules! bindings {
    ($($action:ident: [$($key:expr),*], [$($letter:expr),*], $contexts:expr, $footer:expr;)+) => {
        /// The table.
        pub const BINDINGS: &[Binding] = &[$(Binding {
            action: Action::$action,
            keys: &[$($key),*],
            letters: &[$($letter),*],
            contexts: $contexts,
            footer: $footer,
        }),+];
    };
}

bindings! {
    Continue: [key(Key::Enter)], [], &[], Some(0);
    Back: [key(Key::Esc)], [], &[], Some(8);
    Again: [key(Key::F(5))], [letter('r')], &[In::Ready, In::Waiting, In::Device, In::NoListener, In::Callback, In::Exchanged, In::Result, In::Attempts], Some(5);
    StepForward: [KeyPress::with_ctrl(Key::PageDown)], [key(Key::Right)], PAGES, None;
    StepBack: [KeyPress::with_ctrl(Key::PageUp)], [key(Key::Left)], PAGES, Some(1);
    Configure: [KeyPress::alt('1')], [], PAGES, None;
    Authorize: [KeyPress::alt('2')], [], PAGES, None;
    Callback: [KeyPress::alt('3')], [], PAGES, None;
    Exchange: [KeyPress::alt('4')], [], PAGES, None;
    Result: [KeyPress::alt('5')], [], PAGES, None;
    Approve: [KeyPress::alt('a')], [letter('a')], &[In::Ready, In::Waiting, In::Device], Some(1);
    Deny: [KeyPress::alt('d')], [letter('d')], &[In::Ready, In::Waiting, In::Device], Some(4);
    CopyUrl: [KeyPress::alt('c')], [letter('c')], &[In::Ready, In::Waiting, In::Device, In::NoListener], Some(2);
    OpenPage: [KeyPress::alt('o')], [letter('o')], &[In::Device], None;
    PasteRedirect: [KeyPress::alt('p')], [letter('p')], PAGES_AND_DOOR, Some(3);
    AnotherPort: [KeyPress::alt('n')], [letter('n')], &[In::NoListener], Some(1);
    Remedy1: [], [letter('1')], CHOICES, Some(1);
    Remedy2: [], [letter('2')], CHOICES, None;
    Remedy3: [], [letter('3')], CHOICES, None;
    Remedy4: [], [letter('4')], CHOICES, None;
    Remedy5: [], [letter('5')], CHOICES, None;
    Remedy6: [], [letter('6')], CHOICES, None;
    Remedy7: [], [letter('7')], CHOICES, None;
    Remedy8: [], [letter('8')], CHOICES, None;
    Remedy9: [], [letter('9')], CHOICES, None;
    UnfoldWhy: [], [letter('w')], &[In::Result], Some(2);
    UnfoldDrawing: [], [letter('d')], &[In::Result], None;
    UnfoldFlow: [], [letter('f')], &[In::Result], None;
    UnfoldBytes: [], [letter('b')], &[In::Result], None;
    UnfoldRuledOut: [], [letter('o')], &[In::Result], None;
    NextField: [key(Key::Tab), key(Key::Down)], [], FIELDS_AND_LISTS, Some(2);
    PreviousField: [key(Key::BackTab), key(Key::Up)], [], FIELDS_AND_LISTS, None;
    NextPane: [key(Key::Tab)], [], PANES, Some(4);
    PreviousPane: [key(Key::BackTab)], [], PANES, None;
    Zoom: [], [letter('z')], &[In::Result], Some(7);
    Toggle: [KeyPress::alt('t')], [], &[In::Form], None;
    ChangeGrant: [KeyPress::alt('g')], [], &[In::Form], None;
    LeaveOut: [KeyPress::ctrl('o')], [], &[In::Form], None;
    Clean: [KeyPress::ctrl('l')], [], &[In::Form], Some(3);
    Reveal: [KeyPress::ctrl('r')], [letter('v')], PAGES, Some(6);
    ScrollDown: [], [key(Key::Down), letter('j')], VIEWS, None;
    ScrollUp: [], [key(Key::Up), letter('k')], VIEWS, None;
    PageDown: [key(Key::PageDown)], [letter(' ')], &[], None;
    PageUp: [key(Key::PageUp)], [], &[], None;
    Top: [], [key(Key::Home), letter('g')], VIEWS_AND_LIST, None;
    Bottom: [], [key(Key::End), letter('G')], VIEWS_AND_LIST, None;
    EarlierExchange: [], [letter('[')], &[In::Exchanged], Some(3);
    LaterExchange: [], [letter(']')], &[In::Exchanged], None;
    Palette: [key(Key::F(4))], [letter(':')], PAGES_AND_WALKTHROUGH, Some(8);
    Find: [], [letter('/')], &[In::Result, In::Help, In::ChooseFault], Some(5);
    Attempts: [key(Key::F(8))], [letter('t')], PAGES, Some(7);
    MarkAttempt: [], [letter('x')], &[In::Attempts], Some(1);
    CompareAttempts: [], [letter('d')], &[In::Attempts], Some(1);
    NameAttempt: [], [letter('n')], &[In::Attempts], Some(6);
    Copy: [], [letter('y')], RESULT_OR_WAY, Some(3);
    Export: [], [letter('e')], RESULT_OR_WAY, None;
    Profiles: [key(Key::F(6))], [], PAGES_AND_DOOR, None;
    TakeEnvFile: [key(Key::F(7))], [], &[In::FrontDoor, In::Form], Some(3);
    Walkthrough: [key(Key::F(2))], [], PAGES, Some(8);
    Lab: [key(Key::F(3))], [letter('l')], PAGES, Some(7);
    LeaveWalkthrough: [], [letter('x')], &[In::Walkthrough], Some(3);
    Save: [KeyPress::ctrl('s')], [letter('s')], PAGES_AND_LEAVE, Some(1);
    Mouse: [key(Key::F(9))], [letter('m')], &[], Some(8);
    Help: [key(Key::F(1))], [letter('?')], PAGES_AND_HELP, Some(9);
    Suspend: [KeyPress::ctrl('z')], [], &[], None;
    Quit: [KeyPress::ctrl('c'), KeyPress::ctrl('q')], [letter('q')], &[], Some(10);
}

/// What a key press means here.
pub fn action_for(press: KeyPress, context: Context) -> Option<Action> {
    BINDINGS
        .iter()
        .find(|binding| binding.applies(context) && binding.pressed_by(press, context))
        .map(|b| b.action)
}

impl Binding {
    /// True where this line makes sense.
    pub fn applies(&self, context: Context) -> bool {
        self.contexts.is_empty() || self.contexts.contains(&context)
    }

    fn pressed_by(&self, press: KeyPress, context: Context) -> bool {
        self.keys.contains(&press) || (!context.is_typing() && self.letters.contains(&press))
    }

    /// All keys that mean it here, a letter first.
    pub fn names(&self, context: Context) -> String {
        let letters = if context.is_typing() {
            &[][..]
        } else {
            self.letters
        };
        let presses = letters.iter().chain(self.keys);
        presses.map(KeyPress::to_string).collect::<Vec<_>>().join("  ")
    }

    /// The key to name first here: a letter where letters are free.
    pub fn shown_key(&self, context: Context) -> Option<KeyPress> {
        let letters = if context.is_typing() {
            &[][..]
        } else {
            self.letters
        };
        letters
            .iter()
            .chain(self.keys)
            .find(|press| press.key != Key::Enter || self.keys.len() == 1)
            .copied()
    }
}

/// The lines for the footer here, the most useful first.
pub fn footer(context: Context) -> Vec<&'static Binding> {
    let mut shown: Vec<_> = BINDINGS
        .iter()
        .filter(|b| b.footer.is_some() && b.applies(context))
        .collect();
    // Who waits has to see how to stop, and where what their browser shows is pasted; who fills in a form, how to go back.
    shown.sort_by_key(|binding| match (context, binding.action) {
        (In::Waiting, Action::Back | Action::PasteRedirect) | (In::Device, Action::Back) => Some(1),
        // Where it is asked whether to save, that comes first instead.
        (In::Form, Action::Back) | (In::Result, Action::Save) => Some(4),
        (In::Attempts, Action::Save) => Some(6),
        _ => binding.footer,
    });
    shown
}

#[cfg(test)]
mod tests {
    use crate::ui::keys::*;
    use crate::ui::model::text_field::Edit;

    const CONTEXTS: [Context; 23] = [
        In::FrontDoor,
        In::Form,
        In::Ready,
        In::Waiting,
        In::Device,
        In::NoListener,
        In::Callback,
        In::Exchanged,
        In::Result,
        In::Registered,
        In::Paste,
        In::Confirm,
        In::Leave,
        In::Help,
        In::Walkthrough,
        In::ChooseFault,
        In::Predict,
        In::Palette,
        In::Find,
        In::Choose,
        In::Attempts,
        In::NameAttempt,
        In::Compared,
    ];

    #[test]
    fn no_key_means_two_things_in_one_place() {
        for context in CONTEXTS {
            let mut seen = std::collections::HashMap::new();
            for binding in BINDINGS.iter().filter(|binding| binding.applies(context)) {
                let letters = if context.is_typing() {
                    &[][..]
                } else {
                    binding.letters
                };
                for press in binding.keys.iter().chain(letters) {
                    let other = seen.insert(*press, binding.action);
                    assert_eq!(
                        other, None,
                        "{press} in {context:?} means {:?} too",
                        binding.action
                    );
                    if context.is_typing() {
                        let edits = EDITS.iter().any(|edit| edit.keys.contains(press));
                        assert!(!edits, "{press} edits text and means {:?}", binding.action);
                    }
                }
            }
        }
    }

    #[test]
    fn letters_are_typed_where_there_is_a_field_and_mean_something_elsewhere() {
        let q = letter('q');
        assert_eq!(action_for(q, In::Form), None);
        assert_eq!(edit_for(q), Some(Edit::Insert("q".into())));
        assert_eq!(action_for(q, In::Result), Some(Action::Quit));
        assert_eq!(action_for(KeyPress::ctrl('c'), In::Form), Some(Action::Quit));
    }
}
