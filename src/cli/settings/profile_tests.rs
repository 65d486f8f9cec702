//! Profiles, and secrets by reference.

use std::io;

use crate::{
    cli::{FlowOptions, ServerOptions, settings::*},
    flow::configuration::{Field, Origin},
    oauth::secret::Secret,
};

const FILE: &str = "\
client-id = 'common'
client-secret-env = 'COMMON'
host = 'git.example.com'
scope = 'repo'

[profile.work]
client-id = 'of-work'
client-secret = 'command:vault read oauth'

[profile.other]
authorization-endpoint = 'https://as.test/authorize'
token-endpoint = 'https://as.test/token'
";

fn settled(
    file: &str,
    profile: Option<&str>,
    prompt: Option<&dyn Fn() -> io::Result<String>>,
) -> Result<Settings, SettingsError> {
    let flags = FlowOptions {
        server: ServerOptions {
            profile: profile.map(str::to_owned),
            ..ServerOptions::default()
        },
        ..FlowOptions::default()
    };
    settle(
        &flags,
        &Surroundings {
            variable: &|name| match name {
                "COMMON" => Some("common secret".to_owned()),
                "OAUTHLENS_CLIENT_ID" => Some("of-environment".to_owned()),
                "OAUTHLENS_CLIENT_SECRET" => Some("environment's secret".to_owned()),
                _ => None,
            },
            read: &|path| match path {
                "/closed" | "/open" => Ok("of a file\n".to_owned()),
                _ => Err(io::ErrorKind::NotFound.into()),
            },
            file: &|| Ok(Some(("/c/settings.toml".to_owned(), file.to_owned()))),
            command: &|command| match command {
                "vault read oauth" => Ok("of a vault\n".to_owned()),
                "silent" => Ok("\n".to_owned()),
                _ => Err(io::Error::other("exit status: 3, vault is sealed")),
            },
            prompt,
            open_to_others: &|path| path == "/open",
            locale: None,
        },
    )
}

fn secret(settings: &Settings) -> Option<&str> {
    settings.configuration.client_secret.as_ref().map(Secret::reveal)
}

#[test]
fn a_profile_brings_its_app_whatever_the_environment_is_set_up_for() {
    let settings = settled(FILE, Some("work"), None).unwrap();
    assert_eq!(settings.configuration.client_id, "of-work");
    assert_eq!(secret(&settings), Some("of a vault"));
    let origin = settings.configuration.origins.of(Field::ClientSecret);
    assert_eq!(origin, Origin::Command("vault".to_owned()));
    // What the profile does not say, the common part says.
    assert_eq!(settings.configuration.scopes, ["repo"]);
    assert!(
        settings
            .configuration
            .provider
            .token_endpoint
            .contains("git.example.com")
    );
}

#[test]
fn without_a_profile_the_common_part_counts_behind_the_environment() {
    let settings = settled(FILE, None, None).unwrap();
    assert_eq!(settings.configuration.client_id, "of-environment");
}

#[test]
fn a_profile_with_a_server_of_its_own_takes_nothing_of_the_common_server() {
    let settings = settled(FILE, Some("other"), None).unwrap();
    let provider = &settings.configuration.provider;
    assert_eq!(provider.token_endpoint, "https://as.test/token");
    assert!(!provider.api_url.contains("git.example.com"), "{provider:?}");
}

#[test]
fn a_profile_that_is_not_there_is_answered_with_the_nearest() {
    let error = settled(FILE, Some("wor"), None).unwrap_err();
    assert_eq!(error.problem, Problem::UnknownProfile);
    assert!(
        error.values.contains(&("expected", "work".to_owned())),
        "{error:?}"
    );
    let error = settled("", Some("work"), None).unwrap_err();
    assert_eq!(error.problem, Problem::NoProfiles);
}

#[test]
fn a_secret_is_followed_to_where_it_is() {
    let prompt = || Ok("typed".to_owned());
    let profile = |reference: &str| format!("[profile.p]\nclient-secret = '{reference}'\n");
    for (reference, expected) in [
        ("env:COMMON", Ok(Some("common secret"))),
        ("file:/closed", Ok(Some("of a file\n"))),
        ("file:/open", Err(Problem::SecretFileOpen)),
        ("file:/none", Err(Problem::Unreadable)),
        ("command:vault read oauth", Ok(Some("of a vault"))),
        ("command:silent", Err(Problem::SecretCommandEmpty)),
        ("command:sealed", Err(Problem::SecretCommandFailed)),
        ("prompt", Ok(Some("typed"))),
        (
            "0123456789abcdef0123456789abcdef01234567",
            Err(Problem::SecretInFile),
        ),
        ("env:", Err(Problem::SecretInFile)),
        ("value:x", Err(Problem::SecretInFile)),
    ] {
        let found = settled(&profile(reference), Some("p"), Some(&prompt));
        let found = found.as_ref().map(secret).map_err(|error| error.problem);
        assert_eq!(found, expected, "{reference}");
    }
    // With a form to type it into, nobody is asked before.
    assert_eq!(
        secret(&settled(&profile("prompt"), Some("p"), None).unwrap()),
        None
    );
}

#[test]
fn two_places_for_one_secret_are_refused() {
    let file = "client-secret-env = 'A'\nclient-secret = 'env:B'\n";
    assert_eq!(
        settled(file, None, None).unwrap_err().problem,
        Problem::SecretTwice
    );
    // A profile's own place takes the common one's.
    let file = "client-secret-env = 'A'\n[profile.p]\nclient-secret = 'env:COMMON'\n";
    assert_eq!(
        secret(&settled(file, Some("p"), None).unwrap()),
        Some("common secret")
    );
}
