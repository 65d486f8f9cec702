//! What the endpoints for programs say: GitHub's refusals word for word, in each of its three encodings (docs/github.md §3).

use std::fmt::Write as _;

use serde_json::Value;

use crate::{
    oauth::{
        http::{HttpRequest, HttpResponse},
        params::Params,
    },
    providers::github::errors::Refusal,
    text::html::escape,
};

/// The refusal in the words of RFC 6749 §4.1.2.1 and §5.2, which leave sentence and page open. Section 5.2 wants status 401
/// where the client authenticated by a header.
pub(crate) fn of_rfc_6749(refusal: Refusal, by_header: bool) -> Refusal {
    let (error, status) = match refusal.error {
        "incorrect_client_credentials" | "Not Found" if by_header => ("invalid_client", 401),
        "incorrect_client_credentials" | "Not Found" => ("invalid_client", 400),
        "redirect_uri_mismatch"
        | "bad_verification_code"
        | "bad_refresh_token"
        | "incorrect_device_code"
        | "unverified_user_email" => ("invalid_grant", 400),
        "device_flow_disabled" | "application_suspended" => ("unauthorized_client", 400),
        other => (other, 400),
    };
    Refusal {
        status,
        error,
        description: None,
        uri: None,
    }
}

/// The parameters `error`, `error_description`, `error_uri`, in that order.
pub(crate) fn members(refusal: &Refusal) -> Members {
    let mut members: Members = vec![("error", refusal.error.into())];
    members.extend(refusal.description.map(|text| ("error_description", text.into())));
    members.extend(refusal.uri.map(|uri| ("error_uri", uri.into())));
    members
}

/// The parameters that ride on a redirect; `state` comes last, and only if it was sent.
pub(crate) fn redirect_params(refusal: &Refusal, state: Option<&str>) -> Params {
    let mut params = to_params(&members(refusal));
    if let Some(state) = state {
        params.push("state", state);
    }
    params
}

/// Named values in the order in which they are written.
pub(crate) type Members = Vec<(&'static str, Value)>;

/// An encoding that the token endpoint can answer in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Form,
    Json,
    Xml,
}

impl Encoding {
    /// What `Accept` asks for: the first range with the greatest weight that names an encoding. Form for all else, `*/*`
    /// included (`FormEncodedByDefault`).
    pub(crate) fn asked_for(request: &HttpRequest) -> Self {
        let mut best: Option<(Self, f32)> = None;
        for range in request.header("accept").unwrap_or_default().split(',') {
            let mut parts = range.split(';').map(str::trim);
            let encoding = match parts.next().unwrap_or_default().to_ascii_lowercase().as_str() {
                "application/json" => Self::Json,
                "application/xml" | "text/xml" => Self::Xml,
                "application/x-www-form-urlencoded" | "*/*" => Self::Form,
                _ => continue,
            };
            let weight = parts
                .find_map(|parameter| parameter.strip_prefix("q="))
                .map_or(1.0, |weight| weight.parse().unwrap_or(0.0));
            if weight > 0.0 && best.is_none_or(|(_, greatest)| weight > greatest) {
                best = Some((encoding, weight));
            }
        }
        best.map_or(Self::Form, |(encoding, _)| encoding)
    }

    /// Writes an answer of the token endpoint.
    pub(crate) fn write(self, status: u16, members: &Members) -> HttpResponse {
        match self {
            Self::Form => answer(
                status,
                "application/x-www-form-urlencoded; charset=utf-8",
                to_params(members).encode(),
            ),
            Self::Json => json(
                status,
                &members
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), value.clone()))
                    .collect::<serde_json::Map<_, _>>()
                    .into(),
            ),
            Self::Xml => {
                let mut document = String::from("<OAuth>");
                for (name, value) in members {
                    let _ = write!(document, "<{name}>{}</{name}>", escape(&plain(value)));
                }
                document.push_str("</OAuth>");
                answer(status, "application/xml; charset=utf-8", document)
            }
        }
    }
}

/// A response with a body and the headers that every answer to a program has.
pub(crate) fn answer(status: u16, content_type: &str, body: impl Into<String>) -> HttpResponse {
    HttpResponse {
        status,
        headers: vec![
            ("Content-Type".into(), content_type.into()),
            ("Cache-Control".into(), "no-store".into()),
            ("X-Content-Type-Options".into(), "nosniff".into()),
        ],
        body: body.into().into_bytes(),
        ..HttpResponse::default()
    }
}

/// A JSON response.
pub(crate) fn json(status: u16, value: &Value) -> HttpResponse {
    answer(status, "application/json; charset=utf-8", value.to_string())
}

/// A redirect. Whatever no header may hold is percent-encoded, so that no redirect URI can break out of its line.
pub(crate) fn redirect(location: &str) -> HttpResponse {
    let mut safe = String::with_capacity(location.len());
    for byte in location.bytes() {
        if byte.is_ascii_graphic() {
            safe.push(char::from(byte));
        } else {
            let _ = write!(safe, "%{byte:02X}");
        }
    }
    HttpResponse {
        status: 302,
        headers: vec![
            ("Location".into(), safe),
            ("Cache-Control".into(), "no-store".into()),
            ("Referrer-Policy".into(), "no-referrer".into()),
        ],
        ..HttpResponse::default()
    }
}

fn to_params(members: &Members) -> Params {
    Params(
        members
            .iter()
            .map(|(name, value)| ((*name).to_owned(), plain(value)))
            .collect(),
    )
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use crate::oauth::token::{TokenAnswer, read_answer};
    use crate::providers::github::errors::*;
    use crate::simulator::server::response::*;

    #[test]
    fn accept_chooses_the_encoding() {
        for (accept, encoding) in [
            ("", Encoding::Form),
            ("*/*", Encoding::Form),
            ("text/html", Encoding::Form),
            ("application/json", Encoding::Json),
            ("application/json; charset=utf-8", Encoding::Json),
            ("Application/JSON, */*", Encoding::Json),
            ("application/xml", Encoding::Xml),
            ("text/xml;q=0.5, application/json;q=0.9", Encoding::Json),
            ("application/json;q=0", Encoding::Form),
        ] {
            let request = HttpRequest::get("/").with_header("Accept", accept);
            assert_eq!(Encoding::asked_for(&request), encoding, "{accept}");
        }
    }

    #[test]
    fn every_refusal_is_read_back_from_every_encoding() {
        for refusal in [
            MISMATCH_AT_EXCHANGE,
            INCORRECT_CLIENT_CREDENTIALS,
            BAD_VERIFICATION_CODE,
            UNVERIFIED_USER_EMAIL,
            BAD_REFRESH_TOKEN,
            VERIFIER_MISSING,
            NOT_FOUND,
        ] {
            for encoding in [Encoding::Form, Encoding::Json, Encoding::Xml] {
                let TokenAnswer::Error(error) =
                    read_answer(&encoding.write(refusal.status, &members(&refusal))).answer
                else {
                    panic!("{refusal:?} {encoding:?}")
                };
                assert_eq!(error.error, refusal.error);
                assert_eq!(error.error_description.as_deref(), refusal.description);
                assert_eq!(error.error_uri.as_deref(), refusal.uri);
            }
        }
    }

    #[test]
    fn a_redirect_stays_on_its_line() {
        let location = redirect("http://h/a\r\nSet-Cookie: x=1 é");
        assert_eq!(
            location.header("location"),
            Some("http://h/a%0D%0ASet-Cookie:%20x=1%20%C3%A9")
        );
    }
}
