//! `update`: the only writer of the model. A message in, effects out.

use super::{
    effect::Effect,
    exchange_form::ExchangeForm,
    follow::{command, conclude, flow_event, masked_transcript},
    guide,
    keymap::{Action, Context, KeyPress, action_for, edit_for},
    lab,
    message::Message,
    model::{Model, Notice, Overlay, Step, WINDOW},
    remedy,
    text_field::{Edit, TextField},
};
use crate::{
    diagnosis::outcome::Outcome,
    flow::{
        configuration::{Field, Origin},
        event::{Command, Event},
        machine::Stage,
    },
    oauth::{moment::Moment, shape},
};

/// Takes a message in.
#[expect(
    clippy::match_same_arms,
    reason = "an answer that changes nothing and a tick are two things"
)]
pub fn update(model: &mut Model, message: Message, now: Moment) -> Vec<Effect> {
    model.now = now;
    if !only_moves_the_view(model, &message) {
        model.revision += 1;
    }
    match message {
        Message::Key(press) => key(model, press, now),
        Message::Paste(text) => {
            model.notice = None;
            type_in(model, Edit::Insert(text));
            Vec::new()
        }
        Message::Do(action) => {
            model.notice = None;
            act(model, action, now)
        }
        Message::ClickField(line, grapheme) => {
            click_field(model, line, grapheme);
            Vec::new()
        }
        Message::Wheel(lines) => {
            scroll(model, isize::from(lines));
            Vec::new()
        }
        Message::Flow(event) => flow_event(model, event, now),
        Message::SimulatorDecided(flow, Ok(())) if flow == model.flow.id && lab::is_stuck(model) => {
            let fault = model.walk.as_ref().and_then(|walk| walk.fault);
            lab::over(model, fault, now)
        }
        Message::SimulatorDecided(flow, Err((status, text))) if flow == model.flow.id => {
            model.notice = Some(Notice::SimulatorPage(status, text.clone()));
            let mut effects = flow_event(model, Event::PageSeen(flow, status, text), now);
            // No redirect will come: what the transcript shows now is the result.
            if let Some(walk) = model.walk.take() {
                effects.extend(lab::over(model, walk.fault, now));
            }
            model.express = false;
            model.reached = Step::Result;
            conclude(model);
            show(model, Step::Result);
            effects
        }
        // At the listener, which tells the rest itself; or for an authorization that is over.
        Message::SimulatorDecided(..) => Vec::new(),
        Message::PageOpened(result) => {
            model.notice = Some(result.map_or_else(Notice::PageFailed, |()| Notice::PageOpened));
            Vec::new()
        }
        Message::Saved(result) => {
            model.notice = Some(result.map_or_else(Notice::SaveFailed, Notice::Saved));
            Vec::new()
        }
        Message::Tick(_) => Vec::new(),
        Message::Terminate => vec![Effect::Quit],
    }
}

/// True for what scrolls or opens a window: the page behind stays as it was drawn, however long its history is.
fn only_moves_the_view(model: &Model, message: &Message) -> bool {
    let action = match message {
        Message::Wheel(_) => return true,
        Message::Tick(_) => return !model.is_moving(),
        Message::Do(action) => Some(*action),
        Message::Key(press) => action_for(*press, model.context()),
        _ => None,
    };
    matches!(
        action,
        Some(
            Action::ScrollDown
                | Action::ScrollUp
                | Action::PageDown
                | Action::PageUp
                | Action::Top
                | Action::Bottom
                | Action::Help
                | Action::Mouse
                | Action::CopyUrl
        )
    )
}

fn key(model: &mut Model, press: KeyPress, now: Moment) -> Vec<Effect> {
    model.notice = None;
    let context = model.context();
    if let Some(action) = action_for(press, context) {
        return act(model, action, now);
    }
    if context.is_typing() {
        let toggles = press == KeyPress::plain(super::keymap::Key::Char(' ')) && !is_text_focused(model);
        if toggles {
            return act(model, Action::Toggle, now);
        }
        if let Some(edit) = edit_for(press) {
            type_in(model, edit);
        }
    }
    Vec::new()
}

fn is_text_focused(model: &mut Model) -> bool {
    match (&model.overlay, model.step) {
        (Some(_), _) => true,
        (None, Step::Exchange) => !matches!(
            model.exchange_form.focused(),
            Field::Accept | Field::ClientAuthentication
        ),
        _ => model.form.focused_text().is_some(),
    }
}

