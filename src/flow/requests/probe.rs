//! Probes: requests that decide what the evidence leaves open. Never sent without being asked for.

use crate::{
    flow::{
        configuration::Configuration,
        transcript::{Purpose, Transcript},
    },
    oauth::{
        http::HttpRequest,
        params::encode_value,
        secret::Secret,
        token::{ANYTHING, ClientAuthentication, USER_AGENT, request_params},
    },
};

/// A code that no authorization server has issued: twenty zeros have the right shape and stand for nothing.
pub const JUNK_CODE: &str = "00000000000000000000";

/// The values that a probe asks about: those of the token request that was refused, which may have been edited since they were
/// configured; as configured while there was none.
pub fn values_in_question(transcript: &Transcript, configuration: &Configuration) -> Configuration {
    let mut values = configuration.clone();
    let began = transcript
        .last_authorization()
        .map_or(0, |(index, ..)| transcript.entries[index].at);
    let request = transcript
        .last_exchange(Purpose::Token)
        .filter(|exchange| exchange.sent_at >= began)
        .and_then(|exchange| exchange.request);
    if let Some(request) = request {
        let sent = request_params(request);
        let value = |name: &str| sent.get(name).map(str::to_owned);
        values.client_id = value("client_id").unwrap_or_default();
        values.client_secret = value("client_secret").map(Secret::new);
        values.redirect_uri = value("redirect_uri").unwrap_or(values.redirect_uri);
        values.authentication = ClientAuthentication::of_request(request);
    }
    values
}

/// The request of a probe.
///
/// A token request with a code that cannot be right is answered after the client and the redirect URI were checked
/// (docs/github.md §3); the authorization endpoint answers 404 to a client that it does not know (docs/github.md §1).
pub fn request(configuration: &Configuration, purpose: Purpose) -> HttpRequest {
    if purpose == Purpose::ProbeAuthorization {
        return HttpRequest::get(format!(
            "{}?client_id={}",
            configuration.provider.authorization_endpoint,
            encode_value(&configuration.client_id)
        ))
        .with_header("User-Agent", USER_AGENT)
        .with_header("Accept", ANYTHING);
    }
    let mut request = configuration.token_request(&configuration.redirect_uri, None);
    request.grant.code = JUNK_CODE.into();
    request.to_http()
}

#[cfg(test)]
mod tests {
    use crate::flow::requests::probe::*;
    use crate::{
        flow::{
            configuration::Origins,
            transcript::{Observation, Source},
        },
        oauth::{authorization::AuthorizationRequest, time::Moment},
    };

    #[test]
    fn a_probe_asks_about_the_values_that_were_refused() {
        let configured = Configuration {
            client_id: "configured".into(),
            client_secret: Some(Secret::new("configured")),
            redirect_uri: "http://127.0.0.1/configured".into(),
            ..Configuration::default()
        };
        let mut transcript = Transcript::new(Source::Live, Moment(0));
        let begin = |transcript: &mut Transcript, at| {
            transcript.record(
                Moment(at),
                Observation::AuthorizationStarted {
                    configuration: Box::new(configured.clone()),
                    request: AuthorizationRequest::default(),
                },
            );
        };
        begin(&mut transcript, 0);
        assert_eq!(values_in_question(&transcript, &configured), configured);
        let request = crate::oauth::token::TokenRequest {
            client_id: "sent".into(),
            client_secret: Some(Secret::new("edited")),
            authentication: ClientAuthentication::ClientSecretBasic,
            ..Default::default()
        };
        transcript.record(
            Moment(5),
            Observation::RequestSent {
                exchange: 1,
                purpose: Purpose::Token,
                request: request.to_http(),
                origins: Origins::default(),
            },
        );
        let asked = values_in_question(&transcript, &configured);
        assert_eq!(
            (asked.client_id.as_str(), asked.client_secret),
            ("sent", Some(Secret::new("edited")))
        );
        assert_eq!(asked.redirect_uri, configured.redirect_uri);
        assert_eq!(asked.authentication, ClientAuthentication::ClientSecretBasic);
        begin(&mut transcript, 9);
        assert_eq!(
            values_in_question(&transcript, &configured),
            configured,
            "that is over"
        );
    }
}
