//! The rules. Each is a row in the file of its topic under `rules/`, and the rows of all topics make one table here.
//!
//! ```text
//! /// What the finding says, as `docs/causes.md` has it. A section (§) is one of `docs/github.md`.
//! CodeIsState = "code_is_state": Code, Cause of [NoCode], is_state;
//!    │               │            │      │          │         └ the question: fn(&Facts) -> Verdict
//!    │               │            │      │          └ the root causes that it is a sign of, if any
//!    │               │            │      └ the role
//!    │               │            └ the topic, which decides the picture
//!    │               └ the name in documents, locales and the command line
//!    └ the variant of `Code`
//! ```
//!
//! The order of topics, and of rows within a topic, decides between two causes of the same certainty.

use serde::{Deserialize, Serialize};

pub use crate::diagnosis::remedy::RemedyCode;
use crate::diagnosis::root_cause::RootCause;

/// What a finding is about; it decides the picture and the place in the sequence drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// Client id and secret.
    Credentials,
    /// The redirect URI.
    RedirectUri,
    /// The authorization code.
    Code,
    /// The redirect that came, or did not.
    Redirect,
    /// Getting an answer at all.
    Transport,
    /// The answer of the token endpoint itself.
    Answer,
    /// Refreshing a token.
    Refresh,
    /// The token that was obtained.
    Token,
}

/// What a finding is to the explanation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It says why the flow failed.
    Cause,
    /// It repeats which value the server refused, and not why.
    Refusal,
    /// It repeats a refusal that may mean more than one value.
    VagueRefusal,
    /// The answer is its own explanation.
    Answer,
    /// The server did what a request about a token was sent for.
    Done,
    /// It repeats that nothing came, or that something else came before an answer could.
    NoAnswer,
    /// What came is a document about the server or the client, and no step of a flow.
    Document,
    /// What was pasted is a message of the client, so there is no answer yet.
    Pasted,
    /// It says by itself all that happened: what a library said, or what was issued.
    Statement,
    /// What came cannot be read as an answer of a token endpoint.
    Unreadable,
    /// Worth knowing, and no cause.
    Remark,
}

macro_rules! as_codes {
    // One topic after the other hands its rows on.
    (from [$topic:ident $($rest:ident)*] $($rows:tt)*) => {
        $crate::diagnosis::rules::$topic::rows! { as_codes from [$($rest)*] $($rows)* }
    };
    (from [] $(
        $(#[doc = $doc:literal])+
        $code:ident = $name:literal: $topic:ident, $role:ident $(of [$($cause:ident),+])?, $look:expr;
    )+) => {
        /// What a rule can find, named after the fact.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Code {
            $($(#[doc = $doc])+ #[serde(rename = $name)] $code),+
        }

        impl Code {
            /// All of them, in the order of the rules.
            pub const ALL: &[Self] = &[$(Self::$code),+];

            /// The name in documents, locales and the command line.
            pub fn name(self) -> &'static str {
                match self { $(Self::$code => $name),+ }
            }

            /// What it is about.
            pub fn topic(self) -> Topic {
                match self { $(Self::$code => Topic::$topic),+ }
            }

            /// What it is to the explanation.
            pub fn role(self) -> Role {
                match self { $(Self::$code => Role::$role),+ }
            }

            /// The root causes that it is a sign of.
            pub fn root_causes(self) -> &'static [RootCause] {
                match self { $(Self::$code => &[$($(RootCause::$cause),+)?]),+ }
            }

            /// What it says, in the words of the documentation.
            pub fn about(self) -> String {
                let lines: &[&str] = match self { $(Self::$code => &[$($doc),+]),+ };
                lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
            }
        }
    };
}

/// The topics in their order: the more specific cause comes first.
macro_rules! topics {
    ($then:ident $($how:ident)*) => {
        $then! { $($how)* [
            listener
            transport
            device
            client_id
            http_basic
            client_secret
            credentials
            refused_credentials
            redirect_uri
            registration
            code_value
            code_use
            code_lifecycle
            pkce
            redirect
            no_redirect
            library
            answers
            response_remarks
            refresh
            token_causes
            tokens
            token
        ] }
    };
}

pub(crate) use {as_codes, topics};

topics! { as_codes from }

impl Code {
    /// True for the findings that say again what the server answered, or what was pasted, and not why: a likely cause is
    /// worth more than they are, a possible one is not.
    pub fn restates(self) -> bool {
        matches!(self.role(), Role::Refusal | Role::VagueRefusal | Role::Pasted)
            || self == Self::NoRedirectCame
    }
}
