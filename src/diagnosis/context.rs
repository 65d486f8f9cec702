//! The questions that checks and pictures ask of a transcript, answered in one pass.

mod after_token;

use std::{cell::OnceCell, collections::HashMap, ops::Deref};

pub use crate::diagnosis::context::after_token::permissions_asked_for;
use crate::{
    diagnosis::{
        rule::Code,
        rules::{code_use::Use, library},
    },
    flow::{
        configuration::Configuration,
        grants::GrantKind,
        redaction::Redactor,
        secret_facts::{Place, SecretFacts, SecretView},
        transcript::{
            BrowserShows, Channel, Disposition, Exchange, Observation, Purpose, STATUS_NOT_SEEN, Source,
            Transcript,
        },
    },
    oauth::{
        authorization::{AuthorizationRequest, AuthorizationResponse},
        http::{HttpRequest, HttpResponse},
        params::Params,
        redirect_matching::Registered,
        token::{
            BodyEncoding, ErrorResponse, Reading, TokenAnswer, TokenResponse, read_answer, request_params,
        },
    },
    providers::{
        self, ProviderProfile,
        error_table::{cause_of_error, cause_of_words, meaning_of_error},
        recognise,
    },
};

/// A redirect as it was observed.
#[derive(Clone, Debug)]
pub struct Redirect<'t> {
    /// Index of its entry.
    pub entry: usize,
    /// When it came: milliseconds since the transcript started.
    pub at: u64,
    /// How it came.
    pub channel: Channel,
    /// The request.
    pub request: &'t HttpRequest,
    /// What became of it.
    pub disposition: Disposition,
    /// What it brought.
    pub response: AuthorizationResponse,
}

/// A token request and its answer, read.
#[derive(Clone, Debug)]
pub struct TokenExchange<'t> {
    /// The exchange.
    pub exchange: Exchange<'t>,
    /// The parameters that were sent, whichever way; empty for a pasted answer.
    pub sent: OnDemand<'t, HttpRequest, Params>,
    /// The answer, read; `None` while there is none.
    pub reading: OnDemand<'t, HttpResponse, Option<Reading>>,
}

/// A message that is read when it is first asked about, so that a long history costs nothing until then.
#[derive(Clone, Debug)]
pub struct OnDemand<'t, S, T> {
    source: Option<&'t S>,
    read: fn(&S) -> T,
    value: OnceCell<T>,
}

impl<'t, S, T> OnDemand<'t, S, T> {
    fn new(source: Option<&'t S>, read: fn(&S) -> T) -> Self {
        Self {
            source,
            read,
            value: OnceCell::new(),
        }
    }
}

impl<S, T: Default> Deref for OnDemand<'_, S, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value
            .get_or_init(|| self.source.map(self.read).unwrap_or_default())
    }
}

impl TokenExchange<'_> {
    /// False when the request certainly does not carry this value: a look at its bytes that saves reading it.
    pub fn may_carry(&self, value: &str) -> bool {
        let Some(request) = self.exchange.request else {
            return false;
        };
        // Letters and digits stand the same in every encoding of a request but Basic.
        let plain = value
            .split(|c: char| !c.is_ascii_alphanumeric())
            .max_by_key(|part| part.len())
            .unwrap_or_default();
        plain.len() < 4
            || request.header("authorization").is_some()
            || request.url.contains(plain)
            || String::from_utf8_lossy(&request.body).contains(plain)
    }

    /// The refusal, if it is one.
    pub fn error(&self) -> Option<&ErrorResponse> {
        match &self.reading.as_ref()?.answer {
            TokenAnswer::Error(error) => Some(error),
            _ => None,
        }
    }

    /// What the answer is; `None` while there is none.
    pub fn meaning(&self) -> Option<Code> {
        let (response, reading) = (self.exchange.response?, self.reading.as_ref()?);
        Some(after_token::meaning(
            self.exchange.purpose,
            self.sends_by_delete(),
            response,
            reading,
        ))
    }

    /// The token, if it is one.
    pub fn token(&self) -> Option<&TokenResponse> {
        match &self.reading.as_ref()?.answer {
            TokenAnswer::Token(token) => Some(token),
            _ => None,
        }
    }
}

