//! Lines as text for a terminal, a pipe or a file.

use std::fmt::Write as _;

use crate::{
    diagnosis::Diagnosis,
    render::{
        explanation::{Explanation, Style, explain, findings::title},
        reports::Options,
        text::{
            layout::widest,
            line::{Line, Tone},
        },
    },
    sources::NotRecognised,
    text::{catalog::Messages, template::fill},
};

/// Writes the explanation of a diagnosis.
pub fn write(diagnosis: &Diagnosis<'_>, messages: &Messages, options: Options) -> String {
    let style = Style {
        plain: options.plain,
        ..Style::of_width(options.width)
    };
    let explained =
        explain(&diagnosis.context, &diagnosis.findings, messages, style).with_whole_address(messages);
    let mut text = explanation(&explained, options.color && !options.plain);
    text.push_str(&attempts(diagnosis, messages));
    // A server may repeat a secret anywhere, even as the name of the error.
    diagnosis.context.redactor().redact(&text).into_owned()
}

/// What else the text holds that was explained: a line for each attempt, and how one is opened.
fn attempts(diagnosis: &Diagnosis<'_>, messages: &Messages) -> String {
    let Some(explained) = diagnosis.attempts.iter().find(|attempt| attempt.explained) else {
        return String::new();
    };
    let prose = &messages.reports().attempts;
    let (number, count) = (explained.number.to_string(), diagnosis.attempts.len().to_string());
    let heading = fill(&prose.heading, |name| match name {
        "number" => Some(number.as_str()),
        "count" => Some(count.as_str()),
        _ => None,
    });
    let mut out = format!("\n{heading}\n");
    let number_width = count.len();
    let times = diagnosis
        .attempts
        .iter()
        .filter_map(|attempt| attempt.time.as_deref());
    let time_width = widest(times);
    for attempt in &diagnosis.attempts {
        let mark = if attempt.explained { '>' } else { ' ' };
        let time = attempt.time.as_deref().unwrap_or_default();
        let title = attempt
            .finding
            .as_ref()
            .map(|finding| title(finding, messages))
            .unwrap_or_default();
        let mut line = format!("{mark} {:>number_width$}  ", attempt.number);
        if time_width > 0 {
            let _ = write!(line, "{time:time_width$}  ");
        }
        line.push_str(&title);
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out.push_str(&prose.open);
    out.push('\n');
    out
}

/// An explanation as text, a newline at its end. `color` puts ANSI colours around the tones; the text is the same.
pub fn explanation(explanation: &Explanation, color: bool) -> String {
    lines(&explanation.lines(), color)
}

/// Lines as text, a newline behind each.
pub fn lines(lines: &[Line], color: bool) -> String {
    let mut out = String::new();
    for line in lines {
        if color {
            let end = line
                .0
                .iter()
                .rposition(|span| !span.text.trim_end().is_empty())
                .map_or(0, |at| at + 1);
            for span in &line.0[..end] {
                match ansi(span.tone) {
                    "" => out.push_str(&span.text),
                    codes => {
                        out.push_str(codes);
                        out.push_str(&span.text);
                        out.push_str("\u{1b}[0m");
                    }
                }
            }
        } else {
            out.push_str(line.text().trim_end());
        }
        out.push('\n');
    }
    out
}

/// The ANSI sequence (ECMA-48 SGR) for a tone: the sixteen colours that a terminal's own palette makes readable.
fn ansi(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain | Tone::Value => "",
        Tone::Dim => "\u{1b}[2m",
        Tone::Label => "\u{1b}[1m",
        Tone::Accent => "\u{1b}[1;36m",
        Tone::Code => "\u{1b}[36m",
        Tone::Good => "\u{1b}[32m",
        Tone::Bad => "\u{1b}[31m",
        Tone::Warn => "\u{1b}[33m",
        Tone::Mark => "\u{1b}[1;7m",
    }
}

/// Why a pasted text was not recognised: what was looked for, and the beginning of what was there.
pub fn not_recognised(refusal: &NotRecognised, messages: &Messages) -> String {
    let prose = &messages.reports().not_recognised;
    if refusal.length == 0 {
        return format!("{}\n", prose.empty);
    }
    let (seen, length) = match refusal.bytes {
        Some(bytes) => (&prose.seen_in_pieces, bytes.to_string()),
        None => (&prose.seen, refusal.length.to_string()),
    };
    let seen = fill(seen, |name| match name {
        "length" | "size" => Some(length.as_str()),
        "beginning" => Some(refusal.beginning.as_str()),
        _ => None,
    });
    let looks_like = prose.looks_like.of(&refusal.looks_like);
    let mut out = format!(
        "{}\n{seen}\n{looks_like}\n\n{}\n",
        prose.sentence, prose.looked_for
    );
    for looked_for in &refusal.looked_for {
        out.push_str("  - ");
        out.push_str(prose.of(*looked_for));
        out.push('\n');
    }
    out
}
