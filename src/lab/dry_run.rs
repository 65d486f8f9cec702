//! A whole flow in memory: the flow, the simulator and a browser tab that does what it is told, without a socket and in no
//! time. The walkthrough shows its transcripts; the time in them is what such a flow takes.

use std::{collections::VecDeque, net::SocketAddr};

use crate::{
    flow::{
        autopilot::{Step, Walk},
        configuration::{Configuration, Field, Origin, Registration},
        effect::Effect,
        event::{Command, Event, Ticket},
        machine::Flow,
        transcript::{Failure, FailureKind, Source, Transcript},
    },
    lab::faults::Fault,
    oauth::{
        http::HttpRequest, random::Entropy, redirect_matching::Registered, redirect_uri::RedirectUri,
        secret::Secret, time::Moment,
    },
    providers::Provider,
    simulator::{Account, App, AppKind, Dialect, Habits, Options, Simulator},
};

/// What is rehearsed: the app, the server's habits and what the client asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// What the authorization server is called.
    pub provider_name: String,
    /// Where it is said to be; its issuer identifier is made from this.
    pub base_url: String,
    /// Its authorization endpoint.
    pub authorization_endpoint: String,
    /// Its token endpoint.
    pub token_endpoint: String,
    /// The app's name on the consent page.
    pub app_name: String,
    /// The app's id.
    pub client_id: String,
    /// The redirect URI, registered and sent.
    pub redirect_uri: String,
    /// Scopes asked for.
    pub scopes: Vec<String>,
    /// The server's habits.
    pub habits: Habits,
    /// Equal seeds give equal transcripts.
    pub seed: u8,
}

impl Default for Stage {
    fn default() -> Self {
        Self::of(Dialect::default())
    }
}

impl Stage {
    /// A server that answers in these words.
    pub fn of(dialect: Dialect) -> Self {
        Self::at(dialect.home(), dialect)
    }

    /// The same at another place.
    pub fn at(base_url: &str, dialect: Dialect) -> Self {
        let base_url = base_url.trim_end_matches('/');
        let neutral = dialect.profile().is_neutral();
        let provider = if neutral {
            Provider::custom(&format!("{base_url}/authorize"), &format!("{base_url}/token"), "")
        } else {
            Provider::simulator(base_url)
        };
        Self {
            provider_name: provider.name,
            base_url: base_url.to_owned(),
            authorization_endpoint: provider.authorization_endpoint,
            token_endpoint: provider.token_endpoint,
            app_name: "Demo app".into(),
            client_id: if neutral {
                "demo-app".into()
            } else {
                crate::simulator::DEMO_CLIENT_ID.into()
            },
            redirect_uri: crate::flow::configuration::DEFAULT_REDIRECT_URI.into(),
            scopes: vec![if neutral { "openid" } else { "read:user" }.into()],
            habits: Habits {
                dialect,
                // A server that implements RFC 6749 alone does not send `iss` (RFC 9207).
                iss: !neutral,
                ..Habits::default()
            },
            seed: 1,
        }
    }

    /// The provider of a rehearsed flow.
    pub fn rehearsed_provider(&self) -> Provider {
        let mut provider = Provider {
            name: self.provider_name.clone(),
            authorization_endpoint: self.authorization_endpoint.clone(),
            token_endpoint: self.token_endpoint.clone(),
            profile: self.habits.dialect.profile(),
            ..Provider::simulator(&self.base_url)
        };
        if provider.profile.is_neutral() {
            provider.issuer = Some(self.base_url.clone());
            // The RFC knows no profile to read.
            provider.api_url.clear();
        }
        provider
    }

    /// The provider itself, for a flow with an app of one's own.
    pub fn provider(&self) -> Provider {
        let profile = self.habits.dialect.profile();
        match self.base_url.strip_prefix("https://") {
            Some(host) if !profile.is_neutral() => Provider {
                name: self.provider_name.clone(),
                authorization_endpoint: self.authorization_endpoint.clone(),
                token_endpoint: self.token_endpoint.clone(),
                ..profile.at(host)
            },
            _ => Provider {
                simulated: false,
                ..self.rehearsed_provider()
            },
        }
    }
}

/// Milliseconds that a person takes at the consent page.
const CONSENT: u64 = 3_200;
/// Milliseconds that a request takes.
const NETWORK: u64 = 140;
/// Milliseconds that a person takes to copy a code and paste it.
const PASTING: u64 = 9_000;
/// Milliseconds between two redirects of one authorization.
const AGAIN: u64 = 60;
/// Every rehearsal begins at this moment, so that it is the same each time.
const BEGINNING: Moment = Moment(1_790_000_000_000);
/// A rehearsal that is not over by then goes in circles.
const MOST_STEPS: usize = 200;

