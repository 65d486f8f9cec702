//! The one place where secrets are taken out of what leaves the program: screens, reports, exports, saved transcripts.

use std::{borrow::Cow, collections::HashSet, sync::OnceLock};

use aho_corasick::{AhoCorasick, MatchKind};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;
use zeroize::Zeroizing;

pub use crate::flow::secret_forms::{FORMS, Form};
pub use crate::flow::secret_names::is_secret_name;
use crate::{
    flow::{
        configuration::Configuration,
        secret_facts,
        secret_forms::{may_be_dressed_up, percent_encoded},
        secret_scan::scan,
        transcript::{Observation, Transcript},
    },
    oauth::{
        http::{Header, HttpRequest, HttpResponse, as_text},
        params::{Params, char_boundary},
        secret::{MASK, mask, mask_encoded},
        token::basic_credentials,
    },
    providers::github::formats::{self, ClientSecretShape},
};

/// Values shorter than this are masked by name only: searching for them everywhere would mask ordinary text.
const SHORTEST_SEARCHED: usize = 8;
/// So many secrets are searched for in every form; further ones, which only a hostile body has, as whole words.
const MOST_IN_EVERY_FORM: usize = 32;
/// Of a longer secret the beginning is searched for, and what follows is compared where it is found.
const LONGEST_PATTERN: usize = 256;

/// Knows the secrets of one transcript and masks them wherever they stand, in any of the forms they take on the wire.
#[derive(Clone, Default)]
pub struct Redactor {
    /// The secrets that are searched for in every form.
    secrets: Vec<Zeroizing<String>>,
    /// All that were learned.
    known: HashSet<Known>,
    /// Made when a text is first searched: the forms in use, and the unusual ones.
    searches: [OnceLock<Search>; 2],
}

/// A secret that can be looked up by its text.
#[derive(Clone, PartialEq, Eq)]
struct Known(Zeroizing<String>);

impl std::hash::Hash for Known {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.as_str().hash(state);
    }
}

impl std::borrow::Borrow<str> for Known {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// Finds all needles in one pass over a text.
#[derive(Clone)]
struct Search {
    automaton: Option<AhoCorasick>,
    needles: Vec<Needle>,
}

/// A form of a secret.
#[derive(Clone)]
struct Needle {
    form: Zeroizing<String>,
    masked: String,
}

impl Search {
    fn of(secrets: &[Zeroizing<String>], common: bool) -> Self {
        let mut needles: Vec<Needle> = Vec::new();
        let mut seen = HashSet::new();
        for secret in secrets {
            for form in FORMS.iter().filter(|form| form.common == common) {
                let written = Zeroizing::new((form.write)(secret));
                // The upper case is found by the plain form; what is masked there is masked in its own characters.
                if written.len() >= SHORTEST_SEARCHED && seen.insert(pattern(&written).to_ascii_lowercase()) {
                    needles.push(Needle {
                        masked: (form.masked)(secret),
                        form: written,
                    });
                }
            }
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .ascii_case_insensitive(true)
            .build(needles.iter().map(|needle| pattern(&needle.form)))
            .ok()
            .filter(|_| !needles.is_empty());
        Self { automaton, needles }
    }

    fn mask<'t>(&self, text: Cow<'t, str>) -> Cow<'t, str> {
        let Some(automaton) = &self.automaton else {
            return text;
        };
        let mut out = String::new();
        let mut done = 0;
        while let Some(found) = automaton.find(aho_corasick::Input::new(text.as_ref()).span(done..text.len()))
        {
            let needle = &self.needles[found.pattern().as_usize()];
            let form = needle.form.as_bytes();
            let same = text.as_bytes()[found.start()..]
                .iter()
                .zip(form)
                .take_while(|(a, b)| a.eq_ignore_ascii_case(b))
                .count();
            let end = char_boundary(&text, found.start() + same).max(found.end());
            let stands = &text[found.start()..end];
            out.push_str(&text[done..found.start()]);
            if stands == needle.form.as_str() {
                out.push_str(&needle.masked);
            } else if stands.len() == form.len() {
                out.push_str(&mask(stands));
            } else {
                out.extend(stands.chars().map(|_| MASK));
            }
            done = end;
        }
        if done == 0 {
            return text;
        }
        out.push_str(&text[done..]);
        Cow::Owned(out)
    }
}

