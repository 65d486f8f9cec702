//! What the command line says: errors about settings, and the remarks of `run`.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use crate::{
    cli::settings::Problem, lab::walkthrough::error::Reason, oauth::redirect_uri::RedirectUriDefect,
};

/// Prose of the command line: what is wrong with settings, and what `run` says while it goes on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommandLineProse {
    /// What is wrong with a setting, where it came from, what is expected and what to do next.
    pub problem: BTreeMap<Problem, String>,
    /// What is wrong with a redirect URI, as the end of a sentence.
    pub redirect_uri_defect: HashMap<RedirectUriDefect, String>,
    /// Remarks of `run` on standard error.
    pub run: RunProse,
    /// What `token` says before it sends something.
    pub token: TokenCommandProse,
    /// What `tap` says.
    pub tap: TapProse,
    /// What `config` says of the settings file.
    pub config: ConfigProse,
    /// Files that were read in pieces.
    pub large: LargeProse,
    /// Why a walkthrough file is refused, as the end of a sentence. `{name}` is one of the refusal's values.
    pub walkthrough: BTreeMap<Reason, String>,
}

/// What `token` says before it sends something.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenCommandProse {
    /// What is sent: `{method}`, `{url}`.
    pub sends: String,
    /// The question.
    pub ask: String,
    /// The answer was no.
    pub nothing_sent: String,
    /// What it changes, by the name of what is done.
    pub changes: BTreeMap<String, String>,
}

/// What `tap` says beside the explanations.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TapProse {
    /// Below the addresses: what to do with them.
    pub set: String,
    /// In its place where a program is run: `{hosts}` are opened.
    pub opened: String,
    /// `NO_PROXY` named one of the `{hosts}`.
    pub spared: String,
    /// No trust store could be made for Java: `{certificate}`.
    pub no_store: String,
    /// A program does not trust the certificate: `{host}`, `{certificate}`.
    pub untrusted: String,
    /// A program ended the handshake for another reason: `{host}`, `{alert}`.
    pub handshake: String,
    /// At the end: a program went away after the handshake without a request: `{host}`, `{certificate}`.
    pub closed: String,
    /// Above the explanation of attempt `{n}`.
    pub attempt: String,
    /// The same for one that was explained before and has gone on.
    pub again: String,
    /// What a program is answered when the provider cannot be reached: `{origin}`, `{reason}`.
    pub unreachable: String,
    /// Attempt `{n}` was saved to `{path}`.
    pub saved: String,
    /// At the end: `{n}` attempts were seen.
    pub seen: String,
    /// At the end: none was.
    pub seen_none: String,
    /// The same where a program was run: `{hosts}`.
    pub seen_none_of_program: String,
}

/// Remarks of `run` on standard error.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunProse {
    /// Before the authorization URL.
    pub open: String,
    /// After it: the browser was asked to open it.
    pub opened: String,
    /// The browser could not be opened, for `{reason}`.
    pub not_opened: String,
    /// What is waited for: `{redirect_uri}`.
    pub waiting: String,
    /// No redirect can come here: paste it.
    pub paste: String,
    /// A redirect came and failed a check; it is still waited for another.
    pub not_taken: String,
    /// The simulator is in use.
    pub simulated: String,
    /// A deliberate defect `{fault}` is in use.
    pub fault: String,
    /// The transcript was saved to `{path}`.
    pub saved: String,
    /// The same with the secrets in it.
    pub saved_with_secrets: String,
    /// The `{id}` and the `{secret}` come from the environment under different prefixes.
    pub mixed_pair: String,
    /// The token endpoint is plain http on another machine: `{endpoint}`.
    pub in_the_clear: String,
    /// `explain` reads from a terminal.
    pub paste_to_explain: String,
    /// The question for the client secret, where the settings say `prompt`.
    pub ask_for_secret: String,
}

/// What is said of a file that was read in pieces.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LargeProse {
    /// So much was `{read}` until now.
    pub progress: String,
    /// A HAR file, its `{path}`, its `{size}`, and of `{all}` entries how many were `{kept}`.
    pub entries: String,
    /// How many entries were `{left_out}`.
    pub entries_left_out: String,
    /// A text, its `{path}`, its `{size}`, and how much was `{kept}` around `{all}` places.
    pub places: String,
    /// How much was `{left_out}`.
    pub places_left_out: String,
}

/// What `config` says of the settings file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfigProse {
    /// There is none; it would be `{path}`.
    pub none: String,
    /// Nothing is wrong with `{path}`.
    pub good: String,
    /// A `{profile}` that it holds, a line each.
    pub profile: String,
    /// Something that is wrong only with a `{profile}`: `{problem}`.
    pub in_profile: String,
    /// Above what is wrong with `{path}`: `{n}`.
    pub bad: String,
}
