//! A program that signs in with the crate `oauth2`; it talks as `client.mjs` does.

#![expect(clippy::print_stdout, reason = "what it prints is what it says")]

use std::io::BufRead as _;

use oauth2::{
    AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, PkceCodeChallenge, RedirectUrl,
    TokenResponse as _, TokenUrl, basic::BasicClient,
};
use serde_json::Value;

type Failed = Box<dyn std::error::Error>;

fn line() -> Result<String, Failed> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim().to_owned())
}

async fn carry(request: oauth2::HttpRequest) -> Result<oauth2::HttpResponse, reqwest::Error> {
    let (head, body) = request.into_parts();
    let answer = reqwest::Client::new()
        .request(head.method, head.uri.to_string())
        .headers(head.headers)
        .body(body)
        .send()
        .await?;
    let mut carried = oauth2::HttpResponse::default();
    *carried.status_mut() = answer.status();
    *carried.headers_mut() = answer.headers().clone();
    *carried.body_mut() = answer.bytes().await?.to_vec();
    Ok(carried)
}

async fn sign_in() -> Result<(), Failed> {
    let settings: Value = serde_json::from_str(&line()?)?;
    let given = |name: &str| settings[name].as_str().unwrap_or_default().to_owned();
    let client = BasicClient::new(ClientId::new(given("client_id")))
        .set_client_secret(ClientSecret::new(given("client_secret")))
        .set_auth_uri(AuthUrl::new(given("authorization_endpoint"))?)
        .set_token_uri(TokenUrl::new(given("token_endpoint"))?)
        .set_redirect_uri(RedirectUrl::new(given("redirect_uri"))?);
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (address, _) = client
        .authorize_url(CsrfToken::new_random)
        .set_pkce_challenge(challenge)
        .url();
    println!("{address}");
    let back = reqwest::Url::parse(&line()?)?;
    let code = back.query_pairs().find(|(name, _)| name == "code");
    let code = code.map(|(_, value)| value.into_owned()).unwrap_or_default();
    let token = client
        .set_redirect_uri(RedirectUrl::new(given("redirect_uri_at_exchange"))?)
        .exchange_code(AuthorizationCode::new(code))
        .set_pkce_verifier(verifier)
        .request_async(&carry)
        .await?;
    reqwest::Client::new()
        .get(format!("{}/user", given("api_url")))
        .header("User-Agent", "a program")
        .bearer_auth(token.access_token().secret())
        .send()
        .await?
        .error_for_status()?;
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    // An error says that there is one already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    match sign_in().await {
        Ok(()) => println!("signed in"),
        Err(error) => println!("failed: {error}"),
    }
}
