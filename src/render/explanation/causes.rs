//! Why it came to this: the causes with their evidence, and what is ruled out. What is said above is not repeated.

use crate::{
    diagnosis::finding::{Certainty, Code, Evidence, Finding, Picture, Topic},
    render::{
        explanation::findings::{
            body, certainty_symbol, evidence, evidence_value, fact, title, why_ruled_out,
        },
        text::{
            layout::{hanging, indented, paragraph},
            line::{Line, Tone},
        },
    },
    text::catalog::Messages,
};

/// What a page says before it comes to the causes: the sentence, and what the picture shows.
pub(super) struct Told<'t> {
    sentence: &'t str,
    picture: Option<Picture>,
    /// The text of the picture, as it reads and in one piece.
    drawn: String,
    joined: String,
}

impl<'t> Told<'t> {
    /// The sentence and the picture of a page.
    pub fn of(sentence: &'t str, picture: Option<Picture>, lines: &[Line]) -> Self {
        let texts: Vec<String> = lines.iter().map(Line::text).collect();
        let joined = texts.iter().map(|text| text.trim()).collect();
        Self {
            sentence,
            picture,
            drawn: texts.join("\n"),
            joined,
        }
    }

    /// True for a fact that the picture shows.
    fn is_drawn(&self, evidence: &Evidence, finding: &Finding, value: &str) -> bool {
        let topic = finding.code.topic();
        let in_text =
            || holds(&self.drawn, value) || (value.chars().count() > 11 && self.joined.contains(value));
        if self.picture.is_none() {
            return in_text();
        }
        if self.picture != topic.picture() {
            return false;
        }
        let is_marked = !evidence.marks.is_empty() || !evidence.missing.is_empty();
        match self.picture {
            Some(Picture::RedirectComparison) => {
                // Two that differ are compared there; what is wrong with one alone is not marked.
                let is_compared =
                    |what: &str| what.starts_with("redirect_uri_") && what != "redirect_uri_suggested";
                let compared = finding.evidence.iter().filter(|other| is_compared(&other.what));
                is_compared(&evidence.what) && compared.count() > 1
            }
            Some(Picture::CredentialRuler) => match evidence.what.as_str() {
                "client_id_sent" | "client_secret_sent" => is_marked || in_text(),
                "length" | "position" | "character" | "expected_length" => in_text(),
                _ => false,
            },
            Some(Picture::CodeLife) => match evidence.what.as_str() {
                "code" | "code_sent" | "code_received" | "length" => in_text(),
                _ => false,
            },
            Some(Picture::RefreshLanes) => in_text(),
            None => false,
        }
    }
}

/// True for a text in which this value is, as a word of its own.
fn holds(text: &str, value: &str) -> bool {
    let inside = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !value.is_empty()
        && text.match_indices(value).any(|(at, _)| {
            let before = text[..at].chars().next_back();
            let behind = text[at + value.len()..].chars().next();
            !before.is_some_and(inside) && !behind.is_some_and(inside)
        })
}

/// The causes, each with the evidence that no line before it shows.
pub(super) fn causes(findings: &[Finding], told: &Told<'_>, messages: &Messages, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let causes = findings.iter();
    for finding in causes.filter(|finding| finding.certainty != Certainty::RuledOut) {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.extend(cause(finding, told, messages, width));
    }
    lines
}

fn cause(finding: &Finding, told: &Told<'_>, messages: &Messages, width: usize) -> Vec<Line> {
    let (symbol, mut tone) = certainty_symbol(finding.certainty);
    if finding.code.topic() == Topic::Token && tone == Tone::Bad {
        tone = Tone::Plain;
    }
    // Nothing is wrong with the flow: it is something to know when one writes a client.
    if finding.code == Code::ErrorWithStatus200 {
        tone = Tone::Dim;
    }
    let word = messages.findings().certainty.get(&finding.certainty);
    let label = Line::new(format!(" {symbol} {}", word.map_or("", String::as_str)), tone);
    let title = title(finding, messages);
    let said = finding
        .value("error")
        .is_some_and(|error| holds(told.sentence, error));
    let mut lines = if told.sentence.contains(fact(&title)) || (finding.code.restates() && said) {
        vec![label]
    } else {
        let indent = label.width() + 2;
        hanging(label, &title, Tone::Label, indent, width)
    };
    let text = body(finding, messages);
    lines.extend(indented(
        paragraph(&text, Tone::Plain, width.saturating_sub(3)),
        3,
    ));
    let is_news = |evidence: &&Evidence| {
        let value = evidence_value(evidence, messages);
        let partly_marked = !(evidence.marks.is_empty() && evidence.missing.is_empty())
            && evidence.marks != [(0, evidence.value.chars().count())];
        let in_words = || {
            [told.sentence, &title, &text]
                .iter()
                .any(|words| holds(words, &value))
        };
        !told.is_drawn(evidence, finding, &value) && (partly_marked || !in_words())
    };
    let rows: Vec<Evidence> = finding.evidence.iter().filter(is_news).cloned().collect();
    lines.extend(evidence(&rows, messages, width));
    lines
}

/// What it is not, a fact each.
pub(super) fn ruled_out(
    findings: &[Finding],
    told: &Told<'_>,
    messages: &Messages,
    width: usize,
) -> Vec<Line> {
    findings
        .iter()
        .filter(|finding| finding.certainty == Certainty::RuledOut)
        .flat_map(|finding| {
            let (symbol, tone) = certainty_symbol(finding.certainty);
            let by_answer = finding
                .value("proof")
                .is_some_and(|proof| holds(told.sentence, proof));
            // The title names the mistake, which was not made; only the fact that says so is read.
            let text = why_ruled_out(finding, by_answer, messages);
            hanging(Line::new(format!(" {symbol}"), tone), &text, tone, 3, width)
        })
        .collect()
}
