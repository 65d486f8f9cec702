//! Messages and transcripts as they may be shown, saved and printed.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::{
    flow::{
        redaction::{Redactor, is_secret_name},
        secret_facts,
        secret_forms::percent_encoded,
        transcript::{Observation, Transcript},
    },
    oauth::{
        http::{Header, HttpRequest, HttpResponse, as_text},
        params::Params,
        secret::{MASK, mask},
    },
    providers::github::formats,
};

impl Redactor {
    /// A request as it may be shown.
    pub fn request(&self, request: &HttpRequest) -> HttpRequest {
        HttpRequest {
            method: request.method.clone(),
            url: self.text(&request.url),
            headers: self.headers(&request.headers),
            body: self.body(&request.body),
        }
    }

    /// A response as it may be shown.
    pub fn response(&self, response: &HttpResponse) -> HttpResponse {
        HttpResponse {
            status: response.status,
            headers: self.headers(&response.headers),
            body: self.body(&response.body),
            body_cut_at: response.body_cut_at,
            body_end: response.body_end,
        }
    }

    fn headers(&self, headers: &[Header]) -> Vec<Header> {
        headers
            .iter()
            .map(|(name, value)| {
                let value = if name.eq_ignore_ascii_case("authorization")
                    || name.eq_ignore_ascii_case("proxy-authorization")
                {
                    match value.split_once(' ') {
                        Some((scheme, credentials)) => format!("{scheme} {}", mask(credentials)),
                        // A token without its scheme.
                        None => mask(value),
                    }
                } else if is_secret_name(name) {
                    mask(value)
                } else if name.eq_ignore_ascii_case("cookie") || name.eq_ignore_ascii_case("set-cookie") {
                    MASK.to_string().repeat(8)
                } else {
                    self.text(value)
                };
                (name.clone(), value)
            })
            .collect()
    }

    fn body(&self, body: &[u8]) -> Vec<u8> {
        self.text(&as_text(body)).into_bytes()
    }

    /// A whole transcript as it may be saved or printed.
    pub fn transcript(&self, transcript: &Transcript) -> Transcript {
        let mut shown = transcript.clone();
        if shown.secrets.is_none() {
            shown.secrets = Some(secret_facts::collect(transcript));
        }
        for entry in &mut shown.entries {
            let pair = match &entry.observation {
                Observation::RequestSent { request, .. } => request
                    .header("authorization")
                    .and_then(|header| self.masked_pair(header)),
                _ => None,
            };
            self.observation(&mut entry.observation);
            if let (Some(pair), Observation::RequestSent { request, .. }) = (pair, &mut entry.observation) {
                let headers = request.headers.iter_mut();
                headers
                    .filter(|(name, _)| name.eq_ignore_ascii_case("authorization"))
                    .take(1)
                    .for_each(|(_, value)| value.clone_from(&pair));
            }
        }
        shown
    }

    /// `Basic` credentials that can still be read as a pair: the id in the open, the secret masked, its colons left standing,
    /// since they are what splits the pair in the wrong place.
    fn masked_pair(&self, header: &str) -> Option<String> {
        let (scheme, credentials) = header.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("basic") {
            return None;
        }
        let pair = Zeroizing::new(String::from_utf8(STANDARD.decode(credentials.trim()).ok()?).ok()?);
        let (id, secret) = pair.split_once(':')?;
        let hidden = |part: &str, colon: char| -> String {
            let decoded = Params::decode(&format!("v={part}"));
            let decoded = decoded.get("v").unwrap_or_default();
            let mut out = String::with_capacity(decoded.len());
            for (was, shown) in decoded.chars().zip(mask(decoded).chars()) {
                match shown {
                    _ if was == colon => out.push(colon),
                    MASK => out.push(MASK),
                    shown => percent_encoded(shown, &mut out),
                }
            }
            out
        };
        let id = if formats::may_be_secret(id) {
            hidden(id, MASK)
        } else {
            self.redact(id).into_owned()
        };
        let colon = if secret.contains(':') { ':' } else { MASK };
        Some(format!(
            "{scheme} {}",
            STANDARD.encode(format!("{id}:{}", hidden(secret, colon)))
        ))
    }

    /// Masks every text of an observation.
    fn observation(&self, observation: &mut Observation) {
        let hide = |text: &mut String| *text = self.text(text);
        match observation {
            Observation::AuthorizationStarted {
                configuration,
                request,
            } => {
                hide(&mut configuration.client_id);
                configuration.registration.client_id.iter_mut().for_each(hide);
                request.params = request
                    .params
                    .iter()
                    .map(|(name, value)| (name.to_owned(), self.text(value)))
                    .collect();
            }
            Observation::RequestSent { request, .. } | Observation::RedirectReceived { request, .. } => {
                *request = self.request(request);
            }
            Observation::SettingsRead { values, .. } => *values = self.request(values),
            Observation::ResponseReceived { response, .. } => *response = self.response(response),
            Observation::PageSeen { text, .. } => hide(text),
            Observation::LibrarySaid { message } => {
                hide(&mut message.words);
                message.parts.values_mut().for_each(hide);
            }
            Observation::RegistrationTold { redirect_uris } => {
                for told in redirect_uris {
                    hide(&mut told.uri);
                }
            }
            Observation::RequestFailed { failure, .. } => {
                hide(&mut failure.detail);
                if let Some(proxy) = &mut failure.proxy {
                    hide(proxy);
                }
                if let Some(certificate) = &mut failure.certificate {
                    hide(&mut certificate.issuer);
                    certificate.names.iter_mut().for_each(&hide);
                }
            }
            Observation::BrowserFailed { reason } | Observation::ListenerFailed { reason, .. } => {
                hide(reason);
            }
            Observation::ListenerBound { .. }
            | Observation::ListenerImpossible { .. }
            | Observation::BrowserOpened
            | Observation::BrowserReported { .. }
            | Observation::NotKept { .. }
            | Observation::RedirectTimedOut { .. }
            | Observation::DeviceCodeTimedOut { .. }
            | Observation::Cancelled => {}
        }
    }
}

/// A whole transcript as JSON with every secret in it, for the one case in which a person asks for that by name.
///
/// # Errors
/// What `serde_json` refuses.
pub fn with_secrets_shown(transcript: &Transcript) -> serde_json::Result<String> {
    let mut document = serde_json::to_value(transcript)?;
    for (at, entry) in transcript.entries.iter().enumerate() {
        let Observation::AuthorizationStarted { configuration, .. } = &entry.observation else {
            continue;
        };
        let shown = &mut document["entries"][at]["configuration"];
        if let Some(secret) = &configuration.client_secret {
            shown["client_secret"] = Value::from(secret.reveal());
        }
        if let Some(secret) = &configuration.registration.client_secret {
            shown["registration"]["client_secret"] = Value::from(secret.reveal());
        }
    }
    serde_json::to_string_pretty(&document)
}
