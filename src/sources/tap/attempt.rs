//! One attempt to get a token: what was seen of it, as a transcript.

use crate::{
    diagnosis::context::response_params,
    flow::{
        configuration::{Configuration, Registration},
        grants::authorization_code::redirect::{Expected, classify},
        transcript::{AttemptId, Channel, Disposition, Entry, Observation, Purpose, Source, Transcript},
    },
    oauth::{
        authorization::{AuthorizationRequest, AuthorizationResponse},
        endpoint::origin,
        http::{HttpRequest, HttpResponse, is_url},
        params::{Params, split_scope},
        redirect_matching::Registered,
        secret::Secret,
        time::Moment,
        token::{TokenAnswer, read_answer, request_params},
    },
    providers::Provider,
    sources::{
        input::harmless,
        pasted::prose::page_of,
        tap::{MOST_EXCHANGES, Passed},
    },
    text::html::visible_text,
};

/// Of a page so much is kept, in characters.
const PAGE: usize = 2000;
/// What an entry takes beside the bytes of its messages.
const ENTRY: usize = 256;

/// One attempt of a program to get a token.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// Counts the attempts from 1.
    pub number: u64,
    /// What was seen of it.
    pub transcript: Transcript,
    pub(super) client_id: Option<String>,
    /// The parameters of the authorization request, where it was seen.
    pub(super) asked: Option<Params>,
    /// Codes that were issued in it, or sent.
    pub(super) codes: Vec<String>,
    /// True when a redirect brought a code.
    pub(super) code_issued: bool,
    pub(super) device_codes: Vec<Secret>,
    pub(super) tokens: Vec<Secret>,
    pub(super) exchanges: u32,
    /// Moment of the last entry.
    pub(super) last: Moment,
    weight: usize,
}

impl Attempt {
    pub(super) fn new(number: u64, at: Moment) -> Self {
        Self {
            number,
            transcript: Transcript::new(Source::Tap, at),
            client_id: None,
            asked: None,
            codes: Vec::new(),
            code_issued: false,
            device_codes: Vec::new(),
            tokens: Vec::new(),
            exchanges: 0,
            last: at,
            weight: 0,
        }
    }

    /// True when it has come to an answer: a token request was answered or failed, or the authorization server refused.
    pub fn has_ended(&self) -> bool {
        self.transcript
            .entries
            .iter()
            .any(|entry| match &entry.observation {
                Observation::ResponseReceived { .. }
                | Observation::RequestFailed { .. }
                | Observation::PageSeen { .. } => true,
                Observation::RedirectReceived { request, .. } => {
                    response_params(request).get("error").is_some()
                }
                _ => false,
            })
    }

    pub(super) fn start(
        &mut self,
        at: Moment,
        provider: &Provider,
        registered: &[Registered],
        request: AuthorizationRequest,
    ) {
        let value = |name: &str| request.params.get(name).unwrap_or_default().to_owned();
        let configuration = Configuration {
            provider: provider.clone(),
            client_id: value("client_id"),
            redirect_uri: value("redirect_uri"),
            scopes: split_scope(&value("scope")),
            pkce: request.params.get("code_challenge").is_some(),
            registration: Registration {
                redirect_uris: registered.to_vec(),
                ..Registration::default()
            },
            ..Configuration::default()
        };
        self.client_id = Some(configuration.client_id.clone());
        self.asked = Some(request.params.clone());
        self.note(
            at,
            Observation::AuthorizationStarted {
                configuration: Box::new(configuration),
                request,
            },
        );
    }

    /// The page that the authorization endpoint answered with, where it is one that refuses.
    pub(super) fn page(&mut self, at: Moment, response: &HttpResponse) {
        let refusing = || {
            let text: String = visible_text(&response.text()).chars().take(PAGE).collect();
            Observation::PageSeen {
                status: response.status,
                text: harmless(&text),
            }
        };
        if let Some(page) = page_of(response).or_else(|| (response.status >= 400).then(refusing)) {
            self.note(at, page);
        }
    }

    pub(super) fn redirected(&mut self, at: Moment, request: HttpRequest) {
        let params = response_params(&request);
        let response = AuthorizationResponse::from_params(&params);
        let asked = |name: &str| self.asked.as_ref().and_then(|asked| asked.get(name));
        let taken = self.transcript.entries.iter().any(|entry| {
            matches!(&entry.observation, Observation::RedirectReceived { disposition, .. } if disposition.is_taken())
        });
        let expected = Expected {
            redirect_uri: asked("redirect_uri").unwrap_or_default(),
            state: asked("state").unwrap_or_default(),
            // Which issuer the program expects is not seen.
            issuer: None,
            listening: None,
            taken,
        };
        let disposition = match classify(&expected, Channel::Tap, &request) {
            Disposition::StateMissing | Disposition::StateDiffers if asked("state").is_none() => {
                if response.error.is_some() {
                    Disposition::ErrorResponse
                } else if self.asked.is_some() && response.state.is_none() {
                    // None was sent and none came: there is nothing to check.
                    Disposition::Accepted
                } else {
                    Disposition::AcceptedUnchecked
                }
            }
            other => other,
        };
        if let Some(code) = response.code {
            self.code_issued = true;
            self.codes.push(code);
        }
        self.note(
            at,
            Observation::RedirectReceived {
                channel: Channel::Tap,
                request,
                disposition,
            },
        );
    }

