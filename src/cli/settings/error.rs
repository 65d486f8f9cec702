//! What can be wrong with a setting, and how it is said.

use crate::{
    cli::words::messages::CommandLineProse, oauth::redirect_uri::RedirectUriDefect, text::template::fill,
};

/// What is wrong with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// A language that oauthlens does not speak.
    UnknownLanguage,
    /// There is no provider of that name.
    UnknownProvider,
    /// The provider has another host for each customer, and none was given.
    HostMissing,
    /// The provider has one host only, and another one was given.
    HostNotTaken,
    /// A host is a name with an optional port, nothing more.
    BadHost,
    /// The value is not an absolute http or https URL.
    BadUrl,
    /// A custom provider needs both endpoints.
    EndpointMissing,
    /// No device authorization endpoint of the provider is known.
    DeviceEndpointMissing,
    /// No introspection endpoint of the provider is known.
    IntrospectionEndpointMissing,
    /// No revocation endpoint of the provider is known.
    RevocationEndpointMissing,
    /// The provider has no API that manages tokens for an app.
    NoTokenApi,
    /// No API of the provider is known at which a token could be tried.
    ApiMissing,
    /// A token was given as a plain argument.
    PlainToken,
    /// No token was given.
    TokenMissing,
    /// The file of a token holds nothing.
    TokenFileEmpty,
    /// A saved flow holds no token of that kind in the clear.
    NoTokenInFlow,
    /// There is nobody to be asked, and `--yes` was not given.
    YesMissing,
    /// An address is written `ADDR:PORT`.
    BadAddress,
    /// The listener binds loopback addresses only.
    NotLoopback,
    /// A secret was given as a plain argument.
    PlainSecret,
    /// A secret was given in the settings file.
    SecretInFile,
    /// A table of the settings file says more than once where the client secret is.
    SecretTwice,
    /// Other users of this machine may read the file of a secret.
    SecretFileOpen,
    /// The program that is to print the secret failed.
    SecretCommandFailed,
    /// The program that is to print the secret printed nothing.
    SecretCommandEmpty,
    /// The client secret cannot be asked for.
    CannotAsk,
    /// `profile` holds tables, a name each.
    ProfileExpected,
    /// There is no profile of that name.
    UnknownProfile,
    /// A profile was named, and the settings file has none, or there is no settings file.
    NoProfiles,
    /// There is no command of that name.
    UnknownCommand,
    /// The value looks like a secret where the name of a variable is expected.
    SecretForName,
    /// The environment variable is not set.
    VariableMissing,
    /// The environment variable is set to nothing.
    VariableEmpty,
    /// The file of a secret holds nothing.
    SecretFileEmpty,
    /// A secret was to come from standard input, and nothing came.
    StandardInputEmpty,
    /// A file cannot be read.
    Unreadable,
    /// A file is longer than what is read.
    TooLarge,
    /// The text that is explained holds no attempt of that number.
    NoSuchAttempt,
    /// The settings file is not TOML.
    BadFile,
    /// A key of the settings file takes a text.
    TextExpected,
    /// A key of the settings file takes a text or a list of texts.
    TextsExpected,
    /// A key of the settings file takes a number.
    NumberExpected,
    /// A key of the settings file takes true or false.
    SwitchExpected,
    /// The settings file has an unknown key.
    UnknownKey,
    /// The client id is missing.
    ClientIdMissing,
    /// The client secret is missing.
    ClientSecretMissing,
    /// The redirect URI cannot be read.
    BadRedirectUri,
    /// There is no fault of that name.
    UnknownFault,
    /// A fault of the simulator is told wrongly.
    BadServerFault,
    /// A file for the simulator says something that is wrong.
    BadTestbed,
    /// A file cannot be written.
    Unwritable,
    /// Standard output cannot be written to.
    OutputUnwritable,
    /// The port of the redirect URI is taken.
    PortInUse,
    /// The port that the simulator is to be served at is taken.
    ServedElsewhere,
    /// The port that the tap is to listen on is taken.
    TappedElsewhere,
    /// The tap cannot make such a fault.
    UnknownFaultInFlight,
    /// The program that is to go by way of the tap cannot be started.
    NotStarted,
    /// The listener cannot be bound for another reason.
    CannotBind,
    /// There is no terminal.
    NoTerminal,
    /// The terminal could not be taken.
    TerminalFailed,
    /// There is no theme of that name.
    UnknownTheme,
    /// A file is not a walkthrough.
    BadWalkthrough,
    /// A file is neither a transcript nor a scenario.
    BadTranscript,
    /// A transcript has a form that this version does not read.
    UnknownSchema,
    /// A certificate file holds nothing usable.
    BadCertificates,
}

