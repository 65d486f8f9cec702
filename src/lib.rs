//! oauthlens shows you your OAuth flow as it happens and tells you, with evidence, why it failed and how to mend it.

pub mod app;
mod built_in;
pub mod cli;
pub mod diagnosis;
pub mod edge;
pub mod faults;
pub mod flow;
pub mod headless;
pub mod interactive;
pub mod locale;
pub mod oauth;
pub mod pasted;
pub mod pictures;
pub mod rehearsal;
pub mod report;
pub mod settings;
pub mod simulator;
pub mod tui;
pub mod walk;
pub mod walkthrough;
