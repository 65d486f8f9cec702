//! Step 5: the token, or the diagnosis.

use crate::{
    diagnosis::{context::Facts, finding::Action as Mend, outcome::Outcome},
    flow::{configuration::Field, machine::Stage, transcript::Observation},
    oauth::secret::{MASK, mask},
    providers::{github::formats, server_table::CodeAfter},
    render::{
        drawings::sequence,
        explanation::{self, Explanation, NumberedRemedy, Section, SectionKind, Style},
        text::{
            layout,
            line::{Line, Tone, clean},
        },
    },
    text::{catalog::Messages, html, template::filled},
    ui::{
        keys::Action,
        message::Message,
        model::Model,
        update::{
            registered,
            remedies::{code_in_hand, edits_token_request, uses_code_in_hand},
            sitting::is_found,
        },
        view::{
            body::{Body, Hit},
            field::{self, Look},
            screens::{Columns, Page, continue_label, lab},
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
    let changes = Changes {
        model,
        messages,
        code: code_in_hand(&facts, model.now),
    };
    for section in &explained.sections {
        if section.kind == SectionKind::Sentence {
            verdict(&mut main, &explained, &changes, columns.main);
            main.gap();
            registered_line(&mut main, model, messages, columns.main);
            page_seen(&mut main, model, messages, columns.main);
            continue;
        }
        if section.kind == SectionKind::Remedies
            && let Some(width) = columns.side
        {
            // What to do stays in view, however long the causes are.
            let mut body = Body::default();
            remedies(&mut body, section, &explained.remedies, &changes, width);
            pinned = Some(body);
            continue;
        }
        let (body, width) = match (&mut side, columns.side) {
            (Some(side), Some(width)) if section.kind.goes_beside() => (side, width),
            _ => (&mut main, columns.main),
        };
        body.gap();
        if section.kind == SectionKind::Remedies {
            remedies(body, section, &explained.remedies, &changes, width);
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
fn verdict(body: &mut Body, explained: &Explanation, changes: &Changes<'_>, width: usize) {
    let Changes { model, messages, .. } = changes;
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
        if let Some(change) = first.remedy.action.as_ref().and_then(|action| changes.of(action)) {
            body.extend(layout::hanging(Line::default(), &change, Tone::Dim, 9, width));
        }
    }
}

/// On a short screen what was obtained, or why it failed, is to begin without scrolling: a token comes before the
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
    let sent = model.flow.attempt.as_ref().map(|attempt| &attempt.redirect_uri);
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

/// What each remedy would change, from the values as they are now.
struct Changes<'m> {
    model: &'m Model,
    messages: &'m Messages,
    /// How the code in hand stands.
    code: Option<CodeAfter>,
}

impl Changes<'_> {
    /// The field, its value before and after, and what is sent then; for a field that is opened, where. `None` for what
    /// changes no value.
    fn of(&self, action: &Mend) -> Option<String> {
        let words = &self.messages.screens().result;
        let is_good = self.code == Some(CodeAfter::Kept);
        let (field, after, same_code) = match action {
            Mend::Use(field, value) => (
                *field,
                shown(*field, value.reveal()),
                uses_code_in_hand(self.model, *field, value, is_good),
            ),
            Mend::OmitRedirectUri => (Field::RedirectUri, words.left_out.clone(), is_good),
            // Its line is on this screen.
            Mend::Edit(Field::RegisteredRedirectUri) => return None,
            Mend::Edit(field) if edits_token_request(self.model, *field, is_good) => {
                return Some(words.edits_exchange.clone());
            }
            Mend::Edit(_) => return Some(words.edits_configure.clone()),
            _ => return None,
        };
        let before = self
            .before(field)
            .map_or_else(|| words.nothing.clone(), |value| shown(field, &value));
        let then = match (field, same_code) {
            (Field::Code, true) => &words.then_send,
            (_, true) => &words.then_exchange,
            (_, false) => &words.then_authorize,
        };
        Some(filled(
            &words.changes,
            &[
                ("field", self.messages.opening().field[&field].label),
                ("before", &before),
                ("after", &after),
                ("then", then),
            ],
        ))
    }

    /// The value that was sent last, or else the one that would be.
    fn before(&self, field: Field) -> Option<String> {
        let form = &self.model.exchange_form;
        if field == Field::ClientAuthentication {
            return Some(form.authentication.name().to_owned());
        }
        let parameter = form.parameters.iter().find(|parameter| parameter.field == field);
        let value = match parameter {
            Some(parameter) => parameter.sent.then(|| parameter.text.text())?,
            None => self.model.form.text(field),
        };
        (!value.is_empty()).then(|| value.to_owned())
    }

    /// True when it has to be said why a new authorization follows.
    fn may_need_a_new_code(&self, offers: &[NumberedRemedy]) -> bool {
        let sends = |offer: &NumberedRemedy| {
            matches!(
                offer.remedy.action,
                Some(Mend::Use(..) | Mend::Edit(_) | Mend::OmitRedirectUri)
            )
        };
        self.code == Some(CodeAfter::MayBeSpent) && offers.iter().any(sends)
    }
}

/// A value in a few cells: of a secret no more than its mask leaves open.
fn shown(field: Field, value: &str) -> String {
    if !field.is_secret() && !formats::may_be_secret(value) {
        return clean(value);
    }
    let masked = mask(value);
    let hidden = masked.matches(MASK).count();
    clean(&masked.replace(&MASK.to_string().repeat(hidden), "…"))
}

/// The remedies with their keys.
fn remedies(
    body: &mut Body,
    section: &Section,
    offers: &[NumberedRemedy],
    changes: &Changes<'_>,
    width: usize,
) {
    body.push(Line::new(&section.heading, Tone::Label));
    for (number, offer) in offers.iter().enumerate() {
        let first = body.lines.len();
        // From a replay nothing is sent, but a page can be opened.
        let does =
            |action: &&Mend| !changes.model.replay || matches!(action, Mend::OpenPage(_) | Mend::Register(_));
        let action = offer.remedy.action.as_ref().filter(does);
        let key = action.and_then(|_| Action::REMEDIES.get(number));
        let label = match key {
            Some(_) => Line::new(format!("[{}]", number + 1), Tone::Accent),
            None => Line::new(" · ", Tone::Dim),
        };
        body.extend(layout::hanging(label, &offer.sentence, Tone::Plain, 4, width));
        // What Enter does is said at the top.
        if number > 0
            && let Some(change) = action.and_then(|action| changes.of(action))
        {
            body.extend(layout::hanging(Line::default(), &change, Tone::Dim, 4, width));
        }
        if let Some(key) = key {
            for line in first..body.lines.len() {
                body.hits.push(Hit {
                    line,
                    from: 0,
                    to: width,
                    message: Message::Do(*key),
                });
            }
        }
    }
    if changes.may_need_a_new_code(offers) && !changes.model.replay {
        let words = &changes.messages.screens().result;
        body.text(&words.may_be_spent, Tone::Dim, width);
    }
}
