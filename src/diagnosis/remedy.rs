//! The names of the sentences of advice. Tests hold them together with the findings that give them and with the prose.

use serde::{Deserialize, Serialize};

macro_rules! remedies {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// The sentences of advice.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum RemedyCode {
            $($(#[$doc])* #[serde(rename = $name)] $variant),+
        }

        impl RemedyCode {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name in documents, locales and the command line.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
    };
}

remedies! {
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
    /// Write the value that is right now where it is read from.
    UpdateSource = "update_source",
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
    /// The same at a server that takes several.
    RegisterAnotherRedirectUri = "register_another_redirect_uri",
    /// Tell which redirect URI is registered.
    TellRegisteredRedirectUri = "tell_registered_redirect_uri",
    /// Switch the wildcard of the registered URI on.
    SwitchWildcardOn = "switch_wildcard_on",
    /// Make the server see the scheme that its proxy was asked with.
    TrustForwardedScheme = "trust_forwarded_scheme",
    /// Get a new code.
    AuthorizeAgain = "authorize_again",
    /// Get new codes for a device.
    AskForNewCodes = "ask_for_new_codes",
    /// Send the same exchange again.
    ExchangeAgain = "exchange_again",
    /// Exchange each code once.
    ExchangeOnce = "exchange_once",
    /// Exchange the code that the redirect brought.
    UseReceivedCode = "use_received_code",
    /// Name a resource that the server issues tokens for.
    NameTheResource = "name_the_resource",
    /// Decode the code once, where it is read, and encode it once.
    SendTheDecodedCode = "send_the_decoded_code",
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
    /// Refresh in one place only, and let the others wait for it.
    RefreshInOnePlace = "refresh_in_one_place",
    /// Store the newest refresh token before the old one is dropped.
    KeepNewestRefreshToken = "keep_newest_refresh_token",
    /// Let the user sign in once more.
    SignInAgain = "sign_in_again",
    /// Send the refresh token, not the access token.
    SendTheRefreshToken = "send_the_refresh_token",
    /// Send the access token, not another one.
    SendTheAccessToken = "send_the_access_token",
    /// Send the token without what stands around it.
    SendTheTokenAlone = "send_the_token_alone",
    /// Send the whole token.
    SendTheWholeToken = "send_the_whole_token",
    /// Send the token that was issued last.
    SendTheNewestToken = "send_the_newest_token",
    /// Refresh the access token.
    RefreshTheToken = "refresh_the_token",
    /// Refresh without `scope`.
    RefreshWithoutScope = "refresh_without_scope",
    /// Ask for a refresh token when the user signs in.
    AskForOfflineAccess = "ask_for_offline_access",
    /// Ask as the client that the token was issued to.
    UseTheClientOfTheToken = "use_the_client_of_the_token",
    /// Send the client's credentials with the request.
    AuthenticateTheClient = "authenticate_the_client",
    /// Revoke the access token, or the refresh token, whichever the server takes.
    RevokeTheOtherToken = "revoke_the_other_token",
    /// Try the token after it was revoked.
    TryTheTokenAfterwards = "try_the_token_afterwards",
    /// Wait until the token expires by itself.
    WaitForExpiry = "wait_for_expiry",
    /// Compare for whom the token is.
    CompareTheAudience = "compare_the_audience",
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
    /// Start the program behind the proxy, where the proxy looks for it.
    StartTheProgram = "start_the_program",
    /// Give the proxy room for the answer's header fields.
    RaiseTheBuffer = "raise_the_buffer",
    /// Give the log of the program that exchanges the code.
    GiveProgramLog = "give_program_log",
    /// Run the program behind the tap.
    WatchTheProgram = "watch_the_program",
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

impl RemedyCode {
    /// True for what a person does on the page where the app is registered.
    pub fn is_done_in_the_settings(self) -> bool {
        matches!(
            self,
            Self::MakeNewClientSecret
                | Self::RegisterRedirectUri
                | Self::RegisterAnotherRedirectUri
                | Self::SwitchWildcardOn
                | Self::CheckAppKind
                | Self::EnableDeviceFlow
        )
    }
}
