//! The Configure form: the fields of a flow's configuration as text that can be edited.

use crate::{
    flow::{
        configuration::{Configuration, Field, Origin, Registration},
        grants::GrantKind,
    },
    oauth::{
        params::split_scope, redirect_matching::Registered, secret::Secret, token::ClientAuthentication,
    },
    providers::{DEFAULT, Provider, ProviderProfile, rfc6749::RFC6749},
    ui::model::{
        field_hints::{self, Level, Note},
        text_field::TextField,
    },
};

/// Which kind of provider the form describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProviderChoice {
    /// One that oauthlens knows, on some host.
    Known(&'static ProviderProfile),
    /// Endpoints typed by hand.
    Custom,
    /// The built-in simulator; not a choice but a fact.
    Simulator,
}

/// A line of the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// Text.
    Text(Field, TextField),
    /// The kind of provider.
    Provider(ProviderChoice),
    /// A switch.
    Switch(Field, bool),
}

impl Row {
    /// The field that the line sets.
    pub fn field(&self) -> Field {
        match self {
            Self::Text(field, _) | Self::Switch(field, _) => *field,
            Self::Provider(_) => Field::Provider,
        }
    }
}

/// The form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// All lines, hidden ones included, so that nothing typed is lost when a choice hides them.
    pub rows: Vec<Row>,
    /// Index of the focused line, among all.
    pub focus: usize,
    /// The configuration the form was filled from; values that the form does not show stay as they were.
    base: Configuration,
}

impl Form {
    /// Fills the form.
    pub fn new(configuration: Configuration) -> Self {
        let provider = &configuration.provider;
        let choice = if provider.simulated {
            ProviderChoice::Simulator
        } else if provider.profile.is_neutral() {
            ProviderChoice::Custom
        } else {
            ProviderChoice::Known(provider.profile)
        };
        // The simulator has no row for it, and stays the provider.
        let host = if provider.simulated {
            String::new()
        } else {
            provider.host()
        };
        let secret = configuration
            .client_secret
            .as_ref()
            .map(Secret::reveal)
            .unwrap_or_default();
        let registered: Vec<&str> = configuration
            .registration
            .redirect_uris
            .iter()
            .map(|one| one.uri.as_str())
            .collect();
        let text = |field, value: &str| Row::Text(field, TextField::new(value));
        let rows = vec![
            Row::Provider(choice),
            text(Field::Host, &host),
            text(Field::AuthorizationEndpoint, &provider.authorization_endpoint),
            text(Field::TokenEndpoint, &provider.token_endpoint),
            text(Field::ApiUrl, &provider.api_url),
            text(Field::ClientId, &configuration.client_id),
            text(Field::ClientSecret, secret),
            text(Field::RedirectUri, &configuration.redirect_uri),
            text(Field::Scope, &configuration.scopes.join(" ")),
            Row::Switch(Field::Pkce, configuration.pkce),
            text(Field::RegisteredRedirectUri, &registered.join(" ")),
            text(
                Field::Listen,
                &configuration.listen.map(|a| a.to_string()).unwrap_or_default(),
            ),
        ];
        let mut form = Self {
            rows,
            focus: 0,
            base: configuration,
        };
        form.focus_field(Field::ClientId);
        form
    }

    /// The lines on show, with their index.
    pub fn visible(&self) -> impl Iterator<Item = (usize, &Row)> {
        self.rows
            .iter()
            .enumerate()
            .filter(|(_, row)| self.is_visible(row.field()))
    }

    fn is_visible(&self, field: Field) -> bool {
        match field {
            Field::ClientSecret if self.base.grant == GrantKind::DeviceCode => {
                let profile = self.profile();
                profile.is_neutral() || profile.asks_devices_for_secret
            }
            // Nothing is redirected to a device.
            Field::RedirectUri | Field::RegisteredRedirectUri | Field::Listen | Field::Pkce => {
                self.base.grant == GrantKind::AuthorizationCode
            }
            Field::Host => {
                matches!(self.provider(), ProviderChoice::Known(profile) if profile.asks_for_host())
            }
            Field::AuthorizationEndpoint | Field::TokenEndpoint | Field::ApiUrl => {
                self.provider() == ProviderChoice::Custom
            }
            _ => true,
        }
    }

