//! Values of the person's own app that come later than the start: a profile they chose, a `.env` beside the work.

use crate::{
    flow::{
        configuration::{Configuration, Field, Origin},
        transcript::Source,
    },
    oauth::time::Moment,
    ui::{
        effect::Effect,
        model::{Model, Notice, Overlay},
        update::{navigation::open, taking::Choice},
    },
};

/// The file beside the work that is offered, as a value's origin names it.
pub const ENV_FILE: &str = ".env";

/// The profiles are known: one of them can be chosen.
pub(crate) fn offer(model: &mut Model, profiles: Result<Vec<String>, String>) {
    match profiles {
        Ok(names) if names.is_empty() => model.notice = Some(Notice::NoProfiles),
        Ok(names) => {
            model.profiles = names;
            open(model, Overlay::Choose(Choice::Profile, 0));
        }
        Err(reason) => model.notice = Some(Notice::ValuesRefused(reason)),
    }
}

/// Takes the values that were asked for into the form, as at a new start. Nothing is sent.
pub(crate) fn take(
    model: &mut Model,
    values: Result<Box<Configuration>, String>,
    now: Moment,
) -> Vec<Effect> {
    let configuration = match values {
        Ok(configuration) => *configuration,
        Err(reason) => {
            model.notice = Some(Notice::ValuesRefused(reason));
            return Vec::new();
        }
    };
    // What was taken is not offered again.
    let taken = [Field::ClientId, Field::ClientSecret]
        .map(|field| configuration.origins.of(field))
        .contains(&Origin::File(ENV_FILE.to_owned()));
    let env_names = std::mem::take(&mut model.env_names);
    let effects = model.flow.start_over(Source::Live, now);
    let entropy = model.flow.entropy();
    let fresh = Model::new(configuration, model.language, entropy, now);
    *model = Model {
        flow: model.flow.clone(),
        left_at: model.left_at,
        came_by_door: model.came_by_door,
        mouse: model.mouse,
        seat: model.seat.clone(),
        env_names: if taken { Vec::new() } else { env_names },
        motion: model.motion,
        revision: model.revision,
        notice: Some(Notice::ValuesTaken),
        ..fresh
    };
    let mut effects: Vec<Effect> = effects.into_iter().map(Effect::from).collect();
    effects.push(Effect::Simulated(false));
    effects
}
