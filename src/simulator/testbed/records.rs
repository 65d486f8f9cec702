//! What the simulator was asked and what it answered, so that a test can assert on it. Bounded; the oldest goes first.

use std::collections::VecDeque;

use serde_json::{Map, Value, json};

use crate::{
    oauth::{
        http::{HttpRequest, HttpResponse},
        params::Params,
        secret::mask,
        time::Moment,
        token::{TokenAnswer, read_answer, request_params},
    },
    simulator::testbed::endpoint::Endpoint,
    text::time::rfc3339,
};

/// How many requests are kept where nothing else is told.
pub const RECORDED: usize = 1_000;

/// Parameters, members and header fields whose values are secrets. A code is none: it is spent when it is seen.
const SECRETS: &[&str] = &[
    "client_secret",
    "client_assertion",
    "code_verifier",
    "device_code",
    "access_token",
    "refresh_token",
    "id_token",
    "token",
    "password",
    "authenticity_token",
    "authorization",
    "cookie",
    "set-cookie",
];

/// One request and its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// From 1, and not counted anew when the oldest are forgotten.
    pub number: u64,
    /// When it came, by the simulator's clock.
    pub at: Moment,
    /// Where it went.
    pub endpoint: Endpoint,
    /// The client that it named, or that its token belongs to.
    pub client: Option<String>,
    /// `token`, `redirect`, `page`, `ok`, or the error code.
    pub outcome: String,
    /// The faults that happened to it.
    pub faults: Vec<&'static str>,
    /// The grant that its token came of: equal numbers are of one approval, refreshed tokens too.
    pub grant: Option<u64>,
    /// As it came.
    pub request: HttpRequest,
    /// As it went.
    pub response: HttpResponse,
}

/// How the answer went, in a word.
pub(crate) fn outcome(endpoint: Endpoint, response: &HttpResponse) -> String {
    if let Some((_, query)) = response.header("location").and_then(|to| to.split_once('?')) {
        let error = Params::decode(query).get("error").map(str::to_owned);
        return error.unwrap_or_else(|| "redirect".into());
    }
    let status = response.status;
    if endpoint == Endpoint::Token || endpoint == Endpoint::DeviceCode || status >= 400 {
        match read_answer(response).answer {
            TokenAnswer::Token(_) => return "token".into(),
            TokenAnswer::Error(error) => return error.error,
            TokenAnswer::NotATokenResponse => {}
        }
    }
    match status {
        300..400 => "redirect".into(),
        400.. => status.to_string(),
        _ if response.media_type().as_deref() == Some("text/html") => "page".into(),
        _ => "ok".into(),
    }
}

impl Recorded {
    /// As JSON. The values of secrets are masked unless `plain`; bodies are shown only then, since a text that nothing can
    /// be read of may hold one.
    pub fn to_json(&self, plain: bool) -> Value {
        let (request, response) = (&self.request, &self.response);
        let shown = |name: &str, value: &str| shown(name, value, plain);
        let mut sent = Map::new();
        for (name, value) in request_params(request).iter() {
            sent.entry(name.to_owned())
                .or_insert_with(|| shown(name, value).into());
        }
        let mut told = json!({
            "number": self.number,
            "at": rfc3339(self.at.0),
            "endpoint": self.endpoint.name(),
            "method": request.method,
            "path": request.path(),
            "url": in_url(&request.url, &shown),
            "client_id": self.client,
            "parameters": sent,
            "headers": headers(&request.headers, &shown),
            "status": response.status,
            "outcome": self.outcome,
            "location": response.header("location").map(|to| in_url(to, &shown)),
            "response_headers": headers(&response.headers, &shown),
            "faults": self.faults,
            "grant": self.grant,
        });
        if plain {
            told["body"] = request_text(&request.body).into();
            told["response_body"] = response.text().into();
        }
        told
    }
}

fn request_text(body: &[u8]) -> String {
    String::from_utf8_lossy(body).into_owned()
}

fn shown(name: &str, value: &str, plain: bool) -> String {
    let secret = SECRETS.iter().any(|secret| name.eq_ignore_ascii_case(secret));
    if plain || !secret {
        return value.to_owned();
    }
    // Of a header, the scheme or the name of the cookie is not a secret.
    match value.split_once([' ', '=']) {
        Some((scheme, rest)) if name.len() > 5 && !name.contains('_') => {
            let between = &value[scheme.len()..=scheme.len()];
            format!("{scheme}{between}{}", mask(rest))
        }
        _ => mask(value),
    }
}

fn headers(headers: &[(String, String)], shown: &dyn Fn(&str, &str) -> String) -> Value {
    let mut told = Map::new();
    for (name, value) in headers {
        let value = shown(name, value);
        let name = name.to_ascii_lowercase();
        match told.get_mut(&name) {
            Some(Value::String(known)) => *known = format!("{known}, {value}"),
            _ => {
                told.insert(name, value.into());
            }
        }
    }
    told.into()
}

fn in_url(url: &str, shown: &dyn Fn(&str, &str) -> String) -> String {
    let Some((base, query)) = url.split_once('?') else {
        return url.to_owned();
    };
    let params = Params::decode(query);
    // Left as it came where there is nothing to hide: a test may assert on each byte of it.
    if params.iter().all(|(name, value)| shown(name, value) == value) {
        return url.to_owned();
    }
    let params = params
        .iter()
        .map(|(name, value)| (name.to_owned(), shown(name, value)));
    format!("{base}?{}", Params(params.collect()).encode())
}

/// The recorded requests.
#[derive(Clone, Debug)]
pub(crate) struct Records {
    room: usize,
    last: u64,
    recorded: VecDeque<Recorded>,
}

impl Records {
    pub(crate) fn new(room: usize) -> Self {
        Self {
            room,
            last: 0,
            recorded: VecDeque::new(),
        }
    }

    pub(crate) fn room(&self) -> usize {
        self.room
    }

    /// How many there have been.
    pub(crate) fn count(&self) -> u64 {
        self.last
    }

    /// The number that the next one gets.
    pub(crate) fn next_number(&mut self) -> u64 {
        self.last += 1;
        self.last
    }

    pub(crate) fn put(&mut self, recorded: Recorded) {
        self.recorded.push_back(recorded);
        while self.recorded.len() > self.room {
            self.recorded.pop_front();
        }
    }

    pub(crate) fn clear(&mut self) {
        self.recorded.clear();
    }

    /// As if there had never been one.
    pub(crate) fn forget(&mut self) {
        *self = Self::new(self.room);
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Recorded> {
        self.recorded.iter()
    }
}

/// Names by which recorded requests can be asked for.
pub(crate) const FILTERS: [&str; 8] = [
    "path",
    "endpoint",
    "method",
    "client_id",
    "outcome",
    "fault",
    "after",
    "secrets",
];

impl Recorded {
    /// True where it is one of those that are asked for.
    pub(crate) fn fits(&self, wanted: &Params) -> bool {
        wanted.iter().all(|(name, value)| match name {
            "path" => self.request.path() == value,
            "endpoint" => self.endpoint.name() == value,
            "method" => self.request.method == value,
            "client_id" => self.client.as_deref() == Some(value),
            "outcome" => self.outcome == value,
            "fault" => self.faults.contains(&value),
            "after" => value.parse().is_ok_and(|after: u64| self.number > after),
            _ => true,
        })
    }
}
