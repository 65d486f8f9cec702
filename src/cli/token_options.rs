//! The options of `token`.

use clap::{Args, ValueEnum};

use crate::cli::{AppOptions, FlowOptions, FormOptions, LookOptions, ServerOptions};

/// Options of `token`.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Debug, Args)]
pub struct TokenOptions {
    /// What is done.
    #[arg(value_enum, value_name = "ACTION")]
    pub verb: TokenChoice,
    /// Which authorization server.
    #[command(flatten)]
    pub server: ServerOptions,
    /// The introspection endpoint.
    #[arg(long, value_name = "URL")]
    pub introspection_endpoint: Option<String>,
    /// The revocation endpoint.
    #[arg(long, value_name = "URL")]
    pub revocation_endpoint: Option<String>,
    /// The client id.
    #[arg(long, value_name = "ID")]
    pub client_id: Option<String>,
    /// The environment variable with the client secret.
    #[arg(long, value_name = "NAME")]
    pub client_secret_env: Option<String>,
    /// The file with the client secret.
    #[arg(long, value_name = "PATH", conflicts_with = "client_secret_env")]
    pub client_secret_file: Option<String>,
    /// Refused: a secret on the command line is seen by every user of the machine.
    #[arg(long, hide = true, num_args = 0..=1, default_missing_value = "")]
    pub client_secret: Option<String>,
    /// The environment variable with the token.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["token_file", "flow", "demo"])]
    pub token_env: Option<String>,
    /// The file with the token; `-` is standard input.
    #[arg(long, value_name = "PATH", conflicts_with_all = ["flow", "demo"])]
    pub token_file: Option<String>,
    /// Refused: a token on the command line is seen by every user of the machine.
    #[arg(long, hide = true, num_args = 0..=1, default_missing_value = "")]
    pub token: Option<String>,
    /// A flow that was saved with its secrets, whose token is used.
    #[arg(long, value_name = "FILE", conflicts_with = "demo")]
    pub flow: Option<String>,
    /// What kind of token it is, for introspection and revocation.
    #[arg(long, value_name = "KIND")]
    pub token_type_hint: Option<String>,
    /// Scopes to refresh with.
    #[arg(long, value_name = "SCOPE")]
    pub scope: Vec<String>,
    /// Revoke the whole grant.
    #[arg(long)]
    pub grant: bool,
    /// Do not ask.
    #[arg(long)]
    pub yes: bool,
    /// Run against the built-in simulator.
    #[arg(
        long,
        conflicts_with_all = ["profile", "provider", "host", "authorization_endpoint", "token_endpoint", "api_url"]
    )]
    pub demo: bool,
    /// A deliberate defect.
    #[arg(long, value_name = "NAME", requires = "demo")]
    pub fault: Option<String>,
    /// Save the transcript to this file, secrets masked.
    #[arg(long, value_name = "FILE")]
    pub save: Option<String>,
    /// Leave the secrets in the saved transcript as they are.
    #[arg(long, requires = "save")]
    pub with_secrets: bool,
    /// How the result is printed.
    #[command(flatten)]
    pub form: FormOptions,
    /// Language and colours.
    #[command(flatten)]
    pub look: LookOptions,
}

/// What is done with a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TokenChoice {
    /// Another access token for a refresh token.
    Refresh,
    /// What the app's own API knows of it.
    Check,
    /// Another token in its place.
    Reset,
    /// Its end.
    Revoke,
    /// Whether it is good, by RFC 7662.
    Introspect,
    /// Whose it is.
    User,
}

impl TokenOptions {
    /// The same as values of a flow.
    pub fn flow(&self) -> FlowOptions {
        FlowOptions {
            server: self.server.clone(),
            app: AppOptions {
                client_id: self.client_id.clone(),
                client_secret_env: self.client_secret_env.clone(),
                client_secret_file: self.client_secret_file.clone(),
                client_secret: self.client_secret.clone(),
                // A refresh without scopes leaves them as they are.
                scope: if self.scope.is_empty() {
                    vec![String::new()]
                } else {
                    self.scope.clone()
                },
                ..AppOptions::default()
            },
            lang: self.look.lang.clone(),
            theme: self.look.theme.clone(),
            no_motion: self.look.no_motion,
            ..FlowOptions::default()
        }
    }
}
