//! The token request (RFC 6749 §4.1.3) and the reading of whatever comes back (§5), GitHub's departures included.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

use super::{
    authorization::absolute_error_uri,
    http::{HttpRequest, HttpResponse},
    params::{Params, encode_value, split_scope},
    secret::Secret,
};

/// How the client proves itself at the token endpoint (RFC 6749 §2.3.1, names of RFC 7591 §2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuthentication {
    /// Id and secret as form parameters: what GitHub documents.
    #[default]
    ClientSecretPost,
    /// Id and secret in `Authorization: Basic`: undocumented at GitHub but accepted (facts §3).
    ClientSecretBasic,
}

/// A token request before it is sent. Every value may be wrong on purpose.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenRequest {
    /// The token endpoint.
    pub endpoint: String,
    /// `client_id`.
    pub client_id: String,
    /// `client_secret`; `None` leaves the parameter out.
    pub client_secret: Option<Secret>,
    /// `code`.
    pub code: String,
    /// `redirect_uri`; `None` leaves the parameter out, and the server takes its default.
    pub redirect_uri: Option<String>,
    /// `code_verifier` (RFC 7636 §4.5); `None` leaves the parameter out.
    pub code_verifier: Option<Secret>,
    /// Where id and secret stand.
    pub authentication: ClientAuthentication,
    /// The `Accept` header; `None` asks for [`ANYTHING`]. GitHub answers form-encoded unless asked for JSON
    /// (`FormEncodedByDefault`, facts §3).
    pub accept: Option<String>,
}

/// What oauthlens calls itself to a server.
pub const USER_AGENT: &str = concat!("oauthlens/", env!("CARGO_PKG_VERSION"));

/// The `Accept` header of a request that wants nothing in particular (RFC 9110 §12.5.1). HTTP clients send it by
/// themselves, ours and curl among them, so it is written into the request: what is recorded is what is sent.
pub const ANYTHING: &str = "*/*";

impl TokenRequest {
    /// The request as it goes over the wire.
    pub fn to_http(&self) -> HttpRequest {
        let secret = self.client_secret.as_ref().map(Secret::reveal);
        let mut params = Params::default();
        params.push("grant_type", "authorization_code");
        if self.authentication == ClientAuthentication::ClientSecretPost {
            params.push("client_id", &self.client_id);
            if let Some(secret) = secret {
                params.push("client_secret", secret);
            }
        }
        params.push("code", &self.code);
        if let Some(uri) = &self.redirect_uri {
            params.push("redirect_uri", uri);
        }
        if let Some(verifier) = &self.code_verifier {
            params.push("code_verifier", verifier.reveal());
        }
        let mut request = HttpRequest {
            method: "POST".into(),
            url: self.endpoint.clone(),
            headers: vec![("User-Agent".into(), USER_AGENT.into())],
            body: params.encode().into_bytes(),
        };
        request = request.with_header("Content-Type", "application/x-www-form-urlencoded");
        request = request.with_header("Accept", self.accept.as_deref().unwrap_or(ANYTHING));
        if self.authentication == ClientAuthentication::ClientSecretBasic {
            // RFC 6749 §2.3.1: both halves are form-encoded before they are joined.
            let pair = format!(
                "{}:{}",
                encode_value(&self.client_id),
                encode_value(secret.unwrap_or_default())
            );
            request = request.with_header("Authorization", format!("Basic {}", STANDARD.encode(pair)));
        }
        request
    }
}

/// The parameters of a request in whichever of the four ways it carries them: query, form body, JSON body, Basic.
///
/// Precedence where a name stands twice: Basic, body, query.
pub fn request_params(request: &HttpRequest) -> Params {
    let mut params = Params::default();
    if let Some((id, secret)) = request.header("authorization").and_then(basic_credentials) {
        params.push("client_id", id);
        params.push("client_secret", secret);
    }
    let body = String::from_utf8_lossy(&request.body);
    if body.trim_start().starts_with('{') {
        if let Ok(serde_json::Value::Object(members)) = serde_json::from_str(&body) {
            let given = members.iter().filter(|(_, value)| !value.is_null());
            params
                .0
                .extend(given.map(|(name, value)| (name.clone(), plain(value))));
        }
    } else if !body.is_empty() {
        params.0.extend(Params::decode(&body).0);
    }
    if let Some(query) = request.query() {
        params.0.extend(Params::decode(query).0);
    }
    params
}

