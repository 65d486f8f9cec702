//! The walkthrough as part of the model: opening it, choosing, going on, leaving for one's own app.

use crate::{
    flow::{configuration::Configuration, transcript::Source},
    lab::walkthrough::{
        BUILT_IN, NAME,
        progress::{Next, Progress},
        script::Script,
    },
    oauth::time::Moment,
    providers::Provider,
    ui::{
        effect::Effect,
        model::{Model, layout::WALKTHROUGH},
    },
};

/// Opens the built-in walkthrough where it was left.
pub fn open(model: &mut Model) -> Vec<Effect> {
    // The built-in file is read by a test, so it cannot be refused here.
    if let Ok(script) = Script::read(BUILT_IN) {
        begin(model, script, model.left_at.unwrap_or(0));
    }
    Vec::new()
}

/// Begins a walkthrough at a step.
pub fn begin(model: &mut Model, script: Script, at: usize) {
    model.form.name_simulated(&script.stage.provider_name);
    model.walkthrough = Some(Progress::at(script, at));
    show_top(model);
    model.set_off();
}

/// Shows a step from its first line on.
fn show_top(model: &mut Model) {
    model.layout.scroll[WALKTHROUGH] = 0;
    model.follow_focus = false;
}

/// Shows what there is to choose from, with a word below it on what to do.
fn show_question(model: &mut Model) {
    const WORD_BELOW: usize = 2;
    let end = model
        .layout
        .question_end
        .map_or(usize::MAX, |end| end + WORD_BELOW);
    model.layout.scroll[WALKTHROUGH] = end.saturating_sub(model.layout.view_lines);
    model.follow_focus = false;
}

/// Leaves it by its letter key. The focus moves off text fields, so that a second press does not type the letter.
pub fn leave_by_letter(model: &mut Model) -> Vec<Effect> {
    model.form.focus_choice();
    model.exchange_form.focus_choice();
    leave(model)
}

/// Leaves it; where it was left is kept.
fn leave(model: &mut Model) -> Vec<Effect> {
    let Some(progress) = model.walkthrough.take() else {
        return Vec::new();
    };
    if progress.script.name == NAME {
        model.left_at = Some(progress.at);
    }
    name_default(model);
    model.follow_focus = true;
    vec![Effect::SaveProgress {
        name: progress.script.name,
        at: progress.at,
    }]
}

/// Chooses an answer, and brings what is said of it into view. A question that was not seen yet is shown instead.
pub fn choose(model: &mut Model, at: usize) {
    let unseen = model.layout.question_unseen;
    if let Some(progress) = &mut model.walkthrough {
        if unseen && progress.answer.chosen.is_none() {
            show_question(model);
            return;
        }
        progress.choose(at);
        model.follow_focus = true;
    }
}

/// The main thing at this step.
pub fn go_on(model: &mut Model, now: Moment) -> Vec<Effect> {
    let Some(progress) = &mut model.walkthrough else {
        return Vec::new();
    };
    let name = progress.script.name.clone();
    match progress.next() {
        Next::Choose => {
            show_question(model);
            Vec::new()
        }
        Next::Mend => {
            progress.mend();
            // Good news comes first.
            show_top(model);
            model.set_off();
            Vec::new()
        }
        Next::GoOn => {
            let at = progress.at + 1;
            progress.go_to(at);
            show_top(model);
            model.set_off();
            vec![Effect::SaveProgress { name, at }]
        }
        Next::OwnApp | Next::End => {
            let own_app = progress.next() == Next::OwnApp;
            let provider = progress.script.stage.provider();
            let last = progress.at;
            let ours = name == NAME;
            model.walkthrough = None;
            model.door = None;
            model.follow_focus = true;
            name_default(model);
            let mut effects = vec![Effect::SaveProgress { name, at: 0 }];
            if own_app && (model.is_simulated() || model.replay) {
                effects.extend(start_over(model, provider, now));
            }
            if ours {
                // What it says of one's own app is read again while one does it.
                model.left_at = Some(if own_app { last } else { 0 });
                model.guided = own_app;
            }
            effects
        }
    }
}

/// A step back; from the first, out of the walkthrough.
pub fn back(model: &mut Model) -> Vec<Effect> {
    let Some(progress) = &mut model.walkthrough else {
        return Vec::new();
    };
    if !progress.go_back() {
        return leave(model);
    }
    show_top(model);
    Vec::new()
}

/// The simulator plays the default provider again, whatever the walkthrough was about.
fn name_default(model: &mut Model) {
    model.form.name_simulated(&Provider::default().name);
}

/// From the simulator to the provider itself, with the person's own values as far as they are known. Late events of the
/// simulator are dropped.
pub(crate) fn start_over(model: &mut Model, provider: Provider, now: Moment) -> Vec<Effect> {
    let effects = model.flow.start_over(Source::Live, now);
    let entropy = model.flow.entropy();
    let own = model.own_app.clone();
    // A team's walkthrough leads to the team's server, for which other values may be kept.
    let own = own.filter(|own| provider == Provider::default() || own.provider == provider);
    let configuration = own.map_or_else(
        || Configuration {
            provider,
            ..Configuration::default()
        },
        |own| *own,
    );
    let fresh = Model::new(configuration, model.language, entropy, now);
    *model = Model {
        flow: model.flow.clone(),
        left_at: model.left_at,
        own_app: model.own_app.take(),
        mouse: model.mouse,
        seat: model.seat.clone(),
        env_names: std::mem::take(&mut model.env_names),
        motion: model.motion,
        revision: model.revision,
        ..fresh
    };
    let mut effects: Vec<Effect> = effects.into_iter().map(Effect::from).collect();
    effects.push(Effect::Simulated(false));
    effects
}
