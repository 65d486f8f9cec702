//! Prose, in two languages, as typed data: a missing or an extra key fails a test, never a user.
//!
//! Each part is parsed when it is first asked for, so that the first frame pays for nothing it does not show.

pub mod pictures;
pub mod reports;
pub mod screens;

use std::{
    collections::{BTreeMap, HashMap},
    sync::OnceLock,
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    diagnosis::finding::{Code, RemedyCode},
    flow::transcript::Disposition,
    oauth::redirect_uri::RedirectUriDefect,
    settings::Problem,
};
use pictures::PicturesProse;
use reports::ReportsProse;

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

/// The prose of one finding.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindingProse {
    /// The fact in a few words.
    pub title: String,
    /// What happened, with what evidence, and what it means. `{what}` stands for the evidence of that name.
    pub explanation: String,
    /// Why the cause is out of the question, for [`crate::diagnosis::finding::Certainty::RuledOut`].
    #[serde(default)]
    pub ruled_out: Option<String>,
}

/// Prose of findings, remedies and evidence.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindingsProse {
    /// By finding.
    pub finding: BTreeMap<Code, FindingProse>,
    /// By remedy: a sentence in the imperative.
    pub remedy: BTreeMap<RemedyCode, String>,
    /// Labels of evidence by name.
    pub evidence: BTreeMap<String, String>,
    /// Words for the four certainties: `observed`, `likely`, `possible`, `ruled_out`.
    pub certainty: BTreeMap<crate::diagnosis::finding::Certainty, String>,
}

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
    /// Said by a waiting page when nobody answers any more.
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

/// Prose of the command line: what is wrong with settings, and what `run` says while it goes on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommandLineProse {
    /// What is wrong with a setting, where it came from, what is expected and what to do next.
    pub problem: BTreeMap<Problem, String>,
    /// What is wrong with a redirect URI, as the end of a sentence.
    pub redirect_uri_defect: HashMap<RedirectUriDefect, String>,
    /// Remarks of `run` on standard error.
    pub run: RunProse,
}

/// Remarks of `run` on standard error.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunProse {
    /// Before the authorization URL.
    pub open: String,
    /// After it: the browser was asked to open it.
    pub opened: String,
    /// The browser could not be opened, for `{reason}`.
    pub not_opened: String,
    /// What is waited for: `{redirect_uri}`.
    pub waiting: String,
    /// No redirect can come here: paste it.
    pub paste: String,
    /// A redirect came and failed a check; it is still waited for another.
    pub not_taken: String,
    /// The simulator is in use.
    pub simulated: String,
    /// A deliberate defect `{fault}` is in use.
    pub fault: String,
    /// The transcript was saved to `{path}`.
    pub saved: String,
}

/// All prose of one language. Parts are parsed on first use.
#[derive(Debug)]
pub struct Messages {
    language: Language,
    findings: OnceLock<FindingsProse>,
    screens: OnceLock<screens::ScreensProse>,
    pages: OnceLock<PagesProse>,
    command_line: OnceLock<CommandLineProse>,
    pictures: OnceLock<PicturesProse>,
    reports: OnceLock<ReportsProse>,
}

macro_rules! part {
    ($self:ident, $cell:ident, $file:literal) => {
        $self.$cell.get_or_init(|| {
            parse(match $self.language {
                Language::English => include_str!(concat!("../assets/locales/en/", $file)),
                Language::SimplifiedChinese => include_str!(concat!("../assets/locales/zh-CN/", $file)),
            })
        })
    };
}

/// The files are compiled in and a test parses every one, so a failure here cannot come from a user.
fn parse<T: DeserializeOwned>(text: &str) -> T {
    toml::from_str(text).unwrap_or_else(|error| panic!("a locale file is broken: {error}"))
}

impl Messages {
    /// The prose of a language.
    pub const fn new(language: Language) -> Self {
        Self {
            language,
            findings: OnceLock::new(),
            screens: OnceLock::new(),
            pages: OnceLock::new(),
            command_line: OnceLock::new(),
            pictures: OnceLock::new(),
            reports: OnceLock::new(),
        }
    }

    /// The language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// Findings, remedies, evidence.
    pub fn findings(&self) -> &FindingsProse {
        part!(self, findings, "findings.toml")
    }

    /// The interactive screens.
    pub fn screens(&self) -> &screens::ScreensProse {
        part!(self, screens, "screens.toml")
    }

    /// Pages in the browser.
    pub fn pages(&self) -> &PagesProse {
        part!(self, pages, "pages.toml")
    }

    /// Settings errors and remarks of `run`.
    pub fn command_line(&self) -> &CommandLineProse {
        part!(self, command_line, "command_line.toml")
    }

    /// The drawings.
    pub fn pictures(&self) -> &PicturesProse {
        part!(self, pictures, "pictures.toml")
    }

    /// Reports, and the refusal of a pasted text.
    pub fn reports(&self) -> &ReportsProse {
        part!(self, reports, "reports.toml")
    }
}

/// Puts values into a text: `{name}` becomes the value that `value` gives for it; unknown names stay as they are.
pub fn fill<'v>(template: &str, value: impl Fn(&str) -> Option<&'v str>) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        rest = &rest[open..];
        let Some(close) = rest.find('}') else { break };
        match value(&rest[1..close]) {
            Some(found) => out.push_str(found),
            None => out.push_str(&rest[..=close]),
        }
        rest = &rest[close + 1..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

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
            let screens = messages.screens();
            assert_eq!(screens.note.len(), crate::app::field_check::NoteCode::ALL.len());
            for binding in crate::app::keymap::BINDINGS {
                assert!(
                    screens.action.contains_key(&binding.action),
                    "{:?}",
                    binding.action
                );
            }
            for binding in crate::app::keymap::EDITS {
                assert!(screens.editing.contains_key(binding.name), "{}", binding.name);
            }
            assert!(!messages.pages().gone.is_empty());
            assert_eq!(messages.command_line().problem.len(), Problem::ALL.len());
            assert_eq!(messages.command_line().redirect_uri_defect.len(), 7);
            assert_eq!(messages.pictures().parameter.len(), 10);
            assert!(!messages.reports().markdown.title.is_empty());
        }
    }
}
