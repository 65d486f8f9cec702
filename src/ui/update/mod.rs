//! `update`: the only writer of the model. A message in, effects out.

pub mod attempts;
mod authorization_code;
mod device;
pub(crate) mod editing;
pub(crate) mod finding;
pub(crate) mod flow_events;
pub mod front_door;
pub mod lab;
pub(crate) mod navigation;
pub mod own_values;
pub mod pasting;
pub mod probe;
pub mod registered;
pub mod remedies;
pub mod server;
pub mod sitting;
pub(crate) mod steps;
pub mod taking;
pub mod waiting;
pub(crate) mod walkthrough;

use crate::{
    flow::{event::Event, grants::GrantKind},
    oauth::time::Moment,
    ui::{
        effect::Effect,
        keys::{Action, Context, Key, KeyPress, action_for, edit_for},
        message::Message,
        model::{
            Model, Notice, Overlay, Step,
            folds::Fold,
            panes::Pane,
            text_field::{Edit, TextField},
        },
        update::{
            editing::{clean, click_field, is_text_focused, leave_out, move_focus, type_in},
            flow_events::{conclude, flow_event, masked_transcript},
            navigation::{choose_message, look_at, move_among_panes, neighbour, open, scroll, show},
            steps::{again, authorize_on_another_port, back, copy_url, decide, go_on, open_page},
            taking::Choice,
        },
    },
};

