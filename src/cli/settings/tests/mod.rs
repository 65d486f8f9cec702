mod providers;

use crate::{
    cli::settings::*,
    oauth::secret::Secret,
    providers::{DEFAULT, rfc6749::RFC6749},
    text::catalog::Messages,
};

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
                "/empty" => Ok(String::new()),
                "/long" => Ok("x".repeat(70_000)),
                "/run/secret" => Ok(format!("{SECRET}\n")),
                _ => Err(io::ErrorKind::NotFound.into()),
            },
            file: &|| Ok(file.map(|text| ("/c/settings.toml".into(), text.into()))),
            command: &|_| Err(io::ErrorKind::NotFound.into()),
            prompt: None,
            open_to_others: &|_| false,
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
    let flags: FlowOptions = toml::from_str("client-id = 'of-flag'").unwrap();
    let id = |settings: &Settings| {
        let origin = settings.configuration.origins.of(Field::ClientId);
        (settings.configuration.client_id.clone(), origin)
    };

    let settings = settle_with(&flags, &environment, Some(file)).unwrap();
    assert_eq!(id(&settings), ("of-flag".into(), Origin::Flag));
    let settings = settle_with(&FlowOptions::default(), &environment, Some(file)).unwrap();
    // The pair of one prefix, since that of the other is not whole.
    let origin = Origin::Environment("GITHUB_CLIENT_ID".into());
    assert_eq!(id(&settings), ("of-github".into(), origin));
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
fn a_secret_is_taken_letter_for_letter_by_each_of_its_ways() {
    let secret = |flags: FlowOptions, variables: &[(&str, &str)]| {
        let configuration = settle_with(&flags, variables, None).unwrap().configuration;
        let origin = configuration.origins.of(Field::ClientSecret);
        (configuration.client_secret.map(|s| s.reveal().to_owned()), origin)
    };
    let by_name: FlowOptions = toml::from_str("client-secret-env = 'MY_SECRET'").unwrap();
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
        let flags: FlowOptions = toml::from_str(&format!("client-secret-file = '{path}'")).unwrap();
        assert_eq!(secret(flags, &[]), (Some(text), origin));
    }
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    use Problem as P;
    let secret_as_argument = format!("client-secret = '{SECRET}'");
    let secret_as_name = format!("client-secret-env = '{SECRET}'");
    let unquoted_secret = format!("host = 'git.test'\nclient-secret = {SECRET}");
    let github_elsewhere = "provider = 'github'\ntoken-endpoint = 'git.test'";
    // Options are written in the words of the settings file, which are the same.
    let cases = [
        ("provider = 'githib'", None, P::UnknownProvider, "github"),
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
        ("client-secret-file = '/long'", None, P::TooLarge, "/long"),
        ("lang = 'fr'", None, P::UnknownLanguage, "fr"),
        ("", Some("clint-id = 'x'"), P::UnknownKey, "client-id"),
        ("", Some("client-secret = 'x'"), P::SecretInFile, "client-secret"),
        ("", Some("scope = 3"), P::TextsExpected, "/c/settings.toml"),
        (
            "",
            Some("# mine\nscope = ['repo', 3]"),
            P::TextsExpected,
            "scope = ['repo', 3]",
        ),
        ("", Some("\nclient-id = 5"), P::TextExpected, "client-id"),
        (
            "",
            Some("callback-timeout = '9'"),
            P::NumberExpected,
            "callback-timeout",
        ),
        (
            "",
            Some("callback-timeout = -9"),
            P::NumberExpected,
            "callback-timeout",
        ),
        ("", Some("no-pkce = 'yes'"), P::SwitchExpected, "no-pkce"),
        ("", Some("\nhost = git.test"), P::BadFile, "host = git.test"),
        (
            "",
            Some(unquoted_secret.as_str()),
            P::BadFile,
            "client-secret = …",
        ),
        (
            "",
            Some("lang = 'fr'"),
            P::UnknownLanguage,
            "lang (/c/settings.toml:1:1)",
        ),
        (
            "client-secret-file = '/empty'",
            None,
            P::SecretFileEmpty,
            "/empty",
        ),
        ("client-secret-env = 'EMPTY'", None, P::VariableEmpty, "EMPTY"),
        (
            "",
            Some("host = 'a/b'"),
            P::BadHost,
            "host (/c/settings.toml:1:1)",
        ),
    ];
    for (flags, file, problem, named) in cases {
        let flags: FlowOptions = toml::from_str(flags).unwrap();
        let error = settle_with(&flags, &[("EMPTY", "")], file).unwrap_err();
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
fn a_flow_without_a_screen_needs_id_secret_and_a_redirect_uri() {
    let mut settings = Settings::default();
    let problem = |settings: &Settings| settings.check_complete().map_err(|error| error.problem);
    assert_eq!(problem(&settings), Err(Problem::ClientIdMissing));
    settings.configuration.client_id = ID.into();
    assert_eq!(problem(&settings), Err(Problem::ClientSecretMissing));
    settings.configuration.provider.profile = &RFC6749;
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
    settings.configuration.redirect_uri = "http://localhost:8914/callback".into();
    settings.configuration.registration.redirect_uris = vec![registered("zzz".into(), DEFAULT)];
    let error = settings.check_complete().unwrap_err();
    assert_eq!(error.problem, Problem::BadRedirectUri);
    let text = error.text(Messages::new(Language::English).command_line());
    assert!(text.starts_with("--registered-redirect-uri: \"zzz\""), "{text}");
}

#[test]
fn the_language_comes_from_the_option_the_file_or_the_system() {
    let language = |flag: Option<&str>, file: Option<&str>| {
        let surroundings = Surroundings {
            variable: &|_| None,
            read: &|_| Err(io::ErrorKind::NotFound.into()),
            file: &|| Ok(file.map(|text| ("/c/settings.toml".into(), text.into()))),
            command: &|_| Err(io::ErrorKind::NotFound.into()),
            prompt: None,
            open_to_others: &|_| false,
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

#[test]
fn a_line_of_the_settings_file_is_counted_and_shown() {
    let error = settle_with(&FlowOptions::default(), &[], Some("# mine\n\nscope = 3\n")).unwrap_err();
    let text = error.text(Messages::new(Language::English).command_line());
    assert!(text.starts_with("/c/settings.toml:3:1: scope "), "{text}");
    assert!(text.contains("\n    scope = 3\n"), "{text}");
}

#[test]
fn id_and_secret_are_taken_as_a_pair_where_there_is_one() {
    let (ours, githubs) = (
        ["OAUTHLENS_CLIENT_ID", "OAUTHLENS_CLIENT_SECRET"],
        ["GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET"],
    );
    let flag: FlowOptions = toml::from_str("client-id = 'of-flag'").unwrap();
    let none = FlowOptions::default();
    for (flags, set, id, secret, mixed) in [
        (
            &none,
            vec![ours[0], ours[1], githubs[0], githubs[1]],
            ours[0],
            ours[1],
            false,
        ),
        (
            &none,
            vec![ours[0], githubs[0], githubs[1]],
            githubs[0],
            githubs[1],
            false,
        ),
        (
            &none,
            vec![ours[1], githubs[0], githubs[1]],
            githubs[0],
            githubs[1],
            false,
        ),
        (&none, vec![ours[0], githubs[1]], ours[0], githubs[1], true),
        (&none, vec![githubs[0], ours[1]], githubs[0], ours[1], true),
        // An option counts, whatever is given beside it.
        (
            &flag,
            vec![ours[0], githubs[0], githubs[1]],
            "of-flag",
            githubs[1],
            false,
        ),
    ] {
        let variables: Vec<(&str, &str)> = set.iter().map(|name| (*name, *name)).collect();
        let configuration = settle_with(flags, &variables, None).unwrap().configuration;
        assert_eq!(configuration.client_id, id, "{set:?}");
        let found = configuration.client_secret.as_ref().map(Secret::reveal);
        assert_eq!(found, Some(secret), "{set:?}");
        assert_eq!(mixed_pair(&configuration).is_some(), mixed, "{set:?}");
    }
}

#[test]
fn a_demo_takes_of_the_settings_file_what_is_said_of_the_person_and_no_more() {
    let demo = |file: Result<&str, Problem>| {
        let surroundings = Surroundings {
            variable: &|_| None,
            read: &|_| Err(io::ErrorKind::NotFound.into()),
            file: &|| match file {
                Ok(text) => Ok(Some(("/c/settings.toml".into(), text.into()))),
                Err(problem) => Err(SettingsError::new(problem)),
            },
            command: &|_| Err(io::ErrorKind::NotFound.into()),
            prompt: None,
            open_to_others: &|_| false,
            locale: None,
        };
        settle_demo(&FlowOptions::default(), &surroundings).unwrap()
    };
    let settings = demo(Ok(
        "lang = 'zh-CN'\nno-browser = true\nscope = 'repo'\nclient-secret-file = '/none'\nno-pkce = true",
    ));
    assert_eq!(settings.language, Language::SimplifiedChinese);
    assert!(!settings.configuration.open_browser && settings.configuration.pkce);
    assert!(settings.configuration.scopes.is_empty() && settings.configuration.client_secret.is_none());
    for broken in [
        Ok("scope = 3"),
        Ok("lang = 'fr'"),
        Ok("["),
        Err(Problem::Unreadable),
    ] {
        assert_eq!(demo(broken).language, Language::English);
    }
}
