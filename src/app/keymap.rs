//! Keys as data: one table gives the footer, the help and the meaning of a key press.

use serde::{Deserialize, Serialize};

use super::text_field::{Edit, Motion};

/// A key, free of any terminal library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// A character.
    Char(char),
    /// Enter.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Shift-Tab.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// A function key.
    F(u8),
}

/// A key with its modifiers. Shift is folded into characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeyPress {
    /// The key.
    pub key: Key,
    /// Control was held.
    pub ctrl: bool,
    /// Alt was held.
    pub alt: bool,
    /// Shift was held; only told for keys that are no characters.
    pub shift: bool,
}

impl KeyPress {
    /// A key without modifiers.
    pub const fn plain(key: Key) -> Self {
        Self {
            key,
            ctrl: false,
            alt: false,
            shift: false,
        }
    }

    const fn ctrl(c: char) -> Self {
        Self {
            key: Key::Char(c),
            ctrl: true,
            alt: false,
            shift: false,
        }
    }

    const fn alt(c: char) -> Self {
        Self {
            key: Key::Char(c),
            ctrl: false,
            alt: true,
            shift: false,
        }
    }

    const fn with_ctrl(key: Key) -> Self {
        Self {
            key,
            ctrl: true,
            alt: false,
            shift: false,
        }
    }

    const fn with_shift(key: Key) -> Self {
        Self {
            key,
            ctrl: false,
            alt: false,
            shift: true,
        }
    }

    const fn with_ctrl_shift(key: Key) -> Self {
        Self {
            key,
            ctrl: true,
            alt: false,
            shift: true,
        }
    }
}

impl std::fmt::Display for KeyPress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (held, name) in [(self.ctrl, "Ctrl-"), (self.alt, "Alt-"), (self.shift, "Shift-")] {
            if held {
                f.write_str(name)?;
            }
        }
        match self.key {
            Key::Char(' ') => f.write_str("Space"),
            Key::Char(c) if self.ctrl || self.alt => write!(f, "{}", c.to_ascii_uppercase()),
            Key::Char(c) => write!(f, "{c}"),
            Key::Enter => f.write_str("Enter"),
            Key::Esc => f.write_str("Esc"),
            Key::Tab => f.write_str("Tab"),
            Key::BackTab => f.write_str("Shift-Tab"),
            Key::Backspace => f.write_str("Backspace"),
            Key::Delete => f.write_str("Del"),
            Key::Left => f.write_str("←"),
            Key::Right => f.write_str("→"),
            Key::Up => f.write_str("↑"),
            Key::Down => f.write_str("↓"),
            Key::Home => f.write_str("Home"),
            Key::End => f.write_str("End"),
            Key::PageUp => f.write_str("PgUp"),
            Key::PageDown => f.write_str("PgDn"),
            Key::F(n) => write!(f, "F{n}"),
        }
    }
}

/// What a person means by a key. The order is the order in the help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// The main thing on this screen: continue, open the browser, send, mend.
    Continue,
    /// Back to the step before; closes a window first, and stops waiting.
    Back,
    /// Do the present step again: a new authorization, or the exchange once more.
    Again,
    /// Look at the next step, as far as it was reached.
    StepForward,
    /// Look at the step before.
    StepBack,
    /// Step 1 to 5.
    Configure,
    /// Step 2.
    Authorize,
    /// Step 3.
    Callback,
    /// Step 4.
    Exchange,
    /// Step 5.
    Result,
    /// Approve in the simulator, as its resource owner.
    Approve,
    /// Deny in the simulator.
    Deny,
    /// Copy the authorization URL.
    CopyUrl,
    /// Paste the redirect by hand.
    PasteRedirect,
    /// Listen on another port.
    AnotherPort,
    /// Mend by the first remedy, the second…
    Remedy1,
    /// The second.
    Remedy2,
    /// The third.
    Remedy3,
    /// The fourth.
    Remedy4,
    /// The fifth.
    Remedy5,
    /// The sixth.
    Remedy6,
    /// The seventh.
    Remedy7,
    /// The eighth.
    Remedy8,
    /// The ninth.
    Remedy9,
    /// Next field.
    NextField,
    /// Field before.
    PreviousField,
    /// Change a choice or a switch.
    Toggle,
    /// Leave this parameter out of the request, or put it back.
    LeaveOut,
    /// Take the damage out of a value: white space, invisible characters, quotes.
    Clean,
    /// Show or hide secrets.
    Reveal,
    /// Scroll.
    ScrollDown,
    /// Scroll.
    ScrollUp,
    /// Scroll.
    PageDown,
    /// Scroll.
    PageUp,
    /// Scroll.
    Top,
    /// Scroll.
    Bottom,
    /// An earlier exchange.
    EarlierExchange,
    /// A later exchange.
    LaterExchange,
    /// Open the walkthrough, or go on with it.
    Walkthrough,
    /// Break one thing on purpose.
    Lab,
    /// Leave the walkthrough; where one stands is kept.
    LeaveWalkthrough,
    /// Save the transcript, secrets masked.
    Save,
    /// Let go of the mouse so that text can be selected, or take it back.
    Mouse,
    /// All keys.
    Help,
    /// Leave.
    Quit,
}

