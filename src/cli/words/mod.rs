//! The words of the command line.

pub mod help;
pub mod messages;
