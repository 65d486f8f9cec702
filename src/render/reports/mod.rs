//! Writers: an explanation or a transcript as text, JSON, Markdown, a curl command line or a HAR file.
//!
//! Pure: values in, text out. None of them writes a secret: what comes from a transcript goes through the
//! [`crate::flow::redaction::Redactor`], what comes from a finding was masked when it was made.

pub mod curl;
pub mod har;
pub mod json;
pub mod markdown;
pub mod text;
