//! Deliberate faults, dry runs in memory, and the walkthroughs built from them.

pub mod device;
pub mod dry_run;
pub mod faults;
pub mod in_flight;
pub mod token;
pub mod walkthrough;
