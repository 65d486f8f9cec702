//! One OAuth flow: its configuration, its transcript and the state machine that moves it.
//!
//! ```text
//!              Authorize            ListenerBound             RequestArrived          Exchange            ResponseArrived
//! Configuring ──────────► Binding ───────────────► Awaiting ─────────────────► Received ────────► Exchanging ──────────► Finished
//!                            │                      │   ▲                         ▲                   │                     │
//!                            │ ListenerFailed       │   │ UseAnotherPort          │ PasteRedirect     │ RequestFailed       │ Exchange (the
//!                            └─────► NoListener ────┼───┘ or Authorize            │                   └────► Finished       │ same code), or
//!                                        └──────────┴─────────────────────────────┘                                         │ Authorize (new)
//!                                             PasteRedirect                                                  ◄──────────────┘
//! ```
//!
//! `Cancel` and the end of the time for the redirect lead to Stopped, from where a redirect can still be pasted.
//!
//! What is observed goes into the [`transcript::Transcript`] first, is read second and moves the [`machine::Stage`]
//! third, so that nothing which could not be understood is lost. Nothing here reads a clock or does IO: events come in,
//! effects go out, both plain data.

pub mod autopilot;
pub mod configuration;
pub mod effect;
pub mod event;
mod excerpt;
pub mod failure;
pub mod grants;
pub mod machine;
pub(crate) mod not_taken;
pub mod redaction;
pub(crate) mod replayed;
pub mod requests;
pub mod secret_facts;
mod secret_forms;
pub mod secret_names;
mod secret_scan;
pub mod transcript;
