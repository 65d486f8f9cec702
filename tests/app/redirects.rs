//! What comes to the redirect URI, or does not.

use super::*;

#[test]
fn a_redirect_can_be_pasted_in_three_forms() {
    for (form, disposition) in [
        ("url", Disposition::Accepted),
        ("query", Disposition::Accepted),
        ("code", Disposition::AcceptedUnchecked),
    ] {
        let mut person = Person::at_the_demo();
        person.types("<enter><enter>");
        let redirect = person.redirect(Decision::Approve);
        let query = redirect.split_once('?').unwrap().1;
        let code = query.split("code=").nth(1).unwrap().split('&').next().unwrap();
        let text = match form {
            "url" => redirect.as_str(),
            "query" => query,
            _ => code,
        };
        person
            .types("p")
            .sees("Paste the redirect")
            .pastes(text)
            .types("<enter>");
        assert_eq!(dispositions(&person), [disposition], "{form}");
        person
            .is_at(Step::Callback)
            .types("<enter><enter>")
            .ended(Outcome::Token);
    }
}

#[test]
fn pasting_where_a_redirect_is_waited_for_opens_the_window_with_the_text() {
    let mut person = Person::at_the_demo();
    person.types("<enter><enter>");
    let redirect = person.redirect(Decision::Approve);
    person
        .pastes(&redirect)
        .sees("Paste the redirect")
        .types("<enter>")
        .is_at(Step::Callback);
}

#[test]
fn nonsense_pasted_is_noted_and_the_waiting_goes_on() {
    let mut person = Person::at_the_demo();
    person.types("<enter><enter>p<enter>").sees("Nothing was pasted");
    person
        .types("p")
        .pastes("http://127.0.0.1:8914/callback?code=abc&state=wrong")
        .types("<enter>");
    assert_eq!(person.model.notice, Some(Notice::PastedNotTaken));
    person
        .is_at(Step::Authorize)
        .decides(Decision::Approve)
        .is_at(Step::Callback);
}

#[test]
fn what_else_comes_to_the_listener_is_noted_and_breaks_nothing() {
    let mut person = Person::at_the_demo();
    person.types("<enter><enter>");
    let redirect = person.redirect(Decision::Approve);
    let host = "127.0.0.1:8914";
    let get = |target: &str| HttpRequest::get(target).with_header("Host", host);
    let head = HttpRequest {
        method: "HEAD".into(),
        ..get("/callback?code=x&state=y")
    };
    for request in [
        get("/favicon.ico"),
        head,
        get("/callback?code=35e0ea2e9115f650b742&state=somebody-elses"),
        get("/callback?code=35e0ea2e9115f650b742"),
        get("/callback?code=a&code=b&state=c"),
        get("/elsewhere"),
        get("/callback"),
        HttpRequest::get("/callback?code=x").with_header("Host", "evil.example"),
    ] {
        person.somebody_sends(request).is_at(Step::Authorize);
    }
    person.sees("Ignored requests: 3").browser_goes_to(&redirect);
    person.is_at(Step::Callback).browser_goes_to(&redirect);
    assert_eq!(
        dispositions(&person),
        [
            Disposition::Favicon,
            Disposition::OtherMethod,
            Disposition::StateDiffers,
            Disposition::StateMissing,
            Disposition::ParameterRepeated,
            Disposition::OtherPath,
            Disposition::NoParameters,
            Disposition::OtherHost,
            Disposition::Accepted,
            Disposition::SecondRedirect,
        ]
    );
    person
        .sees("ignored: a redirect had")
        .types("<enter><enter>")
        .ended(Outcome::Token);
}

#[test]
fn what_comes_later_takes_nobodys_screen_away() {
    let mut person = with_a_code();
    person
        .types("<enter>")
        .ended(Outcome::Token)
        .types("<alt-4>r")
        .is_at(Step::Exchange);
    let redirect = "http://127.0.0.1:8914/favicon.ico";
    person.browser_goes_to(redirect).is_at(Step::Exchange);
    assert!(person.model.editing_exchange);

    let mut typing = Person::at_the_demo();
    typing.types("<enter><enter><alt-1>").is_at(Step::Configure);
    typing
        .decides(Decision::Approve)
        .is_at(Step::Configure)
        .types("<alt-3>")
        .is_at(Step::Callback);
}

#[test]
fn late_answers_of_a_cancelled_flow_are_dropped() {
    let mut person = Person::at_the_demo();
    person.slow = true;
    person.types("<enter><enter><esc>").is_at(Step::Authorize);
    assert_eq!(person.model.flow.stage(), Stage::Stopped);
    let entries = person.model.flow.transcript.entries.len();
    person.answers_arrive();
    assert_eq!(person.model.flow.stage(), Stage::Stopped);
    assert_eq!(person.model.flow.transcript.entries.len(), entries);

    let mut person = with_a_code();
    person.slow = true;
    person
        .types("<enter><esc>r")
        .is_at(Step::Authorize)
        .answers_arrive();
    assert!(person.model.flow.token().is_none());
    let page = Err((404, "Not Found".to_owned()));
    person
        .takes_in(Message::SimulatorDecided(FlowId(0), page))
        .is_at(Step::Authorize);
}

#[test]
fn a_redirect_after_the_time_out_starts_nothing() {
    let world = World::new(1);
    let configuration = Configuration {
        redirect_timeout: Some(30),
        ..world.configuration.clone()
    };
    let mut person = Person::with(world, configuration);
    person.types("<enter><enter>");
    let flow = person.model.flow.id;
    person.waits(30).takes_in(Message::Flow(Event::TimerFired(
        flow,
        oauthlens::flow::event::Timer::Redirect,
    )));
    person
        .is_at(Step::Result)
        .sees("no redirect came within 30 s")
        .ended(Outcome::Unanswered);
    person
        .types("<enter>")
        .sees("Waiting for the browser")
        .decides(Decision::Approve)
        .is_at(Step::Result)
        .ended(Outcome::Token);
}

#[test]
fn a_redirect_that_was_not_taken_can_be_looked_at_while_waiting() {
    let mut person = Person::at_the_demo();
    person
        .types("<enter><enter>")
        .browser_goes_to("http://127.0.0.1:8914/callback?code=35e0ea2e9115f650b742&state=wrong")
        .types("<alt-3>")
        .is_at(Step::Callback)
        .sees("state=wrong");
    person
        .decides(Decision::Approve)
        .types("<enter><enter>")
        .ended(Outcome::Token);
}

#[test]
fn no_tab_says_that_another_redirect_is_waited_for_when_one_was_taken() {
    let mut person = with_a_code();
    person.browser_goes_to("http://127.0.0.1:8914/callback?code=35e0ea2e9115f650b742&state=wrong");
    assert_eq!(
        person.world.replies.last(),
        Some(&Reply::NotTaken(Disposition::SecondRedirect))
    );
    assert_eq!(dispositions(&person).last(), Some(&Disposition::StateDiffers));
}
