//! oauthlens shows you your OAuth flow as it happens and tells you, with evidence, why it failed and how to mend it.

pub mod cli;
pub mod diagnosis;
pub mod flow;
pub mod io;
pub mod lab;
pub mod oauth;
pub mod providers;
pub mod render;
pub mod simulator;
pub mod sources;
pub mod text;
pub mod ui;
