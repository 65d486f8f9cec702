//! Step 5: the token, or the diagnosis.

pub(crate) mod folded;
pub(crate) mod remedies;

use crate::{
    diagnosis::{context::Facts, outcome::Outcome},
    flow::{configuration::Field, transcript::Observation},
    render::{
        drawings::sequence::{self, Drawn},
        explanation::{self, Explanation, Section, SectionKind, Style},
        text::{
            layout,
            line::{Line, Tone, clean},
        },
    },
    text::{catalog::Messages, find::Words, html, template::filled},
    ui::{
        keys::Action,
        message::Message,
        model::{
            Model,
            find::Searched,
            panes::{OF_RESULT, OF_WIDE_RESULT, Pane},
        },
        update::{registered, remedies::code_in_hand, sitting::is_found},
        view::{
            body::{Body, Hit},
            field::{self, Look},
            panes::MARK,
            screens::{
                Columns, Page, lab,
                result::remedies::{Changes, Told, remedies},
            },
        },
    },
};

/// Makes the page.
pub fn page(model: &Model, messages: &Messages, columns: Columns) -> Page {
    let words = &messages.screens().result;
    let mut main = Body::default();
    if model.flow.status().is_waiting_for_server() {
        main.text(&words.under_way, Tone::Accent, columns.main);
        return Page {
            main,
            ..Page::default()
        };
    }
    if model.outcome.is_none() {
        main.text(&words.none_yet, Tone::Dim, columns.main);
        return Page {
            main,
            ..Page::default()
        };
    }
    let facts = Facts::of(model.shown());
    let experiment = model.experiment.filter(|experiment| experiment.done);
    if let Some(experiment) = experiment {
        let below = model.good_run.is_some();
        lab::verdict(&mut main, experiment, &facts, messages, columns.main, below);
    }
    applied(&mut main, model, messages, columns.main);
    let style = Style {
        width: columns.main,
        beside: None,
        reveal: model.reveal,
        plain: false,
    };
    let mut explained = explanation::explain(&facts, &model.findings, messages, style);
    let has_panes = columns.side.is_some();
    if columns.short && !has_panes {
        let above = explained.sentence.clone();
        shorten(&mut explained.sections, &facts, &above, messages, columns.main);
    }
    let changes = Changes {
        model,
        messages,
        code: code_in_hand(&facts, model.now),
    };
    let mut page = Page::default();
    if model.outcome == Some(Outcome::Token) {
        for section in &explained.sections {
            match section.kind {
                SectionKind::Sentence => {
                    verdict(&mut main, &explained, &changes, columns.main);
                    main.gap();
                }
                SectionKind::Sequence if has_panes => {}
                SectionKind::Causes | SectionKind::RuledOut if columns.third.is_some() => {}
                SectionKind::Remedies => {
                    main.gap();
                    main.push(Line::new(&section.heading, Tone::Label));
                    remedies(&mut main, &explained.remedies, &changes, Told::All, columns.main);
                }
                _ => {
                    main.gap();
                    plain(&mut main, section);
                }
            }
        }
        if experiment.is_some() {
            lab::comparison(&mut main, model, &facts, messages, columns.main);
        }
        main.gap();
        main.text(&words.token_next, Tone::Dim, columns.main);
        page.main = main;
    } else {
        (page.main, page.unfolded) = folded::draw(&main, &facts, &explained, &changes, columns);
        if experiment.is_some() {
            page.main.gap();
            lab::comparison(&mut page.main, model, &facts, messages, columns.main);
        }
    }
    let Some(width) = columns.side else {
        // One at a time: those beside the page are made when they are gone to.
        page.panes = OF_RESULT;
        match model.panes.chosen {
            Pane::Messages => page.lanes = lanes(model, &facts, &explained, messages, columns),
            Pane::Bytes => page.bytes = bytes(model, &facts, messages, columns.main),
            Pane::Page | Pane::Beside => {}
        }
        return page;
    };
    page.side = columns.third.map(|_| causes(&facts, model, messages, width));
    page.side = page.side.filter(|side| !side.lines.is_empty());
    page.panes = if page.side.is_some() {
        OF_WIDE_RESULT
    } else {
        OF_RESULT
    };
    page.lanes = lanes(model, &facts, &explained, messages, columns);
    page.bytes = bytes(model, &facts, messages, columns.third.unwrap_or(width));
    page
}

