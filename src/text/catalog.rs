//! Prose, in two languages, as typed data: a missing or an extra key fails a test, never a user.
//!
//! Each part is parsed when it is first asked for, so that the first frame pays for nothing it does not show; and what it does
//! show is compiled (`ui::words::first_screen`).

use std::{any::Any, sync::OnceLock};

use serde::{Deserialize, Serialize};

/// A language that oauthlens speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// Simplified Chinese.
    #[serde(rename = "zh-CN")]
    SimplifiedChinese,
}

impl Language {
    /// Both.
    pub const ALL: [Self; 2] = [Self::English, Self::SimplifiedChinese];

    /// The BCP 47 tag, as `--lang` takes it and HTML wants it.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::SimplifiedChinese => "zh-CN",
        }
    }

    /// Chooses by a locale name as systems write it: `zh_CN.UTF-8`, `zh-Hans`, `en_GB`, `C`. Any Chinese gives
    /// Simplified Chinese, everything else English.
    pub fn from_locale(name: &str) -> Self {
        if name.to_ascii_lowercase().starts_with("zh") {
            Self::SimplifiedChinese
        } else {
            Self::English
        }
    }
}

/// Stands around what is code in a text that is filled in, in place of the backticks of the locale file: it has no width,
/// no line breaks at it, and no text from outside holds it, since those are cleaned of what cannot be seen.
pub const CODE: char = '\u{2060}';

/// A template whose backticks are [`CODE`], so that those of the values filled in stay what they are.
pub fn with_code(template: &str) -> String {
    template.replace('`', "\u{2060}")
}

/// The same text with backticks again, for readers that know what they mean.
pub fn with_backticks(text: &str) -> String {
    text.replace(CODE, "`")
}

/// A file of words for each language. Its texts, and the method of [`Messages`] that gives them, are in the room that says
/// them, so that the catalog knows no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Findings,
    Screens,
    Pages,
    CommandLine,
    Help,
    Lab,
    Pictures,
    Probe,
    Reports,
}

impl Part {
    const COUNT: usize = Self::Reports as usize + 1;
}

/// All prose of one language. Parts are parsed on first use, and take no room until then.
#[derive(Debug)]
pub struct Messages {
    language: Language,
    parts: [OnceLock<Box<dyn Any + Send + Sync>>; Part::COUNT],
}

/// A struct of texts, each under its name in the locale file.
macro_rules! texts {
    ($(#[$doc:meta])* $name:ident { $($field:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $(#[doc = concat!("`", stringify!($field), "` in the locale file.")] pub $field: String),+
        }
    };
}
pub(crate) use texts;

/// The words of a part, as the method of [`Messages`] that gives them reads them.
macro_rules! part {
    ($messages:ident, $part:ident, $file:literal) => {
        $messages.part($crate::text::catalog::Part::$part, |language| match language {
            $crate::text::catalog::Language::English => {
                $crate::text::embedded::built_in!("locales/en/", $file)
            }
            $crate::text::catalog::Language::SimplifiedChinese => {
                $crate::text::embedded::built_in!("locales/zh-CN/", $file)
            }
        })
    };
}
pub(crate) use part;

impl Messages {
    /// The prose of a language.
    pub const fn new(language: Language) -> Self {
        Self {
            language,
            parts: [const { OnceLock::new() }; Part::COUNT],
        }
    }

    /// The language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// True while no part had to be read.
    #[cfg(test)]
    pub(crate) fn has_read_nothing(&self) -> bool {
        self.parts.iter().all(|part| part.get().is_none())
    }

    /// The words of a part, read when they are first asked for.
    ///
    /// # Panics
    /// Two methods ask for the same part as different types.
    pub(crate) fn part<T: Any + Send + Sync>(&self, part: Part, read: fn(Language) -> T) -> &T {
        self.parts[part as usize]
            .get_or_init(|| Box::new(read(self.language)))
            .downcast_ref()
            .expect("a part is always read as the same type")
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        diagnosis::finding::{Code, RemedyCode},
        text::{catalog::*, template::fill},
    };

    #[test]
    fn languages_from_system_names() {
        for (name, language) in [
            ("zh_CN.UTF-8", Language::SimplifiedChinese),
            ("zh-Hans", Language::SimplifiedChinese),
            ("en_GB.UTF-8", Language::English),
            ("C", Language::English),
            ("", Language::English),
        ] {
            assert_eq!(Language::from_locale(name), language, "{name}");
        }
    }

    #[test]
    fn templates_are_filled() {
        let value = |name: &str| (name == "a").then_some("1");
        assert_eq!(fill("x {a} {b} {", value), "x 1 {b} {");
    }

    #[test]
    fn every_part_of_every_language_parses() {
        for language in Language::ALL {
            let messages = Messages::new(language);
            assert_eq!(messages.findings().finding.len(), Code::ALL.len());
            assert_eq!(messages.findings().remedy.len(), RemedyCode::ALL.len());
            for fault in crate::lab::faults::Fault::ALL {
                assert!(
                    messages.lab().fault.contains_key(fault.name()),
                    "{}",
                    fault.name()
                );
            }
            assert_eq!(messages.lab().fault.len(), crate::lab::faults::Fault::ALL.len());
            assert_eq!(messages.lab().group.len(), crate::lab::faults::Group::ALL.len());
            assert_eq!(
                messages.lab().prediction.len(),
                crate::ui::update::lab::Prediction::ALL.len()
            );
            let screens = messages.screens();
            for binding in crate::ui::keys::BINDINGS {
                let action = binding.action;
                assert!(screens.key_help.contains_key(&action), "{action:?}");
            }
            for binding in crate::ui::keys::EDITS {
                assert!(screens.editing.contains_key(binding.name), "{}", binding.name);
            }
            assert!(!messages.pages().gone.is_empty());
            assert_eq!(
                messages.command_line().problem.len(),
                crate::cli::settings::Problem::ALL.len()
            );
            assert_eq!(
                messages.command_line().walkthrough.len(),
                crate::lab::walkthrough::error::Reason::ALL.len()
            );
            assert_eq!(messages.command_line().redirect_uri_defect.len(), 7);
            assert_eq!(messages.pictures().parameter.len(), 10);
            assert!(!messages.probe().title.is_empty());
            assert!(!messages.reports().markdown.title.is_empty());
        }
    }
}
