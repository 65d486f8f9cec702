//! The device flow in the laboratory: its deliberate defects, and a dry run of it in memory.

mod faults;
mod rehearsal;

pub use crate::lab::device::{
    faults::{DeviceFault, FAULTS, Person},
    rehearsal::rehearse,
};
