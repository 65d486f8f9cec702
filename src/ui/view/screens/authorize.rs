//! Step 2: the authorization request, and waiting for its redirect.

use crate::{
    diagnosis::context::Facts,
    flow::{
        grants::authorization_code::{Attempt, Stage},
        transcript::{Observation, Transcript},
    },
    oauth::redirect_uri::RedirectUri,
    render::{
        self,
        text::{
            layout,
            line::{Line, Tone, clean},
        },
    },
    text::{catalog::Messages, template::filled},
    ui::{
        keys::Action,
        message::Message,
        model::{Model, seat::Seat},
        view::{
            body::{Body, Hit},
            screens::{Columns, Page},
        },
    },
};

/// Makes the page.
pub fn page(model: &Model, messages: &Messages, columns: Columns) -> Page {
    let mut main = Body::default();
    let Some(attempt) = model.flow.attempt() else {
        return Page::default();
    };
    let width = columns.main;
    match model.flow.stage() {
        Stage::Awaiting(since) => waiting(&mut main, model, attempt, model.now.since(since), messages, width),
        Stage::NoListener => no_listener(&mut main, model, attempt, messages, width),
        Stage::Stopped => stopped(&mut main, &model.flow.transcript, messages, width),
        _ => ready(&mut main, model, attempt, messages, width),
    }
    main.heading(&messages.screens().authorize.url);
    main.link(&attempt.request.url(), 2, width);
    main.heading(&messages.screens().authorize.request);
    main.extend(render::drawings::parameters::draw(
        &attempt.request,
        messages,
        width,
    ));
    let side = columns.side.map(|width| {
        let mut side = Body::default();
        let facts = Facts::of(model.shown());
        if facts.authorization.is_none() && facts.listener_failed.is_none() {
            side.heading(&messages.screens().authorize.plan);
            let provider = &attempt.configuration.provider.name;
            side.extend(render::drawings::sequence::draw_plan(provider, messages, width));
        } else {
            side.extend(render::drawings::sequence::draw_front_channel(
                &facts, messages, width,
            ));
        }
        side
    });
    Page {
        main,
        side: side.filter(|side| !side.lines.is_empty()),
        ..Page::default()
    }
}

fn ready(body: &mut Body, model: &Model, attempt: &Attempt, messages: &Messages, width: usize) {
    let words = &messages.screens().authorize;
    if attempt.response.is_some() {
        body.item("✓", Tone::Good, &words.received, width);
        return;
    }
    let provider = &attempt.configuration.provider.name;
    body.text(
        &filled(&words.title, &[("provider", provider)]),
        Tone::Plain,
        width,
    );
    match attempt.configuration.listen_address() {
        Ok(address) => {
            let template = if address.port() == 0 {
                &words.listener_first_any_port
            } else {
                &words.listener_first
            };
            let text = match address.port() {
                0 => address.ip().to_string(),
                _ => address.to_string(),
            };
            body.item("▸", Tone::Accent, &filled(template, &[("address", &text)]), width);
        }
        Err(why) => {
            let why = messages.pictures().cannot_listen.of(&why);
            body.item(
                "!",
                Tone::Warn,
                &filled(&words.cannot_listen, &[("why", why)]),
                width,
            );
        }
    }
    if model.is_simulated() {
        body.item("▸", Tone::Accent, &words.simulator_hint, width);
    }
}

fn waiting(
    body: &mut Body,
    model: &Model,
    attempt: &Attempt,
    waited: u64,
    messages: &Messages,
    width: usize,
) {
    let words = &messages.screens().authorize;
    let seconds = filled(
        &messages.pictures().units.seconds,
        &[("n", &(waited / 1000).to_string())],
    );
    let address = attempt.listening.map(|address| address.to_string());
    let (line, at) = match &address {
        Some(address) => (&words.waiting, address.as_str()),
        None => (&words.waiting_paste, ""),
    };
    body.push(Line::new("◌ ", Tone::Accent).then(&words.waiting_title, Tone::Accent));
    body.text(
        &filled(line, &[("address", at), ("seconds", &seconds)]),
        Tone::Plain,
        width,
    );
    question(body, messages, width);
    match browser(&model.flow.transcript) {
        Browser::Opened => body.item("✓", Tone::Good, &words.browser_opened, width),
        Browser::Failed(reason) => {
            body.item(
                "✗",
                Tone::Bad,
                &filled(&words.browser_failed, &[("reason", &reason)]),
                width,
            );
        }
        Browser::NotAsked => body.item("·", Tone::Dim, &words.browser_not_asked, width),
    }
    seat(body, &model.seat, attempt, messages, width);
    if model.is_simulated() {
        body.item("▸", Tone::Accent, &words.simulator_hint, width);
    }
    let refused = refused(&model.flow.transcript);
    if refused > 0 {
        let count = refused.to_string();
        body.item(
            "!",
            Tone::Warn,
            &filled(&words.refused_seen, &[("count", &count)]),
            width,
        );
    }
}

