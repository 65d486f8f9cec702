//! An HTTP request and what came of it, as a capture, a log or a dump shows them, made into what a transcript holds.
//!
//! A capture holds everything that a browser asked for. What belongs to an authorization is kept: authorization requests,
//! redirects, token requests, and their answers; scripts, pictures and pages between them are passed over.

use crate::{
    flow::transcript::{Failure, Observation},
    oauth::{
        http::{HttpRequest, HttpResponse},
        time::Moment,
        token::request_params,
    },
    sources::{
        Seen,
        pasted::{prose, redirect, request},
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
    let mut seen: Vec<Seen> = Vec::new();
    for exchange in exchanges {
        let at = exchange.at;
        let found = observations(exchange, &seen);
        seen.extend(found.into_iter().map(|observation| Seen { at, observation }));
    }
    seen
}

fn observations(exchange: Exchange, before: &[Seen]) -> Vec<Observation> {
    let Some(request) = exchange.request else {
        return match exchange.came {
            Some(came) => vec![redirect_of(&came).unwrap_or_else(|| ended(came))],
            None => Vec::new(),
        };
    };
    // A browser asks whether it may send the request itself.
    if request.method == "OPTIONS" {
        return Vec::new();
    }
    let target = request.url.clone();
    match request::observed(request.clone()) {
        Some(sent @ Observation::RequestSent { .. }) => {
            let mut found = vec![sent];
            found.extend(exchange.came.map(ended));
            found
        }
        Some(started) => {
            let mut found = vec![started];
            found.extend(exchange.came.and_then(|came| at_authorization(&came)));
            found
        }
        None => {
            let mut found: Vec<Observation> = Vec::new();
            // The redirect arrives: the 302 before it said the same.
            if request.method == "GET" && !carries_no_redirect(&request) {
                found.extend(redirect::whole(&target));
            }
            if let Some(came) = exchange.came {
                found.extend(at_authorization(&came));
            }
            found.retain(|redirect| !was_seen(redirect, before));
            found
        }
    }
}

/// A request whose parameters are of an authorization server's own pages is no redirect.
fn carries_no_redirect(request: &HttpRequest) -> bool {
    let params = request_params(request);
    params.get("client_id").is_some() || params.get("return_to").is_some()
}

/// What an authorization server says while the browser is with it: a redirect, or a page that refuses.
fn at_authorization(came: &Came) -> Option<Observation> {
    redirect_of(came).or_else(|| match came {
        Came::Response(response) => prose::page_of(response),
        Came::Failure(_) => None,
    })
}

/// The redirect that came of a request, where one did.
fn redirect_of(came: &Came) -> Option<Observation> {
    match came {
        Came::Response(response) => redirect::in_location(response),
        Came::Failure(_) => None,
    }
}

/// True for a redirect that the exchange before it announced.
fn was_seen(redirect: &Observation, before: &[Seen]) -> bool {
    let query = |observation: &Observation| match observation {
        Observation::RedirectReceived { request, .. } => request.query().map(str::to_owned),
        _ => None,
    };
    let Some(this) = query(redirect) else {
        return false;
    };
    let last = before.iter().rev().find_map(|seen| query(&seen.observation));
    last.is_some_and(|last| last == this)
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
