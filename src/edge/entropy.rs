//! Randomness from the operating system.

use crate::oauth::entropy::Entropy;

/// A fresh stream, seeded by the operating system.
///
/// # Errors
/// When the system has no randomness to give; nothing secret may be made then.
pub fn from_system() -> std::io::Result<Entropy> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|error| std::io::Error::other(error.to_string()))?;
    Ok(Entropy::from_seed(seed))
}
