//! The API after the token (docs/github.md §5): `GET /user`, `GET /user/emails`, `GET /meta`; and the discovery document
//! (docs/github.md §1).

use serde_json::{Value, json};

use crate::{
    oauth::{
        http::{HttpRequest, HttpResponse},
        time::Moment,
        token::basic_credentials,
    },
    simulator::{
        AppKind, Simulator,
        server::{bounded_store::same, response},
    },
};

impl Simulator {
    /// `GET /user`: the proof that a token works, with the scope headers of an OAuth app's token.
    pub(crate) fn user(&mut self, request: &HttpRequest, now: Moment) -> HttpResponse {
        let scopes = match self.authorized(request, now) {
            Ok(scopes) => scopes,
            Err(refused) => return refused,
        };
        let account = &self.options.account;
        let mut response = response::json(
            200,
            &json!({
                "login": account.login,
                "id": account.id,
                "type": "User",
                "name": account.name,
                "email": null,
                "url": format!("{}/users/{}", self.options.base_url, account.login),
                "simulated": true,
            }),
        );
        if self.options.app.kind == AppKind::GitHubApp {
            let accepted = ("X-Accepted-GitHub-Permissions".into(), "metadata=read".into());
            response.headers.push(accepted);
            return with_limits(response);
        }
        response
            .headers
            .push(("X-Accepted-OAuth-Scopes".into(), String::new()));
        with_scopes(response, &scopes)
    }

    /// `GET /user/emails`: not found without a scope that lets addresses be read.
    pub(crate) fn emails(&mut self, request: &HttpRequest, now: Moment) -> HttpResponse {
        let scopes = match self.authorized(request, now) {
            Ok(scopes) => scopes,
            Err(refused) => return refused,
        };
        let account = &self.options.account;
        let response = if scopes
            .iter()
            .any(|scope| scope == "user" || scope == "user:email")
        {
            let address = json!({
                "email": account.email,
                "primary": true,
                "verified": account.email_verified,
                "visibility": null,
            });
            response::json(200, &Value::from(vec![address]))
        } else {
            response::json(404, &json!({ "message": "Not Found" }))
        };
        with_scopes(response, &scopes)
    }

    /// The scopes of the token that a request carries, sorted.
    fn authorized(&mut self, request: &HttpRequest, now: Moment) -> Result<Vec<String>, HttpResponse> {
        let Some(authorization) = request.header("authorization") else {
            return Err(unauthorized("Requires authentication"));
        };
        let (scheme, credentials) = authorization.trim().split_once(' ').unwrap_or_default();
        let bearer = scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("token");
        let token = self
            .tokens
            .get_mut(credentials.trim())
            .filter(|token| bearer && token.expires.is_none_or(|end| now < end))
            .ok_or_else(|| unauthorized("Bad credentials"))?;
        token.last_used = Some(now);
        let mut scopes = token.scopes.clone();
        scopes.sort_unstable();
        Ok(scopes)
    }

    /// `GET /meta`: public, but a wrong pair of id and secret is refused, which makes it a harmless probe of the pair.
    pub(crate) fn meta(&self, request: &HttpRequest) -> HttpResponse {
        let app = &self.options.app;
        let refused = request.header("authorization").is_some_and(|header| {
            !basic_credentials(header)
                .is_some_and(|(id, secret)| id == app.client_id && same(&secret, app.client_secret.reveal()))
        });
        if refused {
            return unauthorized("Bad credentials");
        }
        response::json(
            200,
            &json!({ "verifiable_password_authentication": false, "simulated": true }),
        )
    }

    /// `GET /.well-known/oauth-authorization-server/login/oauth` (RFC 8414, the path-inserted form only).
    pub(crate) fn discovery(&self) -> HttpResponse {
        let base_url = &self.options.base_url;
        let mut document = json!({
            "issuer": self.issuer(),
            "authorization_endpoint": format!("{base_url}/login/oauth/authorize"),
            "token_endpoint": format!("{base_url}/login/oauth/access_token"),
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
        });
        if self.options.habits.pkce {
            document["code_challenge_methods_supported"] = Value::from(vec!["S256"]);
        }
        response::json(200, &document)
    }
}

/// The headers by which every answer of the API tells what the token may do, and how often.
fn with_scopes(mut response: HttpResponse, scopes: &[String]) -> HttpResponse {
    response
        .headers
        .push(("X-OAuth-Scopes".into(), scopes.join(", ")));
    with_limits(response)
}

fn with_limits(mut response: HttpResponse) -> HttpResponse {
    for (name, value) in [("X-RateLimit-Limit", "5000"), ("X-RateLimit-Resource", "core")] {
        response.headers.push((name.into(), value.into()));
    }
    response
}

fn unauthorized(message: &str) -> HttpResponse {
    response::json(401, &json!({ "message": message }))
}
