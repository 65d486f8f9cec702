//! A report to paste into an issue or a chat: the explanation, then the exchanges, secrets masked.

use std::fmt::Write as _;

use crate::{
    diagnosis::{context::Facts, finding::Finding},
    flow::{
        redaction::Redactor,
        transcript::{Exchange, Source},
    },
    render::{
        drawings::sequence::status_words,
        explanation::{
            self, Explanation, SectionKind, Style,
            findings::{self, body, evidence_label, evidence_value},
        },
        reports::text,
        text::line::clean,
    },
    text::{
        catalog::{CODE, Messages},
        template::fill,
    },
};

/// The width of the drawings: what a code block on a web page shows without scrolling.
const WIDTH: usize = 96;
/// How many exchanges are written out, the latest ones.
const EXCHANGES: usize = 6;

/// Writes the report.
pub fn write(facts: &Facts<'_>, findings: &[Finding], messages: &Messages) -> String {
    let prose = &messages.reports().markdown;
    let redactor = facts.redactor();
    let hidden = Hidden(redactor);
    let explanation = explanation::explain(facts, findings, messages, Style::of_width(WIDTH));
    let mut out = format!("# {}\n\n{}\n", prose.title, hidden.escaped(&explanation.sentence));
    for section in &explanation.sections {
        match section.kind {
            SectionKind::Sentence => {}
            SectionKind::Causes => causes(&mut out, &section.heading, findings, hidden, messages),
            SectionKind::Remedies => remedies(&mut out, &section.heading, &explanation, hidden),
            _ => {
                heading(&mut out, &section.heading);
                fenced(
                    &mut out,
                    "text",
                    &hidden.text(&text::lines(&section.lines, false)),
                );
            }
        }
    }
    exchanges(&mut out, facts, hidden, messages);
    let source = match facts.transcript.source {
        Source::Live => &prose.live,
        Source::Simulator => &prose.simulator,
        Source::Pasted => &prose.pasted,
        Source::Tap => &prose.tap,
    };
    let footer = fill(&prose.made_by, |name| match name {
        "version" => Some(env!("CARGO_PKG_VERSION")),
        "source" => Some(source),
        "masked" => Some(&prose.masked),
        _ => None,
    });
    let _ = write!(out, "\n---\n\n{footer}\n");
    out
}

/// Hides what is secret. It comes before any escaping: behind it a secret would no longer be found, as in `gho\_…`.
#[derive(Clone, Copy)]
struct Hidden<'r>(&'r Redactor);

impl Hidden<'_> {
    fn text(self, text: &str) -> String {
        self.0.redact(text).into_owned()
    }

    fn escaped(self, text: &str) -> String {
        escaped(&self.0.redact(text))
    }

    fn code(self, text: &str) -> String {
        code(&self.0.redact(text))
    }
}

fn heading(out: &mut String, heading: &str) {
    let _ = write!(out, "\n## {}\n\n", escaped(heading));
}

/// A code block whose fence is longer than any run of backticks in it.
fn fenced(out: &mut String, language: &str, text: &str) {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let _ = writeln!(out, "{fence}{language}\n{}\n{fence}", text.trim_end());
}

fn causes(out: &mut String, title: &str, findings: &[Finding], hidden: Hidden<'_>, messages: &Messages) {
    let prose = &messages.reports().markdown;
    heading(out, title);
    for finding in findings
        .iter()
        .filter(|f| f.certainty != crate::diagnosis::finding::Certainty::RuledOut)
    {
        let word = messages
            .findings()
            .certainty
            .get(&finding.certainty)
            .cloned()
            .unwrap_or_default();
        let _ = write!(
            out,
            "**{}** ({}, `{}`)\n\n{}\n\n",
            hidden.escaped(&findings::title(finding, messages)),
            escaped(&word),
            finding.code.name(),
            hidden.escaped(&body(finding, messages)),
        );
        if finding.evidence.is_empty() {
            continue;
        }
        let _ = write!(out, "| {} | {} |\n|---|---|\n", prose.what, prose.value);
        for evidence in &finding.evidence {
            let label = evidence_label(evidence, messages);
            let _ = writeln!(
                out,
                "| {} | {} |",
                escaped(&label),
                hidden.code(&evidence_value(evidence, messages))
            );
        }
        out.push('\n');
    }
}

fn remedies(out: &mut String, title: &str, explanation: &Explanation, hidden: Hidden<'_>) {
    heading(out, title);
    for remedy in &explanation.remedies {
        let _ = writeln!(out, "{}. {}", remedy.number, hidden.escaped(&remedy.sentence));
    }
}

