//! The words in the drawings. `{name}` in a text stands for a value; the doc comment of each field names the values.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::{
    flow::{
        configuration::CannotListen,
        transcript::{Disposition, FailureKind},
    },
    oauth::{
        redirect_uri::{Component, RedirectUriDefect},
        token::BodyEncoding,
    },
    providers::github::formats::{ClientIdShape, ClientSecretShape, CodeShape, TokenKind},
    render::drawings::refresh_lanes::RefreshesProse,
    text::defects::DefectKind,
};

/// A struct of texts, one for each variant of an enum: a variant without words does not compile.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident of $of:ty { $($field:ident = $pattern:pat),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $(#[doc = concat!("For `", stringify!($pattern), "`.")] pub $field: String),+
        }

        impl $name {
            /// The words for one of them.
            pub fn of(&self, value: &$of) -> &str {
                match value { $($pattern => &self.$field),+ }
            }
        }
    };
}

/// A struct of texts by name.
macro_rules! prose {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $(
                #[doc = concat!("`", stringify!($field), "` in the locale file.")]
                $(#[$field_doc])*
                pub $field: $type
            ),+
        }
    };
}
pub(crate) use {prose, words};

prose! {
    /// The device flow: the codes, and the time line of the polling.
    DeviceProse {
        /// Before the user code.
        type_this: String,
        /// Before the page.
        at_page: String,
        /// The QR code holds the user code.
        qr_complete: String,
        /// The QR code does not hold the user code.
        qr_page: String,
        /// The answer names no page.
        no_page: String,
        /// Before the time line.
        polling: String,
        /// The codes are being asked for.
        requesting: String,
        /// The token is being tried.
        trying: String,
        /// How much of the codes' time is `{gone}` and `{left}`.
        life: String,
        /// `{n}` requests are not listed.
        earlier: String,
        /// A request is under way.
        asking: String,
        pending: String,
        slow_down: String,
        token: String,
        /// The next request: `{left}` seconds, `{interval}`.
        next: String,
        /// The codes came and the flow has ended.
        over: String,
        /// Nothing was sent yet; `{endpoint}`.
        ready: String,
        /// No device authorization endpoint is known.
        no_endpoint: String,
    }
}

prose! {
    /// All words in the drawings.
    PicturesProse {
        /// Numbers with their units.
        units: UnitsProse,
        /// The credential ruler.
        ruler: RulerProse,
        /// Shapes of a client id.
        client_id_shape: ClientIdShapeWords,
        /// Shapes of a client secret.
        client_secret_shape: ClientSecretShapeWords,
        /// Shapes of an authorization code.
        code_shape: CodeShapeWords,
        /// Damage to a value; `{at}` is the character.
        defect: DefectWords,
        /// The device flow.
        device: DeviceProse,
        /// Refreshes on time lines.
        refreshes: RefreshesProse,
        /// The redirect comparison.
        comparison: ComparisonProse,
        /// The parts of a redirect URI.
        component: ComponentWords,
        /// Why a text is not a redirect URI.
        redirect_defect: RedirectDefectWords,
        /// The life of the code.
        life: LifeProse,
        /// The sequence drawing.
        sequence: SequenceProse,
        /// What became of a redirect, in a few words.
        disposition: DispositionWords,
        /// Why there is no answer, in a few words.
        failure: FailureWords,
        /// Why no listener was tried, in a few words.
        cannot_listen: CannotListenWords,
        /// The authorization request taken apart.
        parameters: ParametersProse,
        /// What each request parameter is for, and what happens without it.
        parameter: BTreeMap<String, ParameterProse>,
        /// HTTP messages.
        message: MessageProse,
        /// Encodings of a body.
        encoding: EncodingWords,
        /// The token.
        token: TokenProse,
        /// What a token is for.
        token_kind: TokenKindWords,
        /// The pictures in one sentence each.
        plain: PlainProse,
        /// The explanation around the pictures.
        explanation: ExplanationProse,
    }
}

prose! {
    /// Numbers with their units; `{n}` is the number.
    UnitsProse {
        seconds: String,
        hours: String,
        minutes: String,
        /// Minutes and seconds: `{n}`, `{m}`.
        minutes_and_seconds: String,
        /// Hours and minutes: `{n}`, `{m}`.
        hours_and_minutes: String,
        /// `{n}`.
        days: String,
        /// One character.
        character: String,
        characters: String,
        bytes: String,
        milliseconds: String,
        /// Stands between the items of a list.
        list: String,
        /// Stands between names.
        names: String,
        /// Stands between a heading and what it is about.
        colon: String,
    }
}

