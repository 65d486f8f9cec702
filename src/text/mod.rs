//! What concerns text alone: the catalog of prose, the tables that are compiled in.

pub mod catalog;
pub(crate) mod embedded;
