//! Which of what was seen belongs together.

use crate::{
    diagnosis::Diagnosis,
    oauth::time::Moment,
    sources::{attempts, read},
};

#[test]
fn attempts_of_two_clients_are_kept_apart_and_an_error_after_a_code_is_another_try() {
    let request = |client: &str| {
        format!(
            "POST /token HTTP/1.1\nHost: id.example\n\ngrant_type=authorization_code&client_id={client}&client_secret=***&code=***\n\n"
        )
    };
    let answer = "HTTP/1.1 400 Bad Request\nContent-Length: 25\n\n{\"error\":\"invalid_grant\"}\n";
    let asks = |client: &str| format!("https://id.example/authorize?response_type=code&client_id={client}\n");
    let side_by_side = [asks("shop"), asks("till"), request("shop"), answer.to_owned()].concat();
    let attempts = attempts(side_by_side.as_bytes(), Moment(0)).expect("attempts");
    let lengths: Vec<usize> = attempts.transcripts.iter().map(|one| one.entries.len()).collect();
    assert_eq!(lengths, [3, 1], "{attempts:?}");

    let state = "state=pQ7rT2mKxW";
    let text =
        format!("GET /cb?code=5f0c2d1be4a7093c6d18&{state} 302\nGET /cb?error=access_denied&{state} 302");
    let findings = Diagnosis::of(&read(text.as_bytes(), Moment(0)).expect("attempts")).findings;
    assert_eq!(findings[0].code.name(), "access_denied");
}