/// Id and secret of a `Basic` authorization header, form-decoded as RFC 6749 §2.3.1 asks; `None` where it is none.
pub fn basic_credentials(header: &str) -> Option<(String, String)> {
    let (scheme, credentials) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(credentials.trim()).ok()?).ok()?;
    let (id, secret) = pair.split_once(':')?;
    Some((form_decode(id), form_decode(secret)))
}

fn form_decode(value: &str) -> String {
    Params::decode(&format!("v={value}"))
        .get("v")
        .unwrap_or_default()
        .to_owned()
}

fn plain(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// In which encoding a body was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BodyEncoding {
    /// `application/x-www-form-urlencoded`, GitHub's default.
    Form,
    /// JSON.
    Json,
    /// `<OAuth>…</OAuth>`.
    Xml,
    /// A page for people.
    Html,
    /// Nothing.
    Empty,
    /// None of these.
    Unknown,
}

/// A refusal (RFC 6749 §5.2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorResponse {
    /// The code, letter for letter.
    pub error: String,
    /// The sentence beside it.
    pub error_description: Option<String>,
    /// The page about it, absolute even where the server sent GitHub's relative form.
    pub error_uri: Option<String>,
}

/// A token and what came with it (RFC 6749 §5.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenResponse {
    /// The access token.
    pub access_token: Secret,
    /// `bearer`.
    pub token_type: String,
    /// The scopes granted; `None` where the answer does not say.
    pub scope: Option<Vec<String>>,
    /// Lifetime in seconds.
    pub expires_in: Option<u64>,
    /// The refresh token, where tokens expire.
    pub refresh_token: Option<Secret>,
    /// Lifetime of the refresh token in seconds (GitHub's own member).
    pub refresh_token_expires_in: Option<u64>,
}

/// What a token endpoint answered, or a text that was pasted as such.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenAnswer {
    /// A token.
    Token(TokenResponse),
    /// A refusal.
    Error(ErrorResponse),
    /// Neither: no `access_token`, no `error`.
    NotATokenResponse,
}

/// A body that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// What it says.
    pub answer: TokenAnswer,
    /// The encoding in which it could be read.
    pub encoding: BodyEncoding,
    /// All members in order, values as text.
    pub members: Params,
    /// The names of those that are JSON's `null`, which says that there is no value.
    #[serde(skip)]
    nulls: Vec<String>,
}

impl Reading {
    /// The value of a member; `None` where it is left out or `null`.
    pub fn value(&self, name: &str) -> Option<&str> {
        let is_null = self.nulls.iter().any(|null| null == name);
        self.members.get(name).filter(|_| !is_null)
    }

    fn answer(&self) -> TokenAnswer {
        let given = |name: &str| self.value(name).filter(|value| !value.is_empty());
        if let Some(error) = given("error") {
            TokenAnswer::Error(ErrorResponse {
                error: error.to_owned(),
                error_description: self.value("error_description").map(str::to_owned),
                error_uri: self.value("error_uri").map(absolute_error_uri),
            })
        } else if let Some(token) = given("access_token") {
            TokenAnswer::Token(TokenResponse::of(token, self))
        } else {
            TokenAnswer::NotATokenResponse
        }
    }
}

impl TokenResponse {
    fn of(access_token: &str, reading: &Reading) -> Self {
        let number = |name: &str| reading.value(name).and_then(|text| text.parse().ok());
        Self {
            access_token: Secret::new(access_token),
            token_type: reading.value("token_type").unwrap_or_default().to_owned(),
            scope: reading.value("scope").map(split_scope),
            expires_in: number("expires_in"),
            refresh_token: reading.value("refresh_token").map(Secret::new),
            refresh_token_expires_in: number("refresh_token_expires_in"),
        }
    }
}

