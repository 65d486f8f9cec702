//! The walkthrough as part of the model: opening it, choosing, going on, leaving for one's own app.

use super::{
    effect::Effect,
    model::{Model, WALKTHROUGH},
};
use crate::{
    flow::{configuration::Configuration, transcript::Source},
    oauth::{moment::Moment, provider::Provider},
    walkthrough::{
        BUILT_IN, NAME,
        progress::{Next, Progress},
        script::Script,
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
    model.scroll[WALKTHROUGH] = 0;
    model.set_off();
}

/// Leaves it; where it was left is kept.
pub fn leave(model: &mut Model) -> Vec<Effect> {
    let Some(progress) = model.walkthrough.take() else {
        return Vec::new();
    };
    if progress.script.name == NAME {
        model.left_at = Some(progress.at);
    }
    name_github(model);
    vec![Effect::SaveProgress {
        name: progress.script.name,
        at: progress.at,
    }]
}

/// Chooses an answer, and brings what is said of it into view.
pub fn choose(model: &mut Model, at: usize) {
    if let Some(progress) = &mut model.walkthrough {
        progress.choose(at);
        model.scroll[WALKTHROUGH] = usize::MAX;
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
            // What there is to choose from stands at the end.
            model.scroll[WALKTHROUGH] = usize::MAX;
            Vec::new()
        }
        Next::Mend => {
            progress.answer.mended = true;
            // The good news stands at the top.
            model.scroll[WALKTHROUGH] = 0;
            model.set_off();
            Vec::new()
        }
        Next::GoOn => {
            let at = progress.at + 1;
            progress.go_to(at);
            model.scroll[WALKTHROUGH] = 0;
            model.set_off();
            vec![Effect::SaveProgress { name, at }]
        }
        Next::OwnApp | Next::End => {
            let own_app = progress.next() == Next::OwnApp;
            let provider = progress.script.stage.provider();
            model.walkthrough = None;
            if name == NAME {
                model.left_at = Some(0);
            }
            name_github(model);
            let mut effects = vec![Effect::SaveProgress { name, at: 0 }];
            if own_app && (model.is_simulated() || model.replay) {
                effects.extend(start_over(model, provider, now));
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
    if progress.at == 0 {
        return leave(model);
    }
    progress.go_to(progress.at - 1);
    model.scroll[WALKTHROUGH] = 0;
    Vec::new()
}

/// The simulator behind a walkthrough plays GitHub, whatever the walkthrough was about.
fn name_github(model: &mut Model) {
    model.form.name_simulated(&Provider::default().name);
}

/// From the simulator to the provider itself, with empty fields. What the simulator still has to say is said to nobody.
fn start_over(model: &mut Model, provider: Provider, now: Moment) -> Vec<Effect> {
    let effects = model.flow.start_over(Source::Live, now);
    let entropy = model.flow.entropy();
    let configuration = Configuration {
        provider,
        ..Configuration::default()
    };
    let fresh = Model::new(configuration, model.language, entropy, now);
    *model = Model {
        flow: model.flow.clone(),
        left_at: model.left_at,
        mouse: model.mouse,
        revision: model.revision,
        ..fresh
    };
    let mut effects: Vec<Effect> = effects.into_iter().map(Effect::from).collect();
    effects.push(Effect::Simulated(false));
    effects
}
