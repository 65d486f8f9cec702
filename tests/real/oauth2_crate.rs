//! The crate `oauth2`, over sockets.

use std::convert::Infallible;

use oauth2::{
    AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, PkceCodeChallenge, RedirectUrl,
    TokenResponse as _, TokenUrl, basic::BasicClient,
};
use oauthlens::oauth::{http::HttpRequest, params::Params};

use crate::{
    client::{App, Said, Slip},
    person,
};

fn carry(request: &oauth2::HttpRequest) -> oauth2::HttpResponse {
    let mut sent = HttpRequest {
        method: request.method().to_string(),
        url: request.uri().to_string(),
        body: request.body().clone(),
        ..HttpRequest::default()
    };
    for (name, value) in request.headers() {
        sent = sent.with_header(name.as_str(), value.to_str().expect("text"));
    }
    let answer = person::request(&sent);
    let mut carried = oauth2::http::Response::builder().status(answer.status);
    for name in ["content-type", "www-authenticate"] {
        if let Some(value) = answer.header(name) {
            carried = carried.header(name, value);
        }
    }
    carried.body(answer.body).expect("an answer")
}

pub fn run(app: &App, slip: Slip) -> Said {
    let client = BasicClient::new(ClientId::new(app.id.clone()))
        .set_client_secret(ClientSecret::new(app.secret.clone()))
        .set_auth_uri(AuthUrl::new(format!("{}/login/oauth/authorize", app.base)).expect("a URL"))
        .set_token_uri(TokenUrl::new(format!("{}/login/oauth/access_token", app.base)).expect("a URL"))
        .set_redirect_uri(RedirectUrl::new(app.redirect_uri.clone()).expect("a URL"));
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (url, _) = client
        .authorize_url(CsrfToken::new_random)
        .set_pkce_challenge(challenge)
        .url();
    let back = person::approves(&app.base, url.as_str());
    let (_, query) = back.split_once('?').expect("a query");
    let code = Params::decode(query).get("code").expect("a code").to_owned();

    let client = if slip == Slip::Mismatch {
        let other = format!("{}/other", app.redirect_uri);
        client.set_redirect_uri(RedirectUrl::new(other).expect("a URL"))
    } else {
        client
    };
    let exchange = || {
        client
            .exchange_code(AuthorizationCode::new(code.clone()))
            .set_pkce_verifier(oauth2::PkceCodeVerifier::new(verifier.secret().clone()))
            .request(&|request: oauth2::HttpRequest| Ok::<_, Infallible>(carry(&request)))
    };
    if slip == Slip::Spent {
        exchange().expect("a token");
    }
    match exchange() {
        Ok(token) => {
            let ask = HttpRequest::get(format!("{}/user", app.base));
            let bearer = format!("Bearer {}", token.access_token().secret());
            let user = person::request(&ask.with_header("Authorization", bearer));
            let user: serde_json::Value = serde_json::from_str(&user.text()).expect("a user");
            Said {
                login: user["login"].as_str().map(str::to_owned),
                log: String::new(),
            }
        }
        // As the crate's own examples print it, and as `?` in `main` does.
        Err(error) => Said {
            login: None,
            log: format!("Error: {error}\nError: {error:?}\n"),
        },
    }
}