/// The facts about the latest authorization and the latest token exchange of a transcript, beside all that came before.
#[derive(Clone, Debug)]
pub struct Facts<'t> {
    /// The transcript itself.
    pub transcript: &'t Transcript,
    /// The latest authorization: entry index, the values it was started with, the request.
    pub authorization: Option<(usize, &'t Configuration, &'t AuthorizationRequest)>,
    /// All redirects, oldest first, those of earlier authorizations included.
    pub redirects: Vec<Redirect<'t>>,
    /// All token exchanges and device authorization requests, oldest first. The last is the one that is examined.
    pub token_exchanges: Vec<TokenExchange<'t>>,
    /// Exchanges for other purposes.
    pub other_exchanges: Vec<Exchange<'t>>,
    /// The latest failure to start the redirect listener, when no authorization was started since: its entry.
    pub listener_failed: Option<usize>,
    /// What the latest answer says: that of the current exchange, else that of the redirect that was taken.
    pub meaning: Option<Code>,
    /// The cause that the latest answer names in its own words, where it does.
    pub said: Option<Code>,
    /// The values of a file of settings and its entry, where nothing of a flow was pasted beside it.
    settings: Option<(usize, Params)>,
    /// True when what a library said explains more than what else was seen.
    pub library_decides: bool,
    /// The kind of server that pasted texts are of, as far as they tell.
    seems: &'static ProviderProfile,
    /// The exchange that spent the current code, by its place in the history; asked for by several checks.
    pub(crate) first_use: OnceCell<Option<(usize, Use)>>,
    /// Made when it is first asked for.
    redactor: OnceCell<Redactor>,
    /// About the client secret of the current exchange, which several checks ask about.
    about_the_secret: OnceCell<SecretFacts>,
    /// What was saved about the secrets of each exchange, by its number. Made when it is first asked for.
    saved_secrets: OnceCell<HashMap<(u32, Place), &'t SecretFacts>>,
}

impl<'t> Facts<'t> {
    /// Reads a transcript in one pass over its entries.
    pub fn of(transcript: &'t Transcript) -> Self {
        let redirects = transcript
            .entries
            .iter()
            .enumerate()
            .filter_map(|(entry, e)| match &e.observation {
                Observation::RedirectReceived {
                    channel,
                    request,
                    disposition,
                } => Some(Redirect {
                    entry,
                    at: e.at,
                    channel: *channel,
                    request,
                    disposition: *disposition,
                    response: AuthorizationResponse::from_params(&response_params(request)),
                }),
                _ => None,
            })
            .collect();
        let authorization = transcript.last_authorization();
        let holds_token =
            authorization.is_some_and(|(_, configuration, _)| configuration.grant == GrantKind::HeldToken);
        let (token, other): (Vec<_>, Vec<_>) = transcript.exchanges().into_iter().partition(|exchange| {
            // What is done with a token that was obtained before is the whole flow.
            exchange.purpose.brings_a_token()
                || after_token::is_management(exchange.purpose)
                || (holds_token && exchange.purpose == Purpose::User)
        });
        let token_exchanges = token
            .into_iter()
            .map(|exchange| TokenExchange {
                exchange,
                sent: OnDemand::new(exchange.request, request_params),
                reading: OnDemand::new(exchange.response, |response| Some(read_answer(response))),
            })
            .collect();
        let mut facts = Self {
            transcript,
            authorization,
            redirects,
            token_exchanges,
            other_exchanges: other,
            listener_failed: listener_failed(transcript),
            meaning: None,
            said: None,
            settings: settings(transcript),
            library_decides: false,
            seems: providers::DEFAULT,
            first_use: OnceCell::new(),
            redactor: OnceCell::new(),
            about_the_secret: OnceCell::new(),
            saved_secrets: OnceCell::new(),
        };
        facts.meaning = facts.read_meaning();
        facts.said = facts.read_cause();
        facts.library_decides = library::decides(&facts, facts.meaning);
        if facts.library_decides && facts.meaning != Some(Code::TokenRequestPasted) {
            // What looked like an answer is the library's word.
            (facts.meaning, facts.said) = (None, None);
        }
        if facts.is_of_another_program() {
            facts.seems = facts.recognised();
        }
        facts
    }

