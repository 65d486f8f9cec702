//! What the client gets wrong: values of the authorization request, of the token request, and the way they are sent.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    flow::configuration::{Configuration, Field, Origin, Origins},
    lab::faults::{Fault, OTHER_CLIENT_ID},
    oauth::{
        http::HttpRequest,
        params::{Params, encode_value},
        pkce,
        redirect_uri::RedirectUri,
        secret::Secret,
        token::{ClientAuthentication, TokenRequest},
    },
    simulator::SILENCE,
};

/// The port of the discard service: reserved, and nothing listens there.
const NOBODY_LISTENS: &str = "http://127.0.0.1:9/login/oauth/access_token";
/// RFC 6761 §6.4: no name below `.invalid` has an address.
const NO_SUCH_HOST: &str = "http://token-endpoint.invalid/login/oauth/access_token";

/// A letter of hexadecimal digits, and the Cyrillic one that looks the same.
const LOOK_ALIKES: [(char, char); 3] = [('a', 'а'), ('c', 'с'), ('e', 'е')];

impl Fault {
    /// What is wrong with the values that the client starts with.
    pub(crate) fn alter_configuration(self, configuration: &mut Configuration) {
        let field = match self {
            Self::UnknownClient => {
                configuration.client_id = OTHER_CLIENT_ID.into();
                Field::ClientId
            }
            Self::ClientIdUndefined => {
                configuration.client_id = "undefined".into();
                Field::ClientId
            }
            Self::ClientIdWithNewline => {
                configuration.client_id.push('\n');
                Field::ClientId
            }
            Self::RedirectUriWildcardOff => {
                let below = RedirectUri::parse(&configuration.redirect_uri).map(|uri| RedirectUri {
                    path: format!("{}/github", uri.effective_path().trim_end_matches('/')),
                    ..uri
                });
                if let Ok(uri) = below {
                    configuration.redirect_uri = uri.to_string();
                }
                Field::RedirectUri
            }
            Self::CodeChallengePlain => {
                configuration.pkce = true;
                configuration.challenge_method = pkce::PLAIN.into();
                Field::Pkce
            }
            Self::FormEncodedAnswer | Self::CodeAfterUnreadAnswer => {
                configuration.accept = None;
                Field::Accept
            }
            _ => match self.public_address() {
                Some((sent, _)) => {
                    configuration.redirect_uri = sent.into();
                    Field::RedirectUri
                }
                None => return,
            },
        };
        configuration.origins.set(field, Origin::Fault);
    }

    /// How many times the code is exchanged.
    pub fn exchanges(self) -> u32 {
        match self {
            Self::CodeReused | Self::CodeAfterUnreadAnswer | Self::ClientSecretRotated => 2,
            _ => 1,
        }
    }

    /// True when the client exchanges a code though the redirect brought an error.
    pub fn exchanges_after_an_error(self) -> bool {
        self == Self::CodeAfterCancel
    }

    /// True when a person pastes the code by hand.
    pub fn pastes(self) -> bool {
        self == Self::CodePasted
    }

    /// What is wrong with the token request.
    pub fn alter_exchange(self, request: &mut TokenRequest, origins: &mut Origins) {
        let secret = request
            .client_secret
            .as_ref()
            .map_or("", Secret::reveal)
            .to_owned();
        let field = if let Some(other) = self.other_secret(&secret, &request.client_id) {
            if self == Self::ClientIdAndSecretSwapped {
                request.client_id = secret;
                origins.set(Field::ClientId, Origin::Fault);
            }
            request.client_secret = other.map(Secret::new);
            Field::ClientSecret
        } else if let Some(id) = self.other_client_id() {
            request.client_id = id.into();
            Field::ClientId
        } else if let Some(endpoint) = self.other_endpoint(&request.endpoint) {
            request.endpoint = endpoint;
            Field::TokenEndpoint
        } else if let Some(code) = self.other_code(&request.grant.code) {
            request.grant.code = code;
            Field::Code
        } else if let Some(uri) = self.other_redirect_uri(request) {
            request.grant.redirect_uri = uri;
            Field::RedirectUri
        } else {
            match self {
                Self::CodeVerifierOmitted => request.grant.code_verifier = None,
                Self::CodeVerifierWrong => {
                    let verifier = request.grant.code_verifier.as_ref().map_or("", Secret::reveal);
                    request.grant.code_verifier = Some(Secret::new(other_character(verifier)));
                }
                _ => return,
            }
            Field::CodeVerifier
        };
        origins.set(field, Origin::Fault);
    }

