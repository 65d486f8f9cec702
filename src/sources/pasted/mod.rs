//! Reading what a person pastes to `explain`: a client's requests, the answer of a token endpoint, a redirect or a page,
//! as another program's log, a terminal or a browser shows it.
//!
//! First the requests are looked for: a command line, a message, the address of an authorization request, a body. Then
//! what came back, in this order: an HTTP head (`curl -i`, `curl -v`), a redirect, a body by itself, a page, a body or
//! redirect with other text around it, and at last an error in words. Each step
//! looks at a text a fixed number of times, so that a megabyte costs milliseconds.

mod body;
mod curl_command;
mod hidden;
mod http_message;
pub(crate) mod prose;
pub(crate) mod request;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use crate::{
    diagnosis::{context::response_params, libraries},
    flow::{
        grants::authorization_code::redirect::{Expected, classify, is_target},
        transcript::{Channel, Disposition, Observation, STATUS_NOT_SEEN},
    },
    oauth::{
        authorization::AuthorizationResponse,
        http::{HttpRequest, HttpResponse},
        params::holds_white_space,
        secret::MASK,
        token::{BodyEncoding, TokenAnswer, is_answer, read_answer},
    },
    sources::{
        Seen, Source, dump,
        exchange::{self, Came, Exchange},
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
    let shown = hidden::masked(text);
    let said = libraries::recognise(text);
    let mut seen = match dumped(&shown) {
        Some(dumped) if tells_of_an_exchange(&dumped) => dumped,
        dumped => {
            let found: Vec<Seen> = observe(&shown).into_iter().map(Seen::untimed).collect();
            let weak = dumped.filter(|_| found.is_empty() && said.is_empty());
            weak.unwrap_or(found)
        }
    };
    seen.extend(
        said.into_iter()
            .map(|message| Seen::untimed(Observation::LibrarySaid { message })),
    );
    seen
}

/// True where a token request or its answer is among what was seen.
fn tells_of_an_exchange(seen: &[Seen]) -> bool {
    seen.iter().any(|seen| match &seen.observation {
        Observation::RequestSent { .. } => true,
        Observation::ResponseReceived { response, .. } => is_answer(&response.text()),
        _ => false,
    })
}

/// What a program's objects show of the messages that it sent and received, where they show more than an answer's
/// members.
fn dumped(text: &str) -> Option<Vec<Seen>> {
    if body::whole(text).is_some() || text.starts_with('<') {
        return None;
    }
    let exchanges = dump::meaning::exchanges(text);
    let shows_a_message = |exchange: &Exchange| match (&exchange.request, &exchange.came) {
        (Some(request), came) => came.is_some() || !request.url.starts_with('?'),
        (None, Some(Came::Response(response))) => response.status != STATUS_NOT_SEEN,
        (None, _) => false,
    };
    let seen = exchange::seen(exchanges.into_iter().filter(shows_a_message));
    (!seen.is_empty()).then_some(seen)
}

fn observe(text: &str) -> Vec<Observation> {
    // What is an answer from its first character to its last holds no request; a query may be a redirect all the same.
    if let Some(whole) = body::whole(text) {
        return vec![redirect(text).unwrap_or_else(|| bare(whole))];
    }
    let (mut found, rest) = request::read(text);
    let rest = rest.trim();
    let answer = if found.is_empty() {
        answer(rest)
    } else {
        answer_to(&found, rest)
    };
    found.extend(answer);
    found
}

/// What came back, where nothing else was pasted.
fn answer(text: &str) -> Option<Observation> {
    if text.is_empty() {
        return None;
    }
    if let Some(response) = http_message::read(text) {
        return Some(match redirect_in_location(&response) {
            Some(redirect) => redirect,
            None => page_of(&response).unwrap_or_else(|| received(response)),
        });
    }
    redirect(text)
        .or_else(|| body::whole(text).map(bare))
        .or_else(|| body::page(text).map(|page| prose::page_alone(&page).unwrap_or_else(|| bare(page))))
        .or_else(|| prose::misread(text).map(bare))
        .or_else(|| body::within(text).map(bare))
        .or_else(|| redirect_within(text))
        .or_else(|| prose::page_alone(text))
        .or_else(|| prose::refusal(text).map(bare))
        .or_else(|| prose::failure(text))
        .or_else(|| body::document(text).map(bare))
}

/// What came back for requests that are in the same text.
fn answer_to(requests: &[Observation], text: &str) -> Option<Observation> {
    if text.is_empty() {
        return None;
    }
    let token_request = requests
        .iter()
        .any(|request| matches!(request, Observation::RequestSent { .. }));
    if !token_request && let Some(redirect) = redirect_within(text) {
        return Some(held_against(requests, redirect));
    }
    if let Some(response) = http_message::read(text) {
        return Some(page_of(&response).unwrap_or_else(|| received(response)));
    }
    body::whole(text)
        .or_else(|| body::page(text))
        .or_else(|| prose::misread(text))
        .or_else(|| body::within(text))
        .map(bare)
        .or_else(|| (!token_request).then(|| prose::page_alone(text))?)
        .or_else(|| prose::refusal(text).map(bare))
        .or_else(|| prose::failure(text))
}

/// A redirect held against the authorization request that is in the same text.
fn held_against(requests: &[Observation], redirect: Observation) -> Observation {
    let sent = requests.iter().find_map(|observation| match observation {
        Observation::AuthorizationStarted {
            configuration,
            request,
        } => Some((configuration, request)),
        _ => None,
    });
    match (sent, redirect) {
        (Some((configuration, sent)), Observation::RedirectReceived { channel, request, .. }) => {
            let value = |name: &str| sent.params.get(name).unwrap_or_default();
            let expected = Expected {
                redirect_uri: value("redirect_uri"),
                state: value("state"),
                issuer: configuration.provider.issuer.as_deref(),
                listening: None,
                taken: false,
            };
            let disposition = match classify(&expected, channel, &request) {
                Disposition::StateMissing if value("state").is_empty() => Disposition::AcceptedUnchecked,
                // One of the two was hidden: whether they are equal is not known.
                Disposition::StateDiffers if hides_its_state(value("state"), &request) => {
                    Disposition::AcceptedUnchecked
                }
                other => other,
            };
            Observation::RedirectReceived {
                channel,
                request,
                disposition,
            }
        }
        (_, redirect) => redirect,
    }
}

fn hides_its_state(sent: &str, redirect: &HttpRequest) -> bool {
    let received = response_params(redirect);
    sent.contains(MASK) || received.get("state").is_some_and(|state| state.contains(MASK))
}

/// A page of an authorization server with its HTTP head. A 404 may be that of any address, so it stays an answer.
pub(crate) fn page_of(response: &HttpResponse) -> Option<Observation> {
    let reading = read_answer(response);
    let is_page = matches!(reading.encoding, BodyEncoding::Html | BodyEncoding::Unknown);
    (is_page && reading.answer == TokenAnswer::NotATokenResponse && response.status != 404)
        .then(|| prose::page(&response.text(), response.status))?
}

fn bare(body: String) -> Observation {
    received(HttpResponse {
        status: STATUS_NOT_SEEN,
        body: body.into_bytes(),
        ..HttpResponse::default()
    })
}

fn received(response: HttpResponse) -> Observation {
    Observation::ResponseReceived {
        exchange: 1,
        response,
        millis: 0,
    }
}

/// An authorization server's own redirect, as `curl -i` shows it: its `Location` is the authorization response.
fn redirect_in_location(response: &HttpResponse) -> Option<Observation> {
    if !(300..400).contains(&response.status) {
        return None;
    }
    redirect(response.header("location")?.trim())
}

/// The redirect that came of a request, where one did.
pub(crate) fn redirect_of(came: &Came) -> Option<Observation> {
    match came {
        Came::Response(response) => redirect_in_location(response),
        Came::Failure(_) => None,
    }
}

/// The text in one line, without the breaks that a terminal put inside and the white space around them.
fn without_line_breaks(text: &str) -> Cow<'_, str> {
    if text.contains(['\n', '\r']) {
        Cow::Owned(text.split(['\n', '\r']).map(str::trim).collect())
    } else {
        Cow::Borrowed(text.trim())
    }
}

