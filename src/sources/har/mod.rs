//! HAR files, of every writer: browsers, proxies, test tools. Also as the zip file in which Playwright keeps bodies apart.
//!
//! The document is walked entry by entry, and of an entry only what matters is kept, so that a large capture costs the memory
//! of its largest entry. Nothing is required: writers leave out or change fields exactly where a request failed.

mod entry;
#[cfg(test)]
mod tests;
mod zipped;

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

pub(crate) use crate::sources::har::entry::may_matter;
use crate::sources::{
    Input, Seen, Source,
    exchange::{self, Exchange},
    har::entry::{Attached, Entry},
};

/// A capture of a browser or a proxy.
pub(crate) const SOURCE: Source = Source {
    name: "har",
    recognises: |input| input.text.starts_with('{') && mentions_entries(&input.text),
    read: |input| Some(exchange::seen(read(input.text.as_bytes(), &Attached::default())?)),
};

/// The same in a zip file, with the bodies beside it.
pub(crate) const ZIPPED: Source = Source {
    name: "har_zip",
    recognises: |input| input.bytes.starts_with(b"PK\x03\x04"),
    read: |input: &Input<'_>| -> Option<Vec<Seen>> {
        let (document, attached) = zipped::read(input.bytes)?;
        Some(exchange::seen(read(&document, &attached)?))
    },
};

/// A look at the beginning: a HAR names its log first.
fn mentions_entries(text: &str) -> bool {
    const NEAR: usize = 4096;
    let near = &text[..crate::oauth::params::char_boundary(text, NEAR)];
    near.contains("\"log\"") || near.contains("\"entries\"")
}

/// True where a text begins as a HAR does: with an object whose log is one too. Other logs have lines for it.
pub(crate) fn begins(text: &str) -> bool {
    let holds = |name: &str, bracket: char| {
        text.match_indices(name).any(|(at, _)| {
            let behind = text[at + name.len()..].trim_start().strip_prefix(':');
            behind.is_some_and(|behind| behind.trim_start().starts_with(bracket))
        })
    };
    text.trim_start_matches('\u{feff}').trim_start().starts_with('{')
        && (holds("\"log\"", '{') || holds("\"entries\"", '['))
}

/// The exchanges of a HAR; `None` for another document. One that ends early is read as far as it goes.
fn read(document: &[u8], attached: &Attached) -> Option<Vec<Exchange>> {
    let mut walk = Walk {
        entries: Vec::new(),
        found: false,
    };
    let mut reader = serde_json::Deserializer::from_slice(document);
    // The end of a document that was cut is an error, and what was read before it counts.
    let _ = Document(&mut walk).deserialize(&mut reader);
    walk.found.then(|| entry::exchanges(&walk.entries, attached))
}

struct Walk {
    entries: Vec<Entry>,
    found: bool,
}

/// The object around the entries: the document, or its log.
struct Document<'w>(&'w mut Walk);

impl<'de> DeserializeSeed<'de> for Document<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Document<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with entries")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "log" => map.next_value_seed(Document(&mut *self.0))?,
                "entries" => map.next_value_seed(Entries(&mut *self.0))?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

struct Entries<'w>(&'w mut Walk);

impl<'de> DeserializeSeed<'de> for Entries<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Entries<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of entries")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        self.0.found = true;
        while let Some(entry) = list.next_element::<Entry>()? {
            // What has nothing to do with an authorization is dropped before the next one is read.
            if entry.may_matter() {
                self.0.entries.push(entry);
            }
        }
        Ok(())
    }
}
