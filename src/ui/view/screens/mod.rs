//! What each step shows: the model in, lines out. Nothing here touches a terminal.

mod attempts;
mod authorize;
mod callback;
mod choices;
mod configure;
mod device;
mod exchange;
mod form_row;
mod front_door;
mod help;
mod lab;
mod result;
mod walkthrough;

use crate::{
    flow::{
        configuration::Field,
        grants::{GrantKind, Status},
        transcript::Purpose,
    },
    lab::walkthrough::progress::{Next, Progress},
    render::{
        self,
        drawings::sequence,
        text::line::{Line, Tone, clean},
    },
    text::{
        catalog::{Messages, with_code},
        defects::without_defects,
        template::{fill, filled},
    },
    ui::{
        keys::{Action, Binding, Context},
        model::{
            Model, Notice, Overlay, Step,
            folds::{Fold, Unfolded},
            layout::Layout,
            panes::{Pane, Panes},
        },
        update::{
            closes_by_letter,
            lab::Prediction,
            server,
            taking::{self, Choice},
            waiting,
        },
        view::body::Body,
    },
};

/// A screen's content: the part that scrolls, and on a wide terminal a second column beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// What scrolls and has the focus.
    pub main: Body,
    /// What is beside it.
    pub side: Option<Body>,
    /// The panes of which the page is one; none where it has but columns.
    pub panes: &'static [Pane],
    /// The messages between their lanes, where that fits into their pane.
    pub lanes: Option<sequence::Drawn>,
    /// The chosen message, byte for byte.
    pub bytes: Body,
    /// The line behind the last choice of a walkthrough's question, while it waits for its first answer.
    pub question_end: Option<usize>,
    /// Which parts of it are unfolded.
    pub unfolded: Unfolded,
}

/// The widths of a page's columns, in cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Columns {
    /// The first.
    pub main: usize,
    /// The second, where there is room for one.
    pub side: Option<usize>,
    /// A third, where there is room for one more.
    pub third: Option<usize>,
    /// How many lines are seen at once.
    pub height: usize,
    /// True where they are few, so that drawings had better be short.
    pub short: bool,
}

/// Cells between two columns.
pub const GUTTER: usize = 3;

/// A second column needs this much.
const TWO_COLUMNS_FROM: usize = 116;

/// Three columns need this much.
const THREE_COLUMNS_FROM: usize = 170;

/// A page of fewer lines is short.
const SHORT_BELOW: usize = 26;

/// Lines get harder to read beyond this.
const WIDEST: usize = 120;

/// One column of prose is best no wider than this.
const EASY_TO_READ: usize = 100;

/// The drawings of a walkthrough are made for this much.
const NARROWEST_DRAWING: usize = 76;

impl Columns {
    /// Divides a width; `height` is that of the page. The two halves of an exchange need the same room, elsewhere the first
    /// column has the more to say.
    pub fn of(width: usize, height: usize, step: Step, zoomed: bool) -> Self {
        let short = height < SHORT_BELOW;
        if width < TWO_COLUMNS_FROM {
            let main = width.min(WIDEST);
            return Self {
                main,
                side: None,
                third: None,
                height,
                short,
            };
        }
        if step == Step::Result {
            return Self::of_panes(width, height, zoomed);
        }
        let main = match step {
            Step::Exchange => width / 2,
            _ => width * 3 / 5,
        };
        let main = main.min(WIDEST);
        let side = Some((width - main - GUTTER).min(WIDEST));
        Self {
            main,
            side,
            third: None,
            height,
            short,
        }
    }

    /// Divides a width for the panes of Result, or gives all of it to each.
    fn of_panes(width: usize, height: usize, zoomed: bool) -> Self {
        let (side, third) = match width {
            _ if zoomed => (width, None),
            THREE_COLUMNS_FROM.. => (width * 3 / 10, Some(width * 3 / 10)),
            _ => (width * 2 / 5, None),
        };
        let main = match third {
            _ if zoomed => width.min(WIDEST),
            Some(third) => width - side - third - 2 * GUTTER,
            None => width - side - GUTTER,
        };
        Self {
            main,
            side: Some(side),
            third,
            // Each has its name above it.
            height: height.saturating_sub(1),
            short: height < SHORT_BELOW,
        }
    }
}

