//! oauthlens shows you your OAuth flow as it happens and tells you, with evidence, why it failed and how to mend it.

pub mod diagnosis;
pub mod flow;
pub mod locale;
pub mod oauth;
pub mod pasted;
pub mod pictures;
pub mod report;
