//! A scenario: the transcript of one mistake in a compact form that a person can read and write, with the finding that
//! is expected of it. Pure: text in, [`Scenario`] out. The tests read `tests/scenarios/`, `oauthlens replay` any file.
//!
//! What a scenario does not say is taken from one good flow: an OAuth app, PKCE, JSON answers, a redirect after four
//! seconds. Each `[[step]]` says what happened next; `{code}`, `{state}` and `{redirect_uri}` in its texts stand for the
//! values of the present authorization. A scenario of what a person pastes to `explain` has no steps; it holds the text in
//! `pasted`.

mod tokens;

use serde::Deserialize;

use crate::{
    flow::{
        configuration::{CannotListen, Configuration, Field, Origin, Origins, Registration},
        grants::{
            GrantKind,
            authorization_code::redirect::{self, Expected, Pasted},
        },
        transcript::{
            BrowserShows, Certificate, Channel, Disposition, Failure, FailureKind, Observation, Purpose,
            STATUS_NOT_SEEN, Source, Transcript,
        },
    },
    oauth::{
        authorization::AuthorizationRequest,
        http::{BodyEnd, HttpRequest, HttpResponse},
        params::Params,
        pkce,
        redirect_matching::Registered,
        redirect_uri::RedirectUri,
        secret::Secret,
        time::Moment,
        token::{ClientAuthentication, TokenRequest},
    },
    providers::{DEFAULT, Provider, github::errors, rfc6749::RFC6749},
};

/// The client id of a scenario that names none.
pub const CLIENT_ID: &str = "Ov23liBq7RkT2mXw9sYd";
/// The client secret of a scenario that names none.
pub const CLIENT_SECRET: &str = "7c1f0a9d3be84526a1c07d9e5f3b2a8846d0e1f2";
/// The code that the first authorization of a scenario brings.
pub const CODE: &str = "35e0ea2e9115f650b742";
const DEVICE_CODE: &str = "8d1e40c7b95f23a6e07c41d8f9b2635a70e4c18d";
const DEVICE_CODES: &str = r#"{"device_code":"8d1e40c7b95f23a6e07c41d8f9b2635a70e4c18d","user_code":"KTXB-QWRM","verification_uri":"https://github.com/login/device","expires_in":900,"interval":5}"#;
const LATER_CODE: &str = "9b1f6c04d7a82e35f610";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const STATES: [&str; 2] = [
    "kV3nQx8ZpR1tLw6yHs0uDf5gJb2mCe7aXi4oTq9rNzE",
    "Bq4rWm7xKt0zNs2vYd9hPf6jLc1gUe8aRi3oXy5nTwQ",
];
/// 2026-11-23T12:00:00Z.
const STARTED: Moment = Moment(1_795_435_200_000);

/// A scenario, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// What happened, in a sentence.
    pub about: String,
    /// Where such a mistake was seen: a section of `docs/github.md`, a report.
    pub cite: String,
    /// What is expected of the diagnosis.
    pub expect: Expectation,
    /// The text that was pasted, where that is the whole story: who reads it reads the transcript out of it.
    pub pasted: Option<String>,
    /// What was observed.
    pub transcript: Transcript,
}

/// What is expected of the diagnosis of a scenario. Findings stand by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// The first finding.
    pub first: String,
    /// Its certainty: `observed`, `likely`, `possible`.
    pub certainty: String,
    /// Findings that must be there besides, of any certainty but ruled out.
    #[serde(default)]
    pub also: Vec<String>,
    /// Findings that must be ruled out.
    #[serde(default)]
    pub ruled_out: Vec<String>,
}

/// Why a text is not a scenario.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScenarioError {
    /// The text is not TOML of the right form; the message names line and reason.
    #[error("{0}")]
    Form(String),
    /// A step cannot be taken.
    #[error("step {step}: {reason}")]
    Step {
        /// Counted from 1.
        step: usize,
        /// Why not.
        reason: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    about: String,
    cite: String,
    expect: Expectation,
    pasted: Option<String>,
    #[serde(default)]
    app: App,
    #[serde(default)]
    step: Vec<Step>,
}

