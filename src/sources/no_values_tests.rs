//! What stands beside values and is none: source code, the next line of a log, an answer behind its request.

use crate::sources::told_tests::is_told;

#[test]
fn what_source_code_asks_for_and_the_next_line_of_a_log_are_no_values() {
    is_told(&[
        (
            "  fetch_token(os.environ['T'],client_id=os.environ['ID'],client_secret=os.environ['SECRET'],code=os.environ['CODE'])\nCustomOAuth2Error: (bad_verification_code) The code passed is incorrect or expired.",
            &["code_refused"],
        ),
        (
            "POST /login/oauth/access_token HTTP/1.1\nHost: localhost\nContent-Length: 165\n\nNov 27, 2026 3:13:02 PM jdk.internal.net.http.Http1Response\n(POST http://localhost/login/oauth/access_token) 200 {\"error\":\"bad_verification_code\"}",
            &["code_refused"],
        ),
    ]);
}

#[test]
fn an_answer_behind_a_request_of_a_file_is_no_part_of_its_form() {
    is_told(&[(
        "### exchange\nPOST https://h.example/login/oauth/access_token\nContent-Type: application/x-www-form-urlencoded\n\nclient_id=i&client_secret=s3cretOfAnotherShape\n&code=c\n&redirect_uri=https%3A%2F%2Fapp.example%2Fcb\n\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n{\"error\":\"invalid_client\"}",
        &["credentials_refused", "error_with_status_200"],
    )]);
}

#[test]
fn the_carets_of_an_older_copy_are_no_part_of_its_values() {
    is_told(&[(
        "curl \"https://h.example/login/oauth/access_token\" ^\n  --data-raw \"client_id=i^&client_secret=s3cretOfAnotherShape^&code=c^&redirect_uri=https^%3A^%2F^%2Fapp.example^%2Fcb\" ^\n  --compressed\n{\"error\":\"invalid_client\"}",
        &["credentials_refused"],
    )]);
}
