//! GitHub's formats and scopes.

pub mod formats;
pub mod scopes;
