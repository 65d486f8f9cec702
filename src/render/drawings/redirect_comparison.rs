//! `redirect_uri_mismatch`: the registered, authorize-time, exchange-time and listening values, component by component.

use crate::{
    diagnosis::{build::component_departs, context::Facts},
    flow::transcript::Observation,
    oauth::redirect_uri::{Component, RedirectUri, Registered, Verdict, closest, compare, nearest_match},
    render::{
        drawings::Size,
        present_exchange,
        text::{
            layout::{
                self, Cell, append, carets, cells, cells_with, gap_behind, hanging, paragraph, value_lines,
                widest, width_of,
            },
            line::{Line, Tone, clean},
        },
        words::drawings::ComparisonProse,
    },
    text::{catalog::Messages, diff::Difference, template::filled},
};

/// How many registered values are drawn; the rest are counted. GitHub allows ten.
const REGISTERED: usize = 10;

/// A value in the comparison.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// Its name.
    pub label: String,
    /// What there is.
    pub value: RowValue,
    /// The components that stand in the way, and how each departs.
    pub wrong: Vec<(Component, Difference)>,
    /// `None` for a row that nothing is held against.
    pub good: Option<bool>,
    /// A word beside the verdict.
    pub notes: Vec<String>,
}

/// What is known of a value.
#[derive(Clone, Debug)]
pub(crate) enum RowValue {
    /// A redirect URI in its components, and as it was written.
    Uri(RedirectUri, String),
    /// A text that is not a redirect URI, with the reason.
    NotAUri(String, String),
    /// A remark instead of a value.
    Remark(String),
}

/// The whole comparison.
pub(crate) struct Comparison {
    /// Registered, authorize, exchange, listening.
    pub rows: Vec<Row>,
    /// The registered value that the rules below belong to.
    against: Option<(RedirectUri, bool)>,
    /// The nearest value that would match, when something does not.
    pub nearest: Option<String>,
    /// Both requests sent the same value, and what is registered is not known.
    same_but_unregistered: bool,
    /// Only what differs is drawn, without the rules.
    is_brief: bool,
}

/// Draws the comparison.
pub fn draw(facts: &Facts<'_>, messages: &Messages, width: usize, _reveal: bool) -> Vec<Line> {
    draw_comparison(&Comparison::of(facts, messages), messages, width)
}

/// Draws the values without a word on which of them fit.
pub(crate) fn draw_unjudged(facts: &Facts<'_>, messages: &Messages, width: usize) -> Vec<Line> {
    draw_comparison(&Comparison::of(facts, messages).unjudged(), messages, width)
}

/// Draws what was sent beside what is registered, without the rule and without what nothing is held against.
pub(crate) fn draw_brief(facts: &Facts<'_>, messages: &Messages, width: usize, size: Size) -> Vec<Line> {
    let width = width.max(layout::NARROWEST);
    let mut comparison = Comparison::of(facts, messages);
    let listening = &messages.pictures().comparison.listening;
    let any_wrong = comparison.rows.iter().any(|row| row.good == Some(false));
    comparison.rows.retain(|row| {
        let is_remark = matches!(row.value, RowValue::Remark(_));
        let needed = size == Size::Brief || !any_wrong || row.good != Some(true);
        needed && !is_remark && row.label != *listening
    });
    comparison.is_brief = true;
    if comparison.rows.is_empty() {
        return Vec::new();
    }
    let mut lines =
        table(&comparison, messages, width).unwrap_or_else(|| stacked(&comparison, messages, width));
    if size == Size::Brief {
        comparison.rows.retain(|row| row.good == Some(false));
        lines.extend(notes(&comparison, messages, width));
    }
    lines
}

fn draw_comparison(comparison: &Comparison, messages: &Messages, width: usize) -> Vec<Line> {
    let width = width.max(layout::NARROWEST);
    let prose = &messages.pictures().comparison;
    // A table where it fits, else one component under the other.
    let table = table(comparison, messages, width);
    let mut lines = table.unwrap_or_else(|| stacked(comparison, messages, width));
    let notes = notes(comparison, messages, width);
    if !notes.is_empty() {
        lines.push(Line::default());
        lines.extend(notes);
    }
    lines.push(Line::default());
    match &comparison.nearest {
        Some(nearest) => {
            let label = Line::new(&prose.nearest, Tone::Label);
            let gap = " ".repeat(gap_behind(&label));
            let label = label.then(gap, Tone::Plain);
            let value = cells(nearest, &[]);
            if label.width() + width_of(&value) <= width {
                lines.push(append(label, &value, Tone::Good));
            } else {
                lines.push(label);
                lines.extend(layout::indented(
                    paragraph(&clean(nearest), Tone::Good, width - 2),
                    2,
                ));
            }
        }
        None if comparison.rows.iter().all(|row| row.good != Some(false))
            && comparison.rows.iter().any(|row| row.good == Some(true)) =>
        {
            lines.extend(paragraph(&format!("✓ {}", prose.all_match), Tone::Good, width));
        }
        None if comparison.same_but_unregistered => {
            lines.extend(paragraph(&prose.nothing_to_compare, Tone::Dim, width));
        }
        None => {
            lines.pop();
        }
    }
    lines
}

