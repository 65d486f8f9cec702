//! Which provider the settings mean, and what belongs to it.

use super::{ID, SECRET, settle_with};
use crate::{
    cli::{ServerOptions, settings::*},
    oauth::secret::Secret,
    providers::{DEFAULT, rfc6749::RFC6749},
    text::catalog::Messages,
};

#[test]
fn what_the_environment_holds_for_github_goes_to_no_other_provider() {
    let environment = [("GITHUB_CLIENT_ID", ID), ("GITHUB_CLIENT_SECRET", SECRET)];
    let custom = FlowOptions {
        server: ServerOptions {
            authorization_endpoint: Some("https://other.test/authorize".into()),
            token_endpoint: Some("https://other.test/token".into()),
            ..ServerOptions::default()
        },
        ..FlowOptions::default()
    };
    let configuration = settle_with(&custom, &environment, None).unwrap().configuration;
    assert_eq!(configuration.client_id, "");
    assert_eq!(configuration.client_secret, None);
    let ours = [("OAUTHLENS_CLIENT_ID", "id"), ("OAUTHLENS_CLIENT_SECRET", "s")];
    let configuration = settle_with(&custom, &ours, None).unwrap().configuration;
    assert_eq!(configuration.client_id, "id");
    assert_eq!(configuration.client_secret, Some(Secret::new("s")));
    let server = FlowOptions {
        server: ServerOptions {
            host: Some("git.test".into()),
            ..ServerOptions::default()
        },
        ..FlowOptions::default()
    };
    let configuration = settle_with(&server, &environment, None).unwrap().configuration;
    assert_eq!(configuration.client_secret, Some(Secret::new(SECRET)));
}

#[test]
fn what_could_be_read_as_another_host_is_refused_with_its_place() {
    for host in [
        "evil.test#github.com",
        "evil.test?github.com",
        "evil.test\\github.com",
        "user@git.test",
        "git\n.test",
        "git.test\u{1b}",
    ] {
        let mut flags = FlowOptions::default();
        flags.server.host = Some(host.into());
        let error = settle_with(&flags, &[], None).unwrap_err();
        assert_eq!(error.problem, Problem::BadHost, "{host:?}");
        let text = error.text(Messages::new(Language::English).command_line());
        assert!(
            text.contains("--host") && !text.contains(char::is_control),
            "{text:?}"
        );
    }
    for url in [
        "https://user:hunter2hunter2@git.test",
        "https://git.test/\u{1b}",
        "https://git.te\nst/",
    ] {
        let mut flags = FlowOptions::default();
        flags.server.api_url = Some(url.into());
        let error = settle_with(&flags, &[], None).unwrap_err();
        assert_eq!(error.problem, Problem::BadUrl, "{url:?}");
        let text = error.text(Messages::new(Language::English).command_line());
        assert!(
            text.contains("--api-url") && !text.contains(char::is_control),
            "{text:?}"
        );
        assert!(!text.contains("hunter2"), "{text:?}");
    }
}

#[test]
fn endpoints_of_ones_own_make_a_custom_provider_and_with_github_they_replace_its_own() {
    let mut flags: FlowOptions = toml::from_str(
        "authorization-endpoint = 'https://id.test/authorize'\ntoken-endpoint = 'https://id.test/token'",
    )
    .unwrap();
    let provider = settle_with(&flags, &[], None).unwrap().configuration.provider;
    assert_eq!((provider.profile, provider.name.as_str()), (&RFC6749, "id.test"));
    assert_eq!(provider.user_endpoint(), None);
    flags.server.provider = Some("github".into());
    let provider = settle_with(&flags, &[], None).unwrap().configuration.provider;
    assert_eq!(provider.profile, DEFAULT);
    assert_eq!(provider.token_endpoint, "https://id.test/token");
    let flags: FlowOptions = toml::from_str("host = 'octo.ghe.com'").unwrap();
    let provider = settle_with(&flags, &[], None).unwrap().configuration.provider;
    assert_eq!(provider.api_url, "https://api.octo.ghe.com");
}

#[test]
fn the_issuer_of_endpoints_of_ones_own_is_not_known() {
    let issuer = |endpoint: Option<&str>| {
        let flags = FlowOptions {
            server: ServerOptions {
                provider: Some("github".into()),
                authorization_endpoint: endpoint.map(str::to_owned),
                ..ServerOptions::default()
            },
            ..FlowOptions::default()
        };
        settle_with(&flags, &[], None)
            .unwrap()
            .configuration
            .provider
            .issuer
    };
    assert!(issuer(None).is_some());
    assert_eq!(issuer(Some("http://127.0.0.1:8080/login/oauth/authorize")), None);
}

#[test]
fn a_provider_by_its_name() {
    let settle = |text: &str, environment: &[(&str, &str)]| {
        let flags: FlowOptions = toml::from_str(text).unwrap();
        settle_with(&flags, environment, None).unwrap().configuration
    };
    let environment = [
        ("NOTION_CLIENT_ID", "n"),
        ("GITLAB_CLIENT_ID", "g"),
        ("GITHUB_CLIENT_ID", ID),
    ];
    let notion = settle("provider = 'notion'", &environment);
    assert_eq!(
        notion.provider.token_endpoint,
        "https://api.notion.com/v1/oauth/token"
    );
    assert_eq!(
        notion.authentication,
        crate::oauth::token::ClientAuthentication::ClientSecretBasic
    );
    assert_eq!(
        (notion.client_id.as_str(), notion.provider.name.as_str()),
        ("n", "Notion")
    );
    let own = settle("provider = 'gitlab'\nhost = 'git.test'", &environment);
    assert_eq!(
        own.provider.authorization_endpoint,
        "https://git.test/oauth/authorize"
    );
    assert_eq!(
        (own.client_id.as_str(), own.provider.name.as_str()),
        ("g", "git.test")
    );
    let endpoints = "authorization-endpoint = 'https://a.test/a'\ntoken-endpoint = 'https://a.test/t'";
    let software = settle(&format!("provider = 'better-auth'\n{endpoints}"), &environment);
    assert_eq!(software.provider.profile.id, "better-auth");
    assert_eq!(software.client_id, "");
    // Where a redirect URI is compared as it stands, nothing below a registered one matches.
    let registered = |text: &str| settle(text, &[]).registration.redirect_uris[0].wildcard;
    assert!(registered("registered-redirect-uri = 'https://a.test/cb'"));
    assert!(!registered(
        "provider = 'gitlab'\nregistered-redirect-uri = 'https://a.test/cb'"
    ));
}

#[test]
fn a_provider_that_cannot_be_had_is_named_with_what_would_help() {
    for (text, problem, told) in [
        (
            "provider = 'zzz'",
            Problem::UnknownProvider,
            "ghe.com, ghes, custom, gitlab",
        ),
        ("provider = 'gitlob'", Problem::UnknownProvider, "gitlab"),
        ("provider = 'ghes'", Problem::HostMissing, "--host"),
        ("provider = 'okta'", Problem::HostMissing, "okta"),
        (
            "provider = 'google'\nhost = 'id.test'",
            Problem::HostNotTaken,
            "accounts.google.com",
        ),
        (
            "provider = 'keycloak'",
            Problem::EndpointMissing,
            "--authorization-endpoint",
        ),
    ] {
        let flags: FlowOptions = toml::from_str(text).unwrap();
        let error = settle_with(&flags, &[], None).unwrap_err();
        assert_eq!(error.problem, problem, "{text}");
        for language in Language::ALL {
            let said = error.text(Messages::new(language).command_line());
            assert!(said.contains(told) && !said.contains('{'), "{said}");
        }
    }
}