    /// The kind of provider.
    pub fn provider(&self) -> ProviderChoice {
        self.rows
            .iter()
            .find_map(|row| match row {
                Row::Provider(choice) => Some(*choice),
                _ => None,
            })
            .unwrap_or(ProviderChoice::Known(DEFAULT))
    }

    /// What is known of the provider that the form describes.
    pub fn profile(&self) -> &'static ProviderProfile {
        match self.provider() {
            ProviderChoice::Known(profile) => profile,
            ProviderChoice::Custom => &RFC6749,
            ProviderChoice::Simulator => self.base.provider.profile,
        }
    }

    /// Puts the focus where letters change nothing: on the first line, a choice.
    pub fn focus_choice(&mut self) {
        self.focus = 0;
    }

    /// Puts the focus on a field.
    pub fn focus_field(&mut self, field: Field) {
        if let Some(at) = self.rows.iter().position(|row| row.field() == field) {
            self.focus = at;
        }
    }

    /// Puts the focus on a field, to be filled in again.
    pub fn replace_field(&mut self, field: Field) {
        self.focus_field(field);
        if let Some(text) = self.focused_text() {
            text.replace(field.is_secret());
        }
        // What was emptied came from nowhere.
        if field.is_secret() {
            self.base.origins.set(field, Origin::Default);
        }
    }

    /// Moves the focus by so many visible lines, around the end.
    pub fn move_focus(&mut self, by: isize) {
        let visible: Vec<usize> = self.visible().map(|(at, _)| at).collect();
        let now = visible.iter().position(|at| *at == self.focus).unwrap_or(0);
        let count = isize::try_from(visible.len()).unwrap_or(1).max(1);
        let next = (isize::try_from(now).unwrap_or(0) + by).rem_euclid(count);
        self.focus = visible
            .get(usize::try_from(next).unwrap_or(0))
            .copied()
            .unwrap_or(0);
    }

    /// The focused line.
    pub fn focused(&self) -> &Row {
        &self.rows[self.focus]
    }

    /// The text of the focused line, to edit; `None` on a choice or switch. Notes that the value is typed.
    pub fn focused_text(&mut self) -> Option<&mut TextField> {
        match &mut self.rows[self.focus] {
            Row::Text(_, text) => Some(text),
            _ => None,
        }
    }

    /// Notes that the focused field was typed.
    pub fn mark_typed(&mut self) {
        let field = self.focused().field();
        self.base.origins.set(field, Origin::Typed);
    }

    /// The grant that the form is for.
    pub fn grant(&self) -> GrantKind {
        self.base.grant
    }

    /// Asks for the token by the next grant; what was typed stays.
    pub fn change_grant(&mut self) {
        self.base.grant = match self.base.grant {
            GrantKind::AuthorizationCode => GrantKind::DeviceCode,
            GrantKind::DeviceCode | GrantKind::HeldToken => GrantKind::AuthorizationCode,
        };
        if !self.is_visible(self.focused().field()) {
            self.focus_field(Field::ClientId);
        }
    }

    /// Changes the focused choice or switch.
    pub fn toggle(&mut self) {
        let base = self.base.provider.profile;
        let known = if base.is_neutral() { DEFAULT } else { base };
        match &mut self.rows[self.focus] {
            Row::Provider(choice) => {
                *choice = match choice {
                    ProviderChoice::Known(_) => ProviderChoice::Custom,
                    ProviderChoice::Custom => ProviderChoice::Known(known),
                    ProviderChoice::Simulator => ProviderChoice::Simulator,
                }
            }
            Row::Switch(_, on) => *on = !*on,
            Row::Text(..) => return,
        }
        self.mark_typed();
    }

    /// The text of a field; empty if it is not a text field.
    pub fn text(&self, field: Field) -> &str {
        self.rows
            .iter()
            .find_map(|row| match row {
                Row::Text(f, text) if *f == field => Some(text.text()),
                _ => None,
            })
            .unwrap_or_default()
    }

    /// Puts a value into a field.
    pub fn set(&mut self, field: Field, value: &str, origin: Origin) {
        if field == Field::ClientAuthentication {
            let named = ClientAuthentication::of_name(value);
            self.base.authentication = named.unwrap_or(self.base.authentication);
        }
        for row in &mut self.rows {
            if let Row::Text(f, text) = row
                && *f == field
            {
                text.set(value);
            }
        }
        self.base.origins.set(field, origin);
    }

    /// Where a field's value came from.
    pub fn origin(&self, field: Field) -> Origin {
        self.base.origins.of(field)
    }

    /// Registered redirect URIs as typed, with white space between them: a comma may be part of one. Whether what
    /// lies below matches as well is the provider's rule, unless it is known of the same URI.
    pub fn registered(&self) -> Vec<Registered> {
        self.text(Field::RegisteredRedirectUri)
            .split_whitespace()
            .map(|uri| {
                let known = self
                    .base
                    .registration
                    .redirect_uris
                    .iter()
                    .find(|one| one.uri == uri);
                Registered {
                    wildcard: known.map_or_else(|| self.profile().wildcard(), |one| one.wildcard),
                    uri: uri.to_owned(),
                }
            })
            .collect()
    }

    /// What is said beside a field.
    pub fn notes(&self, field: Field) -> Vec<Note> {
        let text = self.text(field);
        match field {
            Field::ClientId => field_hints::client_id(text, self.profile()),
            Field::ClientSecret => field_hints::client_secret(text, self.profile()),
            Field::RedirectUri => field_hints::redirect_uri(text, &self.registered()),
            Field::RegisteredRedirectUri => field_hints::registered(text),
            Field::Scope => field_hints::scopes(text, self.profile()),
            Field::AuthorizationEndpoint => field_hints::endpoint(text),
            Field::TokenEndpoint => field_hints::secret_endpoint(text),
            Field::ApiUrl if !text.is_empty() => field_hints::secret_endpoint(text),
            Field::Host => field_hints::host(text),
            Field::Listen => field_hints::listen(text),
            _ => Vec::new(),
        }
    }

    /// The first visible field that should say where requests go and does not.
    pub fn unusable_endpoint(&self) -> Option<Field> {
        let is_bad = |note: &Note| note.code.level() == Level::Bad;
        self.visible().map(|(_, row)| row.field()).find(|field| {
            matches!(
                field,
                Field::Host | Field::AuthorizationEndpoint | Field::TokenEndpoint | Field::ApiUrl
            ) && self.notes(*field).iter().any(is_bad)
        })
    }

    /// The configuration that the form describes.
    pub fn configuration(&self) -> Configuration {
        let mut configuration = self.base.clone();
        configuration.provider = self.described_provider();
        self.text(Field::ClientId)
            .clone_into(&mut configuration.client_id);
        let secret = self.text(Field::ClientSecret);
        configuration.client_secret = (!secret.is_empty()).then(|| Secret::new(secret));
        self.text(Field::RedirectUri)
            .clone_into(&mut configuration.redirect_uri);
        configuration.scopes = split_scope(self.text(Field::Scope));
        configuration.listen = self.text(Field::Listen).parse().ok();
        configuration.registration = Registration {
            redirect_uris: self.registered(),
            ..configuration.registration
        };
        for row in &self.rows {
            if let Row::Switch(Field::Pkce, on) = row {
                configuration.pkce = *on;
            }
        }
        configuration
    }

    /// Gives the simulator the name of the provider that it plays. Any other provider has its own.
    pub fn name_simulated(&mut self, name: &str) {
        if self.base.provider.simulated {
            name.clone_into(&mut self.base.provider.name);
        }
    }

    /// The provider that the form describes.
    pub fn described_provider(&self) -> Provider {
        match self.provider() {
            ProviderChoice::Simulator => self.base.provider.clone(),
            ProviderChoice::Known(profile)
                if self.base.provider.profile.family == profile.family && self.host_is_unchanged() =>
            {
                self.base.provider.clone()
            }
            ProviderChoice::Known(profile) => profile.at(self.text(Field::Host)),
            ProviderChoice::Custom => self.custom_provider(),
        }
    }

    /// Endpoints as typed. While they are those the form was filled with, it is the same authorization server, and what
    /// else is known of it stays.
    fn custom_provider(&self) -> Provider {
        let typed = Provider::custom(
            self.text(Field::AuthorizationEndpoint),
            self.text(Field::TokenEndpoint),
            self.text(Field::ApiUrl),
        );
        let base = &self.base.provider;
        let same = base.profile.is_neutral()
            && base.authorization_endpoint == typed.authorization_endpoint
            && base.token_endpoint == typed.token_endpoint;
        if same {
            Provider {
                api_url: typed.api_url,
                ..base.clone()
            }
        } else {
            typed
        }
    }

    fn host_is_unchanged(&self) -> bool {
        self.base.provider.host() == self.text(Field::Host)
    }
}

