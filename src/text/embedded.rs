//! The tables that are compiled in. People write them as TOML under `assets/`; `build.rs` turns them into JSON.

use serde::de::DeserializeOwned;

/// Reads a table that is compiled in, by its place under `assets/` without the ending: `built_in!("locales/en/pages")`.
macro_rules! built_in {
    ($($place:expr),+) => {
        $crate::text::embedded::read(include_str!(concat!(env!("OUT_DIR"), "/", $($place,)+ ".json")))
    };
}
pub(crate) use built_in;

/// A test reads every table, so a failure here cannot come from a user.
///
/// # Panics
/// The table is not of its type.
pub(crate) fn read<T: DeserializeOwned>(json: &str) -> T {
    serde_json::from_str(json)
        .unwrap_or_else(|error| panic!("a table that is compiled in is broken: {error}"))
}
