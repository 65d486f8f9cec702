//! The authorization code grant (RFC 6749 section 4.1): the authorization request, the redirect, the token request.

pub(crate) mod authorize;
pub(crate) mod exchange;
pub(crate) mod receive;
pub mod redirect;
