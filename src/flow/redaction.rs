//! The one place where secrets are taken out of what leaves the program: screens, reports, exports, saved transcripts.

use std::borrow::Cow;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::{
    flow::{
        configuration::Configuration,
        secret_facts,
        transcript::{Observation, Transcript},
    },
    oauth::{
        http::{Header, HttpRequest, HttpResponse},
        params::{Params, encode_value},
        secret::{MASK, mask, mask_encoded},
        token::basic_credentials,
    },
    providers::github::formats::{self, ClientSecretShape},
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

/// Names whose values are compared on screen and may look like a secret without being one.
const OPEN_NAMES: [&str; 5] = ["state", "code", "code_challenge", "nonce", "iss"];

/// Values shorter than this are masked by name only: searching for them everywhere would mask ordinary text.
const SHORTEST_SEARCHED: usize = 8;

/// Knows the secrets of one transcript and masks them wherever they stand, in any of the forms they take on the wire.
#[derive(Clone, Default)]
pub struct Redactor {
    /// Needle and what replaces it, longest first.
    needles: Vec<(Zeroizing<String>, String)>,
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
        // A secret may be in the id's place: that is one of the mistakes this program explains.
        let ids = [
            Some(&configuration.client_id),
            configuration.registration.client_id.as_ref(),
        ];
        for id in ids.into_iter().flatten().filter(|id| formats::may_be_secret(id)) {
            self.learn(id);
        }
    }

    /// Learns one secret in the forms it takes: plain, percent-encoded, escaped in JSON.
    pub fn learn(&mut self, secret: &str) {
        // A word that stands for a secret, or an id, is none, and it is in many places where it must be read.
        let is_none = formats::is_placeholder(secret)
            || formats::client_secret_shape(secret) == ClientSecretShape::ClientId;
        if secret.chars().count() < SHORTEST_SEARCHED
            || is_none
            || self.needles.iter().any(|(needle, _)| needle.as_str() == secret)
        {
            return;
        }
        for encode in [char_itself, percent_encoded, json_escaped] {
            let form: String = secret.chars().map(encode).collect();
            if !self.needles.iter().any(|(needle, _)| **needle == form) {
                self.needles
                    .push((Zeroizing::new(form), mask_encoded(secret, encode)));
            }
        }
        // A damaged secret (a newline at its end) holds the good one: both are hidden, the longer first.
        let core = formats::without_defects(secret);
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
        if let Some((_, fragment)) = request.url.split_once('#') {
            self.learn_params(&Params::decode(fragment));
        }
        self.learn_body(&String::from_utf8_lossy(&request.body));
    }

    fn learn_body(&mut self, body: &str) {
        self.learn_params(&crate::oauth::token::read_body(body).members);
    }

    fn learn_params(&mut self, params: &Params) {
        for (name, value) in params.iter() {
            if SECRET_NAMES.contains(&name) || (!OPEN_NAMES.contains(&name) && formats::may_be_secret(value))
            {
                self.learn(value);
            }
        }
    }

    /// Masks every known secret in a text, and every token by its prefix.
    pub fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut redacted = mask_tokens(text);
        for (needle, masked) in &self.needles {
            if redacted.contains(needle.as_str()) {
                redacted = Cow::Owned(redacted.replace(needle.as_str(), masked));
            }
        }
        redacted
    }

    /// A text in which secrets may be under their names too.
    fn text(&self, text: &str) -> String {
        self.redact(&mask_named(text)).into_owned()
    }

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
                let value = if name.eq_ignore_ascii_case("authorization") {
                    let (scheme, credentials) = value.split_once(' ').unwrap_or((value, ""));
                    format!("{scheme} {}", mask(credentials))
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
        self.text(&String::from_utf8_lossy(body)).into_bytes()
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
            let both = decoded.chars().zip(mask(decoded).chars().collect::<Vec<_>>());
            both.map(|(was, shown)| match shown {
                _ if was == colon => colon.to_string(),
                MASK => MASK.to_string(),
                shown => percent_encoded(shown),
            })
            .collect()
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
            Observation::RequestFailed { failure, .. } => hide(&mut failure.detail),
            Observation::BrowserFailed { reason } | Observation::ListenerFailed { reason, .. } => {
                hide(reason);
            }
            Observation::ListenerBound { .. }
            | Observation::ListenerImpossible { .. }
            | Observation::BrowserOpened
            | Observation::BrowserReported { .. }
            | Observation::NotKept { .. }
            | Observation::RedirectTimedOut { .. }
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

/// Masks the values of [`SECRET_NAMES`] in a query, a form body, JSON or XML by finding the name, so that even a secret too
/// short to be searched for is hidden. What is around the values stays byte for byte.
fn mask_named(text: &str) -> String {
    let mut out = text.to_owned();
    for name in SECRET_NAMES {
        if !out.contains(name) {
            continue;
        }
        out = mask_after(&out, &format!("{name}="), form_value);
        out = mask_after(&out, &format!("<{name}>"), xml_value);
        out = mask_after(&out, &format!("\"{name}\""), json_value);
    }
    out
}

/// A value found after its name: the bytes before it, its own, the decoded value, and how to encode it again.
struct Named {
    before: usize,
    length: usize,
    decoded: String,
    encode: fn(char) -> String,
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "one of three readers of a value, and JSON may have none there"
)]
fn form_value(rest: &str) -> Option<Named> {
    let length = rest
        .find(['&', '#', '\n', '\r', ' ', '"', '\'', '<'])
        .unwrap_or(rest.len());
    let decoded = Params::decode(&format!("v={}", &rest[..length]));
    Some(Named {
        before: 0,
        length,
        decoded: decoded.get("v").unwrap_or(&rest[..length]).to_owned(),
        encode: percent_encoded,
    })
}

