use super::*;
use crate::flow::configuration::Registration;
use crate::locale::Messages;
use crate::oauth::secret::Secret;

const ID: &str = "Ov23liAAAAAAAAAAAAAA";
const SECRET: &str = "a1b2c3d4e5f60718293a4b5c6d7e8f9012349f0e";

fn settle_with(
    flags: &FlowOptions,
    variables: &[(&str, &str)],
    file: Option<&str>,
) -> Result<Settings, SettingsError> {
    settle(
        flags,
        &Surroundings {
            variable: &|name| {
                let found = variables.iter().find(|(n, _)| *n == name);
                found.map(|(_, value)| (*value).to_owned())
            },
            read: &|path| match path {
                "-" => Ok("from-stdin\n".into()),
                "/run/secret" => Ok(format!("{SECRET}\n")),
                _ => Err(io::ErrorKind::NotFound.into()),
            },
            file: file.map(|text| ("/c/settings.toml".into(), text.into())),
            locale: Some("zh_CN.UTF-8".into()),
        },
    )
}

#[test]
fn options_come_before_the_environment_and_that_before_the_file() {
    let environment = [
        ("OAUTHLENS_CLIENT_ID", "of-oauthlens"),
        ("GITHUB_CLIENT_ID", "of-github"),
        ("GITHUB_CLIENT_SECRET", SECRET),
    ];
    let file = "client-id = \"of-file\"\nscope = \"repo gist\"\n";
    let flags = FlowOptions {
        client_id: Some("of-flag".into()),
        ..FlowOptions::default()
    };
    let id = |settings: &Settings| {
        let origin = settings.configuration.origins.of(Field::ClientId);
        (settings.configuration.client_id.clone(), origin)
    };

    let settings = settle_with(&flags, &environment, Some(file)).unwrap();
    assert_eq!(id(&settings), ("of-flag".into(), Origin::Flag));
    let settings = settle_with(&FlowOptions::default(), &environment, Some(file)).unwrap();
    let origin = Origin::Environment("OAUTHLENS_CLIENT_ID".into());
    assert_eq!(id(&settings), ("of-oauthlens".into(), origin));
    let secret_origin = Origin::Environment("GITHUB_CLIENT_SECRET".into());
    assert_eq!(
        settings.configuration.origins.of(Field::ClientSecret),
        secret_origin
    );
    assert_eq!(settings.configuration.scopes, ["repo", "gist"]);
    let settings = settle_with(&FlowOptions::default(), &environment[1..2], Some(file)).unwrap();
    assert_eq!(
        id(&settings),
        ("of-github".into(), Origin::Environment("GITHUB_CLIENT_ID".into()))
    );
    let settings = settle_with(&FlowOptions::default(), &[], Some(file)).unwrap();
    assert_eq!(
        id(&settings),
        ("of-file".into(), Origin::File("/c/settings.toml".into()))
    );
    assert_eq!(settings.language, Language::SimplifiedChinese);
}

#[test]
fn what_the_environment_holds_for_github_goes_to_no_other_provider() {
    let environment = [("GITHUB_CLIENT_ID", ID), ("GITHUB_CLIENT_SECRET", SECRET)];
    let custom = FlowOptions {
        authorization_endpoint: Some("https://other.test/authorize".into()),
        token_endpoint: Some("https://other.test/token".into()),
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
        host: Some("git.test".into()),
        ..FlowOptions::default()
    };
    let configuration = settle_with(&server, &environment, None).unwrap().configuration;
    assert_eq!(configuration.client_secret, Some(Secret::new(SECRET)));
}

