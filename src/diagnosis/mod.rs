//! `examine`: a transcript in, findings out. Codes and evidence, no prose.

pub mod attempts;
pub(crate) mod build;
pub mod context;
pub mod finding;
pub mod history;
pub mod libraries;
pub mod outcome;
pub mod remedy;
pub mod root_cause;
pub mod rule;
pub mod rules;

use std::borrow::Cow;

pub use crate::diagnosis::rules::refused_credentials::refusals_in_a_row;
use crate::{
    diagnosis::{
        attempts::AttemptSummary,
        context::Facts,
        finding::{Action, Certainty, Code, Finding, LONGEST_EVIDENCE, RemedyCode},
        outcome::Outcome,
    },
    flow::{
        redaction::Redactor,
        transcript::{Purpose, Transcript},
    },
};

/// What a transcript says: made once when the transcript has changed, and passed on to whatever shows it.
#[derive(Clone, Debug)]
pub struct Diagnosis<'t> {
    /// What the rules ask of the transcript.
    pub context: Facts<'t>,
    /// The findings, the most telling first.
    pub findings: Vec<Finding>,
    /// How the flow ended.
    pub outcome: Outcome,
    /// The attempts of the text that this one is from, where it holds several.
    pub attempts: Vec<AttemptSummary>,
}

impl<'t> Diagnosis<'t> {
    /// Examines a transcript.
    pub fn of(transcript: &'t Transcript) -> Self {
        let context = Facts::of(transcript);
        Self {
            findings: examine_facts(&context),
            outcome: Outcome::of(&context),
            context,
            attempts: Vec::new(),
        }
    }
}

/// What a check says about a transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is not so; with a finding of certainty [`Certainty::RuledOut`] when a fact that is worth showing disproves it.
    Fine(Option<Finding>),
    /// It is, or may be, so: a cause.
    Found(Finding),
    /// The answer says so itself: what happened, whatever the cause.
    Answered(Finding),
    /// True by elimination. Ranks below a cause with evidence of its own.
    Left(Finding),
    /// Worth a remark, and no cause of a failure.
    Noted(Finding),
    /// Nothing was seen that would tell.
    NotEnough,
}

/// One question asked of a transcript.
pub struct Check {
    /// What it looks for.
    pub code: Code,
    /// Looks.
    pub look: fn(&Facts<'_>) -> Verdict,
}

macro_rules! as_checks {
    ($(
        $(#[doc = $doc:literal])+
        $code:ident = $name:literal: $topic:ident, $role:ident $(of [$($cause:ident),+])?, $look:expr;
    )+) => {
        /// The questions of this topic.
        pub(crate) const CHECKS: &[$crate::diagnosis::Check] = &[$($crate::diagnosis::Check {
            code: $crate::diagnosis::rule::Code::$code,
            look: $look,
        }),+];
    };
}

pub(crate) use as_checks;
pub(crate) use rule::as_codes;

macro_rules! all_checks {
    ([$($topic:ident)+]) => {
        /// All checks, topic by topic.
        pub fn checks() -> impl Iterator<Item = &'static Check> {
            [$(rules::$topic::CHECKS),+].into_iter().flatten()
        }
    };
}

rule::topics! { all_checks }

/// Says what a transcript shows: the first finding is the best explanation, what is ruled out comes last.
pub fn examine(transcript: &Transcript) -> Vec<Finding> {
    examine_facts(&Facts::of(transcript))
}

/// The same for facts that were read already.
pub fn examine_facts(facts: &Facts<'_>) -> Vec<Finding> {
    let mut ranked: Vec<(Rank, Finding)> = checks()
        .filter_map(|check| {
            let verdict = (check.look)(facts);
            let found = match verdict {
                Verdict::Fine(Some(finding)) => (Rank::RuledOut, finding),
                Verdict::Found(finding) => (Rank::of(finding.certainty), finding),
                Verdict::Answered(finding) if finding.code.restates() => (Rank::Restated, finding),
                Verdict::Answered(finding) => (Rank::Answer, finding),
                Verdict::Left(finding) => (Rank::Restated, finding),
                Verdict::Noted(finding) => (Rank::Remark, finding),
                Verdict::Fine(None) | Verdict::NotEnough => return None,
            };
            debug_assert_eq!(found.1.code, check.code);
            Some(found)
        })
        .collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    let page = error_page(facts);
    let settings = facts
        .configuration()
        .and_then(|configuration| configuration.provider.settings_page());
    let mut hidden = Hidden {
        redactor: redactor(facts),
        long: Vec::new(),
    };
    ranked
        .into_iter()
        .map(|(rank, mut finding)| {
            // Of what passed a tap nothing is sent again from here.
            finding.remedies.retain(|remedy| {
                !matches!(remedy.action, Some(Action::Probe(purpose))
                    if facts.is_tapped() || was_probed(facts, purpose))
            });
            for remedy in &mut finding.remedies {
                if remedy.action.is_none() && remedy.code.is_done_in_the_settings() {
                    remedy.action = settings.clone().map(Action::OpenPage);
                }
            }
            // A server may echo a secret in its sentence.
            for evidence in &mut finding.evidence {
                if let Some(hidden) = hidden.of(&evidence.value) {
                    evidence.value = hidden;
                }
                evidence.bound();
            }
            if let Some(page) = page.as_ref().filter(|_| rank <= Rank::Possible) {
                finding = finding.mended_by(RemedyCode::OpenErrorUri, Some(Action::OpenPage(page.clone())));
            }
            finding
        })
        .collect()
}

/// True when a probe was answered that asked about the values in question: the same answer would come again.
fn was_probed(facts: &Facts<'_>, purpose: Purpose) -> bool {
    let began = facts
        .authorization
        .map_or(0, |(index, ..)| facts.transcript.entries[index].at);
    let asked_about = facts.last().map_or(0, |last| last.exchange.number);
    facts.other_exchanges.iter().any(|probe| {
        probe.purpose == purpose
            && probe.response.is_some()
            && probe.sent_at >= began
            && probe.number > asked_about
    })
}

/// Masks the values of evidence, a long one once: several findings show the same.
struct Hidden<'f> {
    redactor: Cow<'f, Redactor>,
    long: Vec<(String, Option<String>)>,
}