prose! {
    /// The credential ruler.
    RulerProse {
        /// Heading when the values are those of a request.
        as_sent: String,
        /// Heading when nothing was sent yet.
        as_configured: String,
        /// The parameter is not in the request.
        not_sent: String,
        /// Nothing is known of it: only an answer was pasted.
        not_seen: String,
        /// Stands for a value without characters.
        empty: String,
        /// Fits under 20 cells.
        expected_id: String,
        /// Fits under 40 cells.
        expected_secret: String,
        /// Equal to what the server has on record.
        same_as_record: String,
        /// Not equal; `{at}` is the first character that differs.
        differs_from_record: String,
        /// Not the one of the authorization request; `{at}` is the first character that differs.
        differs_from_authorize: String,
        /// The provider has no fixed shape.
        no_fixed_shape: String,
        /// `{n}` further defects.
        more_defects: String,
    }
}

words! {
    /// Shapes of a client id.
    ClientIdShapeWords of ClientIdShape {
        oauth_app = ClientIdShape::OAuthApp, legacy_oauth_app = ClientIdShape::LegacyOAuthApp,
        github_app = ClientIdShape::GitHubApp, numeric_app_id = ClientIdShape::NumericAppId,
        client_secret = ClientIdShape::ClientSecret, unknown = ClientIdShape::Unknown,
    }
}

words! {
    /// Shapes of a client secret.
    ClientSecretShapeWords of ClientSecretShape {
        forty_hex = ClientSecretShape::FortyHex, client_id = ClientSecretShape::ClientId,
        token = ClientSecretShape::Token, too_short = ClientSecretShape::TooShort,
        too_long = ClientSecretShape::TooLong, unknown = ClientSecretShape::Unknown,
    }
}

words! {
    /// Shapes of an authorization code.
    CodeShapeWords of CodeShape {
        twenty_hex = CodeShape::TwentyHex, too_short = CodeShape::TooShort, too_long = CodeShape::TooLong,
        unknown = CodeShape::Unknown,
    }
}

words! {
    /// Damage to a value.
    DefectWords of DefectKind {
        empty = DefectKind::Empty, placeholder = DefectKind::Placeholder, newline = DefectKind::Newline,
        space = DefectKind::Space, quote = DefectKind::Quote, invisible = DefectKind::Invisible,
        percent_encoded = DefectKind::PercentEncoded, non_ascii = DefectKind::NonAscii,
    }
}

prose! {
    /// The redirect comparison.
    ComparisonProse {
        /// Row: the value on record.
        registered: String,
        /// Row: the value in the authorization request.
        authorize: String,
        /// Row: the value in the token request.
        exchange: String,
        /// Row: where oauthlens listens.
        listening: String,
        /// Row: what each component is held to.
        rule: String,
        /// The registration is not known here.
        not_known: String,
        /// The request left the parameter out.
        not_sent: String,
        /// Below the table: what `any_port` means.
        loopback_port: String,
        /// In place of the value in the authorization request.
        no_authorization_request: String,
        /// In place of the value in the token request.
        no_token_request: String,
        /// Nothing listens.
        not_listening: String,
        /// All rows agree.
        all: String,
        /// An absent component.
        absent: String,
        any_port: String,
        /// Rule: equal.
        rule_same: String,
        /// Rule: any port on loopback.
        rule_any_port: String,
        /// Rule: equal or a sub-domain.
        rule_sub_domain: String,
        /// Rule: equal or below.
        rule_sub_path: String,
        /// Another value than in the authorization request.
        not_as_authorized: String,
        /// The component would match if the wildcard switch were on; `{component}`.
        wildcard_off: String,
        /// The nearest value that would match.
        nearest: String,
        /// The values match.
        all_match: String,
        /// Both requests sent the same value, and what is registered is not known.
        nothing_to_compare: String,
        /// The listener has another port than the redirect URI.
        listens_elsewhere: String,
        /// `{n}` more registered values.
        more_registered: String,
    }
}

words! {
    /// The parts of a redirect URI.
    ComponentWords of Component {
        scheme = Component::Scheme, host = Component::Host, port = Component::Port, path = Component::Path,
        query = Component::Query,
    }
}

words! {
    /// Why a text is not a redirect URI.
    RedirectDefectWords of RedirectUriDefect {
        empty = RedirectUriDefect::Empty, forbidden_character = RedirectUriDefect::ForbiddenCharacter,
        encoded_twice = RedirectUriDefect::EncodedTwice, not_absolute = RedirectUriDefect::NotAbsolute,
        no_host = RedirectUriDefect::NoHost, bad_port = RedirectUriDefect::BadPort,
        fragment = RedirectUriDefect::Fragment,
    }
}

