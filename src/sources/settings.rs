//! Values at rest: `.env` files, compose files, Kubernetes Secrets, and the settings of frameworks. They are looked at as a request
//! with them would be, and no request is made up.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    flow::transcript::{NearMiss, Observation},
    oauth::{http::HttpRequest, params::Params},
    providers::profiles,
    sources::{Seen, Source},
};

/// Files of settings.
pub(crate) const SOURCE: Source = Source {
    name: "settings",
    recognises: |input| is_settings(&input.text),
    read: |input| read(&input.text).map(|observation| vec![Seen::untimed(observation)]),
};

/// How the names of the values end, however they are written, and the parameter that each becomes.
const ROLES: [(&str, &[&str]); 3] = [
    ("client_id", &["clientid", "oauthid", "oauthkey"]),
    (
        "client_secret",
        &["clientsecret", "oauthsecret", "clientpassword"],
    ),
    (
        "redirect_uri",
        &[
            "redirecturi",
            "redirecturl",
            "callbackurl",
            "callbackuri",
            "redirecturis",
        ],
    ),
];

/// The same behind the name of a provider: `PROVIDER_SECRET`.
const OF_A_PROVIDER: [(&str, &[&str]); 2] = [
    ("client_id", &["id", "key", "client"]),
    ("client_secret", &["secret"]),
];

/// The words of such names, as they are meant to be written.
const WORDS: [&str; 7] = [
    "CLIENT",
    "SECRET",
    "CLIENT_ID",
    "CLIENT_SECRET",
    "REDIRECT",
    "CALLBACK",
    "REDIRECT_URI",
];

/// A name with its value.
struct Setting<'t> {
    name: &'t str,
    value: &'t str,
}

/// True where nearly every line is a setting, a comment, or what holds settings together, and one of them is a client's.
fn is_settings(text: &str) -> bool {
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    let holds = |line: &str| {
        line.starts_with(['#', ';', '[', ']', '{', '}'])
            || line.starts_with("//")
            || line == "---"
            || line.ends_with(':')
            || setting(line).is_some()
    };
    let (all, fits) = lines().fold((0, 0), |(all, fits), line| {
        (all + 1, fits + usize::from(holds(line)))
    });
    let known = lines()
        .filter_map(setting)
        .any(|setting| matches!(role(setting.name), Some("client_id" | "client_secret")));
    let a_request = [
        "grant_type",
        "HTTP/",
        "curl ",
        "\"code\"",
        "code=",
        "error",
        "access_token",
        // An object that a program printed.
        "status:",
        "statusCode",
        "headers:",
        "\n    at ",
    ];
    all > 0 && fits * 10 >= all * 9 && known && !a_request.iter().any(|mark| text.contains(mark))
}

/// The settings of an app that a text holds, by the names of a token request.
#[derive(Clone, Debug)]
pub struct ReadSettings {
    /// Their names in the text.
    pub names: Vec<String>,
    /// Their values.
    pub values: HttpRequest,
}

/// Reads the text of a file that is known to hold settings.
pub fn read_settings(text: &str) -> Option<ReadSettings> {
    match read(text)? {
        Observation::SettingsRead { names, values, .. } => Some(ReadSettings { names, values }),
        _ => None,
    }
}

fn read(text: &str) -> Option<Observation> {
    let secret_of_kubernetes = text.lines().any(|line| line.trim() == "kind: Secret");
    let mut encoded = false;
    let (mut params, mut names, mut near_misses) = (Params::default(), Vec::new(), Vec::new());
    let mut all: Vec<&str> = Vec::new();
    for line in text.lines() {
        match line.trim() {
            "data:" => encoded = secret_of_kubernetes,
            "stringData:" => encoded = false,
            _ => {}
        }
        let Some(Setting { name, value }) = setting(line.trim()) else {
            continue;
        };
        all.push(name);
        let Some(role) = role(name) else {
            continue;
        };
        // Several clients in one file are not told apart: the first one counts.
        if params.get(role).is_none() {
            let decoded = encoded.then(|| decoded(value)).flatten();
            params.push(role, decoded.unwrap_or_else(|| value.to_owned()));
            names.push(name.to_owned());
        }
    }
    near_misses.extend(all.iter().filter_map(|name| near_miss(name, &all)));
    (!params.is_empty()).then(|| Observation::SettingsRead {
        names,
        values: HttpRequest {
            body: params.encode().into_bytes(),
            ..HttpRequest::default()
        },
        near_misses,
    })
}

