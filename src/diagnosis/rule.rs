//! The names of all findings and remedies. A test holds them together with checks, scenarios, prose and docs.

use serde::{Deserialize, Serialize};

use crate::diagnosis::finding::Topic;

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal $(: $topic:ident)?),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $text)] $variant),+
        }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name in documents, locales and the command line.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            codes!(@topic $($variant $($topic)?),+);
        }
    };
    (@topic $($variant:ident $topic:ident),+) => {
        /// What it is about.
        pub fn topic(self) -> Topic {
            match self { $(Self::$variant => Topic::$topic),+ }
        }
    };
    (@topic $($variant:ident),+) => {};
}

codes! {
    /// The facts that a check can find, each named after the fact. The sections (§) are those of `docs/github.md`.
    Code {
        /// The server refused the client: its answer says `incorrect_client_credentials` or `invalid_client` (§3, §9).
        CredentialsRefused = "credentials_refused": Credentials,
        /// The server does not know the client: 404 `{"error":"Not Found"}` (§3).
        ClientUnknown = "client_unknown": Credentials,
        /// Id and secret are swapped (§8.1).
        ClientIdAndSecretSwapped = "client_id_and_secret_swapped": Credentials,
        /// No secret was sent at all, often since PKCE was thought to replace it (§8.1).
        ClientSecretOmitted = "client_secret_omitted": Credentials,
        /// The secret was sent and is empty.
        ClientSecretEmpty = "client_secret_empty": Credentials,
        /// The secret is `undefined`, `${…}`, `your_client_secret` or the like (§8.1).
        ClientSecretPlaceholder = "client_secret_is_placeholder": Credentials,
        /// There is a line break in the secret (§8.1).
        ClientSecretHasNewline = "client_secret_has_newline": Credentials,
        /// There is a space or tab in the secret (§8.1).
        ClientSecretHasSpace = "client_secret_has_space": Credentials,
        /// The secret was sent with its quotes (§8.1).
        ClientSecretQuoted = "client_secret_quoted": Credentials,
        /// There is a zero-width character in the secret.
        ClientSecretHasInvisible = "client_secret_has_invisible_character": Credentials,
        /// The secret was percent-encoded before it was encoded for the request.
        ClientSecretPercentEncoded = "client_secret_percent_encoded": Credentials,
        /// There is a non-ASCII letter in the secret.
        ClientSecretNotAscii = "client_secret_has_foreign_letter": Credentials,
        /// A client id was sent as the secret (§8.1).
        ClientSecretIsClientId = "client_secret_is_client_id": Credentials,
        /// A token was sent as the secret (§4).
        ClientSecretIsToken = "client_secret_is_token": Credentials,
        /// The secret has fewer than 40 characters (§4, §8.1).
        ClientSecretTooShort = "client_secret_too_short": Credentials,
        /// The secret has more than 40 characters (§4, §8.1).
        ClientSecretTooLong = "client_secret_too_long": Credentials,
        /// The secret holds characters that no secret of GitHub's holds (§4).
        ClientSecretWrongAlphabet = "client_secret_wrong_alphabet": Credentials,
        /// The pasted text hides the client secret that was refused.
        ClientSecretHidden = "client_secret_hidden": Credentials,
        /// There is no client id.
        ClientIdEmpty = "client_id_empty": Credentials,
        /// The client id is `undefined`, `${…}` or the like (§1, §8.1).
        ClientIdPlaceholder = "client_id_is_placeholder": Credentials,
        /// There is a line break, space, quote, escape or foreign letter in the client id (§1, §8.1).
        ClientIdDamaged = "client_id_damaged": Credentials,
        /// The numeric App ID was used as the client id (§4, §8.1).
        ClientIdIsAppId = "client_id_is_app_id": Credentials,
        /// A client secret was used as the client id.
        ClientIdIsSecret = "client_id_is_secret": Credentials,
        /// The client id does not have the format of a GitHub client id (§4).
        ClientIdWrongShape = "client_id_wrong_shape": Credentials,
        /// The `Basic` header cannot be taken apart.
        BasicHeaderUnreadable = "basic_header_unreadable": Credentials,
        /// The `Basic` pair holds a second colon, so that it is cut in the wrong place.
        BasicPairHasColon = "basic_pair_has_colon": Credentials,
        /// Credentials are in the `Basic` header and in the body (RFC 6749 §2.3 allows one of them).
        ClientAuthenticatedTwice = "client_authenticated_twice": Credentials,
        /// Authorization and token endpoint are on different hosts (§7, §8.1).
        EndpointsOnDifferentHosts = "endpoints_on_different_hosts": Credentials,
        /// The same pair was accepted before: the secret was deleted since, or the app (§8.1).
        CredentialsNoLongerAccepted = "credentials_no_longer_accepted": Credentials,
        /// The client id is not the app's.
        ClientIdWrong = "client_id_wrong": Credentials,
        /// The secret has the right format and is not the app's.
        ClientSecretWrong = "client_secret_wrong": Credentials,
        /// A GitHub App's id used like an OAuth app's: its secret may be the other app's (§8.1).
        AppKindMixedUp = "app_kind_mixed_up": Credentials,
        /// The server may want the client authenticated in another way: in the header, or in the body (RFC 6749 §2.3.1, §5.2).
        AuthenticationMethodRefused = "client_authentication_method_refused": Credentials,
        /// The app may be registered on another host than the one that was asked (§7, §8.1).
        AppOnOtherHost = "app_registered_on_other_host": Credentials,
        /// The secret came from a variable or file that may be stale (§8.1).
        ClientSecretSourceStale = "client_secret_source_stale": Credentials,
        /// Credentials were refused several times: GitHub blocks for a while after too many (§3).
        CredentialsRefusedRepeatedly = "credentials_refused_repeatedly": Credentials,

        /// The server refused the redirect URI: `redirect_uri_mismatch` (§1, §3).
        RedirectUriRefused = "redirect_uri_refused": RedirectUri,
        /// The redirect URI of the token request differs from the authorization request's (§8.2).
        RedirectUriDiffersAtExchange = "redirect_uri_differs_at_exchange": RedirectUri,
        /// The token request left the redirect URI out, so that the registered default counts (§8.2, §11).
        RedirectUriOmittedAtExchange = "redirect_uri_omitted_at_exchange": RedirectUri,
        /// The redirect URI is percent-encoded already (§8.2).
        RedirectUriEncodedTwice = "redirect_uri_encoded_twice": RedirectUri,
        /// The redirect URI has no scheme (§8.2).
        RedirectUriHasNoScheme = "redirect_uri_has_no_scheme": RedirectUri,
        /// There is a space, a line break or another forbidden character in the redirect URI, or it cannot be parsed.
        RedirectUriDamaged = "redirect_uri_damaged": RedirectUri,
        /// The redirect URI has a fragment (RFC 6749 §3.1.2).
        RedirectUriHasFragment = "redirect_uri_has_fragment": RedirectUri,
        /// The redirect URI has a query that is not registered (§2, §8.2).
        RedirectUriHasQuery = "redirect_uri_has_query": RedirectUri,
        /// Only a slash at the end differs (§8.2).
        RedirectUriTrailingSlash = "redirect_uri_trailing_slash": RedirectUri,
        /// A slash is doubled (§8.2).
        RedirectUriDoubleSlash = "redirect_uri_double_slash": RedirectUri,
        /// Only upper and lower case differ in the path.
        RedirectUriCaseDiffers = "redirect_uri_case_differs": RedirectUri,
        /// `localhost` on one side, an address on the other (§2, §8.2).
        RedirectUriLoopbackName = "redirect_uri_loopback_name_differs": RedirectUri,
        /// `www.` on one side only (§8.2).
        RedirectUriWww = "redirect_uri_www_differs": RedirectUri,
        /// It would match if the wildcard switch of the registered URI were on (§2, §8.2).
        RedirectUriWildcardOff = "redirect_uri_wildcard_off": RedirectUri,
        /// Only the scheme differs: often a TLS proxy (§8.2).
        RedirectUriSchemeDiffers = "redirect_uri_scheme_differs": RedirectUri,
        /// Only the port differs (§2, §8.2).
        RedirectUriPortDiffers = "redirect_uri_port_differs": RedirectUri,
        /// Only the host differs (§8.2).
        RedirectUriHostDiffers = "redirect_uri_host_differs": RedirectUri,
        /// Only the path differs (§8.2).
        RedirectUriPathDiffers = "redirect_uri_path_differs": RedirectUri,
        /// It differs from every registered one in more than one part.
        RedirectUriNotRegistered = "redirect_uri_not_registered": RedirectUri,
        /// `http` with a public host: the sign of a server that does not see its TLS proxy (§8.2).
        RedirectUriHttpOnPublicHost = "redirect_uri_http_on_public_host": RedirectUri,
        /// It may differ from what is registered, which is not known.
        RedirectUriMayDiffer = "redirect_uri_may_differ_from_registered": RedirectUri,

        /// The server refused the code: `bad_verification_code` (§3).
        CodeRefused = "code_refused": Code,
        /// The server refused the grant without saying whether for the code or the redirect URI: `invalid_grant` (§9).
        GrantRefused = "grant_refused": Code,
        /// The server refused the code for its PKCE binding (§3).
        PkceRefused = "pkce_refused": Code,
        /// The code that was sent is empty (§8.3).
        CodeEmpty = "code_empty": Code,
        /// The code is `undefined` or the like (§8.3).
        CodePlaceholder = "code_is_placeholder": Code,
        /// The redirect had brought an error and no code, and a code was exchanged nevertheless (§8.3).
        CodeAfterError = "code_after_error_redirect": Code,
        /// The `state` was sent as the code.
        CodeIsState = "code_is_state": Code,
        /// The code has lost characters (§4).
        CodeTruncated = "code_truncated": Code,
        /// The code has gained characters (§4).
        CodePadded = "code_padded": Code,
        /// The code is that of an earlier authorization.
        CodeFromEarlierAuthorization = "code_from_earlier_authorization": Code,
        /// The code is not the one that the redirect brought.
        CodeTampered = "code_tampered": Code,
        /// The code does not look like a code of GitHub's (§4).
        CodeWrongShape = "code_wrong_shape": Code,
        /// The pasted text hides the code that was refused.
        CodeHidden = "code_hidden": Code,
        /// The code was issued to another client id (§8.3).
        CodeIssuedToAnotherClient = "code_issued_to_another_client": Code,
        /// Two exchanges with one code ran at the same time, as an effect that runs twice makes them (§8.3).
        CodeExchangedTwiceAtOnce = "code_exchanged_twice_at_once": Code,
        /// The first answer to this code was good and in an encoding that the request did not ask for (§8.3).
        CodeSpentByUnreadAnswer = "code_spent_by_unread_answer": Code,
        /// An earlier exchange with this code got no answer and may have spent it.
        CodeSpentByUnansweredExchange = "code_spent_by_unanswered_exchange": Code,
        /// An earlier exchange with this code was refused, which may have spent it (docs/github.md §3).
        CodeSpentByRefusedExchange = "code_spent_by_refused_exchange": Code,
        /// The code was exchanged before (§8.3).
        CodeReused = "code_reused": Code,
        /// The code is older than its lifetime (§4, §8.3).
        CodeExpired = "code_expired": Code,
        /// The same code came on two redirects, so two requests may have exchanged it (§8.3).
        CodeRedirectedTwice = "code_redirected_twice": Code,
        /// The code was pasted: the program that received it may have exchanged it (§8.3).
        CodePasted = "code_pasted": Code,
        /// Something else may have exchanged the code (§8.3).
        CodeRedeemedElsewhere = "code_redeemed_elsewhere": Code,
        /// A challenge was sent at authorize and no verifier at the exchange (§3, §8.3).
        PkceVerifierMissing = "pkce_verifier_missing": Code,
        /// The verifier has a length or alphabet that RFC 7636 §4.1 forbids.
        PkceVerifierMalformed = "pkce_verifier_malformed": Code,
        /// The verifier does not give the challenge (RFC 7636 §4.6).
        PkceVerifierWrong = "pkce_verifier_wrong": Code,
        /// A verifier was sent though no challenge was.
        PkceVerifierUnexpected = "pkce_verifier_unexpected": Code,
        /// The clock of this machine and the server's differ (§8.3).
        ClockSkewed = "clock_skewed": Code,

        /// The port of the redirect listener is taken.
        PortInUse = "port_in_use": Redirect,
        /// The redirect listener could not be started for another reason.
        ListenerFailed = "listener_failed": Redirect,
        /// The browser was sent to the redirect URI, and nothing answered there.
        CallbackNotListening = "callback_not_listening": Redirect,
        /// The redirect has no `state`.
        StateMissing = "state_missing": Redirect,
        /// The redirect has another `state`.
        StateDiffers = "state_differs": Redirect,
        /// `state`, `code` or `error` is repeated in the redirect.
        ParameterRepeated = "parameter_repeated": Redirect,
        /// `iss` names another authorization server (§1).
        IssuerDiffers = "issuer_differs": Redirect,
        /// The redirect came to another path than the redirect URI's.
        RedirectToOtherPath = "redirect_to_other_path": Redirect,
        /// The redirect came with a `Host` header that is not the listener's.
        RedirectToOtherHost = "redirect_to_other_host": Redirect,
        /// The redirect brought neither code nor error.
        RedirectWithoutParameters = "redirect_without_parameters": Redirect,
        /// The resource owner did not grant access (§1).
        AccessDenied = "access_denied": Redirect,
        /// The app is suspended (§1).
        ApplicationSuspended = "application_suspended": Redirect,
        /// `code_challenge_method` is not `S256` (§1).
        ChallengeMethodRefused = "challenge_method_refused": Redirect,
        /// No redirect came.
        NoRedirectCame = "no_redirect_came": Redirect,
        /// The browser could not be opened.
        BrowserNotOpened = "browser_not_opened": Redirect,
        /// The redirect URI does not lead to this machine.
        RedirectCannotArrive = "redirect_cannot_arrive_here": Redirect,
        /// The browser may show GitHub's 404 page: it does not know the client id (§1).
        AuthorizePageNotFound = "authorize_page_not_found": Redirect,
        /// The browser may show "Be careful!": the redirect URI is not registered (§1).
        AuthorizePageRefusesRedirectUri = "authorize_page_refuses_redirect_uri": Redirect,
        /// The resource owner may not have finished signing in or consenting.
        SignInUnfinished = "sign_in_unfinished": Redirect,
        /// The browser may run on another machine than the listener.
        BrowserElsewhere = "browser_on_another_machine": Redirect,
        /// A second redirect came after the first was taken.
        SecondRedirect = "second_redirect": Redirect,
        /// A request with another method than GET came, as a link preview makes it.
        OtherMethod = "redirect_by_other_method": Redirect,
        /// A bare code was pasted, so its `state` was not compared.
        StateUnchecked = "state_unchecked": Redirect,
        /// The text is an authorization request, or the address of one.
        AuthorizationRequestPasted = "authorization_request_pasted": Redirect,
        /// The text is a redirect that brought a code.
        RedirectPasted = "redirect_pasted": Redirect,
        /// The authorization request carries no `state` (§1).
        StateNotSent = "state_not_sent": Redirect,
        /// The authorization request carries no `code_challenge` (§1).
        ChallengeNotSent = "challenge_not_sent": Redirect,
        /// The response is in the fragment, after a `#`, which a browser does not send.
        ResponseInFragment = "response_in_fragment": Redirect,

        /// A library did not accept a good answer: its scopes, or its encoding.
        LibraryRefusesGoodAnswer = "library_refuses_a_good_answer": Answer,
        /// A library refused the redirect for its `iss` (§1).
        LibraryRefusesIss = "library_refuses_iss": Redirect,
        /// A library refused the redirect since its check of `state` failed.
        LibraryStateCheck = "library_state_check": Redirect,
        /// A library returns a refusal as if it were a token.
        LibraryReturnsError = "library_returns_the_error_as_token": Answer,
        /// A library sent the token request once more by itself.
        LibraryRepeatsRequest = "library_repeats_the_request": Answer,
        /// The word is a library's own and stands for several causes, or passes on a sentence without its code.
        LibraryWord = "library_word": Answer,
        /// A library met an answer and does not show it.
        LibraryHidesAnswer = "library_hides_the_answer": Answer,

        /// The host name has no address.
        DnsFailed = "dns_failed": Transport,
        /// Nothing answers at the address.
        ConnectionFailed = "connection_failed": Transport,
        /// The server's certificate has expired.
        CertificateExpired = "certificate_expired": Transport,
        /// The server's certificate is not valid yet.
        CertificateNotYetValid = "certificate_not_yet_valid": Transport,
        /// The server's certificate is made out to other names than the host's.
        CertificateForOtherName = "certificate_for_other_name": Transport,
        /// The server's certificate comes from an authority that is not trusted here.
        CertificateAuthorityUnknown = "certificate_authority_unknown": Transport,
        /// The server speaks only versions of TLS that are too old.
        TlsVersionTooOld = "tls_version_too_old": Transport,
        /// What answers at the port of an https URL does not speak TLS.
        PortWithoutTls = "port_without_tls": Transport,
        /// The TLS handshake failed for another reason.
        TlsFailed = "tls_failed": Transport,
        /// The proxy does not answer.
        ProxyUnreachable = "proxy_unreachable": Transport,
        /// The proxy refuses to connect to the server.
        ProxyRefusedConnection = "proxy_refused_connection": Transport,
        /// No answer in time.
        RequestTimedOut = "request_timed_out": Transport,
        /// The connection ended in the middle.
        ConnectionInterrupted = "connection_interrupted": Transport,
        /// What came back cannot be read as HTTP.
        AnswerNotHttp = "answer_not_http": Transport,
        /// The endpoint's URL cannot be asked.
        EndpointUrlBad = "endpoint_url_bad": Transport,
        /// The browser did not let the page send the token request, or read its answer (CORS).
        ExchangeBlockedByCors = "exchange_blocked_by_cors": Transport,
        /// The request failed for another reason.
        RequestFailed = "request_failed": Transport,

        /// The resource owner has no verified primary email (§3).
        UserEmailUnverified = "user_email_unverified": Answer,
        /// Too many requests (§3).
        RateLimited = "rate_limited": Answer,
        /// 403: blocked, for a while (§3).
        Blocked = "blocked": Answer,
        /// The server failed: 5xx, `server_error`, `temporarily_unavailable`.
        ServerFailed = "server_failed": Answer,
        /// The token endpoint answered with a redirect.
        TokenEndpointRedirects = "token_endpoint_redirects": Answer,
        /// The token request was sent with another method than POST (§3).
        TokenRequestNotPost = "token_request_not_post": Answer,
        /// Nothing is at that URL: 404 with a page.
        EndpointNotFound = "endpoint_not_found": Answer,
        /// A proxy asks for a sign-in of its own: 407.
        ProxyRefused = "proxy_refused": Answer,
        /// A page for people came instead of an answer.
        HtmlInsteadOfAnswer = "html_instead_of_answer": Answer,
        /// The text is the metadata of an authorization server (RFC 8414, `OpenID` Connect Discovery).
        AuthorizationServerMetadata = "authorization_server_metadata": Answer,
        /// The text is the metadata of a protected resource (RFC 9728).
        ProtectedResourceMetadata = "protected_resource_metadata": Answer,
        /// A resource server asks for a token and says where to begin (RFC 6750 §3, RFC 9728 §5.1).
        ResourceServerChallenge = "resource_server_challenge": Answer,
        /// The text is a file of settings with the values of a client.
        SettingsRead = "settings_read": Answer,
        /// The name of a setting is nearly another one, so that a program may not find it.
        SettingNameOff = "setting_name_off": Answer,
        /// The text is the answer to a client registration (RFC 7591).
        ClientRegistered = "client_registration": Answer,
        /// The text is an ID token (`OpenID` Connect).
        IdTokenPasted = "id_token_pasted": Answer,
        /// The answer has no body.
        EmptyAnswer = "empty_answer": Answer,
        /// The pasted text shows the head of an answer and not its body.
        AnswerNotShown = "answer_not_shown": Answer,
        /// The text is a request body of GitHub's retired Authorizations API.
        RetiredAuthorizationsRequest = "retired_authorizations_request": Answer,
        /// The text is a token request, not its answer.
        TokenRequestPasted = "token_request_pasted": Answer,
        /// Neither a token nor an error.
        NotATokenResponse = "not_a_token_response": Answer,
        /// The answer was too long to be read to its end.
        AnswerCut = "answer_cut": Answer,
        /// The connection ended in the middle of the answer.
        AnswerInterrupted = "answer_interrupted": Answer,
        /// The rest of the answer did not come in time.
        AnswerStalled = "answer_stalled": Answer,
        /// The refresh token is wrong or expired (§3).
        BadRefreshToken = "bad_refresh_token": Answer,
        /// The `grant_type` is not supported (§3, §6).
        UnsupportedGrantType = "unsupported_grant_type": Answer,
        /// A parameter is missing, repeated or malformed (RFC 6749 §5.2).
        InvalidRequest = "invalid_request": Answer,
        /// The client may not use this grant (RFC 6749 §5.2).
        UnauthorizedClient = "unauthorized_client": Answer,
        /// A scope is unknown or not allowed (RFC 6749 §5.2).
        InvalidScope = "invalid_scope": Answer,
        /// Device flow: a device code and a user code were issued (§6).
        DeviceCodeIssued = "device_code_issued": Answer,
        /// Device flow: not approved yet (§6).
        DeviceAuthorizationPending = "device_authorization_pending": Answer,
        /// Device flow: asked too often (§6).
        DeviceSlowDown = "device_slow_down": Answer,
        /// Device flow: the device code has expired (§6).
        DeviceCodeExpired = "device_code_expired": Answer,
        /// Device flow: the device code is wrong (§6).
        DeviceCodeIncorrect = "device_code_incorrect": Answer,
        /// Device flow: nothing is at the device authorization endpoint: 404 with a page.
        DeviceEndpointNotFound = "device_endpoint_not_found": Answer,
        /// Device flow: the answer with the codes lacks one that the flow needs (RFC 8628 §3.2).
        DeviceAnswerIncomplete = "device_answer_incomplete": Answer,
        /// Device flow: the `grant_type` is not the URN (RFC 8628 §3.4).
        DeviceGrantTypeWrong = "device_grant_type_wrong": Answer,
        /// Device flow: the token request names another client than the one that the codes were issued to.
        DeviceClientDiffers = "device_client_differs": Answer,
        /// Device flow: the device code that was sent is not the one that was issued.
        DeviceCodeNotTheIssued = "device_code_not_the_issued": Answer,
        /// Device flow: the codes' time is over, and the server still says that they are pending.
        DevicePendingAfterExpiry = "device_pending_after_expiry": Answer,
        /// Device flow: there was less time between two requests than the interval (RFC 8628 §3.5).
        DevicePolledTooFast = "device_polled_too_fast": Answer,
        /// Device flow: the answer names no interval, so that five seconds count (RFC 8628 §3.2).
        DeviceIntervalMissing = "device_interval_missing": Answer,
        /// Device flow: the verification URI has its name of before the RFC.
        DeviceOldMemberName = "device_old_member_name": Answer,
        /// Device flow: switched off in the app's settings (§6).
        DeviceFlowDisabled = "device_flow_disabled": Answer,
        /// An error code that no table here knows.
        UnknownErrorCode = "unknown_error_code": Answer,
        /// The refusal came with status 200 (§3).
        ErrorWithStatus200 = "error_with_status_200": Answer,
        /// The answer came in another encoding than was asked for, or than its header says (§3).
        AnswerInOtherEncoding = "answer_in_other_encoding": Answer,
        /// The answer is whole, and the connection ended before the length that was announced.
        AnswerLengthWrong = "answer_length_wrong": Answer,
        /// The answer holds an error and an access token.
        TokenBesideError = "token_beside_error": Answer,

        /// The API refused the token.
        TokenRefusedByApi = "token_refused_by_api": Token,
        /// A token was obtained.
        TokenObtained = "token_obtained": Token,
        /// Fewer scopes were granted than asked for (§4).
        ScopesNarrowed = "scopes_narrowed": Token,
        /// Scopes were folded into others that imply them (§4).
        ScopesNormalised = "scopes_normalised": Token,
        /// More scopes were granted than asked for: those of earlier grants (§1).
        ScopesBeyondRequest = "scopes_beyond_request": Token,
        /// The scopes granted are joined by commas (§3).
        ScopeCommaSeparated = "scope_comma_separated": Token,
        /// The token expires (§3).
        TokenExpires = "token_expires": Token,
        /// The token is a GitHub App's, which has permissions and no scopes (§4).
        TokenOfGitHubApp = "token_of_github_app": Token,
    }
}

