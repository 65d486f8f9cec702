//! The command line as types. [`parse`] reads it, [`help`] and [`errors`] say in words what it is and what is wrong with
//! one; [`crate::cli::settings`] makes sense of the values.

pub mod commands;
pub mod errors;
pub mod help;
pub mod parse;
pub mod settings;
mod simulate;
mod token_options;
pub mod words;

pub use crate::cli::token_options::{TokenChoice, TokenOptions};

use clap::{
    Args, Parser, Subcommand, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};
use serde::Deserialize;

use crate::render::reports::{JSON, REPORTS, Report, TEXT};

pub use crate::cli::simulate::{ApproveAnswer, SimulateOptions, SimulatedHost};

/// The whole command line. Its words are in the locale files; the comments here are for the reader of the code.
#[derive(Debug, Parser)]
#[command(name = "oauthlens", version, disable_help_subcommand = true)]
pub struct Cli {
    /// What to do; the terminal interface when absent.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The values to start with.
    #[command(flatten)]
    pub flow: FlowOptions,
    /// Language and colours. They may also be given before the command; [`parse::parse`] leaves here what holds.
    #[command(flatten)]
    pub look: LookOptions,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The terminal interface against the built-in simulator.
    Demo(Box<DemoOptions>),
    /// The terminal interface with a walkthrough.
    Walkthrough(Box<WalkthroughOptions>),
    /// One flow without the terminal interface.
    Run(Box<RunOptions>),
    /// One device flow, with the terminal interface or without.
    Device(Box<DeviceOptions>),
    /// Something done with a token that is there.
    Token(Box<TokenOptions>),
    /// The explanation of what another program received.
    Explain(ExplainOptions),
    /// A saved transcript or a scenario.
    Replay(ReplayOptions),
    /// Another program's flow, watched as it passes.
    Tap(Box<TapOptions>),
    /// The simulator alone.
    Simulate(SimulateOptions),
    /// The settings file.
    Config(ConfigOptions),
    /// The command line as a shell's completions.
    Completions(CompletionsOptions),
    /// The command line as a manual page.
    Man(ManOptions),
}

/// What every command that runs a flow or shows one takes: how things are shown, and a log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct LookOptions {
    /// The language.
    #[arg(long, value_name = "TAG")]
    pub lang: Option<String>,
    /// The colours.
    #[arg(long, value_name = "NAME")]
    pub theme: Option<String>,
    /// Drawings do not move.
    #[arg(long)]
    pub no_motion: bool,
    /// Drawings use no signs but those of ASCII.
    #[arg(long)]
    pub ascii: bool,
    /// The file to log to.
    #[arg(long, value_name = "FILE")]
    pub log: Option<String>,
}

/// Which authorization server, and which app the settings file has for it. A demo has its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct ServerOptions {
    /// The profile of the settings file whose values count.
    #[arg(long, value_name = "NAME")]
    #[serde(skip)]
    pub profile: Option<String>,
    /// `github` or `custom`.
    #[arg(long, value_name = "NAME")]
    pub provider: Option<String>,
    /// Host of a GitHub Enterprise Server or of `SUBDOMAIN.ghe.com`.
    #[arg(long, value_name = "HOST")]
    pub host: Option<String>,
    /// Authorization endpoint of a custom provider.
    #[arg(long, value_name = "URL")]
    pub authorization_endpoint: Option<String>,
    /// Token endpoint of a custom provider.
    #[arg(long, value_name = "URL")]
    pub token_endpoint: Option<String>,
    /// Base of the API at which the token is tried.
    #[arg(long, value_name = "URL")]
    pub api_url: Option<String>,
    /// A PEM file with further certificate authorities to trust.
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<String>,
}

/// The values of a flow that are the app's, or the person's. A demo takes these as well.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct AppOptions {
    /// The client id.
    #[arg(long, value_name = "ID")]
    pub client_id: Option<String>,
    /// The environment variable with the client secret.
    #[arg(long, value_name = "NAME")]
    pub client_secret_env: Option<String>,
    /// The file with the client secret; `-` is standard input.
    #[arg(long, value_name = "PATH", conflicts_with = "client_secret_env")]
    pub client_secret_file: Option<String>,
    /// Refused: a secret on the command line is seen by every user of the machine.
    #[arg(long, hide = true, num_args = 0..=1, default_missing_value = "")]
    pub client_secret: Option<String>,
    /// The redirect URI.
    #[arg(long, value_name = "URI")]
    pub redirect_uri: Option<String>,
    /// Redirect URIs as they are registered.
    #[arg(long, value_name = "URI")]
    #[serde(deserialize_with = "one_or_many")]
    pub registered_redirect_uri: Vec<String>,
    /// Where to listen for the redirect, where that differs from the redirect URI.
    #[arg(long, value_name = "ADDR:PORT")]
    pub listen: Option<String>,
    /// Scopes to ask for.
    #[arg(long, value_name = "SCOPE")]
    #[serde(deserialize_with = "one_or_many")]
    pub scope: Vec<String>,
    /// Do without PKCE.
    #[arg(long)]
    pub no_pkce: bool,
    /// Do not open the browser.
    #[arg(long)]
    pub no_browser: bool,
    /// Stop waiting for the redirect after so many seconds.
    #[arg(long, value_name = "SECONDS")]
    pub callback_timeout: Option<u64>,
}

