//! Each refusal, and the key that mends it.

use super::*;

#[test]
fn a_secret_with_a_newline_is_refused_and_mended_with_one_key() {
    let mut person = Person::at_the_demo();
    let secret = person.model.form.text(Field::ClientSecret).to_owned();
    person
        .fills("client_secret", &format!("{secret}\n"))
        .sees("a newline at character 41")
        .types("<enter>a<enter><enter>")
        .is_at(Step::Result)
        .ended(Outcome::Refused)
        .sees("incorrect_client_credentials")
        .sees("newline");
    person
        .mends(|mend| matches!(mend, Mend::Use(Field::ClientSecret, value) if value.reveal() == secret))
        .is_at(Step::Result)
        .ended(Outcome::Token)
        .sees("It worked");
    assert_eq!(person.model.form.text(Field::ClientSecret), secret);
}

#[test]
fn a_wrong_secret_is_refused_and_mended_by_the_one_on_record() {
    let mut person = Person::at_the_demo();
    let secret = person.model.form.text(Field::ClientSecret).to_owned();
    person
        .fills("client_secret", &"0123456789".repeat(4))
        .types("<enter>a<enter><enter>")
        .ended(Outcome::Refused)
        .sees("incorrect_client_credentials");
    person
        .mends(|mend| matches!(mend, Mend::Use(Field::ClientSecret, value) if value.reveal() == secret))
        .ended(Outcome::Token)
        .sees("It worked");
}

#[test]
fn a_wrong_secret_can_be_typed_anew_where_it_counts() {
    let mut person = with_a_code();
    person
        .fills("client_secret", "hunter2")
        .types("<enter>")
        .ended(Outcome::Refused)
        .mends(|mend| *mend == Mend::Edit(Field::ClientSecret))
        .is_at(Step::Exchange);
    assert_eq!(person.model.exchange_form.focused(), Field::ClientSecret);
    let secret = person.model.form.text(Field::ClientSecret).to_owned();
    person
        .types("<ctrl-a>")
        .pastes(&secret)
        .types("<enter>")
        .ended(Outcome::Token)
        .sees("It worked");
}

#[test]
fn a_redirect_uri_edited_at_the_exchange_is_refused_and_mended_with_one_key() {
    for leave_out in [false, true] {
        let mut person = with_a_code();
        let good = person.model.exchange_form.request().grant.redirect_uri.unwrap();
        person
            .goes_to("redirect_uri")
            .types("<end>x")
            .sees("not the one of the authorization request")
            .types("<enter>")
            .ended(Outcome::Refused)
            .sees("redirect_uri_mismatch");
        person
            .mends(|mend| match mend {
                Mend::OmitRedirectUri => leave_out,
                Mend::Use(Field::RedirectUri, value) => !leave_out && value.reveal() == good,
                _ => false,
            })
            .is_at(Step::Result)
            .ended(Outcome::Token)
            .sees("It worked");
    }
}

#[test]
fn an_unregistered_redirect_uri_stops_at_a_page_and_is_mended_with_one_key() {
    let mut person = Person::at_the_demo();
    person
        .fills("redirect_uri", "http://127.0.0.1:8914/somewhere")
        .sees("not registered; nearest match")
        .types("<enter>a")
        .is_at(Step::Result)
        .ended(Outcome::Refused)
        .sees("did not redirect")
        .types("w")
        .sees("not associated");
    person
        .mends(|mend| matches!(mend, Mend::Use(Field::RedirectUri, _)))
        .is_at(Step::Authorize)
        .types("a")
        .is_at(Step::Result)
        .ended(Outcome::Token);
}

#[test]
fn a_tampered_code_is_refused_and_mended_with_one_key() {
    let mut person = with_a_code();
    let code = person.model.exchange_form.request().grant.code;
    person
        .goes_to("code")
        .types("<end><bs>")
        .sees("19 of 20 characters")
        .types("<enter>")
        .ended(Outcome::Refused)
        .sees("bad_verification_code");
    person
        .mends(|mend| matches!(mend, Mend::Use(Field::Code, value) if value.reveal() == code))
        .is_at(Step::Result)
        .ended(Outcome::Token)
        .sees("It worked");
}

#[test]
fn a_code_sent_twice_is_refused_and_mended_by_a_new_one() {
    let mut person = with_a_code();
    person
        .types("<enter>")
        .ended(Outcome::Token)
        .types("<alt-4>r<enter>")
        .is_at(Step::Result)
        .ended(Outcome::Refused)
        .sees("bad_verification_code");
    assert_eq!(leading_code(&person), Some(Code::CodeReused));
    person
        .mends(|mend| *mend == Mend::AuthorizeAgain)
        .is_at(Step::Authorize)
        .decides(Decision::Approve)
        .is_at(Step::Result)
        .ended(Outcome::Token)
        .sees("It worked");
}

#[test]
fn another_wrong_value_is_said_to_be_another() {
    let mut person = with_a_code();
    person
        .fills("client_secret", "hunter2")
        .goes_to("redirect_uri")
        .types("<end>x<enter>")
        .ended(Outcome::Refused)
        .sees("incorrect_client_credentials")
        .mends(|mend| matches!(mend, Mend::Use(Field::ClientSecret, _)))
        .sees("redirect_uri_mismatch")
        .sees("That is fixed; the next problem");
    person
        .mends(|mend| *mend == Mend::OmitRedirectUri)
        .ended(Outcome::Token)
        .sees("It worked");
    // The next exchange has nothing to do with that remedy.
    person
        .types("r")
        .is_at(Step::Authorize)
        .types("a")
        .types("<enter><enter>");
    person.ended(Outcome::Token).sees_not("It worked");
}

#[test]
fn the_page_of_an_error_opens_with_a_key() {
    let mut person = with_a_code();
    person.fills("client_secret", "hunter2").types("<enter>");
    person
        .mends(|mend| matches!(mend, Mend::OpenPage(_)))
        .sees("Opened in the browser");
    assert!(person.pages[0].starts_with("http"), "{:?}", person.pages);
}

/// A code lives ten minutes: what is mended after that begins anew, and what is mended before does not.
#[test]
fn a_code_that_has_grown_old_is_not_sent_again() {
    for (seconds, new_authorization) in [(590, false), (601, true)] {
        let mut person = with_a_code();
        person
            .fills("client_secret", "hunter2")
            .types("<enter>")
            .ended(Outcome::Refused)
            .waits(seconds)
            .mends(|mend| matches!(mend, Mend::Use(Field::ClientSecret, _)));
        let started = |entry: &&oauthlens::flow::transcript::Entry| {
            matches!(entry.observation, Observation::AuthorizationStarted { .. })
        };
        let count = person
            .model
            .flow
            .transcript
            .entries
            .iter()
            .filter(started)
            .count();
        assert_eq!(count == 2, new_authorization, "after {seconds} s: {count}");
    }
}