/// The part of a form that is searched for.
fn pattern(form: &str) -> &str {
    &form[..char_boundary(form, LONGEST_PATTERN)]
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
            Observation::ResponseReceived { response, .. } => {
                self.learn_headers(&response.headers);
                self.learn_text(&as_text(&response.body));
            }
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

    /// Learns one secret, to be found in each of [`FORMS`].
    pub fn learn(&mut self, secret: &str) {
        // Shorter in characters means shorter in bytes than four times as much; most values are told by that.
        if secret.len() < SHORTEST_SEARCHED
            || secret.chars().take(SHORTEST_SEARCHED).count() < SHORTEST_SEARCHED
            // What a saved file hides is hidden.
            || secret.starts_with(MASK)
            // A word that stands for a secret, or an id, is none, and it stands in many places where it must be read.
            || formats::is_placeholder(secret)
            || formats::client_secret_shape(secret) == ClientSecretShape::ClientId
            || !self.known.insert(Known(Zeroizing::new(secret.to_owned())))
        {
            return;
        }
        if self.secrets.len() < MOST_IN_EVERY_FORM {
            self.secrets.push(Zeroizing::new(secret.to_owned()));
            self.searches = [OnceLock::new(), OnceLock::new()];
        }
        // A damaged secret (a newline at its end) holds the good one: both are hidden, the longer first.
        let core = formats::without_defects(secret);
        if core != secret {
            self.learn(&core);
        }
    }

    fn learn_request(&mut self, request: &HttpRequest) {
        self.learn_headers(&request.headers);
        self.learn_text(&request.url);
        self.learn_text(&as_text(&request.body));
    }

    fn learn_headers(&mut self, headers: &[Header]) {
        for (name, value) in headers {
            if name.eq_ignore_ascii_case("authorization") || name.eq_ignore_ascii_case("proxy-authorization")
            {
                let credentials = value.split_once(' ').map_or(value.as_str(), |(_, rest)| rest);
                self.learn(credentials.trim());
                if let Some((id, secret)) = basic_credentials(value) {
                    self.learn(&secret);
                    self.learn(&STANDARD.encode(format!("{id}:{secret}")));
                }
            } else if is_secret_name(name) {
                self.learn(value);
            } else {
                self.learn_text(value);
            }
        }
    }

    fn learn_text(&mut self, text: &str) {
        scan(text, |found| self.learn(&found.decoded));
    }

    /// Masks every known secret in a text, and every token by its prefix.
    pub fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut redacted = mask_tokens(text);
        if self.known.is_empty() {
            return redacted;
        }
        for (search, common) in self.searches.iter().zip([true, false]) {
            if common || may_be_dressed_up(&redacted) {
                let search = search.get_or_init(|| Search::of(&self.secrets, common));
                redacted = search.mask(redacted);
            }
        }
        if self.known.len() > self.secrets.len() {
            redacted = self.mask_words(redacted);
        }
        redacted
    }

    /// Masks what was learned beyond [`MOST_IN_EVERY_FORM`], where it stands as a word.
    fn mask_words<'t>(&self, text: Cow<'t, str>) -> Cow<'t, str> {
        let in_word = |c: char| c.is_ascii_alphanumeric() || "_-.~+/=".contains(c);
        let mut out = String::new();
        let mut done = 0;
        let mut from = 0;
        while let Some(found) = text[from..].find(in_word) {
            let start = from + found;
            let length = text[start..].find(|c| !in_word(c));
            let word = &text[start..length.map_or(text.len(), |length| start + length)];
            from = start + word.len();
            // Behind a name and an equals sign as well.
            let value = word.split_once('=').map_or(word, |(_, value)| value);
            for candidate in [word, value] {
                if self.known.contains(candidate) {
                    out.push_str(&text[done..from - candidate.len()]);
                    out.push_str(&mask(candidate));
                    done = from;
                    break;
                }
            }
        }
        if done == 0 {
            return text;
        }
        out.push_str(&text[done..]);
        Cow::Owned(out)
    }

    /// A text in which secrets may stand under their names too.
    pub fn named(&self, text: &str) -> String {
        self.text(text)
    }

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

/// Masks what stands under the name of a secret in a query, a form body, JSON, XML or a URL, so that even a secret too
/// short to be searched for is hidden. What stands around the values stays byte for byte.
fn mask_named(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    scan(text, |found| {
        if found.named && found.at.start >= done {
            out.push_str(&text[done..found.at.start]);
            out.push_str(&mask_encoded(&found.decoded, found.encode));
            done = found.at.end;
        }
    });
    out.push_str(&text[done..]);
    out
}

/// A token has at least so many characters behind its prefix; a shorter word is a mention of the prefix.
const SHORTEST_TOKEN: usize = 16;

/// Masks whatever begins as GitHub's tokens do (docs/github.md §4), wherever it stands, and every JSON Web Token (RFC 7519).
fn mask_tokens(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut out = String::new();
    let mut done = 0;
    let mut from = 0;
    while let Some(found) = bytes[from..].iter().position(|byte| matches!(byte, b'g' | b'e')) {
        let start = from + found;
        from = start + 1;
        let rest = &bytes[start..];
        let prefix = match rest {
            // `{"` in base64url; a token has its parts divided by dots.
            [b'e', b'y', b'J', ..] => 3,
            [b'g', b'h' | b'i', ..] => {
                let head = &text[start..char_boundary(text, start + 16)];
                formats::token_prefix(head).map_or(0, str::len)
            }
            _ => 0,
        };
        if prefix == 0 {
            continue;
        }
        let is_jwt = rest[0] == b'e';
        let in_token =
            |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || (is_jwt && b"-.".contains(byte));
        let length = rest.iter().take_while(|byte| in_token(byte)).count();
        let word = &text[start..start + length];
        if length >= prefix + SHORTEST_TOKEN && (!is_jwt || word.contains('.')) {
            out.push_str(&text[done..start]);
            out.push_str(&mask(word));
            done = start + length;
            from = done;
        } else if is_jwt {
            // None of what was looked at begins another one that would be told differently.
            from = start + length.max(1);
        }
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use crate::flow::redaction::*;
    use crate::flow::{
        configuration::Origins,
        transcript::{Purpose, Source},
    };
    use crate::oauth::{
        params::encode_value,
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
