//! What can be done with a token that is there: refresh, check, reset, revoke, introspect, use. Each is one request, made from the
//! values of the client and the token.

use crate::{
    flow::{
        configuration::Configuration,
        transcript::{Observation, Purpose, Transcript},
    },
    oauth::{
        http::HttpRequest,
        params::{Params, encode_value},
        refresh::RefreshToken,
        secret::{MASK, Secret},
        token::{ANYTHING, ClientAuthentication, TokenAnswer, TokenRequest, USER_AGENT, read_answer},
    },
};

/// What is done with a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TokenAction {
    /// Get another access token for a refresh token (RFC 6749 §6).
    Refresh,
    /// Ask the app's own API what it knows of a token (docs/github.md §5).
    Check,
    /// Have a token replaced by another one (docs/github.md §5).
    Reset,
    /// End a token: RFC 7009, or the app's own API.
    Revoke,
    /// End every token of that user for the app (docs/github.md §5).
    RevokeGrant,
    /// Ask the authorization server whether a token is good (RFC 7662).
    Introspect,
    /// Read the resource owner's profile with it.
    User,
}

impl TokenAction {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 7] = [
        Self::Refresh,
        Self::Check,
        Self::Reset,
        Self::Revoke,
        Self::RevokeGrant,
        Self::Introspect,
        Self::User,
    ];

    /// What its exchange is for.
    pub fn purpose(self) -> Purpose {
        match self {
            Self::Refresh => Purpose::Refresh,
            Self::Check => Purpose::CheckToken,
            Self::Reset => Purpose::ResetToken,
            Self::Revoke => Purpose::RevokeToken,
            Self::RevokeGrant => Purpose::RevokeGrant,
            Self::Introspect => Purpose::Introspect,
            Self::User => Purpose::User,
        }
    }

    /// Its name in the locales and in the documents.
    pub fn name(self) -> &'static str {
        match self {
            Self::Refresh => "refresh",
            Self::Check => "check",
            Self::Reset => "reset",
            Self::Revoke => "revoke",
            Self::RevokeGrant => "revoke_grant",
            Self::Introspect => "introspect",
            Self::User => "user",
        }
    }

    /// True where the server has something else on record afterwards.
    pub fn changes_something(self) -> bool {
        matches!(
            self,
            Self::Refresh | Self::Reset | Self::Revoke | Self::RevokeGrant
        )
    }

    /// True where the server has such an endpoint, as far as is known.
    pub fn is_possible(self, configuration: &Configuration) -> bool {
        self.request(configuration, &Subject::default()).is_some()
    }

    /// The request; `None` where no endpoint for it is known.
    pub fn request(self, configuration: &Configuration, subject: &Subject) -> Option<HttpRequest> {
        let provider = &configuration.provider;
        let by_the_app = provider.profile.manages_tokens && !provider.api_url.is_empty();
        let form = |endpoint: &str| {
            (!endpoint.is_empty()).then(|| asked_at(endpoint.to_owned(), configuration, subject))
        };
        match self {
            Self::Refresh => Some(refresh(configuration, subject)),
            Self::Check | Self::Reset | Self::RevokeGrant => {
                by_the_app.then(|| self.at_the_app(configuration, subject))
            }
            Self::Revoke if by_the_app => Some(self.at_the_app(configuration, subject)),
            Self::Revoke => form(&provider.revocation_endpoint),
            Self::Introspect => form(&provider.introspection_endpoint),
            Self::User => {
                let request = HttpRequest::get(provider.user_endpoint()?)
                    .with_header("User-Agent", USER_AGENT)
                    .with_header("Accept", "application/json");
                Some(request.with_header("Authorization", format!("Bearer {}", subject.token.reveal())))
            }
        }
    }

    /// The app's own API: Basic with id and secret, the token in a JSON body.
    fn at_the_app(self, configuration: &Configuration, subject: &Subject) -> HttpRequest {
        let what = if self == Self::RevokeGrant {
            "grant"
        } else {
            "token"
        };
        let method = match self {
            Self::Check => "POST",
            Self::Reset => "PATCH",
            _ => "DELETE",
        };
        let body = serde_json::json!({ "access_token": subject.token.reveal() });
        let request = HttpRequest {
            method: method.into(),
            url: format!(
                "{}/applications/{}/{what}",
                configuration.provider.api_url.trim_end_matches('/'),
                encode_value(&configuration.client_id)
            ),
            headers: vec![("User-Agent".into(), USER_AGENT.into())],
            body: body.to_string().into_bytes(),
        }
        .with_header("Content-Type", "application/json")
        .with_header("Accept", "application/json");
        ClientAuthentication::ClientSecretBasic.authorize(
            request,
            &configuration.client_id,
            configuration.client_secret.as_ref(),
        )
    }
}

