//! A server of which nothing is known but that it follows RFC 6749: the profile of endpoints that somebody typed.

use crate::providers::profile::{Grade, Known, ProviderProfile, RedirectPolicy};

/// The neutral profile. The others say where they differ from it.
pub static RFC6749: ProviderProfile = NEUTRAL;

/// The same as a constant, to derive others from.
pub(crate) const NEUTRAL: ProviderProfile = ProviderProfile {
    id: "custom",
    saved_as: &["rfc6749"],
    name: "",
    family: "custom",
    host: None,
    self_hosted: false,
    authorization_endpoint: "",
    token_endpoint: "",
    device_authorization_endpoint: "",
    introspection_endpoint: "",
    revocation_endpoint: "",
    api_url: "",
    user_path: "/user",
    issuer: None,
    settings: "",
    env_prefix: None,
    on_host: None,
    authentication: &[],
    named_scopes: &[],
    known: Known {
        grade: Grade::Documentation,
        date: "2012-10",
        from: "RFC 6749",
        note: "",
    },
    code_lifetime: None,
    formats: None,
    scopes: None,
    marks: None,
    redirect: RedirectPolicy::Exact,
    takes_ten_redirect_uris: false,
    code_after: &[],
    checks_client_first: false,
    takes_any_authentication: false,
    manages_tokens: false,
    asks_devices_for_secret: false,
    asks_for_secret: false,
    one_host: false,
    invalid_grant_is_pkce: false,
    only_s256: false,
    has_app_kinds: false,
    ends_unused_tokens: false,
    main_host: None,
};
