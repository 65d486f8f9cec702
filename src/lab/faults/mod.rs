//! Deliberate defects: each breaks one thing in a flow, so that every refusal and its explanation can be seen without
//! an app, an account or bad luck. Pure: a fault changes values, it performs nothing.
//!
//! This file is the list. What the client gets wrong is in `client`; what goes wrong at the authorization server, in the
//! browser or with the time is in `server`.

mod client;
mod server;

use crate::flow::transcript::{Disposition, FailureKind};

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
    /// The answer of the token endpoint is not a token response.
    NotATokenResponse,
    /// The token endpoint does not answer.
    Failure(FailureKind),
    /// A token all the same: the defect is one that a careful client survives.
    Token,
}

/// What a fault damages. The laboratory lists them by this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// `client_secret`, and how it is sent.
    ClientSecret,
    /// `client_id`.
    ClientId,
    /// `redirect_uri`.
    RedirectUri,
    /// `code`, and the verifier that it is bound to.
    Code,
    /// The redirect, the person, the network, the answer.
    Around,
}

impl Group {
    /// All, in the order in which the laboratory shows them.
    pub const ALL: [Self; 5] = [
        Self::ClientSecret,
        Self::ClientId,
        Self::RedirectUri,
        Self::Code,
        Self::Around,
    ];
}