/// The value of a Secret without its base64; a line break at its end is a part of it.
fn decoded(value: &str) -> Option<String> {
    String::from_utf8(STANDARD.decode(value).ok()?).ok()
}

/// A line of a `.env` file, of YAML, TOML, properties or JSON.
fn setting(line: &str) -> Option<Setting<'_>> {
    // In a list of a compose file quotes are characters like others.
    let listed = line.strip_prefix("- ");
    let line = listed
        .unwrap_or(line)
        .trim_start_matches("export ")
        .trim_start_matches("set ");
    let end = line.find(|c: char| !c.is_ascii_alphanumeric() && !"_.-\"'".contains(c))?;
    let name = line[..end].trim_matches(['"', '\'']);
    let rest = line[end..].trim_start_matches([' ', '\t']);
    let value = rest
        .strip_prefix("=>")
        .or_else(|| rest.strip_prefix(['=', ':']))?;
    let begins_well = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if !begins_well || value.starts_with(['/', '=', ':']) || name.contains(['"', '\'']) {
        return None;
    }
    let value = value.trim_start_matches([' ', '\t']);
    let value = value.trim_end_matches(',');
    let plain = match value.chars().next() {
        Some(quote @ ('"' | '\'')) if listed.is_none() || rest.starts_with(':') => {
            match value[1..].find(quote) {
                Some(close) => &value[1..=close],
                None => value,
            }
        }
        // Behind white space a comment may begin.
        _ => value.split(" #").next().unwrap_or_default().trim_end(),
    };
    Some(Setting { name, value: plain })
}

fn letters(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// The parameter that a value becomes, by how its name ends.
fn role(name: &str) -> Option<&'static str> {
    let letters = letters(name);
    let ends = |(_, ends): &&(&str, &[&str])| ends.iter().any(|end| letters.ends_with(end));
    if let Some((role, _)) = ROLES.iter().find(ends) {
        return Some(role);
    }
    let of_a_provider = |end: &str| {
        let before = letters.strip_suffix(end).filter(|before| before.len() > 3);
        before.is_some_and(|before| profiles().any(|profile| before.ends_with(&self::letters(profile.id))))
    };
    let found = OF_A_PROVIDER
        .iter()
        .find(|(_, ends)| ends.iter().any(|end| of_a_provider(end)));
    found.map(|(role, _)| *role)
}

/// A name that is nearly another: one of its words is nearly a usual word, or its first word nearly that of its neighbours.
fn near_miss(name: &str, all: &[&str]) -> Option<NearMiss> {
    let near = |word: &str, other: &str| {
        let distance = strsim::damerau_levenshtein(&word.to_ascii_uppercase(), &other.to_ascii_uppercase());
        distance == 1 || (distance == 2 && word.len() > 7)
    };
    let first = |name: &str| name.split(['_', '.', '-']).next().unwrap_or_default().to_owned();
    let begins = first(name);
    let alone = all.iter().filter(|other| first(other) == begins).count() == 1;
    let neighbour = all.iter().map(|other| first(other)).find(|other| {
        let shared = all.iter().filter(|name| first(name) == *other).count();
        alone && begins.len() > 5 && shared > 1 && near(&begins, other)
    });
    let meant = match neighbour {
        Some(neighbour) => format!("{neighbour}{}", &name[begins.len()..]),
        None if role(name).is_none() => {
            let words: Vec<&str> = name.split(['_', '.', '-']).collect();
            let (word, usual) = words.iter().filter(|word| word.len() > 3).find_map(|word| {
                let usual = WORDS.iter().find(|usual| {
                    near(word, usual) && !WORDS.contains(&word.to_ascii_uppercase().as_str())
                })?;
                Some((*word, *usual))
            })?;
            let usual = if word.chars().all(|c| !c.is_ascii_uppercase()) {
                usual.to_ascii_lowercase()
            } else {
                usual.to_owned()
            };
            let meant = name.replace(word, &usual);
            role(&meant)?;
            meant
        }
        None => return None,
    };
    Some(NearMiss {
        written: name.to_owned(),
        meant,
    })
}

