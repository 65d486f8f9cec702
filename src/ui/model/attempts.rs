//! The attempts of a sitting, or of a text that was pasted, as a list.

use std::collections::BTreeMap;

use crate::{
    diagnosis::{
        finding::{Certainty, Finding},
        history::{Examined, History},
        outcome::Outcome,
    },
    flow::transcript::{AttemptId, Transcript},
    oauth::time::Moment,
    ui::model::{Model, text_field::TextField},
};

/// A text with several attempts, of which one is on show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whole {
    /// All attempts.
    pub transcript: Transcript,
    /// The first time that the text tells of each.
    pub times: BTreeMap<AttemptId, Moment>,
    /// What was found in them.
    pub history: History,
    /// The one on show.
    pub shown: AttemptId,
}

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which attempt.
    pub attempt: AttemptId,
    /// When it began, as far as that is known.
    pub began: Option<Moment>,
    /// How it ended.
    pub outcome: Outcome,
    /// The best explanation.
    pub finding: Option<Finding>,
}

impl Row {
    /// A line for what was found in an attempt.
    pub fn new(attempt: AttemptId, began: Option<Moment>, examined: &Examined) -> Self {
        let findings = examined.findings.iter();
        let mut findings = findings.filter(|finding| finding.certainty != Certainty::RuledOut);
        Self {
            attempt,
            began,
            outcome: examined.outcome,
            finding: findings.next().cloned(),
        }
    }
}

/// The window with the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptList {
    /// The attempts, in the order in which they began.
    pub rows: Vec<Row>,
    /// So many came before these and are not listed.
    pub earlier: usize,
    /// The chosen one, by its place.
    pub chosen: usize,
    /// The one on show.
    pub shown: AttemptId,
    /// Those that are to be compared, at most two, the one marked last behind.
    pub marked: Vec<AttemptId>,
    /// The name of the chosen one, while it is typed.
    pub naming: Option<TextField>,
}

impl AttemptList {
    /// The chosen attempt.
    pub fn attempt(&self) -> Option<AttemptId> {
        self.rows.get(self.chosen).map(|row| row.attempt)
    }

    /// Chooses another one, so many further on.
    pub(crate) fn choose(&mut self, by: isize) {
        let last = self.rows.len().saturating_sub(1);
        self.chosen = self.chosen.saturating_add_signed(by).min(last);
    }

    /// Marks the chosen one, or takes its mark away. Of three the one marked first loses it.
    pub(crate) fn mark(&mut self) {
        let Some(attempt) = self.attempt() else { return };
        match self.marked.iter().position(|marked| *marked == attempt) {
            Some(at) => drop(self.marked.remove(at)),
            None => self.marked.push(attempt),
        }
        if self.marked.len() > 2 {
            self.marked.remove(0);
        }
    }

    /// The two that are to be compared, the earlier one first: those that are marked; else the chosen one with the one that
    /// is marked, with the latest that ended otherwise before it or behind it, or with its neighbour.
    pub fn pair(&self) -> Option<(AttemptId, AttemptId)> {
        let chosen = self.rows.get(self.chosen)?;
        let (one, other) = match self.marked[..] {
            [one, other, ..] => (one, other),
            [one] if one != chosen.attempt => (one, chosen.attempt),
            _ => {
                let is_good =
                    |row: &&Row| (row.outcome == Outcome::Token) != (chosen.outcome == Outcome::Token);
                let others = || self.rows.iter().filter(|row| row.attempt != chosen.attempt);
                let before = others()
                    .rev()
                    .filter(is_good)
                    .find(|row| row.attempt < chosen.attempt);
                let with = before
                    .or_else(|| others().find(is_good))
                    .or_else(|| others().rev().find(|row| row.attempt < chosen.attempt))
                    .or_else(|| others().next())?;
                (with.attempt, chosen.attempt)
            }
        };
        Some((one.min(other), one.max(other)))
    }
}

/// Two attempts side by side, and the list to go back to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// The list.
    pub list: AttemptList,
    /// The entries of the one.
    pub one: Transcript,
    /// Those of the other.
    pub other: Transcript,
}

impl Model {
    /// True where there is another attempt than the one on show.
    pub fn has_several_attempts(&self) -> bool {
        let entries = &self.flow.transcript.entries;
        let several = entries.first().map(|entry| entry.attempt) != entries.last().map(|entry| entry.attempt);
        several || self.whole.is_some() || self.looks_back.is_some()
    }
}