/// Deviations of the configuration from the good one.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct App {
    host: Option<String>,
    authorization_endpoint: Option<String>,
    token_endpoint: Option<String>,
    #[serde(default)]
    simulated: bool,
    /// RFC 6749 as it stands, in place of GitHub's habits.
    #[serde(default)]
    rfc6749: bool,
    /// Endpoints of RFC 7662 and RFC 7009.
    introspection_endpoint: Option<String>,
    revocation_endpoint: Option<String>,
    /// The device authorization grant, by a client without a secret.
    #[serde(default)]
    device: bool,
    client_id: Option<String>,
    client_secret: Option<String>,
    client_secret_from: Option<String>,
    redirect_uri: Option<String>,
    scopes: Option<Vec<String>>,
    pkce: Option<bool>,
    basic: Option<bool>,
    accept: Option<String>,
    registered: Option<Vec<String>>,
    wildcard: Option<bool>,
    registered_client_id: Option<String>,
    registered_client_secret: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    #[serde(rename = "do")]
    what: String,
    /// Milliseconds since the start; else some time after the step before.
    at: Option<u64>,
    // authorize
    #[serde(default)]
    params: std::collections::BTreeMap<String, String>,
    #[serde(default)]
    without: Vec<String>,
    // redirect
    query: Option<String>,
    path: Option<String>,
    method: Option<String>,
    header_host: Option<String>,
    pasted: Option<String>,
    // exchange
    client_id: Option<String>,
    client_secret: Option<String>,
    code: Option<String>,
    redirect_uri: Option<String>,
    code_verifier: Option<String>,
    /// The token that something is done with.
    token: Option<String>,
    scope: Option<String>,
    grant_type: Option<String>,
    accept: Option<String>,
    user_agent: Option<String>,
    basic: Option<bool>,
    url: Option<String>,
    authorization: Option<String>,
    request_body: Option<String>,
    // answers
    answer: Option<String>,
    status: Option<u16>,
    body: Option<String>,
    #[serde(default)]
    body_end: BodyEnd,
    #[serde(default)]
    headers: std::collections::BTreeMap<String, String>,
    fails: Option<FailureKind>,
    certificate: Option<Box<Certificate>>,
    proxy: Option<String>,
    takes: Option<u64>,
    /// The answer comes only after the next step.
    #[serde(default)]
    answered_later: bool,
    // listener and browser
    reason: Option<String>,
    #[serde(default)]
    in_use: bool,
    why: Option<CannotListen>,
    /// What a person says their browser shows.
    shows: Option<BrowserShows>,
}

impl Scenario {
    /// Reads a scenario.
    ///
    /// # Errors
    /// The line and the reason if it is not a scenario.
    pub fn read(text: &str) -> Result<Self, ScenarioError> {
        let file: File = toml::from_str(text).map_err(|error| ScenarioError::Form(error.to_string()))?;
        let mut story = Story::new(&file.app);
        for (index, step) in file.step.iter().enumerate() {
            story.take(step).map_err(|reason| ScenarioError::Step {
                step: index + 1,
                reason,
            })?;
        }
        story.give_late_answer();
        Ok(Self {
            about: file.about,
            cite: file.cite,
            expect: file.expect,
            pasted: file.pasted,
            transcript: story.transcript,
        })
    }
}

/// A transcript in the making.
struct Story {
    configuration: Configuration,
    transcript: Transcript,
    clock: u64,
    authorizations: usize,
    request: AuthorizationRequest,
    taken: bool,
    received: Option<String>,
    exchanges: u32,
    late: Option<(u64, Observation)>,
}

impl Story {
    fn new(app: &App) -> Self {
        let source = if app.simulated {
            Source::Simulator
        } else {
            Source::Live
        };
        Self {
            configuration: configuration(app),
            transcript: Transcript::new(source, STARTED),
            clock: 0,
            authorizations: 0,
            request: AuthorizationRequest::default(),
            taken: false,
            received: None,
            exchanges: 0,
            late: None,
        }
    }

    fn record(&mut self, observation: Observation) {
        self.transcript.record(STARTED.plus(self.clock), observation);
    }

    fn param(&self, name: &str) -> String {
        self.request.params.get(name).unwrap_or_default().to_owned()
    }

