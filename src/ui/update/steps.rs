//! The walk itself: on, back, and again from here.

use crate::{
    diagnosis::outcome::Outcome,
    flow::{
        configuration::{Configuration, Field, Origin},
        event::Command,
        grants::{Status, authorization_code::Stage},
    },
    oauth::time::Moment,
    ui::{
        effect::Effect,
        keys::Context,
        model::{Model, Notice, Overlay, Step, exchange_form::ExchangeForm},
        update::{
            act, attempts, finding,
            flow_events::command,
            front_door, lab,
            navigation::{look_at, neighbour, show},
            pasting, probe, registered, remedies, server,
            sitting::forget_what_was_tried,
            taking::{self, Copied},
            walkthrough,
        },
    },
};

/// The main thing on this screen.
pub(crate) fn go_on(model: &mut Model, now: Moment) -> Vec<Effect> {
    if model.context() == Context::Find {
        finding::accept(model);
        return Vec::new();
    }
    match model.overlay.take() {
        Some(Overlay::Palette(palette)) => {
            let action = palette.action();
            return action.map_or_else(Vec::new, |action| act(model, action, now));
        }
        Some(Overlay::Choose(choice, at)) => return taking::take(model, choice, at),
        Some(Overlay::Attempts(list)) => return attempts::go_on(model, list),
        Some(Overlay::Compared(compared)) => {
            model.overlay = Some(Overlay::Attempts(compared.list));
            return Vec::new();
        }
        Some(Overlay::ConfirmToken) => return taking::copy(model, Copied::Token),
        Some(Overlay::Help) => return Vec::new(),
        Some(Overlay::Paste(text)) => return pasting::read(model, text, now),
        Some(Overlay::ConfirmLeave) => return vec![Effect::Quit],
        Some(Overlay::ConfirmProbe(purpose)) => return probe::send(model, purpose, now),
        Some(Overlay::ChooseFault(at)) => {
            lab::choose(model, at);
            return Vec::new();
        }
        Some(Overlay::Predict(fault)) => {
            // Enter chooses nothing: a prediction is a number.
            model.overlay = Some(Overlay::Predict(fault));
            return Vec::new();
        }
        None if model.walkthrough.is_some() => return walkthrough::go_on(model, now),
        None if model.registered.is_some() => return registered::tell(model, now),
        None => {}
    }
    if model.step == Step::Configure
        && model.context() != Context::FrontDoor
        && let Some(field) = model.form.unusable_endpoint()
    {
        // Nothing may be sent to what may be read as another host than it is.
        model.form.focus_field(field);
        model.follow_focus = true;
        model.notice = Some(Notice::EndpointUnusable);
        return Vec::new();
    }
    match (model.step, model.context()) {
        (Step::Configure, Context::FrontDoor) => {
            front_door::to_the_form(model);
            Vec::new()
        }
        (Step::Configure, _) if model.form.text(Field::ClientId).is_empty() && !model.empty_id_said => {
            model.empty_id_said = true;
            model.form.focus_field(Field::ClientId);
            model.follow_focus = true;
            model.notice = Some(Notice::ClientIdEmpty);
            Vec::new()
        }
        (Step::Configure, _) => {
            // Emptied later, it is said again.
            model.empty_id_said = false;
            if model.mending.take().is_some() {
                model.express = true;
                return authorize(model, now);
            }
            prepare(model, now)
        }
        (Step::Authorize, Context::Ready) if model.flow.stage() == Stage::Prepared => authorize(model, now),
        (Step::Authorize, Context::Ready) if model.flow.is_taken() => {
            look_at(model, Some(Step::Callback));
            Vec::new()
        }
        (Step::Authorize, Context::Ready | Context::NoListener) => authorize(model, now),
        // Waiting: open the browser once more.
        (Step::Authorize, _) => {
            let url = model.flow.page();
            url.map(Effect::OpenPage).into_iter().collect()
        }
        (Step::Device, _) => match model.flow.status() {
            Status::Idle => authorize(model, now),
            Status::Done => {
                look_at(model, Some(Step::Result));
                Vec::new()
            }
            _ => open_page(model, now),
        },
        (Step::Callback, _) => {
            let next = if model.flow.stage() == Stage::Denied {
                Step::Result
            } else {
                Step::Exchange
            };
            look_at(model, Some(next));
            Vec::new()
        }
        (Step::Exchange, Context::Form) => exchange(model, now),
        (Step::Exchange, _) if model.reached >= Step::Result => {
            look_at(model, Some(Step::Result));
            Vec::new()
        }
        (Step::Result, _) if model.outcome != Some(Outcome::Token) => remedies::apply(model, 0, now),
        (Step::Exchange | Step::Result, _) => Vec::new(),
    }
}

