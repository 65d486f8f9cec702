//! Step 3: what came back to the redirect URI.

use crate::{
    diagnosis::{
        context::{Facts, Redirect},
        rule::Code,
    },
    flow::{
        grants::authorization_code::Attempt,
        redaction::Redactor,
        transcript::{Channel, Disposition},
    },
    oauth::params::Params,
    providers::github::formats::CodeShape,
    render::{
        self,
        text::{
            layout,
            line::{Line, Tone, clean},
        },
    },
    text::{catalog::Messages, template::filled},
    ui::{
        model::Model,
        view::{
            body::{Body, url_lines},
            screens::{Columns, Page},
        },
    },
};

/// How many other requests to the listener are listed; the count is said in full.
const OTHERS_SHOWN: usize = 12;

/// Makes the page.
pub fn page(model: &Model, messages: &Messages, columns: Columns) -> Page {
    let words = &messages.screens().callback;
    let width = columns.main;
    let facts = Facts::of(model.shown());
    let mut main = Body::default();
    main.text(&words.title, Tone::Plain, width);
    let shown = facts.taken_redirect().or_else(|| {
        facts
            .present_redirects()
            .filter(|redirect| redirect.disposition.is_refused())
            .last()
    });
    match (shown, model.flow.attempt()) {
        (Some(redirect), Some(attempt)) => received(&mut main, redirect, attempt, &facts, messages, width),
        _ => main.text(&words.none_yet, Tone::Dim, width),
    }
    others(
        &mut main,
        &facts,
        shown.map(|redirect| redirect.entry),
        messages,
        width,
    );
    let side = columns.side.map(|width| {
        let mut side = Body::default();
        side.extend(render::drawings::sequence::draw_front_channel(
            &facts, messages, width,
        ));
        side
    });
    Page {
        main,
        side,
        ..Page::default()
    }
}

fn received(
    body: &mut Body,
    redirect: &Redirect<'_>,
    attempt: &Attempt,
    facts: &Facts<'_>,
    messages: &Messages,
    width: usize,
) {
    let words = &messages.screens().callback;
    let opened = facts
        .authorization
        .map_or(0, |(index, ..)| facts.transcript.entries[index].at);
    let time = render::duration(redirect.at.saturating_sub(opened), messages);
    body.heading(&filled(&words.raw, &[("time", &time)]));
    // Nothing secret belongs into a redirect, but a token may have come in one.
    let request = Redactor::default().request(redirect.request);
    let raw = match redirect.channel {
        Channel::Listener | Channel::Tap => format!("{} {}", request.method, request.url),
        Channel::Pasted => format!("{} ({})", request.url, words.pasted),
    };
    for piece in url_lines(&clean(&raw), width.saturating_sub(2).max(8)) {
        body.push(Line::new("  ", Tone::Plain).then(piece, Tone::Value));
    }
    let disposition = redirect.disposition;
    let (symbol, tone) = if disposition.is_taken() {
        ("✓", Tone::Good)
    } else {
        ("✗", Tone::Bad)
    };
    body.item(symbol, tone, &messages.screens().disposition[&disposition], width);
    body.heading(&words.decoded);
    let params = Params::decode(request.query().unwrap_or_default());
    let labels = layout::widest(params.iter().map(|(name, _)| name)).max(5) + 4;
    let was_refused = facts.meaning == Some(Code::CodeRefused);
    for (name, value) in params.iter() {
        let label = Line::new("  ", Tone::Plain).then(clean(name), Tone::Label);
        body.extend(layout::hanging(label, &clean(value), Tone::Value, labels, width));
        if let Some((symbol, tone, remark)) = verdict(name, value, attempt, redirect, was_refused, messages) {
            let label = Line::new(" ".repeat(labels), Tone::Plain).then(symbol, tone);
            body.extend(layout::hanging(label, &remark, tone, labels + 2, width));
        }
    }
    for (name, remark) in [
        ("state", Some(missing_state(attempt, redirect, messages))),
        ("iss", missing_iss(redirect, messages)),
    ] {
        if let Some((symbol, tone, remark)) = remark.filter(|_| params.get(name).is_none()) {
            let label = Line::new("  ", Tone::Plain)
                .then(name, Tone::Dim)
                .pad_to(labels)
                .then(symbol, tone);
            body.extend(layout::hanging(label, &remark, tone, labels + 2, width));
        }
    }
    if redirect.response.code.is_some() && disposition.is_taken() {
        body.gap();
        let provider = &attempt.configuration.provider;
        let minutes = (provider.code_lifetime / 60).to_string();
        let then = match provider.known_code_lifetime() {
            Some(_) => &words.then,
            None => &words.then_soon,
        };
        body.text(&filled(then, &[("minutes", &minutes)]), Tone::Dim, width);
    }
}

