//! The token request (RFC 6749 §4.1.3) and the reading of whatever comes back (§5), GitHub's departures included.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{MapAccess, SeqAccess, Visitor},
};

use crate::oauth::{
    authorization::absolute_error_uri,
    http::{HttpRequest, HttpResponse, as_text},
    params::{Params, encode_value, holds_white_space, split_scope},
    secret::Secret,
};

/// How the client proves itself at the token endpoint (RFC 6749 §2.3.1, names of RFC 7591 §2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuthentication {
    /// Id and secret as form parameters: what GitHub documents.
    #[default]
    ClientSecretPost,
    /// Id and secret in `Authorization: Basic`: undocumented at GitHub but accepted (docs/github.md §3).
    ClientSecretBasic,
}

impl ClientAuthentication {
    /// By its name in RFC 7591 §2.
    pub fn of_name(name: &str) -> Option<Self> {
        match name {
            "client_secret_post" => Some(Self::ClientSecretPost),
            "client_secret_basic" => Some(Self::ClientSecretBasic),
            _ => None,
        }
    }

    /// The one that a request uses.
    pub fn of_request(request: &HttpRequest) -> Self {
        match request.header("authorization") {
            Some(header) if header.to_ascii_lowercase().starts_with("basic ") => Self::ClientSecretBasic,
            _ => Self::ClientSecretPost,
        }
    }

    /// Its name in RFC 7591 §2.
    pub fn name(self) -> &'static str {
        match self {
            Self::ClientSecretPost => "client_secret_post",
            Self::ClientSecretBasic => "client_secret_basic",
        }
    }
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
    /// (`FormEncodedByDefault`, docs/github.md §3).
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
/// Precedence if a name is repeated: Basic, body, query.
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
                .extend(given.map(|(name, value)| (name.clone(), plain(value.clone()))));
        }
    } else if !body.is_empty() {
        params.0.extend(Params::decode(&body).0);
    }
    if let Some(query) = request.query() {
        params.0.extend(Params::decode(query).0);
    }
    params
}

/// Id and secret of a `Basic` authorization header, form-decoded as RFC 6749 §2.3.1 requires; `None` if the header is not
/// of that kind.
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

fn plain(value: serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    }
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
    /// Neither: no `access_token` that could be one, no `error`.
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
    /// The names of those that are JSON's `null`, which says that there is no value, and of an access token that is not a string.
    #[serde(skip)]
    nulls: Vec<String>,
}

impl Reading {
    /// The value of a member; `None` where it is left out, `null`, or an access token that is not a string.
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
        } else if let Some(token) = given("access_token").filter(|token| can_be_sent(token)) {
            TokenAnswer::Token(TokenResponse::of(token, self))
        } else {
            TokenAnswer::NotATokenResponse
        }
    }
}

/// An access token is a string (RFC 6749 §5.1), never `false` or an object.
fn is_no_token(name: &str, value: &serde_json::Value) -> bool {
    name == "access_token" && !value.is_string()
}

