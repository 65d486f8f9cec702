//! What the pages of the redirect listener say.

use std::collections::HashMap;

use serde::Deserialize;

use crate::{
    flow::transcript::Disposition,
    text::catalog::{Messages, part},
};

/// What a page in the browser says.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageProse {
    /// The heading.
    pub title: String,
    /// What happened.
    pub text: String,
    /// Where to go from here.
    pub next: String,
}

/// Prose of the pages that the redirect listener shows.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PagesProse {
    /// The mark of the simulator.
    pub simulated: String,
    /// Label of the error code.
    pub error: String,
    /// Label of the sentence beside it.
    pub error_description: String,
    /// Label of the resource owner's login.
    pub login: String,
    /// Shown by a waiting page when oauthlens no longer answers.
    pub gone: String,
    /// The redirect was taken.
    pub waiting: PageProse,
    /// A token was obtained.
    pub token: PageProse,
    /// The authorization server refused.
    pub refused: PageProse,
    /// There was no usable answer.
    pub unanswered: PageProse,
    /// The flow was ended.
    pub cancelled: PageProse,
    /// A request that was not taken as the redirect, by the reason.
    pub not_taken: HashMap<Disposition, PageProse>,
}

impl Messages {
    /// Pages in the browser.
    pub fn pages(&self) -> &PagesProse {
        part!(self, Pages, "pages")
    }
}
