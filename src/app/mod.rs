//! The interactive front end without its terminal: a model, messages, the one `update`, keys as data.
//!
//! Nothing here draws or does IO. `update` is the only writer of [`model::Model`] and returns what it wants done as data.

mod action;
mod context;
mod edit_keys;
mod editing;
pub mod effect;
pub mod exchange_form;
pub mod field_check;
mod follow;
pub mod form;
mod guide;
mod key;
pub mod keymap;
pub mod lab;
mod looking;
pub mod message;
pub mod model;
pub mod probe;
mod remedy;
pub mod text_field;
mod update;
mod walking;

pub use follow::show_replay;
pub use guide::begin as begin_walkthrough;
pub use update::update;
