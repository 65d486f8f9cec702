//! The token endpoint (RFC 6749 §3.2): how a client proves itself, what it sends, and the reading of whatever comes back.

mod client_authentication;
mod deciding;
mod members;
mod request;
mod response;
mod xml;

pub use crate::oauth::token::{
    client_authentication::{ClientAuthentication, basic_credentials},
    request::{
        ANYTHING, AuthorizationCode, GrantParameters, TokenRequest, USER_AGENT, params_by, request_params,
    },
    response::{
        BodyEncoding, ErrorResponse, Reading, TokenAnswer, TokenResponse, is_answer, read_answer, read_body,
        read_members,
    },
};

fn plain(value: serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    }
}