    /// The code that the present authorization would bring.
    fn fresh_code(&self) -> &'static str {
        if self.authorizations > 1 { LATER_CODE } else { CODE }
    }

    fn fill(&self, text: &str) -> String {
        text.replace("{code}", self.fresh_code())
            .replace("{state}", &self.param("state"))
            .replace("{redirect_uri}", &self.param("redirect_uri"))
    }

    fn take(&mut self, step: &Step) -> Result<(), String> {
        let pause = match step.what.as_str() {
            "authorize" | "bind_failed" | "cannot_listen" | "answer" => 0,
            "redirect" => 4000,
            "exchange" => 200,
            "poll" => 5000,
            _ => 1000,
        };
        self.clock = step.at.unwrap_or(self.clock.saturating_add(pause));
        match step.what.as_str() {
            "authorize" => self.authorize(step),
            "bind_failed" => self.record(Observation::ListenerFailed {
                address: "127.0.0.1:8914".into(),
                in_use: step.in_use,
                reason: step
                    .reason
                    .clone()
                    .unwrap_or_else(|| "Address already in use".into()),
            }),
            "cannot_listen" => self.record(Observation::ListenerImpossible {
                why: step.why.ok_or("`why` is missing")?,
            }),
            "browser_failed" => self.record(Observation::BrowserFailed {
                reason: step.reason.clone().unwrap_or_else(|| "no browser found.".into()),
            }),
            "redirect" => self.redirect(step),
            "timeout" => {
                let seconds = self.clock / 1000;
                self.record(Observation::RedirectTimedOut { seconds });
            }
            "page" => self.record(Observation::PageSeen {
                status: step.status.unwrap_or(404),
                text: step.body.clone().unwrap_or_default(),
            }),
            "report" => self.record(Observation::BrowserReported {
                shows: step.shows.ok_or("`shows` is missing")?,
            }),
            "tell_registered" => self.record(Observation::RegistrationTold {
                redirect_uris: vec![Registered {
                    uri: step.redirect_uri.clone().ok_or("`redirect_uri` is missing")?,
                    wildcard: true,
                }],
            }),
            "cancel" => self.record(Observation::Cancelled),
            "exchange" => self.exchange(step, Purpose::Token)?,
            "device" => self.device(step)?,
            "poll" => {
                let mut asking = self.configuration.clone();
                asking.poll.client_id.clone_from(&step.client_id);
                asking.poll.grant_type.clone_from(&step.grant_type);
                let code = Secret::new(step.code.as_deref().unwrap_or(DEVICE_CODE));
                self.ask(asking.device_token_request(&code), Purpose::Token, step)?;
            }
            "device_timeout" => {
                let seconds = self.clock / 1000;
                self.record(Observation::DeviceCodeTimedOut { seconds });
            }
            "hold" => self.hold(),
            "user" if step.token.is_none() => self.ask(
                HttpRequest::get(self.configuration.provider.user_endpoint().unwrap_or_default()),
                Purpose::User,
                step,
            )?,
            "probe_credentials" => self.exchange(step, Purpose::ProbeCredentials)?,
            "probe_authorization" => {
                let mut request = AuthorizationRequest {
                    endpoint: self.configuration.provider.authorization_endpoint.clone(),
                    params: Params::default(),
                };
                request.params.push("client_id", &self.configuration.client_id);
                self.ask(HttpRequest::get(request.url()), Purpose::ProbeAuthorization, step)?;
            }
            "answer" => self.pasted_answer(step),
            other => self.token_step(other, step)?,
        }
        if step.what != "exchange" {
            self.give_late_answer();
        }
        Ok(())
    }

    fn device(&mut self, step: &Step) -> Result<(), String> {
        let request = self.configuration.device_authorization_request();
        self.record(Observation::AuthorizationStarted {
            configuration: Box::new(self.configuration.clone()),
            request: AuthorizationRequest {
                endpoint: request.endpoint.clone(),
                params: request.params(),
            },
        });
        self.ask(request.to_http(), Purpose::DeviceAuthorization, step)
    }

    fn authorize(&mut self, step: &Step) {
        let state = STATES[self.authorizations.min(STATES.len() - 1)];
        let challenge = self.configuration.pkce.then(|| pkce::challenge(VERIFIER));
        let mut params = self.configuration.authorization_params(
            &self.configuration.redirect_uri,
            state,
            challenge.as_deref(),
        );
        for (name, value) in &step.params {
            params.0.retain(|(n, _)| n != name);
            params.push(name, value);
        }
        params.0.retain(|(name, _)| !step.without.contains(name));
        self.request = AuthorizationRequest {
            endpoint: self.configuration.provider.authorization_endpoint.clone(),
            params,
        };
        self.authorizations += 1;
        self.taken = false;
        self.received = None;
        self.record(Observation::AuthorizationStarted {
            configuration: Box::new(self.configuration.clone()),
            request: self.request.clone(),
        });
    }

    fn redirect(&mut self, step: &Step) {
        let uri = self.param("redirect_uri");
        let parsed = RedirectUri::parse(&uri).ok();
        let host = parsed.as_ref().map_or_else(String::new, |uri| {
            uri.port
                .map_or_else(|| uri.host.clone(), |port| format!("{}:{port}", uri.host))
        });
        let mut bare = false;
        let (channel, request) = if let Some(text) = &step.pasted {
            let request = match redirect::read_pasted(&self.fill(text)) {
                Pasted::Redirect(request) => request,
                Pasted::BareCode(code) => {
                    bare = true;
                    redirect::of_bare_code(&code)
                }
                Pasted::Empty | Pasted::Prose => HttpRequest::get("?"),
            };
            (Channel::Pasted, request)
        } else {
            let path = step.path.clone().unwrap_or_else(|| {
                parsed
                    .as_ref()
                    .map_or_else(|| "/".into(), |uri| uri.effective_path().to_owned())
            });
            let query = self.fill(step.query.as_deref().unwrap_or("code={code}&state={state}"));
            let request = HttpRequest {
                method: step.method.clone().unwrap_or_else(|| "GET".into()),
                ..HttpRequest::get(format!("{path}?{query}"))
            }
            .with_header("Host", step.header_host.clone().unwrap_or_else(|| host.clone()));
            (Channel::Listener, request)
        };
        let disposition = if bare {
            Disposition::AcceptedUnchecked
        } else {
            let expected = Expected {
                redirect_uri: &uri,
                state: &self.param("state"),
                issuer: self.configuration.provider.issuer.as_deref(),
                listening: Some(&host),
                taken: self.taken,
            };
            redirect::classify(&expected, channel, &request)
        };
        if disposition.is_taken() {
            self.taken = true;
            self.received = Params::decode(request.query().unwrap_or_default())
                .get("code")
                .map(str::to_owned);
        }
        self.record(Observation::RedirectReceived {
            channel,
            request,
            disposition,
        });
    }

    fn exchange(&mut self, step: &Step, purpose: Purpose) -> Result<(), String> {
        let verifier = self.configuration.pkce.then(|| Secret::new(VERIFIER));
        let mut request = self
            .configuration
            .token_request(&self.param("redirect_uri"), verifier.as_ref());
        request.grant.code = match purpose {
            Purpose::Token => self.received.clone().unwrap_or_default(),
            _ => "0".repeat(20),
        };
        self.alter(&mut request, step);
        let mut http = request.to_http();
        if !step.without.is_empty() {
            let mut params = Params::decode(&String::from_utf8_lossy(&http.body));
            params.0.retain(|(name, _)| !step.without.contains(name));
            http.body = params.encode().into_bytes();
        }
        if let Some(body) = &step.request_body {
            http.body = self.fill(body).into_bytes();
        }
        if let Some(value) = &step.authorization {
            http.headers.retain(|(name, _)| name != "Authorization");
            http = http.with_header("Authorization", value);
        }
        if let Some(value) = &step.user_agent {
            http.headers
                .retain(|(name, _)| !name.eq_ignore_ascii_case("user-agent"));
            http = http.with_header("User-Agent", value);
        }
        if let Some(method) = &step.method {
            http.method.clone_from(method);
        }
        self.ask(http, purpose, step)
    }

    fn alter(&self, request: &mut TokenRequest, step: &Step) {
        if let Some(id) = &step.client_id {
            request.client_id.clone_from(id);
        }
        if let Some(secret) = &step.client_secret {
            request.client_secret = Some(Secret::new(secret.clone()));
        }
        if let Some(code) = &step.code {
            request.grant.code = self.fill(code);
        }
        if let Some(uri) = &step.redirect_uri {
            request.grant.redirect_uri = Some(self.fill(uri));
        }
        if let Some(verifier) = &step.code_verifier {
            request.grant.code_verifier = Some(Secret::new(verifier.clone()));
        }
        if let Some(url) = &step.url {
            request.endpoint.clone_from(url);
        }
        if let Some(accept) = &step.accept {
            request.accept = (!accept.is_empty()).then(|| accept.clone());
        }
        if let Some(basic) = step.basic {
            request.authentication = authentication(basic);
        }
        for name in &step.without {
            match name.as_str() {
                "client_secret" => request.client_secret = None,
                "redirect_uri" => request.grant.redirect_uri = None,
                "code_verifier" => request.grant.code_verifier = None,
                _ => {}
            }
        }
    }

    fn ask(&mut self, request: HttpRequest, purpose: Purpose, step: &Step) -> Result<(), String> {
        self.exchanges += 1;
        let exchange = self.exchanges;
        let millis = step.takes.unwrap_or(180);
        self.record(Observation::RequestSent {
            exchange,
            purpose,
            request,
            origins: Origins::default(),
        });
        let outcome = if let Some(kind) = step.fails {
            Observation::RequestFailed {
                exchange,
                failure: Failure {
                    kind,
                    detail: step
                        .reason
                        .clone()
                        .unwrap_or_else(|| "the layer below said so.".into()),
                    certificate: step.certificate.clone(),
                    proxy: step.proxy.clone(),
                },
                millis,
            }
        } else {
            Observation::ResponseReceived {
                exchange,
                response: response(step)?,
                millis,
            }
        };
        if step.answered_later {
            self.late = Some((self.clock.saturating_add(millis), outcome));
            return Ok(());
        }
        self.clock = self.clock.saturating_add(millis);
        self.record(outcome);
        self.give_late_answer();
        Ok(())
    }

    fn give_late_answer(&mut self) {
        if let Some((at, observation)) = self.late.take() {
            self.clock = self.clock.max(at);
            self.record(observation);
        }
    }

    fn pasted_answer(&mut self, step: &Step) {
        self.transcript.source = Source::Pasted;
        let mut response = response(step).unwrap_or_default();
        if step.status.is_none() {
            response.status = STATUS_NOT_SEEN;
            response.headers.clear();
        }
        self.record(Observation::ResponseReceived {
            exchange: 1,
            response,
            millis: 0,
        });
    }
}