/// The values of a flow. The settings file takes the same words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct FlowOptions {
    /// Which authorization server.
    #[command(flatten)]
    #[serde(flatten)]
    pub server: ServerOptions,
    /// The app's values.
    #[command(flatten)]
    #[serde(flatten)]
    pub app: AppOptions,
    /// The language; on the command line [`LookOptions::lang`].
    #[arg(skip)]
    pub lang: Option<String>,
    /// The colours; on the command line [`LookOptions::theme`].
    #[arg(skip)]
    pub theme: Option<String>,
    /// Drawings do not move; on the command line [`LookOptions::no_motion`].
    #[arg(skip)]
    pub no_motion: bool,
    /// Drawings in ASCII; on the command line [`LookOptions::ascii`].
    #[arg(skip)]
    pub ascii: bool,
    /// One JSON document instead of text; on the command line [`FormOptions::json`].
    #[arg(skip)]
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
#[derive(Debug, Default, Args)]
pub struct DemoOptions {
    /// Values that are to differ from the demo's own.
    #[command(flatten)]
    pub app: AppOptions,
    /// Language and colours.
    #[command(flatten)]
    pub look: LookOptions,
}

/// Options of `walkthrough`.
#[derive(Debug, Args)]
pub struct WalkthroughOptions {
    /// The walkthrough; without it the built-in one.
    #[arg(value_name = "FILE")]
    pub file: Option<String>,
    /// Begin at the first step, wherever it was left.
    #[arg(long)]
    pub from_start: bool,
    /// Values for the demo that follows the walkthrough.
    #[command(flatten)]
    pub app: AppOptions,
    /// Language and colours.
    #[command(flatten)]
    pub look: LookOptions,
}

/// Options of `run`.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Debug, Args)]
pub struct RunOptions {
    /// The values of the flow.
    #[command(flatten)]
    pub flow: FlowOptions,
    /// Run against the built-in simulator.
    #[arg(
        long,
        conflicts_with_all = ["profile", "provider", "host", "authorization_endpoint", "token_endpoint", "api_url"]
    )]
    pub demo: bool,
    /// Let the simulator approve by itself.
    #[arg(long, requires = "demo")]
    pub approve: bool,
    /// A deliberate defect.
    #[arg(long, value_name = "NAME", requires = "demo")]
    pub fault: Option<String>,
    /// Where the flow fails and leaves a question open, send the probes that decide it.
    #[arg(long)]
    pub probe: bool,
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

/// Options of `device`.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Debug, Args)]
pub struct DeviceOptions {
    /// Which authorization server.
    #[command(flatten)]
    pub server: ServerOptions,
    /// The device authorization endpoint.
    #[arg(long, value_name = "URL")]
    pub device_authorization_endpoint: Option<String>,
    /// The client id.
    #[arg(long, value_name = "ID")]
    pub client_id: Option<String>,
    /// Scopes to ask for.
    #[arg(long, value_name = "SCOPE")]
    pub scope: Vec<String>,
    /// Do not open the browser.
    #[arg(long)]
    pub no_browser: bool,
    /// Draw no QR code.
    #[arg(long)]
    pub no_qr: bool,
    /// Run against the built-in simulator.
    #[arg(
        long,
        conflicts_with_all = ["profile", "provider", "host", "authorization_endpoint", "token_endpoint", "api_url", "device_authorization_endpoint"]
    )]
    pub demo: bool,
    /// Let the simulator's person approve by themselves.
    #[arg(long, requires = "demo")]
    pub approve: bool,
    /// A deliberate defect.
    #[arg(long, value_name = "NAME", requires = "demo")]
    pub fault: Option<String>,
    /// Save the transcript to this file, secrets masked.
    #[arg(long, value_name = "FILE")]
    pub save: Option<String>,
    /// Leave the secrets in the saved transcript as they are.
    #[arg(long, requires = "save")]
    pub with_secrets: bool,
    /// How the result is printed instead of opening the screen.
    #[command(flatten)]
    pub form: FormOptions,
    /// Language and colours.
    #[command(flatten)]
    pub look: LookOptions,
}

