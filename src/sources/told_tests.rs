//! What is told of small texts, finding by finding, and what is not: a false statement that is called observed is the worst.

use crate::{
    diagnosis::{Diagnosis, context::Facts, examine_facts, finding::Certainty},
    flow::transcript::Observation,
    oauth::{params::Params, time::Moment, token::request_params},
    providers::DEFAULT,
    render::explanation::{Style, explain},
    sources::read,
    text::catalog::{Language, Messages},
};

/// The codes of what is called observed, the first one first.
fn observed(text: &str) -> Vec<String> {
    told(text, Certainty::Observed)
}

/// The codes of what is called so, the first one first.
fn told(text: &str, certainty: Certainty) -> Vec<String> {
    let transcript = read(text.as_bytes(), Moment(0)).unwrap_or_else(|refusal| panic!("{text}\n{refusal:?}"));
    let findings = Diagnosis::of(&transcript).findings;
    findings
        .iter()
        .filter(|finding| finding.certainty == certainty)
        .map(|finding| {
            let code = serde_json::to_value(finding.code).expect("a code");
            code.as_str().expect("a word").to_owned()
        })
        .collect()
}

pub(super) fn is_told(cases: &[(&str, &[&str])]) {
    for (text, codes) in cases {
        assert_eq!(observed(text), *codes, "{text}");
    }
}

/// The parameters of the request that a text holds.
fn sent(text: &str) -> Params {
    let transcript = read(text.as_bytes(), Moment(0)).expect(text);
    let mut entries = transcript.entries.iter();
    let request = entries.find_map(|entry| match &entry.observation {
        Observation::RequestSent { request, .. } => Some(request_params(request)),
        _ => None,
    });
    request.unwrap_or_else(|| panic!("no request: {text}"))
}

#[test]
fn what_a_program_answers_may_hold_the_answer_that_it_got() {
    is_told(&[
        (
            "{'code_of_reply': 1, 'status': 502, 'body': '{\"upstream\":{\"error\":\"redirect_uri_mismatch\"}}'}",
            &["redirect_uri_refused"],
        ),
        (
            "{ status: 500, body: '{\"message\":\"kaput\"}' }",
            &["server_failed"],
        ),
    ]);
}

const REFUSED_GRANT: &str =
    "< HTTP/1.1 400 Bad Request\n< Content-Type: application/json\n\n{\"error\":\"invalid_grant\"}";

