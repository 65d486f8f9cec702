//! The words in drawings and reports.

pub mod drawings;
pub mod probe;
pub mod reports;