/// Reads the answer of a token endpoint, whatever its status and content type say: GitHub sends `ErrorWithStatus200`.
pub fn read_answer(response: &HttpResponse) -> Reading {
    read_body(&response.text())
}

/// Reads a body by what it looks like, not by what its header claims. No text makes it fail.
pub fn read_body(text: &str) -> Reading {
    let text = text.trim_start_matches('\u{feff}').trim();
    let mut nulls = Vec::new();
    let (encoding, members) = if text.is_empty() {
        (BodyEncoding::Empty, Params::default())
    } else if let Some(members) = read_json(text, &mut nulls) {
        (BodyEncoding::Json, members)
    } else if text.starts_with('<') {
        match read_xml(text) {
            Some(members) => (BodyEncoding::Xml, members),
            None => (BodyEncoding::Html, Params::default()),
        }
    } else if looks_like_a_form(text) {
        (BodyEncoding::Form, Params::decode(text))
    } else {
        (BodyEncoding::Unknown, Params::default())
    };
    let mut reading = Reading {
        answer: TokenAnswer::NotATokenResponse,
        encoding,
        members,
        nulls,
    };
    reading.answer = reading.answer();
    reading
}

/// The members of a JSON object, and the names of those that are `null`.
fn read_json(text: &str, nulls: &mut Vec<String>) -> Option<Params> {
    let serde_json::Value::Object(members) = serde_json::from_str(text).ok()? else {
        return None;
    };
    let empty = members.iter().filter(|(_, value)| value.is_null());
    nulls.extend(empty.map(|(name, _)| name.clone()));
    Some(Params(
        members
            .iter()
            .map(|(name, value)| (name.clone(), plain(value)))
            .collect(),
    ))
}

fn looks_like_a_form(text: &str) -> bool {
    let name = text.split(['=', '&']).next().unwrap_or_default();
    text.contains('=')
        && !text.contains(char::is_whitespace)
        && !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-' || b == b'.')
}