fn authentication(basic: bool) -> ClientAuthentication {
    if basic {
        ClientAuthentication::ClientSecretBasic
    } else {
        ClientAuthentication::ClientSecretPost
    }
}

fn configuration(app: &App) -> Configuration {
    let mut provider = if app.simulated {
        Provider::simulator("http://127.0.0.1:8900")
    } else {
        app.host
            .as_deref()
            .map_or_else(Provider::default, |host| DEFAULT.at(host))
    };
    if let Some(endpoint) = &app.authorization_endpoint {
        provider.authorization_endpoint.clone_from(endpoint);
    }
    if let Some(endpoint) = &app.token_endpoint {
        provider.token_endpoint.clone_from(endpoint);
    }
    if let Some(endpoint) = &app.introspection_endpoint {
        provider.introspection_endpoint.clone_from(endpoint);
    }
    if let Some(endpoint) = &app.revocation_endpoint {
        provider.revocation_endpoint.clone_from(endpoint);
    }
    if app.rfc6749 {
        provider.profile = &RFC6749;
        provider.issuer = None;
    }
    let wildcard = app.wildcard.unwrap_or(true);
    let registration = Registration {
        redirect_uris: app
            .registered
            .iter()
            .flatten()
            .map(|uri| Registered {
                uri: uri.clone(),
                wildcard,
            })
            .collect(),
        client_id: app.registered_client_id.clone(),
        client_secret: app.registered_client_secret.clone().map(Secret::new),
    };
    let mut origins = Origins::default();
    if let Some(name) = &app.client_secret_from {
        let origin = match name.strip_prefix("file:") {
            Some(path) => Origin::File(path.to_owned()),
            None => Origin::Environment(name.clone()),
        };
        origins.set(Field::ClientSecret, origin);
    }
    let good = Configuration::default();
    Configuration {
        grant: if app.device {
            GrantKind::DeviceCode
        } else {
            GrantKind::default()
        },
        provider,
        client_id: app.client_id.clone().unwrap_or_else(|| CLIENT_ID.into()),
        client_secret: (!app.device || app.client_secret.is_some())
            .then(|| Secret::new(app.client_secret.clone().unwrap_or_else(|| CLIENT_SECRET.into()))),
        redirect_uri: app.redirect_uri.clone().unwrap_or(good.redirect_uri),
        scopes: app.scopes.clone().unwrap_or_else(|| vec!["repo".into()]),
        pkce: app.pkce.unwrap_or(true),
        authentication: authentication(app.basic.unwrap_or(false)),
        accept: app
            .accept
            .as_ref()
            .map_or(good.accept, |accept| (!accept.is_empty()).then(|| accept.clone())),
        origins,
        registration,
        ..Configuration::default()
    }
}

