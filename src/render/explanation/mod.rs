//! The whole explanation in order: one plain sentence, the sequence, the picture, the causes, the remedies.

mod causes;
pub mod findings;
mod what_happened;

use crate::{
    diagnosis::{
        context::{Facts, TokenExchange},
        finding::{Finding, Picture, Remedy, Topic},
        outcome::Outcome,
    },
    flow::redaction::Redactor,
    render::{
        draw,
        drawings::{http_message, sequence, token},
        explanation::{
            causes::{Told, causes, ruled_out},
            findings::{remedies, unmasked},
            what_happened::{leading, sentence, topic_of_error},
        },
        sentences,
        text::{
            layout::{self, hanging, labelled, paragraph},
            line::{Line, Tone, clean},
        },
    },
    text::catalog::Messages,
};

/// How an explanation is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// The width in terminal cells.
    pub width: usize,
    /// The width of a second column in which causes and remedies stand, where there is one.
    pub beside: Option<usize>,
    /// Show secrets in full.
    pub reveal: bool,
    /// Sentences instead of drawings, for screen readers.
    pub plain: bool,
}

impl Style {
    /// Masked drawings of that width.
    pub fn of_width(width: usize) -> Self {
        Self {
            width: width.max(layout::NARROWEST),
            beside: None,
            reveal: false,
            plain: false,
        }
    }
}

/// What a section is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SectionKind {
    /// One plain sentence.
    Sentence,
    /// Where it happened.
    Sequence,
    /// The token, when there is one.
    Token,
    /// What to look at.
    Picture(Picture),
    /// The answer itself, or the request where there is none, where no picture fits.
    Answer,
    /// Why, each with its certainty and evidence.
    Causes,
    /// What it is not.
    RuledOut,
    /// What to do.
    Remedies,
}

impl SectionKind {
    /// True for what is in the second column, where there is one.
    pub fn goes_beside(self) -> bool {
        matches!(self, Self::Causes | Self::RuledOut | Self::Remedies)
    }
}

/// A part of the explanation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// What it is about.
    pub kind: SectionKind,
    /// Its heading; empty for the sentence.
    pub heading: String,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// A remedy with the number that is its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberedRemedy {
    /// 1 to 9.
    pub number: usize,
    /// What it does.
    pub remedy: Remedy,
    /// What it says.
    pub sentence: String,
}

/// What a transcript shows, in words and drawings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The one sentence, without markup.
    pub sentence: String,
    /// The parts in the order in which they are read.
    pub sections: Vec<Section>,
    /// The remedies, best first.
    pub remedies: Vec<NumberedRemedy>,
    /// The page about the error, where the answer names one.
    page: Option<Page>,
}

/// The page about an error, written after the sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Page {
    address: String,
    /// How many lines of the first section come before it.
    behind: usize,
}

impl Explanation {
    /// The same with the address of the page about the error in one piece on a line of its own, however long, so that it can
    /// be copied from a report.
    #[must_use]
    pub fn with_whole_address(mut self, messages: &Messages) -> Self {
        if let (Some(page), Some(first)) = (&self.page, self.sections.first_mut()) {
            first.lines.truncate(page.behind);
            let label = &messages.pictures().explanation.page;
            first.lines.push(Line::new(label, Tone::Dim));
            first.lines.push(Line::new(&page.address, Tone::Plain));
        }
        self
    }

    /// All lines, with headings and an empty line between the sections.
    pub fn lines(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        for section in &self.sections {
            if !lines.is_empty() {
                lines.push(Line::default());
            }
            if !section.heading.is_empty() {
                lines.push(Line::new(&section.heading, Tone::Accent));
            }
            lines.extend(section.lines.iter().cloned());
        }
        lines
    }

    /// The section of that kind.
    pub fn section(&self, kind: SectionKind) -> Option<&Section> {
        self.sections.iter().find(|section| section.kind == kind)
    }
}

