//! Lines of toned text and their layout.

pub mod ascii;
pub mod cells;
pub mod layout;
pub mod line;
