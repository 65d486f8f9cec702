//! The one place where secrets are taken out of what leaves the program: screens, reports, exports, saved transcripts.

mod by_shape;
mod messages;
mod search;
#[cfg(test)]
mod tests;

use std::{borrow::Cow, collections::HashSet, fmt, sync::OnceLock};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

pub use crate::flow::secret_forms::{FORMS, Form};
pub use crate::flow::secret_names::is_secret_name;
use crate::{
    flow::{
        configuration::Configuration,
        redaction::{by_shape::mask_tokens, search::Search},
        secret_forms::may_be_dressed_up,
        secret_scan::scan,
        transcript::{Observation, Transcript},
    },
    oauth::{
        http::{Header, HttpRequest, HttpResponse, as_text},
        secret::{MASK, mask},
        token::basic_credentials,
    },
    providers::github::formats::{self, ClientSecretShape},
    text::{
        bytes::all_bytes,
        defects::{is_placeholder, without_defects},
    },
};
pub use messages::with_secrets_shown;

/// Values shorter than this are masked by name only: searching for them everywhere would mask ordinary text.
const SHORTEST_SEARCHED: usize = 8;
/// So many secrets are searched for in every form; further ones, which only a hostile body has, as whole words.
const MOST_IN_EVERY_FORM: usize = 32;

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

impl fmt::Debug for Redactor {
    /// Tells how many secrets it knows and none of them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Redactor({} secrets)", self.known.len())
    }
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
            Observation::SettingsRead { values, .. } => self.learn_request(values),
            Observation::ResponseReceived { response, .. } => self.learn_response(response),
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
            || is_placeholder(secret)
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
        if !all_bytes(secret, |byte| byte.is_ascii_alphanumeric()) {
            let core = without_defects(secret);
            if *core != *secret {
                self.learn(&core);
            }
        }
    }

    /// Learns what a request holds under the names of secrets.
    pub fn learn_request(&mut self, request: &HttpRequest) {
        self.learn_headers(&request.headers);
        self.learn_text(&request.url);
        self.learn_text(&as_text(&request.body));
    }

    /// The same of a response.
    pub fn learn_response(&mut self, response: &HttpResponse) {
        self.learn_headers(&response.headers);
        self.learn_text(&as_text(&response.body));
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
                redacted = search.mask(redacted, &self.secrets);
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
                if candidate.len() >= SHORTEST_SEARCHED && self.known.contains(candidate) {
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
}

/// Masks what stands under the name of a secret in a query, a form body, JSON, XML or a URL, so that even a secret too
/// short to be searched for is hidden. What stands around the values stays byte for byte.
fn mask_named(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    scan(text, |found| {
        if found.named && found.at.start >= done {
            out.push_str(&text[done..found.at.start]);
            out.push_str(&found.masked());
            done = found.at.end;
        }
    });
    out.push_str(&text[done..]);
    out
}
