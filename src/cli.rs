//! The command line as types. No logic: [`crate::settings`] makes sense of the values.

use clap::{Args, Parser, Subcommand, ValueEnum};
use serde::Deserialize;

/// The whole command line.
#[derive(Debug, Parser)]
#[command(
    name = "oauthlens",
    version,
    about = "Shows your OAuth flow as it happens and tells you, with evidence, why it failed and how to mend it",
    long_about = "Shows your OAuth flow as it happens and tells you, with evidence, why it failed and how to mend it.\n\n\
                  Without a command the terminal interface opens with your own values, taken from the options below or \
                  else from OAUTHLENS_CLIENT_ID and OAUTHLENS_CLIENT_SECRET, then, for GitHub only, \
                  GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET. `oauthlens demo` needs no account, no app and no network.",
    after_help = "Exit status: 0 a token was obtained (explain: it was recognised), 1 the authorization server refused or \
                  the redirect failed a check, 2 wrong usage or settings, 3 no answer, 4 (explain) not recognised.",
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true
)]
pub struct Cli {
    /// What to do; the terminal interface when absent.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The values to start with.
    #[command(flatten)]
    pub flow: FlowOptions,
}

/// What to do.
#[expect(clippy::large_enum_variant, reason = "made once, and never moved about")]
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Open the terminal interface against the built-in simulator, everything filled in
    Demo(Box<DemoOptions>),
    /// Learn OAuth step by step, from the built-in walkthrough or one your team wrote
    #[command(
        long_about = "Learn OAuth step by step, from the built-in walkthrough or one your team wrote.\n\n\
                      FILE is a TOML file; the README tells how to write one. Where you stand is kept, so that you can \
                      leave at any time."
    )]
    Walkthrough(WalkthroughOptions),
    /// Run one flow without the terminal interface, for a plain shell or CI
    #[command(
        long_about = "Run one flow without the terminal interface, for a plain shell or CI.\n\n\
                      The authorization URL is printed alone on a line of standard error, the outcome and its \
                      explanation on standard output."
    )]
    Run(Box<RunOptions>),
    /// Explain a token response or a redirect that another program received
    #[command(
        long_about = "Explain a token response or a redirect that another program received.\n\n\
                      Takes JSON, form encoding or XML, with or without HTTP headers (as `curl -i` prints them), or a \
                      redirect as a full URL or its query string."
    )]
    Explain(ExplainOptions),
    /// Open a saved transcript, or a scenario, as a screen; as a report where there is no terminal
    Replay(ReplayOptions),
    /// Serve the simulator alone until Ctrl-C
    #[command(
        long_about = "Serve the simulator alone until Ctrl-C, so that your own program can be tried against it.\n\n\
                      Prints base_url, client_id, client_secret and redirect_uri, a line each."
    )]
    Simulate(SimulateOptions),
}

/// The values of a flow. The settings file takes the same words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args, Deserialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub struct FlowOptions {
    /// The authorization server: github or custom
    #[arg(long, value_name = "NAME")]
    pub provider: Option<String>,
    /// Host of a GitHub Enterprise Server or of SUBDOMAIN.ghe.com
    #[arg(long, value_name = "HOST")]
    pub host: Option<String>,
    /// Authorization endpoint, for a custom provider
    #[arg(long, value_name = "URL")]
    pub authorization_endpoint: Option<String>,
    /// Token endpoint, for a custom provider
    #[arg(long, value_name = "URL")]
    pub token_endpoint: Option<String>,
    /// Base of the API at which the token is tried; /user is appended
    #[arg(long, value_name = "URL")]
    pub api_url: Option<String>,
    /// The client id
    #[arg(long, value_name = "ID")]
    pub client_id: Option<String>,
    /// Take the client secret from the environment variable of this name
    #[arg(long, value_name = "NAME")]
    pub client_secret_env: Option<String>,
    /// Take the client secret from this file, letter for letter; - is standard input
    #[arg(long, value_name = "PATH", conflicts_with = "client_secret_env")]
    pub client_secret_file: Option<String>,
    /// Refused: a secret on the command line is seen by every user of the machine
    #[arg(long, hide = true, num_args = 0..=1, default_missing_value = "")]
    pub client_secret: Option<String>,
    /// The redirect URI.
    #[arg(
        long,
        value_name = "URI",
        help = "The redirect URI [default: http://127.0.0.1:8914/callback]"
    )]
    pub redirect_uri: Option<String>,
    /// A redirect URI as it is registered, so that it can be compared; may be given more than once
    #[arg(long, value_name = "URI")]
    #[serde(deserialize_with = "one_or_many")]
    pub registered_redirect_uri: Vec<String>,
    /// Where to listen for the redirect, where that differs from the redirect URI
    #[arg(long, value_name = "ADDR:PORT")]
    pub listen: Option<String>,
    /// A scope to ask for; may be given more than once or hold several, separated by spaces
    #[arg(long, value_name = "SCOPE")]
    #[serde(deserialize_with = "one_or_many")]
    pub scope: Vec<String>,
    /// Do without PKCE
    #[arg(long)]
    pub no_pkce: bool,
    /// Do not open the browser
    #[arg(long)]
    pub no_browser: bool,
    /// Stop waiting for the redirect after this many seconds
    #[arg(long, value_name = "SECONDS")]
    pub callback_timeout: Option<u64>,
    /// A PEM file with further certificate authorities to trust
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<String>,
    /// The language: en or zh-CN [default: that of the system]
    #[arg(long, value_name = "TAG")]
    pub lang: Option<String>,
    /// The colours of the terminal interface
    #[arg(long, value_name = "NAME")]
    pub theme: Option<String>,
    /// Print one JSON document instead of text
    #[arg(long)]
    pub json: bool,
}

