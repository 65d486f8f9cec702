//! The steps of a scenario in which something is done with a token.

use crate::{
    flow::{
        configuration::Configuration,
        grants::GrantKind,
        requests::token::{Subject, TokenAction},
        transcript::Observation,
    },
    oauth::{
        authorization::AuthorizationRequest, params::split_scope, secret::Secret, token::ClientAuthentication,
    },
    sources::scenario::{Step, Story, authentication},
};

/// The token of a step that names none.
const TOKEN: &str = "gho_16C7e42F292c6912E7710c838347Ae178B4a";
/// The refresh token of a step that names none.
const REFRESH_TOKEN: &str =
    "ghr_1B4a2e77838347a7E420ce178F2E7c6912E169246c34E1ccbF66C46812d16D5B1A9Dc86A1498";

impl Story {
    /// A token is there from before.
    pub(super) fn hold(&mut self) {
        self.configuration.grant = GrantKind::HeldToken;
        self.record(Observation::AuthorizationStarted {
            configuration: Box::new(self.configuration.clone()),
            request: AuthorizationRequest::default(),
        });
    }

    /// Something is done with a token; an unknown name is no step.
    pub(super) fn token_step(&mut self, name: &str, step: &Step) -> Result<(), String> {
        let action = TokenAction::ALL
            .into_iter()
            .find(|action| action.name() == name)
            .ok_or_else(|| format!("`{name}` is no step"))?;
        let of_a_refresh = action == TokenAction::Refresh;
        let usual = if of_a_refresh { REFRESH_TOKEN } else { TOKEN };
        let subject = Subject {
            token: Secret::new(step.token.as_deref().unwrap_or(usual)),
            hint: None,
            scopes: step.scope.as_deref().map(split_scope).unwrap_or_default(),
        };
        let mut asking = Configuration {
            client_id: step
                .client_id
                .clone()
                .unwrap_or_else(|| self.configuration.client_id.clone()),
            authentication: step
                .basic
                .map_or(self.configuration.authentication, authentication),
            ..self.configuration.clone()
        };
        if let Some(secret) = &step.client_secret {
            asking.client_secret = Some(Secret::new(secret.clone()));
        }
        if step.without.iter().any(|name| name == "client_secret") {
            asking.client_secret = None;
            asking.authentication = ClientAuthentication::ClientSecretPost;
        }
        let mut request = action
            .request(&asking, &subject)
            .ok_or_else(|| format!("no endpoint is known for `{name}`"))?;
        if step.without.iter().any(|name| name == "authorization") {
            request.headers.retain(|(name, _)| name != "Authorization");
        }
        if let Some(url) = &step.url {
            request.url.clone_from(url);
        }
        if let Some(body) = &step.request_body {
            request.body = body.clone().into_bytes();
        }
        self.ask(request, action.purpose(), step)
    }
}
