//! The whole explanation in order: one plain sentence, the sequence, the picture, the causes, the remedies.

use crate::{
    diagnosis::{
        context::{Facts, TokenExchange},
        finding::{
            Action, Certainty, Code, Evidence, Finding, NOT_SEEN, Picture, Remedy, SENTENCES, Topic, offered,
        },
        outcome::Outcome,
    },
    flow::{
        redaction::Redactor,
        transcript::{BrowserShows, Observation},
    },
    oauth::secret::{Secret, mask},
    providers::github::formats::token_kind,
    render::{
        draw,
        drawings::{http_message, sequence, token},
        present_exchange, sentences, shortened, span,
        text::{
            layout::{self, cells_with, hanging, indented, labelled, paragraph, value_lines, widest},
            line::{Line, Tone, bounded, clean},
        },
        told,
    },
    text::{
        catalog::{Messages, with_code},
        diff::Difference,
        template::{fill, filled},
    },
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
    /// The answer itself, where no picture fits.
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
        paragraph(&sentences::sequence(facts, messages), Tone::Plain, width)
    } else {
        sequence::draw(facts, messages, width)
    };
    add(SectionKind::Sequence, &prose.sequence, drawn);
    let (kind, heading, lines) = picture(facts, findings, messages, style);
    add(kind, heading, lines);
    let width = style.beside.unwrap_or(width).max(layout::NARROWEST);
    add(
        SectionKind::Causes,
        if Outcome::of(facts) == Outcome::Token {
            &prose.remarks
        } else {
            &prose.causes
        },
        causes(findings, &sentence, messages, width),
    );
    add(
        SectionKind::RuledOut,
        &prose.ruled_out,
        ruled_out(findings, messages, width),
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
    present_exchange(facts)
}

/// The first finding that is not ruled out.
fn leading(findings: &[Finding]) -> Option<&Finding> {
    findings
        .iter()
        .find(|finding| finding.certainty != Certainty::RuledOut)
}

/// The first finding that says more than the answer does. What is only possible is named where something was seen that
/// speaks for it, and once there is something to explain.
fn first_cause<'f>(facts: &Facts<'_>, findings: &'f [Finding]) -> Option<&'f Finding> {
    let ended = Outcome::of(facts) != Outcome::Unanswered || facts.waiting_ended();
    let says_why = |finding: &&Finding| match finding.certainty {
        Certainty::Observed | Certainty::Likely => !finding.code.restates(),
        Certainty::Possible => {
            ended && finding.value(NOT_SEEN).is_none() && finding.code != Code::RedirectUriMayDiffer
        }
        Certainty::RuledOut => false,
    };
    let leading = leading(findings)?;
    if says_why(&leading) {
        return Some(leading);
    }
    let doubtful = |finding: &&Finding| finding.certainty > Certainty::Observed && says_why(finding);
    findings.iter().find(doubtful)
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
    let lines = present_exchange(facts).map_or_else(Vec::new, |exchange| {
        let redactor = facts.redactor();
        match exchange.exchange.response {
            Some(response) => {
                let millis = exchange.exchange.millis;
                http_message::response(response, millis, redactor, messages, style.width, style.reveal)
            }
            None => http_message::exchange(&exchange.exchange, redactor, messages, style.width, style.reveal),
        }
    });
    (SectionKind::Answer, &prose.answer, lines)
}

/// The topic of a refusal by its code, where no finding says more.
fn topic_of_error(facts: &Facts<'_>) -> Option<Topic> {
    let meaning = present_exchange(facts)?.meaning()?;
    matches!(
        meaning,
        Code::CredentialsRefused | Code::RedirectUriRefused | Code::CodeRefused
    )
    .then(|| meaning.topic())
}

fn error_uri(facts: &Facts<'_>) -> Option<String> {
    match present_exchange(facts) {
        Some(exchange) => exchange.error()?.error_uri.clone(),
        None => facts.present_redirects().last()?.response.error_uri.clone(),
    }
}

