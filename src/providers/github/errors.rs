//! GitHub's refusals word for word (docs/github.md §1, §3): the simulator sends them, pasted sentences are recognised by them,
//! and scenarios name them.

/// Where GitHub's relative `error_uri` leads.
pub const DOCS: &str = "https://docs.github.com/";

/// A refusal by the token endpoint, or one that rides on a redirect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The status of the token endpoint's answer.
    pub status: u16,
    /// `error`.
    pub error: &'static str,
    /// `error_description`; `None` where GitHub's own words are not known: better none than invented ones.
    pub description: Option<&'static str>,
    /// `error_uri`.
    pub uri: Option<&'static str>,
}

macro_rules! at_authorization {
    ($anchor:literal) => {
        Some(concat!(
            "https://docs.github.com/apps/managing-oauth-apps/troubleshooting-authorization-request-errors/#",
            $anchor
        ))
    };
}
macro_rules! at_token_request {
    ($anchor:literal) => {
        Some(concat!(
            "https://docs.github.com/apps/managing-oauth-apps/troubleshooting-oauth-app-access-token-request-errors/#",
            $anchor
        ))
    };
}

const fn refusal(error: &'static str, description: &'static str, uri: Option<&'static str>) -> Refusal {
    Refusal {
        status: 200,
        error,
        description: Some(description),
        uri,
    }
}

const fn without_words(error: &'static str) -> Refusal {
    Refusal {
        status: 200,
        error,
        description: None,
        uri: None,
    }
}

const MUST_MATCH: &str = "The redirect_uri MUST match the registered callback URL for this application.";

/// Consent was refused.
pub const ACCESS_DENIED: Refusal = refusal(
    "access_denied",
    "The user has denied your application access.",
    at_authorization!("access-denied"),
);
/// The app was suspended.
pub const APPLICATION_SUSPENDED: Refusal = refusal(
    "application_suspended",
    "Your application has been suspended. Contact support@github.com.",
    at_authorization!("application-suspended"),
);
/// The redirect URI is not registered, at the authorization endpoint.
pub const MISMATCH_AT_AUTHORIZATION: Refusal = refusal(
    "redirect_uri_mismatch",
    MUST_MATCH,
    at_authorization!("redirect-uri-mismatch"),
);
/// The same at the token endpoint. The trailing `2` sets it apart from the same error at the authorization endpoint.
pub const MISMATCH_AT_EXCHANGE: Refusal = refusal(
    "redirect_uri_mismatch",
    MUST_MATCH,
    at_authorization!("redirect-uri-mismatch2"),
);
/// Client id or secret is wrong.
pub const INCORRECT_CLIENT_CREDENTIALS: Refusal = refusal(
    "incorrect_client_credentials",
    "The client_id and/or client_secret passed are incorrect.",
    at_token_request!("incorrect-client-credentials"),
);
/// The code is wrong, used, or too old.
pub const BAD_VERIFICATION_CODE: Refusal = refusal(
    "bad_verification_code",
    "The code passed is incorrect or expired.",
    at_token_request!("bad-verification-code"),
);
/// The account has no verified address.
pub const UNVERIFIED_USER_EMAIL: Refusal = refusal(
    "unverified_user_email",
    "The user must have a verified primary email.",
    at_token_request!("unverified-user-email"),
);
/// The refresh token is wrong or too old. It has no anchor of its own: the one seen is that of `bad_verification_code`.
pub const BAD_REFRESH_TOKEN: Refusal = refusal(
    "bad_refresh_token",
    "The refresh token passed is incorrect or expired.",
    at_token_request!("bad-verification-code"),
);
/// There is no such grant.
pub const UNSUPPORTED_GRANT_TYPE: Refusal = without_words("unsupported_grant_type");
/// More scopes are asked for than were granted (RFC 6749 §6). GitHub's words for it are not known.
pub const INVALID_SCOPE: Refusal = without_words("invalid_scope");
/// The user code was not typed yet.
pub const AUTHORIZATION_PENDING: Refusal = refusal(
    "authorization_pending",
    "The authorization request is still pending.",
    None,
);
/// The client did not wait as long as it was told to.
pub const SLOW_DOWN_REFUSAL: Refusal = refusal(
    "slow_down",
    "Too many requests have been made in the same timeframe.",
    None,
);
/// The time of the device code is over. The words are not known.
pub const EXPIRED_TOKEN: Refusal = without_words("expired_token");
/// The device code is not one of this client. The words are not known.
pub const INCORRECT_DEVICE_CODE: Refusal = without_words("incorrect_device_code");
/// The person refused what the device asks for. The words are not known.
pub const DEVICE_ACCESS_DENIED: Refusal = without_words("access_denied");
/// The app may not use the device flow. The words are not known; clients allow for this status.
pub const DEVICE_FLOW_DISABLED: Refusal = Refusal {
    status: 400,
    error: "device_flow_disabled",
    description: None,
    uri: None,
};
/// A challenge was sent, and no verifier.
pub const VERIFIER_MISSING: Refusal = Refusal {
    status: 400,
    ..refusal(
        "invalid_grant",
        "A code_verifier was not included, but the authorization request included a code_challenge. Codes requested with a code_challenge MUST be redeemed with a code_verifier.",
        None,
    )
};
/// GitHub's words for a wrong verifier are not known; code and status are those of a missing one.
pub const VERIFIER_WRONG: Refusal = Refusal {
    status: 400,
    error: "invalid_grant",
    description: None,
    uri: None,
};
/// The client id is not known.
pub const NOT_FOUND: Refusal = Refusal {
    status: 404,
    error: "Not Found",
    description: None,
    uri: None,
};
/// RFC 7636 §4.4.1 asks for `invalid_request`; what GitHub says to `plain` or to half a pair is not known.
pub const CHALLENGE_REFUSED: Refusal = Refusal {
    status: 200,
    error: "invalid_request",
    description: Some(
        "A code_challenge is a SHA-256 value of 43 characters and needs the code_challenge_method S256.",
    ),
    uri: None,
};

/// The refusals whose sentences many libraries pass on and nothing else. Of a sentence the first one counts.
const WITH_SENTENCE: [Refusal; 7] = [
    INCORRECT_CLIENT_CREDENTIALS,
    MISMATCH_AT_EXCHANGE,
    BAD_VERIFICATION_CODE,
    UNVERIFIED_USER_EMAIL,
    BAD_REFRESH_TOKEN,
    ACCESS_DENIED,
    APPLICATION_SUSPENDED,
];

/// The first sentences of refusals, without their full stops, each with its code.
pub fn sentences() -> impl Iterator<Item = (&'static str, &'static str)> {
    WITH_SENTENCE
        .iter()
        .filter_map(|refusal| Some((refusal.description?.split('.').next()?, refusal.error)))
}

/// The token endpoint's refusal with that code.
pub fn by_code(code: &str) -> Option<&'static Refusal> {
    const AT_TOKEN_ENDPOINT: [Refusal; 5] = [
        INCORRECT_CLIENT_CREDENTIALS,
        MISMATCH_AT_EXCHANGE,
        BAD_VERIFICATION_CODE,
        UNVERIFIED_USER_EMAIL,
        VERIFIER_MISSING,
    ];
    AT_TOKEN_ENDPOINT.iter().find(|refusal| refusal.error == code)
}
