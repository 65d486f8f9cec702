//! What is said before a probe is sent.

use serde::Deserialize;

use crate::render::words::drawings::prose;

prose! {
    /// What is said before a probe is sent.
    ProbeProse {
        /// The question.
        title: String,
        /// What a junk-code exchange sends: `{endpoint}`, `{code}`.
        credentials: String,
        /// Why that does no harm.
        credentials_harmless: String,
        /// What asking for the authorization page sends: `{endpoint}`.
        authorization: String,
        /// Why that does no harm.
        authorization_harmless: String,
        /// What repeated wrong credentials lead to.
        lock: String,
        /// The same where they were refused before, `{count}` times in a row.
        refused_before: String,
        /// `run --probe` is about to send one.
        sending: String,
        /// `run --probe` has nothing to send.
        nothing_to_ask: String,
    }
}
