//! Randomness from the operating system.

use crate::oauth::{random::Entropy, secret::Secret};

/// A secret of 40 hexadecimal characters straight from the operating system: no hash is made for it, whose first use takes
/// longer than the rest of a simulator's start.
///
/// # Errors
/// When the system has no randomness to give.
pub fn hexadecimal_secret() -> std::io::Result<Secret> {
    let mut bytes = [0; 20];
    fill(&mut bytes)?;
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    let text = bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]);
    Ok(Secret::new(text.collect::<String>()))
}

/// A fresh stream, seeded by the operating system.
///
/// # Errors
/// When the system has no randomness to give; nothing secret may be made then.
pub fn from_system() -> std::io::Result<Entropy> {
    let mut seed = [0; 32];
    fill(&mut seed)?;
    Ok(Entropy::from_seed(seed))
}

fn fill(bytes: &mut [u8]) -> std::io::Result<()> {
    getrandom::fill(bytes).map_err(|error| std::io::Error::other(error.to_string()))
}

#[cfg(test)]
mod tests {
    use crate::io::random::*;
    use crate::providers::github::formats::{ClientSecretShape, client_secret_shape};

    #[test]
    fn a_secret_has_the_shape_of_one_and_is_another_each_time() {
        let (one, other) = (hexadecimal_secret().unwrap(), hexadecimal_secret().unwrap());
        assert_eq!(client_secret_shape(one.reveal()), ClientSecretShape::FortyHex);
        assert_ne!(one, other);
    }
}
