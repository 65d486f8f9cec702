//! Proof Key for Code Exchange (RFC 7636), method `S256` only: GitHub refuses `plain` (docs/github.md §1).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use crate::oauth::{random::Entropy, secret::Secret};

/// The only challenge method GitHub accepts.
pub const S256: &str = "S256";

/// The other challenge method of RFC 7636, which sends the verifier itself.
pub const PLAIN: &str = "plain";

/// A new `code_verifier` of 43 characters (RFC 7636 §4.1).
pub fn new_verifier(entropy: &mut Entropy) -> Secret {
    Secret::new(URL_SAFE_NO_PAD.encode(entropy.draw()))
}

/// The `code_challenge` of a verifier: base64url of its SHA-256 (RFC 7636 §4.2).
pub fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

/// True for a verifier of 43 to 128 unreserved characters (RFC 7636 §4.1).
pub fn is_well_formed(verifier: &str) -> bool {
    (43..=128).contains(&verifier.len())
        && verifier
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-._~".contains(c))
}

/// A new `state` value: 43 characters that cannot be guessed (RFC 6749 §10.12).
pub fn new_state(entropy: &mut Entropy) -> String {
    URL_SAFE_NO_PAD.encode(entropy.draw())
}

#[cfg(test)]
mod tests {
    use crate::oauth::pkce::*;

    #[test]
    fn the_example_of_rfc_7636_appendix_b() {
        let challenge = challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }
}
