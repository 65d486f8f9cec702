//! All members of a JSON body.

use std::{collections::HashMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::Value;

/// The members of a JSON object in order, each name once: where it first stood, with the last of its values. A
/// `serde_json::Map` has the same in it and takes several times as long to make.
pub(super) struct Members(pub(super) Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor;

        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(once_each(members)))
            }
        }

        deserializer.deserialize_map(MembersVisitor)
    }
}

/// The members with the last value of each name in the place of its first.
fn once_each(mut members: Vec<(String, Value)>) -> Vec<(String, Value)> {
    let mut first: HashMap<&str, usize> = HashMap::with_capacity(members.len());
    let mut again: Vec<(usize, usize)> = Vec::new();
    for (at, (name, _)) in members.iter().enumerate() {
        let known = *first.entry(name).or_insert(at);
        if known != at {
            again.push((known, at));
        }
    }
    for (known, at) in &again {
        members[*known].1 = members[*at].1.take();
    }
    let mut again = again.iter().map(|(_, at)| *at).peekable();
    let mut at = 0;
    members.retain(|_| {
        at += 1;
        again.next_if_eq(&(at - 1)).is_none()
    });
    members
}

#[cfg(test)]
mod tests {
    use crate::oauth::token::members::*;

    #[test]
    fn they_are_those_of_a_map() {
        for text in [
            "{}",
            r#"{"a":1,"b":[2,{"c":null}],"c":"x"}"#,
            r#"{"a":1,"b":2,"a":3,"c":4,"a":5,"c":6}"#,
            r#"{"\u0061":1,"a":"\u00e9"}"#,
        ] {
            let Members(members) = serde_json::from_str(text).unwrap();
            let map: serde_json::Map<String, Value> = serde_json::from_str(text).unwrap();
            assert_eq!(members, map.into_iter().collect::<Vec<_>>(), "{text}");
        }
        for text in ["[]", "1", r#"{"a":1"#, r#"{"a":1} x"#, r#"{"a":"\ud800"}"#] {
            assert!(serde_json::from_str::<Members>(text).is_err(), "{text}");
        }
    }
}