/// What happened, in one sentence, with the first cause and how sure it is.
fn sentence(facts: &Facts<'_>, findings: &[Finding], messages: &Messages) -> String {
    let prose = &messages.pictures().explanation;
    let happened = what_happened(facts, findings, messages);
    let cause = first_cause(facts, findings)
        .filter(|_| Outcome::of(facts) != Outcome::Token)
        .filter(|finding| finding.code.topic() != Topic::Transport)
        .filter(|finding| Some(finding.code) != stands_for_itself(findings))
        .map(|finding| (finding.certainty, title(finding, messages)));
    match cause {
        Some((certainty, cause)) => {
            let cause = cause.trim_end_matches(['.', '。']);
            let because = match certainty {
                Certainty::Observed => &prose.because,
                Certainty::Likely => &prose.because_likely,
                Certainty::Possible | Certainty::RuledOut => &prose.because_possible,
            };
            filled(because, &[("sentence", &happened), ("cause", cause)])
        }
        None => filled(&prose.alone, &[("sentence", &happened)]),
    }
}

/// The finding that says what a pasted text is, or what a library said, where that is all that happened.
fn stands_for_itself(findings: &[Finding]) -> Option<Code> {
    let library = leading(findings).map(|finding| finding.code).filter(|code| {
        matches!(
            code,
            Code::LibraryRefusesGoodAnswer
                | Code::LibraryRefusesIss
                | Code::LibraryStateCheck
                | Code::LibraryReturnsError
                | Code::LibraryWord
                | Code::LibraryHidesAnswer
        )
    });
    library.or_else(|| {
        findings.iter().map(|finding| finding.code).find(|code| {
            matches!(
                code,
                Code::TokenRequestPasted
                    | Code::AuthorizationRequestPasted
                    | Code::RedirectPasted
                    | Code::DeviceCodeIssued
            )
        })
    })
}

fn what_happened(facts: &Facts<'_>, findings: &[Finding], messages: &Messages) -> String {
    let words = messages.pictures();
    let prose = &words.explanation;
    let provider = facts
        .configuration()
        .map(|c| clean(&c.provider.name))
        .filter(|name| !name.is_empty());
    let provider = provider.as_deref().unwrap_or(&prose.the_server);
    let exchange = present_exchange(facts);
    if let Some(code) = stands_for_itself(findings)
        && let Some(finding) = findings.iter().find(|finding| finding.code == code)
    {
        return title(finding, messages).trim_end_matches(['.', '。']).to_owned();
    }
    let with =
        |template: &str, name: &str, value: &str| filled(template, &[("provider", provider), (name, value)]);
    match Outcome::of(facts) {
        Outcome::Token => {
            let kind = exchange
                .and_then(|e| e.token())
                .map(|token| token_kind(token.access_token.reveal()));
            let kind = kind.map(|kind| words.token_kind.of(&kind)).unwrap_or_default();
            with(&prose.token_obtained, "kind", kind)
        }
        Outcome::Refused => match exchange.and_then(|e| e.error()) {
            Some(error) => {
                let topic = topic_of_error(facts).or_else(|| leading(findings).map(|f| f.code.topic()));
                let template = match topic {
                    Some(Topic::Credentials) => &prose.credentials_refused,
                    Some(Topic::RedirectUri) => &prose.redirect_uri_refused,
                    Some(Topic::Code) => &prose.code_refused,
                    _ => &prose.otherwise_refused,
                };
                with(template, "error", &told(&error.error))
            }
            None => match exchange.and_then(|e| e.exchange.response) {
                Some(response) => {
                    let status = sequence::status_words(response.status, messages);
                    with(&prose.turned_away, "status", &status)
                }
                None => refused_redirect(facts, provider, messages),
            },
        },
        Outcome::Unrecognised => {
            let encoding = exchange
                .and_then(|e| e.reading.as_ref())
                .map(|reading| reading.encoding);
            let encoding = encoding
                .map(|encoding| words.encoding.of(&encoding))
                .unwrap_or_default();
            with(&prose.not_a_token_response, "encoding", encoding)
        }
        Outcome::Unanswered => unanswered(facts, provider, messages),
    }
}

fn refused_redirect(facts: &Facts<'_>, provider: &str, messages: &Messages) -> String {
    let words = messages.pictures();
    let redirects = facts.present_redirects();
    let Some(redirect) = redirects
        .filter(|r| r.disposition.is_refused() || r.response.error.is_some())
        .last()
    else {
        return stopped_at_a_page(facts, provider, messages);
    };
    match &redirect.response.error {
        Some(error) => filled(
            &words.explanation.authorization_refused,
            &[("provider", provider), ("error", &told(error))],
        ),
        None => filled(
            &words.explanation.redirect_refused,
            &[("reason", words.disposition.of(&redirect.disposition))],
        ),
    }
}

