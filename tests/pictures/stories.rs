//! Transcripts told by hand: each the trace of one mistake, or of none.

use std::net::SocketAddr;

use oauthlens::{
    flow::{
        configuration::{Configuration, Field, Origin, Origins, Registration},
        transcript::{Channel, Disposition, Failure, FailureKind, Observation, Purpose, Source, Transcript},
    },
    oauth::{
        authorization::AuthorizationRequest,
        http::{HttpRequest, HttpResponse},
        pkce,
        redirect_matching::Registered,
        secret::Secret,
        time::Moment,
    },
    providers::Provider,
};

pub const ID: &str = "Ov23liA7bC9dE1fG3hJ5";
pub const SECRET: &str = "a1b2c3d4e5f60718293a4b5c6d7e8f9012349f0e";
pub const CODE: &str = "35e0ea2e9115f650b742";
pub const TOKEN: &str = "gho_16C7e42F292c6912E7710c838347Ae178B4a";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const STATE: &str = "Zx1c9dQ0pR7sT2uV5wX8yA3bC6dE9fG1hJ4kL7mN0oP";
const CALLBACK: &str = "http://127.0.0.1:8914/callback";

/// Writes a transcript, observation by observation.
pub struct Story {
    pub configuration: Configuration,
    pub transcript: Transcript,
    exchange: u32,
}

pub fn registered(uri: &str, wildcard: bool) -> Registered {
    Registered {
        uri: uri.into(),
        wildcard,
    }
}

impl Story {
    /// A flow against the simulator, nothing wrong yet.
    pub fn simulated() -> Self {
        let mut origins = Origins::default();
        origins.set(Field::ClientId, Origin::Simulator);
        origins.set(Field::ClientSecret, Origin::Simulator);
        Self::with(Configuration {
            provider: Provider::simulator("http://127.0.0.1:4567"),
            client_id: ID.into(),
            client_secret: Some(Secret::new(SECRET)),
            redirect_uri: CALLBACK.into(),
            scopes: vec!["repo".into(), "user".into(), "user:email".into()],
            origins,
            registration: Registration {
                redirect_uris: vec![registered("http://127.0.0.1/callback", true)],
                client_id: Some(ID.into()),
                client_secret: Some(Secret::new(SECRET)),
            },
            ..Configuration::default()
        })
    }

    /// A flow against GitHub, with values from the environment.
    pub fn live() -> Self {
        let mut story = Self::simulated();
        let configuration = &mut story.configuration;
        configuration.provider = oauthlens::providers::github::at("github.com");
        configuration.registration = Registration::default();
        configuration.origins = Origins::default();
        configuration.origins.set(Field::ClientId, Origin::Typed);
        let name = "GITHUB_CLIENT_SECRET".into();
        configuration
            .origins
            .set(Field::ClientSecret, Origin::Environment(name));
        Self::with(story.configuration)
    }

    fn with(configuration: Configuration) -> Self {
        let source = if configuration.provider.simulated {
            Source::Simulator
        } else {
            Source::Live
        };
        Self {
            configuration,
            transcript: Transcript::new(source, Moment(1_772_000_000_000)),
            exchange: 0,
        }
    }

    pub fn at(&mut self, millis: u64, observation: Observation) -> &mut Self {
        self.transcript
            .record(self.transcript.started.plus(millis), observation);
        self
    }

    pub fn authorize(&mut self, at: u64) -> &mut Self {
        let challenge = pkce::challenge(VERIFIER);
        let request = AuthorizationRequest {
            endpoint: self.configuration.provider.authorization_endpoint.clone(),
            params: self.configuration.authorization_params(
                &self.configuration.redirect_uri,
                STATE,
                self.configuration.pkce.then_some(challenge.as_str()),
            ),
        };
        let configuration = Box::new(self.configuration.clone());
        self.at(
            at,
            Observation::AuthorizationStarted {
                configuration,
                request,
            },
        )
    }

    pub fn listen(&mut self, at: u64) -> &mut Self {
        let address: SocketAddr = "127.0.0.1:8914".parse().unwrap();
        self.at(
            at,
            Observation::ListenerBound {
                address: address.to_string(),
            },
        )
    }

    pub fn browser(&mut self, at: u64) -> &mut Self {
        self.at(at, Observation::BrowserOpened)
    }

    pub fn redirect(&mut self, at: u64, query: &str, disposition: Disposition) -> &mut Self {
        let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
        let request = HttpRequest::get(format!("/callback?{query}"))
            .with_header("Host", "127.0.0.1:8914")
            .with_header("User-Agent", agent);
        self.at(
            at,
            Observation::RedirectReceived {
                channel: Channel::Listener,
                request,
                disposition,
            },
        )
    }

