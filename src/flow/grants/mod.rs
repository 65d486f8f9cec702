//! The grants, a folder each.

pub mod authorization_code;