/// Plays a flow from its start to its end and gives what was observed. With a fault, the fault is in it.
pub fn rehearse(stage: &Stage, fault: Option<Fault>) -> Transcript {
    let mut entropy = Entropy::from_seed([stage.seed; 32]);
    let client_secret = Secret::new(entropy.draw_hex(40));
    let registered = vec![Registered {
        uri: without_loopback_port(&stage.redirect_uri),
        wildcard: stage.habits.dialect.profile().wildcard(),
    }];
    let app = App {
        kind: AppKind::OAuthApp,
        client_id: stage.client_id.clone(),
        client_secret: client_secret.clone(),
        name: stage.app_name.clone(),
        registered: registered.clone(),
        suspended: false,
        expiring_tokens: None,
    };
    let mut options = Options {
        base_url: stage.base_url.clone(),
        app,
        more_apps: Vec::new(),
        account: Account::default(),
        more_accounts: Vec::new(),
        habits: stage.habits.clone(),
    };
    let mut configuration = Configuration {
        provider: stage.rehearsed_provider(),
        client_id: stage.client_id.clone(),
        client_secret: Some(client_secret.clone()),
        redirect_uri: stage.redirect_uri.clone(),
        scopes: stage.scopes.clone(),
        registration: Registration {
            redirect_uris: registered,
            client_id: Some(stage.client_id.clone()),
            client_secret: Some(client_secret),
        },
        ..Configuration::default()
    };
    for field in [Field::ClientId, Field::ClientSecret, Field::RedirectUri] {
        configuration.origins.set(field, Origin::Simulator);
    }
    if let Some(fault) = fault {
        fault.prepare(&mut configuration, &mut options);
    }
    let mut play = Play {
        simulator: Simulator::new(options, Entropy::from_seed([stage.seed ^ 0xff; 32])),
        stage,
        fault,
        now: BEGINNING,
        events: VecDeque::new(),
        tickets: 0,
    };
    let mut flow = Flow::new(Source::Simulator, entropy, BEGINNING);
    let mut walk = Walk::new(fault);
    let effects = flow.command(Command::Authorize(Box::new(configuration)), play.now);
    play.perform(effects);
    for _ in 0..MOST_STEPS {
        if let Some(event) = play.events.pop_front() {
            let effects = flow.on(event, play.now);
            play.perform(effects);
            continue;
        }
        match walk.next(&flow) {
            Step::Exchange(exchange) => {
                play.now = play
                    .now
                    .plus(NETWORK + fault.map_or(0, Fault::millis_before_exchange));
                if let Some(fault) = fault {
                    fault.before_exchange(exchange.number, play.simulator.options_mut());
                }
                let effects = flow.command(exchange.command(), play.now);
                play.perform(effects);
            }
            Step::Paste(text) => {
                play.now = play.now.plus(PASTING);
                let effects = flow.command(Command::PasteRedirect(text), play.now);
                play.perform(effects);
            }
            Step::Wait | Step::Over => break,
        }
    }
    flow.transcript
}

fn without_loopback_port(redirect_uri: &str) -> String {
    match RedirectUri::parse(redirect_uri) {
        Ok(mut uri) if uri.is_loopback() => {
            uri.port = None;
            uri.to_string()
        }
        _ => redirect_uri.to_owned(),
    }
}

struct Play<'s> {
    stage: &'s Stage,
    simulator: Simulator,
    fault: Option<Fault>,
    now: Moment,
    events: VecDeque<Event>,
    tickets: u64,
}

