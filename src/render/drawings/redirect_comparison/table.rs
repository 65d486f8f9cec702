//! The comparison as a table, a column for each component, and stacked where that is too wide.

use crate::render::drawings::redirect_comparison::rows::{Comparison, Row, RowValue};

use crate::{
    oauth::redirect_uri::Component,
    render::{
        text::{
            cells::{Cell, append, carets, cells, cells_with, value_lines, width_of},
            layout::{hanging, widest},
            line::{Line, Tone},
        },
        words::drawings::ComparisonProse,
    },
    text::catalog::Messages,
};

/// The rule that a component is held to.
fn rule<'m>(component: Component, comparison: &Comparison, prose: &'m ComparisonProse) -> &'m str {
    match (&comparison.against, component) {
        (Some((base, _)), Component::Port) if base.is_loopback() => &prose.rule_any_port,
        (Some((_, true)), Component::Host) => &prose.rule_sub_domain,
        (Some((_, true)), Component::Path) => &prose.rule_sub_path,
        _ => &prose.rule_same,
    }
}

/// True for a registered loopback address, whose port is free.
pub(super) fn has_any_port(row: &Row, comparison: &Comparison, prose: &ComparisonProse) -> bool {
    row.label == prose.registered
        && matches!(&comparison.against, Some((base, _)) if base.is_loopback())
        && matches!(&row.value, RowValue::Uri(parts, _) if parts.is_loopback())
}

/// The characters of a cell, with what departs marked.
fn cell(row: &Row, component: Component, comparison: &Comparison, prose: &ComparisonProse) -> Vec<Cell> {
    let RowValue::Uri(parts, _) = &row.value else {
        return Vec::new();
    };
    let text = parts.component(component);
    let departs = row.wrong.iter().find(|(c, _)| *c == component);
    if component == Component::Port && has_any_port(row, comparison, prose) {
        cells(&prose.any_port, &[])
    } else if let Some((_, departs)) = departs {
        cells_with(&text, departs)
    } else if text.is_empty() {
        cells(&prose.absent, &[])
    } else {
        cells(&text, &[])
    }
}

/// `✗ host, path`.
fn verdict(row: &Row, messages: &Messages) -> (String, Tone) {
    let prose = messages.pictures();
    let names: Vec<&str> = row
        .wrong
        .iter()
        .map(|(component, _)| prose.component.of(component))
        .collect();
    let names = names.join(&prose.units.list);
    match row.good {
        Some(true) => ("✓".to_owned(), Tone::Good),
        Some(false) => (format!("✗ {names}").trim_end().to_owned(), Tone::Bad),
        None if row.notes.is_empty() => (String::new(), Tone::Plain),
        None => ("!".to_owned(), Tone::Warn),
    }
}

/// The table; `None` when the values are too long for one.
///
/// Where it is too wide by a little, columns without any value go first, then the names in the verdict: the carets below the
/// values say the same.
pub(super) fn table(comparison: &Comparison, messages: &Messages, width: usize) -> Option<Vec<Line>> {
    let has_value = |component: &Component| {
        comparison.rows.iter().any(
            |row| matches!(&row.value, RowValue::Uri(parts, _) if !parts.component(*component).is_empty()),
        )
    };
    let filled: Vec<Component> = Component::ALL.into_iter().filter(has_value).collect();
    [(&Component::ALL[..], true), (&filled, true), (&filled, false)]
        .into_iter()
        .find_map(|(columns, named)| table_of(columns, named, comparison, messages, width))
}

fn table_of(
    columns: &[Component],
    named: bool,
    comparison: &Comparison,
    messages: &Messages,
    width: usize,
) -> Option<Vec<Line>> {
    let prose = messages.pictures();
    let shown_verdict = |row: &Row| {
        let (text, tone) = verdict(row, messages);
        let text = if named {
            text
        } else {
            text.chars().take(1).collect()
        };
        (text, tone)
    };
    let words = &prose.comparison;
    let label_width = widest(
        comparison
            .rows
            .iter()
            .map(|row| row.label.as_str())
            .chain([words.rule.as_str()]),
    ) + 2;
    let mut starts = vec![label_width];
    for component in columns.iter().copied() {
        let values = comparison
            .rows
            .iter()
            .map(|row| width_of(&cell(row, component, comparison, words)));
        let labels = widest([prose.component.of(&component), rule(component, comparison, words)]);
        let column = values.fold(labels, usize::max);
        starts.push(starts[starts.len() - 1] + column + 2);
    }
    let verdicts = starts[columns.len()];
    let widest_verdict = comparison.rows.iter().map(|row| shown_verdict(row).0);
    let widest_verdict = widest(widest_verdict.collect::<Vec<_>>().iter().map(String::as_str));
    if verdicts + widest_verdict > width {
        return None;
    }
    let mut header = Line::default();
    let mut rules = Line::new(&words.rule, Tone::Dim);
    for (component, start) in columns.iter().copied().zip(&starts) {
        header = header
            .pad_to(*start)
            .then(prose.component.of(&component), Tone::Label);
        rules = rules
            .pad_to(*start)
            .then(rule(component, comparison, words), Tone::Dim);
    }
    let mut lines = vec![header];
    if comparison.against.is_some() && !comparison.is_brief {
        lines.push(rules);
    }
    for row in &comparison.rows {
        let verdict = shown_verdict(row);
        lines.extend(table_row(
            row,
            columns,
            verdict,
            (comparison, words),
            &starts,
            width,
        ));
    }
    Some(lines)
}

