//! What `--log` would have written.

use oauthlens::{
    flow::{
        effect::Effect,
        event::{Event, FlowId, Ticket},
        transcript::{Observation, Transcript},
    },
    io::log::Log,
    oauth::http::HttpResponse,
};

/// The log of a transcript's messages, as the edge would have written it while they came.
pub fn of(transcript: &Transcript) -> String {
    let (log, file) = (Log::default(), tempfile::NamedTempFile::new().unwrap());
    let flow = FlowId::default();
    tracing::subscriber::with_default(log.writing_to(file.reopen().unwrap()), || {
        log.learn(transcript);
        for entry in &transcript.entries {
            match entry.observation.clone() {
                Observation::AuthorizationStarted { request, .. } => {
                    log.effect(&Effect::OpenBrowser(flow, request.url()));
                }
                Observation::RequestSent {
                    exchange, request, ..
                } => log.effect(&Effect::SendRequest {
                    flow,
                    exchange,
                    request,
                }),
                Observation::RedirectReceived { request, .. } => {
                    log.served(&request, &HttpResponse::default());
                    log.event(&Event::RequestArrived(flow, Ticket(1), request));
                }
                Observation::ResponseReceived {
                    exchange,
                    response,
                    millis,
                } => log.event(&Event::ResponseArrived {
                    flow,
                    exchange,
                    response,
                    millis,
                }),
                Observation::RequestFailed {
                    exchange,
                    failure,
                    millis,
                } => log.event(&Event::RequestFailed {
                    flow,
                    exchange,
                    failure,
                    millis,
                }),
                // What somebody else may log of it.
                other => tracing::info!(observation = ?other),
            }
        }
    });
    std::fs::read_to_string(file.path()).unwrap()
}
