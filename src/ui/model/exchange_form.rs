//! The token request before it is sent: every value editable, every parameter can be left out.

use crate::{
    flow::configuration::{Field, Origin, Origins},
    oauth::{
        pkce,
        secret::Secret,
        token::{AuthorizationCode, ClientAuthentication, TokenRequest},
    },
    providers::ProviderProfile,
    ui::model::{
        field_hints::{self, Note, NoteCode},
        text_field::TextField,
    },
};

/// A parameter of the token request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Which.
    pub field: Field,
    /// Its value.
    pub text: TextField,
    /// False when it is left out.
    pub sent: bool,
    /// Where the value came from.
    pub origin: Origin,
}

/// The form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExchangeForm {
    /// The parameters in the order of the request; empty until there is a code.
    pub parameters: Vec<Parameter>,
    /// How the client authenticates.
    pub authentication: ClientAuthentication,
    /// Index of the focused line; the choices follow the parameters.
    pub focus: usize,
    endpoint: String,
    /// What the values were before anybody touched them.
    original: Option<TokenRequest>,
    challenge: Option<String>,
}

/// The values that `Accept` can take here, in the order of the choice.
pub const ACCEPT: [Option<&str>; 3] = [Some("application/json"), None, Some("application/xml")];

impl ExchangeForm {
    /// Fills the form from a request; `challenge` is the one that the authorization request carried.
    pub fn new(request: TokenRequest, origins: &Origins, challenge: Option<String>) -> Self {
        let origin = |field| match field {
            Field::Code => Origin::Redirect,
            Field::CodeVerifier => Origin::Generated,
            field => origins.of(field),
        };
        let secret = |secret: &Option<Secret>| secret.as_ref().map(|s| s.reveal().to_owned());
        let parameters = [
            (Field::ClientId, Some(request.client_id.clone())),
            (Field::ClientSecret, secret(&request.client_secret)),
            (Field::Code, Some(request.grant.code.clone())),
            (Field::RedirectUri, request.grant.redirect_uri.clone()),
            (Field::CodeVerifier, secret(&request.grant.code_verifier)),
            (Field::Accept, request.accept.clone()),
        ]
        .map(|(field, value)| Parameter {
            field,
            sent: value.is_some(),
            text: TextField::new(value.unwrap_or_default()),
            origin: origin(field),
        })
        .into();
        Self {
            parameters,
            authentication: request.authentication,
            focus: 0,
            endpoint: request.endpoint.clone(),
            original: Some(request),
            challenge,
        }
    }

    /// True until there is a code.
    pub fn is_empty(&self) -> bool {
        self.parameters.is_empty()
    }

    /// Puts the focus where letters change nothing: on the choice of authentication.
    pub fn focus_choice(&mut self) {
        self.focus = self.parameters.len();
    }

    /// How many lines can have the focus: the parameters and the choice of authentication.
    pub fn lines(&self) -> usize {
        self.parameters.len() + 1
    }

    /// Moves the focus, around the end.
    pub fn move_focus(&mut self, by: isize) {
        let count = isize::try_from(self.lines()).unwrap_or(1);
        let next = (isize::try_from(self.focus).unwrap_or(0) + by).rem_euclid(count);
        self.focus = usize::try_from(next).unwrap_or(0);
    }

    /// Puts the focus on a field.
    pub fn focus_field(&mut self, field: Field) {
        let at = self
            .parameters
            .iter()
            .position(|parameter| parameter.field == field);
        self.focus = at.unwrap_or(self.parameters.len());
    }

    /// Puts the focus on a field, to be filled in again.
    pub fn replace_field(&mut self, field: Field) {
        self.focus_field(field);
        if let Some(parameter) = self.focused_parameter() {
            parameter.text.replace(field.is_secret());
            if field.is_secret() {
                parameter.origin = Origin::Default;
            }
        }
    }

    /// The focused field.
    pub fn focused(&self) -> Field {
        self.parameters
            .get(self.focus)
            .map_or(Field::ClientAuthentication, |parameter| parameter.field)
    }

    /// The focused parameter, to edit. Editing one that was left out puts it back.
    pub fn focused_parameter(&mut self) -> Option<&mut Parameter> {
        self.parameters.get_mut(self.focus)
    }

    /// Changes the focused choice: authentication, or the kind of answer asked for.
    pub fn toggle(&mut self) {
        match self.focused() {
            Field::ClientAuthentication => {
                self.authentication = match self.authentication {
                    ClientAuthentication::ClientSecretPost => ClientAuthentication::ClientSecretBasic,
                    ClientAuthentication::ClientSecretBasic => ClientAuthentication::ClientSecretPost,
                }
            }
            Field::Accept => {
                if let Some(parameter) = self.parameters.get_mut(self.focus) {
                    let now = parameter.sent.then(|| parameter.text.text().to_owned());
                    let at = ACCEPT
                        .iter()
                        .position(|accept| *accept == now.as_deref())
                        .unwrap_or(ACCEPT.len() - 1);
                    let next = ACCEPT[(at + 1) % ACCEPT.len()];
                    parameter.sent = next.is_some();
                    parameter.text.set(next.unwrap_or_default());
                    parameter.origin = Origin::Typed;
                }
            }
            _ => {}
        }
    }

    /// Leaves the focused parameter out, or puts it back.
    pub fn leave_out(&mut self) {
        if let Some(parameter) = self.parameters.get_mut(self.focus) {
            parameter.sent = !parameter.sent;
        }
    }

