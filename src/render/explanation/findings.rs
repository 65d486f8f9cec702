//! A finding in words: its title, what it means, its evidence, and what mends it.

use crate::{
    diagnosis::{
        context::Facts,
        finding::{Action, Certainty, Evidence, Finding, Remedy, SENTENCES, offered},
    },
    oauth::secret::{Secret, mask},
    render::{
        explanation::NumberedRemedy,
        shortened, span,
        text::{
            cells::{cells_with, value_lines},
            layout::{hanging, widest},
            line::{Line, Tone, bounded, clean},
        },
        told,
    },
    text::{
        catalog::{Messages, with_code},
        diff::Difference,
        template::fill,
    },
};

/// The title of a finding, its values filled in.
pub fn title(finding: &Finding, messages: &Messages) -> String {
    let prose = messages.findings().finding.get(&finding.code);
    prose.map_or_else(
        || finding.code.name().to_owned(),
        |prose| with_evidence(&prose.title, finding, messages),
    )
}

/// A title without the mark at its end, as it is part of a sentence.
pub(super) fn fact(title: &str) -> &str {
    title.trim_end_matches(['.', '。'])
}

/// Why a finding is ruled out. Where the answer that a page begins with is the proof, it is not quoted again.
pub(super) fn why_ruled_out(finding: &Finding, by_this_answer: bool, messages: &Messages) -> String {
    let prose = messages.findings().finding.get(&finding.code);
    let told = prose.and_then(|prose| prose.ruled_out_by_this_answer.as_ref());
    match told.filter(|_| by_this_answer) {
        Some(template) => with_evidence(template, finding, messages),
        None => body(finding, messages),
    }
}

/// The explanation of a finding, its values filled in; for one that is ruled out, why.
pub fn body(finding: &Finding, messages: &Messages) -> String {
    let Some(prose) = messages.findings().finding.get(&finding.code) else {
        return String::new();
    };
    with_evidence(prose.text(finding), finding, messages)
}

/// The sentence of a remedy; `{value}` is the value that it would put in, masked where that is a secret.
pub fn remedy_sentence(remedy: &Remedy, finding: &Finding, messages: &Messages) -> String {
    let template = messages.findings().remedy_text(remedy.code, finding.code);
    let value = match &remedy.action {
        Some(Action::Use(field, secret)) if field.is_secret() => secret.masked(),
        Some(Action::Use(_, value)) => clean(&bounded(value.reveal())),
        Some(Action::OpenPage(uri)) => told(uri),
        _ => String::new(),
    };
    let value = (!value.is_empty()).then_some(value);
    let cleaned = cleaned_evidence(finding, messages);
    fill(&template, |name| match (name, &value) {
        ("value", Some(value)) => Some(value),
        _ => find(&cleaned, name),
    })
}

/// The findings with the secrets in them as they are, for the one screen on which a person asks for that. Evidence holds
/// them masked, so each is found again among what the flow knows.
pub(super) fn unmasked(findings: &[Finding], facts: &Facts<'_>) -> Vec<Finding> {
    let mut secrets: Vec<&str> = Vec::new();
    if let Some(configuration) = facts.configuration() {
        let known = [
            &configuration.client_secret,
            &configuration.registration.client_secret,
        ];
        secrets.extend(known.into_iter().flatten().map(Secret::reveal));
    }
    for exchange in &facts.token_exchanges {
        let sent = ["client_secret", "code_verifier", "client_id"];
        secrets.extend(sent.into_iter().filter_map(|name| exchange.sent.get(name)));
    }
    let masked: Vec<(String, &str)> = secrets.into_iter().map(|secret| (mask(secret), secret)).collect();
    let mut findings = findings.to_vec();
    for evidence in findings.iter_mut().flat_map(|finding| &mut finding.evidence) {
        if let Some((_, secret)) = masked.iter().find(|(masked, _)| *masked == evidence.value) {
            evidence.value = (*secret).to_owned();
        }
    }
    findings
}

/// The value of a piece of evidence as it is read: a length of time written out, a word for a code, else what stands there.
pub fn evidence_value(evidence: &Evidence, messages: &Messages) -> String {
    if let Some(millis) = evidence.millis() {
        return span(millis, messages);
    }
    let words = messages.findings().value.get(&evidence.what);
    words
        .and_then(|words| words.get(&evidence.value))
        .cloned()
        .unwrap_or_else(|| shortened(&evidence.value))
}

fn cleaned_evidence<'e>(finding: &'e Finding, messages: &Messages) -> Vec<(&'e str, String)> {
    finding
        .evidence
        .iter()
        .map(|evidence| (evidence.what.as_str(), evidence_value(evidence, messages)))
        .collect()
}

fn find<'e>(evidence: &'e [(&str, String)], name: &str) -> Option<&'e str> {
    evidence
        .iter()
        .find(|(what, _)| *what == name)
        .map(|(_, value)| value.as_str())
}

fn with_evidence(template: &str, finding: &Finding, messages: &Messages) -> String {
    let cleaned = cleaned_evidence(finding, messages);
    fill(&with_code(template), |name| find(&cleaned, name))
}

pub(super) fn remedies(findings: &[Finding], messages: &Messages) -> Vec<NumberedRemedy> {
    offered(findings)
        .into_iter()
        .enumerate()
        .map(|(at, (finding, remedy))| NumberedRemedy {
            number: at + 1,
            remedy: remedy.clone(),
            sentence: remedy_sentence(remedy, finding, messages),
        })
        .collect()
}

/// The symbol and the tone of a certainty: fuller the surer.
pub fn certainty_symbol(certainty: Certainty) -> (&'static str, Tone) {
    match certainty {
        Certainty::Observed => ("●", Tone::Bad),
        Certainty::Likely => ("◐", Tone::Warn),
        Certainty::Possible => ("○", Tone::Plain),
        // No tick: that one mistake was not made does not make the value right.
        Certainty::RuledOut => ("·", Tone::Dim),
    }
}

/// Evidence, a value a row, the characters that matter marked.
pub fn evidence(evidence: &[Evidence], messages: &Messages, width: usize) -> Vec<Line> {
    let evidence: Vec<&Evidence> = evidence
        .iter()
        .filter(|evidence| !SENTENCES.contains(&evidence.what.as_str()))
        .collect();
    let labels: Vec<String> = evidence.iter().map(|e| evidence_label(e, messages)).collect();
    let indent = (widest(labels.iter().map(String::as_str)) + 5).min(width / 2);
    let mut lines = Vec::new();
    for (evidence, label) in evidence.iter().zip(&labels) {
        let label = Line::new("   ", Tone::Plain).then(label, Tone::Dim);
        if evidence.marks.is_empty() && evidence.missing.is_empty() {
            lines.extend(hanging(
                label,
                &evidence_value(evidence, messages),
                Tone::Value,
                indent,
                width,
            ));
            continue;
        }
        let difference = Difference {
            marks: evidence.marks.clone(),
            missing: evidence.missing.clone(),
        };
        let shown = cells_with(&evidence.value, &difference);
        let label = if label.width() + 1 > indent {
            lines.push(label);
            Line::default()
        } else {
            label
        };
        lines.extend(value_lines(label, &shown, Tone::Value, indent, width));
    }
    lines
}

/// The label of a piece of evidence.
pub fn evidence_label(evidence: &Evidence, messages: &Messages) -> String {
    messages
        .findings()
        .evidence
        .get(&evidence.what)
        .cloned()
        .unwrap_or_else(|| evidence.what.clone())
}
