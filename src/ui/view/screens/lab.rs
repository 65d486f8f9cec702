//! The laboratory: the list of faults, the question what comes of one, and the verdict above the result.

use crate::{
    diagnosis::context::Facts,
    lab::faults::Fault,
    render::{
        drawings::run_comparison,
        text::{
            layout,
            line::{Line, Tone, clean},
        },
    },
    text::{catalog::Messages, template::filled},
    ui::{
        keys::Action,
        message::Message,
        model::{Model, find::Searched},
        update::lab::{self, Experiment, Prediction},
        view::{
            body::{Body, Hit},
            screens::choices::search_line,
        },
    },
};

/// The list of faults that can be tried here.
pub fn faults(model: &Model, at: usize, messages: &Messages, width: usize) -> Body {
    let words = messages.lab();
    let mut body = Body::default();
    body.text(&words.about, Tone::Dim, width);
    let (hint, tone) = if model.is_simulated() {
        (&words.lock_hint, Tone::Dim)
    } else {
        (&words.lock_warning, Tone::Warn)
    };
    body.text(hint, tone, width);
    if let Some(find) = model.find.as_ref().filter(|find| find.of == Searched::Faults) {
        search_line(&mut body, "/", &find.text, find.typing, width);
    }
    let (all, found) = (lab::faults(model), lab::found(model));
    let mut group = None;
    for (place, fault) in found.into_iter().map(|place| (place, all[place])) {
        if group.replace(fault.group()) != Some(fault.group()) {
            body.heading(&words.group[&fault.group()]);
        }
        let first = body.lines.len();
        let (marker, tone) = if place == at {
            ("▸", Tone::Accent)
        } else {
            ("·", Tone::Plain)
        };
        let mark = if fault.may_lock_out() { "!" } else { "" };
        let label = Line::new(format!("{marker} "), tone).then(mark, Tone::Warn);
        body.extend(layout::hanging(label, sentence(fault, messages), tone, 4, width));
        if place == at {
            body.focus = Some((first, body.lines.len()));
        }
    }
    body
}

/// What will come of it?
pub fn predict(model: &Model, fault: Fault, messages: &Messages, width: usize) -> Body {
    let words = messages.lab();
    let mut body = Body::default();
    body.text(sentence(fault, messages), Tone::Label, width);
    if fault.may_lock_out() && !model.is_simulated() {
        body.gap();
        let provider = model.form.described_provider().name;
        let warning = filled(&words.lock_this, &[("provider", &clean(&provider))]);
        body.item("!", Tone::Warn, &warning, width);
    }
    body.gap();
    for (at, prediction) in Prediction::ALL.iter().enumerate() {
        let first = body.lines.len();
        let label = Line::new(format!("[{}]", at + 1), Tone::Accent);
        body.extend(layout::hanging(
            label,
            &words.prediction[prediction],
            Tone::Plain,
            4,
            width,
        ));
        for line in first..body.lines.len() {
            body.hits.push(Hit {
                line,
                from: 0,
                to: width,
                message: Message::Do(Action::REMEDIES[at]),
            });
        }
    }
    body.gap();
    body.text(&words.predict, Tone::Dim, width);
    body
}

/// The verdict on the prediction.
pub fn verdict(
    body: &mut Body,
    experiment: Experiment,
    facts: &Facts<'_>,
    messages: &Messages,
    width: usize,
    comparison_is_below: bool,
) {
    let words = messages.lab();
    let outcome = lab::observed(facts);
    let values = [
        ("prediction", words.prediction[&experiment.prediction].as_str()),
        ("outcome", words.prediction[&outcome].as_str()),
        ("fault", sentence(experiment.fault, messages)),
    ];
    body.item("·", Tone::Dim, &filled(&words.ran, &values), width);
    if outcome == experiment.prediction {
        body.item("✓", Tone::Good, &filled(&words.right, &values), width);
    } else {
        body.item("!", Tone::Warn, &filled(&words.wrong, &values), width);
    }
    if comparison_is_below {
        body.item("↓", Tone::Dim, &words.beside.below, width);
    }
    body.gap();
}

/// This run beside the good one.
pub fn comparison(body: &mut Body, model: &Model, facts: &Facts<'_>, messages: &Messages, width: usize) {
    if let Some(good) = &model.good_run {
        body.gap();
        body.push(Line::new(&messages.lab().beside.title, Tone::Label));
        let names = run_comparison::Names::good_and_this(messages);
        body.extend(run_comparison::draw(
            &Facts::of(good),
            facts,
            names,
            messages,
            width,
        ));
    }
}

fn sentence(fault: Fault, messages: &Messages) -> &str {
    messages
        .lab()
        .fault
        .get(fault.name())
        .map_or(fault.name(), String::as_str)
}