    /// Masks every secret of the transcript.
    pub fn redactor(&self) -> &Redactor {
        self.redactor.get_or_init(|| Redactor::of(self.transcript))
    }

    fn read_meaning(&self) -> Option<Code> {
        if let Some(current) = self.current() {
            if current.exchange.response.is_none() {
                // A pasted request stands for itself; elsewhere its answer is still awaited.
                return (self.is_pasted() && current.exchange.failure.is_none())
                    .then_some(Code::TokenRequestPasted);
            }
            return current.meaning();
        }
        let Some(redirect) = self.taken_redirect() else {
            if self.settings.is_some() {
                return Some(Code::SettingsRead);
            }
            return (self.is_pasted() && self.authorization.is_some() && self.page_seen().is_none())
                .then_some(Code::AuthorizationRequestPasted);
        };
        let response = &redirect.response;
        match &response.error {
            Some(error) => Some(meaning_of_error(
                &ErrorResponse {
                    error: error.clone(),
                    error_description: response.error_description.clone(),
                    error_uri: None,
                },
                STATUS_NOT_SEEN,
            )),
            None => self.is_pasted().then_some(Code::RedirectPasted),
        }
    }

    /// The parameters that a request would carry with the values of a file of settings, where nothing else was pasted.
    pub fn at_rest(&self) -> Option<&Params> {
        self.settings.as_ref().map(|(_, values)| values)
    }

    fn read_cause(&self) -> Option<Code> {
        let current = self.current()?;
        let response = current.exchange.response?;
        match (current.error(), current.reading.as_ref()) {
            (Some(error), _) => cause_of_error(error, response.status),
            (None, Some(reading)) if reading.encoding == BodyEncoding::Json => (reading.answer
                == TokenAnswer::NotATokenResponse)
                .then(|| cause_of_words(&response.text()))?,
            _ => None,
        }
    }

