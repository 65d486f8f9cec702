//! What a check can say: a finding with its certainty, evidence, picture and remedies.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

pub use crate::diagnosis::rule::{Code, RemedyCode, Topic};

use crate::{flow::configuration::Field, oauth::secret::Secret, text::diff::Difference};

/// How sure a finding is. The order is the order of ranking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// The transcript proves it.
    Observed,
    /// The transcript speaks for it.
    Likely,
    /// Nothing speaks against it.
    Possible,
    /// The transcript disproves it. Shown with the fact that does.
    RuledOut,
}

/// The drawing that shows a finding best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Picture {
    /// Client id and secret, a cell per character.
    CredentialRuler,
    /// Registered, authorize-time, exchange-time and listening redirect URI, component by component.
    RedirectComparison,
    /// The life of the authorization code on a time line.
    CodeLife,
    /// The refreshes, a time line for each.
    RefreshLanes,
}

/// The evidence that holds the server's own words, where they are the proof.
pub const SERVER_SAYS: &str = "server_says";

/// The evidence that names the message which would decide and was not seen.
pub const NOT_SEEN: &str = "not_seen";

/// The evidence whose value is a sentence that the explanation holds; it need not be listed once more.
pub const SENTENCES: [&str; 5] = [
    "good_answer",
    "hidden_answer",
    "repeats",
    "state_check",
    "word_for",
];

/// The evidence whose value is a length of time in milliseconds; it is formatted when it is shown.
pub const DURATIONS: [&str; 14] = [
    "certificate_expired_since",
    "certificate_valid_in",
    "clock_difference",
    "code_age",
    "code_lifetime",
    "device_code_age",
    "device_code_lifetime",
    "duration",
    "pause_due",
    "pause_kept",
    "time_between",
    "token_age",
    "token_lifetime",
    "waited",
];

/// One value that bears out a finding. `what` names it (`client_secret_sent`, `status`, `position`…): the locale has a
/// label for each name, and prose refers to the value as `{what}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The name of the value, in snake case; a test holds the two lists together.
    pub what: String,
    /// The value as it may be shown: secrets are masked before they come here.
    pub value: String,
    /// The characters of `value` that matter, as character ranges `[from, to)`; empty when all of it does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<(usize, usize)>,
    /// Where characters are missing in `value`: before which character, and how many.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<(usize, usize)>,
}

/// How many characters of a value are kept as evidence.
pub(crate) const LONGEST_EVIDENCE: usize = 16 * 1024;

impl Evidence {
    /// A value that may be shown as it is.
    pub fn new(what: &str, value: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            value: value.into(),
            marks: Vec::new(),
            missing: Vec::new(),
        }
    }

    /// A secret value: masked here, once.
    pub fn secret(what: &str, value: &str) -> Self {
        Self::new(what, crate::oauth::secret::mask(value))
    }

    /// A length of time.
    pub fn duration(what: &str, millis: u64) -> Self {
        debug_assert!(DURATIONS.contains(&what));
        Self::new(what, millis.to_string())
    }

    /// The milliseconds of a length of time.
    pub fn millis(&self) -> Option<u64> {
        DURATIONS
            .contains(&self.what.as_str())
            .then(|| self.value.parse().ok())?
    }

    /// Cuts a long value to its first [`LONGEST_EVIDENCE`] characters and appends how many were left out. Secrets must be
    /// masked before: half a token can no longer be recognised as one.
    pub(crate) fn bound(&mut self) {
        if self.value.len() > LONGEST_EVIDENCE
            && let Some((end, _)) = self.value.char_indices().nth(LONGEST_EVIDENCE)
        {
            let more = self.value[end..].chars().count();
            self.value.truncate(end);
            let _ = write!(self.value, "… +{more}");
            self.marks.retain(|(from, _)| *from < LONGEST_EVIDENCE);
            for (_, to) in &mut self.marks {
                *to = (*to).min(LONGEST_EVIDENCE);
            }
            self.missing.retain(|(at, _)| *at < LONGEST_EVIDENCE);
        }
    }

    /// The same with a range of characters marked.
    #[must_use]
    pub fn marked(mut self, from: usize, to: usize) -> Self {
        match self.marks.last_mut().filter(|(_, end)| *end == from) {
            Some((_, end)) => *end = to,
            None => self.marks.push((from, to)),
        }
        self
    }

    /// The same with what departs from the value that it is held against.
    #[must_use]
    pub fn departing(mut self, difference: Difference) -> Self {
        self.marks.extend(difference.marks);
        self.missing.extend(difference.missing);
        self
    }
}