/// The authorization server kept the browser: no redirect came at all.
fn stopped_at_a_page(facts: &Facts<'_>, provider: &str, messages: &Messages) -> String {
    let words = messages.pictures();
    let entries = facts.transcript.entries.iter().rev();
    let status = entries
        .map(|entry| &entry.observation)
        .find_map(|seen| match seen {
            Observation::PageSeen { status, .. } => Some(sequence::status_words(*status, messages)),
            _ => None,
        });
    match status {
        Some(status) => filled(
            &words.explanation.stopped_at_a_page,
            &[("provider", provider), ("status", &status)],
        ),
        None if facts.reported().is_some_and(BrowserShows::is_refusal) => {
            filled(&words.explanation.reported_refusal, &[("provider", provider)])
        }
        None => words.explanation.nothing_yet.clone(),
    }
}

fn unanswered(facts: &Facts<'_>, provider: &str, messages: &Messages) -> String {
    let words = messages.pictures();
    let prose = &words.explanation;
    let exchange = present_exchange(facts).map(|e| e.exchange);
    if let Some(response) = exchange.and_then(|exchange| exchange.response) {
        let status = sequence::status_words(response.status, messages);
        return filled(&prose.no_token_response, &[("status", &status)]);
    }
    let failure = exchange.and_then(|exchange| exchange.failure);
    let waited = facts
        .transcript
        .entries
        .iter()
        .rev()
        .find_map(|entry| match &entry.observation {
            Observation::RedirectTimedOut { seconds } => Some(*seconds),
            Observation::AuthorizationStarted { .. } => Some(0),
            _ => None,
        });
    match (failure, waited) {
        (Some(failure), _) => {
            let reason = words.failure.of(&failure.kind);
            filled(&prose.unanswered, &[("provider", provider), ("reason", reason)])
        }
        (None, Some(seconds)) if seconds > 0 => {
            filled(&prose.no_redirect_within, &[("seconds", &seconds.to_string())])
        }
        _ if facts.no_redirect() && facts.waiting_ended() => prose.waiting_stopped.clone(),
        _ => prose.nothing_yet.clone(),
    }
}

/// The title of a finding, its values filled in.
pub fn title(finding: &Finding, messages: &Messages) -> String {
    let prose = messages.findings().finding.get(&finding.code);
    prose.map_or_else(
        || finding.code.name().to_owned(),
        |prose| with_evidence(&prose.title, finding, messages),
    )
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
fn unmasked(findings: &[Finding], facts: &Facts<'_>) -> Vec<Finding> {
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

fn remedies(findings: &[Finding], messages: &Messages) -> Vec<NumberedRemedy> {
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

/// The causes. What `said` already is no row of evidence once more.
fn causes(findings: &[Finding], said: &str, messages: &Messages, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    for finding in findings
        .iter()
        .filter(|finding| finding.certainty != Certainty::RuledOut)
    {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        let (symbol, mut tone) = certainty_symbol(finding.certainty);
        if finding.code.topic() == Topic::Token && tone == Tone::Bad {
            tone = Tone::Plain;
        }
        // Nothing is wrong with the flow: it is something to know when one writes a client.
        if finding.code == Code::ErrorWithStatus200 {
            tone = Tone::Dim;
        }
        let word = messages
            .findings()
            .certainty
            .get(&finding.certainty)
            .cloned()
            .unwrap_or_default();
        let label = Line::new(format!(" {symbol} {word}"), tone);
        let indent = label.width() + 2;
        lines.extend(hanging(
            label,
            &title(finding, messages),
            Tone::Label,
            indent,
            width,
        ));
        lines.extend(indented(
            paragraph(&body(finding, messages), Tone::Plain, width - 3),
            3,
        ));
        let is_news = |evidence: &&Evidence| evidence.what != "error" || !said.contains(&evidence.value);
        let rows: Vec<Evidence> = finding.evidence.iter().filter(is_news).cloned().collect();
        lines.extend(evidence(&rows, messages, width));
    }
    lines
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

fn ruled_out(findings: &[Finding], messages: &Messages, width: usize) -> Vec<Line> {
    findings
        .iter()
        .filter(|finding| finding.certainty == Certainty::RuledOut)
        .flat_map(|finding| {
            let (symbol, tone) = certainty_symbol(finding.certainty);
            // The title names the mistake, which was not made; only the fact that says so is read.
            let text = body(finding, messages);
            hanging(Line::new(format!(" {symbol}"), tone), &text, tone, 3, width)
        })
        .collect()
}
