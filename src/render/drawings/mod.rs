//! The drawings, a file each.

pub mod code_timeline;
pub mod credential_ruler;
pub mod device;
pub mod http_message;
pub mod parameters;
pub mod probe;
pub mod redirect_comparison;
pub mod refresh_lanes;
pub mod run_comparison;
pub mod sequence;
pub mod token;

/// How much of a picture is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// All of it.
    Full,
    /// What is wrong, and what it is held against.
    Brief,
    /// What is wrong.
    Tight,
}
