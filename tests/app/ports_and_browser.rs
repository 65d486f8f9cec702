//! Ports that are taken and browsers that do not open.

use super::*;

#[test]
fn a_taken_port_leads_to_a_free_one() {
    let mut person = Person::at_the_demo();
    person.world.taken_ports.push(8914);
    person
        .types("<enter><enter>")
        .sees("Port 8914 is in use")
        .sees("http://127.0.0.1:8914/callback")
        .types("n")
        .sees("Waiting for the browser");
    assert_eq!(
        person.model.form.text(Field::RedirectUri),
        "http://127.0.0.1/callback"
    );
    person
        .decides(Decision::Approve)
        .is_at(Step::Callback)
        .types("<enter><enter>")
        .ended(Outcome::Token);
}

#[test]
fn a_taken_port_can_be_tried_again_with_the_same_request() {
    let mut person = Person::at_the_demo();
    person.world.taken_ports.push(8914);
    person.types("<enter><enter>");
    let url = person.attempt_url();
    person.types("<enter>").sees("Port 8914 is in use");
    person.world.taken_ports.clear();
    person.types("<enter>").sees("Waiting for the browser");
    assert_eq!(person.attempt_url(), url);
    person
        .decides(Decision::Approve)
        .types("<enter><enter>")
        .ended(Outcome::Token);
}

#[test]
fn a_taken_port_can_be_gone_round_by_pasting() {
    let mut person = Person::at_the_demo();
    person.world.taken_ports.push(8914);
    person.types("<enter><enter>c");
    assert_eq!(person.clipboard, [person.attempt_url()]);
    let redirect = person.redirect(Decision::Approve);
    person
        .types("p")
        .pastes(&redirect)
        .types("<enter>")
        .is_at(Step::Callback)
        .types("<enter><enter>")
        .ended(Outcome::Token)
        .sees("authorization request");
}

#[test]
fn a_browser_that_cannot_be_opened_is_said_and_the_walk_goes_on() {
    let mut person = Person::at_the_demo();
    person.world.browser_missing = Some("no such program: xdg-open".into());
    person
        .types("<enter><enter>")
        .sees("could not be opened: no such program: xdg-open")
        .types("c")
        .sees("on the clipboard")
        .decides(Decision::Approve)
        .is_at(Step::Callback);
    assert_eq!(person.clipboard, [person.attempt_url()]);
}
