//! The root causes that `docs/github.md` lists in its section 8: a rule says of which it is a sign.

/// A root cause: where `docs/github.md` has it, and what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RootCause {
    /// §8.1: Variable not loaded, misnamed, placeholder, stale `.env`.
    NotLoaded,
    /// §8.1: Truncated or mistyped copy.
    Mistyped,
    /// §8.1: Newline, spaces, quotes.
    StoredDamaged,
    /// §8.1: Secret rotated or deleted, app deleted.
    Replaced,
    /// §8.1: Secret omitted (“PKCE replaces it”).
    Omitted,
    /// §8.1: Id in the secret's place; numeric App ID as client id.
    WrongPlace,
    /// §8.1: One kind of app in place of the other.
    OtherKindOfApp,
    /// §8.1: Wrong host.
    WrongHost,
    /// §8.1: HTTP Basic (§3).
    HttpBasic,
    /// §8.2: `http` sent behind a TLS proxy.
    TlsProxy,
    /// §8.2: Other domain: preview, moved, `www`.
    OtherDomain,
    /// §8.2: Path, slash, double slash.
    OtherPath,
    /// §8.2: `localhost` vs `127.0.0.1`.
    LoopbackName,
    /// §8.2: Port (non-loopback).
    OtherPort,
    /// §8.2: Query appended.
    QueryAppended,
    /// §8.2: Token request's value differs or is missing.
    DiffersAtExchange,
    /// §8.2: Missing scheme, or encoded twice.
    MalformedUri,
    /// §8.2: Wildcard switched off.
    WildcardOff,
    /// §8.2: Several parts at once, or nothing known.
    NotRegistered,
    /// §8.3: Exchanged twice: refresh, double click, duplicate callback.
    ExchangedTwice,
    /// §8.3: SPA effect runs twice.
    EffectRunsTwice,
    /// §8.3: A library already redeemed it.
    RedeemedElsewhere,
    /// §8.3: Empty or `undefined` code, e.g. after Cancel.
    NoCode,
    /// §8.3: Truncated, padded, altered (§4).
    AlteredCode,
    /// §8.3: Older than 10 minutes.
    TooOld,
    /// §8.3: Issued to another `client_id`.
    OtherClient,
    /// §8.3: Retry after a parse failure.
    RetryAfterParsing,
    /// §8.3: PKCE verifier missing or wrong.
    Pkce,
}

impl RootCause {
    /// All of them, in the order of the sections.
    pub const ALL: &[(Self, &str, &str)] = &[
        (
            Self::NotLoaded,
            "8.1",
            "Variable not loaded, misnamed, placeholder, stale `.env`",
        ),
        (Self::Mistyped, "8.1", "Truncated or mistyped copy"),
        (Self::StoredDamaged, "8.1", "Newline, spaces, quotes"),
        (Self::Replaced, "8.1", "Secret rotated or deleted, app deleted"),
        (Self::Omitted, "8.1", "Secret omitted (“PKCE replaces it”)"),
        (
            Self::WrongPlace,
            "8.1",
            "Id in the secret's place; numeric App ID as client id",
        ),
        (
            Self::OtherKindOfApp,
            "8.1",
            "One kind of app in place of the other",
        ),
        (Self::WrongHost, "8.1", "Wrong host"),
        (Self::HttpBasic, "8.1", "HTTP Basic (§3)"),
        (Self::TlsProxy, "8.2", "`http` sent behind a TLS proxy"),
        (Self::OtherDomain, "8.2", "Other domain: preview, moved, `www`"),
        (Self::OtherPath, "8.2", "Path, slash, double slash"),
        (Self::LoopbackName, "8.2", "`localhost` vs `127.0.0.1`"),
        (Self::OtherPort, "8.2", "Port (non-loopback)"),
        (Self::QueryAppended, "8.2", "Query appended"),
        (
            Self::DiffersAtExchange,
            "8.2",
            "Token request's value differs or is missing",
        ),
        (Self::MalformedUri, "8.2", "Missing scheme, or encoded twice"),
        (Self::WildcardOff, "8.2", "Wildcard switched off"),
        (
            Self::NotRegistered,
            "8.2",
            "Several parts at once, or nothing known",
        ),
        (
            Self::ExchangedTwice,
            "8.3",
            "Exchanged twice: refresh, double click, duplicate callback",
        ),
        (Self::EffectRunsTwice, "8.3", "SPA effect runs twice"),
        (Self::RedeemedElsewhere, "8.3", "A library already redeemed it"),
        (
            Self::NoCode,
            "8.3",
            "Empty or `undefined` code, e.g. after Cancel",
        ),
        (Self::AlteredCode, "8.3", "Truncated, padded, altered (§4)"),
        (Self::TooOld, "8.3", "Older than 10 minutes"),
        (Self::OtherClient, "8.3", "Issued to another client_id"),
        (Self::RetryAfterParsing, "8.3", "Retry after a parse failure"),
        (Self::Pkce, "8.3", "PKCE verifier missing or wrong"),
    ];
}
