//! Step 5: the token, or the diagnosis.

use crate::{
    diagnosis::{
        context::Facts,
        finding::{Action as Mend, Certainty},
        outcome::Outcome,
    },
    flow::{machine::Stage, transcript::Observation},
    render::{
        drawings::sequence,
        explanation::{self, Explanation, NumberedRemedy, Section, SectionKind, Style},
        text::{
            layout,
            line::{Line, Tone, clean},
        },
    },
    text::catalog::Messages,
    ui::{
        keys::Action,
        message::Message,
        model::Model,
        view::{
            body::{Body, Hit},
            screens::{Columns, Page, continue_label, filled, lab},
        },
    },
};

/// Makes the page.
pub fn page(model: &Model, messages: &Messages, columns: Columns) -> Page {
    let words = &messages.screens().result;
    let mut main = Body::default();
    if matches!(model.flow.stage, Stage::Exchanging(_) | Stage::ReadingUser(_)) {
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
        let below = columns.side.is_none() && model.good_run.is_some();
        lab::verdict(&mut main, experiment, &facts, messages, columns.main, below);
    }
    applied(&mut main, model, messages, columns.main);
    let mut side = columns.side.map(|_| Body::default());
    let style = Style {
        width: columns.main,
        beside: columns.side,
        reveal: model.reveal,
        plain: false,
    };
    let mut explained = explanation::explain(&facts, &model.findings, messages, style);
    if columns.short {
        shorten(&mut explained.sections, &facts, messages, columns.main);
    }
    let mut pinned = None;
    for section in &explained.sections {
        if section.kind == SectionKind::Sentence {
            verdict(&mut main, &explained, model, messages, columns.main);
            main.gap();
            page_seen(&mut main, model, messages, columns.main);
            continue;
        }
        if section.kind == SectionKind::Remedies
            && let Some(width) = columns.side
        {
            // What to do stays in view, however long the causes are.
            let mut body = Body::default();
            remedies(&mut body, section, &explained.remedies, model.replay, width);
            pinned = Some(body);
            continue;
        }
        let (body, width) = match (&mut side, columns.side) {
            (Some(side), Some(width)) if section.kind.goes_beside() => (side, width),
            _ => (&mut main, columns.main),
        };
        body.gap();
        if section.kind == SectionKind::Remedies {
            remedies(body, section, &explained.remedies, model.replay, width);
        } else {
            plain(body, section);
        }
    }
    if experiment.is_some() {
        let (body, width) = match (&mut side, columns.side) {
            (Some(side), Some(width)) => (side, width),
            _ => (&mut main, columns.main),
        };
        lab::comparison(body, model, &facts, messages, width);
    }
    if model.outcome == Some(Outcome::Token) {
        main.gap();
        main.text(&words.token_next, Tone::Dim, columns.main);
    }
    Page {
        main,
        side,
        pinned,
        ..Page::default()
    }
}

/// What happened in one sentence, and what Enter does about it.
fn verdict(body: &mut Body, explained: &Explanation, model: &Model, messages: &Messages, width: usize) {
    let (symbol, tone) = match model.outcome {
        Some(Outcome::Token) => ("✓", Tone::Good),
        Some(Outcome::Unanswered) => ("!", Tone::Warn),
        _ => ("✗", Tone::Bad),
    };
    body.gap();
    let symbol = Line::new(symbol, tone);
    body.extend(layout::hanging(symbol, &explained.sentence, tone, 2, width));
    let enter = continue_label(model, messages).filter(|_| !model.replay);
    if let (Some(_), Some(first)) = (enter, explained.remedies.first()) {
        let label = Line::new("  Enter", Tone::Accent);
        body.extend(layout::hanging(label, &first.sentence, Tone::Plain, 9, width));
    }
}

/// On a short screen what was obtained, or why it failed, is to begin without scrolling: a token stands before the
/// sequence, and of a failed flow only the failing exchange is drawn; step 3 and 4 and `oauthlens run` have the rest.
fn shorten(sections: &mut [Section], facts: &Facts<'_>, messages: &Messages, width: usize) {
    let place = |sections: &[Section], kind| sections.iter().position(|section| section.kind == kind);
    let Some(sequence) = place(sections, SectionKind::Sequence) else {
        return;
    };
    match place(sections, SectionKind::Token) {
        Some(token) => sections.swap(sequence, token),
        None => sections[sequence].lines = sequence::draw_short(facts, messages, width),
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
    let still = model
        .findings
        .iter()
        .any(|finding| finding.code == applied.for_finding && finding.certainty != Certainty::RuledOut);
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
    if let Some(Some((status, text))) = page {
        let status = status.to_string();
        body.text(
            &filled(&messages.screens().result.page_seen, &[("status", &status)]),
            Tone::Plain,
            width,
        );
        body.extend(layout::hanging(
            Line::new(" ", Tone::Plain),
            &clean(text),
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

/// The remedies with their keys.
fn remedies(body: &mut Body, section: &Section, offers: &[NumberedRemedy], replay: bool, width: usize) {
    body.push(Line::new(&section.heading, Tone::Label));
    for (number, offer) in offers.iter().enumerate() {
        let first = body.lines.len();
        // From a replay nothing is sent, but a page can be opened.
        let does = |action: &&Mend| !replay || matches!(action, Mend::OpenPage(_));
        let action = offer
            .remedy
            .action
            .as_ref()
            .filter(does)
            .and_then(|_| Action::REMEDIES.get(number));
        let label = match action {
            Some(_) => Line::new(format!("[{}]", number + 1), Tone::Accent),
            None => Line::new(" · ", Tone::Dim),
        };
        body.extend(layout::hanging(label, &offer.sentence, Tone::Plain, 4, width));
        if let Some(action) = action {
            for line in first..body.lines.len() {
                body.hits.push(Hit {
                    line,
                    from: 0,
                    to: width,
                    message: Message::Do(*action),
                });
            }
        }
    }
}