/// What oauthlens can do about a finding when a person presses the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Open the field so that its value can be edited, then go on from the right step.
    Edit(Field),
    /// Put this value into the field and go on: exchange again while the code is good, else authorize again.
    Use(Field, Secret),
    /// Exchange the same code again, leaving `redirect_uri` out.
    OmitRedirectUri,
    /// Exchange the same code again with the values as they are.
    ExchangeAgain,
    /// Start the authorization again for a new code.
    AuthorizeAgain,
    /// Start the authorization again on another port.
    AuthorizeOnAnotherPort,
    /// Paste the redirect by hand.
    PasteRedirect,
    /// Open a page in the browser.
    OpenPage(String),
    /// Register this redirect URI: put it on the clipboard and open the settings page, where one is known.
    Register(String),
    /// Send the probe that would decide the question.
    Probe(crate::flow::transcript::Purpose),
}

/// Something that mends a finding: a sentence by its code, and an action where there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// Names the sentence in the locale.
    pub code: RemedyCode,
    /// What the key does; `None` for advice that only a person can follow.
    pub action: Option<Action>,
}

/// What a transcript shows, or may show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub code: Code,
    /// How sure it is.
    pub certainty: Certainty,
    /// What bears it out, or for [`Certainty::RuledOut`] what disproves it.
    pub evidence: Vec<Evidence>,
    /// What mends it, the best first.
    pub remedies: Vec<Remedy>,
}

impl Finding {
    /// A finding without evidence yet.
    pub fn new(code: Code, certainty: Certainty) -> Self {
        Self {
            code,
            certainty,
            evidence: Vec::new(),
            remedies: Vec::new(),
        }
    }

    /// The same with one more piece of evidence.
    #[must_use]
    pub fn with(mut self, evidence: Evidence) -> Self {
        self.evidence.push(evidence);
        self
    }

    /// The same with one more remedy.
    #[must_use]
    pub fn mended_by(mut self, code: RemedyCode, action: Option<Action>) -> Self {
        self.remedies.push(Remedy { code, action });
        self
    }

    /// The value of a piece of evidence.
    pub fn value(&self, what: &str) -> Option<&str> {
        self.evidence
            .iter()
            .find(|evidence| evidence.what == what)
            .map(|evidence| evidence.value.as_str())
    }
}

/// True when the first finding proves a cause, rather than repeating what was answered or that nothing came.
pub fn is_decided(findings: &[Finding]) -> bool {
    findings
        .first()
        .is_some_and(|first| first.certainty == Certainty::Observed && !first.code.restates())
}

/// How many remedies are offered at once: a digit key each.
pub const MOST_OFFERED: usize = 9;

/// The remedies to offer for these findings, each beside the finding it mends: in the order of the findings, each once,
/// those that a key can do before those that only a person can follow, save for waiting, [`MOST_OFFERED`] at most. What is
/// ruled out is not offered to be edited.
pub fn offered(findings: &[Finding]) -> Vec<(&Finding, &Remedy)> {
    let ruled_out = |code: Code| {
        findings
            .iter()
            .any(|finding| finding.code == code && finding.certainty == Certainty::RuledOut)
    };
    // An answer offers every value that it may mean; one that is right needs no mending.
    let is_right = |finding: &Finding, remedy: &Remedy| {
        finding.code.restates()
            && match remedy.action {
                Some(Action::Edit(Field::ClientId)) => ruled_out(Code::ClientIdWrong),
                Some(Action::Edit(Field::ClientSecret)) => ruled_out(Code::ClientSecretWrong),
                Some(Action::Edit(Field::RedirectUri)) => ruled_out(Code::RedirectUriNotRegistered),
                _ => false,
            }
    };
    let mut offered: Vec<(&Finding, &Remedy)> = Vec::new();
    for finding in findings
        .iter()
        .filter(|finding| finding.certainty != Certainty::RuledOut)
    {
        for remedy in &finding.remedies {
            let known = offered.iter().any(|(_, other)| {
                // Two pieces of advice may be followed on one page.
                let same = || matches!(&other.action, Some(action) if !matches!(action, Action::OpenPage(_)));
                other.code == remedy.code || (same() && other.action == remedy.action)
            });
            if !known && !is_right(finding, remedy) {
                offered.push((finding, remedy));
            }
        }
    }
    // That nothing needs to be done is true only where nothing else is offered.
    if offered.len() > 1 {
        offered.retain(|(_, remedy)| remedy.code != RemedyCode::NothingToDo);
    }
    // Remedies without an action go last, except "wait": it must not come after "try again".
    offered.sort_by_key(|(_, remedy)| remedy.action.is_none() && remedy.code != RemedyCode::Wait);
    offered.truncate(MOST_OFFERED);
    offered
}

impl Topic {
    /// The drawing for findings of this topic.
    pub fn picture(self) -> Option<Picture> {
        match self {
            Self::Credentials => Some(Picture::CredentialRuler),
            Self::RedirectUri => Some(Picture::RedirectComparison),
            Self::Code => Some(Picture::CodeLife),
            Self::Refresh => Some(Picture::RefreshLanes),
            _ => None,
        }
    }
}
