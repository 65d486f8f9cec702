//! The tables as they are written.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::text::embedded::built_in;

/// What a message of a library says about the flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The library met an answer and does not show it.
    HidesTheAnswer,
    /// A word of the library's own, which stands for several causes.
    Word,
    /// The server's sentence, passed on without its error code.
    PassesOn,
    /// A good answer was not accepted.
    RefusesAGoodAnswer,
    /// The redirect was refused for its `iss`.
    RefusesIss,
    /// The redirect was refused for its `state`.
    StateCheck,
    /// The refusal was returned as if it were a token.
    ReturnsTheErrorAsToken,
    /// A proxy could not pass the redirect on to the program; a message of one line.
    NotPassedOn,
    /// A log of what came in, in which what the program sent cannot stand.
    HoldsTooLittle,
}

/// A message.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Its name in saved transcripts; no two rows have the same.
    pub name: String,
    /// How it is worded, in the language of `pattern`.
    pub pattern: Vec<String>,
    /// The text also holds one of these, where the wording alone could be anybody's.
    #[serde(default)]
    pub near: Vec<String>,
    /// What it says.
    pub is: Kind,
    /// More exactly; the locale has words for each.
    #[serde(default)]
    pub more: String,
    /// The library's own word.
    #[serde(default)]
    pub word: String,
    /// The error codes that it may stand for.
    #[serde(default)]
    pub means: Vec<String>,
    /// The code that shows the answer or mends the cause, where it is not the library's.
    #[serde(default)]
    pub shows: String,
    /// The versions that say so, where not all of the library's do.
    #[serde(default)]
    pub versions: String,
}

impl Row {
    /// True where the words are there that the row wants beside its own.
    pub(super) fn is_near(&self, text: &str) -> bool {
        self.near.is_empty() || self.near.iter().any(|word| text.contains(word.as_str()))
    }
}

/// What a library sends to the token endpoint, as far as it matters.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Wire {
    /// How its `User-Agent` begins.
    pub user_agent: Vec<String>,
    /// `json`, or `none` where it asks for no encoding, so that GitHub answers with a form.
    pub accept: String,
    /// Where id and secret stand: `body`, `basic`.
    pub credentials: String,
    /// `form` where the halves of the Basic pair are encoded first, as RFC 6749 asks; `raw` where not.
    pub basic: String,
    /// True where it leaves `redirect_uri` out of the token request.
    pub without_redirect_uri: bool,
    /// Why it sends a refused token request once more by itself.
    pub repeats: Option<String>,
}

/// A library, a framework, or a program that signs its users in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Library {
    /// As its users call it.
    pub name: String,
    /// Where it comes from: `npm`, `PyPI`, …
    pub from: String,
    /// The versions that were looked at.
    #[serde(default)]
    pub versions: String,
    /// True for a part of a language that many libraries use, which says nothing of the library.
    #[serde(default)]
    pub part_of_the_language: bool,
    /// The code that shows the answer.
    #[serde(default)]
    pub shows: String,
    /// What it sends.
    #[serde(default)]
    pub wire: Wire,
    /// What it says.
    #[serde(default)]
    pub message: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    library: Vec<Library>,
}

/// All libraries. The tables are read when a text is first explained.
pub fn libraries() -> impl Iterator<Item = &'static Library> {
    static TABLES: OnceLock<Vec<Table>> = OnceLock::new();
    let read = || {
        vec![
            built_in!("libraries/javascript"),
            built_in!("libraries/python"),
            built_in!("libraries/go"),
            built_in!("libraries/ruby"),
            built_in!("libraries/rust"),
            built_in!("libraries/php"),
            built_in!("libraries/java"),
            built_in!("libraries/dotnet"),
            built_in!("libraries/others"),
            built_in!("libraries/programs"),
            built_in!("libraries/logs"),
            built_in!("libraries/languages"),
        ]
    };
    TABLES.get_or_init(read).iter().flat_map(|table| &table.library)
}
