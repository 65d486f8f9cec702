//! The clock.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use crate::oauth::time::Moment;

/// The system's clock, which can be put forward: a demo need not wait ten minutes for a code to expire. Clones share what
/// was put forward, so that a flow and the simulator agree about the time.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    ahead: Arc<AtomicU64>,
}

impl Clock {
    /// The present moment.
    pub fn now(&self) -> Moment {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let millis = u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX);
        Moment(millis).plus(self.ahead.load(Ordering::Relaxed))
    }

    /// Puts the clock forward by that many milliseconds, for all clones.
    pub fn advance(&self, millis: u64) {
        self.ahead.fetch_add(millis, Ordering::Relaxed);
    }
}
