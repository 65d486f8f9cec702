//! The one place where secrets are taken out of what leaves the program: screens, reports, exports, saved transcripts.

use std::borrow::Cow;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;

use super::{
    configuration::Configuration,
    transcript::{Observation, Transcript},
};
use crate::oauth::{
    http::{Header, HttpRequest, HttpResponse},
    params::{Params, encode_value},
    secret::{MASK, mask},
    token::basic_credentials,
};

/// Names whose values are secret wherever they stand: query, form, JSON member, XML element.
///
/// Authorization codes are not among them: a code is single use, bound to the client and worth nothing without the
/// secret or the verifier, and comparing its characters is what this program is for.
pub const SECRET_NAMES: [&str; 7] = [
    "client_secret",
    "access_token",
    "refresh_token",
    "code_verifier",
    "device_code",
    "id_token",
    "password",
];

/// Values shorter than this are masked by name only: searching for them everywhere would mask ordinary text.
const SHORTEST_SEARCHED: usize = 8;

/// Knows the secrets of one transcript and masks them wherever they stand, in any of the forms they take on the wire.
#[derive(Clone, Debug, Default)]
pub struct Redactor {
    /// Needle and what replaces it, longest first.
    needles: Vec<(String, String)>,
}

impl Redactor {
    /// Collects the secrets of a transcript.
    pub fn of(transcript: &Transcript) -> Self {
        let mut redactor = Self::default();
        for entry in &transcript.entries {
            redactor.learn_from(&entry.observation);
        }
        redactor
    }

    /// Collects the secrets of one more observation.
    pub fn learn_from(&mut self, observation: &Observation) {
        match observation {
            Observation::AuthorizationStarted { configuration, .. } => {
                self.learn_configuration(configuration);
            }
            Observation::RequestSent { request, .. } | Observation::RedirectReceived { request, .. } => {
                self.learn_request(request);
            }
            Observation::ResponseReceived { response, .. } => self.learn_body(&response.text()),
            _ => {}
        }
    }

    /// Learns a configuration's client secret, and the one on record.
    pub fn learn_configuration(&mut self, configuration: &Configuration) {
        for secret in [
            &configuration.client_secret,
            &configuration.registration.client_secret,
        ]
        .into_iter()
        .flatten()
        {
            self.learn(secret.reveal());
        }
    }

    /// Learns one secret in the forms it takes: plain, percent-encoded, escaped in JSON.
    pub fn learn(&mut self, secret: &str) {
        if secret.chars().count() < SHORTEST_SEARCHED
            || self.needles.iter().any(|(needle, _)| needle == secret)
        {
            return;
        }
        let json = Value::String(secret.to_owned()).to_string();
        for form in [
            secret.to_owned(),
            encode_value(secret),
            json[1..json.len() - 1].to_owned(),
        ] {
            if !self.needles.iter().any(|(needle, _)| *needle == form) {
                let masked = mask(&form);
                self.needles.push((form, masked));
            }
        }
        // A damaged secret (a newline at its end) holds the good one: both are hidden, the longer first.
        let core = crate::oauth::shape::without_defects(secret);
        if core != secret {
            self.learn(&core);
        }
        self.needles
            .sort_by_key(|(needle, _)| std::cmp::Reverse(needle.len()));
    }

    fn learn_request(&mut self, request: &HttpRequest) {
        if let Some(header) = request.header("authorization") {
            if let Some((_, credentials)) = header.split_once(' ') {
                self.learn(credentials.trim());
            }
            if let Some((id, secret)) = basic_credentials(header) {
                self.learn(&secret);
                self.learn(&STANDARD.encode(format!("{id}:{secret}")));
            }
        }
        self.learn_params(&Params::decode(request.query().unwrap_or_default()));
        self.learn_body(&String::from_utf8_lossy(&request.body));
    }

    fn learn_body(&mut self, body: &str) {
        self.learn_params(&crate::oauth::token::read_body(body).members);
    }

    fn learn_params(&mut self, params: &Params) {
        for (name, value) in params.iter() {
            if SECRET_NAMES.contains(&name) {
                self.learn(value);
            }
        }
    }

