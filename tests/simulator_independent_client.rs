//! A client that was written by others, the crate `oauth2`, against the simulator in memory. What it can and cannot read
//! is what makes GitHub's departures from RFC 6749 visible.

use std::{cell::RefCell, convert::Infallible};

use oauth2::{
    AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet, EndpointSet,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, TokenResponse as _, TokenUrl,
    basic::{BasicClient, BasicErrorResponseType, BasicTokenType},
};
use oauthlens::{
    oauth::{
        http::{HttpRequest, HttpResponse},
        params::Params,
        random::Entropy,
        time::Moment,
    },
    simulator::{Decision, Simulator},
};

const BASE: &str = "http://127.0.0.1:9000";
const CALLBACK: &str = "http://127.0.0.1:8914/callback";
const NOW: Moment = Moment(1_700_000_000_000);

type Client = BasicClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

fn simulator() -> Simulator {
    Simulator::demo(BASE, CALLBACK, Entropy::from_seed([5; 32]))
}

fn client(simulator: &Simulator, secret: Option<&str>) -> Client {
    let app = &simulator.options().app;
    let secret = secret.unwrap_or_else(|| app.client_secret.reveal());
    BasicClient::new(ClientId::new(app.client_id.clone()))
        .set_client_secret(ClientSecret::new(secret.to_owned()))
        .set_auth_uri(AuthUrl::new(format!("{BASE}/login/oauth/authorize")).unwrap())
        .set_token_uri(TokenUrl::new(format!("{BASE}/login/oauth/access_token")).unwrap())
        .set_redirect_uri(RedirectUrl::new(CALLBACK.into()).unwrap())
}

/// The crate's HTTP client: no socket, just the function.
fn carry(simulator: &RefCell<Simulator>, request: &oauth2::HttpRequest) -> oauth2::HttpResponse {
    let request = HttpRequest {
        method: request.method().to_string(),
        url: request.uri().to_string(),
        headers: request
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect(),
        body: request.body().clone(),
    };
    let HttpResponse {
        status,
        headers,
        body,
        ..
    } = simulator.borrow_mut().respond(&request, NOW);
    let mut response = oauth2::http::Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(name, value);
    }
    response.body(body).unwrap()
}

/// Authorizes and returns the code and the verifier that belongs to it.
fn authorize(simulator: &mut Simulator, client: &Client) -> (AuthorizationCode, PkceCodeVerifier) {
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (url, state) = client
        .authorize_url(CsrfToken::new_random)
        .add_scope(Scope::new("repo".into()))
        .add_scope(Scope::new("gist".into()))
        .set_pkce_challenge(challenge)
        .url();
    let redirect = simulator.decide(url.as_str(), Decision::Approve, NOW).unwrap();
    let params = Params::decode(redirect.split_once('?').unwrap().1);
    assert_eq!(params.get("state"), Some(state.secret().as_str()));
    let code = params.get("code").unwrap().to_owned();
    (AuthorizationCode::new(code), verifier)
}

#[test]
fn a_whole_flow_with_pkce_ends_in_a_token_that_works() {
    let mut simulator = simulator();
    let client = client(&simulator, None);
    let (code, verifier) = authorize(&mut simulator, &client);
    let simulator = RefCell::new(simulator);
    let token = client
        .exchange_code(code)
        .set_pkce_verifier(verifier)
        .request(&|request| Ok::<_, Infallible>(carry(&simulator, &request)))
        .unwrap();
    assert!(matches!(token.token_type(), BasicTokenType::Bearer));
    // The crate splits at spaces as RFC 6749 §3.3 says; GitHub joins with a comma, so two scopes look like one.
    let scopes: Vec<_> = token
        .scopes()
        .unwrap()
        .iter()
        .map(|scope| scope.as_str())
        .collect();
    assert_eq!(scopes, ["repo,gist"]);
    let user = HttpRequest::get("/user").with_header(
        "Authorization",
        format!("Bearer {}", token.access_token().secret()),
    );
    assert_eq!(simulator.borrow_mut().respond(&user, NOW).status, 200);
}

/// The crate takes status 200 for a success, so it meets GitHub's refusals as answers it cannot parse.
#[test]
fn refusals_with_status_200_reach_the_client_as_unreadable_tokens() {
    for (secret, code, expected) in [
        (Some("wrong"), None, "incorrect_client_credentials"),
        (None, Some("00000000000000000000"), "bad_verification_code"),
    ] {
        let mut simulator = simulator();
        let client = client(&simulator, secret);
        let (good, verifier) = authorize(&mut simulator, &client);
        let simulator = RefCell::new(simulator);
        let refusal = client
            .exchange_code(code.map_or(good, |code| AuthorizationCode::new(code.into())))
            .set_pkce_verifier(verifier)
            .request(&|request| Ok::<_, Infallible>(carry(&simulator, &request)))
            .unwrap_err();
        let RequestTokenError::Parse(_, body) = refusal else {
            panic!("{refusal:?}")
        };
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(body["error"], expected);
    }
}

#[test]
fn a_missing_verifier_is_an_ordinary_oauth_error() {
    let mut simulator = simulator();
    let client = client(&simulator, None);
    let (code, _) = authorize(&mut simulator, &client);
    let simulator = RefCell::new(simulator);
    let refusal = client
        .exchange_code(code)
        .request(&|request| Ok::<_, Infallible>(carry(&simulator, &request)))
        .unwrap_err();
    let RequestTokenError::ServerResponse(error) = refusal else {
        panic!("{refusal:?}")
    };
    assert_eq!(error.error(), &BasicErrorResponseType::InvalidGrant);
}

#[test]
fn a_refresh_by_the_client_gives_a_new_token() {
    let mut simulator = simulator();
    simulator.options_mut().habits.expiring_tokens = true;
    let client = client(&simulator, None);
    let (code, verifier) = authorize(&mut simulator, &client);
    let simulator = RefCell::new(simulator);
    let http = |request: oauth2::HttpRequest| Ok::<_, Infallible>(carry(&simulator, &request));
    let first = client
        .exchange_code(code)
        .set_pkce_verifier(verifier)
        .request(&http)
        .unwrap();
    assert_eq!(first.expires_in(), Some(std::time::Duration::from_secs(28_800)));
    let second = client
        .exchange_refresh_token(first.refresh_token().unwrap())
        .request(&http)
        .unwrap();
    assert_ne!(first.access_token().secret(), second.access_token().secret());
}
