//! GitHub (docs/github.md): its hosts, formats and scopes.

pub mod errors;
pub mod formats;
pub mod scopes;

use crate::{
    oauth::token::{ClientAuthentication, ErrorResponse},
    providers::{
        profile::{Formats, Grade, Known, Marks, ProviderProfile, RedirectPolicy, ScopeTable},
        provider::Provider,
        rfc6749::NEUTRAL,
    },
};

const COMMON: ProviderProfile = ProviderProfile {
    id: "github",
    saved_as: &["git_hub"],
    name: "GitHub",
    family: "github",
    authorization_endpoint: "https://{host}/login/oauth/authorize",
    token_endpoint: "https://{host}/login/oauth/access_token",
    device_authorization_endpoint: "https://{host}/login/device/code",
    settings: "/settings/developers",
    self_hosted: true,
    env_prefix: Some("GITHUB"),
    on_host: Some(on_host),
    authentication: &[
        ClientAuthentication::ClientSecretPost,
        ClientAuthentication::ClientSecretBasic,
    ],
    known: Known {
        grade: Grade::Documentation,
        date: "2026-11-27",
        from: "docs/github.md",
        note: "",
    },
    code_lifetime: Some(600),
    formats: Some(&Formats {
        client_id: formats::client_id_shape,
        client_id_length: 20,
        client_secret: formats::client_secret_shape,
        client_secret_length: 40,
        code: formats::code_shape,
    }),
    scopes: Some(&ScopeTable {
        is_known: scopes::is_known,
        container: scopes::container,
    }),
    marks: Some(&Marks {
        error: is_own_error,
        issuer: "/login/oauth",
        authorization_path: "/login/oauth/authorize",
        token_path: "/login/oauth/access_token",
    }),
    redirect: RedirectPolicy::Wildcard,
    checks_client_first: true,
    takes_any_authentication: true,
    manages_tokens: true,
    asks_for_secret: true,
    one_host: true,
    invalid_grant_is_pkce: true,
    only_s256: true,
    has_app_kinds: true,
    ends_unused_tokens: true,
    main_host: Some("github.com"),
    ..NEUTRAL
};

/// github.com.
pub static GITHUB: ProviderProfile = ProviderProfile {
    host: Some("github.com"),
    api_url: "https://api.{host}",
    issuer: Some("https://github.com/login/oauth"),
    takes_ten_redirect_uris: true,
    ..COMMON
};

/// A GitHub App on github.com: its tokens have permissions in place of scopes (docs/github.md §4).
pub static GITHUB_APP: ProviderProfile = ProviderProfile {
    id: "github-app",
    saved_as: &[],
    name: "GitHub App",
    host: Some("github.com"),
    self_hosted: false,
    on_host: None,
    api_url: "https://api.{host}",
    issuer: Some("https://github.com/login/oauth"),
    scopes: None,
    takes_ten_redirect_uris: true,
    ..COMMON
};

/// GitHub Enterprise Cloud with data residency: `SUB.ghe.com` (docs/github.md §7).
pub static GHE_COM: ProviderProfile = ProviderProfile {
    id: "ghe.com",
    saved_as: &[],
    name: "GitHub Enterprise Cloud",
    api_url: "https://api.{host}",
    ..COMMON
};

/// A GitHub Enterprise Server (docs/github.md §7).
pub static GHES: ProviderProfile = ProviderProfile {
    id: "ghes",
    saved_as: &[],
    name: "GitHub Enterprise Server",
    api_url: "https://{host}/api/v3",
    ..COMMON
};

fn on_host(host: &str) -> &'static ProviderProfile {
    if host == "github.com" {
        &GITHUB
    } else if host.ends_with(".ghe.com") {
        &GHE_COM
    } else {
        &GHES
    }
}

/// GitHub on a host.
pub fn at(host: &str) -> Provider {
    GITHUB.at(host)
}

/// The codes that GitHub made up for itself (docs/github.md §3, §6).
const OWN_ERRORS: [&str; 8] = [
    "incorrect_client_credentials",
    "redirect_uri_mismatch",
    "bad_verification_code",
    "unverified_user_email",
    "bad_refresh_token",
    "incorrect_device_code",
    "device_flow_disabled",
    "Not Found",
];

/// True for an answer in GitHub's own words; its sentence about PKCE is the only one with a code of the RFC's.
fn is_own_error(error: &ErrorResponse) -> bool {
    let description = error.error_description.as_deref().unwrap_or_default();
    match error.error.as_str() {
        // Google uses the same code with words of its own (docs/github.md §9).
        "redirect_uri_mismatch" => description.is_empty() || description.contains("registered callback URL"),
        "invalid_grant" => description.contains("MUST be redeemed with a code_verifier"),
        other => OWN_ERRORS.contains(&other),
    }
}

#[cfg(test)]
mod tests {
    use crate::providers::github::*;

    #[test]
    fn endpoints_by_host() {
        for (host, api, profile) in [
            ("github.com", "https://api.github.com", "github"),
            ("octo.ghe.com", "https://api.octo.ghe.com", "ghe.com"),
            ("git.example.test", "https://git.example.test/api/v3", "ghes"),
            (
                "git.example.test:8443",
                "https://git.example.test:8443/api/v3",
                "ghes",
            ),
        ] {
            let provider = at(host);
            assert_eq!(provider.host(), host);
            assert_eq!(provider.api_url, api);
            assert_eq!(provider.profile.id, profile);
            assert_eq!(
                provider.token_endpoint,
                format!("https://{host}/login/oauth/access_token")
            );
        }
    }
}
