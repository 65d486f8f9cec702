//! What differs from one authorization server to the next: error codes, pages, formats.

pub mod error_table;
pub mod github;
pub mod page_table;
pub mod server_table;
