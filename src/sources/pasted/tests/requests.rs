//! Requests and complaints in every dress.

use super::{JSON, response};
use crate::{
    flow::transcript::FailureKind,
    oauth::{
        params::Params,
        secret::MASK,
        time::Moment,
        token::{TokenAnswer, read_answer, request_params},
    },
    sources::{pasted::*, read},
};

pub(super) fn observations(text: &str) -> Vec<Observation> {
    let transcript = read(text.as_bytes(), Moment(0)).unwrap_or_else(|refusal| panic!("{text}\n{refusal:?}"));
    transcript
        .entries
        .into_iter()
        .map(|entry| entry.observation)
        .collect()
}

fn token_request(text: &str) -> Params {
    match observations(text).into_iter().next() {
        Some(Observation::RequestSent { request, .. }) => request_params(&request),
        other => panic!("{text}\n{other:?}"),
    }
}

#[test]
fn token_requests_in_every_dress() {
    for text in [
        "client_id=i&client_secret=s+x&code=c",
        "?client_id=i&client_secret=s+x&code=c",
        r#"{"client_id":"i","client_secret":"s x","code":"c"}"#,
        "https://github.com/login/oauth/access_token?client_id=i&client_secret=s+x&code=c",
        "POST /login/oauth/access_token HTTP/1.1\nHost: github.com\n\nclient_id=i&client_secret=s+x&code=c",
        "DEBUG sending client_id=i&client_secret=s+x&code=c to github",
        r#"DEBUG body={"client_id":"i","client_secret":"s x","code":"c"}"#,
        "curl https://github.com/login/oauth/access_token -d client_id=i -d 'client_secret=s+x' -dcode=c",
        "$ curl -sX POST \\\n  --data \"client_id=i&code=c\" \\\n  --data-urlencode 'client_secret=s x' https://h/token",
        "curl -u i:s+x https://h/token --data-raw code=c\\&grant_type=authorization_code",
        "curl -G https://h/token -d client_id=i -d client_secret=s+x -d code=c | jq .",
        "curl https://h/token --json '{\"client_id\":\"i\",\"client_secret\":\"s x\",\"code\":\"c\"}'",
    ] {
        let sent = token_request(text);
        assert_eq!(
            ["client_id", "client_secret", "code"].map(|name| sent.get(name)),
            [Some("i"), Some("s x"), Some("c")],
            "{text}"
        );
    }
}

#[test]
fn what_the_shell_puts_in_is_not_seen() {
    let text = "curl https://h/token -d \"client_id=i&client_secret=$SECRET&code=${CODE}\" -d 'state=$STATE'";
    let sent = token_request(text);
    for name in ["client_secret", "code"] {
        assert!(sent.get(name).unwrap().chars().all(|c| c == MASK), "{name}");
    }
    // Single quotes keep it from the shell: it goes out as it stands.
    assert_eq!(sent.get("state"), Some("$STATE"));
    assert!(read(b"curl https://h/token -d @body.txt", Moment(0)).is_err());
}

#[test]
fn a_request_and_its_answer_stand_in_one_text() {
    for text in [
        format!("curl https://github.com/login/oauth/access_token -d 'client_id=i&code=c'\n{JSON}"),
        format!(
            "POST /login/oauth/access_token HTTP/1.1\nHost: github.com\n\nclient_id=i&code=c\n\nHTTP/1.1 200 OK\n\n{JSON}"
        ),
        format!("> client_id=i&code=c\n< {JSON}"),
        "curl https://h/token -d 'client_id=i&code=c'\ncurl: (7) Failed to connect".into(),
    ] {
        let both = observations(&text);
        assert!(matches!(both[0], Observation::RequestSent { .. }), "{text}");
        assert!(
            matches!(
                both[1],
                Observation::ResponseReceived { .. } | Observation::RequestFailed { .. }
            ),
            "{text}"
        );
        assert_eq!(both.len(), 2, "{text}");
    }
}