impl Columns {
    /// Divides a width for a step of a walkthrough: a drawing beside the text needs the room that it has on 80 columns.
    pub fn of_walkthrough(width: usize, height: usize) -> Self {
        let short = height < SHORT_BELOW;
        let half = (width.saturating_sub(GUTTER)) / 2;
        if half < NARROWEST_DRAWING {
            return Self {
                main: width.min(EASY_TO_READ),
                side: None,
                third: None,
                height,
                short,
            };
        }
        let main = half.min(WIDEST);
        Self {
            main,
            side: Some((width - main - GUTTER).min(WIDEST)),
            third: None,
            height,
            short,
        }
    }
}

/// Makes the page of the step on show.
pub fn page(model: &Model, messages: &Messages, columns: Columns) -> Page {
    if let Some(progress) = &model.walkthrough {
        return walkthrough::page(model, progress, messages, columns);
    }
    if let Some(door) = model.asked_door() {
        return front_door::page(model, door, messages, columns);
    }
    match model.step {
        Step::Configure => configure::page(model, messages, columns),
        Step::Authorize => authorize::page(model, messages, columns),
        Step::Callback => callback::page(model, messages, columns),
        Step::Device => device::page(model, messages, columns),
        Step::Exchange => exchange::page(model, messages, columns),
        Step::Result => result::page(model, messages, columns),
    }
}

/// Makes the body of the window over the screen, with its title.
pub fn window(model: &Model, messages: &Messages, width: usize) -> Option<(String, Body)> {
    let words = &messages.screens().windows;
    Some(match model.overlay.as_ref()? {
        Overlay::Help => (words.help_title.clone(), help::body(model, messages, width)),
        Overlay::Paste(text) => (
            words.paste_title.clone(),
            help::paste(model, text, messages, width),
        ),
        Overlay::ChooseFault(at) => (
            messages.lab().title.clone(),
            lab::faults(model, *at, messages, width),
        ),
        Overlay::Predict(fault) => (
            messages.lab().predict_title.clone(),
            lab::predict(model, *fault, messages, width),
        ),
        Overlay::Palette(palette) => (
            messages.screens().palette.title.clone(),
            choices::palette(palette, messages, width),
        ),
        Overlay::Choose(choice, at) => (
            match choice {
                Choice::Copy => messages.screens().copy.title.clone(),
                Choice::Export => messages.screens().export.title.clone(),
                Choice::Profile => messages.screens().profiles.title.clone(),
            },
            choices::choose(model, *choice, *at, messages, width),
        ),
        Overlay::Attempts(list) => (
            messages.screens().attempts.title.clone(),
            attempts::list(model, list, messages, width),
        ),
        Overlay::Compared(compared) => (
            messages.screens().attempts.compared.clone(),
            attempts::compared(model, compared, messages, width),
        ),
        Overlay::ConfirmToken => (
            messages.screens().copy.title.clone(),
            choices::token(messages, width),
        ),
        Overlay::ConfirmLeave => (words.leave_title.clone(), help::leave(messages, width)),
        Overlay::ConfirmProbe(purpose) => (
            messages.probe().title.clone(),
            help::probe(model, *purpose, messages, width),
        ),
    })
}

/// Offers the values of a `.env` beside the work, which are taken only when that is asked for.
fn env_file(main: &mut Body, model: &Model, messages: &Messages, width: usize) {
    if model.env_names.is_empty() || model.is_simulated() {
        return;
    }
    let names: Vec<String> = model.env_names.iter().map(|name| clean(name)).collect();
    let names = names.join(&messages.pictures().units.list);
    let text = filled(&messages.screens().profiles.env_file, &[("names", &names)]);
    main.item("▸", Tone::Accent, &text, width);
}