/// Edits whatever text has the focus.
fn type_in(model: &mut Model, edit: Edit) {
    let changes = !matches!(edit, Edit::Move(..) | Edit::SelectAll);
    model.follow_focus = true;
    if let Some(Overlay::Paste(text)) = &mut model.overlay {
        text.edit(edit);
        return;
    }
    match model.context() {
        Context::Form if model.step == Step::Exchange => {
            if let Some(parameter) = model.exchange_form.focused_parameter() {
                parameter.text.edit(edit);
                if changes {
                    parameter.sent = true;
                    parameter.origin = Origin::Typed;
                }
            }
        }
        Context::Form => {
            if let Some(text) = model.form.focused_text() {
                text.edit(edit);
                if changes {
                    model.form.mark_typed();
                }
            }
        }
        // Pasting where a redirect is waited for means that redirect.
        Context::Waiting | Context::NoListener => {
            if let Edit::Insert(text) = edit {
                open(model, Overlay::Paste(TextField::new(text)));
            }
        }
        _ => {}
    }
}

fn click_field(model: &mut Model, line: usize, grapheme: usize) {
    model.notice = None;
    if model.step == Step::Exchange {
        model.exchange_form.focus = line.min(model.exchange_form.lines().saturating_sub(1));
        if let Some(parameter) = model.exchange_form.focused_parameter() {
            parameter.text.place_cursor(grapheme);
        }
    } else if line < model.form.rows.len() {
        model.form.focus = line;
        if let Some(text) = model.form.focused_text() {
            text.place_cursor(grapheme);
        }
    }
}

/// Opens a window at its top.
pub(super) fn open(model: &mut Model, window: Overlay) {
    model.overlay = Some(window);
    model.scroll[WINDOW] = 0;
}

/// Does what a person means.
fn act(model: &mut Model, action: Action, now: Moment) -> Vec<Effect> {
    if let Some(number) = Action::REMEDIES.iter().position(|remedy| *remedy == action) {
        if let Some(Overlay::Predict(fault)) = model.overlay {
            return lab::predict(model, fault, number, now);
        }
        if model.walkthrough.is_some() {
            guide::choose(model, number);
            return Vec::new();
        }
        return remedy::apply(model, number, now);
    }
    match action {
        Action::Continue => return go_on(model, now),
        Action::Back => return back(model, now),
        Action::Again => return again(model, now),
        Action::StepForward => look_at(model, Step::ALL.get(model.step.index() + 1).copied()),
        Action::StepBack => look_at(model, model.step.index().checked_sub(1).map(|at| Step::ALL[at])),
        Action::Configure => look_at(model, Some(Step::Configure)),
        Action::Authorize => look_at(model, Some(Step::Authorize)),
        Action::Callback => look_at(model, Some(Step::Callback)),
        Action::Exchange => look_at(model, Some(Step::Exchange)),
        Action::Result => look_at(model, Some(Step::Result)),
        Action::Approve => return decide(model, true, now),
        Action::Deny => return decide(model, false, now),
        Action::CopyUrl => return copy_url(model),
        Action::PasteRedirect => open(model, Overlay::Paste(TextField::default())),
        Action::AnotherPort => return authorize_on_another_port(model, now),
        Action::NextField => move_focus(model, 1),
        Action::PreviousField => move_focus(model, -1),
        Action::Toggle if model.step == Step::Exchange => model.exchange_form.toggle(),
        Action::Toggle => model.form.toggle(),
        Action::LeaveOut => leave_out(model),
        Action::Clean => clean(model),
        Action::Reveal => {
            model.reveal = !model.reveal;
            model.notice = model.reveal.then_some(Notice::Revealed);
        }
        Action::ScrollDown => scroll(model, 1),
        Action::ScrollUp => scroll(model, -1),
        Action::PageDown => scroll(model, 10),
        Action::PageUp => scroll(model, -10),
        Action::Top => scroll(model, isize::MIN),
        Action::Bottom => scroll(model, isize::MAX),
        Action::EarlierExchange => {
            let earliest = model.flow.transcript.last_number().saturating_sub(1);
            let earliest = usize::try_from(earliest).unwrap_or(usize::MAX);
            model.exchange_back = (model.exchange_back + 1).min(earliest);
        }
        Action::LaterExchange => model.exchange_back = model.exchange_back.saturating_sub(1),
        Action::Walkthrough => return guide::open(model),
        Action::Lab if model.replay => model.notice = Some(Notice::ReplayOnly),
        Action::Lab => lab::open(model),
        Action::Save => return vec![Effect::SaveTranscript(masked_transcript(model))],
        Action::LeaveWalkthrough => return guide::leave(model),
        Action::Mouse => {
            model.mouse = !model.mouse;
            model.notice = Some(if model.mouse {
                Notice::MouseTaken
            } else {
                Notice::MouseReleased
            });
            return vec![Effect::CaptureMouse(model.mouse)];
        }
        Action::Help if model.overlay.take() != Some(Overlay::Help) => {
            open(model, Overlay::Help);
        }
        Action::Quit => return vec![Effect::Quit],
        _ => {}
    }
    Vec::new()
}

