//! Deliberate defects: each turns one screw of a flow against the simulator, so that a person can meet every refusal and
//! its explanation without an app, an account or bad luck. Pure: a fault changes values, it performs nothing.

use crate::{
    flow::{
        configuration::{Configuration, Field, Origin, Origins},
        transcript::{Disposition, FailureKind},
    },
    oauth::{
        params::{Params, encode_value},
        redirect_uri::{RedirectUri, Registered},
        secret::Secret,
        token::TokenRequest,
    },
    simulator::{Decision, Options},
};

/// How a flow with a fault ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// The token endpoint answers this `error`.
    TokenError(&'static str),
    /// The redirect brings this `error`.
    RedirectError(&'static str),
    /// The authorization endpoint shows a page of this status, and no redirect comes.
    Page(u16),
    /// The redirect fails this check.
    RedirectRefused(Disposition),
    /// The token endpoint answers something that is no token response.
    NotATokenResponse,
    /// The token endpoint does not answer.
    Failure(FailureKind),
    /// A token all the same: the defect is one that a careful client survives.
    Token,
}

macro_rules! faults {
    ($($(#[$doc:meta])+ $variant:ident = $name:literal => $expected:expr),+ $(,)?) => {
        /// A deliberate defect.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Fault { $($(#[$doc])+ $variant),+ }

        impl Fault {
            /// All of them, in the order in which the laboratory lists them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name, as `--fault` takes it.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// How the flow ends.
            pub fn expected(self) -> Expected {
                match self { $(Self::$variant => $expected),+ }
            }
        }
    };
}

const CREDENTIALS: Expected = Expected::TokenError("incorrect_client_credentials");
const UNKNOWN_CLIENT: Expected = Expected::TokenError("Not Found");
const MISMATCH: Expected = Expected::TokenError("redirect_uri_mismatch");
const CODE: Expected = Expected::TokenError("bad_verification_code");
const VERIFIER: Expected = Expected::TokenError("invalid_grant");

faults! {
    /// One character of the secret is another one: its shape is right, its value is not.
    WrongClientSecret = "wrong_client_secret" => CREDENTIALS,
    /// A newline behind the secret, as `echo` puts it into a file.
    ClientSecretWithNewline = "client_secret_with_newline" => CREDENTIALS,
    /// Quotes around the secret, as a `.env` file keeps them.
    ClientSecretQuoted = "client_secret_quoted" => CREDENTIALS,
    /// The last four characters of the secret are missing.
    ClientSecretTruncated = "client_secret_truncated" => CREDENTIALS,
    /// The secret is empty, like an environment variable that was not loaded.
    ClientSecretEmpty = "client_secret_empty" => CREDENTIALS,
    /// The secret is still the placeholder of an example file.
    ClientSecretPlaceholder = "client_secret_placeholder" => CREDENTIALS,
    /// The parameter is left out, as if PKCE replaced it.
    ClientSecretOmitted = "client_secret_omitted" => CREDENTIALS,
    /// The client id stands in the secret's place.
    ClientIdAsSecret = "client_id_as_secret" => CREDENTIALS,
    /// Id and secret have changed places in the token request.
    ClientIdAndSecretSwapped = "client_id_and_secret_swapped" => UNKNOWN_CLIENT,
    /// The token request names another app.
    WrongClientId = "wrong_client_id" => UNKNOWN_CLIENT,
    /// The token request names the numeric App ID.
    ClientIdNumeric = "client_id_numeric" => UNKNOWN_CLIENT,
    /// The token request names a GitHub App.
    ClientIdOfGitHubApp = "client_id_of_github_app" => UNKNOWN_CLIENT,
    /// The authorization request names an app that does not exist.
    UnknownClient = "unknown_client" => Expected::Page(404),
    /// The token request says `localhost` where the authorization request said `127.0.0.1`, or the other way round.
    RedirectUriDiffersAtExchange = "redirect_uri_differs_at_exchange" => MISMATCH,
    /// The app has another redirect URI registered.
    RedirectUriNotRegistered = "redirect_uri_not_registered" => Expected::Page(400),
    /// The token request says `https`, as behind a TLS proxy.
    RedirectUriSchemeDiffers = "redirect_uri_scheme_differs" => MISMATCH,
    /// The token request names another port.
    RedirectUriPortDiffers = "redirect_uri_port_differs" => MISMATCH,
    /// The token request names another path.
    RedirectUriPathDiffers = "redirect_uri_path_differs" => MISMATCH,
    /// The token request has a slash more.
    RedirectUriTrailingSlash = "redirect_uri_trailing_slash" => MISMATCH,
    /// The token request sends the whole address that the redirect came to, `code` and `state` included.
    RedirectUriWithQuery = "redirect_uri_with_query" => MISMATCH,
    /// The token request percent-encodes the redirect URI twice.
    RedirectUriEncodedTwice = "redirect_uri_encoded_twice" => MISMATCH,
    /// The code is exchanged a second time.
    CodeReused = "code_reused" => CODE,
    /// Eleven minutes pass before the exchange.
    CodeExpired = "code_expired" => CODE,
    /// One character of the code is another one.
    CodeTampered = "code_tampered" => CODE,
    /// The last characters of the code are missing.
    CodeTruncated = "code_truncated" => CODE,
    /// A space stands behind the code.
    CodePadded = "code_padded" => CODE,
    /// The code is empty.
    CodeEmpty = "code_empty" => CODE,
    /// The code is the word `undefined`.
    CodeUndefined = "code_undefined" => CODE,
    /// The code was issued to another app than the one that exchanges it.
    CodeOfAnotherClient = "code_of_another_client" => CODE,
    /// The `code_verifier` is left out.
    CodeVerifierOmitted = "code_verifier_omitted" => VERIFIER,
    /// The `code_verifier` is another one.
    CodeVerifierWrong = "code_verifier_wrong" => VERIFIER,
    /// The redirect comes with another `state`.
    StateTampered = "state_tampered" => Expected::RedirectRefused(Disposition::StateDiffers),
    /// The redirect comes without `state`.
    StateMissing = "state_missing" => Expected::RedirectRefused(Disposition::StateMissing),
    /// The redirect names another issuer.
    IssuerDiffers = "issuer_differs" => Expected::RedirectRefused(Disposition::IssuerDiffers),
    /// The person presses Cancel.
    UserDenies = "user_denies" => Expected::RedirectError("access_denied"),
    /// The app is suspended.
    AppSuspended = "app_suspended" => Expected::RedirectError("application_suspended"),
    /// The person's primary email is not verified.
    EmailUnverified = "email_unverified" => Expected::TokenError("unverified_user_email"),
    /// Too many token requests: status 429.
    RateLimited = "rate_limited" => Expected::NotATokenResponse,
    /// A proxy answers in the token endpoint's place, with a page.
    HtmlAnswer = "html_answer" => Expected::NotATokenResponse,
    /// Nothing listens at the token endpoint.
    TokenEndpointUnreachable = "token_endpoint_unreachable" => Expected::Failure(FailureKind::Connect),
    /// No kind of answer is asked for: the token comes form-encoded, which a client that expects JSON cannot read.
    FormEncodedAnswer = "form_encoded_answer" => Expected::Token,
}

/// A second app, which the simulator does not know.
const OTHER_CLIENT_ID: &str = "Ov23liAnotherAppXyz9";
const ELEVEN_MINUTES: u64 = 11 * 60 * 1000;

impl Fault {
    /// The fault of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|fault| fault.name() == name)
    }

    /// True when it needs the simulator: what goes wrong is on the server's side, in the browser, or in the passing of time.
    pub fn needs_simulator(self) -> bool {
        matches!(
            self,
            Self::RedirectUriNotRegistered
                | Self::CodeExpired
                | Self::CodeOfAnotherClient
                | Self::StateTampered
                | Self::StateMissing
                | Self::IssuerDiffers
                | Self::UserDenies
                | Self::AppSuspended
                | Self::EmailUnverified
                | Self::RateLimited
                | Self::HtmlAnswer
        )
    }

    /// What is set wrong before the authorization: in the client's values, or in the simulator's.
    pub fn prepare(self, configuration: &mut Configuration, simulator: &mut Options) {
        match self {
            Self::UnknownClient => {
                configuration.client_id = OTHER_CLIENT_ID.into();
                configuration.origins.set(Field::ClientId, Origin::Fault);
            }
            Self::RedirectUriNotRegistered => {
                let uri = elsewhere(&configuration.redirect_uri);
                simulator.app.registered = vec![Registered { uri, wildcard: true }];
                configuration
                    .registration
                    .redirect_uris
                    .clone_from(&simulator.app.registered);
            }
            // Who has consented before and is asked for no scope sees no consent page to cancel (facts §1).
            Self::UserDenies if configuration.scopes.is_empty() => {
                configuration.scopes.push("read:user".into());
            }
            Self::AppSuspended => simulator.app.suspended = true,
            Self::EmailUnverified => simulator.account.email_verified = false,
            Self::RateLimited => simulator.habits.rate_limited = true,
            Self::HtmlAnswer => simulator.habits.html_answer = true,
            Self::FormEncodedAnswer => {
                configuration.accept = None;
                configuration.origins.set(Field::Accept, Origin::Fault);
            }
            _ => {}
        }
    }

    /// What the person at the simulator's consent page does.
    pub fn decision(self) -> Decision {
        if self == Self::UserDenies {
            Decision::Deny
        } else {
            Decision::Approve
        }
    }

    /// What becomes of the redirect on its way from the authorization server.
    pub fn alter_redirect(self, redirect: &str) -> String {
        let (name, value) = match self {
            Self::StateTampered => ("state", Some("tampered")),
            Self::StateMissing => ("state", None),
            Self::IssuerDiffers => ("iss", Some("https://elsewhere.example/login/oauth")),
            _ => return redirect.to_owned(),
        };
        let Some((base, query)) = redirect.split_once('?') else {
            return redirect.to_owned();
        };
        let mut params = Params::decode(query);
        params.0.retain(|(n, _)| n != name);
        if let Some(value) = value {
            params.push(name, value);
        }
        format!("{base}?{}", params.encode())
    }

    /// Milliseconds that pass between the redirect and the exchange.
    pub fn millis_before_exchange(self) -> u64 {
        if self == Self::CodeExpired {
            ELEVEN_MINUTES
        } else {
            0
        }
    }

    /// How many times the code is exchanged.
    pub fn exchanges(self) -> u32 {
        if self == Self::CodeReused { 2 } else { 1 }
    }

    /// What changes at the authorization server between the redirect and the exchange.
    pub fn before_exchange(self, simulator: &mut Options) {
        if self == Self::CodeOfAnotherClient {
            simulator.app.client_id = OTHER_CLIENT_ID.into();
        }
    }

    /// What is wrong with the token request.
    pub fn alter_exchange(self, request: &mut TokenRequest, origins: &mut Origins) {
        let secret = request
            .client_secret
            .as_ref()
            .map_or("", Secret::reveal)
            .to_owned();
        let mut field = None;
        let mut set_secret = |value: Option<String>| {
            field = Some(Field::ClientSecret);
            value.map(Secret::new)
        };
        match self {
            Self::WrongClientSecret => request.client_secret = set_secret(Some(other_character(&secret))),
            Self::ClientSecretWithNewline => request.client_secret = set_secret(Some(format!("{secret}\n"))),
            Self::ClientSecretQuoted => request.client_secret = set_secret(Some(format!("\"{secret}\""))),
            Self::ClientSecretTruncated => request.client_secret = set_secret(Some(without_last(&secret, 4))),
            Self::ClientSecretEmpty => request.client_secret = set_secret(Some(String::new())),
            Self::ClientSecretPlaceholder => {
                request.client_secret = set_secret(Some("your_client_secret".into()));
            }
            Self::ClientSecretOmitted => request.client_secret = set_secret(None),
            Self::ClientIdAsSecret => request.client_secret = set_secret(Some(request.client_id.clone())),
            Self::ClientIdAndSecretSwapped => {
                let id = std::mem::replace(&mut request.client_id, secret);
                request.client_secret = set_secret(Some(id));
                origins.set(Field::ClientId, Origin::Fault);
            }
            Self::WrongClientId | Self::CodeOfAnotherClient => {
                request.client_id = OTHER_CLIENT_ID.into();
                field = Some(Field::ClientId);
            }
            Self::ClientIdNumeric => {
                request.client_id = "1234567".into();
                field = Some(Field::ClientId);
            }
            Self::ClientIdOfGitHubApp => {
                request.client_id = "Iv23liGitHubAppXyz12".into();
                field = Some(Field::ClientId);
            }
            Self::CodeVerifierOmitted => {
                request.code_verifier = None;
                field = Some(Field::CodeVerifier);
            }
            Self::CodeVerifierWrong => {
                let verifier = request.code_verifier.as_ref().map_or("", Secret::reveal);
                request.code_verifier = Some(Secret::new(other_character(verifier)));
                field = Some(Field::CodeVerifier);
            }
            Self::TokenEndpointUnreachable => {
                // The discard service: reserved, and served by nobody.
                request.endpoint = "http://127.0.0.1:9/login/oauth/access_token".into();
                field = Some(Field::TokenEndpoint);
            }
            _ => {
                if let Some(code) = self.other_code(&request.code) {
                    request.code = code;
                    field = Some(Field::Code);
                } else if let Some(uri) = self.other_redirect_uri(request) {
                    request.redirect_uri = Some(uri);
                    field = Some(Field::RedirectUri);
                }
            }
        }
        if let Some(field) = field {
            origins.set(field, Origin::Fault);
        }
    }

    fn other_code(self, code: &str) -> Option<String> {
        Some(match self {
            Self::CodeTampered => other_character(code),
            Self::CodeTruncated => without_last(code, 3),
            Self::CodePadded => format!("{code} "),
            Self::CodeEmpty => String::new(),
            Self::CodeUndefined => "undefined".into(),
            _ => return None,
        })
    }

    fn other_redirect_uri(self, request: &TokenRequest) -> Option<String> {
        let sent = request.redirect_uri.as_deref()?;
        let mut uri = RedirectUri::parse(sent).ok()?;
        match self {
            Self::RedirectUriDiffersAtExchange => {
                uri.host = if uri.host == "localhost" {
                    "127.0.0.1"
                } else {
                    "localhost"
                }
                .into();
            }
            Self::RedirectUriSchemeDiffers => {
                uri.scheme = if uri.is_scheme("https") { "http" } else { "https" }.into();
            }
            Self::RedirectUriPortDiffers => {
                uri.port = Some(if uri.port == Some(3000) { 8080 } else { 3000 });
            }
            Self::RedirectUriPathDiffers => uri.path = format!("{}s", uri.effective_path()),
            Self::RedirectUriTrailingSlash => uri.path = format!("{}/", uri.effective_path()),
            Self::RedirectUriWithQuery => uri.query = Some(format!("code={}", request.code)),
            Self::RedirectUriEncodedTwice => return Some(encode_value(sent)),
            _ => return None,
        }
        Some(uri.to_string())
    }
}

/// The same redirect URI with another path, without its port where that is free.
fn elsewhere(redirect_uri: &str) -> String {
    match RedirectUri::parse(redirect_uri) {
        Ok(mut uri) => {
            if uri.is_loopback() {
                uri.port = None;
            }
            uri.path = "/auth/github/callback".into();
            uri.to_string()
        }
        Err(_) => "http://127.0.0.1/auth/github/callback".into(),
    }
}

/// The text with its last character changed into another of the same kind.
fn other_character(text: &str) -> String {
    let mut changed = without_last(text, 1);
    changed.push(if text.ends_with('0') { '1' } else { '0' });
    changed
}

fn without_last(text: &str, characters: usize) -> String {
    let keep = text.chars().count().saturating_sub(characters);
    text.chars().take(keep).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_lead_back() {
        for fault in Fault::ALL {
            assert_eq!(Fault::from_name(fault.name()), Some(*fault));
        }
        assert_eq!(Fault::from_name("code_reusd"), None);
    }
}