#[cfg(test)]
mod tests {
    use crate::{
        flow::transcript::{NearMiss, Observation},
        oauth::{params::Params, token::request_params},
        sources::{Input, settings::*},
    };

    fn read(text: &str) -> (Params, Vec<NearMiss>) {
        let input = Input::new(text.as_bytes());
        assert!((SOURCE.recognises)(&input), "{text}");
        let seen = (SOURCE.read)(&input).expect(text);
        match &seen[0].observation {
            Observation::SettingsRead {
                values, near_misses, ..
            } => (request_params(values), near_misses.clone()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn values_are_read_from_every_kind_of_file() {
        for text in [
            "# the app\nGITHUB_CLIENT_ID=i\nexport GITHUB_CLIENT_SECRET=\"s\"\nPORT=3000 # here\n",
            "services:\n  web:\n    environment:\n      GITHUB_CLIENT_ID: i\n      GITHUB_CLIENT_SECRET: s\n",
            "services:\n  web:\n    environment:\n      - GITHUB_CLIENT_ID=i\n      - GITHUB_CLIENT_SECRET=s\n",
            "apiVersion: v1\nkind: Secret\ndata:\n  client-id: aQ==\n  client-secret: cw==\n",
            "spring.security.oauth2.client.registration.github.client-id=i\nspring.security.oauth2.client.registration.github.client-secret=s\n",
            "[oauth]\nclient_id = \"i\"\nclient_secret = \"s\"\n",
            "{\n  \"ClientId\": \"i\",\n  \"ClientSecret\": \"s\"\n}",
            "SOCIAL_AUTH_GITHUB_KEY = 'i'\nSOCIAL_AUTH_GITHUB_SECRET = 's'\n",
        ] {
            let (values, near_misses) = read(text);
            assert_eq!(
                (values.get("client_id"), values.get("client_secret")),
                (Some("i"), Some("s")),
                "{text}"
            );
            assert!(near_misses.is_empty(), "{text}: {near_misses:?}");
        }
    }

    #[test]
    fn what_belongs_to_a_value_stays() {
        let (values, _) = read("kind: Secret\ndata:\n  CLIENT_SECRET: cwo=\n");
        assert_eq!(
            values.get("client_secret"),
            Some("s\n"),
            "the line break that echo adds"
        );
        let (values, _) = read("environment:\n  - CLIENT_SECRET=\"s\"\n");
        assert_eq!(
            values.get("client_secret"),
            Some("\"s\""),
            "compose keeps the quotes"
        );
    }

    #[test]
    fn names_that_nearly_are_others_are_pointed_out() {
        for (text, written, meant) in [
            (
                "APP_HOST=h\nAPP_PORT=1\nAPP_CLIENT_ID=i\nAPP_CLEINT_SECRET=s\n",
                "APP_CLEINT_SECRET",
                "APP_CLIENT_SECRET",
            ),
            (
                "FORGEBOT_HOST=h\nFORGEBOT_GITHUB_CLIENT=i\nFROGEBOT_GITHUB_SECRET=s\n",
                "FROGEBOT_GITHUB_SECRET",
                "FORGEBOT_GITHUB_SECRET",
            ),
        ] {
            let (_, near_misses) = read(text);
            assert_eq!(
                near_misses,
                [NearMiss {
                    written: written.into(),
                    meant: meant.into()
                }],
                "{text}"
            );
        }
    }

    #[test]
    fn a_request_and_a_log_are_no_settings() {
        for text in [
            "client_id=i\nclient_secret=s\ncode=c\n",
            "POST /x HTTP/1.1\nHost: h\nclient_id: i\n",
            "it failed\nand then again\nclient_secret: s\n",
        ] {
            assert!(!(SOURCE.recognises)(&Input::new(text.as_bytes())), "{text}");
        }
    }
}
