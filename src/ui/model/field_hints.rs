//! What is said beside a field while it is typed: codes and numbers, no prose.

use serde::{Deserialize, Serialize};

use crate::{
    oauth::{
        endpoint,
        params::split_scope,
        redirect_matching,
        redirect_matching::Registered,
        redirect_uri::{self, RedirectUri, RedirectUriDefect},
    },
    providers::{
        ProviderProfile,
        github::formats::{ClientIdShape, ClientSecretShape, CodeShape},
    },
    text::defects::{DefectKind, defects},
};

/// How much a note weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// As it should be.
    Good,
    /// Worth knowing.
    Info,
    /// Probably not meant.
    Warn,
    /// Cannot work.
    Bad,
}

macro_rules! notes {
    ($($(#[$doc:meta])* $variant:ident = $level:ident),+ $(,)?) => {
        /// What can be said of a field.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum NoteCode { $($(#[$doc])* $variant),+ }

        impl NoteCode {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// How much it weighs.
            pub fn level(self) -> Level {
                match self { $(Self::$variant => Level::$level),+ }
            }
        }
    };
}

notes! {
    /// Nothing is typed.
    Empty = Bad,
    /// A word that stands for a value.
    Placeholder = Bad,
    /// A line break at `{at}`.
    Newline = Bad,
    /// White space at `{at}`.
    Space = Bad,
    /// A quote at `{at}`.
    Quote = Bad,
    /// An invisible character at `{at}`.
    Invisible = Bad,
    /// Percent-encoded already, at `{at}`.
    PercentEncoded = Bad,
    /// A letter outside ASCII at `{at}`.
    NonAscii = Bad,
    /// An OAuth app's id.
    IdOfOAuthApp = Good,
    /// An OAuth app's id of the older form.
    IdOfLegacyOAuthApp = Good,
    /// A GitHub App's id: works, but scopes do not apply.
    IdOfGitHubApp = Info,
    /// The numeric App ID of a GitHub App.
    NumericAppId = Bad,
    /// A secret in the id's place.
    SecretInIdField = Bad,
    /// No known shape of an id; `{count}` characters.
    IdUnknownShape = Warn,
    /// The right shape of a secret.
    SecretShape = Good,
    /// An id in the secret's place.
    IdInSecretField = Bad,
    /// A token in the secret's place.
    TokenInSecretField = Bad,
    /// `{count}` of 40 characters.
    SecretTooShort = Bad,
    /// `{count}` characters where 40 are expected.
    SecretTooLong = Bad,
    /// No known shape of a secret; `{count}` characters.
    SecretUnknownShape = Warn,
    /// Not empty; this provider's shapes are not known.
    Filled = Info,
    /// An authorization server has refused it while the program runs.
    Refused = Warn,
    /// No absolute URI.
    UriNotAbsolute = Bad,
    /// Percent-encoded as a whole.
    UriEncodedTwice = Bad,
    /// A character that no URI holds.
    UriForbiddenCharacter = Bad,
    /// No host.
    UriNoHost = Bad,
    /// Not a valid port.
    UriBadPort = Bad,
    /// A fragment.
    UriFragment = Bad,
    /// A loopback address: the port is free.
    UriLoopback = Good,
    /// `localhost`: works, but RFC 8252 advises the address.
    UriLocalhost = Warn,
    /// Not this machine: the redirect has to be pasted.
    UriNotLoopback = Info,
    /// `https` on loopback: the redirect has to be pasted.
    UriHttpsLoopback = Warn,
    /// Another scheme than http and https: a program of its own receives it.
    UriNotHttp = Warn,
    /// `http` to another machine.
    UriHttpNotLoopback = Warn,
    /// Matches what is registered.
    UriMatchesRegistered = Good,
    /// Does not match what is registered; the nearest that would is `{value}`.
    UriDiffersFromRegistered = Bad,
    /// No scope asked for.
    ScopeEmpty = Info,
    /// All scopes are known.
    ScopeKnown = Good,
    /// `{value}` is not a scope of GitHub's.
    ScopeUnknown = Warn,
    /// `{value}` is contained in another one of the list.
    ScopeImplied = Info,
    /// Registered redirect URIs are not told, so nothing can be compared.
    RegisteredUnknown = Info,
    /// Registered redirect URIs are readable.
    RegisteredReadable = Good,
    /// The right shape of a code.
    CodeShape = Good,
    /// `{count}` of 20 characters.
    CodeTooShort = Bad,
    /// `{count}` characters where 20 are expected.
    CodeTooLong = Bad,
    /// No known shape of a code.
    CodeUnknownShape = Warn,
    /// Not what came on the redirect.
    CodeDiffersFromReceived = Warn,
    /// Not what the authorization request carried.
    UriDiffersFromAuthorize = Bad,
    /// This parameter is left out.
    LeftOut = Info,
    /// The verifier that belongs to the challenge.
    VerifierMatches = Good,
    /// Not the verifier that belongs to the challenge.
    VerifierDiffers = Bad,
    /// An address to listen on.
    ListenReadable = Good,
    /// No `ADDRESS:PORT`.
    ListenUnreadable = Bad,
    /// An endpoint that is asked without encryption, and not on this machine.
    EndpointNotEncrypted = Warn,
    /// An endpoint that can be asked.
    EndpointReadable = Good,
    /// No absolute `http` or `https` URL.
    EndpointUnreadable = Bad,
    /// Not a host by itself.
    HostUnreadable = Bad,
}

/// One remark about a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What is said.
    pub code: NoteCode,
    /// The character it is about, counted from 1.
    pub at: usize,
    /// How many characters there are.
    pub count: usize,
    /// The word or URI it is about.
    pub value: String,
}

impl Note {
    fn new(code: NoteCode) -> Self {
        Self {
            code,
            at: 0,
            count: 0,
            value: String::new(),
        }
    }

    fn about(code: NoteCode, value: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            ..Self::new(code)
        }
    }

    fn counted(code: NoteCode, text: &str) -> Self {
        Self {
            count: text.chars().count(),
            ..Self::new(code)
        }
    }
}