type Remark = Option<(&'static str, Tone, String)>;

fn verdict(
    name: &str,
    value: &str,
    attempt: &Attempt,
    redirect: &Redirect<'_>,
    was_refused: bool,
    messages: &Messages,
) -> Remark {
    let words = &messages.screens().callback;
    match name {
        "code" if value.is_empty() => Some(("✗", Tone::Bad, words.code_missing.clone())),
        "code" => match attempt.configuration.provider.profile.code_shape(value)? {
            CodeShape::TwentyHex if was_refused => Some(("·", Tone::Dim, words.code_shape.clone())),
            CodeShape::TwentyHex => Some(("✓", Tone::Good, words.code_shape.clone())),
            _ => {
                let count = value.chars().count().to_string();
                Some(("!", Tone::Warn, filled(&words.code_odd, &[("count", &count)])))
            }
        },
        "state" if value == attempt.state => Some(("✓", Tone::Good, words.state_same.clone())),
        "state" => Some((
            "✗",
            Tone::Bad,
            filled(&words.state_differs, &[("sent", &attempt.state)]),
        )),
        "iss" => match &attempt.configuration.provider.issuer {
            Some(issuer) if issuer == value => Some(("✓", Tone::Good, words.iss_same.clone())),
            Some(issuer) => Some((
                "✗",
                Tone::Bad,
                filled(&words.iss_differs, &[("expected", issuer)]),
            )),
            None => Some(("·", Tone::Dim, words.iss_unknown.clone())),
        },
        "error" => Some(("✗", Tone::Bad, words.error.clone())),
        _ => None,
    }
    .filter(|_| redirect.disposition != Disposition::OtherPath)
}

fn missing_state(
    attempt: &Attempt,
    redirect: &Redirect<'_>,
    messages: &Messages,
) -> (&'static str, Tone, String) {
    let words = &messages.screens().callback;
    if redirect.disposition == Disposition::AcceptedUnchecked {
        return ("!", Tone::Warn, words.state_unchecked.clone());
    }
    (
        "✗",
        Tone::Bad,
        filled(&words.state_missing, &[("sent", &attempt.state)]),
    )
}

fn missing_iss(redirect: &Redirect<'_>, messages: &Messages) -> Remark {
    let bare = redirect.disposition == Disposition::AcceptedUnchecked;
    (!bare).then(|| ("·", Tone::Dim, messages.screens().callback.iss_missing.clone()))
}

fn others(body: &mut Body, facts: &Facts<'_>, shown: Option<usize>, messages: &Messages, width: usize) {
    let words = messages.screens();
    body.heading(&words.callback.other_requests);
    let others: Vec<_> = facts
        .present_redirects()
        .filter(|redirect| Some(redirect.entry) != shown)
        .collect();
    if others.is_empty() {
        body.text(&words.callback.others_none, Tone::Dim, width);
    }
    for redirect in others.iter().rev().take(OTHERS_SHOWN) {
        let (symbol, tone) = if redirect.disposition.is_refused() {
            ("✗", Tone::Bad)
        } else {
            ("·", Tone::Dim)
        };
        let request = Redactor::default().request(redirect.request);
        let what = clean(&format!("{} {}", request.method, request.url));
        let text = format!("{what}: {}", words.disposition[&redirect.disposition]);
        body.item(symbol, tone, &text, width);
    }
    if others.len() > OTHERS_SHOWN {
        body.text(&format!("… +{}", others.len() - OTHERS_SHOWN), Tone::Dim, width);
    }
}
