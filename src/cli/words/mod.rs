//! The words of the command line.

pub mod help;
pub mod messages;

use crate::text::catalog::{Messages, part};

impl Messages {
    /// Help, and what is wrong with a command line.
    pub fn help(&self) -> &help::HelpProse {
        part!(self, Help, "help")
    }

    /// Settings errors and remarks of `run`.
    pub fn command_line(&self) -> &messages::CommandLineProse {
        part!(self, CommandLine, "command_line")
    }
}