/// A list in the settings file may be written as one text.
fn one_or_many<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMany {
        One(String),
        Many(Vec<String>),
    }
    Ok(match OneOrMany::deserialize(deserializer)? {
        OneOrMany::One(one) => vec![one],
        OneOrMany::Many(many) => many,
    })
}

/// Options of `demo`.
#[derive(Debug, Args)]
pub struct DemoOptions {
    /// Values that are to differ from the demo's own.
    #[command(flatten)]
    pub flow: FlowOptions,
}

/// Options of `walkthrough`.
#[derive(Debug, Args)]
pub struct WalkthroughOptions {
    /// The walkthrough; without it the built-in one
    #[arg(value_name = "FILE")]
    pub file: Option<String>,
    /// Begin at the first step, wherever it was left
    #[arg(long)]
    pub from_start: bool,
    /// Values for the steps after the walkthrough.
    #[command(flatten)]
    pub flow: FlowOptions,
}

/// Options of `run`.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own; none excludes another"
)]
pub struct RunOptions {
    /// The values of the flow.
    #[command(flatten)]
    pub flow: FlowOptions,
    /// Run against the built-in simulator
    #[arg(
        long,
        conflicts_with_all = ["provider", "host", "authorization_endpoint", "token_endpoint", "api_url"]
    )]
    pub demo: bool,
    /// Let the simulator approve by itself
    #[arg(long, requires = "demo")]
    pub approve: bool,
    /// A deliberate defect.
    #[arg(
        long,
        value_name = "NAME",
        requires = "demo",
        help = "Make one deliberate defect, for example wrong_client_secret (simulator only)"
    )]
    pub fault: Option<String>,
    /// Where the flow fails and leaves a question open, send the probes that decide it, saying first what each sends
    #[arg(long)]
    pub probe: bool,
    /// Save the transcript to this file, secrets masked
    #[arg(long, value_name = "FILE")]
    pub save: Option<String>,
    /// With --save: leave the secrets as they are, for a replay that shows everything; keep the file to yourself
    #[arg(long, requires = "save")]
    pub with_secrets: bool,
    /// Print sentences instead of drawings, without colour, for a screen reader
    #[arg(long)]
    pub plain: bool,
}

/// Options of `replay`.
#[derive(Debug, Args)]
pub struct ReplayOptions {
    /// What `run --save` or Ctrl-S saved, or a scenario in TOML
    #[arg(value_name = "FILE")]
    pub file: String,
    /// The language: en or zh-CN [default: that of the system]
    #[arg(long, value_name = "TAG")]
    pub lang: Option<String>,
    /// Print one JSON document instead of opening the screen
    #[arg(long)]
    pub json: bool,
    /// Print sentences instead of opening the screen, for a screen reader
    #[arg(long)]
    pub plain: bool,
}

/// Options of `explain`.
#[derive(Debug, Args)]
pub struct ExplainOptions {
    /// The file to explain; - or nothing is standard input
    #[arg(value_name = "FILE")]
    pub file: Option<String>,
    /// The language: en or zh-CN [default: that of the system]
    #[arg(long, value_name = "TAG")]
    pub lang: Option<String>,
    /// Print one JSON document instead of text
    #[arg(long)]
    pub json: bool,
    /// Print sentences instead of drawings, without colour, for a screen reader
    #[arg(long)]
    pub plain: bool,
}

/// Options of `simulate`.
#[derive(Debug, Args)]
pub struct SimulateOptions {
    /// Where to serve it
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:0")]
    pub listen: String,
    /// The client id of its app [default: a made-up one]
    #[arg(long, value_name = "ID")]
    pub client_id: Option<String>,
    /// Take the client secret of its app from the environment variable of this name [default: a random one]
    #[arg(long, value_name = "NAME")]
    pub client_secret_env: Option<String>,
    /// Refused: a secret on the command line is seen by every user of the machine
    #[arg(long, hide = true, num_args = 0..=1, default_missing_value = "")]
    pub client_secret: Option<String>,
    /// Redirect URIs of its app.
    #[arg(
        long,
        value_name = "URI",
        help = "A redirect URI of its app; may be given more than once [default: http://127.0.0.1/callback]"
    )]
    pub registered_redirect_uri: Vec<String>,
    /// Which GitHub to be
    #[arg(long, value_enum, default_value_t = SimulatedHost::Dotcom)]
    pub like: SimulatedHost,
    /// The language of messages: en or zh-CN [default: that of the system]
    #[arg(long, value_name = "TAG")]
    pub lang: Option<String>,
}

/// Which GitHub the simulator is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SimulatedHost {
    /// github.com
    Dotcom,
    /// A GitHub Enterprise Server: no iss, no PKCE
    Enterprise,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_sound() {
        super::Cli::command().debug_assert();
    }
}
