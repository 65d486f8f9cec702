//! A text field under any edits, drawn in every look at any width.

#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use oauthlens::ui::{model::text_field::{Edit, Motion, TextField}, view::field::{draw, Look}};
use oauthlens_fuzz::is_dangerous;
use unicode_segmentation::UnicodeSegmentation as _;

#[derive(Arbitrary, Debug)]
enum Step<'a> {
    Insert(&'a str),
    Set(&'a str),
    Click(u16),
    Backspace,
    Delete,
    BackspaceWord,
    DeleteWord,
    DeleteToEnd,
    DeleteToStart,
    Move(u8, bool),
    SelectAll,
    Undo,
}

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    width: u8,
    text: &'a str,
    steps: Vec<Step<'a>>,
}

const MOTIONS: [Motion; 6] = [
    Motion::Left,
    Motion::Right,
    Motion::WordLeft,
    Motion::WordRight,
    Motion::Home,
    Motion::End,
];

fuzz_target!(|input: Input<'_>| {
    let width = usize::from(input.width);
    let mut field = TextField::new(input.text);
    check(&field, width);
    for step in input.steps {
        match step {
            Step::Insert(text) => field.edit(Edit::Insert(text.to_owned())),
            Step::Set(text) => field.set(text),
            Step::Click(at) => field.place_cursor(usize::from(at)),
            Step::Backspace => field.edit(Edit::Backspace),
            Step::Delete => field.edit(Edit::Delete),
            Step::BackspaceWord => field.edit(Edit::BackspaceWord),
            Step::DeleteWord => field.edit(Edit::DeleteWord),
            Step::DeleteToEnd => field.edit(Edit::DeleteToEnd),
            Step::DeleteToStart => field.edit(Edit::DeleteToStart),
            Step::Move(motion, extend) => {
                field.edit(Edit::Move(MOTIONS[usize::from(motion) % MOTIONS.len()], extend));
            }
            Step::SelectAll => field.edit(Edit::SelectAll),
            Step::Undo => field.edit(Edit::Undo),
        }
        check(&field, width);
    }
});

fn check(field: &TextField, width: usize) {
    let graphemes = field.text().graphemes(true).count();
    assert!(field.cursor() <= graphemes, "the cursor is behind the end: {field:?}");
    if let Some((from, to)) = field.selection() {
        assert!(from < to && to <= graphemes, "{field:?}");
        assert!(field.selected_text().is_some_and(|text| !text.is_empty()));
    }
    // A field is never narrower than four characters and a cursor.
    let room = width.max(5);
    for look in [Look::Value, Look::Words, Look::Masked] {
        for focused in [false, true] {
            let drawn = draw(field, look, focused, width);
            let text = drawn.line.text();
            assert!(
                drawn.line.width() <= room,
                "{} > {room}: {text:?} {look:?} {focused} {field:?}",
                drawn.line.width()
            );
            assert!(!text.contains(is_dangerous), "{text:?}");
            assert!(drawn.cursor < room, "cursor at {} of {room}: {field:?}", drawn.cursor);
            if let Some((from, to)) = drawn.selected {
                assert!(from <= to && to <= room, "{:?}: {field:?}", drawn.selected);
            }
            for column in 0..=room {
                assert!(drawn.grapheme_at(column) <= graphemes);
            }
        }
    }
}