/// The first damage of a value, as a note.
fn damage(text: &str) -> Option<Note> {
    let defect = defects(text).into_iter().next()?;
    let code = match defect.kind {
        DefectKind::Empty => NoteCode::Empty,
        DefectKind::Placeholder => NoteCode::Placeholder,
        DefectKind::Newline => NoteCode::Newline,
        DefectKind::Space => NoteCode::Space,
        DefectKind::Quote => NoteCode::Quote,
        DefectKind::Invisible => NoteCode::Invisible,
        DefectKind::PercentEncoded => NoteCode::PercentEncoded,
        DefectKind::NonAscii => NoteCode::NonAscii,
    };
    Some(Note {
        at: defect.at,
        ..Note::counted(code, text)
    })
}

/// Notes on a client id.
pub fn client_id(text: &str, profile: &ProviderProfile) -> Vec<Note> {
    if let Some(note) = damage(text) {
        return vec![note];
    }
    let code = match profile.client_id_shape(text) {
        None => NoteCode::Filled,
        Some(ClientIdShape::OAuthApp) => NoteCode::IdOfOAuthApp,
        Some(ClientIdShape::LegacyOAuthApp) => NoteCode::IdOfLegacyOAuthApp,
        Some(ClientIdShape::GitHubApp) => NoteCode::IdOfGitHubApp,
        Some(ClientIdShape::NumericAppId) => NoteCode::NumericAppId,
        Some(ClientIdShape::ClientSecret) => NoteCode::SecretInIdField,
        Some(ClientIdShape::Unknown) => NoteCode::IdUnknownShape,
    };
    vec![Note::counted(code, text)]
}

/// Notes on a client secret.
pub fn client_secret(text: &str, profile: &ProviderProfile) -> Vec<Note> {
    if let Some(note) = damage(text) {
        return vec![note];
    }
    let code = match profile.client_secret_shape(text) {
        None => NoteCode::Filled,
        Some(ClientSecretShape::FortyHex) => NoteCode::SecretShape,
        Some(ClientSecretShape::ClientId) => NoteCode::IdInSecretField,
        Some(ClientSecretShape::Token) => NoteCode::TokenInSecretField,
        Some(ClientSecretShape::TooShort) => NoteCode::SecretTooShort,
        Some(ClientSecretShape::TooLong) => NoteCode::SecretTooLong,
        Some(ClientSecretShape::Unknown) => NoteCode::SecretUnknownShape,
    };
    vec![Note::counted(code, text)]
}

