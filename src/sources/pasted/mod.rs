//! Reading what a person pastes to `explain`: a client's requests, the answer of a token endpoint, redirects, pages, as
//! another program's log, a terminal or a browser shows them.
//!
//! A text that is one thing from its first character to its last is read as that. Everything else is searched from its
//! beginning to its end (`scan`); what one line holds, and what lines that belong together say, is weighed (`event`).

pub(crate) mod access_log;
mod body;
mod curl_command;
mod event;
pub(crate) mod hidden;
mod http_message;
mod lines;
mod marks;
pub(crate) mod prose;
mod record;
pub(crate) mod redirect;
pub(crate) mod request;
mod scan;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use crate::{
    diagnosis::libraries,
    flow::transcript::Observation,
    oauth::http::HttpResponse,
    sources::{
        Seen, Source, exchange,
        pasted::{
            event::{Answer, Event, Found, Rank},
            lines::Lines,
        },
    },
};

/// Any text.
pub(crate) const SOURCE: Source = Source {
    name: "text",
    recognises: |_| true,
    read: |input| Some(read(&input.text)),
};

/// What a text holds: the requests and what came back, and what libraries say.
///
/// A whole text that is JSON, XML or HTML is taken as an answer even when it is not a token response: the diagnosis then
/// says so.
fn read(text: &str) -> Vec<Seen> {
    let lines = Lines::read(text);
    let text = hidden::masked(&lines.text);
    if let Some(only) = whole(&text) {
        return std::iter::once(only)
            .chain(said(&text))
            .map(Seen::untimed)
            .collect();
    }
    let unmarked = http_message::without_curl_marks(&text);
    // curl tells no times, and taking its marks off moves the lines.
    let times = if matches!(unmarked, Cow::Owned(_)) {
        &[][..]
    } else {
        &lines.times
    };
    let text = unmarked;
    let events = scan::events(&text, times);
    let told = events.iter().any(|event| match &event.found {
        Found::Answer(answer) => answer.rank > Rank::Words || answer.structured,
        Found::Redirect(_) | Found::Page(_) => true,
        _ => false,
    });
    if !told && let Some(page) = prose::page_alone(&text) {
        let requests = events
            .into_iter()
            .filter(|event| matches!(event.found, Found::Request(_)));
        return requests
            .map(seen)
            .chain(std::iter::once(Seen::untimed(page)))
            .chain(said(&text).map(Seen::untimed))
            .collect();
    }
    // What a sentence or a status says, the whole document says as well, and it is what was sent.
    let in_part = |event: &Event| matches!(&event.found, Found::Answer(answer) if answer.rank <= Rank::Quoted && !answer.structured);
    if events.iter().all(in_part)
        && let Some(document) = body::document(&text)
    {
        return vec![Seen::untimed(received(Answer::bare(document).response))];
    }
    if events.is_empty() {
        return body::document(&text)
            .map(|document| Seen::untimed(received(Answer::bare(document).response)))
            .into_iter()
            .collect();
    }
    events.into_iter().map(seen).collect()
}

/// A text that is one thing: a request, a redirect, an answer.
fn whole(text: &str) -> Option<Observation> {
    if let Some(body) = body::whole(text) {
        // A query may be a redirect all the same; a record with an error that is no error code is looked into.
        return redirect::whole(text)
            .or_else(|| record::is_an_answer(&body).then(|| received(Answer::bare(body).response)));
    }
    if text.starts_with('{') {
        return None;
    }
    // What `curl -w '%{http_code}'` prints.
    if text.len() == 3
        && let Some(status) = prose::status(text)
    {
        return Some(received(exchange::without_body(status)));
    }
    request::whole(text).or_else(|| redirect::whole(text))
}

fn said(text: &str) -> impl Iterator<Item = Observation> {
    libraries::recognise(text)
        .into_iter()
        .map(|message| Observation::LibrarySaid { message })
}

fn seen(event: Event) -> Seen {
    let observation = match event.found {
        Found::Request(seen) | Found::Redirect(seen) | Found::Page(seen) | Found::Failure(seen) => seen,
        Found::Answer(answer) => received(answer.response),
        Found::Said(message) => Observation::LibrarySaid { message },
    };
    Seen {
        at: event.at,
        observation,
    }
}

fn received(response: HttpResponse) -> Observation {
    Observation::ResponseReceived {
        exchange: 1,
        response,
        millis: 0,
    }
}