    /// Whose texts were pasted: by the words of the answer, by where the request goes, by the format of the values; the
    /// default where nothing tells.
    fn recognised(&self) -> &'static ProviderProfile {
        let asked = self.current().and_then(|current| current.exchange.request);
        if let Some(profile) = asked.and_then(|request| recognise::by_main_host(&request.url)) {
            return profile;
        }
        if let Some(error) = self.current().and_then(TokenExchange::error) {
            return recognise::by_error(error);
        }
        if let Some(iss) = self.taken_redirect().and_then(|r| r.response.iss.as_deref()) {
            return recognise::by_issuer(iss);
        }
        let Some(request) = self.current().and_then(|current| current.exchange.request) else {
            return providers::DEFAULT;
        };
        if request.url.contains("://") {
            return recognise::by_token_request(request);
        }
        recognise::by_values(self.sent("client_id"), self.sent("code"))
    }

    /// True when nothing was observed but what a person pasted: its messages have no times, and others were not seen.
    pub fn is_pasted(&self) -> bool {
        self.transcript.source == Source::Pasted
    }

    /// True when the tap saw another program's flow pass: with its times, and not necessarily all of it.
    pub fn is_tapped(&self) -> bool {
        self.transcript.source == Source::Tap
    }

    /// True when another program ran the flow, so that no value of it can be changed here and nothing sent in its place.
    pub fn is_of_another_program(&self) -> bool {
        self.is_pasted() || self.is_tapped()
    }

    /// The page that the authorization endpoint was seen to show in place of a redirect: its status and text.
    pub fn page_seen(&self) -> Option<(u16, &'t str)> {
        let index = match self.authorization {
            Some((index, ..)) => index,
            None if self.is_pasted() => 0,
            None => return None,
        };
        self.transcript.entries[index..]
            .iter()
            .rev()
            .find_map(|entry| match &entry.observation {
                Observation::PageSeen { status, text } if *status >= 400 || *status == STATUS_NOT_SEEN => {
                    Some((*status, text.as_str()))
                }
                _ => None,
            })
    }

    /// What the person said last of their browser in the latest authorization.
    pub fn reported(&self) -> Option<BrowserShows> {
        self.since_authorization().rev().find_map(|seen| match seen {
            Observation::BrowserReported { shows } => Some(*shows),
            _ => None,
        })
    }

    /// The registered redirect URIs, as far as anybody told: the latest word counts. Empty when nobody did.
    pub fn registered(&self) -> &'t [Registered] {
        let told = self.since_authorization().rev().find_map(|seen| match seen {
            Observation::RegistrationTold { redirect_uris } => Some(redirect_uris.as_slice()),
            _ => None,
        });
        told.unwrap_or_else(|| {
            self.configuration()
                .map_or(&[], |configuration| &configuration.registration.redirect_uris)
        })
    }

    /// What was observed from the latest authorization on; nothing where none was started.
    fn since_authorization(&self) -> impl DoubleEndedIterator<Item = &'t Observation> + use<'t> {
        let entries = &self.transcript.entries;
        let start = self.authorization.map_or(entries.len(), |(index, ..)| index);
        entries[start..].iter().map(|entry| &entry.observation)
    }

    /// The values of the latest authorization.
    pub fn configuration(&self) -> Option<&'t Configuration> {
        self.authorization.map(|(_, configuration, _)| configuration)
    }

    /// The latest token exchange.
    pub fn last(&self) -> Option<&TokenExchange<'t>> {
        self.token_exchanges.last()
    }

    /// The latest token exchange, when it belongs to the attempt of the latest authorization. The earlier ones are history.
    pub fn current(&self) -> Option<&TokenExchange<'t>> {
        self.present_exchange().filter(|_| self.listener_failed.is_none())
    }

    /// The same, also when the next authorization could not begin since nothing could listen.
    pub fn present_exchange(&self) -> Option<&TokenExchange<'t>> {
        let attempt = match self.authorization {
            Some((index, ..)) if !self.is_pasted() => Some(self.transcript.entries[index].attempt),
            _ => None,
        };
        self.last()
            .filter(|last| attempt.is_none_or(|attempt| attempt == last.exchange.attempt))
    }

    /// The token exchanges before the current one.
    pub fn earlier(&self) -> &[TokenExchange<'t>] {
        match self.current() {
            Some(_) => &self.token_exchanges[..self.token_exchanges.len() - 1],
            None => &self.token_exchanges,
        }
    }

    /// A parameter of the current token request.
    pub fn sent(&self, name: &str) -> Option<&str> {
        match self.current() {
            Some(current) => current.sent.get(name),
            None => self.at_rest()?.get(name),
        }
    }

    /// A secret of an exchange, with what was saved about it.
    pub fn secret_of<'f>(&'f self, exchange: &Exchange<'_>, place: Place, text: &'f str) -> SecretView<'f> {
        let saved = self.saved_secrets.get_or_init(|| saved_secrets(self.transcript));
        SecretView::new(text, saved.get(&(exchange.number, place)).copied())
    }

    /// A secret of the current token request.
    pub fn sent_secret(&self, name: &str, place: Place) -> Option<SecretView<'_>> {
        let Some(current) = self.current() else {
            let (entry, values) = self.settings.as_ref()?;
            let mut known = self.transcript.secrets.iter().flatten();
            let known = known.find(|known| known.place == place && known.entry == *entry);
            return Some(SecretView::new(
                values.get(name)?,
                known.map(|known| &known.facts),
            ));
        };
        Some(self.secret_of(&current.exchange, place, current.sent.get(name)?))
    }

    /// The client secret of the current token request.
    pub fn client_secret(&self) -> Option<SecretView<'_>> {
        let view = self.sent_secret("client_secret", Place::ClientSecret)?;
        Some(view.measured(&self.about_the_secret))
    }

    /// The client id of the current token request, which may be a secret in its place.
    pub fn client_id(&self) -> Option<SecretView<'_>> {
        self.sent_secret("client_id", Place::ClientId)
    }

    /// The client id of the latest authorization request, which may be a secret in its place.
    pub fn client_id_at_authorize(&self) -> Option<SecretView<'t>> {
        let (entry, _, request) = self.authorization?;
        let known = self.secret_at(entry, Place::ClientId);
        Some(SecretView::new(request.params.get("client_id")?, known))
    }

    /// What was saved about a secret of that entry.
    fn secret_at(&self, entry: usize, place: Place) -> Option<&'t SecretFacts> {
        let mut known = self.transcript.secrets.iter().flatten();
        let known = known.find(|known| known.place == place && known.entry == entry);
        known.map(|known| &known.facts)
    }

    /// The client secret on record.
    pub fn registered_secret(&self) -> Option<SecretView<'t>> {
        let (entry, configuration, _) = self.authorization?;
        let secret = configuration.registration.client_secret.as_ref()?;
        Some(SecretView::new(
            secret.reveal(),
            self.secret_at(entry, Place::Registered),
        ))
    }

    /// True when the current exchange has a request that was seen, so that what it lacks is known to be lacking.
    pub fn request_was_seen(&self) -> bool {
        self.current()
            .is_some_and(|current| current.exchange.request.is_some())
    }

    /// What is known of the server; one that is not named and not recognised is taken for the default.
    pub fn profile(&self) -> &'static ProviderProfile {
        self.configuration()
            .map_or(self.seems, |configuration| configuration.provider.profile)
    }

    /// True where the latest attempt is one with a device code.
    pub fn is_device(&self) -> bool {
        self.configuration()
            .is_some_and(|configuration| configuration.grant == GrantKind::DeviceCode)
            || self.sent("device_code").is_some()
    }

    /// True where the latest attempt goes by way of a redirect.
    fn awaits_redirects(&self) -> bool {
        let grant = self.configuration().map(|configuration| configuration.grant);
        grant.is_none_or(|grant| grant == GrantKind::AuthorizationCode) && self.sent("device_code").is_none()
    }

    /// The token exchanges of the latest authorization.
    pub fn present_exchanges(&self) -> &[TokenExchange<'t>] {
        let started = match self.authorization {
            Some((index, ..)) => self.transcript.entries[index].at,
            None => 0,
        };
        let first = self
            .token_exchanges
            .partition_point(|exchange| exchange.exchange.sent_at < started);
        &self.token_exchanges[first..]
    }

    /// True while, or after, a redirect is waited for in vain: the latest authorization brought none and no exchange.
    pub fn no_redirect(&self) -> bool {
        self.authorization.is_some()
            && self.awaits_redirects()
            && !self.is_tapped()
            && self.listener_failed.is_none()
            && self.current().is_none()
            && self.taken_redirect().is_none()
    }

    /// True when the waiting has ended: the time ran out or a person stopped it.
    pub fn waiting_ended(&self) -> bool {
        self.waiting_ended_at().is_some()
    }

    /// When the waiting ended, in milliseconds since the transcript started. Nothing that comes afterwards, be it a request
    /// of an old tab or what a person says, makes it go on; only the next authorization does.
    pub fn waiting_ended_at(&self) -> Option<u64> {
        let (start, ..) = self.authorization?;
        let ended = self.transcript.entries[start..].iter().find(|entry| {
            matches!(
                entry.observation,
                Observation::RedirectTimedOut { .. }
                    | Observation::DeviceCodeTimedOut { .. }
                    | Observation::Cancelled
            )
        });
        ended.map(|entry| entry.at)
    }

    /// How many connections to the redirect listener were closed, in the latest authorization, before their requests were
    /// whole.
    pub fn connections_dropped(&self) -> u64 {
        let start = self.authorization.map_or(0, |(index, ..)| index);
        self.transcript.entries[start..]
            .iter()
            .find_map(|entry| match &entry.observation {
                Observation::NotKept { connections, .. } => Some(*connections),
                _ => None,
            })
            .unwrap_or(0)
    }

    /// The client id that the authorization server has proved to know: it issued a code to it, on a redirect whose
    /// `state` was right.
    pub fn id_with_a_code(&self) -> Option<&'t str> {
        let redirect = self.taken_redirect()?;
        (redirect.disposition == Disposition::Accepted && redirect.response.code.is_some())
            .then(|| self.authorize_param("client_id"))
            .flatten()
    }

    /// The redirects that came after the latest authorization was started.
    pub fn present_redirects(&self) -> impl Iterator<Item = &Redirect<'t>> {
        let start = self.authorization.map_or(0, |(index, ..)| index);
        let first = self.redirects.partition_point(|redirect| redirect.entry < start);
        self.redirects[first..].iter()
    }

    /// The redirect that was taken in the latest authorization.
    pub fn taken_redirect(&self) -> Option<&Redirect<'t>> {
        self.present_redirects()
            .find(|redirect| redirect.disposition.is_taken())
    }

    /// A parameter of the latest authorization request.
    pub fn authorize_param(&self, name: &str) -> Option<&'t str> {
        self.authorization
            .and_then(|(_, _, request)| request.params.get(name))
    }

    /// The latest exchange for that purpose, with its response.
    pub fn answered(&self, purpose: Purpose) -> Option<(&Exchange<'t>, &'t HttpResponse)> {
        let exchange = self.other_exchanges.iter().rev().find(|e| e.purpose == purpose)?;
        Some((exchange, exchange.response?))
    }

    /// The refusal of the latest token exchange.
    pub fn error(&self) -> Option<&ErrorResponse> {
        self.last().and_then(TokenExchange::error)
    }
}

