//! What concerns text alone: templates, dates, HTML, near misses, differences, damage; the catalog of prose and the tables that
//! are compiled in.

pub mod bytes;
pub mod catalog;
pub mod defects;
pub mod diff;
pub(crate) mod embedded;
pub mod find;
pub mod html;
pub mod nearest;
pub mod template;
pub mod time;
