//! A grant that has ended, as a transcript tells it.

use crate::{
    flow::{
        grants::authorization_code::{Attempt, AuthorizationCodeGrant, Stage},
        transcript::{Disposition, Observation, Purpose, Transcript},
    },
    oauth::{authorization::AuthorizationResponse, params::Params},
};

impl AuthorizationCodeGrant {
    /// The grant as it stood at the end of a transcript.
    pub(crate) fn replayed(transcript: &Transcript) -> Self {
        let attempt = transcript
            .last_authorization()
            .map(|(index, configuration, request)| {
                let after = &transcript.entries[index..];
                let response = after.iter().find_map(|entry| match &entry.observation {
                    Observation::RedirectReceived {
                        request, disposition, ..
                    } if disposition.is_taken() => Some(AuthorizationResponse::from_params(&Params::decode(
                        request.query().unwrap_or_default(),
                    ))),
                    _ => None,
                });
                let value = |name: &str| request.params.get(name).unwrap_or_default().to_owned();
                Attempt {
                    configuration: configuration.clone(),
                    request: request.clone(),
                    state: value("state"),
                    verifier: None,
                    redirect_uri: value("redirect_uri"),
                    listening: None,
                    response,
                }
            });
        Self {
            attempt,
            stage: stage_at_the_end(transcript),
            ..Self::default()
        }
    }
}

/// Where a flow had come to when its transcript ends. Nothing goes on in it: what was under way has stopped.
fn stage_at_the_end(transcript: &Transcript) -> Stage {
    let start = transcript.last_authorization().map_or(0, |(index, ..)| index);
    let mut stage = Stage::Stopped;
    for entry in &transcript.entries[start..] {
        stage = match &entry.observation {
            Observation::RequestSent {
                purpose: Purpose::Token,
                ..
            }
            | Observation::ResponseReceived { .. } => Stage::Finished,
            Observation::ListenerFailed { .. } => Stage::NoListener,
            Observation::RedirectReceived { disposition, .. } => match disposition {
                Disposition::Accepted | Disposition::AcceptedUnchecked => Stage::Received,
                Disposition::ErrorResponse => Stage::Denied,
                _ => stage,
            },
            _ => stage,
        };
    }
    stage
}
