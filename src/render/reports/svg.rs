//! The explanation as a picture (SVG 1.1): the same lines and colours as on a dark screen, to show in an issue or a talk.

use std::fmt::Write as _;

use crate::{
    diagnosis::Diagnosis,
    render::{
        explanation::{Style, explain},
        text::line::{Line, Tone},
    },
    text::{catalog::Messages, html::escape},
};

/// The size of a cell, in the picture's own units.
const CELL: (f64, f64) = (8.4, 18.0);
/// Around the text.
const MARGIN: f64 = 16.0;

/// Writes the picture, so many cells wide.
pub fn write(diagnosis: &Diagnosis<'_>, messages: &Messages, width: usize) -> String {
    let explained = explain(
        &diagnosis.context,
        &diagnosis.findings,
        messages,
        Style::of_width(width),
    );
    let drawn = draw(&explained.lines(), width);
    diagnosis.context.redactor().redact(&drawn).into_owned()
}

/// Each piece stands at its own column, so that a wide character or another font moves none of what follows.
fn draw(lines: &[Line], width: usize) -> String {
    let columns = lines.iter().map(Line::width).max().unwrap_or(0).max(width);
    #[expect(clippy::cast_precision_loss, reason = "no picture has so many cells")]
    let place = |cells: usize, size: f64| (cells as f64).mul_add(size, MARGIN);
    let (right, bottom) = (
        place(columns, CELL.0) + MARGIN,
        place(lines.len(), CELL.1) + MARGIN,
    );
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{right:.0}\" height=\"{bottom:.0}\" \
         viewBox=\"0 0 {right:.0} {bottom:.0}\" font-family=\"ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace\" \
         font-size=\"14\" xml:space=\"preserve\">\n<rect width=\"100%\" height=\"100%\" fill=\"#14171c\"/>\n"
    );
    for (row, line) in lines.iter().enumerate() {
        let y = place(row, CELL.1) + CELL.1 * 0.75;
        let mut column = 0;
        for span in &line.0 {
            let cells = Line::new(&span.text, span.tone).width();
            if !span.text.trim().is_empty() {
                let (fill, weight) = colour(span.tone);
                let x = place(column, CELL.0);
                let length = place(cells, CELL.0) - MARGIN;
                let _ = writeln!(
                    svg,
                    "<text x=\"{x:.1}\" y=\"{y:.1}\" fill=\"{fill}\"{weight} textLength=\"{length:.1}\">{}</text>",
                    escape(&span.text)
                );
            }
            column += cells;
        }
    }
    svg.push_str("</svg>\n");
    svg
}

/// The colour of a tone and its weight.
fn colour(tone: Tone) -> (&'static str, &'static str) {
    const BOLD: &str = " font-weight=\"bold\"";
    match tone {
        Tone::Plain | Tone::Value => ("#e6e6e6", ""),
        Tone::Label => ("#ffffff", BOLD),
        Tone::Dim => ("#a8a8a8", ""),
        Tone::Accent => ("#5fd7d7", BOLD),
        Tone::Code => ("#5fd7d7", ""),
        Tone::Good => ("#87d787", ""),
        Tone::Bad => ("#ff8787", BOLD),
        Tone::Warn => ("#ffd787", ""),
        Tone::Mark => ("#ff8787", " font-weight=\"bold\" text-decoration=\"underline\""),
    }
}

#[cfg(test)]
mod tests {
    use crate::render::reports::svg::*;

    #[test]
    fn what_xml_means_is_written_as_text_and_each_piece_has_its_column() {
        let line = Line::new("a<b>&", Tone::Plain)
            .then("令牌", Tone::Bad)
            .then("x", Tone::Dim);
        let svg = draw(&[line], 10);
        assert!(svg.contains(">a&lt;b&gt;&amp;</text>"), "{svg}");
        // Five cells, then two wide characters of two cells each.
        for x in [16.0, 16.0 + 5.0 * 8.4, 16.0 + 9.0 * 8.4] {
            assert!(svg.contains(&format!("x=\"{x:.1}\"")), "{x} {svg}");
        }
        assert_eq!(svg.matches("<text ").count(), svg.matches("</text>").count());
    }
}