impl Action {
    /// The remedies by number.
    pub const REMEDIES: [Self; 9] = [
        Self::Remedy1,
        Self::Remedy2,
        Self::Remedy3,
        Self::Remedy4,
        Self::Remedy5,
        Self::Remedy6,
        Self::Remedy7,
        Self::Remedy8,
        Self::Remedy9,
    ];
}

/// Where a person is, as far as keys are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Context {
    /// Configure, or the token request before it is sent: letters are typed.
    Form,
    /// Authorize, before the listener is asked for.
    Ready,
    /// A redirect is waited for.
    Waiting,
    /// The port could not be had.
    NoListener,
    /// A redirect came: Callback.
    Callback,
    /// An exchange is under way or was made: Exchange, looking.
    Exchanged,
    /// Result.
    Result,
    /// The window in which a redirect is pasted.
    Paste,
    /// A question that wants yes or no.
    Confirm,
    /// The help.
    Help,
    /// A step of the walkthrough.
    Walkthrough,
    /// The list of faults.
    ChooseFault,
    /// The question what comes of a fault.
    Predict,
}

impl Context {
    /// True in a window over the page.
    pub fn is_window(self) -> bool {
        matches!(
            self,
            Self::Paste | Self::Confirm | Self::Help | Self::ChooseFault | Self::Predict
        )
    }

    /// True where letters are typed into a field.
    pub fn is_typing(self) -> bool {
        matches!(self, Self::Form | Self::Paste)
    }
}

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

const fn key(key: Key) -> KeyPress {
    KeyPress::plain(key)
}

const fn letter(c: char) -> KeyPress {
    KeyPress::plain(Key::Char(c))
}

const VIEWS: &[Context] = &[
    In::Ready,
    In::Waiting,
    In::NoListener,
    In::Callback,
    In::Exchanged,
    In::Result,
    In::Confirm,
    In::Help,
    In::Walkthrough,
];

/// The same and the list of faults, which is long.
const VIEWS_AND_LIST: &[Context] = &[
    In::Ready,
    In::Waiting,
    In::NoListener,
    In::Callback,
    In::Exchanged,
    In::Result,
    In::Confirm,
    In::Help,
    In::Walkthrough,
    In::ChooseFault,
];

const CHOICES: &[Context] = &[In::Result, In::Walkthrough, In::Predict];

/// The pages of the flow, but not the windows over them: nothing happens behind a window.
const PAGES: &[Context] = &[
    In::Form,
    In::Ready,
    In::Waiting,
    In::NoListener,
    In::Callback,
    In::Exchanged,
    In::Result,
];

/// The pages, the walkthrough, and the help, which the same key closes.
const PAGES_AND_HELP: &[Context] = &[
    In::Form,
    In::Ready,
    In::Waiting,
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
    Again: [key(Key::F(5))], [letter('r')], &[In::Ready, In::Waiting, In::NoListener, In::Callback, In::Exchanged, In::Result], Some(5);
    StepForward: [KeyPress::with_ctrl(Key::PageDown)], [key(Key::Right)], PAGES, None;
    StepBack: [KeyPress::with_ctrl(Key::PageUp)], [key(Key::Left)], PAGES, Some(1);
    Configure: [KeyPress::alt('1')], [], PAGES, None;
    Authorize: [KeyPress::alt('2')], [], PAGES, None;
    Callback: [KeyPress::alt('3')], [], PAGES, None;
    Exchange: [KeyPress::alt('4')], [], PAGES, None;
    Result: [KeyPress::alt('5')], [], PAGES, None;
    Approve: [KeyPress::alt('a')], [letter('a')], &[In::Ready, In::Waiting], Some(1);
    Deny: [KeyPress::alt('d')], [letter('d')], &[In::Ready, In::Waiting], Some(4);
    CopyUrl: [KeyPress::alt('c')], [letter('c')], &[In::Ready, In::Waiting, In::NoListener], Some(2);
    PasteRedirect: [KeyPress::alt('p')], [letter('p')], &[In::Waiting, In::NoListener], Some(3);
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
    NextField: [key(Key::Tab), key(Key::Down)], [], &[In::Form, In::ChooseFault], Some(2);
    PreviousField: [key(Key::BackTab), key(Key::Up)], [], &[In::Form, In::ChooseFault], None;
    Toggle: [KeyPress::alt('t')], [], &[In::Form], None;
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
    Walkthrough: [key(Key::F(2))], [letter('w')], PAGES, Some(8);
    Lab: [key(Key::F(3))], [letter('l')], PAGES, Some(7);
    LeaveWalkthrough: [], [letter('x')], &[In::Walkthrough], Some(3);
    Save: [KeyPress::ctrl('s')], [letter('s')], PAGES, None;
    Mouse: [key(Key::F(9))], [letter('m')], &[], None;
    Help: [key(Key::F(1))], [letter('?')], PAGES_AND_HELP, Some(9);
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
    shown.sort_by_key(|binding| binding.footer);
    shown
}