fn table_row(
    row: &Row,
    columns: &[Component],
    (text, tone): (String, Tone),
    (comparison, words): (&Comparison, &ComparisonProse),
    starts: &[usize],
    width: usize,
) -> Vec<Line> {
    let label = Line::new(&row.label, Tone::Label);
    match &row.value {
        RowValue::Remark(remark) => return hanging(label, remark, Tone::Dim, starts[0], width),
        RowValue::NotAUri(raw, _) => {
            let mut lines = value_lines(label, &cells(raw, &[]), Tone::Bad, starts[0], width);
            if let Some(last) = lines
                .last_mut()
                .filter(|line| line.width() + 2 + widest([text.as_str()]) <= width)
            {
                *last = std::mem::take(last).then("  ", Tone::Plain).then(text, tone);
            }
            return lines;
        }
        RowValue::Uri(..) => {}
    }
    let mut line = label;
    let mut under = Line::default();
    for (component, start) in columns.iter().copied().zip(starts) {
        let shown = cell(row, component, comparison, words);
        line = append(line.pad_to(*start), &shown, Tone::Value);
        if let Some(marks) = carets(&shown, 0) {
            under = under.pad_to(*start).then(marks.text(), Tone::Bad);
        }
    }
    if !text.is_empty() {
        line = line.pad_to(starts[columns.len()]).then(text, tone);
    }
    let mut lines = vec![line];
    if under.width() > 0 {
        lines.push(under);
    }
    lines
}

/// One component under the other, for narrow screens and long values. A component in which all agree takes one line.
pub(super) fn stacked(comparison: &Comparison, messages: &Messages, width: usize) -> Vec<Line> {
    let prose = messages.pictures();
    let words = &prose.comparison;
    let first = widest(Component::ALL.iter().map(|c| prose.component.of(c))) + 2;
    let labels = comparison.rows.iter().map(|row| row.label.as_str());
    let second = first + widest(labels.chain([words.rule.as_str(), words.all.as_str()])) + 2;
    let uris: Vec<&Row> = comparison
        .rows
        .iter()
        .filter(|row| matches!(row.value, RowValue::Uri(..)))
        .collect();
    let mut lines = Vec::new();
    for row in &comparison.rows {
        let label = Line::new(&row.label, Tone::Label);
        match &row.value {
            RowValue::Uri(..) => {}
            RowValue::Remark(remark) => lines.extend(hanging(label, remark, Tone::Dim, second, width)),
            RowValue::NotAUri(raw, _) => {
                lines.extend(value_lines(label, &cells(raw, &[]), Tone::Bad, second, width));
            }
        }
    }
    for component in Component::ALL {
        let label = Line::new(prose.component.of(&component), Tone::Label).pad_to(first);
        let texts: Vec<Vec<Cell>> = uris
            .iter()
            .map(|row| cell(row, component, comparison, words))
            .collect();
        let wrong = uris
            .iter()
            .any(|row| row.wrong.iter().any(|(c, _)| *c == component));
        if !wrong && comparison.is_brief {
            continue;
        }
        if !wrong && texts.windows(2).all(|pair| pair[0] == pair[1]) {
            let text = texts.first().cloned().unwrap_or_default();
            let label = label.then(&words.all, Tone::Plain);
            lines.extend(value_lines(label, &text, Tone::Value, second, width));
        } else {
            lines.extend(stacked_component(component, label, &uris, &texts, second, width));
            if comparison.against.is_some() && !comparison.is_brief {
                let label = Line::default().pad_to(first).then(&words.rule, Tone::Dim);
                lines.extend(hanging(
                    label,
                    rule(component, comparison, words),
                    Tone::Dim,
                    second,
                    width,
                ));
            }
        }
    }
    for row in uris.into_iter().filter(|_| !comparison.is_brief) {
        let (text, tone) = verdict(row, messages);
        if row.good.is_some() {
            lines.extend(hanging(
                Line::new(&row.label, Tone::Label),
                &text,
                tone,
                second,
                width,
            ));
        }
    }
    lines
}

fn stacked_component(
    component: Component,
    mut label: Line,
    rows: &[&Row],
    texts: &[Vec<Cell>],
    second: usize,
    width: usize,
) -> Vec<Line> {
    let first = label.width();
    let mut lines = Vec::new();
    for (row, shown) in rows.iter().zip(texts) {
        let is_wrong = row.wrong.iter().any(|(c, _)| *c == component);
        let line = std::mem::take(&mut label);
        let line = if line.width() == 0 {
            line.pad_to(first)
        } else {
            line
        }
        .then(&row.label, Tone::Plain);
        let mut drawn = value_lines(line, shown, Tone::Value, second, width - 3);
        let symbol = match (is_wrong, row.good) {
            (true, _) => ("  ✗", Tone::Bad),
            (false, Some(_)) => ("  ✓", Tone::Good),
            (false, None) => ("", Tone::Plain),
        };
        if let Some(value) = drawn.first_mut() {
            *value = std::mem::take(value).then(symbol.0, symbol.1);
        }
        lines.extend(drawn);
    }
    lines
}
