//! The members of a JSON body that make it an answer, read without keeping the others.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};

use crate::oauth::{
    params::Params,
    token::{plain, response::is_no_token},
};

/// The members that make a body an answer.
pub(crate) const DECIDING: [&str; 4] = ["error", "access_token", "device_code", "user_code"];

/// Reads them; the second argument is there to be called as the reader of whole answers is.
pub(crate) fn read_deciding_json(text: &str, _: &mut Vec<String>) -> Option<Params> {
    if !text.starts_with('{') {
        return None;
    }
    serde_json::from_str(text).ok().map(|Deciding(members)| members)
}

/// The deciding members of a JSON object; the others are checked as strictly and not kept.
struct Deciding(Params);

impl<'de> Deserialize<'de> for Deciding {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(DecidingVisitor)
    }
}

struct DecidingVisitor;

impl<'de> Visitor<'de> for DecidingVisitor {
    type Value = Deciding;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Deciding, A::Error> {
        let mut members = Params::default();
        while let Some(Name(name)) = map.next_key()? {
            if let Some(name) = name {
                let value: serde_json::Value = map.next_value()?;
                // The last of a name counts, as in `read_json`, and `null` does not count as a value.
                members.0.retain(|(known, _)| known != name);
                if !value.is_null() && !is_no_token(name, &value) {
                    members.push(name, plain(value));
                }
            } else {
                map.next_value::<Checked>()?;
            }
        }
        Ok(Deciding(members))
    }
}

/// The name of a member, where it is a deciding one.
struct Name(Option<&'static str>);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(NameVisitor)
    }
}

struct NameVisitor;

impl Visitor<'_> for NameVisitor {
    type Value = Name;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Name, E> {
        Ok(Name(DECIDING.into_iter().find(|deciding| *deciding == name)))
    }
}

/// Any JSON value, read as strictly as one that is kept: `serde::de::IgnoredAny` lets half a surrogate pair pass.
struct Checked;

impl<'de> Deserialize<'de> for Checked {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CheckedVisitor)
    }
}

struct CheckedVisitor;

impl<'de> Visitor<'de> for CheckedVisitor {
    type Value = Checked;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Checked, E> {
        Ok(Checked)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Checked, E> {
        Ok(Checked)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Checked, E> {
        Ok(Checked)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Checked, E> {
        Ok(Checked)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Checked, E> {
        Ok(Checked)
    }

    fn visit_str<E>(self, _: &str) -> Result<Checked, E> {
        Ok(Checked)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Checked, A::Error> {
        while seq.next_element::<Checked>()?.is_some() {}
        Ok(Checked)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Checked, A::Error> {
        while map.next_entry::<Checked, Checked>()?.is_some() {}
        Ok(Checked)
    }
}
