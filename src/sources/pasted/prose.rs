//! Errors in words: a code by itself, the message of a library, the complaint of curl.

use crate::{
    flow::transcript::{Failure, FailureKind, Observation, STATUS_NOT_SEEN},
    oauth::{
        http::HttpResponse,
        token::{BodyEncoding, TokenAnswer, read_answer},
    },
    providers::page_table,
    sources::{
        input::harmless,
        pasted::marks::{self, Mark},
    },
    text::html::visible_text,
};

/// How much of the text after a code is taken for its description.
const DESCRIPTION: usize = 300;

/// The sentence that follows an error code, as libraries write it: `code: sentence`, `(code) sentence`,
/// `"code" "sentence"`, `code, description=sentence`. It ends with its quotation mark, else with the line.
pub(crate) fn description(behind: &str) -> String {
    let line = behind.lines().next().unwrap_or_default();
    let rest = line.trim_start_matches(|c: char| c.is_whitespace() || "\"'\\)]:,;(-".contains(c));
    let quote = line[..line.len() - rest.len()].chars().next_back();
    let rest = ["error_description=", "description=", "msg="]
        .iter()
        .find_map(|name| rest.strip_prefix(name))
        .unwrap_or(rest);
    let (rest, quote) = match rest.strip_prefix(['"', '\'']) {
        Some(inner) => (inner, rest.chars().next()),
        None => (rest, quote),
    };
    let closing = quote
        .filter(|c| matches!(c, '"' | '\''))
        .and_then(|quote| rest.find(quote));
    let text: String = rest[..closing.unwrap_or(rest.len())]
        .chars()
        .take(DESCRIPTION)
        .collect();
    let text = text.trim_end_matches(|c: char| c.is_whitespace() || "\"'\\)]}".contains(c));
    // A further value of the same line is no sentence.
    let is_words = text.contains(' ') || text.contains(|c: char| !c.is_ascii());
    if is_words && !text.starts_with(['{', '[', '<']) {
        harmless(text)
    } else {
        String::new()
    }
}

/// A sentence of a server's, up to where whoever quotes it goes on.
pub(crate) fn sentence(text: &str) -> String {
    let end = text.find(['\n', '}', '<']).unwrap_or(text.len());
    let text: String = text[..end].chars().take(DESCRIPTION).collect();
    harmless(text.trim_end_matches(|c: char| c.is_whitespace() || "\"'\\)]".contains(c)))
}

/// The status with which a text begins.
pub(crate) fn status(text: &str) -> Option<u16> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let status = text[..digits].parse().ok()?;
    (digits == 3 && (100..600).contains(&status)).then_some(status)
}

/// True for a line that holds nothing but values of a list, quoted.
pub(crate) fn is_list(line: &str) -> bool {
    let line = line.trim();
    line.starts_with(['\'', '"'])
        && line.split(',').map(str::trim).all(|value| {
            value.is_empty()
                || value.len() > 1
                    && value.starts_with(['\'', '"'])
                    && value.ends_with(['\'', '"'])
                    && !value.contains([' ', ':'])
        })
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
pub(crate) const COMPLAINTS: &[(FailureKind, &[&str])] = &[
    (
        FailureKind::Cors,
        &[
            "blocked by cors policy",
            "cross-origin request blocked",
            "cors header ‘access-control-allow-origin’ missing",
        ],
    ),
    // What a proxy does comes first: the rest of such a line speaks of the server.
    (
        FailureKind::ProxySignIn,
        &[
            "response 407",
            "http code 407 from proxy",
            "proxy authentication required",
        ],
    ),
    (
        FailureKind::ProxyRefused,
        &[
            "connect tunnel failed",
            "from proxy after connect",
            "tunneling socket could not be established",
        ],
    ),
    (
        FailureKind::ProxyUnreachable,
        &[
            "curl: (5)",
            "could not resolve proxy",
            "proxyconnect tcp",
            "cannot connect to proxy",
        ],
    ),
    (
        FailureKind::Dns,
        &[
            "curl: (6)",
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
    // Each reason for which TLS fails before TLS itself, whose complaints the same lines hold.
    (
        FailureKind::CertificateExpired,
        &[
            "certificate has expired",
            "cert_has_expired",
            "certificateexpiredexception",
        ],
    ),
    (
        FailureKind::CertificateNotYetValid,
        &["not yet valid", "is not valid yet", "cert_not_yet_valid"],
    ),
    (
        FailureKind::CertificateOtherName,
        &[
            "no alternative certificate subject name",
            "altname_invalid",
            "hostname/ip does not match",
            "hostname mismatch",
            "x509: certificate is valid for",
            "no subject alternative",
        ],
    ),
    (
        FailureKind::CertificateUnknownAuthority,
        &[
            "self signed certificate",
            "self-signed certificate",
            "self_signed_cert",
            "unable to get local issuer certificate",
            "unable_to_get_issuer_cert",
            "unable_to_verify_leaf_signature",
            "unable to verify the first certificate",
            "certificate signed by unknown authority",
            "pkix path building failed",
        ],
    ),
    (
        FailureKind::TlsVersion,
        &[
            "unsupported protocol",
            "alert protocol version",
            "protocol version not supported",
        ],
    ),
    (
        FailureKind::NotTls,
        &[
            "wrong version number",
            "wrong_version_number",
            "does not look like a tls handshake",
            "packet length too long",
            "server gave http response to https client",
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
            "x509: ",
            "sslhandshakeexception",
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
            "i/o timeout",
            "connect timeout",
            "connecttimeout",
            "connect_timeout",
            "net/http: request canceled",
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

/// Of the complaints of a line, the one that says most: it comes first in the table.
pub(crate) fn most_telling(marks: &[(usize, Mark)]) -> Option<FailureKind> {
    marks
        .iter()
        .filter_map(|(_, mark)| match mark {
            Mark::Complaint(kind) => Some(*kind),
            _ => None,
        })
        .min_by_key(|kind| COMPLAINTS.iter().position(|(of, _)| of == kind))
}

/// What the complaint of a program means.
pub(crate) fn complaint(line: &str) -> Option<Failure> {
    let kind = most_telling(&marks::find(line))?;
    match failure(kind, line) {
        Observation::RequestFailed { failure, .. } => Some(failure),
        _ => None,
    }
}

/// A request that got no answer, by the line with the complaint of the program that sent it.
pub(crate) fn failure(kind: FailureKind, line: &str) -> Observation {
    let mut detail = harmless(&line.trim().chars().take(DESCRIPTION).collect::<String>());
    if !detail.ends_with(['.', '!', '?']) {
        detail.push('.');
    }
    Observation::RequestFailed {
        exchange: 1,
        failure: Failure::new(kind, detail),
        millis: 0,
    }
}

/// A page that was pasted without its status.
pub(crate) fn page_alone(text: &str) -> Option<Observation> {
    page(text, STATUS_NOT_SEEN)
}

/// A page of an authorization server with its HTTP head. A 404 may be that of any address, so it stays an answer.
pub(crate) fn page_of(response: &HttpResponse) -> Option<Observation> {
    let reading = read_answer(response);
    let is_page = matches!(reading.encoding, BodyEncoding::Html | BodyEncoding::Unknown);
    (is_page && reading.answer == TokenAnswer::NotATokenResponse && response.status != 404)
        .then(|| page(&response.text(), response.status))?
}
