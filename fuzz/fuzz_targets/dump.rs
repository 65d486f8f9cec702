//! Objects as programs print them.
//!
//! Any text is read: a tree of what stands in brackets, each at its place, and none deeper than it is in the text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use oauthlens::sources::dump::{Object, Value, read};

fuzz_target!(|text: &str| {
    for object in &read(text) {
        within(object, 0, text.len());
    }
});

fn within(object: &Object, start: usize, end: usize) {
    assert!(start <= object.start && object.start <= object.end.max(object.start) && object.end <= end);
    let values = object.members.iter().map(|(_, value)| value).chain(&object.items);
    for value in values {
        if let Value::Object(inner) = value {
            within(inner, object.start, end);
        }
    }
}
