//! What identifiers, secrets, codes and tokens look like (docs/github.md §4). Used while a value is typed and again when a
//! refusal is explained; [`crate::text::defects`] finds what damages them on the way.

use serde::{Deserialize, Serialize};

use crate::text::{
    bytes::all_bytes,
    defects::{MASK, QUOTES, is_invisible, is_placeholder},
};

/// What a text in the place of a client id looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientIdShape {
    /// `Ov23li` or `Ov23ct` and 14 alphanumerics: an OAuth app.
    OAuthApp,
    /// 20 lower-case hexadecimal characters: an OAuth app registered before 2023 or so.
    LegacyOAuthApp,
    /// `Iv1.` and 16 hexadecimal, or `Iv23li` and 14 alphanumerics: a GitHub App.
    GitHubApp,
    /// Digits only: the numeric App ID of a GitHub App, which is something else.
    NumericAppId,
    /// 40 hexadecimal characters: a client secret in the id's place.
    ClientSecret,
    /// None of these.
    Unknown,
}

/// What a text in the place of a client secret looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientSecretShape {
    /// 40 lower-case hexadecimal characters.
    FortyHex,
    /// The shape of a client id: the two are swapped or the id was pasted twice.
    ClientId,
    /// A token such as `gho_…` or `ghp_…`: not a client secret.
    Token,
    /// Hexadecimal, but fewer than 40.
    TooShort,
    /// Hexadecimal, but more than 40.
    TooLong,
    /// None of these.
    Unknown,
}

/// What a text in the place of an authorization code looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeShape {
    /// 20 lower-case hexadecimal characters.
    TwentyHex,
    /// Hexadecimal, but fewer than 20.
    TooShort,
    /// Hexadecimal, but more than 20.
    TooLong,
    /// Anything else.
    Unknown,
}

// A character that a saved transcript hides is taken for one that would fit: what is known of it is that it is there.

fn is_hex(text: &str) -> bool {
    !text.is_empty() && all_fit(text, |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_alphanumeric(text: &str) -> bool {
    all_fit(text, |byte| byte.is_ascii_alphanumeric())
}

fn all_fit(text: &str, fits: impl Fn(u8) -> bool) -> bool {
    all_bytes(text, &fits) || (!text.is_ascii() && text.split(MASK).all(|part| all_bytes(part, &fits)))
}

/// No id has more bytes, its characters hidden or not.
const LONGEST_ID: usize = 40 * MASK.len_utf8();

fn length(text: &str) -> usize {
    text.chars().count()
}

/// Names the shape of a client id.
pub fn client_id_shape(text: &str) -> ClientIdShape {
    if text.len() > LONGEST_ID {
        return ClientIdShape::Unknown;
    }
    let after = |prefix: &str, count: usize| {
        text.strip_prefix(prefix)
            .filter(|rest| length(rest) == count && is_alphanumeric(rest))
    };
    if after("Ov23li", 14).or_else(|| after("Ov23ct", 14)).is_some() {
        ClientIdShape::OAuthApp
    } else if after("Iv23", 16).is_some() || after("Iv1.", 16).is_some_and(is_hex) {
        ClientIdShape::GitHubApp
    } else if !text.is_empty() && text.len() < 20 && text.bytes().all(|b| b.is_ascii_digit()) {
        ClientIdShape::NumericAppId
    } else if length(text) == 20 && is_hex(text) {
        ClientIdShape::LegacyOAuthApp
    } else if length(text) == 40 && is_hex(text) {
        ClientIdShape::ClientSecret
    } else {
        ClientIdShape::Unknown
    }
}

/// Names the shape of a client secret.
pub fn client_secret_shape(text: &str) -> ClientSecretShape {
    if token_kind(text) != TokenKind::Unknown {
        return ClientSecretShape::Token;
    }
    match client_id_shape(text) {
        ClientIdShape::OAuthApp | ClientIdShape::GitHubApp | ClientIdShape::LegacyOAuthApp => {
            return ClientSecretShape::ClientId;
        }
        _ => {}
    }
    match (is_hex(text), length(text)) {
        (true, 40) => ClientSecretShape::FortyHex,
        (true, length) if length < 40 => ClientSecretShape::TooShort,
        (true, _) => ClientSecretShape::TooLong,
        (false, _) => ClientSecretShape::Unknown,
    }
}

/// True for what would be a secret anywhere: the shape of a client secret, or a token by its prefix, damage around it or not.
/// A value in the place of a client id can be one (docs/github.md §8.1).
pub fn may_be_secret(text: &str) -> bool {
    // Either takes so many characters, or a `_`; most values have neither, and a body may hold very many.
    if text.len() < 40 && !text.contains('_') {
        return false;
    }
    // The same characters as `without_defects` leaves, looked at only as far as needed.
    let quote = |c: &char| QUOTES.contains(c);
    let core = text
        .chars()
        .take_while(|c| *c != '%')
        .filter(|c| !c.is_whitespace() && !is_invisible(*c))
        .skip_while(quote);
    let start: String = core.clone().take(LONGEST_PREFIX).collect();
    if token_prefix(&start).is_some() {
        return true;
    }
    let digits = core.clone().take(41).take_while(char::is_ascii_hexdigit).count();
    digits == 40 && core.skip(40).all(|c| quote(&c))
}

/// Names the shape of an authorization code.
pub fn code_shape(text: &str) -> CodeShape {
    match (is_hex(text), length(text)) {
        (true, 20) => CodeShape::TwentyHex,
        (true, length) if length < 20 => CodeShape::TooShort,
        (true, _) => CodeShape::TooLong,
        (false, _) => CodeShape::Unknown,
    }
}

/// What a token is for, by its prefix (docs/github.md §4). Lengths are not judged: they have changed before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenKind {
    /// `gho_`: an OAuth app acting for a user.
    OAuthApp,
    /// `ghu_`: a GitHub App acting for a user.
    GitHubAppUser,
    /// `ghr_`: a refresh token.
    Refresh,
    /// `ghs_`: an installation of a GitHub App.
    Installation,
    /// `ghp_` or `github_pat_`: a personal access token.
    Personal,
    /// No known prefix.
    Unknown,
}

/// Tells the kind of a token by its prefix.
pub fn token_kind(token: &str) -> TokenKind {
    match token_prefix(token) {
        Some("gho_") => TokenKind::OAuthApp,
        Some("ghu_") => TokenKind::GitHubAppUser,
        Some("ghr_") => TokenKind::Refresh,
        Some("ghs_") => TokenKind::Installation,
        Some(_) => TokenKind::Personal,
        None => TokenKind::Unknown,
    }
}

/// The length of `github_pat_`.
const LONGEST_PREFIX: usize = 11;

/// How tokens begin (docs/github.md §4).
pub const TOKEN_PREFIXES: [&str; 6] = ["gho_", "ghu_", "ghr_", "ghs_", "ghp_", "github_pat_"];

/// The known prefix of a token, which may be shown where the token may not.
pub fn token_prefix(token: &str) -> Option<&'static str> {
    TOKEN_PREFIXES
        .into_iter()
        .find(|prefix| token.starts_with(prefix))
}

