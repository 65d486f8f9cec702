//! The vocabulary of the RFCs as types: requests, responses, parameters, secrets, redirect URIs.
//!
//! Nothing here knows of a terminal, a socket, a clock or a random source. Words are those of RFC 6749 (OAuth 2.0),
//! RFC 7636 (PKCE), RFC 8252 (native apps) and RFC 9207 (`iss`); departures from them carry a name of their own.

pub mod authorization;
pub mod device;
pub mod endpoint;
pub mod http;
pub mod id_token;
pub mod params;
pub mod pkce;
pub mod random;
pub mod redirect_matching;
pub mod redirect_uri;
pub mod refresh;
pub mod secret;
pub mod time;
pub mod token;
