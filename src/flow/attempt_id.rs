//! The number of an attempt.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The attempts of a transcript are numbered from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AttemptId(pub u32);

impl AttemptId {
    /// The first one.
    pub const FIRST: Self = Self(1);

    /// The one that begins after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl Default for AttemptId {
    fn default() -> Self {
        Self::FIRST
    }
}

impl fmt::Display for AttemptId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