/// True for what is in a secret's place and is none: a word that stands for one, or the id of an app. It may be shown, and
/// it must be, since it explains the refusal. A placeholder with digits in it might hold a secret after all.
pub fn is_open(text: &str) -> bool {
    let is_short = || text.len() <= 4 * 40 && length(text) <= 40;
    let word = || is_short() && is_placeholder(text) && !text.contains(char::is_numeric);
    word()
        || matches!(
            client_id_shape(text),
            ClientIdShape::OAuthApp | ClientIdShape::GitHubApp
        )
}

#[cfg(test)]
mod tests {
    use crate::providers::github::formats::*;

    #[test]
    fn client_ids_by_shape() {
        for (id, shape) in [
            ("Ov23liAAAAAAAAAAAAAA", ClientIdShape::OAuthApp),
            ("178c6fc778ccc68e1d6a", ClientIdShape::LegacyOAuthApp),
            ("Iv1.0123456789abcdef", ClientIdShape::GitHubApp),
            ("Iv23liAAAAAAAAAAAAAA", ClientIdShape::GitHubApp),
            ("123456", ClientIdShape::NumericAppId),
            (
                "a1b2c3d4e5f60718293a4b5c6d7e8f9012349f0e",
                ClientIdShape::ClientSecret,
            ),
            ("Ov23li", ClientIdShape::Unknown),
            ("", ClientIdShape::Unknown),
        ] {
            assert_eq!(client_id_shape(id), shape, "{id}");
        }
    }

    #[test]
    fn client_secrets_by_shape() {
        let good = "a1b2c3d4e5f60718293a4b5c6d7e8f9012349f0e";
        for (secret, shape) in [
            (good, ClientSecretShape::FortyHex),
            (&good[..39], ClientSecretShape::TooShort),
            (&format!("{good}0"), ClientSecretShape::TooLong),
            ("Iv1.0123456789abcdef", ClientSecretShape::ClientId),
            (
                "gho_16C7e42F292c6912E7710c838347Ae178B4a",
                ClientSecretShape::Token,
            ),
            (&good.to_uppercase(), ClientSecretShape::Unknown),
        ] {
            assert_eq!(client_secret_shape(secret), shape, "{secret}");
        }
        assert_eq!(code_shape("35e0ea2e9115f650b742"), CodeShape::TwentyHex);
        assert_eq!(code_shape("35e0ea2e9115f650b74"), CodeShape::TooShort);
        assert_eq!(code_shape("undefined"), CodeShape::Unknown);
    }

    #[test]
    fn what_may_be_a_secret_is_told_by_its_undamaged_core() {
        let hex = "a1b2c3d4e5f60718293a4b5c6d7e8f9012349F0E";
        for (text, may_be) in [
            (hex.to_owned(), true),
            (format!(" \"{hex}\"\r\n"), true),
            (format!("{}\u{200b} {}%0A", &hex[..9], &hex[9..]), true),
            (format!("{hex}0"), false),
            (format!("{hex}'0"), false),
            (hex[..39].to_owned(), false),
            (format!("{}%{}", &hex[..20], &hex[20..]), false),
            ("'gho_x".to_owned(), true),
            ("github_pat_".to_owned(), true),
            ("g\u{ad}ho_x%".to_owned(), true),
            ("x_gho_x".to_owned(), false),
            ("v".repeat(80), false),
            (String::new(), false),
        ] {
            assert_eq!(may_be_secret(&text), may_be, "{text:?}");
        }
    }
}