/// Explains the latest attempt by its findings.
pub fn explain(facts: &Facts<'_>, findings: &[Finding], messages: &Messages, style: Style) -> Explanation {
    let width = style.width.max(layout::NARROWEST);
    let style = Style { width, ..style };
    let prose = &messages.pictures().explanation;
    let revealed;
    let findings = if style.reveal {
        revealed = unmasked(findings, facts);
        &revealed
    } else {
        findings
    };
    let sentence = sentence(facts, findings, messages);
    let remedies = remedies(findings, messages);
    let mut first = paragraph(&sentence, Tone::Plain, width);
    let page = error_uri(facts).map(|uri| Page {
        address: clean(&Redactor::default().redact(&uri)),
        behind: first.len(),
    });
    if let Some(page) = &page {
        let label = Line::new(&prose.page, Tone::Dim);
        first.extend(labelled(label, &page.address, Tone::Dim, width));
    }
    let mut sections = vec![Section {
        kind: SectionKind::Sentence,
        heading: String::new(),
        lines: first,
    }];
    let mut add = |kind: SectionKind, heading: &str, lines: Vec<Line>| {
        if !lines.is_empty() {
            sections.push(Section {
                kind,
                heading: heading.to_owned(),
                lines,
            });
        }
    };
    let drawn = if style.plain {
        paragraph(
            &sentences::sequence(facts, &sentence, messages),
            Tone::Plain,
            width,
        )
    } else {
        sequence::draw_below(facts, &sentence, messages, width)
    };
    add(SectionKind::Sequence, &prose.sequence, drawn);
    let (kind, heading, lines) = picture(facts, findings, messages, style);
    let shown = match kind {
        SectionKind::Picture(picture) => Some(picture),
        _ => None,
    };
    let told = Told::of(&sentence, shown, &lines);
    add(kind, heading, lines);
    let width = style.beside.unwrap_or(width).max(layout::NARROWEST);
    add(
        SectionKind::Causes,
        if Outcome::of(facts) == Outcome::Token {
            &prose.remarks
        } else {
            &prose.causes
        },
        causes(findings, &told, messages, width),
    );
    add(
        SectionKind::RuledOut,
        &prose.ruled_out,
        ruled_out(findings, &told, messages, width),
    );
    let numbered = remedies
        .iter()
        .flat_map(|remedy| {
            let label = Line::new(format!(" {}", remedy.number), Tone::Accent);
            hanging(label, &remedy.sentence, Tone::Plain, 4, width)
        })
        .collect();
    add(SectionKind::Remedies, &prose.remedies, numbered);
    Explanation {
        sentence,
        sections,
        remedies,
        page,
    }
}

/// The token exchange that the explanation is about: the latest, when it belongs to the latest authorization.
pub fn latest_exchange<'f, 't>(facts: &'f Facts<'t>) -> Option<&'f TokenExchange<'t>> {
    facts.present_exchange()
}

fn picture<'m>(
    facts: &Facts<'_>,
    findings: &[Finding],
    messages: &'m Messages,
    style: Style,
) -> (SectionKind, &'m str, Vec<Line>) {
    let prose = &messages.pictures().explanation;
    if Outcome::of(facts) == Outcome::Token {
        return (
            SectionKind::Token,
            &prose.token,
            token::draw(facts, messages, style.width, style.reveal),
        );
    }
    let topic = leading(findings)
        .map(|finding| finding.code.topic())
        .or_else(|| topic_of_error(facts));
    if let Some(picture) = topic.and_then(Topic::picture) {
        let heading = match picture {
            Picture::CredentialRuler => &prose.ruler,
            Picture::RedirectComparison => &prose.comparison,
            Picture::CodeLife => &prose.life,
            Picture::RefreshLanes => &prose.refreshes,
        };
        let lines = if style.plain {
            paragraph(
                &sentences::picture(picture, facts, messages),
                Tone::Plain,
                style.width,
            )
        } else {
            draw(picture, facts, messages, style.width, style.reveal)
        };
        return (SectionKind::Picture(picture), heading, lines);
    }
    let Some(TokenExchange { exchange, .. }) = facts.present_exchange() else {
        return (SectionKind::Answer, &prose.answer, Vec::new());
    };
    let (redactor, width, reveal) = (facts.redactor(), style.width, style.reveal);
    if let Some(response) = exchange.response {
        let lines = http_message::response(response, exchange.millis, redactor, messages, width, reveal);
        return (SectionKind::Answer, &prose.answer, lines);
    }
    let lines = match exchange.request {
        // No answer was pasted, which does not mean that it is awaited.
        Some(request) if facts.is_pasted() && exchange.failure.is_none() => {
            http_message::request(request, redactor, messages, width, reveal)
        }
        _ => http_message::exchange(exchange, redactor, messages, width, reveal),
    };
    (SectionKind::Answer, &prose.request, lines)
}

fn error_uri(facts: &Facts<'_>) -> Option<String> {
    match facts.present_exchange() {
        Some(exchange) => exchange.error()?.error_uri.clone(),
        None => facts.present_redirects().last()?.response.error_uri.clone(),
    }
}
