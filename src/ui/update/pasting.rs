//! What a person pastes, on any page: the redirect that is waited for, or whatever `explain` can read.

use crate::{
    flow::{
        configuration::Configuration,
        event::Event,
        grants::authorization_code::{
            Stage,
            redirect::{Pasted, read_pasted},
        },
        transcript::{Observation, Transcript},
    },
    oauth::time::Moment,
    providers::github::formats::{CodeShape, code_shape, may_be_secret},
    sources,
    ui::{
        effect::Effect,
        model::{Model, Notice, Overlay, attempts::Whole, text_field::TextField},
        update::{
            attempts,
            flow_events::{flow_event, show_replay},
            navigation::open,
            steps::paste_redirect,
            waiting::lead_to_the_result,
        },
    },
};

/// Reads a pasted text and opens what it is. A text in which nothing is found stays in its window.
pub(crate) fn read(model: &mut Model, text: TextField, now: Moment) -> Vec<Effect> {
    if text.text().trim().is_empty() {
        model.notice = Some(Notice::NothingPasted);
        return Vec::new();
    }
    let waits = waits_for_a_redirect(model);
    if waits && leads_to_the_redirect_uri(model, text.text()) {
        return paste_redirect(model, text.text(), now);
    }
    let attempts = sources::attempts(text.text().as_bytes(), now).map(|attempts| {
        let shown = attempts.latest_failure();
        let whole = attempts::whole(&attempts, shown).map(Box::new);
        (attempts.transcripts[shown].clone(), whole)
    });
    match attempts {
        Ok((transcript, whole)) => match &transcript.entries[..] {
            [only] if waits => match &only.observation {
                Observation::RedirectReceived { request, .. } => paste_redirect(model, &request.url, now),
                Observation::PageSeen { status, text } if model.flow.is_started() => {
                    let seen = Event::PageSeen(model.flow.id, *status, text.clone());
                    let effects = flow_event(model, seen, now);
                    lead_to_the_result(model);
                    effects
                }
                _ => show_pasted(model, transcript, whole),
            },
            _ => show_pasted(model, transcript, whole),
        },
        Err(_) if waits && can_be_a_code(model, text.text()) => paste_redirect(model, text.text(), now),
        Err(_) => {
            model.notice = Some(Notice::NotRecognised);
            open(model, Overlay::Paste(text));
            Vec::new()
        }
    }
}

/// True while the present authorization has brought no redirect: one that is pasted is its.
fn waits_for_a_redirect(model: &Model) -> bool {
    let stage = matches!(
        model.flow.stage(),
        Stage::Awaiting(_) | Stage::Binding | Stage::NoListener | Stage::Stopped
    );
    stage && !model.replay && model.flow.attempt().is_some() && !model.flow.is_taken()
}

/// True for an address that begins as the redirect URI does, whatever it brings: it is where the browser ended.
fn leads_to_the_redirect_uri(model: &Model, text: &str) -> bool {
    let Pasted::Redirect(request) = read_pasted(text) else {
        return false;
    };
    let attempt = model.flow.attempt();
    let behind = attempt.and_then(|attempt| request.url.strip_prefix(&attempt.redirect_uri));
    behind.is_some_and(|behind| behind.is_empty() || behind.starts_with(['?', '#']))
}

/// True for a word that may be a code: by its format where codes have one, elsewhere any word that is not known to be another value.
fn can_be_a_code(model: &Model, text: &str) -> bool {
    let Pasted::BareCode(word) = read_pasted(text) else {
        return false;
    };
    let configuration = model
        .flow
        .attempt()
        .map_or_else(Configuration::default, |attempt| attempt.configuration.clone());
    let printable = word.chars().all(|c| c.is_ascii_graphic());
    let shape = configuration.provider.profile.code_shape(&word);
    let shaped = shape.is_none_or(|shape| shape == CodeShape::TwentyHex);
    printable && shaped && word != configuration.client_id && !holds_a_secret(model, &word)
}

/// True for a text that must not be shown in clear: it holds the secret of this app, what looks like another one or like a
/// token, or a parameter that carries one.
pub fn holds_a_secret(model: &Model, text: &str) -> bool {
    let own = |secret: &str| !secret.trim().is_empty() && text.contains(secret.trim());
    let attempt = model.flow.attempt();
    let sent = attempt.and_then(|attempt| attempt.configuration.client_secret.as_ref());
    let typed = model.form.configuration().client_secret;
    if sent.into_iter().chain(&typed).any(|secret| own(secret.reveal())) {
        return true;
    }
    let mut words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    words.any(|word| {
        may_be_secret(word)
            || (word.len() >= LONG && word.bytes().any(|b| b.is_ascii_digit()) && !is_known(model, word))
    }) || carries(text)
}

/// A word of that length with a digit in it may be the secret of any server.
const LONG: usize = 24;

/// True for the values of this flow that are not secrets.
fn is_known(model: &Model, word: &str) -> bool {
    let attempt = model.flow.attempt();
    attempt.is_some_and(|attempt| attempt.request.url().contains(word))
        || code_shape(word) == CodeShape::TwentyHex
}

/// True where a parameter with the name of a secret has a value.
fn carries(text: &str) -> bool {
    ["client_secret", "access_token", "refresh_token", "code_verifier"]
        .iter()
        .any(|name| {
            text.match_indices(name).any(|(at, _)| {
                let behind = text[at + name.len()..].trim_start_matches(['"', '\'', ' ']);
                behind.starts_with(['=', ':'])
            })
        })
}

/// Shows what was pasted, one of its attempts.
fn show_pasted(model: &mut Model, transcript: Transcript, whole: Option<Box<Whole>>) -> Vec<Effect> {
    show_apart(model, transcript);
    model.whole = whole;
    Vec::new()
}

/// Shows a transcript of something else than the present flow, which waits until its reader comes back.
pub(crate) fn show_apart(model: &mut Model, transcript: Transcript) {
    let entropy = model.flow.entropy();
    let mut apart = Model::new(Configuration::default(), model.language, entropy, model.now);
    apart.revision = model.revision;
    apart.mouse = model.mouse;
    apart.reveal = model.reveal;
    show_replay(&mut apart, transcript);
    let flow = model.aside.take().unwrap_or_else(|| Box::new(model.clone()));
    apart.aside = Some(flow);
    *model = apart;
}

/// Back from what was pasted to the flow as it stands by now.
pub(crate) fn return_to_the_flow(model: &mut Model) -> bool {
    let Some(flow) = model.aside.take() else {
        return false;
    };
    let (now, revision, mouse) = (model.now, model.revision, model.mouse);
    *model = Model {
        now,
        revision: revision.max(flow.revision) + 1,
        mouse,
        notice: None,
        overlay: None,
        ..*flow
    };
    true
}