prose! {
    /// The life of the code.
    LifeProse {
        /// The authorization was started.
        started: String,
        /// The code came on the redirect; `{agent}`.
        received: String,
        /// The same without a known user agent.
        received_plainly: String,
        /// It was pasted.
        pasted: String,
        /// The tap saw the authorization server send it.
        issued: String,
        /// Another redirect with this code or state; `{reason}`.
        redirect_again: String,
        /// An exchange that gave a token.
        exchanged: String,
        /// An exchange that was refused; `{error}`.
        refused: String,
        refused_now: String,
        /// An exchange whose answer is not a token response; `{status}`.
        unreadable: String,
        /// Nothing but the status of the answer is shown; `{status}`.
        not_shown: String,
        /// An exchange without an answer; `{reason}`.
        unanswered: String,
        /// An exchange under way.
        under_way: String,
        /// The code expires; `{lifetime}`.
        expires: String,
        /// The same where only the RFC's limit is known.
        expires_at_most: String,
        /// `{n}` events left out.
        left_out: String,
        /// No code was seen.
        no_code: String,
        /// When the code came is not known.
        no_times: String,
        /// The tap did not see it being issued.
        not_issued_here: String,
        /// The scale is not linear.
        scale: String,
        /// Label of the code.
        code: String,
        /// Label of what it is bound to.
        bound_to: String,
        /// Same at both ends; `{value}`.
        same: String,
        /// `{authorize}` and `{exchange}` differ.
        differs: String,
        /// The parameter was left out of the token request.
        left_out_of_request: String,
        /// Not sent yet: nothing to compare.
        not_compared: String,
        /// The verifier fits the challenge.
        pkce_fits: String,
        /// It does not.
        pkce_differs: String,
        /// A challenge was sent, no verifier.
        pkce_no_verifier: String,
        /// A verifier was sent, no challenge.
        pkce_no_challenge: String,
        /// Neither.
        pkce_unused: String,
        /// A code that is not the one the redirect brought; `{received}`.
        not_the_received: String,
    }
}

prose! {
    /// The sequence drawing.
    SequenceProse {
        /// First lane.
        browser: String,
        /// Second lane.
        oauthlens: String,
        /// The client lane of a pasted transcript.
        other_client: String,
        /// Role of the first lane.
        resource_owner: String,
        /// Role of the second.
        client: String,
        /// The role of the authorization server where there is little room.
        server: String,
        /// Role of the third.
        authorization_server: String,
        /// A simulated server; `{provider}`.
        simulated: String,
        authorization_request: String,
        redirect_code: String,
        /// Message; `{reason}`.
        redirect_doubtful: String,
        /// Message; `{error}`.
        redirect_error: String,
        redirect_this_error: String,
        /// Message; `{reason}`.
        redirect_not_taken: String,
        token_request: String,
        device_request: String,
        /// Answer; `{status}`.
        device_codes: String,
        /// `{seconds}`.
        device_timed_out: String,
        /// What the token request will be answered with.
        planned_answer: String,
        user_request: String,
        refresh_request: String,
        check_request: String,
        reset_request: String,
        revoke_request: String,
        grant_request: String,
        introspect_request: String,
        probe_request: String,
        /// Answer; `{status}`.
        token: String,
        /// Answer; `{status}`, `{error}`.
        error: String,
        /// Answer; `{status}`.
        not_a_token: String,
        /// Answer; `{status}`, `{login}`.
        user: String,
        /// Answer; `{status}`.
        other_answer: String,
        /// `{reason}`.
        no_answer: String,
        /// Waiting for an answer.
        waiting_for_answer: String,
        /// Waiting for the redirect.
        waiting_for_redirect: String,
        /// Note; `{address}`.
        port_in_use: String,
        /// Note; `{address}`, `{reason}`.
        listener_failed: String,
        /// Note; `{reason}`.
        listener_impossible: String,
        /// The browser could not be opened.
        browser_failed: String,
        /// Message: a page instead of a redirect; `{status}`.
        page_seen: String,
        /// A library said something.
        library_said: String,
        /// The person said that it shows a page to sign in at.
        reported_sign_in: String,
        /// The person said that it shows a page that refuses the redirect URI.
        reported_refusal: String,
        /// The person said that it shows a 404 page.
        reported_not_found: String,
        /// The person said that it could not connect.
        reported_cannot_connect: String,
        /// Note.
        could_not_connect: String,
        /// Note.
        settings_read: String,
        /// Note; `{seconds}`.
        timed_out: String,
        cancelled: String,
        /// Note; `{n}`.
        other_requests: String,
        /// Note; `{n}`.
        redirects_not_kept: String,
        /// Note; `{n}`.
        connections_dropped: String,
        /// Note; `{n}`.
        left_out: String,
        /// Nothing was observed.
        nothing: String,
    }
}

