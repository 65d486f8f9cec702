//! Searching: the palette of commands, and what is typed behind `/`.

use crate::{
    flow::transcript::{Observation, Transcript},
    oauth::http::as_text,
    text::{
        catalog::{Messages, with_code},
        find::Lines,
    },
    ui::{
        keys::{Action, BINDINGS},
        model::{
            Model, Overlay,
            find::{Command, Find, Palette, Searched},
            panes::{Pane, Panes},
            text_field::Edit,
        },
        update::{lab, navigation::open},
    },
};

/// Opens the palette: every key that means something on this page, by name.
pub(crate) fn open_palette(model: &mut Model) {
    let messages = Messages::new(model.language);
    let context = model.context_of_page();
    let (opening, screens) = (messages.opening(), messages.screens());
    let commands = BINDINGS
        .iter()
        .filter(|binding| model.offers(binding) && binding.action != Action::Palette);
    let commands = commands.map(|binding| {
        let (name, about) = if binding.action == Action::Remedy1 && context.asks() {
            (opening.frame.answer, &screens.windows.help_answer)
        } else {
            (opening.key[&binding.action], &screens.key_help[&binding.action])
        };
        Command {
            action: binding.action,
            keys: binding.names(context),
            name: name.to_owned(),
            about: with_code(about),
        }
    });
    let palette = Palette::new(commands.collect());
    open(model, Overlay::Palette(palette));
}

/// Begins to look for something in the list or pane that has the focus.
pub(crate) fn begin(model: &mut Model) {
    let (of, lines) = match &model.overlay {
        Some(Overlay::Help) => (Searched::Help, Lines::default()),
        Some(Overlay::ChooseFault(_)) => (Searched::Faults, lines_of_faults(model)),
        Some(_) => return,
        None if !model.layout.panes.contains(&Pane::Messages) => return,
        None if model.focused_pane() == Pane::Bytes => (Searched::Bytes, Lines::default()),
        None => {
            model.panes.chosen = Pane::Messages;
            (Searched::Messages, lines_of_messages(model))
        }
    };
    end(model);
    model.find = Some(Find::new(of, lines));
}

/// Edits what is looked for.
pub(crate) fn edit(model: &mut Model, edit: Edit) {
    let Some(find) = &mut model.find else { return };
    find.edit(edit);
    match find.of {
        Searched::Messages => model.panes.narrow(Some(&find.found)),
        Searched::Faults => lab::stay_among_found(model),
        Searched::Help | Searched::Bytes => {}
    }
    let place = model.scroll_place();
    model.layout.scroll[place] = 0;
}

/// What was found is looked at now; where nothing was asked for, the search is over.
pub(crate) fn accept(model: &mut Model) {
    match &mut model.find {
        Some(find) if !find.text.text().is_empty() => find.typing = false,
        _ => end(model),
    }
}

/// Ends the search: everything is there again.
pub(crate) fn end(model: &mut Model) {
    if model
        .find
        .take()
        .is_some_and(|find| find.of == Searched::Messages)
    {
        model.panes.narrow(None);
    }
}

/// Ends a search whose list is no longer on screen.
pub(crate) fn end_what_is_gone(model: &mut Model) {
    let gone = model.find.as_ref().is_some_and(|find| match find.of {
        Searched::Help => model.overlay != Some(Overlay::Help),
        Searched::Faults => !matches!(model.overlay, Some(Overlay::ChooseFault(_))),
        Searched::Messages | Searched::Bytes => !Panes::can_choose(model.layout.panes),
    });
    if gone {
        end(model);
    }
}

fn lines_of_faults(model: &Model) -> Lines {
    let messages = Messages::new(model.language);
    let words = messages.lab();
    let sentences = lab::faults(model).into_iter();
    let sentences = sentences.map(|fault| {
        words
            .fault
            .get(fault.name())
            .map_or(fault.name(), String::as_str)
            .to_owned()
    });
    let sentences: Vec<String> = sentences.collect();
    sentences.iter().map(String::as_str).collect()
}

/// What can be found of each message: its first line and the beginning of its body.
fn lines_of_messages(model: &Model) -> Lines {
    let mut lines = Lines::default();
    let mut line = String::new();
    for place in model.panes.all() {
        line.clear();
        describe(&model.flow.transcript, *place, &mut line);
        lines.push(&line);
    }
    lines
}

fn describe(transcript: &Transcript, place: usize, line: &mut String) {
    /// So many bytes of a body can be found; a list of messages is no place to search their whole text.
    const BODY: usize = 160;
    const URL: usize = 200;
    let beginning = |bytes: &[u8], most: usize| as_text(&bytes[..bytes.len().min(most)]).into_owned();
    let Some(entry) = transcript.entries.get(place) else {
        return;
    };
    let mut say = |text: &str| {
        line.push_str(text);
        line.push(' ');
    };
    match &entry.observation {
        Observation::AuthorizationStarted { request, .. } => {
            say("GET");
            say(&beginning(request.url().as_bytes(), URL));
        }
        Observation::RedirectReceived { request, .. } | Observation::RequestSent { request, .. } => {
            say(&request.method);
            say(&beginning(request.url.as_bytes(), URL));
        }
        Observation::ResponseReceived { response, .. } => {
            say(&response.status.to_string());
            say(&beginning(&response.body, BODY));
        }
        Observation::RequestFailed { failure, .. } => say(&failure.detail),
        Observation::PageSeen { text, .. } => say(&beginning(text.as_bytes(), BODY)),
        Observation::LibrarySaid { message } => say(&message.words),
        _ => {}
    }
}