impl Comparison {
    /// Gathers the four values and holds each against its rule.
    pub(crate) fn of(facts: &Facts<'_>, messages: &Messages) -> Self {
        let prose = &messages.pictures().comparison;
        let registered: &[Registered] = facts.registered();
        let authorized = facts.authorize_param("redirect_uri");
        let exchange = present_exchange(facts);
        let exchanged = exchange.and_then(|exchange| exchange.sent.get("redirect_uri"));
        let subject = exchanged.or(authorized).unwrap_or_default();
        let against = closest(registered, subject)
            .and_then(|best| RedirectUri::parse(&best.uri).ok().map(|uri| (uri, best.wildcard)));
        let mut rows: Vec<Row> = registered
            .iter()
            .take(REGISTERED)
            .map(|one| Row::new(&prose.registered, &one.uri, messages))
            .collect();
        if registered.is_empty() {
            rows.push(Row::remark(&prose.registered, &prose.not_known));
        } else if registered.len() > REGISTERED {
            let n = (registered.len() - REGISTERED).to_string();
            rows.push(Row::remark("", &filled(&prose.more_registered, &[("n", &n)])));
        }
        let first = authorized.and_then(|uri| RedirectUri::parse(uri).ok());
        rows.push(match authorized {
            Some(uri) => Row::new(&prose.authorize, uri, messages).held_to(registered, messages),
            None if facts.authorization.is_some() => Row::remark(&prose.authorize, &prose.not_sent),
            None => Row::remark(&prose.authorize, &prose.no_authorization_request),
        });
        rows.push(match (exchanged, exchange) {
            (Some(uri), _) => {
                let row = Row::new(&prose.exchange, uri, messages).held_to(registered, messages);
                if authorized.is_some_and(|sent| sent != uri) {
                    row.not_as_authorized(first.as_ref(), messages)
                } else {
                    row
                }
            }
            (None, Some(exchange)) if exchange.exchange.request.is_some() => {
                Row::remark(&prose.exchange, &prose.not_sent)
            }
            _ => Row::remark(&prose.exchange, &prose.no_token_request),
        });
        if !facts.is_tapped() {
            rows.push(listening_row(facts, first.as_ref(), prose));
        }
        let nearest = rows.iter().any(|row| row.good == Some(false)).then(|| {
            let fits =
                |uri: &str| registered.is_empty() || nearest_match(registered, uri).as_deref() == Some(uri);
            match authorized {
                Some(uri) if first.is_some() && fits(uri) => Some(uri.to_owned()),
                _ => nearest_match(registered, subject),
            }
        });
        Self {
            rows,
            against,
            nearest: nearest.flatten(),
            same_but_unregistered: registered.is_empty() && exchanged.is_some() && exchanged == authorized,
            is_brief: false,
        }
    }
}

impl Comparison {
    fn unjudged(mut self) -> Self {
        for row in &mut self.rows {
            row.good = None;
            row.wrong.clear();
            row.notes.clear();
        }
        Self {
            nearest: None,
            same_but_unregistered: false,
            ..self
        }
    }
}

impl Row {
    fn new(label: &str, uri: &str, messages: &Messages) -> Self {
        let value = match RedirectUri::parse(uri) {
            Ok(parts) => RowValue::Uri(parts, uri.to_owned()),
            Err(defect) => RowValue::NotAUri(
                uri.to_owned(),
                messages.pictures().redirect_defect.of(&defect).to_owned(),
            ),
        };
        Self {
            label: label.to_owned(),
            good: None,
            wrong: Vec::new(),
            notes: Vec::new(),
            value,
        }
    }