    pub(super) fn token_exchange(&mut self, passed: Passed) {
        let sent = if passed.request_cut {
            Params::default()
        } else {
            request_params(&passed.request)
        };
        let value = |name: &str| sent.get(name).filter(|value| !value.is_empty());
        if self.client_id.is_none() {
            self.client_id = value("client_id").map(str::to_owned);
        }
        if let Some(code) = value("code").filter(|code| !self.codes.iter().any(|known| known == code)) {
            self.codes.push(code.to_owned());
        }
        if let Some(code) = value("device_code") {
            let known = self.device_codes.iter().any(|known| known.reveal() == code);
            if !known {
                self.device_codes.push(Secret::new(code));
            }
        }
        if let Ok(response) = &passed.answer
            && let TokenAnswer::Token(token) = read_answer(response).answer
        {
            self.tokens.push(token.access_token);
            self.tokens.extend(token.refresh_token);
        }
        self.exchange(Purpose::Token, passed);
    }

    pub(super) fn user(&mut self, passed: Passed) {
        self.exchange(Purpose::User, passed);
    }

    fn exchange(&mut self, purpose: Purpose, passed: Passed) {
        if self.exchanges >= MOST_EXCHANGES {
            return;
        }
        self.exchanges += 1;
        let exchange = self.exchanges;
        let millis = passed.ended.since(passed.at);
        // Of a request that was not recorded whole nothing may be said to be absent.
        if !passed.request_cut {
            self.note(
                passed.at,
                Observation::RequestSent {
                    exchange,
                    purpose,
                    request: passed.request,
                    origins: passed.origins,
                },
            );
        }
        let observation = match passed.answer {
            Ok(response) => Observation::ResponseReceived {
                exchange,
                response,
                millis,
            },
            Err(failure) => Observation::RequestFailed {
                exchange,
                failure,
                millis,
            },
        };
        self.note(passed.ended, observation);
    }

    /// Notes an observation at its moment, which may lie before others that ended sooner.
    fn note(&mut self, at: Moment, observation: Observation) {
        self.last = Moment(self.last.0.max(at.0));
        let offset = at.since(self.transcript.started);
        let entries = &mut self.transcript.entries;
        let place = entries.partition_point(|entry| entry.at <= offset);
        entries.insert(
            place,
            Entry {
                at: offset,
                attempt: AttemptId::FIRST,
                observation,
            },
        );
    }

    /// What it took until now, and what it takes.
    pub(super) fn weigh(&mut self) -> (usize, usize) {
        let now = self
            .transcript
            .entries
            .iter()
            .map(|entry| weight(&entry.observation))
            .sum();
        (std::mem::replace(&mut self.weight, now), now)
    }

    pub(super) fn weight(&self) -> usize {
        self.weight
    }
}

fn weight(observation: &Observation) -> usize {
    let of_headers = |headers: &[(String, String)]| -> usize {
        headers
            .iter()
            .map(|(name, value)| name.len() + value.len() + 48)
            .sum()
    };
    let of_request =
        |request: &HttpRequest| request.url.len() + request.body.len() + of_headers(&request.headers);
    ENTRY
        + match observation {
            // The parameters are kept twice.
            Observation::AuthorizationStarted { request, .. } => 2048 + 2 * request.url().len(),
            Observation::RequestSent { request, .. } | Observation::RedirectReceived { request, .. } => {
                // The code or a token once more.
                of_request(request) + 512
            }
            Observation::ResponseReceived { response, .. } => {
                response.body.len() + of_headers(&response.headers)
            }
            Observation::PageSeen { text, .. } => text.len(),
            Observation::RequestFailed { failure, .. } => failure.detail.len(),
            _ => 0,
        }
}

/// A GET of the authorization endpoint as an authorization request; `None` where it holds none, as when the browser comes
/// back to it.
pub(super) fn authorization_request(request: &HttpRequest) -> Option<AuthorizationRequest> {
    let params = Params::decode(request.query()?);
    let names = [
        "client_id",
        "response_type",
        "redirect_uri",
        "request_uri",
        "request",
    ];
    names
        .iter()
        .any(|name| params.get(name).is_some())
        .then(|| AuthorizationRequest {
            endpoint: request
                .url
                .split(['?', '#'])
                .next()
                .unwrap_or_default()
                .to_owned(),
            params,
        })
}

/// The redirect that an answer sends the browser on with, where it is an authorization response: to another place than the
/// authorization server, with a code or an error.
pub(super) fn redirect(url: &str, status: u16, location: &str) -> Option<HttpRequest> {
    if !(300..400).contains(&status) {
        return None;
    }
    let location = location.trim();
    // A redirect URI may have a scheme of its own, `app:/callback`.
    let elsewhere = if is_url(location) {
        !origin(location).eq_ignore_ascii_case(origin(url))
    } else {
        !location.starts_with(['/', '?', '#', '.']) && location.contains(':')
    };
    let redirect = HttpRequest::get(location);
    let present = AuthorizationResponse::from_params(&response_params(&redirect)).is_present();
    (elsewhere && present).then_some(redirect)
}
