//! From Configure to a result: on, back and again.

use super::*;

#[test]
fn the_good_walk_by_browser() {
    let mut person = Person::at_the_demo();
    person
        .sees("SIMULATED")
        .types("<enter>")
        .is_at(Step::Authorize)
        .sees("code_challenge_method")
        .types("<enter>")
        .sees("Waiting for the browser");
    assert_eq!(person.world.opened.len(), 1, "the browser is opened once");
    person
        .decides(Decision::Approve)
        .is_at(Step::Callback)
        .sees("same as sent")
        .types("<enter>")
        .is_at(Step::Exchange)
        .types("<enter>")
        .is_at(Step::Result)
        .ended(Outcome::Token)
        .sees("octocat");
    for &step in person.model.flow.steps() {
        assert_eq!(person.model.step_state(step), StepState::Done, "{step:?}");
    }
}

#[test]
fn approving_in_the_terminal_needs_no_browser() {
    let mut person = Person::at_the_demo();
    person
        .types("<enter>a")
        .is_at(Step::Callback)
        .types("<enter><enter>")
        .ended(Outcome::Token);
    assert_eq!(person.world.opened, Vec::<String>::new());
}

#[test]
fn denying_ends_at_the_result_without_a_token() {
    for keys in ["<enter>d", "<enter><enter>d"] {
        let mut person = Person::at_the_demo();
        person
            .types(keys)
            .is_at(Step::Callback)
            .sees("access_denied")
            .types("<enter>")
            .is_at(Step::Result)
            .ended(Outcome::Refused)
            .sees("access_denied");
    }
}

#[test]
fn going_back_while_the_exchange_is_under_way_loses_no_result() {
    let mut person = with_a_code();
    person.slow = true;
    person.types("<enter><esc>").is_at(Step::Callback);
    person
        .answers_arrive()
        .is_at(Step::Callback)
        .types("<alt-5>")
        .is_at(Step::Result);
    person.ended(Outcome::Token);
}

#[test]
fn back_forward_and_again_keep_what_was_typed() {
    let mut person = Person::at_the_demo();
    person.fills("scope", "read:user gist").types("<enter>");
    person.types("<esc>").is_at(Step::Configure);
    assert_eq!(person.model.form.text(Field::Scope), "read:user gist");
    person
        .types("<ctrl-pgdn>")
        .is_at(Step::Authorize)
        .types("<right>");
    assert_eq!(person.model.notice, Some(Notice::NotReached));
    person
        .types("a<enter>")
        .fills("redirect_uri", "http://127.0.0.1:8914/typed");
    for (keys, step) in [
        ("<esc>", Step::Callback),
        ("<esc>", Step::Authorize),
        ("<left>", Step::Configure),
        ("<ctrl-pgdn>", Step::Authorize),
        ("<enter>", Step::Callback),
        ("<enter>", Step::Exchange),
    ] {
        person.types(keys).is_at(step);
    }
    let request = person.model.exchange_form.request();
    assert_eq!(
        request.grant.redirect_uri.as_deref(),
        Some("http://127.0.0.1:8914/typed")
    );
    // Again from the result: the code is still good, so the exchange is what is done again.
    person
        .types("<enter>")
        .ended(Outcome::Refused)
        .types("r")
        .is_at(Step::Exchange);
    assert_eq!(person.model.exchange_form.request(), request);
    // Again from Callback: a new authorization.
    let url = person.attempt_url();
    person.types("<esc>r").is_at(Step::Authorize);
    assert_ne!(person.attempt_url(), url);
    assert_eq!(person.model.form.text(Field::Scope), "read:user gist");
}

#[test]
fn continuing_without_a_change_keeps_the_request() {
    let mut person = Person::at_the_demo();
    person.types("<enter>");
    let url = person.attempt_url();
    person.types("<esc><enter>");
    assert_eq!(person.attempt_url(), url);
    person.types("<esc>").fills("scope", "gist").types("<enter>");
    assert_ne!(person.attempt_url(), url);
}

#[test]
fn a_custom_provider_without_answer_is_unanswered() {
    let world = World::new(1);
    let mut person = Person::with(world, Configuration::default());
    person.goes_to("provider").types("<space>");
    person.fills(
        "authorization endpoint",
        &format!("{BASE_URL}/login/oauth/authorize"),
    );
    person.fills("token endpoint", "https://as.example/token");
    person
        .fills("client_id", "Ov23liSimulatedDemo1")
        .fills("client_secret", "s");
    person
        .types("<enter><enter>")
        .decides(Decision::Approve)
        .types("<enter><enter>");
    person.ended(Outcome::Unanswered).is_at(Step::Result);
}

#[test]
fn the_same_walk_in_chinese() {
    let mut person = Person::at_the_demo().reading(Language::SimplifiedChinese);
    person
        .types("<enter>a<enter><enter>")
        .ended(Outcome::Token)
        .sees("令牌");
}
