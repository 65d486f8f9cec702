//! The words in drawings and reports.

pub mod drawings;
pub mod findings;
pub mod probe;
pub mod reports;

use crate::text::catalog::{Messages, part};

impl Messages {
    /// Findings, remedies, evidence.
    pub fn findings(&self) -> &findings::FindingsProse {
        part!(self, Findings, "findings")
    }

    /// The drawings.
    pub fn pictures(&self) -> &drawings::PicturesProse {
        part!(self, Pictures, "pictures")
    }

    /// What is said before a probe.
    pub fn probe(&self) -> &probe::ProbeProse {
        part!(self, Probe, "probe")
    }

    /// Reports, and the refusal of a pasted text.
    pub fn reports(&self) -> &reports::ReportsProse {
        part!(self, Reports, "reports")
    }
}