/// Notes on a redirect URI, held against what is registered where that was told.
pub fn redirect_uri(text: &str, registered: &[Registered]) -> Vec<Note> {
    let uri = match RedirectUri::parse(text) {
        Ok(uri) => uri,
        Err(defect) => {
            return vec![match defect {
                RedirectUriDefect::Empty => Note::new(NoteCode::Empty),
                RedirectUriDefect::ForbiddenCharacter => {
                    let at = text
                        .chars()
                        .position(redirect_uri::is_forbidden)
                        .map_or(0, |at| at + 1);
                    Note {
                        at,
                        ..Note::new(NoteCode::UriForbiddenCharacter)
                    }
                }
                RedirectUriDefect::EncodedTwice => Note::new(NoteCode::UriEncodedTwice),
                RedirectUriDefect::NotAbsolute => Note::new(NoteCode::UriNotAbsolute),
                RedirectUriDefect::NoHost => Note::new(NoteCode::UriNoHost),
                RedirectUriDefect::BadPort => Note::new(NoteCode::UriBadPort),
                RedirectUriDefect::Fragment => Note::new(NoteCode::UriFragment),
            }];
        }
    };
    let mut notes = Vec::new();
    if !registered.is_empty() {
        if registered.iter().any(|one| redirect_matching::matches(one, text)) {
            notes.push(Note::new(NoteCode::UriMatchesRegistered));
        } else {
            let nearest = redirect_matching::nearest_match(registered, text).unwrap_or_default();
            notes.push(Note::about(NoteCode::UriDiffersFromRegistered, nearest));
        }
    }
    let scheme = uri.scheme.to_ascii_lowercase();
    notes.push(Note::new(match (uri.is_loopback(), scheme.as_str()) {
        (true, "http") if uri.host.eq_ignore_ascii_case("localhost") => NoteCode::UriLocalhost,
        (true, "http") => NoteCode::UriLoopback,
        (true, "https") => NoteCode::UriHttpsLoopback,
        (_, scheme) if !matches!(scheme, "http" | "https") => NoteCode::UriNotHttp,
        (true, _) => NoteCode::UriLoopback,
        (false, "http") => NoteCode::UriHttpNotLoopback,
        (false, _) => NoteCode::UriNotLoopback,
    }));
    notes
}

/// Notes on the registered redirect URIs, as typed.
pub fn registered(text: &str) -> Vec<Note> {
    let mut uris = text.split_whitespace().peekable();
    if uris.peek().is_none() {
        return vec![Note::new(NoteCode::RegisteredUnknown)];
    }
    let bad = uris.find(|uri| RedirectUri::parse(uri).is_err());
    vec![bad.map_or(Note::new(NoteCode::RegisteredReadable), |uri| {
        Note::about(NoteCode::UriNotAbsolute, uri)
    })]
}

/// Notes on a scope list.
pub fn scopes(text: &str, profile: &ProviderProfile) -> Vec<Note> {
    let words = split_scope(text);
    if words.is_empty() {
        return vec![Note::new(NoteCode::ScopeEmpty)];
    }
    let Some(scopes) = profile.scopes else {
        return vec![Note::new(NoteCode::Filled)];
    };
    let unknown = words
        .iter()
        .filter(|word| !(scopes.is_known)(word))
        .map(|w| Note::about(NoteCode::ScopeUnknown, w));
    let implied = words
        .iter()
        .filter(|word| (scopes.container)(word, &words).is_some())
        .map(|word| Note::about(NoteCode::ScopeImplied, word));
    let mut notes: Vec<Note> = unknown.chain(implied).collect();
    if notes.is_empty() {
        notes.push(Note::new(NoteCode::ScopeKnown));
    }
    notes
}

/// Notes on a code at the exchange, beside the one that was received.
pub fn code(text: &str, received: Option<&str>, profile: &ProviderProfile) -> Vec<Note> {
    if let Some(note) = damage(text) {
        return vec![note];
    }
    let mut notes = Vec::new();
    if received.is_some_and(|received| received != text) {
        notes.push(Note::new(NoteCode::CodeDiffersFromReceived));
    }
    let code = match profile.code_shape(text) {
        None => NoteCode::Filled,
        Some(CodeShape::TwentyHex) => NoteCode::CodeShape,
        Some(CodeShape::TooShort) => NoteCode::CodeTooShort,
        Some(CodeShape::TooLong) => NoteCode::CodeTooLong,
        Some(CodeShape::Unknown) => NoteCode::CodeUnknownShape,
    };
    notes.push(Note::counted(code, text));
    notes
}

/// Notes on an endpoint that is sent secrets: the client's, or a token.
pub fn secret_endpoint(text: &str) -> Vec<Note> {
    if endpoint::is_in_the_clear(text) {
        vec![Note::new(NoteCode::EndpointNotEncrypted)]
    } else {
        endpoint(text)
    }
}

/// Notes on a host.
pub fn host(text: &str) -> Vec<Note> {
    vec![Note::new(if endpoint::is_host(text) {
        NoteCode::EndpointReadable
    } else {
        NoteCode::HostUnreadable
    })]
}

/// Notes on an endpoint.
pub fn endpoint(text: &str) -> Vec<Note> {
    vec![Note::new(if endpoint::is_endpoint(text) {
        NoteCode::EndpointReadable
    } else {
        NoteCode::EndpointUnreadable
    })]
}

