//! The rules, a file for each topic. `diagnosis/rule.rs` says what a row is and has the list of topics.

pub(crate) mod answers;
pub(crate) mod client_id;
pub(crate) mod client_secret;
pub(crate) mod client_secret_repair;
pub(crate) mod code_lifecycle;
pub(crate) mod code_use;
pub(crate) mod code_value;
pub(crate) mod credentials;
pub(crate) mod device;
pub(crate) mod http_basic;
pub mod library;
pub(crate) mod listener;
pub(crate) mod no_redirect;
pub(crate) mod pkce;
pub(crate) mod redirect;
pub(crate) mod redirect_uri;
pub(crate) mod refresh;
pub(crate) mod refused_credentials;
pub(crate) mod registration;
pub(crate) mod response;
pub(crate) mod response_remarks;
pub(crate) mod token;
pub(crate) mod token_causes;
mod token_values;
pub(crate) mod tokens;
pub(crate) mod transport;