/// A key of the footer and what it does here, in a word or two; `None` where it does nothing, so that it is not shown.
pub fn footer_key<'m>(
    model: &Model,
    layout: &Layout,
    binding: &Binding,
    messages: &'m Messages,
) -> Option<(String, &'m str)> {
    let words = messages.opening();
    let context = model.context();
    let action = binding.action;
    if model.replay && (is_page(context) || context == Context::Attempts) && sends(action) {
        return None;
    }
    let mut key = binding.shown_key(context)?.to_string();
    let label: &str = match action {
        Action::Continue => continue_label(model, layout, messages)?,
        Action::Approve | Action::Deny if !model.is_simulated() => return None,
        Action::Back if context == Context::Registered => words.frame.continue_help,
        Action::Back if model.aside.is_some() && is_page(context) => words.frame.to_my_flow,
        Action::Back if context == Context::Find || model.find.is_some() => words.frame.end_find,
        Action::Back if context.is_window() => words.frame.continue_help,
        Action::Back if context == Context::Waiting => words.frame.stop_waiting,
        Action::Back if is_page(context) && server::taking_long(model).is_some() => words.frame.stop_waiting,
        Action::Back if context == Context::Device && model.flow.status().is_under_way() => {
            words.frame.stop_waiting
        }
        Action::OpenPage | Action::CopyUrl if model.flow.page().is_none() => return None,
        Action::Lab if model.form.grant() != GrantKind::AuthorizationCode => return None,
        Action::Back if !context.is_window() && model.leads_back_to_the_door() => words.key[&action],
        Action::Back if model.step == Step::Configure && context != Context::Walkthrough => return None,
        Action::Help if context == Context::Help => return None,
        // The page below a window names it.
        Action::Mouse if context.is_window() => return None,
        // There the letter closes the window.
        Action::Quit if closes_by_letter(context) => {
            key = binding.keys.first()?.to_string();
            words.key[&action]
        }
        Action::Walkthrough if model.step != Step::Configure => return None,
        Action::Save if !matches!(context, Context::Leave | Context::Result | Context::Attempts) => {
            return None;
        }
        Action::Attempts if context != Context::Result || !model.has_several_attempts() => return None,
        Action::Find if context == Context::Result && !Panes::can_choose(layout.panes) => return None,
        // Elsewhere the list of keys has them.
        Action::Copy | Action::Palette if context != Context::Result => return None,
        // Elsewhere the list of keys has it.
        Action::PasteRedirect if !matches!(context, Context::Waiting | Context::NoListener) => return None,
        Action::Clean if !has_damage(model) => return None,
        Action::NextField
            if matches!(
                context,
                Context::ChooseFault | Context::Palette | Context::Choose | Context::Find | Context::Attempts
            ) =>
        {
            "↑↓".clone_into(&mut key);
            words.frame.choose_fault
        }
        Action::TakeEnvFile if !model.offers(binding) => return None,
        Action::NextPane | Action::Zoom if layout.panes.is_empty() => return None,
        Action::Zoom if !Panes::can_choose(layout.panes) || layout.alone => return None,
        Action::StepBack if !model.replay => return None,
        Action::StepBack => {
            "← →".clone_into(&mut key);
            words.frame.steps
        }
        Action::UnfoldWhy => {
            let folds = Fold::ALL.into_iter();
            let present = folds.filter(|fold| layout.unfolded.get(*fold).is_some());
            key = present.map(Fold::letter).collect();
            if key.is_empty() {
                return None;
            }
            words.frame.unfold
        }
        Action::EarlierExchange if model.flow.transcript.last_number() < 2 => return None,
        Action::EarlierExchange => {
            key.push_str(" ]");
            words.key[&action]
        }
        Action::Remedy1 => {
            let (count, label) = choices(model, layout, messages)?;
            key = format!("1…{count}");
            label
        }
        action => words.key[&action],
    };
    Some((key, label))
}

/// How many answers can be chosen by a digit here, and what choosing one is.
fn choices<'m>(model: &Model, layout: &Layout, messages: &'m Messages) -> Option<(usize, &'m str)> {
    let words = &messages.opening().frame;
    let (count, label) = match model.context() {
        Context::Predict => (Prediction::ALL.len(), &words.predict),
        Context::Choose => match model.overlay {
            Some(Overlay::Choose(choice, _)) => (taking::count(model, choice), &words.choose_fault),
            _ => return None,
        },
        Context::FrontDoor => (model.asked_door()?.answers(), &words.answer),
        Context::Waiting => (waiting::ANSWERS.len(), &words.answer),
        Context::Walkthrough => {
            let progress = model.walkthrough.as_ref()?;
            let question = progress.step().question.as_ref();
            let unseen = layout.question_unseen && progress.answer.chosen.is_none();
            let asked = question.filter(|_| progress.next() == Next::Choose && !unseen);
            (asked.map_or(0, |question| question.choices.len()), &words.answer)
        }
        _ => {
            let offered = (0..model.remedies.len()).take_while(|at| model.remedy_action(*at).is_some());
            (offered.count(), &words.remedies)
        }
    };
    (count > 1).then_some((count, *label))
}

/// True on the pages of the flow, where a replay has nothing to send.
fn is_page(context: Context) -> bool {
    !context.is_window() && context != Context::Walkthrough
}

/// True for what would send something.
fn sends(action: Action) -> bool {
    matches!(
        action,
        Action::Again | Action::Approve | Action::Deny | Action::AnotherPort | Action::Lab | Action::Remedy1
    )
}