/// A key of text editing, by its name in the locale.
#[derive(Debug)]
pub struct EditBinding {
    /// The name under which the help explains it.
    pub name: &'static str,
    /// Keys that mean it.
    pub keys: &'static [KeyPress],
    /// What it does; `None` for cut and copy, which need a clipboard.
    edit: fn() -> Edit,
}

macro_rules! edits {
    ($($name:literal: [$($key:expr),+] => $edit:expr;)+) => {
        /// The keys of text editing.
        pub const EDITS: &[EditBinding] = &[$(EditBinding { name: $name, keys: &[$($key),+], edit: || $edit }),+];
    };
}

edits! {
    "left": [key(Key::Left), KeyPress::ctrl('b')] => Edit::Move(Motion::Left, false);
    "right": [key(Key::Right), KeyPress::ctrl('f')] => Edit::Move(Motion::Right, false);
    "word_left": [KeyPress::with_ctrl(Key::Left), KeyPress::alt('b')] => Edit::Move(Motion::WordLeft, false);
    "word_right": [KeyPress::with_ctrl(Key::Right), KeyPress::alt('f')] => Edit::Move(Motion::WordRight, false);
    "start": [key(Key::Home)] => Edit::Move(Motion::Home, false);
    "end": [key(Key::End), KeyPress::ctrl('e')] => Edit::Move(Motion::End, false);
    "select": [KeyPress::with_shift(Key::Left)] => Edit::Move(Motion::Left, true);
    "select": [KeyPress::with_shift(Key::Right)] => Edit::Move(Motion::Right, true);
    "select_word": [KeyPress::with_ctrl_shift(Key::Left)] => Edit::Move(Motion::WordLeft, true);
    "select_word": [KeyPress::with_ctrl_shift(Key::Right)] => Edit::Move(Motion::WordRight, true);
    "select": [KeyPress::with_shift(Key::Home)] => Edit::Move(Motion::Home, true);
    "select": [KeyPress::with_shift(Key::End)] => Edit::Move(Motion::End, true);
    "select_all": [KeyPress::ctrl('a')] => Edit::SelectAll;
    "backspace": [key(Key::Backspace), KeyPress::ctrl('h')] => Edit::Backspace;
    "delete": [key(Key::Delete), KeyPress::ctrl('d')] => Edit::Delete;
    "delete_word": [KeyPress::ctrl('w'), KeyPress { key: Key::Backspace, ctrl: false, alt: true, shift: false }, KeyPress::with_ctrl(Key::Backspace)] => Edit::BackspaceWord;
    "delete_word_right": [KeyPress { key: Key::Delete, ctrl: true, alt: false, shift: false }] => Edit::DeleteWord;
    "delete_to_start": [KeyPress::ctrl('u')] => Edit::DeleteToStart;
    "delete_to_end": [KeyPress::ctrl('k')] => Edit::DeleteToEnd;
    "undo": [KeyPress::ctrl('z')] => Edit::Undo;
}

/// What a key press does to the text of a focused field.
pub fn edit_for(press: KeyPress) -> Option<Edit> {
    if let Some(binding) = EDITS.iter().find(|binding| binding.keys.contains(&press)) {
        return Some((binding.edit)());
    }
    match press {
        KeyPress {
            key: Key::Char(c),
            ctrl: false,
            alt: false,
            ..
        } => Some(Edit::Insert(c.to_string())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTEXTS: [Context; 13] = [
        In::Form,
        In::Ready,
        In::Waiting,
        In::NoListener,
        In::Callback,
        In::Exchanged,
        In::Result,
        In::Paste,
        In::Confirm,
        In::Help,
        In::Walkthrough,
        In::ChooseFault,
        In::Predict,
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
