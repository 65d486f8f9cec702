//! The list of attempts: opening one, comparing two, trying again with the values of one, naming and saving it.

use std::collections::BTreeMap;

use crate::{
    diagnosis::history::History,
    flow::transcript::{AttemptId, Observation, Transcript},
    oauth::time::Moment,
    sources::Attempts,
    ui::{
        effect::Effect,
        keys::Action,
        model::{
            Model, Notice, Overlay,
            attempts::{AttemptList, Compared, Row, Whole},
            configure_form::Form,
            text_field::{Edit, TextField},
        },
        update::{
            flow_events::{masked, show_replay},
            navigation::open,
            nothing_is_sent,
            pasting::{return_to_the_flow, show_apart},
            steps::authorize,
        },
    },
};

/// So many attempts are listed, the latest ones.
pub const MOST_LISTED: usize = 200;

/// Opens the list; from an earlier attempt of the sitting it leads back to the sitting first.
pub(crate) fn open_list(model: &mut Model) {
    let looked_back = model.looks_back;
    if looked_back.is_some() {
        return_to_the_flow(model);
    }
    let Some(list) = list(model, looked_back) else {
        model.notice = Some(Notice::NoAttempts);
        return;
    };
    model.follow_focus = true;
    open(model, Overlay::Attempts(list));
}

fn list(model: &mut Model, looked_back: Option<AttemptId>) -> Option<AttemptList> {
    let mut told = None;
    let (transcript, history, shown) = if let Some(whole) = &mut model.whole {
        told = Some(&whole.times);
        (&whole.transcript, &mut whole.history, whole.shown)
    } else {
        let transcript = &model.flow.transcript;
        (transcript, &mut *model.history, transcript.present_attempt())
    };
    let mut began = BTreeMap::new();
    for entry in &transcript.entries {
        let at = transcript.started.plus(entry.at);
        began.entry(entry.attempt).or_insert(at);
    }
    let earlier = began.len().saturating_sub(MOST_LISTED);
    let mut rows = Vec::new();
    for (attempt, at) in began.into_iter().skip(earlier) {
        let at = match (told, transcript.source.is_of_one_sitting()) {
            (Some(told), _) => told.get(&attempt).copied(),
            (None, is_of_one_sitting) => is_of_one_sitting.then_some(at),
        };
        rows.push(Row::new(attempt, at, history.of(transcript, attempt)?));
    }
    let chosen = rows
        .iter()
        .position(|row| row.attempt == looked_back.unwrap_or(shown));
    Some(AttemptList {
        earlier,
        chosen: chosen.unwrap_or(rows.len().checked_sub(1)?),
        rows,
        shown,
        marked: Vec::new(),
        naming: None,
    })
}

/// What all attempts are in.
fn all(model: &Model) -> &Transcript {
    model
        .whole
        .as_ref()
        .map_or(&model.flow.transcript, |whole| &whole.transcript)
}

/// Does what a key means in the list alone; nothing elsewhere.
pub(crate) fn act(model: &mut Model, action: Action, now: Moment) -> Option<Vec<Effect>> {
    let Some(Overlay::Attempts(list)) = &mut model.overlay else {
        return None;
    };
    match action {
        Action::MarkAttempt => list.mark(),
        Action::NameAttempt => {
            let name = list.attempt().and_then(|attempt| model.names.get(&attempt));
            list.naming = Some(TextField::new(name.map_or("", String::as_str)));
        }
        Action::CompareAttempts => compare(model),
        Action::Save => return Some(save(model)),
        Action::Again => return Some(again(model, now)),
        _ => return None,
    }
    Some(Vec::new())
}

/// Moves in the list.
pub(crate) fn choose(model: &mut Model, by: isize) {
    if let Some(Overlay::Attempts(list)) = &mut model.overlay {
        list.choose(by);
    }
}

/// Edits the name.
pub(crate) fn edit_name(list: &mut AttemptList, edit: Edit) {
    if let Some(name) = &mut list.naming {
        name.edit(edit);
    }
}

/// Opens the chosen attempt; takes its name in while that is typed.
pub(crate) fn go_on(model: &mut Model, mut list: AttemptList) -> Vec<Effect> {
    let Some(attempt) = list.attempt() else {
        return Vec::new();
    };
    if let Some(name) = list.naming.take() {
        let name = name.text().trim();
        if name.is_empty() {
            model.names.remove(&attempt);
        } else {
            model.names.insert(attempt, name.to_owned());
        }
        model.overlay = Some(Overlay::Attempts(list));
        return Vec::new();
    }
    if attempt == list.shown {
        return Vec::new();
    }
    let transcript = all(model).of_attempt(attempt).into_owned();
    if let Some(whole) = &mut model.whole {
        whole.shown = attempt;
        show_replay(model, transcript);
    } else {
        show_apart(model, transcript);
        model.looks_back = Some(attempt);
    }
    Vec::new()
}

/// Closes what is open over the list, then the list.
pub(crate) fn back(model: &mut Model, mut list: AttemptList) {
    if list.naming.take().is_some() {
        model.overlay = Some(Overlay::Attempts(list));
    }
}

fn compare(model: &mut Model) {
    let Some(Overlay::Attempts(list)) = model.overlay.take() else {
        return;
    };
    let Some((one, other)) = list.pair() else {
        model.notice = Some(Notice::OneAttempt);
        model.overlay = Some(Overlay::Attempts(list));
        return;
    };
    let (one, other) = (all(model).own_entries(one), all(model).own_entries(other));
    let compared = Compared { list, one, other };
    open(model, Overlay::Compared(Box::new(compared)));
    model.follow_focus = false;
}

/// Saves the chosen attempt with what came before it, masked.
fn save(model: &mut Model) -> Vec<Effect> {
    let Some(attempt) = chosen(model) else {
        return Vec::new();
    };
    let transcript = all(model).of_attempt(attempt);
    let text = masked(&transcript);
    model.saving_entries = if model.whole.is_some() {
        model.saved_entries
    } else {
        transcript.entries.len().max(model.saved_entries)
    };
    vec![Effect::SaveTranscript(text)]
}

/// Begins a new attempt with the values of the chosen one.
fn again(model: &mut Model, now: Moment) -> Vec<Effect> {
    if model.replay {
        model.notice = Some(nothing_is_sent(model));
        return Vec::new();
    }
    let Some(attempt) = chosen(model) else {
        return Vec::new();
    };
    let mut entries = model.flow.transcript.entries.iter().rev();
    let configuration = entries.find_map(|entry| match &entry.observation {
        Observation::AuthorizationStarted { configuration, .. } if entry.attempt == attempt => {
            Some(configuration)
        }
        _ => None,
    });
    let Some(configuration) = configuration else {
        return Vec::new();
    };
    model.form = Form::new((**configuration).clone());
    model.overlay = None;
    model.mending = None;
    authorize(model, now)
}

fn chosen(model: &Model) -> Option<AttemptId> {
    match &model.overlay {
        Some(Overlay::Attempts(list)) => list.attempt(),
        _ => None,
    }
}

/// The attempts of a pasted text, where it holds several; the one in that place is on show.
pub(crate) fn whole(attempts: &Attempts, shown: usize) -> Option<Whole> {
    if attempts.transcripts.len() < 2 {
        return None;
    }
    let times = attempts.times.iter().enumerate();
    let times = times.filter_map(|(place, time)| Some((attempts.number(place), (*time)?)));
    Some(Whole {
        transcript: attempts.joined()?,
        times: times.collect(),
        history: History::default(),
        shown: attempts.number(shown),
    })
}