    /// Authorization, listener and a redirect with the code after 4.1 s.
    pub fn with_code(&mut self) -> &mut Self {
        self.listen(0).authorize(0).browser(5).redirect(
            4_100,
            &format!("code={CODE}&state={STATE}"),
            Disposition::Accepted,
        )
    }

    /// A token request with one parameter replaced, or left out where the replacement is `None`.
    pub fn exchange(&mut self, at: u64, replace: &str, by: Option<&str>) -> &mut Self {
        let configuration = &self.configuration;
        let verifier = configuration.pkce.then(|| Secret::new(VERIFIER));
        let mut request = configuration.token_request(&configuration.redirect_uri, verifier.as_ref());
        request.grant.code = CODE.into();
        match replace {
            "redirect_uri" => request.grant.redirect_uri = by.map(str::to_owned),
            "client_secret" => request.client_secret = by.map(Secret::new),
            "client_id" => request.client_id = by.unwrap_or_default().into(),
            "code" => request.grant.code = by.unwrap_or_default().into(),
            "code_verifier" => request.grant.code_verifier = by.map(Secret::new),
            _ => {}
        }
        self.exchange += 1;
        let observation = Observation::RequestSent {
            exchange: self.exchange,
            purpose: Purpose::Token,
            request: request.to_http(),
            origins: self.configuration.origins.clone(),
        };
        self.at(at, observation)
    }

    pub fn answer(&mut self, at: u64, status: u16, media_type: &str, body: &str) -> &mut Self {
        let response = HttpResponse {
            status,
            headers: vec![
                ("content-type".into(), format!("{media_type}; charset=utf-8")),
                ("date".into(), "Wed, 25 Feb 2026 06:13:24 GMT".into()),
            ],
            body: body.as_bytes().to_vec(),
            ..HttpResponse::default()
        };
        let exchange = self.exchange;
        self.at(
            at,
            Observation::ResponseReceived {
                exchange,
                response,
                millis: 212,
            },
        )
    }

    pub fn refusal(&mut self, at: u64, error: &str) -> &mut Self {
        let body = format!(
            r#"{{"error":"{error}","error_description":"A sentence about it.","error_uri":"/apps/managing-oauth-apps/troubleshooting-oauth-app-access-token-request-errors/#x"}}"#
        );
        self.answer(at, 200, "application/json", &body)
    }