/// The token that something is done with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// The token.
    pub token: Secret,
    /// `token_type_hint` (RFC 7009 §2.1).
    pub hint: Option<String>,
    /// `scope` of a refresh.
    pub scopes: Vec<String>,
}

/// A client without a secret names itself in the body (RFC 6749 §3.2.1): a header would claim an empty one.
fn authentication(configuration: &Configuration) -> ClientAuthentication {
    match configuration.client_secret {
        Some(_) => configuration.authentication,
        None => ClientAuthentication::ClientSecretPost,
    }
}

fn refresh(configuration: &Configuration, subject: &Subject) -> HttpRequest {
    TokenRequest {
        endpoint: configuration.provider.token_endpoint.clone(),
        client_id: configuration.client_id.clone(),
        client_secret: configuration.client_secret.clone(),
        grant: RefreshToken {
            refresh_token: subject.token.clone(),
            scopes: subject.scopes.clone(),
        },
        authentication: authentication(configuration),
        accept: configuration.accept.clone(),
    }
    .to_http()
}

/// A request of RFC 7009 §2.1 or RFC 7662 §2.1.
fn asked_at(endpoint: String, configuration: &Configuration, subject: &Subject) -> HttpRequest {
    let authentication = authentication(configuration);
    let secret = configuration.client_secret.as_ref();
    let mut params = Params::default();
    params.push("token", subject.token.reveal());
    if let Some(hint) = &subject.hint {
        params.push("token_type_hint", hint);
    }
    authentication.push(&mut params, &configuration.client_id, secret);
    let request = HttpRequest {
        method: "POST".into(),
        url: endpoint,
        headers: vec![("User-Agent".into(), USER_AGENT.into())],
        body: params.encode().into_bytes(),
    }
    .with_header("Content-Type", "application/x-www-form-urlencoded")
    .with_header("Accept", configuration.accept.as_deref().unwrap_or(ANYTHING));
    authentication.authorize(request, &configuration.client_id, secret)
}

/// The tokens that a transcript ends with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// The access token.
    pub access_token: Option<Secret>,
    /// The refresh token.
    pub refresh_token: Option<Secret>,
}

impl Held {
    /// The latest tokens that a transcript tells of: of an exchange, a refresh, a reset. One whose characters are hidden is none.
    pub fn of(transcript: &Transcript) -> Self {
        let mut held = Self::default();
        for exchange in transcript.exchanges() {
            let Some(response) = exchange.response else {
                continue;
            };
            if exchange.purpose == Purpose::ResetToken {
                let reading = read_answer(response);
                let fresh = reading.value("token").filter(|token| !token.is_empty());
                held.access_token = fresh.map(Secret::new).or(held.access_token);
            } else if let TokenAnswer::Token(token) = read_answer(response).answer {
                let kept = held
                    .refresh_token
                    .filter(|_| exchange.purpose == Purpose::Refresh);
                held = Self {
                    access_token: Some(token.access_token),
                    refresh_token: token.refresh_token.or(kept),
                };
            }
        }
        let is_known = |token: &Secret| !token.reveal().contains(MASK);
        Self {
            access_token: held.access_token.filter(is_known),
            refresh_token: held.refresh_token.filter(is_known),
        }
    }

    /// The one of them that an action is about.
    pub fn subject(&self, action: TokenAction) -> Option<&Secret> {
        match action {
            TokenAction::Refresh => self.refresh_token.as_ref(),
            _ => self.access_token.as_ref(),
        }
    }
}

/// True when a transcript holds tokens whose characters are hidden.
pub fn are_masked(transcript: &Transcript) -> bool {
    transcript.entries.iter().any(|entry| {
        matches!(&entry.observation, Observation::ResponseReceived { response, .. }
            if matches!(read_answer(response).answer, TokenAnswer::Token(token)
                if token.access_token.reveal().contains(MASK)))
    })
}
