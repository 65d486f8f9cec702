//! Reading what a person pastes to `explain`: the answer of a token endpoint or a redirect, as another program's log,
//! a terminal or a browser's address bar shows it.
//!
//! Tried in this order: an HTTP head (`curl -i`, `curl -v`), a redirect, a body by itself, and at last a body or redirect
//! with other text around it. No text makes it fail otherwise than by [`NotRecognised`], and each step looks at a text a
//! fixed number of times, so that a megabyte costs milliseconds.

mod body;
mod head;

use crate::{
    flow::{
        redirect::is_target,
        transcript::{Channel, Disposition, Observation, STATUS_NOT_SEEN, Source, Transcript},
    },
    oauth::{
        authorization::AuthorizationResponse,
        http::{HttpRequest, HttpResponse},
        moment::Moment,
        params::Params,
        secret::mask,
    },
    pictures::line::clean,
};

/// What a pasted text was held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookedFor {
    /// An HTTP status line, as `curl -i` prints it.
    HttpHead,
    /// A JSON value.
    Json,
    /// A form-encoded body.
    Form,
    /// An XML document.
    Xml,
    /// A redirect, as a URL or its query.
    Redirect,
}

/// A text in which nothing was recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotRecognised {
    /// What was looked for.
    pub looked_for: Vec<LookedFor>,
    /// The first characters, safe to print: long words masked, since one may be a secret.
    pub beginning: String,
    /// The length of the whole text in characters, white space around it not counted.
    pub length: usize,
}

/// So much of a text that was not recognised is shown.
const BEGINNING: usize = 60;
/// A word of that length may be a secret.
const LONG_WORD: usize = 16;

/// Reads a pasted text into a transcript with one entry: a response or a redirect.
///
/// A whole text that is JSON, XML or HTML is taken as an answer even when it is no token response: the diagnosis then
/// says so.
///
/// # Errors
/// [`NotRecognised`] when the text is none of these.
pub fn read(text: &[u8], now: Moment) -> Result<Transcript, NotRecognised> {
    let text = decode(text);
    let text = text.trim();
    let observation = observe(text).ok_or_else(|| not_recognised(text))?;
    let mut transcript = Transcript::new(Source::Pasted, now);
    transcript.record(now, observation);
    Ok(transcript)
}

fn observe(text: &str) -> Option<Observation> {
    if text.is_empty() {
        return None;
    }
    if let Some(response) = head::read(text) {
        return Some(match redirect_in_location(&response) {
            Some(redirect) => redirect,
            None => received(response),
        });
    }
    redirect(text)
        .or_else(|| body::whole(text).map(bare))
        .or_else(|| body::page(text).map(bare))
        .or_else(|| body::within(text).map(bare))
        .or_else(|| redirect_within(text))
        .or_else(|| body::document(text).map(bare))
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

/// Reads a redirect: a whole URL, a request target, or a query; line breaks that a terminal put inside do not count.
fn redirect(text: &str) -> Option<Observation> {
    let joined: String = text.split(['\n', '\r']).map(str::trim).collect();
    if joined.contains(char::is_whitespace) || joined.starts_with(['{', '<', '"']) {
        return None;
    }
    let is_target = is_target(&joined);
    let url = if is_target { joined } else { format!("?{joined}") };
    let request = HttpRequest::get(url);
    let params = Params::decode(request.query()?);
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
/// response has decides: `state`, `iss`, or an error of RFC 6749 §4.1.2.1 or GitHub's authorization page (facts §1).
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
    let marks = ["?code=", "&code=", "?error=", "&error="];
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

/// Bytes as text: UTF-8, or UTF-16 where a byte order mark says so (PowerShell writes that into files).
fn decode(bytes: &[u8]) -> String {
    let utf16 = |pair: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes[2..]
            .chunks_exact(2)
            .map(|two| pair([two[0], two[1]]))
            .collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xff, 0xfe, ..] => utf16(u16::from_le_bytes),
        [0xfe, 0xff, ..] => utf16(u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

fn not_recognised(text: &str) -> NotRecognised {
    let mut beginning = String::new();
    for word in text
        .split_inclusive(|c: char| !c.is_alphanumeric() && c != '_' && c != '-')
        .take(BEGINNING)
    {
        if word.chars().take(LONG_WORD).count() == LONG_WORD {
            beginning.extend(mask(word).chars().take(BEGINNING));
        } else {
            beginning.push_str(&clean(word));
        }
        if beginning.chars().count() >= BEGINNING {
            break;
        }
    }
    let cut = beginning.chars().count() > BEGINNING || clean(text).len() > beginning.len();
    let mut beginning: String = beginning.chars().take(BEGINNING).collect();
    if cut {
        beginning.push('…');
    }
    NotRecognised {
        looked_for: vec![
            LookedFor::Json,
            LookedFor::Form,
            LookedFor::Xml,
            LookedFor::HttpHead,
            LookedFor::Redirect,
        ],
        beginning,
        length: text.chars().count(),
    }
}

#[cfg(test)]
mod tests;