/// Notes on an address to listen on; empty means the redirect URI's.
pub fn listen(text: &str) -> Vec<Note> {
    if text.is_empty() {
        return Vec::new();
    }
    let readable = text
        .parse::<std::net::SocketAddr>()
        .is_ok_and(|address| address.ip().is_loopback());
    vec![Note::new(if readable {
        NoteCode::ListenReadable
    } else {
        NoteCode::ListenUnreadable
    })]
}

/// Makes a note of a code alone, for the few remarks that need no reading.
pub fn remark(code: NoteCode) -> Note {
    Note::new(code)
}

#[cfg(test)]
mod tests {
    use crate::{
        providers::{DEFAULT, rfc6749::RFC6749},
        ui::model::field_hints::*,
    };

    fn codes(notes: &[Note]) -> Vec<NoteCode> {
        notes.iter().map(|note| note.code).collect()
    }

    #[test]
    fn what_is_said_beside_each_field() {
        let good = "a1b2c3d4e5f60718293a4b5c6d7e8f9012349f0e";
        for (notes, expected) in [
            (
                client_id("Ov23liAAAAAAAAAAAAAA", DEFAULT),
                vec![NoteCode::IdOfOAuthApp],
            ),
            (client_id("123456", DEFAULT), vec![NoteCode::NumericAppId]),
            (client_id(good, DEFAULT), vec![NoteCode::SecretInIdField]),
            (client_id("", DEFAULT), vec![NoteCode::Empty]),
            (client_id("anything", &RFC6749), vec![NoteCode::Filled]),
            (client_secret(good, DEFAULT), vec![NoteCode::SecretShape]),
            (
                client_secret(&format!("{good}\n"), DEFAULT),
                vec![NoteCode::Newline],
            ),
            (
                client_secret("Ov23liAAAAAAAAAAAAAA", DEFAULT),
                vec![NoteCode::IdInSecretField],
            ),
            (
                redirect_uri("http://127.0.0.1:8914/callback", &[]),
                vec![NoteCode::UriLoopback],
            ),
            (
                redirect_uri("http://localhost:8914/callback", &[]),
                vec![NoteCode::UriLocalhost],
            ),
            (
                redirect_uri("127.0.0.1:8914/callback", &[]),
                vec![NoteCode::UriNotAbsolute],
            ),
            (
                scopes("repo user:email user", DEFAULT),
                vec![NoteCode::ScopeImplied],
            ),
            (scopes("everything", DEFAULT), vec![NoteCode::ScopeUnknown]),
            (
                code("35e0ea2e9115f650b74", Some("35e0ea2e9115f650b742"), DEFAULT),
                vec![NoteCode::CodeDiffersFromReceived, NoteCode::CodeTooShort],
            ),
            (listen("0.0.0.0:80"), vec![NoteCode::ListenUnreadable]),
            (
                secret_endpoint("http://git.test/token"),
                vec![NoteCode::EndpointNotEncrypted],
            ),
            (
                secret_endpoint("http://127.0.0.1:8000/token"),
                vec![NoteCode::EndpointReadable],
            ),
            (
                secret_endpoint("https://git.test/token"),
                vec![NoteCode::EndpointReadable],
            ),
            (secret_endpoint("git.test"), vec![NoteCode::EndpointUnreadable]),
            (
                registered("https://e.com/a,b\nhttp://127.0.0.1/cb"),
                vec![NoteCode::RegisteredReadable],
            ),
            (registered(" "), vec![NoteCode::RegisteredUnknown]),
        ] {
            assert_eq!(codes(&notes), expected);
        }
        assert_eq!(client_secret(&format!("{good}\n"), DEFAULT)[0].at, 41);
        for text in [
            "http://127.0.0.1/\u{200b}",
            "http://127.0.0.1/调",
            "http://127.0.0.1/\"",
        ] {
            let notes = redirect_uri(text, &[]);
            assert_eq!(
                (notes[0].code, notes[0].at),
                (NoteCode::UriForbiddenCharacter, 18),
                "{text}"
            );
        }
    }

    #[test]
    fn a_redirect_uri_is_held_against_the_registration() {
        let registered = [Registered {
            uri: "http://127.0.0.1/callback".into(),
            wildcard: true,
        }];
        let notes = redirect_uri("http://localhost:8914/callback", &registered);
        assert_eq!(
            codes(&notes),
            [NoteCode::UriDiffersFromRegistered, NoteCode::UriLocalhost]
        );
        assert_eq!(notes[0].value, "http://127.0.0.1:8914/callback");
    }
}