impl Play<'_> {
    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Listen { flow, address, .. } => {
                    let port = if address.port() == 0 { 8914 } else { address.port() };
                    self.events
                        .push_back(Event::ListenerBound(flow, SocketAddr::new(address.ip(), port)));
                }
                Effect::OpenBrowser(flow, url) => {
                    self.events.push_back(Event::BrowserOpened(flow));
                    self.now = self.now.plus(CONSENT);
                    let event = self.browse(flow, &url);
                    for _ in 1..self.fault.map_or(1, Fault::redirects) {
                        self.events.push_back(event.clone());
                        self.now = self.now.plus(AGAIN);
                    }
                    self.events.push_back(event);
                }
                Effect::SendRequest {
                    flow,
                    exchange,
                    request,
                } => {
                    self.now = self.now.plus(NETWORK);
                    let response = self.simulator.respond(&self.at_the_simulator(&request), self.now);
                    self.events
                        .push_back(if let Some(kind) = self.fault.and_then(Fault::failure) {
                            let failure = Failure::new(kind, in_the_words_of_the_network(kind));
                            Event::RequestFailed {
                                flow,
                                exchange,
                                failure,
                                millis: NETWORK,
                            }
                        } else {
                            Event::ResponseArrived {
                                flow,
                                exchange,
                                response,
                                millis: NETWORK,
                            }
                        });
                }
                _ => {}
            }
        }
    }

    /// The request as the simulator knows it, by its own paths.
    fn at_the_simulator(&self, request: &HttpRequest) -> HttpRequest {
        let mut request = request.clone();
        if request.path() == HttpRequest::get(&self.stage.token_endpoint).path() {
            request.url = Provider::simulator(&self.stage.base_url).token_endpoint;
        }
        request
    }

    /// What the browser does with the authorization request: back to the listener, or stuck at a page.
    fn browse(&mut self, flow: crate::flow::event::FlowId, url: &str) -> Event {
        let decision = self
            .fault
            .map_or(crate::simulator::Decision::Approve, Fault::decision);
        let simulated = Provider::simulator(&self.stage.base_url).authorization_endpoint;
        let url = url.replacen(&self.stage.authorization_endpoint, &simulated, 1);
        match self.simulator.decide(&url, decision, self.now) {
            Ok(redirect) => {
                let redirect = self
                    .fault
                    .map_or(redirect.clone(), |fault| fault.alter_redirect(&redirect));
                let (base, query) = redirect.split_once('?').unwrap_or((&redirect, ""));
                let uri = RedirectUri::parse(base).ok();
                let path = uri.as_ref().map_or("/", RedirectUri::effective_path).to_owned();
                let host = uri.map_or_else(String::new, |uri| match uri.port {
                    Some(port) => format!("{}:{port}", uri.host),
                    None => uri.host,
                });
                self.tickets += 1;
                let request = HttpRequest::get(format!("{path}?{query}"))
                    .with_header("Host", host)
                    .with_header("User-Agent", "Mozilla/5.0 (a simulated browser)");
                Event::RequestArrived(flow, Ticket(self.tickets), request)
            }
            Err(stuck) if !self.stage.habits.dialect.profile().is_neutral() => {
                Event::PageSeen(flow, stuck.status, stuck.text)
            }
            // RFC 6749 §4.1.2.1: such a request is not redirected. How a page says so is open.
            Err(stuck) => {
                let about = if stuck.status == 404 {
                    "client_id"
                } else {
                    "redirect_uri"
                };
                Event::PageSeen(flow, 400, format!("invalid_request: {about}"))
            }
        }
    }
}

/// The failure as a system would word it.
fn in_the_words_of_the_network(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::Dns => "Name or service not known",
        FailureKind::TimedOut => "operation timed out",
        FailureKind::NotTls => "received corrupt message of type InvalidContentType",
        _ => "Connection refused",
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnosis::{context::Facts, outcome::Outcome};
    use crate::lab::dry_run::*;

    #[test]
    fn a_rehearsal_gives_a_token_and_is_the_same_each_time() {
        let stage = Stage::default();
        let transcript = rehearse(&stage, None);
        assert_eq!(Outcome::of(&Facts::of(&transcript)), Outcome::Token);
        assert_eq!(rehearse(&stage, None), transcript);
    }

    #[test]
    fn a_provider_of_the_rfc_answers_in_its_words_from_its_own_endpoints() {
        let stage = Stage {
            token_endpoint: "https://api.example.com/v2/oauth/token".into(),
            ..Stage::at("https://id.example.com/", Dialect::Rfc6749)
        };
        let good = rehearse(&stage, None);
        let facts = Facts::of(&good);
        assert_eq!(Outcome::of(&facts), Outcome::Token);
        let token = facts.current().unwrap().token().unwrap();
        assert!(!token.access_token.reveal().starts_with("gho_"));
        assert_eq!(token.scope.as_deref(), Some(&["openid".to_owned()][..]));
        assert_eq!(
            facts.current().unwrap().exchange.request.unwrap().url,
            "https://api.example.com/v2/oauth/token"
        );
        for (fault, error, status) in [
            (Fault::WrongClientSecret, "invalid_client", 400),
            (Fault::BasicAndBody, "invalid_client", 401),
            (Fault::WrongClientId, "invalid_client", 400),
            (Fault::RedirectUriPathDiffers, "invalid_grant", 400),
            (Fault::CodeReused, "invalid_grant", 400),
            (Fault::CodeVerifierWrong, "invalid_grant", 400),
        ] {
            let transcript = rehearse(&stage, Some(fault));
            let facts = Facts::of(&transcript);
            let name = fault.name();
            let refusal = facts.error().expect(name);
            assert_eq!(refusal.error, error, "{name}");
            assert_eq!(refusal.error_uri, None, "{name}");
            let response = facts.current().unwrap().exchange.response.unwrap();
            assert_eq!(response.status, status, "{name}");
        }
    }

    #[test]
    fn a_rehearsed_fault_ends_as_it_says() {
        for (fault, error) in [
            (Fault::ClientSecretWithNewline, "incorrect_client_credentials"),
            (Fault::RedirectUriDiffersAtExchange, "redirect_uri_mismatch"),
            (Fault::CodeReused, "bad_verification_code"),
            (Fault::CodeExpired, "bad_verification_code"),
        ] {
            let transcript = rehearse(&Stage::default(), Some(fault));
            let facts = Facts::of(&transcript);
            assert_eq!(
                facts.error().map(|e| e.error.as_str()),
                Some(error),
                "{}",
                fault.name()
            );
        }
    }
}
