//! The list of attempts: opening one, comparing two, naming, saving and trying again.

use super::*;

/// A secret that differs from the right one only where a mask hides it.
fn one_hidden_character_changed(secret: &str) -> String {
    let other = if &secret[20..21] == "0" { "1" } else { "0" };
    format!("{}{other}{}", &secret[..20], &secret[21..])
}

/// Two attempts: a token, then a refusal because of this secret.
fn a_token_and_a_refusal(secret: impl Fn(&str) -> String) -> Person {
    let mut person = Person::at_the_demo();
    person.on_a_screen_of(120, 40).types("<enter>a<enter><enter>");
    assert_eq!(person.model.outcome, Some(Outcome::Token), "{}", person.screen());
    let right = person.model.flow.configuration().unwrap().client_secret.clone();
    let wrong = secret(right.unwrap().reveal());
    person.waits(60).types("<alt-1>");
    person
        .fills("client_secret", &wrong)
        .types("<enter><enter>a<enter><enter>");
    assert_eq!(
        person.model.outcome,
        Some(Outcome::Refused),
        "{}",
        person.screen()
    );
    person
}

#[test]
fn what_differs_between_the_one_that_worked_and_the_one_that_did_not_is_shown() {
    let mut person = a_token_and_a_refusal(|_| "deadbeef00deadbeef00deadbeef00deadbeef01".into());
    person.types("t").sees("Attempts").sees("(on screen)").types("d");
    person
        .sees("What differs")
        .sees("client_secret  attempt 1")
        .sees("dead••••")
        .sees("incorrect_client_credentials")
        .sees_not("deadbeef00dead")
        .sees_not("redirect_uri ");
    // Back to the list, then to the page.
    person
        .types("<esc>")
        .sees("Enter opens an attempt")
        .types("<esc>");
    assert_eq!(person.model.overlay, None);
    person.is_at(Step::Result);
}

#[test]
fn secrets_that_look_alike_where_they_are_masked_are_told_apart() {
    let mut person = a_token_and_a_refusal(one_hidden_character_changed);
    person
        .types("td")
        .sees("client_secret")
        .sees("they differ where they are hidden");
    // Of a saved sitting the characters are gone, and what is known of them tells the same.
    person.types("<esc><esc>").types("<ctrl-s>");
    let saved = serde_json::from_str(person.saved.last().expect("it was saved")).unwrap();
    let mut replay = Person::at_the_demo();
    show_replay(&mut replay.model, saved);
    replay.on_a_screen_of(120, 40).types("td");
    replay
        .sees("client_secret")
        .sees("they differ where they are hidden");
    // Equal ones are no difference there.
    let mut person = a_token_and_a_refusal(one_hidden_character_changed);
    person.waits(60).types("tra<enter><enter>").types("<ctrl-s>");
    let saved = serde_json::from_str(person.saved.last().expect("it was saved")).unwrap();
    let mut replay = Person::at_the_demo();
    show_replay(&mut replay.model, saved);
    replay
        .on_a_screen_of(120, 40)
        .types("t<up>x<down>xd")
        .sees("attempt 2")
        .sees("attempt 3")
        .sees_not("client_secret  attempt")
        .sees_not("they differ");
}

#[test]
fn an_earlier_attempt_is_opened_and_left_again() {
    for language in Language::ALL {
        let mut person = a_token_and_a_refusal(|_| "hunter2".into()).reading(language);
        let latest = person.screen();
        person.types("t<up><enter>").is_at(Step::Result);
        assert_eq!(person.model.outcome, Some(Outcome::Token), "{}", person.screen());
        let named = match language {
            Language::English => "ATTEMPT 1",
            Language::SimplifiedChinese => "第 1 次尝试",
        };
        person.sees(named);
        // Nothing is sent from there.
        let sent = person.model.flow.transcript.last_number();
        person.types("r");
        assert_eq!(person.model.notice, Some(Notice::EarlierAttempt));
        assert_eq!(person.model.flow.transcript.last_number(), sent);
        // The list leads back to the latest one, and so does Esc.
        person.types("t<esc>");
        assert_eq!(person.model.looks_back, None);
        assert_eq!(person.on_a_screen_of(120, 40).screen(), latest);
        person.types("t<up><enter><esc>");
        assert_eq!(person.on_a_screen_of(120, 40).screen(), latest);
    }
}

