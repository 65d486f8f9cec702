//! The head of the frame: name, provider, and the position.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr as _;

use crate::{
    lab::walkthrough::progress::Progress,
    render::text::line::{Line, Tone},
    text::{
        catalog::{Language, Messages},
        template::{fill, filled},
    },
    ui::{
        keys::Action,
        message::Message,
        model::{Model, Step, StepState},
        view::canvas::{Pen, cells},
    },
};

/// Draws name, provider and steps. Returns how many rows it took.
pub(crate) fn header(pen: &mut Pen<'_>, area: Rect, model: &Model, messages: &Messages) -> u16 {
    let words = messages.opening();
    let mut left = Line::new("oauthlens", Tone::Accent);
    let provider = match (&model.walkthrough, model.flow.configuration()) {
        (Some(progress), _) => progress.script.stage.provider_name.clone(),
        (None, Some(present)) if model.step != Step::Configure => present.provider.name.clone(),
        _ => model.form.described_provider().name,
    };
    left = left
        .then("  ", Tone::Plain)
        .then(crate::render::text::line::clean(&provider), Tone::Dim);
    if model.is_simulated() || model.walkthrough.is_some() {
        left = left
            .then("  ", Tone::Plain)
            .then(words.frame.simulated, Tone::Warn);
    }
    if model.replay {
        let number = model.looks_back.map(|attempt| attempt.to_string());
        let earlier = number
            .as_deref()
            .map(|number| filled(words.frame.attempt, &[("number", number)]));
        let word = if let Some(earlier) = &earlier {
            earlier.as_str()
        } else if model.aside.is_some() {
            words.frame.pasted
        } else {
            words.frame.replay
        };
        left = left.then("  ", Tone::Plain).then(word, Tone::Warn);
    }
    if model.reveal {
        left = left
            .then("  ", Tone::Plain)
            .then(words.frame.secrets_shown, Tone::Warn);
    }
    let mut steps = match &model.walkthrough {
        Some(progress) => vec![(model.step, walkthrough_place(progress, model.language, messages))],
        None => steps(model, messages, usize::from(area.width)),
    };
    let fits = |steps: &[(Step, Line)]| usize::from(area.width) >= left.width() + steps_width(steps) + 4;
    let mut beside = fits(&steps);
    // That secrets are shown moves nothing: the names of the steps make room where they stood beside.
    if !beside && model.reveal && model.walkthrough.is_none() {
        let remark = words.frame.secrets_shown.width() + 2;
        if usize::from(area.width) + remark >= left.width() + steps_width(&steps) + 4 {
            steps = self::steps(model, messages, 0);
            beside = fits(&steps);
        }
    }
    pen.line(area.x, area.y, &left, usize::from(area.width));
    let (mut x, y) = if beside {
        (area.right() - cells(steps_width(&steps)), area.y)
    } else {
        (area.x, area.y + 1)
    };
    for (step, line) in steps {
        let place = model.steps().iter().position(|one| *one == step);
        let action = Action::STEPS[place.unwrap_or(0).min(Action::STEPS.len() - 1)];
        let end = pen.line(x, y, &line, usize::from(area.right().saturating_sub(x)));
        if model.walkthrough.is_none() {
            pen.drawn.hits.push((
                Rect {
                    x,
                    y,
                    width: end - x,
                    height: 1,
                },
                Message::Do(action),
            ));
        }
        x = end + STEP_GAP;
    }
    let rows = if beside { 1 } else { 2 };
    let rule = "─".repeat(usize::from(area.width));
    pen.put(
        area.x,
        area.y + rows,
        &rule,
        pen.theme.style(Tone::Dim),
        rule.width(),
    );
    rows + 1
}

/// Where one is in the walkthrough.
fn walkthrough_place(progress: &Progress, language: Language, messages: &Messages) -> Line {
    let (at, count) = (
        (progress.at + 1).to_string(),
        progress.script.steps.len().to_string(),
    );
    let text = fill(messages.opening().frame.walkthrough_step, |name| match name {
        "at" => Some(at.as_str()),
        "count" => Some(count.as_str()),
        _ => None,
    });
    Line::new(progress.script.title.in_language(language), Tone::Plain)
        .then("  ", Tone::Plain)
        .then(text, Tone::Accent)
}

const STEP_GAP: u16 = 2;

fn steps_width(steps: &[(Step, Line)]) -> usize {
    steps.iter().map(|(_, line)| line.width()).sum::<usize>() + usize::from(STEP_GAP) * (steps.len() - 1)
}

/// The steps of the grant with their state: in full where they fit, otherwise only the present one by name.
fn steps(model: &Model, messages: &Messages, width: usize) -> Vec<(Step, Line)> {
    let names = &messages.opening().step;
    let name = |step| match step {
        Step::Configure => names.configure,
        Step::Authorize => names.authorize,
        Step::Callback => names.callback,
        Step::Device => names.device,
        Step::Exchange => names.exchange,
        Step::Result => names.result,
    };
    let draw = |full: bool| -> Vec<(Step, Line)> {
        let all = model.steps().iter().copied();
        all.enumerate()
            .map(|(at, step)| {
                let here = step == model.step;
                let (symbol, tone) = match model.step_state(step) {
                    StepState::Done => ("✓", Tone::Good),
                    StepState::Failed => ("✗", Tone::Bad),
                    StepState::Active => ("●", Tone::Accent),
                    StepState::Ahead => ("○", Tone::Dim),
                };
                let name_tone = if here {
                    Tone::Accent
                } else if step > model.reached {
                    Tone::Dim
                } else {
                    Tone::Plain
                };
                let number = format!("{}", at + 1);
                let mut line = Line::new(symbol, tone)
                    .then(" ", Tone::Plain)
                    .then(number, name_tone);
                if full || here {
                    line = line.then(" ", Tone::Plain).then(name(step), name_tone);
                }
                if here {
                    line = Line::new("[", Tone::Accent)
                        .then_all(line)
                        .then("]", Tone::Accent);
                }
                (step, line)
            })
            .collect()
    };
    let full = draw(true);
    if steps_width(&full) <= width {
        full
    } else {
        draw(false)
    }
}