    /// The token request as bytes, where it is one that no [`TokenRequest`] can be.
    pub fn by_hand(self, request: &TokenRequest) -> Option<HttpRequest> {
        let secret = request.client_secret.as_ref().map_or("", Secret::reveal);
        let in_header = |pair: String| {
            let basic = TokenRequest {
                authentication: ClientAuthentication::ClientSecretBasic,
                ..request.clone()
            };
            let mut http = basic.to_http();
            http.headers
                .retain(|(name, _)| !name.eq_ignore_ascii_case("authorization"));
            http.with_header("Authorization", format!("Basic {}", STANDARD.encode(pair)))
        };
        let id = &request.client_id;
        match self {
            Self::BasicPairWithColon => Some(in_header(format!("{id}:{id}:{secret}"))),
            Self::BasicAndBody => {
                let mut http = in_header(format!("{id}:{}", other_character(secret)));
                let mut credentials = Params::default();
                credentials.push("client_id", id);
                credentials.push("client_secret", secret);
                http.body
                    .extend(format!("&{}", credentials.encode()).into_bytes());
                Some(http)
            }
            _ => None,
        }
    }

    /// The secret that is sent: `Some(None)` leaves the parameter out.
    #[expect(
        clippy::option_option,
        reason = "no change, no parameter and another value are three things"
    )]
    fn other_secret(self, secret: &str, client_id: &str) -> Option<Option<String>> {
        Some(match self {
            Self::WrongClientSecret => Some(other_character(secret)),
            Self::ClientSecretWithNewline => Some(format!("{secret}\n")),
            Self::ClientSecretWithSpace => Some(format!("{secret} ")),
            Self::ClientSecretQuoted => Some(format!("\"{secret}\"")),
            Self::ClientSecretTruncated => Some(without_last(secret, 4)),
            Self::ClientSecretTooLong => Some(format!("{secret}{}", &secret[..secret.len().min(4)])),
            Self::ClientSecretForeignLetter => Some(with_look_alike(secret)),
            Self::ClientSecretEncodedTwice => Some(encode_value(&format!("{secret}\n"))),
            Self::ClientSecretEmpty => Some(String::new()),
            Self::ClientSecretPlaceholder => Some("your_client_secret".into()),
            Self::ClientSecretOmitted => None,
            Self::ClientIdAsSecret | Self::ClientIdAndSecretSwapped => Some(client_id.to_owned()),
            _ => return None,
        })
    }

    fn other_client_id(self) -> Option<&'static str> {
        Some(match self {
            Self::WrongClientId | Self::CodeOfAnotherClient => OTHER_CLIENT_ID,
            Self::ClientIdNumeric => "1234567",
            Self::ClientIdOfGitHubApp => "Iv23liGitHubAppXyz12",
            _ => return None,
        })
    }

    fn other_endpoint(self, endpoint: &str) -> Option<String> {
        Some(match self {
            Self::TokenEndpointUnreachable => NOBODY_LISTENS.into(),
            Self::TokenEndpointUnknownHost => NO_SUCH_HOST.into(),
            Self::TokenEndpointSilent => {
                let uri = RedirectUri::parse(endpoint).ok()?;
                let uri = RedirectUri {
                    path: SILENCE.into(),
                    ..uri
                };
                uri.to_string()
            }
            // The simulator speaks plain HTTP.
            Self::TokenEndpointWithoutTls => match endpoint.strip_prefix("http://") {
                Some(rest) => format!("https://{rest}"),
                None => endpoint.to_owned(),
            },
            // Another name of the simulator's machine: the same program answers, under another host.
            Self::TokenEndpointOnOtherHost => {
                let uri = RedirectUri::parse(endpoint).ok()?;
                let host = if uri.host == "localhost" {
                    "127.0.0.1"
                } else {
                    "localhost"
                };
                let uri = RedirectUri {
                    host: host.into(),
                    ..uri
                };
                uri.to_string()
            }
            _ => return None,
        })
    }

    fn other_code(self, code: &str) -> Option<String> {
        Some(match self {
            Self::CodeTampered => other_character(code),
            Self::CodeTruncated => without_last(code, 3),
            Self::CodePadded => format!("{code} "),
            Self::CodeEmpty => String::new(),
            Self::CodeUndefined | Self::CodeAfterCancel => "undefined".into(),
            _ => return None,
        })
    }

    /// The redirect URI that is sent: `Some(None)` leaves the parameter out.
    #[expect(
        clippy::option_option,
        reason = "no change, no parameter and another value are three things"
    )]
    fn other_redirect_uri(self, request: &TokenRequest) -> Option<Option<String>> {
        if self == Self::RedirectUriOmitted {
            return Some(None);
        }
        let sent = request.grant.redirect_uri.as_deref()?;
        let mut uri = RedirectUri::parse(sent).ok()?;
        match self {
            Self::RedirectUriDiffersAtExchange => {
                uri.host = if uri.host == "localhost" {
                    "127.0.0.1"
                } else {
                    "localhost"
                }
                .into();
            }
            Self::RedirectUriSchemeDiffers => {
                uri.scheme = if uri.is_scheme("https") { "http" } else { "https" }.into();
            }
            Self::RedirectUriPortDiffers => {
                uri.port = Some(if uri.port == Some(3000) { 8080 } else { 3000 });
            }
            Self::RedirectUriPathDiffers => uri.path = format!("{}s", uri.effective_path()),
            Self::RedirectUriTrailingSlash => uri.path = format!("{}/", uri.effective_path()),
            Self::RedirectUriDoubleSlash => uri.path = format!("/{}", uri.effective_path()),
            Self::RedirectUriWithQuery => uri.query = Some(format!("code={}", request.grant.code)),
            Self::RedirectUriEncodedTwice => return Some(Some(encode_value(sent))),
            Self::RedirectUriWithoutScheme => {
                let (_, rest) = sent.split_once("://")?;
                return Some(Some(rest.to_owned()));
            }
            _ => return None,
        }
        Some(Some(uri.to_string()))
    }
}