words! {
    /// What became of a redirect.
    DispositionWords of Disposition {
        accepted = Disposition::Accepted, accepted_unchecked = Disposition::AcceptedUnchecked,
        error_response = Disposition::ErrorResponse, state_missing = Disposition::StateMissing,
        state_differs = Disposition::StateDiffers, parameter_repeated = Disposition::ParameterRepeated,
        issuer_differs = Disposition::IssuerDiffers, second_redirect = Disposition::SecondRedirect,
        flow_over = Disposition::FlowOver,
        no_parameters = Disposition::NoParameters, favicon = Disposition::Favicon,
        other_path = Disposition::OtherPath, other_method = Disposition::OtherMethod,
        other_host = Disposition::OtherHost,
    }
}

words! {
    /// Why there is no answer.
    FailureWords of FailureKind {
        dns = FailureKind::Dns, connect = FailureKind::Connect,
        certificate_expired = FailureKind::CertificateExpired,
        certificate_not_yet_valid = FailureKind::CertificateNotYetValid,
        certificate_other_name = FailureKind::CertificateOtherName,
        certificate_unknown_authority = FailureKind::CertificateUnknownAuthority,
        tls_version = FailureKind::TlsVersion, not_tls = FailureKind::NotTls, tls = FailureKind::Tls,
        proxy_unreachable = FailureKind::ProxyUnreachable, proxy_refused = FailureKind::ProxyRefused,
        proxy_sign_in = FailureKind::ProxySignIn,
        timed_out = FailureKind::TimedOut, interrupted = FailureKind::Interrupted, not_http = FailureKind::NotHttp,
        bad_url = FailureKind::BadUrl, cors = FailureKind::Cors,
        given_up = FailureKind::GivenUp, other = FailureKind::Other,
    }
}

words! {
    /// Why no listener was tried.
    CannotListenWords of CannotListen {
        unreadable = CannotListen::Unreadable, not_loopback = CannotListen::NotLoopback,
        not_http = CannotListen::NotHttp,
    }
}

prose! {
    /// The authorization request taken apart.
    ParametersProse {
        purpose: String,
        without: String,
        /// Purpose of a parameter that no table knows.
        unknown: String,
        /// What happens without it.
        unknown_without: String,
        /// An empty value.
        empty: String,
        /// The parameter is repeated.
        repeated: String,
        /// Heading of the parameters that could be sent and are not.
        absent: String,
    }
}

prose! {
    /// A request parameter.
    ParameterProse {
        /// What it is for.
        purpose: String,
        /// What happens without it.
        without: String,
    }
}

prose! {
    /// HTTP messages.
    MessageProse {
        /// The status is not known, since it was not pasted.
        status_not_seen: String,
        /// `{duration}`.
        took: String,
        /// `{bytes}`.
        size: String,
        /// In the place of its size, where nothing of a body is shown.
        not_shown: String,
        /// The body was cut; `{bytes}`.
        cut: String,
        /// The connection ended in the middle of the body.
        body_interrupted: String,
        /// The rest of the body did not come in time.
        body_stalled: String,
        /// Only the beginning is drawn; `{bytes}` of `{all}`.
        drawn: String,
        /// A body without bytes.
        no_body: String,
        /// Heading of the decoded body; `{encoding}`.
        decoded: String,
        /// The media type says one encoding, the body another; `{media_type}`, `{encoding}`.
        other_encoding: String,
        /// `{n}` bytes are not UTF-8.
        not_text: String,
        /// No response yet.
        waiting: String,
        /// No response; `{reason}`.
        failed: String,
    }
}

words! {
    /// Encodings of a body.
    EncodingWords of BodyEncoding {
        form = BodyEncoding::Form, json = BodyEncoding::Json, xml = BodyEncoding::Xml, html = BodyEncoding::Html,
        empty = BodyEncoding::Empty, unknown = BodyEncoding::Unknown,
    }
}