fn exchanges(out: &mut String, facts: &Facts<'_>, hidden: Hidden<'_>, messages: &Messages) {
    let redactor = hidden.0;
    let mut all: Vec<&Exchange<'_>> = facts
        .token_exchanges
        .iter()
        .map(|e| &e.exchange)
        .chain(&facts.other_exchanges)
        .collect();
    if all.is_empty() {
        return;
    }
    all.sort_by_key(|exchange| (exchange.sent_at, exchange.number));
    heading(out, &messages.reports().markdown.exchanges);
    for exchange in &all[all.len().saturating_sub(EXCHANGES)..] {
        let mut text = String::new();
        if let Some(request) = exchange.request.map(|request| redactor.request(request)) {
            let _ = writeln!(text, "{} {}", clean(&request.method), clean(&request.url));
            head_and_body(&mut text, &request.headers, &request.body);
            text.push('\n');
        }
        if let Some(response) = exchange.response.map(|response| redactor.response(response)) {
            let _ = writeln!(text, "{}", status_words(response.status, messages));
            head_and_body(&mut text, &response.headers, &response.body);
        }
        if let Some(failure) = exchange.failure {
            let _ = writeln!(text, "{}", clean(&failure.detail));
        }
        fenced(out, "http", &hidden.text(&text));
        out.push('\n');
    }
}

fn head_and_body(out: &mut String, headers: &[crate::oauth::http::Header], body: &[u8]) {
    for (name, value) in headers {
        let _ = writeln!(out, "{}: {}", clean(name), clean(value));
    }
    if !body.is_empty() {
        let text: Vec<String> = String::from_utf8_lossy(body).lines().map(clean).collect();
        let _ = writeln!(out, "\n{}", text.join("\n"));
    }
}

/// Text from outside in running prose: what Markdown would take as markup or HTML is escaped; what a site would make a link
/// or a mention of (`https://…`, `@everyone`), and what is code in our own prose, becomes inline code, in which it is neither.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, part) in text.split(CODE).enumerate() {
        if at % 2 == 0 {
            escape(&mut out, part);
        } else {
            out.push_str(&inline(part));
        }
    }
    out
}

fn escape(out: &mut String, text: &str) {
    for run in text.split_inclusive(|c: char| !c.is_ascii_graphic()) {
        let word = run.trim_end_matches(|c: char| !c.is_ascii_graphic());
        let core = word.trim_end_matches(['.', ',', ';', ':', ')']);
        let linked = core.contains("://") || core.contains('@') || core.to_ascii_lowercase().contains("www.");
        let rest = if linked {
            out.push_str(&inline(core));
            &run[core.len()..]
        } else {
            run
        };
        for c in rest.chars() {
            if "\\`*_[]<>|#~".contains(c) {
                out.push('\\');
            }
            out.push(if c == '\n' { ' ' } else { c });
        }
    }
}

/// A value as inline code in a table cell.
fn code(text: &str) -> String {
    inline(&clean(text).replace('|', "\\|"))
}

/// Inline code whose fence is longer than any run of backticks in it.
fn inline(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{text}{pad}{fence}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What a reader of Markdown takes as text: without escaped characters and without inline code.
    fn markup(mut rest: &str) -> String {
        let mut out = String::new();
        while let Some(c) = rest.chars().next() {
            if c == '\\' {
                let escaped = rest[1..].chars().next().map_or(0, char::len_utf8);
                rest = &rest[1 + escaped..];
            } else if c == '`' {
                let run = &rest[..rest.len() - rest.trim_start_matches('`').len()];
                let mut at = run.len();
                loop {
                    let next = rest[at..].find('`').expect("inline code ends");
                    let start = at + next;
                    let end = rest.len() - rest[start..].trim_start_matches('`').len();
                    at = end;
                    if end - start == run.len() {
                        break;
                    }
                }
                rest = &rest[at..];
            } else {
                out.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
        out
    }

    #[test]
    fn mentions_links_and_markup_are_code_or_escaped() {
        for (text, written) in [
            ("@everyone look", "`@everyone` look"),
            (
                "see https://evil.example/x?a=b.",
                "see `https://evil.example/x?a=b`.",
            ),
            ("at WWW.evil.example", "at `WWW.evil.example`"),
            ("<img src=x>", "\\<img src=x\\>"),
            ("[x](javascript:y)", "\\[x\\](javascript:y)"),
            ("# a | b", "\\# a \\| b"),
            ("mail a@b.example, please", "mail `a@b.example`, please"),
        ] {
            assert_eq!(escaped(text), written);
        }
    }

    proptest! {
        #[test]
        fn no_text_becomes_markup(text in "[ -~\n`@<>|\\\\é端]{0,60}") {
            let read = markup(&escaped(&text));
            prop_assert!(!read.contains(['`', '*', '_', '<', '>', '|', '#', '@', '\n', '[', ']']), "{read}");
            prop_assert!(!read.contains("://") && !read.to_ascii_lowercase().contains("www."), "{read}");
        }

        #[test]
        fn no_text_ends_its_block(text in "[`~\n a]{0,60}") {
            let mut out = String::new();
            fenced(&mut out, "text", &text);
            let lines: Vec<&str> = out.lines().collect();
            let fence = lines[0].trim_end_matches("text");
            let ends = |line: &&&str| line.trim_start().starts_with(fence);
            prop_assert_eq!(lines.iter().filter(ends).count(), 2, "{}", out);
        }
    }
}
