//! Why a walkthrough file was rejected: the reason, what it is about, and the line.

use serde::{Deserialize, Serialize};

macro_rules! reasons {
    ($($(#[$doc:meta])+ $variant:ident),+ $(,)?) => {
        /// What is wrong. The sentence for it is in the locale; `{name}` in it is filled from [`Refusal::values`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Reason { $($(#[$doc])+ $variant),+ }

        impl Reason {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];
        }
    };
}

reasons! {
    /// The bytes are not UTF-8.
    NotUtf8,
    /// The text is not TOML: the parser's words.
    NotToml,
    /// A key that is not known there; those that are.
    UnknownKey,
    /// A key is missing at the top of the file.
    Missing,
    /// A key is missing in a step.
    MissingInStep,
    /// A key is missing in a choice.
    MissingInChoice,
    /// A value that should be a text.
    NotAText,
    /// A value that should be a word in quotes.
    NotAWord,
    /// A value that should be a whole number.
    NotANumber,
    /// A value that should be `true` or `false`.
    NotASwitch,
    /// A value that should be a list of words.
    NotAList,
    /// A value that should be a table.
    NotATable,
    /// Something that should be written with doubled brackets.
    NotTables,
    /// A text has nothing in it.
    Empty,
    /// A text in a language that is not known; those that are.
    UnknownLanguage,
    /// A text by language without English.
    NoEnglish,
    /// A word that is not one of those allowed here.
    UnknownWord,
    /// A format number that this version does not know.
    Format,
    /// The name is empty or holds something else than letters, digits, `-` and `_`.
    Name,
    /// The name is that of the built-in walkthrough.
    NameTaken,
    /// A URI of the provider is not absolute.
    NotAbsolute,
    /// There is no step.
    NoSteps,
    /// A choice comes before the first step.
    ChoiceBeforeStep,
    /// `run` names no fault; the nearest name there is.
    UnknownFault,
    /// `until` is beside a fault, which runs to its end.
    UntilBesideFault,
    /// `until` where no flow runs.
    UntilWithoutRun,
    /// A drawing of a flow where none runs.
    ShowWithoutRun,
    /// A drawing of something that this flow does not come to.
    ShowImpossible,
    /// A question has fewer than two answers.
    TooFewChoices,
    /// A question has more than nine answers.
    TooManyChoices,
    /// A question has no right answer, or several.
    RightChoices,
    /// Answers without a question.
    ChoiceWithoutQuestion,
    /// `mend` without a question.
    MendWithoutQuestion,
    /// `mend` is beside a flow that is not broken.
    MendOfGood,
    /// A question about a broken flow has no `mend`.
    MendMissing,
    /// `own_app` is at another step than the last.
    OwnAppNotLast,
}

/// A file that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The line it is about, counted from 1.
    pub line: usize,
    /// That line, as written in the file.
    pub excerpt: String,
    /// Why.
    pub reason: Reason,
    /// What the reason is about, by name.
    pub values: Vec<(&'static str, String)>,
}

/// A refusal that knows its place in the text and not yet its line.
#[derive(Debug)]
pub(crate) struct Mistake {
    pub(crate) at: usize,
    pub(crate) reason: Reason,
    pub(crate) values: Vec<(&'static str, String)>,
}

impl Mistake {
    pub(crate) fn new(at: usize, reason: Reason) -> Self {
        Self {
            at,
            reason,
            values: Vec::new(),
        }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.values.push((name, value.into()));
        self
    }

    pub(crate) fn in_text(self, text: &str) -> Refusal {
        let before = &text.as_bytes()[..self.at.min(text.len())];
        let line = before.split(|byte| *byte == b'\n').count();
        Refusal {
            line,
            excerpt: text.lines().nth(line - 1).unwrap_or_default().to_owned(),
            reason: self.reason,
            values: self.values,
        }
    }
}