/// The text with its last character changed into another of the same kind.
fn other_character(text: &str) -> String {
    let mut changed = without_last(text, 1);
    changed.push(if text.ends_with('0') { '1' } else { '0' });
    changed
}

fn without_last(text: &str, characters: usize) -> String {
    let keep = text.chars().count().saturating_sub(characters);
    text.chars().take(keep).collect()
}

/// The secret with one letter exchanged for its Cyrillic look-alike; where it has no such letter, its last character.
fn with_look_alike(secret: &str) -> String {
    for (latin, cyrillic) in LOOK_ALIKES {
        if let Some(at) = secret.find(latin) {
            return format!("{}{cyrillic}{}", &secret[..at], &secret[at + 1..]);
        }
    }
    format!("{}{}", without_last(secret, 1), LOOK_ALIKES[0].1)
}

#[cfg(test)]
mod tests {
    use crate::lab::faults::client::*;
    use crate::oauth::token::request_params;

    fn request() -> TokenRequest {
        TokenRequest {
            client_id: "Ov23liAAAAAAAAAAAAAA".into(),
            client_secret: Some(Secret::new("00112233445566778899aabbccddeeff00112233")),
            ..TokenRequest::default()
        }
    }

    #[test]
    fn a_look_alike_leaves_the_length_as_it_was() {
        for secret in ["00112233445566778899aabbccddeeff00112233", "0123456789"] {
            let damaged = with_look_alike(secret);
            assert_eq!(damaged.chars().count(), secret.len());
            assert_eq!(damaged.chars().filter(|c| !c.is_ascii()).count(), 1);
        }
    }

    #[test]
    fn what_is_made_by_hand_is_cut_at_the_first_colon_and_authenticates_twice() {
        let request = request();
        let colon = Fault::BasicPairWithColon.by_hand(&request).unwrap();
        let sent = request_params(&colon);
        assert_eq!(sent.get("client_id"), Some("Ov23liAAAAAAAAAAAAAA"));
        assert!(sent.get("client_secret").unwrap().contains(':'));
        let twice = Fault::BasicAndBody.by_hand(&request).unwrap();
        assert_eq!(request_params(&twice).count("client_secret"), 2);
        assert_eq!(Fault::CodeReused.by_hand(&request), None);
    }
}