#[expect(clippy::unnecessary_wraps, reason = "as for a form")]
fn xml_value(rest: &str) -> Option<Named> {
    let length = rest.find('<').unwrap_or(rest.len());
    Some(Named {
        before: 0,
        length,
        decoded: rest[..length].to_owned(),
        encode: char_itself,
    })
}

/// `: "value"`, with whatever white space; the value ends at the first quote that is not escaped.
fn json_value(rest: &str) -> Option<Named> {
    let value = rest
        .trim_start()
        .strip_prefix(':')?
        .trim_start()
        .strip_prefix('"')?;
    let mut escaped = false;
    let length = value
        .find(|c| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        })
        .unwrap_or(value.len());
    let quoted = format!("\"{}\"", &value[..length]);
    Some(Named {
        before: rest.len() - value.len(),
        length,
        decoded: serde_json::from_str(&quoted).unwrap_or_else(|_| value[..length].to_owned()),
        encode: json_escaped,
    })
}

/// A token has at least so many characters behind its prefix; a shorter word is a mention of the prefix.
const SHORTEST_TOKEN: usize = 16;

/// Masks whatever begins like one of GitHub's tokens (docs/github.md §4), wherever it is.
fn mask_tokens(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut done = 0;
    let mut from = 0;
    while let Some(found) = text[from..].find('g') {
        let start = from + found;
        let word = text[start..]
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .map_or(&text[start..], |end| &text[start..start + end]);
        let is_token =
            formats::token_prefix(word).is_some_and(|prefix| word.len() >= prefix.len() + SHORTEST_TOKEN);
        if is_token {
            out.push_str(&text[done..start]);
            out.push_str(&mask(word));
            done = start + word.len();
        }
        from = start + if is_token { word.len() } else { 1 };
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

fn char_itself(c: char) -> String {
    c.to_string()
}

fn percent_encoded(c: char) -> String {
    encode_value(c.encode_utf8(&mut [0; 4]))
}

fn json_escaped(c: char) -> String {
    let quoted = Value::String(c.to_string()).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

fn mask_after(text: &str, opening: &str, value: fn(&str) -> Option<Named>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(found) = rest.find(opening) {
        let start = found + opening.len();
        // `my_password=` is another name.
        let is_whole_name = !rest[..found].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        if let Some(named) = value(rest).filter(|_| is_whole_name) {
            out.push_str(&rest[..named.before]);
            out.push_str(&mask_encoded(&named.decoded, named.encode));
            rest = &rest[named.before + named.length..];
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use crate::flow::redaction::*;
    use crate::flow::{
        configuration::Origins,
        transcript::{Purpose, Source},
    };
    use crate::oauth::{
        secret::Secret,
        time::Moment,
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
    fn a_saved_basic_header_is_a_pair_whose_secret_is_hidden() {
        let secret = "GOCSPX-made-up-for-this-test";
        let request = TokenRequest {
            client_id: secret.into(),
            client_secret: Some(Secret::new(secret)),
            authentication: ClientAuthentication::ClientSecretBasic,
            ..TokenRequest::default()
        };
        let mut transcript = Transcript::new(Source::Live, Moment(0));
        let observation = Observation::RequestSent {
            exchange: 1,
            purpose: Purpose::Token,
            request: request.to_http(),
            origins: Origins::default(),
        };
        transcript.record(Moment(1), observation);
        let saved = Redactor::of(&transcript).transcript(&transcript);
        let Observation::RequestSent { request, .. } = &saved.entries[0].observation else {
            panic!("another observation");
        };
        let (id, read) = basic_credentials(request.header("authorization").unwrap()).unwrap();
        assert_eq!((id, read), (mask(secret), mask(secret)));
    }

    #[test]
    fn what_is_no_secret_stays_byte_for_byte() {
        let text = "grant_type=authorization_code&client_id=Ov23liAAAAAAAAAAAAAA&my_password=x&code=35e0ea2e9115f650b742";
        assert_eq!(mask_named(text), text);
    }
}
