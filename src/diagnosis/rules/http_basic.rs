//! Client authentication by HTTP Basic (RFC 6749 §2.3.1; docs/github.md §3): what can go wrong with the header itself.

use crate::{
    diagnosis::{
        Verdict,
        build::is_masked,
        context::Facts,
        finding::{Certainty, Evidence, Finding},
        rule::{Code, RemedyCode},
        rules::{client_secret::refused, credentials::current_request},
    },
    flow::{configuration::Field, secret_facts::Place},
    oauth::{http::HttpRequest, params::Params, token::request_params},
};

/// The rules of this topic, a row each; `diagnosis/rule.rs` says what the columns mean.
macro_rules! rows {
    ($then:ident $($before:tt)*) => { $crate::diagnosis::$then! { $($before)*
        /// The `Basic` header cannot be taken apart.
        BasicHeaderUnreadable = "basic_header_unreadable": Credentials, Cause of [HttpBasic],
            basic_unreadable;

        /// The `Basic` pair holds a second colon, so that it is cut in the wrong place.
        BasicPairHasColon = "basic_pair_has_colon": Credentials, Cause of [HttpBasic], basic_colon;

        /// Credentials are in the `Basic` header and in the body (RFC 6749 §2.3 allows one of them).
        ClientAuthenticatedTwice = "client_authenticated_twice": Credentials, Cause of [HttpBasic], twice;
    } };
}
pub(crate) use rows;

rows! { as_checks }

/// The `Authorization` header of a token request.
enum Basic {
    /// There is none, or it is of another scheme.
    Absent,
    /// It is not the base64 form of a text.
    Unreadable,
    /// Id, colon, secret, as they were encoded.
    Pair(String),
}

fn basic(request: &HttpRequest) -> Basic {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let header = request
        .header("authorization")
        .and_then(|header| header.split_once(' '));
    match header {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("basic") => STANDARD
            .decode(rest.trim())
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .map_or(Basic::Unreadable, Basic::Pair),
        _ => Basic::Absent,
    }
}

fn basic_unreadable(facts: &Facts<'_>) -> Verdict {
    let (true, Some(request)) = (refused(facts), current_request(facts)) else {
        return Verdict::NotEnough;
    };
    let header = request.header("authorization").unwrap_or_default();
    match basic(request) {
        // A saved pair can be read; what is hidden whole was no pair.
        Basic::Unreadable if !is_masked(header) || facts.transcript.secrets.is_some() => {}
        Basic::Pair(pair) if !pair.contains(':') => {}
        _ => return Verdict::Fine(None),
    }
    Verdict::Found(
        Finding::observed(Code::BasicHeaderUnreadable)
            .with(Evidence::secret("authorization_header", header))
            .put(
                RemedyCode::UseClientSecretPost,
                Field::ClientAuthentication,
                "client_secret_post",
            ),
    )
}

fn basic_colon(facts: &Facts<'_>) -> Verdict {
    let (true, Some(request)) = (refused(facts), current_request(facts)) else {
        return Verdict::NotEnough;
    };
    let Basic::Pair(pair) = basic(request) else {
        return Verdict::NotEnough;
    };
    let colons = pair.matches(':').count();
    if colons < 2 {
        return Verdict::Fine(None);
    }
    let (id, secret) = pair.split_once(':').unwrap_or_default();
    Verdict::Found(
        Finding::observed(Code::BasicPairHasColon)
            .show_id("client_id_read", id)
            .with(Evidence::secret("client_secret_read", secret))
            .show("colons", colons.to_string())
            .put(
                RemedyCode::UseClientSecretPost,
                Field::ClientAuthentication,
                "client_secret_post",
            )
            .edit_secret(),
    )
}

fn twice(facts: &Facts<'_>) -> Verdict {
    let (true, Some(request)) = (refused(facts), current_request(facts)) else {
        return Verdict::NotEnough;
    };
    let Basic::Pair(pair) = basic(request) else {
        return Verdict::Fine(None);
    };
    let body = request_params(&HttpRequest {
        headers: Vec::new(),
        ..request.clone()
    });
    let Some(in_body) = body.get("client_secret") else {
        return Verdict::Fine(None);
    };
    let in_header = Params::decode(&format!("v={}", pair.split_once(':').map_or("", |(_, s)| s)));
    let in_header = in_header.get("v").unwrap_or_default();
    let Some(current) = facts.current() else {
        return Verdict::NotEnough;
    };
    let header = facts.secret_of(&current.exchange, Place::ClientSecret, in_header);
    let beside = facts.secret_of(&current.exchange, Place::ClientSecretInBody, in_body);
    let is_right = |one| facts.registered_secret().and_then(|record| record.equals(one));
    let certainty = if header.equals(beside) == Some(true) {
        Certainty::Possible
    } else if matches!((is_right(header), is_right(beside)), (Some(one), Some(two)) if one != two) {
        // The right one was sent, and beside it another.
        Certainty::Observed
    } else {
        Certainty::Likely
    };
    Verdict::Found(
        Finding::new(Code::ClientAuthenticatedTwice, certainty)
            .with(Evidence::secret("client_secret_in_header", in_header))
            .with(Evidence::secret("client_secret_in_body", in_body))
            .put(
                RemedyCode::UseClientSecretPost,
                Field::ClientAuthentication,
                "client_secret_post",
            ),
    )
}