    /// Puts a value into a field.
    pub fn set(&mut self, field: Field, value: &str, origin: Origin) {
        if field == Field::ClientAuthentication {
            self.authentication = ClientAuthentication::of_name(value).unwrap_or(self.authentication);
        }
        if let Some(parameter) = self
            .parameters
            .iter_mut()
            .find(|parameter| parameter.field == field)
        {
            parameter.text.set(value);
            parameter.sent = true;
            parameter.origin = origin;
        }
    }

    /// Leaves a field out.
    pub fn omit(&mut self, field: Field) {
        if let Some(parameter) = self
            .parameters
            .iter_mut()
            .find(|parameter| parameter.field == field)
        {
            parameter.sent = false;
        }
    }

    /// What is said beside a field.
    pub fn notes(&self, field: Field, profile: &ProviderProfile) -> Vec<Note> {
        let Some(parameter) = self.parameters.iter().find(|parameter| parameter.field == field) else {
            return Vec::new();
        };
        if !parameter.sent {
            return vec![field_hints::remark(NoteCode::LeftOut)];
        }
        let text = parameter.text.text();
        let original = self.original.as_ref();
        match field {
            Field::ClientId => field_hints::client_id(text, profile),
            Field::ClientSecret => field_hints::client_secret(text, profile),
            Field::Code => {
                field_hints::code(text, original.map(|request| request.grant.code.as_str()), profile)
            }
            Field::RedirectUri if original.and_then(|r| r.grant.redirect_uri.as_deref()) != Some(text) => {
                vec![field_hints::remark(NoteCode::UriDiffersFromAuthorize)]
            }
            Field::RedirectUri => field_hints::redirect_uri(text, &[]),
            Field::CodeVerifier => self
                .challenge
                .as_ref()
                .map(|challenge| {
                    let matches = *challenge == pkce::challenge(text);
                    field_hints::remark(if matches {
                        NoteCode::VerifierMatches
                    } else {
                        NoteCode::VerifierDiffers
                    })
                })
                .into_iter()
                .collect(),
            _ => Vec::new(),
        }
    }

    /// The request that the form describes.
    pub fn request(&self) -> TokenRequest {
        let value = |field: Field| {
            self.parameters
                .iter()
                .find(|parameter| parameter.field == field && parameter.sent)
                .map(|parameter| parameter.text.text().to_owned())
        };
        TokenRequest {
            endpoint: self.endpoint.clone(),
            client_id: value(Field::ClientId).unwrap_or_default(),
            client_secret: value(Field::ClientSecret).map(Secret::new),
            grant: AuthorizationCode {
                code: value(Field::Code).unwrap_or_default(),
                redirect_uri: value(Field::RedirectUri),
                code_verifier: value(Field::CodeVerifier).map(Secret::new),
            },
            authentication: self.authentication,
            accept: value(Field::Accept),
        }
    }

    /// Where its values came from.
    pub fn origins(&self) -> Origins {
        Origins(
            self.parameters
                .iter()
                .map(|parameter| (parameter.field, parameter.origin.clone()))
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use crate::ui::model::exchange_form::*;

    fn request() -> TokenRequest {
        TokenRequest {
            endpoint: "http://127.0.0.1:1/t".into(),
            client_id: "Ov23liAAAAAAAAAAAAAA".into(),
            client_secret: Some(Secret::new("s")),
            grant: AuthorizationCode {
                code: "35e0ea2e9115f650b742".into(),
                redirect_uri: Some("http://127.0.0.1:8914/callback".into()),
                code_verifier: Some(Secret::new("v")),
            },
            accept: Some("application/json".into()),
            ..TokenRequest::default()
        }
    }

    #[test]
    fn a_remedy_can_change_how_the_client_authenticates() {
        let mut form = ExchangeForm::new(request(), &Origins::default(), None);
        for (name, authentication) in [
            ("client_secret_basic", ClientAuthentication::ClientSecretBasic),
            ("no such way", ClientAuthentication::ClientSecretBasic),
            ("client_secret_post", ClientAuthentication::ClientSecretPost),
        ] {
            form.set(Field::ClientAuthentication, name, Origin::Remedy);
            assert_eq!(form.request().authentication, authentication, "{name}");
        }
    }

    #[test]
    fn a_form_gives_back_its_request_until_it_is_edited() {
        let mut form = ExchangeForm::new(request(), &Origins::default(), Some(pkce::challenge("v")));
        assert_eq!(form.request(), request());
        form.focus_field(Field::RedirectUri);
        form.leave_out();
        assert_eq!(form.request().grant.redirect_uri, None);
        form.leave_out();
        assert_eq!(form.request(), request());
        assert_eq!(
            form.notes(Field::CodeVerifier, crate::providers::DEFAULT)[0].code,
            NoteCode::VerifierMatches
        );
        form.set(Field::CodeVerifier, "w", Origin::Typed);
        assert_eq!(
            form.notes(Field::CodeVerifier, crate::providers::DEFAULT)[0].code,
            NoteCode::VerifierDiffers
        );
    }

    #[test]
    fn the_answer_asked_for_goes_round() {
        let mut form = ExchangeForm::new(request(), &Origins::default(), None);
        form.focus_field(Field::Accept);
        let mut seen = Vec::new();
        for _ in 0..3 {
            form.toggle();
            seen.push(form.request().accept);
        }
        assert_eq!(
            seen,
            [
                None,
                Some("application/xml".into()),
                Some("application/json".into())
            ]
        );
    }
}