impl DeviceOptions {
    /// The same as values of a flow.
    pub fn flow(&self) -> FlowOptions {
        FlowOptions {
            server: self.server.clone(),
            app: AppOptions {
                client_id: self.client_id.clone(),
                scope: self.scope.clone(),
                no_browser: self.no_browser,
                ..AppOptions::default()
            },
            lang: self.look.lang.clone(),
            theme: self.look.theme.clone(),
            no_motion: self.look.no_motion,
            ..FlowOptions::default()
        }
    }

    /// True where nobody is to sit in front of a screen.
    pub fn is_unattended(&self) -> bool {
        self.form.asked_for().is_some() || self.approve || self.fault.is_some() || self.save.is_some()
    }
}

/// How a result is printed.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct FormOptions {
    /// The form of the report.
    #[arg(long, value_name = "NAME", value_parser = report_by_name())]
    pub format: Option<&'static Report>,
    /// Short for `--format json`.
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
    /// Sentences instead of drawings, for a screen reader.
    #[arg(long, conflicts_with = "format")]
    pub plain: bool,
}

impl FormOptions {
    /// The form that was asked for, where one was.
    pub fn asked_for(self) -> Option<&'static Report> {
        if self.json {
            Some(&JSON)
        } else if self.plain {
            Some(&TEXT)
        } else {
            self.format
        }
    }
}

/// Reads the name of a report.
fn report_by_name() -> impl TypedValueParser<Value = &'static Report> {
    PossibleValuesParser::new(REPORTS.iter().map(|report| report.name))
        .map(|name| Report::named(&name).unwrap_or(&TEXT))
}

/// Options of `replay`.
#[derive(Debug, Args)]
pub struct ReplayOptions {
    /// What `run --save` or Ctrl-S saved, or a scenario in TOML.
    #[arg(value_name = "FILE")]
    pub file: String,
    /// How it is printed instead of opening the screen.
    #[command(flatten)]
    pub form: FormOptions,
    /// Language and colours.
    #[command(flatten)]
    pub look: LookOptions,
}

/// Options of `explain`.
#[derive(Debug, Args)]
pub struct ExplainOptions {
    /// The file to explain; `-` or nothing is standard input.
    #[arg(value_name = "FILE")]
    pub file: Option<String>,
    /// Which attempt of several.
    #[arg(long, value_name = "N")]
    pub attempt: Option<usize>,
    /// How the explanation is printed.
    #[command(flatten)]
    pub form: FormOptions,
    /// Language and colours.
    #[command(flatten)]
    pub look: LookOptions,
}

/// Options of `tap`.
#[derive(Debug, Args)]
pub struct TapOptions {
    /// The provider that is passed on to.
    #[command(flatten)]
    pub server: ServerOptions,
    /// Redirect URIs as they are registered.
    #[arg(long, value_name = "URI")]
    pub registered_redirect_uri: Vec<String>,
    /// Where to listen.
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:0")]
    pub listen: String,
    /// A deliberate defect.
    #[arg(long, value_name = "NAME[@N]")]
    pub fault: Option<String>,
    /// Save the transcript of each attempt below this folder, secrets masked.
    #[arg(long, value_name = "DIR")]
    pub save: Option<String>,
    /// One JSON document a line.
    #[arg(long, conflicts_with = "plain")]
    pub json: bool,
    /// Sentences instead of drawings, for a screen reader.
    #[arg(long)]
    pub plain: bool,
    /// A program to run by way of the tap, with its arguments.
    #[arg(last = true, value_name = "CMD")]
    pub command: Vec<std::ffi::OsString>,
    /// Language and colours.
    #[command(flatten)]
    pub look: LookOptions,
}

/// Options of `config`.
#[derive(Debug, Args)]
pub struct ConfigOptions {
    /// What to do with it.
    #[arg(value_enum, value_name = "ACTION")]
    pub action: ConfigAction,
    /// The language of messages.
    #[arg(long, value_name = "TAG")]
    pub lang: Option<String>,
}

/// What to do with the settings file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ConfigAction {
    /// Say everything that is wrong with it, or what it holds.
    Check,
    /// Print where it is looked for.
    Path,
}

/// Options of `completions`.
#[derive(Debug, Args)]
pub struct CompletionsOptions {
    /// The shell.
    #[arg(value_enum, value_name = "SHELL")]
    pub shell: clap_complete::Shell,
    /// The language of the descriptions.
    #[arg(long, value_name = "TAG")]
    pub lang: Option<String>,
}

/// Options of `man`.
#[derive(Debug, Args)]
pub struct ManOptions {
    /// The command; without it the program.
    #[arg(value_name = "NAME")]
    pub command: Option<String>,
    /// The language of the page.
    #[arg(long, value_name = "TAG")]
    pub lang: Option<String>,
}
