//! The clock of a testbed.

use crate::oauth::time::Moment;

/// A simulator's own time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Time {
    /// Milliseconds that it is ahead of the time that it is told; negative where it is behind.
    ahead: i64,
    pub(super) stopped_at: Option<Moment>,
}

impl Time {
    pub(super) fn now(self, told: Moment) -> Moment {
        self.stopped_at
            .unwrap_or_else(|| Moment(told.0.saturating_add_signed(self.ahead)))
    }

    pub(super) fn set(&mut self, told: Moment, now: Moment) {
        let (told, to) = (i64::try_from(told.0), i64::try_from(now.0));
        self.ahead = to.unwrap_or(i64::MAX).saturating_sub(told.unwrap_or(i64::MAX));
        if self.stopped_at.is_some() {
            self.stopped_at = Some(now);
        }
    }
}
