//! What differs from one authorization server to the next: a profile for each kind of server, and the tables of error codes
//! and pages that they share.

pub mod error_table;
pub mod github;
pub mod page_table;
pub mod presets;
pub mod profile;
pub mod provider;
pub mod recognise;
pub mod rfc6749;
pub mod server_table;

pub use crate::providers::{profile::ProviderProfile, provider::Provider};

/// How long a code may be good at most, in seconds (RFC 6749 §4.1.2).
pub const MOST_CODE_LIFETIME: u64 = 600;

/// What is used where nobody names a provider.
pub static DEFAULT: &ProviderProfile = &github::GITHUB;

static IN_RUST: [&ProviderProfile; 5] = [
    &github::GITHUB,
    &github::GITHUB_APP,
    &github::GHE_COM,
    &github::GHES,
    &rfc6749::RFC6749,
];

/// All profiles.
pub fn profiles() -> impl Iterator<Item = &'static ProviderProfile> {
    // The table is read only by who looks further than the first ones.
    let table = std::iter::once(()).flat_map(|()| presets::presets());
    IN_RUST.into_iter().chain(table)
}

/// The profile of that name, as a person or a saved transcript writes it.
pub fn by_name(name: &str) -> Option<&'static ProviderProfile> {
    profiles().find(|profile| profile.id == name || profile.saved_as.contains(&name))
}