/// White space and control characters are in no access token (RFC 6749 appendix A.12); with CR LF it would write the next
/// header field of the request it is sent in. Other characters pass: a masked token is read again from a saved file.
fn can_be_sent(token: &str) -> bool {
    !token.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// The scopes granted: words, or the array of them that Twitch sends.
fn granted_scope(text: &str) -> Vec<String> {
    serde_json::from_str(text).unwrap_or_else(|_| split_scope(text))
}

impl TokenResponse {
    fn of(access_token: &str, reading: &Reading) -> Self {
        let number = |name: &str| reading.value(name).and_then(|text| text.parse().ok());
        Self {
            access_token: Secret::new(access_token),
            token_type: reading.value("token_type").unwrap_or_default().to_owned(),
            scope: reading.value("scope").map(granted_scope),
            expires_in: number("expires_in"),
            refresh_token: reading.value("refresh_token").map(Secret::new),
            refresh_token_expires_in: number("refresh_token_expires_in"),
        }
    }
}

/// Reads the answer of a token endpoint, whatever its status and content type say: GitHub sends `ErrorWithStatus200`.
pub fn read_answer(response: &HttpResponse) -> Reading {
    let mut reading = read_body(&as_text(&response.body));
    let is_whole = response.body_end.is_complete() && response.body_cut_at.is_none();
    if !is_whole && reading.encoding == BodyEncoding::Form {
        // JSON and XML say where they end. Of a form nobody knows whether its last value is whole.
        reading.answer = TokenAnswer::NotATokenResponse;
    }
    reading
}

/// Reads a body by what it looks like, not by what its header claims. No text makes it fail.
pub fn read_body(text: &str) -> Reading {
    read_with(text, read_json, Params::decode)
}

/// True when [`read_body`] finds a token, a refusal, or what the device flow begins with (docs/github.md §6) in a body.
/// It looks at the members that decide, so that a body of many costs little.
pub fn is_answer(text: &str) -> bool {
    let reading = read_with(text, read_deciding_json, |text| {
        Params::decode_named(text, &DECIDING)
    });
    let has = |name: &str| reading.members.get(name).is_some();
    reading.answer != TokenAnswer::NotATokenResponse || (has("device_code") && has("user_code"))
}

/// The members that make a body an answer.
const DECIDING: [&str; 4] = ["error", "access_token", "device_code", "user_code"];

fn read_with(
    text: &str,
    json: impl FnOnce(&str, &mut Vec<String>) -> Option<Params>,
    form: impl FnOnce(&str) -> Params,
) -> Reading {
    let text = text.trim_start_matches('\u{feff}').trim();
    let mut nulls = Vec::new();
    let (encoding, members) = if text.is_empty() {
        (BodyEncoding::Empty, Params::default())
    } else if let Some(members) = json(text, &mut nulls) {
        (BodyEncoding::Json, members)
    } else if text.starts_with('<') {
        match read_xml(text) {
            Some(members) => (BodyEncoding::Xml, members),
            None => (BodyEncoding::Html, Params::default()),
        }
    } else if looks_like_a_form(text) {
        (BodyEncoding::Form, form(text))
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
    // Anything but an object would be read to its end only to be dropped.
    if !text.starts_with('{') {
        return None;
    }
    let serde_json::Value::Object(members) = serde_json::from_str(text).ok()? else {
        return None;
    };
    let mut read = Params(Vec::with_capacity(members.len() + 1));
    for (name, value) in members {
        match value {
            serde_json::Value::Object(inner) if name == "error" => read.0.extend(error_object(&inner)),
            value => {
                if value.is_null() || is_no_token(&name, &value) {
                    nulls.push(name.clone());
                }
                read.0.push((name, plain(value)));
            }
        }
    }
    Some(read)
}

fn read_deciding_json(text: &str, _: &mut Vec<String>) -> Option<Params> {
    if !text.starts_with('{') {
        return None;
    }
    serde_json::from_str(text).ok().map(|Deciding(members)| members)
}

/// The deciding members of a JSON object; the others are checked as strictly and not kept.
struct Deciding(Params);

impl<'de> Deserialize<'de> for Deciding {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(DecidingVisitor)
    }
}

struct DecidingVisitor;

impl<'de> Visitor<'de> for DecidingVisitor {
    type Value = Deciding;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Deciding, A::Error> {
        let mut members = Params::default();
        while let Some(Name(name)) = map.next_key()? {
            if let Some(name) = name {
                let value: serde_json::Value = map.next_value()?;
                // The last of a name counts, as in `read_json`, and `null` does not count as a value.
                members.0.retain(|(known, _)| known != name);
                if !value.is_null() && !is_no_token(name, &value) {
                    members.push(name, plain(value));
                }
            } else {
                map.next_value::<Checked>()?;
            }
        }
        Ok(Deciding(members))
    }
}

/// The name of a member, where it is a deciding one.
struct Name(Option<&'static str>);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(NameVisitor)
    }
}

struct NameVisitor;

impl Visitor<'_> for NameVisitor {
    type Value = Name;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Name, E> {
        Ok(Name(DECIDING.into_iter().find(|deciding| *deciding == name)))
    }
}

/// Any JSON value, read as strictly as one that is kept: `serde::de::IgnoredAny` lets half a surrogate pair pass.
struct Checked;

impl<'de> Deserialize<'de> for Checked {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CheckedVisitor)
    }
}

struct CheckedVisitor;