/// Why, and what it is not, in a column of its own.
fn causes(facts: &Facts<'_>, model: &Model, messages: &Messages, width: usize) -> Body {
    let style = Style {
        reveal: model.reveal,
        ..Style::of_width(width)
    };
    let explained = explanation::explain(facts, &model.findings, messages, style);
    let mut body = Body::default();
    for kind in [SectionKind::Causes, SectionKind::RuledOut] {
        if let Some(section) = explained.section(kind) {
            body.gap();
            plain(&mut body, section);
        }
    }
    body
}

/// The messages between their lanes, where all of them fit into their pane.
fn lanes(
    model: &Model,
    facts: &Facts<'_>,
    explained: &Explanation,
    messages: &Messages,
    columns: Columns,
) -> Option<Drawn> {
    /// A message has two lines at least.
    const LINES: usize = 2;
    let listed = &model.panes.messages;
    let width = columns.side.unwrap_or(columns.main);
    let room = match columns.side {
        Some(_) => columns.height * 2 / 5,
        None => columns.height.saturating_sub(1),
    };
    let cut = model.excerpt.is_some();
    if cut || listed.len() * LINES > room || width < layout::NARROWEST + MARK {
        return None;
    }
    let drawn = sequence::draw_whole(facts, listed, &explained.sentence, messages, width - MARK);
    (drawn.lines.len() <= room).then_some(drawn)
}

/// The chosen message, byte for byte.
fn bytes(model: &Model, facts: &Facts<'_>, messages: &Messages, width: usize) -> Body {
    let mut body = Body::default();
    let transcript = &model.flow.transcript;
    let Some(place) = model.panes.entry() else {
        return body;
    };
    let mut redactor = facts.redactor().clone();
    if let Some(entry) = transcript.entries.get(place) {
        redactor.learn_from(&entry.observation);
    }
    body.extend(sequence::bytes(
        transcript,
        place,
        &redactor,
        messages,
        width,
        model.reveal,
    ));
    if let Some(find) = model.find.as_ref().filter(|find| find.of == Searched::Bytes) {
        let wanted = Words::of(find.text.text());
        body.lines.retain(|line| wanted.are_in(&line.text()));
    }
    body
}

/// What happened in one sentence, and why, with how sure that is.
fn verdict(body: &mut Body, explained: &Explanation, changes: &Changes<'_>, width: usize) {
    let (symbol, tone) = match changes.model.outcome {
        Some(Outcome::Token) => ("✓", Tone::Good),
        Some(Outcome::Unanswered) => ("!", Tone::Warn),
        _ => ("✗", Tone::Bad),
    };
    body.gap();
    let symbol = Line::new(symbol, tone);
    body.extend(layout::hanging(symbol, &explained.sentence, tone, 2, width));
}

/// On a short screen what was obtained, or why it failed, is to begin without scrolling: a token comes before the
/// sequence, and of a failed flow only the failing exchange is drawn; step 3 and 4 and `oauthlens run` have the rest.
fn shorten(sections: &mut [Section], facts: &Facts<'_>, above: &str, messages: &Messages, width: usize) {
    let place = |sections: &[Section], kind| sections.iter().position(|section| section.kind == kind);
    let Some(sequence) = place(sections, SectionKind::Sequence) else {
        return;
    };
    match place(sections, SectionKind::Token) {
        Some(token) => sections.swap(sequence, token),
        None => sections[sequence].lines = sequence::draw_short(facts, above, messages, width),
    }
}

