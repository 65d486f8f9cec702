//! Walkthroughs: a file of steps, each a text, drawings of a rehearsed flow, and perhaps a question.
//!
//! The built-in one is such a file; a team writes its own. [`script`] reads and checks one,
//! [`error`] says what is wrong with it, [`progress`] is where a person
//! is in it. Nothing here does IO.

pub mod error;
pub mod progress;
mod provider;
pub mod script;
mod toml_table;

/// The name of the built-in walkthrough in the record of progress.
pub const NAME: &str = "built-in";

/// The built-in walkthrough.
pub const BUILT_IN: &str = include_str!("../../../assets/walkthrough.toml");