/// The main thing on this screen.
fn go_on(model: &mut Model, now: Moment) -> Vec<Effect> {
    match model.overlay.take() {
        Some(Overlay::Help) => return Vec::new(),
        Some(Overlay::Paste(text)) => return paste_redirect(model, &text, now),
        Some(Overlay::ConfirmProbe(purpose)) => return super::probe::send(model, purpose, now),
        Some(Overlay::ChooseFault(at)) => {
            lab::choose(model, at);
            return Vec::new();
        }
        Some(Overlay::Predict(fault)) => {
            // Enter chooses nothing: a prediction is a number.
            model.overlay = Some(Overlay::Predict(fault));
            return Vec::new();
        }
        None if model.walkthrough.is_some() => return guide::go_on(model, now),
        None => {}
    }
    match (model.step, model.context()) {
        (Step::Configure, _) => prepare(model, now),
        (Step::Authorize, Context::Ready) if model.flow.stage == Stage::Prepared => authorize(model, now),
        (Step::Authorize, Context::Ready) if model.reached > Step::Authorize => {
            look_at(model, Some(Step::Callback));
            Vec::new()
        }
        (Step::Authorize, Context::Ready | Context::NoListener) => authorize(model, now),
        // Waiting: open the browser once more.
        (Step::Authorize, _) => {
            let url = model.flow.attempt.as_ref().map(|attempt| attempt.request.url());
            url.map(Effect::OpenPage).into_iter().collect()
        }
        (Step::Callback, _) => {
            let next = if model.flow.stage == Stage::Denied {
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
        (Step::Result, _) if model.outcome != Some(Outcome::Token) => remedy::apply(model, 0, now),
        (Step::Exchange | Step::Result, _) => Vec::new(),
    }
}

fn prepare(model: &mut Model, now: Moment) -> Vec<Effect> {
    let configuration = model.form.configuration();
    let unchanged = model
        .flow
        .attempt
        .as_ref()
        .is_some_and(|attempt| attempt.configuration == configuration);
    if unchanged && model.flow.stage != Stage::Configuring {
        show(model, Step::Authorize);
        return Vec::new();
    }
    let effects = command(model, Command::Prepare(Box::new(configuration)), now);
    model.express = false;
    model.reached = Step::Authorize;
    model.applied = None;
    show(model, Step::Authorize);
    effects
}

/// Starts an authorization with the values of the form.
pub(super) fn authorize(model: &mut Model, now: Moment) -> Vec<Effect> {
    let configuration = model.form.configuration();
    forget_what_worked(model);
    model.reached = Step::Authorize;
    show(model, Step::Authorize);
    model.exchange_form = ExchangeForm::default();
    // What a fault has broken on the simulator's side is put right with the first authorization after it.
    let broken = model.is_simulated() && model.experiment.take_if(|experiment| experiment.done).is_some();
    let mut effects: Vec<Effect> = broken.then_some(Effect::SetFault(None)).into_iter().collect();
    effects.extend(command(model, Command::Authorize(Box::new(configuration)), now));
    effects
}

/// The same on any free port. The form says so too, or the next authorization would ask for the taken port again.
pub(super) fn authorize_on_another_port(model: &mut Model, now: Moment) -> Vec<Effect> {
    model.reached = Step::Authorize;
    show(model, Step::Authorize);
    model.exchange_form = ExchangeForm::default();
    let effects = command(model, Command::AuthorizeOnAnotherPort, now);
    if let Some(attempt) = &model.flow.attempt {
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
pub(super) fn exchange(model: &mut Model, now: Moment) -> Vec<Effect> {
    if model.exchange_form.is_empty() {
        return Vec::new();
    }
    let request = Box::new(model.exchange_form.request());
    let origins = model.exchange_form.origins();
    forget_what_worked(model);
    model.editing_exchange = false;
    model.exchange_back = 0;
    show(model, Step::Exchange);
    command(model, Command::Exchange(request, origins), now)
}

/// A remedy that has led to a token is done with: the next result does not speak of it.
fn forget_what_worked(model: &mut Model) {
    if model.outcome == Some(Outcome::Token) {
        model.applied = None;
    }
}

/// Again from here.
fn again(model: &mut Model, now: Moment) -> Vec<Effect> {
    match model.step {
        Step::Exchange => {
            model.editing_exchange = true;
            model.scroll[Step::Exchange.index()] = 0;
            Vec::new()
        }
        Step::Result if remedy::code_is_good(model, now) => {
            model.editing_exchange = true;
            show(model, Step::Exchange);
            Vec::new()
        }
        _ => authorize(model, now),
    }
}

fn back(model: &mut Model, now: Moment) -> Vec<Effect> {
    if model.overlay.take().is_some() {
        return Vec::new();
    }
    if model.walkthrough.is_some() {
        return guide::back(model);
    }
    if model.context() == Context::Waiting {
        let effects = command(model, Command::Cancel, now);
        model.notice = Some(Notice::Cancelled);
        return effects;
    }
    look_at(model, model.step.index().checked_sub(1).map(|at| Step::ALL[at]));
    Vec::new()
}

fn look_at(model: &mut Model, step: Option<Step>) {
    match step {
        Some(step) if step <= model.reached => show(model, step),
        Some(_) => model.notice = Some(Notice::NotReached),
        None => {}
    }
}

pub(super) fn show(model: &mut Model, step: Step) {
    model.step = step;
    model.follow_focus = true;
    model.scroll[step.index()] = 0;
}

pub(super) fn decide(model: &mut Model, approve: bool, now: Moment) -> Vec<Effect> {
    if !model.is_simulated() {
        return Vec::new();
    }
    // Approving before Enter was pressed means both: the listener is asked for first, and the simulator's browser waits
    // for it in the edge, since effects are performed in order.
    if !matches!(model.flow.stage, Stage::Awaiting(_)) {
        model.approve_when_listening = Some(approve);
        return authorize(model, now);
    }
    let flow = model.flow.id;
    let url = model.flow.attempt.as_ref().map(|attempt| attempt.request.url());
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

fn copy_url(model: &mut Model) -> Vec<Effect> {
    let Some(attempt) = &model.flow.attempt else {
        return Vec::new();
    };
    let url = attempt.request.url();
    model.notice = Some(Notice::UrlCopied);
    vec![Effect::Copy(url)]
}

fn paste_redirect(model: &mut Model, text: &TextField, now: Moment) -> Vec<Effect> {
    if text.text().trim().is_empty() {
        model.notice = Some(Notice::NothingPasted);
        return Vec::new();
    }
    let had = model
        .flow
        .attempt
        .as_ref()
        .is_some_and(|attempt| attempt.response.is_some());
    let effects = command(model, Command::PasteRedirect(text.text().to_owned()), now);
    let has = model
        .flow
        .attempt
        .as_ref()
        .is_some_and(|attempt| attempt.response.is_some());
    if had == has {
        model.notice = Some(Notice::PastedNotTaken);
    }
    effects
}

fn move_focus(model: &mut Model, by: isize) {
    model.follow_focus = true;
    if matches!(model.overlay, Some(Overlay::ChooseFault(_))) {
        lab::move_choice(model, by);
    } else if model.step == Step::Exchange {
        model.exchange_form.move_focus(by);
    } else {
        model.form.move_focus(by);
    }
}

fn leave_out(model: &mut Model) {
    if model.step == Step::Exchange {
        model.exchange_form.leave_out();
    }
}

fn clean(model: &mut Model) {
    let text = if model.step == Step::Exchange {
        model
            .exchange_form
            .focused_parameter()
            .map(|parameter| &mut parameter.text)
    } else {
        model.form.focused_text()
    };
    let Some(text) = text else { return };
    let cleaned = shape::without_defects(text.text());
    let removed = text.text().chars().count() - cleaned.chars().count();
    if removed > 0 {
        text.edit(Edit::SelectAll);
        type_in(model, Edit::Insert(cleaned));
    }
    model.notice = Some(if removed == 0 {
        Notice::NothingToClean
    } else {
        Notice::Cleaned(removed)
    });
}

fn scroll(model: &mut Model, lines: isize) {
    model.follow_focus = false;
    let at = model.scroll_place();
    model.scroll[at] = match lines {
        isize::MIN => 0,
        // The drawing stops at the last line; it tells how far that is.
        isize::MAX => usize::MAX,
        lines => model.scroll[at].saturating_add_signed(lines),
    };
}
