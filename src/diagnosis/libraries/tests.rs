use std::collections::BTreeSet;

use crate::diagnosis::libraries::*;

fn rows_of(text: &str) -> Vec<String> {
    recognise(text).into_iter().map(|message| message.row).collect()
}

#[test]
fn every_row_can_be_told_and_recognises_its_own_wording() {
    let mut names = BTreeSet::new();
    for library in libraries() {
        for row in &library.message {
            assert!(names.insert(&row.name), "two rows are called {}", row.name);
            assert!(!row.pattern.is_empty(), "{}", row.name);
            let answers = [Kind::HidesTheAnswer, Kind::ReturnsTheErrorAsToken];
            if answers.contains(&row.is) {
                assert!(
                    !row.shows.is_empty() || !library.shows.is_empty(),
                    "{}: what shows it?",
                    row.name
                );
            }
            if matches!(row.is, Kind::Word | Kind::PassesOn) {
                assert!(!row.means.is_empty(), "{}: what may it stand for?", row.name);
            }
            for text in &row.pattern {
                let pattern = Pattern::read(text).unwrap_or_else(|| panic!("{}: {text}", row.name));
                assert!(
                    pattern.anchor().len() >= 6,
                    "{}: {text} asks for too little",
                    row.name
                );
                let sample = sample_of(text);
                let sample = match row.near.first() {
                    Some(near) => format!("{near}\n{sample}"),
                    None => sample,
                };
                let found = recognise(&sample);
                // Another row may ask for more of the same words; then it is one of the same meaning.
                assert!(
                    found.iter().any(|message| {
                        let (_, other) = super::row(&message.row).unwrap();
                        other.is == row.is || message.row == row.name
                    }),
                    "{}: {sample:?} gives {found:?}",
                    row.name
                );
            }
        }
    }
}

/// A text that a pattern fits.
fn sample_of(pattern: &str) -> String {
    let mut sample = String::new();
    let mut in_name = false;
    let mut characters = pattern.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '{' if characters.peek().is_some_and(char::is_ascii_lowercase) => in_name = true,
            '}' if in_name => {
                in_name = false;
                sample.push_str("error=x");
            }
            _ if in_name => {}
            '*' => sample.push_str(" … "),
            c => sample.push(c),
        }
    }
    sample
}

#[test]
fn at_least_seventy_libraries_are_known() {
    let known: BTreeSet<&str> = libraries().map(|library| library.name.as_str()).collect();
    assert!(known.len() >= 70, "{}", known.len());
    assert_eq!(known.len(), libraries().count(), "a library stands in two tables");
}

#[test]
fn of_two_messages_in_one_place_the_one_that_says_more_is_told() {
    assert_eq!(
        rows_of("[next-auth][error][OAUTH_CALLBACK_ERROR]\nTypeError: no access token provided"),
        ["next_auth_no_access_token"]
    );
    assert_eq!(
        rows_of("TypeError: no access token provided"),
        ["openid_client_no_access_token"]
    );
    assert_eq!(rows_of("Welcome back, no state was harmed"), [""; 0]);
}

#[test]
fn escaped_quotes_and_words_beside_it() {
    let logged = r#"{"msg":"\"response\" body \"access_token\" property must be a string"}"#;
    assert_eq!(rows_of(logged), ["oauth4webapi_no_access_token"]);
    assert_eq!(rows_of("GET /login?error=invalid_code"), [""; 0]);
    assert_eq!(
        rows_of("GET /api/auth/error?error=invalid_code"),
        ["better_auth_invalid_code"]
    );
}

#[test]
fn what_may_be_secret_is_masked() {
    let text = "RPError: state mismatch, expected kT4w0ZpQ9vX2mB7n, got: aa11bb22cc33dd44ee55";
    let message = recognise(text).remove(0);
    assert!(!message.words.contains("kT4w0ZpQ9vX2mB7n"), "{}", message.words);
    assert!(
        !message.words.contains("aa11bb22cc33dd44ee55"),
        "{}",
        message.words
    );
    let text = "iss mismatch, expected https://one.example, got: https://two.example/oauth";
    let message = recognise(text).remove(0);
    assert_eq!(message.parts["issuer_expected"], "https://one.example");
    assert_eq!(message.parts["issuer_received"], "https://two.example/oauth");
}

#[test]
fn of_a_long_text_the_end_counts() {
    let noise = "nothing to see here, only words\n".repeat(40_000);
    let text = format!("{noise}TypeError: no access token provided\n");
    assert_eq!(rows_of(&text), ["openid_client_no_access_token"]);
    let text = format!("{noise}TypeError: no access token provided\n{noise}");
    assert_eq!(rows_of(&text), [""; 0]);
    let repeated = "Failed to obtain access token ".repeat(100_000);
    assert_eq!(rows_of(&repeated).len(), 1);
}