#[test]
fn complaints_about_a_connection_are_told_apart() {
    for (text, kind) in [
        (
            "curl: (60) SSL certificate problem: certificate has expired",
            FailureKind::CertificateExpired,
        ),
        (
            "tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time",
            FailureKind::CertificateExpired,
        ),
        (
            "curl: (60) SSL certificate problem: certificate is not yet valid",
            FailureKind::CertificateNotYetValid,
        ),
        (
            "Error [ERR_TLS_CERT_ALTNAME_INVALID]: Hostname/IP does not match certificate's altnames",
            FailureKind::CertificateOtherName,
        ),
        (
            "curl: (60) SSL certificate problem: unable to get local issuer certificate",
            FailureKind::CertificateUnknownAuthority,
        ),
        (
            "curl: (35) error:0A000102:SSL routines::unsupported protocol",
            FailureKind::TlsVersion,
        ),
        (
            "curl: (35) error:0A00010B:SSL routines::wrong version number",
            FailureKind::NotTls,
        ),
        (
            "curl: (35) TLS connect error: handshake failure",
            FailureKind::Tls,
        ),
        (
            "curl: (56) CONNECT tunnel failed, response 407",
            FailureKind::ProxySignIn,
        ),
        (
            "curl: (56) CONNECT tunnel failed, response 403",
            FailureKind::ProxyRefused,
        ),
        (
            "curl: (5) Could not resolve proxy: proxy.example",
            FailureKind::ProxyUnreachable,
        ),
        (
            "curl: (7) Failed to connect to github.com port 443",
            FailureKind::Connect,
        ),
    ] {
        match &observations(text)[0] {
            Observation::RequestFailed { failure, .. } => assert_eq!(failure.kind, kind, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn authorization_requests_by_their_address() {
    for (text, id, github) in [
        (
            "https://github.com/login/oauth/authorize?client_id=i&amp;state=s",
            "i",
            true,
        ),
        (
            "https://git.example.test/login/oauth/authorize?client_id=i",
            "i",
            true,
        ),
        (
            "https://github.com/login?client_id=x&return_to=%2Flogin%2Foauth%2Fauthorize%3Fclient_id%3Di",
            "i",
            true,
        ),
        (
            "https://id.example.test/authorize?client_id=i&response_type=code",
            "i",
            false,
        ),
        (
            "?client_id=undefined&redirect_uri=http%3A%2F%2Flocalhost",
            "undefined",
            true,
        ),
        (
            "open <https://github.com/login/oauth/authorize?client_id=i>",
            "i",
            true,
        ),
    ] {
        match observations(text).remove(0) {
            Observation::AuthorizationStarted {
                configuration,
                request,
            } => {
                assert_eq!(request.params.get("client_id"), Some(id), "{text}");
                let profile = configuration.provider.profile;
                assert_eq!(
                    profile.family == crate::providers::DEFAULT.family,
                    github,
                    "{text}"
                );
            }
            other => panic!("{text}\n{other:?}"),
        }
    }
}

#[test]
fn errors_of_libraries_say_what_they_quote() {
    for (text, error, description) in [
        (
            "incorrect_client_credentials",
            "incorrect_client_credentials",
            None,
        ),
        (
            "The code passed is incorrect or expired.",
            "bad_verification_code",
            Some("The code passed is incorrect or expired."),
        ),
        (
            "TokenError: The client_id and/or client_secret passed are incorrect.",
            "incorrect_client_credentials",
            Some("The client_id and/or client_secret passed are incorrect."),
        ),
        (
            "(invalid_grant) Code not valid",
            "invalid_grant",
            Some("Code not valid"),
        ),
        (
            "OPError: invalid_client (Client authentication failed)\n    at parse",
            "invalid_client",
            Some("Client authentication failed"),
        ),
        (
            "[incorrect_client_credentials] An error occurred",
            "incorrect_client_credentials",
            Some("An error occurred"),
        ),
    ] {
        match read_answer(&response(text.as_bytes())).answer {
            TokenAnswer::Error(found) => {
                assert_eq!(
                    (found.error.as_str(), found.error_description.as_deref()),
                    (error, description)
                );
            }
            other => panic!("{text}\n{other:?}"),
        }
    }
    // A name in a path or a longer word is none.
    for text in ["docs/invalid_grant.md", "my_invalid_grant_counter"] {
        assert!(read(text.as_bytes(), Moment(0)).is_err(), "{text}");
    }
}
