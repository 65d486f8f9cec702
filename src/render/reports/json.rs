//! The JSON document of `--json`.

use serde::Serialize;

use crate::{
    diagnosis::{
        Diagnosis,
        context::{Facts, TokenExchange},
        finding::{Certainty, Code, Finding, RemedyCode},
        outcome::Outcome,
    },
    flow::transcript::Transcript,
    oauth::token::ErrorResponse,
    providers::github::formats::token_prefix,
    render::{
        drawings::token,
        explanation::{
            self,
            findings::{body, remedy_sentence, title},
        },
        text::line::{clean, harmless_json},
    },
    text::catalog::{Messages, with_backticks},
};

/// The version of the document.
pub const SCHEMA: u32 = 1;

/// The whole document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Document {
    /// [`SCHEMA`].
    pub schema: u32,
    /// How the flow ended.
    pub outcome: Outcome,
    /// The refusal, of the token endpoint or on the redirect; `error_uri` is absolute.
    pub error: Option<ErrorResponse>,
    /// What was found, the best explanation first, what is ruled out last.
    pub findings: Vec<FindingDocument>,
    /// The token, without its characters.
    pub token: Option<TokenDocument>,
    /// The attempts of the text that this one is from, where it holds several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attempts: Vec<AttemptDocument>,
    /// Everything that was observed, secrets masked.
    pub transcript: Transcript,
}

/// An attempt in a few words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AttemptDocument {
    /// Counts the attempts of the text from 1.
    pub number: usize,
    /// True for the one that the document is about.
    pub explained: bool,
    /// When it began by the clock of the text; null where the text has no times.
    pub time: Option<String>,
    /// How it ended.
    pub outcome: Outcome,
    /// The code of its best explanation.
    pub code: Option<Code>,
    /// How sure that is.
    pub certainty: Option<Certainty>,
    /// The fact in a few words.
    pub title: Option<String>,
}

/// A finding with its prose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FindingDocument {
    /// Its code, stable between versions.
    pub code: Code,
    /// How sure it is.
    pub certainty: Certainty,
    /// The fact in a few words.
    pub title: String,
    /// What it means.
    pub explanation: String,
    /// What bears it out.
    pub evidence: Vec<EvidenceDocument>,
    /// What mends it.
    pub remedies: Vec<RemedyDocument>,
}

/// A value that bears out a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EvidenceDocument {
    /// Its name.
    pub what: String,
    /// The value.
    pub value: String,
    /// The characters concerned, as ranges `[from, to)`; absent when all of it is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<(usize, usize)>,
    /// Where characters are missing: before which character, and how many; absent where none is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<(usize, usize)>,
}

/// Advice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RemedyDocument {
    /// Its code.
    pub code: RemedyCode,
    /// Its sentence.
    pub sentence: String,
}

/// What is known of the token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TokenDocument {
    /// `bearer`.
    pub token_type: String,
    /// `gho_`…; null where the prefix is not known.
    pub prefix: Option<&'static str>,
    /// The scopes asked for; null where the request is not known.
    pub scope_requested: Option<Vec<String>>,
    /// The scopes granted; null where the answer does not say.
    pub scope_granted: Option<Vec<String>>,
    /// Lifetime in seconds; null where the answer does not say.
    pub expires_in: Option<u64>,
    /// Whether there is a refresh token.
    pub refresh_token: bool,
    /// Its lifetime in seconds.
    pub refresh_token_expires_in: Option<u64>,
    /// Whom `GET /user` named; null where it was not asked or did not say.
    pub login: Option<String>,
}