pub(crate) fn prepare(model: &mut Model, now: Moment) -> Vec<Effect> {
    let configuration = model.form.configuration();
    let unchanged = model
        .flow
        .configuration()
        .is_some_and(|present| *present == configuration);
    let step = first_step(&configuration);
    if unchanged {
        show(model, step);
        return Vec::new();
    }
    let effects = command(model, Command::Prepare(Box::new(configuration)), now);
    model.express = false;
    model.reached = step;
    model.applied = None;
    forget_what_was_tried(model);
    show(model, step);
    effects
}

/// The step that follows Configure with these values.
fn first_step(configuration: &Configuration) -> Step {
    configuration.grant.steps().get(1).copied().unwrap_or_default()
}

/// Opens the page to which the grant sends the person.
pub(crate) fn open_page(model: &mut Model, now: Moment) -> Vec<Effect> {
    command(model, Command::OpenPage, now)
}

/// Starts an authorization with the values of the form.
pub(crate) fn authorize(model: &mut Model, now: Moment) -> Vec<Effect> {
    let configuration = model.form.configuration();
    forget_what_worked(model);
    let step = first_step(&configuration);
    model.reached = step;
    show(model, step);
    model.exchange_form = ExchangeForm::default();
    // What a fault has broken on the simulator's side is put right with the first authorization after it.
    let broken = model.is_simulated() && model.experiment.take_if(|experiment| experiment.done).is_some();
    let mut effects: Vec<Effect> = broken.then_some(Effect::SetFault(None)).into_iter().collect();
    effects.extend(command(model, Command::Authorize(Box::new(configuration)), now));
    effects
}

/// The same on any free port. The form says so too, or the next authorization would ask for the taken port again.
pub(crate) fn authorize_on_another_port(model: &mut Model, now: Moment) -> Vec<Effect> {
    model.reached = Step::Authorize;
    show(model, Step::Authorize);
    model.exchange_form = ExchangeForm::default();
    let effects = command(model, Command::AuthorizeOnAnotherPort, now);
    if let Some(attempt) = model.flow.attempt() {
        let redirect_uri = attempt.configuration.redirect_uri.clone();
        for (field, value) in [(Field::RedirectUri, redirect_uri.as_str()), (Field::Listen, "")] {
            if model.form.text(field) != value {
                model.form.set(field, value, Origin::Remedy);
            }
        }
    }
    effects
}

/// Sends the token request as the form has it.
pub(crate) fn exchange(model: &mut Model, now: Moment) -> Vec<Effect> {
    if model.exchange_form.is_empty() {
        return Vec::new();
    }
    let request = Box::new(model.exchange_form.request());
    // A secret that was typed to replace a refused one replaces it for good.
    if model.mending.take() == Some(Field::ClientSecret)
        && let Some(secret) = &request.client_secret
    {
        model
            .form
            .set(Field::ClientSecret, secret.reveal(), Origin::Typed);
    }
    let origins = model.exchange_form.origins();
    forget_what_worked(model);
    model.editing_exchange = false;
    model.exchange_back = 0;
    show(model, Step::Exchange);
    command(model, Command::Exchange(request, origins), now)
}

/// A remedy that has led to a token is done with: the next result does not speak of it.
pub(crate) fn forget_what_worked(model: &mut Model) {
    if model.outcome == Some(Outcome::Token) {
        model.applied = None;
        forget_what_was_tried(model);
    }
}

