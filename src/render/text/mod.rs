//! Lines of toned text and their layout.

pub mod layout;
pub mod line;