impl Problem {
    /// All of them; each has its words in both languages.
    pub const ALL: [Self; 65] = [
        Self::UnknownLanguage,
        Self::UnknownProvider,
        Self::HostMissing,
        Self::HostNotTaken,
        Self::BadHost,
        Self::BadUrl,
        Self::EndpointMissing,
        Self::DeviceEndpointMissing,
        Self::IntrospectionEndpointMissing,
        Self::RevocationEndpointMissing,
        Self::NoTokenApi,
        Self::ApiMissing,
        Self::PlainToken,
        Self::TokenMissing,
        Self::TokenFileEmpty,
        Self::NoTokenInFlow,
        Self::YesMissing,
        Self::BadAddress,
        Self::NotLoopback,
        Self::PlainSecret,
        Self::SecretInFile,
        Self::SecretTwice,
        Self::SecretFileOpen,
        Self::SecretCommandFailed,
        Self::SecretCommandEmpty,
        Self::CannotAsk,
        Self::ProfileExpected,
        Self::UnknownProfile,
        Self::NoProfiles,
        Self::UnknownCommand,
        Self::SecretForName,
        Self::VariableMissing,
        Self::VariableEmpty,
        Self::SecretFileEmpty,
        Self::StandardInputEmpty,
        Self::Unreadable,
        Self::TooLarge,
        Self::NoSuchAttempt,
        Self::BadFile,
        Self::TextExpected,
        Self::TextsExpected,
        Self::NumberExpected,
        Self::SwitchExpected,
        Self::UnknownKey,
        Self::ClientIdMissing,
        Self::ClientSecretMissing,
        Self::BadRedirectUri,
        Self::UnknownFault,
        Self::BadServerFault,
        Self::BadTestbed,
        Self::Unwritable,
        Self::OutputUnwritable,
        Self::PortInUse,
        Self::ServedElsewhere,
        Self::TappedElsewhere,
        Self::UnknownFaultInFlight,
        Self::NotStarted,
        Self::CannotBind,
        Self::NoTerminal,
        Self::TerminalFailed,
        Self::UnknownTheme,
        Self::BadWalkthrough,
        Self::BadTranscript,
        Self::UnknownSchema,
        Self::BadCertificates,
    ];
}

/// Why the program cannot start: what is wrong, and the values that the sentence about it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsError {
    /// What is wrong.
    pub problem: Problem,
    /// `{name}` in the sentence and its value. Never a secret.
    pub values: Vec<(&'static str, String)>,
    /// What is wrong with a redirect URI: `{reason}` in the sentence.
    pub defect: Option<RedirectUriDefect>,
}

impl SettingsError {
    /// An error without values.
    pub fn new(problem: Problem) -> Self {
        Self {
            problem,
            values: Vec::new(),
            defect: None,
        }
    }

    /// The same with one more value.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.values.push((name, crate::cli::errors::told(&value.into())));
        self
    }

    /// The key of the settings file that is to blame, where the place names one.
    pub fn key(&self) -> Option<&str> {
        let (_, place) = self.values.iter().find(|(name, _)| *name == "place")?;
        let (key, file) = place.split_once(" (")?;
        file.ends_with(')').then_some(key)
    }

    /// The sentence.
    pub fn text(&self, prose: &CommandLineProse) -> String {
        let template = prose.problem.get(&self.problem).map_or("", String::as_str);
        fill(template, |name| {
            if let Some(defect) = self.defect.filter(|_| name == "reason") {
                return prose.redirect_uri_defect.get(&defect).map(String::as_str);
            }
            self.values
                .iter()
                .find(|(n, _)| *n == name)
                .map(|(_, value)| value.as_str())
        })
    }
}
