//! The options of `simulate`.

use clap::{Args, ValueEnum};

/// Options of `simulate`.
#[derive(Debug, Args)]
pub struct SimulateOptions {
    /// Where to serve it.
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:0")]
    pub listen: String,
    /// The client id of its app.
    #[arg(long, value_name = "ID")]
    pub client_id: Option<String>,
    /// The environment variable with the client secret of its app.
    #[arg(long, value_name = "NAME")]
    pub client_secret_env: Option<String>,
    /// Refused: a secret on the command line is seen by every user of the machine.
    #[arg(long, hide = true, num_args = 0..=1, default_missing_value = "")]
    pub client_secret: Option<String>,
    /// Redirect URIs of its app.
    #[arg(long, value_name = "URI")]
    pub registered_redirect_uri: Vec<String>,
    /// Which server to be.
    #[arg(long, value_enum, value_name = "NAME")]
    pub like: Option<SimulatedHost>,
    /// A file with apps, accounts and faults.
    #[arg(long, value_name = "FILE")]
    pub config: Option<String>,
    /// What goes wrong, and when.
    #[arg(long, value_name = "NAME[,nth=N]")]
    pub fault: Vec<String>,
    /// Decide about authorization requests without a page.
    #[arg(long, value_enum, value_name = "ANSWER")]
    pub approve: Option<ApproveAnswer>,
    /// What the random values are made from.
    #[arg(long, value_name = "TEXT")]
    pub seed: Option<String>,
    /// How many codes, tokens and sessions are remembered.
    #[arg(long, value_name = "N")]
    pub remember: Option<std::num::NonZeroUsize>,
    /// Where it is reached, if not where it listens.
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Listen on addresses that other computers reach.
    #[arg(long)]
    pub allow_remote: bool,
    /// Let other computers control it as well.
    #[arg(long, requires = "allow_remote")]
    pub allow_remote_control: bool,
    /// The language of messages. There is nothing to colour.
    #[arg(long, value_name = "TAG")]
    pub lang: Option<String>,
    /// The file to log to.
    #[arg(long, value_name = "FILE")]
    pub log: Option<String>,
}

/// Which server the simulator is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SimulatedHost {
    /// github.com.
    Dotcom,
    /// A GitHub Enterprise Server.
    Enterprise,
    /// A server that keeps to RFC 6749.
    Rfc6749,
}

/// Who decides about an authorization request at the simulator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ApproveAnswer {
    /// A person, on the pages.
    Ask,
    /// It is approved at once.
    Yes,
    /// It is denied at once.
    No,
}
