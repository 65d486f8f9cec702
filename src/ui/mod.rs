//! The interactive front end without its terminal: a model, messages, the one `update`, keys as data.
//!
//! Nothing here draws or does IO. `update` is the only writer of [`model::Model`] and returns what it wants done as data.

pub mod effect;
pub mod keys;
pub mod message;
pub mod model;
pub mod terminal;
pub mod update;
pub mod view;
pub mod words;

pub use crate::ui::update::flow_events::show_replay;
pub use crate::ui::update::front_door::open_front_door;
pub use crate::ui::update::update;
pub use crate::ui::update::walkthrough::begin as begin_walkthrough;
