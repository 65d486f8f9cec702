//! One OAuth flow: its configuration, its transcript, and the grant that moves it ([`grants`], a state machine each).
//!
//! What is observed goes into the [`transcript::Transcript`] first, is read second and moves the grant
//! third, so that nothing which could not be understood is lost. Nothing here reads a clock or does IO: events come in,
//! effects go out, both plain data.

pub mod attempt_id;
pub mod attempts;
pub mod autopilot;
pub mod configuration;
pub mod effect;
pub mod event;
mod excerpt;
pub mod failure;
pub mod grants;
pub mod machine;
pub mod purpose;
pub mod redaction;
pub mod requests;
pub mod secret_facts;
mod secret_forms;
pub mod secret_names;
mod secret_scan;
pub mod transcript;
