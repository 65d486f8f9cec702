//! The values of a person's own app that the screen can be given later: a profile of the settings file, or a `.env` beside
//! the work. Neither is taken before it is asked for.

use crate::{
    cli::{
        FlowOptions, ServerOptions,
        settings::{self, SettingsError, Surroundings, file::SettingsFile},
    },
    flow::configuration::{Configuration, Field, Origin},
    io::files,
    oauth::{params::Params, secret::Secret},
    sources::settings::{ReadSettings, read_settings},
    ui::update::own_values::ENV_FILE,
};

/// The names of the profiles, in order; none where there is no settings file.
///
/// # Errors
/// The settings file cannot be read or understood.
pub fn profiles(surroundings: &Surroundings<'_>) -> Result<Vec<String>, SettingsError> {
    let Some((path, text)) = (surroundings.file)()? else {
        return Ok(Vec::new());
    };
    let file = SettingsFile::read(&path, &text).map_err(settings::first)?;
    Ok(file.profiles().map(str::to_owned).collect())
}

/// The values that count with this profile, or with none.
///
/// # Errors
/// The first value that cannot be understood.
pub fn of_profile(
    name: Option<&str>,
    surroundings: &Surroundings<'_>,
) -> Result<Configuration, SettingsError> {
    let options = FlowOptions {
        server: ServerOptions {
            profile: name.map(str::to_owned),
            ..ServerOptions::default()
        },
        ..FlowOptions::default()
    };
    settings::settle(&options, surroundings).map(|settings| settings.configuration)
}

fn env_file() -> Option<ReadSettings> {
    let text = files::read_beside(ENV_FILE).ok()?;
    let settings = read_settings(&text)?;
    let values = Params::decode(&String::from_utf8_lossy(&settings.values.body));
    // A file without either says nothing of an app.
    let says_something = values.get("client_id").is_some() || values.get("client_secret").is_some();
    says_something.then_some(settings)
}

/// The names in the file beside the work that say something of an app.
pub fn env_names() -> Vec<String> {
    env_file().map(|settings| settings.names).unwrap_or_default()
}

/// The values of the file beside the work, over those that count otherwise; `None` where it is gone.
pub fn of_env_file(otherwise: Configuration) -> Option<Configuration> {
    let settings = env_file()?;
    let values = Params::decode(&String::from_utf8_lossy(&settings.values.body));
    let mut configuration = otherwise;
    let origin = || Origin::File(ENV_FILE.to_owned());
    if let Some(id) = values.get("client_id") {
        id.clone_into(&mut configuration.client_id);
        configuration.origins.set(Field::ClientId, origin());
    }
    if let Some(secret) = values.get("client_secret") {
        configuration.client_secret = Some(Secret::new(secret));
        configuration.origins.set(Field::ClientSecret, origin());
    }
    if let Some(uri) = values.get("redirect_uri") {
        uri.clone_into(&mut configuration.redirect_uri);
        configuration.origins.set(Field::RedirectUri, origin());
    }
    Some(configuration)
}