    /// Masks every known secret in a text.
    pub fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut redacted = Cow::Borrowed(text);
        for (needle, masked) in &self.needles {
            if redacted.contains(needle.as_str()) {
                redacted = Cow::Owned(redacted.replace(needle.as_str(), masked));
            }
        }
        redacted
    }

    /// A request as it may be shown.
    pub fn request(&self, request: &HttpRequest) -> HttpRequest {
        let (before, query) = match request.url.split_once('?') {
            Some((before, query)) => (before, format!("?{}", mask_named(query))),
            None => (request.url.as_str(), String::new()),
        };
        HttpRequest {
            method: request.method.clone(),
            url: self.redact(&format!("{before}{query}")).into_owned(),
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
        }
    }

    fn headers(&self, headers: &[Header]) -> Vec<Header> {
        headers
            .iter()
            .map(|(name, value)| {
                let value = if name.eq_ignore_ascii_case("authorization") {
                    let (scheme, credentials) = value.split_once(' ').unwrap_or((value, ""));
                    format!("{scheme} {}", mask(credentials))
                } else if name.eq_ignore_ascii_case("cookie") || name.eq_ignore_ascii_case("set-cookie") {
                    MASK.to_string().repeat(8)
                } else {
                    self.redact(value).into_owned()
                };
                (name.clone(), value)
            })
            .collect()
    }

    fn body(&self, body: &[u8]) -> Vec<u8> {
        match std::str::from_utf8(body) {
            Ok(text) => self.redact(&mask_named(text)).into_owned().into_bytes(),
            Err(_) => self
                .redact(&String::from_utf8_lossy(body))
                .into_owned()
                .into_bytes(),
        }
    }

    /// A whole transcript as it may be saved or printed.
    pub fn transcript(&self, transcript: &Transcript) -> Transcript {
        let mut shown = transcript.clone();
        for entry in &mut shown.entries {
            match &mut entry.observation {
                Observation::RequestSent { request, .. } | Observation::RedirectReceived { request, .. } => {
                    *request = self.request(request);
                }
                Observation::ResponseReceived { response, .. } => *response = self.response(response),
                _ => {}
            }
        }
        shown
    }
}

/// Masks the values of [`SECRET_NAMES`] in a form body, JSON or XML by finding the name, so that even a secret too short
/// to be searched for is hidden. What stands around the values stays byte for byte.
fn mask_named(text: &str) -> String {
    let mut out = text.to_owned();
    for name in SECRET_NAMES {
        out = mask_after(
            &out,
            &format!("{name}="),
            &['&', '\n', '\r', ' ', '"', '\''],
            true,
        );
        out = mask_after(&out, &format!("<{name}>"), &['<'], false);
        for colon in [":", ": ", " : "] {
            out = mask_after(&out, &format!("\"{name}\"{colon}\""), &['"'], false);
        }
    }
    out
}

fn mask_after(text: &str, opening: &str, closing: &[char], at_a_boundary: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(found) = rest.find(opening) {
        let value_start = found + opening.len();
        let boundary =
            !at_a_boundary || !rest[..found].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        out.push_str(&rest[..value_start]);
        rest = &rest[value_start..];
        if boundary {
            let end = rest.find(closing).unwrap_or(rest.len());
            out.push_str(&mask(&rest[..end]));
            rest = &rest[end..];
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::{
        configuration::Origins,
        transcript::{Purpose, Source},
    };
    use crate::oauth::{
        moment::Moment,
        secret::Secret,
        token::{ClientAuthentication, TokenRequest},
    };

    const SECRET: &str = "a1b2c3d4e5f60718293a4b5c6d7e8f9012349f0e";

    fn transcript(secret: &str, authentication: ClientAuthentication) -> Transcript {
        let request = TokenRequest {
            client_id: "Ov23liAAAAAAAAAAAAAA".into(),
            client_secret: Some(Secret::new(secret)),
            authentication,
            ..TokenRequest::default()
        };
        let mut transcript = Transcript::new(Source::Live, Moment(0));
        transcript.record(
            Moment(1),
            Observation::RequestSent {
                exchange: 1,
                purpose: Purpose::Token,
                request: request.to_http(),
                origins: Origins::default(),
            },
        );
        let body = br#"{"access_token":"gho_16C7e42F292c6912E7710c838347Ae178B4a","scope":"repo"}"#.to_vec();
        let response = HttpResponse {
            status: 200,
            body,
            ..HttpResponse::default()
        };
        transcript.record(
            Moment(2),
            Observation::ResponseReceived {
                exchange: 1,
                response,
                millis: 1,
            },
        );
        transcript
    }

    #[test]
    fn no_form_of_a_secret_remains() {
        for authentication in [
            ClientAuthentication::ClientSecretPost,
            ClientAuthentication::ClientSecretBasic,
        ] {
            for secret in [SECRET.to_owned(), format!("{SECRET}\n"), "short".to_owned()] {
                let transcript = transcript(&secret, authentication);
                let redactor = Redactor::of(&transcript);
                let shown = serde_json::to_string(&redactor.transcript(&transcript)).unwrap();
                assert!(!shown.contains(secret.trim()), "{shown}");
                assert!(!shown.contains("16C7e42F292c6912E7710c838347Ae"), "{shown}");
                let pair = STANDARD.encode(format!("Ov23liAAAAAAAAAAAAAA:{}", encode_value(&secret)));
                assert!(!shown.contains(&pair), "{shown}");
            }
        }
    }

    #[test]
    fn what_is_no_secret_stays_byte_for_byte() {
        let text = "grant_type=authorization_code&client_id=Ov23liAAAAAAAAAAAAAA&my_password=x&code=35e0ea2e9115f650b742";
        assert_eq!(mask_named(text), text);
    }
}
