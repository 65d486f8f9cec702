//! The words for findings, remedies and evidence.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::{
    diagnosis::finding::{Certainty, Code, Finding, NOT_SEEN, RemedyCode, SERVER_SAYS},
    text::{catalog::with_code, template::fill},
};

/// The prose of one finding.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindingProse {
    /// The fact in a few words.
    pub title: String,
    /// What happened, with what evidence, and what it means. `{what}` stands for the evidence of that name.
    pub explanation: String,
    /// Why the cause is out of the question, for [`Certainty::RuledOut`].
    #[serde(default)]
    pub ruled_out: Option<String>,
    /// The same where the answer that the page begins with is the proof.
    #[serde(default)]
    pub ruled_out_by_this_answer: Option<String>,
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
    /// The sentence of a remedy for a finding, its values not yet filled in, with [`CODE`](crate::text::catalog::CODE) around what is code.
    pub fn remedy_text(&self, remedy: RemedyCode, finding: Code) -> String {
        let text = self.remedy.get(&remedy).map_or(remedy.name(), String::as_str);
        let repair = self.repair.get(&finding);
        fill(&with_code(text), |name| match name {
            "repair" => repair.map(String::as_str),
            _ => None,
        })
    }
}