#[test]
fn a_secret_is_taken_letter_for_letter_by_each_of_its_ways() {
    let secret = |flags: FlowOptions, variables: &[(&str, &str)]| {
        let configuration = settle_with(&flags, variables, None).unwrap().configuration;
        let origin = configuration.origins.of(Field::ClientSecret);
        (configuration.client_secret.map(|s| s.reveal().to_owned()), origin)
    };
    let by_name = FlowOptions {
        client_secret_env: Some("MY_SECRET".into()),
        ..FlowOptions::default()
    };
    assert_eq!(
        secret(
            by_name,
            &[("MY_SECRET", " x\n"), ("OAUTHLENS_CLIENT_SECRET", "y")]
        ),
        (Some(" x\n".into()), Origin::Environment("MY_SECRET".into()))
    );
    for (path, text, origin) in [
        (
            "/run/secret",
            format!("{SECRET}\n"),
            Origin::File("/run/secret".into()),
        ),
        ("-", "from-stdin\n".into(), Origin::StandardInput),
    ] {
        let flags = FlowOptions {
            client_secret_file: Some(path.into()),
            ..FlowOptions::default()
        };
        assert_eq!(secret(flags, &[]), (Some(text), origin));
    }
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    use Problem as P;
    let secret_as_argument = format!("client-secret = '{SECRET}'");
    let secret_as_name = format!("client-secret-env = '{SECRET}'");
    let github_elsewhere = "provider = 'github'\ntoken-endpoint = 'git.test'";
    // Options are written in the words of the settings file, which are the same.
    let cases = [
        ("provider = 'gitlab'", None, P::UnknownProvider, "gitlab"),
        ("host = 'https://git.test/x'", None, P::BadHost, "--host"),
        (
            "token-endpoint = 'git.test'",
            None,
            P::EndpointMissing,
            "--authorization-endpoint",
        ),
        (github_elsewhere, None, P::BadUrl, "--token-endpoint"),
        ("listen = '8914'", None, P::BadAddress, "8914"),
        ("listen = '0.0.0.0:8914'", None, P::NotLoopback, "0.0.0.0:8914"),
        (&secret_as_argument, None, P::PlainSecret, "--client-secret-env"),
        (&secret_as_name, None, P::SecretForName, "--client-secret-env"),
        (
            "client-secret-env = 'MISSING'",
            None,
            P::VariableMissing,
            "MISSING",
        ),
        ("client-secret-file = '/none'", None, P::Unreadable, "/none"),
        ("lang = 'fr'", None, P::UnknownLanguage, "fr"),
        ("", Some("clint-id = 'x'"), P::UnknownKey, "client-id"),
        (
            "",
            Some("client-secret = 'x'"),
            P::SecretInFile,
            "client-secret-file",
        ),
        ("", Some("scope = 3"), P::BadFile, "/c/settings.toml"),
        ("", Some("host = 'a/b'"), P::BadHost, "host (/c/settings.toml)"),
    ];
    for (flags, file, problem, named) in cases {
        let flags: FlowOptions = toml::from_str(flags).unwrap();
        let error = settle_with(&flags, &[], file).unwrap_err();
        assert_eq!(error.problem, problem);
        for language in Language::ALL {
            let text = error.text(Messages::new(language).command_line());
            assert!(text.contains(named), "{text}");
            assert!(!text.contains(SECRET), "{text}");
            assert!(!text.contains('{'), "a value is missing: {text}");
        }
    }
}

#[test]
fn endpoints_of_ones_own_make_a_custom_provider_and_with_github_they_replace_its_own() {
    let mut flags = FlowOptions {
        authorization_endpoint: Some("https://id.test/authorize".into()),
        token_endpoint: Some("https://id.test/token".into()),
        ..FlowOptions::default()
    };
    let provider = settle_with(&flags, &[], None).unwrap().configuration.provider;
    assert_eq!(
        (provider.dialect, provider.name.as_str()),
        (Dialect::Rfc6749, "id.test")
    );
    assert_eq!(provider.user_endpoint(), None);
    flags.provider = Some("github".into());
    let provider = settle_with(&flags, &[], None).unwrap().configuration.provider;
    assert_eq!(provider.dialect, Dialect::GitHub);
    assert_eq!(provider.token_endpoint, "https://id.test/token");
    let flags = FlowOptions {
        host: Some("octo.ghe.com".into()),
        ..FlowOptions::default()
    };
    let provider = settle_with(&flags, &[], None).unwrap().configuration.provider;
    assert_eq!(provider.api_url, "https://api.octo.ghe.com");
}

#[test]
fn a_flow_without_a_screen_needs_id_secret_and_a_redirect_uri() {
    let mut settings = Settings::default();
    let problem = |settings: &Settings| settings.check_complete().map_err(|error| error.problem);
    assert_eq!(problem(&settings), Err(Problem::ClientIdMissing));
    settings.configuration.client_id = ID.into();
    assert_eq!(problem(&settings), Err(Problem::ClientSecretMissing));
    settings.configuration.provider.dialect = Dialect::Rfc6749;
    assert_eq!(problem(&settings), Ok(()));
    settings.configuration.client_secret = Some(Secret::new(SECRET));
    settings.configuration.redirect_uri = "localhost:8914/callback".into();
    assert_eq!(problem(&settings), Err(Problem::BadRedirectUri));
    for language in Language::ALL {
        let text = settings
            .check_complete()
            .unwrap_err()
            .text(Messages::new(language).command_line());
        assert!(text.contains("localhost:8914") && !text.contains('{'), "{text}");
    }
    assert_eq!(settings.configuration.registration, Registration::default());
}

#[test]
fn the_language_comes_from_the_option_the_file_or_the_system() {
    let language = |flag: Option<&str>, file: Option<&str>| {
        let surroundings = Surroundings {
            variable: &|_| None,
            read: &|_| Err(io::ErrorKind::NotFound.into()),
            file: file.map(|text| ("/c/settings.toml".into(), text.into())),
            locale: Some("zh_CN.UTF-8".into()),
        };
        language_for(flag, &surroundings).unwrap()
    };
    assert_eq!(language(None, None), Language::SimplifiedChinese);
    assert_eq!(language(None, Some("lang = 'en'")), Language::English);
    assert_eq!(
        language(Some("zh-CN"), Some("lang = 'en'")),
        Language::SimplifiedChinese
    );
}