/// True where the focused value holds what cleaning would take out.
fn has_damage(model: &Model) -> bool {
    let (field, text) = if model.step == Step::Exchange {
        let form = &model.exchange_form;
        let parameter = form.parameters.get(form.focus);
        (
            form.focused(),
            parameter.map_or("", |parameter| parameter.text.text()),
        )
    } else {
        let field = model.form.focused().field();
        (field, model.form.text(field))
    };
    let holds_words = matches!(field, Field::Scope | Field::RegisteredRedirectUri | Field::Accept);
    !holds_words && without_defects(text) != text
}

/// What Enter does here, in a word or two; `None` where it does nothing that another key would not do.
pub fn continue_label<'m>(model: &Model, layout: &Layout, messages: &'m Messages) -> Option<&'m str> {
    continue_label_in(model.context(), model, layout, messages)
}

/// What Enter does in that context, which the page has while the list of keys lies over it.
fn continue_label_in<'m>(
    context: Context,
    model: &Model,
    layout: &Layout,
    messages: &'m Messages,
) -> Option<&'m str> {
    let words = &messages.opening().frame;
    let failed = model.outcome != Some(crate::diagnosis::outcome::Outcome::Token);
    if model.replay && is_page(context) {
        let further = model.step < model.reached;
        return further.then(|| messages.opening().key[&Action::StepForward]);
    }
    let label: &str = match (context, model.step) {
        (Context::FrontDoor, _) => words.continue_own_app,
        (Context::Form, Step::Exchange) => words.continue_exchange,
        (Context::Form, _) if model.mending.is_some() => words.continue_mending,
        (Context::Form, _) => words.continue_configure,
        (Context::Ready, _) if model.flow.is_taken() => messages.opening().key[&Action::Continue],
        (Context::NoListener, _) => words.continue_again,
        (Context::Ready, _) => words.continue_ready,
        (Context::Waiting, _) => words.continue_waiting,
        (Context::Device, _) => match model.flow.status() {
            Status::Idle => words.continue_device,
            Status::Done => messages.opening().key[&Action::Continue],
            _ => {
                model.flow.page()?;
                messages.opening().key[&Action::OpenPage]
            }
        },
        (Context::Callback, _)
            if model.flow.stage() == crate::flow::grants::authorization_code::Stage::Denied =>
        {
            words.continue_denied
        }
        (Context::Callback, _) => words.continue_callback,
        (Context::Exchanged, _) if model.reached >= Step::Result => words.continue_exchanged,
        (Context::Result, _) if failed && model.remedy_action(0).is_some() => words.continue_result,
        (Context::Exchanged | Context::Result | Context::Help | Context::Predict | Context::Compared, _) => {
            return None;
        }
        (Context::Registered, _) => words.continue_registered,
        (Context::Paste, _) => words.continue_paste,
        (Context::Confirm, _) if model.overlay == Some(Overlay::ConfirmToken) => {
            messages.opening().key[&Action::Copy]
        }
        (Context::Confirm, _) => words.continue_confirm,
        (Context::Find, _) => words.continue_find,
        (Context::Leave, _) => messages.opening().key[&Action::Quit],
        (Context::ChooseFault | Context::Palette | Context::Choose, _) => words.continue_choose_fault,
        (Context::Attempts, _) => words.continue_attempt,
        (Context::NameAttempt, _) => messages.opening().key[&Action::NameAttempt],
        (Context::Walkthrough, _) => match model.walkthrough.as_ref().map(Progress::next) {
            Some(Next::Choose) if layout.question_unseen => words.continue_question,
            Some(Next::Choose) => return None,
            Some(Next::Mend) => words.continue_mend,
            Some(Next::OwnApp) => words.continue_own_app,
            Some(Next::End) => words.continue_end,
            _ => words.continue_next,
        },
    };
    Some(label)
}

/// What is waited for, once that takes long enough to be read, and how to stop.
fn progress(model: &Model, messages: &Messages) -> Option<Line> {
    // There the page says so.
    if matches!(model.context(), Context::Waiting | Context::Device) {
        return None;
    }
    let waited = server::taking_long(model)?;
    let millis = model.now.since(waited.since);
    let prose = &messages.pictures().sequence;
    let what = match waited.purpose {
        Purpose::DeviceAuthorization => &prose.token_request,
        purpose => sequence::request_words(purpose, messages),
    };
    let values = [
        ("host", clean(&waited.host)),
        ("what", what.clone()),
        ("time", render::duration(millis, messages)),
    ];
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    let text = filled(&messages.screens().notice.waiting_for_server, &values);
    Some(Line::new(text, Tone::Accent))
}

