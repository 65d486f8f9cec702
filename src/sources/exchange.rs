//! An HTTP request and what came of it, as a capture, a log or a dump shows them, made into what a transcript holds.
//!
//! A capture holds everything that a browser asked for. What belongs to an authorization is kept: authorization requests,
//! redirects, token requests, and their answers; scripts, pictures and pages between them are passed over.

use std::borrow::Cow;

use crate::{
    flow::{
        failure::{Failure, FailureKind},
        transcript::{BrowserShows, Observation},
    },
    oauth::{
        http::{HttpRequest, HttpResponse},
        time::Moment,
        token::request_params,
    },
    sources::{
        Seen,
        pasted::{hidden, prose, redirect, request},
    },
};

/// A request and what came of it, as far as both are shown.
#[derive(Clone, Debug, Default)]
pub(crate) struct Exchange {
    /// When the request was sent.
    pub(crate) at: Option<Moment>,
    /// The request; `None` where only an answer is shown.
    pub(crate) request: Option<HttpRequest>,
    /// What came of it; `None` where that is not shown.
    pub(crate) came: Option<Came>,
}

/// What came of a request.
#[derive(Clone, Debug)]
pub(crate) enum Came {
    /// A response.
    Response(HttpResponse),
    /// None, for this reason.
    Failure(Failure),
}

impl Exchange {
    /// A request of which no answer is shown.
    pub(crate) fn asked(request: HttpRequest) -> Self {
        Self {
            request: Some(request),
            ..Self::default()
        }
    }

    /// An answer of which no request is shown.
    pub(crate) fn answered(response: HttpResponse) -> Self {
        Self {
            came: Some(Came::Response(response)),
            ..Self::default()
        }
    }
}

/// True where the path is that of a token endpoint.
pub(crate) fn asks_for_a_token(request: &HttpRequest) -> bool {
    let last = request
        .path()
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default();
    matches!(last, "access_token" | "token" | "oauth2.access")
}

/// What an `OPTIONS` request to a token endpoint says: a page wanted to send the request itself, and the browser asked first.
pub(crate) fn asked_first() -> Failure {
    Failure::new(FailureKind::Cors, "CORS preflight: OPTIONS.")
}

/// A response whose body is not shown.
pub(crate) fn without_body(status: u16) -> HttpResponse {
    HttpResponse {
        status,
        body_cut_at: Some(0),
        ..HttpResponse::default()
    }
}

/// What these exchanges say of an authorization, in order.
pub(crate) fn seen(exchanges: impl IntoIterator<Item = Exchange>) -> Vec<Seen> {
    let mut found = Found::default();
    for exchange in exchanges {
        found.take(exchange);
    }
    found.seen
}

#[derive(Default)]
struct Found {
    seen: Vec<Seen>,
    /// The latest authorization request.
    started: Option<Observation>,
}

impl Found {
    fn push(&mut self, at: Option<Moment>, observation: Observation) {
        self.seen.push(Seen { at, observation });
    }

    fn take(&mut self, exchange: Exchange) {
        let at = exchange.at;
        let Some(request) = exchange.request.map(hidden_masked) else {
            if let Some(came) = exchange.came {
                let observation = redirect_of(&came).unwrap_or_else(|| ended(came));
                self.push(at, observation);
            }
            return;
        };
        // A browser asks whether it may send the request itself.
        if request.method == "OPTIONS" {
            return;
        }
        match request::observed(request.clone()) {
            Some(sent @ Observation::RequestSent { .. }) => {
                self.push(at, sent);
                if let Some(came) = exchange.came {
                    self.push(at, ended(came));
                }
            }
            Some(started) => {
                self.start(at, started);
                self.at_authorization(at, exchange.came.as_ref());
            }
            // Of a token request whose parameters are not shown, what came of it is told.
            None if request.method == "POST" && asks_for_a_token(&request) && request.body.is_empty() => {
                if let Some(came) = exchange.came {
                    self.push(at, ended(came));
                }
            }
            None => self.other(at, &request, exchange.came.as_ref()),
        }
    }

