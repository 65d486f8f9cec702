//! The keys of text editing, as data.

use crate::ui::{
    keys::key::{Key, KeyPress, key},
    model::text_field::{Edit, Motion},
};

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
    "undo": [KeyPress::ctrl('_')] => Edit::Undo;
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
