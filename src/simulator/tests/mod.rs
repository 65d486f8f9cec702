//! The simulator in memory: each statement about GitHub's behaviour as a request and its answer.

mod authorization;
mod device;
mod exchange;
mod managed;
mod pages;
mod testbed;
mod tokens;

use crate::{
    oauth::{
        http::{HttpRequest, HttpResponse},
        params::Params,
        random::Entropy,
        redirect_matching::Registered,
        time::Moment,
        token::{AuthorizationCode, TokenAnswer, TokenRequest, TokenResponse, read_answer},
    },
    simulator::{Decision, Simulator},
};

const BASE: &str = "http://127.0.0.1:9000";
const CALLBACK: &str = "http://127.0.0.1:8914/callback";
const NOW: Moment = Moment(1_700_000_000_000);

fn simulator() -> Simulator {
    Simulator::demo(BASE, CALLBACK, Entropy::from_seed([3; 32]))
}

/// An authorization request with `client_id` and the pairs of a raw query.
fn authorize_url(simulator: &Simulator, query: &str) -> String {
    format!(
        "{BASE}/login/oauth/authorize?client_id={}&{query}",
        simulator.options().app.client_id
    )
}

/// The decoded query of a redirect.
fn params_of(redirect: &str) -> Params {
    Params::decode(redirect.split_once('?').map_or("", |(_, query)| query))
}

fn names(params: &Params) -> String {
    params.iter().map(|(name, _)| name).collect::<Vec<_>>().join(" ")
}

/// A code for an authorization request with that raw query.
fn code_for(simulator: &mut Simulator, query: &str) -> String {
    let url = authorize_url(simulator, query);
    let redirect = simulator.decide(&url, Decision::Approve, NOW).unwrap();
    params_of(&redirect).get("code").unwrap().to_owned()
}

/// The right token request for a code.
fn exchange_of(simulator: &Simulator, code: &str) -> TokenRequest {
    let app = &simulator.options().app;
    TokenRequest {
        endpoint: format!("{BASE}/login/oauth/access_token"),
        client_id: app.client_id.clone(),
        client_secret: Some(app.client_secret.clone()),
        grant: AuthorizationCode {
            code: code.into(),
            redirect_uri: Some(CALLBACK.into()),
            code_verifier: None,
        },
        accept: Some("application/json".into()),
        ..TokenRequest::default()
    }
}

fn post_form(url: &str, params: &[(&str, &str)]) -> HttpRequest {
    let params = Params(
        params
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
    );
    HttpRequest {
        method: "POST".into(),
        url: url.into(),
        headers: vec![("Content-Type".into(), "application/x-www-form-urlencoded".into())],
        body: params.encode().into_bytes(),
    }
}

/// The error code in an answer, `token` for a token.
fn outcome(response: &HttpResponse) -> String {
    match read_answer(response).answer {
        TokenAnswer::Token(_) => "token".into(),
        TokenAnswer::Error(error) => error.error,
        TokenAnswer::NotATokenResponse => format!("no token response: {}", response.text()),
    }
}

fn token(response: &HttpResponse) -> TokenResponse {
    match read_answer(response).answer {
        TokenAnswer::Token(token) => token,
        other => panic!("{other:?}"),
    }
}

fn register(simulator: &mut Simulator, uris: &[(&str, bool)]) {
    simulator.options_mut().app.registered = uris
        .iter()
        .map(|(uri, wildcard)| Registered {
            uri: (*uri).into(),
            wildcard: *wildcard,
        })
        .collect();
}
