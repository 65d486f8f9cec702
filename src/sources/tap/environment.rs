//! The variables that a program is run with so that it goes by way of the tap: the table `assets/tap/environment.toml`.

use serde::Deserialize;

use crate::text::{embedded::built_in, template::filled};

/// The script by which a Node that knows no proxy goes by way of the tap.
pub const NODE_HOOK: &str = include_str!("../../../assets/tap/node.cjs");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    variable: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    names: Vec<String>,
    value: String,
    behind: Option<String>,
    programs: Option<Vec<String>>,
    #[serde(rename = "for")]
    _readers: String,
}

/// What the values of the table are made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// The tap's port on 127.0.0.1.
    pub port: u16,
    /// The file with the certificate of the run.
    pub ca: String,
    /// The file with it and the system's.
    pub bundle: String,
    /// The file with [`NODE_HOOK`].
    pub hook: String,
    /// The trust store for Java, where one could be made.
    pub store: Option<String>,
    /// The provider's hosts with their ports, `github.com:443`.
    pub hosts: Vec<String>,
}

/// The variables for a program, and whether `NO_PROXY` had to be changed. `before` gives what is set now.
pub fn variables(
    program: &str,
    places: &Places,
    before: impl Fn(&str) -> Option<String>,
) -> (Vec<(String, String)>, bool) {
    let table: Table = built_in!("tap/environment");
    let port = places.port.to_string();
    let proxy = format!("http://127.0.0.1:{port}");
    let values = [
        ("proxy", proxy.as_str()),
        ("port", &port),
        ("ca", &places.ca),
        ("bundle", &places.bundle),
        ("hook", &places.hook),
        ("store", places.store.as_deref().unwrap_or_default()),
    ];
    let name = program_name(program);
    let mut variables = Vec::new();
    for row in &table.variable {
        let others = row
            .programs
            .as_ref()
            .is_some_and(|programs| !programs.contains(&name));
        if others || (row.value.contains("{store}") && places.store.is_none()) {
            continue;
        }
        let value = filled(&row.value, &values);
        for name in &row.names {
            let value = match (&row.behind, before(name)) {
                (Some(between), Some(there)) if !there.is_empty() => format!("{there}{between}{value}"),
                _ => value.clone(),
            };
            variables.push((name.clone(), value));
        }
    }
    let mut spared = false;
    for name in ["NO_PROXY", "no_proxy"] {
        let there = before(name).unwrap_or_default();
        let kept = without_hosts(&there, &places.hosts);
        spared |= kept != there;
        // Set in any case: some programs have a list of their own where there is none.
        variables.push((name.to_owned(), kept));
    }
    let hosts = serde_json::to_string(&places.hosts).unwrap_or_default();
    variables.push(("OAUTHLENS_TAP_HOSTS".into(), hosts));
    variables.push(("OAUTHLENS_TAP_PORT".into(), port));
    (variables, spared)
}

/// True for a program that the table has a trust store for.
pub fn needs_store(program: &str) -> bool {
    let table: Table = built_in!("tap/environment");
    let name = program_name(program);
    table.variable.iter().any(|row| {
        row.value.contains("{store}")
            && row
                .programs
                .as_ref()
                .is_some_and(|programs| programs.contains(&name))
    })
}

/// The last part of its path, without `.exe` and the like.
fn program_name(program: &str) -> String {
    let name = program
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    [".exe", ".cmd", ".bat"]
        .iter()
        .find_map(|ending| name.strip_suffix(ending).map(str::to_owned))
        .unwrap_or(name)
}

/// A list of hosts that need no proxy, without what would leave out the provider's.
fn without_hosts(list: &str, hosts: &[String]) -> String {
    let names: Vec<&str> = hosts
        .iter()
        .map(|host| host.rsplit_once(':').map_or(host.as_str(), |(name, _)| name))
        .collect();
    let leaves_out = |entry: &str| {
        let entry = entry.trim().split(':').next().unwrap_or_default();
        let domain = entry
            .trim_start_matches('*')
            .trim_start_matches('.')
            .to_ascii_lowercase();
        entry == "*"
            || (!domain.is_empty()
                && names.iter().any(|name| {
                    name.strip_suffix(domain.as_str())
                        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
                }))
    };
    if !list.split(',').any(leaves_out) {
        return list.to_owned();
    }
    list.split(',')
        .filter(|entry| !leaves_out(entry))
        .collect::<Vec<_>>()
        .join(",")
}

#[cfg(test)]
mod tests {
    use crate::sources::tap::environment::*;

    fn places() -> Places {
        Places {
            port: 4711,
            ca: "/t/ca.pem".into(),
            bundle: "/t/bundle.pem".into(),
            hook: "/t/node.cjs".into(),
            store: Some("/t/store".into()),
            hosts: vec!["github.com:443".into(), "api.github.com:443".into()],
        }
    }

    fn of(program: &str, set: &[(&str, &str)]) -> (Vec<(String, String)>, bool) {
        variables(program, &places(), |name| {
            set.iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    fn value(found: &[(String, String)], name: &str) -> Option<String> {
        found
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.clone())
    }

    #[test]
    fn every_variable_is_filled_in_and_java_gets_its_own() {
        let (found, _) = of("curl", &[]);
        assert!(
            found
                .iter()
                .all(|(_, value)| !value.contains("{p") && !value.contains("{b")),
            "{found:?}"
        );
        assert_eq!(
            value(&found, "https_proxy").as_deref(),
            Some("http://127.0.0.1:4711")
        );
        assert_eq!(value(&found, "CURL_CA_BUNDLE").as_deref(), Some("/t/bundle.pem"));
        assert_eq!(value(&found, "JAVA_TOOL_OPTIONS"), None);
        assert!(!needs_store("curl") && needs_store("/opt/jdk/bin/java") && needs_store("gradlew.bat"));
        let (found, _) = of("./mvnw", &[("JAVA_TOOL_OPTIONS", "-Xmx1g")]);
        let options = value(&found, "JAVA_TOOL_OPTIONS").unwrap();
        assert!(
            options.starts_with("-Xmx1g -D") && options.contains("trustStore=/t/store"),
            "{options}"
        );
    }

    #[test]
    fn what_would_leave_the_provider_out_is_taken_out_of_no_proxy() {
        for (list, kept) in [
            ("localhost,127.0.0.1", None),
            ("localhost,.github.com,10.0.0.0/8", Some("localhost,10.0.0.0/8")),
            ("GitHub.com", Some("")),
            ("*", Some("")),
            ("hub.com,ithub.com", None),
            ("api.github.com:443", Some("")),
        ] {
            let (found, spared) = of("curl", &[("NO_PROXY", list)]);
            assert_eq!(
                value(&found, "NO_PROXY").as_deref(),
                Some(kept.unwrap_or(list)),
                "{list}"
            );
            assert_eq!(spared, kept.is_some(), "{list}");
        }
    }
}