#[test]
fn a_refused_grant_may_be_the_code_the_redirect_uri_or_the_verifier() {
    let request = |and: &str| {
        format!(
            "curl https://id.example/token -d grant_type=authorization_code -d code=a9f1 -d client_id=shop \
             -d redirect_uri=https://shop.example/cb{and}\n{REFUSED_GRANT}"
        )
    };
    let causes = |verifier| {
        vec![
            "redirect_uri_differs_at_exchange",
            "code_reused",
            "code_expired",
            verifier,
        ]
    };
    assert_eq!(
        told(&request(""), Certainty::Possible),
        causes("pkce_verifier_missing")
    );
    assert_eq!(
        told(
            &request(" -d code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            Certainty::Possible
        ),
        causes("pkce_verifier_wrong")
    );
    let bare = told(r#"{"error":"invalid_grant"}"#, Certainty::Possible);
    assert_eq!(
        bare,
        [
            "redirect_uri_differs_at_exchange",
            "code_reused",
            "code_expired",
            "code_issued_to_another_client",
        ]
    );
    // A refresh token is no code.
    let refresh = format!(
        "curl https://id.example/token -d grant_type=refresh_token -d refresh_token=r1\n{REFUSED_GRANT}"
    );
    assert_eq!(told(&refresh, Certainty::Possible), [""; 0]);
}

#[test]
fn what_is_known_of_one_server_is_not_said_of_another() {
    let text = format!(
        "curl https://id.example/token -d grant_type=authorization_code -d code=a9f1 -d client_id=shop\n{REFUSED_GRANT}"
    );
    let transcript = read(text.as_bytes(), Moment(0)).expect("a text");
    let messages = Messages::new(Language::English);
    let facts = Facts::of(&transcript);
    let findings = examine_facts(&facts);
    let explanation = explain(&facts, &findings, &messages, Style::of_width(76));
    assert_eq!(
        explanation.sentence,
        "The authorization server did not accept the grant (invalid_grant): the code, or what was sent with it."
    );
    let shown: String = explanation
        .sections
        .iter()
        .flat_map(|s| &s.lines)
        .map(|l| l.text() + "\n")
        .collect();
    assert!(!shown.contains("20 hex") && !shown.contains("10 min"), "{shown}");
}

#[test]
fn the_status_above_a_dump_is_that_of_the_answer_in_it() {
    let text = "HttpError: Request failed with status code 400\n    at send (/srv/http.js:9:3)\n  config: {\n    \
                url: 'https://id.example/token',\n    method: 'post',\n    \
                data: 'grant_type=authorization_code&code=a9f1&client_id=shop'\n  },\n  \
                response: { status: 400, data: { error: 'invalid_grant' } }\n";
    let transcript = read(text.as_bytes(), Moment(0)).expect("a text");
    let received = transcript
        .entries
        .iter()
        .filter(|entry| matches!(entry.observation, Observation::ResponseReceived { .. }));
    assert_eq!(received.count(), 1);
    assert_eq!(observed(text), ["grant_refused"]);
}

#[test]
fn a_body_goes_where_the_line_above_it_says() {
    for line in [
        "POST https://id.example/token",
        "12:01:07 debug: POST \"https://id.example/token\"",
        "-> POST https://id.example/token\n",
    ] {
        let line = line.replace("\"https", "https");
        let text = format!("{line}\ngrant_type=authorization_code&code=a9f1&client_id=shop\n{REFUSED_GRANT}");
        let transcript = read(text.as_bytes(), Moment(0)).expect("a text");
        let urls: Vec<&str> = transcript
            .entries
            .iter()
            .filter_map(|entry| match &entry.observation {
                Observation::RequestSent { request, .. } => Some(request.url.as_str()),
                _ => None,
            })
            .collect();
        assert_eq!(urls, ["https://id.example/token"], "{text}");
    }
}

#[test]
fn the_words_of_a_server_are_told_without_its_code() {
    is_told(&[
        (
            "boom: Malformed auth code.\n    at run (app.js:1)",
            &["code_refused"],
        ),
        (
            "login failed: expired authorization code",
            &["code_expired", "code_refused"],
        ),
        (
            "ERROR token: AADSTS7000215: Invalid client secret provided.",
            &["client_secret_wrong", "credentials_refused"],
        ),
        // The number is another one.
        (
            "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS70002159\"}",
            &["credentials_refused"],
        ),
        (
            "{\"result\":\"no\",\"message\":\"Invalid redirect_uri\"}",
            &["redirect_uri_refused"],
        ),
        (
            "{\"error_type\":\"X\",\"error_message\":\"This authorization code has been used\"}",
            &["code_reused", "code_refused"],
        ),
    ]);
}

#[test]
fn a_status_in_words_is_that_of_the_answer() {
    is_told(&[
        (
            "oauth2: cannot fetch token: 404 Not Found\nResponse: <!DOCTYPE html><html><title>no</title></html>",
            &["endpoint_not_found"],
        ),
        (
            "HTTPError: Request failed with status code 503 on /login/oauth/access_token",
            &["server_failed"],
        ),
        ("404", &["endpoint_not_found"]),
        // A list of the complaints at which a client tries again is none.
        (
            "HTTPError: Request failed with status code 404: POST https://h.example/token {\n  codes: [\n    'ETIMEDOUT', 'ECONNRESET',\n    'ENOTFOUND'\n  ]\n}",
            &["endpoint_not_found"],
        ),
    ]);
}

#[test]
fn a_command_with_which_a_browser_follows_a_redirect_is_that_redirect() {
    is_told(&[
        (
            "curl 'http://localhost:1/callback?code=0123456789abcdef0123&state=abcdefgh' -H 'A: b'",
            &["redirect_pasted"],
        ),
        (
            "HTTP/1.1 302 Found\nLocation: https://h.example/login/oauth/authorize?client_id=i&state=abcdefgh&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256\n\n",
            &["authorization_request_pasted"],
        ),
    ]);
}

#[test]
fn a_server_that_judges_the_code_has_read_a_request_by_get() {
    let text = |answer: &str| {
        format!(
            "$ curl 'https://h.example/token?client_id=i&client_secret=0123456789012345678901234567890123456789&code=0123456789abcdef0123'\n{answer}"
        )
    };
    assert_eq!(
        observed(&text("{\"error\":\"redirect_uri_mismatch\"}"))[0],
        "redirect_uri_refused"
    );
    assert_eq!(
        observed(&text("{\"error\":\"Not Found\"}"))[0],
        "token_request_not_post"
    );
}

#[test]
fn a_request_that_begins_on_an_earlier_line_is_read_whole() {
    for text in [
        "  config: {\n    url: 'https://h.example/token', method: 'post',\n    auth: { username: 'i', password: 's' },\n    data: 'grant_type=authorization_code&code=c'\n  },\n  response: { status: 401, data: { error: 'invalid_client' } }",
        "Array\n(\n    [client_id] => i\n    [client_secret] => undefined\n    [code] => c\n)\nArray\n(\n    [error] => invalid_client\n)",
        "{client_id=i, client_secret=undefined, code=c}\n{error=invalid_client}",
    ] {
        let told = observed(text);
        for never in ["client_id_empty", "client_secret_empty", "client_secret_omitted"] {
            assert!(!told.iter().any(|code| code == never), "{text}\n{told:?}");
        }
        assert!(
            told.iter().any(|code| code == "credentials_refused"),
            "{text}\n{told:?}"
        );
    }
    // One parameter of a command says nothing of the others.
    let told = observed(
        "$ http POST https://h.example/token client_id=i client_secret=undefined code=c\n{\"error\":\"invalid_client\"}",
    );
    assert!(!told.contains(&"client_id_empty".to_owned()), "{told:?}");
}

#[test]
fn both_sides_of_a_console_entry_are_read() {
    let text = "POST https://h.example/token: {\n  \"Request Headers\": { \"accept\": \"a/b\" },\n  \"Request Body\": { \"client_id\": \"i\", \"client_secret\": \"s s\", \"code\": \"c\" },\n  \"Response Body\": \"{\\\"error\\\":\\\"invalid_client\\\"}\"\n}";
    assert_eq!(sent(text).get("client_secret"), Some("s s"));
    assert!(observed(text).contains(&"credentials_refused".to_owned()));
}

#[test]
fn what_another_program_printed_is_no_file_of_settings() {
    let text = "HTTPError: no\n    at run (a.js:1)\n{\n  options: {\n    'client_id': 'i',\n    status: 404,\n  }\n}";
    let told = read(text.as_bytes(), Moment(0)).map(|transcript| Diagnosis::of(&transcript).findings.len());
    assert!(told.is_err() || !observed(text).contains(&"settings_read".to_owned()));
}

#[test]
fn a_line_of_a_web_server_tells_of_one_redirect_and_of_no_token_request() {
    let asked = "GET /cb?code=5f0c2d1be4a7093c6d18&state=pQ7rT2mK";
    let failed = |what: &str| {
        format!(
            "2026/11/27 10:00:00 [error] 7#7: *3 {what}, client: ::1, request: \"{asked} HTTP/1.1\", upstream: \"http://127.0.0.1:3000/{}\"",
            &asked[5..]
        )
    };
    is_told(&[
        (
            &failed("connect() failed (111: Connection refused) while connecting to upstream"),
            &["redirect_not_passed_on"],
        ),
        (
            &failed(
                "upstream timed out (110: Connection timed out) while reading response header from upstream",
            ),
            &["redirect_not_passed_on"],
        ),
        // Another request of the same site failed.
        (
            "2026/11/27 10:00:00 [error] 7#7: *3 connect() failed (111: Connection refused) while connecting to upstream, client: ::1, request: \"GET /a HTTP/1.1\", upstream: \"http://127.0.0.1:3000/a\"\nGET /cb?code=5f0c2d1be4a7093c6d18&state=pQ7rT2mK 302",
            &["redirect_pasted"],
        ),
        // The page at the redirect URI asks for its icon.
        (
            &format!(
                "::1 - - [27/Nov/2026:10:00:00 +0000] \"{asked} HTTP/1.1\" 200 5 \"-\" \"x\"\n::1 - - [27/Nov/2026:10:00:01 +0000] \"GET /favicon.ico HTTP/1.1\" 404 5 \"http://localhost/{}\" \"x\"",
                &asked[5..]
            ),
            &["redirect_pasted", "log_holds_too_little"],
        ),
        // The server's own log.
        (
            "::1 - - [27/Nov/2026:10:00:00 +0000] \"POST /login/oauth/access_token HTTP/1.1\" 400 5 \"-\" \"x\"",
            &["answer_not_shown"],
        ),
    ]);
}

#[test]
fn what_the_program_answers_to_its_browser_is_no_token_response() {
    is_told(&[
        (
            "GET /cb?code=5f0c2d1be4a7093c6d18&state=pQ7rT2mK HTTP/1.1\nHost: localhost\n\nHTTP/1.1 302 Found\nLocation: /\n\n",
            &["redirect_pasted"],
        ),
        (
            "GET /cb?code=5f0c2d1be4a7093c6d18&state=pQ7rT2mK HTTP/1.1\nHost: localhost\n\nHTTP/1.1 500 Internal Server Error\nContent-Type: application/json\n\n{\"error\":\"bad_verification_code\"}\n",
            &["code_refused"],
        ),
    ]);
}

#[test]
fn a_name_is_no_placeholder_where_people_name_their_clients() {
    let refused = |host: &str| {
        format!(
            "POST /token HTTP/1.1\nHost: {host}\n\nclient_id=my-client&client_secret=7d3e0b5a918c46f2e8d1a09b7c54f36e2018ad9b&code=c0de\n\nHTTP/1.1 401 Unauthorized\n\n{{\"error\":\"invalid_client\"}}"
        )
    };
    is_told(&[
        (&refused("id.example"), &["credentials_refused"]),
        (
            &refused("id.example").replace("my-client", "your-client-id"),
            &["client_id_is_placeholder", "credentials_refused"],
        ),
        (
            &refused(DEFAULT.main_host.unwrap_or_default())
                .replace("invalid_client", "incorrect_client_credentials"),
            &["client_id_is_placeholder", "credentials_refused"],
        ),
    ]);
}

#[test]
fn a_list_of_complaints_is_told_as_words() {
    let text = r#"{"error":"invalid_request","error_description":"[{\"code\":\"invalid_type\",\"path\":[\"client_id\"],\"message\":\"Required\"}]"}"#;
    let findings = Diagnosis::of(&read(text.as_bytes(), Moment(0)).expect(text)).findings;
    let told = findings
        .iter()
        .find_map(|finding| finding.value("error_description"));
    assert_eq!(told, Some("client_id: Required"), "{findings:?}");
}

#[test]
fn a_refusal_that_speaks_of_the_verifier_leads_to_it_when_the_request_has_none() {
    for (host, path, error) in [
        (
            "id.example",
            "token",
            r#""error":"invalid_request","error_description":"code verification failed""#,
        ),
        (
            DEFAULT.main_host.unwrap_or_default(),
            "login/oauth/access_token",
            r#""error":"invalid_grant""#,
        ),
    ] {
        let text = format!(
            "POST /{path} HTTP/1.1\nHost: {host}\n\ngrant_type=authorization_code&client_id=Ov23liAbCdEfGhIjKlMn&code=5f0c2d1be4a7093c6d18\n\nHTTP/1.1 400 Bad Request\n\n{{{error}}}"
        );
        let findings = Diagnosis::of(&read(text.as_bytes(), Moment(0)).expect(&text)).findings;
        let found = findings
            .iter()
            .any(|f| f.code.name() == "pkce_verifier_missing" && f.certainty == Certainty::Likely);
        assert!(found, "{text}\n{findings:?}");
    }
}