#[cfg(test)]
mod tests {
    use crate::ui::model::configure_form::*;

    #[test]
    fn a_form_gives_back_what_it_was_filled_with() {
        let mut configuration = Configuration {
            client_id: "Ov23liAAAAAAAAAAAAAA".into(),
            client_secret: Some(Secret::new("s\n")),
            scopes: vec!["repo".into(), "gist".into()],
            pkce: false,
            ..Configuration::default()
        };
        assert_eq!(Form::new(configuration.clone()).configuration(), configuration);
        let custom = Provider::custom("https://a.test/authorize", "https://t.test:8443/token", "");
        assert_eq!(custom.name, "t.test:8443");
        for provider in [
            Provider::simulator("http://127.0.0.1:1"),
            crate::providers::github::at("git.test:8443"),
            Provider {
                name: "Ours".into(),
                issuer: Some("https://a.test".into()),
                code_lifetime: 60,
                ..custom.clone()
            },
            custom,
        ] {
            configuration.provider = provider;
            assert_eq!(Form::new(configuration.clone()).configuration(), configuration);
        }
        configuration.registration.redirect_uris = ["https://e.com/a,b", "http://127.0.0.1/cb"]
            .map(|uri| Registered {
                uri: uri.into(),
                wildcard: false,
            })
            .into();
        assert_eq!(Form::new(configuration.clone()).configuration(), configuration);
    }

    #[test]
    fn a_port_of_the_host_is_kept() {
        let form = Form::new(Configuration {
            provider: crate::providers::github::at("git.test:8443"),
            ..Configuration::default()
        });
        assert_eq!(form.text(Field::Host), "git.test:8443");
        assert_eq!(
            form.described_provider().token_endpoint,
            "https://git.test:8443/login/oauth/access_token"
        );
    }

    #[test]
    fn hidden_fields_keep_their_text_and_are_skipped() {
        let mut form = Form::new(Configuration::default());
        form.focus_field(Field::Provider);
        form.move_focus(1);
        assert_eq!(form.focused().field(), Field::Host);
        form.move_focus(-1);
        form.toggle();
        form.move_focus(1);
        assert_eq!(form.focused().field(), Field::AuthorizationEndpoint);
        form.move_focus(-1);
        form.toggle();
        assert_eq!(form.text(Field::Host), "github.com");
        form.move_focus(-1);
        assert_eq!(form.focused().field(), Field::Listen);
    }
}