/// GitHub's own answers by name (docs/github.md §3), so that scenarios need not spell them out.
fn response(step: &Step) -> Result<HttpResponse, String> {
    let named = |name: &str| {
        if name == "device_codes" {
            return Some(DEVICE_CODES.to_owned());
        }
        if name == "token" {
            return Some(r#"{"access_token":"gho_16C7e42F292c6912E7710c838347Ae178B4a","scope":"repo","token_type":"bearer"}"#.to_owned());
        }
        let refusal = errors::by_code(name)?;
        let mut members =
            serde_json::json!({ "error": refusal.error, "error_description": refusal.description });
        if let Some(uri) = refusal.uri {
            members["error_uri"] = uri.into();
        }
        Some(members.to_string())
    };
    let body = match (&step.body, &step.answer) {
        (Some(body), _) => body.clone(),
        (None, Some(name)) => named(name).ok_or_else(|| format!("`{name}` is no answer with a name"))?,
        (None, None) => String::new(),
    };
    let mut headers: Vec<(String, String)> = step
        .headers
        .iter()
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    if step.body.is_none() && step.answer.is_some() {
        headers.push(("Content-Type".into(), "application/json; charset=utf-8".into()));
    }
    Ok(HttpResponse {
        status: step.status.unwrap_or(200),
        headers,
        body: body.into_bytes(),
        body_cut_at: None,
        body_end: step.body_end,
    })
}

#[cfg(test)]
mod tests {
    use crate::sources::scenario::*;

    #[test]
    fn what_is_left_out_is_a_good_flow() {
        let text = r#"
            about = "a good flow"
            cite = "docs/github.md §1"
            [expect]
            first = "token_obtained"
            certainty = "observed"
            [[step]]
            do = "authorize"
            [[step]]
            do = "redirect"
            [[step]]
            do = "exchange"
            answer = "token"
        "#;
        let scenario = Scenario::read(text).unwrap();
        let entries = &scenario.transcript.entries;
        assert_eq!(
            entries.iter().map(|e| e.at).collect::<Vec<_>>(),
            [0, 4000, 4200, 4380]
        );
        assert!(matches!(
            entries[1].observation,
            Observation::RedirectReceived {
                disposition: Disposition::Accepted,
                ..
            }
        ));
    }

    #[test]
    fn what_is_no_scenario_is_refused_with_the_reason() {
        let head = "about = \"a\"\ncite = \"b\"\n[expect]\nfirst = \"c\"\ncertainty = \"observed\"\n";
        for (rest, reason) in [
            ("[[step]]\ndo = \"dance\"\n", "step 1: `dance` is no step"),
            (
                "[[step]]\ndo = \"authorize\"\ncolour = 1\n",
                "unknown field `colour`",
            ),
            (
                "[[step]]\ndo = \"exchange\"\nanswer = \"x\"\n",
                "step 1: `x` is no answer with a name",
            ),
        ] {
            let error = Scenario::read(&format!("{head}{rest}")).unwrap_err().to_string();
            assert!(error.contains(reason), "{error}");
        }
    }
}