/// The parameters of an authorization response: of the query, else of the fragment, where it holds one.
pub fn response_params(request: &HttpRequest) -> Params {
    let params = Params::decode(request.query().unwrap_or_default());
    if AuthorizationResponse::from_params(&params).is_present() {
        return params;
    }
    match request.url.split_once('#') {
        Some((_, fragment)) => {
            let behind = Params::decode(fragment);
            let present = AuthorizationResponse::from_params(&behind).is_present();
            if present { behind } else { params }
        }
        None => params,
    }
}

/// What was saved about the secrets of the token requests, by the number of the exchange; the last word counts.
fn saved_secrets(transcript: &Transcript) -> HashMap<(u32, Place), &SecretFacts> {
    let saved = transcript.secrets.iter().flatten();
    let of_requests = saved.filter_map(|known| match &transcript.entries.get(known.entry)?.observation {
        Observation::RequestSent { exchange, .. } => Some(((*exchange, known.place), &known.facts)),
        _ => None,
    });
    of_requests.collect()
}

/// The values of the latest file of settings, and where it stands.
fn settings(transcript: &Transcript) -> Option<(usize, Params)> {
    let entries = transcript.entries.iter().enumerate().rev();
    entries
        .into_iter()
        .find_map(|(index, entry)| match &entry.observation {
            Observation::SettingsRead { values, .. } => Some((index, request_params(values))),
            _ => None,
        })
}

fn listener_failed(transcript: &Transcript) -> Option<usize> {
    let last = transcript.entries.iter().rposition(|entry| {
        matches!(
            entry.observation,
            Observation::ListenerFailed { .. }
                | Observation::AuthorizationStarted { .. }
                | Observation::RequestSent { .. }
        )
    })?;
    matches!(
        transcript.entries[last].observation,
        Observation::ListenerFailed { .. }
    )
    .then_some(last)
}