macro_rules! faults {
    ($($group:ident { $($(#[$doc:meta])+ $variant:ident = $name:literal => $expected:expr),+ $(,)? })+) => {
        /// A deliberate defect.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Fault { $($($(#[$doc])+ $variant),+),+ }

        impl Fault {
            /// All of them, in the order in which the laboratory lists them.
            pub const ALL: &[Self] = &[$($(Self::$variant),+),+];

            /// The name, as `--fault` takes it.
            pub fn name(self) -> &'static str {
                match self { $($(Self::$variant => $name),+),+ }
            }

            /// How the flow ends against the simulator.
            pub fn expected(self) -> Expected {
                match self { $($(Self::$variant => $expected),+),+ }
            }

            /// What it damages.
            pub fn group(self) -> Group {
                match self { $($(Self::$variant)|+ => Group::$group),+ }
            }
        }
    };
}

const CREDENTIALS: Expected = Expected::TokenError("incorrect_client_credentials");
const UNKNOWN_CLIENT: Expected = Expected::TokenError("Not Found");
const MISMATCH: Expected = Expected::TokenError("redirect_uri_mismatch");
const CODE: Expected = Expected::TokenError("bad_verification_code");
const VERIFIER: Expected = Expected::TokenError("invalid_grant");
const BE_CAREFUL: Expected = Expected::Page(400);
const PAGE_NOT_FOUND: Expected = Expected::Page(404);

faults! {
    ClientSecret {
        /// One character of the secret is another one: its shape is right, its value is not.
        WrongClientSecret = "wrong_client_secret" => CREDENTIALS,
        /// A newline behind the secret, as `echo` puts it into a file.
        ClientSecretWithNewline = "client_secret_with_newline" => CREDENTIALS,
        /// A space behind the secret, as a copied line has it.
        ClientSecretWithSpace = "client_secret_with_space" => CREDENTIALS,
        /// Quotes around the secret, as a `.env` file keeps them.
        ClientSecretQuoted = "client_secret_quoted" => CREDENTIALS,
        /// The last four characters of the secret are missing.
        ClientSecretTruncated = "client_secret_truncated" => CREDENTIALS,
        /// Four characters more than a secret has.
        ClientSecretTooLong = "client_secret_too_long" => CREDENTIALS,
        /// A Cyrillic letter that looks like one of the secret's.
        ClientSecretForeignLetter = "client_secret_foreign_letter" => CREDENTIALS,
        /// The secret, with a newline at its end, is percent-encoded before the request is encoded.
        ClientSecretEncodedTwice = "client_secret_encoded_twice" => CREDENTIALS,
        /// The secret is empty, like an environment variable that was not loaded.
        ClientSecretEmpty = "client_secret_empty" => CREDENTIALS,
        /// The secret is still the placeholder of an example file.
        ClientSecretPlaceholder = "client_secret_placeholder" => CREDENTIALS,
        /// The parameter is left out, as if PKCE replaced it.
        ClientSecretOmitted = "client_secret_omitted" => CREDENTIALS,
        /// The secret was good a moment ago and was replaced at the server since.
        ClientSecretRotated = "client_secret_rotated" => CREDENTIALS,
        /// The client id is sent as the secret.
        ClientIdAsSecret = "client_id_as_secret" => CREDENTIALS,
        /// Id and secret have changed places in the token request.
        ClientIdAndSecretSwapped = "client_id_and_secret_swapped" => UNKNOWN_CLIENT,
        /// The `Basic` header holds `id:id:secret`, joined without encoding, so that it is cut in the wrong place.
        BasicPairWithColon = "basic_pair_with_colon" => CREDENTIALS,
        /// An old secret is in the `Basic` header, the right one in the body.
        BasicAndBody = "basic_and_body" => CREDENTIALS,
    }
    ClientId {
        /// The token request names another app.
        WrongClientId = "wrong_client_id" => UNKNOWN_CLIENT,
        /// The token request names the numeric App ID.
        ClientIdNumeric = "client_id_numeric" => UNKNOWN_CLIENT,
        /// The token request names a GitHub App.
        ClientIdOfGitHubApp = "client_id_of_github_app" => UNKNOWN_CLIENT,
        /// The authorization request names an app that does not exist.
        UnknownClient = "unknown_client" => PAGE_NOT_FOUND,
        /// The authorization request's id is the word `undefined`.
        ClientIdUndefined = "client_id_undefined" => PAGE_NOT_FOUND,
        /// The id in the authorization request ends in a newline.
        ClientIdWithNewline = "client_id_with_newline" => PAGE_NOT_FOUND,
        /// The token request goes to another host, where the app is not registered.
        TokenEndpointOnOtherHost = "token_endpoint_on_other_host" => UNKNOWN_CLIENT,
    }
    RedirectUri {
        /// The token request says `localhost` where the authorization request said `127.0.0.1`, or the other way round.
        RedirectUriDiffersAtExchange = "redirect_uri_differs_at_exchange" => MISMATCH,
        /// The token request says `https`, as behind a TLS proxy.
        RedirectUriSchemeDiffers = "redirect_uri_scheme_differs" => MISMATCH,
        /// The token request names another port.
        RedirectUriPortDiffers = "redirect_uri_port_differs" => MISMATCH,
        /// The token request names another path.
        RedirectUriPathDiffers = "redirect_uri_path_differs" => MISMATCH,
        /// The token request has a slash more at the end.
        RedirectUriTrailingSlash = "redirect_uri_trailing_slash" => MISMATCH,
        /// The token request's path begins with two slashes.
        RedirectUriDoubleSlash = "redirect_uri_double_slash" => MISMATCH,
        /// The token request sends the whole address that the redirect came to, `code` and `state` included.
        RedirectUriWithQuery = "redirect_uri_with_query" => MISMATCH,
        /// The token request percent-encodes the redirect URI twice.
        RedirectUriEncodedTwice = "redirect_uri_encoded_twice" => MISMATCH,
        /// The token request leaves the scheme out.
        RedirectUriWithoutScheme = "redirect_uri_without_scheme" => MISMATCH,
        /// Two redirect URIs are registered, the second is used, and the token request names none.
        RedirectUriOmitted = "redirect_uri_omitted" => MISMATCH,
        /// The app has another redirect URI registered.
        RedirectUriNotRegistered = "redirect_uri_not_registered" => BE_CAREFUL,
        /// A path below the registered one, which has its wildcard switched off.
        RedirectUriWildcardOff = "redirect_uri_wildcard_off" => BE_CAREFUL,
        /// `http` is sent and `https` registered: the app does not see its TLS proxy.
        RedirectUriBehindTlsProxy = "redirect_uri_behind_tls_proxy" => BE_CAREFUL,
        /// The address of a preview deployment is sent.
        RedirectUriOnPreviewHost = "redirect_uri_on_preview_host" => BE_CAREFUL,
        /// `www.` is registered and not sent.
        RedirectUriWithoutWww = "redirect_uri_without_www" => BE_CAREFUL,
        /// A port that a public host does not have registered.
        RedirectUriPublicPort = "redirect_uri_public_port" => BE_CAREFUL,
    }
    Code {
        /// The code is exchanged a second time.
        CodeReused = "code_reused" => CODE,
        /// The same redirect comes twice, and the other one's exchange was faster.
        CodeRedirectedTwice = "code_redirected_twice" => CODE,
        /// The first answer is a token in an encoding that the client cannot read, so it tries again.
        CodeAfterUnreadAnswer = "code_after_unread_answer" => CODE,
        /// The redirect goes to another program, which exchanges the code; it is pasted here by hand.
        CodePasted = "code_pasted" => CODE,
        /// Cancel was pressed, and the client exchanges the code that is not there.
        CodeAfterCancel = "code_after_cancel" => CODE,
        /// Eleven minutes pass before the exchange.
        CodeExpired = "code_expired" => CODE,
        /// One character of the code is another one.
        CodeTampered = "code_tampered" => CODE,
        /// The last characters of the code are missing.
        CodeTruncated = "code_truncated" => CODE,
        /// The code ends in a space.
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
        /// `code_challenge_method` is `plain`.
        CodeChallengePlain = "code_challenge_plain" => Expected::RedirectError("invalid_request"),
    }
    Around {
        /// The redirect comes with another `state`.
        StateTampered = "state_tampered" => Expected::RedirectRefused(Disposition::StateDiffers),
        /// The redirect comes without `state`.
        StateMissing = "state_missing" => Expected::RedirectRefused(Disposition::StateMissing),
        /// The redirect comes with two `state`.
        StateRepeated = "state_repeated" => Expected::RedirectRefused(Disposition::ParameterRepeated),
        /// The redirect names another issuer.
        IssuerDiffers = "issuer_differs" => Expected::RedirectRefused(Disposition::IssuerDiffers),
        /// The person presses Cancel.
        UserDenies = "user_denies" => Expected::RedirectError("access_denied"),
        /// The person grants fewer scopes than were asked for.
        ScopesNarrowed = "scopes_narrowed" => Expected::Token,
        /// The app is suspended.
        AppSuspended = "app_suspended" => Expected::RedirectError("application_suspended"),
        /// The person's primary email is not verified.
        EmailUnverified = "email_unverified" => Expected::TokenError("unverified_user_email"),
        /// Too many token requests: status 429.
        RateLimited = "rate_limited" => Expected::NotATokenResponse,
        /// A proxy answers in the token endpoint's place, with a page.
        HtmlAnswer = "html_answer" => Expected::NotATokenResponse,
        /// No kind of answer is asked for: the token comes form-encoded, which a client that expects JSON cannot read.
        FormEncodedAnswer = "form_encoded_answer" => Expected::Token,
        /// The host of the token endpoint has no address.
        TokenEndpointUnknownHost = "token_endpoint_unknown_host" => Expected::Failure(FailureKind::Dns),
        /// Nothing listens at the token endpoint.
        TokenEndpointUnreachable = "token_endpoint_unreachable" => Expected::Failure(FailureKind::Connect),
        /// Something listens at the token endpoint and never answers.
        TokenEndpointSilent = "token_endpoint_silent" => Expected::Failure(FailureKind::TimedOut),
        /// The token endpoint is asked by `https` and speaks plain `http`.
        TokenEndpointWithoutTls = "token_endpoint_without_tls" => Expected::Failure(FailureKind::NotTls),
    }
}

/// A second app, which the simulator does not know.
const OTHER_CLIENT_ID: &str = "Ov23liAnotherAppXyz9";

impl Fault {
    /// The fault of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|fault| fault.name() == name)
    }

    /// True when it sends credentials that the server refuses: repeated against a real provider, that can block the app for
    /// a while (docs/github.md §3).
    pub fn may_lock_out(self) -> bool {
        matches!(self.expected(), CREDENTIALS | UNKNOWN_CLIENT)
    }

    /// Why the token endpoint gives no answer, where it gives none.
    pub fn failure(self) -> Option<FailureKind> {
        match self.expected() {
            Expected::Failure(kind) => Some(kind),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lab::faults::*;

    #[test]
    fn names_are_unique_and_lead_back() {
        for fault in Fault::ALL {
            assert_eq!(Fault::from_name(fault.name()), Some(*fault));
        }
        assert_eq!(Fault::from_name("code_reusd"), None);
    }

    #[test]
    fn groups_stand_together_and_in_order() {
        let mut groups: Vec<Group> = Fault::ALL.iter().map(|fault| fault.group()).collect();
        assert!(groups.is_sorted());
        groups.dedup();
        assert_eq!(groups, Group::ALL);
    }

    #[test]
    fn refused_credentials_may_lock_an_app_out_and_nothing_else_may() {
        assert!(Fault::WrongClientSecret.may_lock_out() && Fault::WrongClientId.may_lock_out());
        assert!(!Fault::CodeReused.may_lock_out() && !Fault::UnknownClient.may_lock_out());
    }
}