/// Reads `<OAuth><name>value</name>…</OAuth>`; `None` for any other document.
fn read_xml(text: &str) -> Option<Params> {
    use quick_xml::{Reader, events::Event};
    let mut reader = Reader::from_str(text);
    let mut members = Params::default();
    let mut open: Vec<String> = Vec::new();
    let mut value = String::new();
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) => {
                let name = String::from_utf8_lossy(tag.name().as_ref()).into_owned();
                if open.is_empty() && name != "OAuth" {
                    return None;
                }
                open.push(name);
                value.clear();
            }
            Event::Text(piece) => value.push_str(&piece.decode().ok()?),
            Event::GeneralRef(entity) => value.push_str(&resolve_entity(&entity.decode().ok()?)),
            Event::End(_) => {
                let name = open.pop()?;
                if open.len() == 1 {
                    members.push(&name, std::mem::take(&mut value));
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    open.is_empty()
        .then_some(members)
        .filter(|members| !members.is_empty())
}

fn resolve_entity(name: &str) -> String {
    let code_point = name
        .strip_prefix("#x")
        .map(|hex| u32::from_str_radix(hex, 16))
        .or_else(|| name.strip_prefix('#').map(str::parse));
    match (name, code_point) {
        ("amp", _) => "&".into(),
        ("lt", _) => "<".into(),
        ("gt", _) => ">".into(),
        ("quot", _) => "\"".into(),
        ("apos", _) => "'".into(),
        (_, Some(Ok(point))) => char::from_u32(point).map(String::from).unwrap_or_default(),
        _ => format!("&{name};"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> TokenRequest {
        TokenRequest {
            endpoint: "http://127.0.0.1:1/login/oauth/access_token".into(),
            client_id: "Ov23liAAAAAAAAAAAAAA".into(),
            client_secret: Some(Secret::new("s:e c")),
            code: "35e0ea2e9115f650b742".into(),
            redirect_uri: Some("http://127.0.0.1:8914/callback".into()),
            ..TokenRequest::default()
        }
    }

    #[test]
    fn the_same_parameters_are_read_back_from_post_and_from_basic() {
        for authentication in [
            ClientAuthentication::ClientSecretPost,
            ClientAuthentication::ClientSecretBasic,
        ] {
            let http = TokenRequest {
                authentication,
                ..request()
            }
            .to_http();
            let params = request_params(&http);
            assert_eq!(params.get("client_id"), Some("Ov23liAAAAAAAAAAAAAA"));
            assert_eq!(params.get("client_secret"), Some("s:e c"));
            assert_eq!(params.get("code"), Some("35e0ea2e9115f650b742"));
        }
    }

    #[test]
    fn one_error_in_three_encodings() {
        let json = r#"{"error":"bad_verification_code","error_description":"The code passed is incorrect or expired.","error_uri":"/apps/x#y"}"#;
        let form = "error=bad_verification_code&error_description=The+code+passed+is+incorrect+or+expired.&error_uri=%2Fapps%2Fx%23y";
        let xml = "<OAuth><error>bad_verification_code</error><error_description>The code passed is incorrect or expired.</error_description><error_uri>/apps/x#y</error_uri></OAuth>";
        for (text, encoding) in [
            (json, BodyEncoding::Json),
            (form, BodyEncoding::Form),
            (xml, BodyEncoding::Xml),
        ] {
            let reading = read_body(text);
            assert_eq!(reading.encoding, encoding);
            let TokenAnswer::Error(error) = reading.answer else {
                panic!("{text}")
            };
            assert_eq!(error.error, "bad_verification_code");
            assert_eq!(
                error.error_description.as_deref(),
                Some("The code passed is incorrect or expired.")
            );
            assert_eq!(
                error.error_uri.as_deref(),
                Some("https://docs.github.com/apps/x#y")
            );
        }
    }

    #[test]
    fn a_token_in_githubs_default_encoding_has_comma_separated_scope() {
        let reading = read_body(
            "access_token=gho_16C7e42F292c6912E7710c838347Ae178B4a&scope=repo%2Cgist&token_type=bearer",
        );
        let TokenAnswer::Token(token) = reading.answer else {
            panic!()
        };
        assert_eq!(token.scope, Some(vec!["repo".into(), "gist".into()]));
        assert_eq!(token.token_type, "bearer");
    }

    #[test]
    fn a_null_is_no_value() {
        let reading = read_body(r#"{"access_token":"gho_x","error":null,"scope":null}"#);
        let TokenAnswer::Token(token) = reading.answer else {
            panic!("{reading:?}")
        };
        assert_eq!((token.access_token.reveal(), token.scope), ("gho_x", None));
        assert_eq!(reading.members.get("error"), Some("null"), "it is still shown");
        let request = HttpRequest {
            body: br#"{"client_id":"a","client_secret":null}"#.to_vec(),
            ..HttpRequest::default()
        };
        assert_eq!(request_params(&request).get("client_id"), Some("a"));
        assert_eq!(request_params(&request).get("client_secret"), None);
    }

    #[test]
    fn what_is_no_token_response_is_said_to_be_none() {
        for (text, encoding) in [
            (r#"{"access_token":null}"#, BodyEncoding::Json),
            (
                r#"{"add_scopes":["repo"],"note":"admin script"}"#,
                BodyEncoding::Json,
            ),
            (
                "<!DOCTYPE html><html><body>Page not found</body></html>",
                BodyEncoding::Html,
            ),
            ("", BodyEncoding::Empty),
            ("hello world", BodyEncoding::Unknown),
            ("[1,2]", BodyEncoding::Unknown),
        ] {
            let reading = read_body(text);
            assert_eq!(
                (reading.answer, reading.encoding),
                (TokenAnswer::NotATokenResponse, encoding),
                "{text}"
            );
        }
    }
}