impl<'de> Visitor<'de> for CheckedVisitor {
    type Value = Checked;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Checked, E> {
        Ok(Checked)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Checked, E> {
        Ok(Checked)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Checked, E> {
        Ok(Checked)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Checked, E> {
        Ok(Checked)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Checked, E> {
        Ok(Checked)
    }

    fn visit_str<E>(self, _: &str) -> Result<Checked, E> {
        Ok(Checked)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Checked, A::Error> {
        while seq.next_element::<Checked>()?.is_some() {}
        Ok(Checked)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Checked, A::Error> {
        while map.next_entry::<Checked, Checked>()?.is_some() {}
        Ok(Checked)
    }
}

/// An error that is an object instead of a code, as Facebook and Google's APIs write it: its name and its message.
fn error_object(inner: &serde_json::Map<String, serde_json::Value>) -> Vec<(String, String)> {
    let text = |name: &str| inner.get(name).cloned().map(plain);
    let name = text("type").or_else(|| text("status")).or_else(|| text("code"));
    let message = text("message").map(|message| ("error_description".to_owned(), message));
    name.map(|name| ("error".to_owned(), name))
        .into_iter()
        .chain(message)
        .collect()
}

fn looks_like_a_form(text: &str) -> bool {
    let name = text.split(['=', '&']).next().unwrap_or_default();
    text.contains('=')
        && !holds_white_space(text)
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
    let mut depth = 0_usize;
    let (mut name, mut value) = (String::new(), String::new());
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) => {
                if depth == 0 && tag.name().as_ref() != b"OAuth" {
                    return None;
                }
                if depth == 1 {
                    name = String::from_utf8_lossy(tag.name().as_ref()).into_owned();
                }
                depth += 1;
                value.clear();
            }
            Event::Text(piece) => value.push_str(&piece.decode().ok()?),
            Event::GeneralRef(entity) => value.push_str(&resolve_entity(&entity.decode().ok()?)),
            Event::End(_) => {
                depth = depth.checked_sub(1)?;
                if depth == 1 {
                    members.0.push((std::mem::take(&mut name), value.clone()));
                    value.clear();
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    Some(members).filter(|members| depth == 0 && !members.is_empty())
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
    use crate::oauth::token::*;

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
    fn of_a_form_that_was_cut_nobody_knows_whether_its_last_value_is_whole() {
        let cut = |body: &str| {
            let response = HttpResponse {
                status: 200,
                body: body.as_bytes().to_vec(),
                body_cut_at: Some(body.len()),
                ..HttpResponse::default()
            };
            read_answer(&response).answer
        };
        assert_eq!(
            cut("scope=repo&access_token=gho_16C7e42F"),
            TokenAnswer::NotATokenResponse
        );
        assert_eq!(cut("error=bad_verification"), TokenAnswer::NotATokenResponse);
        // JSON says where it ends.
        assert!(matches!(
            cut(r#"{"access_token":"gho_16C7e42F"}"#),
            TokenAnswer::Token(_)
        ));
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
    fn what_decides_is_found_as_in_the_whole_reading() {
        for text in [
            r#"{"error":"x","m":[1,{"a":null}]}"#,
            r#"{"error":"x","error":""}"#,
            r#"{"error":"","access_token":"gho_x"}"#,
            r#"{"error":null}"#,
            r#"{"\u0065rror":"x"}"#,
            r#"{"error":"x","m":"\ud800"}"#,
            r#"{"error":"x","m":1e999}"#,
            r#"{"error":"x"} more"#,
            r#"{"data":{"error":"x"}}"#,
            r#"["error"]"#,
            "m=1&error=x",
            "m=1&err%6Fr=x",
            "m=1&error=&access_token=",
            "<OAuth><error>x</error></OAuth>",
            "<html>error</html>",
            "",
        ] {
            let told = read_body(text).answer != TokenAnswer::NotATokenResponse;
            assert_eq!(is_answer(text), told, "{text}");
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
    fn what_cannot_be_a_bearer_token_is_none() {
        for value in [
            "false",
            "true",
            "0",
            "{}",
            r#"["gho_x"]"#,
            r#""  ""#,
            r#""gho x""#,
            r#""gho_x\r\nA: b""#,
        ] {
            let text = format!(r#"{{"access_token":{value},"token_type":"bearer"}}"#);
            let reading = read_body(&text);
            assert_eq!(reading.answer, TokenAnswer::NotATokenResponse, "{text}");
            assert!(reading.members.get("access_token").is_some(), "it is still shown");
            assert!(!is_answer(&text), "{text}");
        }
        for text in ["access_token=gho%0D%0Ax", "access_token=+"] {
            assert_eq!(read_body(text).answer, TokenAnswer::NotATokenResponse, "{text}");
        }
    }

    #[test]
    fn a_scope_may_be_an_array() {
        let reading = read_body(r#"{"access_token":"x","scope":["chat:read","user:edit"]}"#);
        let TokenAnswer::Token(token) = reading.answer else {
            panic!()
        };
        assert_eq!(token.scope, Some(vec!["chat:read".into(), "user:edit".into()]));
    }

    #[test]
    fn of_a_broken_body_only_what_ends_itself_is_an_answer() {
        let broken = |body: &str| {
            read_answer(&HttpResponse {
                body: body.into(),
                body_end: crate::oauth::http::BodyEnd::Interrupted,
                ..HttpResponse::default()
            })
            .answer
        };
        assert!(matches!(
            broken(r#"{"access_token":"gho_x"}"#),
            TokenAnswer::Token(_)
        ));
        assert_eq!(broken("access_token=gho_x"), TokenAnswer::NotATokenResponse);
        assert_eq!(broken(r#"{"access_token":"gho"#), TokenAnswer::NotATokenResponse);
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
