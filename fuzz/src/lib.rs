//! What every picture and report must hold, whatever the transcript was made of.

use std::sync::LazyLock;

use oauthlens::{
    diagnosis::{context::Facts, examine_facts},
    flow::{redaction::Redactor, transcript::Transcript},
    render::{
        drawings::{code_timeline, credential_ruler, http_message, redirect_comparison, sequence, token},
        explanation::{Style, explain},
        reports,
        text::{layout::NARROWEST, line::Line},
    },
    text::catalog::{Language, Messages},
};

/// Both languages, their prose parsed once.
pub static LANGUAGES: LazyLock<[Messages; 2]> = LazyLock::new(|| {
    [
        Messages::new(Language::English),
        Messages::new(Language::SimplifiedChinese),
    ]
});

/// Narrower than any picture is drawn for, the narrowest that is promised, a terminal's, a report's.
pub const WIDTHS: [usize; 4] = [1, 56, 80, 100];

/// True for a character that could move the cursor, colour the screen or turn the text around.
pub fn is_dangerous(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Panics where a text holds a dangerous character other than a newline.
pub fn assert_harmless(text: &str, what: &str) {
    if let Some(c) = text.chars().find(|c| *c != '\n' && is_dangerous(*c)) {
        panic!("{c:?} came out in {what}: {text:?}");
    }
}

/// Panics where a line is wider than was asked for, or harmful.
pub fn assert_drawn(lines: &[Line], width: usize, what: &str) {
    let width = width.max(NARROWEST);
    for line in lines {
        let text = line.text();
        assert!(
            line.width() <= width,
            "{} > {width} cells in {what}: {text:?}",
            line.width()
        );
        assert!(!text.contains('\n'), "a line of {what} holds a newline: {text:?}");
        assert_harmless(&text, what);
    }
}

/// Every report of a transcript, in both languages: drawings and sentences at one width, JSON, Markdown, HAR, and the
/// pictures by themselves. Holds each to its width and to harmless characters, and gives the text of all of them
/// without white space, so that a line break inside a value hides nothing.
pub fn reports(transcript: &Transcript, width: usize) -> String {
    let facts = Facts::of(transcript);
    let findings = examine_facts(&facts);
    let redactor = Redactor::of(transcript);
    let mut all = String::new();
    for messages in &*LANGUAGES {
        for plain in [false, true] {
            let style = Style {
                plain,
                ..Style::of_width(width)
            };
            let explanation = explain(&facts, &findings, messages, style);
            assert_drawn(&explanation.lines(), width, "the explanation");
            let text = reports::text::explanation(&explanation, false);
            assert_harmless(&text, "the report");
            all.push_str(&text);
        }
        for (what, lines) in [
            ("the sequence", sequence::draw(&facts, messages, width)),
            (
                "the ruler",
                credential_ruler::draw(&facts, messages, width, false),
            ),
            (
                "the comparison",
                redirect_comparison::draw(&facts, messages, width, false),
            ),
            ("the life", code_timeline::draw(&facts, messages, width, false)),
            ("the token", token::draw(&facts, messages, width, false)),
        ] {
            assert_drawn(&lines, width, what);
            all.extend(lines.iter().map(Line::text));
        }
        for exchange in transcript.exchanges() {
            let lines = http_message::exchange(&exchange, &redactor, messages, width, false);
            assert_drawn(&lines, width, "an exchange");
            all.extend(lines.iter().map(Line::text));
        }
        let json = reports::json::write(&facts, &findings, messages);
        assert_harmless(&json, "the JSON document");
        all.push_str(&json);
        let markdown = reports::markdown::write(&facts, &findings, messages);
        assert_harmless(&markdown, "the Markdown");
        all.push_str(&markdown);
    }
    all.push_str(&reports::har::write(&facts));
    all.push_str(&reports::curl::write(&facts, &LANGUAGES[0]));
    let saved = serde_json::to_string(&redactor.transcript(transcript));
    all.push_str(&saved.expect("plain data"));
    all.retain(|c| !c.is_whitespace());
    all
}
