//! Single requests with a single answer, which leave the state of a grant alone.

pub mod probe;
pub mod token;
pub mod user;
