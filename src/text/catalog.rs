//! Prose, in two languages, as typed data: a missing or an extra key fails a test, never a user.
//!
//! Each part is parsed when it is first asked for, so that the first frame pays for nothing it does not show; and what it does
//! show is compiled ([`first_screen`]).

use std::{collections::BTreeMap, sync::OnceLock};

use serde::{Deserialize, Serialize};

use crate::{
    cli::words::{help, messages::CommandLineProse},
    diagnosis::finding::{Certainty, Code, Finding, NOT_SEEN, RemedyCode, SERVER_SAYS},
    io::words::PagesProse,
    render::words::{drawings::PicturesProse, probe, reports::ReportsProse},
    text::{embedded::built_in, template::fill},
    ui::words::{first_screen, lab, screens},
};

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
    /// The explanation where the server's own words are the proof, which then are in the evidence [`SERVER_SAYS`].
    #[serde(default)]
    pub said: Option<String>,
    /// The explanation where a message that would decide was not seen, which the evidence [`NOT_SEEN`] then names.
    #[serde(default)]
    pub unseen: Option<String>,
}

impl FindingProse {
    /// The text that explains this finding, its values not yet filled in.
    pub fn text(&self, finding: &Finding) -> &str {
        let variant = if finding.certainty == Certainty::RuledOut {
            &self.ruled_out
        } else if finding.value(SERVER_SAYS).is_some() {
            &self.said
        } else if finding.value(NOT_SEEN).is_some() {
            &self.unseen
        } else {
            &None
        };
        variant.as_ref().unwrap_or(&self.explanation)
    }
}

/// Prose of findings, remedies and evidence.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindingsProse {
    /// By finding.
    pub finding: BTreeMap<Code, FindingProse>,
    /// By remedy: a sentence in the imperative. `{repair}` stands for what [`Self::repair`] says.
    pub remedy: BTreeMap<RemedyCode, String>,
    /// By finding: what the remedy that uses the cleaned value does to it.
    pub repair: BTreeMap<Code, String>,
    /// Labels of evidence by name.
    pub evidence: BTreeMap<String, String>,
    /// Words for the four certainties: `observed`, `likely`, `possible`, `ruled_out`.
    pub certainty: BTreeMap<Certainty, String>,
    /// Words for values that are codes, by evidence and value.
    pub value: BTreeMap<String, BTreeMap<String, String>>,
}

impl FindingsProse {
    /// The sentence of a remedy for a finding, its values not yet filled in, with [`CODE`] around what is code.
    pub fn remedy_text(&self, remedy: RemedyCode, finding: Code) -> String {
        let text = self.remedy.get(&remedy).map_or(remedy.name(), String::as_str);
        let repair = self.repair.get(&finding);
        fill(&with_code(text), |name| match name {
            "repair" => repair.map(String::as_str),
            _ => None,
        })
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

/// All prose of one language. Parts are parsed on first use, and take no room until then.
#[derive(Debug)]
pub struct Messages {
    language: Language,
    findings: OnceLock<Box<FindingsProse>>,
    screens: OnceLock<Box<screens::ScreensProse>>,
    pages: OnceLock<Box<PagesProse>>,
    command_line: OnceLock<Box<CommandLineProse>>,
    help: OnceLock<Box<help::HelpProse>>,
    lab: OnceLock<Box<lab::LabProse>>,
    pictures: OnceLock<Box<PicturesProse>>,
    probe: OnceLock<Box<probe::ProbeProse>>,
    reports: OnceLock<Box<ReportsProse>>,
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

macro_rules! part {
    ($self:ident, $cell:ident, $file:literal) => {
        $self.$cell.get_or_init(|| {
            Box::new(match $self.language {
                Language::English => built_in!("locales/en/", $file),
                Language::SimplifiedChinese => built_in!("locales/zh-CN/", $file),
            })
        })
    };
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
            help: OnceLock::new(),
            lab: OnceLock::new(),
            pictures: OnceLock::new(),
            probe: OnceLock::new(),
            reports: OnceLock::new(),
        }
    }

    /// The language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// True while no part had to be read.
    #[cfg(test)]
    pub(crate) fn has_read_nothing(&self) -> bool {
        let Self {
            language: _,
            findings,
            screens,
            pages,
            command_line,
            help,
            lab,
            pictures,
            probe,
            reports,
        } = self;
        findings.get().is_none()
            && screens.get().is_none()
            && pages.get().is_none()
            && command_line.get().is_none()
            && help.get().is_none()
            && lab.get().is_none()
            && pictures.get().is_none()
            && probe.get().is_none()
            && reports.get().is_none()
    }

    /// Findings, remedies, evidence.
    pub fn findings(&self) -> &FindingsProse {
        part!(self, findings, "findings")
    }

    /// Help, and what is wrong with a command line.
    pub fn help(&self) -> &help::HelpProse {
        part!(self, help, "help")
    }

    /// The laboratory.
    pub fn lab(&self) -> &lab::LabProse {
        part!(self, lab, "lab")
    }

    /// The frame around every screen, and the first screen.
    pub fn opening(&self) -> &'static first_screen::OpeningProse {
        match self.language {
            Language::English => &first_screen::ENGLISH,
            Language::SimplifiedChinese => &first_screen::CHINESE,
        }
    }

    /// The screens behind the first one.
    pub fn screens(&self) -> &screens::ScreensProse {
        part!(self, screens, "screens")
    }

    /// Pages in the browser.
    pub fn pages(&self) -> &PagesProse {
        part!(self, pages, "pages")
    }

    /// Settings errors and remarks of `run`.
    pub fn command_line(&self) -> &CommandLineProse {
        part!(self, command_line, "command_line")
    }

    /// The drawings.
    pub fn pictures(&self) -> &PicturesProse {
        part!(self, pictures, "pictures")
    }

    /// What is said before a probe.
    pub fn probe(&self) -> &probe::ProbeProse {
        part!(self, probe, "probe")
    }

    /// Reports, and the refusal of a pasted text.
    pub fn reports(&self) -> &ReportsProse {
        part!(self, reports, "reports")
    }
}

#[cfg(test)]
mod tests {
    use crate::text::catalog::*;

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