    /// An authorization request, unless it is the same again, on the way through the server's pages.
    fn start(&mut self, at: Option<Moment>, started: Observation) {
        if self.started.as_ref() != Some(&started) {
            self.started = Some(started.clone());
            self.push(at, started);
        }
    }

    /// A request that is neither: a page of the server, or the redirect that arrives.
    fn other(&mut self, at: Option<Moment>, request: &HttpRequest, came: Option<&Came>) {
        let arrives = (request.method == "GET" && !carries_no_redirect(request))
            .then(|| redirect::whole(&request.url))
            .flatten();
        let Some(redirect) = arrives else {
            return self.at_authorization(at, came);
        };
        self.redirect(at, redirect);
        if let Some(Came::Failure(failure)) = came
            && failure.kind != FailureKind::Cors
            && !failure.detail.contains("ABORTED")
        {
            let shows = BrowserShows::CannotConnect;
            let told = |seen: &Seen| seen.observation == Observation::BrowserReported { shows };
            // A browser's page for the failure may try again by itself.
            if !self.seen.last().is_some_and(told) {
                self.push(at, Observation::BrowserReported { shows });
            }
        }
    }

    /// What an authorization server says while the browser is with it: a redirect, or a page that refuses.
    fn at_authorization(&mut self, at: Option<Moment>, came: Option<&Came>) {
        match came {
            Some(came @ Came::Response(response)) => {
                if let Some(started) = onward(response) {
                    self.start(at, started);
                } else if let Some(redirect) = redirect_of(came) {
                    self.redirect(at, redirect);
                } else if let Some(page) = prose::page_of(response) {
                    self.push(at, page);
                }
            }
            Some(Came::Failure(_)) | None => {}
        }
    }

    /// A redirect, once: the response that sends the browser there says the same as the request that it makes then.
    fn redirect(&mut self, at: Option<Moment>, redirect: Observation) {
        let query = |observation: &Observation| match observation {
            Observation::RedirectReceived { request, .. } => request.query().map(str::to_owned),
            _ => None,
        };
        let last = self.seen.iter().rev().find_map(|seen| query(&seen.observation));
        if last.is_some() && last == query(&redirect) {
            return;
        }
        self.push(at, redirect);
    }
}

/// A request with masked characters in the place of what somebody hid in it.
fn hidden_masked(mut request: HttpRequest) -> HttpRequest {
    if let Cow::Owned(url) = hidden::masked(&request.url) {
        request.url = url;
    }
    if let Ok(body) = std::str::from_utf8(&request.body)
        && let Cow::Owned(body) = hidden::masked(body)
    {
        request.body = body.into_bytes();
    }
    request
}

/// A request whose parameters are of an authorization server's own pages is no redirect.
fn carries_no_redirect(request: &HttpRequest) -> bool {
    let params = request_params(request);
    params.get("client_id").is_some() || params.get("return_to").is_some()
}

/// The redirect that came of a request, where one did.
fn redirect_of(came: &Came) -> Option<Observation> {
    match came {
        Came::Response(response) => redirect::in_location(response),
        Came::Failure(_) => None,
    }
}

/// The authorization request to which a response sends the browser.
pub(crate) fn onward(response: &HttpResponse) -> Option<Observation> {
    let location = response
        .header("location")
        .filter(|_| (300..400).contains(&response.status))?;
    let request = request::observed(HttpRequest::get(location))?;
    matches!(request, Observation::AuthorizationStarted { .. }).then_some(request)
}

/// The end of an exchange.
pub(crate) fn ended(came: Came) -> Observation {
    match came {
        Came::Response(response) => Observation::ResponseReceived {
            exchange: 1,
            response,
            millis: 0,
        },
        Came::Failure(failure) => Observation::RequestFailed {
            exchange: 1,
            failure,
            millis: 0,
        },
    }
}