/// Again from here.
pub(crate) fn again(model: &mut Model, now: Moment) -> Vec<Effect> {
    match model.step {
        Step::Exchange => {
            model.editing_exchange = true;
            model.layout.scroll[Step::Exchange.index()] = 0;
            Vec::new()
        }
        Step::Result if remedies::code_is_good(model, now) => {
            model.editing_exchange = true;
            show(model, Step::Exchange);
            Vec::new()
        }
        _ => authorize(model, now),
    }
}

pub(crate) fn back(model: &mut Model, now: Moment) -> Vec<Effect> {
    if model.find.is_some() {
        finding::end(model);
        return Vec::new();
    }
    match model.overlay.take() {
        Some(Overlay::Predict(fault)) => {
            lab::open_at(model, fault);
            return Vec::new();
        }
        Some(Overlay::Compared(compared)) => {
            model.overlay = Some(Overlay::Attempts(compared.list));
            return Vec::new();
        }
        Some(Overlay::Attempts(list)) => {
            attempts::back(model, list);
            return Vec::new();
        }
        Some(_) => return Vec::new(),
        None => {}
    }
    if !matches!(model.context(), Context::Waiting | Context::Device)
        && let Some(waited) = server::taking_long(model)
    {
        return server::stop(model, &waited, now);
    }
    if std::mem::take(&mut model.panes.zoomed) {
        return Vec::new();
    }
    if model.walkthrough.is_some() {
        return walkthrough::back(model);
    }
    if model.leads_back_to_the_door() {
        return front_door::back(model, now);
    }
    if model.registered.take().is_some() || pasting::return_to_the_flow(model) {
        return Vec::new();
    }
    let waits = model.context() == Context::Device && model.flow.status().is_under_way();
    if waits || model.context() == Context::Waiting {
        let effects = command(model, Command::Cancel, now);
        model.notice = Some(Notice::Cancelled);
        return effects;
    }
    // Who leaves the field of a remedy has not tried it.
    if model.mending.take().is_some() {
        model.applied = None;
    }
    // A result without a redirect has nothing between it and the waiting.
    let waited = model.step == Step::Result
        && !model.replay
        && model.flow.authorization_code().is_some()
        && !model.flow.is_taken();
    let before = if waited {
        Some(Step::Authorize)
    } else {
        neighbour(model, -1)
    };
    look_at(model, before);
    Vec::new()
}

pub(crate) fn decide(model: &mut Model, approve: bool, now: Moment) -> Vec<Effect> {
    if !model.is_simulated() {
        return Vec::new();
    }
    // Approving before Enter was pressed means both: the listener is asked for first, and the simulator's browser waits
    // for it in the edge, since effects are performed in order.
    if !model.flow.status().is_waiting_for_person() {
        model.approve_when_listening = Some(approve);
        return authorize(model, now);
    }
    let flow = model.flow.id;
    if let Some(codes) = model.flow.device().and_then(|device| device.codes()) {
        return vec![Effect::DecideDevice {
            flow,
            user_code: codes.user_code.clone(),
            approve,
        }];
    }
    let url = model.flow.page();
    let fault = model.walk.as_ref().and_then(|walk| walk.fault);
    url.map(|url| Effect::Decide {
        flow,
        url,
        approve,
        fault,
    })
    .into_iter()
    .collect()
}

pub(crate) fn copy_url(model: &mut Model) -> Vec<Effect> {
    let Some(url) = model.flow.page() else {
        return Vec::new();
    };
    model.notice = Some(Notice::UrlCopied);
    vec![Effect::Copy(url)]
}

pub(crate) fn paste_redirect(model: &mut Model, text: &str, now: Moment) -> Vec<Effect> {
    let had = model
        .flow
        .attempt()
        .is_some_and(|attempt| attempt.response.is_some());
    let effects = command(model, Command::PasteRedirect(text.to_owned()), now);
    let has = model
        .flow
        .attempt()
        .is_some_and(|attempt| attempt.response.is_some());
    if had == has {
        model.notice = Some(Notice::PastedNotTaken);
    }
    effects
}