/// Reads a redirect: a whole URL, a request target, or a query; line breaks that a terminal put inside do not count.
pub(crate) fn redirect(text: &str) -> Option<Observation> {
    let joined = without_line_breaks(text);
    if joined.starts_with(['{', '<', '"']) || holds_white_space(&joined) {
        return None;
    }
    let is_target = is_target(&joined);
    let url = if is_target {
        joined.into_owned()
    } else {
        format!("?{joined}")
    };
    let request = HttpRequest::get(url);
    let params = response_params(&request);
    let response = AuthorizationResponse::from_params(&params);
    let speaks_for_a_redirect = is_target || response.code.is_some() || only_on_a_redirect(&response);
    let known = response.is_present() || response.state.is_some() || response.iss.is_some();
    if !known || !speaks_for_a_redirect || params.get("access_token").is_some() {
        return None;
    }
    let repeated = ["state", "code", "error"]
        .iter()
        .any(|name| params.count(name) > 1);
    let disposition = if repeated {
        Disposition::ParameterRepeated
    } else if response.error.is_some() {
        Disposition::ErrorResponse
    } else if response.code.is_some() {
        Disposition::AcceptedUnchecked
    } else {
        Disposition::NoParameters
    };
    Some(Observation::RedirectReceived {
        channel: Channel::Pasted,
        request,
        disposition,
    })
}

/// A bare query with an error might be a form-encoded answer of the token endpoint as well. What only an authorization
/// response has decides: `state`, `iss`, or an error of RFC 6749 §4.1.2.1 or GitHub's authorization page (docs/github.md
/// §1).
fn only_on_a_redirect(response: &AuthorizationResponse) -> bool {
    let errors = [
        "access_denied",
        "application_suspended",
        "unsupported_response_type",
        "server_error",
        "temporarily_unavailable",
    ];
    response.state.is_some()
        || response.iss.is_some()
        || response
            .error
            .as_deref()
            .is_some_and(|error| errors.contains(&error))
}

/// A redirect with other text around it: a line of a server's log, a sentence in a chat.
fn redirect_within(text: &str) -> Option<Observation> {
    let marks = ["?code=", "&code=", "?error=", "&error=", "#code=", "#error="];
    marks
        .iter()
        .filter_map(|mark| text.find(mark))
        .min()
        .and_then(|at| {
            let edge = |c: char| c.is_whitespace() || "\"'<>()[]`".contains(c);
            let start = text[..at].rfind(edge).map_or(0, |found| {
                found + text[found..].chars().next().map_or(1, char::len_utf8)
            });
            let end = text[at..].find(edge).map_or(text.len(), |found| at + found);
            redirect(&text[start..end])
        })
}