prose! {
    /// The token.
    TokenProse {
        token: String,
        kind: String,
        token_type: String,
        lifetime: String,
        refresh_token: String,
        scopes: String,
        requested: String,
        granted: String,
        /// No scope.
        none: String,
        /// The answer does not say.
        not_said: String,
        /// What was asked for is not known here.
        not_known: String,
        /// `{scope}` includes it.
        included: String,
        /// Asked for and not granted.
        not_granted: String,
        /// Granted and not asked for.
        not_requested: String,
        /// No `expires_in`.
        no_expiry: String,
        no_expiry_elsewhere: String,
        /// `{duration}`.
        expires: String,
        /// Label of the proof.
        proof: String,
        /// `{login}`, `{status}`.
        works_for: String,
        /// `{status}`.
        proof_failed: String,
        /// `{reason}`.
        proof_unanswered: String,
        /// `{scopes}` as the API says.
        api_scopes: String,
        not_tried: String,
    }
}

words! {
    /// What a token is for.
    TokenKindWords of TokenKind {
        oauth_app = TokenKind::OAuthApp, github_app_user = TokenKind::GitHubAppUser, refresh = TokenKind::Refresh,
        installation = TokenKind::Installation, personal = TokenKind::Personal, unknown = TokenKind::Unknown,
    }
}

prose! {
    /// The pictures in one sentence each.
    PlainProse {
        /// Stands between the parts of a sentence.
        separator: String,
        /// A sentence of parts; `{words}`.
        sentence: String,
        /// `{steps}`.
        sequence: String,
        /// A step: `{from}`, `{to}`, `{label}`.
        step: String,
        /// `{name}`, `{verdict}`, `{origin}`.
        credential: String,
        /// `{name}`, `{verdict}`, where the origin of the value is not known.
        credential_of_unknown_origin: String,
        /// `{name}`, `{state}`.
        credential_absent: String,
        /// A row of the comparison; `{label}`, `{value}`.
        row: String,
        /// `{events}`.
        life: String,
        /// An event: `{at}`, `{what}`.
        event: String,
        /// Right; `{what}`.
        right: String,
        /// Wrong; `{what}`.
        wrong: String,
    }
}

prose! {
    /// The explanation around the pictures.
    ExplanationProse {
        sequence: String,
        ruler: String,
        comparison: String,
        life: String,
        refreshes: String,
        token: String,
        request: String,
        answer: String,
        causes: String,
        /// The same where a token was obtained.
        remarks: String,
        ruled_out: String,
        remedies: String,
        /// Sentence; `{provider}`, `{kind}`.
        token_obtained: String,
        /// Sentence; `{provider}`, `{error}`.
        credentials_refused: String,
        /// Sentence; `{provider}`, `{error}`.
        redirect_uri_refused: String,
        /// Sentence; `{provider}`, `{error}`.
        code_refused: String,
        /// Sentence; `{provider}`, `{error}`.
        grant_refused: String,
        otherwise_refused: String,
        /// Sentence about a token that was there; `{provider}`, `{status}`.
        token_request_refused: String,
        /// Sentence of the device flow; `{provider}`, `{error}`.
        no_codes: String,
        /// Sentence of the device flow; `{seconds}`.
        device_timed_out: String,
        /// Sentence of the device flow.
        device_undecided: String,
        /// Sentence; `{error}`.
        authorization_refused: String,
        /// Sentence; `{reason}`.
        redirect_refused: String,
        /// A page of that status stopped the browser.
        stopped_at_a_page: String,
        /// The same of a page whose status is not known; `{provider}`.
        stopped_at_some_page: String,
        /// The page that refuses the redirect URI, as a person tells of it; `{provider}`.
        reported_refusal: String,
        /// The 404 page, as a person tells of it; `{provider}`.
        reported_not_found: String,
        /// What a 404 page of the authorization endpoint most likely means.
        no_such_client: String,
        /// Sentence; `{provider}`, `{status}`.
        turned_away: String,
        /// Sentence; `{status}`.
        no_token_response: String,
        /// Nothing but the status of the answer is known; `{status}`.
        answer_not_shown: String,
        /// Sentence; `{provider}`, `{encoding}`.
        not_a_token_response: String,
        /// Sentence; `{provider}`, `{reason}`.
        unanswered: String,
        nothing_yet: String,
        /// The waiting for a redirect was stopped by hand.
        no_redirect_within: String,
        waiting_stopped: String,
        /// The sentence and the cause that is observed; `{sentence}`, `{cause}`.
        because: String,
        /// The same with a cause that is likely and not proven; `{sentence}`, `{cause}`.
        because_likely: String,
        because_possible: String,
        /// The sentence without a cause; `{sentence}`.
        alone: String,
        /// What the server is called where its name is not known.
        the_server: String,
        /// Label of a page about the error.
        page: String,
    }
}
