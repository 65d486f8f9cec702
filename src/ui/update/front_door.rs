//! The front door: who starts without values is asked what they have come with, instead of finding an empty form.

use crate::{
    flow::{
        configuration::{Configuration, Field},
        transcript::Source,
    },
    oauth::time::Moment,
    providers::DEFAULT,
    ui::{
        effect::Effect,
        model::{Model, Notice, Overlay, Step, configure_form::ProviderChoice, text_field::TextField},
        update::{
            navigation::{open, show},
            registered, walkthrough,
        },
    },
};

/// Which question is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// What is wrong with your sign-in?
    WhatIsWrong,
    /// How an app is registered.
    NewApp,
}

impl Door {
    /// How many answers there are.
    pub fn answers(self) -> usize {
        match self {
            Self::WhatIsWrong => 5,
            Self::NewApp => 2,
        }
    }
}

/// Opens it where neither an app nor another server than the default was named.
pub fn open_front_door(model: &mut Model) {
    let nobodys = [Field::ClientId, Field::ClientSecret]
        .into_iter()
        .all(|field| model.form.text(field).is_empty());
    let default =
        matches!(model.form.provider(), ProviderChoice::Known(profile) if profile.family == DEFAULT.family);
    if nobodys && !model.is_simulated() && default {
        model.door = Some(Door::WhatIsWrong);
        model.came_by_door = true;
        model.revision += 1;
    }
}

/// Takes the answer of that place.
pub(crate) fn choose(model: &mut Model, door: Door, number: usize) -> Vec<Effect> {
    match (door, number) {
        (Door::WhatIsWrong, 0) => open(model, Overlay::Paste(TextField::default())),
        (Door::WhatIsWrong | Door::NewApp, 1) => to_the_form(model),
        (Door::WhatIsWrong, 2) => ask(model, Door::NewApp),
        (Door::WhatIsWrong, 3) => return vec![Effect::StartDemo],
        (Door::WhatIsWrong, 4) => return walkthrough::open(model),
        (Door::NewApp, 0) => {
            let callback = model.form.text(Field::RedirectUri).to_owned();
            let effects = registered::register(model, callback.clone());
            model.notice = Some(Notice::ForNewApp(callback));
            return effects;
        }
        _ => {}
    }
    Vec::new()
}

/// On to the form, where the values of an app are typed.
pub(crate) fn to_the_form(model: &mut Model) {
    model.door = None;
    model.form.focus_field(Field::ClientId);
    show(model, Step::Configure);
}

fn ask(model: &mut Model, door: Door) {
    model.door = Some(door);
    show(model, Step::Configure);
}

/// From Configure back to the first question, where the person has come by it; the demo ends there.
pub(crate) fn back(model: &mut Model, now: Moment) -> Vec<Effect> {
    let mut effects = Vec::new();
    if model.is_simulated() {
        let provider = model.own_app.as_ref().map(|own| own.provider.clone());
        effects = walkthrough::start_over(model, provider.unwrap_or_default(), now);
        model.came_by_door = true;
    }
    ask(model, Door::WhatIsWrong);
    effects
}

/// The simulator is ready with these values: the demo begins, unless the person has gone on meanwhile.
pub(crate) fn begin_demo(model: &mut Model, configuration: Configuration, now: Moment) -> Vec<Effect> {
    if model.door.is_none() {
        return Vec::new();
    }
    let effects = model.flow.start_over(Source::Simulator, now);
    let entropy = model.flow.entropy();
    let fresh = Model::new(configuration, model.language, entropy, now);
    *model = Model {
        flow: model.flow.clone(),
        left_at: model.left_at,
        own_app: Some(Box::new(model.form.configuration())),
        came_by_door: true,
        mouse: model.mouse,
        seat: model.seat.clone(),
        env_names: std::mem::take(&mut model.env_names),
        motion: model.motion,
        revision: model.revision,
        ..fresh
    };
    let mut effects: Vec<Effect> = effects.into_iter().map(Effect::from).collect();
    effects.push(Effect::Simulated(true));
    effects
}
