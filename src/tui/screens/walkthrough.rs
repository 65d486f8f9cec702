//! A step of a walkthrough: its text, drawings of the rehearsed flow, its question.

use super::{Columns, Page, filled};
use crate::{
    app::{keymap::Action, message::Message, model::Model},
    diagnosis::{facts::Facts, finding::Picture},
    flow::{
        redaction::Redactor,
        transcript::{Observation, Purpose, Transcript},
    },
    locale::Messages,
    oauth::http::HttpRequest,
    pictures::{
        self, layout,
        line::{Line, Tone, clean},
        message, parameters, sequence, token,
    },
    rehearsal,
    tui::body::{Body, Hit},
    walkthrough::{
        progress::{Next, Progress},
        script::{Question, Show, Step, Until},
    },
};

/// Makes the page.
pub fn page(model: &Model, progress: &Progress, messages: &Messages, columns: Columns) -> Page {
    let step = progress.step();
    let mended = progress.answer.mended;
    let transcript = rehearsed(progress, step, mended);
    let mut main = Body::default();
    let title = step.title.in_language(model.language);
    main.push(Line::new(title, Tone::Accent));
    main.gap();
    let good_news = step.question.as_ref().and_then(|question| question.mend.as_ref());
    match good_news.filter(|_| mended) {
        // What was told of the broken flow is over; what has come of it now is the news.
        Some(mend) => main.item("✓", Tone::Good, mend.in_language(model.language), columns.main),
        None => main.text(
            step.text.in_language(model.language).trim(),
            Tone::Plain,
            columns.main,
        ),
    }
    let drawings = |width| drawings(progress, &transcript, model.travelled(), messages, width);
    let side = columns.side.map(&drawings);
    if side.is_none() {
        main.gap();
        main.extend(drawings(columns.main).lines);
    }
    if let Some(question) = &step.question {
        ask(&mut main, question, progress, model, messages, columns.main);
    }
    Page {
        main,
        side: side.filter(|side| !side.lines.is_empty()),
        pinned: None,
    }
}

fn rehearsed(progress: &Progress, step: &Step, mended: bool) -> Transcript {
    let fault = step.fault.filter(|_| !mended);
    let mut transcript = rehearsal::rehearse(&progress.script.stage, fault);
    let until = if step.fault.is_some() {
        Until::End
    } else {
        step.until
    };
    let end = transcript
        .entries
        .iter()
        .position(|entry| match (&entry.observation, until) {
            (Observation::AuthorizationStarted { .. }, Until::AuthorizationRequest)
            | (
                Observation::RequestSent {
                    purpose: Purpose::Token,
                    ..
                },
                Until::TokenRequest,
            )
            | (Observation::ResponseReceived { .. }, Until::TokenResponse) => true,
            (Observation::RedirectReceived { disposition, .. }, Until::Redirect) => disposition.is_taken(),
            _ => false,
        });
    if let Some(end) = end {
        transcript.entries.truncate(end + 1);
    }
    transcript
}

fn drawings(
    progress: &Progress,
    transcript: &Transcript,
    percent: usize,
    messages: &Messages,
    width: usize,
) -> Body {
    let facts = Facts::of(transcript);
    let (step, mended) = (progress.step(), progress.answer.mended);
    let provider = &progress.script.stage.provider_name;
    let mut body = Body::default();
    // What was mended is seen in the messages; the drawing of the fault has nothing more to say.
    let mended_show = [Show::Sequence];
    let shown = if mended { &mended_show[..] } else { &step.show[..] };
    for show in shown {
        body.gap();
        match show {
            Show::Parties => body.extend(parties(provider, messages, width)),
            Show::Sequence => {
                body.extend(sequence::draw_travelling(&facts, messages, width, percent));
            }
            Show::Values => body.extend(last_message(transcript, messages, width, false)),
            Show::Message => body.extend(last_message(transcript, messages, width, true)),
            Show::Parameters => {
                if let Some((_, _, request)) = facts.authorization {
                    body.extend(parameters::draw(request, messages, width));
                }
            }
            Show::CredentialRuler => body.extend(pictures::draw(
                Picture::CredentialRuler,
                &facts,
                messages,
                width,
                false,
            )),
            Show::RedirectComparison => {
                body.extend(pictures::draw(
                    Picture::RedirectComparison,
                    &facts,
                    messages,
                    width,
                    false,
                ));
            }
            Show::CodeLife => body.extend(pictures::draw(Picture::CodeLife, &facts, messages, width, false)),
            Show::Token => body.extend(token::draw(&facts, messages, width, false)),
        }
    }
    body
}