/// What stands between the person's browser and the listener, and the way around it.
fn seat(body: &mut Body, seat: &Seat, attempt: &Attempt, messages: &Messages, width: usize) {
    let words = &messages.screens().seat;
    let tunnel = attempt.listening.and_then(|listening| seat.tunnel(listening));
    if let Some(tunnel) = &tunnel {
        body.item("▸", Tone::Accent, &words.ssh, width);
        body.extend(layout::indented(
            layout::paragraph(&clean(tunnel), Tone::Value, width.saturating_sub(4)),
            4,
        ));
    }
    if seat.container && tunnel.is_none() {
        body.item("▸", Tone::Accent, &words.container, width);
    }
    if seat.wsl {
        body.item("▸", Tone::Accent, &words.wsl, width);
    }
    if seat.no_display && seat.ssh.is_none() && !seat.container {
        body.item("▸", Tone::Accent, &words.no_display, width);
    }
}

/// What the page in the browser says tells why no redirect comes: asked from the first second.
fn question(body: &mut Body, messages: &Messages, width: usize) {
    let words = &messages.screens().authorize;
    body.gap();
    body.push(Line::new(&words.shows, Tone::Label));
    let answers = [
        &words.shows_sign_in,
        &words.shows_refusal,
        &words.shows_not_found,
        &words.shows_cannot_connect,
        &words.shows_something_else,
    ];
    for (number, (answer, action)) in answers.into_iter().zip(Action::REMEDIES).enumerate() {
        let first = body.lines.len();
        let label = Line::new(format!("[{}]", number + 1), Tone::Accent);
        body.extend(layout::hanging(label, answer, Tone::Plain, 4, width));
        body.hits.extend((first..body.lines.len()).map(|line| Hit {
            line,
            from: 0,
            to: width,
            message: Message::Do(action),
        }));
    }
    body.gap();
}

fn no_listener(body: &mut Body, model: &Model, attempt: &Attempt, messages: &Messages, width: usize) {
    let words = &messages.screens().authorize;
    let failure = model
        .flow
        .transcript
        .entries
        .iter()
        .rev()
        .find_map(|entry| match &entry.observation {
            Observation::ListenerFailed {
                address,
                in_use,
                reason,
            } => Some((address, *in_use, reason)),
            _ => None,
        });
    let taken = failure.is_none_or(|(_, in_use, _)| in_use);
    if let Some((address, in_use, reason)) = failure {
        let port = address.rsplit(':').next().unwrap_or_default();
        let template = if in_use {
            &words.port_taken
        } else {
            &words.port_failed
        };
        let text = filled(
            template,
            &[("port", port), ("address", address), ("reason", reason)],
        );
        body.item("✗", Tone::Bad, &text, width);
    }
    let uri = RedirectUri::parse(&attempt.redirect_uri)
        .map_or_else(|_| attempt.redirect_uri.clone(), |uri| uri.to_string());
    let choices = if taken {
        &words.port_choices
    } else {
        &words.address_choices
    };
    body.text(&filled(choices, &[("uri", &uri)]), Tone::Plain, width);
}

fn stopped(body: &mut Body, transcript: &Transcript, messages: &Messages, width: usize) {
    let words = &messages.screens().authorize;
    let timed_out = transcript
        .entries
        .iter()
        .rev()
        .find_map(|entry| match entry.observation {
            Observation::RedirectTimedOut { .. } => Some(true),
            Observation::Cancelled => Some(false),
            _ => None,
        })
        .unwrap_or(false);
    body.item(
        "!",
        Tone::Warn,
        if timed_out {
            &words.timed_out
        } else {
            &words.cancelled
        },
        width,
    );
    body.text(&words.stopped, Tone::Plain, width);
}

enum Browser {
    Opened,
    Failed(String),
    NotAsked,
}

/// What became of opening the browser in the latest authorization, read from the end.
fn browser(transcript: &Transcript) -> Browser {
    for entry in transcript.entries.iter().rev() {
        match &entry.observation {
            Observation::BrowserOpened => return Browser::Opened,
            Observation::BrowserFailed { reason } => return Browser::Failed(reason.clone()),
            Observation::AuthorizationStarted { .. } => return Browser::NotAsked,
            _ => {}
        }
    }
    Browser::NotAsked
}

/// How many redirects of the latest authorization failed a check, read from the end.
fn refused(transcript: &Transcript) -> usize {
    transcript
        .entries
        .iter()
        .rev()
        .take_while(|entry| !matches!(entry.observation, Observation::AuthorizationStarted { .. }))
        .filter(|entry| {
            matches!(&entry.observation, Observation::RedirectReceived { disposition, .. } if disposition.is_refused())
        })
        .count()
}
