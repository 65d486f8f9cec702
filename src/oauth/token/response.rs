//! The reading of whatever a token endpoint answers (RFC 6749 §5), GitHub's departures included.

use serde::{Deserialize, Serialize};

use crate::oauth::{
    authorization::absolute_error_uri,
    http::{HttpResponse, as_text},
    params::{Params, holds_white_space, split_scope},
    secret::Secret,
    token::{
        deciding::{DECIDING, read_deciding_json},
        members::Members,
        plain,
        xml::read_xml,
    },
};

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
pub(crate) fn is_no_token(name: &str, value: &serde_json::Value) -> bool {
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

/// What the members of a body are, whatever they say together: [`read_body`] without its answer.
pub fn read_members(text: &str) -> Params {
    read_with(text, read_json, Params::decode).members
}

/// Reads a body by what it looks like, not by what its header claims. It never fails.
pub fn read_body(text: &str) -> Reading {
    answered(read_with(text, read_json, Params::decode))
}

/// True when [`read_body`] finds a token, a refusal, or what the device flow begins with (docs/github.md §6) in a body.
/// It looks at the members that decide, so that a body of many costs little.
pub fn is_answer(text: &str) -> bool {
    let reading = answered(read_with(text, read_deciding_json, |text| {
        Params::decode_named(text, &DECIDING)
    }));
    let has = |name: &str| reading.members.get(name).is_some();
    reading.answer != TokenAnswer::NotATokenResponse || (has("device_code") && has("user_code"))
}

/// The reading with what its members say together.
fn answered(mut reading: Reading) -> Reading {
    reading.answer = reading.answer();
    reading
}

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
    Reading {
        answer: TokenAnswer::NotATokenResponse,
        encoding,
        members,
        nulls,
    }
}

/// The members of a JSON object, and the names of those that are `null`.
fn read_json(text: &str, nulls: &mut Vec<String>) -> Option<Params> {
    // Anything but an object would be read to its end only to be dropped.
    if !text.starts_with('{') {
        return None;
    }
    let Members(members) = serde_json::from_str(text).ok()?;
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

#[cfg(test)]
mod tests {
    use crate::oauth::token::response::*;

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
