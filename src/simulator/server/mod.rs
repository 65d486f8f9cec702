//! The simulator's endpoints and pages.

pub(crate) mod api;
pub(crate) mod authorize;
pub(crate) mod bounded_store;
pub(crate) mod device;
pub(crate) mod pages;
pub(crate) mod response;
pub(crate) mod session;
pub(crate) mod texts;
pub(crate) mod token;
pub(crate) mod tokens;