/// Says whether the remedy that was chosen last has helped.
fn applied(body: &mut Body, model: &Model, messages: &Messages, width: usize) {
    let words = &messages.screens().result;
    let Some(applied) = &model.applied else { return };
    if model.flow.transcript.entries.len() <= applied.entries {
        return;
    }
    let remedy = messages.findings().remedy_text(applied.code, applied.for_finding);
    let still = is_found(&model.findings, applied.for_finding);
    let (symbol, tone, text) = if model.outcome == Some(Outcome::Token) {
        ("✓", Tone::Good, &words.applied_worked)
    } else if still {
        ("✗", Tone::Bad, &words.applied_same)
    } else {
        ("!", Tone::Warn, &words.applied_other)
    };
    body.item(symbol, tone, &filled(text, &[("remedy", &remedy)]), width);
    body.gap();
}

/// The line in which the registered redirect URI is told, while nobody has.
fn registered_line(body: &mut Body, model: &Model, messages: &Messages, width: usize) {
    let Some(number) = registered::asked(model) else {
        return;
    };
    let words = &messages.screens().result;
    let named = &messages.opening().field;
    let labels = [Field::RedirectUri, Field::RegisteredRedirectUri].map(|of| named[&of].label);
    let indent = 4 + layout::widest(labels);
    let sent = model.flow.attempt().map(|attempt| &attempt.redirect_uri);
    if let Some(sent) = sent {
        let label = Line::new("  ", Tone::Plain).then(labels[0], Tone::Plain);
        body.extend(layout::hanging(label, &clean(sent), Tone::Value, indent, width));
    }
    let label = Line::new("  ", Tone::Plain)
        .then(labels[1], Tone::Accent)
        .pad_to(indent);
    let first = body.lines.len();
    if let Some(text) = &model.registered {
        let drawn = field::draw(text, Look::Words, true, width.saturating_sub(indent));
        body.cursor = Some((first, indent + drawn.cursor));
        let mut line = label;
        line.0.extend(drawn.line.0);
        body.push(line);
        body.extend(layout::indented(
            layout::paragraph(&words.registered_about, Tone::Dim, width.saturating_sub(2)),
            2,
        ));
        body.focus = Some((first, body.lines.len()));
    } else {
        body.push(label.then("_".repeat(width.saturating_sub(indent).min(30)), Tone::Dim));
        let key = (number + 1).to_string();
        let text = filled(&words.registered_ask, &[("key", &key)]);
        body.extend(layout::indented(
            layout::paragraph(&text, Tone::Dim, width.saturating_sub(2)),
            2,
        ));
    }
    if let Some(action) = Action::REMEDIES.get(number) {
        body.hits.extend((first..body.lines.len()).map(|line| Hit {
            line,
            from: 0,
            to: width,
            message: Message::Do(*action),
        }));
    }
    body.gap();
}

/// The page at which the browser stopped, where that is known.
fn page_seen(body: &mut Body, model: &Model, messages: &Messages, width: usize) {
    let page = model
        .flow
        .transcript
        .entries
        .iter()
        .rev()
        .find_map(|entry| match &entry.observation {
            Observation::PageSeen { status, text } => Some(Some((*status, text))),
            Observation::AuthorizationStarted { .. } | Observation::RequestSent { .. } => Some(None),
            _ => None,
        });
    // Where it is the evidence of a finding it stands there.
    let told = model.findings.iter().flat_map(|finding| &finding.evidence);
    if told.into_iter().any(|evidence| evidence.what == "page") {
        return;
    }
    if let Some(Some((status, text))) = page {
        let status = status.to_string();
        body.text(
            &filled(&messages.screens().result.page_seen, &[("status", &status)]),
            Tone::Plain,
            width,
        );
        body.extend(layout::hanging(
            Line::new(" ", Tone::Plain),
            &clean(&html::first_words(text)),
            Tone::Value,
            2,
            width,
        ));
        body.gap();
    }
}

fn plain(body: &mut Body, section: &Section) {
    if !section.heading.is_empty() {
        body.push(Line::new(&section.heading, Tone::Label));
    }
    body.extend(section.lines.iter().cloned());
}
