//! The places that values come from, and their order.

use crate::{
    cli::{
        FlowOptions,
        settings::{Surroundings, file::Chosen},
    },
    flow::configuration::Origin,
    providers::ProviderProfile,
};

/// A value and where it came from.
pub(crate) struct Given<T> {
    pub value: T,
    pub origin: Origin,
    /// As a person would name the place: `--host`, `OAUTHLENS_CLIENT_ID`, `host (settings.toml:3:1)`.
    pub place: String,
}

/// Where values are looked for: the command line, then the settings file.
pub(crate) struct Sources<'s> {
    pub flags: &'s FlowOptions,
    pub file: Chosen,
}

impl Sources<'_> {
    pub fn text(&self, key: &str, value: impl Fn(&FlowOptions) -> Option<&String>) -> Option<Given<String>> {
        if let Some(found) = value(self.flags) {
            return Some(Given {
                value: found.clone(),
                origin: Origin::Flag,
                place: format!("--{key}"),
            });
        }
        Some(Given {
            value: value(&self.file.options)?.clone(),
            origin: Origin::File(self.file.path.clone()),
            place: self.file.place(key),
        })
    }

    pub fn list(
        &self,
        key: &str,
        value: impl Fn(&FlowOptions) -> &Vec<String>,
    ) -> Option<Given<Vec<String>>> {
        let (found, origin, place) = if value(self.flags).is_empty() {
            (
                value(&self.file.options),
                Origin::File(self.file.path.clone()),
                self.file.place(key),
            )
        } else {
            (value(self.flags), Origin::Flag, format!("--{key}"))
        };
        (!found.is_empty()).then(|| Given {
            value: found.clone(),
            origin,
            place,
        })
    }
}

/// The prefixes of the environment's names, in their order. What stands under a provider's own prefix is sent to nobody else.
pub(crate) fn prefixes(profile: &ProviderProfile) -> impl Iterator<Item = &'static str> {
    std::iter::once("OAUTHLENS").chain(profile.env_prefix)
}

/// A value of the environment that is set to anything.
pub(crate) fn variable(surroundings: &Surroundings<'_>, prefix: &str, name: &str) -> Option<Given<String>> {
    let variable = format!("{prefix}_{name}");
    let value = (surroundings.variable)(&variable).filter(|value| !value.is_empty())?;
    Some(Given {
        value,
        origin: Origin::Environment(variable.clone()),
        place: variable,
    })
}

/// The client id and the client secret of the environment, where both are looked for. They belong together: the first prefix
/// that has both gives both; only where none has does each come from the first that has it.
pub(crate) fn pair(
    surroundings: &Surroundings<'_>,
    profile: &ProviderProfile,
) -> (Option<Given<String>>, Option<Given<String>>) {
    let by_prefix = prefixes(profile).map(|prefix| {
        let value = |name| variable(surroundings, prefix, name);
        (value("CLIENT_ID"), value("CLIENT_SECRET"))
    });
    let (mut id, mut secret) = (None, None);
    for (its_id, its_secret) in by_prefix {
        if its_id.is_some() && its_secret.is_some() {
            return (its_id, its_secret);
        }
        id = id.or(its_id);
        secret = secret.or(its_secret);
    }
    (id, secret)
}

/// The first of the environment's two names for a value that is set to anything.
pub(crate) fn from_environment(
    surroundings: &Surroundings<'_>,
    profile: &ProviderProfile,
    name: &str,
) -> Option<Given<String>> {
    prefixes(profile).find_map(|prefix| variable(surroundings, prefix, name))
}