    pub fn token(&mut self, at: u64) -> &mut Self {
        let body = format!(r#"{{"access_token":"{TOKEN}","token_type":"bearer","scope":"repo,user"}}"#);
        self.answer(at, 200, "application/json", &body)
    }

    pub fn user(&mut self, at: u64) -> &mut Self {
        self.exchange += 1;
        let exchange = self.exchange;
        let request = HttpRequest::get("http://127.0.0.1:4567/user")
            .with_header("Authorization", format!("Bearer {TOKEN}"))
            .with_header("Accept", "application/vnd.github+json");
        self.at(
            at,
            Observation::RequestSent {
                exchange,
                purpose: Purpose::User,
                request,
                origins: Origins::default(),
            },
        );
        let response = HttpResponse {
            status: 200,
            headers: vec![
                ("content-type".into(), "application/json; charset=utf-8".into()),
                ("x-oauth-scopes".into(), "repo, user".into()),
            ],
            body: br#"{"login":"octocat","id":1}"#.to_vec(),
            ..HttpResponse::default()
        };
        self.at(
            at + 90,
            Observation::ResponseReceived {
                exchange,
                response,
                millis: 90,
            },
        )
    }

    pub fn told(&mut self) -> Transcript {
        self.transcript.clone()
    }
}

/// All stories by name.
#[expect(clippy::too_many_lines, reason = "a table of stories, each of them short")]
pub fn all() -> Vec<(&'static str, Transcript)> {
    let long =
        "https://preview-4711.an-unusually-long-project-name.eu-central-1.example.com/auth/github/callback/";
    let mut long_uris = Story::live();
    long_uris.configuration.redirect_uri = long.into();
    long_uris.configuration.registration.redirect_uris = vec![
        registered(
            "https://www.an-unusually-long-project-name.example.com/auth/github/callback",
            false,
        ),
        registered("http://localhost/callback", true),
    ];
    let mut wildcard_off = Story::live();
    wildcard_off.configuration.redirect_uri = "https://app.example.com/oauth/github".into();
    wildcard_off.configuration.registration.redirect_uris =
        vec![registered("https://app.example.com/oauth", false)];
    let mut many = Story::simulated();
    many.with_code();
    for nth in 0..10_000 {
        many.exchange(5_000 + nth * 60, "", None)
            .refusal(5_030 + nth * 60, "bad_verification_code");
    }
    vec![
        (
            "secret_with_newline",
            Story::live()
                .with_code()
                .exchange(4_200, "client_secret", Some(&format!("{SECRET}\n")))
                .refusal(4_412, "incorrect_client_credentials")
                .told(),
        ),
        (
            "secret_of_another_app",
            Story::simulated()
                .with_code()
                .exchange(4_200, "client_secret", Some("a1b2c3d4e5f60718293a4b5c6d7effff12349f0e"))
                .refusal(4_412, "incorrect_client_credentials")
                .told(),
        ),
        (
            "secret_truncated_and_app_id",
            {
                let mut story = Story::live();
                story.configuration.client_id = "123456".into();
                story
                    .with_code()
                    .exchange(4_200, "client_secret", Some(&SECRET[..36]))
                    .refusal(4_412, "incorrect_client_credentials")
                    .told()
            },
        ),
        (
            "secret_undefined",
            Story::live()
                .with_code()
                .exchange(4_200, "client_secret", Some("undefined"))
                .refusal(4_412, "incorrect_client_credentials")
                .told(),
        ),
        (
            "secret_left_out",
            Story::live()
                .with_code()
                .exchange(4_200, "client_secret", None)
                .refusal(4_412, "incorrect_client_credentials")
                .told(),
        ),
        (
            "redirect_uri_differs_at_exchange",
            Story::simulated()
                .with_code()
                .exchange(4_200, "redirect_uri", Some("http://localhost:8914/callback"))
                .refusal(4_412, "redirect_uri_mismatch")
                .told(),
        ),
        (
            "redirect_uri_long",
            long_uris.with_code().exchange(4_200, "", None).refusal(4_412, "redirect_uri_mismatch").told(),
        ),
        (
            "redirect_uri_wildcard_off",
            wildcard_off
                .with_code()
                .exchange(4_200, "redirect_uri", Some("app.example.com/oauth/github"))
                .refusal(4_412, "redirect_uri_mismatch")
                .told(),
        ),
        (
            "code_reused",
            Story::simulated()
                .with_code()
                .exchange(4_300, "", None)
                .token(4_512)
                .user(4_600)
                .exchange(61_000, "", None)
                .refusal(61_230, "bad_verification_code")
                .told(),
        ),
        (
            "code_expired",
            Story::live()
                .with_code()
                .exchange(731_000, "code", Some("35e0ea2e9115f650b74\n"))
                .refusal(731_200, "bad_verification_code")
                .told(),
        ),
        (
            "token",
            Story::simulated().with_code().exchange(4_200, "", None).token(4_412).user(4_500).told(),
        ),
        (
            "waiting",
            Story::live().listen(0).authorize(0).browser(5).told(),
        ),
        (
            "port_taken_and_denied",
            Story::live()
                .authorize(0)
                .at(
                    3,
                    Observation::ListenerFailed {
                        address: "127.0.0.1:8914".into(),
                        in_use: true,
                        reason: "Address already in use (os error 98)".into(),
                    },
                )
                .redirect(9_000, "code=x&state=other", Disposition::StateDiffers)
                .redirect(
                    12_000,
                    &format!("error=access_denied&error_description=no&state={STATE}"),
                    Disposition::ErrorResponse,
                )
                .redirect(12_100, "", Disposition::Favicon)
                .told(),
        ),
        (
            "no_answer",
            Story::live()
                .with_code()
                .exchange(4_200, "", None)
                .at(
                    5_000,
                    Observation::RequestFailed {
                        exchange: 1,
                        failure: Failure::new(
                            FailureKind::CertificateUnknownAuthority,
                            "invalid peer certificate: UnknownIssuer",
                        ),
                        millis: 800,
                    },
                )
                .told(),
        ),
        ("many_exchanges", many.told()),
        (
            "pasted_error",
            oauthlens::sources::read(
                br#"{"error":"incorrect_client_credentials","error_uri":"/apps/x/#incorrect-client-credentials"}"#,
                Moment(0),
            )
            .unwrap(),
        ),
        (
            "pasted_stray_body",
            oauthlens::sources::read(br#"{"add_scopes":["repo"],"note":"admin script"}"#, Moment(0)).unwrap(),
        ),
        (
            "pasted_redirect",
            oauthlens::sources::read(b"http://127.0.0.1:8914/callback?code=35e0ea2e9115f650b742&state=x", Moment(0))
                .unwrap(),
        ),
        ("nothing", Transcript::new(Source::Live, Moment(0))),
    ]
}

pub fn find(name: &str) -> Transcript {
    all()
        .into_iter()
        .find(|(n, _)| *n == name)
        .unwrap_or_else(|| panic!("no story {name}"))
        .1
}