/// The short word about what just happened.
pub fn notice(model: &Model, messages: &Messages) -> Option<Line> {
    let Some(notice) = &model.notice else {
        return progress(model, messages);
    };
    let words = &messages.screens().notice;
    let line = |text: &str, tone| Some(Line::new(text, tone));
    match notice {
        Notice::UrlCopied => line(&words.url_copied, Tone::Good),
        Notice::Copied(what) => line(
            &filled(&words.copied, &[("what", choices::name(*what, messages))]),
            Tone::Good,
        ),
        Notice::NoProfiles => line(&words.no_profiles, Tone::Plain),
        Notice::ValuesTaken => line(&words.values_taken, Tone::Good),
        Notice::ValuesRefused(reason) => line(
            &filled(&words.values_refused, &[("reason", &clean(reason))]),
            Tone::Warn,
        ),
        Notice::NoAttempts => line(&words.no_attempts, Tone::Plain),
        Notice::OneAttempt => line(&words.one_attempt, Tone::Plain),
        Notice::EarlierAttempt => line(&words.earlier_attempt, Tone::Warn),
        Notice::NothingToTake => line(&words.nothing_to_take, Tone::Plain),
        Notice::MouseReleased => line(&words.mouse_released, Tone::Plain),
        Notice::MouseTaken => line(&words.mouse_taken, Tone::Plain),
        Notice::NothingToClean => line(&words.nothing_to_clean, Tone::Plain),
        Notice::Cleaned(count) => {
            let count = count.to_string();
            line(
                &fill(&words.cleaned, |name| (name == "count").then_some(count.as_str())),
                Tone::Good,
            )
        }
        Notice::NotReached => line(&words.not_reached, Tone::Warn),
        Notice::PageFailed(reason) => line(
            &fill(&words.page_failed, |name| {
                (name == "reason").then_some(reason.as_str())
            }),
            Tone::Bad,
        ),
        Notice::PageOpened => line(&words.page_opened, Tone::Good),
        Notice::DemoFailed(reason) => line(&filled(&words.demo_failed, &[("reason", reason)]), Tone::Bad),
        Notice::ForNewApp(value) => line(
            &filled(&words.for_new_app, &[("value", &clean(value))]),
            Tone::Good,
        ),
        Notice::FinishThere => line(&words.finish_there, Tone::Good),
        Notice::NotRecognised => line(&words.not_recognised, Tone::Warn),
        Notice::PastedOnly => line(&words.pasted_only, Tone::Warn),
        Notice::RegisteredUnreadable => line(&words.registered_unreadable, Tone::Warn),
        Notice::ToRegister(value) => line(
            &filled(&words.to_register, &[("value", &clean(value))]),
            Tone::Good,
        ),
        Notice::PastedNotTaken => line(&words.pasted_not_taken, Tone::Bad),
        // There the page itself says it.
        Notice::Cancelled if matches!(model.step, Step::Authorize | Step::Result) => None,
        Notice::Cancelled => line(&words.cancelled, Tone::Plain),
        Notice::SimulatorPage(status, _) => {
            let status = status.to_string();
            line(
                &fill(&words.simulator_page, |name| {
                    (name == "status").then_some(status.as_str())
                }),
                Tone::Bad,
            )
        }
        Notice::Saved(path) => line(
            &fill(&with_code(&words.saved), |name| {
                (name == "path").then_some(path.as_str())
            }),
            Tone::Good,
        ),
        Notice::SaveFailed(reason) => line(
            &fill(&words.save_failed, |name| {
                (name == "reason").then_some(reason.as_str())
            }),
            Tone::Bad,
        ),
        Notice::ReplayOnly => line(&words.replay_only, Tone::Warn),
        Notice::Revealed => line(&words.revealed, Tone::Warn),
        Notice::NothingPasted => line(&words.nothing_pasted, Tone::Warn),
        Notice::ProbeAnswered(answer) => {
            let said = filled(&words.probe_answered, &[("answer", answer)]);
            let code = answer.split(' ').next().unwrap_or_default();
            match messages.screens().probe_meaning.get(code) {
                Some(meaning) => line(&format!("{said} {meaning}"), Tone::Good),
                None => line(&said, Tone::Good),
            }
        }
        Notice::ProbeFailed => line(&words.probe_failed, Tone::Bad),
        Notice::ClientIdEmpty => line(&words.client_id_empty, Tone::Warn),
        Notice::EndpointUnusable => line(&words.endpoint_unusable, Tone::Warn),
    }
}
