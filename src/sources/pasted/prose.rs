//! Errors in words: a code by itself, the message of a library, the complaint of curl.

use std::collections::BTreeSet;

use serde_json::json;

use crate::{
    flow::transcript::{Failure, FailureKind, Observation, STATUS_NOT_SEEN},
    providers::{error_table, github::errors, page_table},
    sources::input::harmless,
    text::html::visible_text,
};

/// How much of the text after a code is taken for its description.
const DESCRIPTION: usize = 300;

/// A refusal in words, as the body of the answer that they quote.
pub(crate) fn refusal(text: &str) -> Option<String> {
    if let Some((refusal, sentence)) = errors::quoted_in(text) {
        return Some(
            json!({ "error": refusal.error, "error_description": format!("{sentence}.") }).to_string(),
        );
    }
    let (code, behind) = known_code(text)?;
    let line = behind.lines().next().unwrap_or_default();
    let line = line.trim_start_matches(|c: char| c.is_whitespace() || "\"')]:,;(-".contains(c));
    let description: String = line.chars().take(DESCRIPTION).collect();
    let description = description.trim_end_matches(|c: char| c.is_whitespace() || "\"')]".contains(c));
    Some(if description.is_empty() {
        json!({ "error": code }).to_string()
    } else {
        json!({ "error": code, "error_description": harmless(description) }).to_string()
    })
}

/// The first word of a text that is an error code, and what follows it.
fn known_code(text: &str) -> Option<(&'static str, &str)> {
    let known: BTreeSet<&'static str> = error_table::known_errors()
        .filter(|code| !code.contains(' '))
        .collect();
    let shortest = known.iter().map(|code| code.len()).min()?;
    let mut at = 0;
    for word in text.split_inclusive(|c: char| !(c.is_ascii_alphanumeric() || c == '_')) {
        let start = at;
        at += word.len();
        if word.len() < shortest {
            continue;
        }
        let bare = word.trim_end_matches(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        let before = text[..start].chars().next_back();
        // Part of a path or a file's name, it is something else.
        let alone = before.is_none_or(|c| !"/.-#".contains(c));
        if alone && let Some(code) = known.get(bare) {
            return Some((code, &text[at - word.len() + bare.len()..]));
        }
    }
    None
}

/// The message of a JSON reader that met another encoding, without what it may quote of the answer.
pub(crate) fn misread(text: &str) -> Option<String> {
    let line = text.lines().find(|line| error_table::misread(line).is_some())?;
    Some(harmless(&line.chars().take(DESCRIPTION).collect::<String>()))
}

/// A page of an authorization server, as markup or as its text.
pub(crate) fn page(text: &str, status: u16) -> Option<Observation> {
    // A long text as a whole does not belong to a page; its first words tell what it is.
    const MOST: usize = 400_000;
    const KEPT: usize = 2000;
    if text.len() > MOST {
        return None;
    }
    let plain = visible_text(text);
    page_table::meaning(&plain)?;
    Some(Observation::PageSeen {
        status,
        text: harmless(&plain.chars().take(KEPT).collect::<String>()),
    })
}

/// The complaints of curl and of the network layers below programs, each with what it means; letter case does not count.
const COMPLAINTS: [(FailureKind, &[&str]); 6] = [
    (
        FailureKind::Dns,
        &[
            "curl: (6)",
            "curl: (5)",
            "could not resolve host",
            "enotfound",
            "eai_again",
            "no such host",
            "name or service not known",
            "nodename nor servname",
            "failed to lookup address",
            "temporary failure in name resolution",
            "getaddrinfo failed",
            "unknownhostexception",
        ],
    ),
    (
        FailureKind::Tls,
        &[
            "curl: (60)",
            "curl: (35)",
            "ssl certificate problem",
            "certificate verify failed",
            "certificate_verify_failed",
            "self signed certificate",
            "self-signed certificate",
            "self_signed_cert",
            "unable to get local issuer certificate",
            "unable_to_verify_leaf_signature",
            "unable to verify the first certificate",
            "x509: ",
            "sslhandshakeexception",
            "pkix path building failed",
        ],
    ),
    (
        FailureKind::Connect,
        &[
            "curl: (7)",
            "econnrefused",
            "connection refused",
            "actively refused",
            "no route to host",
            "ehostunreach",
            "network is unreachable",
            "enetunreach",
        ],
    ),
    (
        FailureKind::TimedOut,
        &[
            "curl: (28)",
            "etimedout",
            "operation timed out",
            "connection timed out",
            "context deadline exceeded",
            "read timed out",
            "request timed out",
        ],
    ),
    (
        FailureKind::Interrupted,
        &[
            "curl: (52)",
            "curl: (56)",
            "econnreset",
            "connection reset by peer",
            "socket hang up",
            "empty reply from server",
        ],
    ),
    (
        FailureKind::BadUrl,
        &["curl: (3)", "malformed url", "bad/illegal format"],
    ),
];

/// A request that got no answer, by the complaint of the program that sent it.
pub(crate) fn failure(text: &str) -> Option<Observation> {
    Some(Observation::RequestFailed {
        exchange: 1,
        failure: complaint(text)?,
        millis: 0,
    })
}

/// What a complaint means.
pub(crate) fn complaint(text: &str) -> Option<Failure> {
    // Such a complaint is a line or two; a long text that mentions one is something else.
    const LONGEST: usize = 20_000;
    if text.len() > LONGEST {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let (kind, at) = COMPLAINTS
        .iter()
        .find_map(|(kind, marks)| Some((*kind, marks.iter().find_map(|mark| lower.find(mark))?)))?;
    let start = text[..at].rfind('\n').map_or(0, |found| found + 1);
    let line = text[start..].lines().next().unwrap_or_default().trim();
    let mut detail = harmless(&line.chars().take(DESCRIPTION).collect::<String>());
    if !detail.ends_with(['.', '!', '?']) {
        detail.push('.');
    }
    Some(Failure { kind, detail })
}

/// A page that was pasted without its status.
pub(crate) fn page_alone(text: &str) -> Option<Observation> {
    page(text, STATUS_NOT_SEEN)
}