#[test]
fn an_attempt_is_named_saved_and_tried_again() {
    let mut person = a_token_and_a_refusal(|_| "hunter2".into());
    person.types("t<up>n").pastes("the good one");
    person.types("<enter>").sees("the good one · ");
    // A name that is given up is not taken.
    person.types("n").pastes("nonsense");
    person
        .types("<esc>")
        .sees_not("nonsense")
        .types("d")
        .sees("the good one")
        .types("<esc>");
    person.types("s");
    let saved = person.saved.last().expect("it was saved");
    assert!(
        !saved.contains("hunter2") && saved.contains("\"attempt\": 1"),
        "{saved}"
    );
    assert!(!saved.contains("\"attempt\": 2"), "{saved}");
    // Again with the values of the good one.
    person.types("r").types("a<enter><enter>");
    assert_eq!(person.model.outcome, Some(Outcome::Token), "{}", person.screen());
    person.types("t").sees(" 3  ");
}

#[test]
fn the_attempts_of_a_pasted_text_are_listed_too() {
    let text = "10:00:00 POST https://github.com/login/oauth/access_token client_id=Ov23liAbCdEfGhIjKlMn&code=aaaaaaaaaaaaaaaaaaaa&redirect_uri=http://127.0.0.1:8000/one\n\
        10:00:01 {\"error\":\"redirect_uri_mismatch\"}\n\
        10:05:00 POST https://github.com/login/oauth/access_token client_id=Ov23liAbCdEfGhIjKlMn&code=bbbbbbbbbbbbbbbbbbbb&redirect_uri=http://127.0.0.1:8000/two\n\
        10:05:01 {\"error\":\"bad_verification_code\"}\n";
    let mut person = Person::at_the_demo();
    person.on_a_screen_of(120, 40).types("<alt-p>").pastes(text);
    person.types("<enter>").is_at(Step::Result).types("t");
    person.sees("10:00:00").sees("10:05:00").types("d");
    person
        .sees("redirect_uri_mismatch")
        .sees("bad_verification_code")
        .sees("/two");
    person
        .types("<esc><up><enter>")
        .is_at(Step::Result)
        .sees("redirect_uri");
    // The list has both again, and Esc leads back to the flow.
    person.types("t").sees("10:05:00").types("<esc><esc>");
    assert!(person.model.aside.is_none(), "{}", person.screen());
}

#[test]
fn where_nothing_was_tried_or_but_once_that_is_said() {
    let mut person = Person::at_the_demo();
    person.types("<f8>");
    assert_eq!(person.model.notice, Some(Notice::NoAttempts));
    person.types("<enter>a<enter><enter>td");
    assert_eq!(person.model.notice, Some(Notice::OneAttempt));
}

#[test]
fn a_long_sitting_lists_its_latest_attempts() {
    let mut text = String::from("about = \"-\"\ncite = \"-\"\n[expect]\nfirst = \"-\"\ncertainty = \"-\"\n");
    for _ in 0..205 {
        text.push_str("[[step]]\ndo = \"authorize\"\n[[step]]\ndo = \"redirect\"\n[[step]]\ndo = \"exchange\"\nanswer = \"bad_verification_code\"\n");
    }
    let transcript = Scenario::read(&text).unwrap().transcript;
    let mut person = Person::at_the_demo();
    show_replay(&mut person.model, transcript);
    person
        .on_a_screen_of(60, 16)
        .types("t")
        .sees("205")
        .types("<home>");
    person.sees("5 earlier ones are not listed").sees(" 6 ");
}