/// Takes a message in.
pub fn update(model: &mut Model, message: Message, now: Moment) -> Vec<Effect> {
    model.now = now;
    if let Message::Drawn(layout) = message {
        model.layout = layout;
        return Vec::new();
    }
    if model.layout.too_small && is_from_the_person(&message) {
        // Nobody sees what would happen.
        return match message {
            Message::Key(press) if LEAVE_AT_ONCE.contains(&press) => vec![Effect::Quit],
            _ => Vec::new(),
        };
    }
    // While something pasted is read, the flow goes on behind it.
    if matches!(message, Message::Flow(_) | Message::SimulatorDecided(..))
        && let Some(flow) = &mut model.aside
    {
        return update(flow, message, now);
    }
    finding::end_what_is_gone(model);
    if !only_moves_the_view(model, &message) {
        model.revision += 1;
    }
    match message {
        Message::Key(press) => key(model, press, now),
        Message::Paste(text) => {
            model.notice = None;
            paste(model, text, now)
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
        Message::Focus(pane) => {
            model.panes.chosen = pane;
            Vec::new()
        }
        Message::ChooseMessage(at) => {
            model.panes.chosen = Pane::Messages;
            let by = isize::try_from(at).unwrap_or(0) - isize::try_from(model.panes.at()).unwrap_or(0);
            choose_message(model, by);
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
        Message::SimulatorDecided(..) | Message::Drawn(_) => Vec::new(),
        // What is to be done on that page is said already.
        Message::PageOpened(Ok(()))
            if matches!(model.notice, Some(Notice::ToRegister(_) | Notice::ForNewApp(_))) =>
        {
            Vec::new()
        }
        Message::PageOpened(result) => {
            model.notice = Some(result.map_or_else(Notice::PageFailed, |()| Notice::PageOpened));
            Vec::new()
        }
        Message::Saved(result) => {
            if result.is_ok() {
                model.saved_entries = model.saving_entries;
            }
            model.notice = Some(result.map_or_else(Notice::SaveFailed, Notice::Saved));
            Vec::new()
        }
        Message::Tick(_) => {
            if model.travelled() == 100 {
                model.travels_since = None;
            }
            Vec::new()
        }
        Message::DemoReady(configuration) => front_door::begin_demo(model, *configuration, now),
        Message::ValuesRead(values) => own_values::take(model, values, now),
        Message::ReportSaved(_)
        | Message::Seated(_)
        | Message::DemoFailed(_)
        | Message::Profiles(_)
        | Message::EnvFileFound(_) => {
            told(model, message);
            Vec::new()
        }
        Message::Terminate => vec![Effect::Quit],
    }
}

/// Takes in what the edge found out or has done.
fn told(model: &mut Model, message: Message) {
    match message {
        Message::ReportSaved(result) => {
            model.notice = Some(result.map_or_else(Notice::SaveFailed, Notice::Saved));
        }
        Message::DemoFailed(reason) => model.notice = Some(Notice::DemoFailed(reason)),
        Message::Seated(seat) => model.seat = seat,
        Message::Profiles(profiles) => own_values::offer(model, profiles),
        Message::EnvFileFound(names) => model.env_names = names,
        _ => {}
    }
}

/// Leaves without a question, at any size and in any window.
const LEAVE_AT_ONCE: [KeyPress; 1] = [KeyPress::ctrl('c')];

fn is_from_the_person(message: &Message) -> bool {
    matches!(
        message,
        Message::Key(_)
            | Message::Paste(_)
            | Message::Do(_)
            | Message::ClickField(..)
            | Message::Wheel(_)
            | Message::Focus(_)
            | Message::ChooseMessage(_)
    )
}

/// Takes in a pasted text: into the field that has the focus, into the line that asks for it, else into its window.
fn paste(model: &mut Model, text: String, now: Moment) -> Vec<Effect> {
    let asked = model.overlay.is_none() && model.walkthrough.is_none() && registered::asked(model).is_some();
    if asked && registered::can_be(&text) {
        model.registered = Some(TextField::new(text));
        return registered::tell(model, now);
    }
    type_in(model, Edit::Insert(text));
    Vec::new()
}

/// A page less one line, so that the eye finds its place again.
fn page(model: &Model) -> isize {
    isize::try_from(model.layout.view_lines.saturating_sub(1).max(1)).unwrap_or(1)
}

/// True where one of a list is chosen in a window.
fn is_list(model: &Model) -> bool {
    matches!(
        model.overlay,
        Some(Overlay::ChooseFault(_) | Overlay::Palette(_) | Overlay::Choose(..) | Overlay::Attempts(_))
    )
}

/// How far an action moves.
fn lines_of(model: &Model, action: Action) -> isize {
    match action {
        Action::Top => isize::MIN,
        Action::Bottom => isize::MAX,
        Action::PageDown => page(model),
        _ => -page(model),
    }
}

/// True for what scrolls or opens a window: the page behind stays as it was drawn, however long its history is.
fn only_moves_the_view(model: &Model, message: &Message) -> bool {
    let chooses = model.overlay.is_none() && model.focused_pane() == Pane::Messages;
    let action = match message {
        Message::Wheel(_) => return !chooses,
        // It scrolls nothing but moves from message to message.
        Message::Key(_) | Message::Do(_) if chooses => return false,
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
    if LEAVE_AT_ONCE.contains(&press) {
        return vec![Effect::Quit];
    }
    // `q` closes a window, as in `less` and `man`, instead of quitting.
    if closes_by_letter(context) && press == KeyPress::plain(Key::Char('q')) {
        return act(model, Action::Back, now);
    }
    if let Some(action) = action_for(press, context) {
        return act(model, action, now);
    }
    if context.is_typing() {
        let toggles = press == KeyPress::plain(Key::Char(' ')) && !is_text_focused(model);
        if toggles {
            return act(model, Action::Toggle, now);
        }
        if let Some(edit) = edit_for(press) {
            type_in(model, edit);
        }
    }
    Vec::new()
}

/// True for the windows that the letter of leaving closes. In the question whether to leave it says yes.
pub fn closes_by_letter(context: Context) -> bool {
    context.is_window() && !context.is_typing() && context != Context::Leave
}

/// Looks at the step of that number; false where another thing is meant.
fn look_by_number(model: &mut Model, action: Action) -> bool {
    let Some(place) = Action::STEPS.iter().position(|step| *step == action) else {
        return false;
    };
    let step = model.steps().get(place).copied();
    look_at(model, step);
    true
}

/// Unfolds a part of the result and brings it into view, or folds it; false where another thing is meant.
fn unfold(model: &mut Model, action: Action) -> bool {
    let fold = Fold::ALL.into_iter().find(|fold| fold.action() == action);
    if let Some(fold) = fold {
        // What has a pane of its own is gone to.
        let pane = match fold {
            Fold::Flow => Some(Pane::Messages),
            Fold::Bytes => Some(Pane::Bytes),
            Fold::Why | Fold::RuledOut => Some(Pane::Beside),
            Fold::Drawing => None,
        };
        let several = !model.layout.alone;
        if let Some(pane) = pane.filter(|pane| several && model.layout.panes.contains(pane)) {
            model.panes.chosen = pane;
        } else {
            model.folds.toggle(fold, model.layout.unfolded);
            model.follow_focus = true;
        }
    }
    fold.is_some()
}

/// Opens what finds something or takes something out.
fn open_window(model: &mut Model, action: Action) {
    match action {
        Action::Palette => finding::open_palette(model),
        Action::Find => finding::begin(model),
        Action::Copy => taking::open_choice(model, Choice::Copy),
        _ => taking::open_choice(model, Choice::Export),
    }
}

/// Leaves; asks first when a refusal would be lost.
fn leave(model: &mut Model) -> Vec<Effect> {
    if model.overlay != Some(Overlay::ConfirmLeave) && model.has_unsaved_refusal() {
        open(model, Overlay::ConfirmLeave);
        return Vec::new();
    }
    vec![Effect::Quit]
}

/// Saves the transcript. Who was asked whether to leave without that stays.
fn save(model: &mut Model) -> Vec<Effect> {
    if model.overlay == Some(Overlay::ConfirmLeave) {
        model.overlay = None;
    }
    model.saving_entries = model.flow.transcript.entries.len();
    vec![Effect::SaveTranscript(masked_transcript(model))]
}

/// Why nothing is sent from what is on show.
pub(crate) fn nothing_is_sent(model: &Model) -> Notice {
    if model.looks_back.is_some() {
        Notice::EarlierAttempt
    } else if model.aside.is_some() {
        Notice::PastedOnly
    } else {
        Notice::ReplayOnly
    }
}

/// Does what a person means.
pub(crate) fn act(model: &mut Model, action: Action, now: Moment) -> Vec<Effect> {
    if let Some(number) = Action::REMEDIES.iter().position(|remedy| *remedy == action) {
        match model.overlay {
            Some(Overlay::Predict(fault)) => return lab::predict(model, fault, number, now),
            Some(Overlay::Choose(choice, _)) => return taking::take(model, choice, number),
            _ => {}
        }
        if model.walkthrough.is_some() {
            walkthrough::choose(model, number);
            return Vec::new();
        }
        if let Some(door) = model.asked_door() {
            return front_door::choose(model, door, number);
        }
        if model.context() == Context::Waiting {
            return waiting::answer(model, number, now);
        }
        return remedies::apply(model, number, now);
    }
    if model.replay && model.overlay.is_none() && model.walkthrough.is_none() {
        match action {
            // There is nothing to send, so going on is looking on.
            Action::Continue => return act(model, Action::StepForward, now),
            Action::Again | Action::Approve | Action::Deny | Action::AnotherPort | Action::Lab => {
                model.notice = Some(nothing_is_sent(model));
                return Vec::new();
            }
            _ => {}
        }
    }
    if let Some(effects) = attempts::act(model, action, now) {
        return effects;
    }
    match action {
        Action::Continue => return go_on(model, now),
        Action::Back => return back(model, now),
        Action::Attempts => attempts::open_list(model),
        Action::Again => return again(model, now),
        Action::StepForward => look_at(model, neighbour(model, 1)),
        Action::StepBack => look_at(model, neighbour(model, -1)),
        Action::Approve => return decide(model, true, now),
        Action::Deny => return decide(model, false, now),
        Action::CopyUrl => return copy_url(model),
        Action::OpenPage => return open_page(model, now),
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
        Action::Top | Action::Bottom | Action::PageDown | Action::PageUp if is_list(model) => {
            move_focus(model, lines_of(model, action));
        }
        Action::ScrollDown => scroll(model, 1),
        Action::ScrollUp => scroll(model, -1),
        Action::PageDown | Action::PageUp | Action::Top | Action::Bottom => {
            scroll(model, lines_of(model, action));
        }
        Action::EarlierExchange => {
            let earliest = model.flow.transcript.last_number().saturating_sub(1);
            let earliest = usize::try_from(earliest).unwrap_or(usize::MAX);
            model.exchange_back = (model.exchange_back + 1).min(earliest);
        }
        Action::NextPane | Action::PreviousPane | Action::Zoom => move_among_panes(model, action),
        _ if unfold(model, action) || look_by_number(model, action) => {}
        Action::LaterExchange => model.exchange_back = model.exchange_back.saturating_sub(1),
        Action::Palette | Action::Find | Action::Copy | Action::Export => open_window(model, action),
        Action::Profiles => return vec![Effect::ListProfiles],
        Action::TakeEnvFile if model.env_names.is_empty() || model.is_simulated() => {}
        Action::TakeEnvFile => return vec![Effect::UseEnvFile],
        Action::Walkthrough => return walkthrough::open(model),
        Action::Lab if model.form.grant() == GrantKind::AuthorizationCode => lab::open(model),
        Action::ChangeGrant if model.step == Step::Configure && !model.replay => {
            model.form.change_grant();
            model.follow_focus = true;
        }
        Action::Save => return save(model),
        Action::LeaveWalkthrough => return walkthrough::leave_by_letter(model),
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
        Action::Suspend => return vec![Effect::Suspend],
        Action::Quit => return leave(model),
        _ => {}
    }
    Vec::new()
}
