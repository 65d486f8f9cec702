//! oauthlens shows you your OAuth flow as it happens and tells you, with evidence, why it failed and how to mend it.

pub mod oauth;
pub mod simulator;
