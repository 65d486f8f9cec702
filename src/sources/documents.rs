//! What is neither a request nor an answer of a flow and belongs to it all the same: the challenge of a resource server by itself,
//! the metadata of a server, the answer to a registration, an ID token.

use serde_json::json;

use crate::{
    oauth::{http::HttpResponse, id_token::claims},
    providers::error_table::is_document,
    sources::{
        Seen, Source,
        exchange::{self, Came},
    },
};

/// A `WWW-Authenticate` field, with its name or without.
pub(crate) const CHALLENGE: Source = Source {
    name: "challenge",
    recognises: |input| challenge(&input.text).is_some(),
    read: |input| {
        let response = HttpResponse {
            status: 401,
            headers: vec![("WWW-Authenticate".to_owned(), challenge(&input.text)?.to_owned())],
            body_cut_at: Some(0),
            ..HttpResponse::default()
        };
        Some(told(response))
    },
};

/// Metadata and the answer to a registration, whose members hold addresses that are no requests.
pub(crate) const DOCUMENT: Source = Source {
    name: "document",
    recognises: |input| input.text.starts_with('{') && is_document(&bare(&input.text)),
    read: |input| Some(told(bare(&input.text))),
};

/// An ID token by itself. It is a secret, so it stands under its name.
pub(crate) const ID_TOKEN: Source = Source {
    name: "id_token",
    recognises: |input| claims(&input.text).is_some(),
    read: |input| Some(told(bare(&json!({ "id_token": input.text }).to_string()))),
};

fn bare(body: &str) -> HttpResponse {
    HttpResponse {
        body: body.as_bytes().to_vec(),
        ..HttpResponse::default()
    }
}

fn told(response: HttpResponse) -> Vec<Seen> {
    vec![Seen::untimed(exchange::ended(Came::Response(response)))]
}

/// The value of the field, where a text is nothing else.
fn challenge(text: &str) -> Option<&str> {
    let text = text.trim_start_matches("< ").trim();
    let is_field = text.len() < 4096 && !text.contains('\n');
    let value = match text.split_once(':') {
        Some((name, value)) if name.trim().eq_ignore_ascii_case("www-authenticate") => value.trim(),
        _ => text,
    };
    let bearer = value
        .get(..7)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer "));
    (is_field && bearer && value.contains('=')).then_some(value)
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

    use crate::sources::{Input, documents::*};

    #[test]
    fn documents_and_id_tokens_are_told_from_answers() {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let token = format!(
            "{}.{}.{}",
            part(r#"{"alg":"RS256"}"#),
            part(r#"{"iss":"https://id.example","aud":"i","exp":1}"#),
            part("signature")
        );
        assert!((ID_TOKEN.recognises)(&Input::new(token.as_bytes())));
        for text in ["a.b.c", "eyJ.eyJ.x", &token[..20]] {
            assert!(!(ID_TOKEN.recognises)(&Input::new(text.as_bytes())), "{text}");
        }
        for (text, is) in [
            // Its endpoint's path is that of an authorization request.
            (
                r#"{"issuer":"https://h.example","authorization_endpoint":"https://h.example/login/oauth/authorize"}"#,
                true,
            ),
            (
                r#"{"client_id":"i","client_secret":"s","client_id_issued_at":1,"redirect_uris":["http://localhost"]}"#,
                true,
            ),
            (r#"{"error":"invalid_grant"}"#, false),
            (r#"{"client_id":"i","client_secret":"s","code":"c"}"#, false),
        ] {
            assert_eq!((DOCUMENT.recognises)(&Input::new(text.as_bytes())), is, "{text}");
        }
    }

    #[test]
    fn only_a_challenge_is_one() {
        for (text, is) in [
            (
                "WWW-Authenticate: Bearer realm=\"x\", resource_metadata=\"https://h.example/m\"",
                true,
            ),
            ("< www-authenticate: Bearer error=\"invalid_token\"", true),
            ("Bearer realm=\"x\"", true),
            ("Authorization: Bearer abc", false),
            ("Bearer abc", false),
            ("Basic realm=\"x\"", false),
        ] {
            assert_eq!((CHALLENGE.recognises)(&Input::new(text.as_bytes())), is, "{text}");
        }
    }
}
