//! Following the flow: what a command or an event led to, where the screen goes with it, and what the transcript shows now.

use crate::{
    diagnosis::{
        finding::offered,
        history::{Examined, History},
    },
    flow::{
        effect::Effect as FlowEffect,
        event::{Command, Event},
        grants::Grant,
        machine::{Flow, Position},
        redaction::Redactor,
        transcript::{Observation, Purpose, Transcript},
    },
    oauth::{
        http::reason_phrase,
        time::Moment,
        token::{TokenAnswer, read_answer},
    },
    render::{drawings::sequence::drawn_entries, text::line::clean},
    ui::{
        effect::Effect,
        model::{Model, Notice, Step},
        update::{authorization_code, device, lab, navigation::show, sitting::withdraw},
    },
};

/// Gives a command to the flow and takes in where it led.
pub fn command(model: &mut Model, command: Command, now: Moment) -> Vec<Effect> {
    if model.replay {
        model.notice = Some(crate::ui::update::nothing_is_sent(model));
        model.express = false;
        show(model, Step::Result);
        return Vec::new();
    }
    let before = model.flow.position();
    let effects = model.flow.command(command, now);
    follow(model, before, effects, now)
}

/// Takes in what the edge reports, and where it led.
pub fn flow_event(model: &mut Model, event: Event, now: Moment) -> Vec<Effect> {
    let before = model.flow.position();
    let probed = match &event {
        Event::ResponseArrived { flow, exchange, .. } | Event::RequestFailed { flow, exchange, .. } => {
            let purpose = model
                .flow
                .transcript
                .exchange(*exchange)
                .map(|exchange| exchange.purpose);
            *flow == model.flow.id
                && matches!(
                    purpose,
                    Some(Purpose::ProbeCredentials | Purpose::ProbeAuthorization)
                )
        }
        _ => false,
    };
    let effects = model.flow.on(event, now);
    let effects = follow(model, before, effects, now);
    if probed {
        // The answer of a probe moves no flow, but it may decide the question.
        conclude(model);
        model.notice = answer_of_probe(&model.flow.transcript);
        model.reached = Step::Result;
        show(model, Step::Result);
    }
    effects
}

/// Shows a transcript that was read back, as if its flow had just ended.
pub fn show_replay(model: &mut Model, transcript: Transcript) {
    if let Some((_, configuration, _)) = transcript.last_authorization() {
        model.form = crate::ui::model::configure_form::Form::new(configuration.clone());
    }
    *model.history = History::default();
    model.flow = Flow::replayed(transcript, model.flow.entropy());
    take_in_messages(model);
    model.replay = true;
    model.editing_exchange = false;
    model.reached = Step::Result;
    conclude(model);
    show(model, Step::Result);
}

/// Makes anew what screens draw of the transcript.
fn take_in_messages(model: &mut Model) {
    model.excerpt = model.flow.transcript.excerpt();
    model.panes.tell(drawn_entries(&model.flow.transcript));
}

/// The transcript as it may leave the program.
pub fn masked_transcript(model: &Model) -> String {
    masked(&model.flow.transcript)
}

/// A transcript as it may leave the program.
pub(crate) fn masked(transcript: &Transcript) -> String {
    let masked = Redactor::of(transcript).transcript(transcript);
    let text = serde_json::to_string_pretty(&masked).unwrap_or_default();
    crate::render::text::line::harmless_json(&text).into_owned()
}

/// Moves the screen along with the flow and examines the transcript when there is something new to say.
fn follow(model: &mut Model, before: Position, effects: Vec<FlowEffect>, now: Moment) -> Vec<Effect> {
    // What arrives while the flow stays where it is (a favicon request, the answer of a probe) does not change the screen.
    take_in_messages(model);
    let has_moved = before != model.flow.position();
    let mut effects: Vec<Effect> = effects.into_iter().map(Effect::from).collect();
    match model.flow.grant {
        Grant::AuthorizationCode(_) => authorization_code::follow(model, has_moved, &mut effects, now),
        Grant::DeviceCode(_) => device::follow(model, has_moved, &mut effects, now),
        // What is done with a token is asked for from Result, and stays there.
        Grant::HeldToken(_) => {}
    }
    effects
}

/// What a probe has just brought, which may change nothing else that is on screen.
fn answer_of_probe(transcript: &Transcript) -> Option<Notice> {
    let (exchange, response) = match &transcript.entries.last()?.observation {
        Observation::ResponseReceived {
            exchange, response, ..
        } => (*exchange, Some(response)),
        Observation::RequestFailed { exchange, .. } => (*exchange, None),
        _ => return None,
    };
    let purpose = transcript.exchange(exchange)?.purpose;
    if !matches!(purpose, Purpose::ProbeCredentials | Purpose::ProbeAuthorization) {
        return None;
    }
    let Some(response) = response else {
        return Some(Notice::ProbeFailed);
    };
    let answer = match read_answer(response).answer {
        TokenAnswer::Error(error) => Redactor::of(transcript).redact(&error.error).into_owned(),
        _ => format!("{} {}", response.status, reason_phrase(response.status)),
    };
    Some(Notice::ProbeAnswered(clean(answer.trim())))
}

/// Examines the transcript.
pub fn conclude(model: &mut Model) {
    let examined = match model.history.of_present(&model.flow.transcript) {
        Some(examined) => examined.clone(),
        None => Examined::of(&model.flow.transcript),
    };
    model.findings = examined.findings;
    model.outcome = Some(examined.outcome);
    withdraw(model);
    model.remedies = offered(&model.findings)
        .into_iter()
        .map(|(_, remedy)| remedy.clone())
        .collect();
    // Looked at afterwards, the screen of the exchange begins with the token request, not with what was asked since.
    let transcript = &model.flow.transcript;
    let token = transcript.last_exchange(Purpose::Token);
    let since = token.map_or(0, |token| transcript.last_number().saturating_sub(token.number));
    model.exchange_back = usize::try_from(since).unwrap_or(0);
    if model.experiment.is_none_or(|experiment| !experiment.done) {
        lab::keep_good_run(model);
    }
}
