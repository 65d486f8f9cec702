//! `oauthlens config`: where the settings file is, and everything that is wrong with it.

use crate::{
    cli::{
        ConfigAction,
        commands::{Exit, Streams, interactive::theme},
        settings::{
            self, SettingsError, Surroundings,
            file::{Chosen, SettingsFile},
        },
    },
    io::files,
    text::{catalog::Messages, template::filled},
};

/// Runs it.
///
/// # Errors
/// The settings file cannot be read, or what is to be said cannot be written: exit status 2.
pub fn config(
    action: ConfigAction,
    surroundings: &Surroundings<'_>,
    messages: &Messages,
    streams: &mut Streams<'_>,
) -> Result<Exit, SettingsError> {
    let words = &messages.command_line().config;
    let path = files::settings_path().unwrap_or_default();
    if action == ConfigAction::Path {
        streams.result(&path)?;
        return Ok(Exit::Good);
    }
    let Some((path, text)) = (surroundings.file)()? else {
        streams.result(&filled(&words.none, &[("path", &path)]))?;
        return Ok(Exit::Good);
    };
    let (problems, profiles) = check(&path, &text, surroundings);
    if problems.is_empty() {
        let mut said = filled(&words.good, &[("path", &path)]);
        for profile in profiles {
            said.push('\n');
            said.push_str(&filled(&words.profile, &[("profile", &profile)]));
        }
        streams.result(&said)?;
        return Ok(Exit::Good);
    }
    let mut said = Vec::new();
    for (profile, problem) in &problems {
        let text = problem.text(messages.command_line());
        said.push(match profile {
            Some(profile) => filled(&words.in_profile, &[("profile", profile), ("problem", &text)]),
            None => text,
        });
    }
    let count = problems.len().to_string();
    let heading = filled(&words.bad, &[("path", &path), ("n", &count)]);
    streams.result(&format!("{heading}\n\n{}", said.join("\n")))?;
    Ok(Exit::Usage)
}

/// What is wrong, each with the profile in which it shows, and the names of the profiles.
type Checked = (Vec<(Option<String>, SettingsError)>, Vec<String>);

/// Everything that is wrong with a settings file: what the file shows by itself, or else what its values are for each profile.
fn check(path: &str, text: &str, surroundings: &Surroundings<'_>) -> Checked {
    let file = match SettingsFile::read(path, text) {
        Ok(file) => file,
        Err(problems) => {
            return (
                problems.into_iter().map(|problem| (None, problem)).collect(),
                vec![],
            );
        }
    };
    let profiles: Vec<String> = file.profiles().map(str::to_owned).collect();
    let mut problems: Vec<(Option<String>, SettingsError)> = Vec::new();
    for profile in std::iter::once(None).chain(profiles.iter().map(Some)) {
        let profile = profile.map(String::as_str);
        for problem in of_values(&file, profile, surroundings) {
            // What is wrong with the common part is said once.
            if !problems.iter().any(|(_, said)| *said == problem) {
                problems.push((profile.map(str::to_owned), problem));
            }
        }
    }
    (problems, profiles)
}

/// What is wrong with the values of one profile. Each that is refused is taken out, so that the next comes to light.
fn of_values(
    file: &SettingsFile,
    profile: Option<&str>,
    surroundings: &Surroundings<'_>,
) -> Vec<SettingsError> {
    let mut file = file.clone();
    let mut problems = Vec::new();
    loop {
        let found = file
            .choose(profile)
            .and_then(|chosen| first_problem(chosen, surroundings));
        let Err(problem) = found else {
            return problems;
        };
        let key = problem.key().map(str::to_owned);
        problems.push(problem);
        let Some(key) = key else {
            return problems;
        };
        file = file.without(&key, profile);
    }
}

fn first_problem(chosen: Chosen, surroundings: &Surroundings<'_>) -> Result<(), SettingsError> {
    let own = chosen.options.app.redirect_uri.clone();
    let registered = chosen.options.app.registered_redirect_uri.clone();
    let place = chosen.place("redirect-uri");
    let place_registered = chosen.place("registered-redirect-uri");
    let settings = settings::examine(chosen, surroundings)?;
    theme(settings.theme.as_ref(), surroundings)?;
    own.iter()
        .map(|uri| (&place, uri))
        .chain(registered.iter().map(|uri| (&place_registered, uri)))
        .try_for_each(|(place, uri)| settings::redirect_uri(place, uri))
}

#[cfg(test)]
mod tests {
    use crate::cli::{commands::config::*, settings::Problem};

    fn checked(text: &str) -> Vec<(Option<String>, Problem)> {
        let surroundings = Surroundings {
            variable: &|_| None,
            read: &|_| Err(std::io::ErrorKind::NotFound.into()),
            file: &|| Ok(None),
            command: &|_| unreachable!("a check runs no program"),
            prompt: None,
            open_to_others: &|path| path == "/open",
            locale: None,
        };
        let (problems, _) = check("/c/settings.toml", text, &surroundings);
        problems
            .into_iter()
            .map(|(profile, problem)| (profile, problem.problem))
            .collect()
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let text = "clientid = 'x'\nscope = 1\n[profile.work]\nclient-secret = '0123'\nhsot = 'x'\n";
        let problems: Vec<_> = checked(text).into_iter().map(|(_, problem)| problem).collect();
        assert_eq!(
            problems,
            [
                Problem::UnknownKey,
                Problem::TextsExpected,
                Problem::SecretInFile,
                Problem::UnknownKey
            ]
        );
    }

    #[test]
    fn a_value_that_is_refused_does_not_hide_the_next() {
        let text = "redirect-uri = 'x'\nlisten = '0.0.0.0:1'\nlang = 'fr'\ntheme = 'pink'\n";
        let problems = checked(text);
        assert_eq!(
            problems,
            [
                (None, Problem::NotLoopback),
                (None, Problem::UnknownLanguage),
                (None, Problem::UnknownTheme),
                (None, Problem::BadRedirectUri),
            ]
        );
    }

    #[test]
    fn what_is_wrong_with_the_common_part_is_said_once_and_a_profile_is_named() {
        let text =
            "lang = 'fr'\n[profile.a]\nhost = 'https://x/'\n[profile.b]\nclient-secret = 'file:/open'\n";
        assert_eq!(
            checked(text),
            [
                (None, Problem::UnknownLanguage),
                (Some("a".to_owned()), Problem::BadHost),
                (Some("b".to_owned()), Problem::SecretFileOpen),
            ]
        );
    }

    #[test]
    fn a_program_is_not_run_for_a_check() {
        assert_eq!(checked("client-secret = 'command:vault read x'\n"), []);
    }
}