impl Hidden<'_> {
    /// The value with its secrets masked, if it holds any.
    fn of(&mut self, value: &str) -> Option<String> {
        let hide = |redactor: &Redactor| match redactor.redact(value) {
            Cow::Owned(hidden) => Some(hidden),
            Cow::Borrowed(_) => None,
        };
        if value.len() <= LONGEST_EVIDENCE {
            return hide(&self.redactor);
        }
        if let Some((_, hidden)) = self.long.iter().find(|(known, _)| known == value) {
            return hidden.clone();
        }
        let hidden = hide(&self.redactor);
        self.long.push((value.to_owned(), hidden.clone()));
        hidden
    }
}

/// A history of at most this many entries is searched for secrets as a whole.
const SHORT_HISTORY: usize = 16;

/// Knows the secrets of the latest attempt: its evidence speaks of no others.
fn redactor<'f>(facts: &'f Facts<'_>) -> Cow<'f, Redactor> {
    if facts.transcript.entries.len() <= SHORT_HISTORY {
        return Cow::Borrowed(facts.redactor());
    }
    let mut redactor = Redactor::default();
    if let Some((entry, ..)) = facts.authorization {
        redactor.learn_from(&facts.transcript.entries[entry].observation);
    }
    if let Some(exchange) = facts.last().map(|last| &last.exchange) {
        for entry in facts.transcript.entries_of(exchange.number) {
            redactor.learn_from(&entry.observation);
        }
    }
    Cow::Owned(redactor)
}

/// The order in which findings are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Proven,
    Answer,
    Likely,
    /// The answer once more, or what is left: not why, and certain.
    Restated,
    Possible,
    Remark,
    RuledOut,
}

impl Rank {
    fn of(certainty: Certainty) -> Self {
        match certainty {
            Certainty::Observed => Self::Proven,
            Certainty::Likely => Self::Likely,
            Certainty::Possible => Self::Possible,
            Certainty::RuledOut => Self::RuledOut,
        }
    }
}

/// The page that the latest answer names, where it is one that a browser may be sent to.
fn error_page(facts: &Facts<'_>) -> Option<String> {
    let uri = match facts.current() {
        Some(current) => current.error()?.error_uri.clone(),
        None => facts.taken_redirect()?.response.error_uri.clone(),
    }?;
    (uri.starts_with("https://") || uri.starts_with("http://")).then_some(uri)
}
