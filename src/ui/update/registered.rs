//! The one fact that only a person can tell: which redirect URI is registered. Asked for where it is missing.

use crate::{
    diagnosis::finding::RemedyCode,
    flow::{
        configuration::{Field, Origin},
        event::Command,
    },
    oauth::{redirect_uri::RedirectUri, time::Moment},
    ui::{
        effect::Effect,
        model::{Model, Notice, Step, text_field::TextField},
        update::{
            flow_events::{command, conclude},
            navigation::show,
        },
    },
};

/// The place of the remedy that asks for it, where Result does.
pub fn asked(model: &Model) -> Option<usize> {
    let wanted = |code| code == RemedyCode::TellRegisteredRedirectUri;
    let asked = model.remedies.iter().position(|remedy| wanted(remedy.code));
    asked.filter(|_| model.step == Step::Result && !model.replay)
}

/// True for a text that can be a registered redirect URI.
pub(crate) fn can_be(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && text.split_whitespace().all(|uri| RedirectUri::parse(uri).is_ok())
}

/// Begins the line.
pub(crate) fn ask(model: &mut Model) {
    model.registered = Some(TextField::default());
    model.follow_focus = true;
}

/// Takes the text of the line; the line stays as long as it is not a URI.
pub(crate) fn tell(model: &mut Model, now: Moment) -> Vec<Effect> {
    let Some(line) = model.registered.take() else {
        return Vec::new();
    };
    if line.text().trim().is_empty() {
        return Vec::new();
    }
    if !can_be(line.text()) {
        model.notice = Some(Notice::RegisteredUnreadable);
        model.registered = Some(line);
        return Vec::new();
    }
    model
        .form
        .set(Field::RegisteredRedirectUri, line.text().trim(), Origin::Typed);
    let effects = command(model, Command::TellRegistered(model.form.registered()), now);
    conclude(model);
    show(model, Step::Result);
    effects
}

/// Puts a redirect URI on the clipboard and opens the page where the app's are registered, as far as one is known.
pub(crate) fn register(model: &mut Model, value: String) -> Vec<Effect> {
    let provider = match model.flow.attempt() {
        Some(attempt) => attempt.configuration.provider.clone(),
        None => model.form.described_provider(),
    };
    model.notice = Some(Notice::ToRegister(value.clone()));
    let page = provider.settings_page().map(Effect::OpenPage);
    std::iter::once(Effect::Copy(value)).chain(page).collect()
}