    fn remark(label: &str, remark: &str) -> Self {
        Self {
            label: label.to_owned(),
            value: RowValue::Remark(remark.to_owned()),
            good: None,
            wrong: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Holds the value against the registration.
    fn held_to(mut self, registered: &[Registered], messages: &Messages) -> Self {
        let prose = messages.pictures();
        let (parts, text) = match &self.value {
            RowValue::Uri(parts, text) => (parts.clone(), text.clone()),
            RowValue::NotAUri(_, reason) => {
                self.notes.push(reason.clone());
                self.good = Some(false);
                return self;
            }
            RowValue::Remark(_) => return self,
        };
        let Some(best) = closest(registered, &text) else {
            return self;
        };
        let Ok(base) = RedirectUri::parse(&best.uri) else {
            self.good = Some(best.uri == text);
            return self;
        };
        for (component, verdict) in compare(&base, best.wildcard, &parts) {
            if verdict.is_match() {
                continue;
            }
            self.wrong
                .push((component, component_departs(&parts, &base, component)));
            if verdict == Verdict::WildcardOff {
                let name = prose.component.of(&component);
                self.notes
                    .push(filled(&prose.comparison.wildcard_off, &[("component", name)]));
            }
        }
        self.good = Some(self.wrong.is_empty());
        self
    }

    /// Adds what differs from the authorization request, which the token request has to repeat (RFC 6749 §4.1.3).
    fn not_as_authorized(mut self, first: Option<&RedirectUri>, messages: &Messages) -> Self {
        if let (RowValue::Uri(parts, _), Some(first)) = (&self.value, first) {
            for component in Component::ALL {
                let differs = parts.component(component) != first.component(component);
                if differs && !self.wrong.iter().any(|(c, _)| *c == component) {
                    self.wrong
                        .push((component, component_departs(parts, first, component)));
                }
            }
            self.wrong.sort_by_key(|(component, _)| *component);
        }
        self.notes
            .push(messages.pictures().comparison.not_as_authorized.clone());
        self.good = Some(false);
        self
    }
}

fn listening_row(facts: &Facts<'_>, redirect_uri: Option<&RedirectUri>, prose: &ComparisonProse) -> Row {
    // On a port that is left open the listener is bound before the request that names its port is made.
    let bound = facts
        .transcript
        .entries
        .iter()
        .rev()
        .find_map(|entry| match &entry.observation {
            Observation::ListenerBound { address } => Some(Some(address)),
            Observation::ListenerFailed { .. } | Observation::ListenerImpossible { .. } => Some(None),
            _ => None,
        })
        .flatten();
    let Some(address) = bound else {
        return Row::remark(&prose.listening, &prose.not_listening);
    };
    let path = redirect_uri.map_or("/", RedirectUri::effective_path);
    let text = format!("http://{address}{path}");
    let Ok(parts) = RedirectUri::parse(&text) else {
        return Row::remark(&prose.listening, &clean(address));
    };
    let elsewhere = redirect_uri.is_some_and(|uri| uri.effective_port() != parts.effective_port());
    let mut row = Row::remark(&prose.listening, "");
    row.value = RowValue::Uri(parts, text);
    if elsewhere {
        row.notes.push(prose.listens_elsewhere.clone());
    }
    row
}

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
fn has_any_port(row: &Row, comparison: &Comparison, prose: &ComparisonProse) -> bool {
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

/// What is said of a row beyond its verdict, a line each below the drawing.
fn notes(comparison: &Comparison, messages: &Messages, width: usize) -> Vec<Line> {
    let colon = &messages.pictures().units.colon;
    let mut lines = Vec::new();
    for row in &comparison.rows {
        let (symbol, tone) = if row.good == Some(false) {
            ("✗", Tone::Bad)
        } else {
            ("!", Tone::Warn)
        };
        for note in &row.notes {
            let text = format!("{symbol} {}{colon}{note}", row.label);
            lines.extend(hanging(Line::default(), &text, tone, 0, width));
        }
    }
    let words = &messages.pictures().comparison;
    if comparison
        .rows
        .iter()
        .any(|row| has_any_port(row, comparison, words))
    {
        lines.extend(paragraph(&words.loopback_port, Tone::Dim, width));
    }
    lines
}

/// The table; `None` when the values are too long for one.
///
/// Where it is too wide by a little, columns without any value go first, then the names in the verdict: the carets below the
/// values say the same.
fn table(comparison: &Comparison, messages: &Messages, width: usize) -> Option<Vec<Line>> {
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
fn stacked(comparison: &Comparison, messages: &Messages, width: usize) -> Vec<Line> {
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
