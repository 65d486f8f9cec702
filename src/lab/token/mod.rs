//! Tokens in the laboratory: deliberate defects of what is done with one, and a dry run of it in memory.

mod faults;
mod plan;
mod rehearsal;

pub use crate::lab::token::{
    faults::{FAULTS, TokenFault},
    plan::{Plan, Sending, prepare},
    rehearsal::rehearse,
};
