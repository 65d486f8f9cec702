//! ID tokens (`OpenID` Connect Core §2), as far as anybody can read them without a key. Nothing here verifies one.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

/// Longer than this, a text is no ID token.
const LONGEST: usize = 16 * 1024;

/// The claims of an ID token; `None` unless it has three parts, a header with `alg`, and an issuer among its claims.
pub fn claims(text: &str) -> Option<Map<String, Value>> {
    if text.len() > LONGEST || !text.starts_with("eyJ") {
        return None;
    }
    let mut parts = text.split('.');
    let (header, payload, _) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let object = |part: &str| -> Option<Map<String, Value>> {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).ok()?).ok()
    };
    object(header)?.get("alg")?;
    let claims = object(payload)?;
    (claims.contains_key("iss") && claims.contains_key("aud")).then_some(claims)
}