codes! {
    /// The sentences of advice.
    RemedyCode {
        /// Type the client id again.
        EditClientId = "edit_client_id",
        /// Use the client id without its damage.
        UseCleanedClientId = "use_cleaned_client_id",
        /// Use the client id on record.
        UseRegisteredClientId = "use_registered_client_id",
        /// Use the client id that the authorization request was sent with.
        UseAuthorizeClientId = "use_authorize_client_id",
        /// What was sent as the secret is the client id.
        UseSecretAsClientId = "use_secret_as_client_id",
        /// What was sent as the client id is the secret.
        UseIdAsClientSecret = "use_id_as_client_secret",
        /// Type the secret again.
        EditClientSecret = "edit_client_secret",
        /// Use the secret without its damage.
        UseCleanedClientSecret = "use_cleaned_client_secret",
        /// Use the secret on record (simulator).
        UseRegisteredClientSecret = "use_registered_client_secret",
        /// Use the secret of the configuration.
        UseConfiguredClientSecret = "use_configured_client_secret",
        /// Make a new secret in the app's settings.
        MakeNewClientSecret = "make_new_client_secret",
        /// Load the variable in the shell that starts the program.
        LoadEnvironment = "load_environment",
        /// Store the value without a line break.
        StoreWithoutNewline = "store_without_newline",
        /// Exchange the code on a server instead of in a page.
        ExchangeOnServer = "exchange_on_server",
        /// Start the program that the redirect is for.
        StartListening = "start_listening",
        /// Compare the endpoints of the program with those of the metadata.
        CompareEndpoints = "compare_endpoints",
        /// Fetch the metadata that the challenge or the document names.
        FetchMetadata = "fetch_metadata",
        /// Use id, secret, redirect URI and authentication method as they were registered.
        UseTheRegistration = "use_the_registration",
        /// Verify an ID token before anything in it is believed.
        VerifyIdToken = "verify_id_token",
        /// Write the name of a setting as the program reads it.
        RenameSetting = "rename_setting",
        /// Run the flow with the values of the settings.
        TryTheSettings = "try_the_settings",
        /// Send the secret beside the verifier.
        SendClientSecret = "send_client_secret",
        /// See which kind of app it is.
        CheckAppKind = "check_app_kind",
        /// Choose the host where the app is registered.
        CheckHost = "check_host",
        /// Send id and secret as form parameters.
        UseClientSecretPost = "use_client_secret_post",
        /// Send id and secret in the `Authorization` header.
        UseClientSecretBasic = "use_client_secret_basic",
        /// Ask with a code that cannot be right whether id and secret are accepted.
        ProbeCredentials = "probe_credentials",
        /// Ask the authorization endpoint whether it knows the client.
        ProbeAuthorization = "probe_authorization",
        /// Exchange with the redirect URI of the authorization request.
        UseAuthorizeRedirectUri = "use_authorize_redirect_uri",
        /// Use the nearest value that matches what is registered.
        UseNearestRedirectUri = "use_nearest_redirect_uri",
        /// Use the redirect URI without its damage.
        UseCleanedRedirectUri = "use_cleaned_redirect_uri",
        /// Exchange again without `redirect_uri`.
        OmitRedirectUri = "omit_redirect_uri",
        /// Type the redirect URI again.
        EditRedirectUri = "edit_redirect_uri",
        /// Register the redirect URI in the app's settings.
        RegisterRedirectUri = "register_redirect_uri",
        /// Tell which redirect URI is registered.
        TellRegisteredRedirectUri = "tell_registered_redirect_uri",
        /// Switch the wildcard of the registered URI on.
        SwitchWildcardOn = "switch_wildcard_on",
        /// Make the server see the scheme that its proxy was asked with.
        TrustForwardedScheme = "trust_forwarded_scheme",
        /// Get a new code.
        AuthorizeAgain = "authorize_again",
        /// Send the same exchange again.
        ExchangeAgain = "exchange_again",
        /// Exchange each code once.
        ExchangeOnce = "exchange_once",
        /// Exchange the code that the redirect brought.
        UseReceivedCode = "use_received_code",
        /// Ask for JSON.
        AskForJson = "ask_for_json",
        /// Send the verifier that belongs to the challenge.
        EditCodeVerifier = "edit_code_verifier",
        /// Set the clock.
        SetClock = "set_clock",
        /// Verify the primary email.
        VerifyEmail = "verify_email",
        /// Ask the provider's support.
        AskSupport = "ask_support",
        /// Wait before the next try.
        Wait = "wait",
        /// See whether the token endpoint is right.
        EditTokenEndpoint = "edit_token_endpoint",
        /// Send the token request as POST.
        SendByPost = "send_by_post",
        /// Paste the redirect by hand.
        PasteRedirect = "paste_redirect",
        /// Listen on another port.
        AuthorizeOnAnotherPort = "authorize_on_another_port",
        /// Stop the program that holds the port.
        FreePort = "free_port",
        /// Name the local address that a proxy forwards to.
        SetListen = "set_listen",
        /// Open the authorization request by hand.
        OpenByHand = "open_by_hand",
        /// Finish in the browser.
        FinishInBrowser = "finish_in_browser",
        /// See what the page in the browser says.
        ReadThePage = "read_the_page",
        /// See whether network, proxy and firewall let the request out.
        CheckNetwork = "check_network",
        /// Find out which proxy the environment names, and which hosts it is not for.
        CheckProxy = "check_proxy",
        /// Give the proxy's user name and password.
        SignInAtProxy = "sign_in_at_proxy",
        /// Trust the certificate authority of the proxy or host.
        TrustCertificate = "trust_certificate",
        /// Have the server's certificate renewed.
        RenewCertificate = "renew_certificate",
        /// Have a certificate made out to the host's name.
        ReissueCertificate = "reissue_certificate",
        /// Let the server speak a newer TLS.
        TurnOnNewerTls = "turn_on_newer_tls",
        /// Use one browser tab and one flow at a time.
        UseOneTab = "use_one_tab",
        /// See which server sent the redirect.
        CheckIssuer = "check_issuer",
        /// Ask for other scopes.
        EditScope = "edit_scope",
        /// Split scopes at commas too.
        SplitAtCommas = "split_at_commas",
        /// Keep the refresh token.
        KeepRefreshToken = "keep_refresh_token",
        /// Use the web application flow.
        UseWebFlow = "use_web_flow",
        /// Paste the whole answer.
        PasteWholeAnswer = "paste_whole_answer",
        /// Paste the values as they stand.
        PasteAsItStands = "paste_as_it_stands",
        /// Paste the token request above its answer.
        PasteTokenRequest = "paste_token_request",
        /// Paste the authorization request above the redirect.
        PasteAuthorizationRequest = "paste_authorization_request",
        /// Look in the logs for two requests with one code.
        LookForTwoRequests = "look_for_two_requests",
        /// Send a `state` and compare it.
        SendState = "send_state",
        /// Use PKCE.
        SendChallenge = "send_challenge",
        /// Ask for `response_mode=query`, or read the fragment in the browser.
        ReadTheFragment = "read_the_fragment",
        /// Print the answer in the program that received it.
        PrintTheAnswer = "print_the_answer",
        /// Expect the issuer that the server names.
        ExpectTheIssuer = "expect_the_issuer",
        /// See that the `state` that is kept comes back with the redirect.
        KeepTheState = "keep_the_state",
        /// Tell the library how the client authenticates.
        NameTheAuthenticationMethod = "name_the_authentication_method",
        /// Look for `error` before trusting the status.
        ReadErrorFirst = "read_error_first",
        /// Switch the device flow on.
        EnableDeviceFlow = "enable_device_flow",
        /// See where the device authorization endpoint is.
        FindDeviceEndpoint = "find_device_endpoint",
        /// Send the URN as `grant_type`.
        SendDeviceGrantType = "send_device_grant_type",
        /// Send the client id with which the codes were asked for.
        UseOneClientId = "use_one_client_id",
        /// Send the device code as it was issued.
        UseIssuedDeviceCode = "use_issued_device_code",
        /// Stop when the codes' time is over.
        StopAtExpiry = "stop_at_expiry",
        /// Read both names of the verification URI.
        ReadBothNames = "read_both_names",
        /// Ask less often.
        PollSlower = "poll_slower",
        /// Open the page that the answer names.
        OpenErrorUri = "open_error_uri",
        /// Nothing needs to be done.
        NothingToDo = "nothing_to_do",
    }
}

impl Code {
    /// True for the findings that say again what the server answered, or what was pasted, and not why: a likely cause is
    /// worth more than they are, a possible one is not.
    pub fn restates(self) -> bool {
        matches!(
            self,
            Self::CredentialsRefused
                | Self::RedirectUriRefused
                | Self::CodeRefused
                | Self::GrantRefused
                | Self::PkceRefused
                | Self::NoRedirectCame
                | Self::TokenRequestPasted
                | Self::AuthorizationRequestPasted
                | Self::RedirectPasted
        )
    }
}

impl RemedyCode {
    /// True for what a person does on the page where the app is registered.
    pub fn is_done_in_the_settings(self) -> bool {
        matches!(
            self,
            Self::MakeNewClientSecret
                | Self::RegisterRedirectUri
                | Self::SwitchWildcardOn
                | Self::CheckAppKind
                | Self::EnableDeviceFlow
        )
    }
}