/// Makes the document.
pub fn document(facts: &Facts<'_>, findings: &[Finding], messages: &Messages) -> Document {
    let redactor = facts.redactor();
    let hide = |text: String| with_backticks(&redactor.redact(&text));
    let findings = findings
        .iter()
        .map(|finding| FindingDocument {
            code: finding.code,
            certainty: finding.certainty,
            title: hide(title(finding, messages)),
            explanation: hide(body(finding, messages)),
            evidence: finding
                .evidence
                .iter()
                .map(|evidence| EvidenceDocument {
                    what: evidence.what.clone(),
                    value: hide(evidence.value.clone()),
                    marks: evidence.marks.clone(),
                    missing: evidence.missing.clone(),
                })
                .collect(),
            remedies: finding
                .remedies
                .iter()
                .map(|remedy| RemedyDocument {
                    code: remedy.code,
                    sentence: hide(remedy_sentence(remedy, finding, messages)),
                })
                .collect(),
        })
        .collect();
    Document {
        schema: SCHEMA,
        outcome: Outcome::of(facts),
        error: error(facts).map(|error| ErrorResponse {
            error: hide(error.error),
            error_description: error.error_description.map(hide),
            error_uri: error.error_uri.map(hide),
        }),
        findings,
        token: token_document(facts, &hide),
        attempts: Vec::new(),
        transcript: redactor.transcript(facts.transcript),
    }
}

/// The document of a diagnosis, with the attempts beside it, as [`write()`] writes it.
pub fn of_diagnosis(diagnosis: &Diagnosis<'_>, messages: &Messages) -> String {
    let mut document = document(&diagnosis.context, &diagnosis.findings, messages);
    let redactor = diagnosis.context.redactor();
    document.attempts = diagnosis
        .attempts
        .iter()
        .map(|attempt| AttemptDocument {
            number: attempt.number,
            explained: attempt.explained,
            time: attempt.time.clone(),
            outcome: attempt.outcome,
            code: attempt.finding.as_ref().map(|finding| finding.code),
            certainty: attempt.finding.as_ref().map(|finding| finding.certainty),
            title: attempt
                .finding
                .as_ref()
                .map(|finding| with_backticks(&redactor.redact(&title(finding, messages)))),
        })
        .collect();
    indented(&document)
}

/// The document as indented JSON, a newline at its end. It is as safe to print as any drawing: what a terminal would obey
/// or not show is written as `\uXXXX`, which means the same to a reader of JSON.
pub fn write(facts: &Facts<'_>, findings: &[Finding], messages: &Messages) -> String {
    indented(&document(facts, findings, messages))
}

fn indented(document: &Document) -> String {
    // Every part of it is plain data with text keys, which serde_json cannot refuse.
    let text = serde_json::to_string_pretty(document).unwrap_or_default();
    let mut text = harmless_json(&text).into_owned();
    text.push('\n');
    text
}

/// A document in one line, as safe to print as [`write()`]'s.
pub fn line(document: &impl Serialize) -> String {
    harmless_json(&serde_json::to_string(document).unwrap_or_default()).into_owned()
}

fn error(facts: &Facts<'_>) -> Option<ErrorResponse> {
    if let Some(exchange) = explanation::latest_exchange(facts) {
        return exchange.error().cloned();
    }
    let redirect = facts
        .present_redirects()
        .filter(|redirect| redirect.response.error.is_some())
        .last()?;
    Some(ErrorResponse {
        error: redirect.response.error.clone()?,
        error_description: redirect.response.error_description.clone(),
        error_uri: redirect.response.error_uri.clone(),
    })
}

fn token_document(facts: &Facts<'_>, hide: &impl Fn(String) -> String) -> Option<TokenDocument> {
    let token = explanation::latest_exchange(facts).and_then(TokenExchange::token)?;
    Some(TokenDocument {
        token_type: hide(clean(&token.token_type)),
        prefix: token_prefix(token.access_token.reveal()),
        scope_requested: token::requested_scopes(facts).map(|scopes| scopes.into_iter().map(hide).collect()),
        scope_granted: token
            .scope
            .clone()
            .map(|scopes| scopes.into_iter().map(hide).collect()),
        expires_in: token.expires_in,
        refresh_token: token.refresh_token.is_some(),
        refresh_token_expires_in: token.refresh_token_expires_in,
        login: token::user_login(facts).map(hide),
    })
}