/// The last message of the transcript: in full, or only what it says.
fn last_message(transcript: &Transcript, messages: &Messages, width: usize, in_full: bool) -> Vec<Line> {
    let redactor = Redactor::of(transcript);
    let draw_request = |request: &HttpRequest| {
        if in_full {
            message::request(request, &redactor, messages, width, false)
        } else {
            message::request_values(request, &redactor, width)
        }
    };
    for entry in transcript.entries.iter().rev() {
        match &entry.observation {
            Observation::AuthorizationStarted { request, .. } => {
                return draw_request(&HttpRequest::get(request.url()));
            }
            Observation::RedirectReceived { request, .. }
            | Observation::RequestSent {
                request,
                purpose: Purpose::Token,
                ..
            } => {
                return draw_request(request);
            }
            Observation::ResponseReceived {
                exchange,
                response,
                millis,
            } => {
                let of_token = transcript
                    .exchange(*exchange)
                    .is_none_or(|e| e.purpose == Purpose::Token);
                if of_token && in_full {
                    return message::response(response, Some(*millis), &redactor, messages, width, false);
                }
                if of_token {
                    return message::response_values(response, &redactor, messages, width);
                }
            }
            _ => {}
        }
    }
    Vec::new()
}

/// The three parties: who they are, and what each holds.
fn parties(provider: &str, messages: &Messages, width: usize) -> Vec<Line> {
    let words = &messages.screens().walkthrough;
    let server_holds = filled(&words.server_holds, &[("provider", &clean(provider))]);
    let labels = layout::widest([words.owner.as_str(), words.client.as_str(), words.server.as_str()]) + 4;
    let mut lines = Vec::new();
    for (symbol, name, what) in [
        ("●", &words.owner, &words.owner_holds),
        ("■", &words.client, &words.client_holds),
        ("▲", &words.server, &server_holds),
    ] {
        let label = Line::new(format!("{symbol} "), Tone::Accent).then(name, Tone::Label);
        lines.extend(layout::hanging(label, what, Tone::Plain, labels, width));
    }
    lines
}

fn ask(
    body: &mut Body,
    question: &Question,
    progress: &Progress,
    model: &Model,
    messages: &Messages,
    width: usize,
) {
    let words = &messages.screens().walkthrough;
    body.gap();
    body.text(question.text.in_language(model.language), Tone::Label, width);
    let right = progress.is_right();
    for (at, choice) in question.choices.iter().enumerate() {
        if progress.answer.mended && !choice.right {
            continue;
        }
        let first = body.lines.len();
        let chosen = progress.answer.chosen == Some(at);
        let (label, tone) = match (chosen, choice.right) {
            (true, true) => (Line::new(" ✓", Tone::Good), Tone::Good),
            (true, false) => (Line::new(" ✗", Tone::Bad), Tone::Plain),
            (false, _) if right => (Line::new(" ·", Tone::Dim), Tone::Dim),
            (false, _) => (Line::new(format!("[{}]", at + 1), Tone::Accent), Tone::Plain),
        };
        body.extend(layout::hanging(
            label,
            choice.text.in_language(model.language),
            tone,
            4,
            width,
        ));
        if chosen {
            let why = choice.why.in_language(model.language);
            let tone = if choice.right { Tone::Good } else { Tone::Warn };
            body.extend(layout::hanging(
                Line::new("   ", Tone::Plain),
                why,
                tone,
                4,
                width,
            ));
        }
        if let Some(action) = Action::REMEDIES.get(at).filter(|_| !right) {
            for line in first..body.lines.len() {
                body.hits.push(Hit {
                    line,
                    from: 0,
                    to: width,
                    message: Message::Do(*action),
                });
            }
        }
    }
    body.gap();
    match progress.next() {
        Next::Choose if progress.answer.chosen.is_some() => body.text(&words.again, Tone::Dim, width),
        Next::Choose => {
            let keys = format!("1–{}", question.choices.len());
            body.text(&filled(&words.choose, &[("keys", &keys)]), Tone::Dim, width);
        }
        Next::Mend => body.item("▸", Tone::Accent, &words.mend_it, width),
        _ => {}
    }
}
