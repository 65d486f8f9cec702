//! From the values to the browser on its way: listening first, then the authorization request; time-outs and cancelling.

use crate::{
    flow::{
        configuration::Configuration,
        effect::{Effect, TabResult},
        event::Timer,
        grants::{
            Shared,
            authorization_code::{Attempt, AuthorizationCodeGrant, Stage, not_taken::NotTaken},
        },
        transcript::Observation,
    },
    oauth::{authorization::AuthorizationRequest, pkce, redirect_uri::RedirectUri, time::Moment},
};
use std::net::SocketAddr;

impl AuthorizationCodeGrant {
    /// Makes a new request with a new `state` and verifier. The redirect URI's port may still be open.
    pub(crate) fn prepare(&mut self, flow: &mut Shared<'_>, configuration: Configuration) {
        flow.begin_anew();
        self.not_taken = NotTaken::default();
        self.stage = Stage::Prepared;
        let state = pkce::new_state(flow.entropy);
        let verifier = configuration.pkce.then(|| pkce::new_verifier(flow.entropy));
        let challenge = verifier.as_ref().map(|v| pkce::challenge(v.reveal()));
        let redirect_uri = configuration.redirect_uri.clone();
        let request = AuthorizationRequest {
            endpoint: configuration.provider.authorization_endpoint.clone(),
            params: configuration.authorization_params(&redirect_uri, &state, challenge.as_deref()),
        };
        self.attempt = Some(Attempt {
            configuration,
            request,
            state,
            verifier,
            redirect_uri,
            listening: None,
            response: None,
        });
    }

    pub(crate) fn authorize(
        &mut self,
        flow: &mut Shared<'_>,
        configuration: Configuration,
        now: Moment,
    ) -> Vec<Effect> {
        let listen = configuration.listen_address();
        let localhost = configuration.listen.is_none()
            && RedirectUri::parse(&configuration.redirect_uri)
                .is_ok_and(|uri| uri.host.eq_ignore_ascii_case("localhost"));
        let prepared = self
            .attempt
            .as_ref()
            .is_some_and(|attempt| attempt.configuration == configuration);
        // A port that was taken spoils nothing: the request that was on show, and perhaps copied, is used again.
        if !matches!(self.stage, Stage::Prepared | Stage::NoListener) || !prepared {
            self.prepare(flow, configuration);
        }
        match listen {
            Ok(address) => {
                self.stage = Stage::Binding;
                vec![Effect::Listen {
                    flow: *flow.id,
                    address,
                    localhost,
                }]
            }
            Err(why) => {
                flow.record(now, Observation::ListenerImpossible { why });
                let mut effects = vec![Effect::StopListening(*flow.id)];
                effects.extend(self.send_the_browser(flow, now));
                effects
            }
        }
    }

    pub(crate) fn authorize_on_another_port(&mut self, flow: &mut Shared<'_>, now: Moment) -> Vec<Effect> {
        let Some(attempt) = &self.attempt else {
            return Vec::new();
        };
        let mut configuration = attempt.configuration.clone();
        if let Ok(mut uri) = RedirectUri::parse(&configuration.redirect_uri) {
            uri.port = None;
            configuration.redirect_uri = uri.to_string();
        }
        configuration.listen = None;
        self.authorize(flow, configuration, now)
    }

    /// The listener is bound, so the port is known: only now is the request complete and may the browser open.
    pub(crate) fn listener_bound(
        &mut self,
        flow: &mut Shared<'_>,
        address: SocketAddr,
        now: Moment,
    ) -> Vec<Effect> {
        if self.stage != Stage::Binding {
            return Vec::new();
        }
        let Some(attempt) = &mut self.attempt else {
            return Vec::new();
        };
        attempt.listening = Some(address);
        if attempt.configuration.listen.is_none()
            && let Ok(mut uri) = RedirectUri::parse(&attempt.redirect_uri)
            && uri.port.is_none()
        {
            uri.port = Some(address.port());
            attempt.redirect_uri = uri.to_string();
            for (name, value) in &mut attempt.request.params.0 {
                if name == "redirect_uri" {
                    value.clone_from(&attempt.redirect_uri);
                }
            }
        }
        flow.record(
            now,
            Observation::ListenerBound {
                address: address.to_string(),
            },
        );
        self.send_the_browser(flow, now)
    }

    pub(crate) fn send_the_browser(&mut self, flow: &mut Shared<'_>, now: Moment) -> Vec<Effect> {
        self.record_start(flow, now);
        let Some(attempt) = &self.attempt else {
            return Vec::new();
        };
        let configuration = &attempt.configuration;
        self.stage = Stage::Awaiting(now);
        let mut effects = Vec::new();
        if configuration.open_browser {
            effects.push(Effect::OpenBrowser(*flow.id, attempt.request.url()));
        }
        if let Some(seconds) = configuration.redirect_timeout {
            effects.push(Effect::StartTimer(
                *flow.id,
                Timer::Redirect,
                seconds.saturating_mul(1000),
            ));
        }
        effects
    }

    pub(crate) fn record_start(&self, flow: &mut Shared<'_>, now: Moment) {
        if let Some(attempt) = &self.attempt {
            let configuration = Box::new(attempt.configuration.clone());
            let request = attempt.request.clone();
            flow.record(
                now,
                Observation::AuthorizationStarted {
                    configuration,
                    request,
                },
            );
        }
    }

    pub(crate) fn redirect_timed_out(&mut self, flow: &mut Shared<'_>, now: Moment) -> Vec<Effect> {
        let Stage::Awaiting(since) = self.stage else {
            return Vec::new();
        };
        flow.record(
            now,
            Observation::RedirectTimedOut {
                seconds: now.since(since) / 1000,
            },
        );
        self.stage = Stage::Stopped;
        vec![Effect::StopListening(*flow.id)]
    }

    pub(crate) fn cancel(&mut self, flow: &mut Shared<'_>, now: Moment) -> Vec<Effect> {
        if matches!(
            self.stage,
            Stage::Configuring | Stage::Prepared | Stage::Finished | Stage::Stopped
        ) {
            return Vec::new();
        }
        flow.record(now, Observation::Cancelled);
        self.stage = Stage::Stopped;
        let cancelled = *flow.id;
        flow.begin_anew();
        vec![
            Effect::PublishResult(cancelled, TabResult::Cancelled),
            Effect::StopListening(cancelled),
        ]
    }
}
